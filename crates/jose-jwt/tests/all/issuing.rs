//! What an issuer says with the types of the profiles is what a verifier reads.

use std::time::Duration;

use jose_jwk::{Jwk, JwsAlg, SysRng};
use jose_jws::{SigningKey, VerifyingKey};
use jose_jwt::profile::{ACCESS_TOKEN, AccessToken, Confirmation, ID_TOKEN, IdToken, Profile};
use jose_jwt::{Claims, Error, JwtVerifier, NumericDate, Reason, Token};
use serde::{Serialize, de::DeserializeOwned};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn claims<T>(custom: T) -> Claims<T> {
    Claims::new()
        .issuer("https://op.example")
        .audience("client")
        .subject("alice")
        .jwt_id("1")
        .expires_in(Duration::from_secs(60))
        .with(custom)
}

fn verifier(jwk: &Jwk, alg: JwsAlg, profile: Profile) -> JwtVerifier<VerifyingKey> {
    let key = VerifyingKey::from_jwk(jwk, alg).unwrap();
    JwtVerifier::new(key).issuer("https://op.example").audience("client").profile(profile)
}

/// Issued, verified and read.
fn round<T: Serialize + DeserializeOwned>(typ: &str, profile: Profile, custom: T) -> T {
    let jwk = Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap();
    let token = Token::at(&claims(custom), NOW).typ(typ).sign(&SigningKey::try_from(&jwk).unwrap()).unwrap();
    verifier(&jwk, JwsAlg::Es256, profile).at(NOW).verify::<T>(&token).unwrap().into_claims().into_custom()
}

#[test]
fn an_id_token_says_what_it_was_made_of() {
    let token =
        IdToken::new().nonce("n-1").auth_time(NOW).azp("client").acr("urn:mace:silver").amr(["pwd", "otp"]);
    let read = round("JWT", ID_TOKEN, token.clone());
    assert_eq!(read, token);
    assert_eq!(read.nonce.as_deref(), Some("n-1"));
    assert_eq!(read.auth_time, Some(NOW));
    assert_eq!(read.azp.as_deref(), Some("client"));
    assert_eq!(read.acr.as_deref(), Some("urn:mace:silver"));
    assert_eq!(read.amr, Some(vec!["pwd".to_owned(), "otp".to_owned()]));
}

#[test]
fn an_access_token_says_what_it_was_made_of() {
    let read = round("at+jwt", ACCESS_TOKEN, AccessToken::new("client").scope("read write"));
    assert_eq!((read.client_id.as_str(), read.scope.as_deref()), ("client", Some("read write")));
    assert!(read.has_scope("read") && read.has_scope("write"));
    // A scope is one of the names, and no part of one.
    assert!(!read.has_scope("rea") && !read.has_scope("read write") && !read.has_scope(""));
    assert!(!AccessToken::new("client").has_scope("read"));
}

#[test]
fn an_access_token_that_is_bound_to_a_key_says_so() {
    let jwk = Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap();
    let holder = Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap();
    let thumbprint = holder.thumbprint(jose_jwk::Hash::Sha256).unwrap();
    let claims = claims(AccessToken::new("client").cnf(Confirmation::new(&thumbprint)));
    let token = Token::at(&claims, NOW).typ("at+jwt").sign(&SigningKey::try_from(&jwk).unwrap()).unwrap();
    let verifier = verifier(&jwk, JwsAlg::Es256, ACCESS_TOKEN);
    assert!(verifier.at(NOW).verify::<AccessToken>(&token).is_err());
    let bound = verifier.at(NOW).bound_to(&thumbprint).verify::<AccessToken>(&token).unwrap();
    assert_eq!(bound.claims().custom().cnf, Some(Confirmation::new(&thumbprint)));
}

/// `at_hash` is of the hash function of the algorithm. The first value is that of OpenID Connect Core 1.0 appendix A.3 and A.4,
/// and the others are of the same access token by Python's hashlib.
#[test]
fn a_hash_of_an_access_token_is_by_the_algorithm() {
    const ACCESS: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    const BY_256: &str = "77QmUPtjPfzWtF2AnpK9RQ";
    const BY_384: &str = "jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs";
    const BY_512: &str = "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM";
    let verify = |jwk: &Jwk, alg, at_hash: &str| {
        let custom = serde_json::json!({ "at_hash": at_hash });
        let key = SigningKey::from_jwk(jwk, alg).unwrap();
        let token = Token::at(&claims(custom), NOW).sign(&key).unwrap();
        let verified = verifier(jwk, alg, ID_TOKEN).at(NOW).access_token(ACCESS).verify::<IdToken>(&token);
        verified.map(|_| ()).map_err(|error| match error {
            Error::Claim { claim, reason, .. } => (claim.into_owned(), reason),
            other => panic!("{other:?}"),
        })
    };
    for (alg, right) in [
        (JwsAlg::Hs256, BY_256),
        (JwsAlg::Hs384, BY_384),
        (JwsAlg::Hs512, BY_512),
        (JwsAlg::Es256, BY_256),
        #[cfg(feature = "p384")]
        (JwsAlg::Es384, BY_384),
        #[cfg(feature = "p521")]
        (JwsAlg::Es512, BY_512),
        #[cfg(feature = "ed25519")]
        (JwsAlg::EdDsa, BY_512),
        #[cfg(feature = "ed25519")]
        (JwsAlg::Ed25519, BY_512),
    ] {
        let jwk = Jwk::generate(alg, &mut SysRng).unwrap();
        let issued = IdToken::new().access_token(ACCESS, alg).unwrap().code(ACCESS, alg).unwrap();
        assert_eq!([issued.at_hash.as_deref(), issued.c_hash.as_deref()], [Some(right); 2], "{alg:?}");
        for value in [BY_256, BY_384, BY_512] {
            let expected =
                if value == right { Ok(()) } else { Err(("at_hash".to_owned(), Reason::Mismatch)) };
            assert_eq!(verify(&jwk, alg, value), expected, "{alg:?} {value}");
        }
    }
    // Ed448 hashes with SHAKE256, of which OpenID Connect does not say how much.
    for alg in [JwsAlg::Ed448, JwsAlg::MlDsa44] {
        let refused = |option| Err(Error::OptionWithoutEffect { option });
        assert_eq!(IdToken::new().access_token(ACCESS, alg), refused("access_token"));
        assert_eq!(IdToken::new().code(ACCESS, alg), refused("code"));
    }
    #[cfg(feature = "ed448")]
    {
        let jwk = Jwk::generate(JwsAlg::Ed448, &mut SysRng).unwrap();
        for value in [BY_256, BY_384, BY_512] {
            assert_eq!(
                verify(&jwk, JwsAlg::Ed448, value),
                Err(("at_hash".to_owned(), Reason::Mismatch)),
                "{value}"
            );
        }
    }
}
