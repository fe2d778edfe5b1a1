use alloc::string::String;

use jose_b64::json::{self, ObjectWriter};

use super::Header;
use crate::{Error, PublicJwk};

/// The further parameters of a header, put together member by member in the order of the calls.
///
/// ```
/// use jose_jwk::header::{Header, HeaderBuilder};
/// let members = HeaderBuilder::new().string("nonce", "n-1")?.json("x-list", "[1, 2]")?;
/// let header = Header { typ: Some("example"), ..members.header() };
/// # let _ = header;
/// # Ok::<(), jose_jwk::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderBuilder {
    text: String,
}

impl HeaderBuilder {
    /// No further parameters.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::from("{}") }
    }

    /// Adds a string.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where the name stands there already.
    pub fn string(self, name: &str, value: &str) -> Result<Self, Error> {
        let mut text = String::new();
        json::write_str(&mut text, value)?;
        self.json(name, &text)
    }

    /// Adds any value, as JSON text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where the value is not strict JSON, [`Error::Invalid`] where the name stands there
    /// already.
    pub fn json(self, name: &str, value: &str) -> Result<Self, Error> {
        let members = json::parse_object(self.text.as_bytes())?;
        if members.get(name).is_some() {
            return Err(Error::Invalid("a parameter that stands there already"));
        }
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        for (name, value) in members.iter() {
            writer.member(name, value)?;
        }
        writer.raw(name, value)?;
        writer.finish()?;
        Ok(Self { text })
    }

    /// Adds `jwk`, a public key (RFC 7515 section 4.1.3).
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where there is one already.
    pub fn jwk(self, key: &PublicJwk) -> Result<Self, Error> {
        self.json("jwk", &key.to_json())
    }

    /// The header with these parameters and no others; its fields may then be set.
    #[must_use]
    pub fn header(&self) -> Header<'_> {
        Header { members: Some(&self.text), ..Header::default() }
    }
}
