//! The task with the library.

#![no_std]
#![no_main]

firmware::program!(firmware::library::verify_ed25519, 1024);
