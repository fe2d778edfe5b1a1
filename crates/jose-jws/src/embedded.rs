//! Messages that carry the key that verifies them (`jwk`, RFC 7515 section 4.1.3).
//!
//! Such a signature proves possession of the private key, but does not identify the signer. Use this only in protocols that
//! compare the key (or its thumbprint) with one obtained out of band, such as DPoP (RFC 9449). No other function of this
//! crate looks at `jwk`, and none follows `jku` or `x5u`.

use alloc::string::String;
use alloc::vec::Vec;

use jose_jwa::header::{HeaderError, HeaderIndex, JoseHeader};
use jose_jwa::{Hash, JwsAlg};
use jose_jwk::{Allowed, PublicJwk, Thumbprint};

use crate::compact::Unverified;
use crate::error::Error;
use crate::json::{self, Form, Require};
use crate::key::VerifyingKey;

/// Verifies a compact JWS with the public key in its own header, for one of the allowed algorithms.
///
/// ```
/// use jose_jws::jwk::{Curve, Hash, Jwk, JwsAlg, SysRng};
/// use jose_jws::{Parameters, SigningKey, compact, embedded};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
///     let parameters = Parameters::new().json("jwk", &jwk.to_public()?.to_json())?;
///     let token =
///         compact::sign(&SigningKey::try_from(&jwk)?, b"proof", &parameters.header())?;
///
///     let verified = embedded::verify(&token, JwsAlg::Es256)?;
///     assert_eq!(verified.payload(), b"proof");
///     assert_eq!(*verified.thumbprint(), jwk.thumbprint(Hash::Sha256)?);
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::Header`] if the header has no `jwk`; [`Error::Key`] if that is not a public key, or serves none of the
/// algorithms; otherwise those of [`Unverified::verify`].
pub fn verify<T: AsRef<[u8]> + ?Sized>(
    token: &T,
    allowed: impl Into<Allowed<JwsAlg>>,
) -> Result<Embedded, Error> {
    let jws = Unverified::parse(token)?;
    let key = key_in(JoseHeader::parse(&jws.dangerous_header()?)?)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(&key, allowed)?)?;
    Embedded::new(key, jws.alg(), jws.header(), jws.payload())
}

/// Verifies a flattened JWS with the public key in its protected header, such as an ACME request that creates an account
/// (RFC 8555 section 6.2). A `jwk` in the unprotected header is ignored.
///
/// # Errors
///
/// Those of [`verify`]; [`Error::Member`] if the message is not a flattened one.
pub fn verify_flattened<T: AsRef<[u8]> + ?Sized>(
    text: &T,
    allowed: impl Into<Allowed<JwsAlg>>,
) -> Result<Embedded, Error> {
    let jws = json::Unverified::parse(text)?;
    let (Form::Flattened, Some((header, _))) = (jws.form(), jws.dangerous_headers().next()) else {
        return Err(Error::Member("signatures"));
    };
    let key = key_in(header)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(&key, allowed)?, Require::All)?;
    let signature = jws.signatures().iter().next().ok_or(Error::SignaturesTooFew)?;
    Embedded::new(key, signature.alg(), signature.header(), jws.payload())
}

fn key_in(header: JoseHeader<'_>) -> Result<PublicJwk, Error> {
    let jwk = header.get("jwk").ok_or(HeaderError::Missing("jwk"))?;
    let jwk = jwk.as_object().ok_or(HeaderError::Invalid("jwk"))?;
    Ok(PublicJwk::from_object(jwk)?)
}

/// A message that was verified with the key that it carries. The caller decides whether that is the right key.
#[derive(Clone, Debug)]
pub struct Embedded {
    payload: Vec<u8>,
    header: String,
    index: HeaderIndex,
    alg: JwsAlg,
    key: PublicJwk,
    thumbprint: Thumbprint,
}

impl Embedded {
    pub(crate) fn new(
        key: PublicJwk,
        alg: JwsAlg,
        header: JoseHeader<'_>,
        payload: &[u8],
    ) -> Result<Self, Error> {
        let thumbprint = key.as_jwk().thumbprint(Hash::Sha256)?;
        let (text, index) = (header.text().into(), header.index());
        Ok(Self { payload: payload.to_vec(), header: text, index, alg, key, thumbprint })
    }

    /// The payload, from the holder of the private key.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.index.view(self.header.as_bytes())
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The key.
    pub fn key(&self) -> &PublicJwk {
        &self.key
    }

    /// The key's thumbprint with SHA-256 (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}
