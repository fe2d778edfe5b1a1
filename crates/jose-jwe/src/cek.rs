use jose_jwa::JweEnc;
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroizing;

use crate::Error;
use crate::enc::MAX_CEK_LEN;
use crate::rng::DynRng;
use crate::trace::Step;

/// A content encryption key of the length that its algorithm asks for.
pub(crate) struct Cek {
    octets: Zeroizing<[u8; MAX_CEK_LEN]>,
    len: usize,
    /// Why it stands in for one that was not to be had.
    stands_in: Option<Step>,
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

    /// Takes these octets, if they are as many as the algorithm asks for; otherwise it stands in for a key that was
    /// lost at this step. All of it is written in either case, so that the time does not tell which it was.
    pub(crate) fn replace(&mut self, octets: Option<&[u8]>, lost_at: Step) {
        let octets = octets.filter(|octets| octets.len() == self.len);
        self.stands_in = if octets.is_some() { None } else { Some(lost_at) };
        let fits = Choice::from(u8::from(octets.is_some()));
        for (to, octet) in self.as_mut_slice().iter_mut().zip(octets.unwrap_or(&[0; MAX_CEK_LEN])) {
            to.conditional_assign(octet, fits);
        }
    }

    /// The step at which the message's own was lost, if this one stands in for it.
    pub(crate) fn lost_at(&self) -> Option<Step> {
        self.stands_in
    }

    fn zero(enc: JweEnc) -> Self {
        let len = enc.cek_len().min(MAX_CEK_LEN);
        Self { octets: Zeroizing::new([0; MAX_CEK_LEN]), len, stands_in: None }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    fn as_mut_slice(&mut self) -> &mut [u8] {
        self.octets.get_mut(..self.len).unwrap_or_default()
    }
}
