//! `jwt.*`: RFC 7519 and its profiles.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwt::profile::{DpopRequest, DpopVerifier, Profile};
use jose_jwt::{
    Audience, AudienceUnset, Error, IssuerUnset, JwsAlg, JwtVerifier, NumericDate, TokenKeys, Verification,
    profile,
};
use serde_json::{Map, Value};

use super::{Fault, Yield, jwe, jws};
use crate::vectors::{Case, Members};

pub(super) fn fault(error: Error) -> Fault {
    let class = match &error {
        Error::Jws(error) => return jws::fault(error.clone()),
        Error::Jwe(error) => return jwe::fault(error.clone()),
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

/// The profiles, by their names in the files.
const PROFILES: &[(&str, Profile)] = &[
    ("id_token", profile::ID_TOKEN),
    ("at+jwt", profile::ACCESS_TOKEN),
    ("logout_token", profile::LOGOUT_TOKEN),
    ("jarm", profile::JARM),
    ("client_attestation", profile::CLIENT_ATTESTATION),
    ("openid4vci_proof", profile::CREDENTIAL_PROOF),
    ("vapid", profile::VAPID),
];

/// The verifier with the options of the case.
fn configured<K>(
    verifier: JwtVerifier<K, IssuerUnset, AudienceUnset>,
    options: Members<'_>,
) -> Result<JwtVerifier<K>, Fault> {
    let names = |name| -> Result<Option<Audience>, Fault> {
        Ok(options.optional_text_or_texts(name)?.map(|names| names.into_iter().collect()))
    };
    let verifier = match names("iss")? {
        Some(issuers) => verifier.issuer(issuers),
        None => verifier.any_issuer(),
    };
    let mut verifier = match names("aud")? {
        Some(audiences) => verifier.audience(audiences),
        None => verifier.any_audience(),
    }
    .dangerous_leeway(span(options, "leeway")?.unwrap_or_default());
    for claim in options.optional_texts("required")?.unwrap_or_default() {
        verifier = verifier.require(claim.to_owned());
    }
    if let Some(typ) = options.optional_text("typ")? {
        verifier = verifier.typ(typ);
    }
    if let Some(age) = span(options, "max_age")? {
        verifier = verifier.max_age(age);
    }
    match options.optional_text("profile")? {
        None => Ok(verifier.expiry_optional()),
        Some(name) => {
            let known = PROFILES.iter().find(|(own, _)| *own == name);
            let (_, profile) = known.ok_or_else(|| Fault::BadCase(format!("no profile {name:?}")))?;
            // Who holds the key that an attestation tells is another JWT's to show.
            let tells_key = profile.name() == profile::CLIENT_ATTESTATION.name();
            let verifier = verifier.profile(*profile);
            Ok(if tells_key { verifier.dangerous_ignore_confirmation() } else { verifier })
        }
    }
}

/// The verification of one JWT, with what the options of the case expect of it.
fn started<'v, K: TokenKeys>(
    verifier: &'v JwtVerifier<K>,
    options: Members<'v>,
) -> Result<Verification<'v, K>, Fault> {
    let now = options.optional_integer("now")?.unwrap_or_default();
    let mut verification = verifier.at(NumericDate::from_seconds(now));
    if let Some(subject) = options.optional_text("sub")? {
        verification = verification.subject(subject);
    }
    if let Some(id) = options.optional_text("jti")? {
        verification = verification.jwt_id(id);
    }
    if let Some(nonce) = options.optional_text("nonce")? {
        verification = verification.nonce(nonce);
    }
    Ok(verification)
}

/// Verifies a JWT: signed, encrypted, or nested.
pub(super) fn verify(case: &Case) -> Result<Yield, Fault> {
    type Claims = Map<String, Value>;
    let members = case.members();
    let none = Map::new();
    let options = members.optional_object("options")?.unwrap_or(Members::from(&none));
    let token = members.text("jwt")?;
    let claims = if members.optional("decryption_key").is_none() {
        let verifier = configured(JwtVerifier::new(jws::verifying_keys(case, "key")?), options)?;
        started(&verifier, options)?.verify::<Claims>(token).map_err(fault)?.into_claims()
    } else {
        let decrypt = jwe::decryption_keys(members, "decryption_key")?;
        if members.optional("key").is_some() {
            let verify = jws::verifying_keys(case, "key")?;
            let verifier = configured(JwtVerifier::nested(verify, decrypt), options)?;
            started(&verifier, options)?.verify::<Claims>(token).map_err(fault)?.into_claims()
        } else {
            let verifier = configured(JwtVerifier::encrypted_only(decrypt), options)?;
            started(&verifier, options)?.verify::<Claims>(token).map_err(fault)?.into_claims()
        }
    };
    Ok(Yield::new().value("claims", Value::Object(claims.into_custom())))
}

/// How old a DPoP proof may be where the case does not say.
const MAX_AGE: Duration = Duration::from_secs(60);

/// Verifies a DPoP proof.
pub(super) fn verify_proof(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let none = Map::new();
    let options = members.optional_object("options")?.unwrap_or(Members::from(&none));
    let verifier = DpopVerifier::new(JwsAlg::Es256, span(options, "max_age")?.unwrap_or(MAX_AGE));
    let mut request = DpopRequest::new(members.text("htm")?, members.text("htu")?);
    if let Some(token) = members.optional_text("access_token")? {
        request = request.access_token(token);
    }
    if let Some(nonce) = options.optional_text("nonce")? {
        request = request.nonce(nonce);
    }
    let now = NumericDate::from_seconds(options.optional_integer("now")?.unwrap_or_default());
    let proof = verifier.at(now).verify(members.text("proof")?, &request).map_err(fault)?;
    let thumbprint = Base64UrlUnpadded::encode_string(proof.thumbprint().as_bytes());
    Ok(Yield::new().value("thumbprint_b64u", Value::String(thumbprint)))
}
