//! `docs/errors.md`: its tables are generated from the error enums. `BLESS=1` in the environment writes them.

use std::fmt::Write as _;
use std::fs;

use jose_b64::Foreign;
use jose_jwa::UnknownName;
use jose_jwt::Reason;

use crate::{root, sources};

/// Name, code as it is in the source, documentation.
type Row = (&'static str, &'static str, &'static str);

/// What the tables are between.
const START: &str = "<!-- The tables are generated: `BLESS=1 cargo test -p jose-tests --test docs`. -->\n";
const END: &str = "<!-- The end of the generated tables. -->\n";

/// The enums whose rows the macro of `jose-jwa` knows.
const ENUMS: &[(&str, &[Row])] = &[
    ("jose_jwa::header::HeaderError", jose_jwa::header::HeaderError::ROWS),
    ("jose_jwk::Error", jose_jwk::Error::ROWS),
    ("jose_jwk::MemberError", jose_jwk::MemberError::ROWS),
    ("jose_jwk::Usage", jose_jwk::Usage::ROWS),
    ("jose_jwk::FormError", jose_jwk::FormError::ROWS),
    ("jose_jwk::Weakness", jose_jwk::Weakness::ROWS),
    ("jose_jwk::SelectError", jose_jwk::SelectError::ROWS),
    ("jose_jws::Error", jose_jws::Error::ROWS),
    ("jose_jwe::Error", jose_jwe::Error::ROWS),
    ("jose_jwt::Error", jose_jwt::Error::ROWS),
    ("jose_remote::Error", jose_remote::Error::ROWS),
    ("jose_sd_jwt::DisclosureError", jose_sd_jwt::DisclosureError::ROWS),
    ("jose_sd_jwt::Error", jose_sd_jwt::Error::ROWS),
    ("jose_remote::RingError", jose_remote::RingError::ROWS),
];

/// The errors of `jose-b64`, the lowest tier, which has no such macro.
const B64: [jose_b64::Error; 15] = [
    jose_b64::Error::Length,
    jose_b64::Error::Character { at: 0, kind: Foreign::Other },
    jose_b64::Error::TrailingBits,
    jose_b64::Error::Base64,
    jose_b64::Error::BufferTooSmall,
    jose_b64::Error::TooLong,
    jose_b64::Error::Utf8,
    jose_b64::Error::ByteOrderMark,
    jose_b64::Error::Syntax { at: 0 },
    jose_b64::Error::Surrogate,
    jose_b64::Error::TrailingCharacters,
    jose_b64::Error::DuplicateMember,
    jose_b64::Error::Depth,
    jose_b64::Error::TooManyMembers,
    jose_b64::Error::NotAnObject,
];

const REASONS: [Reason; 4] = [Reason::Missing, Reason::Invalid, Reason::Mismatch, Reason::Prohibited];

/// Covers J17.
#[test]
fn the_tables_of_codes_are_those_of_the_enums() {
    let path = root().join("docs/errors.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let generated = [before, START, &tables(), END, after].concat();
    if std::env::var_os("BLESS").is_some() {
        // Renamed into place: other tests read the page at the same time.
        let new = path.with_extension("new");
        fs::write(&new, &generated).unwrap();
        fs::rename(&new, &path).unwrap();
    } else {
        assert_eq!(page, generated, "docs/errors.md: run with BLESS=1");
    }
}

fn tables() -> String {
    let mut text = String::new();
    table(&mut text, "jose_b64::Error", B64.map(|error| (error.code(), message(&error))));
    let unknown = unknown_name();
    table(&mut text, "jose_jwa::UnknownName", [(unknown.code(), message(&unknown))]);
    for (name, rows) in ENUMS {
        table(&mut text, name, rows.iter().filter_map(own_code));
    }
    table(
        &mut text,
        "jose_jwt::Reason",
        REASONS.map(|reason| (reason.code(), format!("The claim {reason}."))),
    );
    text.push('\n');
    text
}

fn table(text: &mut String, name: &str, rows: impl IntoIterator<Item = (&'static str, String)>) {
    write!(text, "\n## `{name}`\n\n| code | meaning |\n| --- | --- |\n").unwrap();
    for (code, meaning) in rows {
        writeln!(text, "| `{code}` | {} |", meaning.replace('|', "\\|")).unwrap();
    }
}

fn unknown_name() -> UnknownName {
    "x".parse::<jose_jwa::JwsAlg>().unwrap_err()
}

/// Code and meaning of a row. A row without a code of its own has that of the error in it, which is in another table.
fn own_code((_, code, doc): &Row) -> Option<(&'static str, String)> {
    Some((code.strip_prefix('"')?.strip_suffix('"')?, paragraph(doc)))
}

/// A message as a sentence, without the position.
fn message(error: &impl ToString) -> String {
    let mut text = error.to_string().replace(" (at byte 0)", "").replace(" at byte 0", "");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text + "."
}

/// The first paragraph of documentation, in one line. Links of rustdoc lead nowhere in a file.
fn paragraph(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).take_while(|line| !line.is_empty());
    let mut text = lines.collect::<Vec<_>>().join(" ");
    while let Some(start) = text.find("[`") {
        let end = start + text[start..].find("`]").unwrap();
        let target =
            text[end + 2..].strip_prefix('(').and_then(|rest| rest.find(')')).map_or(0, |len| len + 2);
        let name = text[start + 1..=end].to_owned();
        text.replace_range(start..end + 2 + target, &name);
    }
    text
}

/// A variant that is left out of the lists above would be left out of the page too.
#[test]
fn the_lists_by_value_are_whole() {
    let source = |path| fs::read_to_string(root().join(path)).unwrap();
    let b64 = codes(&source("crates/jose-b64/src/error.rs"));
    assert_eq!(b64, sorted(B64.iter().map(|error| error.code())));
    let reasons = codes(&source("crates/jose-jwt/src/error.rs"));
    let reasons = reasons.iter().filter(|code| code.starts_with("claim-") && *code != "claim-twice");
    assert_eq!(sorted(reasons.map(String::as_str)), sorted(REASONS.iter().map(|reason| reason.code())));
}

/// Every event of the feature `tracing` is in its table, and nothing else.
///
/// Covers J17.
#[test]
fn the_tables_of_events_are_those_of_the_code() {
    let guide = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let (_, events) = guide.split_once("\n## Events\n").unwrap();
    let listed = events.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut files = Vec::new();
    ["jws", "jwe"]
        .iter()
        .for_each(|name| sources(&root().join(format!("crates/jose-{name}/src")), &mut files));
    let emit = files.iter().filter(|source| source.contains("tracing::debug!"));
    let told: Vec<String> = emit.flat_map(|source| codes(source)).collect();
    assert!(told.len() > 5);
    assert_eq!(sorted(listed), sorted(told.iter().map(String::as_str)));
}

/// The codes in a source: the kebab-case strings behind `=>`, alone or first of a pair, with or without a block.
fn codes(source: &str) -> Vec<String> {
    let behind = source.split("=>").skip(1).map(|rest| rest.trim_start_matches([' ', '\n', '{', '(']));
    let names = behind.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
    let kebab = |name: &&str| name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    sorted(names.filter(kebab))
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}
