//! G2: a refusal whose error tells little tells its cause to the log, and nothing of the JWT.

use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{JweAlg, JweEnc, Jwk, SysRng};
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, NumericDate, Token};

use crate::with_heap::help::{claims, key, now, token, verifier};

#[path = "../../../jose-jws/tests/all/log.rs"]
mod log;
use log::heard;

/// Covers G2.
#[test]
fn a_forged_jwt_is_told_of() {
    let forged = format!("{}.{}", token(claims("")).rsplit_once('.').unwrap().0, "A".repeat(43));
    let (error, told) = heard(|| verifier().at(now()).verify::<NoClaims>(&forged).err());
    assert_eq!(error, Some(Error::Jws(jose_jws::Error::Signature)));
    let line = r#"DEBUG jose_jws message=signature cause="refused-by-key" alg="HS256" signature_len=32"#;
    assert_eq!(told, [line]);
    // What is wrong with the claims, the error says itself.
    let late = NumericDate::from_seconds(9_000_000_000);
    let (error, told) = heard(|| verifier().at(late).verify::<NoClaims>(&token(claims(""))).err());
    assert!(matches!(error, Some(Error::Expired { .. })) && told.is_empty(), "{told:?}");
}

/// Covers G2.
#[test]
fn a_jwt_that_is_not_decrypted_is_told_of() {
    let jwk = Jwk::from_octets(vec![7; 16]).unwrap();
    let encrypts = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let decrypts = DecryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let good = Token::at(&Claims::new(), now())
        .sign_then_encrypt(&key(), &encrypts, JweEnc::A128Gcm, &mut SysRng)
        .unwrap();
    let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, "A".repeat(22));
    let verifier = JwtVerifier::nested(key(), decrypts).any_issuer().any_audience().expiry_optional();
    let verify = |token: &str| heard(|| verifier.at(now()).rng(&mut SysRng).verify::<NoClaims>(token).err());
    assert_eq!(verify(&good), (None, vec![]));
    let line = r#"DEBUG jose_jwe message=decryption step="tag" alg="A128KW" enc="A128GCM""#;
    assert_eq!(verify(&forged), (Some(Error::Jwe(jose_jwe::Error::Decryption)), vec![line.to_owned()]));
}
