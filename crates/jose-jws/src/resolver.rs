//! Keys that a function of the message's header chooses.

use core::fmt;

use jose_jwa::{AlgSet, JwsAlg};

use crate::error::Error;
use crate::key::{Candidate, Verify, sealed};

/// Verifies with the key that a function chooses by the unverified headers: by `kid` from a store, or by a tenant's name in
/// a parameter.
///
/// The function chooses the key and nothing else: the algorithms are fixed beforehand, and the key's own apply as well. It
/// should depend on the names in the header only, and must not return a key that comes from the message.
///
/// ```
/// use jose_jws::alg::{HmacKey, Hs256};
/// use jose_jws::{Candidate, Error, Header, JwsAlg, Key, KeyResolver, compact};
///
/// fn main() -> Result<(), Error> {
///     let one = Key::<Hs256, _>::new(HmacKey::new(&[1; 32])?);
///     let two = Key::<Hs256, _>::new(HmacKey::new(&[2; 32])?);
///     let by_kid = |candidate: &Candidate<'_>| match candidate.kid() {
///         Some(kid) if kid == "one" => Some(&one),
///         Some(kid) if kid == "two" => Some(&two),
///         _ => None,
///     };
///     let keys = KeyResolver::new(JwsAlg::Hs256, by_kid)?;
///
///     let (mut buffer, mut room) = ([0; 256], [0; 256]);
///     let token =
///         compact::sign_into(&two, b"payload", &Header::new().kid("two"), &mut buffer)?;
///     assert_eq!(compact::verify_into(&keys, token, &mut room)?.payload(), b"payload");
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy)]
pub struct KeyResolver<F> {
    allowed: AlgSet<JwsAlg>,
    choose: F,
}

/// What a [`KeyResolver`] asks for the key. Functions from a [`Candidate`] to an optional key implement it, and so can a type
/// of the caller's with a name, such as a set that is replaced while verifiers use it.
pub trait ChooseKey {
    /// The key, or a set of keys.
    type Key: Verify;

    /// Chooses by the unverified headers. `None` if there is no such key.
    fn choose(&self, candidate: &Candidate<'_>) -> Option<Self::Key>;
}

impl<F, V> ChooseKey for F
where
    F: Fn(&Candidate<'_>) -> Option<V>,
    V: Verify,
{
    type Key = V;

    fn choose(&self, candidate: &Candidate<'_>) -> Option<V> {
        self(candidate)
    }
}

impl<F> KeyResolver<F> {
    /// Takes the algorithms that are allowed, whichever key the function returns, and the function.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if none is allowed; [`Error::KeysMixed`] if both symmetric and asymmetric ones are.
    pub fn new<V>(allowed: impl Into<AlgSet<JwsAlg>>, choose: F) -> Result<Self, Error>
    where
        F: Fn(&Candidate<'_>) -> Option<V>,
        V: Verify,
    {
        Self::from_source(allowed, choose)
    }

    /// Like [`new`](Self::new), with a type that is not a function.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn from_source(allowed: impl Into<AlgSet<JwsAlg>>, choose: F) -> Result<Self, Error>
    where
        F: ChooseKey,
    {
        let allowed = allowed.into();
        let symmetric = allowed.iter().filter(|alg| alg.is_symmetric()).count();
        match allowed.len() {
            0 => Err(Error::AlgorithmsEmpty),
            all if symmetric != 0 && symmetric != all => Err(Error::KeysMixed),
            _ => Ok(Self { allowed, choose }),
        }
    }
}

impl<F: ChooseKey> Verify for KeyResolver<F> {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.allowed
    }

    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
        let key = self.choose.choose(candidate).ok_or(Error::KidUnknown)?;
        if !key.algs().contains(candidate.alg) {
            return Err(key.why_not(candidate.alg));
        }
        key.verify(candidate)
    }
}

impl<F> sealed::Sealed for KeyResolver<F> {}

impl<F> fmt::Debug for KeyResolver<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyResolver").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}
