//! `cargo xtask vectors`: vector files against this workspace.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use jose_tests::vectors::{self, FileReport, LoadError, VectorFile};
use serde_json::{Value, json};

use xtask::{Result, args::Args, print, workspace};

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let (json, strict) = (args.flag("--json"), args.flag("--strict"));
    let mut paths: Vec<PathBuf> = args.words(usize::MAX)?.into_iter().map(PathBuf::from).collect();
    if paths.is_empty() {
        paths.push(workspace::root()?.join("tests/vectors"));
    }

    let mut total = Total::default();
    for path in &paths {
        match vectors::files(path) {
            Ok(files) => files.iter().for_each(|file| total.run(file)),
            Err(error) => total.unreadable(path, &error),
        }
    }
    print(&if json { format!("{:#}\n", total.json()) } else { total.text() })?;
    total.verdict(strict)
}

#[derive(Default)]
struct Total {
    files: Vec<(PathBuf, std::result::Result<FileReport, String>)>,
}

impl Total {
    fn run(&mut self, path: &Path) {
        match VectorFile::load(path) {
            Ok(file) => self.files.push((path.to_owned(), Ok(file.run()))),
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn unreadable(&mut self, path: &Path, error: &LoadError) {
        self.files.push((path.to_owned(), Err(error.to_string())));
    }

    fn reports(&self) -> impl Iterator<Item = &FileReport> {
        self.files.iter().filter_map(|(_, report)| report.as_ref().ok())
    }

    fn passed(&self) -> usize {
        self.reports().map(FileReport::passed).sum()
    }

    fn failed(&self) -> usize {
        self.reports().map(|report| report.failures().count()).sum()
    }

    fn unsupported(&self) -> usize {
        self.reports().map(|report| report.unsupported().count()).sum()
    }

    fn unreadable_files(&self) -> usize {
        self.files.len() - self.reports().count()
    }

    fn unsupported_by_operation(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (op, count) in self.reports().flat_map(FileReport::unsupported_by_operation) {
            *counts.entry(op).or_default() += count;
        }
        counts
    }

    fn text(&self) -> String {
        let names: Vec<_> = self.files.iter().map(|(path, _)| name(path)).collect();
        let width =
            names.iter().map(|name| name.chars().count()).max().unwrap_or_default().max("total".len());
        let mut text = String::new();
        // Writing to a String does not fail.
        for ((path, report), name) in self.files.iter().zip(names) {
            let _ = match report {
                Ok(report) => writeln!(text, "{name:width$}  {report}"),
                Err(error) => writeln!(text, "{name:width$}  UNREADABLE {}: {error}", path.display()),
            };
        }
        let (passed, failed, unsupported) = (self.passed(), self.failed(), self.unsupported());
        let _ = write!(
            text,
            "\n{:width$}  {passed} passed, {failed} failed, {unsupported} not yet supported",
            "total"
        );
        if self.unreadable_files() > 0 {
            let _ = write!(text, ", {} unreadable", self.unreadable_files());
        }
        text.push('\n');
        for (op, count) in self.unsupported_by_operation() {
            let _ = writeln!(text, "{:width$}  {count:>5} not yet supported: {op}", "");
        }
        text
    }

    fn json(&self) -> Value {
        let files: Vec<_> = self.files.iter().map(|(path, report)| file_json(path, report)).collect();
        json!({
            "files": files,
            "total": {
                "passed": self.passed(),
                "failed": self.failed(),
                "not_yet_supported": self.unsupported(),
                "unreadable": self.unreadable_files(),
            },
            "not_yet_supported": self.unsupported_by_operation(),
        })
    }

    fn verdict(&self, strict: bool) -> Result {
        if self.failed() > 0 || self.unreadable_files() > 0 {
            return Err(format!("{} failed, {} unreadable", self.failed(), self.unreadable_files()).into());
        }
        if strict && self.unsupported() > 0 {
            return Err(format!("{} not yet supported", self.unsupported()).into());
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn file_json(path: &Path, report: &std::result::Result<FileReport, String>) -> Value {
    let report = match report {
        Ok(report) => report,
        Err(error) => return json!({ "file": name(path), "path": path.to_string_lossy(), "error": error }),
    };
    let failures: Vec<_> = report
        .failures()
        .map(|(case, expected, got)| {
            json!({ "id": case.id, "op": case.op, "comment": case.comment, "expected": expected, "got": got })
        })
        .collect();
    let unsupported: Vec<_> = report
        .unsupported()
        .map(|(case, reason)| json!({ "id": case.id, "op": case.op, "reason": reason }))
        .collect();
    json!({
        "file": name(path),
        "path": path.to_string_lossy(),
        "source": report.source,
        "passed": report.passed(),
        "failed": failures.len(),
        "failures": failures,
        "not_yet_supported": unsupported,
        "warnings": report.warnings,
    })
}
