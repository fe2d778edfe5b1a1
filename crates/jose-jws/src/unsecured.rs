//! Messages without any protection: `alg` is `none` (RFC 7515 appendix A.5, RFC 7518 section 3.6).
//!
//! Anyone can write one. No verifier accepts one, and nothing else in this crate creates one. What is read here has a type of
//! its own.
//!
//! ```
//! use jose_jws::{Header, unsecured};
//!
//! fn main() -> Result<(), jose_jws::Error> {
//!     let token = unsecured::write(b"payload", &Header::new())?;
//!     assert_eq!(token, "eyJhbGciOiJub25lIn0.cGF5bG9hZA.");
//!     assert_eq!(unsecured::read(&token)?.payload(), b"payload");
//!     Ok(())
//! }
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_jwa::header::{Header, HeaderIndex, JoseHeader};

use crate::error::{Error, Part};
use crate::header;
use crate::output::{Output, encode};

/// The one value of `alg` that this module knows.
const NONE: &str = "none";

/// Writes a message: header and payload, and an empty signature.
///
/// # Errors
///
/// [`Error::Header`] if the header breaks a rule or is too long; [`Error::B64`] and [`Error::Unencoded`] if it says that the
/// payload is not encoded.
pub fn write(payload: &[u8], header: &Header<'_>) -> Result<String, Error> {
    let mut text = Vec::new();
    if !header::write(NONE, header, &mut text)?.encoded {
        return Err(Error::Unencoded);
    }
    text.push(b'.');
    encode(payload, &mut text)?;
    text.push(b'.');
    text.into_text()
}

/// Reads such a message, and no other. Its contents may come from anyone.
///
/// # Errors
///
/// [`Error::Segments`], [`Error::Encoding`] or [`Error::Header`] if it is malformed; [`Error::AlgorithmMissing`];
/// [`Error::AlgorithmUnknown`] if `alg` is not exactly `none`; [`Error::Signature`] if it has a signature; [`Error::B64`] and
/// [`Error::Unencoded`].
pub fn read<T: AsRef<[u8]> + ?Sized>(token: &T) -> Result<Unsecured, Error> {
    let [text, payload, signature] = header::segments(token.as_ref())?;
    let text = base64url::decode_to_vec(text).map_err(Part::Header.error())?;
    let header = JoseHeader::parse(&text)?;
    if header.alg().ok_or(Error::AlgorithmMissing)? != NONE {
        return Err(Error::AlgorithmUnknown);
    }
    if !signature.is_empty() {
        return Err(Error::Signature);
    }
    header::check_crit(&header, &JoseHeader::EMPTY, &[])?;
    if !header::is_encoded(&header)? {
        return Err(Error::Unencoded);
    }
    let payload = base64url::decode_to_vec(payload).map_err(Part::Payload.error())?;
    Ok(Unsecured { index: header.index(), header: text, payload })
}

/// A message without any protection: there was no signature to verify.
#[derive(Clone, Debug)]
pub struct Unsecured {
    header: Vec<u8>,
    index: HeaderIndex,
    payload: Vec<u8>,
}

impl Unsecured {
    /// The payload, which anyone may have written.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The header, which anyone may have written.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.index.view(&self.header)
    }
}
