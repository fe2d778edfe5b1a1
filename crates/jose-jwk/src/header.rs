//! The JOSE header (RFC 7515 section 4, RFC 7516 section 4): as received, and as written.

#[cfg(feature = "alloc")]
mod builder;
mod crit;

#[cfg(feature = "alloc")]
pub use builder::HeaderBuilder;

use jose_b64::json::{self, Array, Kind, Object, ObjectWriter, Str, Value, Write};

use crate::Error;

/// The most octets of JSON that a header may have, before it is decoded.
pub const MAX_HEADER_LEN: usize = 16 * 1024;

/// The parameters that RFC 7515, RFC 7516 and RFC 7518 define, with the JSON type of each.
///
/// `crit` may name none of them (RFC 7515 section 4.1.11).
const REGISTERED: &[(&str, Kind)] = &[
    ("alg", Kind::String),
    ("apu", Kind::String),
    ("apv", Kind::String),
    ("crit", Kind::Array),
    ("cty", Kind::String),
    ("enc", Kind::String),
    ("epk", Kind::Object),
    ("iv", Kind::String),
    ("jku", Kind::String),
    ("jwk", Kind::Object),
    ("kid", Kind::String),
    ("p2c", Kind::Number),
    ("p2s", Kind::String),
    ("tag", Kind::String),
    ("typ", Kind::String),
    ("x5c", Kind::Array),
    ("x5t", Kind::String),
    ("x5t#S256", Kind::String),
    ("x5u", Kind::String),
    ("zip", Kind::String),
];

/// A received JOSE header: its text as it came, its registered parameters of the right JSON type.
///
/// Nothing in it is to be believed before the message is verified. The default is a header without parameters.
#[derive(Clone, Copy, Debug, Default)]
pub struct JoseHeader<'a> {
    object: Object<'a>,
    alg: Option<Str<'a>>,
    enc: Option<Str<'a>>,
    kid: Option<Str<'a>>,
    typ: Option<Str<'a>>,
    cty: Option<Str<'a>>,
    crit: Option<Array<'a>>,
}

impl<'a> JoseHeader<'a> {
    /// Reads the JSON text of a header.
    ///
    /// # Errors
    ///
    /// [`Error::HeaderTooLong`] over [`MAX_HEADER_LEN`] octets; [`Error::Encoding`] where the text is not one
    /// strict JSON object; [`Error::Invalid`] where a registered parameter has another JSON type than its own;
    /// [`Error::CritMalformed`] where `crit` is not a list of names.
    pub fn parse(text: &'a [u8]) -> Result<Self, Error> {
        if text.len() > MAX_HEADER_LEN {
            return Err(Error::HeaderTooLong);
        }
        Self::from_object(json::parse_object(text)?)
    }

    /// The same for an object that was read already, such as `header` of a JSON serialization.
    ///
    /// # Errors
    ///
    /// As [`JoseHeader::parse`].
    pub fn from_object(object: Object<'a>) -> Result<Self, Error> {
        if object.raw().len() > MAX_HEADER_LEN {
            return Err(Error::HeaderTooLong);
        }
        let mut header = Self { object, alg: None, enc: None, kid: None, typ: None, cty: None, crit: None };
        for (name, value) in object.iter() {
            let Some((name, kind)) = REGISTERED.iter().find(|(known, _)| name == **known) else { continue };
            if value.kind() != *kind {
                return Err(if *name == "crit" { Error::CritMalformed } else { Error::Invalid(name) });
            }
            match *name {
                "alg" => header.alg = value.as_str(),
                "enc" => header.enc = value.as_str(),
                "kid" => header.kid = value.as_str(),
                "typ" => header.typ = value.as_str(),
                "cty" => header.cty = value.as_str(),
                "crit" => header.crit = value.as_array(),
                "x5c" if value.as_array().is_some_and(|list| list.iter().any(|v| v.as_str().is_none())) => {
                    return Err(Error::Invalid("x5c"));
                }
                _ => {}
            }
        }
        Ok(header)
    }

    /// The text as it was received.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.object.raw()
    }

    /// `alg`.
    #[must_use]
    pub fn alg(&self) -> Option<Str<'a>> {
        self.alg
    }

    /// `enc` (RFC 7516 section 4.1.2).
    #[must_use]
    pub fn enc(&self) -> Option<Str<'a>> {
        self.enc
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<Str<'a>> {
        self.kid
    }

    /// `typ`.
    #[must_use]
    pub fn typ(&self) -> Option<Str<'a>> {
        self.typ
    }

    /// `cty`.
    #[must_use]
    pub fn cty(&self) -> Option<Str<'a>> {
        self.cty
    }

    /// Any parameter, by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.object.get(name)
    }

    /// All parameters, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Str<'a>, Value<'a>)> + use<'a> {
        self.object.iter()
    }

    /// Whether `typ` is this media type: case does not matter and `application/` may be left out on either side
    /// (RFC 7515 section 4.1.9). A missing `typ` is none.
    #[must_use]
    pub fn is_typ(&self, expected: &str) -> bool {
        self.typ.is_some_and(|typ| is_media_type(typ, expected))
    }

    /// The same for `cty` (RFC 7515 section 4.1.10).
    #[must_use]
    pub fn is_cty(&self, expected: &str) -> bool {
        self.cty.is_some_and(|cty| is_media_type(cty, expected))
    }
}

fn is_media_type(received: Str<'_>, expected: &str) -> bool {
    const PREFIX: &str = "application/";
    let short = |text: &str| text.get(..PREFIX.len()).is_some_and(|head| head.eq_ignore_ascii_case(PREFIX));
    // Without its prefix, only where no other slash follows.
    let skip =
        |matches: bool, rest_has_slash: bool| if matches && !rest_has_slash { PREFIX.len() } else { 0 };
    let expected_skip =
        skip(short(expected), expected.get(PREFIX.len()..).is_some_and(|rest| rest.contains('/')));
    let prefixed = received.chars().take(PREFIX.len()).map(|c| c.to_ascii_lowercase()).eq(PREFIX.chars());
    let received_skip = skip(prefixed, received.chars().skip(PREFIX.len()).any(|c| c == '/'));
    received
        .chars()
        .skip(received_skip)
        .map(|c| c.to_ascii_lowercase())
        .eq(expected.chars().skip(expected_skip).map(|c| c.to_ascii_lowercase()))
}

/// What a header that is written says besides `alg` and `enc`, which come from the key and the call.
///
/// ```
/// use jose_jwk::header::Header;
/// let header = Header { typ: Some("JWT"), kid: Some("key-1"), ..Header::default() };
/// # let _ = header;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<'a> {
    /// `typ`, the media type of the whole message.
    pub typ: Option<&'a str>,
    /// `cty`, the media type of the payload.
    pub cty: Option<&'a str>,
    /// `kid`. Where it is absent, the key's own is written, if it has one.
    pub kid: Option<&'a str>,
    /// Further parameters, as the text of a JSON object.
    pub members: Option<&'a str>,
}

impl Header<'_> {
    /// Writes the header's text: `first` (`alg`, for a JWE `enc` too), then the rest, in the order of the fields.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where `members` is not a strict JSON object or the buffer is too small;
    /// [`Error::Invalid`] with the name of a parameter that would stand twice or has the wrong JSON type; the
    /// `Crit…` variants where `members` holds a `crit` that no recipient could accept.
    pub fn write<W: Write>(&self, first: &[(&'static str, &str)], out: &mut W) -> Result<(), Error> {
        let mut writer = ObjectWriter::new(out)?;
        for (name, value) in first {
            writer.string(name, value)?;
        }
        let named = [("typ", self.typ), ("cty", self.cty), ("kid", self.kid)];
        for (name, value) in named {
            if let Some(value) = value {
                writer.string(name, value)?;
            }
        }
        if let Some(text) = self.members {
            let members = JoseHeader::parse(text.as_bytes())?;
            for (name, _) in named.iter().filter(|(_, value)| value.is_some()) {
                if members.get(name).is_some() {
                    return Err(Error::Invalid(name));
                }
            }
            for (name, _) in first {
                if members.get(name).is_some() {
                    return Err(Error::Invalid(name));
                }
            }
            members.check_crit_as_written()?;
            for (name, value) in members.iter() {
                writer.member(name, value)?;
            }
        }
        Ok(writer.finish()?)
    }
}
