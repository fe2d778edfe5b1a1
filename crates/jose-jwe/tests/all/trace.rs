//! What is told of a message that was not decrypted, and what is not: names of steps, no byte of a message or a key.

use jose_b64::base64url::encode_to_string;
use jose_jwe::key_management::key_wrap::KeyWrap;
use jose_jwe::{
    DecryptionKey, DecryptionKeys, Encrypted, Error, JweAlg, JweEnc, Limits, Message, Refusal, Request,
    UnwrapKey,
};
use jose_jwk::{Curve, SysRng};

use super::support::{PLAINTEXT, changed, decrypt, oct, on_curve, pair, part, rsa, token, with_part};

#[path = "../../../jose-jws/tests/all/log.rs"]
mod log;
use log::heard;

const ENC: JweEnc = JweEnc::A128Gcm;

fn line(step: &str, alg: JweAlg) -> Vec<String> {
    vec![format!(r#"DEBUG jose_jwe message=decryption step="{step}" alg="{alg}" enc="A128GCM""#)]
}

/// The token with the last byte of a part changed.
fn damaged(token: &str, index: usize) -> String {
    with_part(token, index, &changed(part(token, index), |bytes| *bytes.last_mut().unwrap() ^= 1))
}

/// What the log hears when the token is not decrypted.
fn told(key: &DecryptionKey, token: &str) -> Vec<String> {
    let (result, told) = heard(|| decrypt(key, token).map(|_| ()));
    assert_eq!(result, Err(Error::Decryption));
    told
}

/// Covers D1.
#[test]
fn the_step_is_told_to_the_log_alone() {
    let alg = JweAlg::A128Kw;
    let (encrypts, key) = pair(&oct(16), alg);
    let good = token(&encrypts, ENC);
    assert_eq!(heard(|| decrypt(&key, &good).map(|_| ())), (Ok(()), vec![]));
    assert_eq!(told(&key, &damaged(&good, 1)), line("encrypted-key", alg));
    assert_eq!(told(&key, &with_part(&good, 1, "")), line("encrypted-key", alg));
    for index in [2, 3, 4] {
        assert_eq!(told(&key, &damaged(&good, index)), line("tag", alg), "{index}");
    }
    for index in [2, 4] {
        assert_eq!(told(&key, &with_part(&good, index, "AAAA")), line("iv-or-tag-length", alg), "{index}");
    }
    // A key of the wrong length, wrapped as it should be.
    let (kek, mut out) = (oct(16), [0; 40]);
    let wrapped = KeyWrap::new(kek.expose_secret_member("k").unwrap()).unwrap();
    let long = with_part(&good, 1, &encode_to_string(wrapped.wrap(&[7; 32], &mut out).unwrap()));
    assert_eq!(told(&key, &long), line("cek-length", alg));
    // What is wrong before the cryptography is told to the caller.
    let (result, told) = heard(|| decrypt(&key, &with_part(&good, 2, "=")).map(|_| ()));
    assert!(matches!(result, Err(Error::Encoding { .. })) && told.is_empty());
}

/// C1: with `RSA1_5`, a log tells no more than an answer does.
///
/// Covers D1.
#[test]
fn rsa1_5_has_one_step() {
    let alg = JweAlg::Rsa1_5;
    let (encrypts, key) = pair(&rsa(), alg);
    let good = token(&encrypts, ENC);
    // Garbage, a key of the right length for another message, and a wrong tag.
    let other = part(&token(&encrypts, ENC), 1).to_owned();
    let longer = part(&token(&encrypts, JweEnc::A256Gcm), 1).to_owned();
    for bad in
        [damaged(&good, 1), with_part(&good, 1, &other), with_part(&good, 1, &longer), damaged(&good, 4)]
    {
        assert_eq!(told(&key, &bad), line("encrypted-key-or-tag", alg));
    }
    let (encrypts, key) = pair(&rsa(), JweAlg::RsaOaep);
    let good = token(&encrypts, ENC);
    assert_eq!(told(&key, &damaged(&good, 1)), line("encrypted-key", JweAlg::RsaOaep));
}

struct External(Refusal);

impl UnwrapKey for External {
    fn unwrap_key(&self, _: &Request<'_>) -> Result<jose_b64::Secret, Refusal> {
        Err(self.0)
    }
}

/// Covers D1.
#[test]
fn external_keys_and_compressed_messages() {
    let alg = JweAlg::EcdhEs;
    let jwk = on_curve(Curve::P256);
    let good = token(&pair(&jwk, alg).0, ENC);
    let public = jwk.to_public().unwrap();
    let external = |refusal| DecryptionKey::external(&public, alg, External(refusal)).unwrap();
    assert_eq!(told(&external(Refusal::Failed), &good), line("agreement", alg));
    // One key says why it does not answer; of several, none does.
    let (result, lines) = heard(|| decrypt(&external(Refusal::Unavailable), &good).map(|_| ()));
    assert_eq!((result, lines), (Err(Error::Unavailable), vec![]));
    let two =
        DecryptionKeys::new([Refusal::Failed, Refusal::Unavailable].map(external)).unwrap().max_candidates(2);
    let (result, lines) = heard(|| decrypt(&two, &good).map(|_| ()));
    assert_eq!((result, lines), (Err(Error::Decryption), line("key", alg)));

    let (encrypts, key) = pair(&oct(16), JweAlg::A128Kw);
    let compressed = Message::new(ENC).compress().compact(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let limits = Limits { max_inflated: 1, max_ratio: 0, ..Limits::DEFAULT };
    let message = Encrypted::parse_compact(&compressed).unwrap().allow_compressed().limits(limits);
    let (result, lines) = heard(|| message.decrypt(&key, &mut SysRng).map(|_| ()));
    assert_eq!((result, lines), (Err(Error::Decryption), line("inflate", JweAlg::A128Kw)));
}
