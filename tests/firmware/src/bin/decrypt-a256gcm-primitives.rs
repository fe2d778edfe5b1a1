//! The task with RustCrypto alone.

#![no_std]
#![no_main]

firmware::program!(firmware::primitives::decrypt_a256gcm, 64);
