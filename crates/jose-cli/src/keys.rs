//! Keys and secrets of the command line: from files, environment variables or a prompt, never from an argument.

use std::env;
use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
use jose_jwt::jwa::{Identifier, Status};
use jose_jwt::jws::VerifyHashed;
use jose_jwt::{
    AlgSet, Allowed, Jwk, JwkSet, JwsAlg, KeyAlg, RsaLimits, Secret, VerifyingKey, VerifyingKeys,
};
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::files::{self, MAX_LEN};
use crate::thing::{self, Keys};

/// Where a passphrase comes from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PassphraseArgs {
    /// Reads the passphrase of an encrypted key from a file, whose last line end is left out
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Reads the passphrase of an encrypted key from an environment variable
    #[arg(long, value_name = "VARIABLE", conflicts_with = "passphrase_file")]
    pub(crate) passphrase_env: Option<String>,
}

impl PassphraseArgs {
    /// The passphrase that was given, if any.
    pub(crate) fn given(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match (&self.passphrase_file, &self.passphrase_env) {
            (Some(path), _) => secret_line(path).map(Some),
            (_, Some(name)) => variable(name).map(Some),
            _ => Ok(None),
        }
    }

    /// The passphrase that was given, or typed.
    pub(crate) fn ask(&self, what: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        match self.given()? {
            None if stdin().is_terminal() => prompt(&format!("Passphrase of {what}: ")).map(Some),
            given => Ok(given),
        }
    }

    /// A new passphrase, typed twice.
    pub(crate) fn choose(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let chosen = match self.given()? {
            Some(given) => given,
            None if stdin().is_terminal() => choose("New passphrase")?,
            None => {
                return Err(Failure::misuse(
                    "a passphrase is needed, and there is no terminal to type it at",
                )
                .remedy("`--passphrase-file` or `--passphrase-env` gives it"));
            }
        };
        if chosen.is_empty() {
            return Err(Failure::misuse("the passphrase is empty"));
        }
        Ok(chosen)
    }
}

/// Types a new passphrase twice.
pub(crate) fn choose(what: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let first = prompt(&format!("{what}: "))?;
    if first != prompt("Once more: ")? {
        return Err(Failure::misuse("the two differ: nothing was written"));
    }
    Ok(first)
}

/// Types a secret without an echo.
pub(crate) fn prompt(text: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let typed = rpassword::prompt_password(text);
    let typed = typed
        .map_err(|error| Failure::unreachable("terminal", format!("the terminal cannot be read: {error}")))?;
    Ok(Zeroizing::new(typed.into_bytes()))
}

/// A secret from an environment variable.
pub(crate) fn variable(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match env::var_os(name) {
        Some(value) => Ok(Zeroizing::new(value.into_encoded_bytes())),
        None => Err(Failure::unreachable(
            "variable-missing",
            format!("the environment variable {name} is not set"),
        )),
    }
}

/// A secret from a file, without its last line end.
pub(crate) fn secret_line(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = files::read(Some(path), MAX_LEN)?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(bytes)
}

/// Reads the keys of a file.
pub(crate) fn read_file(path: &Path, passphrase: &PassphraseArgs) -> Result<Keys, Failure> {
    let bytes = files::read(Some(path), MAX_LEN)?;
    let name = files::name(Some(path));
    let keys = thing::read_keys(&bytes, &|| passphrase.ask(&name));
    // The token is not refused: the key cannot be read.
    keys.map_err(|failure| {
        if failure.exit == Exit::Refused { failure.with_exit(Exit::Unreachable).at(&name) } else { failure }
    })
}

/// Reads a file that must hold one key.
pub(crate) fn read_one(path: &Path, passphrase: &PassphraseArgs) -> Result<Jwk, Failure> {
    match read_file(path, passphrase)? {
        Keys::One(jwk) => Ok(*jwk),
        Keys::Set(set) => match set.keys() {
            [only] => Ok(only.clone()),
            keys => {
                let message = format!("{} holds {} keys, and one is needed", path.display(), keys.len());
                Err(Failure::misuse(message).remedy("`josec key set get --kid KID` takes one out"))
            }
        },
    }
}

/// The keys that verify, sign or decrypt.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct KeyArgs {
    /// A file with the key: JWK, JWK Set, PEM, DER, certificate, OpenSSH key or map of certificates
    #[arg(short, long = "key", value_name = "FILE")]
    pub(crate) keys: Vec<PathBuf>,
    /// Takes the bytes of a file as a secret, all of them
    #[arg(long, value_name = "FILE", conflicts_with = "keys")]
    secret_file: Option<PathBuf>,
    /// Takes the text of an environment variable as a secret
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["keys", "secret_file"])]
    secret_env: Option<String>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

impl KeyArgs {
    pub(crate) fn is_given(&self) -> bool {
        !self.keys.is_empty() || self.secret_file.is_some() || self.secret_env.is_some()
    }

    fn secret(&self) -> Result<Option<Jwk>, Failure> {
        let mut bytes = match (&self.secret_file, &self.secret_env) {
            (Some(path), _) => files::read(Some(path), MAX_LEN)?,
            (_, Some(name)) => variable(name)?,
            _ => return Ok(None),
        };
        let secret = Secret::from(core::mem::take(&mut *bytes));
        Jwk::from_octets(secret).map(Some).map_err(|error| Failure::unreadable("the secret", &error))
    }

    /// All keys. A single one has no set around it.
    pub(crate) fn load(&self) -> Result<Keys, Failure> {
        if let Some(secret) = self.secret()? {
            return Ok(Keys::One(Box::new(secret)));
        }
        match self.keys.as_slice() {
            [] => Err(Failure::misuse("a key is needed")
                .remedy("`--key FILE`, or a secret by `--secret-file` or `--secret-env`")),
            [path] => read_file(path, &self.passphrase),
            paths => {
                let mut all = JwkSet::new();
                for path in paths {
                    match read_file(path, &self.passphrase)? {
                        Keys::One(jwk) => all.push(*jwk),
                        Keys::Set(set) => set.keys().iter().for_each(|jwk| all.push(jwk.clone())),
                    }
                }
                Ok(Keys::Set(all))
            }
        }
    }

    /// The keys, each by itself.
    pub(crate) fn each(&self) -> Result<Vec<Jwk>, Failure> {
        Ok(match self.load()? {
            Keys::One(jwk) => vec![*jwk],
            Keys::Set(set) => set.keys().to_vec(),
        })
    }
}

/// Which algorithms are allowed: those that were named, or those that the keys name or can serve.
pub(crate) fn allowed<A: Identifier>(
    named: &[A],
    keys: &Keys,
    serves: impl Fn(&Jwk) -> AlgSet<A>,
) -> AlgSet<A> {
    if !named.is_empty() {
        return AlgSet::of(named);
    }
    match keys {
        Keys::One(jwk) => serves(jwk),
        Keys::Set(set) => set.keys().iter().map(serves).fold(AlgSet::EMPTY, AlgSet::union),
    }
}

/// The signature algorithms that a key names, or that its type and curve serve.
pub(crate) fn jws_algs(jwk: &Jwk) -> AlgSet<JwsAlg> {
    match jwk.alg() {
        Some(KeyAlg::Jws(alg)) => AlgSet::of(&[*alg]),
        Some(_) => AlgSet::EMPTY,
        None => JwsAlg::for_key(jwk.key_type(), jwk.curve())
            .iter()
            .filter(|alg| alg.status() != Status::Prohibited)
            .collect(),
    }
}

/// What verifies, with the keys prepared.
pub(crate) type Verifier = Box<dyn VerifyHashed + Send + Sync>;

/// Prepares keys to verify.
pub(crate) fn verifier(keys: &Keys, named: &[JwsAlg], legacy_rsa: bool) -> Result<Verifier, Failure> {
    let algs = allowed(named, keys, jws_algs);
    if algs.is_empty() {
        return Err(
            Failure::misuse("no key verifies signatures").remedy("`josec inspect` shows what a key serves")
        );
    }
    let mut allowed = Allowed::from(algs);
    if legacy_rsa {
        allowed = allowed.legacy_rsa(RsaLimits::LEGACY_VERIFY);
    }
    Ok(match keys {
        Keys::One(jwk) => {
            Box::new(VerifyingKey::from_jwk(&**jwk, allowed).map_err(|error| Failure::unfit(&error))?)
        }
        Keys::Set(set) => {
            Box::new(VerifyingKeys::from_jwks(set, allowed).map_err(|error| Failure::unfit(&error))?)
        }
    })
}
