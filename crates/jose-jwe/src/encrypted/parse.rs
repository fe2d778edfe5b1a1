use alloc::borrow::Cow;
use alloc::vec::Vec;

use jose_b64::base64url::decoded_len;
use jose_b64::json::{self, Object, Value};
use jose_jwk::header::MAX_HEADER_LEN;

use super::{Encrypted, Recipient};
use crate::{Error, Limits};

impl<'t> Encrypted<'t> {
    /// Splits a compact serialization (RFC 7516 section 7.1). What is in its parts is looked at when it is decrypted.
    ///
    /// # Errors
    ///
    /// [`Error::Segments`]; [`Error::Encoding`] where the text is not UTF-8; [`Error::Header`] where the header is
    /// longer than [`MAX_HEADER_LEN`].
    pub fn from_compact<T: AsRef<[u8]> + ?Sized>(token: &'t T) -> Result<Self, Error> {
        let token = token.as_ref();
        // Anything else than ASCII is found to be no base64url; here it is only in the way.
        let text = core::str::from_utf8(token).map_err(|_| Error::Encoding(jose_b64::Error::Utf8))?;
        let mut parts = text.splitn(6, '.');
        let mut part = || parts.next().ok_or(Error::Segments);
        let [protected, encrypted_key, iv, ciphertext, tag] = [part()?, part()?, part()?, part()?, part()?];
        if part().is_ok() {
            return Err(Error::Segments);
        }
        let recipient = Recipient { header: Object::default(), encrypted_key: encrypted_key.into() };
        Self {
            protected: protected.into(),
            unprotected: Object::default(),
            recipients: Vec::from([recipient]),
            iv: iv.into(),
            ciphertext: ciphertext.into(),
            tag: tag.into(),
            ..Self::empty(text.len())
        }
        .checked()
    }

    /// Reads a JSON serialization, general or flattened (RFC 7516 section 7.2).
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where the text is not strict JSON, [`Error::Member`] with the member at fault,
    /// [`Error::Recipients`] for an empty list of them; [`Error::Header`] where a header is longer than
    /// [`MAX_HEADER_LEN`].
    pub fn from_json<T: AsRef<[u8]> + ?Sized>(text: &'t T) -> Result<Self, Error> {
        let text = text.as_ref();
        let object = json::parse_object(text)?;
        let mut message = Self { json: true, ..Self::empty(text.len()) };
        let mut flattened = None;
        let mut own = Recipient { header: Object::default(), encrypted_key: Cow::Borrowed("") };
        let mut has_ciphertext = false;
        for (name, value) in object {
            // Members that are not understood are ignored, as the specification asks.
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
            // The one form or the other.
            Some(member) if !message.recipients.is_empty() => return Err(Error::Member(member)),
            _ if message.recipients.is_empty() => message.recipients.push(own),
            _ => {}
        }
        message.checked()
    }

    fn empty(len: usize) -> Self {
        Self {
            protected: Cow::Borrowed(""),
            unprotected: Object::default(),
            recipients: Vec::new(),
            iv: Cow::Borrowed(""),
            ciphertext: Cow::Borrowed(""),
            tag: Cow::Borrowed(""),
            aad: None,
            len,
            limits: Limits::DEFAULT,
            understood: &[],
            compression: false,
            json: false,
        }
    }

    fn checked(self) -> Result<Self, Error> {
        if decoded_len(self.protected.len()) > MAX_HEADER_LEN {
            return Err(Error::Header(jose_jwk::Error::HeaderTooLong));
        }
        Ok(self)
    }
}

fn recipient(value: Value<'_>) -> Result<Recipient<'_>, Error> {
    let object = value.as_object().ok_or(Error::Member("recipients"))?;
    let header = match object.get("header") {
        Some(value) => value.as_object().ok_or(Error::Member("header"))?,
        None => Object::default(),
    };
    let encrypted_key = match object.get("encrypted_key") {
        Some(value) => string("encrypted_key", value, true)?,
        None => Cow::Borrowed(""),
    };
    Ok(Recipient { header, encrypted_key })
}

fn string<'t>(name: &'static str, value: Value<'t>, may_be_empty: bool) -> Result<Cow<'t, str>, Error> {
    let text = value.as_str().ok_or(Error::Member(name))?.to_cow();
    if text.is_empty() && !may_be_empty { Err(Error::Member(name)) } else { Ok(text) }
}
