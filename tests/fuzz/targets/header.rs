//! A header that is accepted is what an independent reading says, `crit` included, and a header that is written is the
//! one that was asked for.

#![no_main]

use jose_fuzz::{depth, has_huge_number, object};
use jose_jwa::header::{Header, HeaderError, JoseHeader, MAX_HEADER_LEN, Parameters};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

type Members = Map<String, Value>;

const UNDERSTOOD: [&str; 2] = ["b64", "exp"];

/// The parameters of RFC 7515 section 4.1, RFC 7516 section 4.1 and RFC 7518 section 4 by their types.
const TEXTS: [&str; 15] = [
    "alg", "apu", "apv", "cty", "enc", "iv", "jku", "kid", "p2s", "tag", "typ", "x5t", "x5t#S256", "x5u",
    "zip",
];
const LISTS: [&str; 2] = ["crit", "x5c"];
const OBJECTS: [&str; 2] = ["epk", "jwk"];
const NUMBER: &str = "p2c";

fuzz_target!(|input: &[u8]| {
    let reference = object(input);
    match JoseHeader::parse(input) {
        Ok(header) => match &reference {
            Some(members) => accepted(input, &header, members),
            None => assert!(has_huge_number(input)),
        },
        Err(HeaderError::TooLong) => assert!(input.len() > MAX_HEADER_LEN),
        Err(error) => {
            if let Some(members) = &reference {
                assert!(!is_well_formed(members) || depth(&members.clone().into()) > 16, "{error}");
            }
        }
    }
});

fn is_well_formed(members: &Members) -> bool {
    members.iter().all(|(name, value)| match name.as_str() {
        "x5c" => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        name if TEXTS.contains(&name) => value.is_string(),
        name if LISTS.contains(&name) => value.is_array(),
        name if OBJECTS.contains(&name) => value.is_object(),
        NUMBER => value.is_number(),
        _ => true,
    })
}

fn accepted(input: &[u8], header: &JoseHeader<'_>, members: &Members) {
    assert!(is_well_formed(members));
    // Only white space around the object is left out.
    assert_eq!(header.text().as_bytes(), input.trim_ascii());
    let view = header.index().view(header.text().as_bytes());
    for header in [*header, view] {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let named = [
            ("alg", header.alg()),
            ("enc", header.enc()),
            ("kid", header.kid()),
            ("typ", header.typ()),
            ("cty", header.cty()),
        ];
        for (name, found) in named {
            assert_eq!(found.map(|found| found.to_cow()).as_deref(), text(name), "{name}");
        }
        assert_eq!(
            header.b64().map(|value| value.raw().parse().ok()),
            members.get("b64").map(|b64| Some(b64.clone()))
        );
        let names: Vec<_> = header.iter().map(|(name, _)| name.to_cow().into_owned()).collect();
        assert!(names.iter().eq(members.keys()));
        assert_eq!(header.is_typ("JWT"), text("typ").is_some_and(is_jwt));
        assert_eq!(header.is_cty("application/jwt"), text("cty").is_some_and(is_jwt));
        assert_eq!(header.check_crit(&[], &UNDERSTOOD).is_ok(), is_crit_good(members, &UNDERSTOOD));
        assert_eq!(header.check_crit(&[header], &UNDERSTOOD).is_ok(), !members.contains_key("crit"));
        let every: Vec<&str> = members.keys().map(String::as_str).collect();
        assert_eq!(header.check_crit_as_written().is_ok(), is_crit_good(members, &every));
        let other = JoseHeader::parse(br#"{"kid":"","\u0061lg":"","x":0}"#).expect("a header");
        let shared = ["kid", "alg", "x"].iter().any(|name| members.contains_key(*name));
        assert_eq!(header.check_disjoint(&other).is_err(), shared);
        assert_eq!(other.check_disjoint(&header).is_err(), shared);
        assert_eq!(header.check_disjoint(&header).is_err(), !members.is_empty());
    }
    written(header, members);
}

/// RFC 7515 section 4.1.11.
fn is_crit_good(members: &Members, understood: &[&str]) -> bool {
    let Some(crit) = members.get("crit") else { return true };
    let names: Vec<_> = crit.as_array().into_iter().flatten().map(Value::as_str).collect();
    !names.is_empty()
        && names.iter().enumerate().all(|(index, name)| {
            name.is_some_and(|name| {
                let registered = TEXTS.iter().chain(&LISTS).chain(&OBJECTS).chain(&[NUMBER]);
                registered.into_iter().all(|known| *known != name)
                    && understood.contains(&name)
                    && members.contains_key(name)
            }) && !names[..index].contains(name)
        })
}

/// RFC 7515 section 4.1.9.
fn is_jwt(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text == "jwt" || text == "application/jwt"
}

fn written(header: &JoseHeader<'_>, members: &Members) {
    let is_taken = ["alg", "enc"].iter().any(|name| members.contains_key(*name));
    let every: Vec<&str> = members.keys().map(String::as_str).collect();
    let written = match Header::new().parameters(header.text()) {
        Ok(written) => written,
        Err(_) => return assert!(is_taken || !is_crit_good(members, &every)),
    };
    assert!(!is_taken);
    assert_eq!(written.typ("JWT").has("typ"), true);
    let mut text = String::new();
    written.write(&[("alg", "HS256")], &mut text).expect("a good header");
    let mut again = object(text.as_bytes()).expect("JSON");
    assert_eq!(again.shift_remove("alg"), Some("HS256".into()));
    assert_eq!(again, *members);

    let mut one_by_one = Parameters::new();
    for (name, value) in header.iter() {
        one_by_one = one_by_one.json(&name.to_cow(), value.raw()).expect("each is good");
    }
    let mut text = String::new();
    if !members.contains_key("crit") {
        one_by_one.header().write(&[], &mut text).expect("a good header");
        assert_eq!(object(text.as_bytes()).as_ref(), Some(members));
    }
}
