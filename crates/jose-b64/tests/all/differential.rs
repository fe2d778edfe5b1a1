//! The scanner against serde_json with a visitor that refuses duplicates, over mutated texts.

use crate::json_view::assert_same;
use crate::random::Random;
use core::fmt;
use jose_b64::json::{check_with_depth, parse};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use std::collections::HashSet;

/// Any JSON value whose objects have each name once.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
        while seq.next_element::<Strict>()?.is_some() {}
        Ok(Strict)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, Strict)) = map.next_entry::<String, Strict>()? {
            if !names.insert(name) {
                return Err(de::Error::custom("duplicate"));
            }
        }
        Ok(Strict)
    }
}

/// How deep serde_json goes.
const DEPTH: usize = 127;

/// Whether both accept a text; `None` if serde_json cannot tell.
fn agreed(text: &[u8]) -> Option<bool> {
    let other = match serde_json::from_slice::<Strict>(text) {
        Ok(Strict) => true,
        // A number beyond an f64 is JSON all the same. The rest of the text was not read.
        Err(error) if error.to_string().starts_with("number out of range") => return None,
        Err(_) => false,
    };
    let own = check_with_depth(text, DEPTH);
    assert_eq!(own.is_ok(), other, "{own:?}: {}", text.escape_ascii());
    Some(other)
}

const SEEDS: [&str; 12] = [
    r#"{"alg":"ES256","typ":"JWT","kid":"2024-01"}"#,
    r#"{"iss":"https://a.example","sub":"1","aud":["x","y"],"exp":1700000000,"nbf":1.5e1,"iat":-0}"#,
    r#"{"a":{"b":{"c":{"a":1,"b":2}},"c":[{"a":1},{"a":2}]},"b":null}"#,
    r#"{"\u0061":1,"b":"\ud83d\ude00","c\n":"\\\"\/\b\f\r\t"}"#,
    r#"[1,-2,3.25,4e5,6E-7,0.0,true,false,null,"",[],{}]"#,
    r#" { "a" : [ 1 , 2 ] , "aa" : { } , "ab" : "x" } "#,
    r#"{"é":"日本語","e":"😀","\u00ea":[]}"#,
    r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1}"#,
    r#"{"crit":["b64"],"b64":false,"jwk":{"kty":"oct","k":"AA"},"x5c":["MII=","MIJ="]}"#,
    "\"\\u0000\\uffff\\ud7ff\\ue000 plain \\\\ text\"",
    "[[[[[[[[{\"a\":[[[[{\"b\":[]}]]]]}]]]]]]]]",
];

/// What is put into texts: tokens, escapes, broken escapes, characters that look like others.
const PIECES: [&[u8]; 60] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"",
    b"\\",
    b"0",
    b"1",
    b"9",
    b"-",
    b"+",
    b".",
    b"e",
    b"E",
    b" ",
    b"\t",
    b"\n",
    b"\r",
    b"\0",
    b"\x0b",
    b"\x1f",
    b"\x7f",
    b"\x80",
    b"\xc2",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xc3\xa9",
    b"\xf0\x9f\x98\x80",
    b"\\u",
    b"\\u0061",
    b"\\u00",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"\\ud83d\\u0061",
    b"\\n",
    b"\\x",
    b"\\/",
    b"true",
    b"false",
    b"null",
    b"NaN",
    b"a",
    b"b",
    b"u",
    b"\"a\":1,",
    b"\"\\u0061\":1,",
    b",\"a\":1",
    b",\"b\":{}",
    b"{}",
    b"[]",
    b"\"\"",
    b"1e5",
    b"01",
    b"//",
    b"\"alg\":\"none\",",
];

fn mutate(random: &mut Random, text: &mut Vec<u8>) {
    let at = random.below(text.len() + 1);
    let span = |random: &mut Random, text: &[u8]| {
        let start = random.below(text.len() + 1);
        start..(start + random.below(12)).min(text.len())
    };
    match random.below(8) {
        0 => {
            if let Some(octet) = text.get_mut(at) {
                *octet ^= 1 << random.below(8);
            }
        }
        1 => {
            if let Some(octet) = text.get_mut(at) {
                *octet = random.pick(b"{}[]:,\"\\0123456789-+.eE abntfru\n\x00\x80");
            }
        }
        2 | 3 => {
            let piece = random.pick(&PIECES);
            text.splice(at..at, piece.iter().copied());
        }
        4 => {
            let span = span(random, text);
            text.drain(span);
        }
        5 => {
            let span = span(random, text);
            let copy = text[span].to_vec();
            text.splice(at..at, copy);
        }
        6 => {
            // From member to member: what keeps the grammar makes duplicates.
            let commas: Vec<usize> = (0..text.len()).filter(|i| text[*i] == b',').collect();
            if commas.len() >= 2 {
                let (a, b, c) = (random.pick(&commas), random.pick(&commas), random.pick(&commas));
                let copy = text[a.min(b)..a.max(b)].to_vec();
                text.splice(c..c, copy);
            }
        }
        _ => {
            // One of two names becomes the other, or nearly.
            let quotes: Vec<usize> = (0..text.len()).filter(|i| text[*i] == b'"').collect();
            if quotes.len() >= 4 {
                let name = |i: usize| quotes[i * 2] + 1..quotes[i * 2 + 1];
                let (from, to) = (random.below(quotes.len() / 2), random.below(quotes.len() / 2));
                let copy = text[name(from)].to_vec();
                text.splice(name(to), copy);
            }
        }
    }
}

/// Covers E2, E8, E9.
#[test]
fn mutated_texts_are_accepted_and_refused_as_by_serde_json() {
    const ROUNDS: usize = 300_000;
    let mut random = Random(8259);
    let (mut accepted, mut unknown) = (0, 0);
    for round in 0..ROUNDS {
        let mut text = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..1 + random.below(3) {
            mutate(&mut random, &mut text);
        }
        match agreed(&text) {
            Some(true) => {
                accepted += 1;
                // And what is accepted says the same.
                if let (Ok(view), 0) = (parse(&text), round % 4) {
                    assert_same(view, &serde_json::from_slice(&text).unwrap());
                }
            }
            Some(false) => {}
            None => unknown += 1,
        }
    }
    // It is of no use if all of them fall to one side.
    assert!((ROUNDS / 20..ROUNDS / 2).contains(&accepted), "{accepted} accepted");
    assert!(unknown < ROUNDS / 100, "{unknown} unknown");
}

/// Covers E2, E8, E9.
#[test]
fn seeds_and_known_differences() {
    for seed in SEEDS {
        assert_eq!(agreed(seed.as_bytes()), Some(true), "{seed}");
    }
    for (text, expected) in [
        (r#"{"a":1,"\u0061":2}"#, false),
        (r#""\ud800""#, false),
        (r#"{"\udc00":1}"#, false),
        ("\u{feff}{}", false),
        ("1\0", false),
        ("-", false),
    ] {
        assert_eq!(agreed(text.as_bytes()), Some(expected), "{text}");
    }
    for depth in [1, 16, 17, 126, 127, 128, 129] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            assert_eq!(agreed(text.as_bytes()), Some(depth <= DEPTH));
        }
    }
    assert_eq!(agreed(b"1e309"), None);
}
