//! The task with the library.

#![no_std]
#![no_main]

firmware::program!(firmware::library::decrypt_a256gcm, 256);
