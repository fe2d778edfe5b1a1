use super::{MEMBERS, Names};
use crate::Error;
use crate::json::{DEPTH, MAX_DEPTH, scan::scan};
use alloc::{format, string::String, vec::Vec};

/// The comparisons, of names and of characters, that a text costs.
fn work(text: &str) -> (Result<(), Error>, usize) {
    let mut names = Names::new();
    let result = scan(text, DEPTH, &mut names, &mut |_, _| {});
    (result, names.work.count.get())
}

fn object(members: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Four times the text may cost four times the work and something for the logarithm and for what
/// goes to the heap later; sixteen times were quadratic.
fn assert_not_quadratic(text: impl Fn(usize) -> String) {
    let (small, large) = (text(2_000), text(8_000));
    let ((small_result, small_work), (large_result, large_work)) = (work(&small), work(&large));
    assert_eq!((small_result, large_result), (Ok(()), Ok(())));
    assert!(large_work <= small_work * 8, "{small_work} grew to {large_work}");
    // And in itself: far from one comparison for each two bytes.
    assert!(large_work <= large.len() * 64, "{large_work} for {} bytes", large.len());
}

/// Covers E2.
#[test]
fn the_table_takes_less_than_512_octets_of_stack() {
    assert!(size_of::<Names>() <= 512, "{}", size_of::<Names>());
}

/// Covers E2.
#[test]
fn a_wide_object_is_not_quadratic() {
    // Names that look alike, in ascending order, in descending order and scattered.
    assert_not_quadratic(|n| object((0..n).map(|i| format!("\"name{i:08}name\":0"))));
    assert_not_quadratic(|n| object((0..n).rev().map(|i| format!("\"name{i:08}name\":0"))));
    assert_not_quadratic(|n| object((0..n).map(|i| format!("\"{:08x}\":0", (i + 1) * 0x9E37 % 0xFFFF_FFFB))));
    // Spelled with escapes.
    assert_not_quadratic(|n| object((0..n).map(|i| format!("\"\\u006e{i}\":0"))));
}

/// Covers E2.
#[test]
fn many_objects_are_not_quadratic() {
    for members in [1, MEMBERS - 2, MEMBERS, MEMBERS + 1, 100] {
        let one = object((0..members).map(|i| format!("\"name{i:03}name\":0")));
        // Beside each other, in an object that fills the table and in one that does not.
        assert_not_quadratic(|n| format!("[{}0]", format!("{one},").repeat(n / members)));
        assert_not_quadratic(|n| object((0..n / members + 1).map(|i| format!("\"object{i:05}\":{one}"))));
        let full = (0..MEMBERS).map(|i| format!("\"full{i:03}full\":0")).collect::<Vec<_>>().join(",");
        assert_not_quadratic(|n| format!("{{{full},\"rest\":[{}0]}}", format!("{one},").repeat(n / members)));
    }
}

/// Covers E2.
#[test]
fn nested_objects_are_not_quadratic() {
    // Members before and after the one that nests, so that each object goes on after its inner ones.
    assert_not_quadratic(|n| {
        let wide = |side: &str| {
            (0..n / 32).map(|i| format!("\"{side}{i:05}{side}\":0")).collect::<Vec<_>>().join(",")
        };
        let (before, after) = (wide("before"), wide("after"));
        (0..DEPTH).fold("0".into(), |inner, _| format!("{{{before},\"in\":{inner},{after}}}"))
    });
}

/// Covers E2.
#[test]
fn names_that_share_all_but_their_end_are_not_quadratic() {
    for name in ["n", "\\u006e"] {
        let long = name.repeat(500);
        assert_not_quadratic(|n| object((0..n / 100).map(|i| format!("\"{long}{i:04}{long}\":0"))));
    }
}

/// Covers E2.
#[test]
fn one_long_name_among_many_short_ones_is_not_quadratic() {
    let text = |n: usize| {
        object((0..n).map(|i| format!("\"a{i}\":0")).chain([format!("\"{}\":0", "a".repeat(n * 8))]))
    };
    assert_not_quadratic(text);
}

/// Covers E2.
#[test]
fn among_100_000_members_one_duplicate_is_found() {
    let members = || (0..100_000).map(|i| format!("\"{i}\":0"));
    assert_eq!(work(&object(members())).0, Ok(()));
    for first in [0, 47, 48, 49, 77_777, 99_999] {
        let text = object(members().chain([format!("\"{first}\":0")]));
        assert_eq!(work(&text).0, Err(Error::DuplicateMember), "{first}");
    }
    let digit_escaped = object(members().chain(["\"\\u0034\\u0032\":0".into()]));
    assert_eq!(work(&digit_escaped).0, Err(Error::DuplicateMember));
}

/// Covers E2.
#[test]
fn the_objects_of_each_depth_are_told_apart() {
    let nested =
        |depth: usize, end: &str| format!("{}{end}{}", "{\"a\":".repeat(depth), ",\"b\":0}".repeat(depth));
    let mut names = Names::new();
    assert_eq!(scan(&nested(MAX_DEPTH, "0"), MAX_DEPTH, &mut names, &mut |_, _| {}), Ok(()));
    let twice = nested(MAX_DEPTH - 1, "{\"b\":0,\"a\":0,\"b\":0}");
    assert_eq!(scan(&twice, MAX_DEPTH, &mut Names::new(), &mut |_, _| {}), Err(Error::DuplicateMember));
}
