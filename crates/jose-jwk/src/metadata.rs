//! What a JWK says about itself (RFC 7517 section 4), apart from the key material.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use jose_b64::Bytes;
use jose_b64::json::{Object, ObjectWriter, Str, Value};
use jose_jwa::{AlgSet, JweAlg, JweEnc, JwsAlg, KeyOp, KeyUse};

use crate::Error;
use crate::params::{find, read_octets};

/// The most octets of a `kid` that is read: it is compared with what strangers send.
const MAX_KID_LEN: usize = 1024;

/// `alg` of a key: the one algorithm that it is for (RFC 7517 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyAlg {
    /// A signature or MAC algorithm.
    Jws(JwsAlg),
    /// A key management algorithm.
    Jwe(JweAlg),
    /// A content encryption algorithm: the key is a CEK.
    Enc(JweEnc),
    /// A name that is not registered; the key serves nothing here.
    Other(String),
}

impl KeyAlg {
    fn from_name(name: Str<'_>) -> Self {
        if let Some(alg) = find(JwsAlg::ALL, name) {
            Self::Jws(alg)
        } else if let Some(alg) = find(JweAlg::ALL, name) {
            Self::Jwe(alg)
        } else if let Some(enc) = find(JweEnc::ALL, name) {
            Self::Enc(enc)
        } else {
            Self::Other(name.to_cow().into_owned())
        }
    }

    /// The name as it stands in the JWK.
    #[must_use]
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

/// `use` of a key (RFC 7517 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Known(KeyUse),
    Other(String),
}

/// `key_ops` of a key (RFC 7517 section 4.3): those that are known, and the list as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyOps {
    pub(crate) known: AlgSet<KeyOp>,
    list: Vec<String>,
}

impl From<AlgSet<KeyOp>> for KeyOps {
    fn from(known: AlgSet<KeyOp>) -> Self {
        Self { known, list: known.iter().map(|op| op.to_string()).collect() }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) kid: Option<String>,
    pub(crate) key_use: Option<Use>,
    pub(crate) key_ops: Option<KeyOps>,
    pub(crate) alg: Option<KeyAlg>,
    pub(crate) x5u: Option<String>,
    /// Each certificate in standard base64, as the member has it.
    pub(crate) x5c: Option<Vec<String>>,
    pub(crate) x5t: Option<Bytes>,
    pub(crate) x5t_s256: Option<Bytes>,
}

impl Metadata {
    pub(crate) const MEMBERS: &[&str] = &["kid", "use", "key_ops", "alg", "x5u", "x5c", "x5t", "x5t#S256"];

    pub(crate) fn read(object: Object<'_>) -> Result<Self, Error> {
        let string = |name| match object.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(Error::invalid(name)),
        };
        let digest = |name, len| match string(name)? {
            None => Ok(None),
            Some(text) => {
                let octets = read_octets(name, text)?;
                if octets.len() == len { Ok(Some(octets)) } else { Err(Error::length(name)) }
            }
        };
        let owned = |text: Option<Str<'_>>| text.map(|text| text.to_cow().into_owned());
        let list = |name| match object.get(name) {
            None => Ok(None),
            Some(value) => strings(value).map(Some).ok_or(Error::invalid(name)),
        };
        let metadata = Self {
            kid: owned(string("kid")?),
            key_use: string("use")?.map(|name| match find(KeyUse::ALL, name) {
                Some(known) => Use::Known(known),
                None => Use::Other(name.to_cow().into_owned()),
            }),
            key_ops: list("key_ops")?.map(read_key_ops).transpose()?,
            alg: string("alg")?.map(KeyAlg::from_name),
            x5u: owned(string("x5u")?),
            x5c: list("x5c")?,
            x5t: digest("x5t", 20)?,
            x5t_s256: digest("x5t#S256", 32)?,
        };
        if metadata.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_LEN) {
            return Err(Error::length("kid"));
        }
        if metadata.x5c.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("x5c"));
        }
        metadata.check()?;
        Ok(metadata)
    }

    /// `use` and `key_ops` must be consistent (RFC 7517 section 4.3).
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let (Some(Use::Known(key_use)), Some(ops)) = (&self.key_use, &self.key_ops)
            && ops.known.iter().any(|op| op.key_use() != *key_use)
        {
            return Err(Error::UseAgainstKeyOps);
        }
        Ok(())
    }

    pub(crate) fn write(&self, writer: &mut ObjectWriter<'_, String>) -> Result<(), Error> {
        if let Some(kid) = &self.kid {
            writer.string("kid", kid)?;
        }
        if let Some(key_use) = &self.key_use {
            writer.string(
                "use",
                match key_use {
                    Use::Known(known) => known.as_str(),
                    Use::Other(name) => name,
                },
            )?;
        }
        if let Some(ops) = &self.key_ops {
            writer.string_array("key_ops", ops.list.iter().map(String::as_str))?;
        }
        if let Some(alg) = &self.alg {
            writer.string("alg", alg.as_str())?;
        }
        if let Some(url) = &self.x5u {
            writer.string("x5u", url)?;
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

/// No name may stand twice. There are few known ones; among the others the list is compared as it is sorted.
fn read_key_ops(list: Vec<String>) -> Result<KeyOps, Error> {
    let mut sorted: Vec<&str> = list.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Error::invalid("key_ops"));
    }
    let known = sorted.into_iter().filter_map(KeyOp::from_name).collect();
    Ok(KeyOps { known, list })
}

fn strings(value: Value<'_>) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| Some(item.as_str()?.to_cow().into_owned())).collect()
}
