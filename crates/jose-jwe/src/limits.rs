/// What a received message may cost.
///
/// ```
/// use jose_jwe::Limits;
/// let limits = Limits { max_p2c: 100_000, ..Limits::DEFAULT };
/// # let _ = limits;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most octets of the serialized message. Without a limit by default: it is in memory already.
    pub max_len: usize,
    /// The most recipients of the general JSON serialization. 16 by default.
    pub max_recipients: usize,
    /// The smallest iteration count `p2c` of PBES2. 1 000 by default, as RFC 7518 section 4.8.1.2 recommends.
    pub min_p2c: u32,
    /// The greatest `p2c`, and the most iterations over all recipients and keys that are tried. 1 000 000 by default.
    pub max_p2c: u32,
    /// The most octets of a plaintext that was compressed, unless [`Limits::max_ratio`] allows more. 250 000 by
    /// default.
    pub max_inflated: usize,
    /// How many times as long as its compressed form a plaintext may be, unless [`Limits::max_inflated`] allows more.
    /// 10 by default.
    pub max_ratio: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        max_len: usize::MAX,
        max_recipients: 16,
        min_p2c: 1_000,
        max_p2c: 1_000_000,
        max_inflated: 250_000,
        max_ratio: 10,
    };

    /// The most octets that this many compressed ones may become.
    #[cfg(feature = "deflate")]
    pub(crate) fn inflated(&self, compressed: usize) -> usize {
        self.max_inflated.max(compressed.saturating_mul(self.max_ratio))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
