//! The crate `josekit`.

mod algorithms;
mod read;
mod write;

use interop::{Result, run};

fn main() -> Result<()> {
    run("josekit (crates.io)", read::read, write::write)
}
