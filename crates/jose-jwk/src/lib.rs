#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod error;
#[cfg(feature = "alloc")]
mod generate;
pub mod header;
#[cfg(feature = "alloc")]
mod jwk;
#[cfg(feature = "alloc")]
mod key;
#[cfg(feature = "alloc")]
mod metadata;
#[cfg(feature = "alloc")]
mod params;
#[cfg(feature = "alloc")]
mod serve;
#[cfg(feature = "alloc")]
mod set;
#[cfg(feature = "x509")]
mod spki;
mod thumbprint;
#[cfg(feature = "x509")]
mod x509;

pub use error::{Error, Weakness};
pub use jose_jwa::{AlgSet, Curve, Hash, JweAlg, JweEnc, JwsAlg, KeyOp, KeyType, KeyUse, Status};
pub use thumbprint::Thumbprint;

#[cfg(feature = "std")]
pub use getrandom::SysRng;
#[cfg(all(
    feature = "alloc",
    any(feature = "p256", feature = "p384", feature = "p521", feature = "k256")
))]
pub use key::EcCurve;
#[cfg(feature = "alloc")]
pub use {
    generate::KeySpec,
    jwk::{Jwk, PublicJwk},
    key::RsaLimits,
    metadata::KeyAlg,
    set::{JwkSet, Skipped},
};
