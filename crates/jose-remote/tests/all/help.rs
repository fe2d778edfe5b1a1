//! A server on loopback whose answers are written out, and an issuer's keys.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jose_remote::jwt::{Claims, Curve, Jwk, JwkSet, SigningKey, SysRng, sign};
use jose_remote::{FetchPolicy, Reqwest, reqwest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const AUDIENCE: &str = "https://api.example";

/// What a path answers: pieces of bytes, each after a pause.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer(Vec<(Duration, Vec<u8>)>);

impl Answer {
    /// A whole answer with its length.
    pub(crate) fn new(status: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n", body.len());
        Self::raw(format!("{head}connection: close\r\n\r\n{body}"))
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new("200 OK", &[("content-type", "application/json")], body)
    }

    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self(vec![(Duration::ZERO, bytes.into())])
    }

    pub(crate) fn after(mut self, pause: Duration) -> Self {
        self.0.iter_mut().take(1).for_each(|(before, _)| *before = pause);
        self
    }
}

/// The answers by path, and the requests that came: their heads.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) origin: String,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { origin, answers: Arc::default(), requests: Arc::default() };
        let running = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = running.clone();
                tokio::spawn(async move { drop(server.answer(stream).await) });
            }
        });
        server
    }

    pub(crate) fn set(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    async fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.requests.lock().unwrap().push(head);
        let answer = self.answers.lock().unwrap().get(&path).cloned();
        let answer = answer.unwrap_or_else(|| Answer::new("404 Not Found", &[], ""));
        for (pause, bytes) in answer.0 {
            tokio::time::sleep(pause).await;
            stream.write_all(&bytes).await?;
        }
        stream.shutdown().await
    }
}

/// A clock that the test moves.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn read(&self) -> impl Fn() -> Duration + Send + Sync + 'static {
        let seconds = Arc::clone(&self.0);
        move || Duration::from_secs(seconds.load(Ordering::SeqCst))
    }
}

/// An issuer: its name, and a key by its `kid`.
pub(crate) struct Key {
    pub(crate) jwk: Jwk,
    signing: SigningKey,
}

impl Key {
    pub(crate) fn new(kid: &str) -> Self {
        Self::of(Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid(kid))
    }

    pub(crate) fn of(jwk: Jwk) -> Self {
        let signing = SigningKey::try_from(&jwk).unwrap();
        Self { jwk, signing }
    }

    pub(crate) fn token(&self, issuer: &str) -> String {
        let claims = Claims::new()
            .issuer(issuer)
            .audience(AUDIENCE)
            .subject("alice")
            .expires_in(Duration::from_secs(600));
        sign(&self.signing, &claims).unwrap()
    }
}

pub(crate) fn set(keys: &[&Key]) -> String {
    keys.iter().map(|key| key.jwk.clone()).collect::<JwkSet>().to_public_json()
}

pub(crate) fn policy() -> FetchPolicy {
    FetchPolicy::new().allow_http_loopback().timeout(Duration::from_millis(500))
}

pub(crate) fn client() -> Reqwest {
    Reqwest::new(reqwest::Client::builder()).unwrap()
}
