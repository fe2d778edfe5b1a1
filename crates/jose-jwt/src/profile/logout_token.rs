use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::{Checked, Profile};
use crate::rules::failed;
use crate::{Error, Reason};

/// The event of a logout.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token (OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6). Its `typ` is required here, where the
/// specification recommends it.
pub const LOGOUT_TOKEN: Profile = Profile {
    name: "logout token",
    typ: &["logout+jwt"],
    typ_required: true,
    required: &["iss", "aud", "iat", "exp", "jti", "events"],
    prohibited: &["nonce"],
    check,
};

/// The claims of a logout token beside the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogoutToken {
    /// The session that ends; without it, all sessions of `sub` do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

fn check(checked: &Checked<'_>) -> Result<(), Error> {
    checked.events(Some(EVENT))?;
    if checked.text("sid")?.is_none() && checked.claims.sub.is_none() {
        return Err(failed("sub", Reason::Missing));
    }
    Ok(())
}
