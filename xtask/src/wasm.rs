//! `cargo xtask wasm`: the library in WebAssembly, run by Node.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use serde_json::Value;

use xtask::{Result, args::Args, cross::Cross, harness, print, process, workspace::Workspace};

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let size = args.flag("--size");
    args.words(0)?;
    let workspace = Workspace::read()?;
    let cross = Cross::find(TARGET, "std,panic_abort")?;
    let everything = build(&workspace, &cross, "everything", "dev")?;
    let es256 = size.then(|| build(&workspace, &cross, "es256", "release")).transpose()?;
    let vectors = workspace.root.join("tests/vectors");

    let mut node = Command::new("node");
    node.arg(folder(&workspace).join("run.mjs")).args([&everything, &vectors]).args(&es256);
    let report: Value = serde_json::from_slice(&process::output(&mut node)?)?;

    let here = natively()?;
    let mut there = BTreeMap::new();
    for (name, report) in report["files"].as_object().ok_or("run.mjs ran no vectors")? {
        print(&format!("{name}  {}\n", report["text"].as_str().unwrap_or_default()))?;
        there.insert(name.clone(), ["passed", "failed", "unsupported"].map(|count| report[count].as_u64()));
    }
    if let Some((name, counts)) = here.iter().find(|(name, counts)| there.get(*name) != Some(*counts)) {
        let there = there.get(name);
        return Err(format!("{name}: {counts:?} natively, {there:?} in WebAssembly").into());
    }
    let [passed, failed, unsupported] =
        [0, 1, 2].map(|at| there.values().filter_map(|counts| counts[at]).sum::<u64>());
    print(&format!("\n{passed} passed, {failed} failed, {unsupported} not yet supported: as natively\n"))?;
    print("sign, verify, encrypt, decrypt: Node's own cryptography agrees\n")?;
    if size {
        let (bytes, gzip) = (&report["es256"]["bytes"], &report["es256"]["gzip"]);
        print(&format!("a module that only verifies ES256 JWTs: {bytes} bytes, {gzip} by gzip\n"))?;
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} failed").into()) }
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/wasm")
}

/// Builds a module; where it is.
fn build(workspace: &Workspace, cross: &Cross, package: &str, profile: &str) -> Result<PathBuf> {
    let target = workspace.target.join("wasm");
    let mut build = cross.cargo("build", &["--locked", "--package", package, "--profile", profile]);
    // Cargo reads the settings of the folder that it is started in.
    process::run(build.arg("--target-dir").arg(&target).current_dir(folder(workspace)))?;
    let output = if profile == "dev" { "debug" } else { profile };
    Ok(target.join(TARGET).join(output).join(package).with_extension("wasm"))
}

/// What came of each vector file here, in the order of the report's counts.
fn natively() -> Result<BTreeMap<String, [Option<u64>; 3]>> {
    let report: Value = serde_json::from_slice(&process::output(&mut harness("vectors", &["--json"])?)?)?;
    let counts = |file: &Value| {
        let count = |name: &str| file[name].as_u64();
        let unsupported = file["not_yet_supported"].as_array().map(|cases| cases.len());
        let three = [count("passed"), count("failed"), unsupported.and_then(|len| u64::try_from(len).ok())];
        (file["file"].as_str().unwrap_or_default().to_owned(), three)
    };
    Ok(report["files"].as_array().into_iter().flatten().map(counts).collect())
}
