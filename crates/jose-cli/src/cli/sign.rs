//! `josec sign`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jose_jwt::jws::json::{Builder, Headers, Protected};
use jose_jwt::jws::{self, compact, stream};
use jose_jwt::{Header, Jwk, JwsAlg, Sign as _, SigningKey};

use super::Context;
use crate::failure::Failure;
use crate::files::{self, MAX_MESSAGE};
use crate::keys::KeyArgs;
use crate::progress::Progress;
use crate::report::map;

/// The serializations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Parts between dots
    Compact,
    /// JSON, for one signature or recipient
    Flattened,
    /// JSON, for any number of them
    General,
}

/// What the protected header says besides the algorithm.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct HeaderArgs {
    /// The header's `typ`
    #[arg(long)]
    pub(super) typ: Option<String>,
    /// The header's `cty`
    #[arg(long)]
    pub(super) cty: Option<String>,
    /// Further parameters of the header, a JSON object
    #[arg(long, value_name = "JSON")]
    pub(super) header: Option<String>,
}

impl HeaderArgs {
    pub(super) fn header(&self) -> Result<Header<'_>, Failure> {
        let mut header = Header::new();
        if let Some(typ) = &self.typ {
            header = header.typ(typ);
        }
        if let Some(cty) = &self.cty {
            header = header.cty(cty);
        }
        match &self.header {
            Some(json) => header.parameters(json).map_err(|error| Failure::unfit(&error).at("--header")),
            None => Ok(header),
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct Sign {
    /// The payload, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
    /// The algorithm, where the key does not say it
    #[arg(short, long)]
    alg: Option<JwsAlg>,
    /// The serialization; otherwise compact for one key and general for several
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// Leaves the payload out of the result
    #[arg(long)]
    detached: bool,
    /// Signs the payload as it is, not its base64url (RFC 7797)
    #[arg(long)]
    unencoded: bool,
    #[command(flatten)]
    header: HeaderArgs,
    /// The unprotected header, a JSON object
    #[arg(long, value_name = "JSON")]
    unprotected: Option<String>,
}

/// Prepares a key to sign.
pub(super) fn signing_key(jwk: &Jwk, alg: Option<JwsAlg>) -> Result<SigningKey, Failure> {
    let key = match alg {
        Some(alg) => SigningKey::from_jwk(jwk, alg),
        None => SigningKey::try_from(jwk),
    };
    key.map_err(|error| Failure::unfit(&error))
}

impl Sign {
    pub(super) fn run(mut self, context: &Context) -> Result<(), Failure> {
        if self.unencoded {
            if self.header.header.is_some() {
                let message = "`--unencoded` writes b64 and crit, and `--header` gives others";
                return Err(
                    Failure::misuse(message).remedy(r#"write {"b64":false,"crit":["b64"],…} in `--header`"#)
                );
            }
            self.header.header = Some(r#"{"b64":false,"crit":["b64"]}"#.to_owned());
        }
        let keys = self.keys.each()?;
        let keys: Vec<_> = keys.iter().map(|jwk| signing_key(jwk, self.alg)).collect::<Result<_, _>>()?;
        let form = self.form.unwrap_or(if keys.len() == 1 { Form::Compact } else { Form::General });
        let text = match keys.as_slice() {
            [key] if form != Form::General && self.unprotected.is_none() => self.sign_one(key, form)?,
            [_] | [] if form == Form::Compact => {
                return Err(Failure::misuse("the compact form has no unprotected header")
                    .remedy("`--form flattened`"));
            }
            keys if form != Form::General && keys.len() > 1 => {
                return Err(
                    Failure::misuse("several keys sign in the general form alone").remedy("`--form general`")
                );
            }
            keys => self.sign_json(keys, form)?,
        };
        let signatures =
            keys.iter().map(|key| map([("alg", key.alg().as_str().into()), ("kid", key.kid().into())]));
        context.line(&text, &map([("jws", text.as_str().into()), ("signatures", signatures.collect())]))
    }

    /// One signature: piece by piece where the payload is detached and the algorithm allows it.
    fn sign_one(&self, key: &SigningKey, form: Form) -> Result<String, Failure> {
        let header = self.header.header()?;
        let unfit = |error: jws::Error| Failure::unfit(&error);
        if form == Form::Compact && !self.detached {
            return compact::sign(key, &self.payload()?, &header).map_err(unfit);
        }
        if !self.detached {
            return self.sign_json(core::slice::from_ref(key), form);
        }
        let text = match stream::Signer::new(key, &header) {
            Ok(mut signer) => {
                pieces(&self.file, |piece| signer.update(piece))?;
                signer.finish().map_err(unfit)?
            }
            Err(jws::Error::NotStreamable) => {
                compact::sign_detached(key, &self.payload()?, &header).map_err(unfit)?
            }
            Err(error) => return Err(unfit(error)),
        };
        match (form, text.split_once("..")) {
            // Both parts are base64url, which needs no escape.
            (Form::Flattened, Some((protected, signature))) => {
                Ok(format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#))
            }
            _ => Ok(text),
        }
    }

    fn sign_json(&self, keys: &[SigningKey], form: Form) -> Result<String, Failure> {
        let payload = self.payload()?;
        let header = self.header.header()?;
        let unfit = |error: jws::Error| Failure::unfit(&error);
        let mut builder = Builder::new(&payload);
        if self.detached {
            builder = builder.detached();
        }
        let headers =
            Headers { protected: Protected::Header(header), unprotected: self.unprotected.as_deref() };
        for key in keys {
            builder.sign(key, headers).map_err(unfit)?;
        }
        if form == Form::Flattened { builder.flattened() } else { builder.general() }.map_err(unfit)
    }

    fn payload(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
        files::read(Some(&self.file), MAX_MESSAGE)
    }
}

/// Reads a file of any length, piece by piece.
pub(super) fn pieces(file: &std::path::Path, mut take: impl FnMut(&[u8])) -> Result<(), Failure> {
    let (mut reader, len) = files::open(Some(file))?;
    let mut progress = Progress::new(len);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let len = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(len) => len,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(files::cannot_read(Some(file), &error)),
        };
        take(buffer.get(..len).unwrap_or_default());
        progress.add(len);
    }
    progress.end();
    Ok(())
}
