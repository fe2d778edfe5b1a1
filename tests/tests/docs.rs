//! The texts beside the code: each line of ours in the guides of `docs/` stands in a program that runs as a test, the tables
//! are those of the code, and the dependencies are locked.

use std::fs;
use std::path::Path;

/// The code spans of the last column, as they are: a `|` in one is written `\|` in a table.
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

/// The code of the guide, without what hides a line from the reader.
fn programs(guide: &str) -> String {
    guide.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn each_line_of_the_guides_runs() {
    // Types and modules that a cell names, and that the pages of their crates show.
    const NAMES: &[&str] = &["VerifyingKeys::from_jwks", "jose_jws", "jose_jws::unsecured"];
    for name in ["from-jsonwebtoken.md", "from-panva-jose.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
        let guide = fs::read_to_string(path).unwrap();
        let (lines, programs) = (ours(&guide), programs(&guide));
        assert!(lines.len() > 20, "{name} has {} lines", lines.len());
        for line in lines.iter().filter(|line| !NAMES.contains(&line.as_str())) {
            assert!(programs.contains(line.as_str()), "{name}: no program has {line}");
        }
    }
}

/// The codes in a source file of errors: what stands behind `=>`, alone or first of a pair.
fn codes(source: &str) -> Vec<String> {
    let behind = source.split("=>").skip(1).map(str::trim_start);
    let literals = behind.filter_map(|rest| rest.strip_prefix('"').or_else(|| rest.strip_prefix("(\"")));
    let names = literals.filter_map(|rest| rest.split('"').next());
    let kebab = |name: &&str| name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    names.filter(kebab).map(str::to_owned).collect()
}

/// J17: every code of every enum stands in the table of its crate, and nothing else does.
///
/// Covers J17.
#[test]
fn the_tables_of_codes_are_those_of_the_enums() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/errors.md")).unwrap();
    let sections: Vec<&str> = guide.split("\n## ").filter_map(|text| text.strip_prefix("`jose_")).collect();
    assert_eq!(sections.len(), 5);
    for section in sections {
        let name = section.split(':').next().unwrap();
        let source = fs::read_to_string(root.join(format!("crates/jose-{name}/src/error.rs"))).unwrap();
        let codes = sorted(codes(&source));
        assert!(codes.len() > 5);
        assert_eq!(listed(section), codes, "jose-{name}");
    }
    // So do the events, and what they call the causes.
    let events = guide.split_once("\n## Events\n").unwrap().1;
    let told = ["jws", "jwe"].map(|name| root.join(format!("crates/jose-{name}/src/trace.rs")));
    let told = sorted(told.iter().flat_map(|path| codes(&fs::read_to_string(path).unwrap())).collect());
    assert!(told.len() > 5);
    assert_eq!(listed(events), told);
}

/// What stands first in the rows of tables.
fn listed(section: &str) -> Vec<String> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    sorted(rows.map(str::to_owned).collect())
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
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

/// A7: what is allowed is listed; no public function takes a list of what is forbidden.
///
/// Covers A7.
#[test]
fn no_call_forbids_an_algorithm_by_name() {
    const WORDS: &[&str] = &["deny", "disallow", "forbid", "exclude", "blocklist", "blacklist", "except"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
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

/// G7: whatever is not of this workspace comes from one registry, with the hash of what was looked at.
///
/// Covers G7.
#[test]
fn each_dependency_is_locked_by_its_hash() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
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
