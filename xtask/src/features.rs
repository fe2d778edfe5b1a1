//! `cargo xtask features`: each crate with each of its features, for a host and for a microcontroller.

use std::{collections::BTreeSet, path::PathBuf, process::Command, time::Instant};

use xtask::{
    Result,
    args::{Args, Usage},
    cross::Cross,
    print, process,
    workspace::{Crate, Workspace},
};

/// The target that has no operating system. `std` is not meant for it.
const BARE_METAL: &str = "thumbv7em-none-eabihf";

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let every_level = args.flag("--every-level");
    let targets = [("host", args.flag("--host")), (BARE_METAL, args.flag("--bare-metal"))];
    let names = args.words(usize::MAX)?;
    let workspace = Workspace::read()?;
    if let Some(name) = names.iter().find(|name| workspace.crates.iter().all(|krate| krate.name != **name)) {
        return Err(Usage(format!("no crate {name:?}")).into());
    }
    let crates: Vec<_> =
        workspace.crates.iter().filter(|krate| names.is_empty() || names.contains(&krate.name)).collect();
    let (mut failed, all) = (Vec::new(), targets.iter().all(|(_, wanted)| !wanted));
    for (name, _) in targets.into_iter().filter(|(_, wanted)| all || *wanted) {
        let cross = (name == BARE_METAL).then(|| Cross::find(BARE_METAL, "core,alloc")).transpose()?;
        let folder = workspace.target.join(if cross.is_some() { "bare-metal" } else { "" });
        failed.extend(Target { name, cross, folder }.check(&workspace, &crates, every_level));
    }
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
        let is_host = self.cross.is_none();
        let crates: Vec<_> = crates.iter().filter(|krate| is_host || !krate.is_hosted).collect();
        let named = |krate: &Crate, on: BTreeSet<&str>| -> String {
            let heap = !is_host && (on.contains("alloc") || !krate.features.contains_key("alloc"));
            let own = on.iter().map(|feature| format!("{}/{feature},", krate.name));
            own.chain(heap.then(|| "jose-primitives/alloc,".to_owned())).collect()
        };
        let mut all_builds = Vec::new();
        for krate in &crates {
            let alone = builds(krate, is_host, every_level).into_iter();
            all_builds.extend(alone.map(|on| (vec![krate.name.as_str()], named(krate, on))));
        }
        // All of the features, of all crates at once: clippy has those of the host.
        if !is_host || every_level {
            let on = crates.iter().map(|krate| named(krate, meant(krate, is_host))).collect();
            all_builds.push((crates.iter().map(|krate| krate.name.as_str()).collect(), on));
        }
        let mut failed = Vec::new();
        for (names, on) in all_builds {
            let text = format!("{} {}: {on}", self.name, names.join(" "));
            let mut check = match &self.cross {
                None => workspace.cargo(&["check"]),
                Some(cross) => cross.cargo("check", &["--package", "jose-primitives"]),
            };
            check.current_dir(&workspace.root).arg("--target-dir").arg(&self.folder);
            check.args(["--quiet", "--no-default-features", "--features", &on, "--package", "jose-macros"]);
            check.args(names.iter().flat_map(|name| ["--package", name]));
            let started = Instant::now();
            let outcome = without_a_word(&mut check);
            let time = process::seconds(started.elapsed());
            let _ = match &outcome {
                Ok(()) => print(&format!("{text}  ok {time}\n")),
                Err(error) => print(&format!("{text}  FAILED {time}\n{error}\n")),
            };
            if outcome.is_err() {
                failed.push(text);
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

/// Each level, and each feature alone at the lowest one that it has, or at every one. As sets of features, each once. The
/// microcontroller has the levels without `std`, nothing and `alloc`, and the host that with it, or the only one that a crate has.
/// A feature that the crate's sources do not name only turns on others.
fn builds(krate: &Crate, std: bool, every_level: bool) -> BTreeSet<BTreeSet<&str>> {
    let has = |level: &&str| krate.features.contains_key(*level);
    let levels = match std {
        true => vec![Some("std").filter(has)],
        false => [None, Some("alloc").filter(has)].to_vec(),
    };
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
    let meant = meant(krate, std);
    builds.retain(|build| build.is_subset(&meant));
    builds
}

/// All features, save for a microcontroller those that turn on `std`.
fn meant(krate: &Crate, std: bool) -> BTreeSet<&str> {
    let features = krate.features.keys().map(String::as_str);
    features.filter(|feature| std || !closure(krate, [*feature]).contains("std")).collect()
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
    use super::{builds, meant};
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
        assert_eq!(text(false, true), ", alloc, alloc p256, alloc rsa, p256");
        assert_eq!(text(false, false), ", alloc, alloc rsa, p256");
        assert_eq!(text(true, true), "alloc clock std, alloc p256 std, alloc rsa std, alloc std");
        assert_eq!(text(true, false), "alloc clock std, alloc std");
        let all = |std| Vec::from_iter(meant(&krate, std)).join(" ");
        assert_eq!([all(false), all(true)], ["alloc p256 pem rsa", "alloc clock p256 pem rsa std"]);
    }
}
