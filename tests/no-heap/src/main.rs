//! What the core level does without a heap, in a program that has none: it declares no global allocator, so
//! anything that asked for one would not link. `cargo xtask no-heap` builds it, looks for an allocator in it,
//! and runs it.

#![no_std]
#![no_main]

use core::panic::PanicInfo;

mod base64url;
mod es256;
mod seal;

/// Each check, in the order of its exit status.
const CHECKS: [fn() -> Option<()>; 3] = [base64url::check, es256::check, seal::check];

/// The exit status: 0, or the number of the first check that failed.
#[allow(unsafe_code, reason = "the C start of a process finds `main` by its name; only std can do without")]
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    (1..).zip(CHECKS).find(|(_, check)| check().is_none()).map_or(0, |(number, _)| number)
}

/// No check can panic; a build that could must still link.
#[panic_handler]
fn stop(_: &PanicInfo<'_>) -> ! {
    loop {}
}
