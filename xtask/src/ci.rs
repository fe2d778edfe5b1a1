//! `cargo xtask ci`: everything that must hold.

use std::{thread, time::Instant};

use crate::{features, fuzz, no_heap, wasm};
use xtask::{Result, args::Args, harness, print, process, workspace::Workspace};

/// A heading and what stands under it.
type Step = (&'static str, fn(&Workspace) -> Result);

/// After `cargo test --workspace`. Without `bits32`, which takes half as long as all of these: WebAssembly has 32 bits too.
const STEPS: &[Step] = &[
    ("fmt", fmt),
    ("clippy", |workspace| clippy(workspace, &["--workspace"])),
    ("clippy, no features", clippy_without_features),
    ("vectors", |_| beside("vectors", &[])),
    ("test, arbitrary precision", |workspace| {
        // A feature that any other crate may turn on: numbers then come out of serde_json in another way.
        test(workspace, &["--workspace", "--features", "serde_json/arbitrary_precision", "--test", "jwt"])
    }),
    ("test, least features", |workspace| {
        test(workspace, &["--profile", "dev", "-p", "jose-additive", "-p", "jose-macros"])
    }),
    ("interop, npm and PyPI", |_| beside("interop", &INTEROP.split(' ').collect::<Vec<_>>())),
    ("doc", doc),
    ("budget", |_| beside("budget", &[])),
    ("api", |_| beside("api", &[])),
    ("assurance", |_| beside("assurance", &["--check"])),
    ("features", |_| features::run(&["--host".into()])),
];

/// At the same time, in rows of their own: they have folders of their own, and one row alone does not keep two processors busy.
const ASIDE: [&[Step]; 3] = [
    &[
        ("no-heap", |_| no_heap::run(&[])),
        ("embedded", |_| beside("embedded", &[])),
        ("deny", |_| beside("deny", &[])),
    ],
    &[("fuzz", |_| fuzz::run(&[])), ("package", |_| beside("package", &[]))],
    &[
        ("features, microcontroller", |_| features::run(&["--bare-metal".into()])),
        ("wasm", |_| wasm::run(&[])),
    ],
];

/// The implementations that a package manager brings in seconds.
const INTEROP: &str = "--install jose-npm jsonwebtoken-npm jwcrypto joserfc sd-jwt-npm sd-jwt";

/// The packages that stand in workspaces of their own.
const OUTSIDE: &str =
    "no-heap fuzz fuzz/writer firmware hsm interop/rust peers peers/boringssl wasm/es256 wasm/everything";

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let started = Instant::now();
    let failed: Vec<_> = thread::scope(|scope| {
        let rows = ASIDE.map(|steps| scope.spawn(|| row(&workspace, steps)));
        let first = row(&workspace, STEPS);
        let rows = rows.into_iter().map(|row| row.join().unwrap_or_else(|_| Err("a thread".to_owned())));
        [first].into_iter().chain(rows).filter_map(std::result::Result::err).collect()
    });
    print(&format!("\nall of it: {}\n", process::seconds(started.elapsed())))?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ").into()) }
}

/// The steps one after another, up to the first that fails.
fn row(workspace: &Workspace, steps: &[Step]) -> std::result::Result<(), String> {
    for (name, step) in steps {
        let started = Instant::now();
        let outcome = print(&format!("\n=== {name} ===\n")).and_then(|()| step(workspace));
        let outcome = outcome.map_err(|error| format!("{name}: {error}"));
        let time = process::seconds(started.elapsed());
        let said = outcome.as_ref().map_or_else(String::clone, |()| format!("{name}: ok, {time}"));
        let _ = print(&format!("=== {said} ===\n"));
        outcome?;
    }
    Ok(())
}

/// A command of a package that is beside what it tests.
fn beside(name: &str, args: &[&str]) -> Result {
    process::quietly(&mut harness(name, args)?)
}

fn fmt(workspace: &Workspace) -> Result {
    process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
    for folder in OUTSIDE.split(' ') {
        let manifest = format!("tests/{folder}/Cargo.toml");
        process::run(&mut workspace.cargo(&["fmt", "--manifest-path", &manifest, "--check"]))?;
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
    let mut args = vec!["--no-default-features", "--package", "jose-macros"];
    args.extend(workspace.crates.iter().flat_map(|krate| ["--package", &krate.name]));
    clippy(workspace, &args)
}

fn doc(workspace: &Workspace) -> Result {
    // With an example, the dependencies have the features that clippy has checked them with.
    let mut doc = workspace.cargo(&["doc", "--workspace", "--no-deps", "--lib", "--bins"]);
    doc.args(["--example", "quickstart"]);
    process::run(doc.env("RUSTDOCFLAGS", "-Dwarnings"))
}
