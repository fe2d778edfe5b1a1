//! The JSON serializations, flattened and general (RFC 7515 section 7.2), and the builder of all three.
//!
//! ```
//! use jose_jws::json::{self, Builder, Require};
//! use jose_jws::jwk::{Jwk, JwkSet, JwsAlg, SysRng};
//! use jose_jws::{Header, SigningKey, VerifyingKeys};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let algs = [JwsAlg::Es256, JwsAlg::Ed25519];
//!     let mut set = JwkSet::new();
//!     let mut builder = Builder::new(b"payload");
//!     for (alg, kid) in algs.into_iter().zip(["one", "two"]) {
//!         let jwk = Jwk::generate(alg, &mut SysRng)?.with_kid(kid);
//!         builder.sign(&SigningKey::from_jwk(&jwk, alg)?, Header::new())?;
//!         set.push(jwk);
//!     }
//!     let text = builder.general()?;
//!
//!     let verified =
//!         json::verify(&VerifyingKeys::from_jwks(&set, algs)?, &text, Require::All)?;
//!     assert_eq!(verified.payload(), b"payload");
//!     assert_eq!(verified.signatures().len(), 2);
//!     Ok(())
//! }
//! ```

mod headers;
mod parse;
mod sign;
mod verify;

pub use headers::{Headers, Protected};
pub use parse::{Form, Limits, Unverified};
pub use sign::{Builder, Pending};
pub use verify::{
    Require, Verified, VerifiedSignature, VerifiedSignatures, verify, verify_any, verify_detached,
};
