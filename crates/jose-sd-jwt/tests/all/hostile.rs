//! Input that is made to cost much, or to break something.

use std::fmt::Write;

use jose_sd_jwt::jwt;
use jose_sd_jwt::{Error, Limits, Received};

use super::help::*;

fn parse(text: &str) -> Result<Received, Error> {
    Received::parse_with(
        text,
        &Limits { max_len: usize::MAX, max_disclosures: usize::MAX, ..Limits::DEFAULT },
    )
}

/// A chain of disclosures, each inside of the one before it: refused by its depth, without a deep stack.
#[test]
fn disclosures_inside_of_disclosures_are_limited_in_depth() {
    for (depth, fits) in [(15, true), (16, false), (125, false), (126, false), (2_000, false)] {
        let (mut list, mut value) = (Vec::new(), String::from("1"));
        for level in 0..depth {
            let (encoded, digest) = disclosure(&format!(r#"["s","n{level}",{value}]"#));
            list.push(encoded);
            value = format!(r#"{{"_sd":["{digest}"]}}"#);
        }
        let list: Vec<_> = list.iter().map(String::as_str).collect();
        let text = with(&format!(r#""a":{value}"#), &list);
        let verified = unbound().at(now()).verify::<Claims>(&parse(&text).unwrap());
        match verified {
            Ok(_) => assert!(fits, "{depth}"),
            Err(Error::Json(jose_b64::Error::Depth)) => assert!(depth >= 126, "{depth}"),
            Err(Error::Jwt(jwt::Error::NotClaims(jose_b64::Error::Depth))) => assert!(!fits, "{depth}"),
            Err(error) => panic!("{depth}: {error:?}"),
        }
    }
}

#[test]
fn more_disclosures_than_allowed_are_refused_before_they_are_read() {
    let text = format!("a.b.c~{}", "x~".repeat(513));
    assert_eq!(Received::parse(&text).err(), Some(Error::DisclosuresTooMany { max: 512 }));
    let text = format!("a.b.c~{}", "x~".repeat(512));
    assert_eq!(Received::parse(&text).unwrap().disclosure_count(), 512);
    let long = format!("a.b.c~{}~", "x".repeat(256 * 1024));
    assert_eq!(Received::parse(&long).err(), Some(Error::TooLong { max: 256 * 1024 }));
}

/// Twenty thousand disclosures side by side, as many decoys, and names with a long beginning in common.
#[test]
fn wide_sd_jwts_are_processed() {
    let (mut list, mut digests) = (Vec::new(), String::from("\"d\""));
    for index in 0..20_000 {
        let (encoded, digest) = disclosure(&format!(r#"["s","{}{index}",1]"#, "n".repeat(50)));
        list.push(encoded);
        write!(digests, ",\"{digest}\",\"decoy{index}\"").unwrap();
    }
    let list: Vec<_> = list.iter().map(String::as_str).collect();
    let text = with(&format!(r#""_sd":[{digests}]"#), &list);
    let verifier =
        jose_sd_jwt::SdJwtVerifier::without_key_binding(issuer_key(), |new| rules(new).max_len(usize::MAX));
    let verified = verifier.at(now()).verify::<Claims>(&parse(&text).unwrap()).unwrap();
    assert_eq!(verified.claims().custom().len(), 20_001);
}

/// The processed payload has the limit of the rules, too.
#[test]
fn the_rules_limit_what_was_processed() {
    let text = with(&format!(r#""a":"{}""#, "x".repeat(2000)), &[]);
    let verifier =
        jose_sd_jwt::SdJwtVerifier::without_key_binding(issuer_key(), |new| rules(new).max_len(1000));
    let error = verifier.at(now()).verify::<Claims>(&parse(&text).unwrap()).err();
    assert_eq!(error, Some(Error::Jwt(jwt::Error::TooLong { max: 1000 })));
}

/// Any text, and any piece of a right one: an error, never a panic.
#[test]
fn nothing_panics() {
    let (name, digest) = disclosure(r#"["s","name",["x",{"...":"y"}]]"#);
    let text = with(&format!(r#""_sd":["{digest}"],"_sd_alg":"sha-256""#), &[&name]);
    let flattened =
        receive(&text).unwrap().present().disclose(["/name"]).unwrap().without_key_binding().flattened();
    for text in [text, flattened.unwrap()] {
        for end in 0..text.len() {
            let _ = receive(&text[..end]);
            let _ = receive(&text[end..]);
        }
    }
    for text in
        ["", "~", "~~", "...~", "..~", "{}", "[]", " {", "a.b.c~~~", "\u{feff}{}", "{\"signatures\":[]}"]
    {
        assert!(receive(text).is_err(), "{text}");
        assert!(accept(text).is_err(), "{text}");
    }
}
