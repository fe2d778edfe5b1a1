//! `zip` `DEF`: DEFLATE (RFC 1951), RFC 7516 section 4.1.3.

use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};

use crate::error::Error;
use crate::jwe::plaintext::Plaintext;

/// The level of compression: that of most tools.
const LEVEL: u8 = 6;

/// The length of the first buffer, in bytes.
const ROOM: usize = 4096;

pub(crate) fn deflate(bytes: &[u8]) -> Plaintext {
    Plaintext::new(miniz_oxide::deflate::compress_to_vec(bytes, LEVEL))
}

/// Inflates, and fails if the result is longer than the limit.
///
/// If the buffer is too small, it starts again with one of twice the length: a buffer that grows would leave copies of the
/// plaintext behind. All attempts together take at most twice the time of the last.
pub(crate) fn inflate(bytes: &[u8], limit: usize) -> Result<Plaintext, Error> {
    let mut room = bytes.len().saturating_mul(4).max(ROOM).min(limit);
    loop {
        let mut out = Plaintext::new(alloc::vec![0; room]);
        match decompress_slice_iter_to_slice(out.as_mut_slice(), core::iter::once(bytes), false, true) {
            Ok(len) => {
                out.truncate(len);
                return Ok(out);
            }
            Err(TINFLStatus::HasMoreOutput) if room < limit => room = room.saturating_mul(2).min(limit),
            Err(_) => return Err(Error::Decryption),
        }
    }
}
