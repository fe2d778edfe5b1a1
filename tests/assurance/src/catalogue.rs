//! The rows of tests/CATALOGUE.md and the tests that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, path::Path};

use xtask::{Result, workspace::Workspace};

/// A row: its id, what it is about, and the tests that show it.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) about: String,
    pub(crate) tests: BTreeSet<String>,
}

/// The rows on attacks, in their order. Each has a test.
pub(crate) fn attacks(workspace: &Workspace) -> Result<Vec<Row>> {
    let text = fs::read_to_string(workspace.root.join("tests/CATALOGUE.md"))?;
    let (_, attacks) = text.split_once("## Attacks").ok_or("tests/CATALOGUE.md has no part on attacks")?;
    let mut tests = BTreeMap::new();
    for folder in ["crates", "tests"] {
        walk(&workspace.root.join(folder), &workspace.root, &mut tests)?;
    }
    let rows = attacks.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (id, about) = (cells.next()?, cells.next()?);
        is_id(id).then(|| Row {
            id: id.into(),
            about: about.into(),
            tests: tests.get(id).cloned().unwrap_or_default(),
        })
    });
    Ok(rows.collect())
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text[1..].chars().all(|digit| digit.is_ascii_digit())
        && text.len() > 1
}

/// Finds, in each source file, the tests whose documentation says what they cover.
fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) -> Result {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let is_output = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
            if !is_output {
                walk(&path, root, found)?;
            }
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let file = path.strip_prefix(root)?.display().to_string();
        let mut covered: Vec<String> = Vec::new();
        for line in fs::read_to_string(&path)?.lines().map(str::trim_start) {
            if let Some(ids) = line.strip_prefix("/// Covers ") {
                covered = ids.trim_end_matches('.').split(", ").map(str::to_owned).collect();
            } else if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next())
            {
                for id in covered.drain(..) {
                    found.entry(id).or_default().insert(format!("{file} `{name}`"));
                }
            }
        }
    }
    Ok(())
}
