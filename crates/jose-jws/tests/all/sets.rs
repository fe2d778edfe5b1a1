//! B5, B6, S09, J10: which key of several.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jose_jwk::JwkSet;
use jose_jws::alg::{Algorithm, Hs256};
use jose_jws::compact::{self, Unverified};
use jose_jws::{AlgSet, Error, Header, JwsAlg, Key, SigningKey, VerifyingKey, VerifyingKeys};
use signature::MultipartVerifier;

use crate::help::{jwk, named, public, signer, verifier};
use crate::keys;

const ES256: AlgSet<JwsAlg> = JwsAlg::set(&[JwsAlg::Es256]);

/// Another key for ES256: that of RFC 7517, A.1.
const P256_OTHER: &str = r#"{"kty":"EC","crv":"P-256",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;

/// A token of the key of RFC 7515, A.3.
fn token(kid: Option<&str>) -> String {
    compact::sign(&signer(keys::P256, JwsAlg::Es256), b"{}", &named(kid)).unwrap()
}

fn set(keys: &[(&str, Option<&str>)]) -> VerifyingKeys {
    let keys = keys.iter().map(|(key, kid)| match kid {
        Some(kid) => jwk(key).with_kid(*kid),
        None => jwk(key),
    });
    VerifyingKeys::from_jwks(&keys.collect(), ES256).unwrap()
}

fn index(keys: &VerifyingKeys, kid: Option<&str>) -> Result<usize, Error> {
    compact::verify(keys, &token(kid)).map(|verified| verified.key_index())
}

/// Covers B5.
#[test]
fn the_kid_chooses() {
    let keys = set(&[(P256_OTHER, Some("a")), (keys::P256, Some("b"))]);
    assert_eq!(index(&keys, Some("b")), Ok(1));
    assert_eq!(index(&keys, Some("a")), Err(Error::Signature));
    // No key has it: that the right key is in the set does not help, nor that all may be tried.
    for unknown in ["c", "", "B", "b ", "b\0", "'; DROP TABLE keys; --", "../../dev/null"] {
        assert_eq!(index(&keys, Some(unknown)), Err(Error::KidUnknown), "{unknown}");
    }
    assert_eq!(index(&keys.max_candidates(8), Some("c")), Err(Error::KidUnknown));
}

/// Covers B5.
#[test]
fn without_a_kid_there_must_be_one_candidate() {
    let one = set(&[(keys::P256, Some("b"))]);
    assert_eq!(index(&one, None), Ok(0));
    let two = || set(&[(P256_OTHER, Some("a")), (keys::P256, Some("b"))]);
    assert_eq!(index(&two(), None), Err(Error::KeyAmbiguous));
    assert_eq!(index(&two().max_candidates(1), None), Err(Error::KeyAmbiguous));
    assert_eq!(index(&two().max_candidates(2), None), Ok(1));
}

/// Covers B5.
#[test]
fn a_kid_does_not_fall_through_to_a_key_without() {
    let keys = || set(&[(P256_OTHER, Some("a")), (keys::P256, None)]);
    assert_eq!(index(&keys(), Some("b")), Err(Error::KidUnknown));
    assert_eq!(index(&keys(), Some("a")), Err(Error::Signature));
    // Where trying is asked for, a key without `kid` fits any.
    assert_eq!(index(&keys().max_candidates(2), Some("b")), Ok(1));
}

/// Covers B5.
#[test]
fn a_kid_that_two_keys_have() {
    let two = || set(&[(P256_OTHER, Some("a")), (keys::P256, Some("a"))]);
    assert_eq!(index(&two(), Some("a")), Err(Error::KeyAmbiguous));
    assert_eq!(index(&two().max_candidates(2), Some("a")), Ok(1));
    // One alone serves the algorithm: the other is no candidate.
    let keys = JwkSet::from_iter([jwk(keys::P384).with_kid("a"), jwk(keys::P256).with_kid("a")]);
    let keys = VerifyingKeys::from_jwks(&keys, AlgSet::from([JwsAlg::Es384, JwsAlg::Es256])).unwrap();
    assert_eq!(index(&keys, Some("a")), Ok(1));
}

/// W11: the place is the one in the set that was given, whatever of it was skipped.
///
/// Covers W11.
#[test]
fn the_key_that_matched_is_named_by_its_place() {
    let all = [keys::RSA, keys::X25519, keys::ED25519, keys::P256].map(public);
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_iter(all), ES256).unwrap();
    assert_eq!(index(&keys, None), Ok(3));
    let skipped: Vec<_> =
        keys.skipped().iter().map(|skipped| (skipped.index, skipped.reason.code())).collect();
    assert_eq!(skipped, [0, 1, 2].map(|index| (index, "wrong-key")));
}

/// A key that counts how often it is tried, and never fits.
struct Spy(Arc<AtomicUsize>);

impl MultipartVerifier<<Hs256 as Algorithm>::Signature> for Spy {
    fn multipart_verify(
        &self,
        _message: &[&[u8]],
        _signature: &<Hs256 as Algorithm>::Signature,
    ) -> Result<(), signature::Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(signature::Error::new())
    }
}

/// Covers B5.
#[test]
fn the_work_over_1000_keys_is_bounded() {
    let count = Arc::new(AtomicUsize::new(0));
    let tries = |at_most: Option<usize>, kid: Option<&str>| {
        let keys = (0..1000).map(|_| VerifyingKey::new(Key::<Hs256, _>::new(Spy(count.clone()))));
        let keys = VerifyingKeys::new(keys).unwrap();
        let keys = if let Some(at_most) = at_most { keys.max_candidates(at_most) } else { keys };
        let signing = signer(keys::OCT, JwsAlg::Hs256);
        let token = compact::sign(&signing, b"{}", &named(kid)).unwrap();
        count.store(0, Ordering::Relaxed);
        let error = compact::verify(&keys, &token).err().unwrap();
        (error, count.load(Ordering::Relaxed))
    };
    assert_eq!(tries(None, None), (Error::KeyAmbiguous, 0));
    assert_eq!(tries(None, Some("a")), (Error::KidUnknown, 0));
    assert_eq!(tries(Some(0), None), (Error::KeyAmbiguous, 0));
    assert_eq!(tries(Some(999), None), (Error::KeyAmbiguous, 0));
    assert_eq!(tries(Some(1000), Some("a")), (Error::Signature, 1000));
}

/// Covers B6.
#[test]
fn symmetric_and_asymmetric_keys_do_not_mix() {
    let all = AlgSet::all();
    for other in [keys::P256, keys::RSA, keys::ED25519] {
        for keys in [[jwk(keys::OCT), public(other)], [public(other), jwk(keys::OCT)]] {
            let set = JwkSet::from_iter(keys);
            assert_eq!(VerifyingKeys::from_jwks(&set, all).err(), Some(Error::KeysMixed));
            // Where the caller allows one class, the other is skipped.
            let asymmetric: AlgSet<_> =
                JwsAlg::ALL.iter().copied().filter(|alg| !alg.is_symmetric()).collect();
            assert_eq!(VerifyingKeys::from_jwks(&set, asymmetric).unwrap().skipped().len(), 1);
        }
        let keys = [verifier(keys::OCT, JwsAlg::Hs256), VerifyingKey::from_jwk(jwk(other), all).unwrap()];
        assert_eq!(VerifyingKeys::new(keys).err(), Some(Error::KeysMixed));
    }
}

/// B8: what cannot be used is told, and spoils nothing.
///
/// Covers B8.
#[test]
fn a_set_serves_with_the_keys_that_are_left() {
    let text = format!(
        r#"{{"keys":[{{"kty":"new"}},{},{{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}},{}]}}"#,
        public(keys::X25519).to_public().unwrap().to_json(),
        public(keys::P256).to_public().unwrap().to_json(),
    );
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(text).unwrap(), ES256).unwrap();
    assert!(index(&keys, None).is_ok());
    let useless = JwkSet::from_iter([public(keys::X25519)]);
    let none = VerifyingKeys::from_jwks(&useless, ES256).unwrap_err();
    assert_eq!(none.code(), "no-usable-key");
    assert_eq!(
        none.to_string().matches("wrong-key").count() + none.to_string().matches("OKP").count(),
        1,
        "{none}"
    );
    assert_eq!(VerifyingKeys::new([]).unwrap_err().code(), "no-usable-key");
}

/// J10: a key by what the header says, which nobody has verified yet.
///
/// Covers J10.
#[test]
fn a_key_by_a_function_of_the_header() {
    let by_tenant = |tenant: &str| match tenant {
        "one" => Some(verifier(P256_OTHER, JwsAlg::Es256)),
        "two" => Some(verifier(keys::P256, JwsAlg::Es256)),
        _ => None,
    };
    for (tenant, expected) in
        [("two", Ok(())), ("one", Err(Error::Signature)), ("three", Err(Error::KeyNotFound))]
    {
        let members = format!(r#"{{"tenant":"{tenant}"}}"#);
        let header = Header::new().parameters(&members).unwrap();
        let token = compact::sign(&signer(keys::P256, JwsAlg::Es256), b"{}", &header).unwrap();
        let jws = Unverified::parse(&token).unwrap();
        let mut room = vec![0; token.len()];
        let (header, _) = jws.dangerous_decode_into(&mut room).unwrap();
        let tenant = header.get("tenant").unwrap().as_str().unwrap().to_cow();
        let result = by_tenant(&tenant).ok_or(Error::KeyNotFound).and_then(|key| jws.verify(&key));
        assert_eq!(result.map(|_| ()), expected);
    }
}

/// A `kid` of a custom key is compared like that of any other.
///
/// Covers B5.
#[test]
fn a_named_key_refuses_another_name() {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let own = Key::<jose_jws::alg::Es256, _>::new(*key.verifying_key()).with_kid("a");
    let nameless = Key::<jose_jws::alg::Es256, _>::new(key);
    let signing = SigningKey::new(nameless.clone().with_kid("a"));
    for (kid, expected) in [(None, None), (Some("a"), None), (Some("b"), Some(Error::KidUnknown))] {
        let signed = compact::sign(&signing, b"{}", &named(kid));
        if kid == Some("b") {
            assert_eq!(signed, Err(Error::KidMismatch));
        }
        let token =
            compact::sign(&SigningKey::new(nameless.clone()), b"{}", &named(kid.or(Some("a")))).unwrap();
        assert_eq!(compact::verify(&own, &token).err(), expected);
        assert_eq!(compact::verify(&VerifyingKey::new(own), &token).err(), expected);
    }
    // However little the names differ.
    for bit in 0..7 {
        let other = char::from(b'a' ^ 1 << bit).to_string();
        assert_eq!(compact::sign(&signing, b"{}", &Header::new().kid(&other)), Err(Error::KidMismatch));
    }
}
