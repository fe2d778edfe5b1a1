use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroUsize;
use core::ops::Range;

use jose_b64::base64url;
use jose_jwa::JwsAlg;
use jose_jwa::header::JoseHeader;

use super::parse::{Entry, Form, Parts, Unverified};
use crate::check;
use crate::error::{Error, Part};
use crate::key::{Candidate, Verify};

/// How many signatures of a message must verify (RFC 7515 section 7.2.1 leaves that to the application).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Require {
    /// One is enough.
    Any,
    /// Every one, whoever made it. How many there are is the sender's choice.
    All,
    /// Those of at least this many different keys, by their places among the keys that were given: the same key signing
    /// twice counts once.
    AtLeast(NonZeroUsize),
}

impl Unverified<'_> {
    /// Verifies the signatures over the payload in the message.
    ///
    /// # Errors
    ///
    /// [`Error::PayloadMissing`] if it is detached; [`Error::Unencoded`]; if too few signatures verify, the reason of the one
    /// that failed or, of several, [`Error::Signature`] if it is among them; with [`Require::AtLeast`],
    /// [`Error::SignaturesTooFew`] if some did.
    pub fn verify<V: Verify + ?Sized>(mut self, keys: &V, require: Require) -> Result<Verified, Error> {
        let text = self.payload.take().ok_or(Error::PayloadMissing)?;
        if !self.encoded && !self.unencoded {
            return Err(Error::Unencoded);
        }
        let payload = self.parts.push_payload(&text, self.encoded)?;
        let form = self.form;
        let signatures = self.check(keys, require, text.as_bytes())?;
        Ok(Verified { form, payload, signatures })
    }

    /// Verifies the signatures over a detached payload (RFC 7515 appendix F), encoded or not as the headers say.
    ///
    /// # Errors
    ///
    /// [`Error::PayloadPresent`] if the message has a payload; otherwise those of [`verify`](Self::verify).
    pub fn verify_detached<V: Verify + ?Sized>(
        self,
        keys: &V,
        require: Require,
        payload: &[u8],
    ) -> Result<VerifiedSignatures, Error> {
        self.check_detached()?;
        if self.encoded {
            self.check(keys, require, base64url::encode_to_string(payload).as_bytes())
        } else {
            self.check(keys, require, payload)
        }
    }

    /// Checks that there is no payload.
    fn check_detached(&self) -> Result<(), Error> {
        match &self.payload {
            None => Ok(()),
            // The compact form has an empty place for it.
            Some(text) if self.form == Form::Compact && text.is_empty() => Ok(()),
            Some(_) => Err(Error::PayloadPresent),
        }
    }

    fn check<V: Verify + ?Sized>(
        self,
        keys: &V,
        require: Require,
        payload: &[u8],
    ) -> Result<VerifiedSignatures, Error> {
        let Self { parts, entries, understood, .. } = self;
        VerifiedSignatures::select(parts, entries, require, |parts, entry| {
            let (header, unprotected) = (entry.header(parts), entry.unprotected(parts));
            let (candidate, _) = check::headers(keys, header, unprotected, understood)?;
            let message = [parts.get(&entry.protected), b".", payload];
            let candidate =
                Candidate { message: &message, signature: parts.get(&entry.signature), ..candidate };
            Ok((candidate.alg, check::signature(keys, &candidate)?))
        })
    }
}

/// A JWS of which as many signatures were verified as required. Only verifying creates one.
#[derive(Clone, Debug)]
pub struct Verified {
    form: Form,
    payload: Range<usize>,
    signatures: VerifiedSignatures,
}

impl Verified {
    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.signatures.parts.get(&self.payload)
    }

    /// The payload as text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.payload()).map_err(|_| Part::Payload.error()(jose_b64::Error::Utf8))
    }

    /// The payload by value.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.signatures.parts.into_part(self.payload)
    }

    /// The signatures that verified.
    #[must_use]
    pub fn signatures(&self) -> &VerifiedSignatures {
        &self.signatures
    }

    /// The serialization that it was received in.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }
}

/// The signatures that verified, at least one, in the order of the message. Others are not among them.
#[derive(Clone)]
pub struct VerifiedSignatures {
    parts: Parts,
    entries: Vec<Entry>,
}

impl VerifiedSignatures {
    /// Keeps those that verify, if they are enough.
    pub(super) fn select(
        parts: Parts,
        mut entries: Vec<Entry>,
        require: Require,
        mut verify: impl FnMut(&Parts, &Entry) -> Result<(JwsAlg, usize), Error>,
    ) -> Result<Self, Error> {
        let mut reason = None;
        for entry in &mut entries {
            match verify(&parts, entry) {
                Ok(by) => entry.verified = Some(by),
                Err(error) if reason.is_none() || error == Error::Signature => reason = Some(error),
                Err(_) => {}
            }
        }
        let verified = Self { parts, entries };
        let none = verified.first().is_none();
        let enough = match require {
            Require::All => reason.is_none(),
            Require::Any => !none,
            Require::AtLeast(count) => verified.different_keys() >= count.get(),
        };
        match reason {
            _ if enough => Ok(verified),
            Some(reason) if none || require == Require::All => Err(reason),
            _ => Err(Error::SignaturesTooFew),
        }
    }

    fn different_keys(&self) -> usize {
        let keys = || self.iter().map(|signature| signature.key_index());
        keys().enumerate().filter(|(place, key)| !keys().take(*place).any(|other| other == *key)).count()
    }

    /// The number of signatures that verified.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is none without one")]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// The first of them, which is the only one of the flattened form.
    #[must_use]
    pub fn first(&self) -> Option<VerifiedSignature<'_>> {
        self.iter().next()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = VerifiedSignature<'_>> {
        self.entries.iter().filter_map(|entry| {
            let (alg, key) = entry.verified?;
            Some(VerifiedSignature { entry, parts: &self.parts, alg, key })
        })
    }
}

impl fmt::Debug for VerifiedSignatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A signature that verified.
#[derive(Clone, Copy)]
pub struct VerifiedSignature<'v> {
    entry: &'v Entry,
    parts: &'v Parts,
    alg: JwsAlg,
    key: usize,
}

impl<'v> VerifiedSignature<'v> {
    /// Its place among the signatures of the message.
    #[must_use]
    pub fn index(&self) -> usize {
        self.entry.index
    }

    /// The place of the key that verified it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.key
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The protected header; without parameters if there is none.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'v> {
        self.entry.header(self.parts)
    }

    /// The unprotected header. No signature covers it: anyone on the way may have changed it.
    #[must_use]
    pub fn unprotected_header(&self) -> JoseHeader<'v> {
        self.entry.unprotected(self.parts)
    }
}

impl fmt::Debug for VerifiedSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedSignature")
            .field("index", &self.index())
            .field("key_index", &self.key)
            .field("alg", &self.alg)
            .field("header", &self.header().text())
            .field("unprotected_header", &self.unprotected_header().text())
            .finish()
    }
}

/// Verifies one of the two JSON serializations: [`Unverified::parse`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// Those of both.
pub fn verify<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
) -> Result<Verified, Error> {
    Unverified::parse(text)?.verify(keys, require)
}

/// Verifies one of the two JSON serializations against a detached payload: [`Unverified::parse`] and
/// [`Unverified::verify_detached`] in one.
///
/// # Errors
///
/// Those of both.
pub fn verify_detached<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
    payload: &[u8],
) -> Result<VerifiedSignatures, Error> {
    Unverified::parse(text)?.verify_detached(keys, require, payload)
}

/// Verifies any serialization, compact or JSON: [`Unverified::parse_any`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// Those of both.
pub fn verify_any<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
) -> Result<Verified, Error> {
    Unverified::parse_any(text)?.verify(keys, require)
}
