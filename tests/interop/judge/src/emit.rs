//! `cargo xtask emit`: a vector file of this workspace's own making.

use std::fs;

use xtask::{Result, args::Args, print};

pub(crate) fn run(args: &[String]) -> Result {
    let mut args = Args::new(args);
    let out = args.value::<String>("--out")?;
    args.words(0)?;
    let text = jose_tests::emit::file()?;
    match out {
        Some(path) => Ok(fs::write(&path, text).map_err(|error| format!("{path}: {error}"))?),
        None => print(&text),
    }
}
