//! `cargo xtask package`: the crates from the files that would be published, with the least versions that they ask for.

use std::{fmt::Write as _, fs};

use xtask::{
    Result,
    args::Args,
    process::{self, Command},
    workspace::Workspace,
};

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let (archives, unpacked) = (workspace.target.join("package"), workspace.target.join("unpacked"));
    for folder in [&archives, &unpacked] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    fs::create_dir_all(&unpacked)?;
    let mut package = workspace.cargo(&["package", "--quiet", "--no-verify", "--allow-dirty"]);
    package.args(workspace.crates.iter().flat_map(|krate| ["--package", &krate.name]));
    process::run(&mut package)?;
    // A workspace of what was packed and nothing else. Their dependencies on each other are by version, and not published.
    let mut manifest = "[workspace]\nmembers = [\"*-*\"]\nresolver = \"3\"\n[patch.crates-io]\n".to_owned();
    let mut names: Vec<&str> = workspace.crates.iter().map(|krate| krate.name.as_str()).collect();
    for archive in fs::read_dir(&archives)? {
        let path = archive?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        // A version begins with a digit, and what follows a hyphen in a name does not.
        let name =
            stem.match_indices('-').find(|(at, _)| stem[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        let name = name.map(|(at, _)| &stem[..at]);
        let Some(at) = names.iter().position(|known| Some(*known) == name) else { continue };
        writeln!(manifest, "{} = {{ path = \"{stem}\" }}", names.swap_remove(at))?;
        process::quietly(Command::new("tar").arg("-xzf").arg(&path).arg("-C").arg(&unpacked))?;
    }
    if !names.is_empty() {
        return Err(format!("not packed: {}", names.join(", ")).into());
    }
    fs::write(unpacked.join("Cargo.toml"), manifest)?;
    // Rustup's own `cargo` picks the nightly one, which alone has this option.
    let mut lock = Command::new("cargo");
    lock.args(["+nightly", "generate-lockfile", "--quiet", "-Zdirect-minimal-versions"]);
    process::run(lock.current_dir(&unpacked))?;
    let mut check = workspace.cargo(&["check", "--quiet", "--locked", "--workspace", "--all-features"]);
    check.arg("--target-dir").arg(workspace.target.join("least"));
    process::run(check.current_dir(&unpacked))
}
