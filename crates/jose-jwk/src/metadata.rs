//! What a JWK says about itself (RFC 7517 section 4), apart from the key material.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::Bytes;
use jose_b64::json::{ObjectWriter, Str, Value};
use jose_jwa::{AlgSet, JweAlg, JweEnc, JwsAlg, KeyOp, KeyUse};

use crate::error::{Error, MemberError};
use crate::noted::Notes;
use crate::params::read_bytes;
use crate::parser::JwkParser;
use crate::text::Text;

/// The longest `kid`, in bytes: it is compared with what anybody may send.
const MAX_KID_LEN: usize = 1024;

/// `alg` of a key: the one algorithm that the key is for (RFC 7517 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyAlg {
    /// A signature or MAC algorithm.
    Jws(JwsAlg),
    /// A key management algorithm.
    Jwe(JweAlg),
    /// A content encryption algorithm: the key is a content encryption key.
    Enc(JweEnc),
    /// A name that is not registered. The key serves no algorithm.
    Other(String),
}

impl KeyAlg {
    pub(crate) fn from_name(name: &str) -> Self {
        let jws = JwsAlg::from_name(name).map(Self::Jws);
        let known = jws.or_else(|| JweAlg::from_name(name).map(Self::Jwe));
        known
            .or_else(|| JweEnc::from_name(name).map(Self::Enc))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The name, as in the JWK.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Jws(alg) => alg.as_str(),
            Self::Jwe(alg) => alg.as_str(),
            Self::Enc(enc) => enc.as_str(),
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for KeyAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<JwsAlg> for KeyAlg {
    fn from(alg: JwsAlg) -> Self {
        Self::Jws(alg)
    }
}

impl From<JweAlg> for KeyAlg {
    fn from(alg: JweAlg) -> Self {
        Self::Jwe(alg)
    }
}

impl From<JweEnc> for KeyAlg {
    fn from(enc: JweEnc) -> Self {
        Self::Enc(enc)
    }
}

/// The members that say something about the key.
pub(crate) const MEMBERS: [&str; 8] = ["kid", "use", "key_ops", "alg", "x5u", "x5c", "x5t", "x5t#S256"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) kid: Option<String>,
    pub(crate) key_use: Option<String>,
    pub(crate) key_ops: Option<Vec<String>>,
    pub(crate) alg: Option<KeyAlg>,
    pub(crate) x5u: Option<String>,
    /// Each certificate in standard base64, as the member has it.
    pub(crate) x5c: Option<Vec<String>>,
    pub(crate) x5t: Option<Bytes>,
    pub(crate) x5t_s256: Option<Bytes>,
}

impl Metadata {
    /// Reads the member, whose name is one of [`MEMBERS`]. What decides which operation the key serves is of the type
    /// that its definition asks for. What describes a certificate is set aside if it cannot be read.
    pub(crate) fn read(
        &mut self,
        name: &'static str,
        value: Value<'_>,
        parser: &JwkParser,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let string = || value.as_str().ok_or(Error::invalid(name));
        let owned = || string().map(|text| text.to_cow().into_owned());
        match name {
            "kid" => self.kid = Some(owned()?),
            "use" => self.key_use = Some(owned()?),
            "key_ops" => self.key_ops = Some(strings(value).ok_or(Error::invalid(name))?),
            "alg" => self.alg = Some(KeyAlg::from_name(&string()?.to_cow())),
            "x5u" => self.x5u = or_note(owned(), notes)?,
            "x5c" => {
                if value.as_array().is_none() {
                    return Err(Error::invalid(name));
                }
                let list = strings(value).ok_or(Error::invalid(name));
                let list =
                    list.and_then(|list| if list.is_empty() { Err(Error::empty(name)) } else { Ok(list) });
                self.x5c = or_note(list, notes)?;
            }
            _ => {
                let (digest, len) =
                    if name == "x5t" { (&mut self.x5t, 20) } else { (&mut self.x5t_s256, 32) };
                let bytes = string().and_then(|text| read_bytes(name, text, parser, notes));
                let bytes = bytes
                    .and_then(|bytes| if bytes.len() == len { Ok(bytes) } else { Err(Error::length(name)) });
                *digest = or_note(bytes, notes)?;
            }
        }
        Ok(())
    }

    /// Checks the rules on values, and that `use` and `key_ops` are consistent (RFC 7517 section 4.3).
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_LEN) {
            return Err(Error::length("kid"));
        }
        let Some(ops) = &self.key_ops else { return Ok(()) };
        // Sorted, so that a long list is compared in little time.
        let mut sorted: Vec<&str> = ops.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Error::invalid("key_ops"));
        }
        match (self.key_use(), self.key_ops()) {
            (Some(own), Some(ops)) if ops.iter().any(|op| op.key_use() != own) => {
                Err(Error::UseAgainstKeyOps)
            }
            _ => Ok(()),
        }
    }

    /// `use`, if it is a registered value.
    pub(crate) fn key_use(&self) -> Option<KeyUse> {
        self.key_use.as_deref().and_then(KeyUse::from_name)
    }

    /// Sets aside an empty `key_ops`.
    pub(crate) fn ignore_empty_key_ops(&mut self, notes: &mut Notes) {
        if self.key_ops.as_ref().is_some_and(Vec::is_empty) {
            self.key_ops = None;
            notes.push("key_ops", MemberError::Empty);
        }
    }

    /// What the public half of a key with this metadata may do: verify what it signs, encrypt what it decrypts.
    pub(crate) fn to_public(&self) -> Self {
        let public = |op: &String| match KeyOp::from_name(op) {
            Some(KeyOp::Sign) => KeyOp::Verify.as_str().to_owned(),
            Some(KeyOp::Decrypt) => KeyOp::Encrypt.as_str().to_owned(),
            Some(KeyOp::UnwrapKey) => KeyOp::WrapKey.as_str().to_owned(),
            _ => op.clone(),
        };
        let mut public: Self = Self {
            key_ops: self.key_ops.as_ref().map(|ops| ops.iter().map(public).collect()),
            ..self.clone()
        };
        if let Some(ops) = &mut public.key_ops {
            let mut seen = Vec::new();
            ops.retain(|op| {
                let is_new = !seen.contains(op);
                seen.push(op.clone());
                is_new
            });
        }
        public
    }

    /// The registered values of `key_ops`.
    pub(crate) fn key_ops(&self) -> Option<AlgSet<KeyOp>> {
        Some(self.key_ops.as_ref()?.iter().filter_map(|op| KeyOp::from_name(op)).collect())
    }

    pub(crate) fn write(&self, writer: &mut ObjectWriter<'_, Text>) -> Result<(), Error> {
        let alg = self.alg.as_ref().map(KeyAlg::as_str);
        if let Some(kid) = &self.kid {
            writer.string("kid", kid)?;
        }
        if let Some(key_use) = &self.key_use {
            writer.string("use", key_use)?;
        }
        if let Some(ops) = &self.key_ops {
            writer.string_array("key_ops", ops.iter().map(String::as_str))?;
        }
        for (name, text) in [("alg", alg), ("x5u", self.x5u.as_deref())] {
            if let Some(text) = text {
                writer.string(name, text)?;
            }
        }
        if let Some(certificates) = &self.x5c {
            writer.string_array("x5c", certificates.iter().map(String::as_str))?;
        }
        for (name, digest) in [("x5t", &self.x5t), ("x5t#S256", &self.x5t_s256)] {
            if let Some(digest) = digest {
                writer.base64url(name, digest)?;
            }
        }
        Ok(())
    }
}

/// The value, or what is wrong with it among the notes.
fn or_note<V>(value: Result<V, Error>, notes: &mut Notes) -> Result<Option<V>, Error> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(Error::Member { name, reason }) => {
            notes.push(name, reason);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn strings(value: Value<'_>) -> Option<Vec<String>> {
    let text = |text: Str<'_>| text.to_cow().into_owned();
    value.as_array()?.iter().map(|item| item.as_str().map(text)).collect()
}
