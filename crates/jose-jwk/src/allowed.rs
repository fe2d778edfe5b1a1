//! Which algorithms a caller allows, and which of them a key serves.

use alloc::vec::Vec;

use jose_jwa::{AlgSet, Identifier};

use crate::error::Error;
use crate::key::RsaLimits;

/// The algorithms that a caller allows, with what else is allowed of keys.
///
/// Functions that take an `impl Into<Allowed<_>>` take one algorithm, an array of them, or an [`AlgSet`] as well.
///
/// ```
/// use jose_jwk::{Allowed, JwsAlg, RsaLimits};
///
/// let allowed: Allowed<JwsAlg> = [JwsAlg::Es256, JwsAlg::Rs256].into();
/// let legacy = allowed.legacy_rsa(RsaLimits::LEGACY_VERIFY);
/// assert_eq!(legacy.algs(), allowed.algs());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Allowed<A: Identifier> {
    algs: AlgSet<A>,
    rsa: RsaLimits,
}

impl<A: Identifier> Allowed<A> {
    fn new(algs: impl Into<AlgSet<A>>) -> Self {
        Self { algs: algs.into(), rsa: RsaLimits::STRICT }
    }

    /// Verifies with RSA keys that RFC 7518 does not allow, within these limits. Other operations keep the strict ones.
    pub fn legacy_rsa(self, limits: RsaLimits) -> Self {
        Self { rsa: limits, ..self }
    }

    /// The algorithms.
    pub fn algs(&self) -> AlgSet<A> {
        self.algs
    }

    /// The limits for RSA keys.
    pub fn rsa_limits(&self) -> RsaLimits {
        self.rsa
    }
}

impl<A: Identifier> From<AlgSet<A>> for Allowed<A> {
    fn from(algs: AlgSet<A>) -> Self {
        Self::new(algs)
    }
}

impl<A: Identifier> From<A> for Allowed<A> {
    fn from(alg: A) -> Self {
        Self::new(alg)
    }
}

impl<A: Identifier, const N: usize> From<[A; N]> for Allowed<A> {
    fn from(algs: [A; N]) -> Self {
        Self::new(algs)
    }
}

impl<A: Identifier> From<&[A]> for Allowed<A> {
    fn from(algs: &[A]) -> Self {
        Self::new(algs)
    }
}

/// The allowed algorithms that a key serves, each with what it was prepared to, and the reasons against the others.
#[derive(Clone, Debug)]
pub struct Served<A, P> {
    served: Vec<(A, P)>,
    refused: Vec<(A, Error)>,
}

impl<A: Identifier, P> Served<A, P> {
    /// Prepares the key for each allowed algorithm. Returns the reason that says most if the key serves none of them, or
    /// `None` if none is allowed.
    ///
    /// # Errors
    ///
    /// See above.
    pub fn new(
        allowed: AlgSet<A>,
        mut prepare: impl FnMut(A) -> Result<P, Error>,
    ) -> Result<Self, Option<Error>> {
        let (mut served, mut refused) = (Vec::new(), Vec::new());
        for alg in allowed.iter() {
            match prepare(alg) {
                Ok(prepared) => served.push((alg, prepared)),
                Err(reason) => refused.push((alg, reason)),
            }
        }
        if served.is_empty() {
            // An algorithm for another kind of key says least about why this key was refused.
            let telling = refused.iter().find(|(_, reason)| !reason.is_wrong_kind());
            return Err(telling.or(refused.first()).map(|(_, reason)| *reason));
        }
        Ok(Self { served, refused })
    }

    /// A key for one algorithm.
    #[must_use]
    pub fn one(alg: A, prepared: P) -> Self {
        Self { served: Vec::from([(alg, prepared)]), refused: Vec::new() }
    }

    /// The algorithms that the key serves.
    pub fn algs(&self) -> AlgSet<A> {
        self.served.iter().map(|(alg, _)| *alg).collect()
    }

    /// What the key was prepared to for this algorithm.
    pub fn get(&self, alg: A) -> Option<&P> {
        self.served.iter().find(|(served, _)| *served == alg).map(|(_, prepared)| prepared)
    }

    /// Why the key does not serve this algorithm, if it is allowed.
    pub fn refusal(&self, alg: A) -> Option<Error> {
        self.refused.iter().find(|(refused, _)| *refused == alg).map(|(_, reason)| *reason)
    }

    /// The same algorithms, with what `change` makes of what the key was prepared to.
    #[must_use]
    pub fn map<Q>(&self, mut change: impl FnMut(&P) -> Q) -> Served<A, Q> {
        let served = self.served.iter().map(|(alg, prepared)| (*alg, change(prepared))).collect();
        Served { served, refused: self.refused.clone() }
    }

    /// What the key was prepared to, with the algorithm of each.
    pub fn iter(&self) -> impl Iterator<Item = (A, &P)> {
        self.served.iter().map(|(alg, prepared)| (*alg, prepared))
    }
}
