use jose_jws::Verify;
use serde::de::DeserializeOwned;

use super::{JwtVerifier, Verified};
use crate::replay::{AsyncReplayGuard, ReplayGuard, Seen};
use crate::rules::failed;
use crate::{Claims, Error, Expected, NumericDate, Reason};

/// JWTs that are taken once.
impl<K: Verify> JwtVerifier<K> {
    /// Verifies a JWT, and takes it if it was not seen before: `jti` is required, and the guard is asked last, once.
    ///
    /// # Errors
    ///
    /// As [`JwtVerifier::verify_at`]; [`Error::Claim`] where `jti` is missing, or `exp` where no age limits the JWT
    /// either; [`Error::Replayed`] and [`Error::ReplayStore`].
    pub fn verify_once<T: DeserializeOwned>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
        guard: &(impl ReplayGuard + ?Sized),
    ) -> Result<Verified<T>, Error> {
        let verified = self.verify_expecting(token, expected, now)?;
        guard.first_use(&self.seen(&verified.claims, now)?)?;
        Ok(verified)
    }

    /// The same with a guard that is asked over a network.
    ///
    /// # Errors
    ///
    /// As [`JwtVerifier::verify_once`].
    pub async fn verify_once_async<T: DeserializeOwned>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
        guard: &impl AsyncReplayGuard,
    ) -> Result<Verified<T>, Error> {
        let verified = self.verify_expecting(token, expected, now)?;
        guard.first_use(&self.seen(&verified.claims, now)?).await?;
        Ok(verified)
    }

    fn seen<'c, T>(&self, claims: &'c Claims<T>, now: NumericDate) -> Result<Seen<'c>, Error> {
        let id = claims.jti().ok_or_else(|| failed("jti", Reason::Missing))?;
        let until = self.rules.refused_from(claims.exp(), claims.iat());
        let until = until.ok_or_else(|| failed("exp", Reason::Missing))?;
        Ok(Seen { issuer: claims.iss(), id, until, now })
    }
}
