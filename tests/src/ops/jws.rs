//! `jws.*`: RFC 7515 and RFC 7797.

use jose_jwk::header::JoseHeader;
use jose_jwk::{AlgSet, Jwk, JwkSet, JwsAlg};
use jose_jws::compact::{self, Unsigned, Unverified};
use jose_jws::{Error, SigningKey, VerifyingKeys};

use super::{Fault, Yield, jwk};
use crate::vectors::{Case, Members, Serialization};

/// How many keys of a set may be tried: "any of its keys may serve".
const TRY_EACH: usize = 16;

/// The classes of the errors of JWS.
pub(super) fn fault(error: Error) -> Fault {
    use jose_jwk::Error as KeyError;
    let class = match error {
        Error::Key(KeyError::AlgorithmDisabled) => return jwk::fault(KeyError::AlgorithmDisabled),
        Error::Key(_) | Error::KeyNotFound | Error::KeyAmbiguous | Error::KeysMixed => "key",
        Error::Header(
            KeyError::CritMalformed
            | KeyError::CritUnprotected
            | KeyError::CritRegistered
            | KeyError::CritAbsent
            | KeyError::CritNotUnderstood,
        ) => "crit",
        Error::AlgorithmMissing
        | Error::AlgorithmUnknown
        | Error::AlgorithmNotAllowed
        | Error::AlgorithmsEmpty
        | Error::AlgorithmAmbiguous => "algorithm",
        Error::Signature => "signature",
        _ => "malformed",
    };
    Fault::refused(class, &error)
}

/// The keys under `name`, prepared for the algorithms that the case allows.
pub(super) fn verifying_keys(case: &Case, name: &str) -> Result<VerifyingKeys, Fault> {
    let allowed = match case.members().optional_texts("algs")? {
        Some(names) => names.into_iter().filter_map(JwsAlg::from_name).collect(),
        None => AlgSet::all(),
    };
    let text = case.members().json_text(name)?;
    let keys = if case.members().is_jwk_set(name) {
        VerifyingKeys::from_jwks(&JwkSet::from_json(&text).map_err(jwk::fault)?, allowed)
    } else {
        let key = Jwk::from_json(&text).map_err(jwk::fault)?;
        jose_jws::VerifyingKey::from_jwk(&key, allowed).and_then(|key| VerifyingKeys::new([key]))
    };
    Ok(keys.map_err(fault)?.try_each(TRY_EACH))
}

/// Verifies a JWS of any serialization.
pub(super) fn verify(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let Serialization::Compact(token) = members.serialization("jws")? else {
        return Err(Fault::unsupported("a JSON serialization"));
    };
    if members.optional("detached_payload_b64u").is_some() {
        return Err(Fault::unsupported("a detached payload"));
    }
    let keys = verifying_keys(case, "key")?;
    let understood = members.optional_texts("crit")?.unwrap_or_default();
    let jws = Unverified::parse(token).map_err(fault)?.understanding(&understood).allow_unencoded();
    let verified = jws.verify(&keys).map_err(fault)?;
    Ok(Yield::new().bytes("payload_b64u", verified.payload()))
}

/// Signs with the private key and the header of one signer.
fn sign_compact(key: &str, header: &str, payload: &[u8]) -> Result<String, Fault> {
    let key = Jwk::from_json(key).map_err(jwk::fault)?;
    let read = JoseHeader::parse(header.as_bytes()).map_err(jwk::fault)?;
    let alg = read.alg().and_then(|alg| JwsAlg::from_name(&alg.to_cow()));
    let alg = alg.ok_or(Error::AlgorithmUnknown).map_err(fault)?;
    let key = SigningKey::from_jwk(&key, alg).map_err(fault)?;
    Unsigned::with_header_text(alg, header, payload).and_then(|unsigned| unsigned.sign(&key)).map_err(fault)
}

/// Whether it is the compact serialization, with its payload inside.
fn only_compact(members: Members<'_>) -> Result<(), Fault> {
    if members.text("form")? != "compact" {
        return Err(Fault::unsupported("a JSON serialization"));
    }
    if members.flag("detached")? {
        return Err(Fault::unsupported("a detached payload"));
    }
    Ok(())
}

/// Signs with deterministic algorithms.
pub(super) fn sign(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    only_compact(members)?;
    let signers = members.objects("signatures")?;
    let [signer] = signers.as_slice() else {
        return Err(Fault::BadCase("the compact serialization has one signature".to_owned()));
    };
    let payload = members.bytes("payload_b64u")?;
    let token = sign_compact(&signer.json_text("key")?, signer.text("protected_text")?, &payload)?;
    Ok(Yield::new().text("jws", &token))
}

/// Signs, then verifies with the public key.
pub(super) fn roundtrip(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    only_compact(members)?;
    let payload = members.bytes("payload_b64u")?;
    let token = sign_compact(&members.json_text("key")?, members.text("protected_text")?, &payload)?;
    let verified = compact::verify(&verifying_keys(case, "public")?, &token).map_err(fault)?;
    Ok(Yield::new().bytes("payload_b64u", verified.payload()))
}
