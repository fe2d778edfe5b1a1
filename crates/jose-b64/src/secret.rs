use crate::{Error, base64url};
use alloc::{string::String, vec::Vec};
use base64ct::{Base64, Encoding};
use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Owned secret bytes: a symmetric key, a private exponent, a seed.
///
/// They are wiped when dropped and compared in a time that depends on the lengths alone. `Debug`
/// shows the length. There is no way to print them: [`expose`](Self::expose) and
/// [`to_base64url`](Self::to_base64url) are the two doors out. With the feature `serde` they are
/// deserialized from a strict base64url string, and not serialized.
///
/// ```
/// use jose_b64::Secret;
///
/// let secret = Secret::from_base64url(b"c2VjcmV0").unwrap();
/// assert_eq!(secret.expose(), b"secret");
/// assert_eq!(format!("{secret:?}"), "Secret(6 bytes)");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The bytes that a base64url text encodes, decoded in constant time.
    ///
    /// # Errors
    ///
    /// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
    /// encoding of any bytes.
    pub fn from_base64url(text: &[u8]) -> Result<Self, Error> {
        base64url::decode_secret_to_vec(text).map(Self)
    }

    /// The bytes that a text in standard base64 encodes (RFC 4648 §4), with padding: how many configurations keep an HMAC
    /// secret. Decoded in constant time.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if the length is not a multiple of 4; [`Error::Base64`] if it is not standard base64.
    pub fn from_base64(text: &[u8]) -> Result<Self, Error> {
        if !text.len().is_multiple_of(4) {
            return Err(Error::Length);
        }
        let mut octets = Zeroizing::new(alloc::vec![0; text.len() / 4 * 3]);
        let len = Base64::decode(text, &mut octets).map_err(|_| Error::Base64)?.len();
        octets.truncate(len);
        Ok(Self(octets))
    }

    /// The base64url text of the bytes, encoded in constant time and wiped when dropped.
    #[must_use]
    pub fn to_base64url(&self) -> Zeroizing<String> {
        base64url::encode_secret_to_string(&self.0)
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Takes the bytes over without copying them.
impl From<Vec<u8>> for Secret {
    fn from(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }
}

impl From<&[u8]> for Secret {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl<const N: usize> From<[u8; N]> for Secret {
    fn from(bytes: [u8; N]) -> Self {
        bytes.to_vec().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Secret {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.to_vec().into()
    }
}

/// The UTF-8 bytes of the text.
impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.as_bytes().to_vec().into()
    }
}

/// The UTF-8 bytes of the text.
impl From<String> for Secret {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// Takes the bytes over without copying them.
impl From<Zeroizing<Vec<u8>>> for Secret {
    fn from(octets: Zeroizing<Vec<u8>>) -> Self {
        Self(octets)
    }
}

// `Zeroizing` does it.
impl ZeroizeOnDrop for Secret {}

/// In a time that depends on the lengths alone.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.len())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a base64url string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Secret, E> {
                Secret::from_base64url(text.as_bytes()).map_err(E::custom)
            }

            // A text that is handed over is wiped; one that is lent is its owner's to wipe.
            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Secret, E> {
                self.visit_str(&Zeroizing::new(text))
            }
        }

        // Lent where the format can: it then makes no copy.
        deserializer.deserialize_str(Visitor)
    }
}
