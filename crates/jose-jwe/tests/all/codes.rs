//! J17: every error of this crate, from a call that ends in it.

use jose_b64::base64url::encode_to_string;
use jose_jwe::compact::{self, Message};
use jose_jwe::enc::ContentKey;
use jose_jwe::{
    AlgSet, DecryptionKey, DecryptionKeys, Encrypted, EncryptionKey, Error, Header, JweAlg, JweEnc, Limits,
    Refusal, Request, Unwrap, Wrap, json,
};
use rand_core::{TryCryptoRng, TryRng};

use super::support::{PLAINTEXT, oct, pair, token, with_part};

#[path = "../../../jose-jws/tests/all/listed.rs"]
mod listed;

const ENC: JweEnc = JweEnc::A128Gcm;

/// A generator that fails, always.
struct Broken;

impl TryRng for Broken {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_fill_bytes(&mut self, _octets: &mut [u8]) -> Result<(), Self::Error> {
        Err(core::fmt::Error)
    }
}

impl TryCryptoRng for Broken {}

/// A key outside that gives no answer.
struct Outside(Refusal);

impl Unwrap for Outside {
    fn unwrap(&self, _request: &Request<'_>) -> Result<jose_b64::Secret, Refusal> {
        Err(self.0)
    }
}

impl Wrap for Outside {
    fn wrap(&self, _alg: JweAlg, _cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        Err(self.0)
    }
}

fn kw() -> (EncryptionKey, DecryptionKey) {
    pair(&oct(16), JweAlg::A128Kw)
}

/// What decrypting says of this header, over a message that is otherwise right.
fn with_header(header: &str) -> Error {
    let (encrypts, decrypts) = kw();
    let token = with_part(&token(&encrypts, ENC), 0, &encode_to_string(header.as_bytes()));
    compact::decrypt(&decrypts, &token).unwrap_err()
}

/// What decrypting says of a message for these recipients.
fn with_recipients(protected: &str, recipients: &str) -> Error {
    let protected = encode_to_string(protected.as_bytes());
    let text = format!(r#"{{"protected":"{protected}","recipients":{recipients},"ciphertext":""}}"#);
    json::decrypt(&kw().1, &text).unwrap_err()
}

fn of_messages() -> Vec<(Error, &'static str)> {
    let (encrypts, decrypts) = kw();
    let good = token(&encrypts, ENC);
    let parse = |text: &str| Encrypted::from_compact(text).unwrap_err();
    let part = |index, part: &str| compact::decrypt(&decrypts, &with_part(&good, index, part)).unwrap_err();
    let limited = |limits| Encrypted::from_compact(&good).unwrap().with_limits(limits).decrypt(&decrypts);
    let compressed = Message::new(ENC).compress().encrypt(&encrypts, PLAINTEXT).unwrap();
    let password = pair(&oct(16), JweAlg::Pbes2Hs256A128Kw).1;
    let salted = r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":1}"#;
    let salted = with_part(&good, 0, &encode_to_string(salted.as_bytes()));
    vec![
        (parse("a.b"), "segments"),
        (part(2, "AAA="), "character"),
        (part(4, ""), "decryption"),
        (with_header(r#"{"alg":"A128KW","enc":"A128GCM","crit":[]}"#), "crit-malformed"),
        (with_header(r#"{"enc":"A128GCM"}"#), "algorithm-missing"),
        (with_header(r#"{"alg":"none","enc":"A128GCM"}"#), "algorithm-unknown"),
        (with_header(r#"{"alg":"A128KW"}"#), "encryption-missing"),
        (with_header(r#"{"alg":"A128KW","enc":"none"}"#), "encryption-unknown"),
        (with_header(r#"{"alg":"dir","enc":"A128GCM"}"#), "algorithm-not-allowed"),
        (with_header(r#"{"alg":"A128KW","enc":"A128GCM","zip":"x"}"#), "compression-unknown"),
        (compact::decrypt(&decrypts, &compressed).unwrap_err(), "compression-not-allowed"),
        (limited(Limits { max_len: good.len() - 1, ..Limits::DEFAULT }).unwrap_err(), "message-too-long"),
        (compact::decrypt(&password, &salted).unwrap_err(), "password-cost"),
        (Encrypted::from_json("{}").unwrap_err(), "member"),
        (with_recipients(r#"{"alg":"A128KW","enc":"A128GCM"}"#, "[]"), "recipients"),
        (with_recipients(r#"{"alg":"dir","enc":"A128GCM"}"#, "[{},{}]"), "direct-not-alone"),
        (
            with_recipients(
                r#"{"alg":"A128KW"}"#,
                r#"[{"header":{"enc":"A128GCM"}},{"header":{"enc":"A256GCM"}}]"#,
            ),
            "encryption-differs",
        ),
    ]
}

fn of_keys() -> Vec<(Error, &'static str)> {
    let algs = AlgSet::of(&[JweAlg::A128Kw]);
    let header = Header::default();
    let (encrypts, decrypts) = kw();
    let good = token(&encrypts, ENC);
    let two = DecryptionKeys::new([kw().1, kw().1]).unwrap();
    let exhausted = EncryptionKey::from_jwk(&oct(16), JweAlg::Dir).unwrap().after(u32::MAX);
    let outside = DecryptionKey::outside_symmetric(None, algs, Outside(Refusal::Unavailable)).unwrap();
    let refuses = EncryptionKey::outside(None, None, JweAlg::A128Kw, Outside(Refusal::Failed)).unwrap();
    let encrypt = |key| compact::encrypt(key, ENC, &header, PLAINTEXT).unwrap_err();
    let mut content = ContentKey::new(ENC, &[0; 16]).unwrap();
    vec![
        (DecryptionKey::from_jwk(&oct(17), algs).unwrap_err(), "wrong-key"),
        (DecryptionKey::from_jwk(&oct(16), AlgSet::EMPTY).unwrap_err(), "algorithms-empty"),
        (DecryptionKey::try_from(&oct(16)).unwrap_err(), "algorithm-ambiguous"),
        (DecryptionKeys::new([]).unwrap_err(), "key-not-found"),
        (compact::decrypt(&two, &good).unwrap_err(), "key-ambiguous"),
        (compact::decrypt(&outside, &good).unwrap_err(), "unavailable"),
        (encrypt(&refuses), "encryption"),
        (encrypt(&exhausted), "key-exhausted"),
        (compact::decrypt_with_rng(&decrypts, &good, &mut Broken).unwrap_err(), "rng"),
        (content.seal(b"", &mut [0; 1], 2, &mut jose_jwk::SysRng).unwrap_err(), "buffer-too-small"),
    ]
}

/// Covers J17.
#[test]
fn every_variant_and_every_code_is_provoked() {
    let mut all = of_messages();
    all.extend(of_keys());
    for (error, code) in &all {
        assert_eq!(error.code(), *code, "{error:?}");
    }
    listed::assert_all_provoked("jwe", &all);
}
