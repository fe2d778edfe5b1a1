//! OpenID Connect: ID Tokens and logout tokens.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::Value;
use jose_jwa::{Hash, JwsAlg, JwsFamily};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{Checked, Profile};
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;

/// An ID Token (OpenID Connect Core 1.0 incorporating errata set 2 sections 2 and 3.1.3.7), verified with the client's
/// identifier as the one audience. It may have no other audience that is not
/// [trusted](crate::JwtVerifier::trusted_audiences). `azp` is no rule by itself:
/// [`authorized_party`](crate::JwtVerifier::authorized_party) requires it.
///
/// `nonce`, `at_hash`, `c_hash` and `s_hash` are compared with what [`Verification`](crate::Verification) was given, and may be
/// anything where that is nothing. A client that sent a `nonce` must pass it to
/// [`Verification::nonce`](crate::Verification::nonce): only then is the token known to be of this login.
///
/// Self-issued ID Tokens, whose `iss` is their `sub`, are not of this kind.
pub const ID_TOKEN: Profile = Profile::new("ID Token")
    .typ(&["JWT"])
    .required(&["iss", "sub", "aud", "exp", "iat"])
    .prohibited(&["events"])
    .limit_audiences()
    .check(check_id_token)
    .compares(&["access_token", "code", "state"]);

/// The claims of an ID Token besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdToken {
    /// Ties the token to one login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// When the end user was authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<NumericDate>,
    /// The party that the token was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// The class of the authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The methods of the authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Ties the token to the access token that was issued with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Ties the token to the authorization code that was issued with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
}

impl IdToken {
    /// An ID Token without further claims.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `nonce`, as the client sent it.
    #[must_use]
    pub fn nonce(self, nonce: impl Into<String>) -> Self {
        Self { nonce: Some(nonce.into()), ..self }
    }

    /// Sets `auth_time`.
    #[must_use]
    pub fn auth_time(self, time: NumericDate) -> Self {
        Self { auth_time: Some(time), ..self }
    }

    /// Sets `azp`.
    #[must_use]
    pub fn azp(self, client: impl Into<String>) -> Self {
        Self { azp: Some(client.into()), ..self }
    }

    /// Sets `acr`.
    #[must_use]
    pub fn acr(self, class: impl Into<String>) -> Self {
        Self { acr: Some(class.into()), ..self }
    }

    /// Sets `amr`.
    #[must_use]
    pub fn amr<S: Into<String>>(self, methods: impl IntoIterator<Item = S>) -> Self {
        Self { amr: Some(methods.into_iter().map(Into::into).collect()), ..self }
    }

    /// Sets `at_hash` for this access token, by the hash function of the algorithm that the ID Token is signed with.
    ///
    /// # Errors
    ///
    /// [`Error::OptionWithoutEffect`] if the algorithm has none that OpenID Connect Core 1.0 section 3.1.3.6 could mean:
    /// Ed448, ML-DSA.
    pub fn access_token(self, token: &str, alg: JwsAlg) -> Result<Self, Error> {
        let hash = left_half(alg, token).ok_or(Error::OptionWithoutEffect { option: "access_token" })?;
        Ok(Self { at_hash: Some(hash), ..self })
    }

    /// Sets `c_hash` for this authorization code, as [`access_token`](Self::access_token) sets `at_hash`.
    ///
    /// # Errors
    ///
    /// Those of [`access_token`](Self::access_token).
    pub fn code(self, code: &str, alg: JwsAlg) -> Result<Self, Error> {
        let hash = left_half(alg, code).ok_or(Error::OptionWithoutEffect { option: "code" })?;
        Ok(Self { c_hash: Some(hash), ..self })
    }
}

fn check_id_token(checked: &Checked<'_>) -> Result<(), Error> {
    let claims = checked.claims;
    if claims.iss.zip(claims.sub).is_some_and(|(iss, sub)| iss == sub) {
        return Err(Error::claim("sub", Reason::Prohibited));
    }
    for name in ["azp", "acr", "nonce"] {
        checked.text(name)?;
    }
    if checked.claim("auth_time").is_some_and(|time| time.as_number().and_then(NumericDate::parse).is_none())
    {
        return Err(Error::claim("auth_time", Reason::Invalid));
    }
    let is_list =
        |list: Value<'_>| list.as_array().is_some_and(|list| list.iter().all(|item| item.as_str().is_some()));
    if checked.claim("amr").is_some_and(|methods| !is_list(methods)) {
        return Err(Error::claim("amr", Reason::Invalid));
    }
    let expected = checked.expected;
    let hashes = [("at_hash", expected.access_token), ("c_hash", expected.code), ("s_hash", expected.state)];
    for (name, value) in hashes {
        let claim = checked.text(name)?;
        if let Some(value) = value {
            let claim = claim.ok_or_else(|| Error::claim(name, Reason::Missing))?;
            // For an algorithm without such a hash function no claim is right.
            if checked.alg.and_then(|alg| left_half(alg, value)).is_none_or(|half| claim != *half) {
                return Err(Error::claim(name, Reason::Mismatch));
            }
        }
    }
    Ok(())
}

/// The base64url of the left half of the value's digest, by the hash function of the algorithm (OpenID Connect Core 1.0
/// section 3.1.3.6). Ed25519 hashes with SHA-512 inside, which is used for it.
fn left_half(alg: JwsAlg, value: &str) -> Option<String> {
    let hash = match alg.family() {
        JwsFamily::EdDsa if alg != JwsAlg::Ed448 => Some(Hash::Sha512),
        _ => alg.hash(),
    };
    let half = |digest: &[u8]| digest.get(..digest.len() / 2).map(base64url::encode_to_string);
    match hash {
        Some(Hash::Sha256) => half(&Sha256::digest(value)),
        Some(Hash::Sha384) => half(&Sha384::digest(value)),
        Some(Hash::Sha512) => half(&Sha512::digest(value)),
        _ => None,
    }
}

/// The event of a logout.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token (OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6). `typ` is required here, where the
/// specification recommends it: `LOGOUT_TOKEN.allow_generic_typ()` takes tokens with `JWT` and without (section 4.1).
pub const LOGOUT_TOKEN: Profile = Profile::new("logout token")
    .typ(&["logout+jwt"])
    .typ_required()
    .required(&["iss", "aud", "iat", "exp", "jti", "events"])
    .prohibited(&["nonce"])
    .check(|checked| {
        checked.events(Some(LOGOUT))?;
        if checked.text("sid")?.is_none() && checked.claims.sub.is_none() {
            return Err(Error::claim("sub", Reason::Missing));
        }
        Ok(())
    });

/// The claims of a logout token besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogoutToken {
    /// The session that ends. Without it, all sessions of `sub` do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}
