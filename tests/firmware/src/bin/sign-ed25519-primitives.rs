//! The task with RustCrypto alone.

#![no_std]
#![no_main]

firmware::program!(firmware::primitives::sign_ed25519, 0);
