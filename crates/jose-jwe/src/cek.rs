use jose_jwk::JweEnc;
use zeroize::Zeroizing;

use crate::Error;
use crate::enc::MAX_CEK_LEN;
use crate::rng::DynRng;

/// A content encryption key of the length that its algorithm asks for.
pub(crate) struct Cek {
    octets: Zeroizing<[u8; MAX_CEK_LEN]>,
    len: usize,
}

impl Cek {
    pub(crate) fn random(enc: JweEnc, rng: &mut DynRng<'_>) -> Result<Self, Error> {
        let mut cek = Self::zero(enc);
        rng.try_fill_bytes(cek.as_mut_slice())?;
        Ok(cek)
    }

    /// These octets, if they are as many as the algorithm asks for.
    pub(crate) fn new(enc: JweEnc, octets: &[u8]) -> Option<Self> {
        let mut cek = Self::zero(enc);
        if octets.len() != cek.len {
            return None;
        }
        cek.as_mut_slice().copy_from_slice(octets);
        Some(cek)
    }

    /// The key that `fill` writes to the place for it.
    pub(crate) fn with(
        enc: JweEnc,
        fill: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut cek = Self::zero(enc);
        fill(cek.as_mut_slice())?;
        Ok(cek)
    }

    fn zero(enc: JweEnc) -> Self {
        Self { octets: Zeroizing::new([0; MAX_CEK_LEN]), len: enc.cek_len().min(MAX_CEK_LEN) }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    fn as_mut_slice(&mut self) -> &mut [u8] {
        self.octets.get_mut(..self.len).unwrap_or_default()
    }
}
