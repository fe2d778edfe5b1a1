//! Fetching keys: `http` of this machine by itself, and `https` by the program `curl`, which has the machine's TLS and trust
//! anchors. There is no TLS in pure Rust that is fit for it yet.

use core::str;
use std::io::{ErrorKind, Read as _};
use std::process::{Command, Stdio};

use http::{Response, StatusCode};
use jose_remote::{FetchError, FetchRequest, FetchResponse, FetchSend, Ureq};

/// More than any answer's headers take.
const MAX_HEAD: usize = 64 << 10;

/// What `curl` says when the time is over.
const TIMED_OUT: i32 = 28;

/// The client.
#[derive(Debug, Default)]
pub(crate) struct Client(Ureq);

impl FetchSend for Client {
    async fn fetch(&self, request: &FetchRequest) -> Result<FetchResponse, FetchError> {
        // The policy has refused every other scheme.
        if request.url().starts_with("http:") { self.0.fetch(request).await } else { curl(request) }
    }
}

fn curl(request: &FetchRequest) -> Result<FetchResponse, FetchError> {
    let failed = |what: &str| FetchError::Client(what.to_owned());
    let mut command = Command::new("curl");
    // No settings of the user's, no other protocol, no redirect, and one answer with its headers in front of it.
    command.args([
        "--disable",
        "--silent",
        "--show-error",
        "--globoff",
        "--proto",
        "=https",
        "--http1.1",
        "--include",
    ]);
    command.args(["--suppress-connect-headers", "--max-time", &request.timeout().as_secs_f32().to_string()]);
    for (name, value) in request.headers() {
        let value = value.to_str().map_err(|_| failed("a header is not text"))?;
        command.arg("--header").arg(format!("{name}: {value}"));
    }
    command.args(["--url", request.url()]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => failed("https is fetched by the program curl, which is not there"),
        _ => failed(&format!("curl does not start: {error}")),
    })?;
    let max = request.max_len().saturating_add(MAX_HEAD);
    let mut answer = Vec::new();
    if let Some(out) = child.stdout.take() {
        let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
        let read = out.take(limit).read_to_end(&mut answer);
        read.map_err(|error| FetchError::client(&error))?;
    }
    if answer.len() > max {
        let _ = child.kill();
        let _ = child.wait();
        return Err(FetchError::TooLong { max: request.max_len() });
    }
    let ended = child.wait_with_output().map_err(|error| FetchError::client(&error))?;
    match ended.status.code() {
        Some(0) => parse(&answer, request),
        Some(TIMED_OUT) => Err(FetchError::TimedOut),
        _ => Err(failed(String::from_utf8_lossy(&ended.stderr).trim())),
    }
}

/// Takes an answer with its headers apart, those of informational answers left out.
fn parse(mut answer: &[u8], request: &FetchRequest) -> Result<FetchResponse, FetchError> {
    let damaged = || FetchError::Client("the answer is not HTTP".to_owned());
    loop {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(damaged)?;
        let (head, rest) = answer.split_at_checked(end).ok_or_else(damaged)?;
        let mut lines = str::from_utf8(head).map_err(|_| damaged())?.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(damaged)?;
        let status = status.parse::<StatusCode>().map_err(|_| damaged())?;
        answer = rest.get(4..).unwrap_or_default();
        if status.is_informational() {
            continue;
        }
        let mut response = Response::builder().status(status);
        for line in lines {
            let (name, value) = line.split_once(':').ok_or_else(damaged)?;
            response = response.header(name, value.trim());
        }
        let mut body = Vec::new();
        request.push(&mut body, answer)?;
        return response.body(body).map_err(|error| FetchError::client(&error));
    }
}
