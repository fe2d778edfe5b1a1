//! `jwe.*`: RFC 7516.

use jose_jwe::hazmat::{Fixed, FixedRecipient, Form};
use jose_jwe::{DecryptionKey, DecryptionKeys, Encrypted, EncryptionKey, Error, Header, JoseHeader, Message};
use jose_jwk::{AlgSet, Error as KeyError, JweAlg, JweEnc, Jwk, JwkSet, KeyAlg, SysRng};
use serde_json::{Map, Value};

use super::{Fault, Yield, is_crit, jwk};
use crate::vectors::{Case, Members, Serialization};

/// How many keys of a set may be tried: "any of its keys may serve".
const MAX_CANDIDATES: usize = 16;

/// The classes of the errors of JWE.
pub(super) fn fault(error: Error) -> Fault {
    let class = match &error {
        Error::Disabled { .. } | Error::Key(KeyError::Disabled { .. }) => return jwk::unsupported(),
        Error::NoUsableKey(keys) if jwk::is_disabled(keys) => return jwk::unsupported(),
        Error::Key(_)
        | Error::NoUsableKey(_)
        | Error::KidUnknown
        | Error::KeyNotFound
        | Error::KeyAmbiguous
        | Error::PskMismatch
        | Error::PskUnusable => "key",
        Error::Header(error) if is_crit(error) => "crit",
        Error::AlgorithmMissing
        | Error::AlgorithmUnknown
        | Error::AlgorithmNotAllowed { .. }
        | Error::AlgorithmsEmpty
        | Error::AlgorithmAmbiguous
        | Error::EncryptionMissing
        | Error::EncryptionUnknown
        | Error::EncryptionUnexpected
        | Error::EncryptionNotAllowed { .. } => "algorithm",
        Error::Decryption => "decryption",
        _ => "malformed",
    };
    Fault::refused(class, &error)
}

/// What the key states or, failing that, what its type serves and need not be named.
fn default_algs(jwk: &Jwk) -> AlgSet<JweAlg> {
    match jwk.alg() {
        Some(KeyAlg::Jwe(alg)) => (*alg).into(),
        Some(KeyAlg::Enc(_)) => JweAlg::Dir.into(),
        _ => {
            let serves = JweAlg::for_key(jwk.key_type(), jwk.curve());
            serves.iter().filter(|alg| !alg.must_be_named()).collect()
        }
    }
}

/// The keys under `name`, prepared for the algorithms that the case allows.
pub(super) fn decryption_keys(members: Members<'_>, name: &str) -> Result<DecryptionKeys, Fault> {
    let text = members.json_text(name)?;
    let jwks = if members.is_jwk_set(name) {
        JwkSet::from_json(&text).map_err(jwk::fault)?
    } else {
        JwkSet::from_iter([Jwk::from_json(&text).map_err(jwk::fault)?])
    };
    let named = members.optional_texts("algs")?;
    let named: Option<AlgSet<JweAlg>> =
        named.map(|names| names.into_iter().filter_map(JweAlg::from_name).collect());
    let mut keys = Vec::new();
    let mut refusal = Error::KeyNotFound;
    for jwk in &jwks {
        if let Some(KeyAlg::Other(name)) = jwk.alg()
            && name.starts_with("HPKE-")
        {
            return Err(Fault::unsupported(&format!("{name}, which is not implemented")));
        }
        match DecryptionKey::from_jwk(jwk, named.unwrap_or_else(|| default_algs(jwk))) {
            Ok(key) => keys.push(key),
            Err(error) => refusal = error,
        }
    }
    if keys.is_empty() {
        return Err(fault(refusal));
    }
    let mut keys = DecryptionKeys::new(keys).map_err(fault)?.max_candidates(MAX_CANDIDATES);
    if let Some(names) = members.optional_texts("encs")? {
        let encs: AlgSet<JweEnc> = names.into_iter().filter_map(JweEnc::from_name).collect();
        keys = keys.with_encs(encs).map_err(fault)?;
    }
    Ok(keys)
}

/// Decrypts a JWE of any serialization.
pub(super) fn decrypt(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let keys = decryption_keys(members, "key")?;
    let understood = members.optional_texts("crit")?.unwrap_or_default();
    let text;
    let message = match members.serialization("jwe")? {
        Serialization::Compact(token) => Encrypted::parse_compact(token),
        Serialization::Json(json) => {
            text = json;
            Encrypted::parse_json(&text)
        }
    };
    let mut message = message.map_err(fault)?.understand(&understood);
    if members.flag("zip")? {
        message = message.allow_compressed();
    }
    let decrypted = message.decrypt(&keys, &mut SysRng).map_err(fault)?;
    Ok(Yield::new().bytes("plaintext_b64u", decrypted.plaintext()))
}

fn form(members: Members<'_>) -> Result<Form, Fault> {
    match members.text("form")? {
        "compact" => Ok(Form::Compact),
        "flattened" => Ok(Form::Flattened),
        "general" => Ok(Form::General),
        form => Err(Fault::BadCase(format!("no such form: {form:?}"))),
    }
}

/// The key for the algorithm that one of the headers names.
fn encryption_key(key: &str, headers: &[Option<&str>]) -> Result<EncryptionKey, Fault> {
    let jwk = Jwk::from_json(key).map_err(jwk::fault)?;
    for header in headers.iter().flatten() {
        let header = JoseHeader::parse(header.as_bytes()).map_err(Error::from).map_err(fault)?;
        if let Some(name) = header.alg() {
            let alg = JweAlg::from_json_str(name).ok_or(Error::AlgorithmUnknown).map_err(fault)?;
            return EncryptionKey::from_jwk(&jwk, alg).map_err(fault);
        }
    }
    Err(fault(Error::AlgorithmMissing))
}

/// Encrypts with every random input given.
pub(super) fn encrypt(case: &Case) -> Result<Yield, Fault> {
    struct Prepared {
        key: EncryptionKey,
        header: Option<String>,
        epk: Option<Jwk>,
        iv: Option<[u8; 12]>,
    }

    let members = case.members();
    let (plaintext, iv) = (members.bytes("plaintext_b64u")?, members.bytes("iv_b64u")?);
    let (cek, aad) = (members.optional_bytes("cek_b64u")?, members.optional_bytes("aad_b64u")?);
    let protected = members.optional_text("protected_text")?;
    let unprotected = members.optional_json_text("unprotected")?;
    let mut prepared = Vec::new();
    for recipient in members.objects("recipients")? {
        let header = recipient.optional_json_text("header")?;
        let key = recipient.json_text("key")?;
        let key = encryption_key(&key, &[protected, unprotected.as_deref(), header.as_deref()])?;
        let epk = recipient.optional_json_text("epk")?.map(Jwk::from_json).transpose().map_err(jwk::fault)?;
        let iv = recipient.optional_bytes("kw_iv_b64u")?;
        let iv = iv.map(TryInto::try_into).transpose();
        let iv = iv.map_err(|_| Fault::BadCase("kw_iv_b64u has not 12 bytes".to_owned()))?;
        prepared.push(Prepared { key, header, epk, iv });
    }
    let form = form(members)?;
    let recipients = prepared.iter().map(|recipient| FixedRecipient {
        key: &recipient.key,
        header: recipient.header.as_deref(),
        epk: recipient.epk.as_ref(),
        iv: recipient.iv,
        ikm: None,
    });
    let message = Fixed {
        form,
        protected,
        unprotected: unprotected.as_deref(),
        aad: aad.as_deref(),
        cek: cek.as_deref(),
        iv: &iv,
        recipients: recipients.collect(),
    };
    let jwe = message.encrypt(&plaintext).map_err(fault)?;
    let output = Yield::new();
    Ok(if form == Form::Compact { output.text("jwe", &jwe) } else { output.json("jwe", &jwe) })
}

/// Encrypts, then decrypts with the private key.
pub(super) fn roundtrip(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let protected = members.text("protected_text")?;
    let key = encryption_key(&members.json_text("key")?, &[Some(protected)])?;
    let mut rest: Map<String, Value> =
        serde_json::from_str(protected).map_err(|error| Fault::BadCase(error.to_string()))?;
    rest.remove("alg");
    let enc = rest.remove("enc").and_then(|enc| JweEnc::from_name(enc.as_str()?));
    let enc = enc.ok_or(Error::EncryptionUnknown).map_err(fault)?;
    let rest = Value::Object(rest).to_string();
    let header = Header::new().parameters(&rest).map_err(Error::from).map_err(fault)?;
    let plaintext = members.bytes("plaintext_b64u")?;
    let keys = decryption_keys(members, "private")?;
    let message = Message::new(enc).header(header);
    let text = match form(members)? {
        Form::Compact => message.compact(&key, &plaintext, &mut SysRng),
        Form::Flattened => message.flattened(&key, &plaintext, &mut SysRng),
        Form::General => message.general(&[(&key).into()], &plaintext, &mut SysRng),
    };
    let decrypted = jose_jwe::decrypt(&keys, &text.map_err(fault)?, &mut SysRng).map_err(fault)?;
    Ok(Yield::new().bytes("plaintext_b64u", decrypted.plaintext()))
}
