//! Presentations: what a pointer discloses, and what it does not.

use jose_sd_jwt::Error;
use serde_json::{Value, json};

use super::help::*;

/// An address that is hidden as a whole, with a country that is hidden inside of it, and hidden elements.
fn held() -> jose_sd_jwt::Verified<Claims> {
    let (country, country_digest) = disclosure(r#"["c","country","DE"]"#);
    let (city, city_digest) = disclosure(r#"["i","locality","K\u00f6ln"]"#);
    let address = format!(r#"["a","address",{{"_sd":["{country_digest}","{city_digest}"],"zip":1}}]"#);
    let (address, address_digest) = disclosure(&address);
    let (second, second_digest) = disclosure(r#"["2",{"deep":[1]}]"#);
    let (odd, odd_digest) = disclosure(r#"["o","a/b~c",true]"#);
    let members = format!(
        r#""_sd":["{address_digest}","{odd_digest}","decoy"],"plain":{{"x":1}},"list":["first",{{"...":"gone"}},{{"...":"{second_digest}"}}]"#
    );
    receive(&with(&members, &[&country, &city, &address, &second, &odd])).unwrap()
}

/// What a verifier sees.
fn shown(selection: jose_sd_jwt::Selection<'_>) -> Value {
    let text = selection.without_key_binding().compact().unwrap();
    let mut claims = receive(&text).unwrap().into_claims().into_custom();
    claims.remove("iss");
    Value::Object(claims)
}

#[test]
fn nothing_is_disclosed_that_was_not_chosen() {
    assert_eq!(shown(held().present()), json!({"plain": {"x": 1}, "list": ["first"]}));
}

#[test]
fn parents_come_along_and_siblings_do_not() {
    let held = held();
    let present = |pointers: &[&str]| shown(held.present().disclose(pointers).unwrap());
    let basis = |address: Value| json!({"plain": {"x": 1}, "list": ["first"], "address": address});
    assert_eq!(present(&["/address"]), basis(json!({"zip": 1})));
    assert_eq!(present(&["/address/country"]), basis(json!({"zip": 1, "country": "DE"})));
    assert_eq!(present(&["/address/zip"]), basis(json!({"zip": 1})));
    assert_eq!(
        present(&["/address/country", "/address/locality"]),
        basis(json!({"zip": 1, "country": "DE", "locality": "Köln"}))
    );
}

#[test]
fn everything_inside_comes_along_when_asked_for() {
    let held = held();
    let present = |pointers: &[&str]| shown(held.present().disclose_all(pointers).unwrap());
    assert_eq!(
        present(&["/address"]),
        json!({"plain": {"x": 1}, "list": ["first"], "address": {"zip": 1, "country": "DE", "locality": "Köln"}})
    );
    assert_eq!(present(&["/list"]), json!({"plain": {"x": 1}, "list": ["first", {"deep": [1]}]}));
    let mut all = held.claims().custom().clone();
    all.remove("iss");
    assert_eq!(present(&[""]), Value::Object(all));
}

#[test]
fn an_index_counts_the_elements_that_are_there() {
    let held = held();
    let present = |pointers: &[&str]| shown(held.present().disclose(pointers).unwrap())["list"].clone();
    assert_eq!(present(&["/list/1"]), json!(["first", {"deep": [1]}]));
    assert_eq!(present(&["/list/1/deep/0"]), json!(["first", {"deep": [1]}]));
    assert_eq!(present(&["/list/0"]), json!(["first"]));
}

#[test]
fn names_are_escaped_in_a_pointer() {
    assert_eq!(shown(held().present().disclose(["/a~1b~0c"]).unwrap())["a/b~c"], true);
}

#[test]
fn what_is_always_visible_may_be_named() {
    assert_eq!(
        shown(held().present().disclose(["/plain/x", "/plain", ""]).unwrap())["plain"],
        json!({"x": 1})
    );
}

#[test]
fn a_pointer_that_names_nothing_is_an_error() {
    for pointer in [
        "/nothing",
        "/address/nothing",
        "/list/2",
        "/list/01",
        "/list/-",
        "/plain/x/y",
        "/_sd",
        "/_sd/0",
        "/address/_sd",
        "/list/1/...",
        "address",
        "/~",
        "/",
    ] {
        let error = held().present().disclose([pointer]).err();
        assert_eq!(error, Some(Error::Pointer(pointer.into())), "{pointer}");
        assert!(!error.unwrap().is_refusal());
    }
}

/// What was presented can be presented again, in parts.
#[test]
fn a_presentation_can_be_narrowed() {
    let text = held().present().disclose_all(["/address"]).unwrap().without_key_binding().compact().unwrap();
    let narrowed = receive(&text).unwrap();
    assert_eq!(shown(narrowed.present().disclose(["/address/country"]).unwrap())["address"]["country"], "DE");
    assert!(narrowed.present().disclose(["/list/1"]).is_err());
}
