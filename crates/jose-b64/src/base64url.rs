//! base64url without padding: RFC 4648 §5, RFC 7515 §2 and Appendix C.
//!
//! Strict: bytes have one encoding. Padding, the characters `+` and `/`, white space and anything
//! else outside of the alphabet, a length of 1 modulo 4, and bits after the last byte that are
//! not zero are refused.
//!
//! There are two of each: [`encode`] and [`decode`] work by tables and are quick, for bytes that
//! are public; [`encode_secret`] and [`decode_secret`] take a time that depends on the length
//! alone. Both accept and refuse the same texts, with the same errors.

mod encoder;
mod secret;
mod table;

use crate::Error;
#[cfg(feature = "alloc")]
use alloc::{string::String, vec, vec::Vec};

pub use encoder::Encoder;
pub use secret::{decode_secret, encode_secret};
#[cfg(feature = "alloc")]
pub use secret::{decode_secret_to_vec, encode_secret_to_string};
pub use table::encoded_len;

/// The bytes that this many characters encode: exact for the length of a valid encoding, and
/// rounded down to one otherwise.
///
/// ```
/// assert_eq!(jose_b64::base64url::decoded_len(43), 32);
/// ```
#[must_use]
pub const fn decoded_len(characters: usize) -> usize {
    let tail = match characters % 4 {
        2 => 1,
        3 => 2,
        _ => 0,
    };
    characters / 4 * 3 + tail
}

/// Encodes public bytes into the front of `out`, and gives back the part that was written.
///
/// ```
/// let mut out = [0; 8];
/// assert_eq!(jose_b64::base64url::encode(b"\xff\xfe", &mut out), Ok("__4"));
/// ```
///
/// # Errors
///
/// [`Error::BufferTooSmall`] if `out` is shorter than [`encoded_len`]; [`Error::TooLong`] if there
/// is no such length.
pub fn encode<'o>(octets: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
    table::encode(octets, encoding_of(octets.len(), out)?)
}

/// Decodes public bytes into the front of `out`, and gives back the part that was written.
///
/// The time this takes depends on the content; see [`decode_secret`]. After an error the content
/// of `out` is unspecified.
///
/// ```
/// let mut out = [0; 8];
/// let decoded = jose_b64::base64url::decode(b"__4", &mut out);
/// assert_eq!(decoded.as_deref(), Ok(b"\xff\xfe".as_slice()));
/// ```
///
/// # Errors
///
/// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
/// encoding of any bytes; [`Error::BufferTooSmall`] if `out` is shorter than [`decoded_len`].
pub fn decode<'o>(text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
    let out = decoding_of(text.len(), out)?;
    table::decode(text, out)?;
    Ok(out)
}

/// Encodes public bytes.
#[cfg(feature = "alloc")]
#[must_use]
pub fn encode_to_string(octets: &[u8]) -> String {
    let mut out = String::new();
    encode_into_string(octets, &mut out);
    out
}

/// Appends the encoding of public bytes to `out`.
#[cfg(feature = "alloc")]
pub fn encode_into_string(octets: &[u8], out: &mut String) {
    // A slice holds at most `isize::MAX` bytes, so the length of its encoding is a `usize`.
    out.reserve(encoded_len(octets.len()).unwrap_or(0));
    #[cfg(feature = "std")]
    if table::encode_long(octets, out) {
        return;
    }
    let mut encoder = Encoder::new();
    encoder.update(octets, |piece| out.push_str(piece));
    encoder.finish(|piece| out.push_str(piece));
}

/// Decodes public bytes; see [`decode`].
///
/// # Errors
///
/// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
/// encoding of any bytes.
#[cfg(feature = "alloc")]
pub fn decode_to_vec(text: &[u8]) -> Result<Vec<u8>, Error> {
    // Before memory is taken for it.
    if text.len() % 4 == 1 {
        return Err(Error::Length);
    }
    #[cfg(feature = "std")]
    if let Some(out) = table::decode_long(text) {
        return Ok(out);
    }
    let mut out = vec![0; decoded_len(text.len())];
    decode(text, &mut out)?;
    Ok(out)
}

/// The part of `out` that the encoding of this many bytes fills.
fn encoding_of(octets: usize, out: &mut [u8]) -> Result<&mut [u8], Error> {
    let len = encoded_len(octets).ok_or(Error::TooLong)?;
    out.get_mut(..len).ok_or(Error::BufferTooSmall)
}

/// The part of `out` that the bytes of this many characters fill.
fn decoding_of(characters: usize, out: &mut [u8]) -> Result<&mut [u8], Error> {
    if characters % 4 == 1 {
        return Err(Error::Length);
    }
    out.get_mut(..decoded_len(characters)).ok_or(Error::BufferTooSmall)
}

/// The parts of a text before and after its first dot, such as those of a compact serialization.
#[doc(hidden)]
#[must_use]
pub fn split_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    // In blocks, without an early end in one, which is what vector instructions need.
    const BLOCK: usize = 32;
    let dots = |block: &[u8; BLOCK]| block.iter().fold(0, |dots, byte| dots | u8::from(*byte == b'.'));
    let (blocks, _) = text.as_chunks();
    let before = blocks.iter().take_while(|block| dots(block) == 0).count().saturating_mul(BLOCK);
    let at = text.get(before..)?.iter().position(|byte| *byte == b'.')?;
    let (first, rest) = text.split_at_checked(before.checked_add(at)?)?;
    Some((first, rest.get(1..)?))
}
