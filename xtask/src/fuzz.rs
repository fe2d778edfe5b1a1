//! `cargo xtask fuzz`: the targets of tests/fuzz.

use std::{fs, process::Command};

use crate::{
    Result,
    args::{Args, Usage},
    print,
    process::{self, Tool},
    workspace::Workspace,
};

const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let seconds = args.number("--seconds")?.unwrap_or(10);
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
        return print("tests/fuzz holds no target\n");
    }
    let folder = CARGO_FUZZ.folder(&workspace)?;
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

/// The binaries that the manifest names.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let manifest = workspace.root.join("tests/fuzz/Cargo.toml");
    if !manifest.is_file() {
        return Ok(Vec::new());
    }
    let mut in_bin = false;
    let mut targets = Vec::new();
    for line in fs::read_to_string(manifest)?.lines().map(str::trim) {
        if line.starts_with('[') {
            in_bin = line == "[[bin]]";
        } else if let (true, Some((key, value))) = (in_bin, line.split_once('='))
            && key.trim() == "name"
        {
            targets.push(value.trim().trim_matches('"').to_owned());
        }
    }
    Ok(targets)
}
