//! Each hostile token, and why it is refused.

use std::collections::HashSet;

use jose_test::jwt::{JwkSet, JwsAlg, JwtVerifier, NoClaims, VerifyingKeys};
use jose_test::{Provider, TestIssuer};

const AUDIENCE: &str = "https://api.example";

/// The code of the error by the name of the case: what is wrong, and not something else.
const REASONS: &[(&str, &str)] = &[
    ("bound-to-a-key", "claim-prohibited"),
    ("claims-list", "not-claims"),
    ("claims-not-json", "not-claims"),
    ("claims-not-utf8", "not-claims"),
    ("crit-without-parameter", "crit-not-understood"),
    ("cut-signature", "signature"),
    ("deep-header", "depth"),
    ("der-signature", "signature"),
    ("dpop-typ", "typ"),
    ("duplicate-alg", "duplicate-member"),
    ("duplicate-alg-last", "duplicate-member"),
    ("duplicate-audience", "not-claims"),
    ("duplicate-audience-last", "not-claims"),
    ("duplicate-exp-last", "not-claims"),
    ("duplicate-sub-escaped", "not-claims"),
    ("embedded-jwk", "signature"),
    ("embedded-jwk-without-kid", "signature"),
    ("embedded-x5c", "signature"),
    ("encryption-key", "kid-unknown"),
    ("expired", "expired"),
    ("forged-kid", "signature"),
    ("four-parts", "segments"),
    ("header-not-json", "syntax"),
    ("hs256-public-key", "algorithm-not-allowed"),
    ("hs256-public-key-der", "algorithm-not-allowed"),
    ("hs256-public-key-jwk", "algorithm-not-allowed"),
    ("hs256-public-key-trimmed", "algorithm-not-allowed"),
    ("huge-exp", "claim-invalid"),
    ("jku-elsewhere", "signature"),
    ("jku-elsewhere-unknown-kid", "kid-unknown"),
    ("list-issuer", "claim-invalid"),
    ("long-ecdsa-signature", "signature"),
    ("no-alg", "algorithm-missing"),
    ("no-audience", "claim-missing"),
    ("no-claims", "not-claims"),
    ("no-exp", "claim-missing"),
    ("no-issuer", "claim-missing"),
    ("no-kid", "signature"),
    ("none", "algorithm-unknown"),
    ("none-signed", "algorithm-unknown"),
    ("none-spelled", "algorithm-unknown"),
    ("not-yet-valid", "not-yet-valid"),
    ("null-exp", "claim-invalid"),
    ("object-audience", "claim-invalid"),
    ("other-alg", "algorithm-not-allowed"),
    ("other-audience", "claim-mismatch"),
    ("other-issuer", "claim-mismatch"),
    ("padded", "character"),
    ("similar-audience", "claim-mismatch"),
    ("similar-issuer", "claim-mismatch"),
    ("stripped-signature", "signature"),
    ("tampered-claims", "signature"),
    ("tampered-signature", "signature"),
    ("text-exp", "claim-invalid"),
    ("trailing-bits", "trailing-bits"),
    ("two-parts", "segments"),
    ("unencoded", "unencoded"),
    ("unknown-alg", "algorithm-unknown"),
    ("unknown-crit", "crit-not-understood"),
    ("unpublished-key", "kid-unknown"),
    ("wrong-typ", "typ"),
    ("x5u-elsewhere", "signature"),
    ("zero-signature", "signature"),
];

#[test]
fn each_is_refused_for_its_own_reason() {
    let mut seen = HashSet::new();
    for (provider, alg) in [
        (Provider::Plain, JwsAlg::Es256),
        (Provider::Plain, JwsAlg::Es384),
        (Provider::Auth0, JwsAlg::Rs256),
        (Provider::Okta, JwsAlg::Ps256),
        (Provider::Keycloak, JwsAlg::Rs256),
        (Provider::Google, JwsAlg::Ed25519),
    ] {
        let issuer = TestIssuer::builder().provider(provider).alg(alg).start();
        let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(issuer.jwks()).unwrap(), alg).unwrap();
        let verifier = JwtVerifier::new(keys).issuer(issuer.url()).audience(AUDIENCE).typ("JWT");
        let good = issuer.token(AUDIENCE).claim("nested", serde_json::json!({ "a": { "b": 1 } }));
        verifier.verify::<NoClaims>(&good.sign()).unwrap();
        let mut names = HashSet::new();
        for case in good.hostile() {
            assert!(names.insert(case.name()), "{case}");
            seen.insert(case.name());
            let error = verifier.verify::<NoClaims>(case.token()).unwrap_err();
            let row = REASONS.iter().find(|(name, _)| *name == case.name());
            let (_, reason) = row.unwrap_or_else(|| panic!("{case}: {}", error.code()));
            assert_eq!(error.code(), *reason, "{alg} {case}: {error}");
        }
        assert!(names.len() >= 55, "{alg}: {}", names.len());
        assert!(issuer.stray_requests().is_empty());
    }
    for (name, _) in REASONS {
        assert!(seen.contains(name), "{name} is of no issuer");
    }
}
