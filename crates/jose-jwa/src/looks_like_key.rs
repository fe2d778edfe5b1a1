//! The refusal of bytes as a secret that are a key in a form that may be published.

/// How an OpenSSH or RFC 4716 public key begins.
const SSH: [&str; 5] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2"];

/// What is in every PEM.
const BEGIN: &str = "-----BEGIN ";

/// The fewest bytes of any key in DER: `ECPrivateKey` on a curve of 256 bits with nothing optional.
const MIN_DER_LEN: usize = 39;

/// Whether the bytes look like a key in another form, and not like a secret: PEM, the DER of a key or certificate, a JWK or
/// JWK Set, an OpenSSH key, or one of these in base64 or base64url, each also behind a byte order mark and between white
/// space.
///
/// With the text of a public key as an HMAC secret, anybody who knows the text can sign. Every function that makes a secret
/// of bytes asks this, and is named `dangerous_…` if it does not. Random bytes look so once in 2²⁸ times, and none of
/// 32 bytes do.
#[must_use]
pub fn looks_like_key(bytes: &[u8]) -> bool {
    let text = trimmed(bytes);
    is_key(&Reader::new(bytes, false)) || is_key(&Reader::new(text, false)) || is_base64(text)
}

/// Without white space, byte order marks and quotation marks around it.
fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_around(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_around(*last)
    {
        text = rest;
    }
    text
}

fn is_around(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\xef\xbb\xbf\"'".contains(&byte)
}

/// In base64 or base64url, with or without padding and line ends.
fn is_base64(text: &[u8]) -> bool {
    text.iter().all(|byte| value(*byte).is_some() || is_between(*byte)) && is_key(&Reader::new(text, true))
}

fn is_between(character: u8) -> bool {
    character == b'=' || character.is_ascii_whitespace()
}

fn is_key(bytes: &Reader<'_>) -> bool {
    // Behind white space and a byte order mark.
    let mut text = bytes.clone();
    while text.clone().next().is_some_and(is_around) {
        text.next();
    }
    // The body of an OpenSSH key is a list of strings, each behind its length; the first is its type.
    let mut body = text.clone();
    let is_body = body.by_ref().take(3).eq([0; 3]) && body.next().is_some();
    bytes.contains(BEGIN)
        || SSH.into_iter().any(|prefix| text.starts_with(prefix) || (is_body && body.starts_with(prefix)))
        // A name of the members may be spelled with escapes.
        || ((text.starts_with("{") || text.starts_with("[")) && ["\"kty", "\"keys", "\\u00"].into_iter().any(|part| bytes.contains(part)))
        || is_der(bytes.clone()).unwrap_or(false)
}

fn value(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => character.checked_sub(b'A'),
        b'a'..=b'z' => character.checked_sub(b'a' - 26),
        b'0'..=b'9' => character.checked_add(52 - b'0'),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Bytes as they are, or what they say as base64.
#[derive(Clone)]
struct Reader<'t> {
    text: &'t [u8],
    base64: bool,
    bits: u16,
    held: u8,
}

impl<'t> Reader<'t> {
    fn new(text: &'t [u8], base64: bool) -> Self {
        Self { text, base64, bits: 0, held: 0 }
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.clone().take(prefix.len()).eq(prefix.bytes())
    }

    fn contains(&self, part: &str) -> bool {
        let mut rest = self.clone();
        loop {
            if rest.starts_with(part) {
                return true;
            }
            if rest.next().is_none() {
                return false;
            }
        }
    }
}

impl Iterator for Reader<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            if self.held >= 8 {
                self.held = self.held.saturating_sub(8);
                let [_, byte] = (self.bits >> self.held).to_be_bytes();
                return Some(byte);
            }
            let (byte, rest) = self.text.split_first()?;
            self.text = rest;
            if !self.base64 {
                return Some(*byte);
            }
            if let Some(value) = value(*byte) {
                self.bits = self.bits << 6 | u16::from(value);
                self.held = self.held.saturating_add(6);
            }
        }
    }
}

/// A DER sequence that is as long as it says, or shorter than the bytes by what stands around texts, of two elements or more,
/// of which the first is a sequence or an integer: all structures of keys and certificates begin so.
fn is_der(mut bytes: Reader<'_>) -> Option<bool> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    let (whole, len) = (bytes.clone(), bytes.clone().count());
    let (tag, content, head) = element(&mut bytes)?;
    let own = content.checked_add(head)?;
    if tag != SEQUENCE || own < MIN_DER_LEN || own > len || !whole.skip(own).all(is_around) {
        return Some(false);
    }
    let (mut rest, mut elements) = (content, 0_usize);
    while rest > 0 {
        let (tag, inner, head) = element(&mut bytes)?;
        if elements == 0 && tag != SEQUENCE && tag != INTEGER {
            return Some(false);
        }
        rest = rest.checked_sub(inner.checked_add(head)?)?;
        if let Some(last) = inner.checked_sub(1) {
            bytes.nth(last)?;
        }
        elements = elements.saturating_add(1);
    }
    Some(elements >= 2)
}

/// The head of an element: its tag, the length of its content, and that of the head itself.
fn element(bytes: &mut Reader<'_>) -> Option<(u8, usize, usize)> {
    let (tag, first) = (bytes.next()?, bytes.next()?);
    let more = match first {
        0..=0x7f => return Some((tag, first.into(), 2)),
        0x81..=0x83 => usize::from(first & 0x7f),
        _ => return None,
    };
    let mut len = 0;
    for _ in 0..more {
        len = len << 8 | usize::from(bytes.next()?);
    }
    Some((tag, len, more.saturating_add(2)))
}
