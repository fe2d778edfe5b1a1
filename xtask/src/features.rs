//! `cargo xtask features`: each crate with each of its features, for a host and for a microcontroller.

use std::{collections::BTreeSet, path::PathBuf, process::Command, thread, time::Instant};

use xtask::{
    Result,
    args::{Args, Usage},
    cross::Cross,
    print, process,
    workspace::{Crate, Workspace},
};

/// The target that has no operating system. `std` is not meant for it.
const BARE_METAL: &str = "thumbv7em-none-eabihf";

/// What runs on the host in a build for another target, the derive macros, is not worth optimizing.
const UNOPTIMIZED: &str = r#"profile.dev.package."*".opt-level=0"#;

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let every_level = args.flag("--every-level");
    let names = args.words(usize::MAX)?;
    let workspace = Workspace::read()?;
    if let Some(name) = names.iter().find(|name| workspace.crates.iter().all(|krate| krate.name != **name)) {
        return Err(Usage(format!("no crate {name:?}")).into());
    }
    let crates: Vec<_> =
        workspace.crates.iter().filter(|krate| names.is_empty() || names.contains(&krate.name)).collect();
    let host = Target { name: "host", cross: None, folder: workspace.target.clone() };
    let cross = Some(Cross::find(BARE_METAL, "core,alloc")?);
    let targets = [host, Target { name: BARE_METAL, cross, folder: workspace.target.join("bare-metal") }];
    // A build of one crate leaves processors idle; the targets have a folder each and do not wait for one another.
    let failed = thread::scope(|scope| {
        let checks: Vec<_> = targets
            .iter()
            .map(|target| scope.spawn(|| target.check(&workspace, &crates, every_level)))
            .collect();
        let all =
            checks.into_iter().map(|check| check.join().unwrap_or_else(|_| vec!["a thread".to_owned()]));
        all.flatten().collect::<Vec<_>>()
    });
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join("; ")).into()) }
}

struct Target {
    name: &'static str,
    /// How to build for it, where it is not the host.
    cross: Option<Cross>,
    folder: PathBuf,
}

impl Target {
    /// Checks every build of the crates; which failed.
    fn check(&self, workspace: &Workspace, crates: &[&Crate], every_level: bool) -> Vec<String> {
        let mut failed = Vec::new();
        for krate in crates.iter().filter(|krate| self.cross.is_none() || !krate.is_hosted) {
            for features in builds(krate, self.cross.is_none(), every_level) {
                let features: Vec<_> = features.into_iter().collect();
                let build = format!("{} {}: {}", self.name, krate.name, features.join(" "));
                let mut check = match &self.cross {
                    None => workspace.cargo(&["check"]),
                    Some(cross) => cross.cargo("check", &["--config", UNOPTIMIZED]),
                };
                check.current_dir(&workspace.root).arg("--target-dir").arg(&self.folder);
                check.args(["--quiet", "--package", &krate.name]);
                check.args(["--no-default-features", "--features", &features.join(",")]);
                let started = Instant::now();
                let outcome = without_a_word(&mut check);
                let time = process::seconds(started.elapsed());
                let _ = match &outcome {
                    Ok(()) => print(&format!("{build}  ok {time}\n")),
                    Err(error) => print(&format!("{build}  FAILED {time}\n{error}\n")),
                };
                if outcome.is_err() {
                    failed.push(build);
                }
            }
        }
        failed
    }
}

/// A quiet cargo that says something has a warning or an error.
fn without_a_word(command: &mut Command) -> Result {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && said.is_empty() {
        Ok(())
    } else {
        Err(format!("{said}{}", output.status).into())
    }
}

/// Each level, each feature alone at the lowest one that it has, or at every one, and all of them, save for the host, where clippy
/// has those. As sets of features, each once. The microcontroller has the levels without `std`, nothing and `alloc`, and the
/// host that with it, or the only one that a crate has. A feature that the crate's sources do not name only turns on others.
fn builds(krate: &Crate, std: bool, every_level: bool) -> BTreeSet<BTreeSet<&str>> {
    let has = |level: &&str| krate.features.contains_key(*level);
    let levels = match std {
        true => vec![Some("std").filter(has)],
        false => [None, Some("alloc").filter(has)].to_vec(),
    };
    let is_meant = |feature: &str| std || !closure(krate, [feature]).contains("std");
    let mut builds = BTreeSet::new();
    for level in levels {
        builds.insert(closure(krate, level));
        for feature in krate.named.iter().map(String::as_str) {
            let alone = closure(krate, [feature]);
            if every_level || level.is_none() || alone.contains("std") {
                builds.insert(closure(krate, level.into_iter().chain([feature])));
            }
        }
    }
    builds.retain(|build| build.iter().all(|feature| is_meant(feature)));
    if every_level || !std {
        builds.insert(krate.features.keys().map(String::as_str).filter(|name| is_meant(name)).collect());
    }
    builds
}

/// The features with all that they turn on in the same crate.
fn closure<'k>(krate: &'k Crate, features: impl IntoIterator<Item = &'k str>) -> BTreeSet<&'k str> {
    let mut closed = BTreeSet::new();
    let mut open: Vec<_> = features.into_iter().collect();
    while let Some(feature) = open.pop() {
        if let Some((feature, implied)) = krate.features.get_key_value(feature)
            && closed.insert(feature.as_str())
        {
            open.extend(implied.iter().map(String::as_str));
        }
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::builds;
    use xtask::workspace::Crate;

    #[test]
    fn each_feature_stands_alone() {
        let features =
            [("alloc", ""), ("clock", "std"), ("p256", ""), ("pem", ""), ("rsa", "alloc"), ("std", "alloc")];
        let on = |implied: &str| implied.split_whitespace().map(str::to_owned).collect();
        let features = features.map(|(name, implied)| (name.to_owned(), on(implied))).into_iter().collect();
        let named = ["alloc", "clock", "p256", "rsa", "std"].map(str::to_owned).into_iter().collect();
        let krate = Crate { name: "a".to_owned(), features, named, is_hosted: false };
        let text = |std, every_level| {
            let builds = builds(&krate, std, every_level).into_iter();
            builds.map(|build| Vec::from_iter(build).join(" ")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(text(false, true), ", alloc, alloc p256, alloc p256 pem rsa, alloc rsa, p256");
        assert_eq!(text(false, false), ", alloc, alloc p256 pem rsa, alloc rsa, p256");
        let all = "alloc clock p256 pem rsa std";
        assert_eq!(
            text(true, true),
            format!("{all}, alloc clock std, alloc p256 std, alloc rsa std, alloc std")
        );
        assert_eq!(text(true, false), "alloc clock std, alloc std");
    }
}
