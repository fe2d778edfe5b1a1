//! Writing a message: the plaintext is encrypted and encoded in its place in the text.
//!
//! This takes one buffer, a third longer than the ciphertext.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url::{self, encoded_len};
use jose_b64::json::ObjectWriter;
use jose_jwa::JweEnc;
use zeroize::Zeroize;

use crate::enc::{CekRef, MAX_IV_LEN, MAX_TAG_LEN, Sealed, ciphertext_len, random_iv, seal_with_iv};
use crate::error::Error;
use crate::jwe::few::Few;
use crate::jwe::key::hpke::{Seal, TAG_LEN};
use crate::jwe::rng::DynRng;

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
    /// The text of the protected header; empty if there is none.
    pub(crate) protected: &'o str,
    pub(crate) unprotected: Option<&'o str>,
    pub(crate) recipients: &'o Few<OutputRecipient>,
    pub(crate) aad: Option<&'o [u8]>,
    pub(crate) content: Content<'o>,
}

/// What encrypts the plaintext.
pub(crate) enum Content<'o> {
    /// A content encryption algorithm, its key, and an initialization vector.
    Enc { enc: JweEnc, cek: CekRef<'o>, iv: [u8; MAX_IV_LEN] },
    /// Integrated Encryption.
    Integrated(Box<dyn Seal>),
}

impl<'o> Content<'o> {
    /// With an initialization vector that is drawn.
    pub(crate) fn of(enc: JweEnc, cek: CekRef<'o>, rng: &mut DynRng<'_>) -> Result<Self, Error> {
        Ok(Self::Enc { enc, cek, iv: random_iv(enc, rng)?.0 })
    }

    #[cfg(feature = "hazmat")]
    pub(crate) fn with_iv(enc: JweEnc, cek: CekRef<'o>, iv: &[u8]) -> Result<Self, Error> {
        let mut own = [0; MAX_IV_LEN];
        let place = own.get_mut(..enc.iv_len()).filter(|place| place.len() == iv.len());
        place.ok_or(Error::Encryption)?.copy_from_slice(iv);
        Ok(Self::Enc { enc, cek, iv: own })
    }

    fn iv(&self) -> &[u8] {
        match self {
            Self::Enc { enc, iv, .. } => iv.get(..enc.iv_len()).unwrap_or_default(),
            Self::Integrated(_) => &[],
        }
    }

    fn ciphertext_len(&self, plaintext_len: usize) -> Option<usize> {
        match self {
            Self::Enc { enc, .. } => ciphertext_len(*enc, plaintext_len),
            Self::Integrated(_) => plaintext_len.checked_add(TAG_LEN),
        }
    }

    /// Encrypts in place. `None` where the tag is part of the ciphertext.
    fn seal(&mut self, aad: &[u8], buffer: &mut [u8], plaintext_len: usize) -> Result<Option<Sealed>, Error> {
        match self {
            Self::Enc { enc, cek, iv } => {
                let iv = iv.get(..enc.iv_len()).unwrap_or_default();
                seal_with_iv(*enc, *cek, iv, aad, buffer, plaintext_len).map(Some)
            }
            Self::Integrated(seal) => {
                let sealed = seal.seal(aad, buffer, plaintext_len);
                if sealed.is_none() {
                    // Plaintext that was not encrypted must not be sent by mistake.
                    buffer.zeroize();
                }
                sealed.map(|()| None).ok_or(Error::Encryption)
            }
        }
    }
}

pub(crate) struct OutputRecipient {
    pub(crate) header: Option<String>,
    pub(crate) encrypted_key: Vec<u8>,
}

impl Output<'_> {
    /// Encrypts and writes.
    pub(crate) fn seal(mut self, plaintext: &[u8]) -> Result<String, Error> {
        let ciphertext_len = self.content.ciphertext_len(plaintext.len()).ok_or(Error::Encryption)?;
        let len = encoded_len(ciphertext_len).ok_or(Error::Encryption)?;
        // With room for the tag and its name, so that the buffer does not move.
        let mut out = self.before_ciphertext(len.saturating_add(64))?.into_bytes();
        let start = out.len();
        // The plaintext at the end of the ciphertext's place.
        out.resize(start.saturating_add(len.saturating_sub(ciphertext_len)), 0);
        out.extend_from_slice(plaintext);
        out.resize(start.saturating_add(len), 0);
        let (before, place) = out.split_at_mut_checked(start).ok_or(Error::Encryption)?;
        let sealed = if self.form == Form::Compact && self.aad.is_none() {
            // It begins with the protected header.
            let aad = encoded_len(self.protected.len()).and_then(|len| before.get(..len));
            self.seal_in(place, ciphertext_len, plaintext.len(), aad.ok_or(Error::Encryption)?)?
        } else {
            let mut aad = base64url::encode_to_string(self.protected.as_bytes());
            if let Some(bytes) = self.aad {
                aad.push('.');
                base64url::encode_into_string(bytes, &mut aad);
            }
            self.seal_in(place, ciphertext_len, plaintext.len(), aad.as_bytes())?
        };
        let mut tag = [0; MAX_TAG_LEN * 2];
        let tag = base64url::encode(sealed.as_ref().map(Sealed::tag).unwrap_or_default(), &mut tag)?;
        let around = match self.form {
            Form::Compact => [".", ""],
            _ if tag.is_empty() => ["", "\"}"],
            _ => ["\",\"tag\":\"", "\"}"],
        };
        for piece in [around[0], tag, around[1]] {
            out.extend_from_slice(piece.as_bytes());
        }
        // Only base64url and JSON texts were written.
        String::from_utf8(out).map_err(|_| Error::Encryption)
    }

    /// Encrypts the plaintext at the end of the place, and encodes from there to its front. The characters never overtake the bytes that
    /// are still to be read.
    fn seal_in(
        &mut self,
        place: &mut [u8],
        ciphertext_len: usize,
        plaintext_len: usize,
        aad: &[u8],
    ) -> Result<Option<Sealed>, Error> {
        let mut from = place.len().saturating_sub(ciphertext_len);
        let buffer = place.get_mut(from..).ok_or(Error::Encryption)?;
        let sealed = self.content.seal(aad, buffer, plaintext_len)?;
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

    /// The text up to the ciphertext, with room for as many more bytes.
    fn before_ciphertext(&self, room: usize) -> Result<String, Error> {
        let mut text = String::new();
        if self.form == Form::Compact {
            let encrypted_key = self.recipients.first().map(|recipient| recipient.encrypted_key.as_slice());
            let parts = [self.protected.as_bytes(), encrypted_key.unwrap_or_default(), self.content.iv()];
            let len = |bytes: &&[u8]| encoded_len(bytes.len()).unwrap_or(0).saturating_add(1);
            text.reserve_exact(parts.iter().map(len).fold(room, usize::saturating_add));
            for bytes in parts {
                base64url::encode_into_string(bytes, &mut text);
                text.push('.');
            }
            return Ok(text);
        }
        let mut writer = ObjectWriter::new(&mut text)?;
        if !self.protected.is_empty() {
            writer.base64url("protected", self.protected.as_bytes())?;
        }
        if let Some(unprotected) = self.unprotected {
            writer.raw("unprotected", unprotected)?;
        }
        match self.recipients.only().filter(|_| self.form == Form::Flattened) {
            Some(recipient) => recipient.write(&mut writer)?,
            None => writer.raw("recipients", &list(self.recipients)?).map(|_| ())?,
        }
        if let Some(aad) = self.aad {
            writer.base64url("aad", aad)?;
        }
        if !self.content.iv().is_empty() {
            writer.base64url("iv", self.content.iv())?;
        }
        text.push_str(",\"ciphertext\":\"");
        text.reserve_exact(room);
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

fn list(recipients: &Few<OutputRecipient>) -> Result<String, Error> {
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
