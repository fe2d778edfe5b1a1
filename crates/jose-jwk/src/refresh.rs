use core::time::Duration;

/// Decides when a key set that is published elsewhere is fetched again. It opens no connection and reads no clock.
///
/// Anybody can send a token with a `kid` that no set has. So that senders cannot choose how often the set is fetched,
/// there is at most one fetch in a cooldown, and the set at hand is used while a fetch is under way or fails.
///
/// Every time is a span since one fixed moment, on a clock that does not go back, such as `Instant`'s.
///
/// ```
/// use core::time::Duration;
/// use jose_jwk::Refresh;
///
/// let at = Duration::from_secs;
/// let mut refresh = Refresh::new();
/// // There is no set yet: the first caller fetches it, the others wait.
/// assert!(refresh.take_turn(at(0), false) && !refresh.take_turn(at(0), false));
/// refresh.fetched(at(1));
/// assert!(refresh.is_usable(at(1)) && !refresh.is_due(at(40), false));
/// // A token with an unknown `kid`: one fetch, and no other for the next such token.
/// assert!(refresh.take_turn(at(40), true) && !refresh.take_turn(at(41), true));
/// // A task in the background fetches when the set is old.
/// assert_eq!(refresh.next(at(41)), at(560));
/// ```
#[derive(Clone, Debug)]
#[must_use = "it only says when to fetch"]
pub struct Refresh {
    cooldown: Duration,
    max_age: Duration,
    max_stale: Duration,
    /// No fetch begins before.
    not_before: Duration,
    /// When a fetch last succeeded.
    fetched: Option<Duration>,
    /// How many fetches failed since the last that succeeded.
    failures: u32,
}

impl Refresh {
    /// The least cooldown.
    pub const MIN_COOLDOWN: Duration = Duration::from_secs(30);

    /// Fetches every ten minutes, at most once in 30 seconds, and stops using a set that could not be fetched for a day.
    pub const fn new() -> Self {
        Self {
            cooldown: Self::MIN_COOLDOWN,
            max_age: Duration::from_secs(600),
            max_stale: Duration::from_secs(86_400),
            not_before: Duration::ZERO,
            fetched: None,
            failures: 0,
        }
    }

    /// Sets the least time between two fetches, at least [`MIN_COOLDOWN`](Self::MIN_COOLDOWN). A fetch must give up
    /// within it.
    pub fn cooldown(self, span: Duration) -> Self {
        Self { cooldown: span.max(Self::MIN_COOLDOWN), ..self }
    }

    /// Sets how long a set is used before it is fetched again.
    pub fn max_age(self, span: Duration) -> Self {
        Self { max_age: span, ..self }
    }

    /// Sets how long a set is used that cannot be fetched again. A withdrawn key is trusted for as long.
    pub fn max_stale(self, span: Duration) -> Self {
        Self { max_stale: span, ..self }
    }

    /// Whether a fetch is due. `unknown_kid`: a token names a key that the set does not have.
    #[must_use]
    pub fn is_due(&self, now: Duration, unknown_kid: bool) -> bool {
        now >= self.not_before && (unknown_kid || now >= self.old_at())
    }

    /// Like [`is_due`](Self::is_due), and if a fetch is due, the caller has the turn: it fetches the set and reports
    /// [`fetched`](Self::fetched) or [`failed`](Self::failed). Others are told `false` until the cooldown is over.
    #[must_use = "the caller fetches the set if this is true"]
    pub fn take_turn(&mut self, now: Duration, unknown_kid: bool) -> bool {
        let is_due = self.is_due(now, unknown_kid);
        if is_due {
            self.not_before = now.saturating_add(self.cooldown);
        }
        is_due
    }

    /// Reports that the set was fetched and read.
    pub fn fetched(&mut self, now: Duration) {
        (self.fetched, self.failures) = (Some(now), 0);
    }

    /// Reports that the set could not be fetched or read. While there is no set at all, the next fetch is due after 1
    /// second, then after 2, 4 and so on up to the cooldown; otherwise when the cooldown is over.
    pub fn failed(&mut self, now: Duration) {
        if self.fetched.is_none() {
            let pause = Duration::from_secs(1_u64.checked_shl(self.failures).unwrap_or(u64::MAX));
            self.not_before = now.saturating_add(pause.min(self.cooldown));
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// How long a task in the background sleeps until a fetch is due.
    #[must_use]
    pub fn next(&self, now: Duration) -> Duration {
        self.not_before.max(self.old_at()).saturating_sub(now)
    }

    /// Whether there is a set that may still be used.
    #[must_use]
    pub fn is_usable(&self, now: Duration) -> bool {
        self.fetched.is_some_and(|then| now.saturating_sub(then) < self.max_stale)
    }

    /// When the set is to be fetched again: at once if there is none.
    fn old_at(&self) -> Duration {
        self.fetched.map_or(Duration::ZERO, |then| then.saturating_add(self.max_age))
    }
}

impl Default for Refresh {
    fn default() -> Self {
        Self::new()
    }
}
