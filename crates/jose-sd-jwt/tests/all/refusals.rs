//! RFC 9901 section 7.1: each check, failed alone.

use jose_sd_jwt::jwt::jws::{self, compact};
use jose_sd_jwt::jwt::{self, Header, Reason};
use jose_sd_jwt::{DisclosureError, Error};
use serde_json::json;

use super::help::*;

fn refused(index: usize, reason: DisclosureError) -> Option<Error> {
    Some(Error::Disclosure { index, reason })
}

/// What all of the others are one step away from.
#[test]
fn claims_and_elements_are_disclosed() {
    let (name, name_digest) = disclosure(r#"["s", "name", {"given":"Erika"}]"#);
    let (element, element_digest) = disclosure(r#"["t", "DE"]"#);
    let members =
        format!(r#""_sd":["{name_digest}"],"in":[{{"...":"{element_digest}"}}, "FR"],"_sd_alg":"sha-256""#);
    let expect = |disclosures: &[&str], expected: serde_json::Value| {
        let verified = receive(&with(&members, disclosures)).unwrap();
        let processed: serde_json::Value = serde_json::from_str(verified.processed_text()).unwrap();
        assert_eq!(processed, expected);
        assert_eq!(serde_json::Value::Object(verified.into_claims().into_custom()), expected);
    };
    expect(&[], json!({"iss": ISSUER, "in": ["FR"]}));
    expect(&[&name], json!({"iss": ISSUER, "in": ["FR"], "name": {"given": "Erika"}}));
    expect(&[&element, &name], json!({"iss": ISSUER, "in": ["DE", "FR"], "name": {"given": "Erika"}}));
}

/// Step 1.
#[test]
fn a_text_without_separator_is_no_sd_jwt() {
    let text = with("", &[]);
    assert_eq!(receive(text.trim_end_matches('~')).err(), Some(Error::Separator));
    let segments = jws::Error::Segments { found: 2 };
    assert_eq!(receive("a.b~").err(), Some(segments.into()));
    assert!(matches!(
        receive("a.b.c.d~"),
        Err(Error::Jwt(jwt::Error::Jws(jws::Error::Segments { found: 4 })))
    ));
}

/// Step 2.1.
#[test]
fn an_algorithm_that_is_not_allowed_is_refused() {
    let none =
        format!("{}.{}.~", base64url(r#"{"alg":"none"}"#), base64url(format!(r#"{{"iss":"{ISSUER}"}}"#)));
    assert!(matches!(receive(&none), Err(Error::Jwt(jwt::Error::Jws(_)))));
    let text = with("", &[]).replacen(
        &base64url(r#"{"alg":"ES256""#)[..18],
        &base64url(r#"{"alg":"ES384""#)[..18],
        1,
    );
    assert!(matches!(
        receive(&text),
        Err(Error::Jwt(jwt::Error::Jws(jws::Error::AlgorithmNotAllowed { .. })))
    ));
}

/// Step 2.2.
#[test]
fn another_signature_is_refused() {
    let payload = format!(r#"{{"iss":"{ISSUER}"}}"#);
    let jws = compact::sign(&THE_HOLDER.key, payload.as_bytes(), &Header::new()).unwrap();
    assert_eq!(receive(&(jws + "~")).err(), Some(jws::Error::Signature.into()));
}

/// Step 2.3.
#[test]
fn another_issuer_is_refused() {
    let error = receive(&sd_jwt(r#"{"iss":"https://other.example"}"#, &[])).err();
    let Some(Error::Jwt(jwt::Error::Claim { claim, reason: Reason::Mismatch, .. })) = error else {
        panic!("{error:?}")
    };
    assert_eq!(claim, "iss");
}

/// Step 2.4.
#[test]
fn an_unknown_hash_function_is_refused() {
    for name in [r#""sha-1""#, r#""md5""#, r#""SHA-256""#, "256", "null", r#""sha3-256""#] {
        assert_eq!(receive(&with(&format!(r#""_sd_alg":{name}"#), &[])).err(), Some(Error::HashUnknown));
    }
}

#[test]
fn each_known_hash_function_is_used() {
    use sha2::{Digest, Sha384, Sha512};
    let (encoded, _) = disclosure(r#"["s","n",1]"#);
    for (name, digest) in
        [("sha-384", base64url(Sha384::digest(&encoded))), ("sha-512", base64url(Sha512::digest(&encoded)))]
    {
        let text = with(&format!(r#""_sd":["{digest}"],"_sd_alg":"{name}""#), &[&encoded]);
        assert_eq!(receive(&text).unwrap().claims().custom()["n"], 1);
    }
}

/// Step 3.1: what is no disclosure.
#[test]
fn a_malformed_disclosure_is_refused() {
    for encoded in ["?", "WyJzIiwibiIsMV0=", "WyJzIiwibiIsMV", "a"] {
        let text = with(&format!(r#""_sd":["{}"]"#, digest(encoded)), &[encoded]);
        assert_eq!(receive(&text).err(), refused(0, DisclosureError::Encoding), "{encoded}");
    }
    for json in [
        "{}",
        "[]",
        r#"["s"]"#,
        r#"["s","n",1,2]"#,
        r#"[1,"n",1]"#,
        r#"["s",1,1]"#,
        r#"["s","n",01]"#,
        r#"["s","n",{"a":1,"a":2}]"#,
        r#"["s","n",{"a":1,"\u0061":2}]"#,
        r#"["s","n",1] 2"#,
        "\"s\"",
        "\u{feff}[\"s\",\"n\",1]",
    ] {
        let (encoded, digest) = disclosure(json);
        let text = with(&format!(r#""_sd":["{digest}"]"#), &[&encoded]);
        assert_eq!(receive(&text).err(), refused(0, DisclosureError::Malformed), "{json}");
    }
    // Between two `~` is nothing.
    assert_eq!(receive(&with("", &[""])).err(), refused(0, DisclosureError::Malformed));
}

/// Step 3.2: where digests may be.
#[test]
fn digests_in_the_wrong_place_are_refused() {
    for members in [
        r#""_sd":"digest""#,
        r#""_sd":{}"#,
        r#""_sd":[1]"#,
        r#""_sd":["digest",null]"#,
        r#""_sd":[{"...":"digest"}]"#,
        r#""a":{"_sd":true}"#,
        r#""a":[{"...":1}]"#,
        r#""a":[{"...":"digest","b":1}]"#,
        r#""a":[{"b":1,"...":"digest"}]"#,
        r#""a":[{"...":["digest"]}]"#,
    ] {
        assert_eq!(receive(&with(members, &[])).err(), Some(Error::DigestMisplaced), "{members}");
    }
    for members in [
        r#""...":"digest""#,
        r#""a":{"...":"digest"}"#,
        r#""a":{"_sd_alg":"sha-256"}"#,
        r#""a":[{"_sd_alg":"sha-256"}]"#,
        r#""\u002e..":"digest""#,
    ] {
        assert_eq!(receive(&with(members, &[])).err(), Some(Error::NameReserved), "{members}");
    }
}

/// Inside of a disclosure they are refused just as well.
#[test]
fn digests_in_the_wrong_place_of_a_disclosure_are_refused() {
    for (value, error) in [
        (r#"{"_sd":"digest"}"#, Error::DigestMisplaced),
        (r#"[{"...":"digest","a":1}]"#, Error::DigestMisplaced),
        (r#"{"...":"digest"}"#, Error::NameReserved),
        (r#"{"_sd_alg":"sha-256"}"#, Error::NameReserved),
    ] {
        let (encoded, digest) = disclosure(&format!(r#"["s","n",{value}]"#));
        assert_eq!(
            receive(&with(&format!(r#""_sd":["{digest}"]"#), &[&encoded])).err(),
            Some(error),
            "{value}"
        );
    }
}

/// Step 3.3.2.1 and 3.3.3.1.
#[test]
fn a_disclosure_of_the_other_kind_is_refused() {
    let (claim, claim_digest) = disclosure(r#"["s","n",1]"#);
    let (element, element_digest) = disclosure(r#"["s",1]"#);
    let text = with(&format!(r#""_sd":["{element_digest}"]"#), &[&element]);
    assert_eq!(receive(&text).err(), refused(0, DisclosureError::Kind));
    let text = with(&format!(r#""a":[{{"...":"{claim_digest}"}}]"#), &[&claim]);
    assert_eq!(receive(&text).err(), refused(0, DisclosureError::Kind));
}

/// Step 3.3.2.2.
#[test]
fn a_claim_with_a_reserved_name_is_refused() {
    for name in ["_sd", "...", "_sd_alg", r"\u005fsd", r"..\u002e"] {
        let (encoded, digest) = disclosure(&format!(r#"["s","{name}",[]]"#));
        let text = with(&format!(r#""_sd":["{digest}"]"#), &[&encoded]);
        assert_eq!(receive(&text).err(), refused(0, DisclosureError::Name), "{name}");
    }
}

/// Step 3.3.2.3: by the payload, by another disclosure, in another spelling.
#[test]
fn a_claim_that_is_there_already_is_refused() {
    for name in ["iss", r"\u0069ss"] {
        let (encoded, digest) = disclosure(&format!(r#"["s","{name}","https://attacker.example"]"#));
        let text = with(&format!(r#""_sd":["{digest}"]"#), &[&encoded]);
        assert_eq!(receive(&text).err(), refused(0, DisclosureError::ClaimTwice), "{name}");
    }
    let ((one, one_digest), (two, two_digest)) = (disclosure(r#"["s","n",1]"#), disclosure(r#"["t","n",2]"#));
    let members = format!(r#""_sd":["{one_digest}","{two_digest}"]"#);
    assert_eq!(receive(&with(&members, &[&one, &two])).err(), refused(1, DisclosureError::ClaimTwice));
    assert_eq!(receive(&with(&members, &[&two])).unwrap().claims().custom()["n"], 2);
}

/// Step 4: of disclosures that are there or not, in one array or several, in a disclosure.
#[test]
fn a_digest_that_is_there_twice_is_refused() {
    let (inner, digest) = disclosure(r#"["s","n",1]"#);
    let (outer, outer_digest) = disclosure(&format!(r#"["s","o",{{"_sd":["{digest}"]}}]"#));
    for (members, disclosures) in [
        (format!(r#""_sd":["{digest}","{digest}"]"#), vec![]),
        (format!(r#""_sd":["{digest}","{digest}"]"#), vec![&*inner]),
        (format!(r#""_sd":["{digest}"],"a":{{"_sd":["{digest}"]}}"#), vec![&*inner]),
        (format!(r#""_sd":["{digest}"],"a":[{{"...":"{digest}"}}]"#), vec![]),
        (format!(r#""a":[{{"...":"{digest}"}},{{"...":"{digest}"}}]"#), vec![]),
        (format!(r#""_sd":["{digest}","{outer_digest}"]"#), vec![&*outer]),
        (format!(r#""_sd":["{outer_digest}","{digest}"]"#), vec![&*outer, &*inner]),
        (r#""_sd":["d","\u0064"]"#.into(), vec![]),
    ] {
        assert_eq!(receive(&with(&members, &disclosures)).err(), Some(Error::DigestRepeated), "{members}");
    }
}

/// Step 5: by nothing, or by a disclosure that is not there itself.
#[test]
fn a_disclosure_that_is_not_referenced_is_refused() {
    let (inner, digest) = disclosure(r#"["s","n",1]"#);
    let (outer, outer_digest) = disclosure(&format!(r#"["s","o",{{"_sd":["{digest}"]}}]"#));
    assert_eq!(receive(&with("", &[&inner])).err(), refused(0, DisclosureError::Unreferenced));
    let members = format!(r#""_sd":["{outer_digest}"]"#);
    assert_eq!(receive(&with(&members, &[&inner])).err(), refused(0, DisclosureError::Unreferenced));
    let both = receive(&with(&members, &[&inner, &outer])).unwrap();
    assert_eq!(both.claims().custom()["o"], json!({"n": 1}));
    // One that only itself refers to cannot be made; two that are the same are one too many.
    assert_eq!(receive(&with(&members, &[&outer, &outer])).err(), refused(1, DisclosureError::Repeated));
}

/// Step 6, by claims that were disclosed or not.
#[test]
fn the_rules_apply_to_what_was_disclosed() {
    let (expired, digest) = disclosure(&format!(r#"["s","exp",{}]"#, NOW - 1));
    let members = format!(r#""_sd":["{digest}"]"#);
    let error = receive(&with(&members, &[&expired])).err();
    assert!(matches!(error, Some(Error::Jwt(jwt::Error::Expired { .. }))), "{error:?}");
    let early = format!(r#""nbf":{}"#, NOW + 1);
    assert!(matches!(receive(&with(&early, &[])), Err(Error::Jwt(jwt::Error::NotYetValid { .. }))));

    // `exp` is required unless it is waived, and one that is not disclosed is not there.
    let strict = jose_sd_jwt::SdJwtVerifier::without_key_binding(issuer_key(), |rules| {
        rules.issuer(ISSUER).any_audience()
    });
    let (later, digest) = disclosure(&format!(r#"["s","exp",{}]"#, NOW + 1));
    let members = format!(r#""_sd":["{digest}"]"#);
    let verify = |text: &str| strict.at(now()).verify::<Claims>(&jose_sd_jwt::Received::parse(text).unwrap());
    assert!(verify(&with(&members, &[&later])).is_ok());
    let error = verify(&with(&members, &[])).err();
    assert!(
        matches!(error, Some(Error::Jwt(jwt::Error::Claim { reason: Reason::Missing, .. }))),
        "{error:?}"
    );
}

/// An unknown critical extension, and a payload that is no strict JSON.
#[test]
fn the_issuers_jwt_is_strict() {
    let header = r#"{"alg":"ES256","crit":["x"],"x":1}"#;
    let jws = compact::Unsigned::with_header_text(jwt::JwsAlg::Es256, b"{}", header).unwrap();
    let jws = jws.sign(&THE_ISSUER.key).unwrap();
    assert!(matches!(receive(&(jws + "~")), Err(Error::Jwt(jwt::Error::Jws(jws::Error::Header(_))))));
    for payload in ["[]", "1", r#"{"iss":"a","iss":"b"}"#, "{", "\u{feff}{}"] {
        let error = receive(&sd_jwt(payload, &[])).err();
        assert!(matches!(error, Some(Error::Jwt(jwt::Error::NotClaims(_)))), "{payload}: {error:?}");
    }
}
