//! When a key set is fetched, and for how long it is used: a state machine that opens no connection and reads no clock.

use core::mem;
use core::time::Duration;

use http::header::HeaderValue;
use jose_jwt::Refresh;

use crate::freshness::Freshness;

/// Decides when a published key set is fetched, and until when it may be used, from the time and from what fetches answered.
///
/// A set lives as long as its answer's headers say, within [`min_life`](Self::min_life) and [`max_life`](Self::max_life). It
/// is fetched again when four fifths of its life are over, and for a token whose `kid` it does not have, at most once in a
/// [`cooldown`](Self::cooldown). If it cannot be fetched again it is used for [`max_stale`](Self::max_stale) longer, and the
/// pauses between the attempts grow. There is one fetch at a time.
///
/// Every time is a span since one fixed moment, on a clock that does not go back, such as `Instant`'s.
///
/// ```
/// use core::time::Duration;
/// use jose_remote::{Freshness, KeyCache, Outcome};
///
/// let at = Duration::from_secs;
/// let mut cache = KeyCache::new();
/// assert!(cache.begin(at(0), false) && !cache.begin(at(0), false));
///
/// let hour = Freshness { life: Some(at(3600)), etag: None };
/// cache.finish(at(1), Outcome::Fetched(hour), 0);
/// assert!(cache.is_usable(at(100)) && !cache.is_due(at(100), false));
/// // A token with an unknown `kid`.
/// assert!(cache.is_due(at(100), true));
/// // Four fifths of the hour are over. An hour later it is not used any more, unless fetched.
/// assert!(cache.is_due(at(2881), false));
/// assert!(cache.is_usable(at(7200)) && !cache.is_usable(at(7201)));
/// ```
#[derive(Clone, Debug)]
#[must_use = "it only says when to fetch"]
pub struct KeyCache {
    min_life: Duration,
    max_life: Duration,
    default_life: Duration,
    max_stale: Duration,
    refresh: Refresh,
    /// The turn that is under way: when it began, and the state before it.
    turn: Option<(Duration, Refresh)>,
    /// How many turns there were.
    turns: u64,
    /// No fetch begins before, after one that failed or was given up.
    retry_at: Duration,
    failures: u32,
    usable_until: Option<Duration>,
    etag: Option<HeaderValue>,
}

/// How a fetch ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There is a new set, and it can be used.
    Fetched(Freshness),
    /// The server says that the set at hand is still the current one (status 304).
    NotModified(Freshness),
    /// There was no answer, an error, or a set that cannot be used: the set at hand serves on.
    Failed {
        /// What the server asks to wait, from `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Nobody waits for the answer any more.
    Abandoned,
}

/// The longest pause after a failure, without jitter.
const MAX_PAUSE: Duration = Duration::from_secs(300);
/// The pause after a fetch that was given up.
const ABANDONED_PAUSE: Duration = Duration::from_secs(1);

impl KeyCache {
    /// Lives of 5 minutes to 24 hours, 10 minutes if the headers do not say; an hour longer if the set cannot be fetched; a
    /// cooldown of 30 seconds.
    pub const fn new() -> Self {
        Self {
            min_life: Duration::from_secs(300),
            max_life: Duration::from_secs(86_400),
            default_life: Duration::from_secs(600),
            max_stale: Duration::from_secs(3600),
            refresh: Refresh::new(),
            turn: None,
            turns: 0,
            retry_at: Duration::ZERO,
            failures: 0,
            usable_until: None,
            etag: None,
        }
    }

    /// Sets the least life of a set, whatever the headers say.
    pub fn min_life(self, span: Duration) -> Self {
        Self { min_life: span, ..self }
    }

    /// Sets the greatest life of a set, whatever the headers say. A withdrawn key is trusted for as long, and for
    /// [`max_stale`](Self::max_stale) longer while the set cannot be fetched. It counts before [`min_life`](Self::min_life);
    /// under the cooldown, there are times without keys.
    pub fn max_life(self, span: Duration) -> Self {
        Self { max_life: span, ..self }
    }

    /// Sets the life of a set whose headers do not say it.
    pub fn default_life(self, span: Duration) -> Self {
        Self { default_life: span, ..self }
    }

    /// Sets how long a set is used after its life while it cannot be fetched again. With zero it is not.
    pub fn max_stale(self, span: Duration) -> Self {
        Self { max_stale: span, ..self }
    }

    /// Sets the least time between two fetches, at least 30 seconds.
    pub fn cooldown(self, span: Duration) -> Self {
        Self { refresh: self.refresh.cooldown(span), ..self }
    }

    /// Whether there is a set that may be used.
    #[must_use]
    pub fn is_usable(&self, now: Duration) -> bool {
        self.usable_until.is_some_and(|until| now < until)
    }

    /// Until when the set may be used, if there is one.
    #[must_use]
    pub fn usable_until(&self) -> Option<Duration> {
        self.usable_until
    }

    /// `ETag` of the set at hand.
    #[must_use]
    pub fn etag(&self) -> Option<&HeaderValue> {
        self.etag.as_ref()
    }

    /// Whether a fetch is under way. One that did not end within the cooldown is given up.
    #[must_use]
    pub fn is_fetching(&self, now: Duration) -> bool {
        self.turn.as_ref().is_some_and(|(began, _)| now < began.saturating_add(Refresh::MIN_COOLDOWN))
    }

    /// Whether a fetch is due. `unknown_kid`: a token names a key that the set does not have.
    #[must_use]
    pub fn is_due(&self, now: Duration, unknown_kid: bool) -> bool {
        now >= self.retry_at && !self.is_fetching(now) && self.refresh.is_due(now, unknown_kid)
    }

    /// Like [`is_due`](Self::is_due), and if a fetch is due, the caller has the turn: it fetches the set and reports how that
    /// ended with [`finish`](Self::finish).
    #[must_use = "the caller fetches the set if this is true"]
    pub fn begin(&mut self, now: Duration, unknown_kid: bool) -> bool {
        let before = self.refresh.clone();
        let is_turn = self.is_due(now, unknown_kid) && self.refresh.take_turn(now, unknown_kid);
        if is_turn {
            self.turn = Some((now, before));
            self.turns = self.turns.wrapping_add(1);
        }
        is_turn
    }

    /// The number of the last turn. A fetch that ends under a later number was given up, and its answer is not used.
    #[must_use]
    pub fn turn(&self) -> u64 {
        self.turns
    }

    /// Reports how the fetch ended. `jitter` is a random number, so that servers which failed together do not try again
    /// together: the pause after a failure is longer by up to a quarter. Without a turn it changes nothing.
    pub fn finish(&mut self, now: Duration, outcome: Outcome, jitter: u16) {
        let Some((began, before)) = self.turn.take() else { return };
        match outcome {
            Outcome::Fetched(freshness) => {
                self.etag.clone_from(&freshness.etag);
                self.renew(now, &freshness);
            }
            // Its `ETag` is the one that was asked with, or a mistake.
            Outcome::NotModified(freshness) => self.renew(now, &freshness),
            Outcome::Failed { retry_after } => {
                self.refresh.failed(now);
                let pause = self.pause().max(retry_after.unwrap_or_default().min(MAX_PAUSE));
                self.failures = self.failures.saturating_add(1);
                let share = pause.saturating_mul(u32::from(jitter)) / (4 * u32::from(u16::MAX));
                self.retry_at = now.saturating_add(pause).saturating_add(share);
            }
            Outcome::Abandoned => {
                self.refresh = before;
                // Without keys, those who wait try at once.
                let pause = if self.is_usable(now) { ABANDONED_PAUSE } else { Duration::ZERO };
                self.retry_at = began.saturating_add(pause);
            }
        }
    }

    /// When the next fetch is due, from now on, if no token asks for one before.
    #[must_use]
    pub fn next(&self, now: Duration) -> Duration {
        let pause = self.retry_at.saturating_sub(now);
        let turn = self.turn.as_ref().map_or(Duration::ZERO, |(began, _)| {
            began.saturating_add(Refresh::MIN_COOLDOWN).saturating_sub(now)
        });
        self.refresh.next(now).max(pause).max(turn)
    }

    /// The set is good from now on.
    fn renew(&mut self, now: Duration, freshness: &Freshness) {
        let life = freshness.life.unwrap_or(self.default_life).max(self.min_life).min(self.max_life);
        // Four fifths of it; a fetch then has the last fifth to succeed.
        let ahead = life.saturating_sub(life / 5);
        self.refresh = mem::take(&mut self.refresh).max_age(ahead);
        self.refresh.fetched(now);
        self.usable_until = Some(now.saturating_add(life).saturating_add(self.max_stale));
        (self.failures, self.retry_at) = (0, Duration::ZERO);
    }

    /// After a failure: 1, 2, 4 seconds and so on while there never was a set, then 30 seconds, a minute and so on.
    fn pause(&self) -> Duration {
        let first = if self.usable_until.is_none() { 1 } else { Refresh::MIN_COOLDOWN.as_secs() };
        let seconds = first.saturating_mul(1_u64.checked_shl(self.failures).unwrap_or(u64::MAX));
        let most = if self.usable_until.is_none() { Refresh::MIN_COOLDOWN } else { MAX_PAUSE };
        Duration::from_secs(seconds).min(most)
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self::new()
    }
}
