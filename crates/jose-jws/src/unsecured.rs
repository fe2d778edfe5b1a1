//! Messages without any protection: `alg` is `none` (RFC 7515 appendix A.5, RFC 7518 section 3.6).
//!
//! Anyone can write one. No verifier takes one and nothing else in this crate makes one; what is read here has a type of
//! its own that says so.
//!
//! ```
//! use jose_jws::{Header, unsecured};
//! let token = unsecured::write(&Header::default(), b"payload")?;
//! assert_eq!(token, "eyJhbGciOiJub25lIn0.cGF5bG9hZA.");
//! assert_eq!(unsecured::read(&token)?.payload(), b"payload");
//! # Ok::<(), jose_jws::Error>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_jwk::header::{Header, JoseHeader};

use crate::output::{encode, write_header};
use crate::{Error, rules};

/// The one value of `alg` that this module knows.
const NONE: &str = "none";

/// Writes the message: header and payload, and an empty signature.
///
/// # Errors
///
/// [`Error::Header`] where `members` of the header cannot stand there or it is too long; [`Error::B64`] and
/// [`Error::Unencoded`] where it says that the payload is not encoded.
pub fn write(header: &Header<'_>, payload: &[u8]) -> Result<String, Error> {
    let mut text = String::new();
    if !write_header(NONE, header, &mut text)? {
        return Err(Error::Unencoded);
    }
    text.push('.');
    encode(payload, &mut text)?;
    text.push('.');
    Ok(text)
}

/// Reads such a message, and no other. What it says may come from anyone.
///
/// # Errors
///
/// [`Error::Segments`], [`Error::Encoding`] or [`Error::Header`] where it is malformed; [`Error::AlgorithmMissing`], and
/// [`Error::AlgorithmNotAllowed`] where `alg` is not `none`, to the octet; [`Error::Signature`] where it has a signature;
/// [`Error::B64`] and [`Error::Unencoded`].
pub fn read<T: AsRef<[u8]> + ?Sized>(token: &T) -> Result<Unsecured, Error> {
    let [header, payload, signature] = rules::segments(token.as_ref())?;
    let text = base64url::decode_to_vec(header)?;
    let header = JoseHeader::parse(&text)?;
    if header.alg().ok_or(Error::AlgorithmMissing)? != *NONE {
        return Err(Error::AlgorithmNotAllowed);
    }
    if !signature.is_empty() {
        return Err(Error::Signature);
    }
    rules::check_crit(&header, &[], &[])?;
    if !rules::is_encoded(&header)? {
        return Err(Error::Unencoded);
    }
    let payload = base64url::decode_to_vec(payload)?;
    Ok(Unsecured { header: text, payload })
}

/// A message that nothing protects: no signature was there to verify.
#[derive(Clone, Debug)]
pub struct Unsecured {
    header: Vec<u8>,
    payload: Vec<u8>,
}

impl Unsecured {
    /// The payload, from whoever wrote it.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The header, from whoever wrote it.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        // It was read once already.
        JoseHeader::parse(&self.header).unwrap_or_default()
    }
}
