//! The JSON serializations, flattened and general (RFC 7515 section 7.2), and the builder of all three.
//!
//! ```
//! # #[cfg(all(feature = "std", feature = "p256", feature = "ed25519"))] {
//! use jose_jwk::{AlgSet, Curve, Jwk, JwkSet, JwsAlg, SysRng};
//! use jose_jws::json::{self, Builder, Require};
//! use jose_jws::{Header, SigningKey, VerifyingKeys};
//! let one = Jwk::generate(JwsAlg::Es256, &mut SysRng)?.with_kid("one");
//! let two = Jwk::generate(JwsAlg::Ed25519, &mut SysRng)?.with_kid("two");
//! let text = Builder::new(b"payload")
//!     .sign(&SigningKey::from_jwk(&one, JwsAlg::Es256)?, &Header::default())?
//!     .sign(&SigningKey::from_jwk(&two, JwsAlg::Ed25519)?, &Header::default())?
//!     .general()?;
//!
//! let set = JwkSet::from_iter([one, two]);
//! let keys = VerifyingKeys::from_jwks(&set, AlgSet::of(&[JwsAlg::Es256, JwsAlg::Ed25519]))?;
//! let verified = json::verify(&keys, &text, Require::All)?;
//! assert_eq!(verified.payload(), b"payload");
//! assert_eq!(verified.signatures().len(), 2);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two signatures have no compact form:
//!
//! ```compile_fail
//! # fn f(key: &jose_jws::SigningKey) -> Result<(), jose_jws::Error> {
//! use jose_jws::{Header, json::Builder};
//! let header = Header::default();
//! let text = Builder::new(b"payload").sign(key, &header)?.sign(key, &header)?.compact()?;
//! # Ok(())
//! # }
//! ```
//!
//! An unprotected header has none either, and a message without a signature has no form at all:
//!
//! ```compile_fail
//! # fn f(key: &jose_jws::SigningKey) -> Result<(), jose_jws::Error> {
//! use jose_jws::json::{Builder, Headers};
//! let headers = Headers { unprotected: Some(r#"{"note":"n"}"#), ..Headers::default() };
//! let text = Builder::new(b"payload").sign_headers(key, &headers)?.compact()?;
//! # Ok(())
//! # }
//! ```
//!
//! ```compile_fail
//! let text = jose_jws::json::Builder::new(b"payload").general();
//! ```

mod headers;
mod parse;
mod pieces;
mod sign;
mod state;
mod verify;

pub use headers::{Headers, Protected};
pub use parse::{Form, Limits, Unverified};
pub use pieces::{Signer, Signers, Verifier};
pub use sign::{Builder, Pending};
pub use state::{
    AtLeastOne, Empty, ExactlyOne, ExactlyOneProtected, Finished, Many, One, OneWithHeader, State,
};
pub use verify::{
    Require, Verified, VerifiedSignature, VerifiedSignatures, verify, verify_any_form, verify_detached,
};
