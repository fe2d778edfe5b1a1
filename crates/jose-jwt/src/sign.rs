#[cfg(feature = "alloc")]
use alloc::string::String;

use jose_jws::{Header, Sign, compact};
#[cfg(feature = "alloc")]
use jose_jws::{JoseHeader, JwsAlg};
#[cfg(feature = "alloc")]
use serde::Serialize;

use crate::Error;
use crate::registered::Registered;
#[cfg(feature = "alloc")]
use crate::{Claims, NumericDate};

/// The header of a JWT where the caller has none: `typ` is `JWT`, and `kid` the key's.
const HEADER: Header<'static> = Header { typ: Some("JWT"), cty: None, kid: None, members: None };

/// Signs claims at the system's time. The algorithm and the `kid` are the key's, `typ` is `JWT`.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256"))] {
/// use core::time::Duration;
/// use jose_jwk::{Curve, Jwk, SysRng};
/// use jose_jws::SigningKey;
/// use jose_jwt::Claims;
/// let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
/// let claims = Claims::new().issuer("https://issuer.example").expires_after(Duration::from_secs(600));
/// let token = jose_jwt::sign(&key, &claims)?;
/// assert!(token.starts_with("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9."));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::ClaimTwice`], [`Error::ClaimsWrite`], [`Error::Claim`] where the caller's own type has a registered claim of
/// the wrong type, [`Error::Jws`] where the key fails, or [`Error::Clock`].
#[cfg(feature = "std")]
pub fn sign<K: Sign + ?Sized, T: Serialize>(key: &K, claims: &Claims<T>) -> Result<String, Error> {
    sign_at(key, &Header::default(), claims, NumericDate::now()?)
}

/// Signs claims at a given time under a header of the caller's. `alg` is the key's, and the header may name none; `typ`
/// is `JWT` and `kid` the key's where the header has none.
///
/// # Errors
///
/// As [`sign`]; [`Error::Jws`] too where the header cannot be written, names an `alg`, or has a `b64` that is not true.
#[cfg(feature = "alloc")]
pub fn sign_at<K: Sign + ?Sized, T: Serialize>(
    key: &K,
    header: &Header<'_>,
    claims: &Claims<T>,
    now: NumericDate,
) -> Result<String, Error> {
    let text = text_at(claims, now)?;
    Ok(compact::sign(key, &merged(header)?, text.as_bytes())?)
}

/// The first of two steps for a key that signs elsewhere, or not at once: the JWT without its signature, which is
/// attached when it has come.
///
/// # Errors
///
/// As [`sign_at`], the key's own apart.
#[cfg(feature = "alloc")]
pub fn unsigned_at<T: Serialize>(
    alg: JwsAlg,
    header: &Header<'_>,
    claims: &Claims<T>,
    now: NumericDate,
) -> Result<compact::Unsigned<String>, Error> {
    let text = text_at(claims, now)?;
    Ok(compact::Unsigned::new(alg, &merged(header)?, text.as_bytes())?)
}

#[cfg(feature = "alloc")]
pub(crate) fn text_at<T: Serialize>(claims: &Claims<T>, now: NumericDate) -> Result<String, Error> {
    let text = claims.to_json_at(now)?;
    // The caller's own type may hold a registered claim, of the wrong type even.
    Registered::read(text.as_bytes())?;
    Ok(text)
}

/// The caller's header over the one that a JWT has by itself. The payload of a JWT is always encoded: `b64` may say so
/// and nothing else (RFC 7797 section 7).
#[cfg(feature = "alloc")]
fn merged<'h>(header: &Header<'h>) -> Result<Header<'h>, Error> {
    let encoded = members(header).and_then(|members| members.get("b64")?.as_bool());
    if encoded == Some(false) { Err(Error::Jws(jose_jws::Error::Unencoded)) } else { Ok(typed(header)) }
}

/// The caller's header with the `typ` of a JWT, where it has none.
#[cfg(feature = "alloc")]
pub(crate) fn typed<'h>(header: &Header<'h>) -> Header<'h> {
    let own = members(header).and_then(|members| members.typ());
    Header { typ: header.typ.or(HEADER.typ.filter(|_| own.is_none())), ..*header }
}

/// The caller's members. What is wrong with them is said where they are written.
#[cfg(feature = "alloc")]
fn members<'h>(header: &Header<'h>) -> Option<JoseHeader<'h>> {
    JoseHeader::parse(header.members?.as_bytes()).ok()
}

/// Signs the ready-made text of a claims set into the caller's buffer, without a heap.
///
/// ```
/// # #[cfg(feature = "hmac")] {
/// use jose_jws::{Key, alg::{Hs256, HmacKey}};
/// let key = Key::<Hs256, _>::new(HmacKey::new(b"a secret of at least 32 octets...")?);
/// let mut buffer = [0; 256];
/// let token = jose_jwt::sign_text_in(&key, r#"{"sub":"dev-7"}"#, &mut buffer)?;
/// assert_eq!(token.split('.').count(), 3);
/// # }
/// # Ok::<(), jose_jwt::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NotClaims`] and [`Error::Claim`] where the text is none of a claims set; [`Error::Jws`] where the buffer is
/// too small or the key fails.
pub fn sign_text_in<'o, K: Sign + ?Sized>(
    key: &K,
    claims: &str,
    buffer: &'o mut [u8],
) -> Result<&'o str, Error> {
    Registered::read(claims.as_bytes())?;
    Ok(compact::sign_in(key, &HEADER, claims.as_bytes(), buffer)?)
}
