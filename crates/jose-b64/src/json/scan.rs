//! The scanner: one pass over a text, without recursion.

use super::names::Names;
use super::token::{plain_end, white_end};
use crate::Error;

/// The arrays and objects that are open: one bit each, the innermost lowest, set for an object.
struct Open {
    kinds: u128,
    depth: u8,
    allowed: u8,
}

impl Open {
    fn enter(&mut self, is_object: bool) -> Result<(), Error> {
        if self.depth >= self.allowed {
            return Err(Error::Depth);
        }
        self.depth += 1;
        self.kinds = self.kinds << 1 | u128::from(is_object);
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.kinds >>= 1;
    }

    /// Whether the innermost is an object.
    fn in_object(&self) -> bool {
        self.kinds & 1 == 1
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// Is told the members of the outermost object, as they are spelled: the name between its quotation marks, and the value.
pub(super) type Visit<'v, 't> = &'v mut dyn FnMut(&'t str, &'t str);

/// Checks a text, of at most 2³² − 1 bytes, for everything but its UTF-8. A depth beyond
/// [`MAX_DEPTH`](super::MAX_DEPTH) is not to be asked for.
pub(super) fn scan<'t>(
    text: &'t str,
    depth: usize,
    names: &mut Names,
    visit: Visit<'_, 't>,
) -> Result<(), Error> {
    let mut scanner = Scanner { text, at: 0 };
    // The name of a member of the outermost object, and where its value begins.
    let mut member = None;
    let mut value = 0;
    let mut open = Open { kinds: 0, depth: 0, allowed: u8::try_from(depth).map_err(|_| Error::Depth)? };
    loop {
        // Here a value begins. One that is complete falls through, as does an array or an object
        // at whose end the scanner stands.
        let token = scanner.token()?;
        if open.depth == 1 {
            value = scanner.at;
        }
        match token {
            b'{' => {
                scanner.at += 1;
                open.enter(true)?;
                if scanner.token()? != b'}' {
                    scanner.member(open.depth, names, &mut member)?;
                    continue;
                }
            }
            b'[' => {
                scanner.at += 1;
                open.enter(false)?;
                if scanner.token()? != b']' {
                    continue;
                }
            }
            b'"' => {
                scanner.string()?;
            }
            b'-' | b'0'..=b'9' => scanner.number()?,
            b't' => scanner.literal("true")?,
            b'f' => scanner.literal("false")?,
            b'n' => scanner.literal("null")?,
            _ => return Err(scanner.syntax()),
        }
        // Here a value has ended: what it stands in goes on or ends as well.
        loop {
            if open.depth == 0 {
                let end = white_end(text.as_bytes(), scanner.at);
                return if end == text.len() { Ok(()) } else { Err(Error::TrailingCharacters) };
            }
            if open.depth == 1
                && let Some(name) = member.take()
            {
                visit(name, text.get(value..scanner.at).unwrap_or_default());
            }
            let token = scanner.token()?;
            scanner.at += 1;
            match (token, open.in_object()) {
                (b',', true) => {
                    scanner.member(open.depth, names, &mut member)?;
                    break;
                }
                (b',', false) => break,
                (b'}', true) => {
                    names.close(text, open.depth)?;
                    open.leave();
                }
                (b']', false) => open.leave(),
                _ => {
                    scanner.at -= 1;
                    return Err(scanner.syntax());
                }
            }
        }
    }
}

impl<'t> Scanner<'t> {
    /// The text is not JSON from here on.
    fn syntax(&self) -> Error {
        // An escape that is cut off is looked at beyond the end.
        Error::Syntax { at: self.at.min(self.text.len()) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space, and looks at the byte after it.
    fn token(&mut self) -> Result<u8, Error> {
        self.at = white_end(self.text.as_bytes(), self.at);
        self.peek().ok_or(self.syntax())
    }

    fn expect(&mut self, octet: u8) -> Result<(), Error> {
        if self.peek() != Some(octet) {
            return Err(self.syntax());
        }
        self.at += 1;
        Ok(())
    }

    /// A member's name with the colon after it. Notes that of a member of the outermost object.
    fn member(&mut self, depth: u8, names: &mut Names, member: &mut Option<&'t str>) -> Result<(), Error> {
        self.token()?;
        let start = self.at + 1;
        let escaped = self.string()?;
        // With the closing quotation mark.
        let name = self.text.as_bytes().get(start..self.at).unwrap_or_default();
        names.add(self.text, depth, start, name, escaped)?;
        if depth == 1 {
            *member = self.text.get(start..self.at - 1);
        }
        self.token()?;
        self.expect(b':')
    }

    /// A string. Gives back whether it has escapes.
    fn string(&mut self) -> Result<bool, Error> {
        self.expect(b'"')?;
        let mut escaped = false;
        loop {
            self.at = plain_end(self.text.as_bytes(), self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                    escaped = true;
                }
                _ => return Err(self.syntax()),
            }
        }
    }

    /// What follows a reverse solidus.
    fn escape(&mut self) -> Result<(), Error> {
        let kind = self.peek();
        self.at += 1;
        match kind {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => match self.code_unit()? {
                0xd800..=0xdbff => {
                    // Its second half follows, or it is alone.
                    if !self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
                        return Err(Error::Surrogate);
                    }
                    self.at += 2;
                    match self.code_unit()? {
                        0xdc00..=0xdfff => Ok(()),
                        _ => Err(Error::Surrogate),
                    }
                }
                0xdc00..=0xdfff => Err(Error::Surrogate),
                _ => Ok(()),
            },
            _ => Err(self.syntax()),
        }
    }

    /// Four hexadecimal digits.
    fn code_unit(&mut self) -> Result<u32, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|octet| char::from(octet).to_digit(16));
            unit = unit << 4 | digit.ok_or(self.syntax())?;
            self.at += 1;
        }
        Ok(unit)
    }

    fn literal(&mut self, name: &str) -> Result<(), Error> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(name.as_bytes()) {
            return Err(self.syntax());
        }
        self.at += name.len();
        Ok(())
    }

    /// RFC 8259 §6. What may not follow a number is found out by whoever goes on.
    fn number(&mut self) -> Result<(), Error> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// One or more.
    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax()) } else { Ok(()) }
    }
}
