//! What came of the cases of a file.

use std::{collections::BTreeMap, fmt};

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The implementation said what the case expects.
    Passed,
    /// It said something else, or the case itself is wrong.
    Failed {
        /// What the case, or the format, asks for.
        expected: String,
        /// What was there instead.
        got: String,
    },
    /// It cannot be told yet, for this reason.
    Unsupported(String),
}

impl Verdict {
    pub(super) fn failed(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self::Failed { expected: expected.into(), got: got.into() }
    }
}

/// One case and its verdict.
#[derive(Debug, Clone)]
pub struct CaseReport {
    /// Its id; `#` and its place where it states none.
    pub id: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Its operation, known or not.
    pub op: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// All cases of a file.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// Where the cases come from.
    pub source: String,
    /// One for each case, in the order of the file.
    pub cases: Vec<CaseReport>,
    /// Members that were not used.
    pub warnings: Vec<String>,
}

impl FileReport {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), cases: Vec::new(), warnings: Vec::new() }
    }

    /// How many cases passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.verdict == Verdict::Passed).count()
    }

    /// The cases that failed, each with what was expected and what was there.
    pub fn failures(&self) -> impl Iterator<Item = (&CaseReport, &str, &str)> {
        self.cases.iter().filter_map(|case| match &case.verdict {
            Verdict::Failed { expected, got } => Some((case, expected.as_str(), got.as_str())),
            _ => None,
        })
    }

    /// The cases that are not supported yet, each with the reason.
    pub fn unsupported(&self) -> impl Iterator<Item = (&CaseReport, &str)> {
        self.cases.iter().filter_map(|case| match &case.verdict {
            Verdict::Unsupported(reason) => Some((case, reason.as_str())),
            _ => None,
        })
    }

    /// How many cases of each operation are not supported yet.
    #[must_use]
    pub fn unsupported_by_operation(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (case, _) in self.unsupported() {
            *counts.entry(case.op.as_str()).or_default() += 1;
        }
        counts
    }
}

impl fmt::Display for FileReport {
    /// The counts on one line, then each failure and warning.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} not yet supported",
            self.passed(),
            self.failures().count(),
            self.unsupported().count()
        )?;
        for (case, expected, got) in self.failures() {
            write!(f, "\n  FAILED {} ({})", case.id, case.op)?;
            if let Some(comment) = &case.comment {
                write!(f, ": {comment}")?;
            }
            write!(f, "\n    expected: {expected}\n    got:      {got}")?;
        }
        for warning in &self.warnings {
            write!(f, "\n  warning: {warning}")?;
        }
        Ok(())
    }
}
