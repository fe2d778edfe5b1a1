#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
//! The tables against a second listing, written out by hand from the RFCs and the IANA registries.

extern crate alloc;

#[cfg(feature = "alloc")]
mod crit;
mod for_key;
#[cfg(feature = "alloc")]
mod header;
mod jwe;
mod jws;
mod key;
mod names;
mod set;

/// The decimal number at this place among those in `text`, counted from 0.
fn number(text: &str, nth: usize) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).nth(nth)?.parse().ok()
}
