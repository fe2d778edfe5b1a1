//! `jwk.*`: RFC 7517, RFC 7638 and the key formats outside JOSE.

use jose_jwk::{Error, Hash, Jwk, JwkSet, MemberError, PrivateFormat, PublicFormat, PublicJwk, UnusableKeys};

use super::{Fault, Yield};
use crate::vectors::Case;

/// The classes of a key's errors. A key that this build cannot use is no refusal.
pub(super) fn fault(error: Error) -> Fault {
    match error {
        Error::Disabled { .. } => unsupported(),
        Error::Json(_) | Error::Member { .. } | Error::IsSet | Error::IsKey => {
            Fault::refused("malformed", &error)
        }
        _ => Fault::refused("key", &error),
    }
}

/// The build lacks a feature.
pub(super) fn unsupported() -> Fault {
    Fault::unsupported("a key of a kind that this build lacks")
}

/// Whether a key of a set would have been usable in a build with more features.
pub(super) fn is_disabled(keys: &UnusableKeys) -> bool {
    keys.skipped().iter().any(|skipped| matches!(skipped.reason, Error::Disabled { .. }))
}

/// Reads a JWK or a JWK Set, and compares a key with the certificates that it has.
pub(super) fn parse(case: &Case) -> Result<Yield, Fault> {
    let text = case.members().json_text("key")?;
    let keys = if case.members().is_jwk_set("key") || text.contains("\"keys\"") {
        JwkSet::from_json(&text).map_err(fault)?
    } else {
        JwkSet::from_iter([Jwk::from_json(&text).map_err(fault)?])
    };
    let mut certified = keys.iter().filter(|key| key.x5c().is_some());
    certified.try_for_each(Jwk::check_certificates).map_err(fault)?;
    Ok(Yield::new())
}

/// The thumbprint (RFC 7638) and its URI (RFC 9278).
pub(super) fn thumbprint(case: &Case) -> Result<Yield, Fault> {
    let jwk = Jwk::from_json(case.members().json_text("key")?).map_err(fault)?;
    let name = case.members().text("hash")?;
    let hash: Hash = name.parse().map_err(|error| Fault::refused("algorithm", &error))?;
    let thumbprint = jwk.thumbprint(hash).map_err(fault)?;
    Ok(Yield::new().bytes("thumbprint_b64u", thumbprint.as_bytes()).text("uri", &thumbprint.uri()))
}

/// The form that a case names: of private keys, of public ones, or PKCS #1, which is of both.
fn formats(case: &Case) -> Result<(Option<PrivateFormat>, Option<PublicFormat>), Fault> {
    match case.members().text("format")? {
        "pkcs8" => Ok((Some(PrivateFormat::Pkcs8), None)),
        "sec1" => Ok((Some(PrivateFormat::Sec1), None)),
        "spki" => Ok((None, Some(PublicFormat::Spki))),
        "pkcs1" => Ok((Some(PrivateFormat::Pkcs1), Some(PublicFormat::Pkcs1))),
        name => Err(Fault::BadCase(format!("no format {name:?}"))),
    }
}

/// PEM or DER to JWK.
pub(super) fn import(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let (pem, der) = (members.optional_text("pem")?, members.optional_bytes("der_b64u")?);
    let jwk = if members.text("format")? == "x509" {
        let public = match (pem, &der) {
            (Some(pem), _) => PublicJwk::from_unverified_certificate_pem(pem),
            (None, der) => PublicJwk::from_unverified_certificate(der.as_deref().unwrap_or_default()),
        };
        Jwk::from(public.map_err(fault)?)
    } else {
        let (private, public) = formats(case)?;
        match (pem, private, public) {
            (Some(pem), private, public) => {
                // The label decides; what the case says beside it must be true.
                let jwk = Jwk::from_pem(pem).map_err(fault)?;
                if if jwk.is_private() { private.is_none() } else { public.is_none() } {
                    return Err(Fault::refused("malformed", &"PEM of the other kind of key"));
                }
                jwk
            }
            (None, private, public) => {
                let der = der.unwrap_or_default();
                let private = private.map(|format| Jwk::from_private_der(&der, format));
                let public = || public.map(|format| PublicJwk::from_der(&der, format).map(Jwk::from));
                match private {
                    Some(Err(error)) => public().unwrap_or(Err(error)),
                    Some(jwk) => jwk,
                    None => public()
                        .unwrap_or(Err(Error::Member { name: "format", reason: MemberError::Missing })),
                }
                .map_err(fault)?
            }
        }
    };
    let text = jwk.expose_private_json();
    let Ok(serde_json::Value::Object(mut key)) = serde_json::from_str(&text) else {
        return Err(Fault::refused("malformed", &"the JWK is no object"));
    };
    key.retain(|name, _| jwk.key_type().members().iter().any(|member| member.name == name));
    Ok(Yield::new().value("key", key.into()))
}

/// JWK to PEM or DER.
pub(super) fn export(case: &Case) -> Result<Yield, Fault> {
    let jwk = Jwk::from_json(case.members().json_text("key")?).map_err(fault)?;
    let (pem, der) = match formats(case)? {
        (Some(format), public) if jwk.is_private() || public.is_none() => (
            jwk.expose_private_pem(format).map_err(fault)?.to_string(),
            jwk.expose_private_der(format).map_err(fault)?.to_vec(),
        ),
        (_, public) => {
            let format = public.ok_or_else(|| Fault::BadCase("a private form".to_owned()))?;
            let jwk = jwk.to_public().map_err(fault)?;
            (jwk.to_pem(format).map_err(fault)?, jwk.to_der(format).map_err(fault)?)
        }
    };
    Ok(Yield::new().text("pem", &pem).bytes("der_b64u", &der))
}
