//! How a message is put together, whatever its serialization.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::ObjectWriter;
use jose_jwk::header::{Header, JoseHeader};
use jose_jwk::{Error as KeyError, JweEnc};
use rand_core::TryCryptoRng;

use crate::cek::Cek;
use crate::enc::random_iv;
use crate::key::{Generated, Wrapped};
use crate::output::{Form, Output, OutputRecipient};
use crate::params::Union;
use crate::rng::{AnyRng, DynRng};
use crate::{AsyncEncryptionKey, EncryptionKey, Error, WrapAsync};

/// The parameters that are made here: a caller cannot set them.
const MADE_HERE: &[&str] = &["alg", "enc", "zip", "epk", "p2s", "p2c", "iv", "tag"];

/// A recipient of a message in a JSON serialization: a key, and what stands in the recipient's own header.
#[derive(Clone, Copy)]
pub struct Recipient<'r> {
    pub(crate) key: &'r EncryptionKey,
    pub(crate) header: Option<&'r str>,
}

impl<'r> Recipient<'r> {
    /// A recipient without a header of the caller's.
    #[must_use]
    pub fn new(key: &'r EncryptionKey) -> Self {
        Self { key, header: None }
    }

    /// Sets the parameters of the recipient's header, the text of a JSON object. They are not integrity protected.
    #[must_use]
    pub fn header(self, members: &'r str) -> Self {
        Self { header: Some(members), ..self }
    }
}

impl<'r> From<&'r EncryptionKey> for Recipient<'r> {
    fn from(key: &'r EncryptionKey) -> Self {
        Self::new(key)
    }
}

impl fmt::Debug for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a lone recipient adds to the protected header: its key, whether its `kid` is wanted, and what was generated.
struct Alone<'r> {
    key: &'r EncryptionKey,
    wants_kid: bool,
    members: Vec<(&'static str, String)>,
}

/// Everything that a caller says of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'p> {
    pub(crate) enc: JweEnc,
    pub(crate) header: Header<'p>,
    pub(crate) unprotected: Option<&'p str>,
    pub(crate) aad: Option<&'p [u8]>,
    pub(crate) compress: bool,
}

impl<'p> Plan<'p> {
    pub(crate) fn new(enc: JweEnc) -> Self {
        Self { enc, header: Header::default(), unprotected: None, aad: None, compress: false }
    }

    pub(crate) fn encrypt(
        &self,
        form: Form,
        recipients: &[Recipient<'_>],
        plaintext: &[u8],
        rng: &mut DynRng<'_>,
    ) -> Result<String, Error> {
        self.encrypt_with(Cek::random(self.enc, rng)?, form, recipients, plaintext, rng)
    }

    /// With a key that is held outside and answers later.
    pub(crate) async fn encrypt_async<K: WrapAsync, R: TryCryptoRng + ?Sized>(
        &self,
        form: Form,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        let rng = &mut AnyRng(rng);
        let (cek, key) = key.draw(self.enc, rng).await?;
        self.encrypt_with(cek, form, &[Recipient::new(&key)], plaintext, rng)
    }

    /// With a key that was drawn already.
    fn encrypt_with(
        &self,
        mut cek: Cek,
        form: Form,
        recipients: &[Recipient<'_>],
        plaintext: &[u8],
        rng: &mut DynRng<'_>,
    ) -> Result<String, Error> {
        check_recipients(recipients.iter().map(|recipient| recipient.key))?;
        let alone = recipients.len() == 1;
        let mut first = None;
        let mut out = Vec::new();
        for recipient in recipients {
            let header = self.given_header(recipient)?;
            let wrapped =
                recipient.key.wrap(self.enc, cek.as_slice(), &header, &Generated::default(), rng)?;
            let Wrapped { cek: own, encrypted_key, members } = wrapped;
            if let Some(own) = own {
                cek = own;
            }
            let own = if alone {
                first = Some(Alone { key: recipient.key, wants_kid: !header.has_kid(), members });
                recipient.header.map(String::from)
            } else {
                Some(self.own_header(recipient, &header, members)?)
            };
            out.push(OutputRecipient { header: own, encrypted_key });
        }
        let protected = self.protected_header(first)?;
        self.check(&protected, &out)?;
        let (iv, iv_len) = random_iv(self.enc, rng)?;
        let output = Output {
            form,
            protected: base64url::encode_to_string(protected.as_bytes()),
            unprotected: self.unprotected,
            recipients: &out,
            aad: self.aad,
            enc: self.enc,
            cek: cek.as_slice(),
            iv: iv.get(..iv_len).unwrap_or_default(),
        };
        #[cfg(feature = "deflate")]
        if self.compress {
            return output.seal(&crate::deflate::deflate(plaintext));
        }
        output.seal(plaintext)
    }

    /// What the caller wants in the headers.
    fn given_header<'h>(&self, recipient: &Recipient<'h>) -> Result<Union<'h>, Error>
    where
        'p: 'h,
    {
        let parse = |text: Option<&'h str>| match text {
            Some(text) => JoseHeader::parse(text.as_bytes()),
            None => Ok(JoseHeader::default()),
        };
        let union = Union {
            protected: parse(self.header.members)?,
            unprotected: parse(self.unprotected)?,
            own: parse(recipient.header)?,
        };
        match MADE_HERE.iter().find(|name| union.get(name).is_some()) {
            Some(name) => Err(Error::Header(KeyError::Invalid(name))),
            None if union.unprotected.has_crit() || union.own.has_crit() => {
                Err(Error::Header(KeyError::CritUnprotected))
            }
            None => Ok(union),
        }
    }

    /// The protected header; that of a message for one recipient has what else would stand in the recipient's own.
    fn protected_header(&self, recipient: Option<Alone<'_>>) -> Result<String, Error> {
        let mut first = Vec::new();
        let mut header = self.header;
        let mut generated = Vec::new();
        if let Some(Alone { key, wants_kid, members }) = recipient {
            first.push(("alg", key.alg().as_str()));
            if wants_kid {
                header.kid = header.kid.or_else(|| key.kid());
            }
            generated = members;
        }
        first.push(("enc", self.enc.as_str()));
        if self.compress {
            first.push(("zip", "DEF"));
        }
        let mut text = String::new();
        header.write(&first, &mut text)?;
        // The text is an object with at least `enc`.
        text.pop();
        for (name, value) in generated {
            text.push_str(&alloc::format!(",\"{name}\":{value}"));
        }
        text.push('}');
        Ok(text)
    }

    /// The header of one recipient of several.
    fn own_header(
        &self,
        recipient: &Recipient<'_>,
        header: &Union<'_>,
        generated: Vec<(&'static str, String)>,
    ) -> Result<String, Error> {
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        writer.string("alg", recipient.key.alg().as_str())?;
        let kid = recipient.key.kid().filter(|_| self.header.kid.is_none() && !header.has_kid());
        if let Some(kid) = kid {
            writer.string("kid", kid)?;
        }
        for (name, value) in header.own.iter() {
            writer.member(name, value)?;
        }
        for (name, value) in generated {
            writer.raw(name, &value)?;
        }
        writer.finish()?;
        Ok(text)
    }

    /// No name in two headers.
    fn check(&self, protected: &str, recipients: &[OutputRecipient]) -> Result<(), Error> {
        let protected = JoseHeader::parse(protected.as_bytes())?;
        let unprotected = JoseHeader::parse(self.unprotected.unwrap_or("{}").as_bytes())?;
        for recipient in recipients {
            let own = JoseHeader::parse(recipient.header.as_deref().unwrap_or("{}").as_bytes())?;
            Union { protected, unprotected, own }.check_disjoint()?;
        }
        Ok(())
    }
}

/// `dir` and `ECDH-ES` go to one recipient (RFC 7518 sections 4.5 and 4.6); there is one at least.
pub(crate) fn check_recipients<'k>(keys: impl Iterator<Item = &'k EncryptionKey>) -> Result<(), Error> {
    let (mut count, mut direct) = (0_usize, false);
    for key in keys {
        count = count.saturating_add(1);
        direct |= key.is_direct();
    }
    match count {
        0 => Err(Error::Recipients),
        count if count > crate::Limits::DEFAULT.max_recipients => Err(Error::Recipients),
        count if direct && count > 1 => Err(Error::DirectNotAlone),
        _ => Ok(()),
    }
}
