use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::ObjectWriter;
use jose_jwa::JwsAlg;
use jose_jwa::header::{Header, JoseHeader};

use crate::error::{Error, Part};
use crate::header::{self, Kid, Written, named};

/// The protected header of one signature.
#[derive(Clone, Copy, Debug)]
pub enum Protected<'h> {
    /// `alg`, then these parameters.
    Header(Header<'h>),
    /// JSON text that is written already, byte for byte.
    Text(&'h str),
    /// None: the unprotected header holds everything, `alg` included. Only a key for this one algorithm verifies that.
    Absent,
}

/// Both headers of one signature.
///
/// Functions that take `impl Into<Headers>` take a [`Header`] as well, as the protected header.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'h> {
    /// The header that is signed.
    pub protected: Protected<'h>,
    /// The header that is not, as the text of a JSON object with at least one member.
    pub unprotected: Option<&'h str>,
}

impl Default for Headers<'_> {
    /// `alg` and nothing else.
    fn default() -> Self {
        Header::new().into()
    }
}

impl<'h> From<Header<'h>> for Headers<'h> {
    fn from(header: Header<'h>) -> Self {
        Self { protected: Protected::Header(header), unprotected: None }
    }
}

impl<'h> From<&Header<'h>> for Headers<'h> {
    fn from(header: &Header<'h>) -> Self {
        (*header).into()
    }
}

/// One signature of a JWS being built, at first without its bytes.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// base64url; empty if there is none.
    pub(super) protected: String,
    pub(super) unprotected: Option<String>,
    pub(super) bytes: Vec<u8>,
}

impl Signature {
    /// Writes both headers. A protected header that is not given as text gets the key's `kid`, if neither has one.
    pub(super) fn new(
        alg: JwsAlg,
        kid: Option<&str>,
        headers: &Headers<'_>,
    ) -> Result<(Self, Written), Error> {
        let unprotected = match headers.unprotected {
            Some(text) => JoseHeader::parse(text.as_bytes())?,
            None => JoseHeader::EMPTY,
        };
        if headers.unprotected.is_some() && unprotected.is_empty() {
            return Err(Error::Member("header"));
        }
        let kid = kid.filter(|_| unprotected.kid().is_none());
        let (protected, text, mut written) = write_protected(alg, kid, headers.protected)?;
        let read = if text.is_empty() { JoseHeader::EMPTY } else { JoseHeader::parse(&text)? };
        header::check_unprotected(&read, &unprotected)?;
        if read.alg().is_none() {
            let found = header::alg(&unprotected)?;
            if found != alg {
                return Err(Error::AlgorithmNotAllowed { found, allowed: alg.into() });
            }
        }
        if let Some(own) = unprotected.kid() {
            written.kid = Kid::of(Some(own.chars()));
        }
        let unprotected = headers.unprotected.map(String::from);
        Ok((Self { protected, unprotected, bytes: Vec::new() }, written))
    }

    pub(super) fn write(&self, writer: &mut ObjectWriter<'_, String>) -> Result<(), jose_b64::Error> {
        if !self.protected.is_empty() {
            writer.string("protected", &self.protected)?;
        }
        if let Some(unprotected) = &self.unprotected {
            writer.raw("header", unprotected)?;
        }
        writer.base64url("signature", &self.bytes)?;
        Ok(())
    }
}

/// The protected header as base64url and as text.
fn write_protected(
    alg: JwsAlg,
    kid: Option<&str>,
    protected: Protected<'_>,
) -> Result<(String, Vec<u8>, Written), Error> {
    match protected {
        Protected::Header(header) => {
            let mut encoded = Vec::new();
            let written = header::write(alg.as_str(), &named(&header, kid), &mut encoded)?;
            let text = base64url::decode_to_vec(&encoded).map_err(Part::Header.error())?;
            // Base64url is ASCII.
            let encoded = String::from_utf8(encoded).map_err(|_| Error::Signing)?;
            Ok((encoded, text, written))
        }
        Protected::Text(text) => {
            let read = JoseHeader::parse(text.as_bytes())?;
            if read.is_empty() {
                return Err(Error::Member("protected"));
            }
            read.check_crit_as_written()?;
            if read.alg().is_some_and(|name| name != alg.as_str()) {
                let found = header::alg(&read)?;
                return Err(Error::AlgorithmNotAllowed { found, allowed: alg.into() });
            }
            let kid = Kid::of(read.kid().map(|kid| kid.chars()));
            let written = Written { encoded: header::is_encoded(&read)?, kid };
            Ok((base64url::encode_to_string(text.as_bytes()), text.as_bytes().to_vec(), written))
        }
        Protected::Absent => {
            let none = Kid::of(None::<core::iter::Empty<char>>);
            Ok((String::new(), Vec::new(), Written { encoded: true, kid: none }))
        }
    }
}
