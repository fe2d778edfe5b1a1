//! The task with the library.

#![no_std]
#![no_main]

firmware::program!(firmware::library::verify_es256, 1024);
