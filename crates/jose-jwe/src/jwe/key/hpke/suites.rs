//! The cipher suites, over the crate `hpke`: a row each.

#[cfg(feature = "x448")]
#[path = "x448.rs"]
mod dh_x448;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::marker::PhantomData;

use hpke::aead::{Aead, AeadCtxS, AeadTag, AesGcm128, AesGcm256, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
#[cfg(feature = "draft-hpke-pq")]
use hpke::kdf::KdfShake256;
use hpke::kdf::{HkdfSha256, HkdfSha384, HkdfSha512, Kdf};
use hpke::kem::{DhP256HkdfSha256, DhP384HkdfSha384, DhP521HkdfSha512, X25519HkdfSha256};
#[cfg(feature = "draft-hpke-pq")]
use hpke::kem::{MlKem768, MlKem768P256, MlKem1024, MlKem1024P384, XWing};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, PskBundle, Serializable};
use jose_jwa::{JweAlg, KeyType};
use jose_jwk::{Error as KeyError, Jwk, Usage};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::{Context, Decapsulate, Seal, TAG_LEN};
use crate::error::Error;
use crate::jwe::rng::DynRng;
#[cfg(feature = "draft-hpke-pq")]
use jose_b64::base64url::encode_to_string;

/// Makes of each row the arms of its two algorithms.
macro_rules! suites {
    ($($(#[$cfg:meta])? $($alg:ident)|+ => $aead:ty, $kdf:ty, $kem:ty;)+) => {
        /// The private key of a JWK.
        pub(in crate::jwe::key) fn private(
            jwk: &Jwk,
            alg: JweAlg,
        ) -> Result<Box<dyn Decapsulate + Send + Sync>, KeyError> {
            match alg {
                $($(#[$cfg])? $(JweAlg::$alg)|+ => Ok(Box::new(Private::<$aead, $kdf, $kem>::new(jwk)?)),)+
                _ => Err(Usage::AlgForbids { wanted: alg.as_str() }.into()),
            }
        }

        /// The encapsulated secret for the key of a JWK, and the sender's side of one message. The ephemeral key is made
        /// from the given bytes, or from random ones.
        pub(in crate::jwe::key) fn encapsulate(
            alg: JweAlg,
            peer: &Jwk,
            context: Context<'_>,
            given: Option<&[u8]>,
            rng: &mut DynRng<'_>,
        ) -> Result<(Vec<u8>, Box<dyn Seal>), Error> {
            let drawn = &mut Drawn { rng, given, failed: false };
            match alg {
                $($(#[$cfg])? $(JweAlg::$alg)|+ => encapsulate_to::<$aead, $kdf, $kem>(peer, context, drawn),)+
                _ => Err(Error::Encryption),
            }
        }
    };
}

suites! {
    Hpke0 | Hpke0Ke => AesGcm128, HkdfSha256, DhP256HkdfSha256;
    Hpke1 | Hpke1Ke => AesGcm256, HkdfSha384, DhP384HkdfSha384;
    Hpke2 | Hpke2Ke => AesGcm256, HkdfSha512, DhP521HkdfSha512;
    Hpke3 | Hpke3Ke => AesGcm128, HkdfSha256, X25519HkdfSha256;
    Hpke4 => ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256;
    #[cfg(feature = "x448")]
    Hpke5 | Hpke5Ke => AesGcm256, HkdfSha512, dh_x448::DhX448HkdfSha512;
    #[cfg(feature = "x448")]
    Hpke6 => ChaCha20Poly1305, HkdfSha512, dh_x448::DhX448HkdfSha512;
    Hpke7 | Hpke7Ke => AesGcm256, HkdfSha256, DhP256HkdfSha256;
    #[cfg(feature = "draft-hpke-pq")]
    Hpke8 | Hpke8Ke => AesGcm256, KdfShake256, MlKem768P256;
    #[cfg(feature = "draft-hpke-pq")]
    Hpke9 | Hpke9Ke => AesGcm256, KdfShake256, XWing;
    #[cfg(feature = "draft-hpke-pq")]
    Hpke10 | Hpke10Ke => AesGcm256, KdfShake256, MlKem1024P384;
    #[cfg(feature = "draft-hpke-pq")]
    Hpke12 | Hpke12Ke => AesGcm256, KdfShake256, MlKem768;
    #[cfg(feature = "draft-hpke-pq")]
    Hpke13 | Hpke13Ke => AesGcm256, KdfShake256, MlKem1024;
}

/// Generates a key of type `AKP` for an algorithm of HPKE with ML-KEM (draft-ietf-jose-hpke-pq-pqt), its `alg` set.
///
/// ```
/// use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg, SysRng};
///
/// fn main() -> Result<(), jose_jwe::Error> {
///     let own = jose_jwe::generate_akp(JweAlg::Hpke9, &mut SysRng)?;
///     let key = EncryptionKey::from_jwk(own.to_public()?, JweAlg::Hpke9)?;
///     let token = jose_jwe::encrypt(&key, None, b"hello", &mut SysRng)?;
///     let decrypted =
///         jose_jwe::decrypt(&DecryptionKey::try_from(&own)?, &token, &mut SysRng)?;
///     assert_eq!(decrypted.plaintext(), b"hello");
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::Key`] if the keys of the algorithm are of another type; [`Error::Rng`].
#[cfg(feature = "draft-hpke-pq")]
pub fn generate_akp<R: TryCryptoRng + ?Sized>(alg: JweAlg, rng: &mut R) -> Result<Jwk, Error> {
    fn key<K: Kem>(alg: JweAlg, rng: &mut DynRng<'_>) -> Result<Jwk, Error> {
        let mut seed = Zeroizing::new(alloc::vec![0; K::PrivateKey::size()]);
        rng.try_fill_bytes(&mut seed)?;
        let private = K::PrivateKey::from_bytes(&seed).map_err(|_| Error::Encryption)?;
        let public = encode_to_string(&K::sk_to_pk(&private).to_bytes());
        let seed = jose_b64::base64url::encode_secret_to_string(&seed);
        let text = alloc::format!(r#"{{"kty":"AKP","alg":"{alg}","pub":"{public}","priv":"{}"}}"#, &*seed);
        Ok(Jwk::from_json(Zeroizing::new(text).as_str())?)
    }

    let rng: &mut DynRng<'_> = &mut crate::jwe::rng::AnyRng(rng);
    match alg {
        JweAlg::Hpke8 | JweAlg::Hpke8Ke => key::<MlKem768P256>(alg, rng),
        JweAlg::Hpke9 | JweAlg::Hpke9Ke => key::<XWing>(alg, rng),
        JweAlg::Hpke10 | JweAlg::Hpke10Ke => key::<MlKem1024P384>(alg, rng),
        JweAlg::Hpke12 | JweAlg::Hpke12Ke => key::<MlKem768>(alg, rng),
        JweAlg::Hpke13 | JweAlg::Hpke13Ke => key::<MlKem1024>(alg, rng),
        _ => Err(Error::Key(Usage::AlgForbids { wanted: alg.as_str() }.into())),
    }
}

struct Private<A, D, K: Kem> {
    key: K::PrivateKey,
    suite: PhantomData<fn(A, D)>,
}

impl<A, D, K: Kem> Private<A, D, K> {
    fn new(jwk: &Jwk) -> Result<Self, KeyError> {
        let akp = jwk.key_type() == KeyType::Akp;
        let secret = jwk.expose_secret_member(if akp { "priv" } else { "d" }).ok_or(Usage::NotPrivate)?;
        let key = K::PrivateKey::from_bytes(secret).map_err(|_| KeyError::NotOnCurve)?;
        // For keys on curves this was checked when they were read.
        if akp && jwk.public_member("pub") != Some(K::sk_to_pk(&key).to_bytes().as_slice()) {
            return Err(KeyError::KeyMismatch);
        }
        Ok(Self { key, suite: PhantomData })
    }
}

impl<A: Aead, D: Kdf, K: Kem> Decapsulate for Private<A, D, K> {
    fn open(
        &self,
        encapsulated: &[u8],
        context: Context<'_>,
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Option<usize> {
        let len = buffer.len().checked_sub(TAG_LEN)?;
        let (ciphertext, tag) = buffer.split_at_mut_checked(len)?;
        let tag = AeadTag::<A>::from_bytes(tag).ok()?;
        let mode = match context.psk {
            Some(psk) => OpModeR::Psk(PskBundle::new(psk.key.expose(), &psk.id).ok()?),
            None => OpModeR::Base,
        };
        let encapsulated = K::EncappedKey::from_bytes(encapsulated).ok()?;
        let receiver = hpke::setup_receiver::<A, D, K>(&mode, &self.key, &encapsulated, context.info);
        receiver.ok()?.open_inout_detached(InOutBuf::from(ciphertext), aad, &tag).ok()?;
        Some(len)
    }
}

fn encapsulate_to<A: Aead + 'static, D: Kdf + 'static, K: Kem + 'static>(
    peer: &Jwk,
    context: Context<'_>,
    drawn: &mut Drawn<'_, '_>,
) -> Result<(Vec<u8>, Box<dyn Seal>), Error> {
    let member = |name| peer.public_member(name).unwrap_or_default();
    let peer = match peer.key_type() {
        // An uncompressed point (SEC 1 section 2.3.3).
        KeyType::Ec => [&[4], member("x"), member("y")].concat(),
        KeyType::Akp => member("pub").into(),
        _ => member("x").into(),
    };
    let peer = K::PublicKey::from_bytes(&peer).map_err(|_| KeyError::NotOnCurve)?;
    let mode = match context.psk {
        Some(psk) => {
            let bundle = PskBundle::new(psk.key.expose(), &psk.id);
            OpModeS::Psk(bundle.map_err(|_| Error::Encryption)?)
        }
        None => OpModeS::Base,
    };
    let made = hpke::setup_sender_with_rng::<A, D, K>(&mode, &peer, context.info, drawn);
    if drawn.failed {
        return Err(Error::Rng);
    }
    // A recipient whose key is of low order has no secret to share.
    let (encapsulated, sender) = made.map_err(|_| KeyError::NotOnCurve)?;
    Ok((encapsulated.to_bytes().to_vec(), Box::new(Sender(sender))))
}

struct Sender<A: Aead, D: Kdf, K: Kem>(AeadCtxS<A, D, K>);

impl<A: Aead, D: Kdf, K: Kem> Seal for Sender<A, D, K> {
    fn seal(&mut self, aad: &[u8], buffer: &mut [u8], plaintext_len: usize) -> Option<()> {
        let (text, rest) = buffer.split_at_mut_checked(plaintext_len)?;
        let tag = self.0.seal_inout_detached(InOutBuf::from(text), aad).ok()?;
        let place = rest.first_chunk_mut::<TAG_LEN>().filter(|place| place.len() == AeadTag::<A>::size())?;
        place.copy_from_slice(&tag.to_bytes());
        Some(())
    }
}

/// The generator in the form that `hpke` takes, in which it cannot fail. If it failed, what was made of it is not used.
struct Drawn<'d, 'r> {
    rng: &'d mut DynRng<'r>,
    given: Option<&'d [u8]>,
    failed: bool,
}

impl TryRng for Drawn<'_, '_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = Zeroizing::new([0; 4]);
        self.try_fill_bytes(&mut *bytes)?;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = Zeroizing::new([0; 8]);
        self.try_fill_bytes(&mut *bytes)?;
        Ok(u64::from_le_bytes(*bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        let filled = match self.given {
            Some(given) => given.split_at_checked(bytes.len()).map(|(next, rest)| {
                bytes.copy_from_slice(next);
                self.given = Some(rest);
            }),
            None => self.rng.try_fill_bytes(bytes).ok(),
        };
        self.failed |= filled.is_none();
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_, '_> {}
