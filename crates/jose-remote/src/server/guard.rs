//! What remembers the proofs that were seen, in this process or elsewhere.

use core::future::{Future, ready};
use core::pin::Pin;
use std::sync::Arc;

use jose_jwt::{AsyncReplayGuard, ReplayError, ReplayGuard, TokenId};

/// Like [`AsyncReplayGuard`], for servers whose tasks move between threads. Each [`ReplayGuard`] that threads may share is one.
pub trait ReplayGuardSend: Send + Sync {
    /// Remembers the JWT, if it was not seen before.
    ///
    /// # Errors
    ///
    /// Those of [`ReplayGuard::first_use`].
    fn first_use(&self, token: &TokenId<'_>) -> impl Future<Output = Result<(), ReplayError>> + Send;
}

impl<G: ReplayGuard + Send + Sync> ReplayGuardSend for G {
    fn first_use(&self, token: &TokenId<'_>) -> impl Future<Output = Result<(), ReplayError>> + Send {
        ready(ReplayGuard::first_use(self, token))
    }
}

/// A [`ReplayGuardSend`] whose type is not known.
trait AnyReplayGuard: Send + Sync {
    fn first_use_any<'g>(&'g self, token: &'g TokenId<'g>) -> Answer<'g>;
}

type Answer<'g> = Pin<Box<dyn Future<Output = Result<(), ReplayError>> + Send + 'g>>;

impl<G: ReplayGuardSend> AnyReplayGuard for G {
    fn first_use_any<'g>(&'g self, token: &'g TokenId<'g>) -> Answer<'g> {
        Box::pin(self.first_use(token))
    }
}

/// The guard of a server.
#[derive(Clone)]
pub(super) struct SharedReplayGuard(Arc<dyn AnyReplayGuard>);

impl SharedReplayGuard {
    pub(super) fn new(guard: impl ReplayGuardSend + 'static) -> Self {
        Self(Arc::new(guard))
    }
}

impl AsyncReplayGuard for SharedReplayGuard {
    async fn first_use(&self, token: &TokenId<'_>) -> Result<(), ReplayError> {
        self.0.first_use_any(token).await
    }
}
