//! What the scanner, the views and the writer share: the lexical level.

/// Whether a character may not stand for itself in a string (RFC 8259 §7): a quotation mark, a
/// reverse solidus, a control character.
#[inline(always)]
const fn is_special(octet: u8) -> bool {
    octet < 0x20 || octet == b'"' || octet == b'\\'
}

const fn repeat(octet: u8) -> u64 {
    u64::from_le_bytes([octet; 8])
}

/// Where, from `at` on, the first byte stands that may not stand for itself in a string; the
/// length of the text if there is none.
#[inline]
pub(super) fn plain_end(text: &[u8], mut at: usize) -> usize {
    // Eight at a time. `x - 1 & !x` has the high bit of the lowest byte of `x` that is zero, and
    // none below it; likewise for less than 0x20. Above it the borrow may set more.
    const HIGH: u64 = repeat(0x80);
    let special = |block: u64| {
        let quote = block ^ repeat(b'"');
        let solidus = block ^ repeat(b'\\');
        (quote.wrapping_sub(repeat(1)) & !quote
            | solidus.wrapping_sub(repeat(1)) & !solidus
            | block.wrapping_sub(repeat(0x20)) & !block)
            & HIGH
    };
    let first = |special: u64| usize::try_from(special.trailing_zeros() / 8).unwrap_or(0);
    while let Some(block) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let special = special(u64::from_le_bytes(*block));
        if special != 0 {
            return at + first(special);
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    // Fewer than eight, in the last eight of the text. The zeros that are shifted in end them.
    if let (Some(block), 1..) = (text.last_chunk::<8>(), rest.len()) {
        return at + first(special(u64::from_le_bytes(*block) >> (64 - 8 * rest.len())));
    }
    at + rest.iter().position(|octet| is_special(*octet)).unwrap_or(rest.len())
}

/// Where, from `at` on, the first byte stands that is not white space (RFC 8259 §2).
#[inline]
pub(super) fn white_end(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = text.get(at) {
        at += 1;
    }
    at
}

/// In a checked text, where the string ends whose content begins at `at`: at its closing
/// quotation mark.
#[inline]
pub(super) fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = plain_end(text, at);
        match text.get(at)? {
            b'"' => return Some(at),
            // The escaped character is passed over: it may be a quotation mark.
            _ => at += 2,
        }
    }
}

/// In a checked text, where the value ends that begins at `at`.
pub(super) fn value_end(text: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            b'"' => at = string_end(text, at + 1)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {}
            _ => at = scalar_end(text, at)?,
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The last byte of a number or a literal name.
fn scalar_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let len =
        rest.iter().position(|octet| !matches!(octet, b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.' | b'E'));
    (at + len.unwrap_or(rest.len())).checked_sub(1).filter(|last| *last >= at)
}
