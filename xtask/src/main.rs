//! What is run on this workspace. `cargo xtask` without arguments lists it.

mod bits32;
mod ci;
mod features;
mod fuzz;
mod no_heap;
mod wasm;

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main(&[
        ("ci", ci::run),
        ("features", features::run),
        ("no-heap", no_heap::run),
        ("bits32", bits32::run),
        ("wasm", wasm::run),
        ("fuzz", fuzz::run),
    ])
}
