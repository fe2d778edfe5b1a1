use alloc::string::String;
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::ObjectWriter;
use jose_jwa::Hash;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::error::Error;
use crate::params::Params;
use crate::text::Text;

/// The longest digest, SHA-512's.
const MAX_LEN: usize = 64;

/// A JWK thumbprint (RFC 7638): the digest of the key's required members, equal for the public and the private key.
///
/// `Display` writes it in base64url.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint {
    hash: Hash,
    /// Followed by zeros.
    bytes: [u8; MAX_LEN],
}

impl Thumbprint {
    pub(crate) fn of(key: &Params, hash: Hash) -> Result<Self, Error> {
        let text = required_members(key)?.0;
        let bytes = match hash {
            Hash::Sha1 => padded(&Sha1::digest(text.as_bytes())),
            Hash::Sha256 => padded(&Sha256::digest(text.as_bytes())),
            Hash::Sha384 => padded(&Sha384::digest(text.as_bytes())),
            Hash::Sha512 => padded(&Sha512::digest(text.as_bytes())),
            _ => return Err(Error::Unsupported("a thumbprint with this hash function")),
        };
        Ok(Self { hash, bytes })
    }

    /// The digest.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.hash.output_len()).unwrap_or(&self.bytes)
    }

    /// The hash function.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The thumbprint URI (RFC 9278 section 3).
    pub fn uri(&self) -> String {
        let name = self.hash.name_rfc9278().unwrap_or_default();
        alloc::format!("urn:ietf:params:oauth:jwk-thumbprint:{name}:{self}")
    }
}

/// The required members in lexicographic order and nothing else (RFC 7638 section 3).
fn required_members(key: &Params) -> Result<Text, Error> {
    let mut text = Text::default();
    let mut writer = ObjectWriter::new(&mut text)?;
    for name in key.kty.members().iter().filter(|member| member.in_thumbprint).map(|member| member.name) {
        match (name, key.crv, key.alg) {
            ("kty", ..) => writer.string(name, key.kty.as_str())?,
            ("crv", Some(crv), _) => writer.string(name, crv.as_str())?,
            ("alg", _, Some(alg)) => writer.string(name, alg.as_str())?,
            _ => match key.secret(name) {
                Some(k) => writer.string(name, &base64url::encode_secret_to_string(k))?,
                None => writer.base64url(name, key.public(name)?)?,
            },
        };
    }
    writer.finish()?;
    Ok(text)
}

fn padded(digest: &[u8]) -> [u8; MAX_LEN] {
    let mut padded = [0; MAX_LEN];
    padded.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    padded
}

impl AsRef<[u8]> for Thumbprint {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode_to_string(self.as_bytes()))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({}:{self})", self.hash)
    }
}
