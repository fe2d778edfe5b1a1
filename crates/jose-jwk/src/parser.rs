//! How JWKs are read.

use alloc::string::String;

use zeroize::Zeroizing;

/// How JWKs are read. `Jwk::from_json` and `JwkSet::from_json` read them with the default: no leniency.
///
/// ```
/// use jose_jwk::JwkParser;
///
/// fn main() -> Result<(), jose_jwk::Error> {
///     let set = JwkParser::new().jwk_set(r#"{"keys":[{"kty":"oct","k":"AAEC"}]}"#)?;
///     assert_eq!(set.len(), 1);
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct JwkParser {
    pub(crate) p256k: bool,
    /// Private members are not read at all.
    pub(crate) public_only: bool,
    leading_zeros: bool,
    padding: bool,
    standard_base64: bool,
    pub(crate) empty_key_ops: bool,
    /// The iterations of PBKDF2 that an encrypted key may ask for.
    pub(crate) max_iterations: u32,
    /// The memory that an encrypted key may ask for, in bytes.
    pub(crate) max_memory: u64,
}

impl Default for JwkParser {
    fn default() -> Self {
        Self {
            p256k: false,
            public_only: false,
            leading_zeros: false,
            padding: false,
            standard_base64: false,
            empty_key_ops: false,
            max_iterations: 10_000_000,
            max_memory: 128 << 20,
        }
    }
}

impl JwkParser {
    /// Creates a parser without leniency.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves out private members, as [`JwkSet::from_public_json`](crate::JwkSet::from_public_json) does.
    pub fn public_only(self) -> Self {
        Self { public_only: true, ..self }
    }

    /// Takes integers of RSA keys with leading zero bytes, as libraries for big numbers write them (RFC 7518 section
    /// 6.3.1.1). They are left out of the key that is read.
    pub fn allow_leading_zeros(self) -> Self {
        Self { leading_zeros: true, ..self }
    }

    /// Takes base64url with padding in members that hold bytes.
    pub fn allow_padding(self) -> Self {
        Self { padding: true, ..self }
    }

    /// Takes standard base64, with or without padding, in members that hold bytes.
    pub fn allow_standard_base64(self) -> Self {
        Self { standard_base64: true, ..self }
    }

    /// Takes an empty `key_ops` of a public key as if it were not there, as .NET writes it. By the letter of RFC 7517
    /// section 4.3 such a key serves no operation.
    pub fn ignore_empty_key_ops(self) -> Self {
        Self { empty_key_ops: true, ..self }
    }

    /// The integer without the leading zeros that are allowed.
    pub(crate) fn integer<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let zeros = if self.leading_zeros { bytes.iter().take_while(|byte| **byte == 0).count() } else { 0 };
        bytes.get(zeros..).unwrap_or(bytes)
    }

    /// The same text in strict base64url, if it is in a base64 that is allowed.
    pub(crate) fn base64url(&self, text: &str) -> Option<Zeroizing<String>> {
        let is_standard = self.standard_base64 && !text.contains(['-', '_']);
        let unpadded = text.trim_end_matches('=');
        let is_padded = (self.padding || is_standard)
            && text.len().is_multiple_of(4)
            && matches!(text.len().saturating_sub(unpadded.len()), 1 | 2);
        let text = if is_padded { unpadded } else { text };
        let is_other = is_padded || is_standard && text.contains(['+', '/']);
        if !is_other {
            return None;
        }
        let url = |character| match character {
            '+' if is_standard => '-',
            '/' if is_standard => '_',
            other => other,
        };
        // Large enough from the start: a buffer that grows leaves copies behind.
        let mut converted = Zeroizing::new(String::with_capacity(text.len()));
        converted.extend(text.chars().map(url));
        Some(converted)
    }

    /// Takes `P-256K`, a name from before RFC 8812, for `secp256k1`. It is written as `secp256k1`.
    #[cfg(feature = "p256k")]
    pub fn allow_p256k(self) -> Self {
        Self { p256k: true, ..self }
    }
}
