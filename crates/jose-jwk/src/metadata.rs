//! What a JWK says about itself (RFC 7517 section 4), apart from the key material.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::Bytes;
use jose_b64::json::{ObjectWriter, Str, Value};
use jose_jwa::{AlgSet, JweAlg, JweEnc, JwsAlg, KeyOp, KeyUse};

use crate::error::Error;
use crate::params::read_bytes;
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
    /// Reads the member if it is one of these. The value of each is of the type that its definition asks for.
    pub(crate) fn read(&mut self, name: &str, value: Value<'_>) -> Result<bool, Error> {
        let string = |name| value.as_str().ok_or(Error::invalid(name));
        let owned = |name| string(name).map(|text| text.to_cow().into_owned());
        let digest = |name, len| match read_bytes(name, string(name)?)? {
            bytes if bytes.len() == len => Ok(bytes),
            _ => Err(Error::length(name)),
        };
        match name {
            "kid" => self.kid = Some(owned("kid")?),
            "use" => self.key_use = Some(owned("use")?),
            "key_ops" => self.key_ops = Some(strings(value).ok_or(Error::invalid("key_ops"))?),
            "alg" => self.alg = Some(KeyAlg::from_name(&string("alg")?.to_cow())),
            "x5u" => self.x5u = Some(owned("x5u")?),
            "x5c" => self.x5c = Some(strings(value).ok_or(Error::invalid("x5c"))?),
            "x5t" => self.x5t = Some(digest("x5t", 20)?),
            "x5t#S256" => self.x5t_s256 = Some(digest("x5t#S256", 32)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Checks the rules on values, and that `use` and `key_ops` are consistent (RFC 7517 section 4.3).
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_LEN) {
            return Err(Error::length("kid"));
        }
        if self.x5c.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("x5c"));
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

fn strings(value: Value<'_>) -> Option<Vec<String>> {
    let text = |text: Str<'_>| text.to_cow().into_owned();
    value.as_array()?.iter().map(|item| item.as_str().map(text)).collect()
}
