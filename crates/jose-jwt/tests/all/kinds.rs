//! F6: the square of all profiles and all profiles' tokens, and that each row of the table of profiles is true.

use std::collections::BTreeSet;
use std::time::Duration;

use jose_jwk::{Curve, Jwk, JwsAlg, SysRng};
use jose_jws::{Parameters, SigningKey, VerifyingKey, compact};
use jose_jwt::profile::*;
use jose_jwt::{Error, JwtVerifier, NumericDate, Reason};
use serde_json::{Map, Value, json};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);
const AUDIENCE: &str = "https://as.example";

/// A kind: its profile, the `typ` of its tokens, their claims, and whether their header carries the key.
pub(crate) struct Kind {
    pub(crate) profile: Profile,
    typ: &'static str,
    claims: fn(&Jwk) -> Value,
    header: Option<&'static str>,
}

fn kind(profile: Profile, typ: &'static str, claims: fn(&Jwk) -> Value) -> Kind {
    Kind { profile, typ, claims, header: None }
}

fn public(jwk: &Jwk) -> Value {
    serde_json::from_str(&jwk.to_public().unwrap().to_json()).unwrap()
}

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        kind(
            ID_TOKEN,
            "JWT",
            |_| json!({"iss": "https://op", "sub": "alice", "aud": AUDIENCE, "exp": 1_700_000_060, "iat": 1_700_000_000}),
        ),
        kind(ACCESS_TOKEN, "at+jwt", |_| {
            json!({"iss": "https://op", "sub": "alice", "aud": AUDIENCE, "exp": 1_700_000_060,
                "iat": 1_700_000_000, "jti": "1", "client_id": "client", "scope": "read"})
        }),
        kind(LOGOUT_TOKEN, "logout+jwt", |_| {
            json!({"iss": "https://op", "sub": "alice", "aud": AUDIENCE, "exp": 1_700_000_060,
                "iat": 1_700_000_000, "jti": "1", "events": {"http://schemas.openid.net/event/backchannel-logout": {}}})
        }),
        kind(
            JARM,
            "JWT",
            |_| json!({"iss": "https://op", "aud": AUDIENCE, "exp": 1_700_000_060, "code": "c", "state": "s"}),
        ),
        kind(CLIENT_ASSERTION, "JWT", |_| {
            json!({"iss": "client", "sub": "client", "aud": AUDIENCE, "exp": 1_700_000_060, "iat": 1_700_000_000,
                "jti": "1"})
        }),
        kind(
            CLIENT_ATTESTATION,
            "oauth-client-attestation+jwt",
            |jwk| json!({"iss": "https://attester", "sub": "client", "exp": 1_700_000_060, "cnf": {"jwk": public(jwk)}}),
        ),
        kind(
            CLIENT_ATTESTATION_POP,
            "oauth-client-attestation-pop+jwt",
            |_| json!({"aud": AUDIENCE, "iat": 1_700_000_000, "jti": "1"}),
        ),
        kind(REQUEST_OBJECT, "oauth-authz-req+jwt", |_| {
            json!({"iss": "client", "aud": AUDIENCE, "exp": 1_700_000_060, "client_id": "client",
                "response_type": "code", "nonce": "n", "redirect_uri": "https://client/cb"})
        }),
        kind(INTROSPECTION_RESPONSE, "token-introspection+jwt", |_| {
            json!({"iss": "https://op", "aud": AUDIENCE, "iat": 1_700_000_000,
                "token_introspection": {"active": true, "sub": "alice", "exp": 1_700_000_060}})
        }),
        kind(SECURITY_EVENT_TOKEN, "secevent+jwt", |_| {
            json!({"iss": "https://op", "aud": AUDIENCE, "iat": 1_700_000_000, "jti": "1",
                "events": {"https://schemas.example/event": {"subject": "alice"}}})
        }),
        Kind {
            profile: CREDENTIAL_PROOF,
            typ: "openid4vci-proof+jwt",
            claims: |_| json!({"aud": AUDIENCE, "iat": 1_700_000_000, "nonce": "n"}),
            header: Some("jwk"),
        },
        kind(
            KEY_ATTESTATION,
            "key-attestation+jwt",
            |jwk| json!({"iss": "https://maker", "iat": 1_700_000_000, "exp": 1_700_000_060, "attested_keys": [public(jwk)]}),
        ),
        Kind {
            profile: ENTITY_STATEMENT,
            typ: "entity-statement+jwt",
            claims: |jwk| {
                json!({"iss": "https://op", "sub": "https://op", "iat": 1_700_000_000, "exp": 1_700_000_060,
                    "jwks": {"keys": [public(jwk)]}, "authority_hints": ["https://anchor"]})
            },
            header: Some("kid"),
        },
        kind(JWT_SVID, "JWT", |_| {
            json!({"sub": "spiffe://example.org/billing", "aud": [AUDIENCE, "other"], "exp": 1_700_000_060,
                "iat": 1_700_000_000})
        }),
        kind(
            VAPID,
            "JWT",
            |_| json!({"aud": AUDIENCE, "exp": 1_700_000_060, "sub": "mailto:push@app.example"}),
        ),
    ]
}

impl Kind {
    pub(crate) fn claims(&self, jwk: &Jwk) -> Value {
        (self.claims)(jwk)
    }

    pub(crate) fn sign(&self, jwk: &Jwk, claims: &Value) -> String {
        let key = SigningKey::try_from(jwk).unwrap();
        let own = Parameters::new().json("jwk", &public(jwk).to_string()).unwrap();
        let header = if self.header == Some("jwk") { own.header() } else { jose_jws::Header::new() };
        let header = if self.header == Some("kid") { header.kid("1") } else { header };
        compact::sign(&key, claims.to_string().as_bytes(), &header.typ(self.typ)).unwrap()
    }

    fn token(&self, jwk: &Jwk) -> String {
        self.sign(jwk, &self.claims(jwk))
    }

    pub(crate) fn verify(&self, jwk: &Jwk, token: &str) -> Result<(), Error> {
        let key = VerifyingKey::from_jwk(jwk, JwsAlg::Es256).unwrap();
        let verifier = JwtVerifier::new(key).any_issuer();
        let verifier = if [CLIENT_ATTESTATION, KEY_ATTESTATION, SECURITY_EVENT_TOKEN, ENTITY_STATEMENT]
            .iter()
            .any(|other| other.name() == self.profile.name())
        {
            verifier.any_audience()
        } else {
            verifier.audience(AUDIENCE)
        };
        let verifier = match self.profile.name() {
            "Security Event Token" => verifier.expiry_optional(),
            "client attestation" => verifier.dangerous_ignore_confirmation(),
            _ => verifier,
        };
        let verified = verifier.profile(self.profile).at(NOW).verify::<Map<String, Value>>(token);
        verified.map(|_| ()).map_err(bare)
    }
}

/// Without the words for what is accepted.
fn bare(error: Error) -> Error {
    match error {
        Error::Claim { claim, reason, .. } => Error::Claim { claim, reason, expected: None },
        error => error,
    }
}

pub(crate) fn key() -> Jwk {
    Jwk::generate(Curve::P256, &mut SysRng).unwrap()
}

/// One key signs them all, and they are for one audience: nothing but their kinds tells them apart.
///
/// Covers F6.
#[test]
fn each_kind_refuses_the_tokens_of_every_other() {
    let (jwk, kinds) = (key(), kinds());
    let mut compared = 0;
    for (index, own) in kinds.iter().enumerate() {
        for (other, kind) in kinds.iter().enumerate() {
            let result = own.verify(&jwk, &kind.token(&jwk));
            let names = (kind.profile.name(), own.profile.name());
            assert_eq!(result.is_ok(), index == other, "{} as {}: {result:?}", names.0, names.1);
            compared += 1;
        }
    }
    assert_eq!(compared, 15 * 15);
}

/// DPoP proofs, whose verifier is of another type, are in the square too.
///
/// Covers F6.
#[test]
fn a_dpop_proof_is_no_other_kind() {
    let jwk = key();
    let signer = DpopSigner::new(&jwk).unwrap();
    let proof = signer.proof("POST", AUDIENCE).sign_with(NOW, &mut SysRng).unwrap();
    let request = DpopRequest::new("POST", AUDIENCE);
    let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
    assert!(verifier.at(NOW).verify(&proof, &request).is_ok());
    for kind in kinds() {
        assert!(kind.verify(&jwk, &proof).is_err(), "{}", kind.profile.name());
        assert!(verifier.at(NOW).verify(&kind.token(&jwk), &request).is_err(), "{}", kind.profile.name());
    }
}

/// A token without `typ`, or with the generic one, is none of those kinds that have a `typ` of their own.
///
/// Covers F6.
#[test]
fn a_typ_of_its_own_is_required() {
    let jwk = key();
    for kind in kinds().into_iter().filter(|kind| kind.typ != "JWT") {
        let mut generic = Kind { typ: "JWT", ..kind };
        let expected = Err(Error::Typ(Reason::Mismatch));
        assert_eq!(generic.verify(&jwk, &generic.token(&jwk)), expected, "{}", generic.profile.name());
        generic.typ = "at+jwt+jwt";
        assert_eq!(generic.verify(&jwk, &generic.token(&jwk)), expected, "{}", generic.profile.name());
    }
}

/// The code spans of a cell.
fn spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The table in the documentation of the module: what it requires is required, what it prohibits is refused.
///
/// Covers F6.
#[test]
fn the_table_of_profiles_is_true() {
    let (jwk, kinds) = (key(), kinds());
    let page = include_str!("../../src/profile.rs");
    let rows = page.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    let mut seen = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let constant = cells[0].trim_end_matches("`]");
        let kind = kinds.iter().find(|kind| constant_of(&kind.profile) == constant);
        let kind = kind.unwrap_or_else(|| panic!("no kind {constant}"));
        seen.insert(constant.to_owned());
        assert!(spans(cells[1]).contains(&kind.typ), "{constant}");
        let claims = kind.claims(&jwk);
        assert_eq!(kind.verify(&jwk, &kind.sign(&jwk, &claims)), Ok(()), "{constant}");
        for name in spans(cells[2]) {
            let mut without = claims.clone();
            without.as_object_mut().unwrap().remove(name).unwrap();
            let result = kind.verify(&jwk, &kind.sign(&jwk, &without));
            assert_eq!(result, failed(name, Reason::Missing), "{constant} without {name}");
        }
        for name in spans(cells[3]) {
            let mut with = claims.clone();
            with[name] = if name == "exp" { json!(1_700_000_060) } else { json!("x") };
            let result = kind.verify(&jwk, &kind.sign(&jwk, &with));
            assert_eq!(result, failed(name, Reason::Prohibited), "{constant} with {name}");
        }
    }
    assert_eq!(seen.len(), kinds.len());
}

fn failed(claim: &str, reason: Reason) -> Result<(), Error> {
    Err(Error::Claim { claim: claim.to_owned().into(), reason, expected: None })
}

/// The name of a constant, by the name of the profile.
fn constant_of(profile: &Profile) -> String {
    match profile.name() {
        "client attestation PoP" => "CLIENT_ATTESTATION_POP".into(),
        "OpenID4VCI proof" => "CREDENTIAL_PROOF".into(),
        name => name.to_uppercase().replace([' ', '-'], "_"),
    }
}
