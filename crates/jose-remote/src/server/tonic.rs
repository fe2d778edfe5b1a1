use ::tonic::{Request, Status};
use http::StatusCode;
use serde::de::DeserializeOwned;

use super::{Access, Refusal, RefusalKind, ResourceServer};

impl ResourceServer {
    /// An interceptor for tonic: verifies the bearer token in the metadata of each request with the keys at hand, which
    /// [`RemoteKeys::maintain`](crate::RemoteKeys::maintain) keeps fresh. The service finds an [`Access<T>`] among the request's
    /// extensions.
    pub fn interceptor<T>(&self) -> impl Fn(Request<()>) -> Result<Request<()>, Status> + Clone + use<T>
    where
        T: DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let server = self.clone();
        move |mut request| {
            let headers = request.metadata().clone().into_headers();
            let access: Access<T> = server.authenticate_now(&headers)?;
            request.extensions_mut().insert(access);
            Ok(request)
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.code().unwrap_or_default();
        match (refusal.status(), refusal.kind()) {
            (StatusCode::FORBIDDEN, _) => Self::permission_denied(text),
            (_, RefusalKind::Unavailable { .. }) => Self::unavailable("the keys are not available"),
            (_, RefusalKind::InvalidRequest) => Self::invalid_argument(text),
            _ => Self::unauthenticated(text),
        }
    }
}
