// The examples use these features; none is run without them.
#![cfg(any(
    not(doctest),
    all(feature = "algorithms", feature = "reqwest", feature = "axum", feature = "redis")
))]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]
#![allow(clippy::std_instead_of_alloc, clippy::std_instead_of_core, reason = "it is of no use without `std`")]

mod cache;
mod error;
mod fetch;
mod freshness;
mod issuer;
mod keys;
#[cfg(feature = "redis")]
mod replay;
mod ring;
pub mod server;
mod url;
mod verifier;

pub use cache::{KeyCache, Outcome};
pub use error::{Error, FetchError};
#[cfg(feature = "reqwest")]
pub use fetch::Reqwest;
#[cfg(feature = "ureq")]
pub use fetch::Ureq;
pub use fetch::{AnyFetch, Fetch, FetchPolicy, FetchRequest, FetchResponse, FetchSend};
pub use freshness::Freshness;
pub use issuer::{Discovery, Issuer, Metadata};
pub use jose_jwt as jwt;
pub use keys::{CurrentKeys, KeyFormat, RemoteKeys, RemoteKeysBuilder, Status};
#[cfg(feature = "redis")]
pub use replay::RedisReplayGuard;
pub use ring::{KeyRing, KeyState, RingError};
pub use verifier::{Issuers, KeyRules, RemoteVerifier};

// The types of the public interface.
pub use http;
#[cfg(feature = "redis")]
pub use redis;
#[cfg(feature = "reqwest")]
pub use reqwest;
#[cfg(feature = "ureq")]
pub use ureq;
