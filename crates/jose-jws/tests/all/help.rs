//! What several tests stand on.
#![allow(dead_code, reason = "not every build has all of the tests")]

use core::convert::Infallible;
use jose_jws::{Error, Header, Sign};

use rand_core::{TryCryptoRng, TryRng};

/// SplitMix64: the same bytes in each run. No generator for anything but tests.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        octets.iter_mut().for_each(|octet| *octet = self.next() as u8);
        Ok(())
    }
}

impl TryCryptoRng for Random {}

/// A generator that fails, always.
pub(crate) struct Broken;

impl TryRng for Broken {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, core::fmt::Error> {
        Err(core::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, core::fmt::Error> {
        Err(core::fmt::Error)
    }

    fn try_fill_bytes(&mut self, _octets: &mut [u8]) -> Result<(), core::fmt::Error> {
        Err(core::fmt::Error)
    }
}

impl TryCryptoRng for Broken {}

/// A header with this `kid`, if there is one.
pub(crate) fn named(kid: Option<&str>) -> Header<'_> {
    kid.map_or(Header::new(), |kid| Header::new().kid(kid))
}

/// The header of a payload that is not encoded (RFC 7797).
pub(crate) fn raw() -> Header<'static> {
    Header::new().parameters(r#"{"b64":false,"crit":["b64"]}"#).unwrap()
}

/// What a key makes of a message.
pub(crate) fn sign_raw<K: Sign + ?Sized>(key: &K, message: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = vec![0; key.max_signature_len()];
    let len = key.sign(&[message], &mut out)?;
    out.truncate(len);
    Ok(out)
}

#[cfg(feature = "alloc")]
pub(crate) use with_heap::*;

#[cfg(feature = "alloc")]
mod with_heap {
    use jose_b64::base64url::encode_to_string;
    use jose_jwk::Jwk;
    use jose_jws::json::{Builder, Headers};
    use jose_jws::{JwsAlg, Sign, SigningKey, VerifyingKey};

    use super::sign_raw;

    pub(crate) fn jwk(text: &str) -> Jwk {
        Jwk::from_json(text).unwrap()
    }

    pub(crate) fn public(text: &str) -> Jwk {
        jwk(text).to_public().unwrap().into()
    }

    pub(crate) fn signer(text: &str, alg: JwsAlg) -> SigningKey {
        SigningKey::from_jwk(jwk(text), alg).unwrap()
    }

    pub(crate) fn verifier(text: &str, alg: JwsAlg) -> VerifyingKey {
        VerifyingKey::from_jwk(jwk(text), alg).unwrap()
    }

    /// A message in JSON with these signatures.
    pub(crate) fn built<'p>(payload: &'p [u8], signatures: &[(&dyn Sign, Headers<'_>)]) -> Builder<'p> {
        let mut builder = Builder::new(payload);
        for (key, headers) in signatures {
            builder.sign(*key, *headers).unwrap();
        }
        builder
    }

    /// A token of parts that nobody has looked at.
    pub(crate) fn join(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, signature: &[u8]) -> String {
        let parts = [header.as_ref(), payload.as_ref(), signature].map(encode_to_string);
        parts.join(".")
    }

    /// A token under a header of any bytes, signed as it stands.
    pub(crate) fn forge<K: Sign + ?Sized>(key: &K, header: impl AsRef<[u8]>, payload: &[u8]) -> String {
        let input = format!("{}.{}", encode_to_string(header.as_ref()), encode_to_string(payload));
        let signature = sign_raw(key, input.as_bytes()).unwrap();
        format!("{input}.{}", encode_to_string(&signature))
    }

    /// The bytes of a hexadecimal text.
    pub(crate) fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }
}
