#[cfg(feature = "alloc")]
use alloc::borrow::Cow;
use core::{cmp::Ordering, fmt};

/// A string of a checked JSON text.
///
/// Compares as what it says, whatever its spelling; orders by Unicode scalar values, which is the
/// order of its UTF-8 bytes. It may hold a secret: `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct Str<'a> {
    /// Between the quotation marks.
    raw: &'a str,
}

impl<'a> Str<'a> {
    pub(super) const fn of_checked(raw: &'a str) -> Self {
        Self { raw }
    }

    /// The text between the quotation marks, as it is spelled.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// What the string says, if it is spelled without escapes.
    #[must_use]
    pub fn as_plain(self) -> Option<&'a str> {
        if self.raw.contains('\\') { None } else { Some(self.raw) }
    }

    /// The characters that the string says.
    pub fn chars(self) -> impl Iterator<Item = char> + Clone + use<'a> {
        Chars::new(self.raw)
    }

    /// What the string says: borrowed if it is spelled without escapes.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_cow(self) -> Cow<'a, str> {
        self.as_plain().map_or_else(|| Cow::Owned(self.chars().collect()), Cow::Borrowed)
    }
}

impl PartialEq for Str<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Str<'_> {}

impl PartialEq<str> for Str<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        // Each escape is longer than what it says, so that the lengths tell which spelling is possible.
        match self.raw.len().cmp(&other.len()) {
            Ordering::Less => false,
            Ordering::Equal => self.raw == other && !self.raw.contains('\\'),
            Ordering::Greater => self.raw.contains('\\') && self.chars().eq(other.chars()),
        }
    }
}

#[cfg(feature = "alloc")]
impl PartialEq<alloc::string::String> for Str<'_> {
    fn eq(&self, other: &alloc::string::String) -> bool {
        *self == **other
    }
}

impl PartialEq<&str> for Str<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialOrd for Str<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.as_plain(), other.as_plain()) {
            (Some(own), Some(other)) => own.cmp(other),
            _ => self.chars().cmp(other.chars()),
        }
    }
}

/// Writes the content, with its escapes resolved.
impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        match self.as_plain() {
            Some(plain) => f.write_str(plain),
            None => self.chars().try_for_each(|character| f.write_char(character)),
        }
    }
}

impl fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Str(..)")
    }
}

/// The characters that a [`Str`] says, in order.
#[derive(Clone)]
pub(super) struct Chars<'a> {
    rest: core::str::Chars<'a>,
}

impl<'a> Chars<'a> {
    /// Of a text that begins inside of a string. It ends where the string does.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.chars() }
    }

    fn escape(&mut self) -> Option<char> {
        match self.rest.next()? {
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => {
                let unit = self.code_unit()?;
                if !(0xd800..0xdc00).contains(&unit) {
                    return char::from_u32(unit);
                }
                // The first half of a surrogate pair: `\u` and the second follow.
                self.rest.nth(1)?;
                let low = self.code_unit()?.checked_sub(0xdc00)?;
                char::from_u32(0x1_0000 + ((unit - 0xd800) << 10 | low))
            }
            itself => Some(itself),
        }
    }

    fn code_unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | self.rest.next()?.to_digit(16)?;
        }
        Some(unit)
    }
}

impl Iterator for Chars<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        match self.rest.next()? {
            '"' => {
                self.rest = "".chars();
                None
            }
            '\\' => self.escape(),
            character => Some(character),
        }
    }
}
