//! RustCrypto's key types, both ways.

use elliptic_curve::{PublicKey, SecretKey};
use jose_jwk::{Curve, Jwk, PublicJwk, SysRng};

use crate::rfc::{EC_PRIVATE, ED25519_PRIVATE, RSA_7638, RSA_PRIVATE, X25519_PRIVATE};
use crate::support::{NOT_PRIVATE, wrong_key};

macro_rules! ec {
    ($test:ident, $curve:ty, $name:expr) => {
        #[test]
        fn $test() {
            let jwk = Jwk::generate($name, &mut SysRng).unwrap();
            let secret = SecretKey::<$curve>::try_from(&jwk).unwrap();
            let public = PublicKey::<$curve>::try_from(&jwk).unwrap();
            assert_eq!(secret.public_key(), public);
            assert_eq!(secret.to_bytes().as_slice(), jwk.expose_secret_member("d").unwrap());
            assert_eq!(Jwk::from(&secret), jwk);
            assert_eq!(PublicJwk::from(&public), jwk.to_public().unwrap());
            let public = Jwk::from(PublicJwk::from(&public));
            assert_eq!(SecretKey::<$curve>::try_from(&public).unwrap_err(), NOT_PRIVATE);
            let other = Jwk::from_json(ED25519_PRIVATE).unwrap();
            assert_eq!(PublicKey::<$curve>::try_from(&other).unwrap_err(), wrong_key(&other, $name.as_str()));
            assert_eq!(SecretKey::<$curve>::try_from(&other).unwrap_err(), wrong_key(&other, $name.as_str()));
        }
    };
}

ec!(k07_p256, p256::NistP256, Curve::P256);
ec!(k07_p384, p384::NistP384, Curve::P384);
ec!(k07_p521, p521::NistP521, Curve::P521);
ec!(k07_k256, k256::Secp256k1, Curve::Secp256k1);

/// Covers K07.
#[test]
fn ed25519() {
    use ed25519_dalek::{SigningKey, VerifyingKey};
    let jwk = Jwk::from_json(ED25519_PRIVATE).unwrap();
    let secret = SigningKey::try_from(&jwk).unwrap();
    let public = VerifyingKey::try_from(&jwk).unwrap();
    assert_eq!(secret.verifying_key(), public);
    assert_eq!(Jwk::from(&secret), jwk);
    assert_eq!(PublicJwk::from(&public), jwk.to_public().unwrap());
    let public = Jwk::from(jwk.to_public().unwrap());
    assert_eq!(SigningKey::try_from(&public).unwrap_err(), NOT_PRIVATE);
    // The same bytes on another curve are another key.
    let other = Jwk::from_json(X25519_PRIVATE).unwrap();
    assert_eq!(VerifyingKey::try_from(&other).unwrap_err(), wrong_key(&other, "Ed25519"));
    assert_eq!(SigningKey::try_from(&other).unwrap_err(), wrong_key(&other, "Ed25519"));
}

/// Covers K07.
#[test]
fn x25519() {
    use x25519_dalek::{PublicKey, StaticSecret};
    let jwk = Jwk::from_json(X25519_PRIVATE).unwrap();
    let secret = StaticSecret::try_from(&jwk).unwrap();
    let public = PublicKey::try_from(&jwk).unwrap();
    assert_eq!(PublicKey::from(&secret), public);
    assert_eq!(Jwk::from(&secret), jwk);
    assert_eq!(PublicJwk::from(&public), jwk.to_public().unwrap());
    let other = Jwk::from_json(ED25519_PRIVATE).unwrap();
    assert_eq!(PublicKey::try_from(&other).unwrap_err(), wrong_key(&other, "X25519"));
    let public = Jwk::from(jwk.to_public().unwrap());
    assert!(matches!(StaticSecret::try_from(&public), Err(NOT_PRIVATE)));
}

/// Covers K07.
#[test]
fn rsa() {
    use rsa::{PrivateKey, PublicKey};
    let jwk = Jwk::from_json(RSA_PRIVATE).unwrap();
    let secret = PrivateKey::try_from(&jwk).unwrap();
    let public = PublicKey::try_from(&jwk).unwrap();
    assert_eq!(*secret.as_public_key(), public);
    let back = Jwk::try_from(&secret).unwrap();
    for member in ["n", "e"] {
        assert_eq!(back.public_member(member), jwk.public_member(member));
    }
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        assert_eq!(back.expose_secret_member(member), jwk.expose_secret_member(member));
    }
    assert_eq!(PublicJwk::try_from(&public).unwrap(), back.to_public().unwrap());
    assert_eq!(PrivateKey::try_from(&Jwk::from_json(RSA_7638).unwrap()).unwrap_err(), NOT_PRIVATE);
    let other = Jwk::from_json(EC_PRIVATE).unwrap();
    assert_eq!(PublicKey::try_from(&other).unwrap_err(), wrong_key(&other, "RSA"));
    assert_eq!(PrivateKey::try_from(&other).unwrap_err(), wrong_key(&other, "RSA"));
}
