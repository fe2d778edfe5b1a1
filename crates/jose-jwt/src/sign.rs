#[cfg(feature = "alloc")]
use alloc::string::String;

use jose_jws::{Header, Sign, compact};
#[cfg(feature = "alloc")]
use serde::Serialize;

#[cfg(feature = "alloc")]
use crate::Claims;
use crate::Error;
use crate::registered::Registered;

/// The header of a JWT where the caller has none: `typ` is `JWT`, and `kid` the key's.
const HEADER: Header<'static> = Header { typ: Some("JWT"), cty: None, kid: None, members: None };

/// Signs claims. The algorithm and the `kid` are the key's.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256"))] {
/// use jose_jwk::{Curve, Jwk, SysRng};
/// use jose_jws::SigningKey;
/// use jose_jwt::Claims;
/// let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
/// let token = jose_jwt::sign(&key, &Claims::new().issuer("https://issuer.example"))?;
/// assert!(token.starts_with("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9."));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::ClaimTwice`], [`Error::ClaimsWrite`], or [`Error::Jws`] where the key fails.
#[cfg(feature = "alloc")]
pub fn sign<K: Sign + ?Sized, T: Serialize>(key: &K, claims: &Claims<T>) -> Result<String, Error> {
    sign_with_header(key, &HEADER, claims)
}

/// Signs claims under a header of the caller's. `alg` is the key's, whatever the header says.
///
/// # Errors
///
/// As [`sign`]; [`Error::Jws`] too where the header cannot be written or says that the payload is not encoded.
#[cfg(feature = "alloc")]
pub fn sign_with_header<K: Sign + ?Sized, T: Serialize>(
    key: &K,
    header: &Header<'_>,
    claims: &Claims<T>,
) -> Result<String, Error> {
    check_header(header)?;
    let text = claims.to_json()?;
    // The caller's own type may hold a registered claim, of the wrong type even.
    Registered::read(text.as_bytes())?;
    Ok(compact::sign(key, header, text.as_bytes())?)
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

/// A JWT has no unencoded payload (RFC 7797 section 7).
#[cfg(feature = "alloc")]
fn check_header(header: &Header<'_>) -> Result<(), Error> {
    let Some(members) = header.members else { return Ok(()) };
    let members = jose_jws::JoseHeader::parse(members.as_bytes()).map_err(jose_jws::Error::Header)?;
    if members.get("b64").is_some() { Err(Error::Jws(jose_jws::Error::Unencoded)) } else { Ok(()) }
}
