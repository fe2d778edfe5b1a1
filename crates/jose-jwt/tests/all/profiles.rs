//! T11 to T14, F6: each profile takes its own tokens, and refuses those of every other.

use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::{Header, Key, SigningKey};
use jose_jwt::profile::{
    ACCESS_TOKEN, CLIENT_ASSERTION, ID_TOKEN, IdToken, JARM, LOGOUT_TOKEN, LogoutToken, Profile,
    SECURITY_EVENT_TOKEN,
};
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, NumericDate, Reason, Token, Verification};
use serde_json::{Map, Value, json};

const SECRET: &[u8] = b"a secret of at least 32 octets, for all";
const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn key() -> Key<'static, Hs256, HmacKey<Hs256>> {
    Key::new(HmacKey::new(SECRET).unwrap())
}

/// A token whose claims are all of these.
fn token(typ: Option<&str>, claims: Value) -> String {
    let Value::Object(claims) = claims else { panic!("claims are an object") };
    let text = Value::Object(claims).to_string();
    let header = typ.map_or(Header::new(), |typ| Header::new().typ(typ));
    jose_jws::compact::sign(&SigningKey::new(key()), text.as_bytes(), &header).unwrap()
}

type Asked<'v> = Verification<'v, Key<'static, Hs256, HmacKey<Hs256>>>;

fn verify(
    profile: Profile,
    token: &str,
    expecting: impl for<'v> Fn(Asked<'v>) -> Asked<'v>,
) -> Result<(), Error> {
    let verifier = JwtVerifier::new(key()).any_issuer().audience("client").profile(profile);
    let verifier = if profile.name() == SECURITY_EVENT_TOKEN.name() {
        JwtVerifier::new(key()).any_issuer().any_audience().expiry_optional().profile(profile)
    } else {
        verifier
    };
    expecting(verifier.at(NOW)).verify::<Map<String, Value>>(token).map(|_| ()).map_err(bare)
}

/// Nothing more than is in every token.
fn nothing(asked: Asked<'_>) -> Asked<'_> {
    asked
}

/// Without the words for what is accepted.
fn bare(error: Error) -> Error {
    match error {
        Error::Claim { claim, reason, .. } => Error::Claim { claim, reason, expected: None },
        error => error,
    }
}

fn fails(profile: Profile, typ: Option<&str>, claims: Value, claim: &str, reason: Reason) {
    let result = verify(profile, &token(typ, claims.clone()), nothing);
    assert_eq!(
        result,
        Err(Error::Claim { claim: claim.to_owned().into(), reason, expected: None }),
        "{claims}"
    );
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name).unwrap();
    claims
}

fn id_token() -> Value {
    json!({"iss": "https://op", "sub": "alice", "aud": "client", "exp": 1_700_000_060, "iat": 1_700_000_000})
}

fn access_token() -> Value {
    json!({"iss": "https://op", "sub": "alice", "aud": "client", "exp": 1_700_000_060, "iat": 1_700_000_000,
        "jti": "1", "client_id": "client", "scope": "read"})
}

fn logout_token() -> Value {
    json!({"iss": "https://op", "sub": "alice", "aud": "client", "exp": 1_700_000_060, "iat": 1_700_000_000,
        "jti": "1", "events": {"http://schemas.openid.net/event/backchannel-logout": {}}})
}

fn jarm() -> Value {
    json!({"iss": "https://op", "aud": "client", "exp": 1_700_000_060, "code": "c", "state": "s"})
}

fn client_assertion() -> Value {
    json!({"iss": "client-1", "sub": "client-1", "aud": "client", "exp": 1_700_000_060, "jti": "1"})
}

fn security_event() -> Value {
    json!({"iss": "https://op", "aud": "client", "iat": 1_700_000_000, "jti": "1",
        "events": {"https://schemas.example/event": {"subject": "alice"}}})
}

type Kind = (Profile, Option<&'static str>, fn() -> Value);

const KINDS: [Kind; 6] = [
    (ID_TOKEN, None, id_token),
    (ACCESS_TOKEN, Some("at+jwt"), access_token),
    (LOGOUT_TOKEN, Some("logout+jwt"), logout_token),
    (JARM, None, jarm),
    (CLIENT_ASSERTION, None, client_assertion),
    (SECURITY_EVENT_TOKEN, Some("secevent+jwt"), security_event),
];

/// Covers F6.
#[test]
fn each_profile_refuses_the_tokens_of_every_other() {
    for (index, (profile, ..)) in KINDS.iter().enumerate() {
        for (other, (kind, typ, claims)) in KINDS.iter().enumerate() {
            let result = verify(*profile, &token(*typ, claims()), nothing);
            assert_eq!(result.is_ok(), index == other, "{} as {}: {result:?}", kind.name(), profile.name());
        }
    }
}

/// The same where an attacker may choose `typ`, as far as the claims can tell the kinds apart.
///
/// Covers F6.
#[test]
fn typ_is_required_by_the_profiles_that_have_one() {
    for (profile, typ, claims) in KINDS {
        if typ.is_some() {
            let none = verify(profile, &token(None, claims()), nothing);
            assert_eq!(none, Err(Error::Typ(Reason::Missing)), "{}", profile.name());
            let other = verify(profile, &token(Some("JWT"), claims()), nothing);
            assert_eq!(other, Err(Error::Typ(Reason::Mismatch)), "{}", profile.name());
        }
    }
}

/// Covers T11.
#[test]
fn an_id_token_needs_its_claims() {
    for name in ["iss", "sub", "iat", "exp"] {
        fails(ID_TOKEN, None, without(id_token(), name), name, Reason::Missing);
    }
    fails(ID_TOKEN, None, without(id_token(), "aud"), "aud", Reason::Missing);
    fails(ID_TOKEN, None, with(id_token(), "aud", json!("other")), "aud", Reason::Mismatch);
    fails(ID_TOKEN, None, with(id_token(), "nonce", json!(1)), "nonce", Reason::Invalid);
    fails(ID_TOKEN, None, with(id_token(), "events", json!({})), "events", Reason::Prohibited);
    fails(ID_TOKEN, None, with(id_token(), "sub", json!("https://op")), "sub", Reason::Prohibited);
}

/// OpenID Connect Core 1.0 incorporating errata set 2, section 3.1.3.7: `azp` is no rule by itself, and no audience may be
/// there that the client does not trust.
///
/// Covers T11.
#[test]
fn audiences_of_an_id_token_are_trusted() {
    fails(ID_TOKEN, None, with(id_token(), "azp", json!(1)), "azp", Reason::Invalid);
    let elsewhere = token(None, with(id_token(), "azp", json!("other")));
    assert_eq!(verify(ID_TOKEN, &elsewhere, nothing), Ok(()));
    let several = token(None, with(id_token(), "aud", json!(["client", "other"])));
    let prohibited = verify(ID_TOKEN, &several, nothing).unwrap_err();
    let is_aud = |error: &Error| matches!(error, Error::Claim { claim, reason: Reason::Prohibited, .. } if claim == "aud");
    assert!(is_aud(&prohibited), "{prohibited:?}");
    let verifier = || JwtVerifier::new(key()).any_issuer().audience("client").profile(ID_TOKEN);
    let trusting = verifier().trusted_audiences(["other", "third"]);
    assert!(trusting.at(NOW).verify::<NoClaims>(&several).is_ok());
    let one = verifier().trusted_audiences("third").at(NOW).verify::<NoClaims>(&several).unwrap_err();
    assert!(is_aud(&one), "{one:?}");
    // Who is trusted is not who is meant.
    let others = token(None, with(id_token(), "aud", json!(["other"])));
    let mismatch = trusting.at(NOW).verify::<NoClaims>(&others).unwrap_err();
    assert!(matches!(mismatch, Error::Claim { reason: Reason::Mismatch, .. }), "{mismatch:?}");
}

/// OpenID Connect Core 1.0, A.3 and A.4: `at_hash` and `c_hash` of those examples.
///
/// Covers T11.
#[test]
fn hashes_are_of_the_access_token_and_the_code() {
    let claims = with(id_token(), "at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"));
    let claims = with(claims, "c_hash", json!("LDktKdoQak3Pk0cnXxCltA"));
    let token = token(None, claims);
    const ACCESS: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    const CODE: &str = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    assert_eq!(verify(ID_TOKEN, &token, |asked| asked.access_token(ACCESS)), Ok(()));
    assert_eq!(verify(ID_TOKEN, &token, |asked| asked.access_token(ACCESS).code(CODE)), Ok(()));
    let mismatch = |claim: &'static str| {
        Err(Error::Claim { claim: claim.into(), reason: Reason::Mismatch, expected: None })
    };
    assert_eq!(verify(ID_TOKEN, &token, |asked| asked.access_token("other")), mismatch("at_hash"));
    assert_eq!(verify(ID_TOKEN, &token, |asked| asked.code("other")), mismatch("c_hash"));
    let missing = Err(Error::Claim { claim: "s_hash".into(), reason: Reason::Missing, expected: None });
    assert_eq!(verify(ID_TOKEN, &token, |asked| asked.state("s")), missing);
}

/// Covers T11.
#[test]
fn the_typed_claims_are_read() {
    let claims = with(id_token(), "nonce", json!("n-1"));
    let token = token(None, with(claims, "amr", json!(["pwd", "otp"])));
    let verifier = JwtVerifier::new(key()).issuer("https://op").audience("client").profile(ID_TOKEN);
    let verified = verifier.at(NOW).nonce("n-1").verify::<IdToken>(&token).unwrap();
    assert_eq!(verified.claims().custom().nonce.as_deref(), Some("n-1"));
    assert_eq!(verified.claims().custom().amr.as_deref(), Some(&["pwd".to_owned(), "otp".to_owned()][..]));
    let other = verifier.at(NOW).nonce("n-2").verify::<IdToken>(&token);
    assert_eq!(
        bare(other.unwrap_err()),
        Error::Claim { claim: "nonce".into(), reason: Reason::Mismatch, expected: None }
    );
}

/// Covers T12.
#[test]
fn an_access_token_needs_its_claims() {
    for name in ["iss", "exp", "sub", "client_id", "iat", "jti"] {
        fails(ACCESS_TOKEN, Some("at+jwt"), without(access_token(), name), name, Reason::Missing);
    }
    let claims = with(access_token(), "client_id", json!(1));
    fails(ACCESS_TOKEN, Some("at+jwt"), claims, "client_id", Reason::Invalid);
    let long = token(Some("application/at+jwt"), access_token());
    assert_eq!(verify(ACCESS_TOKEN, &long, nothing), Ok(()));
}

/// Covers T13.
#[test]
fn a_logout_token_needs_its_event_and_no_nonce() {
    let typ = Some("logout+jwt");
    for name in ["iss", "exp", "iat", "jti", "events"] {
        fails(LOGOUT_TOKEN, typ, without(logout_token(), name), name, Reason::Missing);
    }
    fails(LOGOUT_TOKEN, typ, with(logout_token(), "nonce", json!("n")), "nonce", Reason::Prohibited);
    fails(
        LOGOUT_TOKEN,
        typ,
        with(logout_token(), "events", json!({"other": {}})),
        "events",
        Reason::Mismatch,
    );
    fails(LOGOUT_TOKEN, typ, with(logout_token(), "events", json!([])), "events", Reason::Invalid);
    fails(LOGOUT_TOKEN, typ, without(logout_token(), "sub"), "sub", Reason::Missing);
    let session = token(typ, with(without(logout_token(), "sub"), "sid", json!("session")));
    assert_eq!(verify(LOGOUT_TOKEN, &session, nothing), Ok(()));
    let verifier = JwtVerifier::new(key()).any_issuer().audience("client").profile(LOGOUT_TOKEN);
    let verified = verifier.at(NOW).verify::<LogoutToken>(&session).unwrap();
    assert_eq!(verified.claims().custom().sid.as_deref(), Some("session"));
}

/// Covers T14.
#[test]
fn jarm_compares_the_state() {
    for name in ["iss", "exp"] {
        fails(JARM, None, without(jarm(), name), name, Reason::Missing);
    }
    fails(JARM, None, without(jarm(), "code"), "code", Reason::Missing);
    let right = token(None, jarm());
    assert_eq!(verify(JARM, &right, |asked| asked.state("s")), Ok(()));
    let state = |reason| Err(Error::Claim { claim: "state".into(), reason, expected: None });
    assert_eq!(verify(JARM, &right, |asked| asked.state("t")), state(Reason::Mismatch));
    let none = token(None, without(jarm(), "state"));
    assert_eq!(verify(JARM, &none, |asked| asked.state("s")), state(Reason::Missing));
}

#[test]
fn a_client_assertion_is_of_the_client_itself() {
    fails(CLIENT_ASSERTION, None, with(client_assertion(), "sub", json!("other")), "sub", Reason::Mismatch);
    fails(CLIENT_ASSERTION, None, without(client_assertion(), "sub"), "sub", Reason::Missing);
}

/// draft-ietf-oauth-rfc7523bis: what is meant for several servers could be passed on from one to another.
#[test]
fn a_client_assertion_is_for_one_server() {
    let for_these = |aud: Value| token(None, with(client_assertion(), "aud", aud));
    assert_eq!(verify(CLIENT_ASSERTION, &for_these(json!(["client"])), nothing), Ok(()));
    for aud in [json!(["client", "other"]), json!(["other", "client"]), json!(["client", "client"])] {
        fails(CLIENT_ASSERTION, None, with(client_assertion(), "aud", aud), "aud", Reason::Prohibited);
    }
    let both = for_these(json!(["client", "https://as.example/token"]));
    let verifier = JwtVerifier::new(key()).any_issuer().audience("client").profile(CLIENT_ASSERTION);
    let error = verifier.at(NOW).verify::<Map<String, Value>>(&both).unwrap_err();
    assert!(error.to_string().contains("one audience"), "{error}");
}

/// Covers T07.
#[test]
fn max_auth_age_counts_from_auth_time() {
    let age = std::time::Duration::from_secs(60);
    let verify = |auth_time: Value| {
        let token = token(None, with(id_token(), "auth_time", auth_time));
        let verifier = JwtVerifier::new(key()).any_issuer().any_audience().max_auth_age(age);
        verifier.at(NOW).verify::<Map<String, Value>>(&token).map(|_| ()).map_err(bare)
    };
    let failed = |reason| Err(Error::Claim { claim: "auth_time".into(), reason, expected: None });
    assert_eq!(verify(json!(1_699_999_940)), Ok(()));
    assert_eq!(verify(json!(1_699_999_939)), failed(Reason::Mismatch));
    assert_eq!(verify(json!(1_700_000_000)), Ok(()));
    assert_eq!(verify(json!(1_700_000_001)), failed(Reason::Invalid));
    assert_eq!(verify(json!("now")), failed(Reason::Invalid));
    let claims = Claims::new().expires_in(age);
    let none = Token::at(&claims, NOW).sign(&SigningKey::new(key())).unwrap();
    let verifier = JwtVerifier::new(key()).any_issuer().any_audience().max_auth_age(age);
    let result = verifier.at(NOW).verify::<Map<String, Value>>(&none).map(|_| ());
    assert_eq!(result, failed(Reason::Missing));
}

/// Covers F6.
#[test]
fn a_generic_typ_is_taken_where_it_is_allowed() {
    let claims = || {
        json!({"iss": "i", "sub": "s", "aud": "client", "exp": 1_700_000_100, "iat": 1_700_000_000, "jti": "1",
            "client_id": "c"})
    };
    let generic = ACCESS_TOKEN.allow_generic_typ();
    for (typ, strict, tolerant) in [
        (Some("at+jwt"), Ok(()), Ok(())),
        (Some("JWT"), Err(Error::Typ(Reason::Mismatch)), Ok(())),
        (None, Err(Error::Typ(Reason::Missing)), Ok(())),
        (Some("logout+jwt"), Err(Error::Typ(Reason::Mismatch)), Err(Error::Typ(Reason::Mismatch))),
    ] {
        let token = token(typ, claims());
        assert_eq!(verify(ACCESS_TOKEN, &token, nothing), strict, "{typ:?}");
        assert_eq!(verify(generic, &token, nothing), tolerant, "{typ:?}");
    }
    let mut other = claims();
    other["nonce"] = json!("n");
    let prohibited = Err(Error::Claim { claim: "nonce".into(), reason: Reason::Prohibited, expected: None });
    assert_eq!(verify(generic, &token(None, other.clone()), nothing), prohibited);
    assert_eq!(verify(ACCESS_TOKEN, &token(Some("at+jwt"), other), nothing), Ok(()));
    let mut without = claims();
    without.as_object_mut().unwrap().remove("jti");
    let without = token(Some("at+jwt"), without);
    let missing = Err(Error::Claim { claim: "jti".into(), reason: Reason::Missing, expected: None });
    assert_eq!(verify(ACCESS_TOKEN, &without, nothing), missing);
    assert_eq!(verify(ACCESS_TOKEN.waive(&["jti"]), &without, nothing), Ok(()));
}

/// What only some profiles compare is an error with the others, and with a profile whose function was replaced.
///
/// Covers F6.
#[test]
fn what_a_profile_does_not_compare_is_not_asked_of_it() {
    let claims = json!({"iss": "i", "sub": "s", "aud": "client", "exp": 1_700_000_100, "iat": 1_700_000_000,
        "jti": "1", "client_id": "c"});
    let token = token(Some("at+jwt"), claims);
    let without = |option| Err(Error::OptionWithoutEffect { option });
    assert_eq!(verify(ACCESS_TOKEN, &token, |asked| asked.access_token("t")), without("access_token"));
    assert_eq!(verify(ACCESS_TOKEN, &token, |asked| asked.code("c")), without("code"));
    assert_eq!(verify(JARM, &token, |asked| asked.code("c")), without("code"));
    assert_eq!(verify(ACCESS_TOKEN, &token, |asked| asked.state("s")), without("state"));
    let replaced = ID_TOKEN.typ(&["at+jwt"]).check(|_| Ok(()));
    assert_eq!(verify(replaced, &token, nothing), Ok(()));
    assert_eq!(verify(replaced, &token, |asked| asked.access_token("t")), without("access_token"));
    let trusting = JwtVerifier::new(key()).any_issuer().audience("client").trusted_audiences("other");
    let error = trusting.profile(ACCESS_TOKEN).at(NOW).verify::<NoClaims>(&token).unwrap_err();
    assert_eq!(error, Error::OptionWithoutEffect { option: "trusted_audiences" });
}
