//! Encrypted JWTs, and signed ones inside of encrypted ones (RFC 7519 sections 5.2, 5.3, 7.2 and 11.2).

use core::fmt;

#[cfg(feature = "std")]
use alloc::string::String;

use jose_jwe::{Decrypt, Decrypted, Encrypted};
use jose_jws::{JoseHeader, Verify};
use rand_core::TryCryptoRng;
use serde::de::DeserializeOwned;
#[cfg(feature = "std")]
use {
    crate::sign,
    jose_jwe::{EncryptionKey, JweEnc, compact},
    jose_jws::{Header, Sign},
    serde::Serialize,
};

use crate::registered::{Aud, Registered};
use crate::rules::failed;
use crate::verify::{JwtVerifier, Unset, Verified};
use crate::{Claims, Error, Expected, NumericDate, Reason};

/// Of [`JwtVerifier`]: the keys of JWTs that are encrypted and not signed.
#[derive(Debug)]
pub struct EncryptedOnly<D>(D);

/// Of [`JwtVerifier`]: the keys of JWTs that are signed and then encrypted.
#[derive(Debug)]
pub struct Nested<V, D> {
    verify: V,
    decrypt: D,
}

impl<D: Decrypt> JwtVerifier<EncryptedOnly<D>, Unset, Unset> {
    /// Starts with the keys of JWTs that are encrypted **and not signed**: with a public key, anybody can have made one.
    pub fn encrypted_only(keys: D) -> Self {
        Self::of(EncryptedOnly(keys))
    }
}

impl<V: Verify, D: Decrypt> JwtVerifier<Nested<V, D>, Unset, Unset> {
    /// Starts with the keys of JWTs that are signed and then encrypted.
    pub fn nested(verify: V, decrypt: D) -> Self {
        Self::of(Nested { verify, decrypt })
    }
}

impl<D: Decrypt> JwtVerifier<EncryptedOnly<D>> {
    /// Decrypts a JWT and checks its claims at a given time.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`]; [`Error::Jwe`] where it cannot be decrypted; [`Error::Cty`] where it says that there is a JWT
    /// inside; then as [`JwtVerifier::verify_at`].
    pub fn decrypt_at<T: DeserializeOwned, R: TryCryptoRng + ?Sized>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
        rng: &mut R,
    ) -> Result<NotSigned<T>, Error> {
        let jwe = self.decrypt(&self.keys.0, token, rng)?;
        if jwe.protected().cty().is_some() {
            return Err(Error::Cty);
        }
        let registered = Registered::read(jwe.plaintext())?;
        check_replicated(&jwe.protected(), &registered)?;
        self.rules.check(&jwe.protected(), &registered, None, expected, now)?;
        let claims = Claims::read(&registered)?;
        Ok(NotSigned { jwe, claims })
    }
}

impl<V: Verify, D: Decrypt> JwtVerifier<Nested<V, D>> {
    /// Decrypts a JWT, and verifies the one inside at a given time. What is inside must be signed: neither an encrypted
    /// nor an unsecured JWT is taken there.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`]; [`Error::Jwe`] where it cannot be decrypted; [`Error::Cty`] where it does not say that there is
    /// a JWT inside; then as [`JwtVerifier::verify_at`].
    pub fn verify_nested_at<T: DeserializeOwned, R: TryCryptoRng + ?Sized>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
        rng: &mut R,
    ) -> Result<Verified<T>, Error> {
        let jwe = self.decrypt(&self.keys.decrypt, token, rng)?;
        if !jwe.protected().is_cty("JWT") {
            return Err(Error::Cty);
        }
        let inner = core::str::from_utf8(jwe.plaintext()).map_err(|_| jose_jws::Error::Segments)?;
        let header = jwe.protected();
        let verified = self.verify_signed(&self.keys.verify, inner, expected, now, |claims| {
            check_replicated(&header, claims)
        })?;
        Ok(verified.inside(&header))
    }
}

impl<K, I, A> JwtVerifier<K, I, A> {
    fn decrypt<D: Decrypt, R: TryCryptoRng + ?Sized>(
        &self,
        keys: &D,
        token: &str,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        if token.len() > self.max_len {
            return Err(Error::TooLong);
        }
        let message = Encrypted::from_compact(token)?.understanding(self.rules.understood);
        Ok(message.decrypt_with_rng(keys, rng)?)
    }
}

/// `iss`, `sub` and `aud` that stand in the header too are the same there (RFC 7519 section 5.3).
fn check_replicated(header: &JoseHeader<'_>, claims: &Registered<'_>) -> Result<(), Error> {
    for (name, claim) in [("iss", claims.iss), ("sub", claims.sub)] {
        if let Some(value) = header.get(name)
            && (claim.is_none() || value.as_str() != claim)
        {
            return Err(failed(name, Reason::Mismatch));
        }
    }
    let Some(value) = header.get("aud") else { return Ok(()) };
    let replicated = Aud::read(value).ok_or_else(|| failed("aud", Reason::Mismatch))?;
    match claims.aud {
        Some(aud) if aud.iter().eq(replicated.iter()) => Ok(()),
        _ => Err(failed("aud", Reason::Mismatch)),
    }
}

/// A JWT that was decrypted and whose claims were checked, but that **nobody signed**.
pub struct NotSigned<T> {
    jwe: Decrypted,
    claims: Claims<T>,
}

impl<T> NotSigned<T> {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }

    /// The claims, by value.
    #[must_use]
    pub fn into_claims(self) -> Claims<T> {
        self.claims
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.jwe.protected()
    }

    /// The place of the key that decrypted it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.jwe.key_index()
    }
}

impl<T: fmt::Debug> fmt::Debug for NotSigned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotSigned").field("claims", &self.claims).finish_non_exhaustive()
    }
}

/// Encrypts claims without signing them, at a given time.
///
/// # Errors
///
/// [`Error::ClaimTwice`], [`Error::ClaimsWrite`] or [`Error::Claim`] for the claims, [`Error::Jwe`] where the key fails.
#[cfg(feature = "std")]
pub fn encrypt_at<T: Serialize>(
    key: &EncryptionKey,
    enc: JweEnc,
    header: &Header<'_>,
    claims: &Claims<T>,
    now: NumericDate,
) -> Result<String, Error> {
    Ok(compact::encrypt(key, enc, &sign::typed(header), sign::text_at(claims, now)?.as_bytes())?)
}

/// Signs claims at a given time, and encrypts the signed JWT.
///
/// # Errors
///
/// As [`sign_at`](crate::sign_at), and [`Error::Jwe`] where the encryption key fails.
#[cfg(feature = "std")]
pub fn sign_and_encrypt_at<K: Sign + ?Sized, T: Serialize>(
    signer: &K,
    recipient: &EncryptionKey,
    enc: JweEnc,
    claims: &Claims<T>,
    now: NumericDate,
) -> Result<String, Error> {
    let inner = sign::sign_at(signer, &Header::default(), claims, now)?;
    let header = Header { cty: Some("JWT"), ..Header::default() };
    Ok(compact::encrypt(recipient, enc, &header, inner.as_bytes())?)
}
