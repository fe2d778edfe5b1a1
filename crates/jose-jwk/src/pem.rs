//! Keys in PEM (RFC 7468), by their labels.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use pkcs8::LineEnding;
use pkcs8::der::pem;
use zeroize::Zeroizing;

use crate::der::{PrivateFormat, PublicFormat};
use crate::error::{Error, FormError};
use crate::jwk::Jwk;
use crate::public::PublicJwk;

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

/// What is found in PEM besides keys and certificates.
const OTHERS: [&str; 6] =
    ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "X509 CRL", "PKCS7", "CMS", "DH PARAMETERS"];

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

impl Jwk {
    /// Reads a key from PEM: PKCS #8, PKCS #1 and SEC 1 private keys, SPKI and PKCS #1 public keys, by the label.
    ///
    /// Of several blocks the one private key is read, or the one public key if none is private. Other blocks, such as
    /// certificates, are passed over, and so is text outside of the blocks. Lines may be of any length and indented.
    ///
    /// ```
    /// use jose_jwk::Jwk;
    ///
    /// fn main() -> Result<(), jose_jwk::Error> {
    ///     let key = Jwk::from_pem(
    ///         "-----BEGIN PUBLIC KEY-----
    ///         MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
    ///         -----END PUBLIC KEY-----",
    ///     )?;
    ///     assert!(!key.is_private());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`FormError::Pem`] if the text is not PEM; [`FormError::PemSeveral`] if it holds several keys of the kind;
    /// [`FormError::PassphraseMissing`] if the key is encrypted; [`FormError::PemLabel`] for anything else, such as a
    /// certificate, which has its own function; otherwise as [`Jwk::from_private_der`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let blocks = blocks(text)?;
        let Some(block) = only(&blocks, is_private)? else {
            return read_public(text, &blocks).map(Self::from);
        };
        match format_of(&PRIVATE, block.label) {
            Some(format) => Self::from_private_der(&*block.decode()?, format),
            None if block.label == ENCRYPTED => Err(FormError::PassphraseMissing.into()),
            None => Err(nothing(text, core::slice::from_ref(block))),
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
    /// Reads a public key from PEM: SPKI or PKCS #1, by the label. Other blocks are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::PrivateMembers`] if there is a private key and no public one, and as [`Jwk::from_pem`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let blocks = blocks(text)?;
        let has = |kind: &dyn Fn(&str) -> bool| blocks.iter().any(|block| kind(block.label));
        if has(&|label: &str| label == ENCRYPTED || format_of(&PRIVATE, label).is_some())
            && !has(&|label: &str| format_of(&PUBLIC, label).is_some())
        {
            return Err(Error::PrivateMembers);
        }
        read_public(text, &blocks)
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

/// Whether a label is that of a private key, of a kind that is read or not.
fn is_private(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

fn format_of<F: Copy>(labels: &[(&str, F)], label: &str) -> Option<F> {
    labels.iter().find(|(own, _)| *own == label).map(|(_, format)| *format)
}

fn read_public(text: &str, blocks: &[Block<'_>]) -> Result<PublicJwk, Error> {
    match only(blocks, |label| format_of(&PUBLIC, label).is_some())? {
        Some(block) => PublicJwk::from_der(
            &*block.decode()?,
            format_of(&PUBLIC, block.label).unwrap_or(PublicFormat::Spki),
        ),
        None => Err(nothing(text, blocks)),
    }
}

pub(crate) fn write(label: &str, der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let text = pem::encode_string(label, LineEnding::LF, der);
    text.map(Zeroizing::new).map_err(|_| Error::Form(FormError::Pem("it is too long")))
}

/// The one block with a label of the kind.
pub(crate) fn only<'b, 't>(
    blocks: &'b [Block<'t>],
    is_meant: impl Fn(&str) -> bool,
) -> Result<Option<&'b Block<'t>>, Error> {
    let mut meant = blocks.iter().filter(|block| is_meant(block.label));
    match (meant.next(), meant.next()) {
        (found, None) => Ok(found),
        (_, Some(second)) => Err(FormError::PemSeveral(known_label(second.label)).into()),
    }
}

fn known_label(label: &str) -> &'static str {
    let others = [ENCRYPTED, CERTIFICATE, "OPENSSH PRIVATE KEY"].into_iter().chain(OTHERS);
    let mut known = others.chain(PRIVATE.map(|(own, _)| own)).chain(PUBLIC.map(|(own, _)| own));
    known.find(|own| *own == label).unwrap_or("another kind of data")
}

/// The error for a text without what is asked for.
pub(crate) fn nothing(text: &str, blocks: &[Block<'_>]) -> Error {
    let other = blocks.iter().find(|block| block.label != EC_PARAMETERS);
    if let Some(other) = other {
        if other.label == "DSA PRIVATE KEY" {
            return Error::Unsupported("a DSA key");
        }
        return FormError::PemLabel(known_label(other.label)).into();
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_ssh =
        ["ssh-", "ecdsa-sha2-", "sk-", "---- BEGIN SSH2"].iter().any(|prefix| start.starts_with(prefix));
    let what = if !blocks.is_empty() {
        "it has parameters alone"
    } else if is_ssh {
        "it is an OpenSSH public key, which `PublicJwk::from_openssh` reads (feature `ssh`)"
    } else if start.starts_with('{') {
        "it is JSON, which `Jwk::from_json` reads"
    } else if start.starts_with("MI") {
        "it is base64 without its `-----BEGIN` line: `from_der` reads the bytes that it encodes"
    } else {
        "there is no `-----BEGIN` line"
    };
    FormError::Pem(what).into()
}

/// A block of PEM, by its label, still in base64.
pub(crate) struct Block<'t> {
    pub(crate) label: &'t str,
    content: &'t str,
}

/// The blocks of the text, `EC PARAMETERS` among them.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block<'_>>, Error> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (label, after) =
            after.split_once(DASHES).ok_or(FormError::Pem("a `-----BEGIN` line is damaged"))?;
        let no_end = FormError::Pem("there is no `-----END` line with the label of the `-----BEGIN` line");
        let (content, after) = after.split_once(END).ok_or(no_end)?;
        rest = after.strip_prefix(label).and_then(|after| after.strip_prefix(DASHES)).ok_or(no_end)?;
        found.push(Block { label, content });
    }
    Ok(found)
}

impl Block<'_> {
    /// The bytes. Lines may have any length, indentation and line ends (RFC 7468 section 2).
    pub(crate) fn decode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let damaged = |what| Error::Form(FormError::Pem(what));
        if self.content.contains("\\n") {
            return Err(damaged("its lines are separated by `\\n` as two characters, not by line ends"));
        }
        if self.content.contains(BEGIN) {
            return Err(damaged("a block begins inside of another"));
        }
        // Headers as of RFC 1421 end with a blank line.
        let mut content = self.content;
        if content.contains(':') {
            if content.contains("ENCRYPTED") {
                let what = "the encryption of OpenSSL's traditional form (`Proc-Type: 4,ENCRYPTED`)";
                return Err(Error::Unsupported(what));
            }
            content = content.trim_start();
            let lines = content.split_inclusive(if content.contains('\n') { '\n' } else { '\r' });
            let headers = lines.take_while(|line| !line.trim().is_empty()).map(str::len).sum::<usize>();
            content = content.get(headers..).unwrap_or_default();
            if content.trim().is_empty() {
                return Err(damaged("its headers do not end with a blank line"));
            }
        }
        // A buffer that grows leaves copies behind.
        let mut packed = Zeroizing::new(String::with_capacity(content.len()));
        packed.extend(content.split_ascii_whitespace());
        let mut der = Zeroizing::new(alloc::vec![0; packed.len()]);
        let len = Base64::decode(&*packed, &mut der).map_err(|_| damaged("its base64 is damaged"))?.len();
        der.truncate(len);
        if der.is_empty() { Err(damaged("a block is empty")) } else { Ok(der) }
    }
}
