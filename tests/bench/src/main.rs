//! `cargo xtask bench`: the time of each operation beside that of its primitive, and of other implementations.

mod readme;
mod report;

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use jose_bench::{
    measure::{Row, of_runs},
    subjects,
};
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

/// The programs of the peers and what they take. jsonwebtoken has one backend in a process, and BoringSSL is not linked beside
/// OpenSSL.
const PROGRAMS: [(&str, &[&str]); 3] =
    [("peers", &["aws_lc_rs"]), ("peers", &["rust_crypto"]), ("peers-boringssl", &[])];

fn main() -> ExitCode {
    xtask::main(&[("bench", run)])
}

fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let json = args.value::<PathBuf>("--json")?;
    let readme = args.flag("--readme");
    let peers = args.flag("--peers") || readme;
    let runs = args.value::<usize>("--runs")?;
    let filter = args.words(1)?.pop().unwrap_or_default();
    if readme && !filter.is_empty() {
        return Err(xtask::args::Usage("--readme takes all operations".into()).into());
    }
    if readme && runs.is_some() {
        return Err(xtask::args::Usage("--readme takes three runs".into()).into());
    }
    let runs = if readme { 3 } else { runs.unwrap_or(1).max(1) };
    // Built before anything is measured.
    let programs = if peers { build_peers()? } else { Vec::new() };
    let mut processes = vec![Vec::new(); 1 + programs.len()];
    for _ in 0..runs {
        processes[0].push(own(&filter)?);
        for ((package, args), runs) in programs.iter().zip(&mut processes[1..]) {
            let output = process::output(cargo("run", package)?.arg("--").args(*args).arg(&filter))?;
            runs.push(serde_json::from_slice(&output)?);
        }
    }
    let report = Report::new(processes.iter().map(|runs| of_runs(runs)).collect())?;
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

/// The programs that could be built.
fn build_peers() -> Result<Vec<(&'static str, &'static [&'static str])>> {
    process::quietly(&mut cargo("build", "peers")?)?;
    if process::quietly(&mut cargo("build", "peers-boringssl")?).is_ok() {
        return Ok(PROGRAMS.into());
    }
    eprintln!("jwt-simple is left out: BoringSSL needs cmake, and libclang with its headers");
    Ok(PROGRAMS.into_iter().filter(|(package, _)| *package == "peers").collect())
}

/// `cargo COMMAND`, for a program of the peers' workspace.
fn cargo(command: &str, package: &str) -> Result<Command> {
    let mut cargo = Command::new(process::cargo());
    cargo.args([command, "--release", "--quiet", "--locked", "--package", package, "--bin", package]);
    cargo.arg("--manifest-path").arg(workspace::root()?.join("tests/peers/Cargo.toml"));
    Ok(cargo)
}
