//! E2: members that come twice.

use crate::json_check::{accepts, refuses};
use jose_b64::{Error, json::MEMBERS};

/// Covers E2.
#[test]
fn duplicates_at_every_depth() {
    for depth in 1..=16 {
        for (open, close) in [("{\"a\":", "}"), ("{\"b\":0,\"a\":", ",\"c\":0}"), ("[0,", ",0]")] {
            let text = |inner: &str| format!("{}{inner}{}", open.repeat(depth - 1), close.repeat(depth - 1));
            accepts(&text(r#"{"a":1,"b":2}"#));
            refuses(text(r#"{"a":1,"a":2}"#), Error::DuplicateMember);
            refuses(text(r#"{"a":1,"b":2,"c":3,"a":1}"#), Error::DuplicateMember);
            refuses(text(r#"{"a":null,"a":null}"#), Error::DuplicateMember);
        }
    }
    // Around inner objects.
    refuses(r#"{"a":{"b":1},"b":[{"a":1}],"a":2}"#, Error::DuplicateMember);
    refuses(r#"{"b":{"a":1,"b":1},"c":{"a":1,"a":1}}"#, Error::DuplicateMember);
    refuses(r#"{"":1,"":2}"#, Error::DuplicateMember);
}

/// Covers E2.
#[test]
fn every_member_twice() {
    let names = [
        "alg", "typ", "cty", "kid", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "enc", "zip",
        "epk",
    ];
    for (i, name) in names.iter().enumerate() {
        for at in 0..=names.len() {
            let mut all = names.to_vec();
            all.insert(at, name);
            let members = all.iter().map(|name| format!("\"{name}\":0")).collect::<Vec<_>>();
            refuses(format!("{{{}}}", members.join(",")), Error::DuplicateMember);
            refuses(format!("{{\"h\":[{{{}}}]}}", members.join(",")), Error::DuplicateMember);
        }
        // And in another case it is another name.
        accepts(&format!("{{\"{name}\":0,\"{}\":0,\"{i}\":0}}", name.to_uppercase()));
    }
}

/// Covers E2.
#[test]
fn duplicates_in_each_spelling() {
    let spellings = [
        ["alg", r"\u0061lg", r"a\u006cg", r"\u0061\u006C\u0067", r"al\u0067"].as_slice(),
        &["/", r"\/", r"\u002f", r"\u002F"],
        &[r"\n", r"\u000a", r"\u000A"],
        &[r"\\", r"\u005c"],
        &["\\\"", r"\u0022"],
        &["é", r"\u00e9", r"\u00E9"],
        &["\u{1f600}", r"\ud83d\ude00", r"\uD83D\uDE00"],
        &[
            "a-rather-long-name-of-a-member",
            r"a-rather-long-name-of-a-membe\u0072",
            r"\u0061-rather-long-name-of-a-member",
        ],
    ];
    for group in spellings {
        for a in group {
            accepts(&format!("{{\"{a}\":1,\"{a}x\":2,\"x{a}\":3,\"\":4}}"));
            for b in group {
                refuses(format!("{{\"{a}\":1,\"{b}\":2}}"), Error::DuplicateMember);
                refuses(format!("{{\"{a}\":1,\"x\":{{\"{a}\":1}},\"{b}\":2}}"), Error::DuplicateMember);
                accepts(&format!("{{\"{a}\":1,\"x\":{{\"{b}\":1}}}}"));
                #[cfg(feature = "alloc")]
                {
                    let many = (0..MEMBERS).map(|i| format!("\"{i}\":0,")).collect::<String>();
                    refuses(format!("{{\"{a}\":1,{many}\"{b}\":2}}"), Error::DuplicateMember);
                    refuses(format!("{{{many}\"{a}\":1,\"{b}\":2}}"), Error::DuplicateMember);
                }
            }
        }
    }
    // What looks alike is not the same: another composition, a dotless i, a full-width letter.
    accepts("{\"é\":1,\"e\u{301}\":2,\"i\":3,\"ı\":4,\"a\":5,\"ａ\":6}");
}

/// Covers E2.
#[test]
fn names_of_every_length_and_their_neighbours() {
    for len in 0..40 {
        let name = "n".repeat(len);
        refuses(format!("{{\"{name}\":1,\"{name}\":2}}"), Error::DuplicateMember);
        accepts(&format!("{{\"{name}\":1,\"{name}n\":2}}"));
        for at in 0..len {
            let mut other = name.clone();
            other.replace_range(at..=at, "m");
            accepts(&format!("{{\"{name}\":1,\"{other}\":2}}"));
        }
    }
}

fn wide(members: usize) -> String {
    (0..members).map(|i| format!("\"{i}\":0")).collect::<Vec<_>>().join(",")
}

/// Covers E2.
#[test]
fn as_many_members_as_the_table_holds() {
    accepts(&format!("{{{}}}", wide(MEMBERS)));
    for i in 0..MEMBERS {
        refuses(format!("{{{},\"{i}\":1}}", wide(MEMBERS)), Error::DuplicateMember);
    }
    // What is closed takes no place.
    let one = format!("{{{}}}", wide(MEMBERS - 1));
    accepts(&format!("[{one},{one},{{\"a\":{one}}}]"));
}

/// Covers E2.
#[cfg(not(feature = "alloc"))]
#[test]
fn more_members_than_the_table_holds_are_refused_without_a_heap() {
    refuses(format!("{{{}}}", wide(MEMBERS + 1)), Error::TooManyMembers);
    refuses(format!("{{{},\"x\":{{\"y\":0}}}}", wide(MEMBERS - 1)), Error::TooManyMembers);
}

/// Covers E2.
#[cfg(feature = "alloc")]
#[test]
fn more_members_than_the_table_holds() {
    for members in [MEMBERS + 1, MEMBERS + 2, 2 * MEMBERS, 1000] {
        accepts(&format!("{{{}}}", wide(members)));
        accepts(&format!("{{{},\"x\":{{{},\"y\":{{}}}},\"y\":0}}", wide(members), wide(members)));
        for i in (0..members).step_by(1 + members / 60) {
            refuses(format!("{{{},\"{i}\":1}}", wide(members)), Error::DuplicateMember);
            // In the outer, in the inner, in the outer after the inner.
            let (outer, inner) = (wide(members), wide(members));
            refuses(format!("{{{outer},\"x\":{{{inner},\"{i}\":1}}}}"), Error::DuplicateMember);
            refuses(format!("{{{outer},\"x\":{{{inner}}},\"{i}\":1}}"), Error::DuplicateMember);
            accepts(&format!("{{{outer},\"x\":[{{{inner}}},{{\"{i}\":1}},{{}}],\"y\":1}}"));
        }
    }
    // Each of the two may overflow the table by the other.
    accepts(&format!("{{{},\"x\":{{\"0\":0,\"1\":0}}}}", wide(MEMBERS - 1)));
    refuses(format!("{{{},\"x\":{{\"0\":0,\"0\":0}}}}", wide(MEMBERS - 1)), Error::DuplicateMember);
    refuses(format!("{{{},\"x\":{{\"0\":0,\"1\":0}},\"x\":0}}", wide(MEMBERS - 1)), Error::DuplicateMember);
}
