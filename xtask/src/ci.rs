//! `cargo xtask ci`: everything that must hold.

use std::time::{Duration, Instant};

use crate::{deny, features, fuzz, no_heap, wasm};
use xtask::{Result, args::Args, harness, print, process, workspace::Workspace};

/// A heading and what stands under it.
type Step = (&'static str, fn(&Workspace) -> Result);

/// After `cargo test --workspace`. Without `bits32`, which takes half as long as all of these: WebAssembly has 32 bits too.
const STEPS: [Step; 17] = [
    ("fmt", fmt),
    ("clippy", |workspace| clippy(workspace, &["--workspace"])),
    ("clippy, no features", clippy_without_features),
    ("features", |_| features::run(&[])),
    ("no-heap", |_| no_heap::run(&[])),
    ("embedded", |_| beside("embedded", &[])),
    ("vectors", |_| beside("vectors", &[])),
    ("wasm", |_| wasm::run(&[])),
    ("test, arbitrary precision", |workspace| {
        // A feature that any other crate may turn on: numbers then come out of serde_json in another way.
        test(workspace, &["--package", "jose-jwt", "--features", "serde_json/arbitrary_precision", "--tests"])
    }),
    ("test, least features", |workspace| {
        test(workspace, &["-pjose-tests", "--no-default-features", "--test", "additive"])
    }),
    ("interop, npm and PyPI", |_| beside("interop", &INTEROP.split(' ').collect::<Vec<_>>())),
    ("doc", doc),
    ("budget", |_| beside("budget", &[])),
    ("api", |_| beside("api", &[])),
    ("deny", |_| deny::run(&[])),
    ("assurance", |_| beside("assurance", &["--check"])),
    ("fuzz", |_| fuzz::run(&[])),
];

/// The implementations that a package manager brings in seconds.
const INTEROP: &str = "--install jose-npm jsonwebtoken-npm jwcrypto joserfc sd-jwt-npm sd-jwt";

/// The packages that stand in workspaces of their own.
const OUTSIDE: [&str; 7] = ["no-heap", "fuzz", "firmware", "hsm", "interop/rust", "peers", "wasm"];

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let mut times = Vec::new();
    for (name, step) in STEPS {
        print(&format!("\n=== {name} ===\n"))?;
        let started = Instant::now();
        let outcome = step(&workspace);
        times.push((name, started.elapsed()));
        if let Err(error) = outcome {
            print(&summary(&times))?;
            return Err(format!("{name}: {error}").into());
        }
        print(&format!("=== {name}: ok, {} ===\n", process::seconds(started.elapsed())))?;
    }
    print(&summary(&times))
}

fn summary(times: &[(&str, Duration)]) -> String {
    let line = |name: &str, time| format!("{name:<26} {:>9}\n", process::seconds(time));
    let steps: String = times.iter().map(|(name, time)| line(name, *time)).collect();
    format!("\n{steps}{}", line("total", times.iter().map(|(_, time)| time).sum()))
}

/// A command of a package that is beside what it tests.
fn beside(name: &str, args: &[&str]) -> Result {
    process::quietly(&mut harness(name, args)?)
}

fn fmt(workspace: &Workspace) -> Result {
    process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
    for folder in OUTSIDE {
        let manifest = format!("tests/{folder}/Cargo.toml");
        process::run(&mut workspace.cargo(&["fmt", "--all", "--manifest-path", &manifest, "--check"]))?;
    }
    Ok(())
}

fn test(workspace: &Workspace, args: &[&str]) -> Result {
    process::run(workspace.cargo(&["test"]).args(args))
}

fn clippy(workspace: &Workspace, packages: &[&str]) -> Result {
    process::run(workspace.cargo(&["clippy", "--all-targets"]).args(packages).args(["--", "-D", "warnings"]))
}

fn clippy_without_features(workspace: &Workspace) -> Result {
    let mut args = vec!["--no-default-features"];
    args.extend(workspace.crates.iter().flat_map(|krate| ["--package", &krate.name]));
    clippy(workspace, &args)
}

fn doc(workspace: &Workspace) -> Result {
    let mut doc = workspace.cargo(&["doc", "--workspace", "--no-deps"]);
    process::run(doc.env("RUSTDOCFLAGS", "-Dwarnings"))
}
