//! T16, D13: encrypted JWTs, and signed ones inside of encrypted ones.

use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{AlgSet, Curve, JweAlg, JweEnc, Jwk, JwsAlg, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey};
use jose_jwt::{Claims, Error, Expected, JwtVerifier, Nested, NoClaims, NumericDate, Reason};

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
        DecryptionKey::from_jwk(&self.recipient, AlgSet::of(&[JweAlg::EcdhEsA128Kw])).unwrap()
    }

    fn nested(&self) -> JwtVerifier<Nested<VerifyingKey, DecryptionKey>> {
        let verify = VerifyingKey::from_jwk(&self.signer, AlgSet::of(&[JwsAlg::Es256])).unwrap();
        JwtVerifier::nested(verify, self.decryption()).issuer("joe").any_audience()
    }

    /// A text as the plaintext of a JWE with this header.
    fn encrypt(&self, header: &Header<'_>, plaintext: &str) -> String {
        let key = self.encryption();
        jose_jwe::compact::encrypt(&key, JweEnc::A128Gcm, header, plaintext.as_bytes()).unwrap()
    }
}

fn claims() -> Claims {
    Claims::new().issuer("joe").subject("jack").expires_after(std::time::Duration::from_secs(60))
}

const CTY: Header<'static> = Header { typ: None, cty: Some("JWT"), kid: None, members: None };

fn verify(keys: &Keys, token: &str) -> Result<Claims, Error> {
    let verified = keys.nested().verify_nested_at::<NoClaims, _>(token, &Expected::new(), NOW, &mut SysRng);
    verified.map(jose_jwt::Verified::into_claims)
}

/// Covers T16.
#[test]
fn signed_then_encrypted_in_a_call_each_way() {
    let keys = Keys::new();
    let signing = keys.signing();
    let token =
        jose_jwt::sign_and_encrypt_at(&signing, &keys.encryption(), JweEnc::A128Gcm, &claims(), NOW).unwrap();
    assert_eq!(token.split('.').count(), 5);
    assert_eq!(verify(&keys, &token).unwrap().sub(), Some("jack"));
}

/// Covers D13.
#[test]
fn what_is_inside_must_be_a_verified_jws() {
    let keys = Keys::new();
    let inner = jose_jwt::sign_at(&keys.signing(), &Header::default(), &claims(), NOW).unwrap();
    assert!(verify(&keys, &keys.encrypt(&CTY, &inner)).is_ok());

    // Not signed at all, unsecured, signed by another, encrypted once more: none of it is taken.
    let text = claims().to_json_at(NOW).unwrap();
    assert_eq!(verify(&keys, &keys.encrypt(&CTY, &text)), Err(Error::Jws(jose_jws::Error::Segments)),);
    let payload = inner.split('.').nth(1).unwrap();
    let unsecured = format!("eyJhbGciOiJub25lIn0.{payload}.");
    assert_eq!(
        verify(&keys, &keys.encrypt(&CTY, &unsecured)),
        Err(Error::Jws(jose_jws::Error::AlgorithmUnknown)),
    );
    let other = jose_jwt::sign_at(&Keys::new().signing(), &Header::default(), &claims(), NOW).unwrap();
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
    let inner = jose_jwt::sign_at(&keys.signing(), &Header::default(), &claims(), NOW).unwrap();
    assert_eq!(verify(&keys, &keys.encrypt(&Header::default(), &inner)), Err(Error::Cty));
    let other = Header { cty: Some("json"), ..Header::default() };
    assert_eq!(verify(&keys, &keys.encrypt(&other, &inner)), Err(Error::Cty));
    let lower = Header { cty: Some("jwt"), ..Header::default() };
    assert!(verify(&keys, &keys.encrypt(&lower, &inner)).is_ok());
}

/// Covers T16.
#[test]
fn replicated_claims_are_compared() {
    let keys = Keys::new();
    let inner =
        jose_jwt::sign_at(&keys.signing(), &Header::default(), &claims().audience("api"), NOW).unwrap();
    let verify = |members: &'static str| {
        let token = keys.encrypt(&Header { members: Some(members), ..CTY }, &inner);
        verify(&keys, &token).map(|_| ())
    };
    assert_eq!(verify(r#"{"iss":"joe","sub":"jack","aud":"api"}"#), Ok(()));
    assert_eq!(verify(r#"{"aud":["api"]}"#), Ok(()));
    let failed = |claim: &'static str| Err(Error::Claim { claim: claim.into(), reason: Reason::Mismatch });
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
    let header = |members| Header { members: Some(members), ..Header::default() };
    let inside = header(r#"{"crit":["x"],"x":1}"#);
    let inner = jose_jwt::sign_at(&keys.signing(), &inside, &claims(), NOW).unwrap();
    let outer = keys.encrypt(&Header { members: Some(r#"{"crit":["y"],"y":2}"#), ..CTY }, &inner);
    let verify = |names| {
        let verifier = keys.nested().understanding(names);
        verifier.verify_nested_at::<NoClaims, _>(&outer, &Expected::new(), NOW, &mut SysRng)
    };
    let refused = jose_jwk::Error::CritNotUnderstood;
    assert_eq!(verify(&["x"]).err(), Some(Error::Jwe(jose_jwe::Error::Header(refused))));
    assert_eq!(verify(&["y"]).err(), Some(Error::Jws(jose_jws::Error::Header(refused))));
    let verified = verify(&["x", "y"]).unwrap();
    assert_eq!(verified.header().get("x").map(|x| x.raw()), Some("1"));
    assert_eq!(verified.jwe_header().and_then(|header| header.get("y")).map(|y| y.raw()), Some("2"));

    let text = claims().to_json_at(NOW).unwrap();
    let encrypted = keys.encrypt(&header(r#"{"crit":["x"],"x":1}"#), &text);
    let decrypt = |names| {
        let verifier = JwtVerifier::encrypted_only(keys.decryption()).any_issuer().any_audience();
        let verifier = verifier.understanding(names);
        verifier.decrypt_at::<NoClaims, _>(&encrypted, &Expected::new(), NOW, &mut SysRng)
    };
    assert_eq!(decrypt(&[]).err(), Some(Error::Jwe(jose_jwe::Error::Header(refused))));
    assert_eq!(decrypt(&["x"]).unwrap().header().get("x").map(|x| x.raw()), Some("1"));
}

/// Covers T16.
#[test]
fn an_encrypted_jwt_is_not_a_signed_one() {
    let keys = Keys::new();
    let token = jose_jwt::encrypt_at(&keys.encryption(), JweEnc::A128Gcm, &Header::default(), &claims(), NOW)
        .unwrap();
    let verifier = JwtVerifier::encrypted_only(keys.decryption()).issuer("joe").any_audience();
    let decrypt = |token: &str, now| {
        verifier
            .decrypt_at::<NoClaims, _>(token, &Expected::new(), now, &mut SysRng)
            .map(|jwt| jwt.into_claims())
    };
    assert_eq!(decrypt(&token, NOW).unwrap().sub(), Some("jack"));
    // `typ` is the caller's, however it is given.
    for header in [
        Header { typ: Some("at+jwt"), ..Header::default() },
        Header { members: Some(r#"{"typ":"at+jwt"}"#), ..Header::default() },
    ] {
        let key = keys.encryption();
        let token = jose_jwt::encrypt_at(&key, JweEnc::A128Gcm, &header, &claims(), NOW).unwrap();
        let own = verifier.decrypt_at::<NoClaims, _>(&token, &Expected::new(), NOW, &mut SysRng).unwrap();
        assert!(own.header().is_typ("at+jwt"));
    }
    let late = NumericDate::from_seconds(1_700_000_060);
    assert_eq!(decrypt(&token, late).unwrap_err(), Error::Expired { at: late });
    assert_eq!(verify(&keys, &token).unwrap_err(), Error::Cty);

    let inner = jose_jwt::sign_at(&keys.signing(), &Header::default(), &claims(), NOW).unwrap();
    assert_eq!(decrypt(&keys.encrypt(&CTY, &inner), NOW).unwrap_err(), Error::Cty);
    assert!(matches!(decrypt(&keys.encrypt(&Header::default(), &inner), NOW), Err(Error::NotClaims(_))));
    let none = keys.encrypt(&Header::default(), r#"{"iss":"joe"}"#);
    let missing = Error::Claim { claim: "exp".into(), reason: Reason::Missing };
    assert_eq!(decrypt(&none, NOW).unwrap_err(), missing);
}
