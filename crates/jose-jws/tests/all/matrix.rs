//! A5, W06, W10, B10: which key may be used for what, at its preparation.

use jose_jwk::{Jwk, KeyOp, KeyUse};
use jose_jws::{AlgSet, Error, Header, JwsAlg, Sign, SigningKey, Verify, VerifyingKey, compact};

use crate::help::{forge, jwk, public};
use crate::keys;

/// Each key and the algorithms that it serves, by the RFCs.
const SERVES: &[(&str, &[JwsAlg])] = {
    use JwsAlg::*;
    &[
        (keys::OCT, &[Hs256, Hs384, Hs512]),
        (keys::RSA, &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512]),
        (keys::P256, &[Es256]),
        (keys::P384, &[Es384]),
        (keys::P521, &[Es512]),
        (keys::SECP256K1, &[Es256K]),
        (keys::ED25519, &[EdDsa, Ed25519]),
        (keys::X25519, &[]),
    ]
};

/// Covers A5.
#[test]
fn each_key_serves_its_own_algorithms() {
    for (text, serves) in SERVES {
        let key = jwk(text);
        for alg in JwsAlg::ALL.iter().copied() {
            let expected = if serves.contains(&alg) { None } else { Some("wrong-key") };
            assert_eq!(
                VerifyingKey::from_jwk(&key, alg).err().map(|error| error.code()),
                expected,
                "{alg}, {key:?}"
            );
            if key.is_private() {
                assert_eq!(
                    SigningKey::from_jwk(&key, alg).err().map(|error| error.code()),
                    expected,
                    "{alg}, {key:?}"
                );
            }
        }
        match VerifyingKey::from_jwk(&key, AlgSet::all()) {
            Ok(prepared) => assert_eq!(prepared.algs(), AlgSet::of(serves)),
            Err(error) => assert_eq!((error.code(), serves.len()), ("wrong-key", 0)),
        }
    }
}

/// A token of each pair against each other pair.
///
/// Covers A5.
#[test]
fn only_the_right_pairs_verify() {
    let pairs = || SERVES.iter().flat_map(|(key, algs)| algs.iter().map(move |alg| (*key, *alg)));
    let verifiers: Vec<_> =
        pairs().map(|(key, alg)| VerifyingKey::from_jwk(jwk(key), alg).unwrap()).collect();
    for (index, (key, alg)) in pairs().enumerate() {
        let signing = SigningKey::from_jwk(jwk(key), alg).unwrap();
        let token = compact::sign(&signing, b"{}", &Header::new()).unwrap();
        for (other, verifier) in verifiers.iter().enumerate() {
            let result = compact::verify(verifier, &token).err();
            let expected = if index == other { None } else { Some("algorithm-not-allowed") };
            assert_eq!(result.map(|error| error.code()), expected, "{alg} against {:?}", verifier.algs());
        }
    }
}

/// The header of one algorithm over the signature of another, with one and the same key.
///
/// Covers A5.
#[test]
fn the_name_of_another_algorithm_does_not_verify() {
    let mut tried = 0;
    for (text, algs) in SERVES {
        for (signed, named) in algs.iter().flat_map(|one| algs.iter().map(move |other| (*one, *other))) {
            // `EdDSA` and `Ed25519` are two names for one computation.
            if signed == named || !signed.curves().is_empty() {
                continue;
            }
            let signing = SigningKey::from_jwk(jwk(text), signed).unwrap();
            let token = forge(&signing, format!(r#"{{"alg":"{named}"}}"#), b"{}");
            let key = VerifyingKey::from_jwk(jwk(text), AlgSet::all()).unwrap();
            assert_eq!(compact::verify(&key, &token).err(), Some(Error::Signature), "{signed} as {named}");
            tried += 1;
        }
    }
    assert_eq!(tried, 3 * 2 + 6 * 5);
}

/// Covers A5, W06.
#[test]
fn the_key_says_what_it_is_for() {
    let refusal = |key: &Jwk| VerifyingKey::from_jwk(key, AlgSet::all()).err().map(|error| error.code());
    let sign_refusal = |key: &Jwk, alg| SigningKey::from_jwk(key, alg).err().map(|error| error.code());
    for (text, algs) in SERVES.iter().filter(|(_, algs)| !algs.is_empty()) {
        let key = || jwk(text);
        let alg = algs[0];
        for (key, verifies, signs) in [
            (key().with_use(KeyUse::Sig).unwrap(), None, None),
            (key().with_use(KeyUse::Enc).unwrap(), Some("use-forbids"), Some("use-forbids")),
            (key().with_key_ops(AlgSet::from([KeyOp::Sign, KeyOp::Verify])).unwrap(), None, None),
            (key().with_key_ops(KeyOp::Verify.into()).unwrap(), None, Some("key-ops-forbid")),
            (key().with_key_ops(KeyOp::Sign.into()).unwrap(), Some("key-ops-forbid"), None),
            (key().with_key_ops(AlgSet::EMPTY).unwrap(), Some("key-ops-forbid"), Some("key-ops-forbid")),
            (key().with_alg(alg).unwrap(), None, None),
            (key().with_alg(JwsAlg::Ed448).unwrap(), Some("alg-forbids"), Some("alg-forbids")),
            (key().with_alg(jose_jwk::JweAlg::RsaOaep).unwrap(), Some("alg-forbids"), Some("alg-forbids")),
        ] {
            assert_eq!(refusal(&key), verifies, "{alg}");
            assert_eq!(sign_refusal(&key, alg), signs, "{alg}");
        }
    }
    assert_eq!(sign_refusal(&public(keys::P256), JwsAlg::Es256), Some("not-private"));
}

/// W06: without a name, the key signs with the one algorithm that it serves; where there are several, it is asked.
///
/// Covers W06.
#[test]
fn the_algorithm_comes_from_the_key() {
    let alg_of = |key: Jwk| SigningKey::try_from(&key).map(|key| key.alg()).map_err(|error| error.code());
    for (text, expected) in [
        (keys::P256, Ok(JwsAlg::Es256)),
        (keys::P384, Ok(JwsAlg::Es384)),
        (keys::P521, Ok(JwsAlg::Es512)),
        (keys::SECP256K1, Ok(JwsAlg::Es256K)),
        // `EdDSA` is deprecated (RFC 9864 section 4.1.2).
        (keys::ED25519, Ok(JwsAlg::Ed25519)),
        (keys::RSA, Err("algorithm-ambiguous")),
        (keys::OCT, Err("algorithm-ambiguous")),
        (keys::X25519, Err("wrong-key")),
    ] {
        assert_eq!(alg_of(jwk(text)), expected);
    }
    assert_eq!(alg_of(jwk(keys::RSA).with_alg(JwsAlg::Ps384).unwrap()), Ok(JwsAlg::Ps384));
    assert_eq!(alg_of(jwk(keys::ED25519).with_alg(JwsAlg::EdDsa).unwrap()), Ok(JwsAlg::EdDsa));
    let wrong = jwk(keys::RSA).with_alg(JwsAlg::Es256).unwrap();
    assert_eq!(alg_of(wrong), Err("wrong-key"));
}

/// Covers B10.
#[test]
fn a_short_secret_is_refused() {
    for (alg, len) in [(JwsAlg::Hs256, 32), (JwsAlg::Hs384, 48), (JwsAlg::Hs512, 64)] {
        let weak = Some("weak-secret-too-short");
        for (octets, expected) in [(1, weak), (len - 1, weak), (len, None), (len + 1, None), (1000, None)] {
            let key = Jwk::from_octets(vec![7; octets]).unwrap();
            assert_eq!(
                SigningKey::from_jwk(&key, alg).err().map(|error| error.code()),
                expected,
                "{alg}, {octets} bytes"
            );
            assert_eq!(
                VerifyingKey::from_jwk(&key, alg).err().map(|error| error.code()),
                expected,
                "{alg}, {octets} bytes"
            );
        }
    }
    use jose_jws::alg::{HmacKey, Hs256, Hs512};
    assert!(HmacKey::<Hs256>::new(&[7; 31]).is_err() && HmacKey::<Hs256>::new(&[7; 32]).is_ok());
    assert!(HmacKey::<Hs512>::new(&[7; 63]).is_err() && HmacKey::<Hs512>::new(&[7; 64]).is_ok());
}

/// Covers A8, W10.
#[test]
fn no_algorithm_is_not_any_algorithm() {
    for (text, _) in SERVES {
        let empty = Some(Error::AlgorithmsEmpty);
        assert_eq!(VerifyingKey::from_jwk(jwk(text), AlgSet::EMPTY).err(), empty);
        let set = jose_jwk::JwkSet::from_iter([jwk(text)]);
        assert_eq!(jose_jws::VerifyingKeys::from_jwks(&set, AlgSet::EMPTY).err(), empty);
    }
    let none = jose_jwk::JwkSet::new();
    assert_eq!(jose_jws::VerifyingKeys::from_jwks(&none, AlgSet::EMPTY).err(), Some(Error::AlgorithmsEmpty));
}
