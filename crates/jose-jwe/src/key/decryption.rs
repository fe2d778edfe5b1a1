use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::Secret;
use jose_jwa::JweFamily;
use jose_jwk::{AlgSet, Error as KeyError, JweAlg, JweEnc, Jwk, KeyType};
use zeroize::Zeroizing;

use super::outside::{self, Request, Unwrap};
use super::{check, check_metadata, named};
use crate::cek::Cek;
use crate::key_management::curves::{self, Agree};
use crate::params::Params;
use crate::rng::DynRng;
use crate::{Error, enc};

/// A key that decrypts with the algorithms that it was prepared for, from a JWK or held outside.
pub struct DecryptionKey {
    policy: Policy,
    material: Material,
}

/// What a key may be used for, whoever holds it.
#[derive(Debug)]
pub(crate) struct Policy {
    kid: Option<String>,
    /// Those that the caller allows and the key can serve, each with the content encryption that it leaves open.
    algs: Vec<(JweAlg, AlgSet<JweEnc>)>,
    /// Those that the caller allows and the key cannot serve.
    refused: Vec<(JweAlg, KeyError)>,
    encs: AlgSet<JweEnc>,
}

enum Material {
    Octets(Secret),
    Curve(Box<dyn Agree + Send + Sync>),
    #[cfg(feature = "rsa")]
    Rsa(Box<rsa::PrivateKey>),
    Outside(Box<dyn Unwrap + Send + Sync>),
}

impl Policy {
    /// Sorts the allowed algorithms by what `check` says of them.
    pub(crate) fn new(
        kid: Option<&str>,
        allowed: AlgSet<JweAlg>,
        check: impl Fn(JweAlg) -> Result<AlgSet<JweEnc>, KeyError>,
    ) -> Result<Self, Error> {
        let mut policy =
            Self { kid: kid.map(str::to_owned), algs: Vec::new(), refused: Vec::new(), encs: AlgSet::all() };
        for alg in allowed.iter() {
            match check(alg) {
                Ok(encs) => policy.algs.push((alg, encs)),
                Err(reason) => policy.refused.push((alg, reason)),
            }
        }
        if !policy.algs.is_empty() {
            return Ok(policy);
        }
        // An algorithm for another kind of key tells the least of why this key was refused.
        let reasons = || policy.refused.iter().map(|(_, reason)| *reason);
        let reason = reasons().find(|reason| *reason != KeyError::WrongKey).or_else(|| reasons().next());
        Err(reason.map_or(Error::AlgorithmsEmpty, Error::Key))
    }

    pub(crate) fn with_encs(self, encs: AlgSet<JweEnc>) -> Result<Self, Error> {
        let usable = |(_, own): &(JweAlg, AlgSet<JweEnc>)| !own.intersection(encs).is_empty();
        if !self.algs.iter().any(usable) {
            return Err(Error::AlgorithmsEmpty);
        }
        Ok(Self { encs, ..self })
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn algs(&self) -> AlgSet<JweAlg> {
        self.algs.iter().map(|(alg, _)| *alg).collect()
    }

    /// Whether the key may decrypt such a message.
    pub(crate) fn check(&self, alg: JweAlg, enc: JweEnc) -> Result<(), Error> {
        if let Some((_, reason)) = self.refused.iter().find(|(refused, _)| *refused == alg) {
            return Err(Error::Key(*reason));
        }
        let (_, encs) = self.algs.iter().find(|(own, _)| *own == alg).ok_or(Error::AlgorithmNotAllowed)?;
        if !self.encs.contains(enc) {
            return Err(Error::AlgorithmNotAllowed);
        }
        if encs.contains(enc) { Ok(()) } else { Err(Error::Key(KeyError::WrongKey)) }
    }
}

impl DecryptionKey {
    /// Prepares the key for those of the allowed algorithms that it can serve, with any content encryption.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where none is allowed; [`Error::Key`] where the key can serve none of them, with the
    /// rule that forbids the one that comes closest.
    pub fn from_jwk(jwk: &Jwk, allowed: AlgSet<JweAlg>) -> Result<Self, Error> {
        let policy = Policy::new(jwk.kid(), allowed, |alg| {
            let encs = check(jwk, alg, true)?;
            if jwk.is_private() { Ok(encs) } else { Err(KeyError::NotPrivate) }
        })?;
        let material = match jwk.key_type() {
            KeyType::Oct => {
                Material::Octets(jwk.expose_secret_member("k").unwrap_or_default().to_vec().into())
            }
            #[cfg(feature = "rsa")]
            KeyType::Rsa => Material::Rsa(Box::new(jwk.try_into().map_err(Error::Key)?)),
            _ => Material::Curve(curves::private(jwk).map_err(Error::Key)?),
        };
        Ok(Self { policy, material })
    }

    /// Takes a key that is held outside, in a KMS or an HSM. `public` is its public part, whose type, curve, size,
    /// `use`, `key_ops` and `alg` are checked as those of a key from a JWK are.
    ///
    /// # Errors
    ///
    /// As [`DecryptionKey::from_jwk`].
    pub fn outside(
        public: &Jwk,
        allowed: AlgSet<JweAlg>,
        key: impl Unwrap + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let policy = Policy::outside(public, allowed)?;
        Ok(Self { policy, material: Material::Outside(Box::new(key)) })
    }

    /// The same for a symmetric key, of which there is no public part: it serves any of the allowed algorithms that
    /// unwrap with a shared key.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where none is allowed; [`Error::Key`] where none is such an algorithm.
    pub fn outside_symmetric(
        kid: Option<&str>,
        allowed: AlgSet<JweAlg>,
        key: impl Unwrap + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let policy = Policy::outside_symmetric(kid, allowed)?;
        Ok(Self { policy, material: Material::Outside(Box::new(key)) })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where that leaves the key without any.
    pub fn with_encs(self, allowed: AlgSet<JweEnc>) -> Result<Self, Error> {
        Ok(Self { policy: self.policy.with_encs(allowed)?, ..self })
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.policy.kid()
    }

    /// The algorithms that it may be used with.
    #[must_use]
    pub fn algs(&self) -> AlgSet<JweAlg> {
        self.policy.algs()
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The content encryption key of a message, or a random one where there is none to be had from it.
    pub(crate) fn recover(
        &self,
        alg: JweAlg,
        enc: JweEnc,
        params: &Params,
        encrypted_key: &[u8],
        rng: &mut DynRng<'_>,
    ) -> Result<Cek, Error> {
        if let (JweFamily::Direct, Material::Octets(octets)) = (alg.family(), &self.material) {
            return Cek::new(enc, octets.expose()).ok_or(Error::Decryption);
        }
        let request = outside::request(alg, params, encrypted_key);
        let answer = match &self.material {
            Material::Outside(key) => outside::answer(key.unwrap(&request))?,
            material => material.unwrap(&request, rng)?,
        };
        outside::conclude(alg, enc, params, encrypted_key, answer, rng)
    }
}

impl Material {
    /// `None` where the encrypted key is none of this key.
    #[cfg_attr(not(feature = "rsa"), expect(unused_variables, reason = "RSA alone is blinded"))]
    fn unwrap(
        &self,
        request: &Request<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        Ok(match (self, *request) {
            (Self::Octets(kek), Request::Unwrap { encrypted_key, .. }) => {
                outside::unwrap_key(kek.expose(), encrypted_key)
            }
            (Self::Octets(kek), Request::UnwrapGcm { alg, encrypted_key, iv, tag }) => {
                let mut octets = Zeroizing::new(encrypted_key.to_vec());
                let enc = super::encryption::gcm(alg);
                let opened = enc.map(|enc| enc::open(enc, kek.expose(), iv, &[], &mut octets, tag).is_ok());
                opened.filter(|opened| *opened).map(|_| octets)
            }
            #[cfg(feature = "pbes2")]
            (Self::Octets(password), Request::UnwrapWithPassword { alg, encrypted_key, salt, count }) => {
                let kek = crate::key_management::password::derive(alg, password.expose(), salt, count)?;
                outside::unwrap_key(&kek, encrypted_key)
            }
            #[cfg(feature = "rsa")]
            (Self::Rsa(key), Request::Unwrap { alg, encrypted_key }) => {
                crate::key_management::key_encryption::decrypt(alg, key, encrypted_key, rng)?
            }
            // The peer's key was checked to be one; here, that it is on the curve of this one.
            (Self::Curve(key), Request::Agree { epk, .. }) => key.agree(epk.as_jwk())?,
            _ => None,
        })
    }
}

impl Policy {
    pub(crate) fn outside(public: &Jwk, allowed: AlgSet<JweAlg>) -> Result<Self, Error> {
        Self::new(public.kid(), allowed, |alg| {
            check_metadata(public, alg, true)?;
            match alg.family() {
                JweFamily::KeyAgreement | JweFamily::KeyEncryption => Ok(AlgSet::all()),
                _ => Err(KeyError::WrongKey),
            }
        })
    }

    pub(crate) fn outside_symmetric(kid: Option<&str>, allowed: AlgSet<JweAlg>) -> Result<Self, Error> {
        Self::new(kid, allowed, |alg| match alg.family() {
            JweFamily::KeyWrap | JweFamily::GcmKeyWrap => Ok(AlgSet::all()),
            _ => Err(KeyError::WrongKey),
        })
    }
}

/// The algorithm is the one that `alg` of the key names: a key management algorithm, or a content encryption algorithm,
/// whose key it then is (`dir`).
impl TryFrom<&Jwk> for DecryptionKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] where the key names none; otherwise as [`DecryptionKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        Self::from_jwk(jwk, named(jwk)?.into())
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("algs", &self.algs())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}
