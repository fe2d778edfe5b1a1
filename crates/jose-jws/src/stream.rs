//! Detached payloads that come in chunks, so that they need not fit in memory (RFC 7515 appendix F).
//!
//! ```
//! use jose_jws::{Header, Key, alg::Es256, compact, stream};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let secret = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
//!     let key = Key::<Es256, _>::new(secret.clone());
//!     let mut buffer = [0; 256];
//!     let mut signer = stream::Signer::new_into(&key, &Header::new(), &mut buffer)?;
//!     for chunk in ["a payload ", "that comes ", "in chunks"] {
//!         signer.update(chunk.as_bytes());
//!     }
//!     let token = signer.finish()?;
//!
//!     let key = Key::<Es256, _>::new(*secret.verifying_key());
//!     let mut room = [0; 256];
//!     let mut verifier =
//!         stream::Verifier::new_into(&key, &compact::Unverified::parse(token)?, &mut room)?;
//!     verifier.update(b"a payload that comes in chunks");
//!     assert_eq!(verifier.finish()?.alg(), jose_jws::JwsAlg::Es256);
//!     Ok(())
//! }
//! ```
//!
//! EdDSA and ML-DSA need the whole message. Their keys do not fit here:
//!
//! ```compile_fail
//! use jose_jws::{Error, Header, Key, alg::Ed25519, stream};
//!
//! fn start(secret: ed25519_dalek::SigningKey, buffer: &mut [u8]) -> Result<(), Error> {
//!     let key = Key::<Ed25519, _>::new(secret);
//!     stream::Signer::new_into(&key, &Header::new(), buffer).map(drop)
//! }
//! ```

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use jose_jwa::JwsAlg;
use jose_jwa::header::{Header, JoseHeader};

use crate::check;
use crate::compact::parts::{Detached, Head, Opened};
use crate::compact::{Unverified, VerifiedDetached};
use crate::error::Error;
use crate::hash::{Pieces, SignHashed, VerifyHashed};
use crate::header::{self, named};
use crate::key::{Candidate, Room};
use crate::output::{Buffer, Output, encode};

/// Signs a payload that comes in chunks.
#[must_use = "`finish` signs"]
pub struct Signer<'k, K: ?Sized, O> {
    key: &'k K,
    pieces: Pieces,
    out: O,
}

impl<'k, 'o, K: SignHashed + ?Sized> Signer<'k, K, Buffer<'o>> {
    /// Writes the header into the caller's buffer, which needs room for the base64url of header and signature, and two
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NotStreamable`] if the key's algorithm needs the whole payload; [`Error::KidMismatch`], [`Error::Header`],
    /// [`Error::B64`] or [`Error::BufferTooSmall`].
    pub fn new_into(key: &'k K, header: &Header<'_>, buffer: &'o mut [u8]) -> Result<Self, Error> {
        Self::build(key, header, Buffer::new(buffer))
    }
}

#[cfg(feature = "alloc")]
impl<'k, K: SignHashed + ?Sized> Signer<'k, K, Vec<u8>> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// Those of [`Signer::new_into`], except for [`Error::BufferTooSmall`].
    pub fn new(key: &'k K, header: &Header<'_>) -> Result<Self, Error> {
        Self::build(key, header, Vec::new())
    }
}

impl<'k, K: SignHashed + ?Sized, O: Output> Signer<'k, K, O> {
    fn build(key: &'k K, header: &Header<'_>, mut out: O) -> Result<Self, Error> {
        let written = header::write(key.alg().as_str(), &named(header, key.kid()), &mut out)?;
        written.kid.check(key.kid())?;
        let pieces = Pieces::new(key.hasher()?, out.written(), written.encoded);
        Ok(Self { key, pieces, out })
    }

    /// Takes the next bytes of the payload.
    pub fn update(&mut self, bytes: &[u8]) {
        self.pieces.update(bytes);
    }

    /// Signs, and returns the text.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] or [`Error::Rng`] if the key fails; [`Error::BufferTooSmall`].
    pub fn finish(self) -> Result<O::Text, Error> {
        let Self { key, pieces, mut out } = self;
        let mut room = Room::for_key(key);
        let len = key.sign_hashed(pieces.finish(), room.bytes())?;
        out.write(b"..")?;
        encode(room.signature(len)?, &mut out)?;
        out.into_text()
    }
}

impl<K: ?Sized, O> fmt::Debug for Signer<'_, K, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// Verifies a payload that comes in chunks.
#[must_use = "`finish` verifies"]
pub struct Verifier<'v, V: ?Sized, B> {
    key: &'v V,
    pieces: Pieces,
    buffer: B,
    head: Head,
    alg: JwsAlg,
    encoded: bool,
}

/// Everything but the buffer.
struct Started {
    pieces: Pieces,
    head: Head,
    alg: JwsAlg,
    encoded: bool,
}

fn start<V: VerifyHashed + ?Sized>(
    key: &V,
    jws: &Unverified<'_>,
    buffer: &mut [u8],
) -> Result<Started, Error> {
    let Opened { candidate, encoded, head, .. } = jws.open_detached(key, buffer)?;
    let hasher = check::hasher(key, &candidate)?;
    Ok(Started { pieces: Pieces::new(hasher, jws.header_text(), encoded), head, alg: candidate.alg, encoded })
}

impl<'v, V: VerifyHashed + ?Sized, B: AsRef<[u8]>> Verifier<'v, V, B> {
    fn build(key: &'v V, buffer: B, started: Started) -> Self {
        let Started { pieces, head, alg, encoded } = started;
        Self { key, pieces, buffer, head, alg, encoded }
    }

    /// Takes the next bytes of the payload. They are not verified until [`Verifier::finish`] returns.
    pub fn update(&mut self, bytes: &[u8]) {
        self.pieces.update(bytes);
    }

    /// Verifies what was taken.
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] if the signature does not verify.
    pub fn finish(self) -> Result<VerifiedDetached<B>, Error> {
        let Self { key, pieces, buffer, head, alg, encoded } = self;
        let (header, rest) = buffer.as_ref().split_at_checked(head.header_len).ok_or(Error::Signature)?;
        let signature = rest.get(..head.signature_len).ok_or(Error::Signature)?;
        let header = head.index.view(header);
        let candidate = Candidate { alg, header, unprotected: JoseHeader::EMPTY, message: &[], signature };
        let key = check::hashed_signature(key, pieces.finish(), &candidate)?;
        Ok(VerifiedDetached::new(buffer, Detached { head, encoded, alg, key }))
    }
}

impl<'v, V: VerifyHashed + ?Sized> Verifier<'v, V, &'v [u8]> {
    /// Decodes and checks the header in the caller's buffer, without a heap. A buffer as long as the text is always enough.
    ///
    /// # Errors
    ///
    /// [`Error::NotStreamable`] if the key's algorithm needs the whole payload; otherwise those of
    /// [`Unverified::verify_detached_into`], except for [`Error::Signature`].
    pub fn new_into(key: &'v V, jws: &Unverified<'_>, buffer: &'v mut [u8]) -> Result<Self, Error> {
        let started = start(key, jws, buffer)?;
        Ok(Self::build(key, buffer, started))
    }
}

#[cfg(feature = "alloc")]
impl<'v, V: VerifyHashed + ?Sized> Verifier<'v, V, Vec<u8>> {
    /// Decodes and checks the header.
    ///
    /// # Errors
    ///
    /// Those of [`Verifier::new_into`], except for [`Error::BufferTooSmall`].
    pub fn new(key: &'v V, jws: &Unverified<'_>) -> Result<Self, Error> {
        let mut buffer = alloc::vec![0; jws.head_len()];
        let started = start(key, jws, &mut buffer)?;
        Ok(Self::build(key, buffer, started))
    }
}

impl<V: ?Sized, B> fmt::Debug for Verifier<'_, V, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}
