//! What the targets share.

pub mod decimal;
pub mod files;
pub mod jwk;
pub mod keys;
pub mod rng;
// The same source that reads the vector files; as a dependency it would bring every crate into this build.
#[path = "../../src/json.rs"]
pub mod strict;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Map, Value};

/// An object, by the parser that shares no code with the one under test.
///
/// `None` of an object also means a number that no `f64` holds, which is JSON.
pub fn object(text: &[u8]) -> Option<Map<String, Value>> {
    match strict::parse(str::from_utf8(text).ok()?).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// Whether the text is refused for nothing but a number that no `f64` holds.
pub fn has_huge_number(text: &[u8]) -> bool {
    let text = str::from_utf8(text).unwrap_or_default();
    strict::parse(text).is_err_and(|error| error.to_string().contains("number out of range"))
}

/// How deep arrays and objects are within each other.
pub fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Strict base64url, by code that is not under test.
pub fn decode(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(str::from_utf8(text.as_ref()).ok()?).ok()
}

pub fn encode(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}
