use alloc::vec::Vec;

/// A key with a `kid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    /// A digest of its `kid`.
    hash: u64,
    /// Its place among the prepared keys.
    pub(super) place: usize,
}

/// Where the prepared keys with a certain `kid` are.
#[derive(Clone, Debug)]
pub(super) struct KidIndex {
    /// By digest, and then by place.
    named: Vec<Named>,
    /// Where the digests begin whose leading bits are a certain number, of which there are as many as bits for a key.
    starts: Vec<usize>,
    /// Whether a key has none.
    is_partial: bool,
}

impl KidIndex {
    /// Of the keys with these `kid`s.
    pub(super) fn new<'k>(kids: impl Iterator<Item = Option<&'k str>>) -> Self {
        let mut is_partial = false;
        let mut named = Vec::new();
        for (place, kid) in kids.enumerate() {
            match kid {
                Some(kid) => named.push(Named { hash: hash(kid), place }),
                None => is_partial = true,
            }
        }
        named.sort_unstable();
        let mut index = Self { named, starts: Vec::new(), is_partial };
        let numbers = index.named.len().next_power_of_two();
        let mut rest = index.named.as_slice();
        let mut starts = Vec::with_capacity(numbers.saturating_add(1));
        for number in 0..numbers {
            starts.push(index.named.len().saturating_sub(rest.len()));
            let own = rest.iter().take_while(|named| leading(named.hash, numbers) == number).count();
            rest = rest.get(own..).unwrap_or_default();
        }
        starts.push(index.named.len());
        index.starts = starts;
        index
    }

    /// The keys among which are all that are meant by this `kid`, in their order, if at most `max` may be tried. `None` if
    /// any could be.
    pub(super) fn find(&self, kid: &str, max: usize) -> Option<&[Named]> {
        if self.is_partial && max > 1 {
            return None;
        }
        let hash = hash(kid);
        let number = leading(hash, self.starts.len().saturating_sub(1));
        let (start, end) = (self.starts.get(number)?, self.starts.get(number.checked_add(1)?)?);
        let near = self.named.get(*start..*end)?;
        let start = near.iter().position(|named| named.hash == hash).unwrap_or(near.len());
        let rest = near.get(start..)?;
        let len = rest.iter().position(|named| named.hash != hash).unwrap_or(rest.len());
        rest.get(..len)
    }
}

/// The leading bits of a digest, of which there are `numbers`: a power of two.
fn leading(hash: u64, numbers: usize) -> usize {
    let bits = numbers.trailing_zeros();
    hash.checked_shr(u64::BITS.saturating_sub(bits)).and_then(|bits| usize::try_from(bits).ok()).unwrap_or(0)
}

/// A digest that tells the names of an honest set apart. Names that share one cost what a set without an index costs, and
/// only who publishes the set can choose them.
fn hash(kid: &str) -> u64 {
    // 2⁶⁴ divided by the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |hash: u64, word: [u8; 8]| {
        let mixed = (hash ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
        mixed ^ mixed >> 32
    };
    let (words, rest) = kid.as_bytes().as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    let hash = words.iter().fold(0, |hash, word| step(hash, *word));
    step(hash, last).wrapping_mul(FACTOR)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::KidIndex;

    fn places(index: &KidIndex, kid: &str, max: usize) -> Option<Vec<usize>> {
        index.find(kid, max).map(|found| found.iter().map(|named| named.place).collect())
    }

    #[test]
    fn each_name_leads_to_its_keys_in_their_order() {
        for count in [0, 1, 2, 3, 7, 8, 9, 1000] {
            let kids: Vec<_> = (0..count).map(|place| format!("key-{}", place / 2)).collect();
            let index = KidIndex::new(kids.iter().map(|kid| Some(kid.as_str())));
            for (place, kid) in kids.iter().enumerate() {
                let expected: Vec<_> =
                    [place & !1, place | 1].into_iter().filter(|place| *place < count).collect();
                assert_eq!(places(&index, kid, 1), Some(expected.clone()), "{kid} of {count}");
                assert_eq!(places(&index, kid, 2), Some(expected), "{kid} of {count}");
            }
            assert_eq!(places(&index, "another", 1), Some(Vec::new()), "of {count}");
            assert_eq!(places(&index, "", 1), Some(Vec::new()), "of {count}");
        }
    }

    #[test]
    fn a_key_without_a_name_is_found_where_only_named_ones_count() {
        let index = KidIndex::new([None, Some("a"), None, Some("b")].into_iter());
        assert_eq!(places(&index, "b", 1), Some(Vec::from([3])));
        assert_eq!(places(&index, "b", 2), None);
        let index = KidIndex::new([None].into_iter());
        assert_eq!(places(&index, "b", 1), Some(Vec::new()));
    }
}
