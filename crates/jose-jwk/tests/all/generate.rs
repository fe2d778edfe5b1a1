//! New keys.

use core::convert::Infallible;

use jose_jwk::{Curve, Error, JweAlg, JweEnc, Jwk, JwsAlg, KeySpec, KeyType, Operation, SysRng, Weakness};

use crate::support::length;
use rand_core::{TryCryptoRng, TryRng};

/// A generator that fails.
pub(crate) struct Broken;

impl TryRng for Broken {
    type Error = core::fmt::Error;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(core::fmt::Error)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(core::fmt::Error)
    }
    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
        Err(core::fmt::Error)
    }
}

impl TryCryptoRng for Broken {}

/// A generator whose output is known: each byte one more than the last.
struct Counter(u8);

impl TryRng for Counter {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for octet in out {
            *octet = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// Covers K31, K32.
#[test]
fn every_curve() {
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::Ed25519, Curve::X25519] {
        let key = Jwk::generate(curve, &mut SysRng).unwrap();
        assert_eq!((key.curve(), key.is_private()), (Some(curve), true));
        assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
        assert_ne!(Jwk::generate(curve, &mut SysRng).unwrap(), key);
    }
}

/// Covers K31.
#[test]
fn symmetric_keys_are_as_long_as_the_digest() {
    for (alg, len) in [(JwsAlg::Hs256, 32), (JwsAlg::Hs384, 48), (JwsAlg::Hs512, 64)] {
        let key = Jwk::generate(alg, &mut SysRng).unwrap();
        assert_eq!(key.expose_secret_member("k").unwrap().len(), len);
        key.check(Operation::Sign(alg)).unwrap();
    }
    assert_eq!(Jwk::generate(KeySpec::Oct { len: 0 }, &mut SysRng), Err(length("k")));
}

/// RFC 7518 section 5.1: the length of the key of each content encryption algorithm.
///
/// Covers K31.
#[test]
fn a_key_of_dir_has_the_length_of_its_encryption() {
    for (enc, len) in [
        (JweEnc::A128CbcHs256, 32),
        (JweEnc::A192CbcHs384, 48),
        (JweEnc::A256CbcHs512, 64),
        (JweEnc::A128Gcm, 16),
        (JweEnc::A192Gcm, 24),
        (JweEnc::A256Gcm, 32),
    ] {
        let key = Jwk::generate(enc, &mut SysRng).unwrap();
        assert_eq!(key.expose_secret_member("k").unwrap().len(), len, "{enc}");
        assert!(key.encs(JweAlg::Dir).contains(enc), "{enc}");
    }
}

/// Covers K31.
#[test]
fn safe_defaults_for_an_algorithm() {
    for (alg, spec) in [
        (JwsAlg::Es256, KeySpec::Curve(Curve::P256)),
        (JwsAlg::Es512, KeySpec::Curve(Curve::P521)),
        (JwsAlg::EdDsa, KeySpec::Curve(Curve::Ed25519)),
        (JwsAlg::Ed25519, KeySpec::Curve(Curve::Ed25519)),
        (JwsAlg::Rs256, KeySpec::Rsa { bits: 3072 }),
        (JwsAlg::Ps512, KeySpec::Rsa { bits: 3072 }),
    ] {
        assert_eq!(KeySpec::from(alg), spec);
    }
}

/// Covers K31, K25.
#[test]
fn rsa_sizes() {
    let key = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap();
    assert_eq!(key.key_type(), KeyType::Rsa);
    let n = key.public_member("n").unwrap();
    assert!(n.len() == 256 && n[0] >= 0x80);
    assert_eq!(key.public_member("e"), Some(&[1, 0, 1][..]));
    assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
    for (bits, weakness) in [
        (1024, Weakness::ModulusTooSmall),
        (2047, Weakness::ModulusTooSmall),
        (16_385, Weakness::ModulusTooLarge),
    ] {
        assert_eq!(Jwk::generate(KeySpec::Rsa { bits }, &mut SysRng), Err(Error::Weak(weakness)));
    }
}

/// Covers K31, G6.
#[test]
fn the_given_generator_is_the_only_source() {
    let key = Jwk::generate(KeySpec::Oct { len: 4 }, &mut Counter(7)).unwrap();
    assert_eq!(key.expose_secret_member("k"), Some(&[7, 8, 9, 10][..]));
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::Ed25519, Curve::X25519] {
        assert_eq!(Jwk::generate(curve, &mut Counter(1)), Jwk::generate(curve, &mut Counter(1)));
        assert_eq!(Jwk::generate(curve, &mut Broken), Err(Error::Rng));
    }
    assert_eq!(Jwk::generate(KeySpec::Oct { len: 32 }, &mut Broken), Err(Error::Rng));
    assert_eq!(Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut Broken), Err(Error::Rng));
}
