use alloc::vec::Vec;

use zeroize::{Zeroize, Zeroizing};

/// A plaintext, wiped when dropped: as one slice, which is many times faster than the bytes of a `Zeroizing<Vec<u8>>`, each
/// for itself.
pub(crate) struct Plaintext(Vec<u8>);

impl Plaintext {
    /// Takes the bytes over: a plaintext, or what becomes one in its place.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Drops all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// The bytes, which are no longer wiped.
    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        core::mem::take(&mut self.0)
    }

    pub(crate) fn into_secret(self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.into_vec())
    }
}

impl Drop for Plaintext {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
        self.0.spare_capacity_mut().zeroize();
    }
}
