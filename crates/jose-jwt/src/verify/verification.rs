use alloc::boxed::Box;
use core::fmt;

use jose_jwk::Thumbprint;
use jose_jws::{JoseHeader, JwsAlg};
use rand_core::{TryCryptoRng, TryRng};
use serde::de::DeserializeOwned;

use super::checks::Checks;
use super::keys::{DynRng, TokenKeys};
use super::{Common, JwtVerifier};
use crate::claims::Claims;
use crate::error::Error;
use crate::numeric_date::NumericDate;
use crate::registered::Registered;
use crate::replay::{AsyncReplayGuard, ReplayGuard};
use crate::rules::Expected;

/// The verification of one JWT: the time, and what this JWT in particular must contain, such as the `nonce` of one login.
/// What is expected is required.
///
/// ```
/// use jose_jwt::{
///     Claims, Jwk, JwsAlg, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate,
///     SigningKey, VerifyingKey,
/// };
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::from_octets("a secret of at least 32 bytes....")?;
///     let claims = Claims::new().jwt_id("1").expires_in(Duration::from_secs(60));
///     let token = jose_jwt::sign(&SigningKey::from_jwk(&jwk, JwsAlg::Hs256)?, &claims)?;
///
///     let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256)?;
///     let verifier = JwtVerifier::new(key).any_issuer().any_audience();
///     let (now, guard) = (NumericDate::now()?, MemoryReplayGuard::new(1000));
///     assert!(verifier.at(now).once(&guard).verify::<NoClaims>(&token).is_ok());
///     assert!(verifier.at(now).once(&guard).verify::<NoClaims>(&token).is_err());
///     Ok(())
/// }
/// ```
#[must_use = "`verify` verifies"]
pub struct Verification<'v, K> {
    keys: &'v K,
    common: &'v Common,
    now: NumericDate,
    expected: Expected<'v>,
    guard: Option<&'v dyn ReplayGuard>,
    rng: Option<Box<DynRng<'v>>>,
}

/// A generator of the caller's, whose own error is not passed on.
struct Erased<'r, R: ?Sized>(&'r mut R);

impl<R: TryCryptoRng + ?Sized> TryRng for Erased<'_, R> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        self.0.try_next_u32().map_err(|_| Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        self.0.try_next_u64().map_err(|_| Error::Rng)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.try_fill_bytes(bytes).map_err(|_| Error::Rng)
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for Erased<'_, R> {}

/// Stands in for a generator if there is none: what needs one fails.
#[cfg(not(feature = "std"))]
struct NoRng;

#[cfg(not(feature = "std"))]
impl TryRng for NoRng {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        Err(Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        Err(Error::Rng)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Error> {
        Err(Error::Rng)
    }
}

#[cfg(not(feature = "std"))]
impl TryCryptoRng for NoRng {}

impl<K: TokenKeys> JwtVerifier<K> {
    /// Verifies a JWT at the system's time. [`now`](Self::now) and [`at`](Self::at) can require more of this one JWT.
    ///
    /// # Errors
    ///
    /// Those of [`Verification::verify`]; [`Error::Clock`] if the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<K::Output<T>, Error> {
        self.now()?.verify(token)
    }

    /// Starts to verify a JWT at the system's time.
    ///
    /// # Errors
    ///
    /// [`Error::Clock`] if the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn now(&self) -> Result<Verification<'_, K>, Error> {
        Ok(self.at(NumericDate::now()?))
    }

    /// Starts to verify a JWT at a given time.
    pub fn at(&self, now: NumericDate) -> Verification<'_, K> {
        Verification::new(self, now)
    }
}

impl<'v, K: TokenKeys> Verification<'v, K> {
    pub(super) fn new(verifier: &'v JwtVerifier<K>, now: NumericDate) -> Self {
        let (keys, common) = (&verifier.keys, &verifier.common);
        Self { keys, common, now, expected: Expected::default(), guard: None, rng: None }
    }

    /// Requires `sub` with this value.
    pub fn subject(mut self, subject: &'v str) -> Self {
        self.expected.subject = Some(subject);
        self
    }

    /// Requires `jti` with this value.
    pub fn jwt_id(mut self, id: &'v str) -> Self {
        self.expected.id = Some(id);
        self
    }

    /// Requires `nonce` with this value (OpenID Connect Core 1.0 section 2).
    pub fn nonce(mut self, nonce: &'v str) -> Self {
        self.expected.nonce = Some(nonce);
        self
    }

    /// Requires `challenge` with this value.
    pub(crate) fn challenge(mut self, challenge: &'v str) -> Self {
        self.expected.challenge = Some(challenge);
        self
    }

    /// Requires `state` with this value in a JARM response, and `s_hash` of it in an ID Token. With another profile than these,
    /// as with none, [`Error::OptionWithoutEffect`].
    pub fn state(mut self, state: &'v str) -> Self {
        self.expected.state = Some(state);
        self
    }

    /// Requires `at_hash` of this access token in an ID Token. With another profile than that, as with none,
    /// [`Error::OptionWithoutEffect`]. A provider may leave `at_hash` out of an ID Token from the token endpoint (OpenID Connect
    /// Core 1.0 section 3.1.3.6).
    pub fn access_token(mut self, token: &'v str) -> Self {
        self.expected.access_token = Some(token);
        self
    }

    /// Requires `c_hash` of this authorization code in an ID Token. With another profile than that, as with none,
    /// [`Error::OptionWithoutEffect`].
    pub fn code(mut self, code: &'v str) -> Self {
        self.expected.code = Some(code);
        self
    }

    /// Requires the JWT to be bound to the key with this thumbprint (`cnf`, RFC 7800), such as the key of a
    /// [`DpopProof`](crate::profile::DpopProof). Without this, a JWT with `cnf` is refused.
    pub fn bound_to(mut self, key: &'v Thumbprint) -> Self {
        self.expected.bound_to = Some(key);
        self
    }

    /// Accepts the JWT only once: `jti` is required, and `exp` unless the verifier limits the age. The guard is asked last.
    pub fn once(mut self, guard: &'v impl ReplayGuard) -> Self {
        self.guard = Some(guard);
        self
    }

    /// Uses this generator to decrypt: for the blinding of RSA, and for the substitute of a key that cannot be unwrapped.
    /// Without it, the system's is used (feature `std`). Signed JWTs need none.
    pub fn rng<R: TryCryptoRng + ?Sized>(mut self, rng: &'v mut R) -> Self {
        self.rng = Some(Box::new(Erased(rng)));
        self
    }

    /// Verifies a JWT: the signature first, then the claims.
    ///
    /// # Errors
    ///
    /// - [`Error::OptionWithoutEffect`] if an option of the verifier does not go with its profile
    /// - [`Error::TooLong`]
    /// - [`Error::Jws`] if the signature does not verify or could not be checked; [`Error::Jwe`] if it cannot be decrypted;
    ///   [`Error::Cty`] if `cty` does not announce what is inside
    /// - then [`Error::NotClaims`], [`Error::Claim`], [`Error::Expired`], [`Error::NotYetValid`] or [`Error::Typ`]
    /// - [`Error::ClaimsType`] if the claims are valid and not of the type `T`
    /// - [`Error::Replayed`] and [`Error::ReplayStore`] of [`once`](Self::once)
    pub fn verify<T: DeserializeOwned>(self, token: &str) -> Result<K::Output<T>, Error> {
        let (common, now, guard) = (self.common, self.now, self.guard);
        let output = self.open(token)?;
        if let Some(guard) = guard {
            guard.first_use(&common.token_id(K::claims(&output), now)?)?;
        }
        Ok(output)
    }

    /// Like [`verify`](Self::verify), and accepts the JWT only once, with a guard that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub async fn verify_once_async<T: DeserializeOwned>(
        self,
        token: &str,
        guard: &impl AsyncReplayGuard,
    ) -> Result<K::Output<T>, Error> {
        let (common, now) = (self.common, self.now);
        let output = self.open(token)?;
        guard.first_use(&common.token_id(K::claims(&output), now)?).await?;
        Ok(output)
    }

    /// Checks the claims of a text **whose signature somebody else has verified**, such as the inflated payload of a SMART
    /// Health Card: the rules, the profile and [`once`](Self::once). Keys are not used. `header` is the verified header.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify) about claims.
    pub fn dangerous_check_claims<T: DeserializeOwned>(
        self,
        header: &JoseHeader<'_>,
        claims: &[u8],
    ) -> Result<Claims<T>, Error> {
        self.common.check_options()?;
        self.common.check_len(claims.len())?;
        let checks = Checks { verifier: self.common, expected: self.expected, now: self.now };
        let registered = Registered::read(claims, self.common.max_depth)?;
        let alg = header.alg().and_then(|alg| JwsAlg::from_name(&alg.to_cow()));
        checks.check(header, &registered, alg)?;
        let claims = Claims::read(&registered)?;
        if let Some(guard) = self.guard {
            guard.first_use(&self.common.token_id(&claims, self.now)?)?;
        }
        Ok(claims)
    }

    fn open<T: DeserializeOwned>(self, token: &str) -> Result<K::Output<T>, Error> {
        self.common.check_options()?;
        self.common.check_len(token.len())?;
        let checks = Checks { verifier: self.common, expected: self.expected, now: self.now };
        match self.rng {
            Some(mut rng) => self.keys.open(&checks, token, &mut *rng),
            #[cfg(feature = "std")]
            None => self.keys.open(&checks, token, &mut Erased(&mut jose_jwk::SysRng)),
            #[cfg(not(feature = "std"))]
            None => self.keys.open(&checks, token, &mut NoRng),
        }
    }
}

impl<K> fmt::Debug for Verification<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("verifier", self.common)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
