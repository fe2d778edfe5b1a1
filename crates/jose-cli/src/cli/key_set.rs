//! `josec key set`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jose_jwt::jwa::KeyType;
use jose_jwt::{Jwk, JwkSet, KeyAlg, KeySpec};
use zeroize::Zeroizing;

use super::{Context, new_key};
use crate::failure::Failure;
use crate::keys::{self, PassphraseArgs};
use crate::thing::Keys;

#[derive(Debug, Subcommand)]
pub(super) enum KeySet {
    /// Makes a set of keys
    Of(Of),
    /// Adds keys to a set
    Add(Add),
    /// Leaves keys out of a set
    Remove(Remove),
    /// Takes one key out of a set
    Get(Get),
    /// Puts a new key first, and keeps of the others the public parts, which verify what they signed
    Rotate(Rotate),
}

#[derive(Args, Debug)]
pub(super) struct Of {
    /// The files of the keys
    #[arg(required = true)]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

#[derive(Args, Debug)]
pub(super) struct Add {
    /// The file of the set
    set: PathBuf,
    /// The files of the keys
    #[arg(required = true)]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

#[derive(Args, Debug)]
pub(super) struct Remove {
    /// The file of the set
    #[arg(default_value = "-")]
    set: PathBuf,
    /// The `kid` of a key
    #[arg(long, required = true)]
    kid: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct Get {
    /// The file of the set
    #[arg(default_value = "-")]
    set: PathBuf,
    /// The `kid` of the key
    #[arg(long, required_unless_present = "index")]
    kid: Option<String>,
    /// The place of the key, from 0
    #[arg(long, conflicts_with = "kid")]
    index: Option<usize>,
}

#[derive(Args, Debug)]
pub(super) struct Rotate {
    /// The file of the set
    #[arg(default_value = "-")]
    set: PathBuf,
    /// The kind of the new key, as for `josec key new`; otherwise that of the first key
    #[arg(long, conflicts_with = "key")]
    kind: Option<String>,
    /// Takes the new key from a file
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The bits of an RSA key
    #[arg(long, default_value_t = 3072)]
    bits: usize,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

impl KeySet {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Of(command) => write(context, &with(JwkSet::new(), &command.keys, &command.passphrase)?),
            Self::Add(command) => {
                let set = read(&command.set, &command.passphrase)?;
                write(context, &with(set, &command.keys, &command.passphrase)?)
            }
            Self::Remove(command) => command.run(context),
            Self::Get(command) => command.run(context),
            Self::Rotate(command) => command.run(context),
        }
    }
}

/// Reads a set whose keys can all be kept.
fn read(path: &Path, passphrase: &PassphraseArgs) -> Result<JwkSet, Failure> {
    let set = match keys::read_file(path, passphrase)? {
        Keys::Set(set) => set,
        Keys::One(_) => {
            let message = format!("{} holds a single key, not a set", path.display());
            return Err(Failure::misuse(message).remedy("`josec key set of FILE` makes a set of it"));
        }
    };
    if let Some(skipped) = set.skipped().first() {
        let message = format!(
            "key {} of {} cannot be read and would be lost: {}",
            skipped.index,
            path.display(),
            skipped.reason
        );
        return Err(Failure::unreachable(skipped.reason.code(), message));
    }
    Ok(set)
}

/// Adds the keys of files.
fn with(mut set: JwkSet, files: &[PathBuf], passphrase: &PassphraseArgs) -> Result<JwkSet, Failure> {
    for path in files {
        match keys::read_file(path, passphrase)? {
            Keys::One(jwk) => add(&mut set, *jwk)?,
            Keys::Set(more) => {
                for jwk in more.keys() {
                    add(&mut set, jwk.clone())?;
                }
            }
        }
    }
    Ok(set)
}

/// Adds a key whose `kid` is not there yet.
fn add(set: &mut JwkSet, jwk: Jwk) -> Result<(), Failure> {
    if let Some(kid) = jwk.kid()
        && set.keys().iter().any(|own| own.kid() == Some(kid))
    {
        let message = format!("the set has a key with the kid {kid:?} already");
        return Err(Failure::misuse(message).remedy("`josec key set remove --kid` takes it out first"));
    }
    set.push(jwk);
    Ok(())
}

/// Writes the whole set, its private keys too.
fn write(context: &Context, set: &JwkSet) -> Result<(), Failure> {
    let json = set.expose_private_json();
    let private = set.keys().iter().any(Jwk::is_private);
    if private {
        context.note("the set holds private keys: publish what `josec key public` makes of it");
    }
    let text = Zeroizing::new([json.as_bytes(), b"\n"].concat());
    context.destination.write(&text, private)
}

fn missing(kid: &str, set: &JwkSet) -> Failure {
    let kids = set.keys().iter().filter_map(Jwk::kid).collect();
    let failure = Failure::refused_as("kid-unknown", format!("no key of the set has the kid {kid:?}"));
    failure.detail("kids of the set", crate::report::Node::List(kids_of(kids)))
}

fn kids_of(kids: Vec<&str>) -> Vec<crate::report::Node> {
    kids.into_iter().map(Into::into).collect()
}

impl Remove {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let mut set = read(&self.set, &PassphraseArgs::default())?;
        for kid in &self.kid {
            let before = set.len();
            let missing = missing(kid, &set);
            set.keys_mut().retain(|jwk| jwk.kid() != Some(kid));
            if set.len() == before {
                return Err(missing);
            }
        }
        write(context, &set)
    }
}

impl Get {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let Keys::Set(set) = keys::read_file(&self.set, &PassphraseArgs::default())? else {
            return Err(Failure::misuse(format!("{} holds a single key, not a set", self.set.display())));
        };
        let found = match (&self.kid, self.index) {
            (Some(kid), _) => {
                let mut found = set.keys().iter().filter(|jwk| jwk.kid() == Some(kid));
                match (found.next(), found.next()) {
                    (Some(jwk), None) => jwk,
                    (Some(_), Some(_)) => {
                        let message = format!("several keys of the set have the kid {kid:?}");
                        return Err(Failure::refused_as("key-ambiguous", message)
                            .remedy("`--index` takes one by its place"));
                    }
                    _ => return Err(missing(kid, &set)),
                }
            }
            (_, index) => {
                let index = index.unwrap_or_default();
                let found = set.keys().get(index);
                found
                    .ok_or_else(|| Failure::refused_as("index", format!("the set has {} keys", set.len())))?
            }
        };
        let text = Zeroizing::new([found.expose_private_json().as_bytes(), b"\n"].concat());
        context.destination.write(&text, found.is_private())
    }
}

/// A new key of the kind of an old one.
fn like(jwk: &Jwk) -> Result<Jwk, Failure> {
    let unfit = |error| Failure::unfit(&error);
    let spec = match (jwk.key_type(), jwk.curve(), jwk.alg()) {
        (KeyType::Rsa, ..) => {
            let bits = jwk.public_member("n").map_or(0, |n| n.len().saturating_mul(8));
            KeySpec::Rsa { bits: bits.max(2048) }
        }
        (KeyType::Oct, ..) => KeySpec::Oct { len: jwk.expose_secret_member("k").map_or(32, <[u8]>::len) },
        (_, _, Some(KeyAlg::Jws(alg))) if jwk.key_type() == KeyType::Akp => KeySpec::Akp { alg: *alg },
        (_, Some(curve), _) => KeySpec::Curve(curve),
        _ => {
            return Err(
                Failure::misuse("the kind of the first key is not known").remedy("`--kind` names one")
            );
        }
    };
    let mut new = new_key::generate(spec)?;
    if let Some(alg) = jwk.alg() {
        new = new.with_alg(alg.clone()).map_err(unfit)?;
    }
    match jwk.key_use() {
        Some(key_use) => new.with_use(key_use).map_err(unfit),
        None => Ok(new),
    }
}

impl Rotate {
    fn run(self, context: &Context) -> Result<(), Failure> {
        let old = read(&self.set, &PassphraseArgs::default())?;
        let first = old.keys().first();
        let new = match (&self.key, &self.kind, first) {
            (Some(path), ..) => keys::read_one(path, &self.passphrase)?,
            (_, Some(kind), _) => {
                let (spec, alg) = new_key::spec(kind, self.bits, 32)?;
                let new = new_key::generate(spec)?;
                match alg {
                    Some(alg) => new.with_alg(alg).map_err(|error| Failure::unfit(&error))?,
                    None => new,
                }
            }
            (.., Some(first)) => like(first)?,
            _ => return Err(Failure::misuse("the set is empty").remedy("`--kind` says what key to make")),
        };
        if !new.is_private() {
            return Err(Failure::misuse("the new key is public, and cannot sign"));
        }
        if old.keys().iter().any(|jwk| jwk.key_type() == KeyType::Oct) {
            let message = "a symmetric key has no public part that could be kept";
            return Err(Failure::misuse(message).remedy("`josec key set remove` and `add` replace it"));
        }
        let mut set = JwkSet::new();
        set.push(new);
        for jwk in old.keys() {
            let public = jwk.to_public().map_err(|error| Failure::unfit(&error))?;
            add(&mut set, public.into())?;
        }
        write(context, &set)
    }
}
