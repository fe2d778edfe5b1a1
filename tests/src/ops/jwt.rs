//! `jwt.*`: RFC 7519 and its profiles.

use std::time::Duration;

use jose_jwt::{Error, JwtVerifier, Names, NumericDate};
use serde_json::{Map, Value};

use super::{Fault, Yield, jws};
use crate::vectors::{Case, Members};

fn fault(error: Error) -> Fault {
    let class = match &error {
        Error::Jws(error) => return jws::fault(*error),
        Error::Expired { .. } => "expired".to_owned(),
        Error::NotYetValid { .. } => "claim:nbf".to_owned(),
        Error::Claim { claim, .. } => format!("claim:{claim}"),
        Error::Typ(_) => "typ".to_owned(),
        _ => "malformed".to_owned(),
    };
    Fault::refused(&class, &error)
}

/// A span of whole seconds.
fn span(options: Members<'_>, name: &str) -> Result<Option<Duration>, Fault> {
    let Some(seconds) = options.optional_integer(name)? else { return Ok(None) };
    let seconds = u64::try_from(seconds).map_err(|_| Fault::BadCase(format!("{name:?} is below zero")))?;
    Ok(Some(Duration::from_secs(seconds)))
}

/// Verifies a JWT: signed, encrypted, or nested.
pub(super) fn verify(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    if members.optional("decryption_key").is_some() {
        return Err(Fault::unsupported("an encrypted JWT"));
    }
    let none = Map::new();
    let options = members.optional_object("options")?.unwrap_or(Members::from(&none));
    if options.optional("profile").is_some() {
        return Err(Fault::unsupported("a profile"));
    }
    let names = |name| -> Result<Option<Names>, Fault> {
        Ok(options.optional_text_or_texts(name)?.map(|names| names.into_iter().collect()))
    };
    let verifier = JwtVerifier::new(jws::verifying_keys(case, "key")?);
    let verifier = match names("iss")? {
        Some(issuers) => verifier.issuer(issuers),
        None => verifier.any_issuer(),
    };
    let mut verifier = match names("aud")? {
        Some(audiences) => verifier.audience(audiences),
        None => verifier.any_audience(),
    }
    .expiry_optional()
    .dangerous_leeway(span(options, "leeway")?.unwrap_or_default());
    for claim in options.optional_texts("required")?.unwrap_or_default() {
        verifier = verifier.require(claim.to_owned());
    }
    if let Some(subject) = options.optional_text("sub")? {
        verifier = verifier.subject(subject);
    }
    if let Some(id) = options.optional_text("jti")? {
        verifier = verifier.id(id);
    }
    if let Some(nonce) = options.optional_text("nonce")? {
        verifier = verifier.nonce(nonce);
    }
    if let Some(typ) = options.optional_text("typ")? {
        verifier = verifier.typ(typ);
    }
    if let Some(age) = span(options, "max_age")? {
        verifier = verifier.max_age(age);
    }
    let now = NumericDate::from_seconds(options.optional_integer("now")?.unwrap_or_default());
    let verified = verifier.verify_at::<Map<String, Value>>(members.text("jwt")?, now).map_err(fault)?;
    Ok(Yield::new().value("claims", Value::Object(verified.into_claims().into_custom())))
}
