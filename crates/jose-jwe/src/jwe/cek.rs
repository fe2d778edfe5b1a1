use jose_jwa::JweEnc;
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroizing;

use crate::enc::MAX_CEK_LEN;
use crate::error::Error;
use crate::jwe::rng::DynRng;
use crate::jwe::trace::Step;

/// A content encryption key of the length that its algorithm takes.
pub(crate) struct Cek {
    bytes: Zeroizing<[u8; MAX_CEK_LEN]>,
    len: usize,
    /// The step at which the key of the message was lost, if this one takes its place.
    stands_in: Option<Step>,
}

impl Cek {
    /// In place of the key that Integrated Encryption does not have.
    pub(crate) fn none() -> Self {
        Self { bytes: Zeroizing::new([0; MAX_CEK_LEN]), len: 0, stands_in: None }
    }

    pub(crate) fn random(enc: JweEnc, rng: &mut DynRng<'_>) -> Result<Self, Error> {
        let mut cek = Self::zero(enc);
        rng.try_fill_bytes(cek.as_mut_slice())?;
        Ok(cek)
    }

    /// These bytes, if their length is that of the algorithm.
    pub(crate) fn new(enc: JweEnc, bytes: &[u8]) -> Option<Self> {
        let mut cek = Self::zero(enc);
        if bytes.len() != cek.len {
            return None;
        }
        cek.as_mut_slice().copy_from_slice(bytes);
        Some(cek)
    }

    /// The key that `fill` writes.
    pub(crate) fn with(
        enc: JweEnc,
        fill: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut cek = Self::zero(enc);
        fill(cek.as_mut_slice())?;
        Ok(cek)
    }

    /// Takes these bytes, if their length is that of the algorithm; otherwise stays as it is, in place of a key that was
    /// lost at this step. All of it is written either way, so that the time does not depend on it.
    pub(crate) fn replace(&mut self, bytes: Option<&[u8]>, lost_at: Step) {
        let lost_at = if bytes.is_some() { Step::CekLength } else { lost_at };
        let fitting = bytes.filter(|bytes| bytes.len() == self.len);
        self.stands_in = if fitting.is_some() { None } else { Some(lost_at) };
        let fits = Choice::from(u8::from(fitting.is_some()));
        for (to, byte) in self.as_mut_slice().iter_mut().zip(fitting.unwrap_or(&[0; MAX_CEK_LEN])) {
            to.conditional_assign(byte, fits);
        }
    }

    /// The step at which the key of the message was lost, if this one takes its place.
    pub(crate) fn lost_at(&self) -> Option<Step> {
        self.stands_in
    }

    fn zero(enc: JweEnc) -> Self {
        let len = enc.cek_len().min(MAX_CEK_LEN);
        Self { bytes: Zeroizing::new([0; MAX_CEK_LEN]), len, stands_in: None }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn as_mut_slice(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }
}
