use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use jose_b64::base64url;
use jose_b64::json::{self, Object, Value};
use jose_jwa::JwsAlg;
use jose_jwa::header::{HeaderError, HeaderIndex, JoseHeader, MAX_HEADER_LEN};

use crate::error::{Error, Part};
use crate::header as rules;

/// Limits on what a received message may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum length of the serialized message, in bytes. Unlimited by default: it is in memory already.
    pub max_len: usize,
    /// The maximum number of signatures of the general JSON serialization. 16 by default.
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

/// The decoded parts of a message, one after the other.
#[derive(Clone, Default)]
pub(super) struct Parts(Vec<u8>);

impl Parts {
    /// Room for all parts of a text of this length, so that nothing is moved: a protected header is in there twice.
    fn with_room(len: usize, payload: Option<&str>) -> Self {
        let beside = len.saturating_sub(payload.map_or(0, str::len));
        Self(Vec::with_capacity(len.saturating_add(beside)))
    }

    pub(super) fn get(&self, part: &Range<usize>) -> &[u8] {
        self.0.get(part.clone()).unwrap_or_default()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.0.len();
        self.0.extend_from_slice(bytes);
        start..self.0.len()
    }

    pub(super) fn push_decoded(&mut self, part: Part, text: &str) -> Result<Range<usize>, Error> {
        let start = self.0.len();
        self.0.resize(start.saturating_add(base64url::decoded_len(text.len())), 0);
        let room = self.0.get_mut(start..).unwrap_or_default();
        base64url::decode(text.as_bytes(), room).map_err(part.error())?;
        Ok(start..self.0.len())
    }

    /// The payload as it is in the text.
    pub(super) fn push_payload(&mut self, text: &str, encoded: bool) -> Result<Range<usize>, Error> {
        if encoded { self.push_decoded(Part::Payload, text) } else { Ok(self.push(text.as_bytes())) }
    }

    /// One part by value.
    pub(super) fn into_part(mut self, part: Range<usize>) -> Vec<u8> {
        self.0.truncate(part.end);
        self.0.drain(..part.start.min(part.end));
        self.0
    }

    /// Parses a header that was pushed, if there is one.
    fn parse(&self, part: Range<usize>) -> Result<HeaderPart, Error> {
        let header = if part.is_empty() { JoseHeader::EMPTY } else { JoseHeader::parse(self.get(&part))? };
        Ok(HeaderPart { index: header.index(), part })
    }

    /// A header that was parsed.
    pub(super) fn header(&self, header: &HeaderPart) -> JoseHeader<'_> {
        header.index.view(self.get(&header.part))
    }
}

/// Where a header is in [`Parts`].
#[derive(Clone)]
pub(super) struct HeaderPart {
    part: Range<usize>,
    index: HeaderIndex,
}

/// One signature as it was received, in [`Parts`].
#[derive(Clone)]
pub(super) struct Entry {
    /// Its place in the message.
    pub(super) index: usize,
    /// base64url of the protected header; empty where there is none.
    pub(super) protected: Range<usize>,
    /// What it encodes.
    header: HeaderPart,
    unprotected: HeaderPart,
    pub(super) signature: Range<usize>,
    /// The algorithm and the key that verified it.
    pub(super) verified: Option<(JwsAlg, usize)>,
}

impl Entry {
    fn new(
        parts: &mut Parts,
        index: usize,
        protected: Option<&str>,
        unprotected: Option<Object<'_>>,
        signature: &str,
    ) -> Result<Self, Error> {
        let protected = protected.unwrap_or_default();
        if base64url::decoded_len(protected.len()) > MAX_HEADER_LEN {
            return Err(HeaderError::TooLong.into());
        }
        let encoded = parts.push(protected.as_bytes());
        let header = parts.push_decoded(Part::Header, protected)?;
        let unprotected = match unprotected {
            // An empty header is left out (RFC 7515 section 7.2.1).
            Some(object) if object.is_empty() => return Err(Error::Member("header")),
            Some(object) if object.raw().len() > MAX_HEADER_LEN => return Err(HeaderError::TooLong.into()),
            Some(object) => parts.push(object.raw().as_bytes()),
            None => 0..0,
        };
        let signature = parts.push_decoded(Part::Signature, signature)?;
        let (header, unprotected) = (parts.parse(header)?, parts.parse(unprotected)?);
        if !protected.is_empty() && parts.header(&header).is_empty() {
            return Err(Error::Member("protected"));
        }
        rules::check_unprotected(&parts.header(&header), &parts.header(&unprotected))?;
        Ok(Self { index, protected: encoded, header, unprotected, signature, verified: None })
    }

    fn from_object(parts: &mut Parts, index: usize, object: Object<'_>) -> Result<Self, Error> {
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
        Self::new(parts, index, protected.as_deref(), unprotected, &signature)
    }

    /// The protected header.
    pub(super) fn header<'p>(&self, parts: &'p Parts) -> JoseHeader<'p> {
        parts.header(&self.header)
    }

    /// The unprotected header.
    pub(super) fn unprotected<'p>(&self, parts: &'p Parts) -> JoseHeader<'p> {
        parts.header(&self.unprotected)
    }
}

fn string<'t>(object: Object<'t>, name: &'static str) -> Result<Option<Cow<'t, str>>, Error> {
    match object.get(name) {
        Some(value) => Ok(Some(value.as_str().ok_or(Error::Member(name))?.to_cow())),
        None => Ok(None),
    }
}

/// A JWS as it was received. Its members have the right types and its headers are well-formed. Its contents are not
/// accessible until it is verified, except through the `dangerous_*` methods.
#[derive(Clone)]
pub struct Unverified<'t> {
    pub(super) form: Form,
    /// As it is in the text; `None` if it is detached.
    pub(super) payload: Option<Cow<'t, str>>,
    pub(super) parts: Parts,
    pub(super) entries: Vec<Entry>,
    /// Whether the payload is base64url, by all of the signatures.
    pub(super) encoded: bool,
    pub(super) understood: &'t [&'t str],
    pub(super) unencoded: bool,
}

impl<'t> Unverified<'t> {
    /// Parses one of the two JSON serializations. Unknown members are ignored (RFC 7515 section 7.2.1).
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the text is not strict JSON; [`Error::Encoding`] if a member is not strict base64url;
    /// [`Error::Member`]; [`Error::Header`] if a header breaks a rule or a parameter is in both; [`Error::B64`] and
    /// [`Error::B64Mixed`]; [`Error::SignaturesTooMany`] over [`Limits::DEFAULT`].
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        Self::parse_with(text, &Limits::DEFAULT)
    }

    /// Like [`parse`](Self::parse), but with other limits.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse); [`Error::Json`] too if the text is longer than allowed.
    pub fn parse_with<T: AsRef<[u8]> + ?Sized>(text: &'t T, limits: &Limits) -> Result<Self, Error> {
        let text = text.as_ref();
        check_len(text, limits)?;
        let object = json::parse_object(text).map_err(Error::Json)?;
        let payload = string(object, "payload")?;
        let mut parts = Parts::with_room(text.len(), payload.as_deref());
        let Some(signatures) = object.get("signatures") else {
            let entries = Vec::from([Entry::from_object(&mut parts, 0, object)?]);
            return Self::new(Form::Flattened, payload, parts, entries);
        };
        // Neither form has the members of the other (RFC 7515 section 7.2.2).
        if let Some(name) =
            ["signature", "protected", "header"].iter().find(|name| object.get(name).is_some())
        {
            return Err(Error::Member(name));
        }
        let entries = entries(&mut parts, signatures, limits)?;
        Self::new(Form::General, payload, parts, entries)
    }

    /// Parses any serialization, compact or JSON.
    ///
    /// A compact one with an empty payload counts as detached if a detached payload is given.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse); [`Error::Segments`] if it is neither.
    pub fn parse_any<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        let (bytes, limits) = (text.as_ref(), &Limits::DEFAULT);
        if bytes.iter().find(|octet| !octet.is_ascii_whitespace()) == Some(&b'{') {
            return Self::parse_with(text, limits);
        }
        check_len(bytes, limits)?;
        let parts = rules::segments(bytes)?.map(core::str::from_utf8);
        let [Ok(header), Ok(payload), Ok(signature)] = parts else {
            return Err(Part::Payload.error()(jose_b64::Error::Utf8));
        };
        if header.is_empty() {
            return Err(Error::AlgorithmMissing);
        }
        let mut parts = Parts::with_room(bytes.len(), Some(payload));
        let entries = Vec::from([Entry::new(&mut parts, 0, Some(header), None, signature)?]);
        Self::new(Form::Compact, Some(Cow::Borrowed(payload)), parts, entries)
    }

    fn new(
        form: Form,
        payload: Option<Cow<'t, str>>,
        parts: Parts,
        entries: Vec<Entry>,
    ) -> Result<Self, Error> {
        let mut encoded = None;
        for entry in &entries {
            let own = rules::is_encoded(&entry.header(&parts))?;
            if encoded.replace(own).is_some_and(|other| other != own) {
                return Err(Error::B64Mixed);
            }
        }
        let encoded = encoded.ok_or(Error::Member("signatures"))?;
        Ok(Self { form, payload, parts, entries, encoded, understood: &[], unencoded: false })
    }

    /// Names the extensions that the caller understands and acts upon, up to eight, so that `crit` may name them too. With
    /// more, no `crit` is understood.
    #[must_use]
    pub fn understand(self, names: &'t [&'t str]) -> Self {
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
        self.entries.iter().map(|entry| (entry.header(&self.parts), entry.unprotected(&self.parts)))
    }

    /// The payload **without verifying anything**: for logs and diagnosis. `None` if it is detached.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not strict base64url.
    pub fn dangerous_payload(&self) -> Result<Option<Vec<u8>>, Error> {
        let decode = |text: &str| {
            let mut parts = Parts::default();
            let payload = parts.push_payload(text, self.encoded)?;
            Ok(parts.into_part(payload))
        };
        self.payload.as_deref().map(decode).transpose()
    }
}

fn check_len(text: &[u8], limits: &Limits) -> Result<(), Error> {
    if text.len() > limits.max_len { Err(Error::Json(jose_b64::Error::TooLong)) } else { Ok(()) }
}

fn entries(parts: &mut Parts, signatures: Value<'_>, limits: &Limits) -> Result<Vec<Entry>, Error> {
    let list = signatures.as_array().ok_or(Error::Member("signatures"))?;
    if list.iter().nth(limits.max_signatures).is_some() {
        return Err(Error::SignaturesTooMany);
    }
    let mut entries = Vec::with_capacity(list.iter().count());
    for (index, value) in list.iter().enumerate() {
        let object = value.as_object().ok_or(Error::Member("signatures"))?;
        entries.push(Entry::from_object(parts, index, object)?);
    }
    Ok(entries)
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").field("form", &self.form).finish_non_exhaustive()
    }
}
