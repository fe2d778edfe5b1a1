//! The profiles of requests, introspection, wallets and workloads: each takes its own tokens.

use jose_jwt::Reason;
use jose_jwt::profile::{
    CLIENT_ATTESTATION, CLIENT_ATTESTATION_POP, ENTITY_STATEMENT, INTROSPECTION_RESPONSE, JWT_SVID,
    KEY_ATTESTATION, OPENID4VCI_PROOF, Profile, REQUEST_OBJECT,
};
use serde_json::{Value, json};

use super::profiles::{KINDS, fails, nothing, token, verify, with, without};

pub(super) fn request_object() -> Value {
    json!({"iss": "client-1", "aud": "client", "client_id": "client-1", "response_type": "code", "exp": 1_700_000_060,
        "redirect_uri": "https://client.example/cb", "nonce": "n"})
}

pub(super) fn introspection_response() -> Value {
    json!({"iss": "https://op", "aud": "client", "iat": 1_700_000_000,
        "token_introspection": {"active": true, "sub": "alice"}})
}

pub(super) fn client_attestation() -> Value {
    json!({"iss": "https://maker", "sub": "client-1", "exp": 1_700_000_060, "cnf": {"jwk": {"kty": "EC"}}})
}

pub(super) fn attestation_pop() -> Value {
    json!({"iss": "client-1", "aud": "client", "jti": "1", "iat": 1_700_000_000})
}

pub(super) fn vci_proof() -> Value {
    json!({"iss": "client-1", "aud": "client", "iat": 1_700_000_000, "nonce": "n"})
}

pub(super) fn key_attestation() -> Value {
    json!({"iat": 1_700_000_000, "attested_keys": [{"kty": "EC"}]})
}

pub(super) fn entity_statement() -> Value {
    json!({"iss": "https://ta", "sub": "https://op", "iat": 1_700_000_000, "exp": 1_700_000_060, "jwks": {"keys": []}})
}

pub(super) fn svid() -> Value {
    json!({"sub": "spiffe://example.org/service", "aud": "client", "exp": 1_700_000_060, "iat": 1_700_000_000})
}

/// Each rule of the newer profiles, by a token that breaks it alone.
#[test]
fn what_the_newer_profiles_require() {
    let typ = |profile: Profile| KINDS.iter().find(|(own, ..)| own.name() == profile.name()).unwrap().1;
    let missing = |profile: Profile, claims: fn() -> Value, names: &[&str]| {
        for name in names {
            fails(profile, typ(profile), without(claims(), name), name, Reason::Missing);
        }
    };
    missing(REQUEST_OBJECT, request_object, &["client_id", "response_type", "aud", "exp"]);
    missing(INTROSPECTION_RESPONSE, introspection_response, &["iss", "aud", "iat", "token_introspection"]);
    missing(CLIENT_ATTESTATION, client_attestation, &["sub", "exp", "cnf"]);
    missing(CLIENT_ATTESTATION_POP, attestation_pop, &["aud", "jti", "iat"]);
    missing(OPENID4VCI_PROOF, vci_proof, &["aud", "iat"]);
    missing(KEY_ATTESTATION, key_attestation, &["iat", "attested_keys"]);
    missing(ENTITY_STATEMENT, entity_statement, &["iss", "sub", "iat", "exp", "jwks"]);
    missing(JWT_SVID, svid, &["sub", "aud", "exp"]);
    let rows = [
        (
            REQUEST_OBJECT,
            with(request_object(), "request_uri", json!("urn:x")),
            "request_uri",
            Reason::Prohibited,
        ),
        (REQUEST_OBJECT, with(request_object(), "request", json!("a.b.c")), "request", Reason::Prohibited),
        (REQUEST_OBJECT, with(request_object(), "sub", json!("client-1")), "sub", Reason::Prohibited),
        (REQUEST_OBJECT, with(request_object(), "client_id", json!(1)), "client_id", Reason::Invalid),
        (
            INTROSPECTION_RESPONSE,
            with(introspection_response(), "sub", json!("alice")),
            "sub",
            Reason::Prohibited,
        ),
        (
            INTROSPECTION_RESPONSE,
            with(introspection_response(), "exp", json!(1_700_000_060)),
            "exp",
            Reason::Prohibited,
        ),
        (
            INTROSPECTION_RESPONSE,
            with(introspection_response(), "token_introspection", json!({"active": "yes"})),
            "token_introspection",
            Reason::Invalid,
        ),
        (CLIENT_ATTESTATION, with(client_attestation(), "cnf", json!({"jkt": "x"})), "cnf", Reason::Invalid),
        (
            CLIENT_ATTESTATION_POP,
            with(attestation_pop(), "aud", json!(["client", "b"])),
            "aud",
            Reason::Prohibited,
        ),
        (OPENID4VCI_PROOF, with(vci_proof(), "aud", json!(["client", "b"])), "aud", Reason::Prohibited),
        (
            KEY_ATTESTATION,
            with(key_attestation(), "attested_keys", json!([])),
            "attested_keys",
            Reason::Invalid,
        ),
        (
            KEY_ATTESTATION,
            with(key_attestation(), "attested_keys", json!(["x"])),
            "attested_keys",
            Reason::Invalid,
        ),
        (ENTITY_STATEMENT, with(entity_statement(), "jwks", json!([])), "jwks", Reason::Invalid),
        (JWT_SVID, with(svid(), "nonce", json!("n")), "nonce", Reason::Prohibited),
    ];
    for (profile, claims, claim, reason) in rows {
        fails(profile, typ(profile), claims, claim, reason);
    }
    for sub in [
        "alice",
        "https://example.org/service",
        "spiffe://",
        "spiffe:///service",
        "spiffe://Example.org/a",
        "spiffe://example.org/",
        "spiffe://example.org//a",
        "spiffe://a b/c",
    ] {
        fails(JWT_SVID, None, with(svid(), "sub", json!(sub)), "sub", Reason::Mismatch);
    }
    assert_eq!(
        verify(JWT_SVID, &token(Some("JOSE"), with(svid(), "sub", json!("spiffe://example.org"))), nothing),
        Ok(())
    );
}
