//! Secrets of octets, and what is none: a key that was published in another form.

use jose_b64::Secret;
use jose_b64::json;
use jose_jwa::KeyType;

use crate::params::Params;
use crate::{Error, Jwk};

impl Jwk {
    /// A symmetric key of these octets (RFC 7518 section 6.4).
    ///
    /// Octets that look like a key in another form are refused: PEM, the DER of a key or certificate, a JWK or JWK Set,
    /// an OpenSSH key. Who verifies with the text of a public key as an HMAC secret believes everyone who knows it.
    ///
    /// # Errors
    ///
    /// [`Error::LooksLikeKey`].
    pub fn from_octets(octets: impl Into<Secret>) -> Result<Self, Error> {
        let octets = octets.into();
        if looks_like_key(octets.expose()) {
            return Err(Error::LooksLikeKey);
        }
        Ok(Self::dangerous_from_octets(octets))
    }

    /// Makes a symmetric key of any bytes, even if they look like a key in another form, which anybody may know.
    #[must_use]
    pub fn dangerous_from_octets(octets: impl Into<Secret>) -> Self {
        Self::from_params(Params::new(KeyType::Oct, None).with_secret("k", octets))
    }
}

/// How an OpenSSH or RFC 4716 public key begins.
const SSH: [&str; 5] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2"];

fn looks_like_key(octets: &[u8]) -> bool {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets).trim_ascii_start();
    contains(octets, b"-----BEGIN ")
        || SSH.iter().any(|prefix| text.starts_with(prefix.as_bytes()))
        || is_jwk(text)
        || is_der(octets)
}

fn contains(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

/// An object with `kty` or `keys`. What is no strict JSON may be read elsewhere as such, and is judged by its names.
fn is_jwk(text: &[u8]) -> bool {
    const NAMES: [&str; 2] = ["kty", "keys"];
    match json::parse_object(text) {
        Ok(object) => NAMES.iter().any(|name| object.get(name).is_some()),
        Err(_) => {
            text.starts_with(b"{")
                && NAMES.iter().any(|name| {
                    text.windows(name.len().saturating_add(2)).any(|window| {
                        window.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""))
                            == Some(name.as_bytes())
                    })
                })
        }
    }
}

/// The fewest octets of any key in DER: `ECPrivateKey` on a curve of 256 bits with nothing optional.
const MIN_DER_LEN: usize = 39;

/// A DER sequence that is as long as it says, of two elements or more, of which the first is a sequence or an integer,
/// as all structures of keys and certificates begin. Of random octets one in 2^28 looks so, and of 32 octets none.
fn is_der(octets: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    let Some((SEQUENCE, mut content, [])) = element(octets) else { return false };
    if octets.len() < MIN_DER_LEN || !matches!(content.first(), Some(&(SEQUENCE | INTEGER))) {
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
fn element(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = octets.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x83 => {
            let (len, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (len.iter().fold(0, |sum, octet| (sum << 8) | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((*tag, content, rest))
}
