use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use jose_b64::Secret;
use jose_jwe::key_management::key_wrap::KeyWrap;
use jose_jwe::{
    AlgSet, AsyncDecryptionKey, AsyncEncryptionKey, DecryptionKey, Encrypted, EncryptionKey, Error, JweAlg,
    JweEnc, Refusal, Request, Unwrap, UnwrapAsync, Wrap, WrapAsync, compact, hazmat,
};
use jose_jwk::{AlgSet as Ops, Curve, Error as KeyError, Jwk, KeyOp, SysRng};

use super::support::{PLAINTEXT, oct, on_curve, pair, token, with_part};

/// What stands for a KMS or an HSM: it holds the key and answers.
struct Kms(Jwk);

impl Unwrap for Kms {
    fn unwrap(&self, request: &Request<'_>) -> Result<Secret, Refusal> {
        match request {
            Request::Agree { epk, .. } => hazmat::agree(&self.0, epk.as_jwk()).map_err(|_| Refusal::Failed),
            Request::Unwrap { encrypted_key, .. } => {
                let kek = KeyWrap::new(self.0.expose_secret_member("k").unwrap()).unwrap();
                let mut out = [0; 64];
                let cek = kek.unwrap(encrypted_key, &mut out).map_err(|_| Refusal::Failed)?;
                Ok(cek.to_vec().into())
            }
            _ => Err(Refusal::Unavailable),
        }
    }
}

impl UnwrapAsync for Kms {
    async fn unwrap(&self, request: &Request<'_>) -> Result<Secret, Refusal> {
        Unwrap::unwrap(self, request)
    }
}

impl Wrap for Kms {
    fn wrap(&self, _alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        let kek = KeyWrap::new(self.0.expose_secret_member("k").unwrap()).unwrap();
        let mut out = [0; 72];
        kek.wrap(cek, &mut out).map(<[u8]>::to_vec).map_err(|_| Refusal::Failed)
    }
}

impl WrapAsync for Kms {
    async fn wrap(&self, alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        Wrap::wrap(self, alg, cek)
    }
}

struct Down;

impl Unwrap for Down {
    fn unwrap(&self, _request: &Request<'_>) -> Result<Secret, Refusal> {
        Err(Refusal::Unavailable)
    }
}

/// The future can move between threads where key and generator can.
fn ready<T>(future: impl Future<Output = T> + Send) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// Covers K36.
#[test]
fn a_key_outside_agrees_and_unwraps() {
    for alg in [JweAlg::EcdhEs, JweAlg::EcdhEsA256Kw] {
        let jwk = on_curve(Curve::P256);
        let (encrypts, _) = pair(&jwk, alg);
        let token = token(&encrypts, JweEnc::A256Gcm);
        let public = Jwk::from(jwk.to_public().unwrap());
        let algs = AlgSet::of(&[alg]);
        let key = DecryptionKey::outside(&public, algs, Kms(jwk.clone())).unwrap();
        assert_eq!(compact::decrypt(&key, &token).unwrap().plaintext(), PLAINTEXT);
        let key = AsyncDecryptionKey::new(&public, algs, Kms(jwk)).unwrap();
        let message = Encrypted::from_compact(&token).unwrap();
        let decrypted = ready(message.decrypt_async(&key, &mut SysRng)).unwrap();
        assert_eq!(decrypted.plaintext(), PLAINTEXT);
    }
    let algs = AlgSet::of(&[JweAlg::A256Kw]);
    let encrypts = EncryptionKey::outside(None, Some("kms"), JweAlg::A256Kw, Kms(oct(32))).unwrap();
    let token = token(&encrypts, JweEnc::A128CbcHs256);
    let key = DecryptionKey::outside_symmetric(Some("kms"), algs, Kms(oct(32))).unwrap();
    assert_eq!(compact::decrypt(&key, &token).unwrap().plaintext(), PLAINTEXT);
    let later = AsyncEncryptionKey::new(None, Some("kms"), JweAlg::A256Kw, Kms(oct(32))).unwrap();
    let message = compact::Message::new(JweEnc::A256Gcm);
    let other = ready(message.encrypt_async(&later, PLAINTEXT, &mut SysRng)).unwrap();
    assert_eq!(compact::decrypt(&key, &other).unwrap().plaintext(), PLAINTEXT);
    let message = jose_jwe::json::Message::new(JweEnc::A256Gcm);
    let other = ready(message.flattened_async(&later, PLAINTEXT, &mut SysRng)).unwrap();
    assert_eq!(jose_jwe::json::decrypt(&key, &other).unwrap().plaintext(), PLAINTEXT);
    // What fails outside fails as everything does.
    let damaged = with_part(&token, 1, "AAAA");
    assert_eq!(compact::decrypt(&key, &damaged).unwrap_err(), Error::Decryption);
    let key = DecryptionKey::outside_symmetric(Some("kms"), algs, Down).unwrap();
    assert_eq!(compact::decrypt(&key, &token).unwrap_err(), Error::Unavailable);
    let key = AsyncDecryptionKey::symmetric(Some("other"), algs, Kms(oct(32))).unwrap();
    let message = Encrypted::from_compact(&token).unwrap();
    assert_eq!(ready(message.decrypt_async(&key, &mut SysRng)).unwrap_err(), Error::KeyNotFound);
}

/// Covers K36.
#[test]
fn the_same_rules_come_first() {
    let algs = AlgSet::of(&[JweAlg::EcdhEs]);
    let outside = |jwk: &Jwk| DecryptionKey::outside(jwk, algs, Down).map(|_| ()).unwrap_err();
    let public = Jwk::from(on_curve(Curve::P256).to_public().unwrap());
    let verifies = public.clone().with_key_ops(Ops::of(&[KeyOp::Verify])).unwrap();
    assert_eq!(outside(&verifies), Error::Key(KeyError::KeyOpsForbid));
    assert_eq!(outside(&public.clone().with_alg(JweAlg::EcdhEsA128Kw)), Error::Key(KeyError::AlgForbids));
    assert_eq!(outside(&super::support::rsa()), Error::Key(KeyError::WrongKey));
    assert!(EncryptionKey::outside(Some(&public), None, JweAlg::EcdhEs, Kms(oct(16))).is_err());
    let key = DecryptionKey::outside(&public, algs, Down).unwrap();
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let error = compact::decrypt(&key, &token(&encrypts, JweEnc::A128Gcm)).unwrap_err();
    assert_eq!(error, Error::AlgorithmNotAllowed);
}
