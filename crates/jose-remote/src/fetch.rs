//! Fetching, and what is allowed there, whatever the HTTP client.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "ureq")]
mod ureq;

use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::time::{Instant, SystemTime};

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, IF_NONE_MATCH, LOCATION};
use http::{Response, StatusCode};

#[cfg(feature = "reqwest")]
pub use self::reqwest::Reqwest;
#[cfg(feature = "ureq")]
pub use self::ureq::Ureq;

use crate::error::{Error, FetchError};
use crate::freshness::{Freshness, retry_after};
use crate::url::Url;

/// An answer: status, headers and the whole body.
pub type FetchResponse = Response<Vec<u8>>;

/// Makes HTTP requests: a client of the caller's. Its futures may be bound to a thread; those of [`FetchSend`] are not.
///
/// It does not follow redirects, gives up after [`FetchRequest::timeout`], and stops reading a body that is longer than
/// [`FetchRequest::max_len`]. What an answer means is not its concern.
pub trait Fetch {
    /// Sends a `GET` request, and returns the answer with whatever status.
    ///
    /// # Errors
    ///
    /// [`FetchError`] if there is no answer, or not the whole of it within the limits.
    fn fetch(&self, request: &FetchRequest) -> impl Future<Output = Result<FetchResponse, FetchError>>;
}

/// Like [`Fetch`], for servers whose tasks move between threads. What implements it implements [`Fetch`] too.
pub trait FetchSend: Send + Sync {
    /// See [`Fetch::fetch`].
    ///
    /// # Errors
    ///
    /// Those of [`Fetch::fetch`].
    fn fetch(&self, request: &FetchRequest)
    -> impl Future<Output = Result<FetchResponse, FetchError>> + Send;
}

/// A [`FetchSend`] whose type is not known: see [`RemoteKeys::shared`](crate::RemoteKeys::shared). Every `FetchSend` is one.
pub trait AnyFetch: Send + Sync {
    #[doc(hidden)]
    fn fetch_any<'f>(&'f self, request: &'f FetchRequest) -> AnyFuture<'f>;
}

/// What [`AnyFetch`] returns.
pub(crate) type AnyFuture<'f> = Pin<Box<dyn Future<Output = Result<FetchResponse, FetchError>> + Send + 'f>>;

impl<T: FetchSend> AnyFetch for T {
    fn fetch_any<'f>(&'f self, request: &'f FetchRequest) -> AnyFuture<'f> {
        Box::pin(FetchSend::fetch(self, request))
    }
}

impl FetchSend for dyn AnyFetch + '_ {
    async fn fetch(&self, request: &FetchRequest) -> Result<FetchResponse, FetchError> {
        self.fetch_any(request).await
    }
}

impl<T: FetchSend + ?Sized> Fetch for T {
    fn fetch(&self, request: &FetchRequest) -> impl Future<Output = Result<FetchResponse, FetchError>> {
        FetchSend::fetch(self, request)
    }
}

/// A `GET` request.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    url: Url,
    headers: HeaderMap,
    timeout: Duration,
    max_len: usize,
}

impl FetchRequest {
    /// The absolute URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// `Accept`, and `If-None-Match` if an answer is at hand.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The time for the whole answer, from the connection to the end of the body.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The maximum length of the body, in bytes.
    #[must_use]
    pub fn max_len(&self) -> usize {
        self.max_len
    }

    /// Appends a piece of the body.
    ///
    /// # Errors
    ///
    /// [`FetchError`] if the body is then longer than [`max_len`](Self::max_len).
    pub fn push(&self, body: &mut Vec<u8>, piece: &[u8]) -> Result<(), FetchError> {
        if piece.len() > self.max_len.saturating_sub(body.len()) {
            return Err(FetchError::TooLong { max: self.max_len });
        }
        body.extend_from_slice(piece);
        Ok(())
    }
}

/// What may be fetched: `https` only, at most 1 MiB of JSON in 5 seconds, with redirects inside the same origin.
#[derive(Clone, Debug)]
#[must_use = "a policy is given to what fetches"]
pub struct FetchPolicy {
    timeout: Duration,
    max_len: usize,
    pub(crate) http_loopback: bool,
    any_content_type: bool,
}

/// How many redirects are followed.
const REDIRECTS: usize = 3;

impl FetchPolicy {
    /// The strict policy.
    pub const fn new() -> Self {
        let (timeout, max_len) = (Duration::from_secs(5), 1 << 20);
        Self { timeout, max_len, http_loopback: false, any_content_type: false }
    }

    /// Sets the time for one answer, redirects included, at most 20 seconds: less than the cooldown between fetches.
    pub fn timeout(self, span: Duration) -> Self {
        Self { timeout: span.min(Duration::from_secs(20)), ..self }
    }

    /// Sets the maximum length of an answer, in bytes.
    pub fn max_len(self, max: usize) -> Self {
        Self { max_len: max, ..self }
    }

    /// Takes `http` URLs of this machine: `localhost`, 127.0.0.0/8 and `[::1]`.
    pub fn allow_http_loopback(self) -> Self {
        Self { http_loopback: true, ..self }
    }

    /// Takes answers whose `Content-Type` is not JSON or missing, such as those of file stores. The body must be JSON all the
    /// same.
    pub fn allow_any_content_type(self) -> Self {
        Self { any_content_type: true, ..self }
    }

    /// Fetches JSON.
    pub(crate) async fn get(
        &self,
        fetch: &(impl Fetch + ?Sized),
        url: &Url,
        etag: Option<HeaderValue>,
    ) -> Result<Answer, Error> {
        let mut headers = HeaderMap::from_iter([(
            ACCEPT,
            HeaderValue::from_static("application/jwk-set+json, application/json"),
        )]);
        headers.extend(etag.map(|etag| (IF_NONE_MATCH, etag)));
        let mut request =
            FetchRequest { url: url.clone(), headers, timeout: self.timeout, max_len: self.max_len };
        let started = Instant::now();
        for _ in 0..=REDIRECTS {
            // Redirects share the time, so that a turn ends before the next one may begin.
            request.timeout = self.timeout.saturating_sub(started.elapsed());
            if request.timeout.is_zero() {
                return Err(FetchError::TimedOut.into());
            }
            let response = fetch.fetch(&request).await.map_err(|error| match error {
                FetchError::TooLong { max } => Error::BodyTooLong { max },
                error => Error::Fetch(error),
            })?;
            match response.status() {
                StatusCode::OK => return self.answer(response),
                StatusCode::NOT_MODIFIED if request.headers.contains_key(IF_NONE_MATCH) => {
                    return Ok(Answer::NotModified(Freshness::from_headers(response.headers())));
                }
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                    request.url = request.url.redirect(location.ok_or(Error::Redirect)?)?;
                }
                status => {
                    let retry_after = retry_after(response.headers(), SystemTime::now());
                    return Err(Error::Status { found: status.as_u16(), retry_after });
                }
            }
        }
        Err(Error::Redirect)
    }

    fn answer(&self, response: FetchResponse) -> Result<Answer, Error> {
        if !self.any_content_type && !is_json(response.headers()) {
            return Err(Error::ContentType);
        }
        let (head, body) = response.into_parts();
        if body.len() > self.max_len {
            return Err(Error::BodyTooLong { max: self.max_len });
        }
        Ok(Answer::Body(Freshness::from_headers(&head.headers), body))
    }
}

impl Default for FetchPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// What the server answered.
#[derive(Debug)]
pub(crate) enum Answer {
    Body(Freshness, Vec<u8>),
    NotModified(Freshness),
}

/// `application/json` or a type that ends in `+json` (RFC 6839 section 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
