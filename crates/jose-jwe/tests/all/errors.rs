//! J17: every error of this crate, from a call that ends in it.

use core::error::Error as _;

use jose_b64::base64url::encode_to_string;
use jose_jwe::enc::ContentKey;
use jose_jwe::key_management::key_wrap::KeyWrap;
use jose_jwe::{
    AlgSet, DecryptionKey, DecryptionKeys, Encrypted, EncryptionKey, Error, JweAlg, JweEnc, KeyDescription,
    Limits, Message, Refusal, Request, UnwrapKey, WrapKey,
};
use jose_jwk::{Curve, Jwk, JwkSet, SysRng};
use rand_core::{TryCryptoRng, TryRng};

use super::support::{PLAINTEXT, decrypt, encrypt, oct, on_curve, pair, token, with_part};

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

    fn try_fill_bytes(&mut self, _bytes: &mut [u8]) -> Result<(), Self::Error> {
        Err(core::fmt::Error)
    }
}

impl TryCryptoRng for Broken {}

/// An external key that gives no answer.
struct External(Refusal);

impl UnwrapKey for External {
    fn unwrap_key(&self, _request: &Request<'_>) -> Result<jose_b64::Secret, Refusal> {
        Err(self.0)
    }
}

impl WrapKey for External {
    fn wrap_key(&self, _alg: JweAlg, _cek: &[u8]) -> Result<Vec<u8>, Refusal> {
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
    decrypt(&decrypts, &token).unwrap_err()
}

/// What decrypting says of a message for these recipients.
fn with_recipients(protected: &str, recipients: &str) -> Error {
    let protected = encode_to_string(protected.as_bytes());
    let text = format!(r#"{{"protected":"{protected}","recipients":{recipients},"ciphertext":""}}"#);
    decrypt(&kw().1, &text).unwrap_err()
}

fn encryption_not_allowed() -> Error {
    let (encrypts, decrypts) = kw();
    decrypt(&decrypts.with_encs(JweEnc::A256Gcm).unwrap(), &token(&encrypts, ENC)).unwrap_err()
}

/// What decrypting says of this ephemeral key.
fn with_epk(epk: &str) -> Error {
    let (encrypts, decrypts) = pair(&on_curve(Curve::X25519), JweAlg::EcdhEs);
    let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
    let token = with_part(&token(&encrypts, ENC), 0, &encode_to_string(header.as_bytes()));
    decrypt(&decrypts, &token).unwrap_err()
}

#[cfg(feature = "hpke")]
fn psk_mismatch() -> Error {
    let (encrypts, decrypts) = pair(&on_curve(Curve::P256), JweAlg::Hpke0);
    let token = jose_jwe::encrypt(&encrypts, None, PLAINTEXT, &mut SysRng).unwrap();
    decrypt(&decrypts.with_psk([0; 32], b"id").unwrap(), &token).unwrap_err()
}

fn of_messages() -> Vec<(Error, &'static str)> {
    let (encrypts, decrypts) = kw();
    let good = token(&encrypts, ENC);
    let parse = |text: &str| Encrypted::parse_compact(text).unwrap_err();
    let json = |text: &str| Encrypted::parse_json(text).unwrap_err();
    let part = |index, part: &str| decrypt(&decrypts, &with_part(&good, index, part)).unwrap_err();
    let limited =
        |limits| Encrypted::parse_compact(&good).unwrap().limits(limits).decrypt(&decrypts, &mut SysRng);
    let compressed = Message::new(ENC).compress().compact(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let password = pair(&oct(16), JweAlg::Pbes2Hs256A128Kw).1;
    let salted = r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":1}"#;
    let salted = with_part(&good, 0, &encode_to_string(salted.as_bytes()));
    vec![
        (parse("a.b"), "segments"),
        (parse("{}"), "is-json"),
        (parse(&format!("Bearer {good}")), "bearer"),
        (json("{"), "syntax"),
        (part(2, "AAA="), "character"),
        (part(4, ""), "decryption"),
        (with_header(r#"{"alg":"A128KW","enc":"A128GCM","crit":[]}"#), "crit-malformed"),
        (with_header(r#"{"enc":"A128GCM"}"#), "algorithm-missing"),
        (with_header(r#"{"alg":"none","enc":"A128GCM"}"#), "algorithm-unknown"),
        (with_header(r#"{"alg":"A128KW"}"#), "encryption-missing"),
        (with_header(r#"{"alg":"A128KW","enc":"none"}"#), "encryption-unknown"),
        (with_header(r#"{"alg":"dir","enc":"A128GCM"}"#), "algorithm-not-allowed"),
        (encryption_not_allowed(), "encryption-not-allowed"),
        (with_epk(r#"{"kty":"OKP","crv":"X25519","x":"AAAA"}"#), "member-length"),
        (with_header(r#"{"alg":"A128KW","enc":"A128GCM","zip":"x"}"#), "compression-unknown"),
        (decrypt(&decrypts, &compressed).unwrap_err(), "compression-not-allowed"),
        (with_header(r#"{"alg":"HPKE-0","enc":"A128GCM"}"#), "encryption-unexpected"),
        (limited(Limits { max_len: good.len() - 1, ..Limits::DEFAULT }).unwrap_err(), "message-too-long"),
        (decrypt(&password, &salted).unwrap_err(), "password-cost"),
        (json("{}"), "member"),
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
    let alg = JweAlg::A128Kw;
    let kms = KeyDescription::symmetric(None);
    let (encrypts, decrypts) = kw();
    let good = token(&encrypts, ENC);
    let two = DecryptionKeys::new([kw().1, kw().1]).unwrap();
    let named = |kid| pair(&oct(16).with_kid(kid), alg);
    let (named, other) = (DecryptionKeys::new([named("a").1]).unwrap(), token(&named("b").0, ENC));
    let set: JwkSet = [oct(16), oct(32)].into_iter().collect();
    let wraps = AlgSet::of(&[alg, JweAlg::A256Kw, JweAlg::RsaOaep]);
    let wraps = DecryptionKeys::from_jwks(&set, wraps).unwrap();
    let rsa = token(&pair(&super::support::rsa(), JweAlg::RsaOaep).0, ENC);
    let exhausted = EncryptionKey::from_jwk(oct(16), JweAlg::Dir).unwrap().with_invocations(u32::MAX);
    let outside = DecryptionKey::external(kms, alg, External(Refusal::Unavailable)).unwrap();
    let refuses = EncryptionKey::external(kms, alg, External(Refusal::Failed)).unwrap();
    let encrypt = |key| encrypt(key, ENC, PLAINTEXT).unwrap_err();
    let mut content = ContentKey::new(ENC, &[0; 16]).unwrap();
    vec![
        (DecryptionKey::from_jwk(oct(17), alg).unwrap_err(), "wrong-length"),
        (DecryptionKey::from_jwk(oct(16), AlgSet::EMPTY).unwrap_err(), "algorithms-empty"),
        (DecryptionKey::try_from(&oct(16)).unwrap_err(), "algorithm-ambiguous"),
        (DecryptionKeys::new([]).unwrap_err(), "no-usable-key"),
        (ContentKey::new(ENC, b"-----BEGIN KEY--").unwrap_err(), "looks-like-key"),
        (KeyWrap::new(&[0; 20]).unwrap_err(), "key-length"),
        (decrypt(&named, &other).unwrap_err(), "kid-unknown"),
        (decrypt(&wraps, &rsa).unwrap_err(), "key-not-found"),
        (decrypt(&two, &good).unwrap_err(), "key-ambiguous"),
        (decrypt(&outside, &good).unwrap_err(), "unavailable"),
        (encrypt(&refuses), "encryption"),
        (encrypt(&exhausted), "key-exhausted"),
        (jose_jwe::decrypt(&decrypts, &good, &mut Broken).unwrap_err(), "rng"),
        (content.seal(b"", &mut [0; 1], 2, &mut SysRng).unwrap_err(), "buffer-too-small"),
    ]
}

/// The rows are listed by the macro that defines the enum, so that a new one cannot be forgotten here.
///
/// Covers J17.
#[test]
fn every_variant_and_every_code_is_provoked() {
    let mut all = of_messages();
    all.extend(of_keys());
    if !cfg!(feature = "x448") {
        let key = format!(r#"{{"kty":"OKP","crv":"X448","x":"{}"}}"#, encode_to_string(&[9; 56]));
        let key = EncryptionKey::from_jwk(Jwk::from_json(key).unwrap(), JweAlg::EcdhEs);
        all.push((key.unwrap_err(), "algorithm-disabled"));
    }
    all.push((kw().0.with_psk([0; 32], b"id").unwrap_err(), "psk-unusable"));
    #[cfg(feature = "hpke")]
    all.push((psk_mismatch(), "psk-mismatch"));
    let (mut variants, mut codes) = (Vec::new(), Vec::new());
    for (error, code) in &all {
        assert_eq!(error.code(), *code, "{error:?}");
        let text = error.to_string();
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('\n'), "{text}");
        let debug = format!("{error:?}");
        let name = debug.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        variants.push(name.to_owned());
        codes.push(*code);
    }
    // A build with every feature lacks none.
    let reachable = |variant: &str| match variant {
        "Disabled" => !cfg!(feature = "x448"),
        "PskMismatch" => cfg!(feature = "hpke"),
        _ => true,
    };
    let rows = || Error::ROWS.iter().filter(|(variant, ..)| reachable(variant));
    for (variant, code, _) in rows() {
        assert!(variants.iter().any(|provoked| provoked == variant), "{variant} is not provoked");
        if let Some(code) = code.strip_prefix('"').and_then(|code| code.strip_suffix('"')) {
            assert!(codes.contains(&code), "{code} is not provoked");
        }
    }
    assert!(rows().count() > 30);
}

/// The cause of an error is its source, down to the first one.
#[test]
fn the_inner_error_is_the_source() {
    let (encrypts, decrypts) = kw();
    let padded = decrypt(&decrypts, &with_part(&token(&encrypts, ENC), 2, "AAA=")).unwrap_err();
    let source = padded.source().unwrap();
    assert_eq!(padded.to_string(), format!("initialization vector: {source}"));
    let key = DecryptionKey::from_jwk(oct(17), JweAlg::A128Kw).unwrap_err();
    let usage = key.source().unwrap().source().unwrap();
    assert_eq!(usage.to_string(), key.to_string());
    let crit = with_header(r#"{"alg":"A128KW","enc":"A128GCM","crit":[]}"#);
    assert_eq!(crit.source().unwrap().to_string(), crit.to_string());
    assert!(Error::Decryption.source().is_none());
}
