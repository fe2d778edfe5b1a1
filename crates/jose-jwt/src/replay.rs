//! A JWT that is taken once (RFC 7519 section 4.1.7).

use crate::NumericDate;

/// What identifies a JWT, and until when it must be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen<'a> {
    /// `iss`, within which `jti` is unique; of a DPoP proof, the thumbprint of its key in base64url.
    pub issuer: Option<&'a str>,
    /// `jti`.
    pub id: &'a str,
    /// From when on the JWT is refused for its age alone: `exp` and the leeway, or `iat`, the greatest age and the leeway.
    pub until: NumericDate,
    /// The time of the verification.
    pub now: NumericDate,
}

/// Why a JWT is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// It was seen before.
    Seen,
    /// The store cannot say: it is full, does not answer, or has forgotten the JWTs of that time.
    Store,
}

impl From<ReplayError> for crate::Error {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Seen => Self::Replayed,
            ReplayError::Store => Self::ReplayStore,
        }
    }
}

/// A store of the JWTs that were seen.
///
/// It is asked once for each JWT, after signature and claims were found right. To find out whether a JWT is new and to
/// remember it must be one step, or two requests at once take it twice.
pub trait ReplayGuard {
    /// Remembers the JWT, if it was not seen before.
    ///
    /// # Errors
    ///
    /// [`ReplayError::Seen`] where it was; [`ReplayError::Store`] where that cannot be said.
    fn first_use(&self, seen: &Seen<'_>) -> Result<(), ReplayError>;
}

/// The same for a store behind a network.
pub trait AsyncReplayGuard {
    /// Remembers the JWT, if it was not seen before.
    ///
    /// # Errors
    ///
    /// As [`ReplayGuard::first_use`].
    fn first_use(&self, seen: &Seen<'_>) -> impl Future<Output = Result<(), ReplayError>>;
}

#[cfg(feature = "std")]
pub use memory::MemoryReplayGuard;

#[cfg(feature = "std")]
mod memory {
    use alloc::collections::{BTreeMap, BTreeSet};
    use alloc::string::String;
    use std::sync::Mutex;

    use super::{ReplayError, ReplayGuard, Seen};
    use crate::NumericDate;

    /// `iss` and `jti`.
    type Id = (Option<String>, String);

    /// A [`ReplayGuard`] in the memory of one process, for a bounded number of JWTs at a time.
    ///
    /// When it is full, JWTs are refused until some of those that it remembers have expired: to forget one that has
    /// not would be to take it twice. For the same reason, after the clock was turned back, those that would have to be
    /// among the forgotten are refused.
    ///
    /// Verifiers that share one have the same leeway: a JWT is forgotten when it expires for the one that took it.
    #[derive(Debug)]
    pub struct MemoryReplayGuard {
        capacity: usize,
        seen: Mutex<Store>,
    }

    /// Each id with its time, and the other way round: what has expired stands in front.
    #[derive(Debug)]
    struct Store {
        by_id: BTreeMap<Id, NumericDate>,
        by_time: BTreeSet<(NumericDate, Id)>,
        /// The latest time of those that were forgotten. Only a clock that was turned back leads to one before it again.
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
        fn first_use(&self, jwt: &Seen<'_>) -> Result<(), ReplayError> {
            let id = (jwt.issuer.map(String::from), String::from(jwt.id));
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
