//! Random claims, hidden at random and presented at random.

use std::collections::BTreeSet;

use jose_sd_jwt::jwt::Claims as JwtClaims;
use jose_sd_jwt::{KeyBinding, SdJwt};
use serde_json::{Map, Value, json};

use super::help::*;

const NAMES: [&str; 8] = ["a", "b", "name", "é", "x/y", "~", "", "\"\\\n"];

fn value(numbers: &mut Numbers, depth: usize) -> Value {
    match numbers.below(if depth == 0 { 5 } else { 8 }) {
        0 => json!(null),
        1 => json!(numbers.below(2) == 0),
        2 => json!(numbers.next()),
        3 => json!(-(numbers.below(1000) as f64) / 8.0),
        4 => json!(NAMES[numbers.below(NAMES.len())]),
        5 => (0..numbers.below(4)).map(|_| value(numbers, depth - 1)).collect(),
        _ => Value::Object(object(numbers, depth - 1)),
    }
}

fn object(numbers: &mut Numbers, depth: usize) -> Map<String, Value> {
    (0..numbers.below(5))
        .map(|_| (NAMES[numbers.below(NAMES.len())].to_owned(), value(numbers, depth)))
        .collect()
}

/// The pointer to every claim and element, each with those to what it is inside of.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut add = |token: String, inner: &Value| {
        let pointer = format!("{at}/{}", token.replace('~', "~0").replace('/', "~1"));
        all.push(pointer.clone());
        pointers(inner, &pointer, all);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| add(name.clone(), inner)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| add(index.to_string(), inner))
        }
        _ => {}
    }
}

/// What a verifier should see: what is not hidden, or was shown, by a second and simpler rule.
fn expected(value: &Value, at: &str, hidden: &BTreeSet<&str>, shown: &BTreeSet<String>) -> Value {
    let visible = |pointer: &str| !hidden.contains(pointer) || shown.contains(pointer);
    match value {
        Value::Object(members) => {
            let members = members.iter().filter_map(|(name, inner)| {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                visible(&pointer).then(|| (name.clone(), expected(inner, &pointer, hidden, shown)))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .filter_map(|(index, inner)| {
                let pointer = format!("{at}/{index}");
                visible(&pointer).then(|| expected(inner, &pointer, hidden, shown))
            })
            .collect(),
        value => value.clone(),
    }
}

#[test]
fn a_verifier_sees_what_is_not_hidden_or_was_chosen() {
    let mut disclosed = 0;
    for seed in 0..300 {
        let mut numbers = Numbers(seed);
        let own = Value::Object(object(&mut numbers, 4));
        let mut all = Vec::new();
        pointers(&own, "", &mut all);
        let hidden: BTreeSet<&str> =
            all.iter().map(String::as_str).filter(|_| numbers.below(3) == 0).collect();
        let claims = JwtClaims::new().issuer(ISSUER).without_issued_at().with(&own);
        let mut sd_jwt =
            SdJwt::at(&claims, now()).holder_key(&THE_HOLDER.public).conceal(hidden.iter().copied());
        for pointer in
            all.iter().filter(|pointer| own.pointer(pointer).is_some_and(|v| v.is_object() || v.is_array()))
        {
            sd_jwt = sd_jwt.decoys(pointer, numbers.below(3));
        }
        let issued = sd_jwt.decoys("", numbers.below(3)).sign(&THE_ISSUER.key, &mut numbers).unwrap();
        let issued = match numbers.below(3) {
            0 => issued.compact(),
            1 => issued.flattened().unwrap(),
            _ => issued.general().unwrap(),
        };
        let held = receive(&issued).unwrap();
        let bare = |verified: &jose_sd_jwt::Verified<Claims>| {
            let mut claims = verified.claims().custom().clone();
            claims.remove("iss");
            claims.remove("cnf");
            Value::Object(claims)
        };
        assert_eq!(bare(&held), own, "seed {seed}");

        let chosen: Vec<&String> = all.iter().filter(|_| numbers.below(4) == 0).collect();
        // What is chosen, and what it is inside of.
        let shown: BTreeSet<String> = chosen
            .iter()
            .flat_map(|pointer| {
                (1..=pointer.len())
                    .filter(|end| pointer.is_char_boundary(*end))
                    .map(|end| pointer[..end].to_owned())
            })
            .filter(|pointer| all.contains(pointer))
            .filter(|pointer| {
                chosen.iter().any(|own| *own == pointer || own.starts_with(&format!("{pointer}/")))
            })
            .collect();
        let selection = held.present().disclose(&chosen).unwrap();
        let binding = KeyBinding::new(VERIFIER, NONCE).at(now());
        let presented = selection.bind(&THE_HOLDER.key, &binding).unwrap();
        let text = if numbers.below(2) == 0 { presented.compact() } else { presented.flattened() }.unwrap();
        let seen = accept(&text).unwrap();
        assert_eq!(bare(&seen), expected(&own, "", &hidden, &shown), "seed {seed}");
        disclosed += shown.len();
    }
    assert!(disclosed > 300, "{disclosed}");
}

/// No byte of a presentation can be changed without notice.
#[test]
fn a_changed_presentation_is_refused() {
    let claims = JwtClaims::new().issuer(ISSUER).with(json!({"a": 1, "b": ["x", {"c": 2}]}));
    let sd_jwt = SdJwt::at(&claims, now()).conceal(["/a", "/b/1", "/b/1/c"]).holder_key(&THE_HOLDER.public);
    let held = receive(&sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(2)).unwrap().compact()).unwrap();
    let selection = held.present().disclose_all([""]).unwrap();
    let text = selection
        .bind(&THE_HOLDER.key, &KeyBinding::new(VERIFIER, NONCE).at(now()))
        .unwrap()
        .compact()
        .unwrap();
    assert!(accept(&text).is_ok());
    for at in 0..text.len() {
        for other in ["A", "B", "~", ".", ""] {
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            if changed != text {
                assert!(accept(&changed).is_err(), "{at} {other}");
            }
        }
    }
}
