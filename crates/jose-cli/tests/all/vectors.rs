//! `josec inspect` on every token and key that `tests/vectors` has: it says what it is, or why it cannot.

use std::collections::BTreeMap;
use std::fs;
use std::thread;

use serde_json::Value;

use crate::command::Folder;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");

/// The members that are tokens or keys, and what their kind begins with.
const MEMBERS: &[(&str, &[&str])] = &[
    ("key", &["JWK"]),
    ("public", &["JWK"]),
    ("private", &["JWK"]),
    ("decryption_key", &["JWK"]),
    ("epk", &["JWK"]),
    ("key_text", &["JWK"]),
    ("jws", &["JWS", "JWT"]),
    ("jws_text", &["JWS", "JWT"]),
    ("jwe", &["JWE", "JWT"]),
    ("jwe_text", &["JWE", "JWT"]),
    ("jwt", &["JW"]),
    ("sd_jwt", &["SD-JWT", "JWS"]),
    ("sd_jwt_text", &["SD-JWT", "JWS"]),
    ("pem", &["private key", "public key", "X.509 certificate"]),
    ("der_b64u", &["private key", "public key", "X.509 certificate"]),
];

/// What to show, what it must be said to be, where it stands, and whether it is a good one.
struct Item {
    bytes: Vec<u8>,
    kinds: &'static [&'static str],
    place: String,
    valid: bool,
}

fn items() -> Vec<Item> {
    let mut found: BTreeMap<Vec<u8>, Item> = BTreeMap::new();
    for entry in fs::read_dir(VECTORS).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            for (name, kinds) in MEMBERS {
                let bytes = match &case[*name] {
                    Value::Null => continue,
                    Value::String(text) if *name == "der_b64u" => decode(text),
                    Value::String(text) => text.as_bytes().to_vec(),
                    other => other.to_string().into_bytes(),
                };
                let place = format!("{} {} {name}", path.file_stem().unwrap().display(), case["id"]);
                let valid = case["result"] == "valid";
                let item = Item { bytes: bytes.clone(), kinds, place, valid };
                // One that is good in some case is good.
                let known = found.entry(bytes).or_insert(item);
                known.valid |= valid;
            }
        }
    }
    found.into_values().collect()
}

fn decode(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for character in text.bytes() {
        let digit = digits.iter().position(|digit| *digit == character).unwrap();
        bits = (bits << 6) | u32::try_from(digit).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    bytes
}

fn look(folder: &Folder, item: &Item) -> Result<bool, String> {
    let ran = folder.josec_with(["inspect", "--json"], &item.bytes);
    let fail = |what: &str| Err(format!("{}: {what}\n{ran}", item.place));
    if ran.err().contains("panicked") || !(0..=1).contains(&ran.code()) {
        return fail("it fails oddly");
    }
    let json = ran.json();
    if ran.code() == 1 {
        return match &json["error"]["code"] {
            Value::String(_) if item.valid => fail("a good one is refused"),
            Value::String(_) => Ok(false),
            _ => fail("the refusal has no code"),
        };
    }
    let kind = json["kind"].as_str().unwrap_or_default();
    if item.valid && !item.kinds.iter().any(|start| kind.starts_with(start)) {
        return fail("it is said to be something else");
    }
    if kind.is_empty() { fail("it is not said what it is") } else { Ok(true) }
}

#[test]
fn every_published_token_and_key_is_told_what_it_is() {
    let items = items();
    assert!(items.len() > 500, "only {} items", items.len());
    let folder = Folder::new();
    let half = items.len().div_ceil(2);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(half)
            .map(|part| scope.spawn(|| part.iter().map(|item| look(&folder, item)).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let wrong: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    let texts: Vec<_> = wrong.iter().take(10).map(|text| text.as_str()).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), items.len(), texts.join("\n\n"));
    let told = outcomes.iter().filter(|outcome| matches!(outcome, Ok(true))).count();
    assert!(told * 2 > items.len(), "only {told} of {} are told", items.len());
}
