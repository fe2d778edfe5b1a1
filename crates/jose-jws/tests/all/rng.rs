//! G6: RSA draws random numbers for each signature, and makes none without.

use jose_jws::{Error, Header, JwsAlg, SigningKey, compact};

use crate::help::{Broken, Random, jwk, signer, verifier};
use crate::keys;

const RSA: [JwsAlg; 6] =
    [JwsAlg::Rs256, JwsAlg::Rs384, JwsAlg::Rs512, JwsAlg::Ps256, JwsAlg::Ps384, JwsAlg::Ps512];

/// Covers G6.
#[test]
fn a_generator_that_fails_makes_no_signature() {
    for alg in RSA {
        let key = SigningKey::randomized(jwk(keys::RSA), alg, || Broken).unwrap();
        assert_eq!(compact::sign(&key, b"{}", &Header::new()), Err(Error::Rng), "{alg}");
    }
    // An algorithm that draws none does not notice.
    for (text, alg) in [(keys::OCT, JwsAlg::Hs256), (keys::ED25519, JwsAlg::EdDsa)] {
        let key = SigningKey::randomized(jwk(text), alg, || Broken).unwrap();
        assert!(compact::sign(&key, b"{}", &Header::new()).is_ok(), "{alg}");
    }
}

/// W02: the salt of PSS is new each time; PKCS #1 v1.5 has none.
///
/// Covers W02.
#[test]
fn the_salt_is_random() {
    for alg in RSA {
        let sign = |seed| {
            let key = SigningKey::randomized(jwk(keys::RSA), alg, move || Random(seed)).unwrap();
            compact::sign(&key, b"{}", &Header::new()).unwrap()
        };
        let (one, again, other) = (sign(1), sign(1), sign(2));
        assert_eq!(one, again);
        assert_eq!(one != other, alg.as_str().starts_with('P'), "{alg}");
        for token in [one, other] {
            compact::verify(&verifier(keys::RSA, alg), &token).unwrap();
        }
    }
    let sign = || compact::sign(&signer(keys::RSA, JwsAlg::Ps256), b"{}", &Header::new()).unwrap();
    assert_ne!(sign(), sign());
}
