#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, vec::Vec};
use core::fmt;
use core::ops::Range;

use jose_jwa::JwsAlg;
use jose_jwa::header::{HeaderIndex, JoseHeader};

use crate::error::{Error, Part};

/// Where the header is in a buffer, and the signature behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) header_len: usize,
    pub(crate) signature_len: usize,
    pub(crate) index: HeaderIndex,
}

/// Where header and payload are in the buffer, and what verified them.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) head: Head,
    pub(super) payload: Range<usize>,
    pub(super) alg: JwsAlg,
    pub(super) key: usize,
}

/// A JWS whose signature was verified. Only verifying creates one.
#[derive(Clone)]
pub struct Verified<B> {
    buffer: B,
    layout: Layout,
}

impl<B: AsRef<[u8]>> Verified<B> {
    pub(super) fn new(buffer: B, layout: Layout) -> Self {
        Self { buffer, layout }
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.buffer.as_ref().get(self.layout.payload.clone()).unwrap_or_default()
    }

    /// The payload as text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.payload()).map_err(|_| Part::Payload.error()(jose_b64::Error::Utf8))
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        view(self.buffer.as_ref(), &self.layout.head)
    }

    /// `kid` of the protected header.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.header().kid().map(|kid| kid.to_cow())
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.layout.alg
    }

    /// The place of the key that verified it among those that were given, 0 for a single key.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.layout.key
    }
}

#[cfg(feature = "alloc")]
impl Verified<Vec<u8>> {
    /// The payload by value.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        let Self { mut buffer, layout } = self;
        buffer.truncate(layout.payload.end);
        buffer.drain(..layout.payload.start.min(buffer.len()));
        buffer
    }
}

impl<'b> Verified<&'b [u8]> {
    /// The payload, for as long as the buffer lives.
    #[must_use]
    pub fn into_payload(self) -> &'b [u8] {
        self.buffer.get(self.layout.payload).unwrap_or_default()
    }
}

/// The header at the front of a buffer.
fn view<'b>(buffer: &'b [u8], head: &Head) -> JoseHeader<'b> {
    head.index.view(buffer.get(..head.header_len).unwrap_or_default())
}

/// Shows the header, and of the payload its length.
impl<B: AsRef<[u8]>> fmt::Debug for Verified<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("alg", &self.alg())
            .field("header", &self.header())
            .field("payload_len", &self.payload().len())
            .finish_non_exhaustive()
    }
}

/// What a detached message was verified with.
#[derive(Clone, Debug)]
pub(crate) struct Detached {
    pub(crate) head: Head,
    pub(crate) encoded: bool,
    pub(crate) alg: JwsAlg,
    pub(crate) key: usize,
}

/// The header of a detached JWS whose signature was verified against the payload that was given. Only verifying creates
/// one.
#[derive(Clone)]
pub struct VerifiedDetached<B> {
    buffer: B,
    detached: Detached,
}

impl<B: AsRef<[u8]>> VerifiedDetached<B> {
    pub(crate) fn new(buffer: B, detached: Detached) -> Self {
        Self { buffer, detached }
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        view(self.buffer.as_ref(), &self.detached.head)
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.detached.alg
    }

    /// The place of the key that verified it among those that were given, 0 for a single key.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.detached.key
    }

    /// Whether the payload was signed as base64url, and not as it is (`b64` false, RFC 7797).
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        self.detached.encoded
    }
}

/// Shows the header.
impl<B: AsRef<[u8]>> fmt::Debug for VerifiedDetached<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedDetached")
            .field("alg", &self.alg())
            .field("header", &self.header())
            .finish_non_exhaustive()
    }
}
