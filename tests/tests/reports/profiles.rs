//! The tokens of OpenID providers, by the current texts of the profiles.

use core::time::Duration;

use jose_jwk::JwsAlg;
use jose_jws::VerifyingKeys;
use jose_jwt::profile::{
    DpopRequest, DpopSigner, DpopVerifier, ID_TOKEN, IdToken, LOGOUT_TOKEN, LogoutToken, Profile,
};
use jose_jwt::{Error, JwtVerifier, Reason};
use serde::de::DeserializeOwned;

use crate::{NOW, set, token};

fn verifier(client: &str, profile: Profile) -> JwtVerifier<VerifyingKeys> {
    let keys = VerifyingKeys::from_jwks(&set("B01-jwks-auth0.json"), JwsAlg::Rs256).unwrap();
    JwtVerifier::new(keys).any_issuer().audience(client).profile(profile)
}

fn verify<T: DeserializeOwned>(verifier: &JwtVerifier<VerifyingKeys>, name: &str) -> Result<T, Error> {
    Ok(verifier.at(NOW).verify::<T>(&token(name))?.into_claims().into_custom())
}

/// B51, B52: `typ` of a logout token is recommended, and its `exp` required.
#[test]
fn a_logout_token_has_a_generic_type_by_an_option() {
    let strict = verifier("client", LOGOUT_TOKEN);
    let name = "B51-logout-kc-typ-jwt.txt";
    assert_eq!(verify::<LogoutToken>(&strict, name), Err(Error::Typ(Reason::Mismatch)));
    let generic = verifier("client", LOGOUT_TOKEN.allow_generic_typ());
    assert_eq!(verify::<LogoutToken>(&generic, name).map(|token| token.sid), Ok(Some("s".into())));
    // The other rules still tell the kinds apart: an ID Token is no logout token.
    let error = verify::<LogoutToken>(&generic, "B56-idt-auth-time-float.txt").unwrap_err();
    assert!(matches!(error, Error::Claim { reason: Reason::Missing, .. }), "{error:?}");
    let error = verify::<LogoutToken>(&generic, "B52-logout-no-exp.txt").unwrap_err();
    assert_eq!(error, Error::Claim { claim: "exp".into(), reason: Reason::Missing, expected: None });
}

/// A logout token without `exp`, of before 2023, by two options that name it.
#[test]
fn a_rule_is_waived_by_its_claim() {
    let name = "B52-logout-no-exp.txt";
    let waiving = verifier("client", LOGOUT_TOKEN.allow_generic_typ().waive(&["exp"]));
    let missing = Error::Claim { claim: "exp".into(), reason: Reason::Missing, expected: None };
    assert_eq!(verify::<LogoutToken>(&waiving, name), Err(missing));
    assert!(verify::<LogoutToken>(&waiving.clone().expiry_optional(), name).is_ok());
    // What is waived does not reach further.
    let other = verifier("client", LOGOUT_TOKEN.allow_generic_typ().waive(&["jti", "nonce"]));
    assert!(verify::<LogoutToken>(&other, name).is_err());
}

/// B54: the authorized party of an Android login is another client of the same project.
#[test]
fn azp_is_no_rule_by_itself() {
    let name = "B54-idt-google-android.txt";
    let verifier = verifier("web.apps.googleusercontent.com", ID_TOKEN);
    let android = "android.apps.googleusercontent.com";
    assert_eq!(verify::<IdToken>(&verifier, name).map(|token| token.azp), Ok(Some(android.into())));
    assert!(verify::<IdToken>(&verifier.clone().authorized_party(android), name).is_ok());
    let mismatch = Error::Claim { claim: "azp".into(), reason: Reason::Mismatch, expected: None };
    assert_eq!(verify::<IdToken>(&verifier.authorized_party("other"), name), Err(mismatch));
}

/// B56, B57: dates may have a fraction, and claims of a wrong type are named.
#[test]
fn the_types_of_an_id_token_are_named() {
    let verifier = verifier("client", ID_TOKEN);
    let token = verify::<IdToken>(&verifier, "B56-idt-auth-time-float.txt").unwrap();
    assert_eq!(
        token.auth_time.map(|time| (time.seconds(), time.subsec_nanos())),
        Some((1_800_000_000, 250_000_000))
    );
    for (name, claim) in [("B57-idt-auth-time-string.txt", "auth_time"), ("B57-idt-amr-string.txt", "amr")] {
        let invalid = Error::Claim { claim: claim.into(), reason: Reason::Invalid, expected: None };
        assert_eq!(verify::<IdToken>(&verifier, name), Err(invalid), "{name}");
    }
}

/// B72: the URI of a DPoP proof is compared after the normalization of RFC 3986.
#[test]
fn htu_is_compared_normalized() {
    let jwk = jose_jwk::Jwk::generate(jose_jwk::Curve::P256, &mut jose_jwk::SysRng).unwrap();
    let signer = DpopSigner::new(&jwk).unwrap();
    let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
    let fits = |htu: &str, uri: &str| {
        let proof = signer.proof("GET", htu).sign_with(NOW, &mut jose_jwk::SysRng).unwrap();
        verifier.at(NOW).verify(&proof, &DpopRequest::new("GET", uri)).is_ok()
    };
    for (htu, uri) in [
        ("https://api.example/a%7Eb", "https://api.example/a~b"),
        ("https://api.example/a%2fb", "https://api.example/a%2Fb"),
        ("https://api.example/./a", "https://api.example/a"),
        ("https://api.example/b/../a", "https://api.example/a"),
        ("HTTPS://API.example:443", "https://api.example/"),
        ("https://api.example/a", "https://api.example/a?page=2#top"),
    ] {
        assert!(fits(htu, uri) && fits(uri, htu), "{htu} {uri}");
    }
    for (htu, uri) in [
        ("https://api.example/a%2Fb", "https://api.example/a/b"),
        ("https://api.example/a", "https://api.example/A"),
        ("https://api.example/a/", "https://api.example/a"),
        ("http://api.example/a", "https://api.example/a"),
        ("https://api.example:8443/a", "https://api.example/a"),
        ("/a", "/a"),
    ] {
        assert!(!fits(htu, uri) && !fits(uri, htu), "{htu} {uri}");
    }
}
