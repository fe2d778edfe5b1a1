use alloc::string::String;
use alloc::vec::{self, Vec};

use jose_b64::json::{self, Kind, Object, Str, Value};
use jose_jwa::KeyUse;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::generate::KeySpec;
use crate::jwk::Jwk;
use crate::noted::{Noted, Notes};
use crate::params::is_private;
use crate::parser::JwkParser;
use crate::text::Text;

/// A JWK Set (RFC 7517 section 5), with a report of the entries that are not usable keys.
///
/// ```
/// use jose_jwk::{JwkSet, KeyQuery};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let set = JwkSet::from_public_json(
///         r#"{"keys":[
///             {"kid":"1","kty":"OKP","crv":"Ed25519",
///              "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///             {"kty":"from the future","kid":"2"}
///         ]}"#,
///     )?;
///     assert_eq!(set.select(&KeyQuery::new().kid("1"))?.kid(), Some("1"));
///     println!("not read: {:?}", set.skipped());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<Skipped>,
    noted: Notes,
    stripped: Vec<usize>,
}

/// A key that was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in `keys`, from 0.
    pub index: usize,
    /// Why it cannot be used.
    pub reason: Error,
}

impl JwkSet {
    /// Creates a set without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a JWK Set from its JSON text. A bad or unknown key does not spoil the set: it is skipped, and
    /// [`JwkSet::skipped`] says which and why.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the text is not strict JSON; [`Error::IsKey`] if it is a single JWK; [`Error::Member`] if
    /// `keys` is missing, or not an array with an object in it.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        JwkParser::default().jwk_set(text)
    }

    /// Reads a JWK Set that is meant to be public, such as one that was fetched. Private members are left out, and
    /// [`JwkSet::stripped`] says which keys had some: their owner has published them. Symmetric keys are skipped with
    /// [`Error::PrivateMembers`].
    ///
    /// # Errors
    ///
    /// As [`JwkSet::from_json`].
    pub fn from_public_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        JwkParser::default().public_only().jwk_set(text)
    }

    fn read(object: Object<'_>, parser: JwkParser) -> Result<Self, Error> {
        let list = object.get("keys").ok_or_else(|| match object.get("kty") {
            Some(_) => Error::IsKey,
            None => Error::missing("keys"),
        })?;
        let list = list.as_array().ok_or(Error::invalid("keys"))?;
        // A list of something else is no set, and one entry among keys does not spoil it.
        if list.iter().next().is_some() && list.iter().all(|value| value.as_object().is_none()) {
            return Err(Error::invalid("keys"));
        }
        let mut set = Self::new();
        for (index, value) in list.iter().enumerate() {
            let object = value.as_object().ok_or(Error::Json(jose_b64::Error::NotAnObject));
            match object.and_then(|object| Ok((object, Jwk::read(object, &parser)?))) {
                Ok((object, mut key)) => {
                    let is_secret =
                        |(name, value): (Str<'_>, Value<'_>)| is_private(&name) && value.kind() != Kind::Null;
                    if parser.public_only && object.iter().any(is_secret) {
                        set.stripped.push(index);
                    }
                    key.notes.at(index);
                    set.noted.extend(&key.notes);
                    set.keys.push(key);
                }
                Err(reason) => set.skipped.push(Skipped { index, reason }),
            }
        }
        Ok(set)
    }

    /// The keys, in their order.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The entries that were skipped when the set was read.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The members of keys that were set aside when the set was read.
    pub fn noted(&self) -> &[Noted] {
        self.noted.as_slice()
    }

    /// The places in `keys`, from 0, of the keys whose private members [`JwkSet::from_public_json`] left out.
    pub fn stripped(&self) -> &[usize] {
        &self.stripped
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no keys.
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

    /// The keys, to remove or reorder them. Reports about skipped entries stay as they are.
    pub fn keys_mut(&mut self) -> &mut Vec<Jwk> {
        &mut self.keys
    }

    /// Generates a key and adds it at the end.
    ///
    /// # Errors
    ///
    /// As [`Jwk::generate`].
    pub fn generate<R: TryCryptoRng + ?Sized>(
        &mut self,
        spec: impl Into<KeySpec>,
        rng: &mut R,
    ) -> Result<(), Error> {
        self.keys.push(Jwk::generate(spec, rng)?);
        Ok(())
    }

    /// The keys of a SPIFFE trust bundle that verify JWT-SVIDs: those whose `use` is `jwt-svid`, which here becomes the
    /// registered `sig`, so that they can be prepared. Keys for X.509-SVIDs are left out (SPIFFE Trust Domain and Bundle
    /// section 4.2).
    pub fn jwt_svid_keys(&self) -> Self {
        let keys = self.keys.iter().filter(|key| key.key_use_text() == Some("jwt-svid")).cloned();
        keys.filter_map(|key| key.with_use(KeyUse::Sig).ok()).collect()
    }

    /// The set of the public keys: without private members, and without symmetric keys.
    pub fn to_public(&self) -> Self {
        self.keys.iter().filter_map(|key| key.to_public().ok()).map(Jwk::from).collect()
    }

    /// The JSON text of the set of the public keys, as of [`JwkSet::to_public`].
    pub fn to_public_json(&self) -> String {
        core::mem::take(&mut *self.to_public().expose_private_json())
    }

    /// The JSON text of the set with all private members and symmetric keys. It is wiped when it is dropped.
    pub fn expose_private_json(&self) -> Zeroizing<String> {
        let mut text = Text::default();
        for (index, key) in self.keys.iter().enumerate() {
            text.push(if index == 0 { "{\"keys\":[" } else { "," });
            key.write(&mut text);
        }
        text.push(if self.keys.is_empty() { "{\"keys\":[]}" } else { "]}" });
        text.0
    }
}

impl JwkParser {
    /// Reads a JWK Set from its JSON text.
    ///
    /// # Errors
    ///
    /// As [`JwkSet::from_json`].
    pub fn jwk_set(self, text: impl AsRef<[u8]>) -> Result<JwkSet, Error> {
        JwkSet::read(json::parse_object(text.as_ref())?, self)
    }
}

impl FromIterator<Jwk> for JwkSet {
    fn from_iter<I: IntoIterator<Item = Jwk>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect(), ..Self::default() }
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
