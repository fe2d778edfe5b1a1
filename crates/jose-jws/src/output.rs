//! Where serializations are written, piece by piece.

#[cfg(feature = "alloc")]
use alloc::string::String;

use jose_b64::base64url::{self, Encoder};
use jose_b64::json::{SliceWriter, Write};
use jose_jwk::header::{Header, JoseHeader, MAX_HEADER_LEN};

use crate::Error;

/// Where a serialization is written: a buffer of the caller's, or a `String`. Sealed.
pub trait Output: Write + sealed::Sealed {
    /// The finished text.
    type Text;

    /// What stands there so far.
    fn written(&self) -> &str;

    /// What stands there in the end.
    fn into_text(self) -> Self::Text;
}

mod sealed {
    #[expect(unnameable_types, reason = "it seals `Output`")]
    pub trait Sealed {}
    impl Sealed for jose_b64::json::SliceWriter<'_> {}
    #[cfg(feature = "alloc")]
    impl Sealed for alloc::string::String {}
}

impl<'o> Output for SliceWriter<'o> {
    type Text = &'o str;

    fn written(&self) -> &str {
        Self::written(self)
    }

    fn into_text(self) -> &'o str {
        self.finish()
    }
}

#[cfg(feature = "alloc")]
impl Output for String {
    type Text = Self;

    fn written(&self) -> &str {
        self
    }

    fn into_text(self) -> Self {
        self
    }
}

/// Writes the base64url of what is written to it.
pub(crate) struct Base64Writer<'w, W> {
    encoder: Encoder,
    out: &'w mut W,
}

impl<'w, W: Write> Base64Writer<'w, W> {
    pub(crate) fn new(out: &'w mut W) -> Self {
        Self { encoder: Encoder::new(), out }
    }

    fn update(&mut self, octets: &[u8]) -> Result<(), jose_b64::Error> {
        let mut result = Ok(());
        self.encoder.update(octets, |text| result = result.and_then(|()| self.out.write(text)));
        result
    }

    pub(crate) fn finish(self) -> Result<(), jose_b64::Error> {
        let mut result = Ok(());
        self.encoder.finish(|text| result = result.and_then(|()| self.out.write(text)));
        result
    }
}

impl<W: Write> Write for Base64Writer<'_, W> {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        self.update(text.as_bytes())
    }
}

pub(crate) fn encode<W: Write>(octets: &[u8], out: &mut W) -> Result<(), Error> {
    let mut writer = Base64Writer::new(out);
    writer.update(octets)?;
    Ok(writer.finish()?)
}

/// Writes the base64url of a header, the first thing in `out`: `alg`, then what the caller says. Gives back whether
/// the payload is encoded.
pub(crate) fn write_header<W: Output>(alg: &str, header: &Header<'_>, out: &mut W) -> Result<bool, Error> {
    let mut writer = Base64Writer::new(out);
    header.write(&[("alg", alg)], &mut writer)?;
    writer.finish()?;
    // What no recipient takes is not made.
    if base64url::decoded_len(out.written().len()) > MAX_HEADER_LEN {
        return Err(Error::Header(jose_jwk::Error::HeaderTooLong));
    }
    match header.members {
        Some(text) => crate::rules::is_encoded(&JoseHeader::parse(text.as_bytes())?),
        None => Ok(true),
    }
}

/// Decodes to the front of the buffer, and gives back the rest of it.
pub(crate) fn decode<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<(&'b [u8], &'b mut [u8]), Error> {
    let len = base64url::decoded_len(text.len());
    let (front, rest) = buffer.split_at_mut_checked(len).ok_or(Error::BufferTooSmall)?;
    Ok((base64url::decode(text, front)?, rest))
}
