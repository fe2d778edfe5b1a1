//! A program that panics: what finds panics in the others must find this one.

#![no_std]
#![no_main]

use core::hint::black_box;

use firmware::Console;

firmware::program!(panics, 8);

#[expect(clippy::indexing_slicing, reason = "it is to panic")]
fn panics(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    console.octets("octet", &[buffer[black_box(8)]])
}
