//! W01, A5, A6: every pair of key and algorithm of this build, from the tables.

use jose_jwk::{Curve, Jwk, KeySpec, KeyType};
use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::compact::Unverified;
use jose_jws::{AlgSet, Error, Header, JwsAlg, Key, Sign, SigningKey, VerifyingKey, compact, stream};

use crate::help::Random;

/// Whether this build has the algorithm on this curve.
fn is_built(alg: JwsAlg, curve: Option<Curve>) -> bool {
    match (alg, curve) {
        (JwsAlg::EdDsa | JwsAlg::Ed448, Some(Curve::Ed448)) => cfg!(feature = "ed448"),
        (JwsAlg::MlDsa44 | JwsAlg::MlDsa65 | JwsAlg::MlDsa87, _) => cfg!(feature = "ml-dsa"),
        _ => true,
    }
}

/// A key for each algorithm and curve of the registry, and for its keys' other uses.
fn every_key() -> Vec<Jwk> {
    let rsa = Jwk::from_json(crate::keys::RSA).unwrap();
    let mut keys = vec![rsa, Jwk::from_octets(vec![7; 64]).unwrap()];
    for curve in Curve::ALL {
        keys.extend(Jwk::generate(*curve, &mut Random(1)).ok());
    }
    for alg in JwsAlg::ALL.iter().filter(|alg| alg.key_type() == KeyType::Akp) {
        keys.extend(Jwk::generate(KeySpec::from(*alg), &mut Random(1)).ok());
    }
    keys
}

/// Covers W01, A5, A6.
#[test]
fn only_the_right_pairs_work() {
    let keys = every_key();
    let mut served = AlgSet::EMPTY;
    let mut pairs: Vec<(VerifyingKey, String)> = Vec::new();
    for key in &keys {
        let serves = JwsAlg::for_key(key.key_type(), key.curve());
        for alg in JwsAlg::ALL.iter().copied() {
            // A key of type AKP names its one algorithm.
            let names = key.key_type() != KeyType::Akp || key.alg() == Some(&alg.into());
            let expected = serves.contains(alg) && names && is_built(alg, key.curve());
            let signing = SigningKey::from_jwk(key, alg);
            let verifying = VerifyingKey::from_jwk(key, alg);
            assert_eq!((signing.is_ok(), verifying.is_ok()), (expected, expected), "{alg}, {key:?}");
            if let (Ok(signing), Ok(verifying)) = (signing, verifying) {
                served = served.with(alg);
                let token = compact::sign(&signing, b"payload", &Header::new()).unwrap();
                assert_eq!(compact::verify(&verifying, &token).unwrap().alg(), alg);
                let apart = compact::sign_detached(&signing, b"payload", &Header::new()).unwrap();
                assert!(compact::verify_detached(&verifying, &apart, b"payload").is_ok(), "{alg}");
                assert!(compact::verify_detached(&verifying, &apart, b"Payload").is_err(), "{alg}");
                let jws = Unverified::parse(&apart).unwrap();
                let streams = (
                    stream::Signer::new(&signing, &Header::new()).is_ok(),
                    stream::Verifier::new(&verifying, &jws).is_ok(),
                );
                let hashed = alg.hash().is_some();
                assert_eq!(streams, (hashed, hashed), "{alg}");
                pairs.push((verifying, token));
            }
        }
    }
    // What the registry has is here, or its feature is off.
    for alg in JwsAlg::ALL.iter().copied() {
        let built = alg.curves().is_empty() || alg.curves().iter().any(|curve| is_built(alg, Some(*curve)));
        assert_eq!(served.contains(alg), built && is_built(alg, alg.curve()), "{alg}");
    }
    for (index, (verifying, _)) in pairs.iter().enumerate() {
        for (other, (_, token)) in pairs.iter().enumerate().filter(|(other, _)| *other != index) {
            let error = compact::verify(verifying, token).unwrap_err();
            // `EdDSA` names two curves: the algorithm may be right and the key is not.
            let expected = ["algorithm-not-allowed", "signature"];
            assert!(expected.contains(&error.code()), "{index} takes the token of {other}: {error:?}");
        }
    }
}

/// Without its feature an algorithm is disabled, and not unknown.
///
/// Covers W01.
#[test]
fn what_a_build_lacks_is_disabled() {
    let key = Jwk::from_json(
        r#"{"kty":"OKP","crv":"Ed448","x":"X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA"}"#,
    )
    .unwrap();
    for alg in [JwsAlg::Ed448, JwsAlg::EdDsa] {
        let expected = if cfg!(feature = "ed448") { None } else { Some("algorithm-disabled") };
        assert_eq!(VerifyingKey::from_jwk(&key, alg).err().map(|error| error.code()), expected);
    }
}

/// C4: with Ed448 too, `S` lies below the order of the group, and `R` is not of small order.
///
/// Covers C4.
#[cfg(feature = "ed448")]
#[test]
fn ed448_is_strict() {
    let key = Jwk::generate(Curve::Ed448, &mut Random(5)).unwrap();
    let token =
        compact::sign(&SigningKey::from_jwk(&key, JwsAlg::Ed448).unwrap(), b"{}", &Header::new()).unwrap();
    let key = VerifyingKey::from_jwk(&key, JwsAlg::Ed448).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
    let refused = |octets: &[u8]| {
        let token = format!("{input}.{}", jose_b64::base64url::encode_to_string(octets));
        Unverified::parse(&token).unwrap().verify(&key).map(|_| ()).err()
    };
    assert_eq!(refused(&signature), None);
    // The order of the group, little-endian (RFC 8032 section 5.2).
    let order = crate::help::hex(
        "f34458ab92c27823558fc58d72c26c219036d6ae49db4ec4e923ca7cffffffffffffffffffffffffffffffffffffffffffffff\
         ffffffff3f00",
    );
    let mut high = signature.clone();
    let mut carry = 0_u16;
    for (octet, add) in high[57..].iter_mut().zip(&order) {
        carry += u16::from(*octet) + u16::from(*add);
        *octet = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    assert_eq!(refused(&high), Some(Error::Signature));
    // The neutral element and the point of order two, as `R`.
    for first in [[1_u8; 1], [0xfe; 1]] {
        let mut small = signature.clone();
        small[..57].fill(if first == [1] { 0 } else { 0xff });
        small[0] = first[0];
        if first != [1] {
            small[28] = 0xfe;
            small[56] = 0;
        }
        assert_eq!(refused(&small), Some(Error::Signature));
    }
    for len in 0..signature.len() {
        assert_eq!(refused(&signature[..len]), Some(Error::Signature), "{len} bytes");
    }
}

/// A public key of small order verifies nothing: it is refused where it is prepared.
///
/// Covers B10.
#[cfg(feature = "ed448")]
#[test]
fn an_ed448_key_of_small_order_is_refused() {
    // y = -1: the point of order two.
    let mut y = [0xff_u8; 57];
    (y[0], y[28], y[56]) = (0xfe, 0xfe, 0);
    let text =
        format!(r#"{{"kty":"OKP","crv":"Ed448","x":"{}"}}"#, jose_b64::base64url::encode_to_string(&y));
    let error = Jwk::from_json(&text)
        .map_err(Error::Key)
        .and_then(|key| VerifyingKey::from_jwk(&key, JwsAlg::Ed448))
        .unwrap_err();
    use jose_jwk::Error::{NotOnCurve, Weak};
    let expected = [NotOnCurve, Weak(jose_jwk::Weakness::SmallOrder)].map(Error::Key);
    assert!(expected.contains(&error), "{error:?}");
}

/// A point has one encoding (RFC 8032 section 5.2.3): the bits that it leaves unused are zero.
///
/// Covers B10, C4.
#[cfg(feature = "ed448")]
#[test]
fn an_ed448_key_has_one_encoding() {
    let key = crate::help::jwk(crate::keys::ED448);
    let x = key.to_public().unwrap().as_jwk().public_member("x").unwrap().to_vec();
    let prepared = |x: &[u8]| {
        let text =
            format!(r#"{{"kty":"OKP","crv":"Ed448","x":"{}"}}"#, jose_b64::base64url::encode_to_string(x));
        let key = Jwk::from_json(&text).map_err(Error::Key)?;
        VerifyingKey::from_jwk(&key, JwsAlg::Ed448).map(|_| ())
    };
    assert_eq!(prepared(&x), Ok(()));
    for bit in 0..7 {
        let mut other = x.clone();
        other[56] |= 1 << bit;
        assert_eq!(prepared(&other), Err(Error::Key(jose_jwk::Error::NotOnCurve)), "bit {bit}");
    }
}

/// C6: ML-DSA is deterministic by default and hedged on request.
///
/// Covers C6.
#[cfg(feature = "ml-dsa")]
#[test]
fn ml_dsa_is_hedged_on_request() {
    for alg in [JwsAlg::MlDsa44, JwsAlg::MlDsa65, JwsAlg::MlDsa87] {
        let key = Jwk::generate(KeySpec::from(alg), &mut Random(9)).unwrap();
        let sign = |key: &SigningKey| compact::sign(key, b"{}", &Header::new()).unwrap();
        let plain = SigningKey::from_jwk(&key, alg).unwrap();
        let hedged = SigningKey::randomized(&key, alg, || jose_jwk::SysRng).unwrap();
        assert_eq!(sign(&plain), sign(&plain));
        assert_ne!(sign(&hedged), sign(&hedged));
        let verifying = VerifyingKey::from_jwk(&key, alg).unwrap();
        assert!(compact::verify(&verifying, &sign(&plain)).is_ok());
        assert!(compact::verify(&verifying, &sign(&hedged)).is_ok());
        let broken = SigningKey::randomized(&key, alg, || crate::help::Broken).unwrap();
        assert_eq!(compact::sign(&broken, b"{}", &Header::new()).unwrap_err(), Error::Rng);
    }
}

/// A prepared key has its usual headers at hand, and a key of the caller's writes each: they are the same.
#[test]
fn a_header_at_hand_is_the_one_that_is_written() {
    let too_long = "k".repeat(20_000);
    for kid in [None, Some("key-1"), Some("\"\u{e9}\u{7f}\n"), Some(too_long.as_str())] {
        let mut jwk = Jwk::from_octets([7; 32]).unwrap();
        let mut plain = Key::<Hs256, _>::new(HmacKey::new(&[7; 32]).unwrap());
        if let Some(kid) = kid {
            (jwk, plain) = (jwk.with_kid(kid), plain.with_kid(kid));
        }
        let prepared = SigningKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap();
        let pointer: Box<dyn Sign> = Box::new(prepared.clone());
        let new = Header::new();
        let headers = [
            new,
            new.typ("JWT"),
            new.typ("jwt"),
            new.typ("at+jwt"),
            new.cty("JWT"),
            new.typ("JWT").cty("JWT"),
            new.typ("JWT").kid("key-1"),
            new.typ("JWT").parameters(r#"{"x":1}"#).unwrap(),
            new.parameters(r#"{"b64":false,"crit":["b64"]}"#).unwrap(),
        ];
        for header in headers {
            let written = compact::sign(&plain, b"payload", &header);
            assert_eq!(compact::sign(&prepared, b"payload", &header), written, "{header:?}");
            assert_eq!(compact::sign(&pointer, b"payload", &header), written, "{header:?}");
        }
    }
    let jwk = Jwk::from_octets([7; 32]).unwrap();
    let token = |jwk: &Jwk, header| {
        compact::sign(&SigningKey::from_jwk(jwk, JwsAlg::Hs256).unwrap(), b"payload", &header).unwrap()
    };
    assert!(token(&jwk, Header::new()).starts_with("eyJhbGciOiJIUzI1NiJ9."));
    let jwk = jwk.with_kid("key-1");
    let typed = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.";
    assert!(token(&jwk, Header::new().typ("JWT")).starts_with(typed));
}
