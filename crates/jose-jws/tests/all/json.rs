//! The JSON serializations: W03, W05, W07 to W13, A4, D12, D15, E2 to E5, E12.

use core::num::NonZeroUsize;

use jose_b64::base64url::encode_string;
use jose_jwk::{AlgSet, Error as KeyError, JwkSet};
use jose_jws::json::{self, Builder, Form, Headers, Limits, Protected, Require, Unverified};
use jose_jws::{Error, Header, JwsAlg, Sign, SigningKey, Verify, VerifyingKey, VerifyingKeys, compact};

use crate::help::{jwk, sign_raw, signer, verifier};
use crate::keys;

/// What makes signatures as they are asked for, right or not.
fn signature(key: &SigningKey, protected: &str, payload: &str) -> String {
    let protected = if protected.is_empty() { String::new() } else { encode_string(protected.as_bytes()) };
    encode_string(&sign_raw(key, format!("{protected}.{payload}").as_bytes()).unwrap())
}

/// The members of one signature; empty texts are left away.
fn members(key: &SigningKey, protected: &str, header: &str, payload: &str) -> String {
    let signature = signature(key, protected, payload);
    let protected = match protected {
        "" => String::new(),
        text => format!(r#""protected":"{}","#, encode_string(text.as_bytes())),
    };
    let header = if header.is_empty() { String::new() } else { format!(r#""header":{header},"#) };
    format!(r#"{protected}{header}"signature":"{signature}""#)
}

fn flattened(key: &SigningKey, protected: &str, header: &str) -> String {
    format!(r#"{{"payload":"e30",{}}}"#, members(key, protected, header, "e30"))
}

fn general(signatures: &[String]) -> String {
    let list: Vec<String> = signatures.iter().map(|members| format!("{{{members}}}")).collect();
    format!(r#"{{"payload":"e30","signatures":[{}]}}"#, list.join(","))
}

fn mac() -> SigningKey {
    signer(keys::OCT, JwsAlg::Hs256)
}

fn verify(text: &str) -> Result<Vec<u8>, Error> {
    json::verify(&verifier(keys::OCT, JwsAlg::Hs256), text, Require::Any).map(json::Verified::into_payload)
}

const HS256: &str = r#"{"alg":"HS256"}"#;

#[test]
fn w03_w05_one_signature_fits_every_form() {
    let key = mac();
    let one = Builder::new(b"{}").sign(&key, &Header::default()).unwrap();
    let compact = one.compact().unwrap();
    assert_eq!(compact, compact::sign(&key, &Header::default(), b"{}").unwrap());
    assert_eq!(one.flattened().unwrap(), {
        let parts: Vec<&str> = compact.split('.').collect();
        format!(r#"{{"payload":"{}","protected":"{}","signature":"{}"}}"#, parts[1], parts[0], parts[2])
    });
    assert_eq!(one.general().unwrap(), general(&[members(&key, HS256, "", "e30")]));
    for (text, form) in [
        (one.compact().unwrap(), Form::Compact),
        (one.flattened().unwrap(), Form::Flattened),
        (one.general().unwrap(), Form::General),
    ] {
        let verified =
            json::verify_any_form(&verifier(keys::OCT, JwsAlg::Hs256), &text, Require::All).unwrap();
        assert_eq!((verified.payload(), verified.form()), (&b"{}"[..], form));
        assert_eq!(verified.signatures()[0].header().text(), HS256);
    }
}

/// W09: what is not asked for is not taken.
#[test]
fn w09_the_form_is_the_callers_choice() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let one = Builder::new(b"{}").sign(&mac(), &Header::default()).unwrap();
    let compact = one.compact().unwrap();
    assert_eq!(verify(&compact).unwrap_err(), Error::Encoding(jose_b64::Error::Syntax));
    for text in [one.flattened().unwrap(), one.general().unwrap()] {
        assert!(verify(&text).is_ok());
        assert!(compact::verify(&key, &text).is_err());
        assert!(jose_jws::detached::verify(&key, &text, b"{}").is_err());
        assert!(jose_jws::unsecured::read(&text).is_err());
    }
}

fn three() -> (String, VerifyingKeys) {
    let names = [
        ("a", keys::P256, JwsAlg::Es256),
        ("b", keys::ED25519, JwsAlg::Ed25519),
        ("c", keys::P384, JwsAlg::Es384),
    ];
    let keys = names.map(|(kid, key, alg)| SigningKey::from_jwk(&jwk(key).with_kid(kid), alg).unwrap());
    let headers = Headers { unprotected: Some(r#"{"note":"from b"}"#), ..Headers::default() };
    let text = Builder::new(b"{}")
        .sign(&keys[0], &Header::default())
        .and_then(|builder| builder.sign_headers(&keys[1], &headers))
        .and_then(|builder| builder.sign(&keys[2], &Header::default()))
        .and_then(|builder| builder.general())
        .unwrap();
    let set = JwkSet::from_iter(names.map(|(kid, key, _)| jwk(key).with_kid(kid)));
    (text, VerifyingKeys::from_jwks(&set, AlgSet::of(&names.map(|(_, _, alg)| alg))).unwrap())
}

#[test]
fn d15_w11_w13_which_signatures_verified_is_told() {
    let (text, keys) = three();
    let verified = json::verify(&keys, &text, Require::All).unwrap();
    let told: Vec<_> = verified
        .signatures()
        .iter()
        .map(|signature| (signature.index(), signature.key_index(), signature.alg()))
        .collect();
    assert_eq!(told, [(0, 0, JwsAlg::Es256), (1, 1, JwsAlg::Ed25519), (2, 2, JwsAlg::Es384)]);
    let second = &verified.signatures()[1];
    assert_eq!(second.header().text(), r#"{"alg":"Ed25519","kid":"b"}"#);
    assert_eq!(second.unverified_header().text(), r#"{"note":"from b"}"#);
    assert!(second.header().get("note").is_none());
    assert_eq!(verified.signatures()[0].unverified_header().iter().count(), 0);
}

/// Each subset of three signatures being wrong, under each requirement.
#[test]
fn d15_w13_any_all_and_at_least() {
    let (text, keys) = three();
    let mut tried = 0;
    for wrong in 0..8_usize {
        let mut damaged = text.clone();
        // The place of each signature's first octet in the text.
        let places: Vec<usize> =
            text.match_indices(r#""signature":""#).map(|(at, name)| at + name.len()).collect();
        for (index, at) in places.iter().enumerate().filter(|(index, _)| wrong & (1 << index) != 0) {
            let other = if &damaged[*at..=*at] == "A" { "B" } else { "A" };
            damaged.replace_range(*at..=*at, other);
            let _ = index;
        }
        let right: Vec<usize> = (0..3).filter(|index| wrong & (1 << index) == 0).collect();
        let requirements = [(Require::Any, 1), (Require::All, 3)]
            .into_iter()
            .chain((1..=4).map(|n| (Require::AtLeast(NonZeroUsize::new(n).unwrap()), n)));
        for (require, needed) in requirements {
            match json::verify(&keys, &damaged, require) {
                Ok(verified) => {
                    let told: Vec<usize> = verified.signatures().iter().map(|one| one.index()).collect();
                    assert_eq!(told, right);
                    assert!(right.len() >= needed);
                }
                Err(error) => {
                    assert!(right.len() < needed, "{wrong:b}, {require:?}");
                    let some = !right.is_empty() && require != Require::All;
                    assert_eq!(error, if some { Error::SignaturesTooFew } else { Error::Signature });
                }
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 8 * 6);
}

/// The holder of one key signs as often as he likes and is still one.
#[test]
fn d15_the_same_key_counts_once() {
    let two = Builder::new(b"{}")
        .sign(&mac(), &Header::default())
        .and_then(|builder| builder.sign(&mac(), &Header { typ: Some("x"), ..Header::default() }))
        .and_then(|builder| builder.general())
        .unwrap();
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    assert_eq!(json::verify(&key, &two, Require::All).unwrap().signatures().len(), 2);
    let quorum = Require::AtLeast(NonZeroUsize::new(2).unwrap());
    assert_eq!(json::verify(&key, &two, quorum).unwrap_err(), Error::SignaturesTooFew);
}

#[test]
fn e3_w07_no_name_stands_in_both_headers() {
    let disjoint = Error::Header(KeyError::HeadersNotDisjoint);
    for name in ["x", "kid", "typ", "alg", "jwk", "é"] {
        for (one, other) in
            [("null", "null"), ("\"a\"", "\"a\""), ("\"a\"", "null"), ("1", "2"), ("{}", "[]")]
        {
            let protected = match name {
                "alg" => HS256.to_owned(),
                _ => format!(r#"{{"alg":"HS256","{name}":{one}}}"#),
            };
            let header = format!(r#"{{"{name}":{other}}}"#);
            let text = flattened(&mac(), &protected, &header);
            let registered = ["kid", "typ", "alg", "jwk"].contains(&name);
            let error = verify(&text).unwrap_err();
            // A parameter that is known has its type besides.
            assert!(error == disjoint || registered, "{name}: {error:?}");
            let headers = Headers { protected: Protected::Text(&protected), unprotected: Some(&header) };
            assert!(Builder::new(b"{}").sign_headers(&mac(), &headers).is_err(), "{name}");
        }
    }
    for (protected, header) in [
        (r#"{"alg":"HS256","kid":"a"}"#, r#"{"kid":"a"}"#),
        (HS256, HS256),
        (r#"{"alg":"HS256","x":1}"#, r#"{"\u0078":1}"#),
    ] {
        assert_eq!(verify(&flattened(&mac(), protected, header)).unwrap_err(), disjoint);
    }
    // In one of several signatures it is as wrong as in one.
    let list =
        [members(&mac(), HS256, "", "e30"), members(&mac(), r#"{"alg":"HS256","x":1}"#, r#"{"x":1}"#, "e30")];
    assert_eq!(verify(&general(&list)).unwrap_err(), disjoint);
}

/// A4: an `alg` that nothing protects is taken where the key has no other, and nowhere else.
#[test]
fn a4_an_unprotected_alg_needs_a_key_of_one_algorithm() {
    for (protected, header) in
        [("", r#"{"alg":"HS256"}"#), (r#"{"typ":"x"}"#, r#"{"alg":"HS256","kid":"k"}"#)]
    {
        let text = flattened(&mac(), protected, header);
        let check = |keys: &dyn Verify| json::verify(keys, &text, Require::Any).map(|_| ());
        let one = VerifyingKey::from_jwk(&jwk(keys::OCT), JwsAlg::Hs256.into()).unwrap();
        let two =
            VerifyingKey::from_jwk(&jwk(keys::OCT), AlgSet::of(&[JwsAlg::Hs256, JwsAlg::Hs512])).unwrap();
        let named = jwk(keys::OCT).with_alg(JwsAlg::Hs256);
        let all = VerifyingKey::from_jwk(&named, AlgSet::all()).unwrap();
        assert_eq!(check(&one), Ok(()));
        assert_eq!(check(&two), Err(Error::AlgorithmNotAllowed));
        assert_eq!(check(&all), Ok(()), "the key itself names one");
        let set = |key, algs: &[JwsAlg]| {
            VerifyingKeys::from_jwks(&JwkSet::from_iter([key]), AlgSet::of(algs)).unwrap().try_each(2)
        };
        assert_eq!(check(&set(jwk(keys::OCT), &[JwsAlg::Hs256])), Ok(()));
        let several = set(jwk(keys::OCT), &[JwsAlg::Hs256, JwsAlg::Hs384]);
        assert_eq!(check(&several), Err(Error::KeyNotFound));
        let slice: &[&dyn Verify] = &[&two];
        assert_eq!(json::verify(slice, &text, Require::Any).map(|_| ()), Err(Error::KeyNotFound));
        let chosen = jose_jws::KeyFromHeader::new(two.algs(), |_: &jose_jws::Signed<'_>| Some(&two)).unwrap();
        assert_eq!(check(&chosen), Err(Error::AlgorithmNotAllowed));
    }
}

#[test]
fn e12_what_is_empty_is_refused() {
    let empty = |name| Err(Error::Member(name));
    assert_eq!(verify(r#"{"payload":"e30","signatures":[]}"#), empty("signatures"));
    let right = signature(&mac(), HS256, "e30");
    for protected in [r#""""#, r#""e30""#] {
        let text =
            format!(r#"{{"payload":"e30","protected":{protected},"header":{HS256},"signature":"{right}"}}"#);
        assert_eq!(verify(&text), empty("protected"), "{text}");
    }
    assert_eq!(verify(&flattened(&mac(), HS256, "{}")), empty("header"));
    assert_eq!(verify(&format!(r#"{{"payload":"e30","signature":"{right}"}}"#)), empty("protected"));
    let headers = Headers { unprotected: Some("{}"), ..Headers::default() };
    assert_eq!(Builder::new(b"").sign_headers(&mac(), &headers).map(|_| ()), empty("header"));
    let headers = Headers { protected: Protected::Text("{}"), unprotected: Some(HS256) };
    assert_eq!(Builder::new(b"").sign_headers(&mac(), &headers).map(|_| ()), empty("protected"));
}

/// Each member as each JSON type that it is not, and each one missing.
#[test]
fn e11_members_have_their_types() {
    let protected = encode_string(HS256.as_bytes());
    let right = signature(&mac(), HS256, "e30");
    let values = |skip: &str| {
        let all = [
            ("null", "null"),
            ("bool", "true"),
            ("number", "1"),
            ("string", r#""e30""#),
            ("array", "[]"),
            ("object", r#"{"x":1}"#),
        ];
        all.into_iter().filter(move |(kind, _)| *kind != skip).map(|(_, value)| value).collect::<Vec<_>>()
    };
    let text = |payload: &str, protected: &str, header: &str, signature: &str| {
        format!(
            r#"{{"payload":{payload},"protected":{protected},"header":{header},"signature":{signature}}}"#
        )
    };
    let (payload, protected, right) = (r#""e30""#, format!("\"{protected}\""), format!("\"{right}\""));
    let header = r#"{"note":1}"#;
    assert!(verify(&text(payload, &protected, header, &right)).is_ok());
    for value in values("string") {
        assert_eq!(verify(&text(value, &protected, header, &right)), Err(Error::Member("payload")));
        assert_eq!(verify(&text(payload, value, header, &right)), Err(Error::Member("protected")));
        assert_eq!(verify(&text(payload, &protected, header, value)), Err(Error::Member("signature")));
        assert_eq!(
            verify(&format!(r#"[{}]"#, text(payload, &protected, header, &right))),
            Err(Error::Encoding(jose_b64::Error::NotAnObject))
        );
    }
    for value in values("object") {
        assert_eq!(verify(&text(payload, &protected, value, &right)), Err(Error::Member("header")));
        assert_eq!(
            verify(&format!(r#"{{"payload":"e30","signatures":[{value}]}}"#)),
            Err(Error::Member("signatures"))
        );
    }
    for value in values("array") {
        assert_eq!(
            verify(&format!(r#"{{"payload":"e30","signatures":{value}}}"#)),
            Err(Error::Member("signatures"))
        );
    }
    assert_eq!(
        verify(&format!(r#"{{"protected":{protected},"signature":{right}}}"#)),
        Err(Error::PayloadMissing)
    );
    assert_eq!(
        verify(&format!(r#"{{"payload":"e30","protected":{protected}}}"#)),
        Err(Error::Member("signature"))
    );
    assert_eq!(verify("{}"), Err(Error::Member("protected")));
    // The two forms do not mix.
    let list = members(&mac(), HS256, "", "e30");
    for (name, value) in
        [("signature", &right), ("protected", &protected), ("header", &r#"{"x":1}"#.to_owned())]
    {
        let text = format!(r#"{{"payload":"e30","signatures":[{{{list}}}],"{name}":{value}}}"#);
        assert_eq!(verify(&text), Err(Error::Member(name)));
    }
    // What is not known is ignored, wherever it stands.
    let text = format!(r#"{{"iv":1,"payload":"e30","signatures":[{{"x":null,{list}}}],"recipients":[]}}"#);
    assert_eq!(verify(&text).unwrap(), b"{}");
}

#[test]
fn e2_no_member_stands_twice() {
    let duplicate = Error::Encoding(jose_b64::Error::DuplicateMember);
    let list = members(&mac(), HS256, r#"{"x":1}"#, "e30");
    let once = format!(r#"{{"payload":"e30",{list}}}"#);
    assert!(verify(&once).is_ok());
    for name in ["payload", "protected", "header", "signature", "extra"] {
        for spelling in [name.to_owned(), format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..])] {
            let extra = if name == "extra" { r#""extra":1,"# } else { "" };
            let text = format!(r#"{{{extra}"payload":"e30",{list},"{spelling}":1}}"#);
            assert_eq!(verify(&text), Err(duplicate), "{text}");
        }
    }
    let inner = format!(r#"{{"payload":"e30",{}}}"#, list.replace(r#"{"x":1}"#, r#"{"x":1,"x":1}"#));
    assert_eq!(verify(&inner), Err(duplicate));
    let protected = r#"{"alg":"HS256","alg":"HS256"}"#;
    assert_eq!(
        verify(&flattened(&mac(), protected, "")),
        Err(Error::Header(KeyError::Encoding(jose_b64::Error::DuplicateMember)))
    );
}

/// E6, in every member that is base64url.
#[test]
fn e6_w16_members_are_strict_base64url() {
    let (protected, right) = (encode_string(HS256.as_bytes()), signature(&mac(), HS256, "e30"));
    let text = |payload: &str, protected: &str, signature: &str| {
        format!(r#"{{"payload":"{payload}","protected":"{protected}","signature":"{signature}"}}"#)
    };
    assert!(verify(&text("e30", &protected, &right)).is_ok());
    for bad in ["=", "+", "/", " ", "\\n", ".", "\\u0000", "é"] {
        for error in [
            verify(&text(&format!("e30{bad}"), &protected, &right)),
            verify(&text("e30", &format!("{protected}{bad}"), &right)),
            verify(&text("e30", &protected, &format!("{right}{bad}"))),
        ] {
            assert!(matches!(error, Err(Error::Encoding(_))), "{bad}: {error:?}");
        }
    }
    // An escape in the JSON text is another spelling of the same string.
    let spelled = format!("\\u{:04x}{}", protected.as_bytes()[0], &protected[1..]);
    assert!(verify(&text("\\u006530", &spelled, &right)).is_ok());
}

#[test]
fn e5_w08_b64_is_protected_and_the_same_for_all() {
    let raw = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let flat = |protected: &str, header: &str, payload: &str| {
        format!(r#"{{"payload":"{payload}",{}}}"#, members(&mac(), protected, header, payload))
    };
    let check = |text: &str| {
        Unverified::parse(text)
            .and_then(|jws| jws.allow_unencoded().verify(&key, Require::Any))
            .map(json::Verified::into_payload)
    };
    // A full stop is no matter here.
    assert_eq!(check(&flat(raw, "", "$.02")).unwrap(), b"$.02");
    assert_eq!(verify(&flat(raw, "", "$.02")), Err(Error::Unencoded));
    assert_eq!(check(&flat(HS256, r#"{"b64":false}"#, "e30")), Err(Error::B64));
    assert_eq!(check(&flat(r#"{"alg":"HS256","b64":false}"#, "", "e30")), Err(Error::B64));
    let crit = Err(Error::Header(KeyError::CritUnprotected));
    assert_eq!(check(&flat(HS256, r#"{"b64":false,"crit":["b64"]}"#, "e30")), crit);
    let mixed = [members(&mac(), raw, "", "e30"), members(&mac(), HS256, "", "e30")];
    assert_eq!(check(&general(&mixed)), Err(Error::B64Mixed));
    let header = Header { members: Some(r#"{"b64":false,"crit":["b64"]}"#), ..Header::default() };
    let one = Builder::new(b"$.02").sign(&mac(), &header).unwrap();
    assert_eq!(one.clone().sign(&mac(), &Header::default()).map(|_| ()).unwrap_err(), Error::B64Mixed);
    assert_eq!(one.compact().unwrap_err(), Error::PayloadHasDot);
    assert!(one.clone().detached().compact().is_ok());
    assert_eq!(check(&one.flattened().unwrap()).unwrap(), b"$.02");
    let two = one.sign(&mac(), &header).unwrap().general().unwrap();
    assert_eq!(check(&two).unwrap(), b"$.02");
    // In the text it is a string, so UTF-8; apart, any octets.
    let octets = Builder::new(b"\xff").sign(&mac(), &header).unwrap();
    assert_eq!(octets.flattened().unwrap_err(), Error::Encoding(jose_b64::Error::Utf8));
    let text = octets.detached().general().unwrap();
    assert_eq!(json::verify_detached(&key, &text, Require::All, b"\xff").unwrap().len(), 1);
    // What has to be escaped in JSON is signed as it is.
    let quoted = Builder::new("\"\\\n\u{1}é".as_bytes()).sign(&mac(), &header).unwrap().flattened().unwrap();
    assert_eq!(check(&quoted).unwrap(), "\"\\\n\u{1}é".as_bytes());
}

#[test]
fn w15_detached_in_both_forms() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let one = Builder::new(b"payload").sign(&mac(), &Header::default()).unwrap();
    let whole = one.flattened().unwrap();
    let apart = one.detached();
    for text in [apart.flattened().unwrap(), apart.general().unwrap()] {
        assert!(!text.contains("payload"));
        assert_eq!(json::verify(&key, &text, Require::Any).unwrap_err(), Error::PayloadMissing);
        let verified = json::verify_detached(&key, &text, Require::Any, b"payload").unwrap();
        assert_eq!(verified[0].alg(), JwsAlg::Hs256);
        let other = json::verify_detached(&key, &text, Require::Any, b"Payload");
        assert_eq!(other.unwrap_err(), Error::Signature);
    }
    let present = json::verify_detached(&key, &whole, Require::Any, b"payload");
    assert_eq!(present.unwrap_err(), Error::PayloadPresent);
    let compact = apart.compact().unwrap();
    assert!(jose_jws::detached::verify(&key, &compact, b"payload").is_ok());
    let jws = Unverified::parse_any_form(&compact, &Limits::DEFAULT).unwrap();
    assert!(jws.verify_detached(&key, Require::Any, b"payload").is_ok());
}

#[test]
fn e4_w12_crit_holds_for_its_own_signature() {
    let own = r#"{"alg":"HS256","crit":["x"],"x":1}"#;
    let list = [members(&mac(), own, "", "e30"), members(&mac(), HS256, "", "e30")];
    let text = general(&list);
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let told = |understood: &[&str], require| {
        let verified = Unverified::parse(&text).unwrap().understanding(understood).verify(&key, require)?;
        Ok(verified.signatures().iter().map(|one| one.index()).collect::<Vec<_>>())
    };
    let refused = Error::Header(KeyError::CritNotUnderstood);
    assert_eq!(told(&[], Require::Any), Ok(vec![1]));
    assert_eq!(told(&[], Require::All), Err(refused));
    assert_eq!(told(&["x"], Require::All), Ok(vec![0, 1]));
    // The parameter itself may be unprotected (RFC 7515 section 4.1.11), `crit` may not.
    let text = flattened(&mac(), r#"{"alg":"HS256","crit":["x"]}"#, r#"{"x":1}"#);
    assert!(Unverified::parse(&text).unwrap().understanding(&["x"]).verify(&key, Require::Any).is_ok());
    let text = flattened(&mac(), HS256, r#"{"crit":["x"],"x":1}"#);
    assert_eq!(verify(&text), Err(Error::Header(KeyError::CritUnprotected)));
}

#[test]
fn e7_the_number_of_signatures_is_limited() {
    let list = |count| general(&vec![members(&mac(), HS256, "", "e30"); count]);
    assert!(verify(&list(16)).is_ok());
    assert_eq!(verify(&list(17)), Err(Error::SignaturesTooMany));
    let limits = Limits { max_signatures: 20, ..Limits::DEFAULT };
    let text = list(20);
    assert_eq!(Unverified::parse_with(&text, &limits).unwrap().signature_count(), 20);
    let limits = Limits { max_len: text.len() - 1, ..limits };
    assert_eq!(
        Unverified::parse_with(&text, &limits).unwrap_err(),
        Error::Encoding(jose_b64::Error::TooLong)
    );
    let long = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(16 * 1024));
    for text in
        [flattened(&mac(), &long, ""), flattened(&mac(), HS256, &long.replace("\"alg\":\"HS256\",", ""))]
    {
        assert_eq!(verify(&text), Err(Error::Header(KeyError::HeaderTooLong)));
    }
}

/// D12: a JWE is no JWS, in any form.
#[test]
fn d12_a_jwe_is_not_verified() {
    let protected = encode_string(br#"{"alg":"dir","enc":"A128GCM"}"#);
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let compact = format!("{protected}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    let flattened = format!(
        r#"{{"protected":"{protected}","iv":"AAAAAAAAAAAAAAAA","ciphertext":"AAAA","tag":"AAAAAAAAAAAAAAAAAAAAAA"}}"#
    );
    let general = format!(
        r#"{{"protected":"{protected}","recipients":[{{"encrypted_key":"AAAA"}}],"iv":"AAAA","ciphertext":"AAAA","tag":"AAAA"}}"#
    );
    for text in [&compact, &flattened, &general] {
        assert!(compact::verify(&key, text).is_err());
        assert!(json::verify(&key, text, Require::Any).is_err());
        assert!(json::verify_any_form(&key, text, Require::Any).is_err());
        assert!(json::verify_detached(&key, text, Require::Any, b"").is_err());
        assert!(jose_jws::detached::verify(&key, text, b"").is_err());
        assert!(jose_jws::embedded::verify(text, AlgSet::all()).is_err());
        assert!(jose_jws::unsecured::read(text).is_err());
    }
}

/// A1: `none` beside a right signature, and alone.
#[test]
fn a1_none_is_no_signature() {
    let none = format!(r#""protected":"{}","signature":"""#, encode_string(br#"{"alg":"none"}"#));
    let right = members(&mac(), HS256, "", "e30");
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    assert_eq!(verify(&general(std::slice::from_ref(&none))), Err(Error::AlgorithmUnknown));
    let both = general(&[none, right]);
    assert_eq!(json::verify(&key, &both, Require::Any).unwrap().signatures()[0].index(), 1);
    assert_eq!(json::verify(&key, &both, Require::All).unwrap_err(), Error::AlgorithmUnknown);
}

/// K36: the two steps, and a key's `kid` only where no header has one.
#[test]
fn k36_w06_two_steps_and_the_kid() {
    let key = SigningKey::from_jwk(&jwk(keys::OCT).with_kid("own"), JwsAlg::Hs256).unwrap();
    let pending = Builder::new(b"{}").prepare(key.alg(), &Header::default()).unwrap();
    assert_eq!(pending.signing_input(), format!("{}.e30", encode_string(HS256.as_bytes())).into_bytes());
    assert_eq!(pending.clone().attach(&[1; 31]).map(|_| ()).unwrap_err(), Error::Signing);
    let octets = sign_raw(&key, &pending.signing_input()).unwrap();
    assert_eq!(pending.attach(&octets).unwrap().flattened().unwrap(), flattened(&key, HS256, ""));
    let other = signer(keys::OCT, JwsAlg::Hs512);
    let pending = Builder::new(b"{}").prepare(key.alg(), &Header::default()).unwrap();
    assert_eq!(pending.sign(&other).map(|_| ()).unwrap_err(), Error::AlgorithmNotAllowed);
    let headers = Headers { unprotected: Some(r#"{"kid":"other"}"#), ..Headers::default() };
    let text = Builder::new(b"{}").sign_headers(&key, &headers).unwrap().flattened().unwrap();
    assert_eq!(text, flattened(&key, HS256, r#"{"kid":"other"}"#));
    let headers = Headers { protected: Protected::Absent, unprotected: Some(r#"{"alg":"HS512"}"#) };
    let wrong = Builder::new(b"{}").sign_headers(&key, &headers).map(|_| ());
    assert_eq!(wrong.unwrap_err(), Error::AlgorithmNotAllowed);
}

/// Nothing but verifying makes the types that say verified; a look before is spelled as what it is.
#[test]
fn f9_looks_at_unverified_content_are_dangerous() {
    let text = flattened(&mac(), HS256, r#"{"note":1}"#);
    let jws = Unverified::parse(&text).unwrap();
    assert_eq!(jws.dangerous_payload().unwrap().unwrap(), b"{}");
    let (protected, unprotected) = jws.dangerous_headers().next().unwrap();
    assert_eq!((protected.text(), unprotected.text()), (HS256, r#"{"note":1}"#));
    assert!(!format!("{jws:?}").contains("note"));
}

#[test]
fn j17_the_errors_of_json_have_their_codes() {
    for (error, code) in [
        (Error::B64Mixed, "b64-mixed"),
        (Error::Member("x"), "jws-member"),
        (Error::SignaturesTooMany, "signatures-too-many"),
        (Error::SignaturesTooFew, "signatures-too-few"),
        (Error::PayloadPresent, "payload-present"),
        (Error::PayloadMissing, "payload-missing"),
        (Error::WholePayload, "whole-payload"),
    ] {
        assert_eq!(error.code(), code);
        assert!(!error.to_string().is_empty());
    }
}
