//! The task with the library.

#![no_std]
#![no_main]

firmware::program!(firmware::library::everything, 1024);
