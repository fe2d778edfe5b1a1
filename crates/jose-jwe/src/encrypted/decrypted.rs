use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::Value;
use jose_jwk::header::JoseHeader;
use jose_jwk::{JweAlg, JweEnc};
use zeroize::Zeroizing;

/// A message that was decrypted: only decrypting makes one.
///
/// That it decrypted says that whoever has the key made it. With a public key that is anybody: such a message is
/// private, and not authenticated.
pub struct Decrypted {
    pub(super) plaintext: Zeroizing<Vec<u8>>,
    pub(super) protected: String,
    pub(super) unprotected: String,
    pub(super) own: String,
    pub(super) aad: Option<Vec<u8>>,
    pub(super) alg: JweAlg,
    pub(super) enc: JweEnc,
    pub(super) recipient: usize,
    pub(super) key: usize,
}

/// A header that was read once already.
fn header(text: &str) -> JoseHeader<'_> {
    JoseHeader::parse(text.as_bytes()).unwrap_or_default()
}

impl Decrypted {
    /// The plaintext.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.plaintext
    }

    /// The plaintext alone, which is no longer wiped when it is dropped.
    #[must_use]
    pub fn into_plaintext(mut self) -> Vec<u8> {
        core::mem::take(&mut self.plaintext)
    }

    /// The plaintext alone, wiped when it is dropped.
    #[must_use]
    pub fn into_secret(self) -> Zeroizing<Vec<u8>> {
        self.plaintext
    }

    /// The protected header, the one whose integrity the key vouches for.
    #[must_use]
    pub fn protected(&self) -> JoseHeader<'_> {
        header(&self.protected)
    }

    /// The shared unprotected header. **Anybody could have changed it** on the way.
    #[must_use]
    pub fn unprotected(&self) -> JoseHeader<'_> {
        header(&self.unprotected)
    }

    /// The header of the recipient that the message was decrypted for. **Anybody could have changed it** on the way.
    #[must_use]
    pub fn recipient_header(&self) -> JoseHeader<'_> {
        header(&self.own)
    }

    /// A parameter of any of the three headers, which have no name in common.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        let headers = [self.protected(), self.unprotected(), self.recipient_header()];
        headers.into_iter().find_map(|header| header.get(name))
    }

    /// The additional data that the key vouches for (`aad`).
    #[must_use]
    pub fn aad(&self) -> Option<&[u8]> {
        self.aad.as_deref()
    }

    /// The key management algorithm.
    #[must_use]
    pub fn alg(&self) -> JweAlg {
        self.alg
    }

    /// The content encryption algorithm.
    #[must_use]
    pub fn enc(&self) -> JweEnc {
        self.enc
    }

    /// The place of the recipient that it was decrypted for, 0 where there is one.
    #[must_use]
    pub fn recipient_index(&self) -> usize {
        self.recipient
    }

    /// The place of the key that decrypted it among those that were given, 0 where there was one.
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
