//! A task in the background that keeps keys fresh.

use core::future::poll_fn;
use core::pin::pin;
use core::sync::atomic::Ordering;
use core::task::Poll;
use core::time::Duration;

use jose_jwt::Refresh;

use super::RemoteKeys;
use crate::fetch::Fetch;

impl<F: Fetch + ?Sized> RemoteKeys<F> {
    /// Keeps the keys fresh, for ever: a task in the background, so that no request waits for a fetch once there are keys.
    /// `sleep` is the runtime's, such as `tokio::time::sleep`.
    ///
    /// A token that names a key which is not there, and for which nobody could wait
    /// ([`verify_now`](crate::RemoteVerifier::verify_now)), lets it fetch them, at most once in a cooldown.
    pub async fn maintain<S: Future<Output = ()>>(self, sleep: impl Fn(Duration) -> S) {
        loop {
            // Before the state is looked at, so that no wish is missed.
            let wanted = self.0.wanted.listen();
            // Those who need the keys hear of a failure; here it is tried again when it is due.
            drop(self.ready().await);
            let is_kept = self.0.is_wanted.swap(false, Ordering::SeqCst) && !self.look_for_another().await;
            let mut pause = self.cache().next(self.0.current.now());
            if is_kept {
                // The cooldown is not over. Until then further tokens need wake nobody.
                self.0.is_wanted.store(true, Ordering::SeqCst);
                pause = pause.min(Refresh::MIN_COOLDOWN);
            }
            either(sleep(pause.max(Duration::from_millis(100))), wanted).await;
        }
    }

    /// Looks for a key that the set does not have. Returns whether a fetch was due.
    async fn look_for_another(&self) -> bool {
        let before = self.cache().turn();
        self.look_again(self.version()).await;
        self.cache().turn() != before
    }
}

/// Waits for one of two.
async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await;
}
