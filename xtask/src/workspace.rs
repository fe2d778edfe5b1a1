//! Where everything is, and which crates there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{Result, process};

pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// The libraries, in the order of their names.
    pub crates: Vec<Crate>,
}

pub struct Crate {
    pub name: String,
    /// Every feature save `default`, with what it turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// Those that its own sources name, in a `cfg`. The others only turn on what they list.
    pub named: BTreeSet<String>,
    /// Whether it is of no use without an operating system: a tier above the six.
    pub is_hosted: bool,
}

impl Workspace {
    pub fn read() -> Result<Self> {
        let root = root()?;
        let mut metadata = Command::new(process::cargo());
        metadata.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&root);
        let metadata: Value = serde_json::from_slice(&process::output(&mut metadata)?)?;
        let target =
            metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
        let mut crates = Vec::new();
        for package in metadata["packages"].as_array().ok_or("cargo metadata lists no packages")? {
            let manifest = package["manifest_path"].as_str().unwrap_or_default();
            if let (true, Some(name)) =
                (Path::new(manifest).starts_with(root.join("crates")), package["name"].as_str())
            {
                let mut features: BTreeMap<_, _> = serde_json::from_value(package["features"].clone())?;
                features.remove("default");
                let is_hosted = package["metadata"]["hosted"] == true;
                let text = sources(&Path::new(manifest).with_file_name("src"))?;
                let is_named = |feature: &&String| text.contains(&format!("feature = \"{feature}\""));
                let named = features.keys().filter(is_named).cloned().collect();
                crates.push(Crate { name: name.to_owned(), features, named, is_hosted });
            }
        }
        crates.sort_by(|a, b| a.name.cmp(&b.name));
        if crates.is_empty() {
            return Err("cargo metadata lists no package under crates/".into());
        }
        Ok(Self { target: target.into(), root, crates })
    }

    /// `cargo` with these arguments, at the root.
    pub fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(process::cargo());
        command.args(args).current_dir(&self.root);
        command
    }
}

/// All that the files below a folder hold.
fn sources(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        text += &if path.is_dir() { sources(&path)? } else { fs::read_to_string(path)? };
    }
    Ok(text)
}

/// The folder of the root manifest, wherever the command was started.
pub fn root() -> Result<PathBuf> {
    // `cargo run` sets the variable, to the folder of whichever package runs; a binary that is started by itself knows
    // where it was built.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let root = package.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
    Ok(root.ok_or("no folder above the package has xtask")?.to_owned())
}
