//! RFC 9449 section 4.3: each of the twelve checks has a proof that fails it and no other. What is kept of proofs.

use std::sync::Mutex;
use std::time::Duration;

use jose_jwk::{Curve, Jwk, JwsAlg, SysRng};
use jose_jws::{Error as JwsError, HeaderError, Parameters, SigningKey, compact};
use jose_jwt::profile::{Confirmation, DpopNonces, DpopRequest, DpopVerifier};
use jose_jwt::{
    Claims, Error, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate, Reason, ReplayError, ReplayGuard,
    Token, TokenId, VerifyingKey,
};
use serde_json::{Value, json};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);
const URI: &str = "https://api.example/items";
/// RFC 9449 section 7.1: an access token and its hash.
const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const ATH: &str = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_700_000_000 + seconds)
}

fn key() -> Jwk {
    Jwk::generate(Curve::P256, &mut SysRng).unwrap()
}

fn claims() -> Value {
    json!({"jti": "1", "htm": "GET", "htu": URI, "iat": 1_700_000_000, "nonce": "n", "ath": ATH})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// A proof by one key that names another, or the same.
fn proof(signer: &Jwk, named: &str, typ: &str, claims: &Value) -> String {
    let members = Parameters::new().json("jwk", named).unwrap();
    let key = SigningKey::try_from(signer).unwrap();
    compact::sign(&key, claims.to_string().as_bytes(), &members.header().typ(typ)).unwrap()
}

fn own(jwk: &Jwk, claims: &Value) -> String {
    proof(jwk, &jwk.to_public().unwrap().to_json(), "dpop+jwt", claims)
}

fn verifier() -> DpopVerifier {
    DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60))
}

fn request() -> DpopRequest<'static> {
    DpopRequest::new("GET", URI).access_token(TOKEN).nonce("n")
}

fn verify(proof: &str) -> Result<(), Error> {
    verifier().at(NOW).verify(proof, &request()).map(|_| ())
}

fn failed(claim: &'static str, reason: Reason) -> Result<(), Error> {
    Err(Error::Claim { claim: claim.into(), reason, expected: None })
}

/// What the others change in one place.
#[test]
fn no_check_fails() {
    assert_eq!(verify(&own(&key(), &claims())), Ok(()));
}

/// Two header fields reach a program as one value with a comma, or as two values, which a `ResourceServer` refuses.
#[test]
fn check_1_one_header_field() {
    let jwk = key();
    let (one, two) = (own(&jwk, &claims()), own(&jwk, &with("jti", json!("2"))));
    for joined in [format!("{one}, {two}"), format!("{one},{two}"), format!("{one} {two}")] {
        assert!(matches!(
            verify(&joined),
            Err(Error::Jws(JwsError::Segments { .. } | JwsError::Encoding { .. }))
        ));
    }
}

#[test]
fn check_2_one_well_formed_jwt() {
    let proof = own(&key(), &claims());
    let (signed, _) = proof.rsplit_once('.').unwrap();
    assert!(matches!(verify(signed), Err(Error::Jws(JwsError::Segments { found: 2 }))));
    let jwk = key();
    let not_json = Parameters::new().json("jwk", &jwk.to_public().unwrap().to_json()).unwrap();
    let key = SigningKey::try_from(&jwk).unwrap();
    let text = compact::sign(&key, b"[]", &not_json.header().typ("dpop+jwt")).unwrap();
    assert!(matches!(verify(&text), Err(Error::NotClaims(_))));
}

#[test]
fn check_3_all_required_claims() {
    let jwk = key();
    for name in ["jti", "htm", "htu", "iat"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(name).unwrap();
        assert_eq!(verify(&own(&jwk, &without)), failed(name, Reason::Missing));
    }
}

#[test]
fn check_4_typ() {
    let jwk = key();
    let public = jwk.to_public().unwrap().to_json();
    for typ in ["JWT", "at+jwt", "dpop"] {
        assert_eq!(verify(&proof(&jwk, &public, typ, &claims())), Err(Error::Typ(Reason::Mismatch)), "{typ}");
    }
    let members = Parameters::new().json("jwk", &public).unwrap();
    let key = SigningKey::try_from(&jwk).unwrap();
    let none = compact::sign(&key, claims().to_string().as_bytes(), &members.header()).unwrap();
    assert_eq!(verify(&none), Err(Error::Typ(Reason::Missing)));
}

#[test]
fn check_5_alg() {
    // Another algorithm than the allowed ones, by a key of its own, whose signature is right.
    let other = Jwk::generate(Curve::P384, &mut SysRng);
    if let Ok(other) = other {
        assert!(matches!(verify(&own(&other, &claims())), Err(Error::Jws(_))));
    }
    // `none`, and a MAC.
    let proof = own(&key(), &claims());
    let (_, rest) = proof.split_once('.').unwrap();
    for (alg, expected) in [("none", "algorithm-unknown"), ("HS256", "algorithm-not-allowed")] {
        let jwk = key().to_public().unwrap().to_json();
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"{alg}","jwk":{jwk}}}"#);
        let text = format!("{}.{rest}", jose_b64::base64url::encode_to_string(header.as_bytes()));
        assert_eq!(verify(&text).unwrap_err().code(), expected, "{alg}");
    }
}

#[test]
fn check_6_signature() {
    let (signer, named) = (key(), key());
    let forged = proof(&signer, &named.to_public().unwrap().to_json(), "dpop+jwt", &claims());
    assert_eq!(verify(&forged), Err(Error::Jws(JwsError::Signature)));
}

#[test]
fn check_7_no_private_key() {
    let jwk = key();
    let private = proof(&jwk, &jwk.expose_private_json(), "dpop+jwt", &claims());
    assert!(matches!(verify(&private), Err(Error::Jws(JwsError::Key(_)))));
    // Nor no key.
    let signing = SigningKey::try_from(&jwk).unwrap();
    let header = jose_jws::Header::new().typ("dpop+jwt");
    let none = compact::sign(&signing, claims().to_string().as_bytes(), &header).unwrap();
    assert_eq!(verify(&none), Err(Error::Jws(JwsError::Header(HeaderError::Missing("jwk")))));
}

#[test]
fn check_8_htm() {
    let jwk = key();
    for method in ["POST", "get", "GET "] {
        assert_eq!(
            verify(&own(&jwk, &with("htm", json!(method)))),
            failed("htm", Reason::Mismatch),
            "{method}"
        );
    }
    assert_eq!(verify(&own(&jwk, &with("htm", json!(1)))), failed("htm", Reason::Invalid));
}

#[test]
fn check_9_htu() {
    let jwk = key();
    for same in [
        "https://api.example/items?a=1",
        "https://API.example:443/x/../items",
        "https://api.example/%69tems#a",
    ] {
        assert_eq!(verify(&own(&jwk, &with("htu", json!(same)))), Ok(()), "{same}");
    }
    for other in
        ["https://api.example/items/", "https://api.example/Items", "http://api.example/items", "/items", ""]
    {
        assert_eq!(
            verify(&own(&jwk, &with("htu", json!(other)))),
            failed("htu", Reason::Mismatch),
            "{other}"
        );
    }
}

#[test]
fn check_10_nonce() {
    let jwk = key();
    assert_eq!(verify(&own(&jwk, &with("nonce", json!("other")))), failed("nonce", Reason::Mismatch));
    let mut without = claims();
    without.as_object_mut().unwrap().remove("nonce").unwrap();
    assert_eq!(verify(&own(&jwk, &without)), failed("nonce", Reason::Missing));
}

#[test]
fn check_11_time() {
    let jwk = key();
    for (seconds, expected) in [
        (0, Ok(())),
        (-60, Ok(())),
        (-61, failed("iat", Reason::Mismatch)),
        (1, failed("iat", Reason::Invalid)),
    ] {
        let iat = json!(1_700_000_000 + seconds);
        assert_eq!(verify(&own(&jwk, &with("iat", iat))), expected, "{seconds}");
    }
}

#[test]
fn check_12_access_token() {
    let jwk = key();
    // (a) `ath` is the hash of the token that came along.
    assert_eq!(verify(&own(&jwk, &with("ath", json!("AAAA")))), failed("ath", Reason::Mismatch));
    let mut without = claims();
    without.as_object_mut().unwrap().remove("ath").unwrap();
    assert_eq!(verify(&own(&jwk, &without)), failed("ath", Reason::Missing));
    // (b) The token is bound to the key of the proof, by its thumbprint or as a whole.
    let issuer = key();
    let other = key().to_public().unwrap();
    let verified = verifier().at(NOW).verify(&own(&jwk, &claims()), &request()).unwrap();
    for (bound, expected) in [
        (Confirmation::new(verified.thumbprint()), Ok(())),
        (Confirmation::of_key(verified.key().clone()), Ok(())),
        (
            Confirmation::new(&key().thumbprint(jose_jwk::Hash::Sha256).unwrap()),
            failed("cnf", Reason::Mismatch),
        ),
        (Confirmation::of_key(other), failed("cnf", Reason::Mismatch)),
        (Confirmation::default(), failed("cnf", Reason::Invalid)),
    ] {
        #[derive(serde::Serialize)]
        struct Bound {
            cnf: Confirmation,
        }
        let claims = Claims::new().expires_in(Duration::from_secs(60)).with(Bound { cnf: bound });
        let token = Token::at(&claims, NOW).sign(&SigningKey::try_from(&issuer).unwrap()).unwrap();
        let tokens = VerifyingKey::from_jwk(&issuer, JwsAlg::Es256).unwrap();
        let tokens = JwtVerifier::new(tokens).any_issuer().any_audience();
        let result = tokens.at(NOW).bound_to(verified.thumbprint()).verify::<NoClaims>(&token);
        assert_eq!(result.map(|_| ()), expected, "{:?}", claims.custom().cnf);
    }
}

/// A server's nonces, made of a secret and the time alone: accepted for one to two spans, by any server with the secret.
#[test]
fn nonces_need_no_memory() {
    let jwk = key();
    let nonces = |secret: u8| DpopNonces::new(&[secret; 64], Duration::from_secs(100));
    let server = |secret| verifier().nonces(nonces(secret));
    // 1 700 000 000 is the start of a span.
    let given = nonces(1).current(at(99));
    let send = |nonce: &str, seconds: i64| {
        let mut claims = with("nonce", json!(nonce));
        claims["iat"] = json!(1_700_000_000 + seconds);
        own(&jwk, &claims)
    };
    let request = DpopRequest::new("GET", URI).access_token(TOKEN);
    let take = |secret, nonce: &str, seconds| {
        server(secret).at(at(seconds)).verify(&send(nonce, seconds), &request).map(|_| ())
    };
    for seconds in [0, 99, 100, 199] {
        assert_eq!(take(1, &given, seconds), Ok(()), "{seconds}");
    }
    // Too old, not yet given out, of another secret, of the client's own making.
    for seconds in [200, 10_000, -1] {
        assert_eq!(take(1, &given, seconds), failed("nonce", Reason::Mismatch), "{seconds}");
    }
    assert_eq!(take(2, &given, 99), failed("nonce", Reason::Mismatch));
    assert_eq!(take(1, "", 99), failed("nonce", Reason::Mismatch));
    let mut without = claims();
    without.as_object_mut().unwrap().remove("nonce").unwrap();
    let result = server(1).at(NOW).verify(&own(&jwk, &without), &request).map(|_| ());
    assert_eq!(result, failed("nonce", Reason::Missing));
    // One of the request is compared as well, not instead.
    let result = server(1).at(NOW).verify(&own(&jwk, &claims()), &request.nonce("n")).map(|_| ());
    assert_eq!(result, failed("nonce", Reason::Mismatch));
}

/// What a guard is told.
#[derive(Default)]
struct Spy(Mutex<Vec<(String, String, String, NumericDate)>>);

impl ReplayGuard for Spy {
    fn first_use(&self, seen: &TokenId<'_>) -> Result<(), ReplayError> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let entry = (text(seen.issuer), seen.id.to_owned(), text(seen.target), seen.until);
        self.0.lock().unwrap().push(entry);
        Ok(())
    }
}

/// Covers F7.
#[test]
fn a_proof_is_remembered_by_key_jti_and_request_as_long_as_it_is_accepted() {
    let (jwk, spy) = (key(), Spy::default());
    let thumbprint = jwk.thumbprint(jose_jwk::Hash::Sha256).unwrap();
    let verifier = verifier().leeway(Duration::from_secs(5)).unwrap();
    for htu in [URI, "HTTPS://api.example:443/a/../items?page=2#top"] {
        let proof = own(&jwk, &with("htu", json!(htu)));
        verifier.at(NOW).once(&spy).verify(&proof, &request()).unwrap();
    }
    let seen = spy.0.lock().unwrap();
    assert_eq!(seen[0], seen[1]);
    let (issuer, id, target, until) = &seen[0];
    assert_eq!(issuer, thumbprint.uri().rsplit(':').next().unwrap());
    assert_eq!((id.as_str(), target.as_str()), ("1", "GET https://api.example/items"));
    // It is accepted up to `until`, and not from then on.
    let proof = own(&jwk, &claims());
    let just_before = until.checked_sub(Duration::from_nanos(1)).unwrap();
    assert!(verifier.at(just_before).verify(&proof, &request()).is_ok());
    assert!(verifier.at(*until).verify(&proof, &request()).is_err());
    assert_eq!(just_before, at(65));
}

/// The same `jti` by another key or for another request is another proof; written in another way the URI is the same.
///
/// Covers F7.
#[test]
fn what_is_another_proof() {
    let (one, two, guard) = (key(), key(), MemoryReplayGuard::new(10));
    let take = |jwk: &Jwk, method: &str, uri: &str| {
        let mut claims = with("htu", json!(uri));
        claims["htm"] = json!(method);
        let request = DpopRequest::new(method, uri).access_token(TOKEN).nonce("n");
        verifier().at(NOW).once(&guard).verify(&own(jwk, &claims), &request).map(|_| ())
    };
    assert_eq!(take(&one, "GET", URI), Ok(()));
    assert_eq!(take(&two, "GET", URI), Ok(()));
    assert_eq!(take(&one, "POST", URI), Ok(()));
    assert_eq!(take(&one, "GET", "https://api.example/other"), Ok(()));
    for again in
        [URI, "https://API.example/items", "https://api.example:443/items?x", "https://api.example/%69tems"]
    {
        assert_eq!(take(&one, "GET", again), Err(Error::Replayed), "{again}");
    }
}
