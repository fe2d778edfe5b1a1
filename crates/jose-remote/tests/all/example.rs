//! The example server, asked as the README asks it.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[path = "../../examples/axum_api.rs"]
#[allow(dead_code, reason = "`main` waits for ever")]
mod axum_api;

async fn get(url: &str, path: &str, token: Option<&str>) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let line = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{line}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_answers_as_the_readme_shows() {
    let (url, [read, write]) = axum_api::start().await.unwrap();
    let metadata = format!("resource_metadata=\"{url}/.well-known/oauth-protected-resource\"");

    let answer = get(&url, "/hello", None).await;
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
    assert!(answer.contains(&format!("www-authenticate: Bearer scope=\"read\", {metadata}\r\n")), "{answer}");

    let answer = get(&url, "/hello", Some(&read)).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello, alice\n"),
        "{answer}"
    );

    let answer = get(&url, "/hello", Some(&write)).await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    let line =
        format!("www-authenticate: Bearer error=\"insufficient_scope\", scope=\"read\", {metadata}\r\n");
    assert!(answer.contains(&line), "{answer}");

    let answer = get(&url, "/.well-known/oauth-protected-resource", None).await;
    assert!(answer.contains(&format!("{{\"resource\":\"{url}\",\"authorization_servers\":[")), "{answer}");
}
