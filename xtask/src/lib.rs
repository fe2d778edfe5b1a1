//! What `cargo xtask` and the harnesses that it runs share: the list of commands, arguments, other programs.

pub mod args;
pub mod cross;
pub mod process;
pub mod workspace;

use std::{
    env,
    error::Error,
    ffi::OsStr,
    io::{self, Write as _},
    process::ExitCode,
};

use workspace::Workspace;

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Runs a command with its arguments.
pub type Run = fn(&[String]) -> Result;

/// One subcommand.
pub struct Command {
    pub name: &'static str,
    pub usage: &'static str,
    pub about: &'static str,
    /// The package that has it, where that is not this one.
    pub package: &'static str,
}

const fn command(
    name: &'static str,
    usage: &'static str,
    package: &'static str,
    about: &'static str,
) -> Command {
    Command { name, usage, about, package }
}

pub const COMMANDS: [Command; 16] = [
    command("ci", "", "", "everything that must hold, in four rows, each until its first failure"),
    command(
        "vectors",
        "[PATH…] [--json] [--strict]",
        "jose-interop",
        "run vector files (default: tests/vectors); --strict: not yet supported is a failure",
    ),
    command("emit", "[--out FILE]", "jose-interop", "write vectors with fresh keys, for others to read"),
    command("features", "[--host | --bare-metal] [--every-level] [CRATE…]", "", "each feature of each crate"),
    command("no-heap", "", "", "build and run a program without an allocator, and look for one in it"),
    command("bits32", "", "", "the tests on a 32-bit processor"),
    command("embedded", "[--json]", "jose-firmware-host", "firmware: build, run, check and measure it"),
    command("wasm", "[--size]", "", "all vectors in WebAssembly; --size: measure a module for ES256, too"),
    command("interop", "[--install] [--json] [--deviations] [NAME…]", "jose-interop", "others, both ways"),
    command("fuzz", "[TARGET] [--seconds N] [--sanitizer NAME]", "", "run one fuzz target, or each"),
    command("budget", "", "jose-surface", "how large sources and surface are, and may be"),
    command("api", "[--bless]", "jose-surface", "compare the public items with tests/api; --bless: write it"),
    command("package", "", "jose-surface", "check what would be published, with least versions"),
    command("assurance", "[--check] [--record NAME]", "jose-assurance", "write docs/assurance.md"),
    command("bench", "[--peers] [--runs N] [--json FILE] [FILTER]", "jose-bench", "times; --readme: tables"),
    command("deny", "", "jose-surface", "licences, crates and sources, as deny.toml says"),
];

/// The commands, for people.
pub fn usage() -> String {
    let line = |command: &Command| {
        let call = format!("{} {}", command.name, command.usage);
        format!("cargo xtask {call:<36} {}\n", command.about)
    };
    COMMANDS.iter().map(line).collect()
}

/// A program whose first argument is one of these commands; without one it says which there are.
pub fn main(runs: &[(&str, Run)]) -> ExitCode {
    let args =
        env::args_os().skip(1).map(|arg| arg.into_string()).collect::<std::result::Result<Vec<_>, _>>();
    let Ok(args) = args else {
        eprintln!("error: an argument is not UTF-8");
        return ExitCode::from(2);
    };
    let (name, rest) = args.split_first().map_or(("help", &[][..]), |(name, rest)| (name, rest));
    let outcome = match runs.iter().find(|(known, _)| *known == name) {
        Some((_, run)) => run(rest),
        None if COMMANDS.iter().any(|command| command.name == name && !command.package.is_empty()) => {
            // It says itself what is wrong.
            match harness(name, rest).and_then(|mut harness| Ok(harness.status()?)) {
                Ok(status) => {
                    return status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1).into();
                }
                Err(error) => Err(error),
            }
        }
        None if ["help", "--help", "-h"].contains(&name) => print(&usage()),
        None => {
            eprintln!("error: no command {name:?}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    if !error.is::<args::Usage>() {
        return ExitCode::FAILURE;
    }
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        eprintln!("usage: cargo xtask {name} {}", command.usage);
    }
    ExitCode::from(2)
}

/// The program beside what it tests that has this command.
pub fn harness(name: &str, args: &[impl AsRef<OsStr>]) -> Result<process::Command> {
    let command = COMMANDS.iter().find(|command| command.name == name);
    let package = command.ok_or_else(|| format!("no command {name:?}"))?.package;
    let workspace = Workspace::read()?;
    let mut build = workspace.cargo(&["build", "--quiet", "--locked"]);
    let folder = if name == "bench" {
        build.args(["--release", "--package", package]);
        "release"
    } else {
        // With an example, cargo takes the features that `cargo test --workspace` has, and what that has built.
        build.args(["--profile", "test", "--workspace", "--bin", package, "--example", "quickstart"]);
        "debug"
    };
    process::quietly(&mut build)?;
    let mut harness = process::Command::new(workspace.target.join(folder).join(package));
    harness.arg(name).args(args);
    Ok(harness)
}

/// Prints to standard output; a reader that has gone (`| head`) is no error.
pub fn print(text: &str) -> Result {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
