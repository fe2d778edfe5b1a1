//! `AKP`, Ed448 and X448 keys, with and without their features.

use jose_jwk::{Curve, Error, Jwk, JwsAlg, KeySpec};

#[cfg(feature = "ml-dsa")]
use crate::support::NOT_PRIVATE;
use crate::support::{length, missing, verifies, wrong_key};
use rand_core::{TryCryptoRng, TryRng};

/// RFC 9864's key, which is that of RFC 8032 section 7.4.
const ED448: &str = r#"{"kty":"OKP","crv":"Ed448","x":"X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA","d":"bIKlYsuAjRDWMr6JyFE-v2ySnzTd-oyfY8mWDvbjSKNSjIo_zC8ETjmj_FuUSS-PAy51SaIAmPlb"}"#;

/// Bob's key of RFC 7748 section 6.2.
const X448: &str = r#"{"kty":"OKP","crv":"X448","x":"PreoKbDNIPW8_AtZm2_sz22kYnEHvbDU80W0MCfYuXL8PjT7QjKhPKcG3LV67D2uB73BxnvzNgk","d":"HDBqesKg4uCZCylEcMujOeZFN3KwdYEdj60NHWknwSC7XuiXKw0-ITdMnJIbCdGwNm8QtlFzmS0"}"#;

const ML_DSA: [(JwsAlg, usize); 3] =
    [(JwsAlg::MlDsa44, 1312), (JwsAlg::MlDsa65, 1952), (JwsAlg::MlDsa87, 2592)];

struct Zeros;

impl TryRng for Zeros {
    type Error = core::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.fill(0);
        Ok(())
    }
}

impl TryCryptoRng for Zeros {}

fn akp(alg: &str, public: usize, seed: Option<usize>) -> String {
    let octets = |len| jose_b64::base64url::encode_to_string(&vec![7; len]);
    let seed = seed.map_or(String::new(), |len| format!(r#","priv":"{}""#, octets(len)));
    format!(r#"{{"kty":"AKP","alg":"{alg}","pub":"{}"{seed}}}"#, octets(public))
}

/// The public key of `ED448`, without its private one, and the same point with one of the unused bits of its last byte.
///
/// Covers C4.
#[cfg(feature = "ed448")]
#[test]
fn an_ed448_point_has_one_encoding() {
    let (text, _) = ED448.split_once(",\"d\"").unwrap();
    let text = format!("{text}}}");
    assert!(Jwk::from_json(&text).is_ok());
    assert_eq!(Jwk::from_json(text.replace("oJWGA", "oJWGB")), Err(Error::NotOnCurve));
}

/// Covers K08.
#[test]
fn akp_members_are_checked_in_every_build() {
    for (alg, len) in ML_DSA {
        let name = alg.as_str();
        let key = Jwk::from_json(akp(name, len, None)).unwrap();
        assert_eq!(key.alg(), Some(&alg.into()));
        assert_eq!(key.public_member("pub").unwrap().len(), len);
        assert_eq!(Jwk::from_json(akp(name, len - 1, None)), Err(length("pub")));
        assert_eq!(Jwk::from_json(akp(name, len + 1, None)), Err(length("pub")));
        assert_eq!(Jwk::from_json(akp(name, len, Some(31))), Err(length("priv")));
        assert_eq!(Jwk::from_json(akp(name, len, Some(64))), Err(length("priv")));
        // The algorithm is a part of the key.
        assert_eq!(key.clone().with_alg(alg).as_ref(), Ok(&key));
        let wanted = "another alg than its own";
        assert_eq!(key.clone().with_alg(JwsAlg::Es256), Err(wrong_key(&key, wanted)));
        assert_eq!(key.clone().with_alg(jose_jwk::JweAlg::Dir), Err(wrong_key(&key, wanted)));
        assert_eq!(verifies(&key), alg.into());
    }
    assert_eq!(Jwk::from_json(akp("ES256", 1312, None)), Err(Error::AlgorithmUnknown));
    assert_eq!(Jwk::from_json(akp("ML-DSA-45", 1312, None)), Err(Error::AlgorithmUnknown));
    let text = akp("ML-DSA-44", 1312, None);
    assert_eq!(Jwk::from_json(text.replace("\"alg\":\"ML-DSA-44\",", "")), Err(missing("alg")));
    assert_eq!(Jwk::from_json(text.replace("\"pub\"", "\"pu\"")), Err(missing("pub")));
}

/// Covers K08.
#[test]
#[cfg(feature = "x448")]
fn the_bits_of_a_private_x448_key_that_count_for_nothing_are_kept() {
    // Alice's key of RFC 7748 section 6.2, whose first octet is not that of the scalar.
    let alice = r#"{"kty":"OKP","crv":"X448","x":"mwj3zDG34-Z9ItWuoSEHSic70rg94Jxj-qc9LCLF2bvINmRyQdlT1AxbEtqIEg1TF3-A5TLEH6A","d":"mo9JJdFRn1d1z0awS1gA1O6e6LrovFVl1JjCjdnJuvV0qUGXRIlzkQBjgqbxJ6sdmsLYwKWYcms"}"#;
    let alice = Jwk::from_json(alice).unwrap();
    let d = alice.expose_secret_member("d").unwrap();
    assert_eq!(Jwk::from_raw_private(Curve::X448, d.to_vec()).as_ref(), Ok(&alice));
    #[cfg(feature = "pem")]
    {
        let format = jose_jwk::PrivateFormat::Pkcs8;
        let der = alice.expose_private_der(format).unwrap();
        assert_eq!(Jwk::from_private_der(&*der, format).as_ref(), Ok(&alice));
    }
}

/// Covers K08, K32.
#[test]
fn okp_lengths_are_checked_in_every_build() {
    for text in [ED448, X448] {
        let key = Jwk::from_json(text).unwrap();
        assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
        assert!(key.thumbprint(jose_jwk::Hash::Sha256).is_ok());
        let x = jose_b64::base64url::encode_to_string(key.public_member("x").unwrap());
        let short = jose_b64::base64url::encode_to_string(&key.public_member("x").unwrap()[1..]);
        assert_eq!(Jwk::from_json(text.replace(&x, &short)), Err(length("x")));
    }
}

/// Covers K31.
#[test]
fn an_algorithm_that_is_none_of_the_key_type() {
    let akp = Jwk::from_json(akp("ML-DSA-44", 1312, None)).unwrap();
    let generated = Jwk::generate(KeySpec::Akp { alg: JwsAlg::Es256 }, &mut Zeros);
    assert_eq!(generated, Err(wrong_key(&akp, "ES256")));
    assert_eq!(KeySpec::from(JwsAlg::MlDsa65), KeySpec::Akp { alg: JwsAlg::MlDsa65 });
    assert_eq!(KeySpec::from(JwsAlg::Ed448), KeySpec::Curve(Curve::Ed448));
}

#[cfg(feature = "ml-dsa")]
mod ml_dsa {
    use super::{Error, Jwk, JwsAlg, ML_DSA, NOT_PRIVATE, Zeros, akp, wrong_key};

    /// RFC 9964 appendix A: the keys of a seed of zeros.
    ///
    /// Covers K22, K31, K32.
    #[test]
    fn rfc9964_appendix_a() {
        let expected = [
            "T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o",
            "Suiu29qbfuaBaR4Ats-c6XQBePB_OpAxAwcTR_0KXVM",
            "tRn1JNIkgMsABVQBlXeDHxAIcclh-2IX0UdDEzPt5XU",
        ];
        for ((alg, _), expected) in ML_DSA.into_iter().zip(expected) {
            let key = Jwk::generate(alg, &mut Zeros).unwrap();
            assert_eq!(key.expose_secret_member("priv"), Some(&[0; 32][..]));
            assert_eq!(key.thumbprint(jose_jwk::Hash::Sha256).unwrap().to_string(), expected);
            assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
        }
    }

    /// Covers B10.
    #[test]
    fn a_seed_of_another_key_is_refused() {
        assert_eq!(Jwk::from_json(akp("ML-DSA-44", 1312, Some(32))), Err(Error::KeyMismatch));
    }

    /// Covers K07.
    #[test]
    fn ml_dsa() {
        use ::ml_dsa::{Keypair, MlDsa44, MlDsa65, SigningKey, VerifyingKey};
        let jwk = Jwk::generate(JwsAlg::MlDsa65, &mut jose_jwk::SysRng).unwrap();
        let secret = SigningKey::<MlDsa65>::try_from(&jwk).unwrap();
        let public = VerifyingKey::<MlDsa65>::try_from(&jwk).unwrap();
        assert!(secret.verifying_key() == public);
        assert_eq!(Jwk::from(&secret), jwk);
        assert_eq!(jose_jwk::PublicJwk::from(&public), jwk.to_public().unwrap());
        assert_eq!(VerifyingKey::<MlDsa44>::try_from(&jwk).err(), Some(wrong_key(&jwk, "ML-DSA-44")));
        let public = Jwk::from(jwk.to_public().unwrap());
        assert_eq!(SigningKey::<MlDsa65>::try_from(&public).err(), Some(NOT_PRIVATE));
    }
}

/// Covers K31.
#[cfg(not(feature = "ml-dsa"))]
#[test]
fn ml_dsa_is_disabled() {
    assert_eq!(Jwk::generate(JwsAlg::MlDsa44, &mut Zeros), Err(Error::Disabled { feature: "ml-dsa" }));
}

/// Covers K28, K32.
#[cfg(feature = "ed448")]
#[test]
fn a_private_part_of_another_ed448_key_is_refused() {
    let jwk = Jwk::from_json(ED448).unwrap();
    let other = Jwk::generate(Curve::Ed448, &mut jose_jwk::SysRng).unwrap();
    assert_ne!(other, jwk);
    let d = |key: &Jwk| jose_b64::base64url::encode_to_string(key.expose_secret_member("d").unwrap());
    assert_eq!(Jwk::from_json(ED448.replace(&d(&jwk), &d(&other))), Err(Error::KeyMismatch));
}

/// Covers K28, K32.
#[cfg(feature = "x448")]
#[test]
fn a_private_part_of_another_x448_key_is_refused() {
    let jwk = Jwk::from_json(X448).unwrap();
    let other = Jwk::generate(Curve::X448, &mut jose_jwk::SysRng).unwrap();
    assert_ne!(other, jwk);
    let d = |key: &Jwk| jose_b64::base64url::encode_to_string(key.expose_secret_member("d").unwrap());
    assert_eq!(Jwk::from_json(X448.replace(&d(&jwk), &d(&other))), Err(Error::KeyMismatch));
    // The point of order two.
    let zero =
        format!(r#"{{"kty":"OKP","crv":"X448","x":"{}"}}"#, jose_b64::base64url::encode_to_string(&[0; 56]));
    assert_eq!(Jwk::from_json(zero), Err(Error::Weak(jose_jwk::Weakness::SmallOrder)));
}

/// Covers K07, K28, K32.
#[cfg(all(feature = "ed448", feature = "prerelease"))]
#[test]
fn ed448() {
    use ed448_goldilocks::{SigningKey, VerifyingKey};
    let jwk = Jwk::from_json(ED448).unwrap();
    let (secret, public) = (SigningKey::try_from(&jwk).unwrap(), VerifyingKey::try_from(&jwk).unwrap());
    assert_eq!(secret.verifying_key(), public);
    assert_eq!(Jwk::from(&secret), jwk);
    assert_eq!(jose_jwk::PublicJwk::from(&public), jwk.to_public().unwrap());
}

/// Covers K07, K28, K32.
#[cfg(all(feature = "x448", feature = "prerelease"))]
#[test]
fn x448() {
    use x448::{PublicKey, StaticSecret};
    let jwk = Jwk::from_json(X448).unwrap();
    let (secret, public) = (StaticSecret::try_from(&jwk).unwrap(), PublicKey::try_from(&jwk).unwrap());
    assert_eq!(PublicKey::from(&secret), public);
    assert_eq!(jose_jwk::PublicJwk::from(&public), jwk.to_public().unwrap());
    assert_eq!(Jwk::from(&secret).to_public(), jwk.to_public());
}

/// Covers K28.
#[cfg(not(any(feature = "ed448", feature = "x448")))]
#[test]
fn the_curves_of_448_bits_are_disabled() {
    for (curve, feature) in [(Curve::Ed448, "ed448"), (Curve::X448, "x448")] {
        assert_eq!(Jwk::generate(curve, &mut Zeros), Err(Error::Disabled { feature }));
    }
}
