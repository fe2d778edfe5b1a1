//! `cargo xtask features`: each crate with each of its features.

use std::time::Instant;

use crate::{
    Result,
    args::{Args, Usage},
    print, process,
    workspace::{Crate, Workspace},
};

pub(crate) fn run(args: &[String]) -> Result {
    let names = Args::new(args).words(usize::MAX)?;
    let workspace = Workspace::read()?;
    if let Some(name) = names.iter().find(|name| workspace.crates.iter().all(|krate| krate.name != **name)) {
        return Err(Usage(format!("no crate {name:?}")).into());
    }
    let mut failed = Vec::new();
    for krate in workspace.crates.iter().filter(|krate| names.is_empty() || names.contains(&krate.name)) {
        for flags in configurations(krate) {
            let configuration = format!("{} {}", krate.name, flags.join(" "));
            let started = Instant::now();
            // Clippy is `check` that can also refuse a warning in this crate alone.
            let mut check = workspace.cargo(&["clippy", "--quiet", "--package", &krate.name]);
            check.args(&flags).args(["--", "-D", "warnings"]);
            let outcome = process::quietly(&mut check);
            let word = if outcome.is_ok() { "ok" } else { "FAILED" };
            print(&format!("{configuration:<60} {word} {}\n", process::seconds(started.elapsed())))?;
            if outcome.is_err() {
                failed.push(configuration.trim_end().to_owned());
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join("; ")).into()) }
}

/// The flags of every build: nothing, each feature alone, the defaults, everything.
fn configurations(krate: &Crate) -> Vec<Vec<&str>> {
    let mut all = vec![vec!["--no-default-features"]];
    all.extend(krate.features.iter().map(|feature| vec!["--no-default-features", "--features", feature]));
    // Without features all builds are one.
    if !krate.features.is_empty() {
        all.extend([vec![], vec!["--all-features"]]);
    }
    all
}
