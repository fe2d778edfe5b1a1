//! The task with RustCrypto alone.

#![no_std]
#![no_main]

firmware::program!(firmware::primitives::verify_ed25519, 512);
