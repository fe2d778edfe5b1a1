//! Room for a signature while it is made.

use jose_jwa::JwsAlg;

use super::Sign;
use crate::error::Error;

/// The longest signature of the families that need no heap: ES512's.
const SMALL_SIGNATURE: usize = 132;

/// Room for a signature.
pub(crate) struct Room {
    small: [u8; SMALL_SIGNATURE],
    #[cfg(feature = "alloc")]
    large: alloc::vec::Vec<u8>,
}

impl Room {
    /// As much as the key may need.
    pub(crate) fn for_key<K: Sign + ?Sized>(key: &K) -> Self {
        #[cfg(not(feature = "alloc"))]
        let _ = key;
        #[cfg(feature = "alloc")]
        let max = key.max_signature_len();
        Self {
            small: [0; SMALL_SIGNATURE],
            #[cfg(feature = "alloc")]
            large: alloc::vec![0; if max > SMALL_SIGNATURE { max } else { 0 }],
        }
    }

    /// All of it, to sign into.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        #[cfg(feature = "alloc")]
        if !self.large.is_empty() {
            return &mut self.large;
        }
        &mut self.small
    }

    /// The signature, which has this length.
    pub(crate) fn signature(&mut self, len: usize) -> Result<&[u8], Error> {
        self.bytes().get(..len).ok_or(Error::Signing)
    }
}

/// Checks that a signature that someone else made has the length of its algorithm.
pub(crate) fn check_signature_len(alg: JwsAlg, signature: &[u8]) -> Result<(), Error> {
    let found = signature.len();
    if found == 0 || alg.signature_len().is_some_and(|len| len != found) {
        return Err(Error::SignatureLength { alg, found });
    }
    Ok(())
}
