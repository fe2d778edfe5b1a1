//! The guides in `docs/`: each line of ours in their tables stands in a program that runs as a test.

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
