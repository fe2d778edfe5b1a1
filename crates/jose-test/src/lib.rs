#![doc = include_str!("../README.md")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "it is a part of tests, where what cannot go on panics"
)]

mod fault;
mod hostile;
mod issuer;
mod keys;
mod provider;
mod server;
mod state;
mod token;

pub use fault::Fault;
pub use hostile::HostileToken;
pub use issuer::{TestIssuer, TestIssuerBuilder};
pub use jose_jwt as jwt;
pub use provider::Provider;
pub use server::{Answer, Request, Server};
pub use token::TokenBuilder;
