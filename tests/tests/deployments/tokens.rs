//! A client secret in the manner of Apple, and a request with a DPoP proof.

use std::time::Duration;

use jose_b64::base64url;
use jose_jwk::{Curve, Hash, Jwk, JwsAlg, PrivateFormat, SysRng};
use jose_jws::{Parameters, SigningKey, VerifyingKey, compact};
use jose_jwt::profile::{ACCESS_TOKEN, AccessToken, Confirmation, DpopRequest, DpopVerifier};
use jose_jwt::{Claims, Error, JwtVerifier, MemoryReplayGuard, NoClaims, Reason, Token};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{NOW, at};

/// The key is a file `AuthKey_….p8`, `kid` is its name, and the secret is valid for at most six months.
#[test]
fn a_client_secret_is_a_jwt() {
    let made = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let file = made.expose_private_pem(PrivateFormat::Pkcs8).unwrap();
    assert!(file.starts_with("-----BEGIN PRIVATE KEY-----"));

    let key = Jwk::from_pem(&file).unwrap().with_kid("ABC123DEFG").with_alg(JwsAlg::Es256).unwrap();
    let claims = Claims::new()
        .issuer("DEF123GHIJ")
        .subject("com.example.web")
        .audience("https://appleid.apple.com")
        .issued_at(NOW)
        .expires_in(Duration::from_secs(15_777_000));
    let secret = Token::at(&claims, NOW).sign(&SigningKey::try_from(&key).unwrap()).unwrap();

    let header = secret.split('.').next().unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&base64url::decode_to_vec(header.as_bytes()).unwrap()).unwrap();
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT", "kid": "ABC123DEFG"}));

    let public = VerifyingKey::from_jwk(made.to_public().unwrap(), JwsAlg::Es256).unwrap();
    let verifier = JwtVerifier::new(public)
        .issuer("DEF123GHIJ")
        .audience("https://appleid.apple.com")
        .subject("com.example.web")
        .max_age(Duration::from_secs(15_777_000));
    assert!(verifier.at(at(15_776_999)).verify::<NoClaims>(&secret).is_ok());
    let late = verifier.at(at(15_777_000)).verify::<NoClaims>(&secret).err();
    assert_eq!(late, Some(Error::Expired { at: at(15_777_000) }));
}

/// What a client adds to one request (RFC 9449 section 4.2).
fn proof(jwk: &Jwk, method: &str, uri: &str, token: &str, id: &str) -> String {
    let parameters = Parameters::new().json("jwk", &jwk.to_public().unwrap().to_json()).unwrap();
    let header = parameters.header().typ("dpop+jwt");
    let ath = base64url::encode_to_string(&Sha256::digest(token));
    let claims = json!({"jti": id, "htm": method, "htu": uri, "iat": NOW.seconds(), "ath": ath});
    compact::sign(&SigningKey::try_from(jwk).unwrap(), claims.to_string().as_bytes(), &header).unwrap()
}

#[test]
fn a_request_proves_the_key_that_its_token_is_bound_to() {
    const ITEMS: &str = "https://api.example/items";
    let generate = |alg: JwsAlg| Jwk::generate(alg, &mut SysRng).unwrap().with_alg(alg).unwrap();
    let (issuer, client, thief) = (generate(JwsAlg::Es256), generate(JwsAlg::Es256), generate(JwsAlg::Es256));

    // The authorization server.
    let bound = Confirmation::new(&client.thumbprint(Hash::Sha256).unwrap());
    let claims = Claims::new()
        .issuer("https://as.example")
        .subject("alice")
        .audience("https://api.example")
        .jwt_id("token-1")
        .issued_at(NOW)
        .expires_at(at(300))
        .with(json!({"client_id": "app", "scope": "items", "cnf": bound}));
    let token = Token::at(&claims, NOW).typ("at+jwt").sign(&SigningKey::try_from(&issuer).unwrap()).unwrap();

    // The resource server.
    let key = || VerifyingKey::from_jwk(issuer.to_public().unwrap(), JwsAlg::Es256).unwrap();
    let tokens = JwtVerifier::new(key())
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(ACCESS_TOKEN);
    let proofs = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
    let guard = MemoryReplayGuard::new(100);
    let serve = |method: &str, uri: &str, token: &str, proof: &str| {
        let request = DpopRequest::new(method, uri).access_token(token);
        let proof = proofs.at(NOW).once(&guard).verify(proof, &request)?;
        let verified = tokens.at(NOW).bound_to(proof.thumbprint()).verify::<AccessToken>(token)?;
        verified.claims().custom().cnf.clone().unwrap_or_default().check(proof.thumbprint())
    };

    let first = proof(&client, "GET", ITEMS, &token, "1");
    assert_eq!(serve("GET", "https://api.example/items?page=2", &token, &first), Ok(()));
    assert_eq!(serve("GET", ITEMS, &token, &first), Err(Error::Replayed));

    let claim =
        |claim: &'static str, reason| Err(Error::Claim { claim: claim.into(), reason, expected: None });
    let mismatch = |name| claim(name, Reason::Mismatch);
    let stolen = proof(&thief, "GET", ITEMS, &token, "2");
    assert_eq!(serve("GET", ITEMS, &token, &stolen), mismatch("cnf"));
    assert_eq!(serve("DELETE", ITEMS, &token, &proof(&client, "GET", ITEMS, &token, "3")), mismatch("htm"));
    let other = proof(&client, "GET", ITEMS, "another token", "4");
    assert_eq!(serve("GET", ITEMS, &token, &other), mismatch("ath"));
    // Without a proof a bound token is not accepted at all.
    let bearer = tokens.at(NOW).verify::<AccessToken>(&token).map(|_| ());
    let Err(Error::Claim { claim, reason: Reason::Prohibited, expected: Some(way) }) = bearer else {
        panic!("{bearer:?}");
    };
    assert!(claim == "cnf" && way.contains("bound_to"), "{claim}: {way}");
}
