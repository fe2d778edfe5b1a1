//! Other programs.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

pub use std::process::Command;

use crate::{Result, print};

/// A tool that `cargo install` brings, at the version that the workspace is checked with.
pub struct Tool {
    /// The package and the binary: `cargo-deny`.
    pub name: &'static str,
    pub version: &'static str,
}

impl Tool {
    /// The folder that holds the tool, installed under the target folder where it is not on the path.
    pub fn folder(&self, target: &Path) -> Result<Option<PathBuf>> {
        let path = env::var_os("PATH").unwrap_or_default();
        if env::split_paths(&path).any(|folder| folder.join(self.name).is_file()) {
            return Ok(None);
        }
        let root = target.join("tools");
        let folder = root.join("bin");
        // Unoptimized: these tools take longer to build than to run.
        let mut install = Command::new(cargo());
        install.args(["install", "--locked", "--debug", "--quiet", self.name]);
        install.args(["--version", self.version]).arg("--root").arg(&root);
        install.arg("--target-dir").arg(target.join("tools-build"));
        // Cargo itself leaves alone what is there at that version already.
        run(&mut install)?;
        Ok(Some(folder))
    }
}

/// The cargo that runs this program.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Puts `folder` before everything else on the command's path.
pub fn prepend_path(command: &mut Command, folder: PathBuf) -> Result {
    let path = env::var_os("PATH").unwrap_or_default();
    command.env("PATH", env::join_paths([folder].into_iter().chain(env::split_paths(&path)))?);
    Ok(())
}

/// Says what is run, runs it, and wants success.
pub fn run(command: &mut Command) -> Result {
    print(&format!("$ {}\n", line(command)))?;
    quietly(command)
}

/// Runs it and wants success.
pub fn quietly(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| format!("{}: {error}", line(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}`: {status}", line(command)).into()) }
}

/// Runs it, wants success, and takes its standard output.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| format!("{}: {error}", line(command)))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("`{}`: {}", line(command), output.status).into())
    }
}

fn line(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words: Vec<_> = [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
