//! G3: what `Debug` shows of things that may hold a secret.

use core::fmt::Debug;
use jose_b64::base64url::Encoder;
use jose_b64::json::{ObjectWriter, SliceWriter, parse};

const SECRET: &str = "hunter2-is-the-secret";

/// The ways in which bytes are spelled in a log.
fn spellings(octets: &[u8]) -> Vec<String> {
    let hex = octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let text = String::from_utf8(octets.to_vec()).unwrap();
    // Computed by other means than this crate's: `base64` of "hunter2-is-the-secret".
    let base64 = "aHVudGVyMi1pcy10aGUtc2VjcmV0".to_owned();
    let decimals = octets.iter().map(u8::to_string).collect::<Vec<_>>();
    // Four bytes of it are too many.
    let mut spellings =
        vec![hex.to_uppercase(), hex[..8].to_owned(), text[..4].to_owned(), base64[..6].to_owned()];
    spellings.extend([decimals[..4].join(", "), decimals[..4].join(",")]);
    spellings.extend([text, base64, hex]);
    spellings
}

fn assert_silent(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}"), format!("{value:x?}"), format!("{value:X?}")] {
        for spelling in spellings(SECRET.as_bytes()) {
            assert!(!shown.contains(&spelling), "{shown} holds {spelling}");
        }
    }
}

/// Covers G3.
#[test]
fn the_spellings_are_found_where_they_are() {
    let octets = SECRET.as_bytes();
    for shown in [SECRET.to_owned(), format!("{octets:?}"), "aHVudGVyMi1pcy10aGUtc2VjcmV0".to_owned()] {
        assert!(spellings(octets).iter().any(|spelling| shown.contains(spelling)), "{shown}");
    }
}

/// Covers G3.
#[cfg(feature = "alloc")]
#[test]
fn debug_of_a_secret() {
    let secret = jose_b64::Secret::from(SECRET.as_bytes().to_vec());
    assert_silent(&secret);
    assert_silent(&Some([secret.clone()]));
    assert_eq!(format!("{secret:?}"), "Secret(21 bytes)");
    #[cfg(feature = "serde")]
    {
        // A text that is no base64url, and one that is in an unexpected place.
        let text = format!("\"{SECRET}!\"");
        assert_silent(&serde_json::from_str::<jose_b64::Secret>(&text).unwrap_err());
        let text = format!("[\"{SECRET}\"]");
        assert_silent(&serde_json::from_str::<jose_b64::Secret>(&text).unwrap_err());
    }
}

/// Covers G3.
#[test]
fn debug_of_views() {
    let text = format!(r#"{{"{SECRET}":["{SECRET}",1]}}"#);
    let value = parse(text.as_bytes()).unwrap();
    let object = value.as_object().unwrap();
    let (name, member) = object.iter().next().unwrap();
    let array = member.as_array().unwrap();
    assert_silent(&value);
    assert_silent(&object);
    assert_silent(&name);
    assert_silent(&array);
    assert_eq!(format!("{value:?} {name:?} {member:?}"), "Value(Object) Str(..) Value(Array)");
}

/// Covers G3.
#[test]
fn debug_of_writers() {
    let mut encoder = Encoder::new();
    encoder.update(&SECRET.as_bytes()[..2], |_| ());
    assert!(!format!("{encoder:?}").contains("104"));

    let mut buffer = [0; 128];
    let mut out = SliceWriter::new(&mut buffer);
    let mut object = ObjectWriter::new(&mut out).unwrap();
    object.string("k", SECRET).unwrap();
    assert_silent(&object);
    object.finish().unwrap();
    assert_silent(&out);
    assert!(out.written().contains(SECRET));
}
