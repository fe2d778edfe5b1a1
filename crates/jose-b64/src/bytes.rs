use crate::{Error, base64url};
use alloc::{string::String, vec::Vec};
use core::{fmt, ops::Deref};

/// Owned public bytes, written as base64url (RFC 7515 §2): a coordinate, a modulus, a thumbprint,
/// a payload.
///
/// `Debug` shows their base64url. With the feature `serde` they are serialized to a base64url
/// string, and deserialized from a strict one.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// The bytes that a base64url text encodes.
    ///
    /// # Errors
    ///
    /// [`Error::Length`], [`Error::Character`] or [`Error::TrailingBits`] if the text is not the
    /// encoding of any bytes.
    pub fn from_base64url(text: &[u8]) -> Result<Self, Error> {
        base64url::decode_to_vec(text).map(Self)
    }

    /// The base64url text of the bytes.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        base64url::encode_to_string(&self.0)
    }

    /// The bytes alone.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl From<&[u8]> for Bytes {
    fn from(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Bytes {
    fn from(octets: [u8; N]) -> Self {
        Self(octets.to_vec())
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bytes").field(&self.to_base64url()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64url())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a base64url string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
                Bytes::from_base64url(text.as_bytes()).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}
