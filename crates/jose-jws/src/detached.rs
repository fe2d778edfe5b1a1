//! The compact serialization without its payload, which both sides have by another way (RFC 7515 appendix F), encoded in
//! the signing input or, on request, not (RFC 7797).
//!
//! A payload that does not fit in memory goes through a [`Signer`] or a [`Verifier`] piece by piece:
//!
//! ```
//! # #[cfg(feature = "p256")] {
//! use jose_jws::{Header, Key, alg::Es256, detached};
//! let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
//! let key = Key::<Es256, _>::new(secret.clone());
//! let mut buffer = [0; 256];
//! let mut signer = detached::Signer::new_in(&key, &Header::default(), &mut buffer)?;
//! for piece in ["a payload ", "that comes ", "in pieces"] {
//!     signer.update(piece.as_bytes());
//! }
//! let token = signer.finish()?;
//!
//! let key = Key::<Es256, _>::new(*secret.verifying_key());
//! let mut room = [0; 256];
//! let mut verifier = detached::Unverified::parse(token)?.verifier_in(&key, &mut room)?;
//! verifier.update(b"a payload that comes in pieces");
//! assert_eq!(verifier.finish()?.alg(), jose_jws::JwsAlg::Es256);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! EdDSA needs its message whole. Its keys do not fit there:
//!
//! ```compile_fail
//! # fn f(secret: ed25519_dalek::SigningKey) -> Result<(), jose_jws::Error> {
//! use jose_jws::{Header, Key, alg::Ed25519, detached};
//! let key = Key::<Ed25519, _>::new(secret);
//! let mut buffer = [0; 256];
//! let _ = detached::Signer::new_in(&key, &Header::default(), &mut buffer)?;
//! # Ok(())
//! # }
//! ```

mod sign;
mod verify;

pub use sign::{Signer, sign_in, sign_in_with_rng};
#[cfg(feature = "alloc")]
pub use sign::{Unsigned, sign, sign_with_rng};
#[cfg(feature = "alloc")]
pub use verify::verify;
pub use verify::{Unverified, Verified, Verifier, verify_in};
