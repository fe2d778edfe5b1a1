//! A client secret in the manner of Apple, and a request with a DPoP proof.

use std::time::Duration;

use jose_b64::base64url;
use jose_jwk::header::HeaderBuilder;
use jose_jwk::{AlgSet, Curve, Hash, Jwk, JwsAlg, PrivateFormat, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey, compact};
use jose_jwt::profile::{ACCESS_TOKEN, AccessToken, Confirmation, DpopRequest, DpopVerifier};
use jose_jwt::{Claims, Error, Expected, JwtVerifier, MemoryReplayGuard, NoClaims, Reason};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{NOW, at};

/// The key comes as a file `AuthKey_….p8`, its name stands in `kid`, and the secret lasts six months at most.
#[test]
fn a_client_secret_is_a_jwt() {
    let made = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let file = made.expose_private_pem(PrivateFormat::Pkcs8).unwrap();
    assert!(file.starts_with("-----BEGIN PRIVATE KEY-----"));

    let key = Jwk::from_pem(&file).unwrap().with_kid("ABC123DEFG").with_alg(JwsAlg::Es256);
    let claims = Claims::new()
        .issuer("DEF123GHIJ")
        .subject("com.example.web")
        .audience("https://appleid.apple.com")
        .issued_at(NOW)
        .expires_in(NOW, Duration::from_secs(15_777_000));
    let secret =
        jose_jwt::sign_at(&SigningKey::try_from(&key).unwrap(), &Header::default(), &claims, NOW).unwrap();

    let header = secret.split('.').next().unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&base64url::decode_to_vec(header.as_bytes()).unwrap()).unwrap();
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT", "kid": "ABC123DEFG"}));

    let public = VerifyingKey::from_jwk(made.to_public().unwrap().as_jwk(), JwsAlg::Es256.into()).unwrap();
    let verifier = JwtVerifier::new(public)
        .issuer("DEF123GHIJ")
        .audience("https://appleid.apple.com")
        .subject("com.example.web")
        .max_age(Duration::from_secs(15_777_000));
    assert!(verifier.verify_at::<NoClaims>(&secret, at(15_776_999)).is_ok());
    let late = verifier.verify_at::<NoClaims>(&secret, at(15_777_000)).err();
    assert_eq!(late, Some(Error::Expired { at: at(15_777_000) }));
}

/// What a client adds to one request (RFC 9449 section 4.2).
fn proof(jwk: &Jwk, method: &str, uri: &str, token: &str, id: &str) -> String {
    let members = HeaderBuilder::new().jwk(&jwk.to_public().unwrap()).unwrap();
    let header = Header { typ: Some("dpop+jwt"), ..members.header() };
    let ath = base64url::encode_to_string(&Sha256::digest(token));
    let claims = json!({"jti": id, "htm": method, "htu": uri, "iat": NOW.seconds(), "ath": ath});
    compact::sign(&SigningKey::try_from(jwk).unwrap(), &header, claims.to_string().as_bytes()).unwrap()
}

#[test]
fn a_request_proves_the_key_that_its_token_is_bound_to() {
    const ITEMS: &str = "https://api.example/items";
    let generate = |alg: JwsAlg| Jwk::generate(alg, &mut SysRng).unwrap().with_alg(alg);
    let (issuer, client, thief) = (generate(JwsAlg::Es256), generate(JwsAlg::Es256), generate(JwsAlg::Es256));

    // The authorization server.
    let bound = Confirmation::of(&client.thumbprint(Hash::Sha256).unwrap());
    let claims = Claims::new()
        .issuer("https://as.example")
        .subject("alice")
        .audience("https://api.example")
        .id("token-1")
        .issued_at(NOW)
        .expires_at(at(300))
        .with(json!({"client_id": "app", "scope": "items", "cnf": bound}));
    let header = Header { typ: Some("at+jwt"), ..Header::default() };
    let token = jose_jwt::sign_at(&SigningKey::try_from(&issuer).unwrap(), &header, &claims, NOW).unwrap();

    // The resource server.
    let key = || VerifyingKey::from_jwk(issuer.to_public().unwrap().as_jwk(), JwsAlg::Es256.into()).unwrap();
    let tokens = JwtVerifier::new(key())
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(&ACCESS_TOKEN);
    let proofs = DpopVerifier::new(AlgSet::of(&[JwsAlg::Es256]), Duration::from_secs(60));
    let guard = MemoryReplayGuard::new(100);
    let serve = |method: &str, uri: &str, token: &str, proof: &str| {
        let verified = tokens.verify_expecting::<AccessToken>(token, &Expected::new(), NOW)?;
        let request = DpopRequest::new(method, uri).access_token(token);
        let proof = proofs.verify_once_at(proof, &request, NOW, &guard)?;
        verified.claims().custom().cnf.clone().unwrap_or_default().check(proof.thumbprint())
    };

    let first = proof(&client, "GET", ITEMS, &token, "1");
    assert_eq!(serve("GET", "https://api.example/items?page=2", &token, &first), Ok(()));
    assert_eq!(serve("GET", ITEMS, &token, &first), Err(Error::Replayed));

    let mismatch = |claim: &'static str| Err(Error::Claim { claim: claim.into(), reason: Reason::Mismatch });
    let stolen = proof(&thief, "GET", ITEMS, &token, "2");
    assert_eq!(serve("GET", ITEMS, &token, &stolen), mismatch("cnf"));
    assert_eq!(serve("DELETE", ITEMS, &token, &proof(&client, "GET", ITEMS, &token, "3")), mismatch("htm"));
    let other = proof(&client, "GET", ITEMS, "another token", "4");
    assert_eq!(serve("GET", ITEMS, &token, &other), mismatch("ath"));
}
