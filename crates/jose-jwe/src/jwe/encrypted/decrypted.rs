use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::Value;
use jose_jwa::header::JoseHeader;
use jose_jwa::{JweAlg, JweEnc};
use zeroize::Zeroizing;

use crate::jwe::header::OwnedHeader;
use crate::jwe::plaintext::Plaintext;

/// A message that was decrypted. Only decrypting creates one.
///
/// A message to a symmetric key was made by a holder of that key. A message to a public key may have been made by anyone: it
/// is confidential, but not authenticated.
pub struct Decrypted {
    pub(super) plaintext: Plaintext,
    pub(super) header: OwnedHeader,
    pub(super) unprotected: OwnedHeader,
    pub(super) own: OwnedHeader,
    pub(super) aad: Option<Vec<u8>>,
    pub(super) alg: JweAlg,
    pub(super) enc: Option<JweEnc>,
    pub(super) recipient: usize,
    pub(super) key: usize,
}

impl Decrypted {
    /// The plaintext.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        self.plaintext.as_slice()
    }

    /// The plaintext by value, which is no longer wiped when dropped.
    #[must_use]
    pub fn into_plaintext(self) -> Vec<u8> {
        self.plaintext.into_vec()
    }

    /// The plaintext by value, wiped when dropped.
    #[must_use]
    pub fn into_secret(self) -> Zeroizing<Vec<u8>> {
        self.plaintext.into_secret()
    }

    /// The protected header. Its integrity was verified.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.header.view()
    }

    /// The shared unprotected header. **Anyone on the way may have changed it.**
    #[must_use]
    pub fn unprotected_header(&self) -> JoseHeader<'_> {
        self.unprotected.view()
    }

    /// The header of the recipient that the message was decrypted for. **Anyone on the way may have changed it.**
    #[must_use]
    pub fn recipient_header(&self) -> JoseHeader<'_> {
        self.own.view()
    }

    /// A parameter of any of the three headers, which have no name in common.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        let headers = [self.header(), self.unprotected_header(), self.recipient_header()];
        headers.into_iter().find_map(|header| header.get(name))
    }

    /// The additional authenticated data (`aad`).
    #[must_use]
    pub fn aad(&self) -> Option<&[u8]> {
        self.aad.as_deref()
    }

    /// The key management algorithm.
    #[must_use]
    pub fn alg(&self) -> JweAlg {
        self.alg
    }

    /// The content encryption algorithm; `None` with Integrated Encryption (HPKE), which has none.
    #[must_use]
    pub fn enc(&self) -> Option<JweEnc> {
        self.enc
    }

    /// The place of the recipient that the message was decrypted for, 0 for a single one.
    #[must_use]
    pub fn recipient_index(&self) -> usize {
        self.recipient
    }

    /// The place of the key that decrypted it among those that were given, 0 for a single key.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.key
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypted")
            .field("alg", &self.alg)
            .field("enc", &self.enc)
            .field("recipient", &self.recipient)
            .finish_non_exhaustive()
    }
}
