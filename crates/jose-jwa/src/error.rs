use core::error::Error;
use core::fmt;

/// A text is not a name of the registry.
///
/// Names are compared byte for byte: a different letter case or surrounding white space makes a different name (RFC 7515
/// section 4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownName {
    /// What the names of the registry are called, such as `JWS algorithm`.
    pub registry: &'static str,
}

impl UnknownName {
    /// A stable name for the kind of error, in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "unknown-name"
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text is not the name of a {}", self.registry)
    }
}

impl Error for UnknownName {}
