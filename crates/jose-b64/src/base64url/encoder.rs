use super::table::{copy, encode, encoded_len};
use core::fmt;

/// The bytes that are encoded at a time; a multiple of 3.
const PIECE: usize = 384;

/// The bytes that have a buffer of their own; a multiple of 3.
const SHORT: usize = 24;

/// An encoder that takes public bytes piece by piece and hands on their encoding piece by piece,
/// so that a signer can hash or write it without holding it.
///
/// ```
/// use jose_b64::base64url::Encoder;
///
/// let (mut out, mut encoder) = (String::new(), Encoder::new());
/// for piece in ["{\"sub\":", "\"device-7\"", "}"] {
///     encoder.update(piece.as_bytes(), |text| out.push_str(text));
/// }
/// encoder.finish(|text| out.push_str(text));
/// assert_eq!(out, "eyJzdWIiOiJkZXZpY2UtNyJ9");
/// ```
#[derive(Clone, Default)]
#[must_use = "`finish` hands on the last characters"]
pub struct Encoder {
    /// Bytes that do not fill a block yet; the last of the three is never held.
    held: [u8; 3],
    /// How many: 0, 1 or 2.
    len: usize,
}

impl Encoder {
    /// An encoder that has taken nothing yet.
    pub const fn new() -> Self {
        Self { held: [0; 3], len: 0 }
    }

    /// Takes bytes, and calls `sink` with the characters that are certain by now, in order: any
    /// number of pieces, each of at most 512 characters.
    pub fn update(&mut self, mut octets: &[u8], mut sink: impl FnMut(&str)) {
        if self.len > 0 {
            while let (Some(place), Some((octet, rest))) = (self.held.get_mut(self.len), octets.split_first())
            {
                *place = *octet;
                octets = rest;
                self.len += 1;
            }
            if self.len < self.held.len() {
                return;
            }
            write(&self.held, &mut sink);
            self.len = 0;
        }
        let (blocks, rest) = octets.split_at_checked(octets.len() / 3 * 3).unwrap_or_default();
        write(blocks, &mut sink);
        copy(&mut self.held, rest);
        self.len = rest.len();
    }

    /// Calls `sink` with the last characters, if any are left.
    pub fn finish(self, mut sink: impl FnMut(&str)) {
        write(self.held.get(..self.len).unwrap_or_default(), &mut sink);
    }
}

/// Most texts that are written piece by piece are short, and a short buffer costs less.
fn write(octets: &[u8], sink: &mut impl FnMut(&str)) {
    match octets.len() {
        0 => {}
        1..=SHORT => write_in(octets, &mut [0; SHORT / 3 * 4], sink),
        _ => write_in(octets, &mut [0; PIECE / 3 * 4], sink),
    }
}

/// The room is that of the encoding of a piece, or of all of the bytes.
fn write_in(octets: &[u8], room: &mut [u8], sink: &mut impl FnMut(&str)) {
    for piece in octets.chunks(PIECE) {
        let Some(out) = encoded_len(piece.len()).and_then(|len| room.get_mut(..len)) else { return };
        if let Ok(text) = encode(piece, out) {
            sink(text);
        }
    }
}

/// Without the bytes that are held.
impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}
