use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{self, Object};

use crate::{Error, Jwk, PublicJwk};

/// A JWK Set (RFC 7517 section 5), and a report of the entries that were no usable keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<Skipped>,
}

/// An entry of `keys` that was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in `keys`, from 0.
    pub index: usize,
    /// Why it is no key that this library can use.
    pub reason: Error,
}

impl JwkSet {
    /// A set without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a JWK Set from its JSON text. A bad or unknown key does not spoil the set: it is skipped, and
    /// [`JwkSet::skipped`] says which and why.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where the text is not strict JSON, [`Error::Missing`] or [`Error::Invalid`] where `keys` is
    /// not there or not an array of objects.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_object(json::parse_object(text.as_ref())?)
    }

    /// The same for an object inside of another text.
    ///
    /// # Errors
    ///
    /// As [`JwkSet::from_json`].
    pub fn from_object(object: Object<'_>) -> Result<Self, Error> {
        let list = object.get("keys").ok_or(Error::Missing("keys"))?;
        let list = list.as_array().ok_or(Error::Invalid("keys"))?;
        let mut set = Self::new();
        for (index, value) in list.iter().enumerate() {
            match Jwk::from_object(value.as_object().ok_or(Error::Invalid("keys"))?) {
                Ok(key) => set.keys.push(key),
                Err(reason) => set.skipped.push(Skipped { index, reason }),
            }
        }
        Ok(set)
    }

    /// The keys, in their order.
    #[must_use]
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The entries that were skipped when the set was read.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Adds a key at the end.
    pub fn push(&mut self, key: Jwk) {
        self.keys.push(key);
    }

    /// The JSON text of the set of the public keys: private members are left out, and so are symmetric keys.
    #[must_use]
    pub fn to_public_json(&self) -> String {
        let mut text = String::from("{\"keys\":[");
        let public = self.keys.iter().filter_map(|key| key.to_public().ok());
        for (index, key) in public.map(|key: PublicJwk| key.to_json()).enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&key);
        }
        text.push_str("]}");
        text
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect(), skipped: Vec::new() }
    }
}

impl Extend<Jwk> for JwkSet {
    fn extend<I: IntoIterator<Item = Jwk>>(&mut self, keys: I) {
        self.keys.extend(keys);
    }
}

impl<'s> IntoIterator for &'s JwkSet {
    type Item = &'s Jwk;
    type IntoIter = core::slice::Iter<'s, Jwk>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.iter()
    }
}
