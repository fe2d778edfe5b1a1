//! Symmetric keys from bytes, and the refusal of bytes that are a published key in another form.

use jose_b64::{Secret, json};
use jose_jwa::KeyType;

use crate::error::Error;
use crate::jwk::Jwk;
use crate::params::Params;

impl Jwk {
    /// Makes a symmetric key of the bytes (RFC 7518 section 6.4).
    ///
    /// Bytes that look like a key in another form are refused: PEM, the DER of a key or certificate, a JWK or JWK Set,
    /// an OpenSSH key. With the text of a public key as an HMAC secret, anybody who knows the text could sign.
    ///
    /// # Errors
    ///
    /// [`Error::LooksLikeKey`].
    pub fn from_octets(bytes: impl Into<Secret>) -> Result<Self, Error> {
        let bytes = bytes.into();
        if looks_like_key(bytes.expose()) {
            return Err(Error::LooksLikeKey);
        }
        Ok(Self::dangerous_from_octets(bytes))
    }

    /// Makes a symmetric key of any bytes, even if they look like a key in another form, which anybody may know.
    pub fn dangerous_from_octets(bytes: impl Into<Secret>) -> Self {
        Self::from_params(Params::new(KeyType::Oct, None).with_secret("k", bytes))
    }
}

/// How an OpenSSH or RFC 4716 public key begins.
const SSH: [&str; 5] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2"];

fn looks_like_key(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    contains(bytes, "-----BEGIN ")
        || SSH.iter().any(|prefix| text.starts_with(prefix.as_bytes()))
        || is_jwk(text)
        || is_der(bytes)
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// An object with `kty` or `keys`. What is not strict JSON may be read as JSON elsewhere, and is judged by the names in
/// it.
fn is_jwk(text: &[u8]) -> bool {
    match json::parse_object(text) {
        Ok(object) => ["kty", "keys"].iter().any(|name| object.get(name).is_some()),
        Err(_) => text.starts_with(b"{") && ["\"kty\"", "\"keys\""].iter().any(|name| contains(text, name)),
    }
}

/// The fewest bytes of any key in DER: `ECPrivateKey` on a curve of 256 bits with nothing optional.
const MIN_DER_LEN: usize = 39;

/// A DER sequence that is as long as it says, of two elements or more, of which the first is a sequence or an integer:
/// all structures of keys and certificates begin so. One in 2^28 strings of random bytes does, and none of 32 bytes.
fn is_der(bytes: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    let Some((SEQUENCE, mut content, [])) = element(bytes) else { return false };
    if bytes.len() < MIN_DER_LEN || !matches!(content.first(), Some(&(SEQUENCE | INTEGER))) {
        return false;
    }
    let mut elements = 0_usize;
    while !content.is_empty() {
        let Some((_, _, rest)) = element(content) else { return false };
        elements = elements.saturating_add(1);
        content = rest;
    }
    elements >= 2
}

/// The first element: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x83 => {
            let (len, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (len.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((*tag, content, rest))
}
