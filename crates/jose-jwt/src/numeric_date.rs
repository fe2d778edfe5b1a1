use alloc::string::ToString;
use core::time::Duration;
use core::{fmt, ops};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// A NumericDate (RFC 7519 section 2): seconds since 1970-01-01T00:00:00Z, leap seconds not counted, with a fraction of
/// at most nine digits.
///
/// Tokens are read from decimal text, never through a floating-point number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericDate {
    /// Whole seconds, rounded down.
    seconds: i64,
    /// Below [`NANOS`].
    nanos: u32,
}

const NANOS: u32 = 1_000_000_000;

impl NumericDate {
    /// A whole number of seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// The system's time in whole seconds, which is what other implementations expect in a JWT.
    ///
    /// # Errors
    ///
    /// [`ClockError`] if the system's clock is before 1970 or out of range, or if there is none, as in WebAssembly without a
    /// system.
    #[cfg(feature = "std")]
    pub fn now() -> Result<Self, ClockError> {
        // The standard library panics there.
        if cfg!(all(target_family = "wasm", target_os = "unknown")) {
            return Err(ClockError);
        }
        std::time::SystemTime::now().try_into()
    }

    /// The whole seconds, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The fraction beyond the whole seconds, in nanoseconds.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Reads a JSON number. Digits of the fraction beyond the ninth are cut off.
    ///
    /// Returns `None` if the text is not a JSON number, or the date does not fit 64 bits of seconds.
    ///
    /// ```
    /// use jose_jwt::NumericDate;
    /// assert_eq!(NumericDate::parse("1.7e9"), Some(NumericDate::from_seconds(1_700_000_000)));
    /// assert_eq!(NumericDate::parse("1e309"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Whole seconds as most write them: as many digits as no overflow takes.
        if let [b'1'..=b'9', ..] = text.as_bytes()
            && text.len() <= 18
            && text.bytes().all(|digit| digit.is_ascii_digit())
        {
            return text.parse().ok().map(Self::from_seconds);
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        // The value is 0.d1d2d3… times ten to the power of `point`.
        let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
        let mut magnitude = Magnitude::default();
        let mut place = point;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
            place = place.checked_sub(1)?;
            magnitude.add(digit, place)?;
        }
        magnitude.signed(negative)
    }

    /// The date a span after this one, or `None` if it is out of range.
    #[must_use]
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        let nanos = self.nanos.checked_add(span.subsec_nanos())?;
        let (carry, nanos) = if nanos >= NANOS { (1, nanos.checked_sub(NANOS)?) } else { (0, nanos) };
        let seconds = self.seconds.checked_add_unsigned(span.as_secs())?.checked_add(carry)?;
        Some(Self { seconds, nanos })
    }

    /// The date a span before this one, or `None` if it is out of range.
    #[must_use]
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        let (borrow, nanos) = match self.nanos.checked_sub(span.subsec_nanos()) {
            Some(nanos) => (0, nanos),
            None => (1, self.nanos.checked_add(NANOS)?.checked_sub(span.subsec_nanos())?),
        };
        let seconds = self.seconds.checked_sub_unsigned(span.as_secs())?.checked_sub(borrow)?;
        Some(Self { seconds, nanos })
    }

    /// The date a span after this one, or the last date there is.
    #[must_use]
    pub fn saturating_add(self, span: Duration) -> Self {
        const LAST: NumericDate = NumericDate { seconds: i64::MAX, nanos: NANOS - 1 };
        self.checked_add(span).unwrap_or(LAST)
    }

    /// The date a span before this one, or the first date there is.
    #[must_use]
    pub fn saturating_sub(self, span: Duration) -> Self {
        const FIRST: NumericDate = NumericDate { seconds: i64::MIN, nanos: 0 };
        self.checked_sub(span).unwrap_or(FIRST)
    }

    /// The span from an earlier date to this one, or `None` if that date is later.
    ///
    /// ```
    /// use core::time::Duration;
    /// use jose_jwt::NumericDate;
    ///
    /// let (start, end) = (NumericDate::from_seconds(100), NumericDate::from_seconds(160));
    /// assert_eq!(end.duration_since(start), Some(Duration::from_secs(60)));
    /// assert_eq!(start.duration_since(end), None);
    /// assert_eq!(start + Duration::from_secs(60), end);
    /// ```
    #[must_use]
    pub fn duration_since(self, earlier: Self) -> Option<Duration> {
        if self < earlier {
            return None;
        }
        let (borrow, nanos) = match self.nanos.checked_sub(earlier.nanos) {
            Some(nanos) => (0, nanos),
            None => (1, self.nanos.checked_add(NANOS)?.checked_sub(earlier.nanos)?),
        };
        let seconds = self.seconds.abs_diff(earlier.seconds).checked_sub(borrow)?;
        Some(Duration::new(seconds, nanos))
    }
}

/// Saturates at the last date there is.
impl ops::Add<Duration> for NumericDate {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        self.saturating_add(span)
    }
}

/// Saturates at the first date there is.
impl ops::Sub<Duration> for NumericDate {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        self.saturating_sub(span)
    }
}

/// A whole number of seconds, or with a fraction a floating-point number.
impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.nanos == 0 {
            return serializer.serialize_i64(self.seconds);
        }
        let number: serde_json::Number = self.to_string().parse().map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

/// From a JSON number.
impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Self::parse(&number.to_string()).ok_or_else(|| de::Error::custom("the number is not a NumericDate"))
    }
}

/// A time of the system's clock, in whole seconds. Times before 1970 are rejected: they indicate a clock that was never set.
#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for NumericDate {
    type Error = ClockError;

    /// # Errors
    ///
    /// [`ClockError`] if it is before 1970 or out of range.
    fn try_from(time: std::time::SystemTime) -> Result<Self, ClockError> {
        let elapsed = time.duration_since(std::time::UNIX_EPOCH).map_err(|_| ClockError)?;
        i64::try_from(elapsed.as_secs()).map(Self::from_seconds).map_err(|_| ClockError)
    }
}

/// The digits of a number by their places: 0 for the last of the whole seconds, -1 for the first of the fraction.
#[derive(Default)]
struct Magnitude {
    seconds: u64,
    nanos: u32,
}

impl Magnitude {
    fn add(&mut self, digit: u8, place: i64) -> Option<()> {
        if digit == 0 {
            return Some(());
        }
        // Ten to the power of 19 is the last that a digit can be counted by in 64 bits.
        if place >= 0 {
            let value = 10_u64.checked_pow(u32::try_from(place).ok()?)?.checked_mul(u64::from(digit))?;
            self.seconds = self.seconds.checked_add(value)?;
        } else if let Some(place) = place.checked_add(9).and_then(|place| u32::try_from(place).ok()) {
            let value = 10_u32.checked_pow(place)?.checked_mul(u32::from(digit))?;
            self.nanos = self.nanos.checked_add(value)?;
        }
        Some(())
    }

    fn signed(self, negative: bool) -> Option<NumericDate> {
        let Self { seconds, nanos } = self;
        if !negative {
            return Some(NumericDate { seconds: i64::try_from(seconds).ok()?, nanos });
        }
        let seconds = 0_i64.checked_sub_unsigned(seconds)?;
        if nanos == 0 {
            return Some(NumericDate { seconds, nanos });
        }
        Some(NumericDate { seconds: seconds.checked_sub(1)?, nanos: NANOS.checked_sub(nanos)? })
    }
}

/// An exponent, held within what no text of digits can make up for.
fn parse_exponent(text: &str) -> Option<i64> {
    const FAR: i64 = 1 << 40;
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut exponent = 0_i64;
    for digit in digits {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        exponent = exponent.checked_mul(10)?.checked_add(i64::from(digit))?.min(FAR);
    }
    if negative { exponent.checked_neg() } else { Some(exponent) }
}

/// As a JSON number: whole seconds without a fraction, and otherwise as many digits as it takes.
impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return write!(f, "{}", self.seconds);
        }
        // Below zero, the whole seconds are rounded down and the fraction goes up from there.
        let (sign, seconds, nanos) = if self.seconds < 0 {
            ("-", self.seconds.saturating_add(1).unsigned_abs(), NANOS.saturating_sub(self.nanos))
        } else {
            ("", self.seconds.unsigned_abs(), self.nanos)
        };
        let (mut nanos, mut width) = (nanos, 9_usize);
        while nanos % 10 == 0 && width > 1 {
            nanos /= 10;
            width = width.saturating_sub(1);
        }
        write!(f, "{sign}{seconds}.{nanos:0width$}")
    }
}

/// The system's clock is before 1970 or out of range, or there is none.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockError;

#[cfg(feature = "std")]
impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system's clock is not set")
    }
}

#[cfg(feature = "std")]
impl core::error::Error for ClockError {}
