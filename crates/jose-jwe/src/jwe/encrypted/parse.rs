use alloc::borrow::Cow;

use jose_b64::base64url::{decoded_len, split_dot};
use jose_b64::json::{self, Object, Value};
use jose_jwa::header::{HeaderError, MAX_HEADER_LEN};

use super::{Encrypted, Recipient};
use crate::error::{Error, Part};
use crate::jwe::few::Few;
use crate::jwe::limits::Limits;

impl<'t> Encrypted<'t> {
    /// Parses a message of any serialization, compact or JSON.
    ///
    /// # Errors
    ///
    /// Those of [`parse_compact`](Self::parse_compact) and [`parse_json`](Self::parse_json).
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        let bytes = text.as_ref();
        if bytes.trim_ascii_start().first() == Some(&b'{') {
            return Self::parse_json(bytes);
        }
        Self::parse_compact(bytes)
    }

    /// Splits a compact serialization (RFC 7516 section 7.1). The contents of its parts are checked when it is decrypted.
    ///
    /// # Errors
    ///
    /// [`Error::Segments`], [`Error::IsJson`] or [`Error::Bearer`] if the text is something else; [`Error::Encoding`] if it
    /// is not UTF-8; [`Error::Header`] if the header is longer than [`MAX_HEADER_LEN`].
    pub fn parse_compact<T: AsRef<[u8]> + ?Sized>(token: &'t T) -> Result<Self, Error> {
        let token = token.as_ref();
        let (dots, is_ascii) = survey(token);
        if !is_ascii && core::str::from_utf8(token).is_err() {
            return Err(Error::Encoding { part: Part::Text, error: jose_b64::Error::Utf8 });
        }
        if token.trim_ascii_start().first() == Some(&b'{') {
            return Err(Error::IsJson);
        }
        let Some([protected, encrypted_key, iv, ciphertext, tag]) = parts(token).filter(|_| dots == DOTS)
        else {
            return Err(Error::Segments { found: dots.saturating_add(1) });
        };
        if protected.starts_with(b"Bearer ") {
            return Err(Error::Bearer);
        }
        check_header_len(protected)?;
        let recipient = Recipient { header: Object::default(), encrypted_key: encrypted_key.into() };
        Ok(Self {
            protected: protected.into(),
            recipients: recipient.into(),
            iv: iv.into(),
            ciphertext: ciphertext.into(),
            tag: tag.into(),
            ..Self::empty(token.len())
        })
    }

    /// Parses a JSON serialization, general or flattened (RFC 7516 section 7.2).
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the text is not strict JSON; [`Error::Member`] with the member at fault; [`Error::Recipients`] for
    /// an empty list of them; [`Error::Header`] if a header is longer than [`MAX_HEADER_LEN`].
    pub fn parse_json<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        let text = text.as_ref();
        let object = json::parse_object(text)?;
        let mut message = Self { json: true, ..Self::empty(text.len()) };
        let mut flattened = None;
        let mut own = Recipient { header: Object::default(), encrypted_key: Cow::Borrowed(&[]) };
        let mut has_ciphertext = false;
        for (name, value) in object.iter() {
            // Unknown members are ignored, as the specification asks.
            match &*name.to_cow() {
                // An empty protected header is left out, or nobody could tell it from none.
                "protected" => message.protected = string("protected", value, false)?,
                "unprotected" => {
                    message.unprotected = value.as_object().ok_or(Error::Member("unprotected"))?;
                }
                "iv" => message.iv = string("iv", value, true)?,
                "aad" => message.aad = Some(string("aad", value, false)?),
                "ciphertext" => {
                    has_ciphertext = true;
                    message.ciphertext = string("ciphertext", value, true)?;
                }
                "tag" => message.tag = string("tag", value, true)?,
                "header" => {
                    flattened = Some("header");
                    own.header = value.as_object().ok_or(Error::Member("header"))?;
                }
                "encrypted_key" => {
                    flattened = Some("encrypted_key");
                    own.encrypted_key = string("encrypted_key", value, true)?;
                }
                "recipients" => {
                    let list = value.as_array().ok_or(Error::Member("recipients"))?;
                    message.recipients = list.iter().map(recipient).collect::<Result<_, _>>()?;
                    if message.recipients.is_empty() {
                        return Err(Error::Recipients);
                    }
                }
                _ => {}
            }
        }
        if !has_ciphertext {
            return Err(Error::Member("ciphertext"));
        }
        match flattened {
            // Neither form has the members of the other.
            Some(member) if !message.recipients.is_empty() => return Err(Error::Member(member)),
            _ if message.recipients.is_empty() => message.recipients.push(own),
            _ => {}
        }
        check_header_len(&message.protected)?;
        Ok(message)
    }

    fn empty(len: usize) -> Self {
        Self {
            protected: Cow::Borrowed(&[]),
            unprotected: Object::default(),
            recipients: Few::new(),
            iv: Cow::Borrowed(&[]),
            ciphertext: Cow::Borrowed(&[]),
            tag: Cow::Borrowed(&[]),
            aad: None,
            len,
            limits: Limits::DEFAULT,
            understood: &[],
            compression: false,
            json: false,
        }
    }
}

fn check_header_len(protected: &[u8]) -> Result<(), Error> {
    if decoded_len(protected.len()) > MAX_HEADER_LEN { Err(HeaderError::TooLong.into()) } else { Ok(()) }
}

/// The dots of a compact serialization.
const DOTS: usize = 4;

/// The number of dots, and whether all bytes are ASCII: in blocks, which is what vector instructions need.
fn survey(token: &[u8]) -> (usize, bool) {
    // So many bytes count at most as many dots as a byte can.
    const BLOCK: usize = 128;
    let mut dots = 0_usize;
    let mut all = 0;
    for block in token.chunks(BLOCK) {
        dots = dots.saturating_add(block.iter().map(|byte| u8::from(*byte == b'.')).sum::<u8>().into());
        all |= block.iter().fold(0, |all, byte| all | byte);
    }
    (dots, all.is_ascii())
}

/// The parts of a text with as many dots as there should be. All but the ciphertext are short.
fn parts(token: &[u8]) -> Option<[&[u8]; DOTS + 1]> {
    let (protected, rest) = split_dot(token)?;
    let (encrypted_key, rest) = split_dot(rest)?;
    let (iv, rest) = split_dot(rest)?;
    let (ciphertext, tag) = rest.split_at_checked(rest.iter().rposition(|byte| *byte == b'.')?)?;
    Some([protected, encrypted_key, iv, ciphertext, tag.get(1..)?])
}

fn recipient(value: Value<'_>) -> Result<Recipient<'_>, Error> {
    let object = value.as_object().ok_or(Error::Member("recipients"))?;
    let header = match object.get("header") {
        Some(value) => value.as_object().ok_or(Error::Member("header"))?,
        None => Object::default(),
    };
    let encrypted_key = match object.get("encrypted_key") {
        Some(value) => string("encrypted_key", value, true)?,
        None => Cow::Borrowed(&[][..]),
    };
    Ok(Recipient { header, encrypted_key })
}

fn string<'t>(name: &'static str, value: Value<'t>, may_be_empty: bool) -> Result<Cow<'t, [u8]>, Error> {
    let text = match value.as_str().ok_or(Error::Member(name))?.to_cow() {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    if text.is_empty() && !may_be_empty { Err(Error::Member(name)) } else { Ok(text) }
}
