use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};

use jose_b64::{Secret, base64url};
use jose_jwa::JweFamily;
use jose_jwk::{AlgSet, Error as KeyError, JweAlg, JweEnc, Jwk, KeyType};
use zeroize::Zeroizing;

use super::outside::{Refusal, Wrap, can_wrap};
use super::{check, check_metadata, named};
use crate::Error;
use crate::cek::Cek;
use crate::enc::{GCM_IV_LEN, seal_with_iv};
use crate::key_management::curves;
use crate::key_management::key_agreement::{derive, derives};
use crate::key_management::key_wrap::{KeyWrap, OVERHEAD};
use crate::params::Union;
use crate::rng::DynRng;

/// A key that encrypts to one recipient with one algorithm, prepared once from a JWK or held outside.
///
/// It counts how often it was itself the key of AES-GCM (`dir` with an AES-GCM `enc`, and A128GCMKW and its kin), and
/// stops where that is no longer safe: after 2³² − 1 messages. Two keys that are prepared from one JWK count apart.
///
/// A password (PBES2) becomes a key by 600 000 iterations with SHA-256, and by 220 000 with SHA-384 and SHA-512: the
/// counts of the OWASP Password Storage Cheat Sheet.
pub struct EncryptionKey {
    alg: JweAlg,
    kid: Option<String>,
    encs: AlgSet<JweEnc>,
    material: Material,
    invocations: AtomicU32,
}

enum Material {
    Octets(Secret),
    Curve(Box<Jwk>),
    #[cfg(feature = "rsa")]
    Rsa(rsa::PublicKey),
    Outside(Box<dyn Wrap + Send + Sync>),
}

/// Values that are generated, unless they are fixed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Generated<'g> {
    pub(crate) epk: Option<&'g Jwk>,
    pub(crate) iv: Option<[u8; GCM_IV_LEN]>,
    #[cfg_attr(
        not(feature = "pbes2"),
        expect(dead_code, reason = "the values of a family that the build lacks")
    )]
    pub(crate) password: Option<(&'g [u8], u32)>,
}

/// What a key makes of a content encryption key.
#[derive(Default)]
pub(crate) struct Wrapped {
    /// The key that it determines itself: `dir` and `ECDH-ES`.
    pub(crate) cek: Option<Cek>,
    pub(crate) encrypted_key: Vec<u8>,
    /// The generated header parameters, with the JSON text of their values.
    pub(crate) members: Vec<(&'static str, String)>,
}

/// The content encryption algorithm that an AES-GCM key wrap is.
pub(super) fn gcm(alg: JweAlg) -> Option<JweEnc> {
    match alg {
        JweAlg::A128GcmKw => Some(JweEnc::A128Gcm),
        JweAlg::A192GcmKw => Some(JweEnc::A192Gcm),
        JweAlg::A256GcmKw => Some(JweEnc::A256Gcm),
        _ => None,
    }
}

impl EncryptionKey {
    /// Prepares the key for this algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids it: type, curve, size, `use`, `key_ops`, `alg`;
    /// [`jose_jwk::Error::AlgorithmDisabled`] in it where this build lacks the algorithm.
    pub fn from_jwk(jwk: &Jwk, alg: JweAlg) -> Result<Self, Error> {
        let encs = check(jwk, alg, false).map_err(Error::Key)?;
        let material = match jwk.key_type() {
            KeyType::Oct => {
                Material::Octets(jwk.expose_secret_member("k").unwrap_or_default().to_vec().into())
            }
            #[cfg(feature = "rsa")]
            KeyType::Rsa => Material::Rsa(jwk.try_into().map_err(Error::Key)?),
            _ => Material::Curve(Box::new(jwk.to_public().map_err(Error::Key)?.into())),
        };
        Ok(Self::new(alg, jwk.kid(), encs, material))
    }

    /// Takes a key that is held outside. It wraps with AES Key Wrap or encrypts with RSA; there is nothing to be done
    /// outside with a public key on a curve. `public`, where there is one, is checked as a key from a JWK is.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] where the algorithm is another one, or the key forbids it.
    pub fn outside(
        public: Option<&Jwk>,
        kid: Option<&str>,
        alg: JweAlg,
        key: impl Wrap + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        if !can_wrap(alg) {
            return Err(Error::Key(KeyError::WrongKey));
        }
        if let Some(public) = public {
            check_metadata(public, alg, false).map_err(Error::Key)?;
        }
        let kid = kid.or_else(|| public.and_then(Jwk::kid));
        Ok(Self::new(alg, kid, AlgSet::all(), Material::Outside(Box::new(key))))
    }

    fn new(alg: JweAlg, kid: Option<&str>, encs: AlgSet<JweEnc>, material: Material) -> Self {
        Self { alg, kid: kid.map(str::to_owned), encs, material, invocations: AtomicU32::new(0) }
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where that leaves the key without any.
    pub fn with_encs(self, allowed: AlgSet<JweEnc>) -> Result<Self, Error> {
        let encs = self.encs.intersection(allowed);
        if encs.is_empty() { Err(Error::AlgorithmsEmpty) } else { Ok(Self { encs, ..self }) }
    }

    /// Says how often the key was used with AES-GCM before, in another process for instance.
    #[must_use]
    pub fn after(self, invocations: u32) -> Self {
        Self { invocations: AtomicU32::new(invocations), ..self }
    }

    /// How often the key was used with AES-GCM.
    #[must_use]
    pub fn invocations(&self) -> u32 {
        self.invocations.load(Ordering::Relaxed)
    }

    /// The algorithm.
    #[must_use]
    pub fn alg(&self) -> JweAlg {
        self.alg
    }

    /// The content encryption algorithms that it may be used with. Where the key names its own there is one.
    #[must_use]
    pub fn encs(&self) -> AlgSet<JweEnc> {
        self.encs
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether the key determines the content encryption key, so that there is nothing to wrap.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.alg, JweAlg::Dir | JweAlg::EcdhEs)
    }

    fn count(&self) -> Result<(), Error> {
        let next = |used: u32| used.checked_add(1);
        match self.invocations.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::KeyExhausted),
        }
    }

    /// Wraps the content encryption key; where the key determines it, none is given.
    pub(crate) fn wrap(
        &self,
        enc: JweEnc,
        cek: &[u8],
        header: &Union<'_>,
        given: &Generated<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Wrapped, Error> {
        if !self.encs.contains(enc) {
            return Err(Error::AlgorithmNotAllowed);
        }
        match (&self.material, self.alg.family()) {
            (Material::Outside(key), _) => {
                let encrypted_key = key.wrap(self.alg, cek).map_err(Refusal::of_wrapping)?;
                Ok(Wrapped { encrypted_key, ..Wrapped::default() })
            }
            (Material::Octets(octets), JweFamily::Direct) => {
                if enc.hash().is_none() {
                    self.count()?;
                }
                let cek = Cek::new(enc, octets.expose()).ok_or(Error::Encryption)?;
                Ok(Wrapped { cek: Some(cek), ..Wrapped::default() })
            }
            (Material::Octets(octets), JweFamily::GcmKeyWrap) => self.wrap_gcm(octets, cek, given, rng),
            #[cfg(feature = "pbes2")]
            (Material::Octets(octets), JweFamily::Password) => self.wrap_password(octets, cek, given, rng),
            (Material::Octets(octets), _) => {
                Ok(Wrapped { encrypted_key: wrap_key(octets.expose(), cek)?, ..Wrapped::default() })
            }
            (Material::Curve(peer), _) => self.wrap_agreed(peer, enc, cek, header, given, rng),
            #[cfg(feature = "rsa")]
            (Material::Rsa(key), _) => {
                let encrypted_key = crate::key_management::key_encryption::encrypt(self.alg, key, cek, rng)?;
                Ok(Wrapped { encrypted_key, ..Wrapped::default() })
            }
        }
    }

    fn wrap_gcm(
        &self,
        kek: &Secret,
        cek: &[u8],
        given: &Generated<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Wrapped, Error> {
        self.count()?;
        let enc = gcm(self.alg).ok_or(Error::Encryption)?;
        let mut iv = given.iv.unwrap_or_default();
        if given.iv.is_none() {
            rng.try_fill_bytes(&mut iv)?;
        }
        let mut encrypted_key = cek.to_vec();
        let sealed = seal_with_iv(enc, kek.expose(), &iv, &[], &mut encrypted_key, cek.len())?;
        let members = Vec::from([("iv", base64url_value(&iv)), ("tag", base64url_value(sealed.tag()))]);
        Ok(Wrapped { encrypted_key, members, cek: None })
    }

    #[cfg(feature = "pbes2")]
    fn wrap_password(
        &self,
        password: &Secret,
        cek: &[u8],
        given: &Generated<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Wrapped, Error> {
        use crate::key_management::password::{SALT_LEN, count, derive};
        let mut drawn = [0; SALT_LEN];
        let (salt, count) = match given.password {
            Some(given) => given,
            None => {
                rng.try_fill_bytes(&mut drawn)?;
                (drawn.as_slice(), count(self.alg))
            }
        };
        let kek = derive(self.alg, password.expose(), salt, count)?;
        let members = Vec::from([("p2s", base64url_value(salt)), ("p2c", alloc::format!("{count}"))]);
        Ok(Wrapped { encrypted_key: wrap_key(&kek, cek)?, members, cek: None })
    }

    fn wrap_agreed(
        &self,
        peer: &Jwk,
        enc: JweEnc,
        cek: &[u8],
        header: &Union<'_>,
        given: &Generated<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Wrapped, Error> {
        let drawn;
        let own = match given.epk {
            Some(given) => given,
            None => {
                let curve = peer.curve().ok_or(Error::Key(KeyError::WrongKey))?;
                drawn = Jwk::generate(curve, rng).map_err(|error| match error {
                    KeyError::Rng => Error::Rng,
                    error => Error::Key(error),
                })?;
                &drawn
            }
        };
        // A recipient whose key is of low order has no secret to share.
        let z = curves::private(own).and_then(|own| own.agree(peer)).map_err(Error::Key)?;
        let z = z.ok_or(Error::Key(KeyError::NotOnCurve))?;
        let party = |name| header.octets(name).map(Option::unwrap_or_default);
        let (apu, apv) = (party("apu")?, party("apv")?);
        let (id, len) = derives(self.alg, enc).ok_or(Error::Encryption)?;
        let members = Vec::from([("epk", own.to_public().map_err(Error::Key)?.to_json())]);
        if self.is_direct() {
            let cek = Cek::with(enc, |cek| derive(&z, id, &apu, &apv, cek))?;
            return Ok(Wrapped { cek: Some(cek), members, encrypted_key: Vec::new() });
        }
        let mut kek = Zeroizing::new(alloc::vec![0; len]);
        derive(&z, id, &apu, &apv, &mut kek)?;
        Ok(Wrapped { encrypted_key: wrap_key(&kek, cek)?, members, cek: None })
    }
}

fn wrap_key(kek: &[u8], cek: &[u8]) -> Result<Vec<u8>, Error> {
    let mut wrapped = alloc::vec![0; cek.len().saturating_add(OVERHEAD)];
    KeyWrap::new(kek)?.wrap(cek, &mut wrapped)?;
    Ok(wrapped)
}

/// A JSON string of base64url, which needs no escapes.
fn base64url_value(octets: &[u8]) -> String {
    alloc::format!("\"{}\"", base64url::encode_to_string(octets))
}

/// The algorithm is the one that `alg` of the key names: a key management algorithm, or a content encryption algorithm,
/// whose key it then is (`dir`).
impl TryFrom<&Jwk> for EncryptionKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] where the key names none; otherwise as [`EncryptionKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        Self::from_jwk(jwk, named(jwk)?)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
