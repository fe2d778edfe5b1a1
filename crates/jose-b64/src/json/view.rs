use super::str::Str;
use super::token::{string_end, value_end, white_end};
use core::fmt;

/// The kinds of JSON values (RFC 8259 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, of any size and precision.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value of a checked JSON text.
///
/// It may hold a secret: `Debug` shows its kind alone.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// Without white space around it.
    raw: &'a str,
}

impl<'a> Value<'a> {
    /// The value of a text that was checked before, without white space around it. Of any other text, what the methods
    /// return is unspecified.
    #[doc(hidden)]
    #[must_use]
    pub const fn assume_checked(text: &'a str) -> Self {
        Self { raw: text }
    }

    pub(super) fn of_checked(text: &'a str) -> Self {
        Self { raw: text.trim_matches([' ', '\t', '\n', '\r']) }
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.raw.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// The text of the value as it was received, without white space around it.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(self) -> Option<Str<'a>> {
        self.raw.strip_prefix('"')?.strip_suffix('"').map(Str::of_checked)
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.raw {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The decimal text of the number, if it is one. It is not rounded to anything.
    #[must_use]
    pub fn as_number(self) -> Option<&'a str> {
        (self.kind() == Kind::Number).then_some(self.raw)
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(self) -> Option<Object<'a>> {
        (self.kind() == Kind::Object).then_some(Object { raw: self.raw })
    }

    /// The array, if it is one.
    #[must_use]
    pub fn as_array(self) -> Option<Array<'a>> {
        (self.kind() == Kind::Array).then_some(Array { raw: self.raw })
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?})", self.kind())
    }
}

/// An object of a checked JSON text. `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    /// With the braces.
    raw: &'a str,
}

/// The object without members.
impl Default for Object<'_> {
    fn default() -> Self {
        Self { raw: "{}" }
    }
}

impl<'a> Object<'a> {
    /// The object of a text that was checked before, without white space around it. Of any other text, what the methods
    /// return is unspecified.
    #[doc(hidden)]
    #[must_use]
    pub const fn assume_checked(text: &'a str) -> Self {
        Self { raw: text }
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.raw.len() <= "{}".len() || self.iter().next().is_none()
    }

    /// The text of the object as it was received, braces included.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// The members in the order of the text. To walk all of them takes one pass over the text.
    pub fn iter(self) -> impl Iterator<Item = (Str<'a>, Value<'a>)> + Clone + use<'a> {
        Members { rest: Rest { text: self.raw, at: 1 } }
    }

    /// The value of the member of this name, in any spelling. Takes one pass over the text.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Value<'a>> {
        self.iter().find_map(|(own, value)| (own == *name).then_some(value))
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object(..)")
    }
}

/// An array of a checked JSON text. `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct Array<'a> {
    /// With the brackets.
    raw: &'a str,
}

impl<'a> Array<'a> {
    /// The text of the array as it was received, brackets included.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// The elements in order. To walk all of them takes one pass over the text.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> + Clone + use<'a> {
        Elements { rest: Rest { text: self.raw, at: 1 } }
    }
}

impl fmt::Debug for Array<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Array(..)")
    }
}

/// The members of an [`Object`], in the order of the text.
#[derive(Clone)]
struct Members<'a> {
    rest: Rest<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Str<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.rest.separator();
        let name = self.rest.string()?;
        self.rest.separator();
        Some((name, self.rest.value()?))
    }
}

/// The elements of an [`Array`], in order.
#[derive(Clone)]
struct Elements<'a> {
    rest: Rest<'a>,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.rest.separator();
        self.rest.value()
    }
}

/// What is left to walk of an array or an object. The text was checked, so that a walk only looks
/// for where things end.
#[derive(Clone)]
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    /// Passes over white space and, if there is one, a comma or a colon.
    fn separator(&mut self) {
        let text = self.text.as_bytes();
        self.at = white_end(text, self.at);
        if let Some(b',' | b':') = text.get(self.at) {
            self.at = white_end(text, self.at + 1);
        }
    }

    /// The string here, or `None` at the end.
    fn string(&mut self) -> Option<Str<'a>> {
        let start = self.at + 1;
        if self.text.as_bytes().get(self.at) != Some(&b'"') {
            return None;
        }
        let end = string_end(self.text.as_bytes(), start)?;
        self.at = end + 1;
        self.text.get(start..end).map(Str::of_checked)
    }

    /// The value here, or `None` at the end.
    fn value(&mut self) -> Option<Value<'a>> {
        let start = self.at;
        let end = value_end(self.text.as_bytes(), start)?;
        self.at = end;
        self.text.get(start..end).map(|raw| Value { raw })
    }
}
