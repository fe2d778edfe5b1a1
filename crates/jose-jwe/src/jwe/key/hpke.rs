//! HPKE in its base and PSK modes (draft-ietf-jose-hpke-encrypt): what the two sides of a message share, and the doors to
//! the cipher suites.

#[cfg_attr(not(feature = "hpke"), path = "hpke/none.rs")]
mod suites;

use alloc::vec::Vec;

use jose_b64::Secret;
use jose_jwa::{JweAlg, JweEnc};

use crate::error::Error;

#[cfg(feature = "draft-hpke-pq")]
pub use suites::generate_akp;
pub(super) use suites::{encapsulate, private};

/// The length of the authentication tag of every cipher suite, in bytes.
pub(crate) const TAG_LEN: usize = 16;

/// The minimum length of a pre-shared key, in bytes (RFC 9180 section 9.5).
const MIN_PSK_LEN: usize = 32;

/// A pre-shared key, and the identifier by which messages name it.
#[cfg_attr(not(feature = "hpke"), expect(dead_code, reason = "no cipher suite reads it"))]
pub(crate) struct Psk {
    pub(super) key: Secret,
    pub(super) id: Vec<u8>,
}

impl Psk {
    pub(super) fn new(alg: Option<JweAlg>, key: Secret, id: &[u8]) -> Result<Self, Error> {
        if !alg.is_some_and(JweAlg::is_hpke) || key.expose().len() < MIN_PSK_LEN || id.is_empty() {
            return Err(Error::PskUnusable);
        }
        Ok(Self { key, id: id.into() })
    }
}

/// What both sides put into the key schedule.
#[cfg_attr(not(feature = "hpke"), expect(dead_code, reason = "no cipher suite reads it"))]
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(super) info: &'c [u8],
    pub(super) psk: Option<&'c Psk>,
}

/// The recipient's private key.
pub(crate) trait Decapsulate {
    /// Decrypts the ciphertext in the buffer, its tag at its end, and returns the length of the plaintext.
    fn open(&self, encapsulated: &[u8], context: Context<'_>, aad: &[u8], buffer: &mut [u8])
    -> Option<usize>;
}

/// The sender's side of one message.
pub(crate) trait Seal {
    /// Encrypts the first `plaintext_len` bytes of the buffer, and writes the tag after them.
    fn seal(&mut self, aad: &[u8], buffer: &mut [u8], plaintext_len: usize) -> Option<()>;
}

/// `info` of Key Encryption: the structure of draft-ietf-jose-hpke-encrypt section 6.1, without extra information.
pub(super) fn recipient_structure(enc: JweEnc) -> Vec<u8> {
    [b"JOSE-HPKE rcpt\xff", enc.as_str().as_bytes(), b"\xff"].concat()
}
