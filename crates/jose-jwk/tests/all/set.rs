//! JWK Sets (RFC 7517 section 5).

use jose_jwk::{Curve, Error, Jwk, JwkSet, JwsAlg, KeyOp, KeyQuery, KeyType, KeyUse, SelectError, SysRng};

use crate::support::{invalid, length, missing};

use crate::rfc::{EC_PRIVATE, OCT, RSA_7638, RSA_PRIVATE};

/// Covers S01, B8.
#[test]
fn a_bad_key_does_not_spoil_the_set() {
    let good = r#"{"kty":"oct","k":"AAEC"}"#;
    let bad = [
        (3, r#"{"kty":"XYZ"}"#, Error::KeyTypeUnknown),
        (50, r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, length("x")),
        (99, r#"{"k":"AA"}"#, missing("kty")),
    ];
    let keys: Vec<&str> = (0..100)
        .map(|index| bad.iter().find(|(at, ..)| *at == index).map_or(good, |(_, text, _)| text))
        .collect();
    let set = JwkSet::from_json(format!(r#"{{"keys":[{}],"other":1}}"#, keys.join(","))).unwrap();
    assert_eq!(set.keys().len(), 97);
    let skipped: Vec<_> = set.skipped().iter().map(|skipped| (skipped.index, skipped.reason)).collect();
    assert_eq!(skipped, bad.map(|(index, _, reason)| (index, reason)));
}

/// Covers S01.
#[test]
fn a_set_that_is_none_is_refused() {
    for (text, error) in [
        ("{}", missing("keys")),
        (r#"{"keys":{}}"#, invalid("keys")),
        (r#"{"keys":null}"#, invalid("keys")),
        (r#"{"keys":"a"}"#, invalid("keys")),
        (r#"{"keys":["a"]}"#, invalid("keys")),
        ("[]", Error::Json(jose_b64::Error::NotAnObject)),
        (r#"{"keys":[],"keys":[]}"#, Error::Json(jose_b64::Error::DuplicateMember)),
    ] {
        assert_eq!(JwkSet::from_json(text), Err(error), "{text}");
    }
    assert!(JwkSet::from_json(r#"{"keys":[]}"#).unwrap().keys().is_empty());
}

/// Covers S07, B7.
#[test]
fn public_export_leaves_every_secret_out() {
    let set: JwkSet = [RSA_PRIVATE, EC_PRIVATE, OCT, RSA_7638]
        .map(|text| Jwk::from_json(text).unwrap())
        .into_iter()
        .collect();
    let text = set.to_public_json();
    let public = JwkSet::from_json(&text).unwrap();
    assert_eq!(public.keys().len(), 3);
    assert!(public.skipped().is_empty());
    assert!(public.keys().iter().all(|key| !key.is_private()));
    for member in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\""] {
        assert!(!text.contains(member), "{member}");
    }
    assert_eq!(JwkSet::new().to_public_json(), r#"{"keys":[]}"#);
}

/// Rows S06, beside the one in front.
///
/// Covers S02, S06.
#[test]
fn a_set_is_a_collection() {
    let mut set = JwkSet::new();
    assert!(set.is_empty());
    set.generate(Curve::Ed25519, &mut SysRng).unwrap();
    let key = set.keys()[0].clone();
    assert_eq!((key.curve(), key.is_private()), (Some(Curve::Ed25519), true));
    set.push(Jwk::from_json(EC_PRIVATE).unwrap());
    set.keys_mut().extend([Jwk::from_json(OCT).unwrap()]);
    assert_eq!((set.len(), set.iter().count(), (&set).into_iter().count()), (3, 3, 3));
    assert_eq!(set.keys()[0], key);
    assert_eq!(set.keys_mut().remove(0), key);
    set.keys_mut().retain(|key| key.key_type() == KeyType::Oct);
    assert_eq!(set.clone().into_iter().map(|key| key.key_type()).collect::<Vec<_>>(), [KeyType::Oct]);
}

/// Covers S07.
#[test]
fn private_export_is_spelled_out_and_complete() {
    let set: JwkSet = [RSA_PRIVATE, EC_PRIVATE, OCT, RSA_7638]
        .map(|text| Jwk::from_json(text).unwrap())
        .into_iter()
        .collect();
    assert_eq!(JwkSet::from_json(&*set.expose_private_json()).unwrap(), set);
    assert_eq!(*JwkSet::new().expose_private_json(), r#"{"keys":[]}"#);
}

/// Covers B7.
#[test]
fn private_members_of_a_public_set_are_stripped_and_reported() {
    let text = format!(r#"{{"keys":[{RSA_7638},{EC_PRIVATE},{OCT},{RSA_PRIVATE},{{"kty":"XYZ"}}]}}"#);
    let set = JwkSet::from_public_json(&text).unwrap();
    assert_eq!(set.len(), 3);
    assert!(set.iter().all(|key| !key.is_private()));
    assert_eq!(set.stripped(), [1, 3]);
    let skipped: Vec<_> = set.skipped().iter().map(|skipped| (skipped.index, skipped.reason)).collect();
    assert_eq!(skipped, [(2, Error::PrivateMembers), (4, Error::KeyTypeUnknown)]);
    let json = set.expose_private_json();
    for member in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\"", "\"oth\""] {
        assert!(!json.contains(member), "{member}");
    }
    // What is stripped is not looked at.
    let oth = RSA_PRIVATE.replacen('{', "{\"oth\":[],", 1);
    let set = JwkSet::from_public_json(format!(r#"{{"keys":[{oth}]}}"#)).unwrap();
    assert_eq!((set.len(), set.stripped()), (1, &[0][..]));
}

fn key(members: &str) -> Jwk {
    Jwk::from_json(format!(
        r#"{{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"{members}}}"#
    ))
    .unwrap()
}

fn kids(set: &JwkSet, query: &KeyQuery) -> Vec<String> {
    set.query(query).iter().map(|key| key.kid().unwrap_or("-").to_owned()).collect()
}

/// Covers S03.
#[test]
fn each_filter_alone_and_together() {
    let x5t = "AAECAwQFBgcICQoLDA0ODxAREhM";
    let s256 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let set: JwkSet = [
        key(r#","kid":"bare""#),
        key(r#","kid":"alg","alg":"Ed25519""#),
        key(r#","kid":"use","use":"sig""#),
        key(r#","kid":"enc","use":"enc""#),
        key(r#","kid":"ops","key_ops":["verify"]"#),
        key(&format!(r#","kid":"x5t","x5t":"{x5t}""#)),
        key(&format!(r#","kid":"s256","x5t#S256":"{s256}""#)),
        Jwk::from_json(OCT).unwrap().with_kid("oct"),
        key(""),
    ]
    .into_iter()
    .collect();
    let ask = KeyQuery::new;
    let octets = |len: u8| (0..len).collect::<Vec<u8>>();
    for (query, expected) in [
        (ask(), "bare alg use enc ops x5t s256 oct -"),
        (ask().kty(KeyType::Oct), "oct"),
        (ask().kty(KeyType::Rsa), ""),
        (ask().kid("use"), "use"),
        (ask().kid("other"), ""),
        (ask().alg(JwsAlg::Ed25519), "alg bare use enc ops x5t s256 -"),
        (ask().alg(JwsAlg::EdDsa), "bare use enc ops x5t s256 -"),
        (ask().alg(JwsAlg::Hs256), "oct"),
        (ask().alg(JwsAlg::Es256), ""),
        (ask().key_use(KeyUse::Sig), "use bare alg ops x5t s256 oct -"),
        (ask().key_use(KeyUse::Enc), "enc bare alg ops x5t s256 oct -"),
        (ask().op(KeyOp::Verify), "ops bare alg use enc x5t s256 oct -"),
        (ask().op(KeyOp::Sign), "bare alg use enc x5t s256 oct -"),
        (ask().x5t(octets(20)), "x5t bare alg use enc ops s256 oct -"),
        (ask().x5t([9; 20]), "bare alg use enc ops s256 oct -"),
        (ask().x5t_s256(octets(32)), "s256 bare alg use enc ops x5t oct -"),
        (ask().x5t_s256([9; 32]), "bare alg use enc ops x5t oct -"),
        (
            ask().kty(KeyType::Okp).key_use(KeyUse::Sig).op(KeyOp::Sign).alg(JwsAlg::EdDsa),
            "use bare x5t s256 -",
        ),
    ] {
        assert_eq!(kids(&set, &query).join(" "), expected, "{query:?}");
    }
}

/// Covers S04.
#[test]
fn keys_that_state_more_come_first_and_ties_keep_their_order() {
    let set: JwkSet = [
        key(r#","kid":"0""#),
        key(r#","kid":"1a","use":"sig""#),
        key(r#","kid":"2a","use":"sig","alg":"Ed25519""#),
        key(r#","kid":"1b","alg":"Ed25519""#),
        key(r#","kid":"3","use":"sig","alg":"Ed25519","key_ops":["verify"]"#),
        key(r#","kid":"2b","use":"sig","alg":"Ed25519""#),
    ]
    .into_iter()
    .collect();
    let query = KeyQuery::new().key_use(KeyUse::Sig).alg(JwsAlg::Ed25519).op(KeyOp::Verify);
    assert_eq!(kids(&set, &query).join(" "), "3 2a 2b 1a 1b 0");
}

/// Rows S10, beside the one in front.
///
/// Covers S09, S10.
#[test]
fn exactly_one_by_default() {
    let set: JwkSet = [
        key(r#","kid":"a""#),
        key(r#","kid":"b""#),
        key(r#","kid":"b""#),
        Jwk::from_json(OCT).unwrap().with_kid("a"),
    ]
    .into_iter()
    .collect();
    let ask = KeyQuery::new;
    assert_eq!(set.select(&ask().kid("a").alg(JwsAlg::Ed25519)).unwrap(), &set.keys()[0]);
    assert_eq!(set.select(&ask().kid("a").alg(JwsAlg::Hs256)).unwrap(), &set.keys()[3]);
    // An unknown `kid` falls through to none.
    assert_eq!(set.select(&ask().kid("c").alg(JwsAlg::Ed25519)), Err(SelectError::KidUnknown));
    assert_eq!(set.select(&ask().kid("c").alg(JwsAlg::Es256)), Err(SelectError::NotFound));
    assert_eq!(set.select(&ask().kid("b").alg(JwsAlg::Ed25519)), Err(SelectError::Ambiguous));
    assert_eq!(set.select(&ask().alg(JwsAlg::Es256)), Err(SelectError::NotFound));
    assert_eq!(set.select_up_to(&ask().kid("b"), 2).unwrap().len(), 2);
    assert_eq!(set.select_up_to(&ask().kid("b"), 1), Err(SelectError::Ambiguous));
    for op in [KeyOp::UnwrapKey, KeyOp::DeriveKey, KeyOp::Decrypt] {
        assert_eq!(set.select(&ask().kty(KeyType::Oct).op(op)).unwrap(), &set.keys()[3]);
    }
}

/// Covers S09.
#[test]
fn keys_without_a_kid_are_among_several() {
    let set: JwkSet = [key(""), key(r#","kid":"a""#), key(r#","kid":"b""#), key(r#","alg":"Ed25519""#)]
        .into_iter()
        .collect();
    let query = KeyQuery::new().kid("a").alg(JwsAlg::Ed25519);
    assert_eq!(set.select(&query), Ok(&set.keys()[1]));
    assert_eq!(set.select_up_to(&query, 2), Err(SelectError::Ambiguous));
    // Those that state what is asked come first.
    let three = [&set.keys()[1], &set.keys()[3], &set.keys()[0]];
    assert_eq!(set.select_up_to(&query, 3).unwrap(), three);
    let unknown = KeyQuery::new().kid("c");
    assert_eq!(set.select(&unknown), Err(SelectError::KidUnknown));
    assert_eq!(set.select_up_to(&unknown, 2).unwrap(), [&set.keys()[0], &set.keys()[3]]);
}

/// Covers B6.
#[test]
fn symmetric_and_asymmetric_keys_do_not_mix() {
    for other in [RSA_7638, EC_PRIVATE] {
        let set: JwkSet =
            [OCT, other].map(|text| Jwk::from_json(text).unwrap().with_kid("a")).into_iter().collect();
        assert_eq!(set.select(&KeyQuery::new().kid("a")), Err(SelectError::Mixed));
        assert_eq!(set.select_up_to(&KeyQuery::new().kid("a"), 10), Err(SelectError::Mixed));
    }
}

/// Covers B5.
#[test]
fn a_thousand_keys_of_one_kid_are_bounded_work() {
    let set: JwkSet = (0..1000).map(|_| key(r#","kid":"same""#)).collect();
    let query = KeyQuery::new().kid("same").alg(JwsAlg::Ed25519);
    assert_eq!(set.select(&query), Err(SelectError::Ambiguous));
    assert_eq!(set.select_up_to(&query, 10), Err(SelectError::Ambiguous));
    assert_eq!(set.select_up_to(&query, 1000).unwrap().len(), 1000);
}
