//! `josec jwt sign`.

use core::time::Duration;
use std::path::PathBuf;

use clap::Args;
use jose_b64::json::{self, ObjectWriter};
use jose_jwt::jws::{self, compact};
use jose_jwt::{JwsAlg, NumericDate, Sign as _, SysRng};

use super::Context;
use crate::cli::sign::signing_key;
use crate::failure::Failure;
use crate::files::{self, MAX_LEN};
use crate::keys::KeyArgs;
use crate::report::{Node, map};
use crate::times;

#[derive(Args, Debug)]
pub(in crate::cli) struct Sign {
    /// A JSON file with claims, or - for standard input; those of the options come after them
    file: Option<PathBuf>,
    #[command(flatten)]
    key: KeyArgs,
    /// The algorithm, where the key does not say it
    #[arg(short, long)]
    alg: Option<JwsAlg>,
    /// The issuer
    #[arg(long)]
    iss: Option<String>,
    /// The subject
    #[arg(long)]
    sub: Option<String>,
    /// The audience; several make a list
    #[arg(long)]
    aud: Vec<String>,
    /// When it expires: a span from now such as +10m, a date as in RFC 3339, or seconds since 1970
    #[arg(long, value_name = "TIME", conflicts_with = "no_exp")]
    exp: Option<String>,
    /// Signs a JWT that never expires
    #[arg(long)]
    no_exp: bool,
    /// From when on it is valid
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    nbf: Option<String>,
    /// Leaves out when it was issued
    #[arg(long)]
    no_iat: bool,
    /// Its identifier; without a value, 128 random bits
    #[arg(long, num_args = 0..=1, default_missing_value = "", require_equals = true)]
    jti: Option<String>,
    /// Another claim, a text: NAME=TEXT
    #[arg(long, value_name = "NAME=TEXT", value_parser = pair)]
    claim: Vec<(String, String)>,
    /// Another claim, in JSON: NAME=JSON
    #[arg(long, value_name = "NAME=JSON", value_parser = pair)]
    claim_json: Vec<(String, String)>,
    /// The header's `typ`
    #[arg(long, default_value = "JWT")]
    typ: String,
    /// Further parameters of the header, a JSON object
    #[arg(long, value_name = "JSON")]
    header: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Sign {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let keys = self.key.each()?;
        let [jwk] = keys.as_slice() else {
            return Err(Failure::misuse(format!("one key signs a JWT, and these are {}", keys.len())));
        };
        let key = signing_key(jwk, self.alg)?;
        let claims = self.claims(context.now)?;
        let mut header = jose_jwt::Header::new().typ(&self.typ);
        if let Some(json) = &self.header {
            header = header.parameters(json).map_err(|error| Failure::unfit(&error).at("--header"))?;
        }
        let token = compact::sign(&key, claims.as_bytes(), &header);
        let token = token.map_err(|error: jws::Error| Failure::unfit(&error))?;
        let report = map([
            ("jwt", token.as_str().into()),
            ("alg", key.alg().as_str().into()),
            ("kid", key.kid().into()),
            ("claims", Node::Raw(claims)),
        ]);
        context.line(&token, &report)
    }

    /// The claims as JSON: those of the file as they were written, then those of the options.
    fn claims(&self, now: NumericDate) -> Result<String, Failure> {
        let file = self.file.as_deref().map(|path| files::read(Some(path), MAX_LEN)).transpose()?;
        let name = files::name(self.file.as_deref());
        let unreadable = |error| Failure::unreadable(&name, &error);
        let own = json::parse_object(file.as_ref().map_or(b"{}", |bytes| bytes.trim_ascii()))
            .map_err(unreadable)?;
        let mut text = String::new();
        let damaged = |error| Failure::unreadable("the claims", &error);
        let mut claims = ObjectWriter::new(&mut text).map_err(damaged)?;
        claims.members(own).map_err(damaged)?;
        for (name, value) in [("iss", &self.iss), ("sub", &self.sub)] {
            if let Some(value) = value {
                claims.string(name, value).map_err(damaged)?;
            }
        }
        match self.aud.as_slice() {
            [] => {}
            [only] => drop(claims.string("aud", only).map_err(damaged)?),
            several => drop(claims.string_array("aud", several.iter().map(String::as_str)).map_err(damaged)?),
        }
        for (name, value) in [("exp", &self.exp), ("nbf", &self.nbf)] {
            if let Some(value) = value {
                claims.number(name, time(value, now)?.seconds()).map_err(damaged)?;
            }
        }
        if !self.no_iat && own.get("iat").is_none() {
            claims.number("iat", now.seconds()).map_err(damaged)?;
        }
        match self.jti.as_deref() {
            None => {}
            Some("") => {
                let id = jose_jwt::random_id(&mut SysRng).map_err(|error| Failure::unfit(&error))?;
                claims.string("jti", &id).map_err(damaged)?;
            }
            Some(id) => drop(claims.string("jti", id).map_err(damaged)?),
        }
        for (name, value) in &self.claim {
            claims.string(name, value).map_err(damaged)?;
        }
        for (name, value) in &self.claim_json {
            let value = json::parse(value.as_bytes()).map_err(|error| Failure::unfit(&error).at(name))?;
            claims.value(name, value).map_err(damaged)?;
        }
        claims.finish().map_err(damaged)?;
        self.check(&text)?;
        Ok(text)
    }

    /// No claim is there twice, and the JWT expires.
    fn check(&self, claims: &str) -> Result<(), Failure> {
        let object = json::parse_object(claims.as_bytes()).map_err(|error| match error {
            jose_b64::Error::DuplicateMember => {
                Failure::misuse("a claim is given twice: in the file and by an option, or by two options")
            }
            error => Failure::unfit(&error),
        })?;
        let Some(exp) = object.get("exp") else {
            return if self.no_exp {
                Ok(())
            } else {
                Err(Failure::misuse("a JWT without exp is valid for ever")
                    .remedy("`--exp +10m` lets it expire; `--no-exp` signs it all the same"))
            };
        };
        if self.no_exp {
            return Err(Failure::misuse("`--no-exp` is given, and the claims have exp"));
        }
        if exp.as_number().and_then(NumericDate::parse).is_none() {
            return Err(Failure::misuse("exp is not a date: it is a number of seconds since 1970"));
        }
        Ok(())
    }
}

/// A time; a span without a sign is one from now.
fn time(text: &str, now: NumericDate) -> Result<NumericDate, Failure> {
    let span: Option<Duration> = times::span(text).ok();
    match span.and_then(|span| now.checked_add(span)) {
        Some(time) => Ok(time),
        None => times::parse(text, now),
    }
}
