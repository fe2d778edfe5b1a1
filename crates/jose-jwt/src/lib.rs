// The examples use the default features; none is run without them.
#![cfg(any(not(doctest), all(feature = "std", feature = "hmac", feature = "p256")))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod audience;
mod claims;
mod decode;
mod error;
mod numeric_date;
pub mod profile;
mod registered;
mod replay;
mod rules;
mod token;
mod verify;

pub use audience::Audience;
pub use claims::{Claims, NoClaims};
pub use decode::{Unverified, dangerous_decode};
pub use error::{ClaimName, Error, Reason};
pub use numeric_date::NumericDate;
pub use replay::{AsyncReplayGuard, ReplayError, ReplayGuard, TokenId, random_id};
pub use token::Token;
pub use verify::{AudienceUnset, Given, IssuerUnset, JwtVerifier, TokenKeys, Verification, Verified};
#[cfg(feature = "jwe")]
pub use verify::{EncryptedClaims, EncryptedOnly, Nested};
#[cfg(feature = "std")]
pub use {
    jose_jwk::SysRng,
    numeric_date::ClockError,
    replay::MemoryReplayGuard,
    token::{sign, sign_async},
};

// One door: the tiers below, and their main types.
#[cfg(feature = "jwe")]
pub use jose_jwe as jwe;
#[cfg(feature = "jwe")]
pub use jose_jwe::{DecryptionKey, DecryptionKeys, EncryptionKey};
pub use jose_jwk::{
    AlgSet, Allowed, Curve, Hash, JweAlg, JweEnc, Jwk, JwkParser, JwkSet, JwsAlg, KeyAlg, KeyOp, KeySpec,
    KeyUse, PublicJwk, Refresh, RsaLimits, Secret, Thumbprint,
};
pub use jose_jws::{
    AsyncKey, Header, JoseHeader, KeyResolver, Parameters, Sign, SigningKey, Verify, VerifyingKey,
    VerifyingKeys,
};
pub use jose_jws::{rand_core, signature};
pub use {jose_jwa as jwa, jose_jwk as jwk, jose_jws as jws};
