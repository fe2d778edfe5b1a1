mod query;

use alloc::string::String;
use alloc::vec::{self, Vec};

use jose_b64::json::{self, Object};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::{Error, Jwk, JwkParser, KeySpec};

pub use query::KeyQuery;

/// A JWK Set (RFC 7517 section 5), and a report of the entries that were no usable keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<Skipped>,
    stripped: Vec<usize>,
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
    /// [`Error::Json`] where the text is not strict JSON, [`Error::Member`] or [`Error::Member`] where `keys` is
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
        Self::read(object, JwkParser::default())
    }

    /// Reads a JWK Set that is meant to be public, such as one that was fetched. Of private members nothing is taken
    /// over, and [`JwkSet::stripped`] says which keys had some: their owner has published them. Symmetric keys are
    /// skipped as [`Error::PrivateMembers`].
    ///
    /// # Errors
    ///
    /// As [`JwkSet::from_json`].
    pub fn from_public_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::read(json::parse_object(text.as_ref())?, JwkParser::default().public_only())
    }

    pub(crate) fn read(object: Object<'_>, parser: JwkParser) -> Result<Self, Error> {
        let list = object.get("keys").ok_or_else(|| match object.get("kty") {
            Some(_) => Error::IsKey,
            None => Error::missing("keys"),
        })?;
        let list = list.as_array().ok_or(Error::invalid("keys"))?;
        let mut set = Self::new();
        for (index, value) in list.iter().enumerate() {
            let object = value.as_object().ok_or(Error::invalid("keys"))?;
            match Jwk::read(object, parser) {
                Ok(key) => {
                    if parser.public_only && JwkParser::has_secrets(object, key.key_type()) {
                        set.stripped.push(index);
                    }
                    set.keys.push(key);
                }
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

    /// The places in `keys`, from 0, of the keys whose private members were left out by
    /// [`JwkSet::from_public_json`].
    #[must_use]
    pub fn stripped(&self) -> &[usize] {
        &self.stripped
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys, in their order.
    pub fn iter(&self) -> core::slice::Iter<'_, Jwk> {
        self.keys.iter()
    }

    /// Adds a key at the end.
    pub fn push(&mut self, key: Jwk) {
        self.keys.push(key);
    }

    /// Takes the key at this place out, if there is one. Those after it move up.
    pub fn remove(&mut self, index: usize) -> Option<Jwk> {
        (index < self.keys.len()).then(|| self.keys.remove(index))
    }

    /// Keeps the keys for which this is true.
    pub fn retain(&mut self, keep: impl FnMut(&Jwk) -> bool) {
        self.keys.retain(keep);
    }

    /// Generates a key into the set, and lends it.
    ///
    /// # Errors
    ///
    /// As [`Jwk::generate`].
    pub fn generate<R: TryCryptoRng + ?Sized>(
        &mut self,
        spec: impl Into<KeySpec>,
        rng: &mut R,
    ) -> Result<&Jwk, Error> {
        let key = Jwk::generate(spec, rng)?;
        self.keys.push(key);
        self.keys.last().ok_or(Error::Rng)
    }

    /// The JSON text of the set of the public keys: private members are left out, and so are symmetric keys.
    #[must_use]
    pub fn to_public_json(&self) -> String {
        let mut text = String::from(HEAD);
        for key in self.keys.iter().filter_map(|key| key.to_public().ok()) {
            append(&mut text, &key.to_json());
        }
        text.push_str(TAIL);
        text
    }

    /// The JSON text of the set with all private members and symmetric keys. It is wiped when it is dropped.
    #[must_use]
    pub fn expose_private_json(&self) -> Zeroizing<String> {
        let keys: Vec<Zeroizing<String>> = self.keys.iter().map(Jwk::expose_private_json).collect();
        // Room for all of it at once: a text that grows leaves copies behind.
        let len = keys.iter().fold(HEAD.len().saturating_add(TAIL.len()), |sum, key| {
            sum.saturating_add(key.len()).saturating_add(1)
        });
        let mut text = Zeroizing::new(String::with_capacity(len));
        text.push_str(HEAD);
        for key in &keys {
            append(&mut text, key);
        }
        text.push_str(TAIL);
        text
    }
}

const HEAD: &str = "{\"keys\":[";
const TAIL: &str = "]}";

/// Appends a key to the list.
fn append(text: &mut String, key: &str) {
    if text.len() > HEAD.len() {
        text.push(',');
    }
    text.push_str(key);
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect(), ..Self::default() }
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

impl IntoIterator for JwkSet {
    type Item = Jwk;
    type IntoIter = vec::IntoIter<Jwk>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}
