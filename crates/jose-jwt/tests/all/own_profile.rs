//! Profiles of an application's own: each rule, by itself.

use std::time::Duration;

use jose_jwk::{Jwk, JwsAlg, SysRng};
use jose_jws::{SigningKey, VerifyingKey};
use jose_jwt::profile::Profile;
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, NumericDate, Reason, Token};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_700_000_000 + seconds)
}

struct Setting {
    jwk: Jwk,
}

impl Setting {
    fn new() -> Self {
        Self { jwk: Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap() }
    }

    fn verifier(&self, profile: Profile) -> JwtVerifier<VerifyingKey> {
        let key = VerifyingKey::from_jwk(&self.jwk, JwsAlg::Es256).unwrap();
        JwtVerifier::new(key).any_issuer().audience("api").profile(profile)
    }

    /// What comes of a token with these claims at a time.
    fn verify(&self, profile: Profile, claims: &Claims, seconds: i64) -> Result<(), Error> {
        let key = SigningKey::try_from(&self.jwk).unwrap();
        let token = Token::at(claims, NOW).sign(&key).unwrap();
        let verified = self.verifier(profile).at(at(seconds)).verify::<NoClaims>(&token);
        verified.map(|_| ()).map_err(|error| match error {
            Error::Claim { claim, reason, .. } => Error::Claim { claim, reason, expected: None },
            other => other,
        })
    }
}

fn failed(claim: &'static str, reason: Reason) -> Result<(), Error> {
    Err(Error::Claim { claim: claim.into(), reason, expected: None })
}

fn claims() -> Claims {
    Claims::new().audience("api").expires_in(Duration::from_secs(60))
}

#[test]
fn the_age_is_limited_in_place_of_exp() {
    let setting = Setting::new();
    let profile = Profile::new("young").max_age(Duration::from_secs(30));
    let claims = Claims::new().audience("api");
    assert_eq!(setting.verify(profile, &claims, 30), Ok(()));
    assert_eq!(setting.verify(profile, &claims, 31), failed("iat", Reason::Mismatch));
    assert_eq!(setting.verify(profile, &claims, -1), failed("iat", Reason::Invalid));
    assert_eq!(setting.verify(profile, &claims.without_issued_at(), 0), failed("iat", Reason::Missing));
}

#[test]
fn the_lifetime_is_limited() {
    let setting = Setting::new();
    let profile = Profile::new("short").max_lifetime(Duration::from_secs(60));
    assert_eq!(setting.verify(profile, &claims(), 0), Ok(()));
    assert_eq!(setting.verify(profile, &claims(), -1), failed("exp", Reason::Mismatch));
    let forever = Claims::new().audience("api");
    assert_eq!(setting.verify(profile, &forever, 0), failed("exp", Reason::Missing));
}

#[test]
fn audiences_are_limited() {
    let setting = Setting::new();
    let both = Claims::new().audience(["api", "other"]).expires_in(Duration::from_secs(60));
    let [any, limited, sole, named] = [
        Profile::new("any"),
        Profile::new("limited").limit_audiences(),
        Profile::new("sole").sole_audience(),
        Profile::new("named").audience_required(),
    ];
    for profile in [any, limited, sole, named] {
        assert_eq!(setting.verify(profile, &claims(), 0), Ok(()), "{}", profile.name());
    }
    for (profile, expected) in [
        (any, Ok(())),
        (limited, failed("aud", Reason::Prohibited)),
        (sole, failed("aud", Reason::Prohibited)),
        (named, Ok(())),
    ] {
        assert_eq!(setting.verify(profile, &both, 0), expected, "{}", profile.name());
    }
    // Trusted by the verifier: in vain where there may be no other.
    let token = Token::at(&both, NOW).sign(&SigningKey::try_from(&setting.jwk).unwrap()).unwrap();
    let trusting =
        |profile| setting.verifier(profile).trusted_audiences("other").at(NOW).verify::<NoClaims>(&token);
    assert!(trusting(limited).is_ok());
    assert!(trusting(sole).is_err());
    // Whoever takes any audience has none of its own.
    let key = || VerifyingKey::from_jwk(&setting.jwk, JwsAlg::Es256).unwrap();
    let open = |profile| JwtVerifier::new(key()).any_issuer().any_audience().profile(profile);
    for (profile, is_open) in [(any, true), (limited, true), (sole, false), (named, false)] {
        let result = open(profile).at(NOW).verify::<NoClaims>(&token);
        assert_eq!(
            matches!(result, Err(Error::OptionWithoutEffect { .. })),
            !is_open,
            "{}: {result:?}",
            profile.name()
        );
    }
}

#[test]
fn algorithms_and_claims_are_as_listed() {
    let setting = Setting::new();
    let profile = Profile::new("ES256").algs(JwsAlg::Es256.into());
    assert_eq!(setting.verify(profile, &claims(), 0), Ok(()));
    let profile = Profile::new("EdDSA").algs(JwsAlg::EdDsa.into());
    assert!(setting.verify(profile, &claims(), 0).is_err());
    let profile = Profile::new("named").required(&["sub"]).prohibited(&["nbf"]);
    assert_eq!(setting.verify(profile, &claims(), 0), failed("sub", Reason::Missing));
    assert_eq!(setting.verify(profile, &claims().subject("alice"), 0), Ok(()));
    let early = claims().subject("alice").not_before(NOW);
    assert_eq!(setting.verify(profile, &early, 0), failed("nbf", Reason::Prohibited));
    assert_eq!(setting.verify(profile.waive(&["sub", "nbf"]), &claims().not_before(NOW), 0), Ok(()));
}
