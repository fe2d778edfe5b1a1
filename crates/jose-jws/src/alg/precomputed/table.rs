//! Multiples of a point that is known beforehand.

use alloc::vec::Vec;
use core::ops::{AddAssign, SubAssign};

use crate::key::Shared;

/// The width of a window, in bits.
const WIDTH: usize = 6;
/// The multiples of a row: a window is read as a digit from -32 to 32.
const HALF: usize = 1 << (WIDTH - 1);
const FULL: usize = 1 << WIDTH;

/// A row for each window of a scalar: 1 to 32 times the point, times what the lowest bit of the window is worth. A
/// multiple of the point is then a sum of one entry, or its inverse, of each row.
#[derive(Clone)]
pub(crate) struct Table<E> {
    entries: Shared<[E]>,
}

impl<E> Table<E> {
    /// Takes the entries that [`multiples`] returned, in the form in which they are added fastest.
    pub(super) fn new(entries: Vec<E>) -> Self {
        Self { entries: entries.into() }
    }

    /// Adds the multiple of the point by a scalar, whose octets begin with the least significant one. The time depends on
    /// the scalar.
    pub(super) fn add_multiple<P>(&self, sum: &mut P, scalar: impl IntoIterator<Item = u8>)
    where
        P: for<'e> AddAssign<&'e E> + for<'e> SubAssign<&'e E>,
    {
        let mut octets = scalar.into_iter();
        let (mut read, mut bits, mut carry) = (0, 0, 0);
        for row in self.entries.chunks_exact(HALF) {
            if bits < WIDTH {
                read |= usize::from(octets.next().unwrap_or(0)) << bits;
                bits += 8;
            }
            let window = read % FULL + carry;
            read >>= WIDTH;
            bits -= WIDTH;
            // The more significant half of the digits are negative ones, of which the next row makes up for one too many.
            carry = usize::from(window > HALF);
            let digit = if carry == 0 { window } else { FULL - window };
            match digit.checked_sub(1).and_then(|index| row.get(index)) {
                Some(entry) if carry == 0 => *sum += entry,
                Some(entry) => *sum -= entry,
                None => {}
            }
        }
    }
}

/// The entries of the table of a point, for scalars of this many bits. One bit more is provided for, so that nothing is
/// carried out of the last row.
pub(super) fn multiples<P>(point: P, bits: u32) -> Vec<P>
where
    P: Copy + for<'p> AddAssign<&'p P>,
{
    let bits = usize::try_from(bits).unwrap_or(0);
    let rows = (bits + 1).div_ceil(WIDTH);
    let mut entries = Vec::with_capacity(rows * HALF);
    let mut first = point;
    for _ in 0..rows {
        let mut entry = first;
        entries.push(entry);
        for _ in 1..HALF {
            entry += &first;
            entries.push(entry);
        }
        first = entry;
        first += &entry;
    }
    entries
}
