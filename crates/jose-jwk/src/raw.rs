//! Keys as the bare bytes that other protocols pass around, such as VAPID (RFC 8292).

use alloc::vec::Vec;

use jose_b64::Secret;
use jose_jwa::{Curve, KeyType};

use crate::error::Error;
use crate::jwk::Jwk;
use crate::key;
use crate::params::Params;
use crate::public::PublicJwk;

impl PublicJwk {
    /// Reads a public key from its bytes: an uncompressed point on the curves of `EC` keys (SEC 1 section 2.3.3), 65 bytes
    /// on P-256, and the encoded public key on those of `OKP` keys.
    ///
    /// # Errors
    ///
    /// [`Error::NotOnCurve`] or [`Error::Member`] if the bytes are not a public key of the curve.
    pub fn from_raw(curve: Curve, bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = bytes.as_ref();
        let params = Params::new(curve.key_type(), Some(curve));
        let params = if curve.key_type() == KeyType::Ec {
            let point = bytes
                .strip_prefix(&[4])
                .filter(|point| point.len() == curve.coordinate_len().saturating_mul(2));
            let (x, y) = point
                .unwrap_or_default()
                .split_at_checked(curve.coordinate_len())
                .ok_or(Error::NotOnCurve)?;
            params.with_public("x", x).with_public("y", y)
        } else {
            params.with_public("x", bytes)
        };
        key::check(&params)?;
        Ok(Self::from_params(params))
    }

    /// The bytes of the public key, as [`PublicJwk::from_raw`] reads them.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if the key is not on a curve.
    pub fn to_raw(&self) -> Result<Vec<u8>, Error> {
        let params = &self.as_jwk().params;
        match params.kty {
            KeyType::Ec => Ok([&[4], params.public("x")?, params.public("y")?].concat()),
            KeyType::Okp => Ok(params.public("x")?.to_vec()),
            _ => Err(params.wrong_key("a curve")),
        }
    }
}

impl Jwk {
    /// Reads a private key from its bytes: the scalar on the curves of `EC` keys, 32 bytes on P-256, and the seed on those of
    /// `OKP` keys. The public key is computed. [`Jwk::expose_secret_member`] returns them (`"d"`).
    ///
    /// # Errors
    ///
    /// [`Error::Member`] if the bytes are not a private key of the curve; [`Error::Disabled`] if this build cannot compute on
    /// it.
    pub fn from_raw_private(curve: Curve, bytes: impl Into<Secret>) -> Result<Self, Error> {
        let params = Params::new(curve.key_type(), Some(curve)).with_secret("d", bytes);
        key::complete(params).map(Self::from_params)
    }
}
