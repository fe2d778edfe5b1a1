use core::fmt;

/// Why a text is refused, or why an output could not be written.
///
/// It says what is wrong and not where: nothing of the text itself is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// base64url: no octets encode to this many characters (the length is 1 modulo 4).
    Length,
    /// base64url: a character outside of the alphabet, padding and white space included.
    Character,
    /// base64url: the last character carries bits that belong to no octet and are not zero.
    TrailingBits,
    /// The caller's buffer is shorter than the output.
    BufferTooSmall,
    /// The length of the input, or of its encoding, exceeds what can be counted here.
    TooLong,
    /// JSON: the text is not UTF-8.
    Utf8,
    /// JSON: the text breaks the grammar of RFC 8259, or ends too early.
    Syntax,
    /// JSON: an escape names half of a surrogate pair.
    Surrogate,
    /// JSON: something other than white space follows the value.
    TrailingCharacters,
    /// JSON: an object has two members of one name.
    DuplicateMember,
    /// JSON: arrays and objects are nested deeper than allowed.
    Depth,
    /// JSON: the open objects have more members than can be compared without a heap.
    TooManyMembers,
    /// JSON: the value is not an object.
    NotAnObject,
}

impl Error {
    /// A stable name of the error, in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => ("length", "no octets have a base64url encoding of this length"),
            Self::Character => ("character", "a character is not of the base64url alphabet"),
            Self::TrailingBits => ("trailing-bits", "the base64url encoding ends in bits that are not zero"),
            Self::BufferTooSmall => ("buffer-too-small", "the buffer is too small for the output"),
            Self::TooLong => ("too-long", "the input is too long"),
            Self::Utf8 => ("utf8", "the JSON text is not UTF-8"),
            Self::Syntax => ("syntax", "the text is not JSON"),
            Self::Surrogate => ("surrogate", "the JSON text escapes a lone surrogate"),
            Self::TrailingCharacters => ("trailing-characters", "characters follow the JSON value"),
            Self::DuplicateMember => ("duplicate-member", "two members of a JSON object have one name"),
            Self::Depth => ("depth", "the JSON text is nested too deep"),
            Self::TooManyMembers => ("too-many-members", "JSON objects have too many members"),
            Self::NotAnObject => ("not-an-object", "the JSON value is not an object"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

impl core::error::Error for Error {}
