//! Hostile input over all crates: what is computed before anything is authenticated, every limit at its boundary, what
//! memory keeps, and threads that share a key.

mod forms;
mod help;
mod limits;
mod round_trip;
mod threads;
mod work;
