//! Keys in PEM (RFC 7468), by their labels.

use alloc::string::String;
use alloc::vec::Vec;

use pkcs8::LineEnding;
use pkcs8::der::pem;
use zeroize::Zeroizing;

use crate::der::{PrivateFormat, PublicFormat};
use crate::{Error, FormError, Jwk, PublicJwk};

const PRIVATE: [(&str, PrivateFormat); 3] = [
    ("PRIVATE KEY", PrivateFormat::Pkcs8),
    ("RSA PRIVATE KEY", PrivateFormat::Pkcs1),
    ("EC PRIVATE KEY", PrivateFormat::Sec1),
];

const PUBLIC: [(&str, PublicFormat); 2] =
    [("PUBLIC KEY", PublicFormat::Spki), ("RSA PUBLIC KEY", PublicFormat::Pkcs1)];

pub(crate) const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// What OpenSSL writes before a private key on a named curve. The key names it too.
const EC_PARAMETERS: &str = "EC PARAMETERS";

const BEGIN: &str = "-----BEGIN ";

impl Jwk {
    /// Reads a key from PEM: PKCS #8, PKCS #1 and SEC 1 private keys, SPKI and PKCS #1 public keys, by the label. An
    /// `EC PARAMETERS` block before the key is passed over, and so is text outside of the blocks.
    ///
    /// # Errors
    ///
    /// [`FormError::Pem`](crate::FormError::Pem) where the text is not one key in PEM, [`FormError::PassphraseMissing`](crate::FormError::PassphraseMissing) where the key is encrypted,
    /// [`FormError::PemLabel`](crate::FormError::PemLabel) where it is something else (a certificate has its own function), else as
    /// [`Jwk::from_private_der`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let (label, der) = read(text)?;
        if let Some((_, format)) = PRIVATE.iter().find(|(own, _)| *own == label) {
            return format.read(&der);
        }
        match PUBLIC.iter().find(|(own, _)| *own == label) {
            Some((_, format)) => format.read(&der).map(Self::from),
            None if label == ENCRYPTED => Err(Error::Form(FormError::PassphraseMissing)),
            None => Err(Error::Form(FormError::PemLabel)),
        }
    }

    /// The private key in PEM. It is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// As [`Jwk::expose_private_der`].
    pub fn expose_private_pem(&self, format: PrivateFormat) -> Result<Zeroizing<String>, Error> {
        let label = PRIVATE.iter().find(|(_, own)| *own == format).map(|(label, _)| *label);
        write(label.ok_or(Error::Form(FormError::PemLabel))?, &self.expose_private_der(format)?)
    }
}

impl PublicJwk {
    /// Reads a public key from PEM: SPKI or PKCS #1, by the label.
    ///
    /// # Errors
    ///
    /// [`Error::PrivateMembers`] for a private key, and as [`Jwk::from_pem`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Jwk::from_pem(text)?.try_into()
    }

    /// The public key in PEM.
    ///
    /// # Errors
    ///
    /// As [`PublicJwk::to_der`].
    pub fn to_pem(&self, format: PublicFormat) -> Result<String, Error> {
        let label = PUBLIC.iter().find(|(_, own)| *own == format).map(|(label, _)| *label);
        let mut text = write(label.ok_or(Error::Form(FormError::PemLabel))?, &self.to_der(format)?)?;
        Ok(core::mem::take(&mut *text))
    }
}

pub(crate) fn write(label: &str, der: &[u8]) -> Result<Zeroizing<String>, Error> {
    pem::encode_string(label, LineEnding::LF, der)
        .map(Zeroizing::new)
        .map_err(|_| Error::Form(FormError::Pem))
}

/// The one block with this label.
#[cfg(feature = "encrypted-pem")]
pub(crate) fn read_labelled(text: &str, label: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    match read(text)? {
        (own, der) if own == label => Ok(der),
        _ => Err(Error::Form(FormError::PemLabel)),
    }
}

/// The label and the content of the one block besides `EC PARAMETERS`.
fn read(text: &str) -> Result<(&str, Zeroizing<Vec<u8>>), Error> {
    let mut found = None;
    for block in blocks(text) {
        let (label, der) = block?;
        if label == EC_PARAMETERS && found.is_none() {
            continue;
        }
        if found.replace((label, der)).is_some() {
            return Err(Error::Form(FormError::Pem));
        }
    }
    found.ok_or(Error::Form(FormError::Pem))
}

/// Each block's label and content.
pub(crate) fn blocks(text: &str) -> impl Iterator<Item = Result<(&str, Zeroizing<Vec<u8>>), Error>> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let block = rest.get(rest.find(BEGIN)?..)?;
        // It ends with the line of its own label.
        let end = block.find("-----END ").and_then(|at| {
            let line = block.get(at..)?;
            Some(at.saturating_add(line.find(['\r', '\n']).unwrap_or(line.len())))
        });
        let Some(end) = end else {
            rest = "";
            return Some(Err(Error::Form(FormError::Pem)));
        };
        let (block, after) = block.split_at_checked(end)?;
        rest = after;
        Some(decode(block))
    })
}

fn decode(block: &str) -> Result<(&str, Zeroizing<Vec<u8>>), Error> {
    // A buffer that grows leaves copies behind: base64 is longer than what it encodes.
    let mut der = Zeroizing::new(alloc::vec![0; block.len()]);
    let (label, content) =
        pem::decode(block.as_bytes(), &mut der).map_err(|_| Error::Form(FormError::Pem))?;
    let len = content.len();
    der.truncate(len);
    Ok((label, der))
}
