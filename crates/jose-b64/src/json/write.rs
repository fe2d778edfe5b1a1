use super::{DEPTH, Object, Str, Value, check_with_depth, token::plain_end};
use crate::{Error, base64url::Encoder};
#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use core::fmt;

/// What JSON text is written to: a [`SliceWriter`], a `String`, a `Vec<u8>`, or the caller's own.
pub trait Write {
    /// Appends text.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`] if there is no room for it.
    fn write(&mut self, text: &str) -> Result<(), Error>;
}

#[cfg(feature = "alloc")]
impl Write for String {
    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.push_str(text);
        Ok(())
    }
}

#[cfg(feature = "alloc")]
impl Write for Vec<u8> {
    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Writes into a buffer of the caller's.
pub struct SliceWriter<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> SliceWriter<'o> {
    /// Starts at the front of a buffer.
    pub const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// What was written so far.
    #[must_use]
    pub fn written(&self) -> &str {
        text(self.out, self.len)
    }

    /// What was written, for as long as the buffer lives.
    #[must_use]
    pub fn finish(self) -> &'o str {
        text(self.out, self.len)
    }
}

/// Only whole texts are written, so this is UTF-8.
fn text(out: &[u8], len: usize) -> &str {
    out.get(..len).and_then(|written| core::str::from_utf8(written).ok()).unwrap_or_default()
}

/// Writes all of a text or, if there is no room for it, nothing.
impl Write for SliceWriter<'_> {
    fn write(&mut self, text: &str) -> Result<(), Error> {
        let room = self.out.get_mut(self.len..).and_then(|rest| rest.get_mut(..text.len()));
        room.ok_or(Error::BufferTooSmall)?.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

impl fmt::Debug for SliceWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SliceWriter({} of {} bytes)", self.len, self.out.len())
    }
}

/// Writes a text as a JSON string, quotation marks included, with no more escapes than RFC 8259 §7
/// asks for: `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`, and `\u00XX` for the other control
/// characters.
///
/// # Errors
///
/// Those of [`Write::write`].
pub fn write_str<W: Write + ?Sized>(out: &mut W, text: &str) -> Result<(), Error> {
    out.write("\"")?;
    write_content(out, text)?;
    out.write("\"")
}

/// Writes what stands between the quotation marks.
fn write_content<W: Write + ?Sized>(out: &mut W, text: &str) -> Result<(), Error> {
    let mut at = 0;
    loop {
        let end = plain_end(text.as_bytes(), at);
        if end - at == text.len() {
            return out.write(text);
        }
        // Only ASCII characters end a run, so both are boundaries of characters.
        out.write(text.get(at..end).unwrap_or_default())?;
        match text.as_bytes().get(end) {
            Some(octet) => write_escape(out, *octet)?,
            None => return Ok(()),
        }
        at = end + 1;
    }
}

fn write_escape<W: Write + ?Sized>(out: &mut W, octet: u8) -> Result<(), Error> {
    out.write(match octet {
        b'"' => r#"\""#,
        b'\\' => r"\\",
        0x08 => r"\b",
        0x0c => r"\f",
        b'\n' => r"\n",
        b'\r' => r"\r",
        b'\t' => r"\t",
        _ => {
            out.write(r"\u00")?;
            let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
            out.write(digit(octet >> 4).encode_utf8(&mut [0; 4]))?;
            return out.write(digit(octet & 0xf).encode_utf8(&mut [0; 4]));
        }
    })
}

/// Writes one JSON object, member by member, without white space.
///
/// It does not remember the names: who builds an object from names that others choose sees to it
/// that none comes twice.
///
/// ```
/// use jose_b64::json::{ObjectWriter, SliceWriter};
///
/// fn main() -> Result<(), jose_b64::Error> {
///     let mut buffer = [0; 64];
///     let mut out = SliceWriter::new(&mut buffer);
///     let mut header = ObjectWriter::new(&mut out)?;
///     header.string("alg", "ES256")?.bool("b64", false)?.string_array("crit", ["b64"])?;
///     header.finish()?;
///     assert_eq!(out.finish(), r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#);
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Each method gives back those of [`Write::write`]. What was written before an error stays
/// written, and is no JSON text.
#[must_use = "`finish` writes the closing brace"]
pub struct ObjectWriter<'w, W: Write + ?Sized> {
    out: &'w mut W,
    is_empty: bool,
}

impl<'w, W: Write + ?Sized> ObjectWriter<'w, W> {
    /// Writes the opening brace.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn new(out: &'w mut W) -> Result<Self, Error> {
        out.write("{")?;
        Ok(Self { out, is_empty: true })
    }

    /// Writes a member with a string.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn string(&mut self, name: &str, value: &str) -> Result<&mut Self, Error> {
        self.begin(name, "\":\"")?;
        write_content(self.out, value)?;
        self.out.write("\"")?;
        Ok(self)
    }

    /// Writes a member with a whole number.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn number(&mut self, name: &str, value: i64) -> Result<&mut Self, Error> {
        self.name(name)?;
        self.out.write(itoa::Buffer::new().format(value))?;
        Ok(self)
    }

    /// Writes a member with a truth value.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn bool(&mut self, name: &str, value: bool) -> Result<&mut Self, Error> {
        self.name(name)?;
        self.out.write(if value { "true" } else { "false" })?;
        Ok(self)
    }

    /// Writes a member with an array of strings.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn string_array<'s>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = &'s str>,
    ) -> Result<&mut Self, Error> {
        self.name(name)?;
        let mut separator = "[";
        for value in values {
            self.out.write(separator)?;
            write_str(self.out, value)?;
            separator = ",";
        }
        self.out.write(if separator == "[" { "[]" } else { "]" })?;
        Ok(self)
    }

    /// Writes a member with the base64url of public bytes, as a string. That of secret bytes is
    /// encoded by [`encode_secret`](crate::base64url::encode_secret) and written as a string.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn base64url(&mut self, name: &str, octets: &[u8]) -> Result<&mut Self, Error> {
        self.name(name)?;
        self.out.write("\"")?;
        let mut result = Ok(());
        let mut encoder = Encoder::new();
        let mut sink = |text: &str| result = result.and_then(|()| self.out.write(text));
        encoder.update(octets, &mut sink);
        encoder.finish(&mut sink);
        result?;
        self.out.write("\"")?;
        Ok(self)
    }

    /// Writes a member with a value of a checked text, as it is spelled there.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn value(&mut self, name: &str, value: Value<'_>) -> Result<&mut Self, Error> {
        self.name(name)?;
        self.out.write(value.raw())?;
        Ok(self)
    }

    /// Writes a member of a checked text, its name and value as they are spelled there.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn member(&mut self, name: Str<'_>, value: Value<'_>) -> Result<&mut Self, Error> {
        self.separate()?;
        self.out.write("\"")?;
        self.out.write(name.raw())?;
        self.out.write("\":")?;
        self.out.write(value.raw())?;
        Ok(self)
    }

    /// Writes all members of an object of a checked text, as they are spelled there.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn members(&mut self, object: Object<'_>) -> Result<&mut Self, Error> {
        let members =
            object.raw().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
        if object.iter().next().is_some() {
            self.separate()?;
            self.out.write(members)?;
        }
        Ok(self)
    }

    /// Writes a member with a JSON text of the caller's, as it is spelled, once it is checked: as
    /// [`check`](super::check) does, one level less deep, for the level that this object is.
    ///
    /// # Errors
    ///
    /// Those of [`check`](super::check), and then nothing is written; those of [`Write::write`].
    pub fn raw(&mut self, name: &str, text: &str) -> Result<&mut Self, Error> {
        let text = check_with_depth(text.as_bytes(), DEPTH - 1)?;
        self.value(name, Value::of_checked(text))
    }

    /// Starts a member with an object, which is to be finished before this one goes on.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn object(&mut self, name: &str) -> Result<ObjectWriter<'_, W>, Error> {
        self.name(name)?;
        ObjectWriter::new(self.out)
    }

    /// Writes the closing brace.
    ///
    /// # Errors
    ///
    /// Those of [`Write::write`].
    pub fn finish(self) -> Result<(), Error> {
        self.out.write("}")
    }

    fn separate(&mut self) -> Result<(), Error> {
        self.out.write(if self.is_empty { "" } else { "," })?;
        self.is_empty = false;
        Ok(())
    }

    #[inline]
    fn name(&mut self, name: &str) -> Result<(), Error> {
        self.begin(name, "\":")
    }

    /// What separates members, the name with its quotation mark before it, and what stands after it.
    #[inline]
    fn begin(&mut self, name: &str, after: &str) -> Result<(), Error> {
        // Of a known length each, so that they are written without a call.
        if self.is_empty { self.out.write("\"") } else { self.out.write(",\"") }?;
        self.is_empty = false;
        write_content(self.out, name)?;
        self.out.write(after)
    }
}

impl<W: Write + ?Sized> fmt::Debug for ObjectWriter<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectWriter").finish_non_exhaustive()
    }
}
