//! The JOSE header (RFC 7515 section 4, RFC 7516 section 4): as received, and as written.

mod crit;
mod error;
mod index;
#[cfg(feature = "alloc")]
mod parameters;
mod write;

use core::fmt;

use jose_b64::json::{self, Kind, Object, Str, Value};

pub use error::HeaderError;
pub use index::HeaderIndex;
#[cfg(feature = "alloc")]
pub use parameters::Parameters;
pub use write::Header;

/// The maximum length of a header's JSON text, in bytes.
pub const MAX_HEADER_LEN: usize = 16 * 1024;

/// The JSON type of a parameter that RFC 7515, RFC 7516 or RFC 7518 defines.
///
/// `crit` may name none of them (RFC 7515 section 4.1.11).
fn registered(name: &str) -> Option<(&'static str, Kind)> {
    Some(match name {
        "alg" => ("alg", Kind::String),
        "apu" => ("apu", Kind::String),
        "apv" => ("apv", Kind::String),
        "crit" => ("crit", Kind::Array),
        "cty" => ("cty", Kind::String),
        "enc" => ("enc", Kind::String),
        "epk" => ("epk", Kind::Object),
        "iv" => ("iv", Kind::String),
        "jku" => ("jku", Kind::String),
        "jwk" => ("jwk", Kind::Object),
        "kid" => ("kid", Kind::String),
        "p2c" => ("p2c", Kind::Number),
        "p2s" => ("p2s", Kind::String),
        "tag" => ("tag", Kind::String),
        "typ" => ("typ", Kind::String),
        "x5c" => ("x5c", Kind::Array),
        "x5t" => ("x5t", Kind::String),
        "x5t#S256" => ("x5t#S256", Kind::String),
        "x5u" => ("x5u", Kind::String),
        "zip" => ("zip", Kind::String),
        _ => return None,
    })
}

/// The registered parameter that a member's name is, in whatever spelling.
fn registered_str(name: Str<'_>) -> Option<(&'static str, Kind)> {
    /// The longest registered name.
    const MAX_NAME_LEN: usize = 8;
    if let Some(plain) = name.as_plain() {
        return registered(plain);
    }
    let mut buffer = [0; MAX_NAME_LEN];
    let mut len = 0_usize;
    for character in name.chars() {
        let place = buffer.get_mut(len..)?.get_mut(..character.len_utf8())?;
        len = len.saturating_add(character.encode_utf8(place).len());
    }
    registered(core::str::from_utf8(buffer.get(..len)?).ok()?)
}

/// A received JOSE header: one strict JSON object whose registered parameters have the right JSON types.
///
/// Its contents are not to be trusted before the message is verified. The default is a header without parameters.
#[derive(Clone, Copy)]
pub struct JoseHeader<'a> {
    text: &'a str,
    index: HeaderIndex,
}

impl<'a> JoseHeader<'a> {
    /// A header without parameters.
    pub const EMPTY: Self = Self { text: "{}", index: HeaderIndex::EMPTY };

    /// Parses the JSON text of a header.
    ///
    /// # Errors
    ///
    /// - [`HeaderError::TooLong`] over [`MAX_HEADER_LEN`] bytes
    /// - [`HeaderError::Encoding`] if the text is not one strict JSON object
    /// - [`HeaderError::Invalid`] if a registered parameter has the wrong JSON type
    /// - [`HeaderError::CritMalformed`] if `crit` is not an array
    pub fn parse(text: &'a [u8]) -> Result<Self, HeaderError> {
        if text.len() > MAX_HEADER_LEN {
            return Err(HeaderError::TooLong);
        }
        let mut index = Ok(HeaderIndex::EMPTY);
        let object = json::parse_members(text, json::DEPTH, |name, value| {
            if let Ok(found) = &mut index
                && let Err(error) = found.member(text, name, value)
            {
                index = Err(error);
            }
        })?;
        if object.raw().len() < text.len() {
            // White space before it, which the places do not count.
            return Self::from_object(object);
        }
        Ok(Self { text: object.raw(), index: index? })
    }

    /// Like [`parse`](Self::parse), for an object within a parsed JSON text, such as the `header` member of a JSON
    /// serialization.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), except for [`HeaderError::Encoding`].
    pub fn from_object(object: Object<'a>) -> Result<Self, HeaderError> {
        let text = object.raw();
        if text.len() > MAX_HEADER_LEN {
            return Err(HeaderError::TooLong);
        }
        let mut index = HeaderIndex::EMPTY;
        for (name, value) in object.iter() {
            index.member(text.as_bytes(), name, value)?;
        }
        Ok(Self { text, index })
    }

    /// The JSON text as it was received.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Where this header's parameters are in its text, to keep beside a buffer that holds the text.
    #[must_use]
    pub const fn index(&self) -> HeaderIndex {
        self.index
    }

    /// `alg`.
    #[must_use]
    pub fn alg(&self) -> Option<Str<'a>> {
        self.index.alg.within(self.text)?.as_str()
    }

    /// `enc` (RFC 7516 section 4.1.2).
    #[must_use]
    pub fn enc(&self) -> Option<Str<'a>> {
        self.index.enc.within(self.text)?.as_str()
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<Str<'a>> {
        self.index.kid.within(self.text)?.as_str()
    }

    /// `typ`.
    #[must_use]
    pub fn typ(&self) -> Option<Str<'a>> {
        self.index.typ.within(self.text)?.as_str()
    }

    /// `cty`.
    #[must_use]
    pub fn cty(&self) -> Option<Str<'a>> {
        self.index.cty.within(self.text)?.as_str()
    }

    /// `b64` (RFC 7797 section 3), of whatever type.
    #[must_use]
    pub fn b64(&self) -> Option<Value<'a>> {
        self.index.b64.within(self.text)
    }

    /// The parameter with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        if self.text.len() <= "{}".len() {
            return None;
        }
        match self.index.of(name) {
            Some(place) => place.within(self.text),
            None => self.object().get(name),
        }
    }

    /// The parameters in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Str<'a>, Value<'a>)> + use<'a> {
        self.object().iter()
    }

    /// Whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.object().is_empty()
    }

    /// The object, which was checked when the header was parsed.
    fn object(&self) -> Object<'a> {
        Object::assume_checked(self.text)
    }

    /// Whether `typ` is this media type, ignoring case and with or without `application/` on either side (RFC 7515
    /// section 4.1.9). Returns `false` if there is no `typ`.
    #[must_use]
    pub fn is_typ(&self, expected: &str) -> bool {
        self.typ().is_some_and(|typ| is_media_type(typ, expected))
    }

    /// Like [`is_typ`](Self::is_typ), for `cty` (RFC 7515 section 4.1.10).
    #[must_use]
    pub fn is_cty(&self, expected: &str) -> bool {
        self.cty().is_some_and(|cty| is_media_type(cty, expected))
    }
}

impl HeaderIndex {
    /// Checks a member of a header's text, and notes where it is.
    fn member(&mut self, text: &[u8], name: Str<'_>, value: Value<'_>) -> Result<(), HeaderError> {
        let Some((name, kind)) = registered_str(name) else {
            if name == "b64" {
                self.note("b64", text, value);
            }
            return Ok(());
        };
        if value.kind() != kind {
            return Err(if name == "crit" { HeaderError::CritMalformed } else { HeaderError::Invalid(name) });
        }
        if name == "x5c"
            && value.as_array().is_some_and(|list| list.iter().any(|item| item.as_str().is_none()))
        {
            return Err(HeaderError::Invalid(name));
        }
        self.note(name, text, value);
        Ok(())
    }

    /// The header that was parsed from this text. `text` must be the same bytes as then; of any others, the result is
    /// unspecified.
    #[must_use]
    pub fn view<'a>(&self, text: &'a [u8]) -> JoseHeader<'a> {
        match core::str::from_utf8(text) {
            Ok(text) if !text.is_empty() => JoseHeader { text, index: *self },
            // Only a parsed header has an index, and what was parsed is UTF-8 and not empty.
            _ => JoseHeader::EMPTY,
        }
    }
}

impl Default for JoseHeader<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Shows the text.
impl fmt::Debug for JoseHeader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

fn is_media_type(received: Str<'_>, expected: &str) -> bool {
    const PREFIX: &str = "application/";
    let short = |text: &str| text.get(..PREFIX.len()).is_some_and(|head| head.eq_ignore_ascii_case(PREFIX));
    // Without its prefix, but only if no other slash follows.
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
