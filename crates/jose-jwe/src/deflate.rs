//! `zip` `DEF`: DEFLATE (RFC 1951), RFC 7516 section 4.1.3.

use alloc::vec::Vec;

use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};
use zeroize::Zeroizing;

use crate::Error;

/// The level of compression: that of most tools.
const LEVEL: u8 = 6;

/// The octets that are made room for at first.
const ROOM: usize = 4096;

pub(crate) fn deflate(octets: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(miniz_oxide::deflate::compress_to_vec(octets, LEVEL))
}

/// Stops at the limit, whatever is left to inflate.
///
/// Where the room does not suffice it begins again with twice as much: a buffer that grew would leave copies of the
/// plaintext behind. All attempts together take no more than twice the time of the last.
pub(crate) fn inflate(octets: &[u8], limit: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut room = octets.len().saturating_mul(4).max(ROOM).min(limit);
    loop {
        let mut out = Zeroizing::new(alloc::vec![0; room]);
        match decompress_slice_iter_to_slice(&mut out, core::iter::once(octets), false, true) {
            Ok(len) => {
                out.truncate(len);
                return Ok(out);
            }
            Err(TINFLStatus::HasMoreOutput) if room < limit => room = room.saturating_mul(2).min(limit),
            Err(_) => return Err(Error::Decryption),
        }
    }
}
