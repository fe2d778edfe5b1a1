//! Keys in the formats of OpenSSH: RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709, and OpenSSH's `PROTOCOL.key`.

use alloc::vec::Vec;

use jose_jwa::{Curve, KeyType};
use ssh_key::private::{EcdsaKeypair, KeypairData};
use ssh_key::public::{EcdsaPublicKey, KeyData};
use ssh_key::{Mpint, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use crate::error::{Error, FormError};
use crate::jwk::Jwk;
use crate::params::Params;
use crate::public::PublicJwk;
use crate::{der, key, pem};

const UNSUPPORTED: Error = Error::Unsupported("this type of OpenSSH key");

impl PublicJwk {
    /// Reads an OpenSSH public key, a line as in `authorized_keys`: Ed25519, ECDSA or RSA. Its comment is dropped.
    ///
    /// # Errors
    ///
    /// [`FormError::OpenSsh`] if the text is not such a key; [`Error::Unsupported`] if JOSE has no such type of key (DSA,
    /// a certificate, a security key); otherwise as [`PublicJwk::from_json`].
    pub fn from_openssh(text: &str) -> Result<Self, Error> {
        let key = PublicKey::from_openssh(text).map_err(|_| Error::Form(FormError::OpenSsh))?;
        let params = match key.key_data() {
            KeyData::Ed25519(key) => okp(&key.0),
            KeyData::Ecdsa(key) => ec(curve(key), key.as_sec1_bytes())?,
            KeyData::Rsa(key) => rsa(key.n(), key.e())?,
            _ => return Err(UNSUPPORTED),
        };
        key::check(&params)?;
        Ok(Self::from_params(params))
    }
}

impl Jwk {
    /// Reads an OpenSSH private key, PEM labelled `OPENSSH PRIVATE KEY`, that is not encrypted: Ed25519, ECDSA or RSA.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the key is encrypted, and as [`PublicJwk::from_openssh`].
    pub fn from_openssh_private(text: &str) -> Result<Self, Error> {
        let key = PrivateKey::from_openssh(text).ok();
        let key = key.or_else(|| PrivateKey::from_bytes(&with_leading_zeros(text)?).ok());
        let key = key.ok_or(FormError::OpenSsh)?;
        let params = match key.key_data() {
            KeypairData::Ed25519(pair) => {
                okp(&pair.public.0).with_secret("d", pair.private.as_ref().to_vec())
            }
            KeypairData::Ecdsa(pair) => {
                let (curve, public, secret) = match pair {
                    EcdsaKeypair::NistP256 { public, private } => {
                        (Curve::P256, public.as_bytes(), private.as_slice())
                    }
                    EcdsaKeypair::NistP384 { public, private } => {
                        (Curve::P384, public.as_bytes(), private.as_slice())
                    }
                    EcdsaKeypair::NistP521 { public, private } => {
                        (Curve::P521, public.as_bytes(), private.as_slice())
                    }
                };
                ec(curve, public)?.with_secret("d", secret.to_vec())
            }
            KeypairData::Rsa(pair) => {
                let (public, private) = (pair.public(), pair.private());
                let params = rsa(public.n(), public.e())?
                    .with_secret("d", positive(private.d())?.to_vec())
                    .with_secret("p", positive(private.p())?.to_vec())
                    .with_secret("q", positive(private.q())?.to_vec())
                    .with_secret("qi", positive(private.iqmp())?.to_vec());
                // `dp` and `dq` are not in the file.
                key::complete_rsa(params)?
            }
            KeypairData::Encrypted(_) => return Err(Error::Unsupported("an encrypted OpenSSH key")),
            _ => return Err(UNSUPPORTED),
        };
        key::check(&params)?;
        Ok(Self::from_params(params))
    }
}

/// The bytes of a private key on P-256 whose scalar is shorter than 32 bytes, with the zeros before it.
///
/// To OpenSSH the scalar is an integer, which has no leading zeros; `ssh_key` wants all 32 bytes. One key in 256 is such a key.
fn with_leading_zeros(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let blocks = pem::blocks(text).ok()?;
    let [block] = blocks.as_slice() else { return None };
    let bytes = block.decode().ok().filter(|_| block.label == "OPENSSH PRIVATE KEY")?;
    let mut rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    // The cipher, and the derivation of its key with its options.
    for _ in 0..3 {
        field(&mut rest)?;
    }
    // The number of keys, and the public key.
    rest = rest.get(4..)?;
    field(&mut rest)?;
    let head = bytes.strip_suffix(rest)?;
    let private = field(&mut rest).filter(|private| rest.is_empty() && private.len() % 8 == 0)?;
    // Two numbers that are equal, and the public key by its type, its curve and its point.
    let mut rest = private.get(8..)?;
    for _ in 0..3 {
        field(&mut rest)?;
    }
    let before = private.strip_suffix(rest)?;
    let scalar = field(&mut rest).filter(|scalar| scalar.first().is_some_and(|first| *first < 0x80))?;
    let zeros = 32_usize.checked_sub(scalar.len()).filter(|zeros| *zeros > 0)?;
    let comment = field(&mut rest)?;
    // PuTTY's goes up to 16.
    if rest.len() > 16 || !rest.iter().zip(1..).all(|(byte, place)| *byte == place) {
        return None;
    }

    let len = before.len() + 4 + 32 + 4 + comment.len();
    let padding = 1..=len.next_multiple_of(8) - len;
    let mut wide = Zeroizing::new(Vec::with_capacity(bytes.len() + 64));
    wide.extend_from_slice(head);
    wide.extend_from_slice(&u32::try_from(len.next_multiple_of(8)).ok()?.to_be_bytes());
    wide.extend_from_slice(before);
    wide.extend_from_slice(&32_u32.to_be_bytes());
    wide.extend(core::iter::repeat_n(0, zeros));
    wide.extend_from_slice(scalar);
    wide.extend_from_slice(&u32::try_from(comment.len()).ok()?.to_be_bytes());
    wide.extend_from_slice(comment);
    wide.extend(padding.filter_map(|byte| u8::try_from(byte).ok()));
    Some(wide)
}

/// What has its length before it in four bytes, taken off the front.
fn field<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let (field, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
    *rest = after;
    Some(field)
}

fn okp(x: &[u8]) -> Params {
    Params::new(KeyType::Okp, Some(Curve::Ed25519)).with_public("x", x)
}

fn curve(key: &EcdsaPublicKey) -> Curve {
    match key {
        EcdsaPublicKey::NistP256(_) => Curve::P256,
        EcdsaPublicKey::NistP384(_) => Curve::P384,
        EcdsaPublicKey::NistP521(_) => Curve::P521,
    }
}

fn ec(curve: Curve, point: &[u8]) -> Result<Params, Error> {
    der::with_public_bytes(Params::new(KeyType::Ec, Some(curve)), point)
}

fn rsa(n: &Mpint, e: &Mpint) -> Result<Params, Error> {
    Ok(Params::new(KeyType::Rsa, None).with_public("n", positive(n)?).with_public("e", positive(e)?))
}

fn positive(integer: &Mpint) -> Result<&[u8], Error> {
    integer.as_positive_bytes().ok_or(Error::Form(FormError::OpenSsh))
}
