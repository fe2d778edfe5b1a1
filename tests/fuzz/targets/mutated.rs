//! A message that is changed after it was made: what verifies or decrypts is exactly what went in.

#![no_main]

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use jose_fuzz::{
    decode, encode,
    keys::{ED25519, HS256},
    rng::Fixed,
};
use jose_jwa::{JweAlg, JweEnc};
use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, Message};
use jose_jwk::Jwk;
use jose_jws::{
    Header, JwsAlg, VerifyingKey, compact,
    json::{Builder, Headers, Require, verify, verify_any},
};
use libfuzzer_sys::fuzz_target;

static DIR: LazyLock<(EncryptionKey, DecryptionKey)> = LazyLock::new(|| {
    let jwk = Jwk::from_octets(vec![9; 16]).expect("a secret");
    let encryption = EncryptionKey::from_jwk(&jwk, JweAlg::Dir).expect("for A128GCM");
    (encryption, DecryptionKey::from_jwk(&jwk, JweAlg::Dir).expect("for A128GCM"))
});

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Form {
    Hs256,
    Ed25519,
    Flattened,
    General,
    Jwe,
    JweFlattened,
}

#[derive(Arbitrary, Debug)]
enum Change<'i> {
    Bit(u16, u8),
    Insert(u16, &'i [u8]),
    Remove(u16, u8),
    Repeat(u16, u8),
    Swap(u16, u16),
    /// A change of what a part holds, encoded again.
    Decoded(u8, u16, &'i [u8]),
    /// Further members in front of those of an object.
    Members(&'i str),
    /// The same character in another spelling.
    Escape(u16),
}

#[derive(Arbitrary, Debug)]
struct Input<'i> {
    form: Form,
    payload: &'i [u8],
    changes: Vec<Change<'i>>,
}

fuzz_target!(|input: &[u8]| {
    let Ok(Input { form, payload, changes }) = Input::arbitrary_take_rest(Unstructured::new(input)) else {
        return;
    };
    let original = write(form, payload);
    let mut text = original.clone().into_bytes();
    for change in changes.iter().take(4) {
        apply(change, &mut text);
        text.truncate(64 * 1024);
    }
    let accepted = match form {
        Form::Hs256 => signed(&*HS256, JwsAlg::Hs256, &original, &text, payload),
        Form::Ed25519 => signed(&ED25519.1, JwsAlg::Ed25519, &original, &text, payload),
        Form::Flattened | Form::General => signed_json(&text, payload),
        Form::Jwe | Form::JweFlattened => encrypted(form, &original, &text, payload),
    };
    assert!(accepted || text != original.as_bytes());
});

const PROTECTED: &str = r#"{"typ":"example","x":[1,{"y":"é"}]}"#;
const UNPROTECTED: &str = r#"{"beside":true}"#;

fn write(form: Form, payload: &[u8]) -> String {
    let header = Header::new().parameters(PROTECTED).expect("a header");
    let headers = Headers { unprotected: Some(UNPROTECTED), ..header.into() };
    let mut builder = Builder::new(payload);
    match form {
        Form::Hs256 => compact::sign(&*HS256, payload, &header).expect("a signature"),
        Form::Ed25519 => compact::sign(&ED25519.0, payload, &header).expect("a signature"),
        Form::Flattened => {
            builder.sign(&*HS256, headers).and_then(|builder| builder.flattened()).expect("a signature")
        }
        Form::General => {
            builder.sign(&*HS256, header).expect("a signature");
            builder.sign(&ED25519.0, headers).and_then(|builder| builder.general()).expect("a signature")
        }
        Form::Jwe => {
            let message = Message::new(JweEnc::A128Gcm).header(header);
            message.compact(&DIR.0.clone().with_invocations(0), payload, &mut Fixed(3)).expect("a message")
        }
        Form::JweFlattened => {
            let message =
                Message::new(JweEnc::A128Gcm).header(header).unprotected(UNPROTECTED).aad(b"beside");
            message.flattened(&DIR.0.clone().with_invocations(0), payload, &mut Fixed(3)).expect("a message")
        }
    }
}

fn apply(change: &Change<'_>, text: &mut Vec<u8>) {
    let place = |at: u16| usize::from(at) % (text.len() + 1);
    let range = |at: u16, len: u8| place(at)..(place(at) + usize::from(len) % 16).min(text.len());
    match change {
        Change::Bit(at, bit) => {
            let at = place(*at);
            if let Some(octet) = text.get_mut(at) {
                *octet ^= 1 << (bit % 8);
            }
        }
        Change::Insert(at, octets) => {
            let at = place(*at);
            text.splice(at..at, octets.iter().copied());
        }
        Change::Remove(at, len) => {
            text.drain(range(*at, *len));
        }
        Change::Repeat(at, len) => {
            let range = range(*at, *len);
            let part = text[range.clone()].to_vec();
            text.splice(range.end..range.end, part);
        }
        Change::Swap(one, other) => {
            let (one, other) = (place(*one), place(*other));
            if one.max(other) < text.len() {
                text.swap(one, other);
            }
        }
        Change::Decoded(part, at, octets) => {
            let separator = |octet: &u8| matches!(octet, b'.' | b'"');
            let mut parts: Vec<Vec<u8>> = text.split(separator).map(<[u8]>::to_vec).collect();
            let separators: Vec<u8> = text.iter().copied().filter(|octet| separator(octet)).collect();
            let index = usize::from(*part) % parts.len();
            if let Some(mut octet) = decode(&parts[index]) {
                let at = usize::from(*at) % (octet.len() + 1);
                let end = (at + octets.len()).min(octet.len());
                octet.splice(at..end, octets.iter().copied());
                parts[index] = encode(&octet).into_bytes();
            }
            let joints = separators.into_iter().map(Some).chain([None]);
            *text = parts
                .into_iter()
                .zip(joints)
                .flat_map(|(part, joint)| part.into_iter().chain(joint))
                .collect();
        }
        Change::Members(members) => {
            if text.first() == Some(&b'{') {
                text.splice(1..1, members.bytes());
            }
        }
        Change::Escape(at) => {
            let at = place(*at);
            if let Some(octet) = text.get(at).copied().filter(u8::is_ascii_alphanumeric) {
                text.splice(at..=at, format!("\\u{octet:04x}").into_bytes());
            }
        }
    }
}

fn signed<V: jose_jws::Verify + ?Sized>(
    key: &V,
    alg: JwsAlg,
    original: &str,
    text: &[u8],
    payload: &[u8],
) -> bool {
    let Ok(verified) = compact::verify(key, text) else { return false };
    // Neither an HMAC nor a strict Ed25519 signature has a second form.
    assert_eq!(text, original.as_bytes());
    assert_eq!((verified.payload(), verified.alg()), (payload, alg));
    assert_eq!(verify_any(key, text, Require::All).expect("the same").payload(), payload);
    true
}

fn signed_json(text: &[u8], payload: &[u8]) -> bool {
    let mut accepted = false;
    for alg in [JwsAlg::Hs256, JwsAlg::Ed25519] {
        let verified = match alg {
            JwsAlg::Hs256 => verify(&*HS256, text, Require::Any),
            _ => verify::<VerifyingKey, _>(&ED25519.1, text, Require::Any),
        };
        let Ok(verified) = verified else { continue };
        assert_eq!(verified.payload(), payload);
        for signature in verified.signatures().iter() {
            assert_eq!(signature.alg(), alg);
            let expected = format!(r#"{{"alg":"{}","#, alg.as_str()) + &PROTECTED[1..];
            assert_eq!(signature.header().text(), expected);
        }
        accepted = true;
    }
    accepted
}

fn encrypted(form: Form, original: &str, text: &[u8], plaintext: &[u8]) -> bool {
    let Ok(jwe) = Encrypted::parse(text) else { return false };
    let Ok(decrypted) = jwe.decrypt(&DIR.1, &mut Fixed(4)) else { return false };
    assert_eq!(decrypted.plaintext(), plaintext);
    assert_eq!((decrypted.alg(), decrypted.enc()), (JweAlg::Dir, Some(JweEnc::A128Gcm)));
    let expected = String::from(r#"{"alg":"dir","enc":"A128GCM","#) + &PROTECTED[1..];
    assert_eq!(decrypted.header().text(), expected);
    if form == Form::Jwe {
        assert!(text == original.as_bytes() || text.contains(&b'{'));
        assert_eq!(decrypted.aad(), None);
    } else {
        assert_eq!(decrypted.aad(), Some(&b"beside"[..]));
    }
    true
}
