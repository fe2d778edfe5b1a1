//! docs/assurance.md.

use std::fmt::Write;
use std::fs;

use serde_json::Value;
use xtask::{Result, workspace::Workspace};

use crate::catalogue::{self, Row};
use crate::dependencies;
use crate::record::{NAMES, Record, table};

/// The sections of RFC 8725 and of its successor (draft-ietf-oauth-rfc8725bis), with the rows of tests/CATALOGUE.md that
/// show each.
const PRACTICES: [(&str, &str, &[&str]); 18] = [
    ("RFC 8725 §3.1", "the algorithm is checked, and each key is for one", &["A2", "A4", "A5", "B6"]),
    ("RFC 8725 §3.2", "appropriate algorithms", &["A1", "D1"]),
    ("RFC 8725 §3.3", "every cryptographic operation is validated", &["C1", "C2", "D13", "F8"]),
    ("RFC 8725 §3.4", "cryptographic inputs are validated", &["C7", "C8"]),
    ("RFC 8725 §3.5", "keys have enough entropy", &["A3", "A9", "B10"]),
    ("RFC 8725 §3.6", "no compression before encryption", &["D8"]),
    ("RFC 8725 §3.7", "UTF-8", &["E9"]),
    ("RFC 8725 §3.8", "issuer and subject", &["F5"]),
    ("RFC 8725 §3.9", "audience", &["F4"]),
    ("RFC 8725 §3.10", "claims and parameters as received are not trusted", &["B1", "B2", "B3"]),
    ("RFC 8725 §3.11", "explicit types", &["F6"]),
    ("RFC 8725 §3.12", "rules for different kinds of JWT exclude each other", &["F6"]),
    ("successor §2.3, §3.3", "an encrypted message is not taken for a signed one", &["D12"]),
    ("successor §2.11", "`none` in any spelling", &["A1"]),
    ("successor §3.1", "lists of what is allowed, and none of what is forbidden", &["A7", "A8"]),
    ("successor §3.13", "the count of PBES2 is limited", &["D9"]),
    ("successor §3.14", "one serialization", &["E1"]),
    ("successor §3.15", "limits of size and work", &["B11", "D8", "D16", "E7", "E8"]),
];

pub(crate) fn write(workspace: &Workspace) -> Result<String> {
    let attacks = catalogue::attacks(workspace)?;
    let mut text = String::from(
        "# Assurance\n\nWritten by `cargo xtask assurance` from the tests of this tree and from recorded runs \
         (tests/assurance/records),\nnot by hand. What is guaranteed, and what is not, stands in SECURITY.md.\n",
    );
    heading(&mut text, "Attacks, and the tests that carry them out");
    text.push_str("The rows of tests/CATALOGUE.md. `grep -rn \"Covers .*A2\" crates tests` finds all tests of a row.\n\n");
    let rows: Vec<_> =
        attacks.iter().map(|row| vec![row.id.clone(), row.about.clone(), count(row), first(row)]).collect();
    text.push_str(&table(&["id", "class of attack", "tests", "such as"], &rows));
    heading(&mut text, "Best current practice for JWTs");
    let mut rows = Vec::new();
    for (section, about, ids) in PRACTICES {
        let mut tests = Vec::new();
        for id in ids {
            let row = attacks.iter().find(|row| row.id == *id).ok_or_else(|| format!("no row {id}"))?;
            tests.push(format!("{id} ({})", row.tests.len()));
        }
        rows.push(vec![section.into(), about.into(), tests.join(", ")]);
    }
    text.push_str(&table(&["section", "what it asks", "rows above, with the number of tests"], &rows));
    let reasons = fs::read(workspace.root.join("tests/assurance/reasons.json"))?;
    let reasons: Value = serde_json::from_slice(&reasons)?;
    for (name, about) in NAMES {
        heading(&mut text, about);
        let Some(record) = Record::load(name, workspace)? else {
            text.push_str("Not recorded yet.\n");
            continue;
        };
        let Record { command, date, processor, .. } = &record;
        // Writing to a String does not fail.
        let _ = writeln!(text, "`{command}`, {date}, {processor}.\n\n{}", record.table());
        explain(name, &record, &reasons[name], &mut text)?;
    }
    heading(&mut text, "What the libraries are built of");
    text.push_str(
        "With all features, for a server; where each crate is maintained, and which of the six use it.\n\n",
    );
    let rows = dependencies::rows(workspace)?;
    text.push_str(&table(&["crate", "version", "maintained at", "in jose-…"], &rows));
    let missing: Vec<&str> =
        attacks.iter().filter(|row| row.tests.is_empty()).map(|row| row.id.as_str()).collect();
    if missing.is_empty() {
        Ok(text)
    } else {
        Err(format!("no test says that it covers {}", missing.join(", ")).into())
    }
}

/// The crates of whose lines the tests are to reach 95 %.
const SIX: [&str; 6] = ["jose-b64", "jose-jwa", "jose-jwk", "jose-jws", "jose-jwe", "jose-jwt"];

/// What no test noticed has a reason, as have a crate of the six of which the tests reach too little and a time that may differ, and
/// no reason is left without what it explains.
fn explain(name: &str, record: &Record, reasons: &Value, text: &mut String) -> Result {
    let share = |row: &[String]| row[3].trim_end_matches(" %").parse::<f64>().unwrap_or_default();
    let is_short = |row: &&Vec<String>| match name {
        "coverage" => SIX.contains(&row[0].as_str()) && share(row) < 95.0,
        "timing" => !row[0].starts_with("control") && row[6] != "no difference seen",
        _ => row.last().is_some_and(|last| last == "missed"),
    };
    let short: Vec<&str> = record.rows.iter().filter(is_short).map(|row| row[0].as_str()).collect();
    let Some(reasons) = reasons.as_object() else {
        return if short.is_empty() { Ok(()) } else { Err(format!("{name}: no reasons are given").into()) };
    };
    for name in &short {
        let reason = reasons
            .get(*name)
            .and_then(Value::as_str)
            .ok_or_else(|| format!("{name}: no reason is given"))?;
        let _ = writeln!(text, "- {name}: {reason}");
    }
    match reasons.keys().find(|name| !short.contains(&name.as_str())) {
        Some(name) => Err(format!("{name} is explained, and there is nothing to explain").into()),
        None => Ok(()),
    }
}

fn heading(text: &mut String, about: &str) {
    let _ = write!(text, "\n## {about}\n\n");
}

fn count(row: &Row) -> String {
    row.tests.len().to_string()
}

fn first(row: &Row) -> String {
    row.tests.first().cloned().unwrap_or_default()
}
