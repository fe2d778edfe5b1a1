//! `cargo xtask bench`: the time of each operation beside that of its primitive, and of other implementations.

mod readme;
mod report;

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use jose_bench::{measure::Row, subjects};
use xtask::{
    Result,
    args::Args,
    print,
    process::{self, Command},
    workspace,
};

use report::Report;

/// For each group.
const TIME: Duration = Duration::from_millis(900);

/// What the program of the peers takes: jsonwebtoken has one backend in a process.
const BACKENDS: [&str; 2] = ["aws_lc_rs", "rust_crypto"];

fn main() -> ExitCode {
    xtask::main(&[("bench", run)])
}

fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let json = args.value::<PathBuf>("--json")?;
    let readme = args.flag("--readme");
    let peers = args.flag("--peers") || readme;
    let filter = args.words(1)?.pop().unwrap_or_default();
    if readme && !filter.is_empty() {
        return Err(xtask::args::Usage("--readme takes all operations".into()).into());
    }
    // Built before anything is measured.
    let peers = if peers { Some(build_peers()?) } else { None };
    let mut processes = vec![own(&filter)?];
    for backend in peers.iter().flat_map(|_| BACKENDS) {
        processes.push(measure_peers(backend, &filter)?);
    }
    let report = Report::new(processes)?;
    print(&report.text())?;
    if let Some(path) = json {
        fs::write(path, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    if readme { readme::write(&report) } else { Ok(()) }
}

fn own(filter: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for subject in subjects().into_iter().filter(|subject| subject.is_wanted(filter)) {
        eprintln!("{subject}");
        rows.extend(subject.group()?.measure(TIME));
    }
    Ok(rows)
}

fn peers(command: &str) -> Result<Command> {
    let mut cargo = Command::new(process::cargo());
    cargo.args([command, "--release", "--quiet", "--locked", "--bin", "peers", "--manifest-path"]);
    cargo.arg(workspace::root()?.join("tests/peers/Cargo.toml"));
    Ok(cargo)
}

fn build_peers() -> Result {
    process::quietly(&mut peers("build")?)
}

fn measure_peers(backend: &str, filter: &str) -> Result<Vec<Row>> {
    let output = process::output(peers("run")?.args(["--", backend, filter]))?;
    Ok(serde_json::from_slice(&output)?)
}
