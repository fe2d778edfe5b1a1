//! Messages that bring the key that verifies them (`jwk`, RFC 7515 section 4.1.3).
//!
//! Such a signature says that its maker has the private key, and nothing about who that is. It is for protocols that
//! compare the key or its thumbprint with one that they know by other ways, as DPoP does (RFC 9449). No other call of
//! this crate looks at `jwk`, and none follows `jku` or `x5u`.

use alloc::string::String;
use alloc::vec::Vec;

use jose_jwk::{AlgSet, Hash, JwsAlg, PublicJwk, Thumbprint};

use crate::compact::Unverified;
use crate::json::{self, Form, Require};
use crate::{Error, JoseHeader, VerifyingKey};

/// Verifies a compact JWS with the public key in its own header, for one of the allowed algorithms.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256"))] {
/// use jose_jwk::header::HeaderBuilder;
/// use jose_jwk::{AlgSet, Curve, Hash, Jwk, JwsAlg, SysRng};
/// use jose_jws::{SigningKey, compact, embedded};
/// let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
/// let members = HeaderBuilder::new().jwk(&jwk.to_public()?)?;
/// let token = compact::sign(&SigningKey::try_from(&jwk)?, &members.header(), b"proof")?;
///
/// let verified = embedded::verify(&token, AlgSet::of(&[JwsAlg::Es256]))?;
/// assert_eq!(verified.payload(), b"proof");
/// assert_eq!(*verified.thumbprint(), jwk.thumbprint(Hash::Sha256)?);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Header`] where the header has no `jwk`; [`Error::Key`] where that is no key, a private or a symmetric one, or
/// cannot serve any of the algorithms; otherwise as [`Unverified::verify`].
pub fn verify<T: AsRef<[u8]> + ?Sized>(token: &T, allowed: AlgSet<JwsAlg>) -> Result<Embedded, Error> {
    verify_parsed(&Unverified::parse(token)?, allowed)
}

/// The same for a message that was split already, with what the caller [understands](Unverified::understanding).
///
/// # Errors
///
/// As [`verify`].
pub fn verify_parsed(jws: &Unverified<'_>, allowed: AlgSet<JwsAlg>) -> Result<Embedded, Error> {
    let key = key_in(JoseHeader::parse(&jws.dangerous_header()?)?)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(key.as_jwk(), allowed)?)?;
    Embedded::new(key, jws.alg(), jws.header(), jws.payload())
}

/// Verifies a flattened JWS with the public key in its protected header, as the requests of ACME are verified that make
/// an account (RFC 8555 section 6.2). A `jwk` in the unprotected header is not looked at.
///
/// # Errors
///
/// As [`verify`], and [`Error::Member`] where the message is not a flattened one.
pub fn verify_flattened<T: AsRef<[u8]> + ?Sized>(
    text: &T,
    allowed: AlgSet<JwsAlg>,
) -> Result<Embedded, Error> {
    let jws = json::Unverified::parse(text)?;
    let (Form::Flattened, Some((header, _))) = (jws.form(), jws.dangerous_headers().next()) else {
        return Err(Error::Member("signatures"));
    };
    let key = key_in(header)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(key.as_jwk(), allowed)?, Require::All)?;
    let signature = jws.signatures().iter().next().ok_or(Error::SignaturesTooFew)?;
    Embedded::new(key, signature.alg(), signature.header(), jws.payload())
}

fn key_in(header: JoseHeader<'_>) -> Result<PublicJwk, Error> {
    let jwk = header.get("jwk").ok_or(jose_jwk::Error::Missing("jwk"))?;
    PublicJwk::from_json(jwk.raw()).map_err(Error::Key)
}

/// A message that was verified with the key that it brought. Whether that is the right key is for the caller to say.
#[derive(Clone, Debug)]
pub struct Embedded {
    payload: Vec<u8>,
    header: String,
    alg: JwsAlg,
    key: PublicJwk,
    thumbprint: Thumbprint,
}

impl Embedded {
    fn new(key: PublicJwk, alg: JwsAlg, header: JoseHeader<'_>, payload: &[u8]) -> Result<Self, Error> {
        let thumbprint = key.as_jwk().thumbprint(Hash::Sha256).map_err(Error::Key)?;
        Ok(Self { payload: payload.to_vec(), header: header.text().into(), alg, key, thumbprint })
    }

    /// The payload, from whoever has the private key.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        // It was read once already.
        JoseHeader::parse(self.header.as_bytes()).unwrap_or_default()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &PublicJwk {
        &self.key
    }

    /// The key's thumbprint with SHA-256 (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}
