//! A `redis-server` of the test's own, and JWTs to remember.

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use jose_remote::jwt::{
    Claims, Curve, Error, Jwk, JwsAlg, JwtVerifier, NoClaims, NumericDate, SigningKey, SysRng, VerifyingKey,
    sign,
};
use jose_remote::{RedisReplayGuard, redis};

/// A server on a socket in a directory of its own. Both go with it.
pub(crate) struct Redis {
    directory: PathBuf,
    options: Vec<&'static str>,
    process: Child,
}

impl Redis {
    pub(crate) async fn start(options: &[&'static str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("jose-redis-{}-{count}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let process = Self::spawn(&directory, options);
        let server = Self { directory, options: options.to_vec(), process };
        server.wait().await;
        server
    }

    fn spawn(directory: &PathBuf, options: &[&str]) -> Child {
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--save", "", "--unixsocket", "redis.sock"]).args(options);
        let started = command.current_dir(directory).stdout(Stdio::null()).spawn();
        started.unwrap_or_else(|error| panic!("redis-server does not start ({error}): is it installed?"))
    }

    /// Until it listens.
    async fn wait(&self) {
        until(async || tokio::net::UnixStream::connect(self.socket()).await.is_ok()).await;
    }

    pub(crate) async fn restart(&mut self) {
        self.process = Self::spawn(&self.directory, &self.options);
        self.wait().await;
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        fs::remove_file(self.socket()).unwrap();
    }

    /// Sends a signal: `STOP`, `CONT`.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.join("redis.sock")
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    pub(crate) fn guard(&self) -> RedisReplayGuard {
        // A busy machine is no failure.
        RedisReplayGuard::new(self.url()).unwrap().timeout(Duration::from_secs(20))
    }

    /// What the server answers to a command, by another connection.
    pub(crate) async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd(command[0]).arg(&command[1..]).query_async(&mut connection).await.unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.directory));
    }
}

/// Tries again for as long as a busy machine may need.
pub(crate) async fn until(mut works: impl AsyncFnMut() -> bool) {
    for _ in 0..3000 {
        if works().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it does not work for half a minute");
}

/// An issuer of JWTs, each with a `jti`.
pub(crate) struct Issuer {
    jwk: Jwk,
    key: SigningKey,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let jwk = Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap();
        let key = SigningKey::try_from(&jwk).unwrap();
        Self { jwk, key }
    }

    pub(crate) fn public(&self) -> String {
        self.jwk.to_public().unwrap().to_json()
    }

    /// A JWT that is good for a minute from now on.
    pub(crate) fn token(&self, id: &str) -> String {
        sign(&self.key, &Claims::new().issuer("joe").jwt_id(id).expires_in(Duration::from_secs(60))).unwrap()
    }

    pub(crate) fn verifier(&self) -> JwtVerifier<VerifyingKey> {
        verifier(&self.jwk)
    }
}

pub(crate) fn verifier(jwk: &Jwk) -> JwtVerifier<VerifyingKey> {
    JwtVerifier::new(VerifyingKey::from_jwk(jwk, JwsAlg::Ed25519).unwrap()).issuer("joe").any_audience()
}

pub(crate) async fn take(
    verifier: &JwtVerifier<VerifyingKey>,
    token: &str,
    guard: &RedisReplayGuard,
) -> Result<(), Error> {
    let now = NumericDate::now().unwrap();
    verifier.at(now).verify_once_async::<NoClaims>(token, guard).await.map(drop)
}
