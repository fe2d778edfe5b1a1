use core::fmt;

/// Why a text was refused, or why an output could not be written.
///
/// Positions are byte offsets from 0. An error holds no part of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// base64url: no bytes encode to this many characters (the length is 1 modulo 4). The text is cut off or damaged.
    Length,
    /// base64url: a character outside the alphabet.
    Character {
        /// The position of the first such character.
        at: usize,
        /// What kind of character it is.
        kind: Foreign,
    },
    /// base64url: the last character carries bits that belong to no byte and are not zero. The text is cut off or
    /// damaged.
    TrailingBits,
    /// The text is not standard base64 with padding.
    Base64,
    /// The caller's buffer is shorter than the output.
    BufferTooSmall,
    /// The input is longer than this crate can count or the caller allows.
    TooLong,
    /// JSON: the text is not UTF-8.
    Utf8,
    /// JSON: the text starts with a byte order mark, which RFC 8259 section 8.1 forbids.
    ByteOrderMark,
    /// JSON: the text breaks the grammar of RFC 8259, or ends too early.
    Syntax {
        /// The position at which the text stops being JSON.
        at: usize,
    },
    /// JSON: an escape names half of a surrogate pair.
    Surrogate,
    /// JSON: something other than white space follows the value.
    TrailingCharacters,
    /// JSON: an object has two members of the same name.
    DuplicateMember,
    /// JSON: arrays and objects are nested deeper than allowed.
    Depth,
    /// JSON: the open objects have more members than can be compared without a heap.
    TooManyMembers,
    /// JSON: the value is not an object.
    NotAnObject,
}

/// The kinds of characters that are not in the base64url alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// `=`, which base64url in JOSE omits (RFC 7515 section 2).
    Padding,
    /// `+` or `/`, of the standard base64 alphabet.
    Base64,
    /// A space, a tab or a line end.
    WhiteSpace,
    /// The first byte of a UTF-8 byte order mark.
    ByteOrderMark,
    /// Any other character.
    Other,
}

impl Foreign {
    /// The kind of a character that is not in the alphabet.
    pub(crate) const fn of(character: u8) -> Self {
        match character {
            b'=' => Self::Padding,
            b'+' | b'/' => Self::Base64,
            b' ' | b'\t' | b'\r' | b'\n' => Self::WhiteSpace,
            _ => Self::Other,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Padding => "is padding (`=`), which JOSE omits",
            Self::Base64 => "is of standard base64 (`+` or `/`), not of base64url",
            Self::WhiteSpace => "is white space",
            Self::ByteOrderMark => "is a byte order mark",
            Self::Other => "is not of the base64url alphabet",
        }
    }
}

impl Error {
    /// A stable name of the error, in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "length",
                "the base64url text is cut off or damaged, or something stands around it: no bytes encode to this length",
            ),
            Self::Character { .. } => ("character", "a character is not of the base64url alphabet"),
            Self::TrailingBits => {
                ("trailing-bits", "the base64url text is cut off or damaged: its last bits are not zero")
            }
            Self::Base64 => ("base64", "the text is not standard base64 with padding"),
            Self::BufferTooSmall => ("buffer-too-small", "the buffer is too small for the output"),
            Self::TooLong => ("too-long", "the input is too long"),
            Self::Utf8 => ("utf8", "the text is not UTF-8"),
            Self::ByteOrderMark => ("byte-order-mark", "the JSON text starts with a byte order mark"),
            Self::Syntax { .. } => ("syntax", "the text is not JSON"),
            Self::Surrogate => ("surrogate", "the JSON text escapes a lone surrogate"),
            Self::TrailingCharacters => ("trailing-characters", "characters follow the JSON value"),
            Self::DuplicateMember => ("duplicate-member", "two members of a JSON object have the same name"),
            Self::Depth => ("depth", "the JSON text is nested too deep"),
            Self::TooManyMembers => ("too-many-members", "the JSON objects have too many members"),
            Self::NotAnObject => ("not-an-object", "the JSON value is not an object"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { at, kind } => write!(f, "the character at byte {at} {}", kind.as_str()),
            Self::Syntax { at } => write!(f, "{} (at byte {at})", self.row().1),
            _ => f.write_str(self.row().1),
        }
    }
}

impl core::error::Error for Error {}
