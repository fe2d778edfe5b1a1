//! Sets of identifiers, as bits.

use core::fmt::{self, Debug, Display};
use core::hash::Hash;
use core::marker::PhantomData;
use core::str::FromStr;

use crate::UnknownName;

/// The number of identifiers that a set has room for.
pub(crate) const CAPACITY: usize = 64;

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "it seals `Identifier`")]
    pub trait Sealed {}
}

/// An identifier type of this crate, such as [`JwsAlg`](crate::JwsAlg). Sealed.
pub trait Identifier:
    sealed::Sealed + Copy + Ord + Hash + Debug + Display + FromStr<Err = UnknownName> + 'static
{
    /// Every identifier of this type.
    const ALL: &'static [Self];

    /// The position in [`ALL`](Self::ALL), for use within one process: it may change with any release.
    fn index(self) -> u32;
}

/// A set of identifiers of one type: algorithms that are allowed or that a key can serve, or a key's
/// operations ([`KeyOp`](crate::KeyOp), RFC 7517 section 4.3).
///
/// Eight bytes, `Copy`, and usable in constants through the types' own constructors
/// ([`JwsAlg::set`](crate::JwsAlg::set) and its like). A set names what it holds; an operation that would
/// take members out by name is left away on purpose, since a list of what is forbidden lets through what was
/// not thought of.
///
/// ```
/// use jose_jwa::{AlgSet, JwsAlg};
///
/// const ALLOWED: AlgSet<JwsAlg> = JwsAlg::set(&[JwsAlg::Es256, JwsAlg::Ed25519]);
/// assert!(ALLOWED.contains(JwsAlg::Ed25519));
/// assert!(!ALLOWED.contains(JwsAlg::EdDsa));
/// assert_eq!(format!("{ALLOWED:?}"), "{ES256, Ed25519}");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlgSet<A> {
    bits: u64,
    of: PhantomData<A>,
}

impl<A: Identifier> AlgSet<A> {
    /// The empty set.
    pub const EMPTY: Self = Self { bits: 0, of: PhantomData };

    /// The set of every identifier of the type, the deprecated ones and those that
    /// [must be named](crate::JweAlg::must_be_named) included.
    pub const fn all() -> Self {
        let mut set = Self::EMPTY;
        let mut rest = A::ALL;
        // An index is a position in `ALL`.
        while let [_, tail @ ..] = rest {
            set.bits = (set.bits << 1) | 1;
            rest = tail;
        }
        set
    }

    /// The set of the listed identifiers; one listed twice is there once.
    pub fn of(list: &[A]) -> Self {
        list.iter().copied().collect()
    }

    /// Whether the identifier is in the set.
    pub fn contains(self, identifier: A) -> bool {
        !self.intersection(identifier.into()).is_empty()
    }

    /// This set with the identifier in it.
    #[must_use]
    pub fn with(self, identifier: A) -> Self {
        self.with_index(identifier.index())
    }

    /// `index` must be one of the type, which is less than [`CAPACITY`].
    pub(crate) const fn with_index(self, index: u32) -> Self {
        Self { bits: self.bits | (1 << index), of: PhantomData }
    }

    /// What is in this set, in the other, or in both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, of: PhantomData }
    }

    /// What is in both this set and the other.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits, of: PhantomData }
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The number of identifiers in the set.
    #[expect(clippy::as_conversions, reason = "a count of at most 64; `usize::from` is not const")]
    pub const fn len(self) -> usize {
        self.bits.count_ones() as usize
    }

    /// Whether all that is in this set is in the other too. The empty set is a subset of every set.
    pub const fn is_subset(self, of: Self) -> bool {
        self.intersection(of).bits == self.bits
    }

    /// The identifiers in the set, in the order of the type's `ALL`.
    pub fn iter(self) -> impl Iterator<Item = A> + Clone {
        A::ALL.iter().copied().filter(move |identifier| self.contains(*identifier))
    }
}

impl<A: Identifier> Default for AlgSet<A> {
    /// The empty set.
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<A: Identifier> From<A> for AlgSet<A> {
    fn from(identifier: A) -> Self {
        Self::EMPTY.with(identifier)
    }
}

/// So that a list of algorithms can be passed where a set is asked for: `[JwsAlg::Es256, JwsAlg::Ed25519]`.
impl<A: Identifier, const N: usize> From<[A; N]> for AlgSet<A> {
    fn from(identifiers: [A; N]) -> Self {
        identifiers.into_iter().collect()
    }
}

impl<A: Identifier> From<&[A]> for AlgSet<A> {
    fn from(identifiers: &[A]) -> Self {
        Self::of(identifiers)
    }
}

impl<A: Identifier> FromIterator<A> for AlgSet<A> {
    fn from_iter<I: IntoIterator<Item = A>>(identifiers: I) -> Self {
        identifiers.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// Shows the names: `{ES256, Ed25519}`.
impl<A: Identifier> Debug for AlgSet<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The names: `{ES256, Ed25519}`.
impl<A: Identifier> Display for AlgSet<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, identifier) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{identifier}")?;
        }
        f.write_str("}")
    }
}

#[cfg(feature = "serde")]
impl<A: Identifier + serde::Serialize> serde::Serialize for AlgSet<A> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de, A: Identifier + serde::Deserialize<'de>> serde::Deserialize<'de> for AlgSet<A> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names<A>(PhantomData<A>);

        impl<'de, A: Identifier + serde::Deserialize<'de>> serde::de::Visitor<'de> for Names<A> {
            type Value = AlgSet<A>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names")
            }

            fn visit_seq<S: serde::de::SeqAccess<'de>>(self, mut seq: S) -> Result<AlgSet<A>, S::Error> {
                let mut set = AlgSet::EMPTY;
                while let Some(identifier) = seq.next_element()? {
                    set = set.with(identifier);
                }
                Ok(set)
            }
        }

        deserializer.deserialize_seq(Names(PhantomData))
    }
}
