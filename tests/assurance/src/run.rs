//! The runs that are recorded.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use xtask::{Result, process, process::Command, workspace::Workspace};

use crate::record::Record;

/// Runs what the record of this name is about.
pub(crate) fn record(name: &str, seconds: u64, workspace: &Workspace) -> Result<Record> {
    match name {
        "wycheproof" => wycheproof(workspace),
        "interop" => interop(workspace),
        "fuzz" => fuzz(seconds, workspace),
        "coverage" => coverage(workspace),
        "mutants" => mutants(workspace),
        "timing" => timing(seconds, workspace),
        _ => Err(format!("no record {name:?}").into()),
    }
}

fn output(command: &mut Command) -> Result<String> {
    Ok(String::from_utf8(process::output(command)?)?)
}

fn wycheproof(workspace: &Workspace) -> Result<Record> {
    let args = "test --quiet --package jose-tests --test wycheproof -- --nocapture";
    let text = output(&mut workspace.cargo(&args.split(' ').collect::<Vec<_>>()))?;
    // A dot of progress may stand before.
    let lines = text.lines().filter_map(|line| line.split_once("wycheproof ")?.1.split_once(": "));
    let mut rows: Vec<Vec<String>> = lines.map(|(set, result)| vec![set.into(), result.into()]).collect();
    rows.sort();
    Record::new("wycheproof", &format!("cargo {args}"), &["set", "result"], rows)
}

fn interop(workspace: &Workspace) -> Result<Record> {
    let text = output(&mut workspace.cargo(&["xtask", "interop", "--install", "--json"]))?;
    let json: Value = serde_json::from_str(&text)?;
    let totals = json["totals"].as_object().ok_or("no totals")?;
    let mut rows = Vec::new();
    for (peer, directions) in totals.iter().filter(|(peer, _)| *peer != "all") {
        for (direction, tally) in directions.as_object().ok_or("no directions")? {
            let count = |name: &str| tally[name].to_string();
            rows.push(vec![
                peer.clone(),
                direction.clone(),
                count("checks"),
                count("passed"),
                count("deviate"),
                count("failed"),
            ]);
        }
    }
    let columns =
        ["implementation", "direction", "checks", "passed", "differs as docs/INTEROP.md says", "failed"];
    Record::new("interop", "cargo xtask interop --install", &columns, rows)
}

/// Adds to what was recorded.
fn fuzz(seconds: u64, workspace: &Workspace) -> Result<Record> {
    let manifest =
        ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", "tests/fuzz/Cargo.toml"];
    let metadata: Value = serde_json::from_slice(&process::output(&mut workspace.cargo(&manifest))?)?;
    let mut rows: BTreeMap<String, (u64, u64, String)> = BTreeMap::new();
    for row in Record::load("fuzz", workspace)?.into_iter().flat_map(|record| record.rows) {
        let [target, seconds, executions, findings] = row.as_slice() else {
            return Err("a row is damaged".into());
        };
        rows.insert(target.clone(), (seconds.parse()?, executions.parse()?, findings.clone()));
    }
    let targets = metadata["packages"][0]["targets"].as_array().ok_or("no targets")?;
    for target in targets {
        let (name, source) = (target["name"].as_str(), target["src_path"].as_str());
        let Some(name) = name.filter(|_| source.is_some_and(|path| path.contains("/targets/"))) else {
            continue;
        };
        let output = workspace.cargo(&["xtask", "fuzz", name, "--seconds", &seconds.to_string()]).output()?;
        let log = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{name}: {log}").into());
        }
        let executions = log
            .lines()
            .find_map(|line| line.split_once("stat::number_of_executed_units:"))
            .ok_or("no statistics")?;
        let executions: u64 = executions.1.trim().parse()?;
        let row = rows.entry(name.to_owned()).or_insert((0, 0, "none".into()));
        (row.0, row.1) = (row.0 + seconds, row.1 + executions);
    }
    let rows = rows.into_iter().map(|(name, (seconds, executions, findings))| {
        vec![name, seconds.to_string(), executions.to_string(), findings]
    });
    let command = "cargo xtask assurance --record fuzz --seconds N";
    Record::new("fuzz", command, &["target", "seconds", "executions", "findings"], rows.collect())
}

fn coverage(workspace: &Workspace) -> Result<Record> {
    let args = "llvm-cov --workspace --all-features --json --summary-only";
    let json: Value =
        serde_json::from_str(&output(&mut workspace.cargo(&args.split(' ').collect::<Vec<_>>()))?)?;
    let files = json["data"][0]["files"].as_array().ok_or("no files")?;
    let mut crates: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    let mut low = Vec::new();
    for file in files {
        let Some((_, path)) = file["filename"].as_str().and_then(|path| path.split_once("/crates/")) else {
            continue;
        };
        let Some((library, _)) = path.split_once("/src/") else { continue };
        let lines = &file["summary"]["lines"];
        let [covered, all] = ["covered", "count"].map(|name| lines[name].as_u64().unwrap_or_default());
        let sum = crates.entry(library).or_default();
        *sum = [sum[0] + covered, sum[1] + all];
        if covered * 100 < all * 95 {
            low.push(vec![
                format!("crates/{path}"),
                covered.to_string(),
                all.to_string(),
                percent(covered, all),
            ]);
        }
    }
    let sums = crates.into_iter();
    let mut rows: Vec<Vec<String>> = sums
        .map(|(library, [covered, all])| {
            vec![library.into(), covered.to_string(), all.to_string(), percent(covered, all)]
        })
        .collect();
    rows.extend(low);
    Record::new(
        "coverage",
        &format!("cargo {args}"),
        &["crate, or file below 95 %", "lines reached", "of", "share"],
        rows,
    )
}

fn percent(part: u64, all: u64) -> String {
    let tenths = (part * 1000).checked_div(all).unwrap_or(1000);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Adds what a run of `cargo mutants` left in `target/mutants.out`, which takes minutes a file, and is not repeated here.
fn mutants(workspace: &Workspace) -> Result<Record> {
    let outcomes = fs::read(workspace.target.join("mutants.out/outcomes.json"))?;
    let outcomes: Value = serde_json::from_slice(&outcomes)?;
    let mut files: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    let mut missed = Vec::new();
    for outcome in outcomes["outcomes"].as_array().ok_or("no outcomes")? {
        let mutant = &outcome["scenario"]["Mutant"];
        let Some(file) = mutant["file"].as_str() else { continue };
        let at = match outcome["summary"].as_str() {
            Some("CaughtMutant") => 0,
            Some("Timeout") => 1,
            Some("Unviable") => 2,
            _ => {
                missed.push(vec![
                    mutant["name"].as_str().unwrap_or_default().into(),
                    String::new(),
                    String::new(),
                    String::new(),
                    "missed".into(),
                ]);
                3
            }
        };
        files.entry(file).or_default()[at] += 1;
    }
    let row = |(file, counts): (&str, [u64; 4])| {
        [file.to_owned()].into_iter().chain(counts.map(|count| count.to_string())).collect()
    };
    let before = Record::load("mutants", workspace)?.into_iter().flat_map(|record| record.rows);
    // A mutant is named by its file first.
    let is_of =
        |row: &Vec<String>| files.keys().any(|file| row.first().is_some_and(|name| name.starts_with(file)));
    let mut rows: Vec<Vec<String>> = before.filter(|row| !is_of(row)).collect();
    rows.extend(files.iter().map(|(file, counts)| row((file, *counts))).chain(missed));
    rows.sort();
    let columns =
        ["file, or mutant that no test noticed", "noticed", "did not end", "did not compile", "missed"];
    Record::new(
        "mutants",
        "cargo mutants --in-place --output target --all-features -f FILE -E fmt -- --test NAME",
        &columns,
        rows,
    )
}

fn timing(seconds: u64, workspace: &Workspace) -> Result<Record> {
    let args = format!("bench --quiet --package jose-tests --bench timing -- --seconds {seconds}");
    let text = output(&mut workspace.cargo(&args.split(' ').collect::<Vec<_>>()))?;
    let mut lines = text.lines().skip(1);
    let mut rows = Vec::new();
    while let (Some(figures), Some(classes)) = (lines.next(), lines.next()) {
        let (name, figures) = figures.split_at_checked(44).ok_or("a line is short")?;
        let words: Vec<&str> = figures.split_whitespace().collect();
        let [number, median, _, difference, _, t, share, verdict @ ..] = words.as_slice() else {
            return Err(format!("{figures}: a line is short").into());
        };
        rows.push(vec![
            name.trim().into(),
            classes.trim().into(),
            (*number).into(),
            format!("{median} ns"),
            format!("{difference} ns"),
            format!("{t} below {share}"),
            verdict.join(" "),
        ]);
    }
    let columns = ["case", "classes", "measurements", "median", "difference", "largest t", "verdict"];
    Record::new("timing", &format!("cargo {args}"), &columns, rows)
}
