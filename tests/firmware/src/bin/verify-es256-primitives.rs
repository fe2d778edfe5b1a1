//! The task with RustCrypto alone.

#![no_std]
#![no_main]

firmware::program!(firmware::primitives::verify_es256, 512);
