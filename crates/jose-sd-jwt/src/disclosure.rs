//! Disclosures (RFC 9901 section 4.2) and their digests.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::{self, Object, Str, Value};
use jose_jwt::Hash;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::error::{DisclosureError, Error};

/// The names that only SD-JWT itself may use.
pub(crate) const SD: &str = "_sd";
pub(crate) const SD_ALG: &str = "_sd_alg";
pub(crate) const DOTS: &str = "...";

pub(crate) fn is_reserved(name: Str<'_>) -> bool {
    [SD, SD_ALG, DOTS].iter().any(|reserved| name == **reserved)
}

/// The base64url of the digest.
pub(crate) fn digest(hash: Hash, bytes: &[u8]) -> Result<String, Error> {
    Ok(match hash {
        Hash::Sha256 => base64url::encode_to_string(&Sha256::digest(bytes)),
        Hash::Sha384 => base64url::encode_to_string(&Sha384::digest(bytes)),
        Hash::Sha512 => base64url::encode_to_string(&Sha512::digest(bytes)),
        _ => return Err(Error::HashUnknown),
    })
}

/// The name in `_sd_alg`.
pub(crate) fn name_of(hash: Hash) -> Result<&'static str, Error> {
    match hash {
        Hash::Sha256 | Hash::Sha384 | Hash::Sha512 => hash.name_rfc9278().ok_or(Error::HashUnknown),
        _ => Err(Error::HashUnknown),
    }
}

/// The hash function of a payload: `_sd_alg`, or SHA-256 without it.
pub(crate) fn hash_of(payload: Object<'_>) -> Result<Hash, Error> {
    let Some(value) = payload.get(SD_ALG) else { return Ok(Hash::Sha256) };
    let name = value.as_str().ok_or(Error::HashUnknown)?;
    let known = [Hash::Sha256, Hash::Sha384, Hash::Sha512].into_iter();
    let mut known = known.filter(|hash| hash.name_rfc9278().is_some_and(|known| name == known));
    known.next().ok_or(Error::HashUnknown)
}

/// One disclosure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disclosure {
    /// base64url, as it was received or is sent.
    pub(crate) encoded: String,
    /// The JSON text that it encodes: checked, an array of a string and a value, or of two strings and a value, without white
    /// space around it.
    text: String,
}

impl Disclosure {
    /// Of a claim, or without a name of an array's element. The value is a checked JSON text.
    pub(crate) fn new(salt: &str, name: Option<&str>, value: &str) -> Result<Self, jose_b64::Error> {
        let mut text = String::from("[");
        for part in [Some(salt), name].into_iter().flatten() {
            json::write_str(&mut text, part)?;
            text.push(',');
        }
        text.push_str(value);
        text.push(']');
        Ok(Self { encoded: base64url::encode_to_string(text.as_bytes()), text })
    }

    fn parse(encoded: &str) -> Result<Self, DisclosureError> {
        let text = base64url::decode_to_vec(encoded.as_bytes()).map_err(|_| DisclosureError::Encoding)?;
        let value = json::parse_with_depth(&text, json::MAX_DEPTH).map_err(|_| DisclosureError::Malformed)?;
        let array = value.as_array().ok_or(DisclosureError::Malformed)?;
        let mut elements = array.iter();
        let parts = [elements.next(), elements.next(), elements.next(), elements.next()];
        let is_string = |value: &Value<'_>| value.as_str().is_some();
        match parts {
            [Some(salt), Some(_), None, None] if is_string(&salt) => {}
            [Some(salt), Some(name), Some(_), None] if is_string(&salt) && is_string(&name) => {}
            _ => return Err(DisclosureError::Malformed),
        }
        Ok(Self { encoded: encoded.into(), text: array.raw().into() })
    }

    /// The name, if it is of a claim, and the value.
    pub(crate) fn content(&self) -> (Option<Str<'_>>, Value<'_>) {
        let null = Value::assume_checked("null");
        let mut elements =
            Value::assume_checked(&self.text).as_array().into_iter().flat_map(|array| array.iter());
        let (_, second, third) = (elements.next(), elements.next(), elements.next());
        match third {
            Some(value) => (second.and_then(Value::as_str), value),
            None => (None, second.unwrap_or(null)),
        }
    }
}

/// Those of one message, by their digests.
#[derive(Clone, Debug)]
pub(crate) struct Disclosures {
    list: Vec<Disclosure>,
    by_digest: BTreeMap<String, usize>,
}

impl Disclosures {
    pub(crate) fn parse<'d>(hash: Hash, encoded: impl IntoIterator<Item = &'d str>) -> Result<Self, Error> {
        let (mut list, mut by_digest) = (Vec::new(), BTreeMap::new());
        for (index, encoded) in encoded.into_iter().enumerate() {
            let refused = |reason| Error::Disclosure { index, reason };
            let digest = digest(hash, encoded.as_bytes())?;
            if by_digest.insert(digest, index).is_some() {
                return Err(refused(DisclosureError::Repeated));
            }
            list.push(Disclosure::parse(encoded).map_err(refused)?);
        }
        Ok(Self { list, by_digest })
    }

    pub(crate) fn list(&self) -> &[Disclosure] {
        &self.list
    }

    /// The disclosure with this digest, and its place.
    pub(crate) fn get(&self, digest: Str<'_>) -> Option<(usize, &Disclosure)> {
        let digest: Cow<'_, str> = digest.to_cow();
        let index = *self.by_digest.get(&*digest)?;
        Some((index, self.list.get(index)?))
    }
}

/// The digest that an array's element is: an object whose only member is `...` with a string.
pub(crate) fn element_digest(element: Value<'_>) -> Result<Option<Str<'_>>, Error> {
    let Some(object) = element.as_object() else { return Ok(None) };
    let Some(value) = object.get(DOTS) else { return Ok(None) };
    match (value.as_str(), object.iter().nth(1)) {
        (Some(digest), None) => Ok(Some(digest)),
        _ => Err(Error::DigestMisplaced),
    }
}

/// The digests of an object's claims: `_sd`, an array of strings.
pub(crate) fn claim_digests(object: Object<'_>) -> Result<impl Iterator<Item = Str<'_>>, Error> {
    let array = match object.get(SD) {
        Some(value) => Some(value.as_array().ok_or(Error::DigestMisplaced)?),
        None => None,
    };
    let elements = array.into_iter().flat_map(|array| array.iter());
    if elements.clone().any(|element| element.as_str().is_none()) {
        return Err(Error::DigestMisplaced);
    }
    Ok(elements.filter_map(Value::as_str))
}
