//! Where serializations are written.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::Write;

use crate::error::{Error, Part};

/// Where a serialization is written: a buffer of the caller's, or the heap. Sealed.
pub trait Output: sealed::Sealed {
    /// The finished text.
    type Text;

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`] if there is no room.
    #[doc(hidden)]
    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.extend(bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    /// Appends as many bytes, to be filled in.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`] if there is no room.
    #[doc(hidden)]
    fn extend(&mut self, len: usize) -> Result<&mut [u8], Error>;

    /// The bytes so far.
    #[doc(hidden)]
    fn written(&self) -> &[u8];

    /// Drops all but the first `len` bytes.
    #[doc(hidden)]
    fn truncate(&mut self, len: usize);

    /// The finished text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if an unencoded payload in it is not UTF-8.
    #[doc(hidden)]
    fn into_text(self) -> Result<Self::Text, Error>;
}

mod sealed {
    #[expect(unnameable_types, reason = "it seals `Output`")]
    pub trait Sealed {}
    impl Sealed for super::Buffer<'_> {}
    #[cfg(feature = "alloc")]
    impl Sealed for alloc::vec::Vec<u8> {}
}

/// A buffer of the caller's that is being filled.
pub struct Buffer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Buffer<'o> {
    pub(crate) const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }
}

impl fmt::Debug for Buffer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} of {} bytes)", self.len, self.out.len())
    }
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    // All but an unencoded payload is ASCII.
    core::str::from_utf8(bytes)
        .map_err(|_| Error::Encoding { part: Part::Payload, error: jose_b64::Error::Utf8 })
}

impl<'o> Output for Buffer<'o> {
    type Text = &'o str;

    fn extend(&mut self, len: usize) -> Result<&mut [u8], Error> {
        let room = self.out.get_mut(self.len..).and_then(|rest| rest.get_mut(..len));
        let room = room.ok_or(Error::BufferTooSmall)?;
        self.len = self.len.saturating_add(len);
        Ok(room)
    }

    fn written(&self) -> &[u8] {
        self.out.get(..self.len).unwrap_or_default()
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    fn into_text(self) -> Result<&'o str, Error> {
        text(self.out.get(..self.len).unwrap_or_default())
    }
}

#[cfg(feature = "alloc")]
impl Output for Vec<u8> {
    type Text = String;

    fn extend(&mut self, len: usize) -> Result<&mut [u8], Error> {
        let start = self.len();
        self.resize(start.saturating_add(len), 0);
        self.get_mut(start..).ok_or(Error::BufferTooSmall)
    }

    fn written(&self) -> &[u8] {
        self
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }

    fn into_text(self) -> Result<String, Error> {
        String::from_utf8(self)
            .map_err(|_| Error::Encoding { part: Part::Payload, error: jose_b64::Error::Utf8 })
    }
}

/// The bytes that are encoded at a time; a multiple of 3.
const HELD: usize = 96;

/// Writes the base64url of what is written to it.
pub(crate) struct Base64Writer<'w, W> {
    /// What has not been encoded yet.
    held: [u8; HELD],
    len: usize,
    out: &'w mut W,
}

impl<'w, W: Output> Base64Writer<'w, W> {
    pub(crate) fn new(out: &'w mut W) -> Self {
        Self { held: [0; HELD], len: 0, out }
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        encode(self.held.get(..self.len).unwrap_or_default(), self.out)
    }
}

impl<W: Output> Write for Base64Writer<'_, W> {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        let mut rest = text.as_bytes();
        loop {
            let room = self.held.get_mut(self.len..).unwrap_or_default();
            let (now, later) = rest.split_at(rest.len().min(room.len()));
            room.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            self.len = self.len.saturating_add(now.len());
            rest = later;
            if self.len < HELD {
                return Ok(());
            }
            encode(&self.held, self.out).map_err(|_| jose_b64::Error::BufferTooSmall)?;
            self.len = 0;
        }
    }
}

/// Writes the base64url of bytes.
pub(crate) fn encode<W: Output>(bytes: &[u8], out: &mut W) -> Result<(), Error> {
    let len = base64url::encoded_len(bytes.len()).ok_or(Error::BufferTooSmall)?;
    base64url::encode(bytes, out.extend(len)?).map(|_| ()).map_err(|_| Error::BufferTooSmall)
}

/// Decodes to the front of the buffer, and returns the rest of it too.
pub(crate) fn decode<'b>(
    part: Part,
    text: &[u8],
    buffer: &'b mut [u8],
) -> Result<(&'b [u8], &'b mut [u8]), Error> {
    let len = base64url::decoded_len(text.len());
    let (front, rest) = buffer.split_at_mut_checked(len).ok_or(Error::BufferTooSmall)?;
    Ok((base64url::decode(text, front).map_err(part.error())?, rest))
}
