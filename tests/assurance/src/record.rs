//! What a run showed: a table, with the command and the day.

use std::fmt::Write;
use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use xtask::{Result, process, process::Command, workspace::Workspace};

/// The names of the records, in the order of the page, each with what it is about.
pub(crate) const NAMES: [(&str, &str); 6] = [
    ("wycheproof", "Wycheproof's vectors, through the keys of JWS and JWE"),
    ("interop", "Other implementations, each reading what this writes and writing what this reads"),
    ("fuzz", "Fuzzing, over all recorded runs"),
    ("coverage", "Lines that the tests reach, without the examples of the documentation"),
    ("mutants", "Mutation testing of what decides"),
    ("timing", "Whether the time of a refusal tells which step refused"),
];

#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(skip)]
    name: String,
    /// The command that was run.
    pub(crate) command: String,
    /// The day of the run, by UTC.
    pub(crate) date: String,
    /// The processor that it ran on.
    pub(crate) processor: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Record {
    pub(crate) fn new(name: &str, command: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Result<Self> {
        let date = process::output(Command::new("date").args(["-u", "+%F"]))?;
        let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processor.lines().find_map(|line| line.strip_prefix("model name"));
        Ok(Self {
            name: name.into(),
            command: command.into(),
            date: String::from_utf8(date)?.trim().into(),
            processor: processor.unwrap_or("unknown").trim_start_matches([' ', '\t', ':']).into(),
            columns: columns.iter().map(|&column| column.into()).collect(),
            rows,
        })
    }

    fn path(name: &str, workspace: &Workspace) -> PathBuf {
        workspace.root.join("tests/assurance/records").join(name).with_extension("json")
    }

    /// The record of this name, if there is one.
    pub(crate) fn load(name: &str, workspace: &Workspace) -> Result<Option<Self>> {
        let path = Self::path(name, workspace);
        if !path.exists() {
            return Ok(None);
        }
        let record: Self = serde_json::from_slice(&fs::read(path)?)?;
        Ok(Some(Self { name: name.into(), ..record }))
    }

    pub(crate) fn save(&self, workspace: &Workspace) -> Result {
        Ok(fs::write(Self::path(&self.name, workspace), serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// The rows as a table of Markdown.
    pub(crate) fn table(&self) -> String {
        table(&self.columns, &self.rows)
    }
}

/// A table of Markdown.
pub(crate) fn table<C: AsRef<str>>(columns: &[C], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for cell in cells {
            // Writing to a String does not fail.
            let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
        }
        text.push_str("|\n");
    };
    line(&mut columns.iter().map(AsRef::as_ref));
    line(&mut columns.iter().map(|_| "---"));
    rows.iter().for_each(|row| line(&mut row.iter().map(String::as_str)));
    text
}
