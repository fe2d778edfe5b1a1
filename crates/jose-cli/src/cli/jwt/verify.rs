//! `josec jwt verify`.

use std::path::PathBuf;

use clap::Args;
use jose_jwt::jwe::Decrypt;
use jose_jwt::{JwtVerifier, NoClaims, SysRng, Verified};

use super::rules::Rules;
use super::{Context, remote};
use crate::cli::decrypt::decryption_keys;
use crate::failure::Failure;
use crate::files::{self, MAX_LEN};
use crate::keys::{self, KeyArgs};
use crate::report::{Node, map};
use crate::thing::Keys;

#[derive(Args, Debug)]
pub(in crate::cli) struct Verify {
    /// The JWT, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    remote: remote::RemoteArgs,
    /// A file with the key of an encrypted JWT; without `--key`, the JWT is encrypted and not signed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["jwks_url", "issuer"])]
    decrypt_key: Option<PathBuf>,
    #[command(flatten)]
    rules: Rules,
}

impl Verify {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        self.rules.check_usage(self.remote.names_issuer())?;
        if self.remote.is_given() && self.keys.is_given() {
            return Err(Failure::misuse("keys come from a file or from a URL, not from both"));
        }
        let bytes = files::read(Some(&self.file), MAX_LEN)?;
        let token = core::str::from_utf8(&bytes).map(str::trim);
        let token =
            token.map_err(|_| Failure::refused_as("not-text", "the file is not text, and so no JWT"))?;
        if self.remote.is_given() {
            let verified = self.remote.verify(&self.rules, token, context.now)?;
            return finish(context, &verified);
        }
        let explain = |error, keys: Option<&Keys>| self.rules.explain(&error, token, context.now, keys);
        let Some(path) = &self.decrypt_key else {
            let keys = self.keys.load()?;
            let verifier = JwtVerifier::new(keys::verifier(&keys, &self.rules.alg, self.rules.legacy_rsa)?);
            let verified = self.rules.apply(verifier).at(context.now).verify::<NoClaims>(token);
            return finish(context, &verified.map_err(|error| explain(error, Some(&keys)))?);
        };
        let decrypt = decryption_keys(&keys::read_file(path, &self.keys.passphrase)?, &[], &[])?;
        if self.keys.is_given() {
            let keys = self.keys.load()?;
            let verifier = keys::verifier(&keys, &self.rules.alg, self.rules.legacy_rsa)?;
            let verifier = self.rules.apply(JwtVerifier::nested(verifier, decrypt));
            let verified = verifier.at(context.now).rng(&mut SysRng).verify::<NoClaims>(token);
            return finish(context, &verified.map_err(|error| explain(error, Some(&keys)))?);
        }
        self.encrypted(context, decrypt, token)
    }

    /// A JWT that is encrypted and not signed.
    fn encrypted(&self, context: &Context, keys: Box<dyn Decrypt>, token: &str) -> Result<(), Failure> {
        let verifier = self.rules.apply(JwtVerifier::encrypted_only(keys));
        let found = verifier
            .at(context.now)
            .rng(&mut SysRng)
            .verify::<serde_json::Map<String, serde_json::Value>>(token);
        let found = found.map_err(|error| self.rules.explain(&error, token, context.now, None))?;
        let claims = serde_json::to_string(found.claims());
        let claims = claims.map_err(|error| Failure::unreachable("claims", error))?;
        let report = map([
            ("valid", true.into()),
            ("signed", false.into()),
            ("header", Node::Raw(found.header().text().to_owned())),
            ("claims", Node::Raw(claims.clone())),
        ]);
        context.note("decrypted, and the claims are accepted; it is not signed: anybody with the key can have written it");
        context.line(&claims, &report)
    }
}

/// Writes the claims, which are verified.
fn finish(context: &Context, verified: &Verified<NoClaims>) -> Result<(), Failure> {
    let claims = verified.payload_text();
    let kid = verified.kid().map(|kid| kid.into_owned());
    let suffix = kid.as_deref().map(|kid| format!(", kid {kid}")).unwrap_or_default();
    context.note(&format!("verified: {}{suffix}", verified.alg()));
    let report = map([
        ("valid", true.into()),
        ("signed", true.into()),
        ("alg", verified.alg().as_str().into()),
        ("kid", kid.into()),
        ("key_index", verified.key_index().into()),
        ("header", Node::Raw(verified.header().text().to_owned())),
        ("claims", Node::Raw(claims.to_owned())),
    ]);
    context.line(claims, &report)
}
