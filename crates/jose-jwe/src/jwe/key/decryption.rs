use alloc::boxed::Box;
use core::fmt;

use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily, KeyType};
use jose_jwk::{Allowed, Candidate, Error as KeyError, Jwk, Operation, Usage};
use zeroize::Zeroizing;

use super::description::KeyDescription;
use super::external::UnwrapKey;
use super::hpke::{self, Context, Decapsulate, Psk};
use super::policy::{Policy, Prepared};
use super::recover::{self, Answer, EncryptedKey, Request};
use super::symmetric::Symmetric;
use super::{check, named, refused};
use crate::enc::{self, GcmKey};
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::header::Params;
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
    psk: Option<Shared<Psk>>,
}

enum Material {
    Symmetric(Symmetric),
    Curve(Box<dyn Agree + Send + Sync>),
    Hpke(Box<dyn Decapsulate + Send + Sync>),
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
        let several = allowed.algs().len() > 1;
        let policy = Policy::new(jwk.kid(), jwk.curve(), allowed.algs(), |alg| {
            check(jwk, Operation::Decrypt(alg), alg)?;
            // One key serves one algorithm of HPKE, which it names itself or the caller alone.
            if alg.is_hpke() && several && jwk.alg().is_none() {
                return Err(Usage::AlgForbids { wanted: alg.as_str() }.into());
            }
            Ok(jwk.encs(alg))
        })?;
        let material = match jwk.key_type() {
            KeyType::Oct => Material::Symmetric(Symmetric::new(jwk, policy.algs().contains(JweAlg::Dir))),
            #[cfg(feature = "rsa")]
            KeyType::Rsa => Material::Rsa(Box::new(jwk.try_into()?)),
            _ => match policy.algs().iter().find(|alg| alg.is_hpke()) {
                Some(alg) => Material::Hpke(hpke::private(jwk, alg)?),
                None => Material::Curve(curves::private(jwk)?),
            },
        };
        Ok(Self { policy, material: Shared::new(material), psk: None })
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
        Ok(Self { policy, material: Shared::new(Material::External(Box::new(key))), psk: None })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if that leaves the key without any.
    pub fn with_encs(self, allowed: impl Into<AlgSet<JweEnc>>) -> Result<Self, Error> {
        Ok(Self { policy: self.policy.with_encs(allowed.into())?, ..self })
    }

    /// Sets the pre-shared key (HPKE's mode `mode_psk`), of at least 32 bytes, and its identifier. Messages that do not name
    /// it (`psk_id`) are refused.
    ///
    /// # Errors
    ///
    /// [`Error::PskUnusable`] if it is shorter, if the identifier is empty, or if the algorithm is not one of HPKE.
    pub fn with_psk(self, psk: impl Into<jose_b64::Secret>, id: &[u8]) -> Result<Self, Error> {
        let psk = Shared::new(Psk::new(self.algs().iter().next(), psk.into(), id)?);
        Ok(Self { psk: Some(psk), ..self })
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
        let enc = match key.enc {
            Some(enc) => enc,
            // Integrated Encryption has no such key.
            None => return self.check_psk(key).map(|()| Cek::none()),
        };
        let answer = match &*self.material {
            Material::Symmetric(bytes) if key.alg.family() == JweFamily::Direct => {
                return Cek::new(enc, bytes.expose()).ok_or(Error::Decryption);
            }
            Material::External(external) => recover::answer(external.unwrap_key(&key.request()))?,
            Material::Hpke(_) => {
                self.check_psk(key)?;
                let mut bytes = Zeroizing::new(key.bytes.clone());
                let info = hpke::recipient_structure(enc);
                let opened = self.open_hpke(key.params.ek(), &info, &[], &mut bytes);
                opened.map(|len| {
                    bytes.truncate(len);
                    bytes
                })
            }
            material => material.unwrap_key(&key.request(), rng)?,
        };
        key.conclude(answer, rng)
    }
}

impl DecryptionKey {
    /// Checks that message and key name the same pre-shared key, or both none.
    fn check_psk(&self, key: &EncryptedKey) -> Result<(), Error> {
        let Params::Hpke { psk_id, .. } = &key.params else { return Ok(()) };
        let own = self.psk.as_ref().map(|psk| &psk.id);
        if own == psk_id.as_ref() { Ok(()) } else { Err(Error::PskMismatch) }
    }

    fn open_hpke(&self, encapsulated: &[u8], info: &[u8], aad: &[u8], buffer: &mut [u8]) -> Option<usize> {
        let Material::Hpke(own) = &*self.material else { return None };
        own.open(encapsulated, Context { info, psk: self.psk.as_deref() }, aad, buffer)
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

    fn open_integrated(&self, encapsulated: &[u8], aad: &[u8], buffer: &mut [u8]) -> Option<usize> {
        self.open_hpke(encapsulated, &[], aad, buffer)
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
