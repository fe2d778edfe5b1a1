//! Keys, bytes and what a call asks of the heap.

use base64ct::{Base64UrlUnpadded, Encoding};

/// Result and cost of a call: how often it asks for memory, and the most it holds at a time.
pub(crate) struct Cost<T> {
    pub(crate) result: T,
    pub(crate) count: u64,
    pub(crate) peak: usize,
}

pub(crate) fn cost<T>(f: impl FnOnce() -> T) -> Cost<T> {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(f()));
    Cost { result: result.unwrap(), count: info.count_total, peak: usize::try_from(info.bytes_max).unwrap() }
}

pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// A generator of its own (splitmix64), so that a failure can be repeated from its seed.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}
