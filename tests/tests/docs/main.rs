//! The texts beside the code: every line of the guides in `docs/` is in a program that runs as a test, no example hides a
//! line, commands exist and links lead somewhere, the tables of errors are those of the code, and the dependencies are locked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod errors;
mod examples;
mod markdown;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The code spans of the last column. A `|` in one is written `\|` in a table.
fn ours(guide: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for row in guide.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")) {
        let row = row.replace("\\|", "\u{0}");
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap().trim();
        if cell == "here" || cell.starts_with("not here") {
            continue;
        }
        let spans: Vec<String> =
            cell.split('`').skip(1).step_by(2).map(|span| span.replace('\u{0}', "|")).collect();
        assert!(!spans.is_empty(), "no code in {row}");
        lines.extend(spans);
    }
    lines
}

/// The programs of the guide.
fn programs(guide: &str) -> String {
    guide.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A line of code however it is broken.
fn unbroken(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")").replace(",]", "]").replace(",}", "}")
}

#[test]
fn each_line_of_the_guides_runs() {
    // Types and modules that a cell names, and that the pages of their crates show.
    const NAMES: &[&str] =
        &["VerifyingKeys::from_jwks", "KeyResolver", "jose_jws::embedded", "jose_jws::unsecured"];
    let mut guides = 0;
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("from-") && name != "kinds-of-jwt.md" {
            continue;
        }
        guides += 1;
        // Its programs are run as doctests of the library.
        let included = format!("docs/{name}");
        assert!(include_str!("../../src/lib.rs").contains(&included), "{included} is not run");
        let guide = fs::read_to_string(&path).unwrap();
        let (lines, programs) = (ours(&guide), unbroken(&programs(&guide)));
        assert!(lines.len() > 16, "{name} has {} lines", lines.len());
        for line in lines.iter().filter(|line| !NAMES.contains(&line.as_str())) {
            assert!(programs.contains(unbroken(line).trim_end_matches(',')), "{name}: no program has {line}");
        }
    }
    assert_eq!(guides, 6);
}

/// Every Rust file below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// What is allowed is listed: no public function takes a list of what is forbidden.
///
/// Covers A7.
#[test]
fn no_call_forbids_an_algorithm_by_name() {
    const WORDS: &[&str] = &["deny", "disallow", "forbid", "exclude", "blocklist", "blacklist", "except"];
    let root = root().join("crates");
    let mut functions = 0;
    for krate in fs::read_dir(root).unwrap() {
        let mut files = Vec::new();
        sources(&krate.unwrap().path().join("src"), &mut files);
        for line in files.iter().flat_map(|file| file.lines()).filter(|line| line.contains("pub ")) {
            let Some((_, rest)) = line.split_once("fn ") else { continue };
            let name = rest.split(['(', '<']).next().unwrap();
            assert!(!WORDS.iter().any(|word| name.contains(word)), "{line}");
            functions += 1;
        }
    }
    assert!(functions > 300, "{functions} public functions were found");
}

/// Every package outside this workspace comes from one registry, and is locked by its hash.
///
/// Covers G7.
#[test]
fn each_dependency_is_locked_by_its_hash() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 50, "{}", packages.len());
    for package in packages {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
            line.map(|value| value.trim_end_matches('"'))
        };
        let name = field("name").unwrap();
        let ours = name.starts_with("jose-") || name == "xtask";
        let registry = field("source") == Some("registry+https://github.com/rust-lang/crates.io-index");
        let locked = field("checksum").is_some_and(|hash| hash.len() == 64);
        assert!(ours != (registry && locked), "{name}");
    }
}
