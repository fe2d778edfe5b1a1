//! `cargo xtask bits32`: the tests where `usize` has 32 bits.

use crate::{Result, args::Args, cross::Cross, process, workspace::Workspace};

/// A processor of today runs it.
const TARGET: &str = "i686-unknown-linux-gnu";

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let cross = Cross::find(TARGET, "std,panic_unwind,test")?;
    // What a documentation test shows does not depend on the target, and each is a program to link.
    let mut test =
        cross.cargo("test", &["--workspace", "--exclude", "xtask", "--all-features", "--lib", "--tests"]);
    test.current_dir(&workspace.root).arg("--target-dir").arg(workspace.target.join("bits32"));
    // Lines of the standard library in a backtrace are not worth their time.
    process::run(test.env("CARGO_PROFILE_DEV_DEBUG", "none"))
}
