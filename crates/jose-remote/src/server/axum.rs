use ::axum::extract::{FromRef, FromRequestParts, OriginalUri};
use ::axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Access, Refusal, ResourceServer};

/// An extractor for axum: the request's token, verified by the [`ResourceServer`] in the router's state, with claims of type
/// `T`. A request without a good token is answered with its [`Refusal`].
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use jose_remote::server::{Bearer, Refusal, ResourceServer};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct User {
///     sub: String,
/// }
///
/// async fn hello(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
///     access.require_scope("read")?;
///     Ok(format!("hello, {}", access.claims().sub))
/// }
///
/// fn router(server: ResourceServer) -> Router {
///     Router::new().route("/hello", get(hello)).with_state(server)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Bearer<T>(pub Access<T>);

impl<S, T> FromRequestParts<S> for Bearer<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    ResourceServer: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        // A router inside another one sees a part of the path only.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let server = ResourceServer::from_ref(state);
        server.authenticate(&parts.method, uri, &parts.headers).await.map(Self)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.response()
    }
}
