//! Multiples of a point that is known beforehand.

use alloc::vec::Vec;
use core::ops::{AddAssign, SubAssign};

use crate::key::Shared;

/// A row for each window of a scalar. The multiples in it are 1 to half of what a window counts to, each times what the
/// lowest bit of the window is worth. A multiple of the point is the sum of one entry, or of its inverse, of each row.
#[derive(Clone)]
pub(crate) struct Table<E> {
    entries: Shared<[E]>,
    /// The bits of a window.
    width: usize,
}

impl<E> Table<E> {
    /// Makes the table of a point, for scalars of this many bits and windows of this width, from 2 to 8 bits. A window one
    /// bit wider saves an eighth to a sixth of the additions, and takes almost twice as much memory. `convert` gives the
    /// multiples the form in which they are added fastest.
    pub(super) fn new<P>(point: P, bits: usize, width: usize, convert: impl FnOnce(Vec<P>) -> Vec<E>) -> Self
    where
        P: Copy + for<'p> AddAssign<&'p P>,
    {
        // For one bit more, so that nothing is carried out of the last row.
        let (rows, half) = ((bits + 1).div_ceil(width), 1 << (width - 1));
        let mut multiples = Vec::with_capacity(rows * half);
        let mut first = point;
        for _ in 0..rows {
            let mut multiple = first;
            multiples.push(multiple);
            for _ in 1..half {
                multiple += &first;
                multiples.push(multiple);
            }
            first = multiple;
            first += &multiple;
        }
        Self { entries: convert(multiples).into(), width }
    }

    /// Adds the multiple of the point by a scalar, whose octets begin with the least significant one. The time depends on
    /// the scalar.
    pub(super) fn add_multiple<P>(&self, sum: &mut P, scalar: impl IntoIterator<Item = u8>)
    where
        P: for<'e> AddAssign<&'e E> + for<'e> SubAssign<&'e E>,
    {
        let half = 1 << (self.width - 1);
        let mut octets = scalar.into_iter();
        let (mut read, mut bits, mut carry) = (0, 0, 0);
        for row in self.entries.chunks_exact(half) {
            if bits < self.width {
                read |= usize::from(octets.next().unwrap_or(0)) << bits;
                bits += 8;
            }
            let window = read % (2 * half) + carry;
            read >>= self.width;
            bits -= self.width;
            // More than half is as much less than all, which the next window counts as one.
            carry = usize::from(window > half);
            let digit = if carry == 0 { window } else { 2 * half - window };
            match digit.checked_sub(1).and_then(|index| row.get(index)) {
                Some(entry) if carry == 0 => *sum += entry,
                Some(entry) => *sum -= entry,
                None => {}
            }
        }
    }
}
