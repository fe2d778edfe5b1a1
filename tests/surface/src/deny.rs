//! `cargo xtask deny`: what may be in the dependency tree.

use xtask::{
    Result,
    args::Args,
    process::{self, Tool},
    workspace::Workspace,
};

const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let folder = CARGO_DENY.folder(&workspace.target)?;
    let mut deny = workspace.cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"]);
    if let Some(folder) = folder {
        process::prepend_path(&mut deny, folder)?;
    }
    process::run(&mut deny)
}
