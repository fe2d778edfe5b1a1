//! Vector files: read, run, judged.

mod case;
mod judge;
mod report;

use std::{
    collections::HashSet,
    error, fmt, fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

pub use self::{
    case::{Case, Expectation, Members, Serialization},
    report::{CaseReport, FileReport, Verdict},
};
use crate::{json, ops};

/// What the implementation said to one case.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It did what was asked; these members are what came out.
    Output(Map<String, Value>),
    /// It refused.
    Error {
        /// What a caller can match on, in the words of `error` in a vector file.
        class: String,
        /// The error, for people.
        detail: String,
    },
    /// This build, or this runner, cannot do it yet.
    Unsupported(String),
    /// The case asks nothing that could be run: an input is missing or of another type.
    BadCase(String),
    /// It panicked, with this message.
    Panicked(String),
}

/// A file that cannot be run at all.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// It, or the folder, cannot be read.
    Io(io::Error),
    /// It is not JSON, or names a member twice.
    Json(serde_json::Error),
    /// It is JSON of another shape.
    Shape(&'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Json(error) => write!(f, "not a vector file: {error}"),
            Self::Shape(what) => write!(f, "not a vector file: {what}"),
        }
    }
}

impl error::Error for LoadError {}

/// A source and the cases that it publishes.
#[derive(Debug)]
pub struct VectorFile {
    /// Where the cases come from.
    pub source: String,
    cases: Vec<Value>,
    unknown: Vec<String>,
}

impl VectorFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// [`LoadError`]. A single bad case is not one: it is a failure in the report.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Self::parse(&fs::read_to_string(path).map_err(LoadError::Io)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// Those of [`VectorFile::load`], except for [`LoadError::Io`].
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        let Value::Object(mut file) = json::parse(text).map_err(LoadError::Json)? else {
            return Err(LoadError::Shape("not an object"));
        };
        let Some(Value::String(source)) = file.remove("source") else {
            return Err(LoadError::Shape("no text \"source\""));
        };
        let Some(Value::Array(cases)) = file.remove("cases") else {
            return Err(LoadError::Shape("no list \"cases\""));
        };
        if cases.is_empty() {
            return Err(LoadError::Shape("no case in \"cases\""));
        }
        Ok(Self { source, cases, unknown: file.into_iter().map(|(name, _)| name).collect() })
    }

    /// Runs every case against this workspace.
    #[must_use]
    pub fn run(&self) -> FileReport {
        self.run_with(ops::run)
    }

    /// Runs every case against `implementation`; its panics are caught and count as failures.
    pub fn run_with(&self, implementation: impl Fn(&Case) -> Outcome) -> FileReport {
        let mut seen = HashSet::new();
        let mut report = FileReport::new(&self.source);
        report
            .warnings
            .extend(self.unknown.iter().map(|name| format!("member {name:?} of the file is not known")));
        for (index, value) in self.cases.iter().enumerate() {
            let case = match Case::new(value) {
                Ok(case) => case,
                Err(defect) => {
                    report.cases.push(defect.report(index));
                    continue;
                }
            };
            let verdict = if seen.insert(case.id.clone()) {
                judge::judge(&case, guarded(&case, &implementation))
            } else {
                Verdict::failed("an id that is unique in its file", "the id of an earlier case")
            };
            report.warnings.extend(case.unknown_members().map(|name| {
                format!(
                    "{}: member {name:?} means nothing to {} and was not used",
                    case.id, case.operation.name
                )
            }));
            report.cases.push(CaseReport {
                id: case.id,
                comment: case.comment,
                op: case.operation.name.to_owned(),
                verdict,
            });
        }
        report
    }
}

fn guarded(case: &Case, implementation: &impl Fn(&Case) -> Outcome) -> Outcome {
    // Nothing that a panic could leave half done outlives the call.
    catch_unwind(AssertUnwindSafe(|| implementation(case))).unwrap_or_else(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "without a message".to_owned());
        // A payload may panic when it is dropped; the process is about to end anyway.
        std::mem::forget(payload);
        Outcome::Panicked(message)
    })
}

/// The vector files at `path`: the file itself, or every `*.json` of a folder, sorted by name.
///
/// # Errors
///
/// [`LoadError::Io`] where the folder cannot be read, [`LoadError::Shape`] where it holds no vector file.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, LoadError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(LoadError::Io)? {
        let file = entry.map_err(LoadError::Io)?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(LoadError::Shape("a folder without a .json file"));
    }
    files.sort();
    Ok(files)
}
