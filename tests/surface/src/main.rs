//! What the workspace is held to in size and in what it makes public.

mod budget;
mod imports;
mod surface;

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main(&[("budget", budget::run), ("api", surface::run)])
}
