//! Where a verifier's keys come from, and what verifying with them yields.

use jose_jws::{Verify, compact};
use rand_core::TryCryptoRng;
use serde::de::DeserializeOwned;

use super::Common;
use super::checks::Checks;
use super::verified::Verified;
use crate::claims::Claims;
use crate::error::Error;
use crate::registered::Registered;

/// A generator of the caller's as an object. It is used for encrypted JWTs only.
pub(crate) type DynRng<'r> = dyn TryCryptoRng<Error = Error> + 'r;

pub(super) mod sealed {
    #[expect(unnameable_types, reason = "it seals `TokenKeys`")]
    pub trait Sealed {}
}

/// The keys of a [`JwtVerifier`](crate::JwtVerifier): those of signed JWTs, which is anything that implements [`Verify`], of
/// encrypted ones, or both. Sealed.
pub trait TokenKeys: sealed::Sealed {
    /// What verifying yields.
    type Output<T>;

    #[doc(hidden)]
    fn open<T: DeserializeOwned>(
        &self,
        checks: &Checks<'_>,
        token: &str,
        rng: &mut DynRng<'_>,
    ) -> Result<Self::Output<T>, Error>;

    #[doc(hidden)]
    fn claims<T>(output: &Self::Output<T>) -> &Claims<T>;
}

impl<V: Verify> sealed::Sealed for V {}

impl<V: Verify> TokenKeys for V {
    type Output<T> = Verified<T>;

    fn open<T: DeserializeOwned>(
        &self,
        checks: &Checks<'_>,
        token: &str,
        _: &mut DynRng<'_>,
    ) -> Result<Verified<T>, Error> {
        verify_signed(self, checks, token, |_| Ok(()))
    }

    fn claims<T>(output: &Verified<T>) -> &Claims<T> {
        output.claims()
    }
}

/// The signature first, then the claims.
fn verify_signed<V: Verify + ?Sized, T: DeserializeOwned>(
    keys: &V,
    checks: &Checks<'_>,
    token: &str,
    check: impl FnOnce(&Registered<'_>) -> Result<(), Error>,
) -> Result<Verified<T>, Error> {
    let Common { understood, padding, max_depth, .. } = checks.verifier;
    let jws = compact::Unverified::parse(token)?.understand(understood);
    let jws = if *padding { jws.allow_padding() } else { jws }.verify(keys)?;
    let registered = Registered::read(jws.payload(), *max_depth)?;
    check(&registered)?;
    checks.check(&jws.header(), &registered, Some(jws.alg()))?;
    let claims = Claims::read(&registered)?;
    Ok(Verified::new(jws, claims))
}

#[cfg(feature = "jwe")]
pub use encrypted::{EncryptedClaims, EncryptedOnly, Nested};

#[cfg(feature = "jwe")]
mod encrypted {
    use core::fmt;

    use jose_jwe::{Decrypt, Decrypted, Encrypted};
    use jose_jws::{JoseHeader, Verify};
    use serde::de::DeserializeOwned;

    use super::super::checks::Checks;
    use super::super::verified::Verified;
    use super::super::{AudienceUnset, Common, IssuerUnset, JwtVerifier};
    use super::{DynRng, TokenKeys, sealed, verify_signed};
    use crate::claims::Claims;
    use crate::error::{Error, Reason};
    use crate::registered::{Aud, Registered};

    /// The keys of JWTs that are encrypted and not signed.
    #[derive(Clone, Debug)]
    pub struct EncryptedOnly<D>(D);

    /// The keys of JWTs that are signed and then encrypted.
    #[derive(Clone, Debug)]
    pub struct Nested<V, D> {
        verify: V,
        decrypt: D,
    }

    impl<D: Decrypt> JwtVerifier<EncryptedOnly<D>, IssuerUnset, AudienceUnset> {
        /// Starts with the keys of JWTs that are encrypted **and not signed**: with a public key, anyone can have created one.
        pub fn encrypted_only(keys: D) -> Self {
            Self::of(EncryptedOnly(keys))
        }
    }

    impl<V: Verify, D: Decrypt> JwtVerifier<Nested<V, D>, IssuerUnset, AudienceUnset> {
        /// Starts with the keys of JWTs that are signed and then encrypted. What is inside must be signed: neither an
        /// encrypted nor an unsecured JWT is accepted there.
        pub fn nested(verify: V, decrypt: D) -> Self {
            Self::of(Nested { verify, decrypt })
        }
    }

    impl<D> sealed::Sealed for EncryptedOnly<D> {}

    impl<D: Decrypt> TokenKeys for EncryptedOnly<D> {
        type Output<T> = EncryptedClaims<T>;

        fn open<T: DeserializeOwned>(
            &self,
            checks: &Checks<'_>,
            token: &str,
            rng: &mut DynRng<'_>,
        ) -> Result<EncryptedClaims<T>, Error> {
            let jwe = decrypt(&self.0, checks.verifier, token, rng)?;
            let header = jwe.header();
            if header.cty().is_some() {
                return Err(Error::Cty);
            }
            let registered = Registered::read(jwe.plaintext(), checks.verifier.max_depth)?;
            check_replicated(&header, &registered)?;
            checks.check(&header, &registered, None)?;
            let claims = Claims::read(&registered)?;
            Ok(EncryptedClaims { jwe, claims })
        }

        fn claims<T>(output: &EncryptedClaims<T>) -> &Claims<T> {
            output.claims()
        }
    }

    impl<V, D> sealed::Sealed for Nested<V, D> {}

    impl<V: Verify, D: Decrypt> TokenKeys for Nested<V, D> {
        type Output<T> = Verified<T>;

        fn open<T: DeserializeOwned>(
            &self,
            checks: &Checks<'_>,
            token: &str,
            rng: &mut DynRng<'_>,
        ) -> Result<Verified<T>, Error> {
            let jwe = decrypt(&self.decrypt, checks.verifier, token, rng)?;
            let header = jwe.header();
            if !header.is_cty("JWT") {
                return Err(Error::Cty);
            }
            let inner =
                core::str::from_utf8(jwe.plaintext()).map_err(|_| jose_jws::Error::Segments { found: 1 })?;
            let verified =
                verify_signed(&self.verify, checks, inner, |claims| check_replicated(&header, claims))?;
            Ok(verified.inside(&header))
        }

        fn claims<T>(output: &Verified<T>) -> &Claims<T> {
            output.claims()
        }
    }

    fn decrypt<D: Decrypt>(
        keys: &D,
        verifier: &Common,
        token: &str,
        rng: &mut DynRng<'_>,
    ) -> Result<Decrypted, Error> {
        Ok(Encrypted::parse_compact(token)?.understand(verifier.understood).decrypt(keys, rng)?)
    }

    /// `iss`, `sub` and `aud` that are in the header too must be the same there (RFC 7519 section 5.3).
    fn check_replicated(header: &JoseHeader<'_>, claims: &Registered<'_>) -> Result<(), Error> {
        for (name, claim) in [("iss", claims.iss), ("sub", claims.sub)] {
            if let Some(value) = header.get(name)
                && (claim.is_none() || value.as_str() != claim)
            {
                return Err(Error::claim(name, Reason::Mismatch));
            }
        }
        let Some(value) = header.get("aud") else { return Ok(()) };
        let replicated = Aud::read(value).ok_or_else(|| Error::claim("aud", Reason::Mismatch))?;
        match claims.aud {
            Some(aud) if aud.iter().eq(replicated.iter()) => Ok(()),
            _ => Err(Error::claim("aud", Reason::Mismatch)),
        }
    }

    /// A JWT that was decrypted and whose claims were checked, but that **nobody signed**.
    pub struct EncryptedClaims<T> {
        jwe: Decrypted,
        claims: Claims<T>,
    }

    impl<T> EncryptedClaims<T> {
        /// The claims.
        #[must_use]
        pub fn claims(&self) -> &Claims<T> {
            &self.claims
        }

        /// The claims by value.
        #[must_use]
        pub fn into_claims(self) -> Claims<T> {
            self.claims
        }

        /// The header.
        #[must_use]
        pub fn header(&self) -> JoseHeader<'_> {
            self.jwe.header()
        }

        /// The place of the key that decrypted it among those that were given, 0 for a single key.
        #[must_use]
        pub fn key_index(&self) -> usize {
            self.jwe.key_index()
        }
    }

    impl<T: fmt::Debug> fmt::Debug for EncryptedClaims<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("EncryptedClaims").field("claims", &self.claims).finish_non_exhaustive()
        }
    }
}
