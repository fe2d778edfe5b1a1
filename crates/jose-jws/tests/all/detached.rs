//! W08, W15: payloads that are kept apart, whole and piece by piece.

use jose_jwk::{AlgSet, JwkSet};
use jose_jws::alg::{Ed25519, HmacKey, Hs256};
use jose_jws::compact::{Unsigned, Unverified};
use jose_jws::stream::{Signer, Verifier};
use jose_jws::{Error, Header, JwsAlg, Key, SigningKey, VerifyingKey, VerifyingKeys, compact};

use crate::help::{Random, jwk, named, raw, signer, verifier};
use crate::keys;

/// RFC 7797, 4.2.
const RAW_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..\
                         A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
const RAW_PAYLOAD: &[u8] = b"$.02";

/// Those whose message may come in pieces.
const HASHED: &[(&str, &[JwsAlg])] = {
    use JwsAlg::*;
    &[
        (keys::OCT, &[Hs256, Hs384, Hs512]),
        (keys::RSA, &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512]),
        (keys::P256, &[Es256]),
        (keys::P384, &[Es384]),
        (keys::P521, &[Es512]),
        (keys::SECP256K1, &[Es256K]),
    ]
};

fn hashed() -> impl Iterator<Item = (&'static str, JwsAlg)> {
    HASHED.iter().flat_map(|(key, algs)| algs.iter().map(|alg| (*key, *alg)))
}

/// Covers W08, W15.
#[test]
fn rfc7797_4_2_by_every_way() {
    let key = signer(keys::OCT, JwsAlg::Hs256);
    assert_eq!(compact::sign_detached(&key, RAW_PAYLOAD, &raw()).unwrap(), RAW_TOKEN);
    let mut buffer = [0; 256];
    assert_eq!(compact::sign_detached_into(&key, RAW_PAYLOAD, &raw(), &mut buffer).unwrap(), RAW_TOKEN);
    let text = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
    let unsigned = Unsigned::detached_with_header_text(JwsAlg::Hs256, RAW_PAYLOAD, text).unwrap();
    assert_eq!(
        unsigned.signing_input(),
        [RAW_TOKEN.split('.').next().unwrap().as_bytes(), b".$.02"].concat()
    );
    assert_eq!(unsigned.sign(&key).unwrap(), RAW_TOKEN);
    let mut pieces = Signer::new(&key, &raw()).unwrap();
    RAW_PAYLOAD.iter().for_each(|octet| pieces.update(&[*octet]));
    assert_eq!(pieces.finish().unwrap(), RAW_TOKEN);

    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let verified = compact::verify_detached(&key, RAW_TOKEN, RAW_PAYLOAD).unwrap();
    assert!(!verified.is_encoded());
    assert_eq!(verified.header().text(), text);
    let mut buffer = vec![0; RAW_TOKEN.len()];
    assert_eq!(
        compact::verify_detached_into(&key, RAW_TOKEN, RAW_PAYLOAD, &mut buffer).unwrap().alg(),
        JwsAlg::Hs256
    );
    for wrong in [&b"$.03"[..], b"", b"$.0", b"$.022", b"JC4wMg"] {
        assert_eq!(compact::verify_detached(&key, RAW_TOKEN, wrong).unwrap_err(), Error::Signature);
    }
}

/// The signature is the one over the whole, and so RFC 7515 appendix F is literally true: the token with its payload cut
/// out.
///
/// Covers W15.
#[test]
fn detached_is_compact_without_its_payload() {
    for (text, alg) in hashed().chain([(keys::ED25519, JwsAlg::EdDsa), (keys::ED25519, JwsAlg::Ed25519)]) {
        let payload = Random(7).octets(1000);
        let key = verifier(text, alg);
        let whole = compact::sign(&signer(text, alg), &payload, &Header::new()).unwrap();
        let parts: Vec<&str> = whole.split('.').collect();
        let cut = format!("{}..{}", parts[0], parts[2]);
        assert!(compact::verify_detached(&key, &cut, &payload).unwrap().is_encoded(), "{alg}");
        assert_eq!(compact::verify_detached(&key, &whole, &payload).unwrap_err(), Error::PayloadPresent);
        let own = compact::sign_detached(&signer(text, alg), &payload, &Header::new()).unwrap();
        let (header, signature) = own.split_once("..").unwrap();
        let put_back = format!("{header}.{}.{signature}", parts[1]);
        assert_eq!(compact::verify(&key, &put_back).unwrap().payload(), payload, "{alg}");
        // With another payload, or none, it is another message.
        assert_eq!(compact::verify_detached(&key, &own, &payload[1..]).unwrap_err(), Error::Signature);
        assert_eq!(compact::verify(&key, &own).unwrap_err(), Error::Signature);
    }
}

/// However the payload is cut, encoded or not.
///
/// Covers W15.
#[test]
fn pieces_are_the_whole() {
    for (text, alg) in hashed() {
        let (signing, verifying) = (signer(text, alg), verifier(text, alg));
        for header in [Header::new(), raw()] {
            for (len, piece) in
                [(0, 1), (1, 1), (2, 1), (3, 1), (4, 3), (1000, 1), (1000, 7), (1000, 999), (70_000, 4096)]
            {
                let payload = Random(3).octets(len);
                let mut pieces = Signer::new(&signing, &header).unwrap();
                payload.chunks(piece).for_each(|octets| pieces.update(octets));
                let token = pieces.finish().unwrap();
                assert!(
                    compact::verify_detached(&verifying, &token, &payload).is_ok(),
                    "{alg}, {len} by {piece}"
                );

                let jws = Unverified::parse(&token).unwrap();
                let mut pieces = Verifier::new(&verifying, &jws).unwrap();
                payload.chunks(piece + 1).for_each(|octets| pieces.update(octets));
                assert_eq!(pieces.finish().unwrap().alg(), alg);
                let mut pieces = Verifier::new(&verifying, &jws).unwrap();
                payload.chunks(piece).for_each(|octets| pieces.update(octets));
                pieces.update(b"!");
                assert_eq!(pieces.finish().unwrap_err(), Error::Signature, "{alg}, one more byte");
            }
        }
    }
}

/// Without a heap, in buffers that are as long as they must be and no longer.
///
/// Covers W15.
#[test]
fn buffers_are_enough_or_an_error() {
    let payload = b"some octets of payload";
    for header in [Header::new(), raw()] {
        let key = Key::<Hs256, _>::new(HmacKey::new(&[7; 32]).unwrap());
        let mut room = [0; 512];
        let token = compact::sign_detached_into(&key, payload, &header, &mut room).unwrap().to_owned();
        let mut fits = false;
        for len in 0..512 {
            let mut buffer = vec![0; len];
            match compact::sign_detached_into(&key, payload, &header, &mut buffer) {
                Ok(text) => {
                    fits = true;
                    assert_eq!(text, token);
                }
                Err(error) => assert_eq!((error, fits), (Error::BufferTooSmall, false), "{len} bytes"),
            }
        }
        for len in 0..512 {
            let mut buffer = vec![0; len];
            let result = Signer::new_into(&key, &header, &mut buffer).and_then(|mut pieces| {
                pieces.update(payload);
                pieces.finish()
            });
            let expected = if len < token.len() { Err(Error::BufferTooSmall) } else { Ok(token.as_str()) };
            assert_eq!(result, expected, "{len} bytes");
        }
        let (mut whole, mut pieces) = (0, 0);
        for len in 0..512 {
            let jws = Unverified::parse(&token).unwrap();
            match jws.verify_detached_into(&key, payload, &mut vec![0; len]) {
                Ok(_) => whole += 1,
                Err(error) => assert_eq!((error, whole), (Error::BufferTooSmall, 0), "{len} bytes"),
            }
            let mut buffer = vec![0; len];
            match Verifier::new_into(&key, &jws, &mut buffer) {
                Ok(mut verifier) => {
                    verifier.update(payload);
                    assert!(verifier.finish().is_ok());
                    pieces += 1;
                }
                Err(error) => assert_eq!((error, pieces), (Error::BufferTooSmall, 0), "{len} bytes"),
            }
        }
        assert!(whole > 0 && pieces >= 512 - token.len());
    }
}

/// EdDSA and ML-DSA take their message whole: known before the first piece.
///
/// Covers W15.
#[test]
fn eddsa_does_not_take_pieces() {
    let start = |key: &SigningKey| Signer::new(key, &Header::new()).map(|_| ()).unwrap_err();
    for alg in [JwsAlg::EdDsa, JwsAlg::Ed25519] {
        let key = signer(keys::ED25519, alg);
        assert_eq!(start(&key), Error::NotStreamable);
        let token = compact::sign_detached(&key, b"", &Header::new()).unwrap();
        let jws = Unverified::parse(&token).unwrap();
        let started = Verifier::new(&verifier(keys::ED25519, alg), &jws).map(|_| ());
        assert_eq!(started.unwrap_err(), Error::NotStreamable);
    }
    let set = JwkSet::from_iter([jwk(keys::P256), jwk(keys::ED25519)]);
    let set = VerifyingKeys::from_jwks(&set, AlgSet::from([JwsAlg::Es256, JwsAlg::Ed25519])).unwrap();
    for (text, alg, expected) in
        [(keys::P256, JwsAlg::Es256, None), (keys::ED25519, JwsAlg::Ed25519, Some(Error::NotStreamable))]
    {
        let token = compact::sign_detached(&signer(text, alg), b"", &Header::new()).unwrap();
        let jws = Unverified::parse(&token).unwrap();
        assert_eq!(Verifier::new(&set, &jws).map(|_| ()).err(), expected, "{alg}");
    }
    // A key from outside that was taken as a whole stays so.
    let own = SigningKey::new(Key::<Ed25519, _>::new(ed25519_dalek::SigningKey::from_bytes(&[7; 32])));
    assert_eq!(start(&own), Error::NotStreamable);
}

/// K36: a key from outside that hashes first.
///
/// Covers K36, W15.
#[test]
fn a_key_from_outside_takes_pieces() {
    let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let verifying = Key::<jose_jws::alg::Es256, _>::new(*secret.verifying_key());
    let signing = Key::<jose_jws::alg::Es256, _>::new(secret).with_kid("own");
    let mut pieces = Signer::new(&signing, &Header::new()).unwrap();
    pieces.update(b"payload");
    let token = pieces.finish().unwrap();
    let jws = Unverified::parse(&token).unwrap();
    let mut pieces = Verifier::new(&verifying, &jws).unwrap();
    pieces.update(b"payload");
    assert!(pieces.finish().unwrap().header().kid().unwrap() == *"own");
}

/// The checks of the header come before the first piece.
///
/// Covers W10, W12.
#[test]
fn pieces_are_checked_first() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let refusal = |header: &str| {
        let signing = signer(keys::OCT, JwsAlg::Hs256);
        let token = crate::help::forge(&signing, header, b"");
        Verifier::new(&key, &Unverified::parse(&token).unwrap()).map(|_| ()).unwrap_err().code()
    };
    assert_eq!(refusal(r#"{"alg":"HS384"}"#), "algorithm-not-allowed");
    assert_eq!(refusal(r#"{"alg":"none"}"#), "algorithm-unknown");
    assert_eq!(refusal(r#"{"b64":true}"#), "algorithm-missing");
    assert_eq!(refusal(r#"{"alg":"HS256","b64":false}"#), "b64");
    assert_eq!(refusal(r#"{"alg":"HS256","crit":["x"],"x":1}"#), "crit-not-understood");
    let present = compact::sign(&signer(keys::OCT, JwsAlg::Hs256), b"payload", &Header::new()).unwrap();
    let started = Verifier::new(&key, &Unverified::parse(&present).unwrap()).map(|_| ());
    assert_eq!(started.unwrap_err(), Error::PayloadPresent);
}

/// A set gives pieces to the one key that fits, and to none where there are several.
///
/// Covers S09.
#[test]
fn pieces_go_to_one_key() {
    let own = |kid: &str| jwk(keys::P256).with_kid(kid);
    let set = JwkSet::from_iter([jwk(keys::P384), own("a"), own("b")]);
    let keys = VerifyingKeys::from_jwks(&set, AlgSet::from([JwsAlg::Es256, JwsAlg::Es384])).unwrap();
    let signed =
        |kid| compact::sign_detached(&signer(keys::P256, JwsAlg::Es256), b"payload", &named(kid)).unwrap();
    for (kid, expected) in
        [(Some("b"), Ok(2)), (Some("c"), Err(Error::KidUnknown)), (None, Err(Error::KeyAmbiguous))]
    {
        let token = signed(kid);
        let jws = Unverified::parse(&token).unwrap();
        let result = Verifier::new(&keys, &jws).and_then(|mut pieces| {
            pieces.update(b"payload");
            pieces.finish()
        });
        assert_eq!(result.map(|verified| verified.key_index()), expected);
    }
    let mine = VerifyingKey::from_jwk(own("a"), JwsAlg::Es256).unwrap();
    let token = signed(Some("b"));
    let started = Verifier::new(&mine, &Unverified::parse(&token).unwrap()).map(|_| ());
    assert_eq!(started.unwrap_err(), Error::KidUnknown);
}
