//! What works in the caller's buffers, without a heap, says the same as what allocates: the same texts, results and
//! errors, as long as the buffer is as large as documented.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use jose_fuzz::{
    keys::{ED25519, HS256},
    rng::Fixed,
};
use jose_jwa::JweEnc;
use jose_jwe::enc::{ContentKey, ciphertext_len, open};
use jose_jws::{
    Error, Header, Sign, SignHashed, Verify, VerifyHashed,
    compact::{self, Unsigned, Unverified},
    stream,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'i> {
    /// Ed25519 in one of eight: it takes a hundred times as long as HS256.
    ed25519: u8,
    typ: Option<&'i str>,
    cty: Option<&'i str>,
    kid: Option<&'i str>,
    parameters: Option<&'i str>,
    unencoded: bool,
    payload: &'i [u8],
    /// How much shorter than the text a buffer is.
    short: u8,
    /// An octet of the text that is changed.
    changed: Option<(u16, u8)>,
    /// The token as a whole, in place of the one that was signed.
    token: Option<&'i [u8]>,
    enc: u8,
}

fuzz_target!(|input: &[u8]| {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(input)) else { return };
    let mut header = Header::new();
    header = input.typ.into_iter().fold(header, Header::typ);
    header = input.cty.into_iter().fold(header, Header::cty);
    header = input.kid.into_iter().fold(header, Header::kid);
    let unencoded = input.unencoded.then_some(r#"{"b64":false,"crit":["b64"]}"#);
    if let Some(parameters) = unencoded.or(input.parameters) {
        header = header.parameters(parameters).unwrap_or(header);
    }
    if input.ed25519 % 8 == 7 {
        sign(&ED25519.0, &ED25519.1, &input, &header);
    } else {
        sign(&*HS256, &*HS256, &input, &header);
        hashed(&*HS256, &input, &header);
    }
    content(&input);
});

/// What is written with a heap and without: in a buffer of this length the same, in a shorter one nothing or the same.
fn same<T: AsRef<[u8]>>(
    whole: &Result<T, Error>,
    room: usize,
    short: u8,
    mut into: impl FnMut(&mut [u8]) -> Result<Vec<u8>, Error>,
) {
    let mut buffer = vec![0; room];
    match (whole, into(&mut buffer)) {
        (Ok(whole), Ok(into)) => assert_eq!(whole.as_ref(), into),
        (Err(whole), Err(into)) => {
            assert!(*whole == into || is_too_small(&into) && room < 16 * 1024, "{whole} {into}")
        }
        (Ok(_), Err(error)) => panic!("{error} in a buffer of {room}"),
        (Err(error), Ok(_)) => panic!("accepted without a heap, and {error} with one"),
    }
    let room = room.saturating_sub(usize::from(short));
    match (whole, into(&mut buffer[..room])) {
        (Ok(whole), Ok(into)) => assert_eq!(whole.as_ref(), into),
        (Ok(_), Err(error)) => assert!(is_too_small(&error), "{error} in a shorter buffer"),
        (Err(_), Ok(_)) => panic!("accepted in a shorter buffer"),
        (Err(_), Err(_)) => {}
    }
}

fn is_too_small(error: &Error) -> bool {
    error.code() == "buffer-too-small"
}

fn sign<K: Sign, V: Verify>(key: &K, verifying: &V, input: &Input<'_>, header: &Header<'_>) {
    let (payload, short) = (input.payload, input.short);
    let whole = compact::sign(key, payload, header);
    let detached = compact::sign_detached(key, payload, header);
    let len = |text: &Result<String, Error>| text.as_ref().map_or(32 * 1024, String::len);
    same(&whole, len(&whole), short, |buffer| {
        compact::sign_into(key, payload, header, buffer).map(|text| text.as_bytes().to_vec())
    });
    same(&detached, len(&detached) + payload.len() * 2, short, |buffer| {
        compact::sign_detached_into(key, payload, header, buffer).map(|text| text.as_bytes().to_vec())
    });
    let unsigned = Unsigned::new(key.alg(), payload, header).and_then(|unsigned| unsigned.sign(key));
    assert_eq!(unsigned.is_ok(), whole.is_ok());
    if let Ok(unsigned) = unsigned
        && key.kid().is_none()
    {
        assert_eq!(Ok(unsigned), whole);
    }
    // What is longer than any header that a recipient accepts is not signed.
    let is_written = header.write(&[("alg", key.alg().as_str())], &mut String::new()).is_ok();
    assert!(whole.is_err() || is_written);

    let mut token = whole.as_ref().map(|text| text.clone().into_bytes()).unwrap_or_default();
    if let Some((at, bits)) = input.changed {
        let at = usize::from(at) % token.len().max(1);
        token.iter_mut().skip(at).take(1).for_each(|octet| *octet ^= bits);
    }
    let token = input.token.map_or(token, <[u8]>::to_vec);
    verify(verifying, &token, input);
    if let Ok(detached) = &detached {
        verify(verifying, detached.as_bytes(), input);
        let verified = Unverified::parse(detached)
            .and_then(|jws| jws.understand(&["b64"]).verify_detached(verifying, payload));
        let has_crit = header.extra().is_some_and(|extra| extra.crit().any(|name| name != "b64"));
        assert!(verified.is_ok() || has_crit, "{verified:?}");
    }
}

fn verify<V: Verify>(key: &V, token: &[u8], input: &Input<'_>) {
    let Ok(jws) = Unverified::parse(token) else { return };
    let content = |header: &str, payload: &[u8]| [header.as_bytes(), b"\0", payload].concat();
    for jws in [jws, jws.understand(&["b64"]).allow_unencoded(), jws.allow_padding()] {
        let whole = jws.verify(key).map(|verified| content(verified.header().text(), verified.payload()));
        same(&whole, token.len(), input.short, |buffer| {
            let verified = jws.verify_into(key, buffer)?;
            Ok(content(verified.header().text(), verified.payload()))
        });
        let detached = jws.verify_detached(key, input.payload);
        let detached =
            detached.map(|verified| content(verified.header().text(), &[u8::from(verified.is_encoded())]));
        same(&detached, token.len() + input.payload.len() * 2, input.short, |buffer| {
            let verified = jws.verify_detached_into(key, input.payload, buffer)?;
            Ok(content(verified.header().text(), &[u8::from(verified.is_encoded())]))
        });
        // Where it verifies, what is shown without verifying is the same.
        let mut buffer = vec![0; token.len()];
        if let (Ok(whole), Ok((header, payload))) = (&whole, jws.dangerous_decode_into(&mut buffer)) {
            assert_eq!(*whole, content(header.text(), payload));
        }
    }
}

/// Piece by piece, the same as at once.
fn hashed<K: SignHashed + VerifyHashed>(key: &K, input: &Input<'_>, header: &Header<'_>) {
    let pieces = || input.payload.chunks(usize::from(input.short) + 1);
    let at_once = compact::sign_detached(key, input.payload, header);
    let streamed = stream::Signer::new(key, header).and_then(|mut signer| {
        pieces().for_each(|piece| signer.update(piece));
        signer.finish()
    });
    assert_eq!(streamed, at_once);
    let len = at_once.as_ref().map_or(32 * 1024, String::len);
    same(&at_once, len, input.short, |buffer| {
        let mut signer = stream::Signer::new_into(key, header, buffer)?;
        pieces().for_each(|piece| signer.update(piece));
        signer.finish().map(|text| text.as_bytes().to_vec())
    });
    let Ok(text) = at_once else { return };
    let jws = Unverified::parse(&text).expect("what was signed").understand(&["b64"]);
    let at_once = jws.verify_detached(key, input.payload).map(|verified| verified.header().text().to_owned());
    same(&at_once, text.len(), input.short, |buffer| {
        let mut verifier = stream::Verifier::new_into(key, &jws, buffer)?;
        pieces().for_each(|piece| verifier.update(piece));
        Ok(verifier.finish()?.header().text().as_bytes().to_vec())
    });
}

/// Content that is encrypted in a buffer is decrypted there, and one changed octet is noticed.
fn content(input: &Input<'_>) {
    let encs: Vec<JweEnc> = JweEnc::ALL.to_vec();
    let enc = encs[usize::from(input.enc) % encs.len()];
    let cek: Vec<u8> = (0..enc.cek_len()).map(|octet| octet as u8).collect();
    let aad = input.kid.unwrap_or_default().as_bytes();
    let len = ciphertext_len(enc, input.payload.len()).expect("a small input");
    let mut buffer = input.payload.to_vec();
    buffer.resize(len, 0);
    let mut key = ContentKey::new(enc, &cek).expect("of this length");
    let sealed = key.seal(aad, &mut buffer, input.payload.len(), &mut Fixed(5)).expect("room");
    let (iv, tag) = (sealed.iv().to_vec(), sealed.tag().to_vec());
    let mut plain = buffer.clone();
    let opened = open(enc, &cek, &iv, aad, &mut plain, &tag).expect("what was sealed");
    assert_eq!(opened, input.payload);
    if let Some((at, bits)) = input.changed.filter(|(_, bits)| *bits != 0) {
        let mut parts = [buffer, iv, tag];
        let len: usize = parts.iter().map(Vec::len).sum();
        if let Some(octet) = parts.iter_mut().flatten().nth(usize::from(at) % len) {
            *octet ^= bits;
        }
        let [mut buffer, iv, tag] = parts;
        assert!(open(enc, &cek, &iv, aad, &mut buffer, &tag).is_err());
    }
}
