//! F2: dates are decimal text, from the first digit to the last.

use jose_jwt::NumericDate;

/// Seconds and nanoseconds.
fn parts(text: &str) -> Option<(i64, u32)> {
    NumericDate::parse(text).map(|date| (date.seconds(), date.subsec_nanos()))
}

/// Covers F2.
#[test]
fn numeric_dates() {
    let zeros = "0".repeat(400);
    let nines = "9".repeat(400);
    for (text, expected) in [
        ("0", Some((0, 0))),
        ("-0", Some((0, 0))),
        ("-0.0", Some((0, 0))),
        ("0e999999999999999999999", Some((0, 0))),
        ("1300819380", Some((1_300_819_380, 0))),
        ("1300819380.5", Some((1_300_819_380, 500_000_000))),
        ("1300819380.000000001", Some((1_300_819_380, 1))),
        ("1300819380.9999999999", Some((1_300_819_380, 999_999_999))),
        ("1300819380.0000000009", Some((1_300_819_380, 0))),
        ("-1", Some((-1, 0))),
        ("-0.5", Some((-1, 500_000_000))),
        ("-1.25", Some((-2, 750_000_000))),
        ("-0.0000000001", Some((0, 0))),
        ("1e3", Some((1000, 0))),
        ("1E3", Some((1000, 0))),
        ("1e+3", Some((1000, 0))),
        ("1.5e3", Some((1500, 0))),
        ("1.2345e2", Some((123, 450_000_000))),
        ("12345e-2", Some((123, 450_000_000))),
        ("1e-9", Some((0, 1))),
        ("1e-10", Some((0, 0))),
        ("1e-999999999999999999999", Some((0, 0))),
        ("1e0000000000000000000000003", Some((1000, 0))),
        ("9223372036854775807", Some((i64::MAX, 0))),
        ("9223372036854775807.999999999", Some((i64::MAX, 999_999_999))),
        ("9.223372036854775807e18", Some((i64::MAX, 0))),
        ("9223372036854775808", None),
        ("18446744073709551616", None),
        ("-9223372036854775808", Some((i64::MIN, 0))),
        ("-9223372036854775807.5", Some((i64::MIN, 500_000_000))),
        ("-9223372036854775808.000000001", None),
        ("-9223372036854775809", None),
        ("1e18", Some((1_000_000_000_000_000_000, 0))),
        ("1e19", None),
        ("1e309", None),
        ("-1e309", None),
        ("1e999999999999999999999", None),
        ("1e4294967296", None),
        ("-1e4294967295", None),
        // Not a JSON number (RFC 8259 section 6).
        ("", None),
        ("-", None),
        ("+1", None),
        ("01", None),
        ("-01", None),
        ("1.", None),
        (".5", None),
        ("1e", None),
        ("1e+", None),
        ("1e1.5", None),
        ("1.5.5", None),
        ("0x10", None),
        ("1_000", None),
        (" 1", None),
        ("1 ", None),
        ("１", None),
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
        ("null", None),
        ("\"1\"", None),
        ("1e1e1", None),
        ("--1", None),
        (&format!("1{zeros}e-400"), Some((1, 0))),
        (&format!("0.{zeros}1e401"), Some((1, 0))),
        (&format!("1.{zeros}1"), Some((1, 0))),
        (&nines, None),
        (&format!("0.{nines}"), Some((0, 999_999_999))),
        (&format!("-0.{nines}"), Some((-1, 1))),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

/// SplitMix64: the same bytes in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn digits(&mut self, len: usize) -> String {
        (0..len).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// The date of a number, by moving the point in its text.
fn by_text(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Option<(i64, u32)> {
    let room = "0".repeat(400);
    let digits = format!("{room}{whole}{fraction}{room}");
    let point = (400 + whole.len() as i32 + exponent) as usize;
    let (whole, fraction) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    if whole.len() > 25 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().unwrap() };
    let fraction: i128 = format!("{fraction}000000000")[..9].parse().unwrap();
    let nanos = whole * 1_000_000_000 + fraction;
    let nanos = if negative { -nanos } else { nanos };
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    Some((seconds, nanos.rem_euclid(1_000_000_000) as u32))
}

/// Covers F2.
#[test]
fn parsing_agrees_with_another_way_to_read_decimals() {
    let mut random = Random(1);
    let (mut dates, mut none) = (0, 0);
    for _ in 0..50_000 {
        let negative = random.below(2) == 0;
        let len = 1 + random.below(21);
        let whole = random.digits(len);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let len = random.below(14);
        let fraction = random.digits(len);
        let exponent = match random.below(3) {
            0 => None,
            1 => Some(random.below(40) as i32 - 20),
            _ => Some(random.below(800) as i32 - 400),
        };
        let mut text = format!("{}{whole}", if negative { "-" } else { "" });
        if !fraction.is_empty() {
            text = format!("{text}.{fraction}");
        }
        if let Some(exponent) = exponent {
            let sign = if exponent >= 0 && random.below(2) == 0 { "+" } else { "" };
            text = format!("{text}{}{sign}{exponent}", ["e", "E"][random.below(2)]);
        }
        let expected = by_text(negative, whole, &fraction, exponent.unwrap_or(0));
        assert_eq!(parts(&text), expected, "{text}");
        match expected {
            Some(_) => dates += 1,
            None => none += 1,
        }
    }
    assert!(dates > 10_000 && none > 5_000, "{dates} dates, {none} of none");
}

/// Covers F2.
#[test]
fn a_date_is_printed_as_it_is_read() {
    for text in [
        "0",
        "1300819380",
        "1300819380.5",
        "1300819380.000000001",
        "0.1",
        "-0.5",
        "-0.000000001",
        "-1",
        "-1.25",
        "9223372036854775807",
        "9223372036854775807.999999999",
        "-9223372036854775808",
        "-9223372036854775807.5",
    ] {
        assert_eq!(NumericDate::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(NumericDate::from_seconds(i64::MIN).to_string(), i64::MIN.to_string());
    let mut random = Random(2);
    for _ in 0..20_000 {
        let (len, places) = (1 + random.below(19), random.below(10));
        let sign = ["", "-"][random.below(2)];
        let (whole, fraction) = (random.digits(len), random.digits(places));
        let whole = whole.trim_start_matches('0');
        let text = format!("{sign}{}.{fraction}0", if whole.is_empty() { "0" } else { whole });
        let Some(date) = NumericDate::parse(&text) else { continue };
        assert_eq!(NumericDate::parse(&date.to_string()), Some(date), "{text}");
    }
}

/// Covers F2.
#[test]
fn adding_a_span_is_checked() {
    use core::time::Duration;
    let last = NumericDate::parse("9223372036854775807.999999999").unwrap();
    let date = |text| NumericDate::parse(text).unwrap();
    for (text, span, expected) in [
        ("1", Duration::from_millis(1500), Some("2.5")),
        ("1.5", Duration::from_millis(500), Some("2")),
        ("-0.5", Duration::from_millis(500), Some("0")),
        ("-0.5", Duration::from_millis(250), Some("-0.25")),
        ("0.999999999", Duration::from_nanos(1), Some("1")),
        ("9223372036854775807", Duration::from_nanos(999_999_999), Some("9223372036854775807.999999999")),
        ("9223372036854775807", Duration::from_secs(1), None),
        ("9223372036854775807.999999999", Duration::from_nanos(1), None),
        ("-9223372036854775808", Duration::from_secs(u64::MAX), Some("9223372036854775807")),
        ("-9223372036854775807", Duration::from_secs(u64::MAX), None),
        ("0", Duration::MAX, None),
    ] {
        assert_eq!(date(text).checked_add(span), expected.map(date), "{text}");
        assert_eq!(date(text).saturating_add(span), expected.map_or(last, date), "{text}");
    }
}

/// With nanoseconds that carry and are borrowed, and at both ends.
#[test]
fn dates_add_and_subtract() {
    use std::time::Duration;
    let (first, last) =
        (NumericDate::from_seconds(i64::MIN), NumericDate::parse("9223372036854775807.999999999").unwrap());
    for (date, span, sum, difference) in [
        ("100", Duration::new(0, 0), "100", "100"),
        ("100.75", Duration::new(1, 250_000_000), "102", "99.5"),
        ("100.75", Duration::new(1, 500_000_000), "102.25", "99.25"),
        ("100.25", Duration::new(1, 500_000_000), "101.75", "98.75"),
        ("-0.25", Duration::new(0, 500_000_000), "0.25", "-0.75"),
        ("0", Duration::new(0, 1), "0.000000001", "-0.000000001"),
    ] {
        let [date, sum, difference] = [date, sum, difference].map(|text| NumericDate::parse(text).unwrap());
        assert_eq!((date.checked_add(span), date.checked_sub(span)), (Some(sum), Some(difference)), "{date}");
        assert_eq!((date + span, date - span), (sum, difference), "{date}");
        assert_eq!((sum.duration_since(date), date.duration_since(difference)), (Some(span), Some(span)));
        if span.is_zero() {
            continue;
        }
        assert_eq!((date.duration_since(sum), difference.duration_since(date)), (None, None), "{date}");
    }
    let (little, long) = (Duration::from_nanos(1), Duration::MAX);
    assert_eq!(
        (last.checked_add(little), last.checked_add(long), first.checked_sub(little)),
        (None, None, None)
    );
    assert_eq!((last + little, last.saturating_add(long), last + long), (last, last, last));
    assert_eq!((first - little, first.saturating_sub(long), first - long), (first, first, first));
    assert_eq!(last.duration_since(first), Some(Duration::new(u64::MAX, 999_999_999)));
    assert_eq!(first + Duration::new(u64::MAX, 999_999_999), last);
}
