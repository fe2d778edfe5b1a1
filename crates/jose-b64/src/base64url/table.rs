//! The codec of public bytes: by tables.

use crate::error::{Error, Foreign};
#[cfg(feature = "std")]
use alloc::{string::String, vec::Vec};
#[cfg(feature = "std")]
use base64_simd::{AsOut, URL_SAFE_NO_PAD};

/// The fewest bytes or characters that vector instructions are asked for.
#[cfg(feature = "std")]
const VECTOR: usize = 4;

/// RFC 4648 §5, Table 2.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The value of a character, or [`FOREIGN`].
const VALUES: [u8; 256] = values();

/// No value of a character has this bit, so that the OR of values shows whether one was foreign.
const FOREIGN: u8 = 0x80;

/// The blocks of four characters between two looks at the accumulated error.
const BLOCKS: usize = 64;

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "evaluated by the compiler")]
const fn values() -> [u8; 256] {
    let mut values = [FOREIGN; 256];
    let mut value = 0;
    while value < 64 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
}

#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a byte is an index of 256 entries")]
fn value(character: u8) -> u8 {
    VALUES[usize::from(character)]
}

/// The character of the low six bits.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "six bits are an index of 64 entries")]
fn character(value: u8) -> u8 {
    ALPHABET[usize::from(value & 0x3f)]
}

#[inline(always)]
fn encode_block([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, a, b, c]);
    [18, 12, 6, 0].map(|shift| {
        let [value, ..] = (bits >> shift).to_le_bytes();
        character(value)
    })
}

/// The bytes of four characters, and the OR of the characters' values.
#[inline(always)]
fn decode_block([a, b, c, d]: [u8; 4]) -> ([u8; 3], u8) {
    let (a, b, c, d) = (value(a), value(b), value(c), value(d));
    ([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d], a | b | c | d)
}

/// The characters that encode this many bytes, or `None` where a `usize` cannot count them.
///
/// ```
/// assert_eq!(jose_b64::base64url::encoded_len(32), Some(43));
/// ```
#[must_use]
pub const fn encoded_len(octets: usize) -> Option<usize> {
    let tail = match octets % 3 {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    match (octets / 3).checked_mul(4) {
        Some(blocks) => blocks.checked_add(tail),
        None => None,
    }
}

/// `out` has exactly the length of the encoding.
pub(super) fn encode<'o>(octets: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
    #[cfg(feature = "std")]
    if octets.len() >= VECTOR {
        return Ok(URL_SAFE_NO_PAD.encode_as_str(octets, out.as_out()));
    }
    let (blocks, rest) = octets.as_chunks();
    let (out_blocks, out_rest) = out.as_chunks_mut();
    for (block, out) in blocks.iter().zip(out_blocks) {
        *out = encode_block(*block);
    }
    if !rest.is_empty() {
        let mut last = [0; 3];
        copy(&mut last, rest);
        copy(out_rest, &encode_block(last));
    }
    text(out)
}

/// Appends the encoding, if it is long enough for vector instructions: they write to memory that was not filled with
/// zeroes before.
#[cfg(feature = "std")]
pub(super) fn encode_long(octets: &[u8], out: &mut String) -> bool {
    let is_long = octets.len() >= VECTOR;
    if is_long {
        URL_SAFE_NO_PAD.encode_append(octets, out);
    }
    is_long
}

/// The decoding, if the text is valid and long enough for vector instructions; as [`encode_long`].
#[cfg(feature = "std")]
pub(super) fn decode_long(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    if text.len() < VECTOR {
        return None;
    }
    URL_SAFE_NO_PAD.decode_append(text, &mut out).ok().map(|()| out)
}

/// `out` has exactly the length of the decoding, `text` a length that is not 1 modulo 4.
pub(super) fn decode(text: &[u8], out: &mut [u8]) -> Result<(), Error> {
    // What vector instructions refuse, the table refuses with the error.
    #[cfg(feature = "std")]
    if text.len() >= VECTOR && URL_SAFE_NO_PAD.decode(text, out.as_out()).is_ok() {
        return Ok(());
    }
    let (blocks, rest) = text.as_chunks();
    let (out_blocks, out_rest) = out.as_chunks_mut();
    for (blocks, out) in blocks.chunks(BLOCKS).zip(out_blocks.chunks_mut(BLOCKS)) {
        let mut all = 0;
        for (block, out) in blocks.iter().zip(out) {
            let (octets, values) = decode_block(*block);
            *out = octets;
            all |= values;
        }
        if all & FOREIGN != 0 {
            return Err(foreign(text));
        }
    }
    // `A` is zero: what it adds to a last block of two or three characters must come out as zero.
    let mut last = [b'A'; 4];
    copy(&mut last, rest);
    let (octets, values) = decode_block(last);
    if values & FOREIGN != 0 {
        return Err(foreign(text));
    }
    copy(out_rest, &octets);
    match octets.get(out_rest.len()..) {
        Some(spare) if !rest.is_empty() && spare.iter().any(|octet| *octet != 0) => Err(Error::TrailingBits),
        _ => Ok(()),
    }
}

/// The error for a text with a character outside the alphabet.
#[cold]
pub(super) fn foreign(text: &[u8]) -> Error {
    let found = text.iter().enumerate().find(|(_, character)| value(**character) == FOREIGN);
    let (at, kind) = match found {
        Some((0, _)) if text.starts_with(b"\xef\xbb\xbf") => (0, Foreign::ByteOrderMark),
        found => found.map_or((0, Foreign::Other), |(at, character)| (at, Foreign::of(*character))),
    };
    Error::Character { at, kind }
}

/// The characters that were encoded. They are of the alphabet, so this does not fail.
pub(super) fn text(written: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(written).map_err(|_| Error::Utf8)
}

/// Copies what both have room for, from the front.
#[inline(always)]
pub(super) fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
