//! `jws.*`: RFC 7515 and RFC 7797.

use jose_jwk::{AlgSet, Error as KeyError, Jwk, JwkSet, JwsAlg, KeyType};
use jose_jws::json::{self, Builder, Headers, Protected, Require};
use jose_jws::{Error, JoseHeader, Sign as _, SigningKey, Verify, VerifyingKey, VerifyingKeys, compact};

use super::{Fault, Yield, is_crit, jwk};
use crate::vectors::{Case, Members, Serialization};

/// How many keys of a set may be tried: "any of its keys may serve".
const MAX_CANDIDATES: usize = 16;

/// The classes of the errors of JWS.
pub(super) fn fault(error: Error) -> Fault {
    let class = match &error {
        Error::Key(KeyError::Disabled { .. }) => return jwk::unsupported(),
        Error::NoUsableKey(keys) if jwk::is_disabled(keys) => return jwk::unsupported(),
        Error::Key(_)
        | Error::NoUsableKey(_)
        | Error::SecretTooShort { .. }
        | Error::KidUnknown
        | Error::KidMismatch
        | Error::KeyNotFound
        | Error::KeyAmbiguous
        | Error::KeysMixed => "key",
        Error::Header(error) if is_crit(error) => "crit",
        Error::AlgorithmMissing
        | Error::AlgorithmUnknown
        | Error::AlgorithmNotAllowed { .. }
        | Error::AlgorithmsEmpty
        | Error::AlgorithmAmbiguous { .. } => "algorithm",
        Error::Signature => "signature",
        _ => "malformed",
    };
    Fault::refused(class, &error)
}

/// What the case allows.
pub(super) fn allowed(case: &Case) -> Result<AlgSet<JwsAlg>, Fault> {
    Ok(match case.members().optional_texts("algs")? {
        Some(names) => names.into_iter().filter_map(JwsAlg::from_name).collect(),
        None => AlgSet::all(),
    })
}

fn prepare(set: &JwkSet, allowed: AlgSet<JwsAlg>) -> Result<VerifyingKeys, Error> {
    Ok(VerifyingKeys::from_jwks(set, allowed)?.max_candidates(MAX_CANDIDATES))
}

/// The keys under `name`, prepared for the algorithms that the case allows.
pub(super) fn verifying_keys(case: &Case, name: &str) -> Result<VerifyingKeys, Fault> {
    let text = case.members().json_text(name)?;
    if case.members().is_jwk_set(name) {
        return prepare(&JwkSet::from_json(&text).map_err(jwk::fault)?, allowed(case)?).map_err(fault);
    }
    let key = Jwk::from_json(&text).map_err(jwk::fault)?;
    let key = VerifyingKey::from_jwk(&key, allowed(case)?).and_then(|key| VerifyingKeys::new([key]));
    Ok(key.map_err(fault)?.max_candidates(MAX_CANDIDATES))
}

/// How many of the signatures must verify.
fn require(case: &Case) -> Result<Require, Fault> {
    match case.members().optional_text("require")? {
        None | Some("any") => Ok(Require::Any),
        Some("all") => Ok(Require::All),
        Some(other) => Err(Fault::BadCase(format!("\"require\": {other:?}"))),
    }
}

/// The keys of a case whose message may have several signatures. Symmetric and asymmetric keys are never candidates for
/// one signature, but may each make one of a message.
fn all_verifying_keys(case: &Case) -> Result<Vec<VerifyingKeys>, Fault> {
    if !case.members().is_jwk_set("key") {
        return Ok(vec![verifying_keys(case, "key")?]);
    }
    let set = JwkSet::from_json(case.members().json_text("key")?).map_err(jwk::fault)?;
    let (symmetric, asymmetric): (Vec<Jwk>, Vec<Jwk>) =
        set.keys().iter().cloned().partition(|key| key.key_type() == KeyType::Oct);
    let prepare = |keys: Vec<Jwk>| prepare(&keys.into_iter().collect(), allowed(case)?).map_err(fault);
    [symmetric, asymmetric].into_iter().filter(|keys| !keys.is_empty()).map(prepare).collect()
}

/// Verifies a JWS of any serialization.
pub(super) fn verify(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let message = members.serialization("jws")?;
    let detached = members.optional_bytes("detached_payload_b64u")?;
    let require = require(case)?;
    let keys = match message {
        Serialization::Compact(_) => vec![verifying_keys(case, "key")?],
        Serialization::Json(_) => all_verifying_keys(case)?,
    };
    let keys: Vec<&dyn Verify> = keys.iter().map(|keys| keys as &dyn Verify).collect();
    let keys = keys.as_slice();
    let understood = members.optional_texts("crit")?.unwrap_or_default();
    let payload = match (message, detached) {
        (Serialization::Compact(token), None) => {
            let jws = compact::Unverified::parse(token).map_err(fault)?;
            let verified = jws.understand(&understood).allow_unencoded().verify(keys).map_err(fault)?;
            verified.into_payload()
        }
        (Serialization::Compact(token), Some(payload)) => {
            let jws = compact::Unverified::parse(token).map_err(fault)?.understand(&understood);
            jws.verify_detached(keys, &payload).map_err(fault)?;
            payload
        }
        (Serialization::Json(text), detached) => {
            let jws = json::Unverified::parse(&text).map_err(fault)?;
            let jws = jws.understand(&understood).allow_unencoded();
            match detached {
                None => jws.verify(keys, require).map_err(fault)?.into_payload(),
                Some(payload) => {
                    jws.verify_detached(keys, require, &payload).map_err(fault)?;
                    payload
                }
            }
        }
    };
    Ok(Yield::new().bytes("payload_b64u", &payload))
}

/// The key of one signer, for the algorithm that one of its headers names.
fn signing_key(signer: Members<'_>) -> Result<SigningKey, Fault> {
    let key = Jwk::from_json(signer.json_text("key")?).map_err(jwk::fault)?;
    let protected = signer.optional_text("protected_text")?.unwrap_or("{}").to_owned();
    let header = signer.optional_json_text("header")?.unwrap_or_else(|| "{}".to_owned());
    for text in [&protected, &header] {
        let read = JoseHeader::parse(text.as_bytes()).map_err(Error::from).map_err(fault)?;
        if let Some(name) = read.alg() {
            let alg = JwsAlg::from_json_str(name).ok_or(Error::AlgorithmUnknown).map_err(fault)?;
            return SigningKey::from_jwk(&key, alg).map_err(fault);
        }
    }
    Err(fault(Error::AlgorithmMissing))
}

/// The signature by itself. A header whose text is given need not repeat the key's `kid`, as the calls that both write the
/// header and sign would ask.
fn signature(key: &SigningKey, input: &[u8]) -> Result<Vec<u8>, Error> {
    let mut signature = vec![0; key.max_signature_len()];
    let len = key.sign(&[input], &mut signature)?;
    signature.truncate(len);
    Ok(signature)
}

/// Signs into the form that the case names.
fn sign_form(case: &Case, signers: &[Members<'_>]) -> Result<String, Fault> {
    let members = case.members();
    let payload = members.bytes("payload_b64u")?;
    let (form, detached) = (members.text("form")?, members.flag("detached")?);
    if let ("compact", [signer]) = (form, signers) {
        let (key, header) = (signing_key(*signer)?, signer.text("protected_text")?);
        if signer.optional("header").is_some() {
            return Err(Fault::BadCase("the compact serialization has one header".to_owned()));
        }
        let unsigned = if detached {
            compact::Unsigned::detached_with_header_text(key.alg(), &payload, header)
        } else {
            compact::Unsigned::with_header_text(key.alg(), &payload, header)
        };
        let signed = unsigned.and_then(|jws| {
            let signature = signature(&key, jws.signing_input())?;
            jws.attach(&signature)
        });
        return signed.map_err(fault);
    }
    let mut builder = Builder::new(&payload);
    if detached {
        builder = builder.detached();
    }
    for signer in signers {
        let key = signing_key(*signer)?;
        let protected = signer.optional_text("protected_text")?.map_or(Protected::Absent, Protected::Text);
        let unprotected = signer.optional_json_text("header")?;
        let headers = Headers { protected, unprotected: unprotected.as_deref() };
        let signed = builder.prepare(key.alg(), headers).and_then(|pending| {
            let signature = signature(&key, &pending.signing_input())?;
            pending.attach(&signature)
        });
        signed.map_err(fault)?;
    }
    let text = match form {
        "flattened" => builder.flattened(),
        "general" => builder.general(),
        _ => return Err(Fault::BadCase(format!("{} signatures in the form {form:?}", signers.len()))),
    };
    text.map_err(|error| match error {
        Error::Signatures { found } => Fault::BadCase(format!("{found} signatures in the form {form:?}")),
        error => fault(error),
    })
}

/// Signs with deterministic algorithms.
pub(super) fn sign(case: &Case) -> Result<Yield, Fault> {
    let text = sign_form(case, &case.members().objects("signatures")?)?;
    let is_compact = case.members().text("form")? == "compact";
    Ok(if is_compact { Yield::new().text("jws", &text) } else { Yield::new().json("jws", &text) })
}

/// Signs, then verifies with the public key.
pub(super) fn roundtrip(case: &Case) -> Result<Yield, Fault> {
    let text = sign_form(case, &[case.members()])?;
    let keys = verifying_keys(case, "public")?;
    let verified = json::verify_any(&keys, &text, Require::All).map_err(fault)?;
    Ok(Yield::new().bytes("payload_b64u", verified.payload()))
}
