use core::fmt;

use jose_jws::{JoseHeader, JwsAlg};

use super::Common;
use crate::error::Error;
use crate::numeric_date::NumericDate;
use crate::profile::Checked;
use crate::registered::Registered;
use crate::rules::Expected;

/// What a token is checked against, whatever its keys.
#[expect(unnameable_types, reason = "a detail of the sealed `TokenKeys`")]
pub struct Checks<'c> {
    pub(super) verifier: &'c Common,
    pub(super) expected: Expected<'c>,
    pub(super) now: NumericDate,
}

impl fmt::Debug for Checks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checks").finish_non_exhaustive()
    }
}

impl Checks<'_> {
    /// The rules, then the profile.
    pub(super) fn check(
        &self,
        header: &JoseHeader<'_>,
        claims: &Registered<'_>,
        alg: Option<JwsAlg>,
    ) -> Result<(), Error> {
        let Common { rules, profile, .. } = self.verifier;
        for (option, value) in [
            ("access_token", self.expected.access_token),
            ("code", self.expected.code),
            ("state", self.expected.state),
        ] {
            if value.is_some() && !profile.as_ref().is_some_and(|profile| profile.does_compare(option)) {
                return Err(Error::OptionWithoutEffect { option });
            }
        }
        rules.check(header, claims, &self.expected, self.now)?;
        match profile {
            Some(profile) => {
                let (rules, expected) = (rules, &self.expected);
                profile.verify(&Checked { header, claims, rules, expected, alg })
            }
            None => Ok(()),
        }
    }
}
