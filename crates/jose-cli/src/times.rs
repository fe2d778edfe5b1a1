//! Times and spans of the command line.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use jose_jwt::NumericDate;

use crate::failure::Failure;

/// Reads a time from the command line: seconds since 1970, RFC 3339, or a span from now such as `+10m` or `-1h`.
pub(crate) fn parse(text: &str, now: NumericDate) -> Result<NumericDate, Failure> {
    let span = |text: &str| humantime::parse_duration(text).ok();
    let found = if let Some(after) = text.strip_prefix('+') {
        span(after).and_then(|span| now.checked_add(span))
    } else if let (Some(before), None) = (text.strip_prefix('-'), NumericDate::parse(text)) {
        span(before).and_then(|span| now.checked_sub(span))
    } else {
        let calendar = || humantime::parse_rfc3339_weak(text).ok().and_then(from_system);
        NumericDate::parse(text).or_else(calendar)
    };
    found.ok_or_else(|| {
        Failure::misuse(format!("{text:?} is not a time")).remedy(
            "write seconds since 1970, a date such as 2026-12-31T23:59:59Z, or a span from now such as +10m",
        )
    })
}

fn from_system(time: SystemTime) -> Option<NumericDate> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok().map(NumericDate::from_seconds)
}

/// Reads a span of time from the command line.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "write a span with its unit, such as 30s, 10m or 2days".to_owned())
}
