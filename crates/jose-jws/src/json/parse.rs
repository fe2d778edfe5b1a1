use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::{self, Object, Value};
use jose_jwk::header::{JoseHeader, MAX_HEADER_LEN};

use crate::{Error, rules};

/// What a received message may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most octets of the serialized message. Without a limit by default: it is in memory already.
    pub max_len: usize,
    /// The most signatures of the general JSON serialization. 16 by default.
    pub max_signatures: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self { max_len: usize::MAX, max_signatures: 16 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A serialization of JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Compact (RFC 7515 section 7.1).
    Compact,
    /// Flattened JSON (RFC 7515 section 7.2.2).
    Flattened,
    /// General JSON (RFC 7515 section 7.2.1).
    General,
}

/// One signature as it was received.
pub(super) struct Entry<'t> {
    /// base64url of the protected header; empty where there is none.
    pub(super) protected: Cow<'t, str>,
    /// What it encodes.
    header: Vec<u8>,
    pub(super) unprotected: JoseHeader<'t>,
    pub(super) signature: Vec<u8>,
}

impl<'t> Entry<'t> {
    fn new(
        protected: Option<Cow<'t, str>>,
        unprotected: Option<Object<'t>>,
        signature: &str,
    ) -> Result<Self, Error> {
        let header = match &protected {
            Some(protected) if base64url::decoded_len(protected.len()) > MAX_HEADER_LEN => {
                return Err(Error::Header(jose_jwk::Error::HeaderTooLong));
            }
            Some(protected) => base64url::decode_vec(protected.as_bytes())?,
            None => Vec::new(),
        };
        let unprotected = match unprotected {
            // What is empty is left away (RFC 7515 section 7.2.1).
            Some(object) if object.iter().next().is_none() => return Err(Error::Member("header")),
            Some(object) => JoseHeader::from_object(object)?,
            None => JoseHeader::default(),
        };
        let signature = base64url::decode_vec(signature.as_bytes())?;
        let entry = Self { protected: protected.unwrap_or_default(), header, unprotected, signature };
        let is_empty = !entry.protected.is_empty() && entry.header()?.iter().next().is_none();
        if is_empty {
            return Err(Error::Member("protected"));
        }
        rules::check_unprotected(&entry.header()?, &entry.unprotected)?;
        Ok(entry)
    }

    fn from_object(object: Object<'t>) -> Result<Self, Error> {
        let protected = match string(object, "protected")? {
            Some(text) if text.is_empty() => return Err(Error::Member("protected")),
            protected => protected,
        };
        let unprotected = match object.get("header") {
            Some(value) => Some(value.as_object().ok_or(Error::Member("header"))?),
            None => None,
        };
        if protected.is_none() && unprotected.is_none() {
            return Err(Error::Member("protected"));
        }
        let signature = string(object, "signature")?.ok_or(Error::Member("signature"))?;
        Self::new(protected, unprotected, &signature)
    }

    /// The protected header.
    pub(super) fn header(&self) -> Result<JoseHeader<'_>, Error> {
        if self.protected.is_empty() {
            Ok(JoseHeader::default())
        } else {
            Ok(JoseHeader::parse(&self.header)?)
        }
    }

    pub(super) fn header_text(&self) -> &[u8] {
        &self.header
    }
}

fn string<'t>(object: Object<'t>, name: &'static str) -> Result<Option<Cow<'t, str>>, Error> {
    match object.get(name) {
        Some(value) => Ok(Some(value.as_str().ok_or(Error::Member(name))?.to_cow())),
        None => Ok(None),
    }
}

/// A JWS as it was received: its members have the right types, its headers are well-formed, nothing of it is verified.
/// Nothing can be read before it is, but by the calls that say so.
pub struct Unverified<'t> {
    pub(super) form: Form,
    /// As it stands in the text; `None` where it is detached.
    pub(super) payload: Option<Cow<'t, str>>,
    pub(super) entries: Vec<Entry<'t>>,
    /// Whether the payload is base64url, by all of the signatures.
    pub(super) encoded: bool,
    pub(super) understood: &'t [&'t str],
    pub(super) unencoded: bool,
}

impl<'t> Unverified<'t> {
    /// Reads one of the two JSON serializations. Members that are not known are ignored (RFC 7515 section 7.2.1).
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where the text is not strict JSON or a member is not strict base64url; [`Error::Member`];
    /// [`Error::Header`] where a header breaks a rule or a parameter stands in both; [`Error::B64`] and
    /// [`Error::B64Mixed`]; [`Error::SignaturesTooMany`] over [`Limits::DEFAULT`].
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        Self::parse_with(text, &Limits::DEFAULT)
    }

    /// The same with other limits.
    ///
    /// # Errors
    ///
    /// As [`Unverified::parse`]; [`Error::Encoding`] too where the text is longer than is allowed.
    pub fn parse_with<T: AsRef<[u8]> + ?Sized>(text: &'t T, limits: &Limits) -> Result<Self, Error> {
        let text = text.as_ref();
        check_len(text, limits)?;
        let object = json::parse_object(text)?;
        let payload = string(object, "payload")?;
        let Some(signatures) = object.get("signatures") else {
            return Self::new(Form::Flattened, payload, Vec::from([Entry::from_object(object)?]));
        };
        // Neither form has the members of the other (RFC 7515 section 7.2.2).
        if let Some(name) =
            ["signature", "protected", "header"].iter().find(|name| object.get(name).is_some())
        {
            return Err(Error::Member(name));
        }
        Self::new(Form::General, payload, entries(signatures, limits)?)
    }

    /// Reads any serialization, compact or JSON: whatever the sender chose.
    ///
    /// A compact one whose payload is empty is taken for detached where a detached payload is given.
    ///
    /// # Errors
    ///
    /// As [`Unverified::parse_with`]; [`Error::Segments`] where it is neither.
    pub fn parse_any_form<T: AsRef<[u8]> + ?Sized>(text: &'t T, limits: &Limits) -> Result<Self, Error> {
        let octets = text.as_ref();
        if octets.iter().find(|octet| !octet.is_ascii_whitespace()) == Some(&b'{') {
            return Self::parse_with(text, limits);
        }
        check_len(octets, limits)?;
        let text = core::str::from_utf8(octets).map_err(|_| Error::Segments)?;
        let mut parts = text.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::Segments);
        };
        if header.is_empty() {
            return Err(Error::AlgorithmMissing);
        }
        let entry = Entry::new(Some(Cow::Borrowed(header)), None, signature)?;
        Self::new(Form::Compact, Some(Cow::Borrowed(payload)), Vec::from([entry]))
    }

    fn new(form: Form, payload: Option<Cow<'t, str>>, entries: Vec<Entry<'t>>) -> Result<Self, Error> {
        let mut encoded = None;
        for entry in &entries {
            let own = rules::is_encoded(&entry.header()?)?;
            if encoded.replace(own).is_some_and(|other| other != own) {
                return Err(Error::B64Mixed);
            }
        }
        let encoded = encoded.ok_or(Error::Member("signatures"))?;
        Ok(Self { form, payload, entries, encoded, understood: &[], unencoded: false })
    }

    /// Names the extensions that the caller understands and acts upon, up to eight, so that `crit` may name them too.
    /// With more, no `crit` is understood.
    #[must_use]
    pub fn understanding(self, names: &'t [&'t str]) -> Self {
        Self { understood: names, ..self }
    }

    /// Allows a payload in the text not to be encoded (`b64` false, RFC 7797).
    #[must_use]
    pub fn allow_unencoded(self) -> Self {
        Self { unencoded: true, ..self }
    }

    /// The form of the text.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The number of signatures, at least one.
    #[must_use]
    pub fn signature_count(&self) -> usize {
        self.entries.len()
    }

    /// The headers of each signature, protected and unprotected, **without verifying anything**: for logs and
    /// diagnosis.
    pub fn dangerous_headers(&self) -> impl Iterator<Item = (JoseHeader<'_>, JoseHeader<'_>)> {
        // They were read once already.
        self.entries.iter().map(|entry| (entry.header().unwrap_or_default(), entry.unprotected))
    }

    /// The payload **without verifying anything**: for logs and diagnosis. `None` where it is detached.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where it is not strict base64url.
    pub fn dangerous_payload(&self) -> Result<Option<Vec<u8>>, Error> {
        self.payload.as_deref().map(|text| self.decode_payload(text)).transpose()
    }

    pub(super) fn decode_payload(&self, text: &str) -> Result<Vec<u8>, Error> {
        if self.encoded { Ok(base64url::decode_vec(text.as_bytes())?) } else { Ok(text.as_bytes().to_vec()) }
    }
}

fn check_len(text: &[u8], limits: &Limits) -> Result<(), Error> {
    if text.len() > limits.max_len { Err(Error::Encoding(jose_b64::Error::TooLong)) } else { Ok(()) }
}

fn entries<'t>(signatures: Value<'t>, limits: &Limits) -> Result<Vec<Entry<'t>>, Error> {
    let list = signatures.as_array().ok_or(Error::Member("signatures"))?;
    if list.iter().nth(limits.max_signatures).is_some() {
        return Err(Error::SignaturesTooMany);
    }
    let entry = |value: Value<'t>| Entry::from_object(value.as_object().ok_or(Error::Member("signatures"))?);
    list.iter().map(entry).collect()
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").field("form", &self.form).finish_non_exhaustive()
    }
}

/// The text of a header that outlives the message.
pub(super) fn owned(header: &JoseHeader<'_>) -> String {
    String::from(header.text())
}
