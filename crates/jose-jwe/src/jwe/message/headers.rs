//! The headers of a message to be encrypted.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::ObjectWriter;
use jose_jwa::header::{HeaderError, JoseHeader};

use super::{Message, Named, OutputRecipient};
use crate::error::Error;
use crate::jwe::header::Union;

/// The parameters that are generated here. A caller cannot set them.
const GENERATED: &[&str] = &["alg", "enc", "zip", "epk", "p2s", "p2c", "iv", "tag"];

impl<'m> Message<'m> {
    /// What the caller sets in the headers.
    pub(super) fn given_header<'h>(&self, own: Option<&'h str>) -> Result<Union<'h>, Error>
    where
        'm: 'h,
    {
        let union = Union {
            protected: self.header.extra().unwrap_or(JoseHeader::EMPTY),
            unprotected: parse(self.unprotected)?,
            own: parse(own)?,
        };
        match GENERATED.iter().find(|name| union.get(name).is_some()) {
            Some(name) => Err(HeaderError::Reserved(name).into()),
            None if union.unprotected.has_crit() || union.own.has_crit() => {
                Err(HeaderError::CritUnprotected.into())
            }
            None => Ok(union),
        }
    }

    /// The `kid` that a recipient's key adds, if the caller sets none.
    fn kid_of<'r>(&self, recipient: &Named<'r>) -> Result<Option<&'r str>, Error> {
        let set = self.header.has("kid") || self.given_header(recipient.header)?.kid().is_some();
        Ok(recipient.kid.filter(|_| !set))
    }

    /// The protected header. That of a message for one recipient has what would otherwise be in the recipient's own.
    pub(super) fn protected_header(
        &self,
        recipient: Option<&Named<'_>>,
        generated: Vec<(&'static str, String)>,
    ) -> Result<String, Error> {
        let mut first = Vec::new();
        let mut header = self.header;
        if let Some(recipient) = recipient {
            first.push(("alg", recipient.alg.as_str()));
            if let Some(kid) = self.kid_of(recipient)? {
                header = header.kid(kid);
            }
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
    pub(super) fn own_header(
        &self,
        recipient: &Named<'_>,
        generated: Vec<(&'static str, String)>,
    ) -> Result<String, Error> {
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        writer.string("alg", recipient.alg.as_str())?;
        if let Some(kid) = self.kid_of(recipient)? {
            writer.string("kid", kid)?;
        }
        for (name, value) in parse(recipient.header)?.iter() {
            writer.member(name, value)?;
        }
        for (name, value) in generated {
            writer.raw(name, &value)?;
        }
        writer.finish()?;
        Ok(text)
    }

    /// Checks that no name is in two headers.
    pub(super) fn check_disjoint(
        &self,
        protected: &str,
        recipients: &[OutputRecipient],
    ) -> Result<(), Error> {
        let protected = JoseHeader::parse(protected.as_bytes())?;
        let unprotected = parse(self.unprotected)?;
        for recipient in recipients {
            Union { protected, unprotected, own: parse(recipient.header.as_deref())? }.check_disjoint()?;
        }
        Ok(())
    }
}

/// A header that may be absent.
pub(crate) fn parse(header: Option<&str>) -> Result<JoseHeader<'_>, Error> {
    header.map_or(Ok(JoseHeader::EMPTY), |text| Ok(JoseHeader::parse(text.as_bytes())?))
}
