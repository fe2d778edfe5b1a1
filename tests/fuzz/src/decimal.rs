//! A date read by writing its digits out in full, and comparing what comes out in 128 bits.

/// Seconds, rounded down, and nanoseconds of a JSON number; `None` of any other text, and of what does not fit 64 bits.
pub fn date(text: &str) -> Option<(i64, u32)> {
    /// Beyond this, no text that a target is given has the digits to make up for the exponent.
    const FAR: i64 = 1 << 24;
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let at = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (mantissa, exponent) = rest.split_at(at);
    let exponent = if exponent.is_empty() {
        0
    } else {
        let digits = exponent[1..].strip_prefix(['+', '-']).unwrap_or(&exponent[1..]);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let digits = digits.trim_start_matches('0');
        let size = if digits.len() > 7 { FAR } else { format!("0{digits}").parse().ok()? };
        if exponent[1..].starts_with('-') { -size } else { size }
    };
    let (whole, fraction) = match mantissa.find('.') {
        Some(at) if at + 1 == mantissa.len() => return None,
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, ""),
    };
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    // `0.DIGITS` times ten to the power of `point`, with a first digit that is not zero.
    let digits = format!("{whole}{fraction}");
    let point = whole.len() as i64 + exponent;
    let significant = digits.trim_start_matches('0');
    let point = point - (digits.len() - significant.len()) as i64;
    if significant.is_empty() || point < -9 {
        return Some((0, 0));
    }
    if point > 19 {
        return None;
    }
    // As nanoseconds: so many digits, those that are not there being zeros.
    let len = (point + 9) as usize;
    let nanos: String = significant.chars().chain(std::iter::repeat('0')).take(len).collect();
    let nanos = sign * format!("0{nanos}").parse::<i128>().ok()?;
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    Some((seconds, nanos.rem_euclid(1_000_000_000) as u32))
}
