//! The task with the library.

#![no_std]
#![no_main]

firmware::program!(firmware::library::sign_hs256, 256);
