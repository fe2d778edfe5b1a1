use alloc::string::String;
use alloc::vec::Vec;

use jose_jws::{Header, JwsAlg, Sign, compact};
use serde::Serialize;

use crate::claims::Claims;
use crate::error::Error;
use crate::numeric_date::NumericDate;

/// Signs claims at the system's time. The algorithm and the `kid` are the key's, `typ` is `JWT`.
///
/// ```
/// use jose_jwt::{Claims, Curve, Jwk, SigningKey, SysRng};
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
///     let claims = Claims::new()
///         .issuer("https://issuer.example")
///         .expires_in(Duration::from_secs(600));
///     let token = jose_jwt::sign(&key, &claims)?;
///     assert!(token.starts_with("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9."));
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Those of [`Token::sign`].
#[cfg(feature = "std")]
pub fn sign<K: Sign + ?Sized, T: Serialize>(key: &K, claims: &Claims<T>) -> Result<String, Error> {
    Token::new(claims).sign(key)
}

/// Like [`sign`], but with a key that answers later.
///
/// # Errors
///
/// Those of [`Token::sign`].
#[cfg(feature = "std")]
pub async fn sign_async<A, K, T>(
    key: &jose_jws::AsyncKey<'_, A, K>,
    claims: &Claims<T>,
) -> Result<String, Error>
where
    A: jose_jws::alg::Algorithm,
    K: jose_jws::signature::AsyncSigner<A::Signature>,
    T: Serialize,
{
    Token::new(claims).sign_async(key).await
}

/// A JWT to be signed or encrypted: claims, a header, and the time.
///
/// ```
/// use jose_jwt::{Claims, Jwk, JwsAlg, NumericDate, SigningKey, Token};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::from_octets("a secret of at least 32 bytes....")?;
///     let key = SigningKey::from_jwk(&jwk, JwsAlg::Hs256)?;
///     let claims = Claims::new().subject("alice");
///     let token = Token::at(&claims, NumericDate::from_seconds(1_700_000_000))
///         .typ("at+jwt")
///         .sign(&key)?;
///     assert_eq!(token.split('.').count(), 3);
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "it is not signed yet"]
pub struct Token<'t, T> {
    claims: &'t Claims<T>,
    header: Header<'t>,
    /// `None` for the system's time.
    now: Option<NumericDate>,
}

impl<'t, T: Serialize> Token<'t, T> {
    /// A JWT that is issued at the system's time.
    #[cfg(feature = "std")]
    pub fn new(claims: &'t Claims<T>) -> Self {
        Self { claims, header: Header::new(), now: None }
    }

    /// A JWT that is issued at a given time.
    pub fn at(claims: &'t Claims<T>, now: NumericDate) -> Self {
        Self { claims, header: Header::new(), now: Some(now) }
    }

    /// Sets the header. `alg` and, if it has none, `kid` come from the key; without `typ` it is `JWT`.
    pub fn header(self, header: Header<'t>) -> Self {
        Self { header, ..self }
    }

    /// Sets `typ` of the header.
    pub fn typ(self, typ: &'t str) -> Self {
        Self { header: self.header.typ(typ), ..self }
    }

    /// The JSON text of the claims: the registered ones first, then the caller's. `iat` is the time of issue, unless it was
    /// set or left out.
    ///
    /// # Errors
    ///
    /// [`Error::ClaimTwice`] if a claim is set twice, or is set and in the caller's own type too; [`Error::ClaimsWrite`] if
    /// that type does not become a JSON object; [`Error::Claim`] if it has a registered claim of the wrong type;
    /// [`Error::Clock`].
    pub fn to_json(&self) -> Result<String, Error> {
        String::from_utf8(self.claims_text()?).map_err(|_| Error::NotClaims(jose_b64::Error::Utf8))
    }

    /// The text of [`to_json`](Self::to_json), as it is signed.
    fn claims_text(&self) -> Result<Vec<u8>, Error> {
        let now = match self.now {
            Some(now) => now,
            #[cfg(feature = "std")]
            None => NumericDate::now()?,
            #[cfg(not(feature = "std"))]
            None => return Err(Error::Clock),
        };
        self.claims.to_json(now)
    }

    /// The header with the `typ` of a JWT, if it has none.
    fn typed(&self) -> Header<'t> {
        if self.header.has("typ") { self.header } else { self.header.typ("JWT") }
    }

    /// The header of a signed JWT, whose payload is always encoded: `b64` may not be false (RFC 7797 section 7).
    fn signed_header(&self) -> Result<Header<'t>, Error> {
        match self.header.get("b64").and_then(|value| value.as_bool()) {
            Some(false) => Err(Error::Jws(jose_jws::Error::Unencoded)),
            _ => Ok(self.typed()),
        }
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// Those of [`to_json`](Self::to_json); [`Error::Jws`] if the header breaks a rule, has a `b64` that is false, or another
    /// `kid` than the key, or if the key fails.
    pub fn sign<K: Sign + ?Sized>(&self, key: &K) -> Result<String, Error> {
        Ok(compact::sign(key, &self.claims_text()?, &self.signed_header()?)?)
    }

    /// Like [`sign`](Self::sign), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub async fn sign_async<A, K>(&self, key: &jose_jws::AsyncKey<'_, A, K>) -> Result<String, Error>
    where
        A: jose_jws::alg::Algorithm,
        K: jose_jws::signature::AsyncSigner<A::Signature>,
    {
        let (claims, header) = (self.claims_text()?, self.signed_header()?);
        Ok(compact::sign_async(key, &claims, &header).await?)
    }

    /// The JWT without its signature: the first of two steps for a key that signs elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign), the key's own excepted.
    pub fn unsigned(&self, alg: JwsAlg) -> Result<compact::Unsigned<Vec<u8>>, Error> {
        Ok(compact::Unsigned::new(alg, &self.claims_text()?, &self.signed_header()?)?)
    }
}

#[cfg(feature = "jwe")]
impl<T: Serialize> Token<'_, T> {
    /// Encrypts the claims **without signing them**: with a public key, anyone can create such a JWT. `enc` is `None` for a
    /// key of Integrated Encryption (HPKE), and only then.
    ///
    /// # Errors
    ///
    /// Those of [`to_json`](Self::to_json); [`Error::Jwe`] if the header breaks a rule or the key fails.
    pub fn encrypt<R: jose_jws::rand_core::TryCryptoRng + ?Sized>(
        &self,
        to: &jose_jwe::EncryptionKey,
        enc: impl Into<Option<jose_jwe::JweEnc>>,
        rng: &mut R,
    ) -> Result<String, Error> {
        let message = jose_jwe::Message::new(enc).header(self.typed());
        Ok(message.compact(to, &self.claims_text()?, rng)?)
    }

    /// Signs the claims, and encrypts the signed JWT (RFC 7519 section 11.2). The header is that of the signed JWT. `enc` is as
    /// in [`encrypt`](Self::encrypt).
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign); [`Error::Jwe`] if the encryption key fails.
    pub fn sign_then_encrypt<K, R>(
        &self,
        key: &K,
        to: &jose_jwe::EncryptionKey,
        enc: impl Into<Option<jose_jwe::JweEnc>>,
        rng: &mut R,
    ) -> Result<String, Error>
    where
        K: Sign + ?Sized,
        R: jose_jws::rand_core::TryCryptoRng + ?Sized,
    {
        let inner = self.sign(key)?;
        let message = jose_jwe::Message::new(enc).header(Header::new().cty("JWT"));
        Ok(message.compact(to, inner.as_bytes(), rng)?)
    }
}
