//! The codec of secret bytes: without branches or table look-ups on their content, by `base64ct`.

use super::table::{copy, foreign, text};
use super::{decoding_of, encoding_of};
use crate::Error;
#[cfg(feature = "alloc")]
use alloc::{string::String, vec, vec::Vec};
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroize;
#[cfg(feature = "alloc")]
use zeroize::Zeroizing;

/// The bytes that are encoded at a time; a multiple of 3.
const PIECE: usize = 192;

/// Encodes secret bytes into the front of `out`, and gives back the part that was written.
///
/// The time this takes depends on the length alone.
///
/// # Errors
///
/// [`Error::BufferTooSmall`] if `out` is shorter than [`encoded_len`](super::encoded_len);
/// [`Error::TooLong`] if there is no such length.
pub fn encode_secret<'o>(octets: &[u8], out: &'o mut [u8]) -> Result<&'o str, Error> {
    let out = encoding_of(octets.len(), out)?;
    // `base64ct` counts four times the bytes, which may not fit a `usize`: hence in pieces.
    for (octets, out) in octets.chunks(PIECE).zip(out.chunks_mut(PIECE / 3 * 4)) {
        Base64UrlUnpadded::encode(octets, out).map_err(|_| Error::BufferTooSmall)?;
    }
    text(out)
}

/// Decodes secret bytes into the front of `out`, and gives back the part that was written.
///
/// The time this takes depends on the length alone, as long as the text is valid. After an error no decoded byte is
/// left in `out`.
///
/// # Errors
///
/// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
/// encoding of any bytes; [`Error::BufferTooSmall`] if `out` is shorter than
/// [`decoded_len`](super::decoded_len).
pub fn decode_secret<'o>(text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
    let out = decoding_of(text.len(), out)?;
    match decode_whole(text, out) {
        Ok(()) => Ok(out),
        Err(error) => {
            out.zeroize();
            Err(error)
        }
    }
}

/// `out` has exactly the length of the decoding.
fn decode_whole(text: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let blocks_len = text.len() / 4 * 4;
    let (blocks, rest) = text.split_at_checked(blocks_len).ok_or(Error::Length)?;
    let (out_blocks, out_rest) = out.split_at_mut_checked(blocks_len / 4 * 3).ok_or(Error::BufferTooSmall)?;
    let blocks = Base64UrlUnpadded::decode(blocks, out_blocks).is_ok();

    // The last two or three characters, filled up with zeroes: so that a foreign character and
    // bits to spare are told apart, as the table decoder does.
    let mut last = [b'A'; 4];
    copy(&mut last, rest);
    let mut octets = [0; 3];
    let rest = Base64UrlUnpadded::decode(last, &mut octets).is_ok();
    copy(out_rest, &octets);
    let spare = octets.iter().skip(out_rest.len()).fold(0, |all, octet| all | octet);
    let spare = spare != 0 && !text.len().is_multiple_of(4);
    last.zeroize();
    octets.zeroize();

    match (blocks && rest, spare) {
        (false, _) => Err(foreign(text)),
        (true, true) => Err(Error::TrailingBits),
        (true, false) => Ok(()),
    }
}

/// Encodes secret bytes; see [`encode_secret`]. The text is wiped when dropped.
#[cfg(feature = "alloc")]
#[must_use]
pub fn encode_secret_to_string(octets: &[u8]) -> Zeroizing<String> {
    // All of it at once: a string that grows leaves copies behind. A slice holds at most
    // `isize::MAX` bytes, so the length of its encoding is a `usize`.
    let len = super::encoded_len(octets.len()).unwrap_or(0);
    let mut out = Zeroizing::new(String::with_capacity(len));
    let mut characters = Zeroizing::new([0; PIECE / 3 * 4]);
    for piece in octets.chunks(PIECE) {
        if let Ok(piece) = encode_secret(piece, characters.as_mut_slice()) {
            out.push_str(piece);
        }
    }
    out
}

/// Decodes secret bytes; see [`decode_secret`]. They are wiped when dropped.
///
/// # Errors
///
/// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
/// encoding of any bytes.
#[cfg(feature = "alloc")]
pub fn decode_secret_to_vec(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Before memory is taken for it.
    if text.len() % 4 == 1 {
        return Err(Error::Length);
    }
    let mut out = Zeroizing::new(vec![0; super::decoded_len(text.len())]);
    decode_secret(text, &mut out)?;
    Ok(out)
}
