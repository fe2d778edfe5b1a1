use core::fmt;

use jose_b64::base64url;
use jose_b64::json::{ObjectWriter, Write};
use jose_jwa::{Curve, Hash, KeyType};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::Error;

/// The longest digest, SHA-512's.
const MAX_LEN: usize = 64;

/// A JWK thumbprint (RFC 7638): the digest of the key's required members, the same for the public and the private key.
///
/// `Display` gives it in base64url.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint {
    hash: Hash,
    octets: [u8; MAX_LEN],
}

/// A digest as a sink for JSON text.
struct Sink<'d, D>(&'d mut D);

impl<D: Digest> Write for Sink<'_, D> {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Thumbprint {
    /// The thumbprint of a key given by its parameters, without a heap: `member` gives the octets of `x`, `y`, `n`,
    /// `e`, `k` or `pub`, and those of the name that is `alg`, where the key is of type `AKP`. Lengths are as in a JWK;
    /// they are not checked here.
    ///
    /// ```
    /// use jose_jwa::{Curve, Hash, KeyType};
    /// use jose_jwk::Thumbprint;
    /// let x = [7; 32];
    /// let id = Thumbprint::of(KeyType::Okp, Some(Curve::Ed25519), Hash::Sha256, |_| Some(&x[..]))?;
    /// assert_eq!(id.as_bytes().len(), 32);
    /// # Ok::<(), jose_jwk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for any hash function but SHA-256, SHA-384 and SHA-512; [`Error::Member`] where `member`
    /// or `crv` does not give what the key type needs.
    pub fn of<'k>(
        kty: KeyType,
        crv: Option<Curve>,
        hash: Hash,
        member: impl Fn(&'static str) -> Option<&'k [u8]>,
    ) -> Result<Self, Error> {
        let write = |sink: &mut dyn Write| write_members(kty, crv, sink, &member);
        Ok(Self {
            hash,
            octets: match hash {
                Hash::Sha256 => digest::<Sha256>(write)?,
                Hash::Sha384 => digest::<Sha384>(write)?,
                Hash::Sha512 => digest::<Sha512>(write)?,
                _ => return Err(Error::Unsupported("a thumbprint with this hash function")),
            },
        })
    }

    /// The digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.hash.output_len()).unwrap_or(&self.octets)
    }

    /// The hash function.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The thumbprint URI (RFC 9278 section 3).
    #[must_use]
    pub fn uri(&self) -> alloc::string::String {
        let name = self.hash.name_rfc9278().unwrap_or_default();
        alloc::format!("urn:ietf:params:oauth:jwk-thumbprint:{name}:{self}")
    }
}

/// The required members in lexicographic order and nothing else (RFC 7638 section 3).
fn write_members<'k>(
    kty: KeyType,
    crv: Option<Curve>,
    sink: &mut dyn Write,
    member: &impl Fn(&'static str) -> Option<&'k [u8]>,
) -> Result<(), Error> {
    let mut writer = ObjectWriter::new(sink)?;
    for name in kty.members().iter().filter(|member| member.in_thumbprint).map(|member| member.name) {
        match name {
            "kty" => writer.string(name, kty.as_str())?,
            "crv" => writer.string(name, crv.ok_or(Error::missing("crv"))?.as_str())?,
            "alg" => {
                let alg = core::str::from_utf8(member(name).ok_or(Error::missing(name))?);
                writer.string(name, alg.map_err(|_| Error::invalid(name))?)?
            }
            _ => writer.base64url(name, member(name).ok_or(Error::missing(name))?)?,
        };
    }
    Ok(writer.finish()?)
}

/// The digest of what is written, followed by zeros.
fn digest<D: Digest>(
    write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<[u8; MAX_LEN], Error> {
    let mut digest = D::new();
    write(&mut Sink(&mut digest))?;
    let mut padded = [0; MAX_LEN];
    padded.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    Ok(padded)
}

impl AsRef<[u8]> for Thumbprint {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 86 characters for 64 octets.
        let mut text = [0; 86];
        f.write_str(base64url::encode(self.as_bytes(), &mut text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({}:{self})", self.hash)
    }
}
