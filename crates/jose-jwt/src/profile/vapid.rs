//! Web Push: how an application server identifies itself (RFC 8292).

use alloc::format;
use alloc::string::String;
use core::time::Duration;

use jose_b64::{base64url, json};
use jose_jwk::{Curve, Jwk, JwsAlg, PublicJwk};
use jose_jws::{HeaderError, JoseHeader, SigningKey};
use serde::Serialize;

use super::{Checked, Profile};
use crate::claims::Claims;
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;
use crate::registered::Registered;
use crate::rules::{Expected, Rules};
use crate::token::Token;

/// The token of an application server (RFC 8292 section 2): ES256, for the origin of the push service, and good for at most 24
/// hours. `sub` is a contact, `mailto:` or `https:`. A JWT with `iss` is of another kind; `VAPID.waive(&["iss"])` takes it.
pub const VAPID: Profile = Profile::new("VAPID")
    .typ(&["JWT"])
    .audience_required()
    .algs(JwsAlg::set(&[JwsAlg::Es256]))
    .max_lifetime(DAY)
    .required(&["aud", "exp"])
    .prohibited(&["iss", "events", "nonce"])
    .check(check_contact);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn check_contact(checked: &Checked<'_>) -> Result<(), Error> {
    let Some(sub) = checked.claims.sub else { return Ok(()) };
    let sub = sub.to_cow();
    if sub.starts_with("mailto:") || sub.starts_with("https:") {
        Ok(())
    } else {
        Err(Error::claim("sub", Reason::Invalid))
    }
}

/// Signs requests to push services.
///
/// ```
/// use jose_jwt::profile::{VAPID, VapidCredentials, VapidSigner};
/// use jose_jwt::{Claims, Curve, Jwk, JwsAlg, JwtVerifier, NoClaims, SysRng, VerifyingKey};
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let signer = VapidSigner::new(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
///     // What the browser subscribes with: `applicationServerKey`.
///     println!("{}", signer.public_key());
///
///     // For each request to `https://push.example/…`, or once in a few hours.
///     let claims = Claims::new()
///         .audience("https://push.example")
///         .subject("mailto:push@app.example")
///         .expires_in(Duration::from_secs(12 * 60 * 60));
///     let authorization = signer.authorization(&claims)?;
///     assert!(authorization.starts_with("vapid t="));
///
///     // At the push service.
///     let credentials = VapidCredentials::parse(&authorization)?;
///     let key = VerifyingKey::from_jwk(&credentials.key, JwsAlg::Es256)?;
///     let verifier = JwtVerifier::new(key)
///         .any_issuer()
///         .audience("https://push.example")
///         .profile(VAPID);
///     assert!(verifier.verify::<NoClaims>(credentials.token).is_ok());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VapidSigner {
    key: SigningKey,
    public: String,
}

impl VapidSigner {
    /// Prepares a private key on P-256. One that exists as 32 bytes is read by [`Jwk::from_raw_private`].
    ///
    /// # Errors
    ///
    /// [`Error::Jws`] if it is another key.
    pub fn new(jwk: &Jwk) -> Result<Self, Error> {
        let key = SigningKey::from_jwk(jwk, JwsAlg::Es256)?;
        let point = jwk.to_public().and_then(|public| public.to_raw()).map_err(jose_jws::Error::Key)?;
        Ok(Self { key, public: base64url::encode_to_string(&point) })
    }

    /// The public key as browsers and push services take it: the uncompressed point, 65 bytes, in base64url.
    #[must_use]
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// The value of the header `Authorization`, at the system's time: `vapid t=…, k=…`. The claims are checked before they are
    /// signed.
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] if `aud` or `exp` is missing, `exp` is over 24 hours from now, or `sub` is no contact;
    /// those of [`Token::sign`].
    #[cfg(feature = "std")]
    pub fn authorization<T: Serialize>(&self, claims: &Claims<T>) -> Result<String, Error> {
        self.authorization_at(claims, NumericDate::now()?)
    }

    /// Like [`authorization`](Self::authorization), at a given time.
    ///
    /// # Errors
    ///
    /// Those of [`authorization`](Self::authorization).
    pub fn authorization_at<T: Serialize>(
        &self,
        claims: &Claims<T>,
        now: NumericDate,
    ) -> Result<String, Error> {
        let token = Token::at(claims, now);
        check_own(&Registered::read(token.to_json()?.as_bytes(), json::DEPTH)?, now)?;
        Ok(format!("vapid t={}, k={}", token.sign(&self.key)?, self.public))
    }
}

/// Checks claims against the profile before they are signed.
fn check_own(claims: &Registered<'_>, now: NumericDate) -> Result<(), Error> {
    let header = JoseHeader::parse(br#"{"typ":"JWT"}"#).map_err(jose_jws::Error::Header)?;
    let rules = Rules { bounds: VAPID.bounds(), ..Rules::default() };
    let expected = Expected::default();
    rules.check(&header, claims, &expected, now)?;
    let alg = Some(JwsAlg::Es256);
    VAPID.verify(&Checked { header: &header, claims, rules: &rules, expected: &expected, alg })
}

/// What a push service receives: the value of the header `Authorization` (RFC 8292 section 3), not verified yet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VapidCredentials<'h> {
    /// The token, `t`.
    pub token: &'h str,
    /// The key that signed it, if it verifies: `k`. A subscription that is restricted to a key is restricted to this one.
    pub key: PublicJwk,
}

impl<'h> VapidCredentials<'h> {
    /// Reads `vapid t=…, k=…`. Other parameters are ignored.
    ///
    /// # Errors
    ///
    /// [`Error::Jws`] if it has another form, a parameter is missing or there twice, or `k` is not a point on P-256.
    pub fn parse(authorization: &'h str) -> Result<Self, Error> {
        let invalid = |error: HeaderError| Error::Jws(error.into());
        let (_, parameters) = authorization
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("vapid"))
            .ok_or_else(|| invalid(HeaderError::Missing("vapid")))?;
        let (mut t, mut k) = (None, None);
        for parameter in parameters.split(',') {
            let (name, value) =
                parameter.trim().split_once('=').ok_or_else(|| invalid(HeaderError::Invalid("vapid")))?;
            let known = match name.trim_end() {
                "t" => &mut t,
                "k" => &mut k,
                _ => continue,
            };
            if known.replace(value.trim_start()).is_some() {
                return Err(invalid(HeaderError::Duplicate));
            }
        }
        let token = t.ok_or_else(|| invalid(HeaderError::Missing("t")))?;
        let k = k.ok_or_else(|| invalid(HeaderError::Missing("k")))?;
        let point = base64url::decode_to_vec(k.as_bytes()).map_err(|_| invalid(HeaderError::Invalid("k")))?;
        let key = PublicJwk::from_raw(Curve::P256, point).map_err(jose_jws::Error::Key)?;
        Ok(Self { token, key })
    }
}
