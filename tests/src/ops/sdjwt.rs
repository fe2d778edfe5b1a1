//! `sdjwt.*` and `statuslist.*`: RFC 9901 and Token Status Lists.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwt::{Audience, AudienceUnset, IssuerUnset, NumericDate, VerifyingKeys};
use jose_sd_jwt::status_list::{Bits, StatusList, StatusListVerifier};
use jose_sd_jwt::{Error, Received, RequireKeyBinding, Rules, SdJwtVerifier, Verified};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Fault, Yield, jws, jwt};
use crate::vectors::{Case, Members, Serialization};

/// How old a Key Binding JWT may be where the case does not say, in seconds.
const MAX_AGE: u64 = 300;

/// How long an inflated list may be, in bytes.
const MAX_LIST: usize = 4 * 1024 * 1024;

type Claims = Map<String, Value>;

fn fault(error: Error) -> Fault {
    let class = match &error {
        Error::Jwt(error) | Error::KeyBinding(error) => return jwt::fault(error.clone()),
        Error::Disclosure { .. } => "disclosure",
        Error::DigestRepeated | Error::DigestMisplaced | Error::NameReserved => "digest",
        Error::KeyBindingMissing | Error::KeyBindingUnexpected | Error::HolderKey => "key_binding",
        Error::SdHash => "sd_hash",
        Error::CredentialType => "typ",
        Error::NotDisclosable { claim } => return Fault::refused(&format!("claim:{claim}"), &error),
        Error::StatusIndex => "index",
        Error::StatusMac => "algorithm",
        _ => "malformed",
    };
    Fault::refused(class, &error)
}

fn now(options: Members<'_>) -> Result<NumericDate, Fault> {
    Ok(NumericDate::from_seconds(options.optional_integer("now")?.unwrap_or_default()))
}

fn names(options: Members<'_>, name: &str) -> Result<Option<Audience>, Fault> {
    Ok(options.optional_text_or_texts(name)?.map(|names| names.into_iter().collect()))
}

/// Verifies an SD-JWT of any form, with or without key binding.
pub(super) fn verify(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let none = Map::new();
    let options = members.optional_object("options")?.unwrap_or(Members::from(&none));
    let text = match members.serialization("sd_jwt")? {
        Serialization::Compact(text) => text.to_owned(),
        Serialization::Json(text) => text,
    };
    let (issuers, typ) = (names(options, "iss")?, options.optional_text("typ")?);
    let rules = |rules: Rules<VerifyingKeys, IssuerUnset, AudienceUnset>| {
        let rules = match issuers {
            Some(issuers) => rules.issuer(issuers),
            None => rules.any_issuer(),
        };
        let rules = rules.any_audience().expiry_optional();
        match typ {
            Some(typ) => rules.typ(typ),
            None => rules,
        }
    };
    let (keys, types) = (jws::verifying_keys(case, "key")?, names(options, "vct")?);
    let received = Received::parse(&text).map_err(fault)?;
    let verified: Result<Verified<Claims>, Error> = if options.flag("key_binding")? {
        let nonce = options.text("nonce")?;
        let age = options.optional_integer("max_age")?.and_then(|age| u64::try_from(age).ok());
        let age = Duration::from_secs(age.unwrap_or(MAX_AGE));
        let audience = names(options, "aud")?.ok_or_else(|| Fault::BadCase("no \"aud\"".to_owned()))?;
        let required = RequireKeyBinding::new(audience, jws::allowed(case)?, age);
        let verifier = SdJwtVerifier::with_key_binding(keys, rules, required);
        let verifier = match types {
            Some(types) => verifier.credential_type(types),
            None => verifier,
        };
        verifier.at(now(options)?).verify(&received, nonce)
    } else {
        let verifier = SdJwtVerifier::without_key_binding(keys, rules);
        let verifier = match types {
            Some(types) => verifier.credential_type(types),
            None => verifier,
        };
        verifier.at(now(options)?).verify(&received)
    };
    let claims = verified.map_err(fault)?.into_claims().into_custom();
    Ok(Yield::new().value("claims", Value::Object(claims)))
}

/// What a list holds: its length, its digest, and the entries that the case asks for.
fn list(list: &StatusList, members: Members<'_>) -> Result<Yield, Fault> {
    let indexes = members.optional("indexes").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut values = Vec::new();
    for index in indexes {
        let index = index.as_u64().ok_or_else(|| Fault::BadCase("an index is no number".to_owned()))?;
        values.push(Value::from(u8::from(list.status(index).map_err(fault)?)));
    }
    let digest = Base64UrlUnpadded::encode_string(&Sha256::digest(list.as_bytes()));
    Ok(Yield::new()
        .value("octets", list.as_bytes().len().into())
        .text("sha256_b64u", &digest)
        .value("values", values.into()))
}

/// Inflates a list.
pub(super) fn decode_list(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let bits = members.optional_integer("bits")?.and_then(|bits| u8::try_from(bits).ok());
    let bits = bits.and_then(Bits::from_count).ok_or_else(|| fault(Error::StatusList))?;
    let inflated = StatusList::inflate(bits, members.text("lst")?, MAX_LIST).map_err(fault)?;
    list(&inflated, members)
}

/// Verifies a status list token.
pub(super) fn verify_list(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let none = Map::new();
    let options = members.optional_object("options")?.unwrap_or(Members::from(&none));
    let issuers = names(options, "iss")?;
    let verifier = StatusListVerifier::new(jws::verifying_keys(case, "key")?, |rules| {
        let rules = match issuers {
            Some(issuers) => rules.issuer(issuers),
            None => rules.any_issuer(),
        };
        rules.any_audience()
    });
    let verified = verifier.verify_at(members.text("jwt")?, options.text("uri")?, now(options)?);
    let verified = verified.map_err(fault)?;
    let ttl = verified.ttl().map_or(Value::Null, |ttl| ttl.as_secs().into());
    Ok(list(verified.list(), members)?.value("ttl", ttl))
}
