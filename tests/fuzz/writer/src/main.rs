//! `jose-fuzz-writer FOLDER`: writes the seeds of every target into `FOLDER/TARGET`.
//!
//! They are those of `tests/fuzz/seeds`, and whatever of its kind the vectors and the data of the tests hold.

use std::{env, error::Error, fs, path::Path};

// The source by which the targets know what was signed. As a dependency it would bring every crate into this build.
#[path = "../../src/files.rs"]
mod files;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("usage: jose-fuzz-writer FOLDER")?;
    let mut written = 0_usize;
    for (target, seeds) in files::Found::read()?.by_target() {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        for (index, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index:04}")), seed)?;
        }
        written += seeds.len();
    }
    for target in STRUCTURED {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        for number in 0..64_u64 {
            fs::write(folder.join(format!("seed-{number:04}")), octets(number))?;
        }
        written += 64;
    }
    println!("{written} seeds");
    Ok(())
}

/// The targets whose input is no text: a value of a type is made of any octets, as long as there are enough.
const STRUCTURED: [&str; 3] = ["core_alloc", "mutated", "policy"];

/// Octets without a pattern (SplitMix64), the same in every run.
fn octets(seed: u64) -> Vec<u8> {
    let words = (1..=8 * (1 + seed % 8)).map(|word| {
        let z = (seed << 32 | word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    });
    words.flat_map(u64::to_le_bytes).collect()
}
