//! `cargo xtask interop`: other implementations read what this one writes, and the other way round.
//!
//! A program of `tests/interop` stands before each of them. `PROGRAM read FILE` answers every case of a vector file
//! with a line of JSON, `{"id", "output": {…}}`, `{"id", "error"}` or `{"id", "panic"}`, and is not told what is
//! expected: the judge of `cargo xtask vectors` compares. `PROGRAM write` writes a vector file of its own.

mod case;
mod deviations;
mod matrix;
mod peers;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use jose_tests::{
    ops,
    vectors::{self, Case, CaseReport, Expectation, Outcome as Answer, VectorFile, Verdict},
};
use serde_json::{Value, json};

use self::{
    case::About,
    deviations::Deviations,
    matrix::{Check, Direction, Matrix, Outcome, Tally},
    peers::Peer,
};
use xtask::{Result, args::Args, print, process, workspace::Workspace};

/// What all implementations together must have been asked, where all are run.
const LEAST: u64 = 1500;

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let (install, json) = (args.flag("--install"), args.flag("--json"));
    let markdown = args.flag("--deviations");
    let names = args.words(usize::MAX)?;
    let workspace = Workspace::read()?;
    let folder = workspace.root.join("tests/interop");
    let mut deviations = Deviations::load(&folder)?;
    if markdown {
        return print(&deviations.markdown());
    }
    let table = peers::load(&folder)?;
    let all = table.len();
    let mut peers = Vec::new();
    for peer in peers::select(table, &names)? {
        if install {
            peer.install(&workspace)?;
        }
        if peer.is_there(&workspace) {
            peers.push(peer);
        } else if names.is_empty() {
            eprintln!("{} is not installed: --install does so", peer.name);
        } else {
            return Err(format!("{} is not installed: --install does so", peer.name).into());
        }
    }

    let scratch = peers::scratch(&workspace);
    fs::create_dir_all(&scratch)?;
    let cases = asked(&workspace, &scratch)?;
    let mut run = Run { scratch, cases, matrix: Matrix::default() };
    for peer in &peers {
        let started = Instant::now();
        run.reads(peer, &workspace)?;
        run.writes(peer, &workspace)?;
        run.matrix.peers.push(peer.name.clone());
        eprintln!("{}: {}", peer.name, process::seconds(started.elapsed()));
    }
    let mut matrix = run.matrix;
    for check in &mut matrix.checks {
        deviations.explain(check);
    }

    let mut unexplained = wrong(&matrix, &peers);
    let names: Vec<_> = peers.iter().map(|peer| peer.name.as_str()).collect();
    unexplained.extend(deviations.stale(&names));
    let checks = Tally::of(&matrix.checks).checks();
    if peers.len() == all && checks < LEAST {
        unexplained.push(format!("{checks} checks in all: there must be {LEAST}"));
    }
    if let Err(error) = deviations.agree_with_guide(&workspace) {
        unexplained.push(error.to_string());
    }
    print(&if json { format!("{:#}\n", matrix.json(&unexplained)) } else { matrix.text() })?;
    if unexplained.is_empty() {
        return Ok(());
    }
    unexplained.iter().for_each(|line| eprintln!("{line}"));
    Err(format!("{} unexplained", unexplained.len()).into())
}

/// What no table explains: failures, skips of too much, and what is said to be lacking and never asked for.
fn wrong(matrix: &Matrix, peers: &[Peer]) -> Vec<String> {
    let mut wrong: Vec<String> = matrix
        .failures()
        .map(|(check, expected, got)| {
            let Check { peer, direction, id, about, .. } = check;
            format!("{peer} {} {id} ({}): expected {expected}, got {got}", direction.name(), about.op)
        })
        .collect();
    for peer in peers {
        for (direction, least) in Direction::ALL.into_iter().zip(peer.least) {
            let checks = Tally::of(matrix.of(&peer.name, direction)).checks();
            if checks < least {
                wrong.push(format!(
                    "{} {}: {checks} checks, where there must be {least}",
                    peer.name,
                    direction.name()
                ));
            }
        }
        let needs = matrix.needs(&peer.name);
        for need in peer.lacks.keys().filter(|need| !needs.contains(need.as_str())) {
            wrong.push(format!("{} is said to lack {need:?}, which no case needs", peer.name));
        }
    }
    wrong
}

/// The cases that others are asked: those this workspace writes afresh, and the published ones.
fn asked(workspace: &Workspace, scratch: &Path) -> Result<Vec<Value>> {
    let emitted = scratch.join("emitted.json");
    fs::write(&emitted, jose_tests::emit::file()?)?;
    let mut files = vec![emitted];
    files.extend(vectors::files(&workspace.root.join("tests/vectors")).map_err(|error| error.to_string())?);
    let mut cases = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Nobody implements a draft as it stands today.
        if name.starts_with("draft-") {
            continue;
        }
        let file: Value = serde_json::from_slice(&fs::read(&path)?)?;
        for case in file["cases"].as_array().into_iter().flatten().filter(|case| case::is_asked(case)) {
            let mut case = case.clone();
            let id = format!("{name}:{}", case["id"].as_str().unwrap_or_default());
            case["id"] = id.as_str().into();
            cases.push(case.clone());
            // The thumbprint as a URI is a case of its own: some have the one and not the other.
            if let Some(members) = cases.last_mut().and_then(Value::as_object_mut)
                && members.remove("uri").is_some()
            {
                case["id"] = format!("{id}/uri").into();
                cases.push(case);
            }
        }
    }
    // Nor is anybody told what is expected.
    let questions: Vec<_> = cases.iter().map(question).collect();
    fs::write(scratch.join("asked.json"), json!({ "source": "asked", "cases": questions }).to_string())?;
    Ok(cases)
}

/// The inputs of a case.
fn question(case: &Value) -> Value {
    let inputs = case["op"].as_str().and_then(ops::find).map_or(&[][..], |op| op.inputs);
    let known = |name: &str| ["id", "op", "payload_b64u"].contains(&name) || inputs.contains(&name);
    let answer = |name: &str| name == "payload_b64u" && case["op"] != "jws.sign";
    let members = case.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| known(name) && !answer(name));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

struct Run {
    scratch: PathBuf,
    /// What is asked, with what is expected.
    cases: Vec<Value>,
    matrix: Matrix,
}

impl Run {
    /// The implementation answers; the judge compares.
    fn reads(&mut self, peer: &Peer, workspace: &Workspace) -> Result {
        let mut command = peer.command(workspace)?;
        let output = process::output(command.arg("read").arg(self.scratch.join("asked.json")))?;
        let mut answers: BTreeMap<String, Value> = BTreeMap::new();
        for line in String::from_utf8(output)?.lines() {
            let answer: Value =
                serde_json::from_str(line).map_err(|error| format!("{}: {error}: {line}", peer.name))?;
            answers.insert(answer["id"].as_str().unwrap_or_default().to_owned(), answer);
        }
        let file = json!({ "source": peer.name, "cases": self.cases }).to_string();
        let file = VectorFile::parse(&file).map_err(|error| error.to_string())?;
        let report = file.run_with(|case| answer(case, answers.get(&case.id)));
        for (case, report) in self.cases.iter().zip(report.cases) {
            let about = About::of(case);
            let valid = case["result"] == "valid";
            let outcome = match peer.lacks.iter().find(|(need, _)| about.needs.contains(*need)) {
                Some((need, _)) if valid && report.verdict == Verdict::Passed && about.shows(need) => {
                    Outcome::Failed {
                        expected: format!("that {need:?} is lacking, as peers.json says"),
                        got: "what is right".to_owned(),
                    }
                }
                Some((_, reason)) => Outcome::Skipped(reason.clone()),
                None => outcome(report.verdict),
            };
            self.matrix.checks.push(Check {
                peer: peer.name.clone(),
                direction: Direction::Reads,
                id: report.id,
                about,
                outcome,
            });
        }
        Ok(())
    }

    /// The implementation writes; the runner of this workspace reads.
    fn writes(&mut self, peer: &Peer, workspace: &Workspace) -> Result {
        let output = String::from_utf8(process::output(peer.command(workspace)?.arg("write"))?)?;
        fs::write(self.scratch.join(format!("{}.json", peer.name)), &output)?;
        let file = VectorFile::parse(&output).map_err(|error| format!("{}: {error}", peer.name))?;
        let cases: Value = serde_json::from_str(&output)?;
        let cases = cases["cases"].as_array().into_iter().flatten();
        for (case, CaseReport { id, verdict, .. }) in cases.zip(file.run().cases) {
            self.matrix.checks.push(Check {
                peer: peer.name.clone(),
                direction: Direction::Writes,
                id,
                about: About::of(case),
                outcome: outcome(verdict),
            });
        }
        Ok(())
    }
}

/// What an implementation said, for the judge.
fn answer(case: &Case, answer: Option<&Value>) -> Answer {
    let Some(answer) = answer else { return Answer::BadCase("no answer".to_owned()) };
    if let Some(output) = answer["output"].as_object() {
        return Answer::Output(output.clone());
    }
    if answer["panic"] == true {
        return Answer::Panicked("as its program says".to_owned());
    }
    // Its errors are its own: that there is one is what counts.
    let class = match &case.expectation {
        Expectation::Invalid { error: Some(error) } => error.clone(),
        _ => "refused".to_owned(),
    };
    Answer::Error { class, detail: answer["error"].as_str().unwrap_or_default().to_owned() }
}

fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Passed => Outcome::Passed,
        Verdict::Failed { expected, got } => Outcome::Failed { expected, got },
        Verdict::Unsupported(reason) => {
            Outcome::Failed { expected: "an answer of this workspace".to_owned(), got: reason }
        }
    }
}
