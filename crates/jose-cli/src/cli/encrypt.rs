//! `josec encrypt`.

use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
use jose_jwt::jwa::{JweFamily, KeyType};
use jose_jwt::jwe::{self, Message, Recipient};
use jose_jwt::{EncryptionKey, JweAlg, JweEnc, Jwk, KeyAlg, Secret, SysRng};

use super::Context;
use super::sign::{Form, HeaderArgs};
use crate::failure::Failure;
use crate::files::{self, MAX_MESSAGE};
use crate::keys::{self, PassphraseArgs};
use crate::report::map;
use crate::thing::Keys;

const DEFAULT_ENC: JweEnc = JweEnc::A256Gcm;

/// A password of the message, not of a key.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PasswordArgs {
    /// Takes a password, typed at the terminal
    #[arg(long)]
    password: bool,
    /// Reads the password from a file, whose last line end is left out
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    password_file: Option<PathBuf>,
    /// Reads the password from an environment variable
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["password", "password_file"])]
    password_env: Option<String>,
}

impl PasswordArgs {
    /// The password as a key, if there is one. A new one is typed twice.
    pub(super) fn key(&self, new: bool) -> Result<Option<Jwk>, Failure> {
        let bytes = match (&self.password_file, &self.password_env) {
            (Some(path), _) => keys::secret_line(path)?,
            (_, Some(name)) => keys::variable(name)?,
            _ if !self.password => return Ok(None),
            _ if !stdin().is_terminal() => {
                return Err(Failure::misuse("there is no terminal to type the password at")
                    .remedy("`--password-file` or `--password-env` gives it"));
            }
            _ if new => keys::choose("New password")?,
            _ => keys::prompt("Password: ")?,
        };
        if bytes.is_empty() {
            return Err(Failure::misuse("the password is empty"));
        }
        let jwk = Jwk::from_octets(Secret::from(bytes))
            .map_err(|error| Failure::unreadable("the password", &error))?;
        Ok(Some(jwk))
    }
}

#[derive(Args, Debug)]
pub(super) struct Encrypt {
    /// The plaintext, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// A file with the key of a recipient, public or symmetric; several make several recipients
    #[arg(short = 't', long, value_name = "FILE")]
    to: Vec<PathBuf>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    /// The key management algorithm; otherwise the key's own, RSA-OAEP-256, ECDH-ES+A256KW, AES Key Wrap by the length of a
    /// secret, or PBES2-HS512+A256KW for a password
    #[arg(short, long)]
    alg: Option<JweAlg>,
    /// The content encryption algorithm; otherwise A256GCM, and none with HPKE for one recipient, which has its own
    #[arg(short, long)]
    enc: Option<JweEnc>,
    /// The serialization; otherwise compact for one recipient and general for several
    #[arg(long, value_enum)]
    form: Option<Form>,
    #[command(flatten)]
    header: HeaderArgs,
    /// A file that is authenticated and not encrypted; JSON forms only
    #[arg(long, value_name = "FILE")]
    aad: Option<PathBuf>,
    /// Compresses the plaintext: its length then tells something of what is in it
    #[arg(long)]
    compress: bool,
}

/// The algorithm for a key that names none.
fn default_alg(jwk: &Jwk, enc: JweEnc) -> Result<JweAlg, Failure> {
    match (jwk.alg(), jwk.key_type()) {
        (Some(KeyAlg::Jwe(alg)), _) => return Ok(*alg),
        (Some(KeyAlg::Enc(own)), _) if *own == enc => return Ok(JweAlg::Dir),
        (_, KeyType::Rsa) => return Ok(JweAlg::RsaOaep256),
        (_, KeyType::Ec | KeyType::Okp) => return Ok(JweAlg::EcdhEsA256Kw),
        _ => {}
    }
    match jwk.expose_secret_member("k").map(<[u8]>::len) {
        Some(16) => Ok(JweAlg::A128Kw),
        Some(24) => Ok(JweAlg::A192Kw),
        Some(32) => Ok(JweAlg::A256Kw),
        Some(len) if len == enc.cek_len() => Ok(JweAlg::Dir),
        _ => Err(Failure::misuse("no algorithm fits the key by itself").remedy("name one with `--alg`")),
    }
}

impl Encrypt {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let recipients = self.recipients()?;
        let enc = self.enc(&recipients);
        let text = self.encrypt(&recipients, enc)?;
        let told =
            recipients.iter().map(|key| map([("alg", key.alg().as_str().into()), ("kid", key.kid().into())]));
        let report = map([
            ("jwe", text.as_str().into()),
            ("enc", enc.map(JweEnc::as_str).into()),
            ("recipients", told.collect()),
        ]);
        context.line(&text, &report)
    }

    fn enc(&self, recipients: &[EncryptionKey]) -> Option<JweEnc> {
        let has_own = recipients.iter().any(|key| key.alg().family() == JweFamily::HpkeIntegrated);
        self.enc.or((!has_own).then_some(DEFAULT_ENC))
    }

    fn recipients(&self) -> Result<Vec<EncryptionKey>, Failure> {
        let mut keys = Vec::new();
        for path in &self.to {
            match keys::read_file(path, &self.passphrase)? {
                Keys::One(jwk) => keys.push(*jwk),
                Keys::Set(_) => {
                    let message = format!(
                        "{} holds a set, and it is not said which of its keys is meant",
                        path.display()
                    );
                    return Err(Failure::misuse(message).remedy("`josec key set get --kid` takes one out"));
                }
            }
        }
        let unfit = |error: jwe::Error| Failure::unfit(&error);
        let mut recipients = Vec::new();
        for jwk in &keys {
            let alg = self.alg.map_or_else(|| default_alg(jwk, self.enc.unwrap_or(DEFAULT_ENC)), Ok)?;
            recipients.push(EncryptionKey::from_jwk(jwk, alg).map_err(unfit)?);
        }
        if let Some(password) = self.password.key(true)? {
            let alg = self.alg.filter(|_| keys.is_empty()).unwrap_or(JweAlg::Pbes2Hs512A256Kw);
            recipients.push(EncryptionKey::from_jwk(&password, alg).map_err(unfit)?);
        }
        if recipients.is_empty() {
            return Err(Failure::misuse("a recipient is needed").remedy("`--to FILE`, or `--password`"));
        }
        Ok(recipients)
    }

    fn encrypt(&self, recipients: &[EncryptionKey], enc: Option<JweEnc>) -> Result<String, Failure> {
        let unfit = |error: jwe::Error| Failure::unfit(&error);
        let plaintext = files::read(Some(&self.file), MAX_MESSAGE)?;
        let aad = self.aad.as_deref().map(|path: &Path| files::read(Some(path), MAX_MESSAGE)).transpose()?;
        let mut message = Message::new(enc).header(self.header.header()?);
        if let Some(aad) = &aad {
            message = message.aad(aad);
        }
        if self.compress {
            message = message.compress();
        }
        let form = self.form.unwrap_or(if recipients.len() == 1 { Form::Compact } else { Form::General });
        match (form, recipients) {
            (Form::General, _) => {
                let recipients: Vec<_> = recipients.iter().map(Recipient::new).collect();
                message.general(&recipients, &plaintext, &mut SysRng).map_err(unfit)
            }
            (Form::Compact, [key]) => message.compact(key, &plaintext, &mut SysRng).map_err(unfit),
            (Form::Flattened, [key]) => message.flattened(key, &plaintext, &mut SysRng).map_err(unfit),
            _ => Err(Failure::misuse("several recipients need the general form").remedy("`--form general`")),
        }
    }
}
