//! Programs for a microcontroller without a heap. Each is one of the tasks, with the library or with RustCrypto alone; it
//! says what came out and how much stack that took. `cargo xtask embedded` builds, runs and measures them.

#![no_std]

/// All tasks in one program, as a task of the module where it stands.
macro_rules! everything {
    () => {
        /// All of it in one program, whose tasks share what they can.
        pub fn everything(buffer: &mut [u8], console: &mut Console) -> Option<()> {
            sign_es256(buffer, console)?;
            sign_ed25519(buffer, console)?;
            sign_hs256(buffer, console)?;
            verify_kid(buffer, console)?;
            decrypt_a256gcm(buffer, console)?;
            sign_without_rng(buffer, console)
        }
    };
}
use everything;

mod data;
pub mod library;
mod machine;
pub mod primitives;

pub use machine::{Console, run};

/// Makes a program of a task, with a static buffer of this many bytes. The attribute makes a `&'static mut` of it.
#[macro_export]
macro_rules! program {
    ($task:path, $len:literal) => {
        #[cortex_m_rt::entry]
        fn main() -> ! {
            static mut BUFFER: [u8; $len] = [0; $len];
            $crate::run($task, BUFFER)
        }
    };
}
