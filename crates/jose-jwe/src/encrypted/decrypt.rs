use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_jwk::header::JoseHeader;
use jose_jwk::{JweAlg, JweEnc};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::{Decrypted, Encrypted};
use crate::cek::Cek;
use crate::key::{DecryptionKey, Policy};
use crate::params::{Params, Union};
use crate::rng::DynRng;
use crate::trace::{Failure, Step};
use crate::{AsyncDecryptionKey, Decrypt, Error, UnwrapAsync, enc};

/// A recipient and a key that fit each other.
struct Candidate<'h, P> {
    recipient: usize,
    alg: JweAlg,
    params: Params,
    encrypted_key: Vec<u8>,
    key: usize,
    prepared: P,
    header: Union<'h>,
}

/// What is the same for all recipients.
struct Opening<'m> {
    enc: JweEnc,
    iv: Vec<u8>,
    tag: Vec<u8>,
    aad: Vec<u8>,
    protected: &'m str,
    compressed: bool,
}

/// Base64url to text.
pub(super) fn text(base64url: &str) -> Result<String, Error> {
    let octets = base64url::decode_to_vec(base64url.as_bytes())?;
    String::from_utf8(octets).map_err(|_| Error::Encoding(jose_b64::Error::Utf8))
}

impl Encrypted<'_> {
    pub(super) fn open<K: Decrypt + ?Sized>(
        &self,
        keys: &K,
        rng: &mut DynRng<'_>,
    ) -> Result<Decrypted, Error> {
        let protected = text(&self.protected)?;
        let (opening, headers) = self.read(&protected)?;
        let candidates = self.candidates(&opening, &headers, keys.keys(), keys.at_most())?;
        let mut failure = Failure::new(opening.enc);
        for candidate in &candidates {
            let Candidate { alg, params, encrypted_key, .. } = candidate;
            let cek = candidate.prepared.recover(*alg, opening.enc, params, encrypted_key, rng);
            // One recipient that cannot be reached does not spoil another.
            if let Some(result) = self.attempt(&opening, candidate, cek, candidates.len(), &mut failure)? {
                return Ok(result);
            }
        }
        Err(failure.error())
    }

    pub(super) async fn open_async<K: UnwrapAsync, R: TryCryptoRng<Error = Error>>(
        &self,
        key: &AsyncDecryptionKey<K>,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        let protected = text(&self.protected)?;
        let (opening, headers) = self.read(&protected)?;
        let candidates = self.candidates(&opening, &headers, core::slice::from_ref(key), 1)?;
        let mut failure = Failure::new(opening.enc);
        for candidate in &candidates {
            let Candidate { alg, params, encrypted_key, .. } = candidate;
            let cek = candidate.prepared.recover(*alg, opening.enc, params, encrypted_key, rng).await;
            if let Some(result) = self.attempt(&opening, candidate, cek, candidates.len(), &mut failure)? {
                return Ok(result);
            }
        }
        Err(failure.error())
    }

    /// Everything about the headers that does not depend on a key.
    fn read<'h>(&'h self, protected: &'h str) -> Result<(Opening<'h>, Vec<Union<'h>>), Error> {
        if self.len > self.limits.max_len {
            return Err(Error::MessageTooLong);
        }
        if self.recipients.len() > self.limits.max_recipients {
            return Err(Error::Recipients);
        }
        let parsed = if self.protected.is_empty() && self.json {
            JoseHeader::default()
        } else {
            JoseHeader::parse(protected.as_bytes())?
        };
        let unprotected = JoseHeader::from_object(self.unprotected)?;
        let mut headers = Vec::new();
        for recipient in &self.recipients {
            let own = JoseHeader::from_object(recipient.header)?;
            let header = Union { protected: parsed, unprotected, own };
            header.check_disjoint()?;
            parsed.check_crit(&[unprotected, own], self.understood)?;
            headers.push(header);
        }
        let enc = headers.first().ok_or(Error::Recipients)?.enc()?;
        for header in &headers {
            if header.enc()? != enc {
                return Err(Error::EncryptionDiffers);
            }
            // A recipient of an algorithm that is not known here is another's; one without is nobody's.
            match header.alg() {
                Ok(JweAlg::Dir | JweAlg::EcdhEs) if headers.len() > 1 => return Err(Error::DirectNotAlone),
                Ok(_) | Err(Error::AlgorithmUnknown) => {}
                Err(error) => return Err(error),
            }
        }
        let compressed = self.is_compressed(&headers)?;
        let aad = match &self.aad {
            Some(aad) => [self.protected.as_bytes(), b".", aad.as_bytes()].concat(),
            None => self.protected.as_bytes().to_vec(),
        };
        let octets = |text: &str| base64url::decode_to_vec(text.as_bytes());
        let (iv, tag) = (octets(&self.iv)?, octets(&self.tag)?);
        Ok((Opening { enc, iv, tag, aad, protected, compressed }, headers))
    }

    fn is_compressed(&self, headers: &[Union<'_>]) -> Result<bool, Error> {
        let Some(zip) = headers.iter().find_map(|header| header.get("zip")) else { return Ok(false) };
        let protected = headers.first().and_then(|header| header.protected.get("zip"));
        let is_known = zip.as_str().is_some_and(|zip| zip == *"DEF");
        match protected {
            Some(_) if is_known && !self.compression => Err(Error::CompressionNotAllowed),
            Some(_) if is_known => Ok(true),
            _ => Err(Error::CompressionUnknown),
        }
    }

    /// The pairs of recipient and key that fit, in the order of the recipients, with everything read that is public.
    fn candidates<'k, 'h, P: Prepared>(
        &self,
        opening: &Opening<'_>,
        headers: &[Union<'h>],
        keys: &'k [P],
        at_most: usize,
    ) -> Result<Vec<Candidate<'h, &'k P>>, Error> {
        let mut candidates = Vec::new();
        let mut refusal = None;
        let mut budget = self.limits.max_p2c;
        for (index, (header, recipient)) in headers.iter().zip(&self.recipients).enumerate() {
            let found = (|| {
                let alg = header.alg()?;
                let fitting = self.fitting(alg, opening.enc, header, keys, at_most)?;
                let params = Params::read(alg, header, &self.limits)?;
                let encrypted_key = base64url::decode_to_vec(recipient.encrypted_key.as_bytes())?;
                if matches!(alg, JweAlg::Dir | JweAlg::EcdhEs) && !encrypted_key.is_empty() {
                    return Err(Error::DirectNotAlone);
                }
                Ok((alg, fitting, params, encrypted_key))
            })();
            let (alg, fitting, params, encrypted_key) = match found {
                Ok(found) => found,
                Err(error) => {
                    refusal = closer(refusal, error);
                    continue;
                }
            };
            for key in fitting {
                if let Params::Password { count, .. } = params {
                    // One budget for all that this message makes us compute.
                    budget = budget.checked_sub(count).ok_or(Error::PasswordCost)?;
                }
                let (params, encrypted_key) = (params.clone(), encrypted_key.clone());
                let Some(prepared) = keys.get(key) else { continue };
                candidates.push(Candidate {
                    recipient: index,
                    alg,
                    params,
                    encrypted_key,
                    key,
                    prepared,
                    header: *header,
                });
            }
        }
        match refusal {
            Some(error) if candidates.is_empty() => Err(error),
            _ => Ok(candidates),
        }
    }

    /// The keys that fit a recipient.
    fn fitting<P: Prepared>(
        &self,
        alg: JweAlg,
        enc: JweEnc,
        header: &Union<'_>,
        keys: &[P],
        at_most: usize,
    ) -> Result<Vec<usize>, Error> {
        let mut fitting = Vec::new();
        let mut refusal = None;
        for (index, key) in keys.iter().enumerate() {
            // Of several keys, one without a name is not the one that is named, unless all may be tried.
            let named = keys.len() == 1 || at_most > 1 || key.policy().kid().is_some() || !header.has_kid();
            let result = key.policy().check(alg, enc).and_then(|()| {
                if named && header.fits_kid(key.policy().kid()) { Ok(()) } else { Err(Error::KeyNotFound) }
            });
            match result {
                Ok(()) => fitting.push(index),
                Err(error) => refusal = closer(refusal, error),
            }
        }
        match refusal {
            _ if fitting.len() > at_most => Err(Error::KeyAmbiguous),
            Some(error) if fitting.is_empty() => Err(error),
            _ => Ok(fitting),
        }
    }

    /// The message, if it opens with this key. One that is the only candidate says why it was not tried.
    fn attempt<P>(
        &self,
        opening: &Opening<'_>,
        candidate: &Candidate<'_, P>,
        cek: Result<Cek, Error>,
        candidates: usize,
        failure: &mut Failure,
    ) -> Result<Option<Decrypted>, Error> {
        let cek = match cek {
            Ok(cek) => cek,
            Err(error @ Error::Rng) => return Err(error),
            Err(error) if candidates == 1 => return Err(error),
            Err(_) => {
                failure.set(Step::Key, candidate.alg);
                return Ok(None);
            }
        };
        // Wiped where it is dropped: by an error half-way or by the caller.
        let mut octets = Zeroizing::new(base64url::decode_to_vec(self.ciphertext.as_bytes())?);
        let Opening { enc, iv, tag, aad, .. } = opening;
        let Ok(plaintext) = enc::open(*enc, cek.as_slice(), iv, aad, &mut octets, tag) else {
            let fits = iv.len() == enc.iv_len() && tag.len() == enc.tag_len();
            let own = if fits { Step::Tag } else { Step::Lengths };
            failure.set(cek.lost_at().unwrap_or(own), candidate.alg);
            return Ok(None);
        };
        let len = plaintext.len();
        octets.truncate(len);
        if opening.compressed {
            failure.set(Step::Inflate, candidate.alg);
            octets = self.inflate(&octets).map_err(|_| failure.error())?;
        }
        let header = &candidate.header;
        let aad = self.aad.as_ref().map(|aad| base64url::decode_to_vec(aad.as_bytes())).transpose()?;
        Ok(Some(Decrypted {
            plaintext: octets,
            protected: opening.protected.into(),
            unprotected: header.unprotected.text().into(),
            own: header.own.text().into(),
            aad,
            alg: candidate.alg,
            enc: *enc,
            recipient: candidate.recipient,
            key: candidate.key,
        }))
    }

    #[cfg(feature = "deflate")]
    fn inflate(&self, octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        crate::deflate::inflate(octets, self.limits.inflated(octets.len()))
    }

    #[cfg(not(feature = "deflate"))]
    fn inflate(&self, _octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        Err(Error::CompressionNotAllowed)
    }
}

/// Of two reasons, the one that says more of why no key was tried.
fn closer(earlier: Option<Error>, error: Error) -> Option<Error> {
    let rank = |error: &Error| match error {
        Error::AlgorithmUnknown => 0,
        Error::AlgorithmNotAllowed => 1,
        Error::Key(_) => 2,
        Error::KeyNotFound => 3,
        _ => 4,
    };
    match earlier {
        Some(earlier) if rank(&earlier) >= rank(&error) => Some(earlier),
        _ => Some(error),
    }
}

/// A key of this process or one that answers later.
trait Prepared {
    fn policy(&self) -> &Policy;
}

impl Prepared for DecryptionKey {
    fn policy(&self) -> &Policy {
        self.policy()
    }
}

impl<K: UnwrapAsync> Prepared for AsyncDecryptionKey<K> {
    fn policy(&self) -> &Policy {
        self.policy()
    }
}
