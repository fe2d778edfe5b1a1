#![no_std]
// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "alloc"), doc = include_str!("../README.md"))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "pem")]
mod der;
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
mod octets;
#[cfg(feature = "alloc")]
mod params;
#[cfg(feature = "alloc")]
mod parser;
#[cfg(feature = "pem")]
mod pem;
mod refresh;
#[cfg(feature = "alloc")]
mod serve;
#[cfg(feature = "alloc")]
mod set;
#[cfg(feature = "ssh")]
mod ssh;
mod thumbprint;
#[cfg(feature = "x509")]
mod x509;

pub use error::{Error, Weakness};
pub use jose_jwa::{AlgSet, Curve, Hash, JweAlg, JweEnc, JwsAlg, KeyOp, KeyType, KeyUse, Status};
pub use refresh::Refresh;
pub use thumbprint::Thumbprint;

#[cfg(feature = "pem")]
pub use der::{PrivateFormat, PublicFormat};
#[cfg(feature = "std")]
pub use getrandom::SysRng;
#[cfg(all(
    feature = "alloc",
    any(feature = "p256", feature = "p384", feature = "p521", feature = "k256")
))]
pub use key::EcCurve;
#[cfg(feature = "ml-dsa")]
pub use key::MlDsaVariant;
#[cfg(feature = "x509")]
pub use x509::ChainValidator;
#[cfg(feature = "alloc")]
pub use {
    generate::KeySpec,
    jwk::{Jwk, PublicJwk},
    key::RsaLimits,
    metadata::KeyAlg,
    parser::JwkParser,
    set::{JwkSet, KeyQuery, Skipped},
};
