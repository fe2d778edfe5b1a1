//! What came of every check, and the table of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::{Value, json};

use super::case::About;

/// Who wrote and who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// The other implementation reads what this workspace wrote, and the published cases.
    Reads,
    /// The other implementation writes and this workspace reads.
    Writes,
}

impl Direction {
    pub(super) const ALL: [Self; 2] = [Self::Reads, Self::Writes];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    /// Otherwise than expected, and the table of deviations says so.
    Deviates(String),
    Failed {
        expected: String,
        got: String,
    },
    /// Not implemented there, for this reason.
    Skipped(String),
}

/// One case, asked of one implementation in one direction.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) peer: String,
    pub(super) direction: Direction,
    pub(super) id: String,
    pub(super) about: About,
    pub(super) outcome: Outcome,
}

/// How many of each outcome.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) deviate: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tally {
    pub(super) fn of<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Self {
        let mut tally = Self::default();
        for check in checks {
            tally.count(&check.outcome);
        }
        tally
    }

    fn count(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Deviates(_) => &mut self.deviate,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::Skipped(_) => &mut self.skipped,
        };
        *count += 1;
    }

    /// What was asked and answered.
    pub(super) fn checks(self) -> u64 {
        self.passed + self.deviate + self.failed
    }

    fn cell(self) -> String {
        let counts = [(self.passed, ""), (self.deviate, "~"), (self.failed, "!"), (self.skipped, "-")];
        let parts: Vec<_> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, mark)| format!("{mark}{n}")).collect();
        parts.join(" ")
    }

    fn words(self) -> String {
        format!(
            "{:>5} checks: {} passed, {} deviate, {} failed; {} skipped",
            self.checks(),
            self.passed,
            self.deviate,
            self.failed,
            self.skipped
        )
    }

    fn json(self) -> Value {
        json!({
            "checks": self.checks(),
            "passed": self.passed,
            "deviate": self.deviate,
            "failed": self.failed,
            "skipped": self.skipped,
        })
    }
}

/// The checks of every implementation that was asked.
#[derive(Debug, Default)]
pub(super) struct Matrix {
    pub(super) peers: Vec<String>,
    pub(super) checks: Vec<Check>,
}

impl Matrix {
    pub(super) fn of(&self, peer: &str, direction: Direction) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.peer == peer && check.direction == direction)
    }

    pub(super) fn failures(&self) -> impl Iterator<Item = (&Check, &str, &str)> {
        self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed { expected, got } => Some((check, expected.as_str(), got.as_str())),
            _ => None,
        })
    }

    /// The tables, why cases were skipped, and the totals.
    pub(super) fn text(&self) -> String {
        let mut text =
            "Each cell: passed, ~deviates as docs/INTEROP.md says, !failed, -skipped.\n".to_owned();
        for direction in Direction::ALL {
            self.table(direction, &mut text);
        }
        self.skips(&mut text);
        text.push('\n');
        // Writing to a String does not fail.
        for peer in &self.peers {
            for direction in Direction::ALL {
                let tally = Tally::of(self.of(peer, direction));
                let _ = writeln!(text, "{peer:<18} {:<7} {}", direction.name(), tally.words());
            }
        }
        let _ = writeln!(text, "{:<18} {:<7} {}", "total", "", Tally::of(&self.checks).words());
        text
    }

    fn table(&self, direction: Direction, text: &mut String) {
        let mut rows: BTreeMap<(String, &str), BTreeMap<&str, Tally>> = BTreeMap::new();
        for check in self.checks.iter().filter(|check| check.direction == direction) {
            let About { op, alg, enc, .. } = &check.about;
            let enc = enc.as_ref().map(|enc| (format!("{op} by enc"), enc.as_str()));
            for row in [Some((op.clone(), alg.as_str())), enc].into_iter().flatten() {
                rows.entry(row).or_default().entry(&check.peer).or_default().count(&check.outcome);
            }
        }
        let _ = write!(text, "\n{:<42}", format!("the other implementation {}", direction.name()));
        for peer in &self.peers {
            let _ = write!(text, " {peer:>17}");
        }
        text.push('\n');
        let mut last = String::new();
        for ((op, alg), cells) in rows {
            let shown = if op == last { "" } else { &op };
            let _ = write!(text, "{shown:<20}  {alg:<20}");
            for peer in &self.peers {
                let _ =
                    write!(text, " {:>17}", cells.get(peer.as_str()).map_or_else(String::new, |c| c.cell()));
            }
            text.push('\n');
            last = op;
        }
    }

    fn skips(&self, text: &mut String) {
        text.push_str("\nwhy cases were skipped\n");
        for peer in &self.peers {
            let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
            for check in self.checks.iter().filter(|check| check.peer == *peer) {
                if let Outcome::Skipped(reason) = &check.outcome {
                    *reasons.entry(reason).or_default() += 1;
                }
            }
            for (reason, count) in reasons {
                let _ = writeln!(text, "  {peer:<18} {count:>5}  {reason}");
            }
        }
    }

    pub(super) fn json(&self, unexplained: &[String]) -> Value {
        let rows: Vec<_> = self.checks.iter().map(Check::json).collect();
        let mut totals = json!({ "all": Tally::of(&self.checks).json() });
        for peer in &self.peers {
            let each = Direction::ALL.map(|d| (d.name().to_owned(), Tally::of(self.of(peer, d)).json()));
            totals[peer] = Value::Object(each.into_iter().collect());
        }
        json!({ "totals": totals, "unexplained": unexplained, "checks": rows })
    }

    /// What the cases of an implementation asked for, of those words.
    pub(super) fn needs<'a>(&'a self, peer: &'a str) -> BTreeSet<&'a str> {
        let checks = self.checks.iter().filter(|check| check.peer == peer);
        checks.flat_map(|check| check.about.needs.iter().map(String::as_str)).collect()
    }
}

impl Check {
    fn json(&self) -> Value {
        let (outcome, reason) = match &self.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Deviates(reason) => ("deviates", Some(reason.clone())),
            Outcome::Failed { expected, got } => ("failed", Some(format!("expected {expected}, got {got}"))),
            Outcome::Skipped(reason) => ("skipped", Some(reason.clone())),
        };
        let About { op, alg, enc, .. } = &self.about;
        json!({
            "peer": self.peer,
            "direction": self.direction.name(),
            "id": self.id,
            "op": op,
            "alg": alg,
            "enc": enc,
            "outcome": outcome,
            "reason": reason,
        })
    }
}
