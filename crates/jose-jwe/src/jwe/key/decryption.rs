use alloc::boxed::Box;
use core::fmt;

use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily, KeyType};
use jose_jwk::{Allowed, Candidate, Error as KeyError, Jwk, Operation};
use zeroize::Zeroizing;

use super::description::KeyDescription;
use super::external::UnwrapKey;
use super::policy::{Policy, Prepared};
use super::recover::{self, Answer, EncryptedKey, Request};
use super::symmetric::Symmetric;
use super::{check, named, refused};
use crate::enc::{self, GcmKey};
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::key::curves::{self, Agree};
use crate::jwe::rng::DynRng;

/// A pointer by which the clones of a prepared key share it.
#[cfg(target_has_atomic = "ptr")]
pub(super) type Shared<T> = alloc::sync::Arc<T>;
/// A pointer by which the clones of a prepared key share it.
#[cfg(not(target_has_atomic = "ptr"))]
pub(super) type Shared<T> = alloc::rc::Rc<T>;

/// A key that decrypts with the algorithms that it was prepared for, from a JWK or held elsewhere.
///
/// Clones share the prepared key.
#[derive(Clone)]
pub struct DecryptionKey {
    policy: Policy,
    material: Shared<Material>,
}

enum Material {
    Symmetric(Symmetric),
    Curve(Box<dyn Agree + Send + Sync>),
    #[cfg(feature = "rsa")]
    Rsa(Box<rsa::PrivateKey>),
    External(Box<dyn UnwrapKey + Send + Sync>),
}

impl DecryptionKey {
    /// Prepares a key for those of the allowed algorithms that it serves, with any content encryption.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if none is allowed; [`Error::Key`] if the key serves none of them, with the rule that
    /// forbids the one that comes closest.
    pub fn from_jwk(jwk: impl AsRef<Jwk>, allowed: impl Into<Allowed<JweAlg>>) -> Result<Self, Error> {
        let (jwk, allowed) = (jwk.as_ref(), allowed.into());
        Self::prepare(jwk, allowed).map_err(|reason| {
            let Some(reason) = reason else { return Error::AlgorithmsEmpty };
            let is_reason = |alg: &JweAlg| check(jwk, Operation::Decrypt(*alg), *alg) == Err(reason);
            allowed.algs().iter().find(is_reason).map_or(Error::Key(reason), |alg| refused(alg, reason))
        })
    }

    /// A key of a set. That at least one algorithm is allowed was checked.
    pub(super) fn in_set(jwk: &Jwk, allowed: Allowed<JweAlg>) -> Result<Self, KeyError> {
        Self::prepare(jwk, allowed).map_err(|reason| reason.unwrap_or(KeyError::AlgorithmUnknown))
    }

    fn prepare(jwk: &Jwk, allowed: Allowed<JweAlg>) -> Result<Self, Option<KeyError>> {
        let policy = Policy::new(jwk.kid(), jwk.curve(), allowed.algs(), |alg| {
            check(jwk, Operation::Decrypt(alg), alg)?;
            Ok(jwk.encs(alg))
        })?;
        let material = match jwk.key_type() {
            KeyType::Oct => Material::Symmetric(Symmetric::new(jwk, policy.algs().contains(JweAlg::Dir))),
            #[cfg(feature = "rsa")]
            KeyType::Rsa => Material::Rsa(Box::new(jwk.try_into()?)),
            _ => Material::Curve(curves::private(jwk)?),
        };
        Ok(Self { policy, material: Shared::new(material) })
    }

    /// Takes a key that is held elsewhere, in a KMS or an HSM.
    ///
    /// A description by a JWK is checked as a key from a JWK is: type, curve, size, `use`, `key_ops` and `alg`. A symmetric
    /// key serves any of the allowed algorithms that unwrap with a shared key.
    ///
    /// # Errors
    ///
    /// Those of [`from_jwk`](Self::from_jwk).
    pub fn external<'d>(
        description: impl Into<KeyDescription<'d>>,
        allowed: impl Into<Allowed<JweAlg>>,
        key: impl UnwrapKey + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let policy = Policy::external(&description.into(), allowed.into())?;
        Ok(Self { policy, material: Shared::new(Material::External(Box::new(key))) })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if that leaves the key without any.
    pub fn with_encs(self, allowed: impl Into<AlgSet<JweEnc>>) -> Result<Self, Error> {
        Ok(Self { policy: self.policy.with_encs(allowed.into())?, ..self })
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.policy.kid()
    }

    /// The algorithms that the key was prepared for.
    #[must_use]
    pub fn algs(&self) -> AlgSet<JweAlg> {
        self.policy.algs()
    }

    /// The content encryption key of a message, or a random one if the message has none for this key.
    pub(crate) fn recover(&self, key: &EncryptedKey, rng: &mut DynRng<'_>) -> Result<Cek, Error> {
        let answer = match &*self.material {
            Material::Symmetric(bytes) if key.alg.family() == JweFamily::Direct => {
                return Cek::new(key.enc, bytes.expose()).ok_or(Error::Decryption);
            }
            Material::External(external) => recover::answer(external.unwrap_key(&key.request()))?,
            material => material.unwrap_key(&key.request(), rng)?,
        };
        key.conclude(answer, rng)
    }
}

impl Material {
    /// `None` if the encrypted key was not encrypted to this key.
    #[cfg_attr(not(feature = "rsa"), expect(unused_variables, reason = "only RSA is blinded"))]
    fn unwrap_key(&self, request: &Request<'_>, rng: &mut DynRng<'_>) -> Result<Answer, Error> {
        Ok(match (self, *request) {
            (Self::Symmetric(kek), Request::Unwrap { encrypted_key, .. }) => {
                recover::unwrap_key(kek.expose(), encrypted_key)
            }
            (Self::Symmetric(kek), Request::UnwrapGcm { alg, encrypted_key, iv, tag }) => {
                let mut bytes = Zeroizing::new(encrypted_key.to_vec());
                let opened =
                    alg.wrap_enc().map(|enc| enc::open(enc, kek.expose(), iv, &[], &mut bytes, tag).is_ok());
                opened.filter(|opened| *opened).map(|_| bytes)
            }
            #[cfg(feature = "pbes2")]
            (Self::Symmetric(password), Request::UnwrapWithPassword { alg, encrypted_key, salt, count }) => {
                let kek = super::password::derive(alg, password.expose(), salt, count)?;
                recover::unwrap_key(&kek, encrypted_key)
            }
            #[cfg(feature = "rsa")]
            (Self::Rsa(key), Request::Unwrap { alg, encrypted_key }) => {
                super::rsa::decrypt(alg, key, encrypted_key, rng)?
            }
            (Self::Curve(key), Request::Agree { epk, .. }) => key.agree(epk.as_jwk()).map_err(Error::Epk)?,
            _ => None,
        })
    }
}

impl Prepared for DecryptionKey {
    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn direct(&self, alg: JweAlg, enc: JweEnc) -> Option<&GcmKey> {
        match &*self.material {
            Material::Symmetric(key) if alg == JweAlg::Dir => key.prepared(enc),
            _ => None,
        }
    }
}

impl Candidate for DecryptionKey {
    fn kid(&self) -> Option<&str> {
        self.kid()
    }
}

/// The algorithm is the one that `alg` of the key names: a key management algorithm, or a content encryption algorithm whose
/// key it then is (`dir`).
impl TryFrom<&Jwk> for DecryptionKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] if the key names none; otherwise those of [`DecryptionKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        Self::from_jwk(jwk, named(jwk)?)
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
