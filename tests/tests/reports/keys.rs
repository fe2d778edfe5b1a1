//! JWKs and JWK Sets.

use jose_jwk::{
    Error as KeyError, Hash, Jwk, JwkParser, JwkSet, JwsAlg, KeyOp, KeyQuery, MemberError, PublicJwk, Usage,
};
use jose_jws::{Header, SigningKey, VerifyingKey, VerifyingKeys, compact};

use crate::{bytes, set, text, token, verify};

fn noted(set: &JwkSet) -> Vec<&str> {
    set.noted().iter().map(|noted| noted.member).collect()
}

/// B01, B07, B12 to B14: what is said of a certificate, and what other keys there are, does not matter.
#[test]
fn a_key_serves_by_its_material() {
    for (keys, signed, members) in [
        ("B01-jwks-auth0.json", "B01-rs-token.txt", &["x5t"][..]),
        ("B07-jwks-x5c-newlines.json", "B07-rs-token.txt", &[]),
        ("B13-jwks-dup-alg.json", "B13-rs-token.txt", &[]),
        ("B14-jwks_shared_kid.json", "B14-rs-token.txt", &[]),
    ] {
        let keys = set(keys);
        assert_eq!(verify(&keys, &token(signed)), Ok(()));
        assert_eq!((noted(&keys).as_slice(), keys.skipped()), (members, &[][..]));
    }
    // Line ends inside are no reason not to read a certificate either.
    let newlines = set("B07-jwks-x5c-newlines.json");
    assert!(newlines.keys()[0].check_certificates().is_ok());
    assert_eq!(newlines.keys()[0].x5t(), None);
}

/// B04: .NET writes empty lists.
#[test]
fn empty_lists_are_set_aside_or_by_an_option() {
    let signed = token("B04-rs-token.txt");
    for (name, members) in [
        ("B04-jwks-dotnet.json", &["key_ops", "oth", "x5c"][..]),
        ("B04-jwks-oth-empty.json", &["oth"]),
        ("B04-jwks-x5c-empty.json", &["x5c"]),
    ] {
        let keys = JwkParser::new().ignore_empty_key_ops().jwk_set(text(name)).unwrap();
        assert_eq!(verify(&keys, &signed), Ok(()), "{name}");
        let mut found = noted(&keys);
        found.sort_unstable();
        assert_eq!(found, members, "{name}");
    }
    // By the letter of RFC 7517 an empty list allows nothing.
    let error = verify(&set("B04-jwks-dotnet.json"), &signed).unwrap_err().to_string();
    assert!(error.contains("key 0: the key's key_ops do not include verify"), "{error}");
    // A private key keeps its list, whatever the option.
    let private = text("B16-webcrypto-private.json").replace("[\"sign\"]", "[]");
    let private = JwkParser::new().ignore_empty_key_ops().jwk(private).unwrap();
    assert!(SigningKey::from_jwk(&private, JwsAlg::Es256).is_err());
}

/// The Web Cryptography API writes an empty `key_ops` for the public key of an agreement.
#[test]
fn an_agreement_needs_no_key_ops_of_a_public_key() {
    use jose_jwe::EncryptionKey;
    use jose_jwk::JweAlg;
    let public = PublicJwk::from_json(
        r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","key_ops":[]}"#,
    );
    assert!(EncryptionKey::from_jwk(public.unwrap(), JweAlg::EcdhEs).is_ok());
    let private = r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",
        "d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo","key_ops":[]}"#;
    let private = Jwk::from_json(private).unwrap();
    assert!(jose_jwe::DecryptionKey::from_jwk(private, JweAlg::EcdhEs).is_err());
}

/// B08: certificates are not a key.
#[test]
fn a_key_of_certificates_alone_is_missing_its_members() {
    for name in ["B08-jwks-x5c-only.json", "B08-jwks-x5c-spki-only.json"] {
        let skipped = set(name).skipped().to_vec();
        let names =
            |reason| matches!(reason, KeyError::Member { name: "n" | "e", reason: MemberError::Missing });
        assert!(skipped.iter().all(|skipped| names(skipped.reason)) && !skipped.is_empty(), "{skipped:?}");
    }
}

/// B09, B10: integers and base64 as other libraries write them, by an option each.
#[test]
fn other_spellings_are_read_by_an_option_each() {
    let strict = JwkParser::new();
    let clean = set("B12-jwks-dup-identical.json").keys()[0].thumbprint(Hash::Sha256).unwrap();
    for (name, option, phrase) in [
        ("B09-jwks-leading-zero.json", strict.allow_leading_zeros(), "n has a leading zero byte"),
        ("B10-jwks-std-base64.json", strict.allow_standard_base64(), "standard base64 (`+` or `/`)"),
        ("B10-jwks-padded.json", strict.allow_padding(), "is padding (`=`)"),
    ] {
        let refused = strict.jwk_set(text(name)).unwrap().skipped()[0].reason.to_string();
        assert!(refused.contains(phrase) && refused.starts_with("n "), "{name}: {refused}");
        assert!(refused.contains("`JwkParser::allow_"), "{name}: {refused}");
        let keys = option.jwk_set(text(name)).unwrap();
        assert_eq!(noted(&keys), ["n"], "{name}");
        assert_eq!(keys.keys()[0].thumbprint(Hash::Sha256), Ok(clean), "{name}");
        assert_eq!(verify(&keys, &token("B09-rs-token.txt")), Ok(()), "{name}");
    }
    let exponent = text("B09-jwk-leading-zero-e.json");
    assert!(Jwk::from_json(&exponent).is_err());
    assert!(strict.allow_leading_zeros().jwk(&exponent).is_ok());
}

/// B11: the keys of a SPIFFE bundle, by the text of their `use`.
#[test]
fn spiffe_keys_are_chosen_by_their_use() {
    let bundle = set("B11-spiffe-bundle.json");
    let signed = token("B11-spiffe-token.txt");
    assert!(verify(&bundle, &signed).is_err());
    let uses: Vec<_> = bundle.iter().map(Jwk::key_use_text).collect();
    assert!(uses.contains(&Some("jwt-svid")) && uses.contains(&Some("x509-svid")), "{uses:?}");
    assert_eq!(bundle.query(&KeyQuery::new().key_use_text("jwt-svid")).len(), 1);
    let keys = bundle.jwt_svid_keys();
    assert_eq!((keys.len(), verify(&keys, &signed)), (1, Ok(())));
}

/// B12: one key twice under one name, and B20: a certificate's thumbprint instead of a name.
#[test]
fn several_keys_are_tried_by_an_option() {
    for (keys, signed) in
        [("B12-jwks-dup-identical.json", "B12-rs-token.txt"), ("B20-jwks_x5t.json", "B20-x5t-token.txt")]
    {
        let (keys, signed) = (set(keys), token(signed));
        let keys = VerifyingKeys::from_jwks(&keys, JwsAlg::Rs256).unwrap();
        assert_eq!(compact::verify(&keys, &signed).map(|_| ()), Err(jose_jws::Error::KeyAmbiguous));
        assert!(compact::verify(&keys.max_candidates(2), &signed).is_ok());
    }
}

/// B15.
#[test]
fn a_byte_order_mark_is_named() {
    let error = JwkSet::from_json(bytes("B15-jwks-bom.json")).unwrap_err().to_string();
    assert!(error.contains("byte order mark"), "{error}");
}

/// B16: the published half of a key that signs verifies.
#[test]
fn key_ops_turn_round_with_the_key() {
    let private = Jwk::from_json(text("B16-webcrypto-private.json")).unwrap();
    let public = private.to_public().unwrap();
    assert_eq!(public.as_jwk().key_ops(), Some(KeyOp::Verify.into()));
    let message = compact::sign(&SigningKey::try_from(&private).unwrap(), b"{}", &Header::new()).unwrap();
    let key = VerifyingKey::from_jwk(&public, JwsAlg::Es256).unwrap();
    assert!(compact::verify(&key, &message).is_ok());
    let published = JwkSet::from_iter([private]).to_public_json();
    let keys = JwkSet::from_json(published).unwrap();
    assert!(VerifyingKeys::from_jwks(&keys, JwsAlg::Es256).is_ok());
    for (own, public) in [
        (r#"["sign","verify"]"#, r#"["verify"]"#),
        (r#"["deriveKey","deriveBits"]"#, r#"["deriveKey","deriveBits"]"#),
        (r#"["decrypt","unwrapKey"]"#, r#"["encrypt","wrapKey"]"#),
    ] {
        let text = text("B16-webcrypto-private.json").replace("[\"sign\"]", own);
        let json = Jwk::from_json(text).unwrap().to_public().unwrap().to_json();
        assert!(json.contains(&format!("\"key_ops\":{public}")), "{json}");
    }
}

/// B19: certificates by their names.
#[test]
fn a_map_of_certificates_becomes_a_set() {
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text("B19-firebase-x509.json")).unwrap();
    let keys = map.iter().map(|(kid, pem)| {
        let key = PublicJwk::from_unverified_certificate_pem(pem.as_str().unwrap()).unwrap();
        Jwk::from(key).with_kid(kid)
    });
    assert_eq!(verify(&keys.collect(), &token("B19-rs-token.txt")), Ok(()));
}

/// B21, B22: why no key of a set serves.
#[test]
fn a_set_without_a_usable_key_says_why() {
    let keys = set("B21-jwks-keyops-empty.json");
    let jose_jws::Error::NoUsableKey(error) = VerifyingKeys::from_jwks(&keys, JwsAlg::Rs256).unwrap_err()
    else {
        panic!("another error");
    };
    assert!(!error.skipped().is_empty());
    for skipped in error.skipped() {
        assert_eq!(skipped.reason, KeyError::Usage(Usage::KeyOpsForbid { op: KeyOp::Verify }));
    }
    // Entries that could not even be read are in the list too.
    let keys = JwkSet::from_json(r#"{"keys":[null,{"kty":"XYZ"},{"kty":"oct","k":"AA"}]}"#).unwrap();
    assert_eq!(keys.skipped().iter().map(|skipped| skipped.index).collect::<Vec<_>>(), [0, 1]);
    let error = VerifyingKeys::from_jwks(&keys, JwsAlg::Rs256).unwrap_err().to_string();
    assert!(
        error.contains("entry 0: ") && error.contains("entry 1: kty is not") && error.contains("key 0: "),
        "{error}"
    );
    assert_eq!(JwkSet::from_json(r#"{"keys":null}"#).unwrap_err().code(), "member-invalid");
}

/// B69: the raw keys of Web Push.
#[test]
fn raw_points_and_scalars_are_keys() {
    let vapid: serde_json::Value = serde_json::from_str(&text("B69-vapid.json")).unwrap();
    let raw = |name| jose_b64::base64url::decode_to_vec(vapid[name].as_str().unwrap().as_bytes()).unwrap();
    let private = Jwk::from_raw_private(jose_jwk::Curve::P256, raw("privateKey")).unwrap();
    let public = PublicJwk::from_raw(jose_jwk::Curve::P256, raw("publicKey")).unwrap();
    assert_eq!(private.to_public(), Ok(public.clone()));
    assert_eq!(public.to_raw().unwrap(), raw("publicKey"));
    assert!(PublicJwk::from_raw(jose_jwk::Curve::P256, &raw("publicKey")[1..]).is_err());
}

/// What is tolerated does not change the key: its thumbprint is that of the key without the member.
#[test]
fn tolerance_changes_no_byte_of_the_key() {
    for clean in [
        text("B16-webcrypto-private.json"),
        serde_json::from_str::<serde_json::Value>(&text("B12-jwks-dup-identical.json")).unwrap()["keys"][0]
            .to_string(),
    ] {
        let key = Jwk::from_json(&clean).unwrap();
        let mut tolerated = 0;
        for member in ["kid", "use", "alg", "key_ops", "x5u", "x5c", "x5t", "x5t#S256", "oth"] {
            if clean.contains(&format!("\"{member}\"")) {
                continue;
            }
            for value in ["null", "[]", "[1]", "1", "\"\"", "\"!\"", "\"AAEC\"", "{}", "[\"\"]"] {
                let spoiled = clean.replacen('{', &format!("{{\"{member}\":{value},"), 1);
                let Ok(read) = Jwk::from_json(&spoiled) else { continue };
                tolerated += usize::from(!read.noted().is_empty());
                assert_eq!(read.thumbprint(Hash::Sha256), key.thumbprint(Hash::Sha256), "{member} {value}");
                assert_eq!(read.public_member("x"), key.public_member("x"));
                assert_eq!(read.expose_secret_member("d"), key.expose_secret_member("d"));
            }
        }
        assert!(tolerated > 20, "{tolerated}");
    }
}
