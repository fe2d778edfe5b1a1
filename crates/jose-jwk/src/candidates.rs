//! Prepared keys of a set, and how the one for a message is chosen.

mod kid_index;

use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::Str;

use crate::error::{Error, SelectError};
use crate::jwk::Jwk;
use crate::set::{JwkSet, Skipped};
use kid_index::KidIndex;

/// None of the keys of a set can be used as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableKeys {
    unread: Vec<Skipped>,
    skipped: Vec<Skipped>,
}

impl UnusableKeys {
    /// The entries that were skipped when the set was read, by their place in `keys`.
    pub fn unread(&self) -> &[Skipped] {
        &self.unread
    }

    /// The keys that were read and serve no allowed algorithm, by their place in the set, with the reason against each.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// A stable name for the kind of error, in kebab-case.
    pub const fn code(&self) -> &'static str {
        "no-usable-key"
    }
}

/// How many keys the text names: a set that was fetched does not decide how long it is.
const SHOWN: usize = 8;

impl fmt::Display for UnusableKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.skipped.len() {
            0 if self.unread.is_empty() => return f.write_str("the set has no keys"),
            0 => f.write_str("no key of the set could be read")?,
            count => write!(f, "none of the {count} keys of the set serves an allowed algorithm")?,
        }
        let unread = self.unread.iter().map(|skipped| ("entry", skipped));
        let all = self.skipped.iter().map(|skipped| ("key", skipped)).chain(unread);
        for (place, (what, Skipped { index, reason })) in all.enumerate().take(SHOWN) {
            write!(f, "{} {what} {index}: {reason}", if place == 0 { ":" } else { ";" })?;
        }
        match self.skipped.len().saturating_add(self.unread.len()).saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl core::error::Error for UnusableKeys {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        let Skipped { reason, .. } = self.skipped.first().or(self.unread.first())?;
        Some(reason)
    }
}

/// A prepared key, as far as choosing it goes.
pub trait Candidate {
    /// `kid`.
    fn kid(&self) -> Option<&str>;
}

/// The prepared keys of a set.
#[derive(Clone, Debug)]
pub struct Candidates<K> {
    /// Each with its place among those that were given.
    keys: Vec<(usize, K)>,
    index: KidIndex,
    skipped: Vec<Skipped>,
    max: usize,
}

impl<K: Candidate> Candidates<K> {
    /// Prepares the keys of a set, and skips those that cannot be prepared.
    ///
    /// # Errors
    ///
    /// [`UnusableKeys`] if no key is left.
    pub fn prepare(
        set: &JwkSet,
        mut prepare: impl FnMut(&Jwk) -> Result<K, Error>,
    ) -> Result<Self, UnusableKeys> {
        let (mut keys, mut skipped) = (Vec::new(), Vec::new());
        for (index, jwk) in set.iter().enumerate() {
            match prepare(jwk) {
                Ok(key) => keys.push((index, key)),
                Err(reason) => skipped.push(Skipped { index, reason }),
            }
        }
        if keys.is_empty() {
            let unread = set.skipped().to_vec();
            return Err(UnusableKeys { unread, skipped });
        }
        Ok(Self::of(keys, skipped))
    }

    /// Takes keys that are prepared already.
    ///
    /// # Errors
    ///
    /// [`UnusableKeys`] if there are none.
    pub fn new(keys: impl IntoIterator<Item = K>) -> Result<Self, UnusableKeys> {
        let keys: Vec<_> = keys.into_iter().enumerate().collect();
        if keys.is_empty() {
            return Err(UnusableKeys { unread: Vec::new(), skipped: Vec::new() });
        }
        Ok(Self::of(keys, Vec::new()))
    }

    fn of(keys: Vec<(usize, K)>, skipped: Vec<Skipped>) -> Self {
        let index = KidIndex::new(keys.iter().map(|(_, key)| key.kid()));
        Self { keys, index, skipped, max: 1 }
    }

    /// Lets up to this many keys be tried, and keys without `kid` among them.
    pub fn max_candidates(self, max: usize) -> Self {
        Self { max, ..self }
    }

    /// The keys of the set that were skipped.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The keys, each with its place among those that were given.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &K)> {
        self.keys.iter().map(|(index, key)| (*index, key))
    }

    /// The same keys, changed.
    ///
    /// # Errors
    ///
    /// Those of `change`.
    pub fn try_map<E>(self, mut change: impl FnMut(K) -> Result<K, E>) -> Result<Self, E> {
        let keys = self.keys.into_iter().map(|(index, key)| Ok((index, change(key)?)));
        Ok(Self { max: self.max, ..Self::of(keys.collect::<Result<_, E>>()?, self.skipped) })
    }

    /// The keys to try for a message with this `kid`: one, unless more are allowed.
    ///
    /// A key with a `kid` fits a message with the same `kid`, or without one. A key without `kid` fits a message without
    /// one, and any if several may be tried.
    ///
    /// # Errors
    ///
    /// [`SelectError::NotFound`] if `fits` is true of no key, [`SelectError::KidUnknown`] if it is, but not of one with
    /// the `kid`; [`SelectError::Ambiguous`] if there are more than allowed.
    pub fn select<'k>(
        &'k self,
        kid: Option<Str<'_>>,
        fits: impl Fn(&K) -> bool,
    ) -> Result<impl Iterator<Item = (usize, &'k K)>, SelectError> {
        let max = self.max;
        let named = kid.and_then(|kid| self.index.find(&kid.to_cow(), max));
        // Where the index does not tell, each key is looked at.
        let all = if named.is_some() { &[] } else { self.keys.as_slice() };
        let named = named.unwrap_or_default().iter().filter_map(|named| self.keys.get(named.place));
        let mut keys = named.chain(all);
        let meant = |key: &K| fits(key) && is_meant(kid.as_ref(), key.kid(), max);
        // Mostly there is one, which is looked at once.
        let first = keys.find(|(_, key)| meant(key));
        let count = first
            .map_or(0, |_| keys.clone().filter(|(_, key)| meant(key)).take(max).count().saturating_add(1));
        // Only if none is meant does it matter whether one fits.
        let fitting = if count > 0 { count } else { usize::from(self.keys.iter().any(|(_, key)| fits(key))) };
        check_count(count, fitting, max)?;
        let meant = move |key: &K| fits(key) && is_meant(kid.as_ref(), key.kid(), max);
        let keys = first.into_iter().chain(keys.filter(move |(_, key)| meant(key)));
        Ok(keys.map(|(index, key)| (*index, key)))
    }
}

/// Whether a key that fits is meant by the `kid`, if at most `max` keys are chosen.
pub(crate) fn is_meant<K: PartialEq<str>>(kid: Option<&K>, own: Option<&str>, max: usize) -> bool {
    match (kid, own) {
        (None, _) => true,
        (Some(kid), Some(own)) => *kid == *own,
        (Some(_), None) => max > 1,
    }
}

/// Checks the number of keys that are meant, against the number of those that fit.
pub(crate) fn check_count(meant: usize, fitting: usize, max: usize) -> Result<(), SelectError> {
    match meant {
        0 if fitting > 0 => Err(SelectError::KidUnknown),
        0 => Err(SelectError::NotFound),
        _ if meant > max => Err(SelectError::Ambiguous),
        _ => Ok(()),
    }
}
