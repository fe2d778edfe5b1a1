use alloc::vec::Vec;

use crate::error::MemberError;

/// A member of a key that was set aside, or read as an option of [`JwkParser`](crate::JwkParser) allows: the key serves
/// by its material, and what the member says counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The place of the key in `keys`, from 0. 0 for a single key.
    pub index: usize,
    /// The name of the member.
    pub member: &'static str,
    /// What is wrong with it.
    pub reason: MemberError,
}

/// What was noted about a key while it was read. It is not a part of the key: keys are equal whatever was noted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Vec<Noted>);

impl Notes {
    pub(crate) fn push(&mut self, member: &'static str, reason: MemberError) {
        self.0.push(Noted { index: 0, member, reason });
    }

    pub(crate) fn extend(&mut self, notes: &Self) {
        self.0.extend(&notes.0);
    }

    /// Whether a digest of a certificate is there and is none. `null` says nothing.
    pub(crate) fn has_damaged_digest(&self) -> bool {
        let is_digest = |noted: &Noted| matches!(noted.member, "x5t" | "x5t#S256");
        self.0.iter().any(|noted| is_digest(noted) && noted.reason != MemberError::Null)
    }

    /// For a key at this place of a set.
    pub(crate) fn at(&mut self, index: usize) {
        self.0.iter_mut().for_each(|noted| noted.index = index);
    }

    pub(crate) fn as_slice(&self) -> &[Noted] {
        &self.0
    }
}

impl PartialEq for Notes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Notes {}
