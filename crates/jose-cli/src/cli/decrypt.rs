//! `josec decrypt`.

use std::path::PathBuf;

use clap::Args;
use jose_jwt::jwa::Status;
use jose_jwt::jwe::{self, Decrypt as Decryptor, Encrypted};
use jose_jwt::{AlgSet, DecryptionKey, DecryptionKeys, JweAlg, JweEnc, Jwk, KeyAlg, SysRng};

use super::Context;
use super::encrypt::PasswordArgs;
use super::verify::payload_member;
use crate::failure::Failure;
use crate::files::{self, MAX_MESSAGE};
use crate::keys::{self, KeyArgs};
use crate::report::Node;
use crate::thing::Keys;

#[derive(Args, Debug)]
pub(super) struct Decrypt {
    /// The JWE, or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    password: PasswordArgs,
    /// A key management algorithm that is allowed; otherwise those that the keys name or serve, without RSA1_5
    #[arg(short, long)]
    alg: Vec<JweAlg>,
    /// A content encryption algorithm that is allowed; otherwise all
    #[arg(short, long)]
    enc: Vec<JweEnc>,
    /// Takes compressed plaintexts
    #[arg(long)]
    decompress: bool,
    /// A critical extension of the header that you handle
    #[arg(long, value_name = "NAME")]
    crit: Vec<String>,
}

/// The algorithms that a key names, or that its type and curve serve.
pub(super) fn jwe_algs(jwk: &Jwk) -> AlgSet<JweAlg> {
    match jwk.alg() {
        Some(KeyAlg::Jwe(alg)) => AlgSet::of(&[*alg]),
        Some(KeyAlg::Enc(_)) => AlgSet::of(&[JweAlg::Dir]),
        Some(_) => AlgSet::EMPTY,
        None => JweAlg::for_key(jwk.key_type(), jwk.curve())
            .iter()
            .filter(|alg| !alg.must_be_named() && alg.status() != Status::Prohibited)
            .collect(),
    }
}

/// Prepares keys to decrypt.
pub(super) fn decryption_keys(
    keys: &Keys,
    named: &[JweAlg],
    encs: &[JweEnc],
) -> Result<Box<dyn Decryptor>, Failure> {
    let unfit = |error: jwe::Error| Failure::unfit(&error);
    let algs = keys::allowed(named, keys, jwe_algs);
    if algs.is_empty() {
        return Err(Failure::misuse("no key decrypts").remedy("`josec inspect` shows what a key serves"));
    }
    let encs = AlgSet::of(if encs.is_empty() { <JweEnc as jose_jwt::jwa::Identifier>::ALL } else { encs });
    Ok(match keys {
        Keys::One(jwk) => {
            let key = DecryptionKey::from_jwk(&**jwk, algs).map_err(unfit)?;
            Box::new(key.with_encs(encs).map_err(unfit)?)
        }
        Keys::Set(set) => {
            let keys = DecryptionKeys::from_jwks(set, algs).map_err(unfit)?;
            Box::new(keys.with_encs(encs).map_err(unfit)?)
        }
    })
}

impl Decrypt {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let keys = match self.password.key(false)? {
            Some(_) if self.keys.is_given() => {
                return Err(
                    Failure::misuse("a key and a password cannot both be tried").remedy("pass one of them")
                );
            }
            Some(password) => {
                let all = [JweAlg::Pbes2Hs256A128Kw, JweAlg::Pbes2Hs384A192Kw, JweAlg::Pbes2Hs512A256Kw];
                let algs = if self.alg.is_empty() { all.as_slice() } else { &self.alg };
                decryption_keys(&Keys::One(Box::new(password)), algs, &self.enc)?
            }
            None => decryption_keys(&self.keys.load()?, &self.alg, &self.enc)?,
        };
        let bytes = files::read(Some(&self.file), MAX_MESSAGE)?;
        let text = core::str::from_utf8(&bytes).map(|text| text.trim_start_matches('\u{feff}').trim());
        let text =
            text.map_err(|_| Failure::refused_as("not-text", "the file is not text, and so no JWE"))?;
        let refused = |error: jwe::Error| Failure::refused(&error);
        let crit: Vec<_> = self.crit.iter().map(String::as_str).collect();
        let mut jwe = Encrypted::parse(text).map_err(refused)?.understand(&crit);
        if self.decompress {
            jwe = jwe.allow_compressed();
        }
        let decrypted = jwe.decrypt(&*keys, &mut SysRng).map_err(refused)?;
        if context.json {
            let (name, plaintext) = payload_member(decrypted.plaintext());
            let name = if name == "payload" { "plaintext" } else { "plaintext_b64u" };
            let report = Node::Map(vec![
                ("valid", true.into()),
                ("alg", decrypted.alg().as_str().into()),
                ("enc", decrypted.enc().map(JweEnc::as_str).into()),
                ("key_index", decrypted.key_index().into()),
                ("recipient_index", decrypted.recipient_index().into()),
                ("header", Node::Raw(decrypted.header().text().to_owned())),
                (name, plaintext),
            ]);
            return context.report_as(&report, true);
        }
        let enc = decrypted.enc().map(|enc| format!(", {enc}")).unwrap_or_default();
        context.note(&format!("decrypted: {}{enc}", decrypted.alg()));
        // What was secret stays so.
        context.destination.write(decrypted.plaintext(), true)
    }
}
