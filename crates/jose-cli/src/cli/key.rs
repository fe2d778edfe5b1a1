//! `josec key`: keys by themselves.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jose_jwt::jwa::{KeyType, KeyUse};
use jose_jwt::jwk::{PrivateFormat, PublicFormat};
use jose_jwt::{Hash, Jwk, PublicJwk, SysRng};
use zeroize::Zeroizing;

use super::Context;
use super::key_set;
use super::new_key::{self, alg};
use crate::failure::Failure;
use crate::keys::{self, PassphraseArgs};
use crate::openssh;
use crate::report::{Node, map};
use crate::thing::Keys;

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Makes a key
    New(New),
    /// Writes the public part of a key or set
    Public(Public),
    /// Writes the thumbprint of a key, or of each key of a set (RFC 7638)
    Thumbprint(Thumbprint),
    /// Writes a key in another form
    Convert(Convert),
    /// Makes and changes JWK Sets
    #[command(subcommand)]
    Set(key_set::KeySet),
}

impl Key {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::New(command) => command.run(context),
            Self::Public(command) => command.run(context),
            Self::Thumbprint(command) => command.run(context),
            Self::Convert(command) => command.run(context),
            Self::Set(command) => command.run(context),
        }
    }
}

/// The forms that a key is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// JSON
    Jwk,
    /// PEM: PKCS #8 of a private key, SPKI of a public one
    Pem,
    /// DER: PKCS #8 of a private key, SPKI of a public one
    Der,
    /// PEM: PKCS #8 encrypted with a passphrase
    EncryptedPem,
    /// PEM: PKCS #1, of RSA keys
    Pkcs1,
    /// PEM: SEC 1, of EC private keys
    Sec1,
    /// OpenSSH
    Openssh,
}

/// What a key says of itself.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Labels {
    /// The key's `kid`
    #[arg(long)]
    kid: Option<String>,
    /// The key's `use`: sig or enc
    #[arg(long = "use", value_name = "USE")]
    key_use: Option<KeyUse>,
    /// The key's `alg`
    #[arg(long)]
    alg: Option<String>,
}

impl Labels {
    fn apply(&self, mut jwk: Jwk) -> Result<Jwk, Failure> {
        let unfit = |error| Failure::unfit(&error);
        if let Some(kid) = &self.kid {
            jwk = jwk.with_kid(kid.as_str());
        }
        if let Some(name) = &self.alg {
            jwk = jwk.with_alg(alg(name)?).map_err(unfit)?;
        }
        match self.key_use {
            Some(key_use) => jwk.with_use(key_use).map_err(unfit),
            None => Ok(jwk),
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct New {
    /// A curve (P-256, Ed25519, X25519, …), `rsa`, `oct`, or an algorithm that the key is for (ES256, HS256, RSA-OAEP-256,
    /// ML-DSA-65, A256GCM, …)
    kind: String,
    /// The bits of an RSA key
    #[arg(long, default_value_t = 3072)]
    bits: usize,
    /// The bytes of a secret
    #[arg(long, default_value_t = 32)]
    bytes: usize,
    #[command(flatten)]
    labels: Labels,
    /// Leaves `kid` out; otherwise it is the thumbprint
    #[arg(long, conflicts_with = "kid")]
    no_kid: bool,
    /// The form of the key
    #[arg(long, value_enum, default_value = "jwk")]
    to: Form,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl New {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let (spec, alg) = new_key::spec(&self.kind, self.bits, self.bytes)?;
        let mut jwk = if self.no_kid {
            Jwk::generate(spec, &mut SysRng).map_err(|error| Failure::unfit(&error))?
        } else {
            new_key::generate(spec)?
        };
        if let Some(alg) = alg {
            jwk = jwk.with_alg(alg).map_err(|error| Failure::unfit(&error))?;
        }
        write(context, &self.labels.apply(jwk)?, self.to, &self.passphrase)
    }
}

/// Writes a key in a form.
fn write(context: &Context, jwk: &Jwk, form: Form, passphrase: &PassphraseArgs) -> Result<(), Failure> {
    let private = jwk.is_private();
    let text: Zeroizing<Vec<u8>> = match form {
        Form::EncryptedPem => {
            let passphrase = passphrase.choose()?;
            let pem = jwk.to_encrypted_pem(&*passphrase, &mut SysRng);
            pem.map_err(|error| Failure::unfit(&error))?.into_bytes().into()
        }
        _ if private => write_private(jwk, form)?,
        _ => {
            let public = jwk.to_public().map_err(|error| Failure::unfit(&error))?;
            write_public(&public, form)?
        }
    };
    if context.json && form != Form::Jwk {
        let Ok(text) = core::str::from_utf8(&text) else {
            return Err(
                Failure::misuse("DER does not fit into JSON").remedy("leave `--json` out, or take PEM")
            );
        };
        return context.report_as(&map([("key", text.into())]), private);
    }
    context.destination.write(&text, private)
}

fn write_private(jwk: &Jwk, form: Form) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let pem = |format| {
        let pem = jwk.expose_private_pem(format).map_err(|error| Failure::unfit(&error))?;
        Ok(Zeroizing::new(pem.as_bytes().to_vec()))
    };
    match form {
        Form::Jwk => {
            let json = jwk.expose_private_json();
            Ok(Zeroizing::new([json.as_bytes(), b"\n"].concat()))
        }
        Form::Pem | Form::EncryptedPem => pem(PrivateFormat::Pkcs8),
        Form::Pkcs1 => pem(PrivateFormat::Pkcs1),
        Form::Sec1 => pem(PrivateFormat::Sec1),
        Form::Der => jwk.expose_private_der(PrivateFormat::Pkcs8).map_err(|error| Failure::unfit(&error)),
        Form::Openssh => Ok(Zeroizing::new(openssh::private(jwk)?.as_bytes().to_vec())),
    }
}

fn write_public(key: &PublicJwk, form: Form) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let unfit = |error| Failure::unfit(&error);
    let bytes = match form {
        Form::Jwk => format!("{}\n", key.to_json()).into_bytes(),
        Form::Pem => key.to_pem(PublicFormat::Spki).map_err(unfit)?.into_bytes(),
        Form::Pkcs1 => key.to_pem(PublicFormat::Pkcs1).map_err(unfit)?.into_bytes(),
        Form::Der => key.to_der(PublicFormat::Spki).map_err(unfit)?,
        Form::Openssh => openssh::public(key.as_jwk())?.into_bytes(),
        Form::Sec1 | Form::EncryptedPem => {
            return Err(Failure::misuse("this form is one of private keys, and the key is public"));
        }
    };
    Ok(bytes.into())
}

#[derive(Args, Debug)]
pub(super) struct Public {
    /// The file, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The form of the key
    #[arg(long, value_enum, default_value = "jwk")]
    to: Form,
    #[command(flatten)]
    labels: Labels,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl Public {
    fn run(self, context: &Context) -> Result<(), Failure> {
        match keys::read_file(&self.file, &self.passphrase)? {
            Keys::One(jwk) => {
                let public = jwk.to_public().map_err(|error| Failure::unfit(&error))?;
                write(context, &self.labels.apply(public.into())?, self.to, &self.passphrase)
            }
            Keys::Set(_) if self.to != Form::Jwk => Err(Failure::misuse("a set is written as JSON alone")
                .remedy("`josec key set get` takes one key out")),
            Keys::Set(set) => {
                let left = set.keys().iter().filter(|jwk| jwk.key_type() == KeyType::Oct).count();
                if left > 0 {
                    context.note(&format!("{left} symmetric keys are left out: they have no public part"));
                }
                context.destination.write(format!("{}\n", set.to_public_json()).as_bytes(), false)
            }
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct Thumbprint {
    /// The file, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The hash: SHA-256, SHA-384 or SHA-512
    #[arg(long, default_value = "SHA-256")]
    hash: Hash,
    /// Writes it as a URI (RFC 9278)
    #[arg(long)]
    uri: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl Thumbprint {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let keys = match keys::read_file(&self.file, &self.passphrase)? {
            Keys::One(jwk) => vec![*jwk],
            Keys::Set(set) => set.keys().to_vec(),
        };
        let mut prints = Vec::new();
        for jwk in &keys {
            let print = jwk.thumbprint(self.hash).map_err(|error| Failure::unfit(&error))?;
            prints.push(if self.uri { print.uri() } else { print.to_string() });
        }
        let report = || {
            map([
                ("hash", self.hash.as_str().into()),
                ("thumbprints", prints.iter().map(String::as_str).collect()),
            ])
        };
        if context.json {
            return context.report(&report());
        }
        context.line(&prints.join("\n"), &Node::Null)
    }
}

#[derive(Args, Debug)]
pub(super) struct Convert {
    /// The file, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The form of the key
    #[arg(long, value_enum, default_value = "jwk")]
    to: Form,
    #[command(flatten)]
    labels: Labels,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    /// Reads the passphrase of the new file from a file, if it is another one
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
    /// Reads the passphrase of the new file from an environment variable
    #[arg(long, value_name = "VARIABLE", conflicts_with = "new_passphrase_file")]
    new_passphrase_env: Option<String>,
}

impl Convert {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let jwk = self.labels.apply(keys::read_one(&self.file, &self.passphrase)?)?;
        let new = PassphraseArgs {
            passphrase_file: self.new_passphrase_file,
            passphrase_env: self.new_passphrase_env,
        };
        let is_given = new.passphrase_file.is_some() || new.passphrase_env.is_some();
        write(context, &jwk, self.to, if is_given { &new } else { &self.passphrase })
    }
}
