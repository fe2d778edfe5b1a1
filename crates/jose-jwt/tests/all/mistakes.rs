//! What is often done wrong, and what the error says to it.

use core::time::Duration;

use jose_jwt::jws::{Header, compact};
use jose_jwt::profile::{ACCESS_TOKEN, Profile};
use jose_jwt::{
    Claims, Curve, DecryptionKey, EncryptionKey, Error, Hash, JweAlg, JweEnc, Jwk, JwkSet, JwsAlg,
    JwtVerifier, MemoryReplayGuard, NoClaims, SigningKey, SysRng, Token, VerifyingKey, VerifyingKeys,
};
use serde::Deserialize;
use serde_json::json;

use crate::with_heap::help::{NOW, TestKey, claims, key, now, token, verifier};

type Row<'r> = (&'r str, Error, &'r str, &'r str);

fn check(rows: &[Row<'_>]) {
    for (what, error, code, phrase) in rows {
        let text = error.to_string();
        assert_eq!(error.code(), *code, "{what}: {text}");
        assert!(text.contains(phrase), "{what}: {text}");
    }
}

fn refused<K: jose_jwt::TokenKeys>(verifier: &JwtVerifier<K>, token: &str) -> Error {
    verifier.at(now()).verify::<NoClaims>(token).err().unwrap()
}

fn encrypted(text: &[u8]) -> (String, DecryptionKey) {
    let jwk = Jwk::from_octets(vec![7; 16]).unwrap();
    let to = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let token = jose_jwt::jwe::encrypt(&to, JweEnc::A128Gcm, text, &mut SysRng).unwrap();
    (token, DecryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap())
}

/// What stands around a token, is missing from it, or is no token.
#[test]
fn texts() {
    let good = token(claims(""));
    let read = |text: &str| refused(&verifier(), text);
    let cut = |by: usize| read(&good[..good.len() - by]);
    let (closed, decrypts) = encrypted(good.as_bytes());
    let nested = JwtVerifier::nested(key(), decrypts.clone()).any_issuer().any_audience();
    let closed_only = JwtVerifier::encrypted_only(decrypts).any_issuer().any_audience();
    let signature = good.rsplit_once('.').unwrap().1.len();
    check(&[
        ("a header field's value", read(&format!("Bearer {good}")), "bearer", "the token is what follows it"),
        (
            "a line end",
            read(&format!("{good}\n")),
            "character",
            "signature: the character at byte 43 is white space",
        ),
        (
            "a space in front",
            read(&format!(" {good}")),
            "length",
            "header: the base64url text is cut off or damaged, or something stands around it",
        ),
        ("JSON around it", read(&format!(r#"{{"token":"{good}"}}"#)), "is-json", "the text is JSON"),
        ("quotes around it", read(&format!(r#""{good}""#)), "length", "something stands around it"),
        ("padding", read(&format!("{good}=")), "character", "signature: the character at byte 43 is padding"),
        (
            "one character less",
            cut(1),
            "trailing-bits",
            "signature: the base64url text is cut off or damaged",
        ),
        ("two characters less", cut(2), "length", "signature: the base64url text is cut off or damaged"),
        ("no signature", cut(signature + 1), "segments", "has three parts, and this text has 2"),
        ("an opaque token", read("2YotnFZFEjr1zCsicMWpAA"), "segments", "has 1: it is not a JWS"),
        ("a UUID", read("0f8fad5b-d9cb-469f-a165-70867728950e"), "segments", "it is not a JWS"),
        ("an empty text", read(""), "segments", "it is not a JWS"),
        (
            "an encrypted token",
            read(&closed),
            "segments",
            "`JwtVerifier::nested` or `encrypted_only` verifies it",
        ),
        (
            "a signed token, nested",
            refused(&nested, &good),
            "segments",
            "it is signed and not encrypted (JWS)",
        ),
        (
            "a signed token, encrypted",
            refused(&closed_only, &good),
            "segments",
            "it is signed and not encrypted",
        ),
        ("a nested token without cty", refused(&nested, &closed), "cty", "`encrypted_only` claims"),
        ("another key", refused(&other(), &good), "signature", "the signature does not verify"),
        (
            "a payload that is no claims set",
            read(&token("hello")),
            "not-claims",
            "the claims are not a JSON object",
        ),
    ]);
}

/// A verifier with a key that signed nothing.
fn other() -> JwtVerifier<VerifyingKey> {
    let jwk = Jwk::from_octets(vec![8; 32]).unwrap();
    let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap();
    JwtVerifier::new(key).any_issuer().any_audience()
}

#[derive(Debug, Deserialize)]
struct Access {
    #[expect(dead_code, reason = "it is never there")]
    roles: Vec<String>,
}

/// What a verifier expects and the token does not say.
#[test]
fn claims_that_do_not_fit() {
    let payload = claims(r#""iss":"https://issuer.example/","aud":"web","sub":"alice""#);
    let good = token(&payload);
    let api = || JwtVerifier::new(key()).any_issuer().audience("api");
    let issuer = JwtVerifier::new(key()).issuer("https://issuer.example").any_audience();
    let read = |payload: &str| refused(&verifier(), &token(payload));
    let typed = |members: &str| verifier().at(now()).verify::<Access>(&token(claims(members))).unwrap_err();
    let thumbprint = Jwk::from_octets(vec![7; 32]).unwrap().thumbprint(Hash::Sha256).unwrap();
    let unbound = verifier().at(now()).bound_to(&thumbprint).verify::<NoClaims>(&good).unwrap_err();
    let nonce = verifier().at(now()).nonce("n-1").verify::<NoClaims>(&good).unwrap_err();
    let milliseconds = format!(r#"{{"iat":{NOW},"exp":{}000}}"#, NOW + 600);
    let hour = verifier().max_lifetime(Duration::from_secs(3600));
    check(&[
        ("an old token", read(r#"{"exp":1500000000}"#), "expired", "the JWT expired at 1500000000"),
        (
            "a clock that is slow",
            read(&claims(&format!(r#""nbf":{}"#, NOW + 5))),
            "not-yet-valid",
            "the JWT is not valid before 1700000005",
        ),
        ("no exp", read("{}"), "claim-missing", "the claim exp is missing"),
        (
            "exp as a string",
            read(r#"{"exp":"1700000600"}"#),
            "claim-invalid",
            "the claim exp has a wrong type",
        ),
        (
            "exp in milliseconds",
            refused(&hour, &token(milliseconds)),
            "claim-mismatch",
            "the claim exp is not",
        ),
        (
            "another audience",
            refused(&api(), &good),
            "claim-mismatch",
            "aud is not the expected one: [\"api\"] is accepted",
        ),
        (
            "an issuer without its slash",
            refused(&issuer, &good),
            "claim-mismatch",
            "iss is not the expected one: [\"https://issuer.example\"] is accepted",
        ),
        ("another subject", refused(&verifier().subject("bob"), &good), "claim-mismatch", "the claim sub is"),
        (
            "a claim that is required",
            refused(&verifier().require("tenant"), &good),
            "claim-missing",
            "claim tenant",
        ),
        ("no nonce", nonce, "claim-missing", "the claim nonce is missing"),
        ("a field that is missing", typed(""), "claims-type", "missing field `roles`"),
        (
            "a field of another type",
            typed(r#""roles":"admin""#),
            "claims-type",
            "invalid type: string \"admin\"",
        ),
        (
            "a bound token as a bearer token",
            read(&claims(r#""cnf":{"jkt":"x"}"#)),
            "claim-prohibited",
            "`Verification::bound_to`",
        ),
        ("a bearer token as a bound one", unbound, "claim-missing", "the claim cnf is missing"),
        ("a claim twice", read(r#"{"exp":9000000000,"exp":1}"#), "not-claims", "have the same name"),
    ]);
}

/// What a verifier or a profile says of the header, and options that do nothing.
#[test]
fn rules() {
    const INVITATION: Profile = Profile::new("invitation").typ(&["invitation+jwt"]).typ_required();
    let good = token(claims(r#""aud":"api""#));
    let bare = compact::sign(&key(), claims("").as_bytes(), &Header::new()).unwrap();
    let refused = |verifier: JwtVerifier<TestKey>, token: &str| refused(&verifier, token);
    let guard = MemoryReplayGuard::new(10);
    let once = |token: &str| verifier().at(now()).once(&guard).verify::<NoClaims>(token);
    let single = token(claims(r#""jti":"1""#));
    once(&single).unwrap();
    check(&[
        (
            "an ID Token as an access token",
            refused(verifier().profile(ACCESS_TOKEN), &good),
            "typ",
            "the header's typ",
        ),
        (
            "a token of another kind",
            refused(verifier().profile(INVITATION), &good),
            "typ",
            "typ is not the expected one (`JwtVerifier::typ` or the profile sets it)",
        ),
        (
            "no typ",
            refused(verifier().profile(INVITATION), &bare),
            "typ",
            "typ is missing (`JwtVerifier::typ` or the profile sets it)",
        ),
        (
            "an optional exp that the profile requires",
            refused(verifier().profile(ACCESS_TOKEN).expiry_optional(), &good),
            "option-without-effect",
            "`expiry_optional` has no effect with this profile",
        ),
        (
            "a leeway of an hour",
            verifier().leeway(Duration::from_secs(3600)).unwrap_err(),
            "leeway-too-long",
            "longer than five minutes (`dangerous_leeway` takes it)",
        ),
        ("a link that is used twice", once(&single).unwrap_err(), "replayed", "the JWT was seen before"),
        (
            "one use of a token without jti",
            once(&good).unwrap_err(),
            "claim-missing",
            "the claim jti is missing",
        ),
    ]);
}

/// What an issuer does wrong.
#[test]
fn issuing() {
    let write = |claims: &Claims<serde_json::Value>| Token::at(claims, now()).sign(&key()).unwrap_err();
    let parameters =
        |text: &str| Error::from(jose_jwt::jws::Error::from(Header::new().parameters(text).unwrap_err()));
    let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let named = SigningKey::try_from(&jwk.clone().with_kid("key-1")).unwrap();
    let secret = Jwk::from_octets(*b"secret").unwrap();
    let header = Header::new().kid("key-2");
    check(&[
        (
            "a registered claim in a type of one's own",
            write(&Claims::new().issuer("a").with(json!({ "iss": "b" }))),
            "claim-twice",
            "the claim iss is set twice",
        ),
        (
            "claims that are no object",
            write(&Claims::new().with(json!("read"))),
            "claims-write",
            "a JSON object",
        ),
        (
            "alg in the header",
            parameters(r#"{"alg":"HS256"}"#),
            "parameter-reserved",
            "alg comes from the key",
        ),
        ("a header that is no object", parameters("[]"), "not-an-object", "header: "),
        (
            "the kid of another key",
            Token::at(&Claims::new(), now()).header(header).sign(&named).unwrap_err(),
            "kid-mismatch",
            "the header's kid is not that of the signing key",
        ),
        ("a span without unit", Claims::new().expires_in_text("3600").unwrap_err(), "span", "such as `10m`"),
        (
            "a password as a secret",
            SigningKey::from_jwk(&secret, JwsAlg::Hs256).unwrap_err().into(),
            "weak-secret-too-short",
            "HS256 takes a secret of at least 32 bytes, and this one has 6",
        ),
    ]);
}

/// What a verifier's keys are not.
#[test]
fn keys() {
    let generate = |kid: &str| Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid(kid);
    let (one, two) = (generate("one"), generate("two"));
    let sign = |jwk: &Jwk| {
        let claims = Claims::new().expires_in(Duration::from_secs(600));
        Token::at(&claims, now()).sign(&SigningKey::try_from(jwk).unwrap()).unwrap()
    };
    let from = |set: &JwkSet, alg: JwsAlg| VerifyingKeys::from_jwks(set, alg);
    let set: JwkSet = [one.clone(), two].into_iter().collect();
    let verifier = JwtVerifier::new(from(&set, JwsAlg::Es256).unwrap()).any_issuer().any_audience();
    let anonymous = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let read = |token: &str| refused(&verifier, token);
    check(&[
        ("a key set that is old", read(&sign(&generate("three"))), "kid-unknown", "if the key set is remote"),
        ("a token without kid", read(&sign(&anonymous)), "key-ambiguous", "more than one key could be meant"),
        (
            "another algorithm",
            read(&token(claims(""))),
            "algorithm-not-allowed",
            "alg HS256 is not among those allowed: {ES256}",
        ),
        (
            "a set for another algorithm",
            from(&set, JwsAlg::Rs256).unwrap_err().into(),
            "no-usable-key",
            "none of the 2 keys of the set serves an allowed algorithm: key 0: a key of type EC on P-256 does not fit",
        ),
        (
            "an empty set",
            from(&JwkSet::new(), JwsAlg::Es256).unwrap_err().into(),
            "no-usable-key",
            "has no keys",
        ),
        (
            "a JWK as a set",
            JwkSet::from_json(one.to_public().unwrap().to_json()).map_err(of_key).unwrap_err(),
            "is-key",
            "`Jwk::from_json`",
        ),
    ]);
}

fn of_key(error: jose_jwt::jwk::Error) -> Error {
    Error::Jws(error.into())
}
