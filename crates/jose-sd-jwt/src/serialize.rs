//! The three forms of an SD-JWT (RFC 9901 sections 4 and 8).

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{self, ObjectWriter};

use crate::error::Error;

/// The issuer-signed JWT, with one signature or several.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// base64url.
    pub(crate) payload: String,
    /// At least one.
    pub(crate) signatures: Vec<Signature>,
}

#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// base64url.
    pub(crate) protected: String,
    /// base64url.
    pub(crate) signature: String,
    /// The JSON text of the unprotected header, without the parameters of SD-JWT; an object with at least one member.
    pub(crate) header: Option<String>,
}

impl Signed {
    /// Splits a compact JWS. `None` if it has not three parts.
    pub(crate) fn from_compact(jws: &str) -> Option<Self> {
        let mut parts = jws.split('.').map(String::from);
        let (protected, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let signatures = Vec::from([Signature { protected, signature, header: None }]);
        parts.next().is_none().then_some(Self { payload, signatures })
    }

    /// The compact form of the JWS with its first signature, which `sd_hash` is computed over.
    pub(crate) fn first(&self) -> String {
        let mut text = String::new();
        if let Some(first) = self.signatures.first() {
            for part in [&first.protected, ".", &self.payload, ".", &first.signature] {
                text.push_str(part);
            }
        }
        text
    }

    /// Whether a JWS in the compact form says all of it.
    pub(crate) fn is_compact(&self) -> bool {
        matches!(self.signatures.as_slice(), [signature] if signature.header.is_none())
    }

    /// The SD-JWT that a Key Binding JWT is for: the JWS and the disclosures, each followed by `~`.
    pub(crate) fn with_disclosures<'d>(&self, disclosures: impl IntoIterator<Item = &'d str>) -> String {
        let mut text = self.first();
        text.push('~');
        for disclosure in disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        text
    }

    /// The general JSON serialization of the JWS alone.
    pub(crate) fn to_jws_json(&self) -> Result<String, Error> {
        self.write_general(None)
    }

    pub(crate) fn compact<'d>(
        &self,
        disclosures: impl IntoIterator<Item = &'d str>,
        key_binding: Option<&str>,
    ) -> Result<String, Error> {
        if !self.is_compact() {
            return Err(Error::Form);
        }
        let mut text = self.with_disclosures(disclosures);
        text.push_str(key_binding.unwrap_or_default());
        Ok(text)
    }

    pub(crate) fn flattened<'d>(
        &self,
        disclosures: impl IntoIterator<Item = &'d str>,
        key_binding: Option<&str>,
    ) -> Result<String, Error> {
        let [signature] = self.signatures.as_slice() else { return Err(Error::Form) };
        let parameters = parameters(disclosures, key_binding).map_err(Error::Json)?;
        let write = || {
            let mut text = String::new();
            let mut writer = ObjectWriter::new(&mut text)?;
            writer.string("payload", &self.payload)?;
            signature.write(&mut writer, Some(&parameters))?;
            writer.finish()?;
            Ok(text)
        };
        write().map_err(Error::Json)
    }

    pub(crate) fn general<'d>(
        &self,
        disclosures: impl IntoIterator<Item = &'d str>,
        key_binding: Option<&str>,
    ) -> Result<String, Error> {
        self.write_general(Some(&parameters(disclosures, key_binding).map_err(Error::Json)?))
    }

    fn write_general(&self, parameters: Option<&str>) -> Result<String, Error> {
        let write = || {
            let mut text = String::from("{\"payload\":");
            json::write_str(&mut text, &self.payload)?;
            text.push_str(",\"signatures\":[");
            for (index, signature) in self.signatures.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                let mut writer = ObjectWriter::new(&mut text)?;
                // What is of all signatures is in the first header (RFC 9901 section 8.3).
                signature.write(&mut writer, parameters.filter(|_| index == 0))?;
                writer.finish()?;
            }
            text.push_str("]}");
            Ok(text)
        };
        write().map_err(Error::Json)
    }
}

impl Signature {
    fn write(
        &self,
        writer: &mut ObjectWriter<'_, String>,
        parameters: Option<&str>,
    ) -> Result<(), jose_b64::Error> {
        writer.string("protected", &self.protected)?;
        let own = self.header.as_deref().map(json::Object::assume_checked);
        if own.is_some() || parameters.is_some() {
            let mut header = writer.object("header")?;
            for object in [own, parameters.map(json::Object::assume_checked)].into_iter().flatten() {
                header.members(object)?;
            }
            header.finish()?;
        }
        writer.string("signature", &self.signature)?;
        Ok(())
    }
}

/// The unprotected header parameters of RFC 9901 section 8.1, as an object.
fn parameters<'d>(
    disclosures: impl IntoIterator<Item = &'d str>,
    key_binding: Option<&str>,
) -> Result<String, jose_b64::Error> {
    let mut text = String::new();
    let mut writer = ObjectWriter::new(&mut text)?;
    writer.string_array("disclosures", disclosures)?;
    if let Some(key_binding) = key_binding {
        writer.string("kb_jwt", key_binding)?;
    }
    writer.finish()?;
    Ok(text)
}
