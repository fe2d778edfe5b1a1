use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::ObjectWriter;
use jose_jwk::JwsAlg;
use jose_jwk::header::{Header, JoseHeader};

use crate::key::Sign;
use crate::output::write_header;
use crate::{Error, rules};

/// The protected header of one signature.
#[derive(Clone, Copy, Debug)]
pub enum Protected<'h> {
    /// `alg`, then these parameters.
    Header(Header<'h>),
    /// JSON text that is written already, to the octet.
    Text(&'h str),
    /// None: the unprotected header holds everything, `alg` included. Only a key that is good for this one algorithm
    /// verifies that.
    Absent,
}

impl Default for Protected<'_> {
    /// `alg` and nothing else.
    fn default() -> Self {
        Self::Header(Header::default())
    }
}

/// Both headers of one signature.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'h> {
    /// The header that is signed.
    pub protected: Protected<'h>,
    /// The header that is not, as the text of a JSON object with at least one member.
    pub unprotected: Option<&'h str>,
}

impl Headers<'_> {
    /// With the key's `kid` in a protected header that is not given as text, where neither header has one.
    pub(super) fn named<'h, K: Sign + ?Sized>(&'h self, key: &'h K) -> Result<Headers<'h>, Error> {
        let unprotected = parse_unprotected(self.unprotected)?;
        let protected = match &self.protected {
            Protected::Header(header) if unprotected.kid().is_none() => {
                Protected::Header(rules::named(header, key)?)
            }
            protected => *protected,
        };
        Ok(Headers { protected, ..*self })
    }
}

/// One signature of a JWS in the making, at first without its octets.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// base64url; empty where there is none.
    protected: String,
    unprotected: Option<String>,
    octets: Vec<u8>,
}

impl Signature {
    /// Of both headers. Gives back whether they say that the payload is encoded.
    pub(super) fn new(alg: JwsAlg, headers: &Headers<'_>) -> Result<(Self, bool), Error> {
        let (protected, text, is_encoded) = write_protected(alg, headers.protected)?;
        let read = if text.is_empty() { JoseHeader::default() } else { JoseHeader::parse(&text)? };
        let unprotected = parse_unprotected(headers.unprotected)?;
        rules::check_unprotected(&read, &unprotected)?;
        if read.alg().is_none() && rules::alg(&unprotected)? != alg {
            return Err(Error::AlgorithmNotAllowed);
        }
        let unprotected = headers.unprotected.map(String::from);
        Ok((Self { protected, unprotected, octets: Vec::new() }, is_encoded))
    }

    pub(super) fn with_octets(self, octets: &[u8]) -> Self {
        Self { octets: octets.to_vec(), ..self }
    }

    pub(super) fn protected(&self) -> &str {
        &self.protected
    }

    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }

    pub(super) fn write(&self, writer: &mut ObjectWriter<'_, String>) -> Result<(), Error> {
        if !self.protected.is_empty() {
            writer.string("protected", &self.protected)?;
        }
        if let Some(unprotected) = &self.unprotected {
            writer.raw("header", unprotected)?;
        }
        writer.base64url("signature", &self.octets)?;
        Ok(())
    }
}

/// The protected header as base64url and as text, and whether it says that the payload is encoded.
fn write_protected(alg: JwsAlg, protected: Protected<'_>) -> Result<(String, Vec<u8>, bool), Error> {
    match protected {
        Protected::Header(header) => {
            let mut encoded = String::new();
            let is_encoded = write_header(alg.as_str(), &header, &mut encoded)?;
            let text = base64url::decode_to_vec(encoded.as_bytes())?;
            Ok((encoded, text, is_encoded))
        }
        Protected::Text(text) => {
            let read = JoseHeader::parse(text.as_bytes())?;
            if read.iter().next().is_none() {
                return Err(Error::Member("protected"));
            }
            read.check_crit_as_written()?;
            if read.alg().is_some_and(|name| name != *alg.as_str()) {
                return Err(Error::AlgorithmNotAllowed);
            }
            let encoded = base64url::encode_to_string(text.as_bytes());
            Ok((encoded, text.as_bytes().to_vec(), rules::is_encoded(&read)?))
        }
        Protected::Absent => Ok((String::new(), Vec::new(), true)),
    }
}

fn parse_unprotected(text: Option<&str>) -> Result<JoseHeader<'_>, Error> {
    let Some(text) = text else { return Ok(JoseHeader::default()) };
    let header = JoseHeader::parse(text.as_bytes())?;
    if header.iter().next().is_none() { Err(Error::Member("header")) } else { Ok(header) }
}
