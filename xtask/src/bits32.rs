//! `cargo xtask bits32`: the tests where `usize` has 32 bits. Debian's gcc-multilib links them.

use xtask::{Result, args::Args, cross::Cross, process, workspace::Workspace};

/// A processor of today runs it.
const TARGET: &str = "i686-unknown-linux-gnu";

/// What runs for seconds is not worth minutes of a compiler: no optimization beyond what pays at once, and no lines in
/// backtraces.
const QUICKLY_BUILT: [&str; 4] =
    ["--config", r#"profile.dev.package."*".opt-level=1"#, "--config", "profile.dev.debug=false"];

/// A hundred megabytes, encrypted and decrypted, are as far below four gigabytes as any other length in the tests.
const SKIPPED: [&str; 2] = ["--skip", "large_messages_peak_below_three_times_the_payload"];

pub(crate) fn run(args: &[String]) -> Result {
    Args::new(args).words(0)?;
    let workspace = Workspace::read()?;
    let cross = Cross::find(TARGET, "std,panic_unwind,test")?;
    let mut test = cross.cargo("test", &QUICKLY_BUILT);
    test.current_dir(&workspace.root).arg("--target-dir").arg(workspace.target.join("bits32"));
    // What documentation shows does not depend on the target; of the tests of all crates together, the vectors might.
    test.args(workspace.crates.iter().flat_map(|krate| ["--package", &krate.name]));
    test.args(["--all-features", "--lib", "--test", "all", "--package", "jose-tests", "--test", "vectors"]);
    process::run(test.arg("--").args(SKIPPED))
}
