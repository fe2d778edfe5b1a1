//! What the workspace is held to in size, in what it makes public, in its packages and in what it depends on.

mod budget;
mod deny;
mod imports;
mod package;
mod surface;

use std::process::ExitCode;

fn main() -> ExitCode {
    surface::as_rustdoc().unwrap_or_else(|| {
        xtask::main(&[
            ("budget", budget::run),
            ("api", surface::run),
            ("package", package::run),
            ("deny", deny::run),
        ])
    })
}
