//! What is run on this workspace. `cargo xtask` without arguments lists it.

mod args;
mod bits32;
mod budget;
mod ci;
mod cross;
mod deny;
mod embedded;
mod emit;
mod features;
mod fuzz;
mod imports;
mod interop;
mod no_heap;
mod process;
mod surface;
mod vectors;
mod wasm;
mod workspace;

use std::{
    env,
    error::Error,
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// One subcommand.
struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result,
}

const COMMANDS: [Command; 13] = [
    Command {
        name: "ci",
        usage: "",
        about: "everything that must hold, in order, until the first failure",
        run: ci::run,
    },
    Command {
        name: "vectors",
        usage: "[PATH…] [--json] [--strict]",
        about: "run vector files (default: tests/vectors); --strict: not yet supported is a failure",
        run: vectors::run,
    },
    Command {
        name: "emit",
        usage: "[--out FILE]",
        about: "write a vector file with fresh keys, for other implementations (default: standard output)",
        run: emit::run,
    },
    Command {
        name: "features",
        usage: "[--host|--bare-metal] [CRATE…]",
        about: "check each crate × each feature × {core, alloc, std}, for the host and a microcontroller",
        run: features::run,
    },
    Command {
        name: "no-heap",
        usage: "",
        about: "build and run a program without an allocator, and look for one in it",
        run: no_heap::run,
    },
    Command { name: "bits32", usage: "", about: "the tests on a 32-bit processor", run: bits32::run },
    Command {
        name: "embedded",
        usage: "[--json]",
        about: "build firmware for a Cortex-M4, run it in QEMU, check what it signs, and measure it",
        run: embedded::run,
    },
    Command {
        name: "wasm",
        usage: "",
        about: "build for WebAssembly, run all vectors in Node, and measure a module that verifies ES256 JWTs",
        run: wasm::run,
    },
    Command {
        name: "interop",
        usage: "[--install] [--json] [--deviations] [NAME…]",
        about: "other implementations read ours and write theirs; --deviations: the table of docs/INTEROP.md",
        run: interop::run,
    },
    Command {
        name: "fuzz",
        usage: "[TARGET] [--seconds N]",
        about: "run one fuzz target, or each (default: 10 seconds each)",
        run: fuzz::run,
    },
    Command {
        name: "budget",
        usage: "",
        about: "how large the sources and their public surface are, against what they may be",
        run: budget::run,
    },
    Command {
        name: "api",
        usage: "[--bless]",
        about: "the public items against the reviewed lists in tests/api; --bless: write those",
        run: surface::run,
    },
    Command {
        name: "deny",
        usage: "",
        about: "licences, duplicate and forbidden crates, and sources, as deny.toml says",
        run: deny::run,
    },
];

fn main() -> ExitCode {
    let Ok(args) =
        env::args_os().skip(1).map(|arg| arg.into_string()).collect::<std::result::Result<Vec<_>, _>>()
    else {
        eprintln!("error: an argument is not UTF-8");
        return ExitCode::from(2);
    };
    let Some((name, rest)) = args.split_first() else {
        return if print(&usage()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    };
    if let "help" | "--help" | "-h" = name.as_str() {
        return if print(&usage()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("error: no command {name:?}\n\n{}", usage());
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let usage = error.is::<args::Usage>();
            if usage {
                eprintln!("usage: cargo xtask {} {}", command.name, command.usage);
            }
            ExitCode::from(if usage { 2 } else { 1 })
        }
    }
}

fn usage() -> String {
    let mut text = String::new();
    for Command { name, usage, about, .. } in &COMMANDS {
        // Writing to a String does not fail.
        let _ = writeln!(text, "cargo xtask {:<36} {about}", format!("{name} {usage}"));
    }
    text
}

/// Prints to standard output; a reader that has gone (`| head`) is no error.
fn print(text: &str) -> Result {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
