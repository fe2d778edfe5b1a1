use jose_b64::base64url::decode_to_vec;
use jose_jws::compact::{self, Unsigned};
use jose_jws::{AlgSet, Header, JwsAlg, VerifyingKey};

use super::examples::EXAMPLES;
use crate::help::{jwk, signer};
use crate::keys;

/// Covers W01.
#[test]
fn the_examples_verify() {
    for example in EXAMPLES {
        let key = VerifyingKey::from_jwk(jwk(example.key), AlgSet::all()).unwrap();
        let verified = compact::verify(&key, example.token).expect(example.source);
        assert_eq!(verified.payload(), example.payload.as_bytes(), "{}", example.source);
        assert_eq!(verified.alg(), example.alg, "{}", example.source);
    }
}

/// The header and the payload as they are printed, signed again with the algorithms that have one signature only.
///
/// Covers W01, W03.
#[test]
fn the_examples_come_out_of_signing() {
    use JwsAlg::{EdDsa, Hs256, Rs256};
    let mut signed = 0;
    for example in EXAMPLES.iter().filter(|example| [Hs256, Rs256, EdDsa].contains(&example.alg)) {
        let header = decode_to_vec(example.token.split('.').next().unwrap().as_bytes()).unwrap();
        let header = core::str::from_utf8(&header).unwrap();
        // The private keys of RFC 7520 are not those of RFC 7515; its HS256 key is its own private key.
        let key = match (example.source, example.alg) {
            (_, Hs256) => example.key,
            ("RFC 7515, A.2", _) => keys::RSA,
            (_, EdDsa) => keys::ED25519,
            _ => continue,
        };
        let unsigned = Unsigned::with_header_text(example.alg, example.payload.as_bytes(), header).unwrap();
        assert_eq!(unsigned.sign(&signer(key, example.alg)).unwrap(), example.token, "{}", example.source);
        signed += 1;
    }
    assert_eq!(signed, 4);
}

/// W06: the algorithm is the key's, and so is the `kid`.
///
/// Covers W06.
#[test]
fn the_header_is_written_from_the_key() {
    let key = jwk(keys::ED25519).with_kid("own");
    let key = jose_jws::SigningKey::try_from(&key).unwrap();
    let nameless = signer(keys::ED25519, JwsAlg::Ed25519);
    let header_of = |key, header: Header<'_>| {
        let token = compact::sign(key, b"", &header).unwrap();
        String::from_utf8(decode_to_vec(token.split('.').next().unwrap().as_bytes()).unwrap()).unwrap()
    };
    assert_eq!(header_of(&key, Header::new()), r#"{"alg":"Ed25519","kid":"own"}"#);
    let other = Header::new().typ("JWT").kid("other");
    assert_eq!(header_of(&nameless, other), r#"{"alg":"Ed25519","typ":"JWT","kid":"other"}"#);
    let members = Header::new().parameters(r#"{"kid":"third","x":[1, 2]}"#).unwrap();
    assert_eq!(header_of(&nameless, members), r#"{"alg":"Ed25519","kid":"third","x":[1, 2]}"#);
    for contradiction in [other, members] {
        let refused = compact::sign(&key, b"", &contradiction);
        assert_eq!(refused.unwrap_err(), jose_jws::Error::KidMismatch);
    }
}

/// J07: nothing in the header contradicts the key.
///
/// Covers J07.
#[test]
fn alg_is_not_named_twice() {
    use jose_jws::{Error, HeaderError};
    for alg in ["none", "HS256", "Ed25519"] {
        let members = format!(r#"{{"alg":"{alg}"}}"#);
        assert_eq!(Header::new().parameters(&members).err(), Some(HeaderError::Reserved("alg")));
        let text = Unsigned::with_header_text(JwsAlg::Es256, b"", &members);
        let expected = if alg == "none" { "algorithm-unknown" } else { "algorithm-not-allowed" };
        assert_eq!(text.err().map(|error| error.code()), Some(expected));
    }
    assert_eq!(Unsigned::with_header_text(JwsAlg::Es256, b"", "{}").err(), Some(Error::AlgorithmMissing));
}
