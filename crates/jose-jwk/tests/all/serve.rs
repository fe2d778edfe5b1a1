//! Which algorithms a key can serve.

use jose_jwk::{
    AlgSet, Curve, Error, JweAlg, JweEnc, Jwk, JwsAlg, KeyOp, KeySpec, Operation, SysRng, Usage, Weakness,
};

use crate::rfc::{EC_PRIVATE, RSA_PRIVATE};
use crate::support::{NOT_PRIVATE, signs, verifies, wrong_key};

const USE: Error = Error::Usage(Usage::UseForbids);

const fn ops(op: KeyOp) -> Error {
    Error::Usage(Usage::KeyOpsForbid { op })
}

const fn alg(wanted: &'static str) -> Error {
    Error::Usage(Usage::AlgForbids { wanted })
}

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
        assert_eq!(signs(&key), AlgSet::of(algs), "{curve}");
        assert_eq!(verifies(&key), AlgSet::of(algs), "{curve}");
        for alg in JwsAlg::ALL.iter().filter(|alg| !algs.contains(alg)) {
            let wrong = Err(wrong_key(&key, alg.as_str()));
            assert_eq!(key.check(Operation::Sign(*alg)), wrong, "{curve} {alg}");
        }
    }
}

/// Covers K24.
#[test]
fn a_public_key_signs_nothing() {
    let public = Jwk::from(Jwk::from_json(RSA_PRIVATE).unwrap().to_public().unwrap());
    let public =
        Jwk::from_json(public.to_public().unwrap().to_json().replace("\"alg\":\"RS256\",", "")).unwrap();
    assert!(signs(&public).is_empty());
    assert_eq!(public.check(Operation::Sign(JwsAlg::Rs256)), Err(NOT_PRIVATE));
    assert!(verifies(&public).contains(JwsAlg::Rs256));
    assert_eq!(public.check(Operation::Decrypt(JweAlg::RsaOaep)), Err(NOT_PRIVATE));
}

/// Covers K26, B10.
#[test]
fn secrets_shorter_than_the_digest_are_refused() {
    for len in [1_usize, 16, 31, 32, 47, 48, 63, 64, 65] {
        let key = Jwk::generate(KeySpec::Oct { len }, &mut SysRng).unwrap();
        for (alg, min) in [(JwsAlg::Hs256, 32), (JwsAlg::Hs384, 48), (JwsAlg::Hs512, 64)] {
            let short = Err(Error::Weak(Weakness::SecretTooShort { alg, found: len }));
            let expected = if len < min { short } else { Ok(()) };
            assert_eq!(key.check(Operation::Sign(alg)), expected, "{len} {alg}");
            assert_eq!(key.check(Operation::Verify(alg)), expected, "{len} {alg}");
        }
    }
    let empty = Jwk::from_json(r#"{"kty":"oct","k":""}"#).unwrap();
    let short = Weakness::SecretTooShort { alg: JwsAlg::Hs256, found: 0 };
    assert_eq!(empty.check(Operation::Verify(JwsAlg::Hs256)), Err(Error::Weak(short)));
}

/// Covers A5.
#[test]
fn what_the_key_says_of_itself_is_enforced() {
    let key = |members: &str| Jwk::from_json(EC_PRIVATE.replacen("\"use\":\"enc\"", members, 1)).unwrap();
    for (members, sign, agree) in [
        (r#""a":1"#, Ok(()), Ok(())),
        (r#""use":"sig""#, Ok(()), Err(USE)),
        (r#""use":"enc""#, Err(USE), Ok(())),
        (r#""use":"other""#, Err(USE), Err(USE)),
        (r#""key_ops":["sign"]"#, Ok(()), Err(ops(KeyOp::DeriveKey))),
        (r#""key_ops":["verify"]"#, Err(ops(KeyOp::Sign)), Err(ops(KeyOp::DeriveKey))),
        (r#""key_ops":["deriveBits"]"#, Err(ops(KeyOp::Sign)), Ok(())),
        (r#""key_ops":[]"#, Err(ops(KeyOp::Sign)), Err(ops(KeyOp::DeriveKey))),
        (r#""alg":"ES256""#, Ok(()), Err(alg("ECDH-ES"))),
        (r#""alg":"ECDH-ES""#, Err(alg("ES256")), Ok(())),
        (r#""alg":"ECDH-ES+A128KW""#, Err(alg("ES256")), Err(alg("ECDH-ES"))),
        (r#""alg":"es256""#, Err(alg("ES256")), Err(alg("ECDH-ES"))),
    ] {
        let key = key(members);
        assert_eq!(key.check(Operation::Sign(JwsAlg::Es256)), sign, "{members}");
        assert_eq!(key.check(Operation::Decrypt(JweAlg::EcdhEs)), agree, "{members}");
    }
}

/// The keys of `dir` fit the content encryption algorithms of their length, or the one that their `alg` names (RFC 7518
/// section 4.5); Integrated Encryption has none, and with every other algorithm the key does not matter.
#[test]
fn a_key_of_dir_fits_the_encryptions_of_its_length() {
    let oct = |members: &str| {
        let k = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Jwk::from_json(format!(r#"{{"kty":"oct","k":"{k}"{members}}}"#)).unwrap()
    };
    let both = AlgSet::of(&[JweEnc::A128CbcHs256, JweEnc::A256Gcm]);
    assert_eq!(oct("").encs(JweAlg::Dir), both);
    assert_eq!(oct(r#","alg":"dir""#).encs(JweAlg::Dir), both);
    assert_eq!(oct(r#","alg":"A256GCM""#).encs(JweAlg::Dir), JweEnc::A256Gcm.into());
    assert_eq!(oct(r#","alg":"A128CBC-HS256""#).encs(JweAlg::Dir), JweEnc::A128CbcHs256.into());
    assert_eq!(oct(r#","alg":"A128GCM""#).encs(JweAlg::Dir), AlgSet::EMPTY);
    assert_eq!(oct("").encs(JweAlg::A256Kw), AlgSet::all());
    let ec = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    assert_eq!(ec.encs(JweAlg::Dir), AlgSet::EMPTY);
    assert_eq!(ec.encs(JweAlg::Hpke0), AlgSet::EMPTY);
    assert_eq!(ec.encs(JweAlg::EcdhEs), AlgSet::all());
}

/// The Web Cryptography API writes an empty `key_ops` for the public keys of agreements: they encrypt by ECDH-ES and HPKE, and do
/// nothing else. A private key with an empty list does nothing, nor does a public one with operations that are not known.
#[test]
fn an_empty_list_of_operations_is_that_of_a_public_key_of_an_agreement() {
    let private = |ops: &str| {
        Jwk::from_json(EC_PRIVATE.replacen("\"use\":\"enc\"", &format!("\"key_ops\":{ops}"), 1)).unwrap()
    };
    let public = |ops: &str| {
        let (_, rest) = EC_PRIVATE.split_once("\"d\":\"").unwrap();
        let d = rest.split('"').next().unwrap();
        let text = EC_PRIVATE.replacen("\"use\":\"enc\"", &format!("\"key_ops\":{ops}"), 1);
        let text = text.replacen(&format!("\"d\":\"{d}\","), "", 1);
        let key = Jwk::from_json(text).unwrap();
        assert!(!key.is_private());
        key
    };
    let derive = Err(ops(KeyOp::DeriveKey));
    for alg in [JweAlg::EcdhEs, JweAlg::EcdhEsA128Kw, JweAlg::Hpke0, JweAlg::Hpke0Ke] {
        assert_eq!(public("[]").check(Operation::Encrypt(alg)), Ok(()), "{alg}");
        assert_eq!(public(r#"["other"]"#).check(Operation::Encrypt(alg)), derive, "{alg}");
        assert_eq!(private("[]").check(Operation::Encrypt(alg)), derive, "{alg}");
        assert_eq!(private("[]").check(Operation::Decrypt(alg)), derive, "{alg}");
    }
    assert_eq!(public("[]").check(Operation::Verify(JwsAlg::Es256)), Err(ops(KeyOp::Verify)));
    let rsa = Jwk::from_json(RSA_PRIVATE.replacen("\"alg\":\"RS256\"", "\"key_ops\":[]", 1)).unwrap();
    assert_eq!(rsa.check(Operation::Encrypt(JweAlg::RsaOaep)), Err(ops(KeyOp::WrapKey)));
}
