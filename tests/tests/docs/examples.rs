//! Examples show all that they consist of.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// Every README, every guide and every source file, whose documentation has examples too.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    for krate in files(&root().join("crates")) {
        pages.push(krate.join("README.md"));
        below(&krate.join("src"), &mut pages);
    }
    below(&root().join("docs"), &mut pages);
    pages
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in files(folder) {
        if path.is_dir() {
            below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The lines of the examples of a page, and of the documentation in a source file.
fn examples(text: &str, is_source: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim_start) {
        let line = if is_source {
            let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
                inside = false;
                continue;
            };
            line.trim_start()
        } else {
            line
        };
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            lines.push(line);
        }
    }
    lines
}

/// Rustdoc runs a line that starts with `#` and a space, and does not show it: who copies the example lacks it.
fn is_hidden(line: &&str) -> bool {
    *line == "#" || line.starts_with("# ")
}

#[test]
fn no_example_has_a_hidden_line() {
    let mut shown = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let lines = examples(&text, page.extension().is_some_and(|extension| extension == "rs"));
        let hidden: Vec<_> = lines.iter().filter(|line| is_hidden(line)).collect();
        assert!(hidden.is_empty(), "{}: {hidden:?}", page.display());
        shown += lines.len();
    }
    assert!(shown > 500, "{shown} lines of examples were found");
}

#[test]
fn hidden_lines_are_found() {
    let page = "# A heading\n```rust\nlet a = 1;\n# assert_eq!(a, 1);\n#[test]\n```\n# Another\n";
    assert_eq!(examples(page, false).iter().filter(|line| is_hidden(line)).count(), 1);
    let source = "/// # Errors\n///\n/// ```\n/// f()?;\n/// # Ok::<(), ()>(())\n/// ```\nfn f() {}\n";
    assert_eq!(examples(source, true).iter().filter(|line| is_hidden(line)).count(), 1);
}
