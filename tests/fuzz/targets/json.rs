//! The scanner accepts what `serde_json` with a visitor that refuses duplicates accepts, and reads the same
//! value.

#![no_main]

use jose_b64::{Error, json};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

// The same source that reads the vector files; as a dependency it would bring every crate into this build.
#[path = "../../src/json.rs"]
mod strict;

fuzz_target!(|input: &[u8]| {
    let reference = std::str::from_utf8(input).ok().map(strict::parse);
    match (json::parse(input), reference) {
        (Ok(value), Some(Ok(expected))) => {
            assert!(depth(&expected) <= json::DEPTH);
            assert!(same(value, &expected), "{expected}");
        }
        // A number that no f64 holds is JSON: the scanner does not convert it.
        (Ok(_), Some(Err(error))) => assert!(error.to_string().contains("number out of range"), "{error}"),
        (Ok(_), None) => panic!("accepted, and not UTF-8"),
        // Objects of any width are checked where there is a heap.
        (Err(Error::TooManyMembers | Error::TooLong), _) => panic!("refused for its size"),
        (Err(Error::Utf8), reference) => assert!(reference.is_none()),
        (Err(Error::Depth), Some(Ok(expected))) => assert!(depth(&expected) > json::DEPTH),
        (Err(error), Some(Ok(expected))) => panic!("{error:?} for {expected}"),
        (Err(_), _) => {}
    }
});

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn same(value: json::Value<'_>, expected: &Value) -> bool {
    match expected {
        Value::Null => value.is_null(),
        Value::Bool(expected) => value.as_bool() == Some(*expected),
        Value::Number(expected) => {
            value.as_number().is_some_and(|text| text.parse().ok().as_ref() == Some(expected))
        }
        Value::String(expected) => value.as_str().is_some_and(|text| text.to_cow() == *expected),
        Value::Array(expected) => value.as_array().is_some_and(|items| {
            let items: Vec<_> = items.iter().collect();
            items.len() == expected.len()
                && items.iter().zip(expected).all(|(item, expected)| same(*item, expected))
        }),
        Value::Object(expected) => value.as_object().is_some_and(|members| {
            let members: Vec<_> = members.iter().collect();
            members.len() == expected.len()
                && members.iter().zip(expected).all(|((name, value), (expected_name, expected))| {
                    name.to_cow() == *expected_name && same(*value, expected)
                })
        }),
    }
}
