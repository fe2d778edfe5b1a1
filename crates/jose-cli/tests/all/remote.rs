//! Keys from a server on this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::command::Folder;

/// Serves these documents by their paths until the program ends, and returns where.
fn serve(documents: impl Fn(&str) -> Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let documents = documents(&base);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 1024];
            while !request.ends_with(b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(0) | Err(_) => break,
                    Ok(len) => request.extend_from_slice(&piece[..len]),
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let found = documents.iter().find(|(own, _)| *own == path);
            let (status, body) = found.map_or(("404 Not Found", "{}"), |(_, body)| ("200 OK", body.as_str()));
            let len = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    base
}

#[test]
fn keys_by_url_and_by_issuer() {
    let folder = Folder::new();
    folder.josec(["key", "new", "ES256", "-o", "key.jwk"]).ok();
    folder.josec(["key", "set", "of", "key.jwk", "-o", "set.json"]).ok();
    let set = folder.josec(["key", "public", "set.json"]).ok().out().to_owned();
    let base = serve(|base| {
        let document = format!(
            r#"{{"issuer":"{base}","jwks_uri":"{base}/jwks","id_token_signing_alg_values_supported":["ES256"]}}"#
        );
        vec![("/jwks", set.clone()), ("/.well-known/openid-configuration", document)]
    });
    let token = folder
        .josec(["jwt", "sign", "--key", "key.jwk", "--iss", &base, "--aud", "api", "--exp", "10m"])
        .ok();
    folder.write("token", token.bytes());
    let verify = |args: &[&str]| folder.josec(["jwt", "verify", "token"].iter().chain(args));
    let jwks = format!("{base}/jwks");
    verify(&["--jwks-url", &jwks, "--allow-http-loopback", "--iss", &base, "--aud", "api"])
        .ok()
        .writes(&base);
    verify(&["--issuer", &base, "--allow-http-loopback", "--aud", "api"]).ok().writes(&base);
    verify(&["--issuer", &base, "--allow-http-loopback", "--aud", "web"]).ends(1).says("rule: aud");
    verify(&["--issuer", &base, "--aud", "api"]).ends(2).says("--allow-http-loopback");
    let missing = format!("{base}/missing");
    verify(&["--jwks-url", &missing, "--allow-http-loopback", "--any-iss", "--aud", "api"])
        .ends(3)
        .says("404");
    verify(&["--jwks-url", "http://127.0.0.1:9/jwks", "--allow-http-loopback", "--any-iss", "--aud", "api"])
        .ends(3);
    // Another key.
    folder.josec(["key", "new", "ES256", "-o", "other.jwk"]).ok();
    let token = folder
        .josec(["jwt", "sign", "--key", "other.jwk", "--iss", &base, "--aud", "api", "--exp", "10m"])
        .ok();
    folder.write("token", token.bytes());
    verify(&["--issuer", &base, "--allow-http-loopback", "--aud", "api"]).ends(1).says("kid");
}

/// OpenSSL's server is ended with the test.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs OpenSSL and curl"]
fn https_is_fetched_by_curl_and_trusts_what_the_machine_trusts() {
    let folder = Folder::new();
    folder.josec(["key", "new", "ES256", "-o", "key.jwk"]).ok();
    folder.josec(["key", "set", "of", "key.jwk", "-o", "set.json"]).ok();
    let set = folder.josec(["key", "public", "set.json"]).ok();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        set.out().len()
    );
    folder.write("jwks", head + set.out());
    folder.write("broken", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    let args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.pem -out tls.crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
    folder.run("openssl", args.split(' '), b"").ok();
    let mut server = folder.command(
        "openssl",
        ["s_server", "-accept", "localhost:0", "-cert", "tls.crt", "-key", "tls.pem", "-HTTP"],
    );
    let mut server = Server(
        server
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(server.0.stdout.take().unwrap()));
    let accept = lines.find(|line| line.as_ref().unwrap().starts_with("ACCEPT")).unwrap().unwrap();
    let port = accept.rsplit(':').next().unwrap().trim().to_owned();
    // What it says further is read, so that it can say it.
    thread::spawn(move || lines.for_each(drop));
    let token =
        folder.josec(["jwt", "sign", "--key", "key.jwk", "--iss", "me", "--aud", "api", "--exp", "10m"]).ok();
    folder.write("token", token.bytes());
    let verify = |path: &str, trusted: &str| {
        let url = format!("https://localhost:{port}/{path}");
        let args = ["jwt", "verify", "token", "--jwks-url", &url, "--iss", "me", "--aud", "api"];
        folder
            .command(crate::command::JOSEC, args)
            .env("CURL_CA_BUNDLE", folder.path(trusted))
            .output()
            .unwrap()
    };
    let good = verify("jwks", "tls.crt");
    assert_eq!(good.status.code(), Some(0), "{}", String::from_utf8_lossy(&good.stderr));
    assert_eq!(verify("broken", "tls.crt").status.code(), Some(3));
    let args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.pem -out other.crt -days 2 -subj /CN=localhost";
    folder.run("openssl", args.split(' '), b"").ok();
    let refused = verify("jwks", "other.crt");
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("certificate"), "{refused:?}");
}
