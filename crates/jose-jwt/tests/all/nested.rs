//! T16, D13: encrypted JWTs, and signed ones inside of encrypted ones.

use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{Curve, JweAlg, JweEnc, Jwk, JwsAlg, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey};
use jose_jwt::{Claims, Error, JwtVerifier, Nested, NoClaims, NumericDate, Reason, Token};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

struct Keys {
    signer: Jwk,
    recipient: Jwk,
}

impl Keys {
    fn new() -> Self {
        let generate = || Jwk::generate(Curve::P256, &mut SysRng).unwrap();
        Self { signer: generate(), recipient: generate() }
    }

    fn signing(&self) -> SigningKey {
        SigningKey::try_from(&self.signer).unwrap()
    }

    fn encryption(&self) -> EncryptionKey {
        EncryptionKey::from_jwk(&self.recipient, JweAlg::EcdhEsA128Kw).unwrap()
    }

    fn decryption(&self) -> DecryptionKey {
        DecryptionKey::from_jwk(&self.recipient, JweAlg::EcdhEsA128Kw).unwrap()
    }

    fn nested(&self) -> JwtVerifier<Nested<VerifyingKey, DecryptionKey>> {
        let verify = VerifyingKey::from_jwk(&self.signer, JwsAlg::Es256).unwrap();
        JwtVerifier::nested(verify, self.decryption()).issuer("joe").any_audience()
    }

    /// A text as the plaintext of a JWE with this header.
    fn encrypt(&self, header: &Header<'_>, plaintext: &str) -> String {
        let message = jose_jwe::Message::new(JweEnc::A128Gcm).header(*header);
        message.compact(&self.encryption(), plaintext.as_bytes(), &mut SysRng).unwrap()
    }
}

fn claims() -> Claims {
    Claims::new().issuer("joe").subject("jack").expires_in(std::time::Duration::from_secs(60))
}

const CTY: Header<'static> = Header::new().cty("JWT");

fn verify(keys: &Keys, token: &str) -> Result<Claims, Error> {
    let verified = keys.nested().at(NOW).rng(&mut SysRng).verify::<NoClaims>(token);
    verified.map(jose_jwt::Verified::into_claims)
}

/// Covers T16.
#[test]
fn signed_then_encrypted_in_a_call_each_way() {
    let keys = Keys::new();
    let signing = keys.signing();
    let token = Token::at(&claims(), NOW)
        .sign_then_encrypt(&signing, &keys.encryption(), JweEnc::A128Gcm, &mut SysRng)
        .unwrap();
    assert_eq!(token.split('.').count(), 5);
    assert_eq!(verify(&keys, &token).unwrap().sub(), Some("jack"));
}

/// Covers D13.
#[test]
fn what_is_inside_must_be_a_verified_jws() {
    let keys = Keys::new();
    let inner = Token::at(&claims(), NOW).sign(&keys.signing()).unwrap();
    assert!(verify(&keys, &keys.encrypt(&CTY, &inner)).is_ok());

    // Not signed at all, unsecured, signed by another, encrypted once more: none of it is taken.
    let text = Token::at(&claims(), NOW).to_json().unwrap();
    assert_eq!(verify(&keys, &keys.encrypt(&CTY, &text)), Err(Error::Jws(jose_jws::Error::IsJson)),);
    let payload = inner.split('.').nth(1).unwrap();
    let unsecured = format!("eyJhbGciOiJub25lIn0.{payload}.");
    assert_eq!(
        verify(&keys, &keys.encrypt(&CTY, &unsecured)),
        Err(Error::Jws(jose_jws::Error::AlgorithmUnknown)),
    );
    let other = Token::at(&claims(), NOW).sign(&Keys::new().signing()).unwrap();
    assert_eq!(verify(&keys, &keys.encrypt(&CTY, &other)), Err(Error::Jws(jose_jws::Error::Signature)),);
    let mut deep = inner.clone();
    for depth in 2..=10 {
        deep = keys.encrypt(&CTY, &deep);
        let taken = verify(&keys, &deep).is_ok();
        assert_eq!(taken, depth == 2, "at depth {depth}");
    }
    // A signed JWT is no encrypted one.
    assert!(matches!(verify(&keys, &inner), Err(Error::Jwe(_))));
}

/// Covers D13.
#[test]
fn cty_says_that_a_jwt_is_inside() {
    let keys = Keys::new();
    let inner = Token::at(&claims(), NOW).sign(&keys.signing()).unwrap();
    assert_eq!(verify(&keys, &keys.encrypt(&Header::new(), &inner)), Err(Error::Cty));
    let other = Header::new().cty("json");
    assert_eq!(verify(&keys, &keys.encrypt(&other, &inner)), Err(Error::Cty));
    let lower = Header::new().cty("jwt");
    assert!(verify(&keys, &keys.encrypt(&lower, &inner)).is_ok());
}

/// Covers T16.
#[test]
fn replicated_claims_are_compared() {
    let keys = Keys::new();
    let inner = Token::at(&claims().audience("api"), NOW).sign(&keys.signing()).unwrap();
    let verify = |members: &'static str| {
        let token = keys.encrypt(&CTY.parameters(members).unwrap(), &inner);
        verify(&keys, &token).map(|_| ())
    };
    assert_eq!(verify(r#"{"iss":"joe","sub":"jack","aud":"api"}"#), Ok(()));
    assert_eq!(verify(r#"{"aud":["api"]}"#), Ok(()));
    let failed = |claim: &'static str| {
        Err(Error::Claim { claim: claim.into(), reason: Reason::Mismatch, expected: None })
    };
    assert_eq!(verify(r#"{"iss":"moe"}"#), failed("iss"));
    assert_eq!(verify(r#"{"sub":1}"#), failed("sub"));
    assert_eq!(verify(r#"{"aud":"other"}"#), failed("aud"));
    assert_eq!(verify(r#"{"aud":["api","other"]}"#), failed("aud"));
}

/// E4: an extension of the outer header is understood as one of the inner is, and both can be read.
///
/// Covers T03, T16.
#[test]
fn extensions_of_both_headers() {
    let keys = Keys::new();
    let header = |members| Header::new().parameters(members).unwrap();
    let inside = header(r#"{"crit":["x"],"x":1}"#);
    let inner = Token::at(&claims(), NOW).header(inside).sign(&keys.signing()).unwrap();
    let outer = keys.encrypt(&CTY.parameters(r#"{"crit":["y"],"y":2}"#).unwrap(), &inner);
    let verify = |names| {
        let verifier = keys.nested().understand(names);
        verifier.at(NOW).rng(&mut SysRng).verify::<NoClaims>(&outer)
    };
    let refused = jose_jws::HeaderError::CritNotUnderstood;
    assert_eq!(verify(&["x"]).err(), Some(Error::Jwe(jose_jwe::Error::Header(refused))));
    assert_eq!(verify(&["y"]).err(), Some(Error::Jws(jose_jws::Error::Header(refused))));
    let verified = verify(&["x", "y"]).unwrap();
    assert_eq!(verified.header().get("x").map(|x| x.raw()), Some("1"));
    assert_eq!(verified.jwe_header().and_then(|header| header.get("y")).map(|y| y.raw()), Some("2"));

    let text = Token::at(&claims(), NOW).to_json().unwrap();
    let encrypted = keys.encrypt(&header(r#"{"crit":["x"],"x":1}"#), &text);
    let decrypt = |names| {
        let verifier = JwtVerifier::encrypted_only(keys.decryption()).any_issuer().any_audience();
        let verifier = verifier.understand(names);
        verifier.at(NOW).rng(&mut SysRng).verify::<NoClaims>(&encrypted)
    };
    assert_eq!(decrypt(&[]).err(), Some(Error::Jwe(jose_jwe::Error::Header(refused))));
    assert_eq!(decrypt(&["x"]).unwrap().header().get("x").map(|x| x.raw()), Some("1"));
}

/// Covers T16.
#[test]
fn an_encrypted_jwt_is_not_a_signed_one() {
    let keys = Keys::new();
    let token = Token::at(&claims(), NOW).encrypt(&keys.encryption(), JweEnc::A128Gcm, &mut SysRng).unwrap();
    let verifier = JwtVerifier::encrypted_only(keys.decryption()).issuer("joe").any_audience();
    let decrypt = |token: &str, now| {
        verifier.at(now).rng(&mut SysRng).verify::<NoClaims>(token).map(|jwt| jwt.into_claims())
    };
    assert_eq!(decrypt(&token, NOW).unwrap().sub(), Some("jack"));
    // `typ` is the caller's, however it is given.
    for header in [Header::new().typ("at+jwt"), Header::new().parameters(r#"{"typ":"at+jwt"}"#).unwrap()] {
        let key = keys.encryption();
        let token =
            Token::at(&claims(), NOW).header(header).encrypt(&key, JweEnc::A128Gcm, &mut SysRng).unwrap();
        let own = verifier.at(NOW).rng(&mut SysRng).verify::<NoClaims>(&token).unwrap();
        assert!(own.header().is_typ("at+jwt"));
    }
    let late = NumericDate::from_seconds(1_700_000_060);
    assert_eq!(decrypt(&token, late).unwrap_err(), Error::Expired { at: late });
    assert_eq!(verify(&keys, &token).unwrap_err(), Error::Cty);

    let inner = Token::at(&claims(), NOW).sign(&keys.signing()).unwrap();
    assert_eq!(decrypt(&keys.encrypt(&CTY, &inner), NOW).unwrap_err(), Error::Cty);
    assert!(matches!(decrypt(&keys.encrypt(&Header::new(), &inner), NOW), Err(Error::NotClaims(_))));
    let none = keys.encrypt(&Header::new(), r#"{"iss":"joe"}"#);
    let missing = Error::Claim { claim: "exp".into(), reason: Reason::Missing, expected: None };
    assert_eq!(decrypt(&none, NOW).unwrap_err(), missing);
}
