use alloc::borrow::Cow;
use alloc::string::String;

use jose_b64::base64url;
use jose_jwa::header::JoseHeader;
use jose_jwa::{JweAlg, JweEnc};
use rand_core::TryCryptoRng;

use super::{Decrypted, Encrypted};
use crate::enc::{self, MAX_TAG_LEN};
use crate::error::{Error, Part};
use crate::jwe::cek::Cek;
use crate::jwe::few::Few;
use crate::jwe::header::{OwnedHeader, Params, Union};
use crate::jwe::key::{AsyncDecryptionKey, AsyncUnwrapKey, Decrypt, EncryptedKey, KeySource, Prepared};
use crate::jwe::plaintext::Plaintext;
use crate::jwe::rng::DynRng;
use crate::jwe::trace::{Failure, Step};

/// A recipient for whom there are keys, with everything read that is public.
struct Reachable<'h> {
    place: usize,
    header: &'h Union<'h>,
    key: EncryptedKey,
}

/// Recipients, each with the keys to try and their places.
type Attempts<'h, 'k, K> = Few<(Reachable<'h>, Few<(usize, &'k K)>)>;

/// What is the same for all recipients.
struct Opening<'m> {
    /// `None` with Integrated Encryption.
    enc: Option<JweEnc>,
    iv: Short,
    tag: Short,
    aad: Cow<'m, [u8]>,
    protected: JoseHeader<'m>,
    compressed: bool,
    /// How many pairs of recipient and key are tried.
    attempts: usize,
    failure: Failure,
}

/// A part that is at most as long as the longest tag, or has a wrong length.
struct Short {
    bytes: [u8; MAX_TAG_LEN],
    len: usize,
}

impl Short {
    fn decode(part: Part, text: &[u8]) -> Result<Self, Error> {
        let mut short = Self { bytes: [0; MAX_TAG_LEN], len: 0 };
        short.len = match base64url::decode(text, &mut short.bytes) {
            Ok(bytes) => bytes.len(),
            // The length of no algorithm, unless the text is no encoding at all.
            Err(_) => part.decode(text)?.len(),
        };
        Ok(short)
    }

    /// The bytes; none if there are too many.
    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Base64url to text.
pub(super) fn text(base64url: &[u8]) -> Result<String, Error> {
    let error = |error| Error::Encoding { part: Part::Header, error };
    String::from_utf8(Part::Header.decode(base64url)?).map_err(|_| error(jose_b64::Error::Utf8))
}

impl Encrypted<'_> {
    pub(super) fn open<K: Decrypt + ?Sized>(
        &self,
        keys: &K,
        rng: &mut DynRng<'_>,
    ) -> Result<Decrypted, Error> {
        let protected = text(&self.protected)?;
        let (mut opening, headers) = self.read(&protected)?;
        let reachable = self.reachable(&mut opening, &headers, keys)?;
        for (recipient, keys) in reachable.iter() {
            for (place, key) in keys.iter() {
                let cek = key.recover(&recipient.key, rng);
                // One recipient that cannot be reached does not affect another.
                if let Some(result) = self.attempt(&mut opening, recipient, (*place, *key), cek)? {
                    let index = opening.protected.index();
                    let header = OwnedHeader::new(protected, index);
                    return Ok(Decrypted { header, ..result });
                }
            }
        }
        Err(opening.failure.error())
    }

    pub(super) async fn open_async<K: AsyncUnwrapKey, R: TryCryptoRng<Error = Error>>(
        &self,
        key: &AsyncDecryptionKey<K>,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        let protected = text(&self.protected)?;
        let (mut opening, headers) = self.read(&protected)?;
        let reachable = self.reachable(&mut opening, &headers, key)?;
        for (recipient, keys) in reachable.iter() {
            for (place, key) in keys.iter() {
                let cek = key.recover(&recipient.key, rng).await;
                if let Some(result) = self.attempt(&mut opening, recipient, (*place, *key), cek)? {
                    let index = opening.protected.index();
                    let header = OwnedHeader::new(protected, index);
                    return Ok(Decrypted { header, ..result });
                }
            }
        }
        Err(opening.failure.error())
    }

    /// Checks everything about the headers that does not depend on a key.
    fn read<'h>(&'h self, protected: &'h str) -> Result<(Opening<'h>, Few<Union<'h>>), Error> {
        if self.len > self.limits.max_len {
            return Err(Error::MessageTooLong);
        }
        if self.recipients.len() > self.limits.max_recipients {
            return Err(Error::Recipients);
        }
        let parsed = if self.protected.is_empty() && self.json {
            JoseHeader::EMPTY
        } else {
            JoseHeader::parse(protected.as_bytes())?
        };
        let unprotected = JoseHeader::from_object(self.unprotected)?;
        let mut headers = Few::new();
        for recipient in self.recipients.iter() {
            let own = JoseHeader::from_object(recipient.header)?;
            let header = Union { protected: parsed, unprotected, own };
            header.check_disjoint()?;
            parsed.check_crit(&[unprotected, own], self.understood)?;
            headers.push(header);
        }
        let enc = headers.first().ok_or(Error::Recipients)?.enc()?;
        for (place, header) in headers.iter().enumerate() {
            if place > 0 && header.enc()? != enc {
                return Err(Error::EncryptionDiffers);
            }
            // A recipient with an unknown algorithm is someone else's; one without any is no one's.
            match header.alg() {
                Ok(alg) if alg.is_alone() && headers.len() > 1 => return Err(Error::DirectNotAlone),
                Ok(_) | Err(Error::AlgorithmUnknown) => {}
                Err(error) => return Err(error),
            }
        }
        let compressed = self.is_compressed(&headers)?;
        let aad = match &self.aad {
            Some(aad) => Cow::Owned([&*self.protected, b".", &**aad].concat()),
            None => Cow::Borrowed(&*self.protected),
        };
        let (iv, tag) = (Short::decode(Part::Iv, &self.iv)?, Short::decode(Part::Tag, &self.tag)?);
        let unexpected =
            [("iv", &self.iv), ("tag", &self.tag)].into_iter().find(|(_, part)| !part.is_empty());
        if let Some((name, _)) = unexpected.filter(|_| enc.is_none()) {
            return Err(Error::Member(name));
        }
        let failure = Failure::new(enc);
        let opening = Opening { enc, iv, tag, aad, protected: parsed, compressed, attempts: 0, failure };
        Ok((opening, headers))
    }

    fn is_compressed(&self, headers: &Few<Union<'_>>) -> Result<bool, Error> {
        let Some(zip) = headers.iter().find_map(|header| header.get("zip")) else { return Ok(false) };
        let protected = headers.first().and_then(|header| header.protected.get("zip"));
        let is_known = zip.as_str().is_some_and(|zip| zip == "DEF");
        match protected {
            Some(_) if is_known && !self.compression => Err(Error::CompressionNotAllowed),
            Some(_) if is_known => Ok(true),
            _ => Err(Error::CompressionUnknown),
        }
    }

    /// The recipients for whom there are keys, in their order.
    fn reachable<'k, 'h, S: KeySource + ?Sized>(
        &self,
        opening: &mut Opening<'_>,
        headers: &'h Few<Union<'h>>,
        keys: &'k S,
    ) -> Result<Attempts<'h, 'k, S::Key>, Error> {
        let mut reachable = Few::new();
        let mut refusal = None;
        let mut budget = self.limits.max_p2c;
        for (place, (header, recipient)) in headers.iter().zip(self.recipients.iter()).enumerate() {
            let found = (|| {
                let alg = header.alg()?;
                let keys = keys.select(header.kid(), alg, opening.enc)?;
                let is_own = |curve| keys.iter().any(|(_, key)| key.policy().curve() == Some(curve));
                let params = Params::read(alg, header, is_own, &self.limits)?;
                let bytes = Part::EncryptedKey.decode(&recipient.encrypted_key)?;
                if matches!(alg, JweAlg::Dir | JweAlg::EcdhEs) && !bytes.is_empty() {
                    return Err(Error::DirectNotAlone);
                }
                let key = EncryptedKey { alg, enc: opening.enc, params, bytes };
                Ok((Reachable { place, header, key }, keys))
            })();
            match found {
                Ok((recipient, keys)) => {
                    if let Params::Password { count, .. } = recipient.key.params {
                        // One budget for everything that this message makes us compute.
                        let tried = u32::try_from(keys.len()).unwrap_or(u32::MAX);
                        let cost = count.checked_mul(tried).ok_or(Error::PasswordCost)?;
                        budget = budget.checked_sub(cost).ok_or(Error::PasswordCost)?;
                    }
                    opening.attempts = opening.attempts.saturating_add(keys.len());
                    reachable.push((recipient, keys));
                }
                Err(error) => refusal = closer(refusal, error),
            }
        }
        match refusal {
            Some(error) if reachable.is_empty() => Err(error),
            _ => Ok(reachable),
        }
    }

    /// The message, if it opens with this key, without its protected header. If it is the only attempt, the reason why it was not made is returned.
    fn attempt<K: Prepared>(
        &self,
        opening: &mut Opening<'_>,
        recipient: &Reachable<'_>,
        (place, key): (usize, &K),
        cek: Result<Cek, Error>,
    ) -> Result<Option<Decrypted>, Error> {
        let cek = match cek {
            Ok(cek) => cek,
            Err(error @ Error::Rng) => return Err(error),
            Err(error) if opening.attempts == 1 => return Err(error),
            Err(_) => {
                opening.failure.set(Step::Key, recipient.key.alg);
                return Ok(None);
            }
        };
        // Wiped when dropped: by an error half-way, or by the caller.
        let mut bytes = Plaintext::new(Part::Ciphertext.decode(&self.ciphertext)?);
        let Opening { enc, aad, failure, .. } = opening;
        let (iv, tag) = (opening.iv.as_slice(), opening.tag.as_slice());
        let opened = match *enc {
            Some(enc) => {
                let direct = key.direct(recipient.key.alg, enc);
                let own = direct.map_or(enc::CekRef::Bytes(cek.as_slice()), enc::CekRef::Prepared);
                own.open(enc, iv, aad, bytes.as_mut_slice(), tag)
            }
            None => key.open_integrated(&recipient.key.bytes, aad, bytes.as_mut_slice()),
        };
        let Some(len) = opened else {
            let fits = enc.is_none_or(|enc| iv.len() == enc.iv_len() && tag.len() == enc.tag_len());
            let own = if fits { Step::Tag } else { Step::Lengths };
            failure.set(cek.lost_at().unwrap_or(own), recipient.key.alg);
            return Ok(None);
        };
        bytes.truncate(len);
        if opening.compressed {
            failure.set(Step::Inflate, recipient.key.alg);
            bytes = self.inflate(bytes.as_slice()).map_err(|_| failure.error())?;
        }
        Ok(Some(Decrypted {
            plaintext: bytes,
            header: OwnedHeader::of(&JoseHeader::EMPTY),
            unprotected: OwnedHeader::of(&recipient.header.unprotected),
            own: OwnedHeader::of(&recipient.header.own),
            aad: self.aad.as_ref().map(|aad| Part::Aad.decode(aad)).transpose()?,
            alg: recipient.key.alg,
            enc: opening.enc,
            recipient: recipient.place,
            key: place,
        }))
    }

    #[cfg(feature = "deflate")]
    fn inflate(&self, bytes: &[u8]) -> Result<Plaintext, Error> {
        crate::jwe::deflate::inflate(bytes, self.limits.inflated(bytes.len()))
    }

    #[cfg(not(feature = "deflate"))]
    fn inflate(&self, _bytes: &[u8]) -> Result<Plaintext, Error> {
        Err(Error::CompressionNotAllowed)
    }
}

/// Of two reasons, the one that says more about why no key was tried.
fn closer(earlier: Option<Error>, error: Error) -> Option<Error> {
    let rank = |error: &Error| match error {
        Error::AlgorithmUnknown => 0,
        Error::AlgorithmNotAllowed { .. } => 1,
        Error::Key(_) => 2,
        Error::KeyNotFound | Error::KidUnknown => 3,
        _ => 4,
    };
    match earlier {
        Some(earlier) if rank(&earlier) >= rank(&error) => Some(earlier),
        _ => Some(error),
    }
}
