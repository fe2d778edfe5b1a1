//! JWTs that are accepted once (RFC 7519 section 4.1.7).

use alloc::string::String;

use jose_b64::base64url;
use rand_core::TryCryptoRng;

use crate::error::Error;
use crate::numeric_date::NumericDate;

/// What identifies a JWT, and until when it must be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenId<'a> {
    /// `iss`, within which `jti` is unique; of a DPoP proof, the thumbprint of its key in base64url.
    pub issuer: Option<&'a str>,
    /// `jti`.
    pub id: &'a str,
    /// Of a DPoP proof, the request within which `jti` is unique (RFC 9449 section 11.1): the method, a space, and the URI
    /// without query and fragment, normalized by RFC 3986 section 6.2.2. Other JWTs have none.
    pub target: Option<&'a str>,
    /// From when on the JWT is refused for its age alone: `exp` and the leeway, or `iat`, the greatest age and the leeway.
    pub until: NumericDate,
    /// The time of the verification.
    pub now: NumericDate,
}

/// Why a JWT is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// It was seen before.
    Seen,
    /// The store cannot tell: it is full, does not answer, or has forgotten the JWTs of that time.
    Store,
}

impl From<ReplayError> for Error {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Seen => Self::Replayed,
            ReplayError::Store => Self::ReplayStore,
        }
    }
}

/// A store of the JWTs that were seen.
///
/// It is asked once for each JWT, after signature and claims were checked. Finding out whether a JWT is new and remembering it
/// must be one step, or two requests at the same time accept it twice.
pub trait ReplayGuard {
    /// Remembers the JWT, if it was not seen before.
    ///
    /// # Errors
    ///
    /// [`ReplayError::Seen`] if it was; [`ReplayError::Store`] if the store cannot tell.
    fn first_use(&self, token: &TokenId<'_>) -> Result<(), ReplayError>;
}

/// Like [`ReplayGuard`], for a store behind a network.
pub trait AsyncReplayGuard {
    /// Remembers the JWT, if it was not seen before.
    ///
    /// # Errors
    ///
    /// Those of [`ReplayGuard::first_use`].
    fn first_use(&self, token: &TokenId<'_>) -> impl Future<Output = Result<(), ReplayError>>;
}

/// A random identifier, for `jti`, `nonce` or `state`: 128 bits in base64url, 22 characters.
///
/// # Errors
///
/// [`Error::Rng`] if the generator fails.
pub fn random_id<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<String, Error> {
    let mut bytes = [0; 16];
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Rng)?;
    Ok(base64url::encode_to_string(&bytes))
}

#[cfg(feature = "std")]
pub use memory::MemoryReplayGuard;

#[cfg(feature = "std")]
mod memory {
    use alloc::collections::{BTreeMap, BTreeSet};
    use alloc::string::String;
    use std::sync::Mutex;

    use super::{ReplayError, ReplayGuard, TokenId};
    use crate::numeric_date::NumericDate;

    /// `iss`, `jti` and the request.
    type Id = (Option<String>, String, Option<String>);

    /// A [`ReplayGuard`] in the memory of one process, for a bounded number of JWTs at a time.
    ///
    /// When it is full, JWTs are refused until some of those that it remembers have expired: forgetting one that has not would
    /// be accepting it twice. For the same reason, after the clock was set back, JWTs that it may have forgotten are refused.
    ///
    /// Verifiers that share a guard should have the same leeway: a JWT is forgotten when it expires for the verifier that
    /// accepted it.
    #[derive(Debug)]
    pub struct MemoryReplayGuard {
        capacity: usize,
        seen: Mutex<Store>,
    }

    /// Each id with its time, and the other way round, so that what has expired comes first.
    #[derive(Debug)]
    struct Store {
        by_id: BTreeMap<Id, NumericDate>,
        by_time: BTreeSet<(NumericDate, Id)>,
        /// The latest expiry among evicted entries. A token expiring at or before this can only appear if the clock was set
        /// back.
        forgotten: Option<NumericDate>,
    }

    impl MemoryReplayGuard {
        /// Remembers up to this many.
        #[must_use]
        pub const fn new(capacity: usize) -> Self {
            let seen = Store { by_id: BTreeMap::new(), by_time: BTreeSet::new(), forgotten: None };
            Self { capacity, seen: Mutex::new(seen) }
        }
    }

    impl Store {
        fn forget_expired(&mut self, now: NumericDate) {
            while let Some((until, id)) = self.by_time.pop_first() {
                if now < until {
                    self.by_time.insert((until, id));
                    return;
                }
                self.by_id.remove(&id);
                self.forgotten = self.forgotten.max(Some(until));
            }
        }
    }

    impl ReplayGuard for MemoryReplayGuard {
        fn first_use(&self, jwt: &TokenId<'_>) -> Result<(), ReplayError> {
            let id = (jwt.issuer.map(String::from), String::from(jwt.id), jwt.target.map(String::from));
            let mut store = self.seen.lock().map_err(|_| ReplayError::Store)?;
            if store.by_id.contains_key(&id) {
                return Err(ReplayError::Seen);
            }
            store.forget_expired(jwt.now);
            if store.forgotten.is_some_and(|time| jwt.until <= time) || store.by_id.len() >= self.capacity {
                return Err(ReplayError::Store);
            }
            store.by_id.insert(id.clone(), jwt.until);
            store.by_time.insert((jwt.until, id));
            Ok(())
        }
    }
}
