//! What is computed before anything is authenticated: counted in questions to a key, bytes drawn at random, and memory
//! asked for. The arithmetic of RSA asks for memory with every number, which a control shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jose_b64::Secret;
use jose_jwe::{DecryptionKey, Encrypted, JweAlg, JweEnc, KeyDescription, Refusal, Request, UnwrapKey};
use jose_jwk::{Curve, Jwk, JwkSet, JwsAlg, PublicJwk, SysRng};
use jose_jws::alg::{Algorithm, Hs256};
use jose_jws::json::Require;
use jose_jws::signature::{self, MultipartVerifier};
use jose_jws::{Key, VerifyingKey, VerifyingKeys, compact, embedded, json};
use jose_jwt::profile::{DpopRequest, DpopVerifier};
use jose_jwt::{JwtVerifier, NoClaims, NumericDate};
use rsa::BoxedUint;

use crate::help::{Draw, base64, cost};

/// A private RSA key of 16 384 bits whose numbers have their lengths and `n` = `p` × `q`, as JSON: it takes arithmetic to
/// see that `d` does not fit.
fn private_rsa() -> String {
    let mut draw = Draw(1);
    let mut odd = |len: usize| {
        let mut bytes = draw.bytes(len);
        bytes[0] |= 0xc0;
        bytes[len - 1] |= 1;
        bytes
    };
    let (d, p, q) = (odd(2048), odd(1024), odd(1024));
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, 16_384).unwrap();
    let n = number(&p).wrapping_mul(number(&q)).to_be_bytes();
    let [d, p, q, n] = [base64(d), base64(p), base64(q), base64(n)];
    format!(
        r#"{{"kty":"RSA","n":"{n}","e":"AQAB","d":"{d}","p":"{p}","q":"{q}","dp":"{p}","dq":"{q}","qi":"{q}"}}"#
    )
}

/// Memory asked for at most so often, with at most so many bytes at a time beside the message.
#[track_caller]
fn refused<T>(what: &str, message: &str, count: u64, f: impl FnOnce() -> Result<T, String>) -> String {
    let cost = cost(f);
    let Err(error) = cost.result else { panic!("{what} is accepted") };
    assert!(cost.count <= count, "{what}: {} allocations, {error}", cost.count);
    assert!(cost.peak <= 2 * message.len() + 4096, "{what}: {} bytes of {}", cost.peak, message.len());
    error
}

/// Covers B11.
#[test]
fn a_private_key_that_a_message_carries_is_not_computed_with() {
    let jwk = private_rsa();
    // The control: a private key that is read as one.
    let control = cost(|| Jwk::from_json(&jwk));
    assert_eq!(control.result.unwrap_err().code(), "key-mismatch");
    assert!(control.count > 40, "{}", control.count);

    refused("PublicJwk", &jwk, 12, || PublicJwk::from_json(&jwk).map_err(|error| error.code().into()));
    for alg in ["RS256", "PS512", "ES256"] {
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"{alg}","jwk":{jwk}}}"#);
        let token = format!("{}.{}.{}", base64(header), base64("{}"), base64([1; 64]));
        let algs = [JwsAlg::Rs256, JwsAlg::Ps512, JwsAlg::Es256];
        refused("embedded", &token, 24, || {
            embedded::verify(&token, algs).map_err(|error| error.code().to_owned())
        });
        let verifier = DpopVerifier::new(algs, Duration::from_secs(60));
        let request = DpopRequest::new("GET", "https://api.example/");
        refused("DPoP proof", &token, 24, || {
            let verification = verifier.at(NumericDate::from_seconds(0));
            verification.verify(&token, &request).map_err(|error| error.code().to_owned())
        });
    }
    // A set that is read as public is read without what is private.
    let set = format!(r#"{{"keys":[{jwk}]}}"#);
    let public = cost(|| JwkSet::from_public_json(&set));
    assert!(public.count <= 40, "{}", public.count);
}

/// Covers B11, D16.
#[test]
fn the_recipients_of_a_message_do_not_make_all_pay() {
    let own = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let key = DecryptionKey::from_jwk(&own, JweAlg::EcdhEsA128Kw).unwrap();
    let other = Jwk::generate(Curve::P384, &mut SysRng).unwrap();
    let rows = [
        ("a private RSA key", private_rsa()),
        ("a private key of the curve", own.expose_private_json().to_string()),
        ("a key on another curve", other.to_public().unwrap().to_json()),
        ("a point that is not on the curve", {
            let (x, y) = (base64([1; 32]), base64([2; 32]));
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#)
        }),
    ];
    for (what, epk) in rows {
        let text = to_many(&format!(r#"{{"alg":"ECDH-ES+A128KW","epk":{epk}}}"#), 16);
        refused(what, &text, 16 * 12 + 24, || {
            let message = Encrypted::parse_json(&text).map_err(|error| error.code().to_owned())?;
            message.decrypt(&key, &mut SysRng).map_err(|error| error.code().to_owned())
        });
    }
}

/// A key elsewhere that counts what it is asked, and knows nothing.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn note(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl UnwrapKey for Asked {
    fn unwrap_key(&self, _request: &Request<'_>) -> Result<Secret, Refusal> {
        self.note();
        Err(Refusal::Failed)
    }
}

impl MultipartVerifier<<Hs256 as Algorithm>::Signature> for Asked {
    fn multipart_verify(
        &self,
        _message: &[&[u8]],
        _tag: &<Hs256 as Algorithm>::Signature,
    ) -> Result<(), signature::Error> {
        self.note();
        Err(signature::Error::new())
    }
}

/// A message to so many recipients of the same header.
fn to_many(header: &str, count: usize) -> String {
    let recipient = format!(r#"{{"header":{header},"encrypted_key":"{}"}}"#, base64([0; 24]));
    let recipients = vec![recipient; count].join(",");
    let (protected, iv, tag) = (base64(r#"{"enc":"A128GCM"}"#), base64([0; 12]), base64([0; 16]));
    format!(
        r#"{{"protected":"{protected}","recipients":[{recipients}],"iv":"{iv}","ciphertext":"","tag":"{tag}"}}"#
    )
}

/// Covers B11, D16.
#[test]
fn a_key_is_asked_for_its_algorithm_and_within_the_limits() {
    let asked = Asked::default();
    let description = KeyDescription::symmetric(Some("kms"));
    let key = DecryptionKey::external(description, JweAlg::A128Kw, asked.clone()).unwrap();
    for (header, count, code, times) in [
        (r#"{"alg":"A128KW"}"#, 16, "decryption", 16),
        (r#"{"alg":"A128KW"}"#, 17, "recipients", 0),
        (r#"{"alg":"A256KW"}"#, 16, "algorithm-not-allowed", 0),
        (r#"{"alg":"A128KW","kid":"other"}"#, 16, "kid-unknown", 0),
        (r#"{"alg":"A128KW","crit":["x"],"x":1}"#, 16, "crit-unprotected", 0),
        (
            r#"{"alg":"PBES2-HS256+A128KW","p2s":"AAAAAAAAAAAAAAAA","p2c":1000000}"#,
            16,
            "algorithm-not-allowed",
            0,
        ),
    ] {
        let error = jose_jwe::decrypt(&key, &to_many(header, count), &mut SysRng).unwrap_err();
        assert_eq!((error.code(), asked.take()), (code, times), "{header} × {count}: {error}");
    }
}

/// The key that replaces one is drawn when the password has been derived from: how often that was shows in the bytes that
/// are drawn.
///
/// Covers B11, D9, D16.
#[test]
fn a_password_is_not_derived_from_beyond_the_limit_of_all_recipients() {
    let jwk = Jwk::from_octets(b"a password of some length".to_vec()).unwrap();
    let key = DecryptionKey::from_jwk(&jwk, JweAlg::Pbes2Hs256A128Kw).unwrap();
    for (p2c, count, code, times) in [
        (1000, 16, "decryption", 16),
        (500_001, 2, "password-cost", 0),
        (62_501, 16, "password-cost", 0),
        (1_000_001, 1, "password-cost", 0),
        (999, 1, "password-cost", 0),
    ] {
        let header = format!(r#"{{"alg":"PBES2-HS256+A128KW","p2s":"AAAAAAAAAAAAAAAA","p2c":{p2c}}}"#);
        let mut rng = Counting(0);
        let error = jose_jwe::decrypt(&key, &to_many(&header, count), &mut rng).unwrap_err();
        assert_eq!(
            (error.code(), rng.0),
            (code, times * JweEnc::A128Gcm.cek_len()),
            "{p2c} × {count}: {error}"
        );
    }
}

/// Covers A9, B11, E7.
#[test]
fn a_signature_is_looked_at_after_all_that_decides_without_it() {
    let asked = Asked::default();
    let verifier = JwtVerifier::new(Key::<Hs256, _>::new(asked.clone())).issuer("issuer").audience("api");
    let token = |header: &str, payload: &str, tag: &[u8]| {
        format!("{}.{}.{}", base64(header), base64(payload), base64(tag))
    };
    let good = r#"{"alg":"HS256","typ":"JWT"}"#;
    let rows = [
        (token(good, "{}", &[0; 32]), 1),
        (token(good, "{}", &[0; 31]), 0),
        (token(good, "{}", &[0; 64]), 0),
        (token(r#"{"alg":"none"}"#, "{}", &[]), 0),
        (token(r#"{"alg":"RS256"}"#, "{}", &[0; 32]), 0),
        (token(r#"{"alg":"HS256","alg":"HS256"}"#, "{}", &[0; 32]), 0),
        (token(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, "{}", &[0; 32]), 0),
        (token(r#"{"alg":"HS256","crit":["exp"],"exp":1}"#, "{}", &[0; 32]), 0),
        (token(good, &"x".repeat(256 * 1024), &[0; 32]), 0),
        (token(&format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(16 * 1024)), "{}", &[0; 32]), 0),
        (".".repeat(200_000), 0),
    ];
    for (token, times) in rows {
        let at = NumericDate::from_seconds(0);
        let cost = cost(|| verifier.at(at).verify::<NoClaims>(&token).unwrap_err());
        let start: String = token.chars().take(60).collect();
        assert_eq!(asked.take(), times, "{start}: {:?}", cost.result);
        assert!(cost.count <= 12, "{start}: {} allocations", cost.count);
    }
}

/// Of 16 signatures those are verified that a key may serve; with `Any`, until one holds.
///
/// Covers D15, E7.
#[test]
fn signatures_are_verified_where_a_key_serves() {
    let asked = Asked::default();
    let key = Key::<Hs256, _>::new(asked.clone());
    let message = |alg: &str, count: usize| {
        let signature = format!(
            r#"{{"protected":"{}","signature":"{}"}}"#,
            base64(format!(r#"{{"alg":"{alg}"}}"#)),
            base64([0; 32])
        );
        format!(r#"{{"payload":"","signatures":[{}]}}"#, vec![signature; count].join(","))
    };
    for (alg, count, times) in [("HS256", 16, 16), ("HS256", 17, 0), ("ES256", 16, 0), ("none", 16, 0)] {
        json::verify(&key, &message(alg, count), Require::Any).unwrap_err();
        assert_eq!(asked.take(), times, "{alg} × {count}");
    }
}

/// Keys without a `kid` beside a token without one: as many are tried as was said, which is one.
///
/// Covers B4, B11.
#[test]
fn keys_are_tried_as_often_as_was_said() {
    let asked = Asked::default();
    let keys = |count: usize| {
        (0..count).map(|_| VerifyingKey::new(Key::<Hs256, _>::new(asked.clone()))).collect::<Vec<_>>()
    };
    let token = format!("{}..{}", base64(r#"{"alg":"HS256"}"#), base64([0; 32]));
    for (count, max, code, times) in
        [(1, 1, "signature", 1), (3, 1, "key-ambiguous", 0), (3, 3, "signature", 3)]
    {
        let keys = VerifyingKeys::new(keys(count)).unwrap().max_candidates(max);
        assert_eq!(compact::verify(&keys, &token).unwrap_err().code(), code, "{count} of {max}");
        assert_eq!(asked.take(), times, "{count} of {max}");
    }
}

/// A generator that counts the bytes it is asked for.
struct Counting(usize);

impl jose_jws::rand_core::TryRng for Counting {
    type Error = <SysRng as jose_jws::rand_core::TryRng>::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0 += 4;
        SysRng.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 += 8;
        SysRng.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0 += bytes.len();
        SysRng.try_fill_bytes(bytes)
    }
}

impl jose_jws::rand_core::TryCryptoRng for Counting {}

/// A message that is refused for its headers draws nothing; one whose key does not unwrap draws the key that replaces it.
///
/// Covers D11, G6.
#[test]
fn random_bytes_are_drawn_for_what_replaces_a_key() {
    let jwk = Jwk::generate(jose_jwk::KeySpec::Oct { len: 16 }, &mut SysRng).unwrap();
    let key = DecryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let parts = |header: &str| {
        format!("{}.{}.{}..{}", base64(header), base64([0; 24]), base64([0; 12]), base64([0; 16]))
    };
    for (header, bytes) in [
        (r#"{"alg":"A128KW","enc":"A128GCM"}"#, JweEnc::A128Gcm.cek_len()),
        (r#"{"alg":"A192KW","enc":"A128GCM"}"#, 0),
        (r#"{"alg":"A128KW","enc":"A128GCM","zip":"DEF"}"#, 0),
        (r#"{"alg":"A128KW","enc":"none"}"#, 0),
    ] {
        let mut rng = Counting(0);
        jose_jwe::decrypt(&key, &parts(header), &mut rng).unwrap_err();
        assert_eq!(rng.0, bytes, "{header}");
    }
}
