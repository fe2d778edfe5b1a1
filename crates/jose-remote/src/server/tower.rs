use core::fmt;
use core::marker::PhantomData;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};

use http::{Request, Response, Uri};
use serde::de::DeserializeOwned;
use tower_layer::Layer;
use tower_service::Service;

use super::{Access, ResourceServer};

impl ResourceServer {
    /// A layer for tower that verifies the token of each request, with claims of type `T`. The service below finds an
    /// [`Access<T>`] among the request's extensions; without a good token it is not called.
    pub fn layer<T>(&self) -> ResourceLayer<T> {
        ResourceLayer { server: self.clone(), claims: PhantomData }
    }
}

/// See [`ResourceServer::layer`].
pub struct ResourceLayer<T> {
    server: ResourceServer,
    claims: PhantomData<fn() -> T>,
}

impl<T, S> Layer<S> for ResourceLayer<T> {
    type Service = ResourceService<T, S>;

    fn layer(&self, inner: S) -> ResourceService<T, S> {
        ResourceService { server: self.server.clone(), inner, claims: PhantomData }
    }
}

/// A service behind a [`ResourceLayer`].
pub struct ResourceService<T, S> {
    server: ResourceServer,
    inner: S,
    claims: PhantomData<fn() -> T>,
}

impl<T, S, B, R> Service<Request<B>> for ResourceService<T, S>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The one that is ready.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        let server = self.server.clone();
        Box::pin(async move {
            let (method, headers) = (request.method().clone(), request.headers().clone());
            let uri = original_uri(&request);
            match server.authenticate::<T>(&method, &uri, &headers).await {
                Ok(access) => {
                    request.extensions_mut().insert::<Access<T>>(access);
                    inner.call(request).await
                }
                Err(refusal) => Ok(refusal.response()),
            }
        })
    }
}

/// The URI as it came: under axum, a router inside another one sees a part of the path only.
fn original_uri<B>(request: &Request<B>) -> Uri {
    #[cfg(feature = "axum")]
    if let Some(::axum::extract::OriginalUri(uri)) = request.extensions().get() {
        return uri.clone();
    }
    request.uri().clone()
}

impl<T> Clone for ResourceLayer<T> {
    fn clone(&self) -> Self {
        self.server.layer()
    }
}

impl<T, S: Clone> Clone for ResourceService<T, S> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), inner: self.inner.clone(), claims: PhantomData }
    }
}

impl<T> fmt::Debug for ResourceLayer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceLayer").field("server", &self.server).finish_non_exhaustive()
    }
}

impl<T, S> fmt::Debug for ResourceService<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceService").field("server", &self.server).finish_non_exhaustive()
    }
}
