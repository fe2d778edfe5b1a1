//! The names that the open objects have so far, to find one that comes twice.
//!
//! No input makes this quadratic. A name is held against the names in the table, of which there
//! are at most [`MEMBERS`]: no byte is compared more often than that. An object that does not fit into what the table has left moves its
//! names, once, to a list on the heap, which is sorted when the object ends: n names take
//! n log n comparisons, each no longer than the shorter of two names. There is no hash that an
//! attacker could flood; the tag below only spares comparisons.

use super::str::Chars;
use crate::Error;
#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The members that the open objects may have, all together, before a name is compared on the
/// heap or, where there is none, the text is refused with
/// [`Error::TooManyMembers`](crate::Error::TooManyMembers).
pub const MEMBERS: usize = 48;

/// The upper 24 bits of the tag of a name with escapes. No name without them has these.
const ESCAPED: u32 = 0xffff_ff00;

pub(super) struct Names {
    /// Where the names begin in the text, after the quotation mark.
    starts: [u32; MEMBERS],
    /// What each name looks like in the upper 24 bits, and how deep its object is nested in the
    /// lower 8. Of the objects of one depth only one is open, so this tells the objects apart.
    tags: [u32; MEMBERS],
    len: usize,
    #[cfg(feature = "alloc")]
    heap: Heap,
    work: Work,
}

#[cfg(feature = "alloc")]
#[derive(Default)]
struct Heap {
    /// Where the names begin, those of an inner object after those of an outer one.
    starts: Vec<u32>,
    /// The objects: how deep, and where in `starts` their names begin.
    objects: Vec<(u8, usize)>,
}

impl Names {
    pub(super) const fn new() -> Self {
        Self {
            starts: [0; MEMBERS],
            tags: [0; MEMBERS],
            len: 0,
            #[cfg(feature = "alloc")]
            heap: Heap { starts: Vec::new(), objects: Vec::new() },
            work: Work::new(),
        }
    }

    /// Takes a name of the object that is open at this depth. It is given by where it begins, and
    /// as it is written, with the closing quotation mark.
    pub(super) fn add(
        &mut self,
        text: &str,
        depth: u8,
        start: usize,
        name: &[u8],
        escaped: bool,
    ) -> Result<(), Error> {
        let at = u32::try_from(start).map_err(|_| Error::TooLong)?;
        #[cfg(feature = "alloc")]
        if self.heap.objects.last().is_some_and(|(object, _)| *object == depth) {
            self.heap.starts.push(at);
            return Ok(());
        }
        let depth = u32::from(depth);
        let escaped_tag = ESCAPED | depth;
        let tag = if escaped { escaped_tag } else { looks(name) | depth };
        for (other_tag, other) in self.tags.iter().zip(&self.starts).take(self.len) {
            self.work.add(1);
            let same = if tag == *other_tag && !escaped {
                self.work.add(name.len());
                let other = usize::try_from(*other).ok();
                other
                    .and_then(|other| text.as_bytes().get(other..))
                    .is_some_and(|rest| rest.starts_with(name))
            } else {
                // Something is spelled with escapes, in one object.
                let comparable = *other_tag == escaped_tag || (escaped && *other_tag & 0xff == depth);
                comparable && compare(text, at, *other, &self.work).is_eq()
            };
            if same {
                return Err(Error::DuplicateMember);
            }
        }
        if let (Some(tag_place), Some(start_place)) =
            (self.tags.get_mut(self.len), self.starts.get_mut(self.len))
        {
            (*tag_place, *start_place) = (tag, at);
            self.len += 1;
            return Ok(());
        }
        self.spill(depth, at)
    }

    /// Moves the names of the innermost object to the heap, and one more that found no place.
    #[cfg(feature = "alloc")]
    fn spill(&mut self, depth: u32, at: u32) -> Result<(), Error> {
        let first = self.first_of(depth);
        let object = u8::try_from(depth).map_err(|_| Error::Depth)?;
        self.heap.objects.push((object, self.heap.starts.len()));
        let own = self.starts.get(first..self.len).unwrap_or_default();
        self.heap.starts.extend(own.iter().copied().chain([at]));
        self.len = first;
        Ok(())
    }

    #[cfg(not(feature = "alloc"))]
    fn spill(&mut self, _depth: u32, _at: u32) -> Result<(), Error> {
        Err(Error::TooManyMembers)
    }

    /// Where the names of the innermost object begin in the table.
    fn first_of(&self, depth: u32) -> usize {
        let own = self.tags.iter().take(self.len).rev().take_while(|tag| *tag & 0xff == depth).count();
        self.len - own
    }

    /// Forgets the names of the innermost object, which is at this depth.
    pub(super) fn close(&mut self, text: &str, depth: u8) -> Result<(), Error> {
        #[cfg(feature = "alloc")]
        if let Some((_, first)) = self.heap.objects.pop_if(|(object, _)| *object == depth) {
            let names = self.heap.starts.get_mut(first..).unwrap_or_default();
            names.sort_unstable_by(|a, b| compare(text, *a, *b, &self.work));
            let twice = |(one, next): (&u32, &u32)| compare(text, *one, *next, &self.work).is_eq();
            if names.iter().zip(names.iter().skip(1)).any(twice) {
                return Err(Error::DuplicateMember);
            }
            self.heap.starts.truncate(first);
            return Ok(());
        }
        let _ = text;
        self.len = self.first_of(u32::from(depth));
        Ok(())
    }
}

/// What a name without escapes looks like: some hash of its first and last four bytes and its
/// length, in the upper 24 bits.
fn looks(name: &[u8]) -> u32 {
    let sum = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => u32::from_le_bytes(*first) ^ u32::from_le_bytes(*last).rotate_left(15),
        _ => name.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet)),
    };
    let len = u32::try_from(name.len()).unwrap_or(u32::MAX);
    let looks = (sum ^ len.rotate_left(7)).wrapping_mul(0x9e37_79b1) & !0xff;
    if looks == ESCAPED { 0 } else { looks }
}

/// Compares two names, whatever their spelling. It stops where they differ.
fn compare(text: &str, a: u32, b: u32, work: &Work) -> Ordering {
    let chars = |at| Chars::new(usize::try_from(at).ok().and_then(|at| text.get(at..)).unwrap_or_default());
    work.add(1);
    chars(a).inspect(|_| work.add(1)).cmp(chars(b))
}

/// Counts, in this module's tests, what is compared.
struct Work {
    #[cfg(test)]
    count: core::cell::Cell<usize>,
}

impl Work {
    const fn new() -> Self {
        Self {
            #[cfg(test)]
            count: core::cell::Cell::new(0),
        }
    }

    #[inline(always)]
    fn add(&self, count: usize) {
        #[cfg(test)]
        self.count.set(self.count.get() + count);
        let _ = count;
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests;
