//! `cargo xtask fuzz`: the targets of tests/fuzz.

use std::process::{Child, Command};
use std::{error::Error, fs, thread};

use xtask::{
    Result,
    args::{Args, Usage},
    process::{self, Tool},
    workspace::Workspace,
};

const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let seconds = args.value::<u64>("--seconds")?.unwrap_or(20);
    // There is no `unsafe` here: without a sanitizer, three to five times as many inputs are tried.
    let sanitizer = args.value::<String>("--sanitizer")?.unwrap_or_else(|| "none".to_owned());
    let wanted = args.words(1)?;
    let workspace = Workspace::read()?;
    let mut targets = Vec::new();
    for target in fs::read_dir(workspace.root.join("tests/fuzz/targets"))? {
        targets.extend(target?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    targets.sort();
    if let [wanted] = wanted.as_slice() {
        if !targets.contains(wanted) {
            return Err(Usage(format!("no target {wanted:?}: there are {}", targets.join(", "))).into());
        }
        targets.retain(|target| target == wanted);
    }
    let folder = CARGO_FUZZ.folder(&workspace.target)?;
    // What a run finds is the machine's, not the tree's. The writer also notices a lock file that is out of date.
    let (built, corpus) = (workspace.target.join("fuzz"), workspace.target.join("fuzz/corpus"));
    let mut seeds = workspace.cargo(&["run", "--quiet", "--locked", "--manifest-path"]);
    seeds.arg("tests/fuzz/writer/Cargo.toml").arg("--target-dir").arg(&built).arg("--").arg(&corpus);
    process::run(&mut seeds)?;
    let fuzz = |action: &str| {
        // Coverage and sanitizers need a nightly compiler, which rustup's own `cargo` picks.
        let mut fuzz = Command::new("cargo");
        fuzz.args(["+nightly", "fuzz", action, "--fuzz-dir", "tests/fuzz"]).arg("--target-dir").arg(&built);
        fuzz.args(["--sanitizer", &sanitizer]);
        folder.clone().map_or(Ok(()), |folder| process::prepend_path(&mut fuzz, folder))?;
        fuzz.current_dir(&workspace.root);
        Ok::<_, Box<dyn Error>>(fuzz)
    };
    process::run(fuzz("build")?.args(if targets.len() == 1 { targets.as_slice() } else { &[] }))?;
    for some in targets.chunks(thread::available_parallelism()?.get()) {
        let mut runs = Vec::new();
        for target in some {
            let (corpus, artifacts) = (corpus.join(target), built.join("artifacts").join(target));
            fs::create_dir_all(&corpus)?;
            fs::create_dir_all(&artifacts)?;
            let mut run = fuzz("run")?;
            run.arg(target).arg(&corpus).arg("--").arg(format!("-max_total_time={seconds}"));
            run.args(["-timeout=10", "-print_final_stats=1", "-print_funcs=0", "-verbosity=0"]);
            runs.push(run.arg(format!("-artifact_prefix={}/", artifacts.display())).spawn()?);
        }
        let ends: Vec<_> = runs.iter_mut().map(Child::wait).collect();
        for (target, end) in some.iter().zip(ends) {
            let end = end?;
            if !end.success() {
                return Err(format!("{target}: {end}").into());
            }
        }
    }
    Ok(())
}
