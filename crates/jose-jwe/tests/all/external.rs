use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use jose_b64::Secret;
use jose_jwe::key_management::key_wrap::KeyWrap;
use jose_jwe::{
    AlgSet, AsyncDecryptionKey, AsyncEncryptionKey, AsyncUnwrapKey, AsyncWrapKey, DecryptionKey, Encrypted,
    EncryptionKey, Error, JweAlg, JweEnc, KeyDescription, Message, Refusal, Request, UnwrapKey, WrapKey,
    hazmat,
};
use jose_jwk::{Curve, Jwk, KeyOp, KeyType, SysRng, Usage};

use super::support::{PLAINTEXT, decrypt, oct, on_curve, pair, token, with_part};

/// What stands for a KMS or an HSM: it holds the key and answers.
struct Kms(Jwk);

impl UnwrapKey for Kms {
    fn unwrap_key(&self, request: &Request<'_>) -> Result<Secret, Refusal> {
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

impl AsyncUnwrapKey for Kms {
    async fn unwrap_key(&self, request: &Request<'_>) -> Result<Secret, Refusal> {
        UnwrapKey::unwrap_key(self, request)
    }
}

impl WrapKey for Kms {
    fn wrap_key(&self, _alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        let kek = KeyWrap::new(self.0.expose_secret_member("k").unwrap()).unwrap();
        let mut out = [0; 72];
        kek.wrap(cek, &mut out).map(<[u8]>::to_vec).map_err(|_| Refusal::Failed)
    }
}

impl AsyncWrapKey for Kms {
    async fn wrap_key(&self, alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        WrapKey::wrap_key(self, alg, cek)
    }
}

struct Down;

impl UnwrapKey for Down {
    fn unwrap_key(&self, _request: &Request<'_>) -> Result<Secret, Refusal> {
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
fn an_external_key_agrees_and_unwraps() {
    for alg in [JweAlg::EcdhEs, JweAlg::EcdhEsA256Kw] {
        let jwk = on_curve(Curve::P256);
        let (encrypts, _) = pair(&jwk, alg);
        let token = token(&encrypts, JweEnc::A256Gcm);
        let public = jwk.to_public().unwrap();
        let key = DecryptionKey::external(&public, alg, Kms(jwk.clone())).unwrap();
        assert_eq!(decrypt(&key, &token).unwrap().plaintext(), PLAINTEXT);
        let key = AsyncDecryptionKey::external(&public, alg, Kms(jwk)).unwrap();
        let message = Encrypted::parse_compact(&token).unwrap();
        let decrypted = ready(message.decrypt_async(&key, &mut SysRng)).unwrap();
        assert_eq!(decrypted.plaintext(), PLAINTEXT);
    }
    let (alg, kms) = (JweAlg::A256Kw, KeyDescription::symmetric(Some("kms")));
    let encrypts = EncryptionKey::external(kms, alg, Kms(oct(32))).unwrap();
    let token = token(&encrypts, JweEnc::A128CbcHs256);
    let key = DecryptionKey::external(kms, alg, Kms(oct(32))).unwrap();
    assert_eq!(decrypt(&key, &token).unwrap().plaintext(), PLAINTEXT);
    let later = AsyncEncryptionKey::external(kms, alg, Kms(oct(32))).unwrap();
    let message = Message::new(JweEnc::A256Gcm);
    let other = ready(message.compact_async(&later, PLAINTEXT, &mut SysRng)).unwrap();
    assert_eq!(decrypt(&key, &other).unwrap().plaintext(), PLAINTEXT);
    let other = ready(message.flattened_async(&later, PLAINTEXT, &mut SysRng)).unwrap();
    assert_eq!(decrypt(&key, &other).unwrap().plaintext(), PLAINTEXT);
    // What fails elsewhere fails as everything does.
    let damaged = with_part(&token, 1, "AAAA");
    assert_eq!(decrypt(&key, &damaged).unwrap_err(), Error::Decryption);
    let key = DecryptionKey::external(kms, alg, Down).unwrap();
    assert_eq!(decrypt(&key, &token).unwrap_err(), Error::Unavailable);
    let key =
        AsyncDecryptionKey::external(KeyDescription::symmetric(Some("other")), alg, Kms(oct(32))).unwrap();
    let message = Encrypted::parse_compact(&token).unwrap();
    assert_eq!(ready(message.decrypt_async(&key, &mut SysRng)).unwrap_err(), Error::KidUnknown);
}

/// Covers K36.
#[test]
fn the_same_rules_come_first() {
    let alg = JweAlg::EcdhEs;
    let external = |jwk: &Jwk| match DecryptionKey::external(jwk, alg, Down).unwrap_err() {
        Error::Key(jose_jwk::Error::Usage(usage)) => usage,
        other => panic!("{other}"),
    };
    let public = Jwk::from(on_curve(Curve::P256).to_public().unwrap());
    let verifies = public.clone().with_key_ops(AlgSet::of(&[KeyOp::Verify])).unwrap();
    assert_eq!(external(&verifies), Usage::KeyOpsForbid { op: KeyOp::DeriveKey });
    let wraps = public.clone().with_alg(JweAlg::EcdhEsA128Kw).unwrap();
    assert_eq!(external(&wraps), Usage::AlgForbids { wanted: "ECDH-ES" });
    let wrong = Usage::WrongKey { kty: KeyType::Rsa, crv: None, wanted: "ECDH-ES" };
    assert_eq!(external(&super::support::rsa()), wrong);
    let error = EncryptionKey::external(&public, alg, Kms(oct(16))).unwrap_err();
    assert_eq!(error, Error::Key(Usage::AlgForbids { wanted: "ECDH-ES" }.into()));
    // A secret of which nothing else is known wraps, and does nothing else.
    for (alg, serves) in [
        (JweAlg::A128Kw, true),
        (JweAlg::A256GcmKw, true),
        (JweAlg::RsaOaep256, false),
        (JweAlg::EcdhEs, false),
        (JweAlg::EcdhEsA128Kw, false),
        (JweAlg::Dir, false),
    ] {
        let result = DecryptionKey::external(KeyDescription::symmetric(Some("1")), alg, Down);
        let expected = Error::Key(Usage::AlgForbids { wanted: alg.as_str() }.into());
        assert_eq!(result.err(), (!serves).then_some(expected), "{alg}");
    }
    let key = DecryptionKey::external(&public, alg, Down).unwrap();
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let error = decrypt(&key, &token(&encrypts, JweEnc::A128Gcm)).unwrap_err();
    assert_eq!(error, Error::AlgorithmNotAllowed { found: JweAlg::A128Kw, allowed: alg.into() });
}
