use alloc::string::String;
use alloc::vec;

use jose_jws::compact;
use serde::de::DeserializeOwned;

use crate::claims::Claims;
use crate::error::Error;
use crate::registered::Registered;

/// The contents of an unverified JWT, which anyone may have written.
///
/// It is not accepted where a verified one is asked for:
///
/// ```compile_fail
/// # use jose_jwt::{NoClaims, Verified, dangerous_decode};
/// fn serve(jwt: &Verified<NoClaims>) {}
/// serve(&dangerous_decode::<NoClaims>("").unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct Unverified<T> {
    header: String,
    claims: Claims<T>,
}

impl<T> Unverified<T> {
    /// The JSON text of the header.
    #[must_use]
    pub fn header_text(&self) -> &str {
        &self.header
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }
}

/// Decodes a signed JWT **without verifying anything**: for logs and diagnosis, never for a decision.
///
/// # Errors
///
/// [`Error::Jws`] if it is not a compact JWS; [`Error::NotClaims`], [`Error::Claim`] or [`Error::ClaimsType`] if its payload
/// is not a claims set of the type `T`.
pub fn dangerous_decode<T: DeserializeOwned>(token: &str) -> Result<Unverified<T>, Error> {
    let mut buffer = vec![0; token.len()];
    let (header, payload) = compact::Unverified::parse(token)?.dangerous_decode_into(&mut buffer)?;
    let claims = Claims::read(&Registered::read(payload)?)?;
    Ok(Unverified { header: String::from(header.text()), claims })
}
