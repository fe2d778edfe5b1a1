// The examples use the default features; none is run without them.
#![cfg(any(not(doctest), all(feature = "std", feature = "pem", feature = "p256", feature = "ed25519")))]
#![no_std]
#![cfg_attr(all(feature = "std", feature = "pem", feature = "p256", feature = "ed25519"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "std", feature = "pem", feature = "p256", feature = "ed25519")),
    doc = "JSON Web Keys."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

// Documentation shows the methods of a type in the order of these: first what most programs read and make keys by.
mod jwk;
mod public;
mod set;

#[cfg(feature = "pem")]
mod pem;

mod generate;
mod octets;

mod allowed;
mod candidates;
mod convert;
#[cfg(feature = "pem")]
mod der;
#[cfg(feature = "encrypted-pem")]
mod encrypted;
mod error;
mod key;
mod metadata;
mod noted;
mod params;
mod parser;
mod query;
mod raw;
mod refresh;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "ssh")]
mod ssh;
mod text;
mod thumbprint;
mod usage;
#[cfg(feature = "x509")]
mod x509;

pub use allowed::Allowed;
#[doc(hidden)]
pub use allowed::Served;
pub use candidates::UnusableKeys;
#[doc(hidden)]
pub use candidates::{Candidate, Candidates};
#[cfg(feature = "pem")]
pub use der::{PrivateFormat, PublicFormat};
pub use error::{Error, FormError, MemberError, SelectError, Usage, Weakness};
pub use generate::KeySpec;
#[cfg(feature = "std")]
pub use getrandom::SysRng;
pub use jose_b64::Secret;
pub use jose_jwa::{AlgSet, Curve, Hash, JweAlg, JweEnc, JwsAlg, KeyOp, KeyType, KeyUse, Status, header};
pub use jwk::Jwk;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
pub use key::EcCurve;
#[cfg(feature = "ml-dsa")]
pub use key::MlDsaVariant;
pub use key::RsaLimits;
pub use metadata::KeyAlg;
pub use noted::Noted;
pub use parser::JwkParser;
pub use public::PublicJwk;
pub use query::KeyQuery;
pub use rand_core;
pub use refresh::Refresh;
pub use set::{JwkSet, Skipped};
pub use thumbprint::Thumbprint;
pub use usage::Operation;
#[cfg(feature = "x509")]
pub use x509::ChainValidator;
