//! `crit` (RFC 7515 section 4.1.11), checked in this one place for JWS and JWE.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use jose_b64::json::Str;

use super::{HeaderError, JoseHeader, registered_str};

impl<'a> JoseHeader<'a> {
    /// Whether `crit` is there.
    #[must_use]
    pub fn has_crit(&self) -> bool {
        self.index.crit.within(self.text).is_some()
    }

    /// The names in `crit`; none where it is absent. [`JoseHeader::check_crit`] says whether they are acceptable.
    pub fn crit(&self) -> impl Iterator<Item = Str<'a>> + use<'a> {
        let list = self.index.crit.within(self.text).and_then(|value| value.as_array());
        list.into_iter().flat_map(|list| list.iter()).filter_map(|name| name.as_str())
    }

    /// Checks this header, the integrity-protected one, against what the recipient understands.
    ///
    /// `unprotected` are the other headers of the same message: they may hold the parameters that `crit` names,
    /// but no `crit` of their own.
    ///
    /// # Errors
    ///
    /// One of the `Crit…` variants of [`HeaderError`].
    pub fn check_crit(&self, unprotected: &[JoseHeader<'_>], understood: &[&str]) -> Result<(), HeaderError> {
        if unprotected.iter().any(JoseHeader::has_crit) {
            return Err(HeaderError::CritUnprotected);
        }
        let mut names = 0_usize;
        for name in self.crit_names()? {
            if registered_str(name).is_some() {
                return Err(HeaderError::CritRegistered);
            }
            if !understood.iter().any(|known| name == **known) {
                return Err(HeaderError::CritNotUnderstood);
            }
            let present = |header: &JoseHeader<'_>| header.iter().any(|(member, _)| member == name);
            if !present(self) && !unprotected.iter().any(present) {
                return Err(HeaderError::CritAbsent);
            }
            // More names than are understood: one stands twice. This bounds the comparisons below.
            names = names.saturating_add(1);
            if names > understood.len() {
                return Err(HeaderError::CritMalformed);
            }
        }
        for (index, name) in self.crit().enumerate() {
            if self.crit().take(index).any(|earlier| earlier == name) {
                return Err(HeaderError::CritMalformed);
            }
        }
        Ok(())
    }

    /// The same for a header that is being written, all of whose extensions its writer understands.
    ///
    /// # Errors
    ///
    /// One of the `Crit…` variants of [`HeaderError`].
    pub fn check_crit_as_written(&self) -> Result<(), HeaderError> {
        for (index, name) in self.crit_names()?.enumerate() {
            if registered_str(name).is_some() {
                return Err(HeaderError::CritRegistered);
            }
            if !self.iter().any(|(member, _)| member == name) {
                return Err(HeaderError::CritAbsent);
            }
            if self.crit().take(index).any(|earlier| earlier == name) {
                return Err(HeaderError::CritMalformed);
            }
        }
        Ok(())
    }

    /// The names, once it is known that `crit` is a list of names and not empty.
    fn crit_names(&self) -> Result<impl Iterator<Item = Str<'a>> + use<'a>, HeaderError> {
        if let Some(list) = self.index.crit.within(self.text).and_then(|value| value.as_array())
            && (list.iter().next().is_none() || list.iter().any(|name| name.as_str().is_none()))
        {
            return Err(HeaderError::CritMalformed);
        }
        Ok(self.crit())
    }

    /// Whether no parameter stands in both headers (RFC 7515 section 7.2.1, RFC 7516 section 7.2.1).
    ///
    /// # Errors
    ///
    /// [`HeaderError::NotDisjoint`].
    #[cfg(feature = "alloc")]
    pub fn check_disjoint(&self, other: &JoseHeader<'_>) -> Result<(), HeaderError> {
        const FEW: usize = 16;
        if other.is_empty() || self.is_empty() {
            return Ok(());
        }
        if self.iter().nth(FEW).is_none() && other.iter().nth(FEW).is_none() {
            return if self.iter().any(|(name, _)| other.iter().any(|(of_other, _)| name == of_other)) {
                Err(HeaderError::NotDisjoint)
            } else {
                Ok(())
            };
        }
        // Sorted, so that two long headers do not cost the product of their lengths.
        let mut names: Vec<Str<'_>> = other.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if self.iter().any(|(name, _)| names.binary_search(&name).is_ok()) {
            return Err(HeaderError::NotDisjoint);
        }
        Ok(())
    }
}
