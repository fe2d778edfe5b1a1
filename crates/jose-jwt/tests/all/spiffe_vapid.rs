//! JWT-SVIDs by trust domain, VAPID, and request objects and introspection responses beyond the square.

use std::time::Duration;

use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{Curve, JweAlg, JweEnc, Jwk, JwkSet, JwsAlg, PublicJwk, SysRng};
use jose_jws::{Error as JwsError, Header, HeaderError, SigningKey, VerifyingKey, compact};
use jose_jwt::profile::*;
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, NumericDate, Reason, Token};
use serde_json::{Value, json};

use super::kinds::key;

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn signed(jwk: &Jwk, header: Header<'_>, claims: &Value) -> String {
    compact::sign(&SigningKey::try_from(jwk).unwrap(), claims.to_string().as_bytes(), &header).unwrap()
}

fn of_claim<T>(result: Result<T, Error>) -> (String, Reason) {
    match result.map(|_| ()) {
        Err(Error::Claim { claim, reason, .. }) => (claim.into_owned(), reason),
        other => panic!("{other:?}"),
    }
}

/// A bundle as SPIRE publishes it: keys of both kinds of SVID.
fn bundle(jwk: &Jwk) -> JwkSet {
    let with_use = |jwk: &Jwk, name: &str| {
        let mut key: Value = serde_json::from_str(&jwk.to_public().unwrap().to_json()).unwrap();
        key["use"] = json!(name);
        key
    };
    let keys = [with_use(jwk, "jwt-svid"), with_use(&key(), "x509-svid")];
    JwkSet::from_json(json!({"keys": keys, "spiffe_sequence": 1}).to_string()).unwrap()
}

fn svid(jwk: &Jwk, sub: &str) -> String {
    signed(jwk, Header::new(), &json!({"sub": sub, "aud": "spiffe://a.example/api", "exp": 1_700_000_060}))
}

/// SPIFFE ID section 2.
#[test]
fn a_spiffe_id_has_one_spelling() {
    for (id, domain) in [
        ("spiffe://example.org/billing", Some("example.org")),
        ("spiffe://example.org", Some("example.org")),
        ("spiffe://a-b_c.0/x/Y.z/-", Some("a-b_c.0")),
        ("spiffe://example.org/", None),
        ("spiffe://example.org//x", None),
        ("spiffe://example.org/x/", None),
        ("spiffe://example.org/./x", None),
        ("spiffe://example.org/x/..", None),
        ("spiffe://Example.org/x", None),
        ("SPIFFE://example.org/x", None),
        ("spiffe://example.org:8080/x", None),
        ("spiffe://user@example.org/x", None),
        ("spiffe://example.org/x?y", None),
        ("spiffe://example.org/x#y", None),
        ("spiffe://example.org/%78", None),
        ("spiffe:///x", None),
        ("https://example.org/x", None),
        ("", None),
    ] {
        assert_eq!(trust_domain(id), domain, "{id}");
    }
    let long = |len: usize| "a".repeat(len);
    assert!(trust_domain(&format!("spiffe://{}", long(255))).is_some());
    assert!(trust_domain(&format!("spiffe://{}", long(256))).is_none());
    assert!(trust_domain(&format!("spiffe://e/{}", long(2048 - 11))).is_some());
    assert!(trust_domain(&format!("spiffe://e/{}", long(2048 - 10))).is_none());
}

#[test]
fn the_keys_of_one_trust_domain_say_nothing_of_another() {
    let (a, b) = (key(), key());
    let bundles = TrustBundles::new("spiffe://a.example/api");
    let bundles = bundles.with("a.example", &bundle(&a)).unwrap().with("b.example", &bundle(&b)).unwrap();
    let verify = |token: &str| bundles.verifier(token)?.at(NOW).verify::<NoClaims>(token);
    assert_eq!(
        verify(&svid(&a, "spiffe://a.example/x")).unwrap().claims().sub(),
        Some("spiffe://a.example/x")
    );
    assert!(verify(&svid(&b, "spiffe://b.example/x")).is_ok());
    // B signs for a workload of A.
    assert_eq!(verify(&svid(&b, "spiffe://a.example/x")).err(), Some(Error::Jws(JwsError::Signature)));
    assert_eq!(of_claim(verify(&svid(&a, "spiffe://c.example/x"))), ("sub".into(), Reason::Mismatch));
    assert_eq!(of_claim(verify(&svid(&a, "alice"))), ("sub".into(), Reason::Invalid));
    // The verifier that was chosen by one token takes no other domain's, even by its own key.
    let chosen = bundles.verifier(&svid(&a, "spiffe://a.example/x")).unwrap();
    let foreign = svid(&a, "spiffe://b.example/x");
    assert_eq!(of_claim(chosen.at(NOW).verify::<NoClaims>(&foreign)), ("sub".into(), Reason::Mismatch));
    // A key for X.509-SVIDs verifies none, and a bundle of such alone is none.
    let mut keys = bundle(&a);
    drop(keys.keys_mut().remove(0));
    assert!(matches!(TrustBundles::new("x").with("a.example", &keys), Err(Error::Jws(_))));
    assert_eq!(
        of_claim(TrustBundles::new("x").with("A.example", &bundle(&a))),
        ("sub".into(), Reason::Invalid)
    );
}

#[test]
fn an_svid_has_an_audience_and_a_plain_header() {
    let jwk = key();
    let bundles = TrustBundles::new("spiffe://a.example/api").with("a.example", &bundle(&jwk)).unwrap();
    let verify = |token: &str| bundles.verifier(token)?.at(NOW).verify::<NoClaims>(token).map(|_| ());
    let base = json!({"sub": "spiffe://a.example/x", "aud": "spiffe://a.example/api", "exp": 1_700_000_060});
    for typ in [None, Some("JWT"), Some("JOSE")] {
        let header = typ.map_or(Header::new(), |typ| Header::new().typ(typ));
        assert_eq!(verify(&signed(&jwk, header, &base)), Ok(()), "{typ:?}");
    }
    assert_eq!(verify(&signed(&jwk, Header::new().typ("at+jwt"), &base)), Err(Error::Typ(Reason::Mismatch)));
    let other = signed(&jwk, Header::new().cty("x"), &base);
    assert!(matches!(verify(&other), Err(Error::Jws(JwsError::Header(HeaderError::Invalid(_))))));
    for (aud, reason) in [(None, Reason::Missing), (Some("spiffe://a.example/web"), Reason::Mismatch)] {
        let mut claims = base.clone();
        match aud {
            Some(aud) => claims["aud"] = json!(aud),
            None => drop(claims.as_object_mut().unwrap().remove("aud")),
        }
        assert_eq!(of_claim(verify(&signed(&jwk, Header::new(), &claims))), ("aud".into(), reason));
    }
    // EdDSA is not among the algorithms of SPIFFE.
    if let Ok(ed) = Jwk::generate(Curve::Ed25519, &mut SysRng) {
        let key = VerifyingKey::from_jwk(&ed, JwsAlg::Ed25519).unwrap();
        let verifier =
            JwtVerifier::new(key).any_issuer().audience("spiffe://a.example/api").profile(JWT_SVID);
        let signer = SigningKey::from_jwk(&ed, JwsAlg::Ed25519).unwrap();
        let token = compact::sign(&signer, base.to_string().as_bytes(), &Header::new()).unwrap();
        let error = verifier.at(NOW).verify::<NoClaims>(&token).unwrap_err();
        assert_eq!(error.code(), "algorithm-not-allowed");
    }
}

fn vapid_claims() -> Claims {
    Claims::new()
        .audience("https://push.example")
        .subject("mailto:push@app.example")
        .expires_in(Duration::from_secs(24 * 60 * 60))
}

/// RFC 8292 sections 2 and 3.
#[test]
fn vapid_is_signed_and_read_with_its_raw_key() {
    let jwk = key();
    let signer = VapidSigner::new(&jwk).unwrap();
    let authorization = signer.authorization_at(&vapid_claims(), NOW).unwrap();
    let point = jwk.to_public().unwrap().to_raw().unwrap();
    assert_eq!((point.len(), point[0]), (65, 4));
    assert!(authorization.ends_with(&format!(", k={}", signer.public_key())));
    let read = VapidCredentials::parse(&authorization).unwrap();
    assert_eq!(read.key.to_raw().unwrap(), point);
    let verifier = JwtVerifier::new(VerifyingKey::from_jwk(&read.key, JwsAlg::Es256).unwrap())
        .any_issuer()
        .audience("https://push.example")
        .profile(VAPID);
    let verified = verifier.at(NOW).verify::<NoClaims>(read.token).unwrap();
    assert_eq!(verified.claims().sub(), Some("mailto:push@app.example"));
    // A second before it was signed it lasts too long.
    let early = verifier.at(NumericDate::from_seconds(1_699_999_999)).verify::<NoClaims>(read.token);
    assert_eq!(of_claim(early), ("exp".into(), Reason::Mismatch));
    // Whatever `iat` says: 24 hours count from the request.
    let claims = json!({"aud": "https://push.example", "iat": 1_800_000_000, "exp": 1_800_000_060});
    let late = signed(&jwk, Header::new().typ("JWT"), &claims);
    assert_eq!(of_claim(verifier.at(NOW).verify::<NoClaims>(&late)), ("exp".into(), Reason::Mismatch));
}

#[test]
fn what_no_push_service_takes_is_not_signed() {
    let signer = VapidSigner::new(&key()).unwrap();
    let sign = |claims: Claims| of_claim(signer.authorization_at(&claims, NOW));
    let day = Duration::from_secs(24 * 60 * 60);
    let audience = || Claims::new().audience("https://push.example");
    assert_eq!(sign(audience().expires_in(day + Duration::from_secs(1))), ("exp".into(), Reason::Mismatch));
    assert_eq!(sign(audience()), ("exp".into(), Reason::Missing));
    assert_eq!(sign(Claims::new().expires_in(day)), ("aud".into(), Reason::Missing));
    assert_eq!(sign(audience().expires_in(day).subject("push@app.example")), ("sub".into(), Reason::Invalid));
    assert_eq!(sign(audience().expires_in(day).issuer("app")), ("iss".into(), Reason::Prohibited));
    let other = Jwk::generate(Curve::P384, &mut SysRng);
    assert!(other.is_err() || VapidSigner::new(&other.unwrap()).is_err());
}

#[test]
fn vapid_credentials_have_one_form() {
    let k = VapidSigner::new(&key()).unwrap().public_key().to_owned();
    let parse = |text: &str| VapidCredentials::parse(text).map(|read| read.token.to_owned());
    for text in [
        format!("vapid t=a.b.c, k={k}"),
        format!("Vapid k={k},t=a.b.c"),
        format!("VAPID t=a.b.c , k={k}, x=y"),
    ] {
        assert_eq!(parse(&text), Ok("a.b.c".to_owned()), "{text}");
    }
    let header = |error| Err(Error::Jws(JwsError::Header(error)));
    for (text, expected) in [
        ("Bearer a.b.c".to_owned(), HeaderError::Missing("vapid")),
        ("vapid".to_owned(), HeaderError::Missing("vapid")),
        (format!("vapid k={k}"), HeaderError::Missing("t")),
        ("vapid t=a.b.c".to_owned(), HeaderError::Missing("k")),
        (format!("vapid t=a.b.c, t=d.e.f, k={k}"), HeaderError::Duplicate),
        (format!("vapid t=a.b.c, k={k}, k={k}"), HeaderError::Duplicate),
        (format!("vapid t=a.b.c, k={k}="), HeaderError::Invalid("k")),
        ("vapid a.b.c".to_owned(), HeaderError::Invalid("vapid")),
    ] {
        assert_eq!(parse(&text), header(expected), "{text}");
    }
    // A point that is compressed, off the curve, or of another length.
    for raw in [[2; 33].to_vec(), [4; 65].to_vec(), Vec::new()] {
        let text = format!("vapid t=a.b.c, k={}", jose_b64::base64url::encode_to_string(&raw));
        assert!(matches!(parse(&text), Err(Error::Jws(JwsError::Key(_)))), "{text}");
    }
}

/// RFC 9101 section 10.8, and what deployments without an own `typ` need.
#[test]
fn a_request_object_is_of_its_client() {
    let jwk = key();
    let verifier = |profile: Profile| {
        let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256).unwrap();
        JwtVerifier::new(key).issuer("client").audience("https://as.example").profile(profile)
    };
    let mut request = RequestObject::new("client", "code");
    request.nonce = Some("n".into());
    let claims = Claims::new()
        .issuer("client")
        .audience("https://as.example")
        .expires_in(Duration::from_secs(60))
        .with(request.clone());
    let key = SigningKey::try_from(&jwk).unwrap();
    let token = Token::at(&claims, NOW).typ("oauth-authz-req+jwt").sign(&key).unwrap();
    let verified = verifier(REQUEST_OBJECT).at(NOW).verify::<RequestObject>(&token).unwrap();
    assert_eq!(*verified.claims().custom(), request);
    let generic = Token::at(&claims, NOW).sign(&key).unwrap();
    let error = verifier(REQUEST_OBJECT).at(NOW).verify::<NoClaims>(&generic).err();
    assert_eq!(error, Some(Error::Typ(Reason::Mismatch)));
    let tolerant = REQUEST_OBJECT.allow_generic_typ().waive(&["nonce"]);
    assert!(verifier(tolerant).at(NOW).verify::<NoClaims>(&generic).is_ok());
    let other = claims.with(RequestObject::new("other", "code"));
    let other = Token::at(&other, NOW).typ("oauth-authz-req+jwt").sign(&key).unwrap();
    let result = verifier(REQUEST_OBJECT).at(NOW).verify::<NoClaims>(&other);
    assert_eq!(of_claim(result), ("client_id".into(), Reason::Mismatch));
}

/// RFC 9701 section 5, signed, and signed and then encrypted.
#[test]
fn an_introspection_response_is_read_nested_too() {
    let (jwk, recipient) = (key(), key());
    let mut said = Introspection::default();
    (said.active, said.sub) = (true, Some("alice".into()));
    let claims = Claims::new()
        .issuer("https://as.example")
        .audience("https://api.example")
        .with(IntrospectionResponse::new(said.clone()));
    let signer = SigningKey::try_from(&jwk).unwrap();
    let verifying = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256).unwrap();
    let token = Token::at(&claims, NOW).typ("token-introspection+jwt");
    let verifier = JwtVerifier::new(verifying.clone())
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(INTROSPECTION_RESPONSE);
    let signed_text = token.sign(&signer).unwrap();
    let verified = verifier.at(NOW).verify::<IntrospectionResponse>(&signed_text).unwrap();
    assert_eq!(verified.claims().custom().token_introspection, said);
    let old = NumericDate::from_seconds(1_700_000_301);
    assert_eq!(of_claim(verifier.at(old).verify::<NoClaims>(&signed_text)), ("iat".into(), Reason::Mismatch));
    let patient = verifier.clone().max_age(Duration::from_secs(3600));
    assert!(patient.at(old).verify::<NoClaims>(&signed_text).is_ok());

    let to = EncryptionKey::from_jwk(&recipient, JweAlg::EcdhEsA128Kw).unwrap();
    let encrypted = token.sign_then_encrypt(&signer, &to, JweEnc::A128Gcm, &mut SysRng).unwrap();
    let decryption = DecryptionKey::from_jwk(&recipient, JweAlg::EcdhEsA128Kw).unwrap();
    let nested = JwtVerifier::nested(verifying, decryption.clone())
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(INTROSPECTION_RESPONSE);
    let verified = nested.at(NOW).verify::<IntrospectionResponse>(&encrypted).unwrap();
    assert!(verified.claims().custom().token_introspection.active);
    assert!(verified.jwe_header().is_some());
    // An access token in the same envelope is none.
    let access = Claims::new().issuer("https://as.example").audience("https://api.example").subject("alice");
    let access = access.expires_in(Duration::from_secs(60)).jwt_id("1").with(AccessToken::new("client"));
    let access = Token::at(&access, NOW).typ("at+jwt");
    let access = access.sign_then_encrypt(&signer, &to, JweEnc::A128Gcm, &mut SysRng).unwrap();
    assert_eq!(nested.at(NOW).verify::<NoClaims>(&access).err(), Some(Error::Typ(Reason::Mismatch)));
    let bad = json!({"iss": "https://as.example", "aud": "https://api.example", "iat": 1_700_000_000,
        "token_introspection": {"active": "true"}});
    let bad = signed(&jwk, Header::new().typ("token-introspection+jwt"), &bad);
    let result = verifier.at(NOW).verify::<NoClaims>(&bad);
    assert_eq!(of_claim(result), ("token_introspection".into(), Reason::Invalid));
    // A profile that names its algorithms takes no JWT that nobody signed.
    let encrypted = Token::at(&Claims::new().audience("https://api.example").jwt_id("1"), NOW)
        .typ("oauth-client-attestation-pop+jwt")
        .encrypt(&to, JweEnc::A128Gcm, &mut SysRng)
        .unwrap();
    let only = JwtVerifier::encrypted_only(decryption).any_issuer().audience("https://api.example");
    let result = only.profile(CLIENT_ATTESTATION_POP).at(NOW).verify::<NoClaims>(&encrypted);
    assert_eq!(result.map(|_| ()), Err(Error::Cty));
}

/// A raw private key of 32 bytes, as Web Push libraries keep it.
#[test]
fn a_raw_private_key_signs() {
    let raw = [7; 32];
    let signer = VapidSigner::new(&Jwk::from_raw_private(Curve::P256, raw.to_vec()).unwrap()).unwrap();
    use p256::elliptic_curve::sec1::ToSec1Point as _;
    let secret = p256::SecretKey::from_slice(&raw).unwrap();
    let point = secret.public_key().to_sec1_point(false);
    assert_eq!(signer.public_key(), jose_b64::base64url::encode_to_string(point.as_bytes()));
    assert_eq!(
        PublicJwk::from_raw(Curve::P256, point.as_bytes()).unwrap().to_raw().unwrap(),
        point.as_bytes()
    );
}
