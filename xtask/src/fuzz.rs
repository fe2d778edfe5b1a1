//! `cargo xtask fuzz`: the targets of tests/fuzz.

use std::{fs, process::Command};

use serde_json::Value;

use xtask::{
    Result,
    args::{Args, Usage},
    process::{self, Tool},
    workspace::Workspace,
};

const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let seconds = args.value::<u64>("--seconds")?.unwrap_or(10);
    let wanted = args.words(1)?;
    let workspace = Workspace::read()?;
    let mut targets = targets(&workspace)?;
    if let [wanted] = wanted.as_slice() {
        if !targets.contains(wanted) {
            return Err(Usage(format!("no target {wanted:?}: there are {}", targets.join(", "))).into());
        }
        targets.retain(|target| target == wanted);
    }
    if targets.is_empty() {
        return Err("tests/fuzz holds no target".into());
    }
    let folder = CARGO_FUZZ.folder(&workspace.target)?;
    for target in targets {
        // What a run finds is the machine's, not the tree's.
        let corpus = workspace.target.join("fuzz/corpus").join(&target);
        let artifacts = workspace.target.join("fuzz/artifacts").join(&target);
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&artifacts)?;
        // Coverage and sanitizers need a nightly compiler, which rustup's own `cargo` picks.
        let mut fuzz = Command::new("cargo");
        fuzz.args(["+nightly", "fuzz", "run", "--fuzz-dir", "tests/fuzz", "--target-dir"]);
        fuzz.arg(workspace.target.join("fuzz")).arg(&target).arg(&corpus);
        let seeds = workspace.root.join("tests/fuzz/seeds").join(&target);
        if seeds.is_dir() {
            fuzz.arg(seeds);
        }
        fuzz.arg("--").arg(format!("-max_total_time={seconds}"));
        fuzz.args(["-timeout=10", "-print_final_stats=1", "-print_funcs=0", "-verbosity=0"]);
        fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
        if let Some(folder) = folder.clone() {
            process::prepend_path(&mut fuzz, folder)?;
        }
        process::run(fuzz.current_dir(&workspace.root))?;
    }
    Ok(())
}

/// The binaries that the manifest names. `cargo fuzz` has no `--locked`: a lock file that is out of date is noticed here.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let manifest = ["--locked", "--format-version", "1", "--manifest-path", "tests/fuzz/Cargo.toml"];
    let metadata = process::output(workspace.cargo(&["metadata"]).args(manifest))?;
    let metadata: Value = serde_json::from_slice(&metadata)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets =
        packages.filter(|package| package["name"] == "jose-fuzz").map(|package| &package["targets"]);
    let targets = targets.filter_map(Value::as_array).flatten().filter(|target| target["kind"][0] == "bin");
    Ok(targets.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect())
}
