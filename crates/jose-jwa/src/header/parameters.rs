use alloc::string::String;

use jose_b64::json::{self, ObjectWriter};

use super::{Header, HeaderError, JoseHeader};

/// Header parameters of the caller, added one by one.
///
/// ```
/// use jose_jwa::header::Parameters;
///
/// fn main() -> Result<(), jose_jwa::header::HeaderError> {
///     let parameters =
///         Parameters::new().string("nonce", "n-1")?.json("x-list", "[1, 2]")?;
///     let header = parameters.header().typ("example");
///     assert!(header.has("nonce") && header.has("typ"));
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Parameters {
    text: String,
}

impl Parameters {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::from("{}") }
    }

    /// Adds a parameter that is a string.
    ///
    /// # Errors
    ///
    /// Those of [`json`](Self::json).
    pub fn string(self, name: &str, value: &str) -> Result<Self, HeaderError> {
        let mut text = String::new();
        json::write_str(&mut text, value)?;
        self.json(name, &text)
    }

    /// Adds a parameter from its JSON text.
    ///
    /// # Errors
    ///
    /// [`HeaderError::Encoding`] if `value` is not strict JSON; [`HeaderError::Duplicate`] if there is a parameter of
    /// this name; [`HeaderError::Invalid`] if it is a registered parameter of another JSON type.
    pub fn json(self, name: &str, value: &str) -> Result<Self, HeaderError> {
        let members = json::parse_object(self.text.as_bytes())?;
        if members.get(name).is_some() {
            return Err(HeaderError::Duplicate);
        }
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        for (name, value) in members.iter() {
            writer.member(name, value)?;
        }
        writer.raw(name, value)?;
        writer.finish()?;
        JoseHeader::parse(text.as_bytes())?;
        Ok(Self { text })
    }

    /// A header with these parameters.
    #[must_use]
    pub fn header(&self) -> Header<'_> {
        match JoseHeader::parse(self.text.as_bytes()) {
            Ok(parameters) => Header { parameters: Some(parameters), ..Header::new() },
            // Whatever is in here was parsed when it was added.
            Err(_) => Header::new(),
        }
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self::new()
    }
}
