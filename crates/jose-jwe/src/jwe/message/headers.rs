//! The headers of a message to be encrypted.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::ObjectWriter;
use jose_jwa::JweEnc;
use jose_jwa::header::{HeaderError, JoseHeader, MAX_HEADER_LEN};

use super::{Message, Named, OutputRecipient, Wrapped};
use crate::error::Error;
use crate::jwe::few::Few;
use crate::jwe::header::Union;

/// The parameters that are generated here. A caller cannot set them.
const GENERATED: &[&str] = &["alg", "enc", "zip", "epk", "p2s", "p2c", "iv", "tag", "ek", "psk_id"];

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
        if union.is_empty() {
            return Ok(union);
        }
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
        let Some(kid) = recipient.kid else { return Ok(None) };
        let set = self.header.has("kid") || self.given_header(recipient.header)?.kid().is_some();
        Ok(if set { None } else { Some(kid) })
    }

    /// The protected header. That of a message for one recipient has what would otherwise be in the recipient's own.
    pub(super) fn protected_header(&self, only: Option<&(Named<'_>, Wrapped)>) -> Result<String, Error> {
        // Room for a header without anything of the caller's.
        const ROOM: usize = 128;
        let mut header = self.header;
        let mut alg = "";
        if let Some((recipient, _)) = only {
            alg = recipient.alg.as_str();
            if let Some(kid) = self.kid_of(recipient)? {
                header = header.kid(kid);
            }
        }
        let zip = if self.compress { "DEF" } else { "" };
        let mut first = [("alg", alg), ("enc", self.enc.map_or("", JweEnc::as_str)), ("zip", zip)];
        // Those that there are, in front.
        first.sort_by_key(|(_, value)| value.is_empty());
        let end = first.iter().take_while(|(_, value)| !value.is_empty()).count();
        let mut text = String::with_capacity(ROOM);
        header.write(first.get(..end).unwrap_or_default(), &mut text)?;
        // The text is an object with at least `alg` or `enc`.
        text.pop();
        for (name, value) in only.into_iter().flat_map(|(_, wrapped)| &wrapped.members) {
            for piece in [",\"", name, "\":", value] {
                text.push_str(piece);
            }
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
        recipients: &Few<OutputRecipient>,
    ) -> Result<(), Error> {
        let others =
            self.unprotected.is_some() || recipients.iter().any(|recipient| recipient.header.is_some());
        if !others && self.header.extra().is_none() {
            // All of it was written here, and only a name may be too long.
            let fits = protected.len() <= MAX_HEADER_LEN;
            return if fits { Ok(()) } else { Err(HeaderError::TooLong.into()) };
        }
        let protected = JoseHeader::parse(protected.as_bytes())?;
        let unprotected = parse(self.unprotected)?;
        for recipient in recipients.iter() {
            Union { protected, unprotected, own: parse(recipient.header.as_deref())? }.check_disjoint()?;
        }
        Ok(())
    }
}

/// A header that may be absent.
pub(crate) fn parse(header: Option<&str>) -> Result<JoseHeader<'_>, Error> {
    header.map_or(Ok(JoseHeader::EMPTY), |text| Ok(JoseHeader::parse(text.as_bytes())?))
}
