//! What an issuer writes.

use std::collections::HashSet;
use std::time::Duration;

use jose_sd_jwt::jwt::jws::compact;
use jose_sd_jwt::jwt::{self, Claims as JwtClaims, Header, JwsAlg, Parameters};
use jose_sd_jwt::{Error, Hash, Received, SdJwt};
use serde_json::{Value, json};

use super::help::*;

fn claims(own: Value) -> JwtClaims<Value> {
    JwtClaims::new().issuer(ISSUER).expires_in(Duration::from_secs(60)).with(own)
}

/// The payload as it was signed.
fn payload(text: &str) -> Value {
    serde_json::from_str(&Received::parse(text).unwrap().dangerous_payload().unwrap()).unwrap()
}

fn issue(own: Value, pointers: &[&str]) -> Result<String, Error> {
    let claims = claims(own);
    let issued =
        SdJwt::at(&claims, now()).conceal(pointers.iter().copied()).sign(&THE_ISSUER.key, &mut Numbers(1))?;
    Ok(issued.compact())
}

#[test]
fn what_is_hidden_is_a_digest_and_comes_back() {
    let own = json!({"name": "Erika", "address": {"country": "DE", "zip": 1}, "in": ["DE", "FR"], "open": 1});
    let text = issue(own.clone(), &["/name", "/address", "/address/country", "/in/1"]).unwrap();
    let signed = payload(&text);
    assert_eq!(signed["_sd"].as_array().unwrap().len(), 2);
    assert_eq!(signed["_sd_alg"], "sha-256");
    assert_eq!(signed["in"][0], "DE");
    assert_eq!(signed["in"][1].as_object().unwrap().keys().collect::<Vec<_>>(), ["..."]);
    assert_eq!(signed["open"], 1);
    assert!(signed.get("name").is_none() && signed.get("address").is_none());
    // The digests are those of the disclosures, by independent code.
    let disclosures: Vec<_> = text.trim_end_matches('~').split('~').skip(1).collect();
    assert_eq!(disclosures.len(), 4);
    let mut digests: HashSet<_> = disclosures.iter().map(|disclosure| digest(disclosure)).collect();
    for digest in signed["_sd"].as_array().unwrap() {
        assert!(digests.remove(digest.as_str().unwrap()));
    }
    assert!(digests.remove(signed["in"][1]["..."].as_str().unwrap()));
    assert_eq!(digests.len(), 1, "the country's is in the disclosure of the address");
    let verified = receive(&text).unwrap();
    for (name, value) in own.as_object().unwrap() {
        assert_eq!(verified.claims().custom()[name], *value);
    }
}

/// Section 4.2.4.1: their order says nothing of that of the claims. Section 9.3: each salt is its own.
#[test]
fn digests_are_sorted_and_salts_differ() {
    let own: serde_json::Map<_, _> = (0..20).map(|n| (format!("n{n:02}"), json!(1))).collect();
    let pointers: Vec<_> = own.keys().map(|name| format!("/{name}")).collect();
    let pointers: Vec<_> = pointers.iter().map(String::as_str).collect();
    let text = issue(Value::Object(own), &pointers).unwrap();
    let signed = payload(&text);
    let digests: Vec<_> = signed["_sd"].as_array().unwrap().iter().map(|d| d.as_str().unwrap()).collect();
    assert!(digests.is_sorted());
    let salts: HashSet<String> = text.trim_end_matches('~').split('~').skip(1).map(salt).collect();
    assert_eq!(salts.len(), 20);
    assert!(salts.iter().all(|salt| salt.len() == 22), "128 bits");
}

fn salt(disclosure: &str) -> String {
    let value: Value = serde_json::from_slice(&decode(disclosure)).unwrap();
    value[0].as_str().unwrap().to_owned()
}

fn decode(text: &str) -> Vec<u8> {
    let bits = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let value =
            group.iter().fold(0_u32, |value, c| value << 6 | u32::from(bits(*c))) << (6 * (4 - group.len()));
        bytes.extend(&value.to_be_bytes()[1..group.len()]);
    }
    bytes
}

#[test]
fn decoys_look_like_digests_and_disclose_nothing() {
    let own = json!({"name": "Erika", "in": ["DE"], "empty": {}});
    let claims = claims(own);
    let sd_jwt =
        SdJwt::at(&claims, now()).conceal(["/name"]).decoys("", 4).decoys("/in", 3).decoys("/empty", 1);
    let text = sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(7)).unwrap().compact();
    let signed = payload(&text);
    assert_eq!(signed["_sd"].as_array().unwrap().len(), 5);
    assert_eq!(signed["in"].as_array().unwrap().len(), 4);
    assert_eq!(signed["empty"]["_sd"].as_array().unwrap().len(), 1);
    assert!(signed["_sd"].as_array().unwrap().iter().all(|digest| digest.as_str().unwrap().len() == 43));
    let verified = receive(&text).unwrap();
    assert_eq!(verified.claims().custom()["in"], json!(["DE"]));
    assert_eq!(verified.claims().custom()["empty"], json!({}));
    for pointer in ["/name", "/nothing"] {
        let error = SdJwt::at(&claims, now()).decoys(pointer, 1).sign(&THE_ISSUER.key, &mut Numbers(7)).err();
        assert_eq!(error, Some(Error::Pointer(pointer.into())));
    }
}

#[test]
fn a_pointer_must_name_something() {
    for pointer in ["", "/nothing", "/name/x", "/in/2", "/in/00", "name", "/~"] {
        let error = issue(json!({"name": "Erika", "in": ["DE", "FR"]}), &[pointer]).err();
        assert_eq!(error, Some(Error::Pointer(pointer.into())), "{pointer}");
    }
}

/// Section 9.7.
#[test]
fn what_decides_validity_cannot_be_hidden() {
    for (pointer, claim) in [("/iss", "iss"), ("/exp", "exp"), ("/cnf/jwk/x", "cnf"), ("/aud/0", "aud")] {
        let error = issue(json!({"cnf": {"jwk": {"x": 1}}, "aud": ["a"]}), &[pointer]).err();
        assert_eq!(error, Some(Error::NotDisclosable { claim }));
    }
    let claims = claims(json!({"status": {}}));
    let sd_jwt = SdJwt::at(&claims, now()).conceal(["/status"]);
    assert!(sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(1)).is_ok());
    let error = sd_jwt.credential_type("t").sign(&THE_ISSUER.key, &mut Numbers(1)).err();
    assert_eq!(error, Some(Error::NotDisclosable { claim: "status" }));
    // A verifier of credentials would refuse decoys in there, which it cannot tell from digests.
    let sd_jwt = SdJwt::at(&claims, now()).decoys("/status", 1);
    assert!(sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(1)).is_ok());
    let error = sd_jwt.credential_type("t").sign(&THE_ISSUER.key, &mut Numbers(1)).err();
    assert_eq!(error, Some(Error::NotDisclosable { claim: "status" }));
}

#[test]
fn reserved_names_are_refused() {
    for own in
        [json!({"_sd": []}), json!({"a": [{"...": "x"}]}), json!({"a": {"_sd_alg": 1}}), json!({"...": 1})]
    {
        assert_eq!(issue(own.clone(), &[]).err(), Some(Error::NameReserved), "{own}");
    }
}

#[test]
fn without_anything_hidden_there_is_no_hash_function() {
    let text = issue(json!({"name": "Erika"}), &[]).unwrap();
    assert_eq!(payload(&text).get("_sd_alg"), None);
    assert!(text.ends_with('~') && text.matches('~').count() == 1);
}

#[test]
fn each_hash_function_is_written_and_read() {
    let claims = claims(json!({"name": "Erika"}));
    for (hash, name) in [(Hash::Sha256, "sha-256"), (Hash::Sha384, "sha-384"), (Hash::Sha512, "sha-512")] {
        let sd_jwt = SdJwt::at(&claims, now()).conceal(["/name"]).hash(hash);
        let text = sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(3)).unwrap().compact();
        assert_eq!(payload(&text)["_sd_alg"], name);
        assert_eq!(receive(&text).unwrap().claims().custom()["name"], "Erika");
    }
    let sha1 = SdJwt::at(&claims, now()).hash(Hash::Sha1).sign(&THE_ISSUER.key, &mut Numbers(3));
    assert_eq!(sha1.err(), Some(Error::HashUnknown));
}

#[test]
fn the_holders_key_is_in_cnf() {
    let own = claims(json!({}));
    let sd_jwt = SdJwt::at(&own, now()).holder_key(&THE_HOLDER.public);
    let verified = receive(&sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(1)).unwrap().compact()).unwrap();
    assert_eq!(verified.holder_key(), Some(&THE_HOLDER.public));
    let twice = claims(json!({"cnf": {}}));
    let error =
        SdJwt::at(&twice, now()).holder_key(&THE_HOLDER.public).sign(&THE_ISSUER.key, &mut Numbers(1));
    assert_eq!(error.err(), Some(Error::Jwt(jwt::Error::ClaimTwice { claim: "cnf".into() })));
}

/// The key signs the same bytes as a JWS of its own.
#[test]
fn a_key_elsewhere_signs_in_two_steps() {
    let claims = claims(json!({"name": "Erika"}));
    let sd_jwt = SdJwt::at(&claims, now()).conceal(["/name"]).typ("example+sd-jwt");
    let unsigned = sd_jwt.unsigned(JwsAlg::Es256, &mut Numbers(1)).unwrap();
    let input = String::from_utf8(unsigned.signing_input().to_vec()).unwrap();
    let payload = decode(input.split('.').nth(1).unwrap());
    let jws = compact::sign(&THE_ISSUER.key, &payload, &Header::new().typ("example+sd-jwt")).unwrap();
    let signature = decode(jws.strip_prefix(&format!("{input}.")).unwrap());
    let issued = unsigned.attach(&signature).unwrap();
    assert_eq!(receive(&issued.compact()).unwrap().claims().custom()["name"], "Erika");
    let unsigned = sd_jwt.unsigned(JwsAlg::Es256, &mut Numbers(1)).unwrap();
    assert!(matches!(unsigned.attach(&signature[1..]), Err(Error::Jwt(jwt::Error::Jws(_)))));
}

/// RFC 7797 section 7: the payload of a JWT is encoded.
#[test]
fn an_unencoded_payload_is_refused() {
    let claims = claims(json!({}));
    let header = Parameters::new().json("b64", "false").unwrap().json("crit", r#"["b64"]"#).unwrap();
    let sd_jwt = SdJwt::at(&claims, now()).header(header.header());
    let error = sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(1)).err();
    assert_eq!(error, Some(jwt::jws::Error::Unencoded.into()));
}
