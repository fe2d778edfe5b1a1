//! The errors of a crate as they are written down: in the source of its enum and in the table of codes.

use core::fmt::Debug;
use std::fs;

/// Each error was provoked: every variant that the enum has, every code that the table of its crate has. `errors` are
/// those that calls ended in, each with its code.
pub(crate) fn assert_all_provoked<E: Debug>(krate: &str, errors: &[(E, &str)]) {
    let read = |path: String| fs::read_to_string(path).unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let source = read(format!("{root}/crates/jose-{krate}/src/error.rs"));
    let table = read(format!("{root}/docs/errors.md"));

    let name = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap().to_owned();
    let body = source.split_once("pub enum Error {\n").unwrap().1.split_once("\n}").unwrap().0;
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    let variants: Vec<String> = variants.map(name).collect();
    let provoked: Vec<String> = errors.iter().map(|(error, _)| name(&format!("{error:?}"))).collect();
    assert!(variants.len() > 10);
    let missing: Vec<&String> = variants.iter().filter(|variant| !provoked.contains(variant)).collect();
    assert!(missing.is_empty(), "not provoked: {missing:?}");
    assert!(provoked.iter().all(|variant| variants.contains(variant)), "{variants:?}");

    let section = table.split_once(&format!("\n## `jose_{krate}::Error`\n")).unwrap().1;
    let section = section.split("\n## ").next().unwrap();
    let codes = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let missing: Vec<&str> = codes.filter(|code| !errors.iter().any(|(_, own)| own == code)).collect();
    assert!(missing.is_empty(), "not provoked: {missing:?}");
}
