//! Judges implementations by vector files: this one, and with it others.

mod emit;
mod interop;
mod vectors;

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main(&[("vectors", vectors::run), ("emit", emit::run), ("interop", interop::run)])
}
