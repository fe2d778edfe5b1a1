use serde::{Deserialize, Serialize};

use super::{Checked, Profile, hash};
use crate::Error;
use crate::Reason;
use crate::rules::failed;

/// An ID Token (OpenID Connect Core 1.0 sections 2 and 3.1.3.7): verified with the client's identifier as the one
/// audience. Self-issued ID Tokens, whose `iss` is their `sub`, are not of this kind.
pub const ID_TOKEN: Profile = Profile {
    name: "ID Token",
    typ: &["JWT"],
    typ_required: false,
    required: &["iss", "sub", "aud", "exp", "iat"],
    prohibited: &["events"],
    check,
};

/// The claims of an ID Token beside the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdToken {
    /// What ties it to one login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<alloc::string::String>,
    /// When the end user was authenticated, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The party that it was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<alloc::string::String>,
    /// The class of the authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<alloc::string::String>,
    /// The methods of the authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amr: Option<alloc::vec::Vec<alloc::string::String>>,
}

fn check(checked: &Checked<'_>) -> Result<(), Error> {
    let claims = checked.claims;
    if claims.iss.zip(claims.sub).is_some_and(|(iss, sub)| iss == sub) {
        return Err(failed("sub", Reason::Prohibited));
    }
    let azp = checked.text("azp")?;
    let several = claims.aud.is_some_and(|aud| aud.iter().nth(1).is_some());
    if several && azp.is_none() {
        return Err(failed("azp", Reason::Missing));
    }
    // The audience that is asked for is the client.
    if azp.is_some_and(|azp| !checked.rules.audiences.accepts(azp)) {
        return Err(failed("azp", Reason::Mismatch));
    }
    checked.text("nonce")?;
    let expected = checked.expected;
    let hashes = [("at_hash", expected.access_token), ("c_hash", expected.code), ("s_hash", expected.state)];
    for (name, value) in hashes {
        let claim = checked.text(name)?;
        if let Some(value) = value {
            let claim = claim.ok_or_else(|| failed(name, Reason::Missing))?;
            if !hash::is_left_half(checked.alg, value, claim) {
                return Err(failed(name, Reason::Mismatch));
            }
        }
    }
    Ok(())
}
