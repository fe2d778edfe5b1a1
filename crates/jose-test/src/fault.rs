//! What a key server may do wrong.

use core::fmt;
use core::time::Duration;

use jose_jwt::JwsAlg;
use jose_jwt::jwk::KeyType;

use crate::server::{Answer, Server};

/// A key server that answers wrongly, for [`TestIssuer::break_keys`](crate::TestIssuer::break_keys).
///
/// What accepts tokens has no keys then: it must not accept a token, and it should not say that the token is bad either (503, not
/// 401). If it has keys already, it should use them on. It must come to an end in seconds, and send nothing elsewhere.
///
/// ```
/// use jose_test::{Fault, TestIssuer};
///
/// let issuer = TestIssuer::start();
/// for fault in Fault::all() {
///     issuer.break_keys(&fault);
///     // Here: start what is tested, send it a good token, and see that it is not accepted.
/// }
/// issuer.repair_keys();
/// assert!(issuer.stray_requests().is_empty());
/// ```
#[derive(Clone)]
pub struct Fault {
    name: &'static str,
    about: &'static str,
    answer: fn(&Place<'_>) -> Answer,
}

/// Where a fault happens.
pub(crate) struct Place<'p> {
    /// The path of the key set.
    pub(crate) path: &'p str,
    pub(crate) elsewhere: &'p Server,
    pub(crate) alg: JwsAlg,
    /// The key set.
    pub(crate) body: &'p str,
}

const JSON: (&str, &str) = ("content-type", "application/json");
const SYMMETRIC: &str = r#"{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}"#;
/// The key of RFC 8037 appendix A.2.
const ED25519: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// The key of RFC 7517 appendix A.1.
const P256: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

fn status(line: &str) -> Answer {
    Answer::new(line, &[JSON], "{}")
}

fn redirect(location: &str) -> Answer {
    Answer::new("302 Found", &[("location", location)], "")
}

const FAULTS: &[Fault] = &[
    fault("slow", "the answer comes after half a minute", |place| {
        Answer::json(place.body).after(Duration::from_secs(30))
    }),
    fault("cut", "the connection ends before the content-length", |_| {
        Answer::raw(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"keys\":[",
        )
    }),
    fault("cut-chunk", "the connection ends in the middle of a chunk", |_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked";
        Answer::raw(format!("{head}\r\n\r\n5\r\n{{\"key"))
    }),
    fault("not-http", "another protocol answers", |_| Answer::raw("SSH-2.0-OpenSSH_9.2\r\n")),
    fault("closed", "the connection ends without an answer", |_| Answer::raw("")),
    fault("server-error", "status 500", |_| status("500 Internal Server Error")),
    fault("not-found", "status 404", |_| status("404 Not Found")),
    fault("too-many-requests", "status 429, with a Retry-After of 120 seconds", |_| {
        Answer::new("429 Too Many Requests", &[("retry-after", "120")], "")
    }),
    fault("no-content", "status 204", |_| {
        Answer::raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
    }),
    fault("not-modified", "status 304, though nobody may have the set", |_| {
        Answer::raw("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n")
    }),
    fault("html", "a page, with status 200", |_| {
        Answer::new("200 OK", &[("content-type", "text/html")], "<!doctype html><title>Log in</title>")
    }),
    fault("too-long", "10 MiB of spaces in a set", |_| {
        Answer::json(&format!("{{\"keys\":[{}]}}", " ".repeat(10 << 20)))
    }),
    fault("redirect-elsewhere", "a redirect to another origin, which has the set", |place| {
        place.elsewhere.set("/redirected", Answer::json(place.body));
        redirect(&place.elsewhere.url("/redirected"))
    }),
    fault("redirect-nowhere", "a redirect without a target", |_| Answer::new("302 Found", &[], "")),
    fault("redirect-loop", "a redirect to itself", |place| redirect(place.path)),
    fault("not-an-object", "an empty JSON array", |_| Answer::json("[]")),
    fault("half-a-set", "JSON that ends in the middle", |_| Answer::json("{\"keys\":[")),
    fault("no-keys", "a set without keys", |_| Answer::json("{\"keys\":[]}")),
    fault("symmetric-key", "a set with a symmetric key only", |_| Answer::json(SYMMETRIC)),
    fault("other-algorithm", "a set with a key of another type only", |place| {
        Answer::json(if place.alg.key_type() == KeyType::Okp { P256 } else { ED25519 })
    }),
];

const fn fault(name: &'static str, about: &'static str, answer: fn(&Place<'_>) -> Answer) -> Fault {
    Fault { name, about, answer }
}

impl Fault {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FAULTS.iter().cloned()
    }

    /// The name, which does not change between versions.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn answer(&self, place: &Place<'_>) -> Answer {
        (self.answer)(place)
    }
}

/// The name and what it does.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.about)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fault").field(&self.name).finish()
    }
}
