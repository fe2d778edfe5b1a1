use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::num::NonZeroUsize;

use jose_b64::base64url;
use jose_jwk::JwsAlg;
use jose_jwk::header::JoseHeader;

use super::parse::{Entry, Form, Limits, Unverified, owned};
use crate::key::{Signed, Verify};
use crate::{Error, rules};

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
    /// [`Error::PayloadMissing`] where it is detached; [`Error::Unencoded`]; and where too few signatures verify, the
    /// reason of the one that failed or, of several, [`Error::Signature`] if it is among them; with
    /// [`Require::AtLeast`], [`Error::SignaturesTooFew`] where some did.
    pub fn verify<V: Verify + ?Sized>(&self, keys: &V, require: Require) -> Result<Verified, Error> {
        let text = self.payload.as_deref().ok_or(Error::PayloadMissing)?;
        if !self.encoded && !self.unencoded {
            return Err(Error::Unencoded);
        }
        let payload = self.decode_payload(text)?;
        let signatures = self.check(keys, require, text.as_bytes())?;
        Ok(Verified { form: self.form, payload, signatures })
    }

    /// Verifies the signatures over a payload that came by another way (RFC 7515 appendix F), encoded or not as the
    /// headers say.
    ///
    /// # Errors
    ///
    /// [`Error::PayloadPresent`] where there is one in the message; otherwise as [`Unverified::verify`].
    pub fn verify_detached<V: Verify + ?Sized>(
        &self,
        keys: &V,
        require: Require,
        payload: &[u8],
    ) -> Result<Vec<VerifiedSignature>, Error> {
        // The compact form has an empty place for it.
        let is_detached = match &self.payload {
            Some(text) => self.form == Form::Compact && text.is_empty(),
            None => true,
        };
        if !is_detached {
            return Err(Error::PayloadPresent);
        }
        let signed = if self.encoded {
            Cow::Owned(base64url::encode_string(payload).into_bytes())
        } else {
            Cow::Borrowed(payload)
        };
        self.check(keys, require, &signed)
    }

    fn check<V: Verify + ?Sized>(
        &self,
        keys: &V,
        require: Require,
        payload: &[u8],
    ) -> Result<Vec<VerifiedSignature>, Error> {
        let mut verified = Vec::new();
        let mut reason = None;
        for (index, entry) in self.entries.iter().enumerate() {
            match self.check_one(keys, entry, payload) {
                Ok((alg, key)) => verified.push(VerifiedSignature::new(entry, index, key, alg)),
                Err(error) => {
                    if reason.is_none() || error == Error::Signature {
                        reason = Some(error);
                    }
                }
            }
        }
        let enough = match require {
            Require::All => reason.is_none(),
            Require::Any => !verified.is_empty(),
            Require::AtLeast(count) => different_keys(&verified) >= count.get(),
        };
        match reason {
            _ if enough => Ok(verified),
            Some(reason) if verified.is_empty() || require == Require::All => Err(reason),
            _ => Err(Error::SignaturesTooFew),
        }
    }

    fn check_one<V: Verify + ?Sized>(
        &self,
        keys: &V,
        entry: &Entry<'_>,
        payload: &[u8],
    ) -> Result<(JwsAlg, usize), Error> {
        let header = entry.header()?;
        let named = if header.alg().is_some() { &header } else { &entry.unprotected };
        let alg = rules::alg(named)?;
        if !keys.algs().contains(alg) {
            return Err(keys.refusal(alg));
        }
        rules::check_crit(&header, &[entry.unprotected], self.understood)?;
        let key = keys.verify(&Signed {
            alg,
            header,
            unprotected: entry.unprotected,
            message: &[entry.protected.as_bytes(), b".", payload],
            signature: &entry.signature,
        })?;
        Ok((alg, key))
    }
}

fn different_keys(verified: &[VerifiedSignature]) -> usize {
    let mut keys: Vec<usize> = verified.iter().map(|signature| signature.key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.len()
}

/// A JWS as many of whose signatures were verified as were required: only verifying makes one.
#[derive(Clone, Debug)]
pub struct Verified {
    form: Form,
    payload: Vec<u8>,
    signatures: Vec<VerifiedSignature>,
}

impl Verified {
    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, as text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.payload()).map_err(|_| Error::Encoding(jose_b64::Error::Utf8))
    }

    /// The payload, by value.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// The signatures that verified, at least one, in the order of the message. Others are not among them.
    #[must_use]
    pub fn signatures(&self) -> &[VerifiedSignature] {
        &self.signatures
    }

    /// The form that it was received in.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }
}

/// A signature that verified.
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    index: usize,
    key: usize,
    alg: JwsAlg,
    header: Vec<u8>,
    unprotected: Option<String>,
}

impl VerifiedSignature {
    fn new(entry: &Entry<'_>, index: usize, key: usize, alg: JwsAlg) -> Self {
        let unprotected = entry.unprotected.iter().next().map(|_| owned(&entry.unprotected));
        Self { index, key, alg, header: entry.header_text().to_vec(), unprotected }
    }

    /// Its place among the signatures of the message.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
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

    /// The protected header; without parameters where there is none.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        // It was read once already.
        JoseHeader::parse(&self.header).unwrap_or_default()
    }

    /// The unprotected header, which no signature covers: anyone on the way may have written it.
    #[must_use]
    pub fn unverified_header(&self) -> JoseHeader<'_> {
        // It was read once already.
        let text = self.unprotected.as_deref().unwrap_or_default();
        JoseHeader::parse(text.as_bytes()).unwrap_or_default()
    }
}

/// Verifies one of the two JSON serializations: [`Unverified::parse`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// As both.
pub fn verify<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
) -> Result<Verified, Error> {
    Unverified::parse(text)?.verify(keys, require)
}

/// The same for a payload that came by another way: [`Unverified::parse`] and [`Unverified::verify_detached`] in one.
///
/// # Errors
///
/// As both.
pub fn verify_detached<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
    payload: &[u8],
) -> Result<Vec<VerifiedSignature>, Error> {
    Unverified::parse(text)?.verify_detached(keys, require, payload)
}

/// Verifies any serialization, compact or JSON: [`Unverified::parse_any_form`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// As both.
pub fn verify_any_form<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &V,
    text: &T,
    require: Require,
) -> Result<Verified, Error> {
    Unverified::parse_any_form(text, &Limits::DEFAULT)?.verify(keys, require)
}
