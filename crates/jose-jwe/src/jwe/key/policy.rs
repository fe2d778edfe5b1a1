//! What a key may be used for, whoever holds it.

use alloc::borrow::ToOwned;
use alloc::string::String;

use jose_b64::json::Str;
use jose_jwa::{AlgSet, Curve, JweAlg, JweEnc, JweFamily};
use jose_jwk::{Allowed, Error as KeyError, Operation, RsaLimits, Served, Usage};

use super::description::KeyDescription;
use super::refused;
use crate::enc::GcmKey;
use crate::error::Error;

/// What a key may be used for.
#[derive(Clone, Debug)]
#[expect(unnameable_types, reason = "a detail of the sealed `Decrypt`")]
pub struct Policy {
    kid: Option<String>,
    curve: Option<Curve>,
    /// The allowed algorithms that the key serves, each with the content encryption that it leaves open.
    served: Served<JweAlg, AlgSet<JweEnc>>,
    encs: AlgSet<JweEnc>,
}

impl Policy {
    /// Sorts the allowed algorithms by what `check` says of them.
    pub(super) fn new(
        kid: Option<&str>,
        curve: Option<Curve>,
        allowed: AlgSet<JweAlg>,
        check: impl Fn(JweAlg) -> Result<AlgSet<JweEnc>, KeyError>,
    ) -> Result<Self, Option<KeyError>> {
        let served = Served::new(allowed, check)?;
        Ok(Self { kid: kid.map(str::to_owned), curve, served, encs: AlgSet::all() })
    }

    /// The policy of a key that is held elsewhere.
    pub(super) fn external(
        description: &KeyDescription<'_>,
        allowed: Allowed<JweAlg>,
    ) -> Result<Self, Error> {
        let curve = description.jwk().and_then(|jwk| jwk.curve());
        let policy = Self::new(description.kid(), curve, allowed.algs(), |alg| {
            if let Some(jwk) = description.jwk() {
                jwk.check_external(Operation::Decrypt(alg), RsaLimits::STRICT)?;
            }
            match alg.family() {
                JweFamily::KeyWrap | JweFamily::GcmKeyWrap => Ok(AlgSet::all()),
                JweFamily::KeyAgreement | JweFamily::KeyEncryption if description.jwk().is_some() => {
                    Ok(AlgSet::all())
                }
                _ => Err(Usage::AlgForbids { wanted: alg.as_str() }.into()),
            }
        });
        policy.map_err(|reason| reason.map_or(Error::AlgorithmsEmpty, Error::Key))
    }

    /// Allows these content encryption algorithms and no others.
    pub(crate) fn with_encs(self, encs: AlgSet<JweEnc>) -> Result<Self, Error> {
        let stays = |(alg, own): (JweAlg, &AlgSet<JweEnc>)| {
            alg.family() == JweFamily::HpkeIntegrated || !own.intersection(encs).is_empty()
        };
        if !self.served.iter().any(stays) {
            return Err(Error::AlgorithmsEmpty);
        }
        Ok(Self { encs, ..self })
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn curve(&self) -> Option<Curve> {
        self.curve
    }

    pub(crate) fn algs(&self) -> AlgSet<JweAlg> {
        self.served.algs()
    }

    /// Checks whether the key may decrypt such a message.
    pub(crate) fn check(&self, alg: JweAlg, enc: Option<JweEnc>) -> Result<(), Error> {
        if let Some(reason) = self.served.refusal(alg) {
            return Err(refused(alg, reason));
        }
        let not_allowed = || Error::AlgorithmNotAllowed { found: alg, allowed: self.algs() };
        let own = *self.served.get(alg).ok_or_else(not_allowed)?;
        // Integrated Encryption has none.
        let Some(enc) = enc else { return Ok(()) };
        let allowed = self.encs.intersection(own);
        if allowed.contains(enc) { Ok(()) } else { Err(Error::EncryptionNotAllowed { found: enc, allowed }) }
    }

    /// Checks that key and message do not have two different `kid`s.
    pub(crate) fn check_kid(&self, kid: Option<Str<'_>>) -> Result<(), Error> {
        match (self.kid(), kid) {
            (Some(own), Some(kid)) if kid != own => Err(Error::KidUnknown),
            _ => Ok(()),
        }
    }
}

/// A key of this process, or one that answers later.
#[expect(unnameable_types, reason = "a detail of the sealed `Decrypt`")]
pub trait Prepared {
    #[doc(hidden)]
    fn policy(&self) -> &Policy;

    /// The content encryption key itself, if it is prepared.
    #[doc(hidden)]
    fn direct(&self, _alg: JweAlg, _enc: JweEnc) -> Option<&GcmKey> {
        None
    }

    /// Decrypts in place a plaintext that is encrypted to the key itself, and returns its length.
    #[doc(hidden)]
    fn open_integrated(&self, _encapsulated: &[u8], _aad: &[u8], _buffer: &mut [u8]) -> Option<usize> {
        None
    }
}
