use jose_b64::Error;
use std::collections::HashSet;

const ALL: [Error; 13] = [
    Error::Length,
    Error::Character,
    Error::TrailingBits,
    Error::BufferTooSmall,
    Error::TooLong,
    Error::Utf8,
    Error::Syntax,
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
        assert_eq!(error.code(), kebab(format!("{error:?}")));
    }
    assert_eq!(ALL.iter().map(|error| error.code()).collect::<HashSet<_>>().len(), ALL.len());
    assert_eq!(ALL.iter().map(Error::to_string).collect::<HashSet<_>>().len(), ALL.len());
}

#[test]
fn errors_are_errors() {
    let error: Box<dyn core::error::Error + Send + Sync> = Box::new(Error::Depth);
    assert_eq!(error.to_string(), "the JSON text is nested too deep");
}
