//! Token Status Lists (draft-ietf-oauth-status-list): whether tokens that their issuer has signed are still valid.
//!
//! A token refers to an entry of a list by [`StatusClaim`]. The list is a JWT of its own, which the issuer publishes at the URI in
//! that claim, and which has its own verifier. Nothing here fetches it.
//!
//! ```
//! use jose_sd_jwt::jwt::{
//!     Curve, Jwk, JwsAlg, NumericDate, SigningKey, SysRng, VerifyingKey,
//! };
//! use jose_sd_jwt::status_list::{
//!     Bits, Status, StatusList, StatusListToken, StatusListVerifier,
//! };
//! use std::time::Duration;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let (jwk, uri) =
//!         (Jwk::generate(Curve::P256, &mut SysRng)?, "https://issuer.example/status/1");
//!     let mut list = StatusList::new(Bits::One, 1 << 20);
//!     list.set(4711, Status::Invalid)?;
//!     let token = StatusListToken::new(&list, uri).ttl(Duration::from_secs(3600));
//!     let token = token.sign(&SigningKey::try_from(&jwk)?)?;
//!
//!     let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256)?;
//!     let verifier =
//!         StatusListVerifier::new(key, |rules| rules.any_issuer().any_audience());
//!     let verified = verifier.verify(&token, uri)?;
//!     assert_eq!(verified.status(4711)?, Status::Invalid);
//!     assert_eq!(verified.status(4712)?, Status::Valid);
//!     let now = NumericDate::now()?;
//!     assert_eq!(verified.fresh_until(now), Some(now + Duration::from_secs(3600)));
//!     Ok(())
//! }
//! ```

mod token;
mod verify;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use serde::{Deserialize, Serialize};

pub use token::StatusListToken;
pub use verify::{StatusListVerifier, VerifiedStatusList};

use crate::error::Error;

/// How many bits each entry of a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bits {
    /// Valid or invalid.
    One,
    /// Four values.
    Two,
    /// Sixteen values.
    Four,
    /// All values.
    Eight,
}

impl Bits {
    /// The number of bits.
    #[must_use]
    pub const fn count(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// From the number of bits: 1, 2, 4 or 8.
    #[must_use]
    pub const fn from_count(count: u8) -> Option<Self> {
        match count {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            4 => Some(Self::Four),
            8 => Some(Self::Eight),
            _ => None,
        }
    }

    /// The greatest value of an entry.
    const fn mask(self) -> u8 {
        match self {
            Self::One => 0b1,
            Self::Two => 0b11,
            Self::Four => 0b1111,
            Self::Eight => 0xff,
        }
    }

    /// The entries in a byte.
    const fn in_byte(self) -> usize {
        match self {
            Self::One => 8,
            Self::Two => 4,
            Self::Four => 2,
            Self::Eight => 1,
        }
    }

    /// The byte of an entry, and the place of its lowest bit in there.
    fn place(self, index: u64) -> Option<(usize, u32)> {
        let index = usize::try_from(index).ok()?;
        let within = u32::try_from(index.checked_rem(self.in_byte())?).ok()?;
        Some((index.checked_div(self.in_byte())?, within.checked_mul(self.count().into())?))
    }
}

/// The status of a token (draft-ietf-oauth-status-list section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// 0: it is valid.
    Valid,
    /// 1: it is revoked, for good.
    Invalid,
    /// 2: it is not valid for the time being.
    Suspended,
    /// Any other value. 3 and 12 to 15 are the application's own. A token with a status that the caller does not know is not
    /// valid.
    Other(u8),
}

impl From<u8> for Status {
    fn from(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> Self {
        match status {
            Status::Valid => 0,
            Status::Invalid => 1,
            Status::Suspended => 2,
            Status::Other(other) => other,
        }
    }
}

/// The claim `status` of a token that a list says the status of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusClaim {
    /// The entry of a list.
    pub status_list: StatusReference,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReference {
    /// Its index, from 0.
    pub idx: u64,
    /// The URI of the list, which is `sub` of its token.
    pub uri: String,
}

/// The statuses of many tokens, a few bits each.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: Bits,
    /// As they are compressed: the first entry is in the lowest bits of the first byte.
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list in which all tokens are valid. The number of entries is rounded up to whole bytes; a large one, filled in a
    /// random order, hides how many tokens there are.
    #[must_use]
    pub fn new(bits: Bits, entries: usize) -> Self {
        Self { bits, bytes: vec![0; entries.div_ceil(bits.in_byte())] }
    }

    /// Inflates a list: `lst`, which is base64url of a zlib stream, up to this many bytes.
    ///
    /// # Errors
    ///
    /// [`Error::StatusList`] if it is malformed or inflates to more.
    pub fn inflate(bits: Bits, lst: &str, max_len: usize) -> Result<Self, Error> {
        let compressed = base64url::decode_to_vec(lst.as_bytes()).map_err(|_| Error::StatusList)?;
        let bytes = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&compressed, max_len);
        Ok(Self { bits, bytes: bytes.map_err(|_| Error::StatusList)? })
    }

    /// `lst`: base64url of the compressed list.
    #[must_use]
    pub fn deflate(&self) -> String {
        // The draft recommends the highest level of compression.
        base64url::encode_to_string(&miniz_oxide::deflate::compress_to_vec_zlib(&self.bytes, 9))
    }

    /// How many bits each entry has.
    #[must_use]
    pub fn bits(&self) -> Bits {
        self.bits
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len().saturating_mul(self.bits.in_byte())
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of the list, as they are compressed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The status of an entry.
    ///
    /// # Errors
    ///
    /// [`Error::StatusIndex`] if there is no such entry.
    pub fn status(&self, index: u64) -> Result<Status, Error> {
        let (at, shift) = self.bits.place(index).ok_or(Error::StatusIndex)?;
        let byte = self.bytes.get(at).ok_or(Error::StatusIndex)?;
        Ok(Status::from((byte >> shift) & self.bits.mask()))
    }

    /// Sets the status of an entry.
    ///
    /// # Errors
    ///
    /// [`Error::StatusIndex`] if there is no such entry; [`Error::StatusValue`] if the status does not fit into its bits.
    pub fn set(&mut self, index: u64, status: Status) -> Result<(), Error> {
        let (value, mask) = (u8::from(status), self.bits.mask());
        if value & !mask != 0 {
            return Err(Error::StatusValue);
        }
        let (at, shift) = self.bits.place(index).ok_or(Error::StatusIndex)?;
        let byte = self.bytes.get_mut(at).ok_or(Error::StatusIndex)?;
        *byte = (*byte & !(mask << shift)) | (value << shift);
        Ok(())
    }
}

impl fmt::Debug for StatusList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusList")
            .field("bits", &self.bits)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
