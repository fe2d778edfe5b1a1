use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use jose_jwa::{KeyOp, KeyType, KeyUse};

use crate::candidates::{check_count, is_meant};
use crate::error::SelectError;
use crate::jwk::Jwk;
use crate::metadata::KeyAlg;
use crate::set::JwkSet;

/// What is asked of a key of a set.
///
/// A key matches that does not say anything about what is asked, except for `kid` and `kty`: if a `kid` is asked for,
/// it must be the key's. Keys that cannot serve the algorithm that is asked for do not match.
///
/// ```
/// use jose_jwk::{JwkSet, JwsAlg, KeyQuery};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let set = JwkSet::from_json(
///         r#"{"keys":[{"kid":"1","kty":"OKP","crv":"Ed25519",
///             "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
///     )?;
///     let key = set.select(&KeyQuery::new().kid("1").alg(JwsAlg::Ed25519))?;
///     assert_eq!(key.kid(), Some("1"));
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct KeyQuery {
    kty: Option<KeyType>,
    alg: Option<KeyAlg>,
    kid: Option<String>,
    key_use: Option<String>,
    op: Option<KeyOp>,
    x5t: Option<Vec<u8>>,
    x5t_s256: Option<Vec<u8>>,
}

impl KeyQuery {
    /// Creates a query that every key matches.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for this key type.
    pub fn kty(self, kty: KeyType) -> Self {
        Self { kty: Some(kty), ..self }
    }

    /// Asks for a key that can serve this algorithm by its type and curve, and whose `alg` is not another one.
    pub fn alg(self, alg: impl Into<KeyAlg>) -> Self {
        Self { alg: Some(alg.into()), ..self }
    }

    /// Asks for this very `kid`.
    pub fn kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into()), ..self }
    }

    /// Asks for a key whose `use` is not another one.
    pub fn key_use(self, key_use: KeyUse) -> Self {
        self.key_use_text(key_use.as_str())
    }

    /// Asks for a key whose `use` is not another text, registered or not.
    pub fn key_use_text(self, text: impl Into<String>) -> Self {
        Self { key_use: Some(text.into()), ..self }
    }

    /// Asks for a key whose `key_ops`, if it has them, include this operation.
    pub fn op(self, op: KeyOp) -> Self {
        Self { op: Some(op), ..self }
    }

    /// Asks for a key whose `x5t` is not another one.
    pub fn x5t(self, digest: impl Into<Vec<u8>>) -> Self {
        Self { x5t: Some(digest.into()), ..self }
    }

    /// Asks for a key whose `x5t#S256` is not another one.
    pub fn x5t_s256(self, digest: impl Into<Vec<u8>>) -> Self {
        Self { x5t_s256: Some(digest.into()), ..self }
    }

    /// How much of what is asked the key states itself, or `None` if it contradicts anything but the `kid`.
    fn stated(&self, key: &Jwk) -> Option<usize> {
        if self.kty.is_some_and(|kty| kty != key.key_type())
            || self.alg.as_ref().is_some_and(|alg| !serves(key, alg))
        {
            return None;
        }
        if (self.x5t.is_some() || self.x5t_s256.is_some()) && key.notes.has_damaged_digest() {
            return None;
        }
        let stated = [
            compare(self.alg.as_ref(), key.alg()),
            compare(self.key_use.as_deref(), key.key_use_text()),
            self.op.and_then(|op| key.key_ops().map(|ops| ops.contains(op))),
            compare(self.x5t.as_deref(), key.x5t()),
            compare(self.x5t_s256.as_deref(), key.x5t_s256()),
        ];
        let named = usize::from(self.kid.is_some() && key.kid().is_some());
        (!stated.contains(&Some(false))).then(|| stated.iter().flatten().count().saturating_add(named))
    }
}

/// Whether the key states what is asked, if both are there.
fn compare<V: PartialEq>(asked: Option<V>, own: Option<V>) -> Option<bool> {
    Some(asked? == own?)
}

/// By type and curve alone.
fn serves(key: &Jwk, alg: &KeyAlg) -> bool {
    match alg {
        KeyAlg::Jws(alg) => alg.takes(key.key_type(), key.curve()),
        KeyAlg::Jwe(alg) => alg.takes(key.key_type(), key.curve()),
        KeyAlg::Enc(_) => key.key_type() == KeyType::Oct,
        KeyAlg::Other(_) => true,
    }
}

impl JwkSet {
    /// The keys that match: first those that state more of what is asked, otherwise in their order. Takes one pass over
    /// the set, whatever the names of the keys.
    pub fn query(&self, query: &KeyQuery) -> Vec<&Jwk> {
        self.ranked(query, 1).0
    }

    /// The one key that matches.
    ///
    /// # Errors
    ///
    /// As [`JwkSet::select_up_to`] with `1`.
    pub fn select(&self, query: &KeyQuery) -> Result<&Jwk, SelectError> {
        self.select_up_to(query, 1)?.first().copied().ok_or(SelectError::NotFound)
    }

    /// The keys that match, to try each of them, in the order of [`JwkSet::query`]. If `max` is more than 1, keys without
    /// `kid` match any `kid`: this is how a verifier chooses among the keys of a set.
    ///
    /// # Errors
    ///
    /// [`SelectError::KidUnknown`] if keys match but for the `kid`; [`SelectError::NotFound`] if none does;
    /// [`SelectError::Mixed`] if both symmetric and asymmetric keys match; [`SelectError::Ambiguous`] if more than
    /// `max` match.
    pub fn select_up_to(&self, query: &KeyQuery, max: usize) -> Result<Vec<&Jwk>, SelectError> {
        let (keys, fitting) = self.ranked(query, max);
        let symmetric = keys.iter().filter(|key| key.key_type() == KeyType::Oct).count();
        if symmetric != 0 && symmetric != keys.len() {
            return Err(SelectError::Mixed);
        }
        check_count(keys.len(), fitting, max)?;
        Ok(keys)
    }

    /// The keys that match, and the number of those that match but for the `kid`.
    fn ranked(&self, query: &KeyQuery, max: usize) -> (Vec<&Jwk>, usize) {
        let mut keys: Vec<_> = self.iter().filter_map(|key| Some((query.stated(key)?, key))).collect();
        let fitting = keys.len();
        keys.retain(|(_, key)| is_meant(query.kid.as_ref(), key.kid(), max));
        keys.sort_by_key(|(stated, _)| Reverse(*stated));
        (keys.into_iter().map(|(_, key)| key).collect(), fitting)
    }
}
