//! Keys in PEM (RFC 7468), by their labels.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use pkcs8::LineEnding;
use pkcs8::der::pem;
use zeroize::Zeroizing;

use crate::der::{PrivateFormat, PublicFormat};
use crate::error::{Error, FormError};
use crate::jwk::{Jwk, PublicJwk};

const PRIVATE: [(&str, PrivateFormat); 3] = [
    ("PRIVATE KEY", PrivateFormat::Pkcs8),
    ("RSA PRIVATE KEY", PrivateFormat::Pkcs1),
    ("EC PRIVATE KEY", PrivateFormat::Sec1),
];

const PUBLIC: [(&str, PublicFormat); 2] =
    [("PUBLIC KEY", PublicFormat::Spki), ("RSA PUBLIC KEY", PublicFormat::Pkcs1)];

pub(crate) const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

pub(crate) const CERTIFICATE: &str = "CERTIFICATE";

/// What OpenSSL writes before a private key on a named curve. The key names it too.
const EC_PARAMETERS: &str = "EC PARAMETERS";

const BEGIN: &str = "-----BEGIN ";

impl Jwk {
    /// Reads a key from PEM: PKCS #8, PKCS #1 and SEC 1 private keys, SPKI and PKCS #1 public keys, by the label. An
    /// `EC PARAMETERS` block before the key is passed over, and so is text outside of the blocks.
    ///
    /// # Errors
    ///
    /// [`FormError::Pem`] if the text is not one key in PEM; [`FormError::PassphraseMissing`] if the key is encrypted;
    /// [`FormError::PemLabel`] for anything else, such as a certificate, which has its own function; otherwise as
    /// [`Jwk::from_private_der`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let (label, der) = read(text)?;
        match PRIVATE.iter().find(|(own, _)| *own == label) {
            Some((_, format)) => Self::from_private_der(&*der, *format),
            None if label == ENCRYPTED => Err(FormError::PassphraseMissing.into()),
            None => read_public(label, &der).map(Self::from),
        }
    }

    /// The private key in PEM. It is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// As [`Jwk::expose_private_der`].
    pub fn expose_private_pem(&self, format: PrivateFormat) -> Result<Zeroizing<String>, Error> {
        let der = self.expose_private_der(format)?;
        write(PRIVATE.iter().find(|(_, own)| *own == format).map_or("", |(label, _)| label), &der)
    }
}

impl PublicJwk {
    /// Reads a public key from PEM: SPKI or PKCS #1, by the label.
    ///
    /// # Errors
    ///
    /// [`Error::PrivateMembers`] for a private key, and as [`Jwk::from_pem`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let (label, der) = read(text)?;
        if label == ENCRYPTED || PRIVATE.iter().any(|(own, _)| *own == label) {
            return Err(Error::PrivateMembers);
        }
        read_public(label, &der)
    }

    /// The public key in PEM.
    ///
    /// # Errors
    ///
    /// As [`PublicJwk::to_der`].
    pub fn to_pem(&self, format: PublicFormat) -> Result<String, Error> {
        let der = self.to_der(format)?;
        let label = PUBLIC.iter().find(|(_, own)| *own == format).map_or("", |(label, _)| label);
        Ok(core::mem::take(&mut *write(label, &der)?))
    }
}

fn read_public(label: &str, der: &[u8]) -> Result<PublicJwk, Error> {
    match PUBLIC.iter().find(|(own, _)| *own == label) {
        Some((_, format)) => PublicJwk::from_der(der, *format),
        None => Err(wrong_label(label)),
    }
}

pub(crate) fn write(label: &str, der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let text = pem::encode_string(label, LineEnding::LF, der);
    text.map(Zeroizing::new).map_err(|_| Error::Form(FormError::Pem("it is too long")))
}

/// The error for a block with another label than is asked for.
pub(crate) fn wrong_label(label: &str) -> Error {
    let others = [ENCRYPTED, CERTIFICATE, "OPENSSH PRIVATE KEY"].into_iter();
    let mut known = others.chain(PRIVATE.map(|(own, _)| own)).chain(PUBLIC.map(|(own, _)| own));
    FormError::PemLabel(known.find(|own| *own == label).unwrap_or("another kind of data")).into()
}

/// The label and the content of the one block besides `EC PARAMETERS`.
pub(crate) fn read(text: &str) -> Result<(&str, Zeroizing<Vec<u8>>), Error> {
    let mut found = None;
    for block in blocks(text) {
        let (label, der) = block?;
        if label == EC_PARAMETERS && found.is_none() {
            continue;
        }
        if found.replace((label, der)).is_some() {
            return Err(Error::Form(FormError::Pem("it holds several")));
        }
    }
    found.ok_or_else(|| nothing(text))
}

/// The error for a text without a key.
pub(crate) fn nothing(text: &str) -> Error {
    let what =
        if text.contains(BEGIN) { "it has parameters alone" } else { "no line begins with `-----BEGIN`" };
    FormError::Pem(what).into()
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
            return Some(Err(Error::Form(FormError::Pem("there is no `-----END` line"))));
        };
        let (block, after) = block.split_at_checked(end)?;
        rest = after;
        Some(decode(block))
    })
}

fn decode(block: &str) -> Result<(&str, Zeroizing<Vec<u8>>), Error> {
    // A buffer that grows leaves copies behind: base64 is longer than what it encodes.
    let mut der = Zeroizing::new(vec![0; block.len()]);
    let (label, content) = pem::decode(block.as_bytes(), &mut der).map_err(|_| {
        let what = if block.contains("\\n") {
            "its lines are separated by `\\n` as two characters, not by line ends"
        } else {
            "a line is damaged"
        };
        Error::Form(FormError::Pem(what))
    })?;
    let len = content.len();
    der.truncate(len);
    Ok((label, der))
}
