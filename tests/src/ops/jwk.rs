//! `jwk.*`: RFC 7517, RFC 7638 and the key formats outside JOSE.

use jose_jwk::{Error, Hash, Jwk, JwkSet};

use super::{Fault, Yield};
use crate::vectors::Case;

/// The classes of a key's errors. A key that this build cannot use is no refusal.
pub(super) fn fault(error: Error) -> Fault {
    match error {
        Error::AlgorithmDisabled => Fault::unsupported("a key of a kind that this build lacks"),
        Error::Encoding(_) | Error::Missing(_) | Error::Invalid(_) | Error::Length(_) => {
            Fault::refused("malformed", &error)
        }
        _ => Fault::refused("key", &error),
    }
}

/// Reads a JWK or a JWK Set.
pub(super) fn parse(case: &Case) -> Result<Yield, Fault> {
    let text = case.members().json_text("key")?;
    if case.members().is_jwk_set("key") || text.contains("\"keys\"") {
        JwkSet::from_json(&text).map_err(fault)?;
    } else {
        Jwk::from_json(&text).map_err(fault)?;
    }
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

/// PEM or DER to JWK.
pub(super) fn import(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// JWK to PEM or DER.
pub(super) fn export(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}
