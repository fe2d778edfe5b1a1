//! How JWKs are read.

/// How JWKs are read. `Jwk::from_json` and `JwkSet::from_json` read them with the default: no leniency.
///
/// ```
/// use jose_jwk::JwkParser;
///
/// let set = JwkParser::new().jwk_set(r#"{"keys":[{"kty":"oct","k":"AAEC"}]}"#)?;
/// assert_eq!(set.len(), 1);
/// # Ok::<(), jose_jwk::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct JwkParser {
    pub(crate) p256k: bool,
    /// Private members are not read at all.
    pub(crate) public_only: bool,
}

impl JwkParser {
    /// Creates a parser without leniency.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `P-256K`, a name from before RFC 8812, for `secp256k1`. It is written as `secp256k1`.
    #[cfg(feature = "p256k")]
    pub fn allow_p256k(self) -> Self {
        Self { p256k: true, ..self }
    }
}
