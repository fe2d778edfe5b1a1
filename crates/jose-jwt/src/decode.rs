use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jose_b64::json;
use jose_jwa::header::HeaderError;
use jose_jws::compact;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The contents of an unverified JWT, which anyone may have written.
///
/// It is not accepted where a verified one is asked for:
///
/// ```compile_fail
/// use jose_jwt::{NoClaims, Verified, dangerous_decode};
///
/// fn serve(jwt: &Verified<NoClaims>) {}
/// serve(&dangerous_decode("e30.e30.").unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct Unverified {
    header: String,
    claims: String,
}

impl Unverified {
    /// The JSON text of the header.
    #[must_use]
    pub fn header_text(&self) -> &str {
        &self.header
    }

    /// The JSON text of the claims.
    #[must_use]
    pub fn claims_text(&self) -> &str {
        &self.claims
    }

    /// The claims as this type, such as `serde_json::Value`.
    ///
    /// # Errors
    ///
    /// [`Error::ClaimsType`] if they are not of the type.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.claims).map_err(|error| Error::ClaimsType(error.to_string()))
    }
}

/// Decodes a signed JWT **without verifying anything**: for logs and diagnosis, never for a decision.
///
/// Header and claims are shown if they are base64url and JSON objects, whatever the types of their members.
///
/// ```
/// fn main() -> Result<(), jose_jwt::Error> {
///     let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.";
///     assert_eq!(jose_jwt::dangerous_decode(token)?.claims_text(), r#"{"sub":"alice"}"#);
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::Jws`] if it is not a compact JWS with a JSON object as its header; [`Error::NotClaims`] if its payload is not a
/// JSON object.
pub fn dangerous_decode(token: &str) -> Result<Unverified, Error> {
    let jws = compact::Unverified::parse(token)?.allow_padding();
    let object = |text: Vec<u8>| {
        let value = json::parse_with_depth(&text, json::MAX_DEPTH)?;
        value.as_object().map(|object| object.raw().to_string()).ok_or(jose_b64::Error::NotAnObject)
    };
    let header = object(jws.dangerous_header()?);
    let header = header.map_err(|error| jose_jws::Error::Header(HeaderError::Encoding(error)))?;
    let claims = object(jws.dangerous_payload()?).map_err(Error::NotClaims)?;
    Ok(Unverified { header, claims })
}
