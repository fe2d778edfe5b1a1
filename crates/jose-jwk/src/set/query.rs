use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use jose_jwa::{JweAlg, JwsAlg, KeyOp, KeyType, KeyUse};

use crate::metadata::{KeyAlg, Use};
use crate::{Jwk, JwkSet, SelectError};

/// What is asked of a key of a set.
///
/// A key matches that says nothing about what is asked, except for `kid` and `kty`: a `kid` that no key has matches
/// none. Keys that cannot serve the algorithm that is asked for do not match.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "ed25519"))] {
/// use jose_jwk::{Curve, Jwk, JwkSet, JwsAlg, KeyQuery, SysRng};
/// let mut set = JwkSet::new();
/// set.push(Jwk::generate(Curve::Ed25519, &mut SysRng)?.with_kid("1"));
/// let key = set.select(&KeyQuery::new().kid("1").alg(JwsAlg::Ed25519))?;
/// assert_eq!(key.kid(), Some("1"));
/// # }
/// # Ok::<(), jose_jwk::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyQuery {
    kty: Option<KeyType>,
    alg: Option<KeyAlg>,
    kid: Option<String>,
    key_use: Option<KeyUse>,
    op: Option<KeyOp>,
    x5t: Option<Vec<u8>>,
    x5t_s256: Option<Vec<u8>>,
}

impl KeyQuery {
    /// Asks nothing: every key matches.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for this key type.
    #[must_use]
    pub fn kty(self, kty: KeyType) -> Self {
        Self { kty: Some(kty), ..self }
    }

    /// Asks for a key that can serve this algorithm by its type and curve, and whose `alg` is no other one.
    #[must_use]
    pub fn alg(self, alg: impl Into<KeyAlg>) -> Self {
        Self { alg: Some(alg.into()), ..self }
    }

    /// Asks for this very `kid`.
    #[must_use]
    pub fn kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into()), ..self }
    }

    /// Asks for a key whose `use` is no other one.
    #[must_use]
    pub fn key_use(self, key_use: KeyUse) -> Self {
        Self { key_use: Some(key_use), ..self }
    }

    /// Asks for a key whose `key_ops` have this operation.
    #[must_use]
    pub fn op(self, op: KeyOp) -> Self {
        Self { op: Some(op), ..self }
    }

    /// Asks for a key whose `x5t` is no other one.
    #[must_use]
    pub fn x5t(self, digest: impl Into<Vec<u8>>) -> Self {
        Self { x5t: Some(digest.into()), ..self }
    }

    /// Asks for a key whose `x5t#S256` is no other one.
    #[must_use]
    pub fn x5t_s256(self, digest: impl Into<Vec<u8>>) -> Self {
        Self { x5t_s256: Some(digest.into()), ..self }
    }

    /// How much of what is asked the key states itself, if it matches.
    fn score(&self, key: &Jwk) -> Option<usize> {
        if self.kty.is_some_and(|kty| kty != key.key_type())
            || self.kid.is_some() && self.kid.as_deref() != key.kid()
            || !self.alg.as_ref().is_none_or(|alg| serves(key, alg))
        {
            return None;
        }
        let key_use = match &key.metadata.key_use {
            None => None,
            Some(Use::Known(known)) => Some(Some(*known)),
            // A use that is not registered is another one than any that can be asked for.
            Some(Use::Other(_)) => Some(None),
        };
        let stated = [
            compare(self.alg.as_ref(), key.alg()),
            compare(self.key_use.map(Some), key_use),
            self.op.and_then(|op| key.key_ops().map(|ops| ops.contains(op))),
            compare(self.x5t.as_deref(), key.x5t()),
            compare(self.x5t_s256.as_deref(), key.x5t_s256()),
        ];
        if stated.contains(&Some(false)) {
            return None;
        }
        Some(stated.iter().flatten().count())
    }
}

/// Whether the key states what is asked, if both are there.
fn compare<V: PartialEq>(asked: Option<V>, own: Option<V>) -> Option<bool> {
    Some(asked? == own?)
}

/// By type and curve alone.
fn serves(key: &Jwk, alg: &KeyAlg) -> bool {
    match alg {
        KeyAlg::Jws(alg) => JwsAlg::for_key(key.key_type(), key.curve()).contains(*alg),
        KeyAlg::Jwe(alg) => JweAlg::for_key(key.key_type(), key.curve()).contains(*alg),
        KeyAlg::Enc(_) => key.key_type() == KeyType::Oct,
        KeyAlg::Other(_) => true,
    }
}

impl JwkSet {
    /// The keys that match, those first that state more of what is asked, else in their order. The work is one pass
    /// over the set, whatever the keys are named.
    #[must_use]
    pub fn query(&self, query: &KeyQuery) -> Vec<&Jwk> {
        let mut scored: Vec<(usize, &Jwk)> =
            self.keys().iter().filter_map(|key| Some((query.score(key)?, key))).collect();
        scored.sort_by_key(|(score, _)| Reverse(*score));
        scored.into_iter().map(|(_, key)| key).collect()
    }

    /// The one key that matches.
    ///
    /// # Errors
    ///
    /// [`SelectError::NotFound`] where none does, [`SelectError::Ambiguous`] where several do, [`SelectError::Mixed`] where
    /// these are both symmetric and asymmetric ones.
    pub fn select(&self, query: &KeyQuery) -> Result<&Jwk, SelectError> {
        self.select_up_to(query, 1)?.first().copied().ok_or(SelectError::NotFound)
    }

    /// The keys that match, to try each of them, in the order of [`JwkSet::query`].
    ///
    /// # Errors
    ///
    /// [`SelectError::NotFound`] where none matches, [`SelectError::Ambiguous`] where more than `at_most` do,
    /// [`SelectError::Mixed`] where these are both symmetric and asymmetric ones.
    pub fn select_up_to(&self, query: &KeyQuery, at_most: usize) -> Result<Vec<&Jwk>, SelectError> {
        let keys = self.query(query);
        let symmetric = keys.iter().filter(|key| key.key_type() == KeyType::Oct).count();
        match keys.len() {
            0 => Err(SelectError::NotFound),
            all if symmetric != 0 && symmetric != all => Err(SelectError::Mixed),
            all if all > at_most => Err(SelectError::Ambiguous),
            _ => Ok(keys),
        }
    }
}
