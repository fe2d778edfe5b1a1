//! DPoP proofs (RFC 9449), and tokens that are bound to their key.

use std::time::Duration;

use jose_jwk::{AlgSet, Curve, Hash, Jwk, JwsAlg, SysRng};
use jose_jws::{Parameters, SigningKey, compact};
use jose_jwt::profile::{Confirmation, DpopRequest, DpopVerifier};
use jose_jwt::{Error, MemoryReplayGuard, NumericDate, Reason};
use serde_json::{Value, json};

/// RFC 9449, section 4.1, without its line breaks.
const RFC: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

const NOW: NumericDate = NumericDate::from_seconds(1_562_262_616);

fn verifier() -> DpopVerifier {
    DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60))
}

fn proof(jwk: &Jwk, typ: &str, claims: &Value) -> String {
    let members = Parameters::new().json("jwk", &jwk.to_public().unwrap().to_json()).unwrap();
    let header = members.header().typ(typ);
    compact::sign(&SigningKey::try_from(jwk).unwrap(), claims.to_string().as_bytes(), &header).unwrap()
}

fn claims() -> Value {
    json!({"jti": "1", "htm": "GET", "htu": "https://api.example/items", "iat": 1_562_262_616})
}

fn failed<T: std::fmt::Debug + PartialEq>(claim: &'static str, reason: Reason) -> Result<T, Error> {
    Err(Error::Claim { claim: claim.into(), reason, expected: None })
}

#[test]
fn the_proof_of_rfc_9449_verifies() {
    let request = DpopRequest::new("POST", "https://server.example.com/token");
    let proof = verifier().at(NOW).verify(RFC, &request).unwrap();
    assert_eq!(proof.id(), "-BwC3ESc6acc2lTc");
    // RFC 9449, section 6.1: `jkt` of the token that is bound to this key.
    let bound: Confirmation =
        serde_json::from_str(r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#).unwrap();
    assert_eq!(bound.check(proof.thumbprint()), Ok(()));
    assert_eq!(bound, Confirmation::new(proof.thumbprint()));
}

#[test]
fn a_token_of_another_key_is_not_bound_to_the_proof() {
    let other = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let request = DpopRequest::new("POST", "https://server.example.com/token");
    let proof = verifier().at(NOW).verify(RFC, &request).unwrap();
    let bound = Confirmation::new(&other.thumbprint(Hash::Sha256).unwrap());
    assert_eq!(bound.check(proof.thumbprint()), failed("cnf", Reason::Mismatch));
    assert_eq!(Confirmation::default().check(proof.thumbprint()), failed("cnf", Reason::Missing));
}

#[test]
fn the_proof_is_of_this_request() {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let verify = |claims: &Value, request: DpopRequest<'_>| {
        verifier().at(NOW).verify(&proof(&jwk, "dpop+jwt", claims), &request).map(|_| ())
    };
    let request = DpopRequest::new("GET", "https://api.example/items");
    assert_eq!(verify(&claims(), request), Ok(()));
    for same in
        ["HTTPS://API.example/items", "https://api.example:443/items", "https://api.example/items?page=2#top"]
    {
        assert_eq!(verify(&claims(), DpopRequest::new("GET", same)), Ok(()), "{same}");
    }
    for other in [
        "https://api.example/item",
        "http://api.example/items",
        "https://api.example:444/items",
        "/items",
        "https://api.example.evil/items",
    ] {
        assert_eq!(
            verify(&claims(), DpopRequest::new("GET", other)),
            failed("htu", Reason::Mismatch),
            "{other}"
        );
    }
    // Two URIs that are none are not the same.
    let mut nowhere = claims();
    nowhere["htu"] = json!("/items");
    assert_eq!(verify(&nowhere, DpopRequest::new("GET", "/items")), failed("htu", Reason::Mismatch));
    assert_eq!(
        verify(&claims(), DpopRequest::new("POST", "https://api.example/items")),
        failed("htm", Reason::Mismatch)
    );
    for name in ["jti", "htm", "htu", "iat"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert_eq!(verify(&claims, request), failed(name, Reason::Missing));
    }
    assert_eq!(verify(&claims(), request.nonce("n")), failed("nonce", Reason::Missing));
    assert_eq!(verify(&claims(), request.access_token("t")), failed("ath", Reason::Missing));
    let mut bound = claims();
    // RFC 9449, section 7.1: the hash of that access token.
    bound["ath"] = json!("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    assert_eq!(verify(&bound, request.access_token(token)), Ok(()));
    assert_eq!(verify(&bound, request.access_token("other")), failed("ath", Reason::Mismatch));
}

#[test]
fn the_proof_is_fresh_and_of_its_kind() {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let request = DpopRequest::new("GET", "https://api.example/items");
    let at = |seconds: i64| NumericDate::from_seconds(1_562_262_616 + seconds);
    let token = proof(&jwk, "dpop+jwt", &claims());
    let verify = |now| verifier().at(now).verify(&token, &request).map(|_| ());
    assert_eq!(verify(at(60)), Ok(()));
    assert_eq!(verify(at(61)), failed("iat", Reason::Mismatch));
    assert_eq!(verify(at(-1)), failed("iat", Reason::Invalid));
    let lax = verifier().leeway(Duration::from_secs(1)).unwrap();
    assert!(
        lax.at(at(61)).verify(&token, &request).is_ok() && lax.at(at(-1)).verify(&token, &request).is_ok()
    );
    let other = proof(&jwk, "JWT", &claims());
    assert_eq!(verifier().at(NOW).verify(&other, &request).map(|_| ()), Err(Error::Typ(Reason::Mismatch)));
}

/// B1: the key that a proof brings must be a public one.
///
/// Covers B1.
#[test]
fn a_proof_with_a_secret_key_is_refused() {
    let secret = Jwk::from_octets(b"a secret of at least 32 octets...".to_vec()).unwrap();
    let members = Parameters::new().json("jwk", &secret.expose_private_json()).unwrap();
    let header = members.header().typ("dpop+jwt");
    let key = SigningKey::from_jwk(&secret, JwsAlg::Hs256).unwrap();
    let token = compact::sign(&key, claims().to_string().as_bytes(), &header).unwrap();
    let all = DpopVerifier::new(AlgSet::all(), Duration::from_secs(60));
    let request = DpopRequest::new("GET", "https://api.example/items");
    assert!(matches!(all.at(NOW).verify(&token, &request), Err(Error::Jws(jose_jws::Error::Key(_)))));
}

/// F7: a proof is taken once, and one of the same `jti` by another key is another proof.
///
/// Covers F7.
#[test]
fn a_proof_is_taken_once() {
    let [one, other] = [(); 2].map(|()| Jwk::generate(Curve::P256, &mut SysRng).unwrap());
    let request = DpopRequest::new("GET", "https://api.example/items");
    let guard = MemoryReplayGuard::new(2);
    let at = |seconds: i64| NumericDate::from_seconds(1_562_262_616 + seconds);
    let take = |jwk: &Jwk, claims: &Value, now| {
        verifier().at(now).once(&guard).verify(&proof(jwk, "dpop+jwt", claims), &request).map(|_| ())
    };
    assert_eq!(take(&one, &claims(), at(0)), Ok(()));
    assert_eq!(take(&one, &claims(), at(60)), Err(Error::Replayed));
    assert_eq!(take(&other, &claims(), at(60)), Ok(()));
    // It is full until those that it remembers are too old to be taken anyway.
    let mut later = claims();
    later["iat"] = json!(1_562_262_676);
    assert_eq!(take(&one, &later, at(60)), Err(Error::Replayed));
    later["jti"] = json!("2");
    assert_eq!(take(&one, &later, at(60)), Err(Error::ReplayStore));
    assert_eq!(take(&one, &later, at(61)), Ok(()));
}
