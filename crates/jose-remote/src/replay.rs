//! JWTs that are accepted once, by several servers together.

use core::fmt;
use core::time::Duration;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jose_b64::base64url;
use jose_jwt::{AsyncReplayGuard, ReplayError, TokenId};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, IntoConnectionInfo, RedisError, Value};
use sha2::{Digest as _, Sha256};
use tokio::sync;

use crate::server::ReplayGuardSend;

/// A replay guard that servers share through Redis, or what speaks its protocol.
///
/// Each JWT is one `SET key 1 NX PX time`, of which Redis answers one with `OK`, however many servers send it at the same
/// time. The key is the prefix and a SHA-256 hash of the issuer and `jti`; of a DPoP proof, of the thumbprint of its key, its
/// method and URI, and `jti`. It lives until the JWT is refused for its age, and a minute longer, for servers whose clocks differ.
///
/// Without an answer within the [`timeout`](Self::timeout), or with any but those of this command, the JWT is refused
/// ([`ReplayError::Store`]), and nothing is tried again. The JWT may have been remembered all the same.
///
/// Redis must forget nothing early: `maxmemory-policy noeviction`, and a database that survives a restart (`appendonly yes`,
/// `appendfsync always`). What it lost, by a restart without these or a replica that took over, is accepted once more. A Redis
/// Cluster needs an [`AsyncReplayGuard`] and a [`ReplayGuardSend`] of the caller's.
///
/// It runs on tokio. TLS is the choice of the program, by the features of [`redis`](crate::redis).
///
/// ```
/// use core::time::Duration;
/// use jose_remote::RedisReplayGuard;
/// use jose_remote::jwt::JwsAlg;
/// use jose_remote::redis::RedisError;
/// use jose_remote::server::DpopRules;
///
/// fn rules() -> Result<DpopRules, RedisError> {
///     let guard =
///         RedisReplayGuard::new("redis://127.0.0.1/")?.timeout(Duration::from_millis(200));
///     Ok(DpopRules::new(JwsAlg::Es256).guard(guard))
/// }
///
/// fn main() {
///     assert!(rules().is_ok());
///     assert!(RedisReplayGuard::new("http://127.0.0.1/").is_err());
/// }
/// ```
pub struct RedisReplayGuard {
    client: Client,
    prefix: String,
    timeout: Duration,
    /// The connection that all requests share, and how many there were before.
    current: Mutex<Option<Connection>>,
    /// Whoever holds it connects.
    connecting: sync::Mutex<u64>,
}

#[derive(Clone)]
struct Connection {
    shared: MultiplexedConnection,
    number: u64,
    opened: Instant,
}

/// How much longer a JWT is remembered than its age allows.
const MARGIN: Duration = Duration::from_secs(60);

impl RedisReplayGuard {
    /// Takes the address of the server, such as `rediss://:password@redis.example/0`. It connects when it is first asked.
    ///
    /// # Errors
    ///
    /// [`RedisError`] if that is no address.
    pub fn new(address: impl IntoConnectionInfo) -> Result<Self, RedisError> {
        let address = address.into_connection_info()?;
        let tcp = address.tcp_settings().clone().set_nodelay(true);
        Ok(Self {
            client: Client::open(address.set_tcp_settings(tcp))?,
            prefix: "jose:replay:".to_owned(),
            timeout: Duration::from_millis(500),
            current: Mutex::new(None),
            connecting: sync::Mutex::new(0),
        })
    }

    /// Sets what the keys begin with: `jose:replay:` by default. Servers with the same prefix share what they remember.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Sets the time for an answer, connecting included: 500 milliseconds by default.
    #[must_use]
    pub fn timeout(self, span: Duration) -> Self {
        Self { timeout: span, ..self }
    }

    /// Asks the server whether it is there, for a check at the start of a program or of its health. It does not tell whether
    /// the server may write.
    ///
    /// # Errors
    ///
    /// [`RedisError`] with what [`first_use`](AsyncReplayGuard::first_use) does not tell.
    pub async fn check(&self) -> Result<(), RedisError> {
        self.ask(&redis::cmd("PING")).await.map(drop)
    }

    async fn remember(&self, token: &TokenId<'_>) -> Result<(), ReplayError> {
        let mut set = redis::cmd("SET");
        set.arg(self.key(token)).arg(1).arg("NX").arg("PX").arg(time_to_live(token));
        match self.ask(&set).await {
            Ok(Value::Okay) => Ok(()),
            Ok(Value::Nil) => Err(ReplayError::Seen),
            _ => Err(ReplayError::Store),
        }
    }

    fn key(&self, token: &TokenId<'_>) -> String {
        let mut hash = Sha256::new();
        // No two JWTs give the same bytes: what may be missing has its length before it, and none is not an empty one.
        for part in [token.issuer, token.target] {
            let text = part.unwrap_or_default();
            hash.update([u8::from(part.is_some())]);
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        hash.update(token.id);
        format!("{}{}", self.prefix, base64url::encode_to_string(&hash.finalize()))
    }

    /// Sends a command, within the time.
    async fn ask(&self, command: &Cmd) -> Result<Value, RedisError> {
        let mut used = None;
        let answer = tokio::time::timeout(self.timeout, async {
            let connection = used.insert(self.connection().await?);
            command.query_async(&mut connection.shared).await
        });
        let answer = answer.await;
        let is_broken = match &answer {
            Ok(Ok(_)) => false,
            Ok(Err(error)) => error.is_unrecoverable_error() || error.is_io_error(),
            // One slow answer says nothing about a connection. One that is old and gives none may be dead without knowing.
            Err(_) => used.as_ref().is_some_and(|used| used.opened.elapsed() > 4 * self.timeout),
        };
        if let Some(used) = used.filter(|_| is_broken) {
            let mut current = self.current();
            if current.as_ref().is_some_and(|current| current.number == used.number) {
                *current = None;
            }
        }
        answer.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    }

    /// The connection, or a new one. There is one attempt at a time.
    async fn connection(&self) -> Result<Connection, RedisError> {
        if let Some(connection) = self.current().clone() {
            return Ok(connection);
        }
        let mut number = self.connecting.lock().await;
        // Another one may have connected meanwhile.
        if let Some(connection) = self.current().clone() {
            return Ok(connection);
        }
        // The time is that of the whole question.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let shared = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        *number = number.wrapping_add(1);
        let connection = Connection { shared, number: *number, opened: Instant::now() };
        *self.current() = Some(connection.clone());
        Ok(connection)
    }

    fn current(&self) -> MutexGuard<'_, Option<Connection>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In milliseconds.
fn time_to_live(token: &TokenId<'_>) -> u64 {
    let seconds = token.until.seconds().saturating_sub(token.now.seconds());
    // A fraction of a second is not lost.
    let seconds = u64::try_from(seconds).unwrap_or_default().saturating_add(1 + MARGIN.as_secs());
    seconds.saturating_mul(1000)
}

impl AsyncReplayGuard for RedisReplayGuard {
    async fn first_use(&self, token: &TokenId<'_>) -> Result<(), ReplayError> {
        self.remember(token).await
    }
}

impl ReplayGuardSend for RedisReplayGuard {
    async fn first_use(&self, token: &TokenId<'_>) -> Result<(), ReplayError> {
        self.remember(token).await
    }
}

/// Does not show the address, which may hold a password.
impl fmt::Debug for RedisReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisReplayGuard")
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
