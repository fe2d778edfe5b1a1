//! T17, J17: every error of this crate, from a call that ends in it, in words and as a code.

use core::time::Duration;
use std::collections::BTreeSet;

use jose_jwt::profile::{Confirmation, ID_TOKEN};
use jose_jwt::{
    Claims, DecryptionKey, EncryptionKey, Error, Hash, Header, JweAlg, JweEnc, Jwk, JwtVerifier,
    MemoryReplayGuard, NoClaims, NumericDate, Reason, SysRng, Token, jws::compact, random_id,
};
use rand_core::{TryCryptoRng, TryRng};

use crate::with_heap::help::{claims, key, now, token, verifier};

type Row = (Error, &'static str, &'static str);

/// Of a JWT as a whole, and of its header.
fn of_tokens() -> Vec<Row> {
    let bare = compact::sign(&key(), claims("").as_bytes(), &Header::new()).unwrap();
    let verify = |token: &str| verifier().at(now()).verify::<NoClaims>(token).unwrap_err();
    let jwk = Jwk::from_octets(vec![7; 16]).unwrap();
    let decrypts = DecryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let encrypts = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let nested = JwtVerifier::nested(key(), decrypts).any_issuer().any_audience();
    let nested = |token: &str| nested.at(now()).verify::<NoClaims>(token).unwrap_err();
    let without_cty = jose_jwt::jwe::Message::new(JweEnc::A128Gcm)
        .compact(&encrypts, bare.as_bytes(), &mut SysRng)
        .unwrap();
    vec![
        (verify("a.b"), "segments", "a compact JWS has three parts"),
        (verify(&without_cty), "segments", "`JwtVerifier::nested` or `encrypted_only` verifies it"),
        (nested(&bare), "segments", "five parts"),
        (nested(&without_cty), "cty", "cty does not announce"),
        (
            verify(&token("[]")),
            "not-claims",
            "the claims are not a JSON object: the JSON value is not an object",
        ),
        (
            verifier().max_len(3).at(now()).verify::<NoClaims>(&bare).unwrap_err(),
            "too-long",
            "the JWT is longer than 3 bytes",
        ),
        (
            verifier().typ("JWT").at(now()).verify::<NoClaims>(&bare).unwrap_err(),
            "typ",
            "the header's typ is missing",
        ),
    ]
}

/// Of the claims.
fn of_claims() -> Vec<Row> {
    let verify = |verifier: JwtVerifier<_>, payload: &str| {
        verifier.at(now()).verify::<NoClaims>(&token(payload)).unwrap_err()
    };
    let audience = || JwtVerifier::new(key()).any_issuer().audience("api");
    let id_token = claims(r#""iss":"a","sub":"b","aud":"c","iat":1,"events":{}"#);
    vec![
        (verify(audience(), &claims("")), "claim-missing", "the claim aud is missing"),
        (verify(audience(), r#"{"aud":1}"#), "claim-invalid", "the claim aud has a wrong type or value"),
        (
            verify(audience(), &claims(r#""aud":"x""#)),
            "claim-mismatch",
            "the claim aud is not the expected one: ",
        ),
        (
            verify(verifier().profile(ID_TOKEN), &id_token),
            "claim-prohibited",
            "the claim events may not be there",
        ),
        (verify(verifier(), r#"{"exp":1000.5}"#), "expired", "the JWT expired at 1000.5"),
        (
            verify(verifier(), &claims(r#""nbf":9000000000"#)),
            "not-yet-valid",
            "the JWT is not valid before 9000000000",
        ),
        (
            verifier().at(now()).verify::<Vec<u8>>(&token(claims(""))).unwrap_err(),
            "claims-type",
            "the claims are not of the expected type: ",
        ),
    ]
}

/// A generator that fails, always.
struct Broken;

impl TryRng for Broken {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, core::fmt::Error> {
        Err(core::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, core::fmt::Error> {
        Err(core::fmt::Error)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), core::fmt::Error> {
        Err(core::fmt::Error)
    }
}

impl TryCryptoRng for Broken {}

/// Of what the caller says, and of what the caller keeps.
fn of_callers() -> Vec<Row> {
    let once = |guard: &MemoryReplayGuard, id: &str| {
        let token = token(claims(&format!(r#""jti":"{id}""#)));
        verifier().at(now()).once(guard).verify::<NoClaims>(&token)
    };
    let guard = MemoryReplayGuard::new(1);
    once(&guard, "1").unwrap();
    let before = std::time::UNIX_EPOCH - Duration::from_secs(1);
    let twice = Claims::new().jwt_id("a").jwt_id("b");
    vec![
        (once(&guard, "1").unwrap_err(), "replayed", "the JWT was seen before"),
        (
            once(&guard, "2").unwrap_err(),
            "replay-store",
            "the store cannot tell whether the JWT was seen before",
        ),
        (
            Token::at(&Claims::new().with([1]), now()).to_json().unwrap_err(),
            "claims-write",
            "the claims cannot be written as a JSON object: ",
        ),
        (Token::at(&twice, now()).sign(&key()).unwrap_err(), "claim-twice", "the claim jti is set twice"),
        (
            verifier().leeway(Duration::from_secs(301)).unwrap_err(),
            "leeway-too-long",
            "the leeway is longer than five minutes",
        ),
        (
            verifier().trusted_audiences("other").at(now()).verify::<NoClaims>("").unwrap_err(),
            "option-without-effect",
            "the option `trusted_audiences` has no effect",
        ),
        (Claims::new().expires_in_text("120").unwrap_err(), "span", "a span of time with units"),
        (random_id(&mut Broken).unwrap_err(), "rng", "the random number generator"),
        (NumericDate::try_from(before).unwrap_err().into(), "clock", "the system's clock is not set"),
    ]
}

/// Covers T17, J17.
#[test]
fn every_code_is_provoked() {
    let mut found = BTreeSet::new();
    for (error, code, words) in [of_tokens(), of_claims(), of_callers()].concat() {
        assert_eq!(error.code(), code, "{error}");
        let text = error.to_string();
        assert!(text.contains(words) && !text.ends_with('.') && !text.contains('\n'), "{text}");
        found.insert(code);
    }
    let rows = Error::ROWS.iter().filter_map(|(_, code, _)| code.strip_prefix('"')?.strip_suffix('"'));
    let missing: Vec<&str> = rows.filter(|code| !found.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for reason in [Reason::Missing, Reason::Invalid, Reason::Mismatch, Reason::Prohibited] {
        assert!(found.contains(reason.code()), "{reason:?}");
    }
}

/// Answers 401 to what the sender did, and 500 to what this side did.
#[test]
fn a_refusal_is_told_from_a_failure() {
    for (error, code, _) in [of_tokens(), of_claims()].concat() {
        assert!(error.is_refusal(), "{code}");
    }
    for (error, code, _) in of_callers() {
        assert_eq!(error.is_refusal(), code == "replayed", "{code}");
    }
}

/// RFC 9449 section 6: a token that is bound to a key is no bearer token.
#[test]
fn a_bound_jwt_is_not_taken_as_a_bearer_token() {
    let own = Jwk::from_octets(vec![7; 16]).unwrap().thumbprint(Hash::Sha256).unwrap();
    let other = Jwk::from_octets(vec![8; 16]).unwrap().thumbprint(Hash::Sha256).unwrap();
    let cnf = serde_json::to_string(&Confirmation::new(&own)).unwrap();
    let bound = token(claims(&format!(r#""cnf":{cnf}"#)));
    let what = |result: Result<_, Error>| match result {
        Ok(_) => None,
        Err(Error::Claim { claim, reason, .. }) => Some((claim, reason)),
        Err(error) => panic!("{error}"),
    };
    let verifier = verifier();
    let verify = || verifier.at(now());
    assert_eq!(what(verify().verify::<NoClaims>(&bound)), Some(("cnf".into(), Reason::Prohibited)));
    assert_eq!(what(verify().bound_to(&own).verify::<NoClaims>(&bound)), None);
    let mismatch = what(verify().bound_to(&other).verify::<NoClaims>(&bound));
    assert_eq!(mismatch, Some(("cnf".into(), Reason::Mismatch)));
    let bearer = token(claims(""));
    assert_eq!(
        what(verify().bound_to(&own).verify::<NoClaims>(&bearer)),
        Some(("cnf".into(), Reason::Missing))
    );
    let ignores = crate::with_heap::help::verifier().dangerous_ignore_confirmation();
    assert_eq!(what(ignores.at(now()).verify::<NoClaims>(&bound)), None);
}
