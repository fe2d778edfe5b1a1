#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
//! The tables against a second listing, written out by hand from the RFCs and the IANA registries.

extern crate alloc;

#[path = "all/for_key.rs"]
mod for_key;
#[path = "all/jwe.rs"]
mod jwe;
#[path = "all/jws.rs"]
mod jws;
#[path = "all/key.rs"]
mod key;
#[path = "all/names.rs"]
mod names;
#[path = "all/set.rs"]
mod set;

/// The decimal number at this place among those in `text`, counted from 0.
fn number(text: &str, nth: usize) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).nth(nth)?.parse().ok()
}
