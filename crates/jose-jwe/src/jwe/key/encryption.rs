use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};

use jose_b64::base64url;
use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily, KeyType};
use jose_jwk::{Error as KeyError, Jwk, Operation, Usage};
use zeroize::Zeroizing;

use super::decryption::Shared;
use super::description::{KeyDescription, Refusal};
use super::external::{WrapKey, check_wrap};
use super::hpke::{self, Psk};
use super::symmetric::Symmetric;
use super::wrapped::{ToWrap, Wrapped};
use super::{check, named, refused};
use crate::enc::{self, GcmKey, seal_with_iv};
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::key::curves;
use crate::jwe::rng::DynRng;
use crate::key_management::key_agreement::{derive, derives};
use crate::key_management::key_wrap::{KeyWrap, OVERHEAD};

/// A key that encrypts to one recipient with one algorithm, prepared once from a JWK or held elsewhere.
///
/// It counts how often it was itself the key of AES-GCM (`dir` with an AES-GCM `enc`, and AES-GCM Key Wrap), and stops when
/// that is no longer safe: after 2³² − 1 messages. Clones share the count; two keys that are prepared from one JWK count
/// apart.
///
/// A password (PBES2) becomes a key by 600 000 iterations with SHA-256, and by 220 000 with SHA-384 and SHA-512: the
/// counts of the OWASP Password Storage Cheat Sheet.
#[derive(Clone)]
pub struct EncryptionKey {
    alg: JweAlg,
    kid: Option<String>,
    encs: AlgSet<JweEnc>,
    material: Shared<Material>,
    invocations: Shared<AtomicU32>,
    psk: Option<Shared<Psk>>,
}

enum Material {
    Symmetric(Symmetric),
    Curve(Box<Jwk>),
    #[cfg(feature = "rsa")]
    Rsa(rsa::PublicKey),
    External(Box<dyn WrapKey + Send + Sync>),
}

impl EncryptionKey {
    /// Prepares a key for this algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids it: type, curve, size, `use`, `key_ops`, `alg`, or a feature that this build
    /// lacks.
    pub fn from_jwk(jwk: impl AsRef<Jwk>, alg: JweAlg) -> Result<Self, Error> {
        let jwk = jwk.as_ref();
        check(jwk, Operation::Encrypt(alg), alg).map_err(|reason| refused(alg, reason))?;
        let material = match jwk.key_type() {
            KeyType::Oct => Material::Symmetric(Symmetric::new(jwk, alg == JweAlg::Dir)),
            #[cfg(feature = "rsa")]
            KeyType::Rsa => Material::Rsa(jwk.try_into()?),
            _ => Material::Curve(Box::new(jwk.to_public()?.into())),
        };
        Ok(Self::new(alg, jwk.kid(), jwk.encs(alg), material))
    }

    /// Takes a key that is held elsewhere. It wraps with AES Key Wrap or encrypts with RSA. With a public key on a curve there
    /// is nothing to be done elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if the algorithm is another one, or the description forbids it.
    pub fn external<'d>(
        description: impl Into<KeyDescription<'d>>,
        alg: JweAlg,
        key: impl WrapKey + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let description = description.into();
        check_wrap(&description, alg)?;
        Ok(Self::new(alg, description.kid(), AlgSet::all(), Material::External(Box::new(key))))
    }

    fn new(alg: JweAlg, kid: Option<&str>, encs: AlgSet<JweEnc>, material: Material) -> Self {
        let invocations = Shared::new(AtomicU32::new(0));
        let (kid, material) = (kid.map(str::to_owned), Shared::new(material));
        Self { alg, kid, encs, material, invocations, psk: None }
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if that leaves the key without any.
    pub fn with_encs(self, allowed: impl Into<AlgSet<JweEnc>>) -> Result<Self, Error> {
        let encs = self.encs.intersection(allowed.into());
        if encs.is_empty() && !self.is_integrated() {
            Err(Error::AlgorithmsEmpty)
        } else {
            Ok(Self { encs, ..self })
        }
    }

    /// Sets a pre-shared key (HPKE's mode `mode_psk`), of at least 32 bytes, and the identifier by which the message names it
    /// (`psk_id`).
    ///
    /// # Errors
    ///
    /// [`Error::PskUnusable`] if it is shorter, if the identifier is empty, or if the algorithm is not one of HPKE.
    pub fn with_psk(self, psk: impl Into<jose_b64::Secret>, id: &[u8]) -> Result<Self, Error> {
        let psk = Shared::new(Psk::new(Some(self.alg), psk.into(), id)?);
        Ok(Self { psk: Some(psk), ..self })
    }

    /// Sets how often the key was used with AES-GCM before, such as in another process.
    #[must_use]
    pub fn with_invocations(self, invocations: u32) -> Self {
        Self { invocations: Shared::new(AtomicU32::new(invocations)), ..self }
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

    /// The content encryption algorithms that it may be used with. Where the key names its own there is one, and with
    /// Integrated Encryption there is none.
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

    /// Whether it encrypts the plaintext itself.
    pub(crate) fn is_integrated(&self) -> bool {
        self.alg.family() == JweFamily::HpkeIntegrated
    }

    /// The encapsulated secret of a message, and what encrypts its plaintext: Integrated Encryption.
    pub(crate) fn encapsulate(
        &self,
        given: Option<&[u8]>,
        rng: &mut DynRng<'_>,
    ) -> Result<(Wrapped, Box<dyn hpke::Seal>), Error> {
        let (encrypted_key, seal) = self.sender(&[], given, rng)?;
        Ok((Wrapped { encrypted_key, members: self.psk_id().into_iter().collect(), cek: None }, seal))
    }

    fn sender(
        &self,
        info: &[u8],
        given: Option<&[u8]>,
        rng: &mut DynRng<'_>,
    ) -> Result<(Vec<u8>, Box<dyn hpke::Seal>), Error> {
        let Material::Curve(peer) = &*self.material else { return Err(Error::Encryption) };
        let context = hpke::Context { info, psk: self.psk.as_deref() };
        hpke::encapsulate(self.alg, peer, context, given, rng)
    }

    fn psk_id(&self) -> Option<(&'static str, String)> {
        self.psk.as_ref().map(|psk| ("psk_id", base64url_value(&psk.id)))
    }

    /// The content encryption key itself, if it is prepared (`dir`).
    pub(crate) fn direct(&self, enc: JweEnc) -> Option<&GcmKey> {
        match &*self.material {
            Material::Symmetric(key) => key.prepared(enc),
            _ => None,
        }
    }

    fn count(&self) -> Result<(), Error> {
        let next = |used: u32| used.checked_add(1);
        let counted = self.invocations.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        counted.map(|_| ()).map_err(|_| Error::KeyExhausted)
    }

    pub(crate) fn wrap(&self, to: &ToWrap<'_>, rng: &mut DynRng<'_>) -> Result<Wrapped, Error> {
        if !self.encs.contains(to.enc) {
            return Err(Error::EncryptionNotAllowed { found: to.enc, allowed: self.encs });
        }
        match (&*self.material, self.alg.family()) {
            (Material::External(key), _) => {
                Ok(key.wrap_key(self.alg, to.cek).map_err(Refusal::of_wrapping)?.into())
            }
            (Material::Symmetric(key), JweFamily::Direct) => {
                if to.enc.hash().is_none() {
                    self.count()?;
                }
                let cek = Cek::new(to.enc, key.expose()).ok_or(Error::Encryption)?;
                Ok(Wrapped { cek: Some(cek), ..Wrapped::default() })
            }
            (Material::Symmetric(kek), JweFamily::GcmKeyWrap) => self.wrap_gcm(kek, to, rng),
            #[cfg(feature = "pbes2")]
            (Material::Symmetric(password), JweFamily::Password) => self.wrap_password(password, to, rng),
            (Material::Symmetric(kek), _) => Ok(wrap_key(kek.expose(), to.cek)?.into()),
            (Material::Curve(_), JweFamily::HpkeKeyEncryption) => self.wrap_hpke(to, rng),
            (Material::Curve(peer), _) => self.wrap_agreed(peer, to, rng),
            #[cfg(feature = "rsa")]
            (Material::Rsa(key), _) => Ok(super::rsa::encrypt(self.alg, key, to.cek, rng)?.into()),
        }
    }

    fn wrap_gcm(&self, kek: &Symmetric, to: &ToWrap<'_>, rng: &mut DynRng<'_>) -> Result<Wrapped, Error> {
        self.count()?;
        let enc = self.alg.wrap_enc().ok_or(Error::Encryption)?;
        let mut iv = to.given.iv.unwrap_or_default();
        if to.given.iv.is_none() {
            rng.try_fill_bytes(&mut iv)?;
        }
        let mut encrypted_key = to.cek.to_vec();
        let sealed =
            seal_with_iv(enc, enc::CekRef::Bytes(kek.expose()), &iv, &[], &mut encrypted_key, to.cek.len())?;
        let members = Vec::from([("iv", base64url_value(&iv)), ("tag", base64url_value(sealed.tag()))]);
        Ok(Wrapped { encrypted_key, members, cek: None })
    }

    #[cfg(feature = "pbes2")]
    fn wrap_password(
        &self,
        password: &Symmetric,
        to: &ToWrap<'_>,
        rng: &mut DynRng<'_>,
    ) -> Result<Wrapped, Error> {
        use super::password::{SALT_LEN, count, derive};
        let mut drawn = [0; SALT_LEN];
        let (salt, count) = match to.given.password {
            Some(given) => given,
            None => {
                rng.try_fill_bytes(&mut drawn)?;
                (drawn.as_slice(), count(self.alg))
            }
        };
        let kek = derive(self.alg, password.expose(), salt, count)?;
        let members = Vec::from([("p2s", base64url_value(salt)), ("p2c", alloc::format!("{count}"))]);
        Ok(Wrapped { encrypted_key: wrap_key(&kek, to.cek)?, members, cek: None })
    }

    fn wrap_hpke(&self, to: &ToWrap<'_>, rng: &mut DynRng<'_>) -> Result<Wrapped, Error> {
        let (ek, mut seal) = self.sender(&hpke::recipient_structure(to.enc), to.given.ikm, rng)?;
        let mut encrypted_key = to.cek.to_vec();
        encrypted_key.resize(to.cek.len().saturating_add(hpke::TAG_LEN), 0);
        seal.seal(&[], &mut encrypted_key, to.cek.len()).ok_or(Error::Encryption)?;
        let members = [("ek", base64url_value(&ek))].into_iter().chain(self.psk_id()).collect();
        Ok(Wrapped { encrypted_key, members, cek: None })
    }

    fn wrap_agreed(&self, peer: &Jwk, to: &ToWrap<'_>, rng: &mut DynRng<'_>) -> Result<Wrapped, Error> {
        let drawn;
        let own = match to.given.epk {
            Some(given) => given,
            None => {
                let wrong = Usage::WrongKey { kty: peer.key_type(), crv: None, wanted: self.alg.as_str() };
                let curve = peer.curve().ok_or(KeyError::Usage(wrong))?;
                drawn = Jwk::generate(curve, rng)?;
                &drawn
            }
        };
        // A recipient whose key is of low order has no secret to share.
        let z = curves::private(own).and_then(|own| own.agree(peer))?;
        let z = z.ok_or(KeyError::NotOnCurve)?;
        let party = |name| to.header.bytes(name).map(Option::unwrap_or_default);
        let (apu, apv) = (party("apu")?, party("apv")?);
        let (id, len) = derives(self.alg, to.enc).ok_or(Error::Encryption)?;
        let members = Vec::from([("epk", own.to_public()?.to_json())]);
        if self.is_direct() {
            let cek = Cek::with(to.enc, |cek| derive(&z, id, &apu, &apv, cek))?;
            return Ok(Wrapped { cek: Some(cek), members, encrypted_key: Vec::new() });
        }
        let mut kek = Zeroizing::new(alloc::vec![0; len]);
        derive(&z, id, &apu, &apv, &mut kek)?;
        Ok(Wrapped { encrypted_key: wrap_key(&kek, to.cek)?, members, cek: None })
    }
}

fn wrap_key(kek: &[u8], cek: &[u8]) -> Result<Vec<u8>, Error> {
    let mut wrapped = alloc::vec![0; cek.len().saturating_add(OVERHEAD)];
    KeyWrap::new(kek)?.wrap(cek, &mut wrapped)?;
    Ok(wrapped)
}

/// A JSON string of base64url, which needs no escapes.
fn base64url_value(bytes: &[u8]) -> String {
    alloc::format!("\"{}\"", base64url::encode_to_string(bytes))
}

/// The algorithm is the one that `alg` of the key names: a key management algorithm, or a content encryption algorithm whose
/// key it then is (`dir`).
impl TryFrom<&Jwk> for EncryptionKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] if the key names none; otherwise those of [`EncryptionKey::from_jwk`].
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
