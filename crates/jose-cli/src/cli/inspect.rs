//! `josec inspect`.

use std::path::PathBuf;

use clap::Args;
use jose_b64::json::{self, Object, Value};
use jose_b64::{Error as EncodingError, base64url};
use jose_jwt::NumericDate;
use jose_jwt::jwe::Encrypted;
use jose_jwt::jws::{compact, json as jws_json};

use super::{Context, describe};
use crate::dates;
use crate::failure::Failure;
use crate::files::{self, MAX_LEN};
use crate::keys::PassphraseArgs;
use crate::report::{Node, map};
use crate::thing::{self, Thing};

const UNVERIFIED: &str = "NOT VERIFIED: anybody can have written this";
const SEALED: &str = "NOT DECRYPTED: the header can have been written by anybody";

#[derive(Args, Debug)]
pub(super) struct Inspect {
    /// The file, or - for standard input
    file: Option<PathBuf>,
    /// Shows private keys and secrets too
    #[arg(long)]
    private: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl Inspect {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let bytes = files::read(self.file.as_deref(), MAX_LEN)?;
        let thing = thing::read(&bytes, &|| self.passphrase.given())?;
        let members = match &thing {
            Thing::Compact { text, encrypted: false } => signed(text, context.now),
            Thing::Compact { text, encrypted: true } => sealed(text),
            Thing::SdJwt { text } => selective(text, context.now),
            Thing::Json { text, encrypted: false } => signed_json(text, context.now)?,
            Thing::Json { text, encrypted: true } => sealed_json(text)?,
            Thing::Key { jwk, form } => with_kind(form, describe::key(jwk, self.private, context.now)),
            Thing::Set { set, form } => with_kind(form, describe::set(set, self.private, context.now)),
            Thing::Certificate { jwk, der, form } => {
                let mut members = with_kind(form, describe::certificate(der, context.now));
                members.insert(
                    1,
                    ("trust", Node::Warning("NOT VERIFIED: who issued it was not checked".into())),
                );
                match jwk {
                    Ok(jwk) => {
                        let mut key = describe::key(jwk, false, context.now);
                        key.retain(|(name, _)| *name != "certificates");
                        members.push(("key", Node::Map(key)));
                    }
                    Err(error) => members.push(("key_refused", error.to_string().into())),
                }
                members
            }
            Thing::Locked { form } => {
                with_kind(form, vec![("locked", "`--passphrase-file` or `--passphrase-env` opens it".into())])
            }
        };
        context.report_as(&Node::Map(members), self.private)
    }
}

type Members = Vec<(&'static str, Node)>;

fn with_kind(kind: &str, rest: Members) -> Members {
    let mut members = vec![("kind", Node::from(kind))];
    members.extend(rest);
    members
}

/// A part of a message, decoded; otherwise what is wrong with it.
fn decode(part: &str) -> Result<Vec<u8>, EncodingError> {
    base64url::decode_to_vec(part.as_bytes())
}

/// A header: the object as it was written, or what can be shown of it.
fn header(part: &str, problems: &mut Vec<String>) -> Node {
    match decode(part) {
        Ok(bytes) => match json::parse_object(&bytes) {
            Ok(object) => Node::Raw(object.raw().to_owned()),
            Err(error) => {
                problems.push(format!("the header is not strict JSON: {error}"));
                String::from_utf8_lossy(&bytes).into_owned().into()
            }
        },
        Err(error) => {
            problems.push(format!("the header is not base64url: {error}"));
            part.into()
        }
    }
}

/// A payload: claims with their dates, text, or the number of its bytes.
fn payload(bytes: &[u8], now: NumericDate) -> Members {
    if let Ok(object) = json::parse_object(bytes) {
        let told = object.iter().filter_map(|(name, value)| {
            let name = name.to_cow();
            let words = dates::claim(&name, value, now)?;
            Some(map([("claim", name.into_owned().into()), ("says", words.into())]))
        });
        let told: Vec<_> = told.collect();
        let hidden = if told.is_empty() { Node::Null } else { Node::Hidden(Box::new(told.into())) };
        return vec![("claims", Node::Claims(object.raw().to_owned(), now)), ("dates", hidden)];
    }
    match core::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(|character| !character.is_control() || character.is_whitespace()) => {
            vec![("payload", text.into())]
        }
        _ => vec![("payload_bytes", bytes.len().into())],
    }
}

/// What is said of a problem, where there is one.
fn with_problems(mut members: Members, problems: Vec<String>) -> Node {
    if !problems.is_empty() {
        members.push(("problems", problems.into_iter().collect()));
    }
    Node::Map(members)
}

fn into_members(node: Node) -> Members {
    if let Node::Map(members) = node { members } else { Members::new() }
}

fn signed(text: &str, now: NumericDate) -> Members {
    let mut parts = text.split('.');
    let mut next = || parts.next().unwrap_or_default();
    let (head, body, signature) = (next(), next(), next());
    let mut problems = Vec::new();
    let head = header(head, &mut problems);
    let unencoded = matches!(&head, Node::Raw(text) if is_unencoded(text));
    let bytes = if unencoded { Ok(body.as_bytes().to_vec()) } else { decode(body) };
    let shown = match &bytes {
        Ok(bytes) if bytes.is_empty() => vec![("payload", "none (detached, or empty)".into())],
        Ok(bytes) => payload(bytes, now),
        Err(error) => {
            problems.push(format!("the payload is not base64url: {error}"));
            Members::new()
        }
    };
    let is_jwt = shown.first().is_some_and(|(name, _)| *name == "claims");
    let kind = if is_jwt { "JWT, signed (compact JWS)" } else { "JWS, compact" };
    let mut members = vec![("kind", Node::from(kind)), ("verified", Node::Hidden(Box::new(false.into())))];
    members.push(("trust", Node::Warning(UNVERIFIED.to_owned())));
    members.push(("header", head));
    members.extend(shown);
    match decode(signature) {
        Ok(bytes) => members.push(("signature_bytes", bytes.len().into())),
        Err(error) => problems.push(format!("the signature is not base64url: {error}")),
    }
    if problems.is_empty()
        && let Err(error) = compact::Unverified::parse(text)
    {
        problems.push(error.to_string());
    }
    into_members(with_problems(members, problems))
}

/// An SD-JWT (RFC 9901 section 4). Its claims are shown as they are signed, digests and all, and the disclosures beside them.
fn selective(text: &str, now: NumericDate) -> Members {
    let (jws, rest) = text.split_once('~').unwrap_or((text, ""));
    let (disclosures, binding) = rest.rsplit_once('~').unwrap_or(("", rest));
    let mut members = signed(jws, now);
    let kind = if binding.is_empty() { "SD-JWT, compact" } else { "SD-JWT with key binding, compact" };
    members.retain(|(name, _)| *name != "kind");
    members.insert(0, ("kind", kind.into()));
    let shown = disclosures.split('~').filter(|part| !part.is_empty()).map(|part| match decode(part) {
        Ok(bytes) if json::parse(&bytes).is_ok() => Node::Raw(String::from_utf8_lossy(&bytes).into_owned()),
        _ => Node::Text(format!("{part}: no base64url of a strict JSON array")),
    });
    members.push(("disclosures", shown.collect()));
    if !binding.is_empty() {
        let binding = signed(binding, now).into_iter().filter(|(name, _)| *name != "kind");
        members.push(("key_binding", Node::Map(binding.collect())));
    }
    members
}

fn is_unencoded(header: &str) -> bool {
    let object = json::parse_object(header.as_bytes());
    object.is_ok_and(|object| object.get("b64").and_then(Value::as_bool) == Some(false))
}

fn sealed(text: &str) -> Members {
    let parts: Vec<_> = text.split('.').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let mut problems = Vec::new();
    let head = header(part(0), &mut problems);
    let says_jwt = matches!(&head, Node::Raw(text) if names_jwt(text));
    let kind = if says_jwt { "JWT, encrypted (compact JWE)" } else { "JWE, compact" };
    let mut members = vec![
        ("kind", Node::from(kind)),
        ("verified", Node::Hidden(Box::new(false.into()))),
        ("trust", Node::Warning(SEALED.to_owned())),
        ("header", head),
    ];
    let lengths = [
        ("encrypted_key_bytes", "the encrypted key", 1),
        ("iv_bytes", "the initialization vector", 2),
        ("ciphertext_bytes", "the ciphertext", 3),
        ("tag_bytes", "the authentication tag", 4),
    ];
    for (name, called, index) in lengths {
        match decode(part(index)) {
            Ok(bytes) => members.push((name, bytes.len().into())),
            Err(error) => problems.push(format!("{called} is not base64url: {error}")),
        }
    }
    if problems.is_empty()
        && let Err(error) = Encrypted::parse_compact(text)
    {
        problems.push(error.to_string());
    }
    into_members(with_problems(members, problems))
}

/// Whether a header says that a JWT is inside, or that this is one.
fn names_jwt(header: &str) -> bool {
    let Ok(object) = json::parse_object(header.as_bytes()) else { return false };
    ["typ", "cty"].iter().any(|name| {
        let value = object.get(name).and_then(Value::as_str).map(|text| text.to_cow().to_ascii_lowercase());
        value.is_some_and(|value| value == "jwt" || value.ends_with("+jwt"))
    })
}

/// A member that is a text.
fn text_of(object: Object<'_>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(|text| text.to_cow().into_owned())
}

/// A member as it was written.
fn raw_of(object: Object<'_>, name: &str) -> Node {
    object.get(name).map_or(Node::Null, |value| Node::Raw(value.raw().to_owned()))
}

/// The members that are objects in a list, or the whole object where it is flattened.
fn entries<'a>(object: Object<'a>, list: &str) -> Vec<Object<'a>> {
    match object.get(list).and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(Value::as_object).collect(),
        None => vec![object],
    }
}

fn signed_json(text: &str, now: NumericDate) -> Result<Members, Failure> {
    let object = json::parse_object(text.as_bytes()).map_err(|error| Failure::refused(&error))?;
    let mut problems = Vec::new();
    let form = if object.get("signatures").is_some() { "JWS, general JSON" } else { "JWS, flattened JSON" };
    let mut members = vec![
        ("kind", Node::from(form)),
        ("verified", Node::Hidden(Box::new(false.into()))),
        ("trust", Node::Warning(UNVERIFIED.to_owned())),
    ];
    let mut unencoded = false;
    let mut signatures = Vec::new();
    for entry in entries(object, "signatures") {
        let protected = text_of(entry, "protected").map(|part| header(&part, &mut problems));
        unencoded |= matches!(&protected, Some(Node::Raw(text)) if is_unencoded(text));
        let signature = text_of(entry, "signature").and_then(|part| decode(&part).ok());
        signatures.push(map([
            ("protected", protected.into()),
            ("header", raw_of(entry, "header")),
            ("signature_bytes", signature.map(|bytes| bytes.len()).into()),
        ]));
    }
    match text_of(object, "payload") {
        None => members.push(("payload", "none (detached)".into())),
        Some(text) if unencoded => members.extend(payload(text.as_bytes(), now)),
        Some(text) => match decode(&text) {
            Ok(bytes) => members.extend(payload(&bytes, now)),
            Err(error) => problems.push(format!("the payload is not base64url: {error}")),
        },
    }
    members.push(("signatures", signatures.into()));
    if problems.is_empty()
        && let Err(error) = jws_json::Unverified::parse(text)
    {
        problems.push(error.to_string());
    }
    Ok(into_members(with_problems(members, problems)))
}

fn sealed_json(text: &str) -> Result<Members, Failure> {
    let object = json::parse_object(text.as_bytes()).map_err(|error| Failure::refused(&error))?;
    let mut problems = Vec::new();
    let form = if object.get("recipients").is_some() { "JWE, general JSON" } else { "JWE, flattened JSON" };
    let protected = text_of(object, "protected").map(|part| header(&part, &mut problems));
    let mut len = |name: &'static str| {
        let bytes = text_of(object, name).map(|part| decode(&part));
        bytes.and_then(|bytes| match bytes {
            Ok(bytes) => Some(bytes.len()),
            Err(error) => {
                problems.push(format!("{name} is not base64url: {error}"));
                None
            }
        })
    };
    let (ciphertext, aad) = (len("ciphertext"), len("aad"));
    let recipients = entries(object, "recipients").into_iter().map(|entry| {
        let key = text_of(entry, "encrypted_key").and_then(|part| decode(&part).ok());
        map([
            ("header", raw_of(entry, "header")),
            ("encrypted_key_bytes", key.map(|bytes| bytes.len()).into()),
        ])
    });
    let members = vec![
        ("kind", Node::from(form)),
        ("verified", Node::Hidden(Box::new(false.into()))),
        ("trust", Node::Warning(SEALED.to_owned())),
        ("protected", protected.into()),
        ("unprotected", raw_of(object, "unprotected")),
        ("recipients", recipients.collect::<Vec<_>>().into()),
        ("ciphertext_bytes", ciphertext.into()),
        ("aad_bytes", aad.into()),
    ];
    if problems.is_empty()
        && let Err(error) = Encrypted::parse_json(text)
    {
        problems.push(error.to_string());
    }
    Ok(into_members(with_problems(members, problems)))
}
