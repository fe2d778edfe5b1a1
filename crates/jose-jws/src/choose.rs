//! Keys that a function of the message's header chooses.

use core::fmt;

use jose_jwk::{AlgSet, JwsAlg};

use crate::Error;
use crate::key::{Signed, Verify, sealed};

/// Verifies with the key that a function finds for the headers, which nobody has verified yet: by `kid` from a store, by
/// a tenant's name in a parameter.
///
/// The function chooses the key and nothing else: the algorithms are fixed beforehand, and the key's own hold besides.
/// What it looks up must not depend on more than the names in the header; what it returns must not come out of the
/// message.
///
/// ```
/// # #[cfg(feature = "hmac")] {
/// use jose_jws::alg::{HmacKey, Hs256};
/// use jose_jws::{AlgSet, JwsAlg, Key, KeyFromHeader, Signed, compact};
/// let (one, two) = (HmacKey::<Hs256>::new(&[1; 32])?, HmacKey::<Hs256>::new(&[2; 32])?);
/// let (one, two) = (Key::<Hs256, _>::new(one), Key::<Hs256, _>::new(two));
/// let keys = KeyFromHeader::new(AlgSet::of(&[JwsAlg::Hs256]), |signed: &Signed<'_>| match signed.kid() {
///     Some(kid) if kid == *"one" => Some(&one),
///     Some(kid) if kid == *"two" => Some(&two),
///     _ => None,
/// })?;
/// # let mut buffer = [0; 256];
/// # let header = jose_jws::Header { kid: Some("two"), ..Default::default() };
/// # let token = compact::sign_in(&two, &header, b"payload", &mut buffer)?;
/// let mut room = [0; 256];
/// assert_eq!(compact::verify_in(&keys, token, &mut room)?.payload(), b"payload");
/// # }
/// # Ok::<(), jose_jws::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct KeyFromHeader<F> {
    allowed: AlgSet<JwsAlg>,
    choose: F,
}

impl<F> KeyFromHeader<F> {
    /// Takes the algorithms that are allowed whatever the function says, and the function.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`]; [`Error::KeysMixed`] where both symmetric and asymmetric ones are among them.
    pub fn new<V>(allowed: AlgSet<JwsAlg>, choose: F) -> Result<Self, Error>
    where
        F: Fn(&Signed<'_>) -> Option<V>,
        V: Verify,
    {
        let symmetric = allowed.iter().filter(|alg| alg.is_symmetric()).count();
        match allowed.len() {
            0 => Err(Error::AlgorithmsEmpty),
            all if symmetric != 0 && symmetric != all => Err(Error::KeysMixed),
            _ => Ok(Self { allowed, choose }),
        }
    }
}

impl<F, V> Verify for KeyFromHeader<F>
where
    F: Fn(&Signed<'_>) -> Option<V>,
    V: Verify,
{
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.allowed
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        let key = (self.choose)(signed).ok_or(Error::KeyNotFound)?;
        if !key.algs().contains(signed.alg) {
            return Err(key.refusal(signed.alg));
        }
        key.verify(signed)
    }
}

impl<F> sealed::Sealed for KeyFromHeader<F> {}

impl<F> fmt::Debug for KeyFromHeader<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFromHeader").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}
