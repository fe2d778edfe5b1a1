//! Which algorithms a key can serve.

use jose_jwk::{AlgSet, Curve, Error, JweAlg, Jwk, JwsAlg, KeyOp, KeySpec, SysRng, Weakness};

use crate::rfc::{EC_PRIVATE, RSA_PRIVATE};

/// Covers K27.
#[test]
fn a_curve_is_bound_to_its_algorithm() {
    for (curve, algs) in [
        (Curve::P256, &[JwsAlg::Es256][..]),
        (Curve::P384, &[JwsAlg::Es384]),
        (Curve::P521, &[JwsAlg::Es512]),
        (Curve::Secp256k1, &[JwsAlg::Es256K]),
        (Curve::Ed25519, &[JwsAlg::EdDsa, JwsAlg::Ed25519]),
        (Curve::X25519, &[]),
    ] {
        let key = Jwk::generate(curve, &mut SysRng).unwrap();
        assert_eq!(key.jws_algs(KeyOp::Sign), AlgSet::of(algs), "{curve}");
        assert_eq!(key.jws_algs(KeyOp::Verify), AlgSet::of(algs), "{curve}");
        for alg in JwsAlg::ALL.iter().filter(|alg| !algs.contains(alg)) {
            assert_eq!(key.check_jws(*alg, KeyOp::Sign), Err(Error::WrongKey), "{curve} {alg}");
        }
    }
}

/// Covers K24.
#[test]
fn a_public_key_signs_nothing() {
    let public = Jwk::from(Jwk::from_json(RSA_PRIVATE).unwrap().to_public().unwrap());
    let public =
        Jwk::from_json(public.to_public().unwrap().to_json().replace("\"alg\":\"RS256\",", "")).unwrap();
    assert!(public.jws_algs(KeyOp::Sign).is_empty());
    assert_eq!(public.check_jws(JwsAlg::Rs256, KeyOp::Sign), Err(Error::NotPrivate));
    assert!(public.jws_algs(KeyOp::Verify).contains(JwsAlg::Rs256));
    assert_eq!(public.check_jwe(JweAlg::RsaOaep, true, true), Err(Error::NotPrivate));
}

/// Covers K26, B10.
#[test]
fn secrets_shorter_than_the_digest_are_refused() {
    for len in [1_usize, 16, 31, 32, 47, 48, 63, 64, 65] {
        let key = Jwk::generate(KeySpec::Oct { len }, &mut SysRng).unwrap();
        for (alg, min) in [(JwsAlg::Hs256, 32), (JwsAlg::Hs384, 48), (JwsAlg::Hs512, 64)] {
            let expected = if len < min { Err(Error::Weak(Weakness::SecretTooShort)) } else { Ok(()) };
            assert_eq!(key.check_jws(alg, KeyOp::Sign), expected, "{len} {alg}");
            assert_eq!(key.check_jws(alg, KeyOp::Verify), expected, "{len} {alg}");
        }
    }
    let empty = Jwk::from_json(r#"{"kty":"oct","k":""}"#).unwrap();
    assert_eq!(empty.check_jws(JwsAlg::Hs256, KeyOp::Verify), Err(Error::Weak(Weakness::SecretTooShort)));
}

/// Covers A5.
#[test]
fn what_the_key_says_of_itself_is_enforced() {
    let key = |members: &str| Jwk::from_json(EC_PRIVATE.replacen("\"use\":\"enc\"", members, 1)).unwrap();
    for (members, sign, agree) in [
        (r#""a":1"#, Ok(()), Ok(())),
        (r#""use":"sig""#, Ok(()), Err(Error::UseForbids)),
        (r#""use":"enc""#, Err(Error::UseForbids), Ok(())),
        (r#""use":"other""#, Err(Error::UseForbids), Err(Error::UseForbids)),
        (r#""key_ops":["sign"]"#, Ok(()), Err(Error::KeyOpsForbid)),
        (r#""key_ops":["verify"]"#, Err(Error::KeyOpsForbid), Err(Error::KeyOpsForbid)),
        (r#""key_ops":["deriveBits"]"#, Err(Error::KeyOpsForbid), Ok(())),
        (r#""key_ops":[]"#, Err(Error::KeyOpsForbid), Err(Error::KeyOpsForbid)),
        (r#""alg":"ES256""#, Ok(()), Err(Error::AlgForbids)),
        (r#""alg":"ECDH-ES""#, Err(Error::AlgForbids), Ok(())),
        (r#""alg":"ECDH-ES+A128KW""#, Err(Error::AlgForbids), Err(Error::AlgForbids)),
        (r#""alg":"es256""#, Err(Error::AlgForbids), Err(Error::AlgForbids)),
    ] {
        let key = key(members);
        assert_eq!(key.check_jws(JwsAlg::Es256, KeyOp::Sign), sign, "{members}");
        assert_eq!(key.check_jwe(JweAlg::EcdhEs, true, true), agree, "{members}");
    }
}
