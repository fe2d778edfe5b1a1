use core::fmt;
use core::time::Duration;

use jose_jwa::errors;

errors! {
    /// Why keys could not be had, or a token was not accepted.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        /// The token was refused, or could not be verified: see [`jose_jwt::Error::is_refusal`].
        Token(error: jose_jwt::Error) from error => error.code(), "{error}";
        /// There are no keys that may still be used, and they could not be fetched. Holds why the last fetch failed.
        KeysUnavailable {
            /// When the next fetch is due.
            retry_after: Duration,
            /// Why the last fetch failed.
            cause: Option<Box<Error>>,
        } => "keys-unavailable", "the issuer's keys are not available{}", Cause(cause.as_deref());
        /// The text is not an absolute URL, or has a fragment or a user name, or a query where that may not be.
        Url => "url", "this is not an absolute URL without user name, fragment, and for an issuer or resource, query";
        /// The URL is not `https`.
        UrlInsecure => "url-insecure",
            "the URL is not https (`FetchPolicy::allow_http_loopback` takes http of this machine)";
        /// The client could not fetch: it got no answer, not in time, or not all of it.
        Fetch(error: FetchError) from error => "fetch", "the fetch failed: {error}";
        /// The server answered with another status than the expected one.
        Status {
            /// The status.
            found: u16,
            /// `Retry-After`, if it was there.
            retry_after: Option<Duration>,
        } => "http-status", "the server answered with status {found}";
        /// The server redirects to another origin, or too often.
        Redirect => "redirect", "the server redirects to another origin or too often";
        /// The answer is not JSON by its `Content-Type`.
        ContentType => "content-type",
            "the answer's Content-Type is not JSON (`FetchPolicy::allow_any_content_type` takes others)";
        /// The answer is longer than allowed.
        BodyTooLong {
            /// The maximum length, in bytes.
            max: usize,
        } => "body-too-long", "the answer is longer than {max} bytes";
        /// The answer is no key set.
        KeySet(error: jose_jwt::jwk::Error) from error => error.code(), "the key set: {error}";
        /// No key of the set can be used with an allowed algorithm, or the algorithms cannot be used with remote keys.
        Keys(error: jose_jwt::jws::Error) from error => error.code(), "the key set: {error}";
        /// A symmetric algorithm is allowed. A secret is not published.
        Symmetric => "symmetric", "a symmetric algorithm cannot be used with published keys";
        /// The discovery document is not strict JSON, or a member is missing or wrong. Holds what.
        Metadata(what: String) => "metadata", "the discovery document: {what}";
        /// The discovery document is that of another issuer. Both texts must be equal, a slash at the end included.
        IssuerMismatch {
            /// The issuer that was asked for.
            expected: String,
            /// The issuer of the document.
            found: String,
        } => "issuer-mismatch", "the discovery document is that of {found:?}, not of {expected:?}";
        /// None of the allowed algorithms is among those that the issuer publishes.
        NoCommonAlgorithm {
            /// What the issuer publishes.
            published: Vec<String>,
        } => "no-common-algorithm", "the issuer publishes other algorithms than those allowed: {}",
            published.join(", ");
        /// A resource server has no issuer whose tokens it accepts.
        IssuerMissing => "issuer-missing", "the server accepts no issuer: `issuer` or `keys` names one";
        /// An issuer is named twice.
        IssuerRepeated {
            /// The issuer.
            issuer: String,
        } => "issuer-repeated", "the issuer {issuer:?} is named twice";
        /// A scope is not of the characters that RFC 6749 section 3.3 allows.
        ScopeInvalid {
            /// The scope.
            scope: String,
        } => "scope-invalid", "{scope:?} is not a scope: letters, digits and signs but quotes, backslash and space";
        /// The token names an issuer that is not among those of [`Issuers`](crate::Issuers), or none.
        IssuerUnknown => "issuer-unknown", "the token names none of the issuers that are accepted here";
    }
}

impl Error {
    /// Whether the token was refused. Otherwise it could not be verified: a server answers the first with 401, the second
    /// with 503.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Token(error) => error.is_refusal(),
            Self::IssuerUnknown => true,
            _ => false,
        }
    }

    /// When to try again, if the server or the cache says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::KeysUnavailable { retry_after, .. } => Some(*retry_after),
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// Why, after a colon.
struct Cause<'e>(Option<&'e Error>);

impl fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

impl From<jose_jwt::Error> for Error {
    fn from(error: jose_jwt::Error) -> Self {
        Self::Token(error)
    }
}

impl From<FetchError> for Error {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

/// Why a client has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The body is longer than allowed.
    TooLong {
        /// The maximum length, in bytes.
        max: usize,
    },
    /// The time was over.
    TimedOut,
    /// Anything else, in the client's words.
    Client(String),
}

impl FetchError {
    /// Takes the client's error, with those that it was caused by.
    pub fn client(error: &(dyn core::error::Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        Self::Client(text)
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { max } => write!(f, "the body is longer than {max} bytes"),
            Self::TimedOut => f.write_str("the time was over"),
            Self::Client(text) => f.write_str(text),
        }
    }
}

impl core::error::Error for FetchError {}
