//! Writes keys as OpenSSH has them: the fields of RFC 4253 section 6.6, RFC 5656 section 3.1 and RFC 8709, with those of the
//! private key after them.

use jose_jwt::jwa::KeyType;
use jose_jwt::{Curve, Jwk};
use ssh_key::encoding::Decode as _;
use ssh_key::private::KeypairData;
use ssh_key::{LineEnding, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Fields with their lengths in front of them.
struct Fields(Zeroizing<Vec<u8>>);

impl Fields {
    /// With room for those of an RSA key of 16 384 bits: a buffer that grows leaves copies behind.
    fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(8192)))
    }

    /// Bytes, or text.
    fn string(mut self, bytes: &[u8]) -> Option<Self> {
        self.0.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_be_bytes());
        self.0.extend_from_slice(bytes);
        Some(self)
    }

    /// A positive integer, without leading zeros but for one that keeps it positive.
    fn integer(self, bytes: &[u8]) -> Option<Self> {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        self.number(bytes.get(zeros..)?)
    }

    /// A positive integer with the leading zeros that it has.
    fn number(self, digits: &[u8]) -> Option<Self> {
        let mut number = Zeroizing::new(Vec::with_capacity(digits.len().checked_add(1)?));
        if digits.first().is_some_and(|first| *first >= 0x80) {
            number.push(0);
        }
        number.extend_from_slice(digits);
        self.string(&number)
    }
}

/// The type and the fields of a key, and of the private key.
fn fields(jwk: &Jwk, private: bool) -> Option<Fields> {
    let public = |name| jwk.public_member(name);
    let secret = |name| jwk.expose_secret_member(name);
    match (jwk.key_type(), jwk.curve()) {
        (KeyType::Okp, Some(Curve::Ed25519)) => {
            let x = public("x")?;
            let fields = Fields::new().string(b"ssh-ed25519")?.string(x)?;
            if !private {
                return Some(fields);
            }
            let pair = Zeroizing::new([secret("d")?, x].concat());
            fields.string(&pair)
        }
        (KeyType::Ec, Some(curve)) => {
            let name = match curve {
                Curve::P256 => "nistp256",
                Curve::P384 => "nistp384",
                Curve::P521 => "nistp521",
                _ => return None,
            };
            let point = [&[4], public("x")?, public("y")?].concat();
            let algorithm = format!("ecdsa-sha2-{name}");
            let fields =
                Fields::new().string(algorithm.as_bytes())?.string(name.as_bytes())?.string(&point)?;
            // `ssh_key` wants all bytes of a scalar, and OpenSSH reads them.
            if private { fields.number(secret("d")?) } else { Some(fields) }
        }
        (KeyType::Rsa, _) => {
            let (n, e) = (public("n")?, public("e")?);
            let fields = Fields::new().string(b"ssh-rsa")?;
            if !private {
                return fields.integer(e)?.integer(n);
            }
            let fields = fields.integer(n)?.integer(e)?.integer(secret("d")?)?;
            fields.integer(secret("qi")?)?.integer(secret("p")?)?.integer(secret("q")?)
        }
        _ => None,
    }
}

fn cannot() -> Failure {
    Failure::misuse("OpenSSH has no such key").remedy("it has Ed25519, P-256, P-384, P-521 and RSA keys")
}

/// A line as in `authorized_keys`, with the `kid` as its comment.
pub(crate) fn public(jwk: &Jwk) -> Result<String, Failure> {
    let fields = fields(jwk, false).ok_or_else(cannot)?;
    let mut key = PublicKey::from_bytes(&fields.0).map_err(|_| cannot())?;
    key.set_comment(comment(jwk));
    key.to_openssh().map(|line| format!("{}\n", line.trim_end())).map_err(|_| cannot())
}

/// PEM labelled `OPENSSH PRIVATE KEY`, not encrypted.
pub(crate) fn private(jwk: &Jwk) -> Result<Zeroizing<String>, Failure> {
    if !jwk.is_private() {
        return Err(Failure::misuse("the key is public").remedy("`josec key public --to openssh` writes it"));
    }
    let fields = fields(jwk, true).ok_or_else(cannot)?;
    let pair = KeypairData::decode(&mut fields.0.as_slice()).map_err(|_| cannot())?;
    let key = PrivateKey::new(pair, comment(jwk)).map_err(|_| cannot())?;
    key.to_openssh(LineEnding::LF).map_err(|_| cannot())
}

/// The `kid`, where it can stand on a line.
fn comment(jwk: &Jwk) -> String {
    let kid = jwk.kid().unwrap_or_default();
    let is_line = kid.chars().all(|character| !character.is_control());
    if is_line { kid.to_owned() } else { String::new() }
}
