//! Two processes that take the same JWT at the same time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};

use jose_remote::RedisReplayGuard;
use jose_remote::jwt::{Error, Jwk};

use crate::help::{Issuer, Redis, take, verifier};

const RACES: u32 = 10_000;

const ADDRESS: &str = "JOSE_RACE_ADDRESS";
const REDIS: &str = "JOSE_RACE_REDIS";
const KEY: &str = "JOSE_RACE_KEY";

#[tokio::test]
#[ignore = "needs redis-server"]
async fn of_two_processes_one_wins() {
    let (redis, issuer) = (Redis::start(&[]).await, Issuer::new());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let racer = || -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "race::racer", "--ignored", "--quiet"]);
        command.env(ADDRESS, listener.local_addr().unwrap().to_string());
        command.env(REDIS, redis.url()).env(KEY, issuer.public());
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let mut processes = [racer(), racer()];
    let mut streams = [(); 2].map(|()| listener.accept().unwrap().0);
    let mut wins = [0_u32; 2];
    for race in 0..RACES {
        let line = issuer.token(&race.to_string()) + "\n";
        for stream in &mut streams {
            stream.write_all(line.as_bytes()).unwrap();
        }
        let results = streams.each_mut().map(|stream| {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            byte[0]
        });
        match results {
            [b'+', b'-'] => wins[0] += 1,
            [b'-', b'+'] => wins[1] += 1,
            other => panic!("race {race}: {other:?}"),
        }
    }
    drop(streams);
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(wins[0] + wins[1], RACES);
    assert_eq!(redis.ask::<u32>(&["DBSIZE"]).await, RACES);
}

/// One of the processes: answers each JWT with `+` if it took it, `-` if it was taken before, and `!` otherwise.
#[tokio::test]
#[ignore = "started by the other one"]
async fn racer() {
    let variable = |name| std::env::var(name).unwrap();
    let verifier = verifier(&Jwk::from_json(variable(KEY)).unwrap());
    let guard = RedisReplayGuard::new(variable(REDIS)).unwrap();
    let guard = guard.timeout(core::time::Duration::from_secs(20));
    let mut stream = TcpStream::connect(variable(ADDRESS)).unwrap();
    stream.set_nodelay(true).unwrap();
    for line in BufReader::new(stream.try_clone().unwrap()).lines() {
        let answer = match take(&verifier, &line.unwrap(), &guard).await {
            Ok(()) => b'+',
            Err(Error::Replayed) => b'-',
            Err(_) => b'!',
        };
        stream.write_all(&[answer]).unwrap();
    }
}
