//! Writing a message: the plaintext is encrypted and encoded in its place in the text.
//!
//! This takes one buffer, a third longer than the ciphertext.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url::{self, encoded_len};
use jose_b64::json::ObjectWriter;
use jose_jwa::JweEnc;

use crate::enc::{Sealed, ciphertext_len, seal_with_iv};
use crate::error::Error;

/// The number of bytes that are encoded at a time, a multiple of 3.
const PIECE: usize = 768;

/// The serializations (RFC 7516 section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub, reason = "it is public with the feature `hazmat`")]
pub enum Form {
    /// Compact, section 7.1.
    Compact,
    /// The flattened JSON serialization, section 7.2.2.
    Flattened,
    /// The general JSON serialization, section 7.2.1.
    General,
}

/// All of a message except its plaintext.
pub(crate) struct Output<'o> {
    pub(crate) form: Form,
    /// In base64url; empty if there is none.
    pub(crate) protected: String,
    pub(crate) unprotected: Option<&'o str>,
    pub(crate) recipients: &'o [OutputRecipient],
    pub(crate) aad: Option<&'o [u8]>,
    pub(crate) enc: JweEnc,
    pub(crate) cek: &'o [u8],
    pub(crate) iv: &'o [u8],
}

pub(crate) struct OutputRecipient {
    pub(crate) header: Option<String>,
    pub(crate) encrypted_key: Vec<u8>,
}

impl Output<'_> {
    /// Encrypts and writes.
    pub(crate) fn seal(&self, plaintext: &[u8]) -> Result<String, Error> {
        let mut aad = self.protected.clone();
        if let Some(bytes) = self.aad {
            aad.push('.');
            base64url::encode_into_string(bytes, &mut aad);
        }
        let mut out = self.before_ciphertext()?.into_bytes();
        let ciphertext_len = ciphertext_len(self.enc, plaintext.len()).ok_or(Error::Encryption)?;
        let len = encoded_len(ciphertext_len).ok_or(Error::Encryption)?;
        // With room for the tag and its name, so that the buffer does not move.
        out.reserve_exact(len.saturating_add(64));
        let start = out.len();
        out.resize(start.saturating_add(len), 0);
        let place = out.get_mut(start..).unwrap_or_default();
        let sealed = self.seal_in(place, ciphertext_len, plaintext, aad.as_bytes())?;
        let tag = base64url::encode_to_string(sealed.tag());
        let around = if self.form == Form::Compact { [".", ""] } else { ["\",\"tag\":\"", "\"}"] };
        for piece in [around[0], &tag, around[1]] {
            out.extend_from_slice(piece.as_bytes());
        }
        // Only base64url and JSON texts were written.
        String::from_utf8(out).map_err(|_| Error::Encryption)
    }

    /// Encrypts at the end of the place, and encodes from there to its front. The characters never overtake the bytes that
    /// are still to be read.
    fn seal_in(
        &self,
        place: &mut [u8],
        ciphertext_len: usize,
        plaintext: &[u8],
        aad: &[u8],
    ) -> Result<Sealed, Error> {
        let mut from = place.len().saturating_sub(ciphertext_len);
        let buffer = place.get_mut(from..).ok_or(Error::Encryption)?;
        buffer.get_mut(..plaintext.len()).ok_or(Error::Encryption)?.copy_from_slice(plaintext);
        let sealed = seal_with_iv(self.enc, self.cek, self.iv, aad, buffer, plaintext.len())?;
        let mut to = 0_usize;
        let mut piece = [0; PIECE];
        while let Some(rest) = place.get(from..).filter(|rest| !rest.is_empty()) {
            let len = rest.len().min(PIECE);
            let bytes = piece.get_mut(..len).ok_or(Error::Encryption)?;
            bytes.copy_from_slice(rest.get(..len).unwrap_or_default());
            let written = base64url::encode(bytes, place.get_mut(to..).unwrap_or_default())?.len();
            from = from.saturating_add(len);
            to = to.saturating_add(written);
        }
        Ok(sealed)
    }

    fn before_ciphertext(&self) -> Result<String, Error> {
        let mut text = String::new();
        if self.form == Form::Compact {
            let encrypted_key = self.recipients.first().map(|recipient| recipient.encrypted_key.as_slice());
            text.push_str(&self.protected);
            for bytes in [encrypted_key.unwrap_or_default(), self.iv] {
                text.push('.');
                base64url::encode_into_string(bytes, &mut text);
            }
            text.push('.');
            return Ok(text);
        }
        let mut writer = ObjectWriter::new(&mut text)?;
        if !self.protected.is_empty() {
            writer.string("protected", &self.protected)?;
        }
        if let Some(unprotected) = self.unprotected {
            writer.raw("unprotected", unprotected)?;
        }
        match self.recipients {
            [recipient] if self.form == Form::Flattened => recipient.write(&mut writer)?,
            recipients => writer.raw("recipients", &list(recipients)?).map(|_| ())?,
        }
        if let Some(aad) = self.aad {
            writer.base64url("aad", aad)?;
        }
        writer.base64url("iv", self.iv)?;
        text.push_str(",\"ciphertext\":\"");
        Ok(text)
    }
}

impl OutputRecipient {
    fn write(&self, writer: &mut ObjectWriter<'_, String>) -> Result<(), Error> {
        if let Some(header) = &self.header {
            writer.raw("header", header)?;
        }
        if !self.encrypted_key.is_empty() {
            writer.base64url("encrypted_key", &self.encrypted_key)?;
        }
        Ok(())
    }
}

fn list(recipients: &[OutputRecipient]) -> Result<String, Error> {
    let mut text = String::from("[");
    for (index, recipient) in recipients.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let mut writer = ObjectWriter::new(&mut text)?;
        recipient.write(&mut writer)?;
        writer.finish()?;
    }
    text.push(']');
    Ok(text)
}
