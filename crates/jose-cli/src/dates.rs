//! Dates as people read them.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use jose_b64::json::Value;
use jose_jwt::NumericDate;

/// The claims that are dates, and what is said of them when they are past and when they are to come.
const CLAIMS: &[(&str, &str, &str)] = &[
    ("exp", "expired {}", "expires {}"),
    ("nbf", "valid since {}", "NOT VALID YET, {}"),
    ("iat", "issued {}", "issued in the future, {}"),
    ("auth_time", "signed in {}", "signed in in the future, {}"),
    ("updated_at", "updated {}", "updated in the future, {}"),
    ("toe", "happened {}", "happens {}"),
];

const UNITS: &[(&str, i64)] = &[
    ("year", 31_557_600),
    ("month", 2_629_800),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
];

/// What a claim's date means, if it is one: `2011-03-22 18:43:00Z, expired 15 years ago`.
pub(crate) fn claim(name: &str, value: Value<'_>, now: NumericDate) -> Option<String> {
    let (_, past, future) = CLAIMS.iter().find(|(own, ..)| *own == name)?;
    let date = NumericDate::parse(value.as_number()?)?;
    let is_past = date <= now;
    let words = if is_past { past } else { future }.replace("{}", &relative(date, now));
    Some(format!("{}, {words}", absolute(date)))
}

/// `3 days ago`, or `in 3 days`.
pub(crate) fn relative(date: NumericDate, now: NumericDate) -> String {
    let seconds = date.seconds().saturating_sub(now.seconds());
    let Some((unit, length)) =
        UNITS.iter().find(|(_, length)| seconds.unsigned_abs() >= length.unsigned_abs())
    else {
        return "now".to_owned();
    };
    let count = seconds.unsigned_abs() / length.unsigned_abs();
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

/// `2011-03-22 18:43:00Z`, or the seconds where no calendar reaches.
pub(crate) fn absolute(date: NumericDate) -> String {
    let time = u64::try_from(date.seconds()).ok().filter(|seconds| *seconds < 253_402_300_800);
    let time = time.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    match time {
        Some(time) => humantime::format_rfc3339_seconds(time).to_string().replacen('T', " ", 1),
        None => format!("{} seconds since 1970", date.seconds()),
    }
}
