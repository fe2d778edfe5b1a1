//! What a file of another implementation asks.

use std::time::{Duration, SystemTime};

use interop::{ENC, Result, Table, allowed, attached, b64u, json_text, keys, material, octets, text, texts};
use josekit::{
    Map,
    jwe::{JweContext, JweDecrypter, JweHeader},
    jwk::{
        Jwk, JwkSet, KeyPair,
        alg::{ec::EcKeyPair, ecx::EcxKeyPair, ed::EdKeyPair, rsa::RsaKeyPair},
    },
    jws::{JwsContext, JwsHeader, JwsHeaderSet, JwsVerifier},
    jwt::{JwtPayload, JwtPayloadValidator},
};
use serde_json::{Value, json};

use crate::algorithms::{JWE, JWS, decrypter, encrypter, load, pair, serves, signer, verifier};

pub fn read(asked: &Value) -> Result<Value> {
    match text(&asked["op"])? {
        "jws.verify" => verify(asked),
        "jws.sign" => sign(asked),
        "jwe.decrypt" => decrypt(asked),
        "jwt.verify" => token(asked),
        "jwk.parse" => parse(asked),
        "jwk.import" => import(asked),
        "jwk.export" => export(asked),
        _ => Err("no such operation".into()),
    }
}

/// What there is to choose from: every algorithm that is allowed, with every key that serves it.
fn candidates<T>(
    asked: &Value,
    key: &Value,
    table: &Table,
    make: fn(&str, &Jwk) -> Result<T>,
) -> Result<Vec<(String, T)>> {
    let mut candidates = Vec::new();
    let mut refused = None;
    for key in keys(key) {
        for alg in allowed(asked, key, table) {
            match load(key).and_then(|key| make(alg, &key)) {
                Ok(made) => candidates.push((alg.to_owned(), made)),
                Err(error) => refused = Some(error),
            }
        }
    }
    match refused {
        Some(error) if candidates.is_empty() => Err(error),
        _ => Ok(candidates),
    }
}

/// What the first of the keys opens. A selector sees the header and not whether the key is right, so each is tried
/// by itself. A message that is a text is compact, unless `$json`.
macro_rules! try_each {
    ($context:expr, $message:expr, $json:expr, $keys:expr, $header:ty) => {{
        let mut refused = "no key".into();
        for (alg, key) in $keys {
            let select = |header: &$header| {
                let fits = header.claim("alg").and_then(Value::as_str) == Some(alg);
                Ok(fits.then_some(key.as_ref()))
            };
            let opened = match $message.as_str() {
                Some(compact) if !$json => $context.deserialize_compact_with_selector(compact, select),
                Some(json) => $context.deserialize_json_with_selector(json, select),
                None => $context.deserialize_json_with_selector($message.to_string(), select),
            };
            match opened {
                Ok((octets, _)) => return Ok(octets),
                Err(error) => refused = error.into(),
            }
        }
        Err(refused)
    }};
}

fn open(asked: &Value, message: &Value, verifiers: &[(String, Box<dyn JwsVerifier>)]) -> Result<Vec<u8>> {
    let mut context = JwsContext::new();
    for name in texts(&asked["crit"]).chain(["b64"]) {
        context.add_acceptable_critical(name);
    }
    try_each!(context, message, asked["jws_text"].is_string(), verifiers, JwsHeader)
}

fn verify(asked: &Value) -> Result<Value> {
    let message = match (asked.get("detached_payload_b64u"), asked.get("jws_text")) {
        (Some(detached), _) => attached(&asked["jws"], &octets(detached)?)?,
        (_, Some(text)) => text.clone(),
        _ => asked["jws"].clone(),
    };
    let verifiers = candidates(asked, &asked["key"], JWS, verifier)?;
    Ok(json!({ "payload_b64u": b64u(&open(asked, &message, &verifiers)?) }))
}

fn sign(asked: &Value) -> Result<Value> {
    let payload = octets(&asked["payload_b64u"])?;
    let mut context = JwsContext::new();
    context.add_acceptable_critical("b64");
    let mut parts = Vec::new();
    for part in asked["signatures"].as_array().into_iter().flatten() {
        let protected: Map<String, Value> =
            part["protected_text"].as_str().map_or(Ok(Map::new()), serde_json::from_str)?;
        let alg = protected.get("alg").unwrap_or(&part["header"]["alg"]).clone();
        let mut header = JwsHeaderSet::new();
        for (name, value) in &protected {
            header.set_claim(name, Some(value.clone()), true)?;
        }
        for (name, value) in part["header"].as_object().into_iter().flatten() {
            header.set_claim(name, Some(value.clone()), false)?;
        }
        parts.push((header, JwsHeader::from_map(protected)?, signer(text(&alg)?, &load(&part["key"])?)?));
    }
    let (set, header, first) = parts.first().ok_or("no signature")?;
    if asked["form"] == "compact" {
        let jws = context.serialize_compact(&payload, header, first.as_ref())?;
        let detached = asked["detached"] == true;
        let (protected, signature) =
            jws.split_once('.').zip(jws.rsplit_once('.')).map(|((a, _), (_, b))| (a, b)).ok_or("no JWS")?;
        return Ok(json!({ "jws": if detached { format!("{protected}..{signature}") } else { jws } }));
    }
    let jws = if asked["form"] == "flattened" {
        context.serialize_flattened_json(&payload, set, first.as_ref())?
    } else {
        let parts: Vec<_> = parts.iter().map(|(set, _, signer)| (set, signer.as_ref())).collect();
        context.serialize_general_json(&payload, &parts)?
    };
    let mut jws: Map<String, Value> = serde_json::from_str(&jws)?;
    if asked["detached"] == true {
        jws.remove("payload");
    }
    Ok(json!({ "jws": jws }))
}

fn decrypted(
    asked: &Value,
    message: &Value,
    decrypters: &[(String, Box<dyn JweDecrypter>)],
) -> Result<Vec<u8>> {
    let mut context = JweContext::new();
    for name in texts(&asked["crit"]) {
        context.add_acceptable_critical(name);
    }
    if asked["zip"] != true {
        context.remove_compression("DEF");
    }
    if asked["encs"].is_array() {
        for enc in ENC.iter().filter(|enc| !texts(&asked["encs"]).any(|allowed| allowed == **enc)) {
            context.remove_content_encryption(enc);
        }
    }
    try_each!(context, message, asked["jwe_text"].is_string(), decrypters, JweHeader)
}

fn decrypt(asked: &Value) -> Result<Value> {
    let message = asked.get("jwe_text").unwrap_or(&asked["jwe"]);
    let decrypters = candidates(asked, &asked["key"], JWE, decrypter)?;
    Ok(json!({ "plaintext_b64u": b64u(&decrypted(asked, message, &decrypters)?) }))
}

fn token(asked: &Value) -> Result<Value> {
    let mut jwt = asked["jwt"].clone();
    if !asked["decryption_key"].is_null() {
        let decrypters = candidates(asked, &asked["decryption_key"], JWE, decrypter)?;
        jwt = String::from_utf8(decrypted(asked, &jwt, &decrypters)?)?.into();
    }
    let claims = if asked["key"].is_null() {
        text(&jwt)?.as_bytes().to_vec()
    } else {
        open(asked, &jwt, &candidates(asked, &asked["key"], JWS, verifier)?)?
    };
    let payload = JwtPayload::from_map(serde_json::from_slice::<Map<String, Value>>(&claims)?)?;
    let options = &asked["options"];
    let mut rules = JwtPayloadValidator::new();
    if let Some(now) = options["now"].as_u64() {
        rules.set_base_time(SystemTime::UNIX_EPOCH + Duration::from_secs(now));
    }
    if let Some(aud) = options["aud"].as_str() {
        rules.set_audience(aud);
    }
    for name in ["iss", "sub", "jti", "nonce"] {
        if let Some(value) = options.get(name) {
            rules.set_claim(name, value.clone());
        }
    }
    rules.validate(&payload)?;
    Ok(json!({ "claims": payload.claims_set() }))
}

fn parse(asked: &Value) -> Result<Value> {
    let text = json_text(asked, "key");
    if text.contains("\"keys\"") {
        JwkSet::from_bytes(text)?;
        return Ok(json!({}));
    }
    let key = Jwk::from_bytes(&text)?;
    // The members of the key are looked at when it is made into something.
    let name = key.curve().unwrap_or(key.key_type());
    let made = if key.parameter("d").is_some() {
        pair(&key).map(drop)
    } else {
        serves(JWS, name)
            .map(|alg| verifier(alg, &key).map(drop))
            .chain(serves(JWE, name).map(|alg| encrypter(alg, &key).map(drop)))
            .reduce(Result::or)
            .unwrap_or_else(|| Err("no such key".into()))
    };
    made.map(|()| json!({}))
}

/// Private keys only: those of public ones are not given out again.
fn import(asked: &Value) -> Result<Value> {
    type Read = fn(&[u8], bool) -> Result<Box<dyn KeyPair>>;
    macro_rules! reader {
        ($pair:ident $(, $curve:expr)?) => {
            |input, pem| {
                let read = if pem { $pair::from_pem(input $(, $curve)?) } else { $pair::from_der(input $(, $curve)?) };
                Ok(Box::new(read?))
            }
        };
    }
    let readers: [Read; 4] =
        [reader!(RsaKeyPair), reader!(EcKeyPair, None), reader!(EdKeyPair), reader!(EcxKeyPair)];
    let (input, pem) = match asked["pem"].as_str() {
        Some(pem) => (pem.as_bytes().to_vec(), true),
        None => (octets(&asked["der_b64u"])?, false),
    };
    let read = readers.iter().find_map(|read| read(&input, pem).ok()).ok_or("no key of any type")?;
    Ok(json!({ "key": material(read.to_jwk_key_pair().as_ref()) }))
}

fn export(asked: &Value) -> Result<Value> {
    let pair = pair(&load(&asked["key"])?)?;
    let pem = if asked["format"] == "pkcs8" { pair.to_pem_private_key() } else { pair.to_pem_public_key() };
    Ok(json!({ "pem": String::from_utf8(pem)? }))
}
