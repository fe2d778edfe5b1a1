use jose_b64::{Error, Foreign};
use std::collections::HashSet;

const ALL: [Error; 14] = [
    Error::Length,
    Error::Character { at: 1, kind: Foreign::Padding },
    Error::TrailingBits,
    Error::BufferTooSmall,
    Error::TooLong,
    Error::Utf8,
    Error::ByteOrderMark,
    Error::Syntax { at: 1 },
    Error::Surrogate,
    Error::TrailingCharacters,
    Error::DuplicateMember,
    Error::Depth,
    Error::TooManyMembers,
    Error::NotAnObject,
];

#[test]
fn codes_are_kebab_case_and_told_apart() {
    let kebab = |name: String| {
        let mut out = String::new();
        for c in name.chars() {
            if c.is_uppercase() && !out.is_empty() {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        }
        out
    };
    for error in ALL {
        assert_eq!(error.code(), kebab(format!("{error:?}").split(' ').next().unwrap().to_owned()));
    }
    assert_eq!(ALL.iter().map(|error| error.code()).collect::<HashSet<_>>().len(), ALL.len());
    assert_eq!(ALL.iter().map(Error::to_string).collect::<HashSet<_>>().len(), ALL.len());
}

/// The position, and for what is often a mistake its name.
#[test]
fn an_error_says_where() {
    for (character, phrase) in [
        ("=", "padding"),
        ("+", "standard base64"),
        ("/", "standard base64"),
        ("\n", "white space"),
        (".", "alphabet"),
    ] {
        let error =
            jose_b64::base64url::decode(format!("abc{character}").as_bytes(), &mut [0; 4]).unwrap_err();
        assert!(matches!(error, Error::Character { at: 3, .. }), "{error:?}");
        assert!(error.to_string().contains(phrase) && error.to_string().contains('3'), "{error}");
    }
    for (text, at) in [("", 0), ("{", 1), ("{\"a\" 1}", 5), ("[1,]", 3), ("{'a':1}", 1), ("tru", 0)] {
        assert_eq!(jose_b64::json::check(text.as_bytes()), Err(Error::Syntax { at }), "{text}");
    }
}

#[test]
fn errors_are_errors() {
    let error: Box<dyn core::error::Error + Send + Sync> = Box::new(Error::Depth);
    assert_eq!(error.to_string(), "the JSON text is nested too deep");
}
