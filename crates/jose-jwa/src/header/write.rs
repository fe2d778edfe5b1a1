use jose_b64::json::{ObjectWriter, Value, Write};

use super::{HeaderError, JoseHeader};

/// A header to be written: what it says besides `alg` and `enc`, which come from the key and the call.
///
/// ```
/// use jose_jwa::header::Header;
///
/// fn main() -> Result<(), jose_jwa::header::HeaderError> {
///     let header =
///         Header::new().typ("JWT").kid("key-1").parameters(r#"{"x-tenant":"blue"}"#)?;
///     assert!(header.has("x-tenant"));
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<'a> {
    pub(super) typ: Option<&'a str>,
    pub(super) cty: Option<&'a str>,
    pub(super) kid: Option<&'a str>,
    /// An option, and not an empty header: what sets none is built without a reader of JSON.
    pub(super) parameters: Option<JoseHeader<'a>>,
}

impl<'a> Header<'a> {
    /// A header without parameters of the caller.
    #[must_use]
    pub const fn new() -> Self {
        Self { typ: None, cty: None, kid: None, parameters: None }
    }

    /// Sets `typ`, the media type of the whole message (RFC 7515 section 4.1.9).
    #[must_use]
    pub const fn typ(self, typ: &'a str) -> Self {
        Self { typ: Some(typ), ..self }
    }

    /// Sets `cty`, the media type of the payload (RFC 7515 section 4.1.10).
    #[must_use]
    pub const fn cty(self, cty: &'a str) -> Self {
        Self { cty: Some(cty), ..self }
    }

    /// Sets `kid` (RFC 7515 section 4.1.4). Without it, the `kid` of the key is written, if it has one.
    #[must_use]
    pub const fn kid(self, kid: &'a str) -> Self {
        Self { kid: Some(kid), ..self }
    }

    /// Sets further parameters, the text of a JSON object, in place of those that were set before.
    ///
    /// # Errors
    ///
    /// Those of [`JoseHeader::parse`]; [`HeaderError::Reserved`] for `alg` and `enc`; a `Crit…` variant if `crit` is
    /// one that no recipient could accept.
    pub fn parameters(self, json: &'a str) -> Result<Self, HeaderError> {
        let parameters = JoseHeader::parse(json.as_bytes())?;
        for (name, present) in [("alg", parameters.alg().is_some()), ("enc", parameters.enc().is_some())] {
            if present {
                return Err(HeaderError::Reserved(name));
            }
        }
        parameters.check_crit_as_written()?;
        Ok(Self { parameters: Some(parameters), ..self })
    }

    /// The parameters that were set as JSON.
    #[must_use]
    pub const fn extra(&self) -> Option<JoseHeader<'a>> {
        self.parameters
    }

    /// The `kid` that was set, by [`kid`](Self::kid) or as a parameter. `None` if it was not set, or only in a form with
    /// escapes, which [`extra`](Self::extra) has.
    #[must_use]
    pub fn own_kid(&self) -> Option<&'a str> {
        self.kid.or_else(|| self.parameters?.kid()?.as_plain())
    }

    /// `typ`, where nothing else was set, and `None` where something was.
    #[doc(hidden)]
    #[must_use]
    pub const fn only_typ(&self) -> Option<Option<&'a str>> {
        match self {
            Self { typ, cty: None, kid: None, parameters: None } => Some(*typ),
            _ => None,
        }
    }

    /// Whether a parameter of this name was set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let set = match name {
            "typ" => self.typ.is_some(),
            "cty" => self.cty.is_some(),
            "kid" => self.kid.is_some(),
            _ => false,
        };
        set || self.get(name).is_some()
    }

    /// The value of a parameter that was set as JSON.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.parameters?.get(name)
    }

    /// Writes the JSON text of the header: `first` (`alg`, of a JWE `enc` too), then `typ`, `cty` and `kid`, then the
    /// further parameters in their order.
    ///
    /// # Errors
    ///
    /// [`HeaderError::Encoding`] if the output has no room; [`HeaderError::Duplicate`] if a parameter is set twice;
    /// [`HeaderError::Reserved`] if one of `first` is set; a `Crit…` variant if `crit` is one that no recipient could
    /// accept.
    pub fn write<W: Write>(&self, first: &[(&'static str, &str)], out: &mut W) -> Result<(), HeaderError> {
        let mut writer = ObjectWriter::new(out)?;
        for (name, value) in first {
            if self.get(name).is_some() {
                return Err(HeaderError::Reserved(name));
            }
            writer.string(name, value)?;
        }
        for (name, value) in [("typ", self.typ), ("cty", self.cty), ("kid", self.kid)] {
            if let Some(value) = value {
                if self.get(name).is_some() {
                    return Err(HeaderError::Duplicate);
                }
                writer.string(name, value)?;
            }
        }
        if let Some(parameters) = self.parameters {
            parameters.check_crit_as_written()?;
            for (name, value) in parameters.iter() {
                writer.member(name, value)?;
            }
        }
        Ok(writer.finish()?)
    }
}
