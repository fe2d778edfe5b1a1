//! The crates that the libraries are built of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask::{Result, process, workspace::Workspace};

/// Name, version, where it is maintained, and which of the libraries build on it; for the targets of servers.
pub(crate) fn rows(workspace: &Workspace) -> Result<Vec<Vec<String>>> {
    let metadata =
        workspace.cargo(&["metadata", "--format-version", "1", "--locked", "--all-features"]).output()?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let packages: BTreeMap<&str, &Value> =
        items(&metadata["packages"]).filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let mut users: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for library in &workspace.crates {
        for line in tree(workspace, &library.name)? {
            users.entry(line).or_default().insert(&library.name);
        }
    }
    let row = |((name, version), users): ((String, String), BTreeSet<&str>)| {
        let is_it =
            |package: &&&Value| package["name"] == name.as_str() && package["version"] == version.as_str();
        let package = packages.values().find(is_it);
        let repository = package.and_then(|package| package["repository"].as_str()).unwrap_or("–");
        let repository = repository.trim_end_matches(".git").trim_start_matches("https://");
        let repository = repository.split("/tree/").next().unwrap_or_default();
        let least =
            workspace.crates.iter().map(|library| library.name.as_str()).filter(|name| users.contains(name));
        let users: Vec<&str> = least.map(|name| name.trim_start_matches("jose-")).collect();
        vec![name, version, repository.into(), users.join(" ")]
    };
    Ok(users.into_iter().map(row).collect())
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What a library is built of with all its features, without what only its tests and build scripts use.
fn tree(workspace: &Workspace, library: &str) -> Result<Vec<(String, String)>> {
    let mut tree =
        workspace.cargo(&["tree", "--locked", "--edges", "normal", "--all-features", "--prefix", "none"]);
    let output = String::from_utf8(process::output(tree.args([
        "--target",
        "x86_64-unknown-linux-gnu",
        "-p",
        library,
    ]))?)?;
    let line = |line: &str| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        (!name.starts_with("jose-")).then(|| (name.to_owned(), version.to_owned()))
    };
    Ok(output.lines().filter_map(line).collect::<BTreeSet<_>>().into_iter().collect())
}
