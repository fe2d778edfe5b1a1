//! SD-JWTs as they are received, in any form.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::{self, Object, ObjectWriter, Value};
use jose_jwt::jws::json::Form;

use crate::error::Error;
use crate::serialize::{Signature, Signed};

/// Limits on what a received SD-JWT may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum length of the text, in bytes. 256 KiB by default.
    pub max_len: usize,
    /// The maximum number of disclosures. 512 by default.
    pub max_disclosures: usize,
    /// The maximum number of signatures of the general JSON serialization. 16 by default; more than 16 are never verified.
    pub max_signatures: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self { max_len: 256 * 1024, max_disclosures: 512, max_signatures: 16 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// An SD-JWT or SD-JWT+KB as it was received. Its parts were told apart and nothing was verified.
#[derive(Clone)]
pub struct Received {
    pub(crate) form: Form,
    pub(crate) signed: Signed,
    pub(crate) disclosures: Vec<String>,
    pub(crate) key_binding: Option<String>,
}

impl Received {
    /// Takes an SD-JWT apart: the compact form (RFC 9901 section 4), or flattened or general JSON (section 8).
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] and [`Error::DisclosuresTooMany`] over [`Limits::DEFAULT`]; [`Error::Separator`] and
    /// [`Error::Jwt`] if a text is not of the compact form; [`Error::Json`] and [`Error::Member`] if one that begins with `{`
    /// is not one of the others.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_with(text, &Limits::DEFAULT)
    }

    /// Like [`parse`](Self::parse), but with other limits.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse).
    pub fn parse_with(text: &str, limits: &Limits) -> Result<Self, Error> {
        if text.len() > limits.max_len {
            return Err(Error::TooLong { max: limits.max_len });
        }
        let received = if text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{') {
            Self::parse_json(text, limits)?
        } else {
            Self::parse_compact(text, limits)?
        };
        Ok(received)
    }

    fn parse_compact(text: &str, limits: &Limits) -> Result<Self, Error> {
        let (jws, rest) = text.split_once('~').ok_or(Error::Separator)?;
        let signed = Signed::from_compact(jws)
            .ok_or_else(|| jose_jwt::jws::Error::Segments { found: jws.split('.').count() })?;
        // What follows the last `~` is a Key Binding JWT, or nothing.
        let (disclosures, key_binding) = match rest.rsplit_once('~') {
            Some((disclosures, last)) => (Some(disclosures), last),
            None => (None, rest),
        };
        let disclosures = disclosures.into_iter().flat_map(|disclosures| disclosures.split('~'));
        let disclosures = collect(disclosures.map(|text| Some(String::from(text))), limits)?;
        let key_binding = Some(key_binding).filter(|text| !text.is_empty()).map(String::from);
        Ok(Self { form: Form::Compact, signed, disclosures, key_binding })
    }

    fn parse_json(text: &str, limits: &Limits) -> Result<Self, Error> {
        let object = json::parse_object(text.as_bytes()).map_err(Error::Json)?;
        let payload = string(object, "payload")?.ok_or(Error::Member("payload"))?;
        let (form, objects) = match object.get("signatures") {
            None => (Form::Flattened, Vec::from([object])),
            Some(value) => {
                let array = value.as_array().ok_or(Error::Member("signatures"))?;
                let own = ["protected", "header", "signature"];
                if let Some(name) = own.into_iter().find(|name| object.get(name).is_some()) {
                    return Err(Error::Member(name));
                }
                if array.iter().nth(limits.max_signatures).is_some() {
                    return Err(jose_jwt::jws::Error::SignaturesTooMany.into());
                }
                let objects: Option<Vec<_>> = array.iter().map(Value::as_object).collect();
                (Form::General, objects.ok_or(Error::Member("signatures"))?)
            }
        };
        let (mut signatures, mut disclosures, mut key_binding) = (Vec::new(), Vec::new(), None);
        for (index, object) in objects.into_iter().enumerate() {
            let header = match object.get("header") {
                Some(value) => value.as_object().ok_or(Error::Member("header"))?,
                None => Object::default(),
            };
            if let Some(value) = header.get("disclosures") {
                let array = value.as_array().filter(|_| index == 0).ok_or(Error::Member("disclosures"))?;
                let texts = array.iter().map(|item| Some(item.as_str()?.to_cow().into_owned()));
                disclosures = collect(texts, limits)?;
            }
            if let Some(value) = header.get("kb_jwt") {
                let text = value.as_str().filter(|_| index == 0).ok_or(Error::Member("kb_jwt"))?;
                key_binding = Some(text.to_cow().into_owned());
            }
            signatures.push(Signature {
                protected: string(object, "protected")?.ok_or(Error::Member("protected"))?,
                signature: string(object, "signature")?.ok_or(Error::Member("signature"))?,
                header: other_parameters(header).map_err(Error::Json)?,
            });
        }
        if signatures.is_empty() {
            return Err(Error::Member("signatures"));
        }
        Ok(Self { form, signed: Signed { payload, signatures }, disclosures, key_binding })
    }

    /// The form of the text.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether there is a Key Binding JWT. It decides nothing: a verifier requires one or refuses it.
    #[must_use]
    pub fn has_key_binding(&self) -> bool {
        self.key_binding.is_some()
    }

    /// The number of disclosures.
    #[must_use]
    pub fn disclosure_count(&self) -> usize {
        self.disclosures.len()
    }

    /// The JSON text of the issuer-signed payload **without verifying anything**, digests and all: to choose a verifier by
    /// `iss`, for logs and diagnosis. `None` if it is not base64url and a strict JSON object.
    #[must_use]
    pub fn dangerous_payload(&self) -> Option<String> {
        let payload = base64url::decode_to_vec(self.signed.payload.as_bytes()).ok()?;
        let object = json::parse_with_depth(&payload, json::MAX_DEPTH).ok()?.as_object()?;
        Some(object.raw().into())
    }

    /// The SD-JWT without the Key Binding JWT, which is what that is for (RFC 9901 section 4.3.1).
    pub(crate) fn presented(&self) -> String {
        self.signed.with_disclosures(self.disclosures.iter().map(String::as_str))
    }
}

/// The disclosures, as long as there are not too many.
fn collect(texts: impl Iterator<Item = Option<String>>, limits: &Limits) -> Result<Vec<String>, Error> {
    let mut list = Vec::new();
    for text in texts {
        if list.len() >= limits.max_disclosures {
            return Err(Error::DisclosuresTooMany { max: limits.max_disclosures });
        }
        list.push(text.ok_or(Error::Member("disclosures"))?);
    }
    Ok(list)
}

fn string(object: Object<'_>, name: &'static str) -> Result<Option<String>, Error> {
    match object.get(name) {
        Some(value) => Ok(Some(value.as_str().ok_or(Error::Member(name))?.to_cow().into_owned())),
        None => Ok(None),
    }
}

/// The unprotected header without the parameters of SD-JWT.
fn other_parameters(header: Object<'_>) -> Result<Option<String>, jose_b64::Error> {
    let mut text = String::new();
    let mut writer = ObjectWriter::new(&mut text)?;
    let others = header.iter().filter(|(name, _)| *name != *"disclosures" && *name != *"kb_jwt");
    let mut any = false;
    for (name, value) in others {
        writer.member(name, value)?;
        any = true;
    }
    writer.finish()?;
    Ok(any.then_some(text))
}

/// Shows nothing of its contents.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("form", &self.form)
            .field("disclosures", &self.disclosures.len())
            .field("has_key_binding", &self.has_key_binding())
            .finish_non_exhaustive()
    }
}
