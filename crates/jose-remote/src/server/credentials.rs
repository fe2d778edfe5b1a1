//! What a request says of its token, and the token of its bearer.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde::Deserialize;

use super::refusal::RefusalKind;

/// The scheme of an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Bearer,
    Dpop,
}

/// The schemes that a server takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schemes {
    pub(super) bearer: bool,
    pub(super) dpop: bool,
}

/// The token of a request, and its proof.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'r> {
    pub(super) scheme: Scheme,
    pub(super) token: &'r str,
    pub(super) proof: Option<&'r str>,
}

impl<'r> Credentials<'r> {
    /// From the one `Authorization` header (RFC 6750 section 2.1, RFC 9449 section 7.1). A token in the query or in a form is
    /// not looked at.
    pub(super) fn read(headers: &'r HeaderMap, schemes: Schemes) -> Result<Self, RefusalKind> {
        let mut lines = headers.get_all(AUTHORIZATION).iter();
        let line = match (lines.next(), lines.next()) {
            (None, _) => return Err(RefusalKind::NoToken),
            (Some(line), None) => line.to_str().map_err(|_| RefusalKind::InvalidRequest)?,
            (Some(_), Some(_)) => return Err(RefusalKind::InvalidRequest),
        };
        let (scheme, token) = line.split_once(' ').unwrap_or((line, ""));
        let scheme = match scheme {
            name if schemes.bearer && name.eq_ignore_ascii_case("Bearer") => Scheme::Bearer,
            name if schemes.dpop && name.eq_ignore_ascii_case("DPoP") => Scheme::Dpop,
            _ => return Err(RefusalKind::NoToken),
        };
        let token = token.trim_start_matches(' ');
        if !is_token(token) {
            return Err(RefusalKind::InvalidRequest);
        }
        let mut proofs = headers.get_all("dpop").iter();
        let proof = match (proofs.next(), proofs.next()) {
            (Some(proof), None) => proof.to_str().ok(),
            _ => None,
        };
        Ok(Self { scheme, token, proof })
    }
}

/// `token68` of RFC 9110 section 11.2.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// `scope-token` of RFC 6749 section 3.3.
pub(super) fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// The scopes in a claim: a text with spaces, or a list of texts. Anything else is none.
pub(super) fn scopes(claims: &str, name: &str) -> Vec<String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scopes {
        Text(String),
        List(Vec<String>),
    }
    let claims: Option<serde_json::Map<_, _>> = serde_json::from_str(claims).ok();
    let claim = claims.and_then(|mut claims| claims.remove(name));
    match claim.and_then(|claim| serde_json::from_value(claim).ok()) {
        Some(Scopes::Text(text)) => {
            text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        }
        Some(Scopes::List(list)) => list,
        None => Vec::new(),
    }
}

/// `acr` and `auth_time`.
pub(super) fn authentication(claims: &str) -> (Option<String>, Option<i64>) {
    let claims: serde_json::Map<String, serde_json::Value> = serde_json::from_str(claims).unwrap_or_default();
    let acr = claims.get("acr").and_then(|acr| acr.as_str()).map(str::to_owned);
    (acr, claims.get("auth_time").and_then(serde_json::Value::as_i64))
}
