//! `RedisReplayGuard`, against a `redis-server` of the machine.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "tests"
)]

mod door;
mod help;
mod race;

use core::time::Duration;

use jose_remote::RedisReplayGuard;
use jose_remote::jwt::Error;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use help::{Issuer, Redis, take, until};

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_jwt_is_taken_once() {
    let (redis, issuer) = (Redis::start(&[]).await, Issuer::new());
    let verifier = issuer.verifier();
    let (one, two) = (redis.guard(), redis.guard());
    let other = redis.guard().prefix("other:");
    let token = issuer.token("1");
    assert_eq!(take(&verifier, &token, &one).await, Ok(()));
    assert_eq!(take(&verifier, &token, &one).await, Err(Error::Replayed));
    assert_eq!(take(&verifier, &token, &two).await, Err(Error::Replayed));
    assert_eq!(take(&verifier, &issuer.token("2"), &two).await, Ok(()));
    assert_eq!(take(&verifier, &token, &other).await, Ok(()));
}

/// The names do not change: servers of two versions run side by side.
#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_stored() {
    let (redis, issuer) = (Redis::start(&[]).await, Issuer::new());
    let guard = redis.guard();
    take(&issuer.verifier(), &issuer.token("1"), &guard).await.unwrap();
    // SHA-256 of 01 0000000000000003 "joe", 00 0000000000000000 for no target, and "1".
    let key = "jose:replay:sPn0dnlF0o9IKPIhT1RjbLQfQ1RIJZGFgc-TJ5m49CY";
    assert_eq!(redis.ask::<Vec<String>>(&["KEYS", "*"]).await, [key]);
    assert_eq!(redis.ask::<String>(&["GET", key]).await, "1");
    // The minute of its life, the minute beyond, and the second that has begun.
    let left: i64 = redis.ask(&["PTTL", key]).await;
    assert!((60_000..=121_000).contains(&left), "{left}");
    // However long a `jti` is.
    take(&issuer.verifier(), &issuer.token(&"x".repeat(100_000)), &guard).await.unwrap();
    let keys = redis.ask::<Vec<String>>(&["KEYS", "*"]).await;
    assert!(keys.len() == 2 && keys.iter().all(|other| other.len() == key.len()), "{keys:?}");
}

/// Refuses, and says why when it is asked.
#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_server_that_does_not_remember_takes_nothing() {
    let issuer = Issuer::new();
    for (options, is_there) in [
        // A password is asked for.
        (["--requirepass", "secret"], false),
        // There is no room.
        (["--maxmemory", "1"], true),
        // It writes only with others.
        (["--min-replicas-to-write", "1"], true),
        // It is the replica of one that is not there.
        (["--replicaof", "127.0.0.1 1"], true),
    ] {
        let redis = Redis::start(&options).await;
        let guard = redis.guard();
        let refused = take(&issuer.verifier(), &issuer.token("1"), &guard).await;
        assert_eq!(refused, Err(Error::ReplayStore), "{options:?}");
        assert_eq!(guard.check().await.is_ok(), is_there, "{options:?}");
    }
    let nobody = RedisReplayGuard::new("redis+unix:///nowhere/redis.sock").unwrap();
    assert_eq!(take(&issuer.verifier(), &issuer.token("1"), &nobody).await, Err(Error::ReplayStore));
    assert!(nobody.check().await.is_err());
}

/// What Redis says to something else than it was asked for is no proof of a first use.
#[tokio::test]
async fn another_answer_takes_nothing() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("redis://{}", listener.local_addr().unwrap());
    let issuer = Issuer::new();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut piece = [0; 4096];
                while let Ok(1..) = stream.read(&mut piece).await {
                    // As many answers as there are commands, none of which is `OK` or nothing.
                    let text = String::from_utf8_lossy(&piece).into_owned();
                    let count = text.matches("CLIENT").count().max(1);
                    drop(stream.write_all(":1\r\n".repeat(count).as_bytes()).await);
                    piece.fill(0);
                }
            });
        }
    });
    let guard = RedisReplayGuard::new(address).unwrap().timeout(Duration::from_secs(20));
    assert_eq!(take(&issuer.verifier(), &issuer.token("1"), &guard).await, Err(Error::ReplayStore));
    // The connection works: it is the answer that is refused.
    guard.check().await.unwrap();
}

/// A peer that went away without a word leaves a connection on which nothing comes any more.
#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_dead_connection_is_replaced() {
    let (redis, issuer) = (Redis::start(&[]).await, Issuer::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("redis://{}", listener.local_addr().unwrap());
    let (cut, is_cut) = watch::channel(0);
    let socket = redis.socket();
    tokio::spawn(async move {
        for number in 0.. {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = UnixStream::connect(&socket).await.unwrap();
            let mut is_cut = is_cut.clone();
            tokio::spawn(async move {
                let cut = async { is_cut.wait_for(|until| number < *until).await.map(drop) };
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => return,
                    _ = cut => {}
                }
                // Open, and silent.
                core::future::pending::<()>().await;
            });
        }
    });
    let guard = RedisReplayGuard::new(address).unwrap().timeout(Duration::from_millis(200));
    let verifier = issuer.verifier();
    let mut id = 0..;
    let mut next = async || take(&verifier, &issuer.token(&id.next().unwrap().to_string()), &guard).await;
    until(async || next().await.is_ok()).await;
    cut.send(1).unwrap();
    assert_eq!(next().await, Err(Error::ReplayStore));
    until(async || next().await.is_ok()).await;
}
