//! `josec`: looks at any token, makes any key, checks any setup.

use std::process::ExitCode;

mod cli;
mod dates;
mod failure;
mod fetch;
mod files;
mod keys;
mod openssh;
mod progress;
mod report;
mod terminal;
mod thing;
mod times;

fn main() -> ExitCode {
    cli::main()
}
