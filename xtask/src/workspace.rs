//! Where everything is, and which crates there are.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{Result, process};

pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// The libraries, in the order of their names.
    pub(crate) crates: Vec<Crate>,
}

pub(crate) struct Crate {
    pub(crate) name: String,
    /// Every feature save `default`, with what it turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

impl Workspace {
    pub(crate) fn read() -> Result<Self> {
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
                crates.push(Crate { name: name.to_owned(), features });
            }
        }
        crates.sort_by(|a, b| a.name.cmp(&b.name));
        if crates.is_empty() {
            return Err("cargo metadata lists no package under crates/".into());
        }
        Ok(Self { target: target.into(), root, crates })
    }

    /// `cargo` with these arguments, at the root.
    pub(crate) fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(process::cargo());
        command.args(args).current_dir(&self.root);
        command
    }
}

/// The folder of the root manifest, wherever the command was started.
pub(crate) fn root() -> Result<PathBuf> {
    // `cargo run` sets the variable; a binary that is started by itself knows where it was built.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    Ok(package.parent().ok_or("the package has no parent folder")?.to_owned())
}
