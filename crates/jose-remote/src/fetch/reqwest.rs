use ::reqwest::{Client, ClientBuilder, redirect};
use http::Response;

use super::{FetchRequest, FetchResponse, FetchSend};
use crate::error::FetchError;

/// Fetches with [`reqwest`](::reqwest). It speaks TLS by the features that the caller gives `reqwest`, and with none it
/// speaks no `https`.
#[derive(Clone, Debug)]
pub struct Reqwest(Client);

impl Reqwest {
    /// Makes a client from the caller's settings. Redirects are left to [`FetchPolicy`](crate::FetchPolicy).
    ///
    /// # Errors
    ///
    /// [`FetchError`] if the settings do not make a client.
    pub fn new(builder: ClientBuilder) -> Result<Self, FetchError> {
        let builder = builder.redirect(redirect::Policy::none()).referer(false);
        Ok(Self(builder.build().map_err(into_error)?))
    }
}

impl FetchSend for Reqwest {
    async fn fetch(&self, request: &FetchRequest) -> Result<FetchResponse, FetchError> {
        let get = self.0.get(request.url()).headers(request.headers().clone()).timeout(request.timeout());
        let mut answer = get.send().await.map_err(into_error)?;
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(into_error)? {
            request.push(&mut body, &piece)?;
        }
        let mut response = Response::new(body);
        (*response.status_mut(), *response.headers_mut()) = (answer.status(), answer.headers().clone());
        Ok(response)
    }
}

fn into_error(error: ::reqwest::Error) -> FetchError {
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::client(&error) }
}
