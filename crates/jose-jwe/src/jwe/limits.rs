/// Limits on what a received message may cost.
///
/// ```
/// use jose_jwe::Limits;
///
/// let limits = Limits { max_p2c: 100_000, ..Limits::DEFAULT };
/// assert_eq!(limits.max_recipients, 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum length of the serialized message, in bytes. Unlimited by default: it is in memory already.
    pub max_len: usize,
    /// The maximum number of recipients of the general JSON serialization. 16 by default.
    pub max_recipients: usize,
    /// The minimum iteration count `p2c` of PBES2. 1 000 by default, as RFC 7518 section 4.8.1.2 recommends.
    pub min_p2c: u32,
    /// The maximum `p2c`, and the maximum of iterations over all recipients and keys that are tried. 1 000 000 by default.
    pub max_p2c: u32,
    /// The maximum length of a plaintext that was compressed, in bytes, unless [`Limits::max_ratio`] allows more. 250 000
    /// by default.
    pub max_inflated: usize,
    /// The maximum ratio of the length of a plaintext to that of its compressed form, unless [`Limits::max_inflated`] allows more.
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

    /// The maximum length that a compressed plaintext of this length may inflate to.
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
