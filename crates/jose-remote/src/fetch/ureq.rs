use std::io::Read as _;

use ::ureq::Agent;
use ::ureq::config::ConfigBuilder;
use ::ureq::typestate::AgentScope;
use http::Response;

use super::{FetchRequest, FetchResponse, FetchSend};
use crate::error::FetchError;

/// Fetches with [`ureq`](::ureq), which blocks the thread: for programs without an async runtime, together with
/// [`RemoteVerifier::verify_blocking`](crate::RemoteVerifier::verify_blocking). It speaks TLS by the features that the caller
/// gives `ureq`, and with none it speaks no `https`.
#[derive(Clone, Debug)]
pub struct Ureq(Agent);

impl Ureq {
    /// Makes a client from the caller's settings. Redirects are left to [`FetchPolicy`](crate::FetchPolicy).
    #[must_use]
    pub fn new(builder: ConfigBuilder<AgentScope>) -> Self {
        let builder = builder.max_redirects(0).max_redirects_will_error(false).http_status_as_error(false);
        Self(builder.build().new_agent())
    }
}

impl Default for Ureq {
    fn default() -> Self {
        Self::new(Agent::config_builder())
    }
}

impl FetchSend for Ureq {
    async fn fetch(&self, request: &FetchRequest) -> Result<FetchResponse, FetchError> {
        let mut get = self.0.get(request.url());
        if let Some(headers) = get.headers_mut() {
            headers.extend(request.headers().clone());
        }
        let get = get.config().timeout_global(Some(request.timeout())).build();
        let (head, body) = get.call().map_err(into_error)?.into_parts();
        let mut reader = body.into_reader();
        let (mut text, mut piece) = (Vec::new(), [0; 8192]);
        loop {
            let len = reader.read(&mut piece).map_err(|error| into_error(error.into()))?;
            match piece.get(..len) {
                Some([]) | None => return Ok(Response::from_parts(head, text)),
                Some(piece) => request.push(&mut text, piece)?,
            }
        }
    }
}

fn into_error(error: ::ureq::Error) -> FetchError {
    if matches!(error, ::ureq::Error::Timeout(_)) { FetchError::TimedOut } else { FetchError::client(&error) }
}
