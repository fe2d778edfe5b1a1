//! Each limit at, under and over it, with what it costs: memory asked for, counted.

use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, JweAlg, JweEnc};
use jose_jwk::{Curve, Jwk, JwkParser, JwkSet, JwsAlg, KeySpec, PublicJwk, SysRng};
use jose_jws::json::{Builder, Require};
use jose_jws::{Header, SigningKey, VerifyingKey, VerifyingKeys, compact, json};
use jose_jwt::{JwtVerifier, NoClaims, NumericDate};

use crate::help::{base64, cost};

fn secret() -> Jwk {
    Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap()
}

fn pair() -> (SigningKey, VerifyingKey) {
    let jwk = secret();
    (SigningKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap(), VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap())
}

/// Asks for the answer in code, memory so often, and so much beside what is given.
#[track_caller]
fn costs<T>(what: &str, code: &str, count: u64, peak: usize, f: impl FnOnce() -> Result<T, String>) {
    let cost = cost(f);
    let found = cost.result.err().unwrap_or_default();
    assert_eq!(found, code, "{what}");
    assert!(
        cost.count <= count && cost.peak <= peak,
        "{what}: {} allocations, {} bytes",
        cost.count,
        cost.peak
    );
}

/// Covers E7.
#[test]
fn ten_million_dots() {
    let (_, key) = pair();
    let dots = ".".repeat(10_000_000);
    let after = format!("{}{dots}", base64(r#"{"alg":"HS256"}"#));
    let decrypts = DecryptionKey::from_jwk(secret(), JweAlg::Dir).unwrap();
    let verifier = JwtVerifier::new(key.clone()).any_issuer().any_audience();
    for text in [&dots, &after] {
        costs("JWS", "segments", 1, 16, || compact::verify(&key, text).map_err(|e| e.code().to_owned()));
        costs("JWE", "segments", 1, 16, || {
            jose_jwe::decrypt(&decrypts, text, &mut SysRng).map_err(|e| e.code().to_owned())
        });
        costs("JWT", "too-long", 1, 16, || {
            verifier
                .at(NumericDate::from_seconds(0))
                .verify::<NoClaims>(text)
                .map_err(|e| e.code().to_owned())
        });
    }
    costs("decode", "segments", 1, 16, || jose_jwt::dangerous_decode(&dots).map_err(|e| e.code().to_owned()));
}

/// A header of exactly so many bytes.
fn header_of(len: usize, members: &str) -> String {
    let empty = format!(r#"{{{members},"x":""}}"#).len();
    format!(r#"{{{members},"x":"{}"}}"#, "x".repeat(len - empty))
}

/// Covers E7.
#[test]
fn a_header_of_a_jwe_has_16_kib_and_no_byte_more() {
    let decrypts = DecryptionKey::from_jwk(secret(), JweAlg::Dir).unwrap();
    for (len, code) in [(16_383, "decryption"), (16_384, "decryption"), (16_385, "header-too-long")] {
        let header = base64(header_of(len, r#""alg":"dir","enc":"A256GCM""#));
        let text = format!("{header}..{}..{}", base64([0; 12]), base64([0; 16]));
        costs(&len.to_string(), code, 40, 5 * len, || {
            jose_jwe::decrypt(&decrypts, &text, &mut SysRng).map_err(|e| e.code().to_owned())
        });
    }
}

fn nested(depth: usize) -> String {
    format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
}

/// The depth of a member's value is one more than that of the object it stands in.
///
/// Covers E8.
#[test]
fn json_is_16_levels_deep_wherever_it_stands() {
    let (signer, key) = pair();
    let verifier = JwtVerifier::new(key.clone()).any_issuer().any_audience().expiry_optional();
    let now = NumericDate::from_seconds(0);
    let public = Jwk::generate(Curve::P256, &mut SysRng).unwrap().to_public().unwrap().to_json();
    for (depth, fits) in [(14, true), (15, true), (16, false), (1_000_000, false)] {
        let inner = nested(depth);
        let what = depth.to_string();
        let most = 4 * inner.len() + 8192;
        let claims = format!(r#"{{"a":{inner}}}"#);
        let token = compact::sign(&signer, claims.as_bytes(), &Header::new()).unwrap();
        let verifier = verifier.clone().max_len(usize::MAX);
        costs(&what, if fits { "" } else { "not-claims" }, 40, most, || {
            verifier.at(now).verify::<NoClaims>(&token).map_err(|e| e.code().to_owned())
        });
        let header = format!(r#"{{"alg":"HS256","a":{inner}}}"#);
        let forged = format!("{}.e30.{}", base64(&header), base64([0; 32]));
        let code = match depth {
            _ if fits => "signature",
            16 => "depth",
            _ => "header-too-long",
        };
        costs(&what, code, 8, most, || compact::verify(&key, &forged).map_err(|e| e.code().to_owned()));
        let jwk = public.replacen('{', &format!(r#"{{"a":{inner},"#), 1);
        costs(&what, if fits { "" } else { "depth" }, 60, most, || {
            PublicJwk::from_json(&jwk).map_err(|e| e.code().to_owned())
        });
        let text = format!(r#"{{"payload":"","protected":"e30","a":{inner},"signature":"AA"}}"#);
        let read = json::Unverified::parse(&text).map_err(|e| e.code().to_owned());
        assert_eq!(read.err().as_deref() == Some("depth"), !fits, "{depth}");
    }
}

/// Covers E7, D14, D15.
#[test]
fn signatures_and_recipients_are_at_most_16() {
    let (signer, key) = pair();
    let jwk = Jwk::generate(KeySpec::Oct { len: 16 }, &mut SysRng).unwrap();
    let encrypts = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let decrypts = DecryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    for count in [15, 16, 17, 10_000] {
        let mut builder = Builder::new(b"payload");
        builder.sign(&signer, Header::new()).unwrap();
        let one = builder.general().unwrap();
        let (start, rest) = one.split_once('[').unwrap();
        let (signature, end) = rest.rsplit_once(']').unwrap();
        let text = format!("{start}[{}]{end}", vec![signature; count].join(","));
        let code = if count <= 16 { "" } else { "signatures-too-many" };
        costs(&count.to_string(), code, 120, 4 * text.len() + 8192, || {
            json::verify(&key, &text, Require::All).map_err(|e| e.code().to_owned())
        });

        let message = jose_jwe::Message::new(JweEnc::A128Gcm);
        let one = message.general(&[(&encrypts).into()], b"plaintext", &mut SysRng).unwrap();
        let (start, rest) = one.split_once('[').unwrap();
        let (recipient, end) = rest.rsplit_once(']').unwrap();
        let text = format!("{start}[{}]{end}", vec![recipient; count].join(","));
        let code = if count <= 16 { "" } else { "recipients" };
        costs(&count.to_string(), code, 160, 4 * text.len() + 8192, || {
            jose_jwe::decrypt(&decrypts, &text, &mut SysRng).map_err(|e| e.code().to_owned())
        });
    }
}

/// Covers E4, E7.
#[test]
fn extensions_are_counted() {
    let (signer, key) = pair();
    let names: Vec<String> = (0..20).map(|index| format!("x{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for count in [1, 7, 8, 9, 20] {
        let listed: Vec<String> = names[..count].iter().map(|name| format!("{name:?}")).collect();
        let members: Vec<String> = listed.iter().map(|name| format!("{name}:1")).collect();
        let header = format!(r#"{{"alg":"HS256","crit":[{}],{}}}"#, listed.join(","), members.join(","));
        let unsigned = compact::Unsigned::with_header_text(JwsAlg::Hs256, b"{}", &header);
        let token = unsigned.unwrap().sign(&signer).unwrap();
        let verify = |understood: &[&str]| {
            let jws = compact::Unverified::parse(&token).unwrap().understand(understood);
            jws.verify(&key).map(|_| ()).map_err(|e| e.code().to_owned())
        };
        let code = if count <= 8 { Ok(()) } else { Err("crit-not-understood".to_owned()) };
        assert_eq!(verify(&names[..count]), code, "{count}");
        assert_eq!(verify(&names[1..count]), Err("crit-not-understood".to_owned()), "{count}");
    }
}

/// Covers E7.
#[test]
fn a_jwt_has_256_kib_and_no_byte_more() {
    let (signer, key) = pair();
    let verifier = JwtVerifier::new(key).any_issuer().any_audience().expiry_optional();
    let limit = 256 * 1024;
    let sign = |filler: usize| {
        let claims = format!(r#"{{"x":"{}"}}"#, "x".repeat(filler));
        compact::sign(&signer, claims.as_bytes(), &Header::new()).unwrap()
    };
    let beside = sign(0).len();
    let mut lens = Vec::new();
    for filler in (limit - beside) / 4 * 3 - 8..(limit - beside) / 4 * 3 + 16 {
        let token = sign(filler);
        let code = if token.len() <= limit { "" } else { "too-long" };
        costs(&token.len().to_string(), code, 12, 2 * limit, || {
            let now = NumericDate::from_seconds(0);
            verifier.at(now).verify::<NoClaims>(&token).map_err(|e| e.code().to_owned())
        });
        lens.push(token.len());
    }
    assert!(lens.contains(&limit) && lens.iter().any(|len| *len > limit), "{lens:?}");
}

/// As many members as fit: names are compared without comparing each with each other, and what is asked of the heap stays
/// in proportion.
///
/// Covers E2, E7.
#[test]
fn claims_of_many_members() {
    let (signer, key) = pair();
    let verifier = JwtVerifier::new(key).any_issuer().any_audience().expiry_optional().max_len(usize::MAX);
    let now = NumericDate::from_seconds(0);
    for (count, twice) in [(20_000, false), (200_000, false), (200_000, true)] {
        let mut members: Vec<String> = (0..count).map(|index| format!(r#""{index}":1"#)).collect();
        if twice {
            members.push(r#""\u0030":1"#.to_owned());
        }
        let claims = format!("{{{}}}", members.join(","));
        let token = compact::sign(&signer, claims.as_bytes(), &Header::new()).unwrap();
        costs(&count.to_string(), if twice { "not-claims" } else { "" }, 80, 12 * claims.len(), || {
            verifier.at(now).verify::<NoClaims>(&token).map_err(|e| e.code().to_owned())
        });
    }
}

/// Covers E7.
#[test]
fn a_set_of_100_000_keys() {
    let key = Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap().to_public().unwrap().to_json();
    let key = key.trim_start_matches('{');
    let mut text = String::from(r#"{"keys":["#);
    for index in 0..100_000 {
        text.push_str(if index == 0 { "" } else { "," });
        text.push_str(&format!(r#"{{"kid":"{index}",{key}"#));
    }
    text.push_str("]}");
    let set = cost(|| JwkSet::from_json(&text).unwrap());
    assert_eq!(set.result.len(), 100_000);
    assert!(set.count <= 100_000 * 16, "{}", set.count);
    assert!(set.peak <= 12 * text.len(), "{} of {}", set.peak, text.len());
    let broken = format!("{}x", &text[..text.len() - 1]);
    costs("broken", "syntax", 60, 4 * text.len(), || {
        JwkSet::from_json(&broken).map_err(|e| e.code().to_owned())
    });
    let keys = VerifyingKeys::from_jwks(&set.result, JwsAlg::Ed25519).unwrap();
    let signer = Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap().with_kid("99999");
    let token = compact::sign(&SigningKey::try_from(&signer).unwrap(), b"{}", &Header::new()).unwrap();
    costs("chosen by its kid", "signature", 4, 4096, || {
        compact::verify(&keys, &token).map_err(|e| e.code().to_owned())
    });
}

/// Covers D9.
#[cfg(feature = "full")]
#[test]
fn encrypted_private_keys_say_what_they_cost_before_it_is_spent() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/openssl/");
    let scrypt = std::fs::read_to_string(format!("{folder}p8-scrypt.pem")).unwrap();
    let read = |memory: u64| {
        let parser = JwkParser::new().max_memory(memory);
        parser.encrypted_pem(&scrypt, "secret").map_err(|e| e.code().to_owned())
    };
    // scrypt with N = 16 384, r = 8, p = 1: 128 × N × r bytes.
    let needs = 128 * 16_384 * 8;
    costs("under", "work-too-much", 40, 32 * 1024, || read(needs - 1));
    let at = cost(|| read(needs));
    assert!(at.peak >= usize::try_from(needs).unwrap(), "{:?} {}", at.result, at.peak);
    let text = Jwk::generate(Curve::P256, &mut SysRng).unwrap().to_encrypted_pem("passphrase", &mut SysRng);
    let text = text.unwrap();
    let parser = |max: u32| JwkParser::new().max_iterations(max).encrypted_pem(&text, "passphrase");
    assert_eq!(parser(1).unwrap_err().code(), "work-too-much");
    assert!(parser(10_000_000).is_ok());
    let message = Encrypted::parse(&text);
    assert!(message.is_err());
}
