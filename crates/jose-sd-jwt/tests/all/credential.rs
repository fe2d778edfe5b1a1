//! SD-JWT VC.

use jose_sd_jwt::jwt::{self, Claims as JwtClaims, Header};
use jose_sd_jwt::{Error, Received, SdJwt, Verified};
use serde_json::json;

use super::help::*;

fn verify(text: &str) -> Result<Verified<Claims>, Error> {
    let verifier = unbound().credential_type(["urn:example:pid", "urn:example:other"]);
    verifier.at(now()).verify(&Received::parse(text)?)
}

/// A credential with these members.
fn credential(typ: &str, members: &str, disclosures: &[&str]) -> String {
    let payload = format!(r#"{{"iss":"{ISSUER}",{members}}}"#);
    let jws = jwt::jws::compact::sign(&THE_ISSUER.key, payload.as_bytes(), &Header::new().typ(typ)).unwrap();
    disclosures.iter().fold(jws + "~", |text, disclosure| text + disclosure + "~")
}

#[test]
fn a_credential_is_issued_and_verified() {
    let claims = JwtClaims::new().issuer(ISSUER).with(json!({"name": "Erika"}));
    let sd_jwt = SdJwt::at(&claims, now()).credential_type("urn:example:pid").conceal(["/name"]);
    let text = sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(1)).unwrap().compact();
    let verified = verify(&text).unwrap();
    assert!(verified.header().is_typ("dc+sd-jwt"));
    assert_eq!(verified.claims().custom()["vct"], "urn:example:pid");
    assert_eq!(verified.claims().custom()["name"], "Erika");
    let twice = JwtClaims::new().with(json!({"vct": "x"}));
    let error = SdJwt::at(&twice, now()).credential_type("y").sign(&THE_ISSUER.key, &mut Numbers(1)).err();
    assert_eq!(error, Some(Error::Jwt(jwt::Error::ClaimTwice { claim: "vct".into() })));
}

#[test]
fn another_kind_or_type_is_refused() {
    let pid = r#""vct":"urn:example:pid""#;
    assert!(verify(&credential("dc+sd-jwt", pid, &[])).is_ok());
    assert!(verify(&credential("application/dc+sd-jwt", pid, &[])).is_ok());
    // The name before draft 11.
    for (typ, members) in [
        ("vc+sd-jwt", pid),
        ("JWT", pid),
        ("example+sd-jwt", pid),
        ("dc+sd-jwt", r#""vct":"urn:example:third""#),
        ("dc+sd-jwt", r#""vct":["urn:example:pid"]"#),
        ("dc+sd-jwt", r#""vct":null"#),
        ("dc+sd-jwt", r#""other":1"#),
    ] {
        assert_eq!(
            verify(&credential(typ, members, &[])).err(),
            Some(Error::CredentialType),
            "{typ} {members}"
        );
    }
}

/// draft-ietf-oauth-sd-jwt-vc section 2.2.2.2.
#[test]
fn what_decides_validity_is_not_disclosed_selectively() {
    for (claim, value) in [
        ("nbf", "1"),
        ("exp", "4000000000"),
        ("cnf", "{}"),
        ("vct#integrity", r#""sha256-x""#),
        ("status", "{}"),
    ] {
        let (encoded, digest) = disclosure(&format!(r#"["s","{claim}",{value}]"#));
        let members = format!(r#""vct":"urn:example:pid","_sd":["{digest}"]"#);
        let text = credential("dc+sd-jwt", &members, &[&encoded]);
        assert_eq!(verify(&text).err(), Some(Error::NotDisclosable { claim }), "{claim}");
        // An SD-JWT of another kind may.
        assert!(receive(&text).is_ok(), "{claim}");
    }
    // Inside of another claim the names mean nothing.
    let (encoded, digest) = disclosure(r#"["s","status",1]"#);
    let members = format!(r#""vct":"urn:example:pid","a":{{"_sd":["{digest}"]}}"#);
    assert!(verify(&credential("dc+sd-jwt", &members, &[&encoded])).is_ok());
}

/// A holder could otherwise take away a part of them, such as the reference to the status list, and the rest would still be there.
#[test]
fn no_part_of_what_decides_validity_is_disclosed_selectively() {
    let (part, digest) =
        disclosure(r#"["s","status_list",{"idx":0,"uri":"https://issuer.example/status/1"}]"#);
    let (element, element_digest) = disclosure(r#"["s",1]"#);
    for (members, disclosures) in [
        (format!(r#""status":{{"_sd":["{digest}"]}}"#), vec![]),
        (format!(r#""status":{{"_sd":["{digest}"]}}"#), vec![&*part]),
        (format!(r#""status":{{"a":[1,{{"b":{{"_sd":["{digest}"]}}}}]}}"#), vec![]),
        (format!(r#""status":[{{"...":"{element_digest}"}}]"#), vec![]),
        (format!(r#""status":[{{"...":"{element_digest}"}}]"#), vec![&*element]),
    ] {
        let text = credential("dc+sd-jwt", &format!(r#""vct":"urn:example:pid",{members}"#), &disclosures);
        assert_eq!(verify(&text).err(), Some(Error::NotDisclosable { claim: "status" }), "{members}");
        // An SD-JWT of another kind may.
        assert!(receive(&text).is_ok(), "{members}");
    }
    // A claim of another name may have parts that are, and one of these that has none is no matter.
    let members = format!(r#""vct":"urn:example:pid","status":{{"a":[]}},"a":{{"_sd":["{digest}"]}}"#);
    assert!(verify(&credential("dc+sd-jwt", &members, &[&part])).is_ok());
}
