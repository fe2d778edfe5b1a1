use core::time::Duration;

/// When a key set that somebody else publishes is fetched anew. This type counts and decides; it opens no connection and
/// reads no clock.
///
/// Tokens come from strangers, and each can name a `kid` that no set has. If each of them had the set fetched again,
/// whoever sends tokens would choose how often: here it is once in a cooldown, whatever is asked, and the set that is
/// there is used on while a fetch is under way or fails.
///
/// Every time is a span since one fixed moment, on a clock that does not go back, such as `Instant`'s.
///
/// ```
/// use core::time::Duration;
/// use jose_jwk::Refresh;
/// let at = Duration::from_secs;
/// let mut refresh = Refresh::new();
/// // There is no set yet.
/// assert!(refresh.is_due(at(0), false) && !refresh.is_usable(at(0)));
/// refresh.fetched(at(1));
/// assert!(refresh.is_usable(at(1)) && !refresh.is_due(at(40), false));
/// // A token with an unknown `kid`: once, and not again for the next one.
/// assert!(refresh.is_due(at(40), true));
/// assert!(!refresh.is_due(at(41), true));
/// ```
#[derive(Clone, Debug)]
#[must_use = "it says when to fetch"]
pub struct Refresh {
    cooldown: Duration,
    max_age: Duration,
    max_stale: Duration,
    /// When a fetch was last called for.
    asked: Option<Duration>,
    /// When one last succeeded.
    fetched: Option<Duration>,
}

impl Refresh {
    /// The least time between two fetches.
    pub const MIN_COOLDOWN: Duration = Duration::from_secs(30);

    /// A fetch every ten minutes, at most one in 30 seconds, and an end to a set that nobody could fetch for a day.
    pub const fn new() -> Self {
        Self {
            cooldown: Self::MIN_COOLDOWN,
            max_age: Duration::from_secs(600),
            max_stale: Duration::from_secs(86_400),
            asked: None,
            fetched: None,
        }
    }

    /// The time between two fetches, at least [`Refresh::MIN_COOLDOWN`]. A fetch should give up before it is over: it
    /// then counts as failed.
    pub fn cooldown(self, span: Duration) -> Self {
        Self { cooldown: span.max(Self::MIN_COOLDOWN), ..self }
    }

    /// How long a set is used without being fetched anew.
    pub fn max_age(self, span: Duration) -> Self {
        Self { max_age: span, ..self }
    }

    /// How long a set is used that cannot be fetched anew: a key that its owner withdrew is trusted as long.
    pub fn max_stale(self, span: Duration) -> Self {
        Self { max_stale: span, ..self }
    }

    /// Whether the set is to be fetched now. `unknown_kid`: a token names a key that the set does not have. Where this
    /// says yes, it is for one caller to fetch; the others hear no until the cooldown is over.
    pub fn is_due(&mut self, now: Duration, unknown_kid: bool) -> bool {
        let is_old = self.fetched.is_none_or(|then| now.saturating_sub(then) >= self.max_age);
        let may_ask = self.asked.is_none_or(|then| now.saturating_sub(then) >= self.cooldown);
        let is_due = may_ask && (is_old || unknown_kid);
        if is_due {
            self.asked = Some(now);
        }
        is_due
    }

    /// The set was fetched, and read.
    pub fn fetched(&mut self, now: Duration) {
        self.fetched = Some(now);
    }

    /// Whether the set that is there may still be used.
    #[must_use]
    pub fn is_usable(&self, now: Duration) -> bool {
        self.fetched.is_some_and(|then| now.saturating_sub(then) < self.max_stale)
    }
}

impl Default for Refresh {
    fn default() -> Self {
        Self::new()
    }
}
