//! Tokens: where and why they are refused, and the options that take them.

use hmac::{Hmac, KeyInit, Mac};
use jose_b64::Secret;
use jose_jwe::{DecryptionKey, Encrypted};
use jose_jwk::{Hash, JweAlg, Jwk, JwsAlg, PublicFormat, PublicJwk, SysRng};
use jose_jws::alg::ecdsa_from_der;
use jose_jws::{VerifyingKey, VerifyingKeys, compact};
use jose_jwt::{Error, JwtVerifier, NoClaims, dangerous_decode};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use crate::{NOW, bytes, set, text, token, verify};

/// B44: a load balancer pads the parts, and signs the padding.
#[test]
fn padded_tokens_are_read_by_an_option() {
    let token = token("B44-alb-token.txt");
    let key = PublicJwk::from_pem(&text("B44-ec-pub.pem")).unwrap();
    let key = VerifyingKey::from_jwk(&key, JwsAlg::Es256).unwrap();
    let verifier = JwtVerifier::new(key).issuer("https://cognito-idp.region.example/pool").any_audience();
    let error = verifier.at(NOW).verify::<NoClaims>(&token).unwrap_err().to_string();
    assert!(error.contains("header") && error.contains("padding (`=`)"), "{error}");
    let verifier = verifier.allow_padding();
    assert!(verifier.at(NOW).verify::<NoClaims>(&token).is_ok());
    // The padding was signed: without it, or with more of it, the text is another one.
    for other in [
        token.replacen('=', "", 1),
        token.replace('=', ""),
        token.replacen('=', "==", 1),
        format!("{token}="),
    ] {
        assert!(verifier.at(NOW).verify::<NoClaims>(&other).is_err(), "{other}");
    }
}

/// What is around a token, or another kind of text, is named.
#[test]
fn what_is_not_a_token_is_named() {
    let token = token("B01-rs-token.txt");
    let keys = set("B01-jwks-auth0.json");
    for (text, phrase) in [
        (format!("Bearer {token}"), "starts with `Bearer `"),
        (format!("bearer {token}"), "starts with `Bearer `"),
        (format!(" {token}"), "header: the character at byte 0 is white space"),
        (format!("{token}\n"), "signature: the character at byte"),
        (format!("\u{feff}{token}"), "header: the character at byte 0 is a byte order mark"),
        (token.replacen('-', "+", 1), "standard base64"),
        (r#"{"payload":"","signatures":[]}"#.into(), "the text is JSON"),
    ] {
        let error = verify(&keys, &text).unwrap_err().to_string();
        assert!(error.contains(phrase), "{text}: {error}");
    }
}

/// B50: a signature in DER.
#[test]
fn signatures_in_der_are_converted_by_name() {
    let token = token("B50-es-der-token.txt");
    let der = jose_b64::base64url::decode_to_vec(token.rsplit('.').next().unwrap().as_bytes()).unwrap();
    let raw = ecdsa_from_der(JwsAlg::Es256, &der).unwrap();
    assert_eq!(raw.len(), 64);
    // R and S are where DER has them.
    let r = &der[4..4 + usize::from(der[3])];
    assert!(raw[..32].ends_with(&r[r.len().saturating_sub(32)..]));
    assert_eq!(ecdsa_from_der(JwsAlg::Es256, &raw).unwrap_err().code(), "signature-der");
    assert_eq!(ecdsa_from_der(JwsAlg::Rs256, &der).unwrap_err().code(), "signature-der");
    let too_long = jose_jws::Error::SignatureLength { alg: JwsAlg::Es256, found: der.len() };
    assert!(too_long.to_string().contains("`alg::ecdsa_from_der` converts it"), "{too_long}");
}

/// B53: a health card is compressed, so its claims are checked after they were inflated.
#[test]
fn claims_that_were_verified_otherwise_are_checked() {
    let keys = VerifyingKeys::from_jwks(&set("B53-shc-jwks.json"), JwsAlg::Es256).unwrap();
    let card = compact::verify(&keys, &token("B53-shc.txt")).unwrap();
    let claims = miniz_oxide::inflate::decompress_to_vec(card.payload()).unwrap();
    let verifier = JwtVerifier::new(keys).any_issuer().any_audience().expiry_optional();
    let checked = verifier.at(NOW).dangerous_check_claims::<Value>(&card.header(), &claims).unwrap();
    assert!(checked.iss().is_some() && checked.custom().get("vc").is_some());
    let other =
        verifier.with_keys(VerifyingKeys::from_jwks(&set("B53-shc-jwks.json"), JwsAlg::Es256).unwrap());
    let other = other.require("exp");
    assert!(other.at(NOW).dangerous_check_claims::<Value>(&card.header(), &claims).is_err());
}

/// B58: what serde says reaches the caller.
#[test]
fn claims_of_another_type_say_which() {
    #[derive(Debug, Deserialize)]
    struct Roles {
        #[allow(dead_code, reason = "it is not read")]
        roles: Vec<String>,
    }
    let keys = VerifyingKeys::from_jwks(&set("B01-jwks-auth0.json"), JwsAlg::Rs256).unwrap();
    let verifier = JwtVerifier::new(keys).any_issuer().any_audience();
    let error = verifier.at(NOW).verify::<Roles>(&token("B58-roles-string.txt")).unwrap_err();
    assert!(error.to_string().contains("string \"admin\", expected a sequence"), "{error}");
}

/// B60, B62: claims and header parameters that are of the wrong type are named, and can be looked at.
#[test]
fn wrong_types_are_named_and_shown() {
    let keys = set("B01-jwks-auth0.json");
    for (name, member) in [("nbf", "claim nbf"), ("sub", "claim sub"), ("aud", "claim aud")] {
        let token = token(&format!("B60-{name}-null.txt"));
        let error = verify(&keys, &token).unwrap_err().to_string();
        assert!(error.contains(member), "{error}");
        let shown: Value = dangerous_decode(&token).unwrap().claims().unwrap();
        assert_eq!(shown[name], Value::Null);
    }
    let token = token("B62-kid-int.txt");
    let error = verify(&keys, &token).unwrap_err().to_string();
    assert!(error.contains("kid"), "{error}");
    assert!(dangerous_decode(&token).unwrap().header_text().contains("\"kid\":"));
}

/// B65: two names of one algorithm.
#[test]
fn two_names_of_an_algorithm_are_two() {
    let key = Jwk::from_json(text("B65-jwk-ed-eddsa-alg.json")).unwrap();
    let key = VerifyingKey::from_jwk(&key, [JwsAlg::EdDsa, JwsAlg::Ed25519]).unwrap();
    let error = compact::verify(&key, &token("B65-ed-token-ed25519.txt")).unwrap_err().to_string();
    assert!(error.contains("alg"), "{error}");
}

/// B67, B68, B47b: encrypted by others.
#[test]
fn messages_of_others_are_decrypted() {
    let password = Jwk::from_octets("provisioner-password").unwrap();
    let key = DecryptionKey::from_jwk(&password, JweAlg::Pbes2Hs256A128Kw).unwrap();
    let message = token("B67-step.txt");
    assert!(Encrypted::parse_compact(&message).unwrap().decrypt(&key, &mut SysRng).is_ok());
    let message = text("B67-step-flattened.json");
    assert!(Encrypted::parse_json(&message).unwrap().decrypt(&key, &mut SysRng).is_ok());
    let private = Jwk::from_json(text("B68-coco-priv.json")).unwrap();
    let key = DecryptionKey::from_jwk(&private, JweAlg::EcdhEsA256Kw).unwrap();
    assert!(Encrypted::parse_json(&text("B68-coco.json")).unwrap().decrypt(&key, &mut SysRng).is_ok());
}

/// B45: the chain of a purchase is in the header; who has judged it takes the first certificate's key.
#[test]
fn a_chain_in_the_header_is_judged_by_the_application() {
    let message = token("B45-storekit.txt");
    let header = compact::Unverified::parse(&message).unwrap().dangerous_header().unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    let certificate = Secret::from_base64(header["x5c"][0].as_str().unwrap().as_bytes()).unwrap();
    let key = PublicJwk::from_unverified_certificate(certificate.expose()).unwrap();
    let key = VerifyingKey::from_jwk(&key, JwsAlg::Es256).unwrap();
    assert!(compact::verify(&key, &message).is_ok());
}

/// B47b: a session whose key is derived from a secret (RFC 5869) and named by its thumbprint.
#[test]
fn a_session_is_decrypted() {
    fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().to_vec()
    }
    let salt = "authjs.session-token";
    let info = format!("Auth.js Generated Encryption Key ({salt})");
    let extracted = mac(salt.as_bytes(), &[b"an-authjs-secret-0123456789"]);
    let first = mac(&extracted, &[info.as_bytes(), &[1]]);
    let second = mac(&extracted, &[&first, info.as_bytes(), &[2]]);
    let key = Jwk::from_octets([first, second].concat()).unwrap().with_thumbprint_kid(Hash::Sha512).unwrap();
    let key = DecryptionKey::from_jwk(&key, JweAlg::Dir).unwrap();
    let session = token("B47b-authjs-v5.txt");
    assert!(Encrypted::parse_compact(&session).unwrap().decrypt(&key, &mut SysRng).is_ok());
}

/// B66: a detached payload that is not encoded, with extensions of an ecosystem.
#[test]
fn open_banking_is_verified() {
    let message = token("B66-ob.txt");
    let parsed = compact::Unverified::parse(&message).unwrap().allow_unencoded();
    let header: Value = serde_json::from_slice(&parsed.dangerous_header().unwrap()).unwrap();
    assert_eq!(header["b64"], false);
    let names: Vec<&str> =
        header["crit"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let own: Vec<&str> = names.iter().copied().filter(|name| *name != "b64").collect();
    let material =
        set("B04-jwks-x5c-empty.json").keys()[0].to_public().unwrap().to_pem(PublicFormat::Spki).unwrap();
    let key = VerifyingKey::from_jwk(PublicJwk::from_pem(&material).unwrap(), JwsAlg::Ps256).unwrap();
    let body = bytes("B66-ob-body.bin");
    let error = parsed.verify_detached(&key, &body).unwrap_err();
    assert_eq!(error.code(), "crit-not-understood");
    let parsed = parsed.understand(&own);
    assert!(parsed.verify_detached(&key, &body).is_ok());
    assert!(parsed.verify_detached(&key, &body[1..]).is_err());
}

/// B71: another salt than that of RFC 7518 section 3.5.
#[test]
fn another_salt_is_refused() {
    let material =
        set("B04-jwks-x5c-empty.json").keys()[0].to_public().unwrap().to_pem(PublicFormat::Spki).unwrap();
    let key = VerifyingKey::from_jwk(PublicJwk::from_pem(&material).unwrap(), JwsAlg::Ps256).unwrap();
    for name in ["B71-ps-maxsalt-token.txt", "B71-ps-salt20-token.txt"] {
        assert_eq!(
            compact::verify(&key, &token(name)).map(|_| ()),
            Err(jose_jws::Error::Signature),
            "{name}"
        );
    }
}

/// An option that the profile leaves without effect is an error, and the operator's.
#[test]
fn options_without_effect_are_errors() {
    use jose_jwt::profile::{ID_TOKEN, LOGOUT_TOKEN};
    let verifier = || {
        let keys = VerifyingKeys::from_jwks(&set("B01-jwks-auth0.json"), JwsAlg::Rs256).unwrap();
        JwtVerifier::new(keys).any_issuer().audience("client")
    };
    let token = token("B52-logout-no-exp.txt");
    for (verifier, option) in [
        (verifier().profile(LOGOUT_TOKEN).expiry_optional(), "expiry_optional"),
        (verifier().expiry_optional().profile(ID_TOKEN), "expiry_optional"),
        (verifier().trusted_audiences("other"), "trusted_audiences"),
        (verifier().trusted_audiences("other").profile(LOGOUT_TOKEN), "trusted_audiences"),
    ] {
        let error = verifier.at(NOW).verify::<NoClaims>(&token).unwrap_err();
        assert_eq!(error, Error::OptionWithoutEffect { option });
        assert!(!error.is_refusal());
    }
}
