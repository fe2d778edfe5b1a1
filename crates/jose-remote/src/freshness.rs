//! For how long an answer may be used, by its headers (RFC 9111).

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};

/// What the headers of an answer say about using it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// How long the answer is fresh from now on. `None` if the headers do not say.
    pub life: Option<Duration>,
    /// `ETag`, for the next request's `If-None-Match`.
    pub etag: Option<HeaderValue>,
}

impl Freshness {
    /// Reads `Cache-Control`, `Expires`, `Date`, `Age` and `ETag` (RFC 9111 section 4.2.1). What forbids storing the answer,
    /// or cannot be read, gives it a life of 0: it is the cache's least span that then counts.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let age = number(text(headers, AGE)).unwrap_or_default();
        let life = control(headers).or_else(|| expiry(headers)).map(|life| life.saturating_sub(age));
        Self { life, etag: headers.get(ETAG).cloned() }
    }
}

/// `Retry-After` from now on: seconds, or a date (RFC 9110 section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    number(Some(text)).or_else(|| {
        let at = httpdate::parse_http_date(text).ok()?;
        Some(at.duration_since(now).unwrap_or_default())
    })
}

/// The one value of a header as text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// A number of seconds; what is too large for one is a very long time.
fn number(text: Option<&str>) -> Option<Duration> {
    let digits = text.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(Duration::from_secs(digits.parse().unwrap_or(u64::from(u32::MAX))))
}

/// The least span of `max-age`, 0 if the answer may not be stored or used again without asking.
fn control(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let spans = lines.flat_map(|line| line.split(',')).filter_map(|directive| {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => Some(Duration::ZERO),
            "max-age" => Some(number(Some(value.trim().trim_matches('"'))).unwrap_or_default()),
            _ => None,
        }
    });
    spans.min()
}

/// `Expires` after `Date`, 0 if it is no date.
fn expiry(headers: &HeaderMap) -> Option<Duration> {
    let expires = text(headers, EXPIRES)?;
    let seconds = |text: &str| httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok();
    let date = text(headers, DATE).and_then(seconds);
    let date = date.or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Some(seconds(expires).unwrap_or_default().saturating_sub(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn lives_by_the_headers() {
        let date = ("date", "Thu, 26 Nov 2026 10:00:00 GMT");
        for (lines, seconds) in [
            (vec![], None),
            (vec![("cache-control", "public")], None),
            (vec![("cache-control", "public, max-age=600, must-revalidate")], Some(600)),
            (vec![("cache-control", "Max-Age = \"60\"")], Some(60)),
            (vec![("cache-control", "max-age=600"), ("age", "100")], Some(500)),
            (vec![("cache-control", "max-age=600"), ("age", "1000")], Some(0)),
            (vec![("cache-control", "max-age=600,max-age=60")], Some(60)),
            (vec![("cache-control", "max-age=60, no-cache")], Some(0)),
            (vec![("cache-control", "no-store")], Some(0)),
            (vec![("cache-control", "max-age=soon")], Some(0)),
            (vec![("cache-control", "max-age=-1")], Some(0)),
            (vec![("cache-control", "max-age=99999999999999999999999")], Some(u64::from(u32::MAX))),
            (vec![date, ("expires", "Thu, 26 Nov 2026 10:30:00 GMT")], Some(1800)),
            (vec![date, ("expires", "Thu, 26 Nov 2026 09:30:00 GMT")], Some(0)),
            (vec![date, ("expires", "0")], Some(0)),
            (
                vec![date, ("expires", "Thu, 26 Nov 2026 10:30:00 GMT"), ("cache-control", "max-age=5")],
                Some(5),
            ),
        ] {
            let found = Freshness::from_headers(&headers(&lines)).life;
            assert_eq!(found, seconds.map(Duration::from_secs), "{lines:?}");
        }
    }

    #[test]
    fn retries_by_seconds_and_dates() {
        let now = httpdate::parse_http_date("Thu, 26 Nov 2026 10:00:00 GMT").unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            ("Thu, 26 Nov 2026 10:01:00 GMT", Some(60)),
            ("Thu, 26 Nov 2026 09:01:00 GMT", Some(0)),
            ("soon", None),
        ] {
            let found = retry_after(&headers(&[("retry-after", value)]), now);
            assert_eq!(found, seconds.map(Duration::from_secs), "{value}");
        }
    }
}
