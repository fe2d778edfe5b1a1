//! `josec verify`.

use std::path::PathBuf;

use clap::Args;
use jose_b64::{base64url, json as strict};
use jose_jwt::JwsAlg;
use jose_jwt::jws::json::{self, Require, VerifiedSignatures};
use jose_jwt::jws::{self, JoseHeader, compact, stream};

use super::{Context, sign};
use crate::failure::Failure;
use crate::files::{self, MAX_MESSAGE};
use crate::keys::{self, KeyArgs, Verifier};
use crate::report::{Node, map};

#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The JWS, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
    /// An algorithm that is allowed; otherwise those that the keys name or serve
    #[arg(short, long)]
    alg: Vec<JwsAlg>,
    /// The payload, where it is detached
    #[arg(long, value_name = "FILE")]
    payload: Option<PathBuf>,
    /// Takes payloads that are not base64url (RFC 7797)
    #[arg(long)]
    unencoded: bool,
    /// Requires that every signature verifies, each with a key of its own; otherwise one is enough
    #[arg(long)]
    all: bool,
    /// A critical extension of the header that you handle
    #[arg(long, value_name = "NAME")]
    crit: Vec<String>,
    /// Verifies with RSA keys that are too weak for today
    #[arg(long)]
    legacy_rsa: bool,
}

/// One signature that was verified.
fn signature(alg: JwsAlg, header: JoseHeader<'_>, key: usize) -> Node {
    map([
        ("alg", alg.as_str().into()),
        ("kid", header.kid().map(|kid| kid.to_cow().into_owned()).into()),
        ("key_index", key.into()),
        ("header", Node::Raw(header.text().to_owned())),
    ])
}

impl Verify {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let keys = keys::verifier(&self.keys.load()?, &self.alg, self.legacy_rsa)?;
        let bytes = files::read(Some(&self.file), MAX_MESSAGE)?;
        let text = core::str::from_utf8(&bytes).map(|text| text.trim_start_matches('\u{feff}').trim());
        let text =
            text.map_err(|_| Failure::refused_as("not-text", "the file is not text, and so no JWS"))?;
        let crit: Vec<_> = self.crit.iter().map(String::as_str).collect();
        if text.starts_with('{') {
            return match self.payload.as_ref().and_then(|_| flattened(text)) {
                Some(text) => self.verify_compact(context, &keys, &text, &crit),
                None => self.verify_json(context, &keys, text, &crit),
            };
        }
        self.verify_compact(context, &keys, text, &crit)
    }

    fn verify_compact(
        &self,
        context: &Context,
        keys: &Verifier,
        text: &str,
        crit: &[&str],
    ) -> Result<(), Failure> {
        let refused = |error: jws::Error| Failure::refused(&error);
        let mut jws = compact::Unverified::parse(text).map_err(refused)?.understand(crit);
        if self.unencoded {
            jws = jws.allow_unencoded();
        }
        let Some(file) = &self.payload else {
            let verified = jws.verify(keys).map_err(refused)?;
            let signature = signature(verified.alg(), verified.header(), verified.key_index());
            return finish(context, vec![signature], Some(verified.payload()));
        };
        let verified = match stream::Verifier::new(keys, &jws) {
            Ok(mut verifier) => {
                sign::pieces(file, |piece| verifier.update(piece))?;
                verifier.finish()
            }
            Err(jws::Error::NotStreamable) => {
                jws.verify_detached(keys, &files::read(Some(file), MAX_MESSAGE)?)
            }
            Err(error) => Err(error),
        };
        let verified = verified.map_err(refused)?;
        finish(context, vec![signature(verified.alg(), verified.header(), verified.key_index())], None)
    }

    fn verify_json(
        &self,
        context: &Context,
        keys: &Verifier,
        text: &str,
        crit: &[&str],
    ) -> Result<(), Failure> {
        let refused = |error: jws::Error| Failure::refused(&error);
        let limits = json::Limits { max_len: text.len(), ..json::Limits::DEFAULT };
        let mut jws = json::Unverified::parse_with(text, &limits).map_err(refused)?.understand(crit);
        if self.unencoded {
            jws = jws.allow_unencoded();
        }
        let require = if self.all { Require::All } else { Require::Any };
        let signatures = |found: &VerifiedSignatures| -> Vec<Node> {
            found.iter().map(|one| signature(one.alg(), one.header(), one.key_index())).collect()
        };
        match &self.payload {
            Some(file) => {
                let payload = files::read(Some(file), MAX_MESSAGE)?;
                let verified = jws.verify_detached(keys, require, &payload).map_err(refused)?;
                finish(context, signatures(&verified), None)
            }
            None => {
                let verified = jws.verify(keys, require).map_err(refused)?;
                finish(context, signatures(verified.signatures()), Some(verified.payload()))
            }
        }
    }
}

/// A flattened JWS without payload and unprotected header, as the compact one that it is.
fn flattened(text: &str) -> Option<String> {
    let object = strict::parse_object(text.as_bytes()).ok()?;
    let part = |name| object.get(name)?.as_str()?.as_plain();
    if object.iter().count() != 2 {
        return None;
    }
    Some(format!("{}..{}", part("protected")?, part("signature")?))
}

/// Writes the payload, which is verified.
fn finish(context: &Context, signatures: Vec<Node>, payload: Option<&[u8]>) -> Result<(), Failure> {
    if context.json {
        let mut members = vec![("valid", true.into()), ("signatures", signatures.into())];
        members.extend(payload.map(payload_member));
        return context.report(&Node::Map(members));
    }
    for signature in &signatures {
        let Node::Map(members) = signature else { continue };
        let of = |name| members.iter().find(|(own, _)| *own == name).map(|(_, node)| node);
        let kid = match of("kid") {
            Some(Node::Text(kid)) => format!(", kid {kid}"),
            _ => String::new(),
        };
        context.note(&format!("verified: {}{kid}", of("alg").map(Node::inline).unwrap_or_default()));
    }
    match payload {
        Some(payload) => context.destination.write(payload, false),
        None => Ok(()),
    }
}

/// The bytes as text, where they are text.
pub(super) fn payload_member(payload: &[u8]) -> (&'static str, Node) {
    match core::str::from_utf8(payload) {
        Ok(text) => ("payload", text.into()),
        Err(_) => ("payload_b64u", base64url::encode_to_string(payload).into()),
    }
}
