//! What other implementations are known to do otherwise, as data, and that nothing else stands in the guide.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use serde_json::Value;

use super::matrix::{Check, Direction, Outcome};
use xtask::{Result, workspace::Workspace};

/// Between these two lines of the guide stands what [`Deviations::markdown`] writes.
const GUIDE: &str = "docs/INTEROP.md";
const BEGIN: &str = "<!-- deviations: begin -->\n";
const END: &str = "<!-- deviations: end -->";

/// One difference, in one or more implementations.
#[derive(Debug)]
struct Deviation {
    direction: Direction,
    peers: Vec<String>,
    /// Names of cases; `*` stands for any text.
    cases: Vec<String>,
    section: String,
    /// What the implementation does.
    there: String,
    /// What this workspace does.
    here: String,
}

/// The table of `tests/interop/deviations.json`.
pub(super) struct Deviations {
    rows: Vec<Deviation>,
    /// What was seen: row, implementation, pattern.
    seen: BTreeSet<(usize, String, usize)>,
}

impl Deviations {
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let text = fs::read_to_string(folder.join("deviations.json"))?;
        let rows: Value = serde_json::from_str(&text)?;
        let rows = rows.as_array().ok_or("deviations.json is no list")?;
        let rows = rows.iter().map(Deviation::new).collect::<Result<_>>()?;
        Ok(Self { rows, seen: BTreeSet::new() })
    }

    /// Turns a failure that the table explains into a deviation.
    pub(super) fn explain(&mut self, check: &mut Check) {
        if !matches!(check.outcome, Outcome::Failed { .. }) {
            return;
        }
        for (index, row) in self.rows.iter().enumerate() {
            if row.direction != check.direction || !row.peers.contains(&check.peer) {
                continue;
            }
            let found = row.cases.iter().position(|pattern| matches(pattern, &check.id));
            if let Some(pattern) = found {
                self.seen.insert((index, check.peer.clone(), pattern));
                check.outcome = Outcome::Deviates(format!("{}: {}", row.section, row.there));
                return;
            }
        }
    }

    /// Entries about these implementations of which nothing was seen.
    pub(super) fn stale(&self, peers: &[&str]) -> Vec<String> {
        let mut stale = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            for peer in row.peers.iter().filter(|peer| peers.contains(&peer.as_str())) {
                for (at, pattern) in row.cases.iter().enumerate() {
                    if !self.seen.contains(&(index, peer.clone(), at)) {
                        stale.push(format!("{peer} does not deviate at {pattern} any more"));
                    }
                }
            }
        }
        stale
    }

    /// The table for people.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        for (direction, heading) in [
            (Direction::Reads, "What others read otherwise"),
            (Direction::Writes, "What others write otherwise"),
        ] {
            let mut rows = self.rows.iter().filter(|row| row.direction == direction).peekable();
            if rows.peek().is_none() {
                continue;
            }
            // Writing to a String does not fail.
            let _ = write!(text, "### {heading}\n\n| section | there | here | who | cases |\n");
            text.push_str("| --- | --- | --- | --- | --- |\n");
            for row in rows {
                let cases: Vec<_> = row.cases.iter().map(|case| format!("`{case}`")).collect();
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} |",
                    row.section,
                    row.there,
                    row.here,
                    row.peers.join(", "),
                    cases.join(" ")
                );
            }
            text.push('\n');
        }
        text
    }

    /// That the guide lists exactly these.
    pub(super) fn agree_with_guide(&self, workspace: &Workspace) -> Result {
        let guide = fs::read_to_string(workspace.root.join(GUIDE))?;
        let listed = guide.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
        match listed {
            Some((listed, _)) if listed.trim() == self.markdown().trim() => Ok(()),
            _ => Err(format!(
                "{GUIDE} does not list what deviations.json has; `cargo xtask interop --deviations` writes it"
            )
            .into()),
        }
    }
}

impl Deviation {
    fn new(value: &Value) -> Result<Self> {
        let text = |name: &str| {
            value[name]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("a deviation without {name:?}: {value}"))
        };
        let texts = |name: &str| {
            let list = value[name].as_array().into_iter().flatten();
            let list: Vec<String> = list.filter_map(Value::as_str).map(str::to_owned).collect();
            if list.is_empty() { Err(format!("a deviation without {name:?}: {value}")) } else { Ok(list) }
        };
        let direction = match text("direction")?.as_str() {
            "reads" => Direction::Reads,
            "writes" => Direction::Writes,
            other => return Err(format!("no direction {other:?}").into()),
        };
        Ok(Self {
            direction,
            peers: texts("peers")?,
            cases: texts("cases")?,
            section: text("section")?,
            there: text("there")?,
            here: text("here")?,
        })
    }
}

/// Whether the pattern, in which `*` stands for any text, is all of the name.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => {
            let Some(tail) = name.strip_prefix(start) else { return false };
            tail.char_indices().any(|(at, _)| tail.get(at..).is_some_and(|tail| matches(rest, tail)))
                || matches(rest, "")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Deviations, matches};
    use xtask::workspace::Workspace;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("a/*", "a/b") && matches("a/*", "a/") && matches("*/b", "a/b") && matches("a", "a"));
        assert!(matches("a*c*e", "abcde") && matches("*", ""));
        assert!(!matches("a", "ab") && !matches("a*c", "ab") && !matches("a/*", "b/a/"));
    }

    #[test]
    fn the_guide_lists_the_deviations() {
        let workspace = Workspace::read().unwrap();
        let deviations = Deviations::load(&workspace.root.join("tests/interop")).unwrap();
        deviations.agree_with_guide(&workspace).unwrap();
    }
}
