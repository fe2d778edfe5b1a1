//! An HTTP server on loopback whose answers are written out.

use core::fmt;
use core::time::Duration;
use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The head of a request is read as far as this, and so is its body, in bytes.
const MAX_LEN: u64 = 64 << 10;
/// Who connects and says nothing is waited for as long as this.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a path answers: bytes, after a pause.
#[derive(Clone, Debug)]
#[must_use = "it is given to `Server::set`"]
pub struct Answer {
    pause: Duration,
    bytes: Vec<u8>,
}

impl Answer {
    /// A whole answer. `status` is the code and its phrase, such as `200 OK`; `content-length` is added to the headers.
    pub fn new(status: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n", body.len());
        Self::raw(format!("{head}connection: close\r\n\r\n{body}"))
    }

    /// Status 200 and a body of type `application/json`.
    pub fn json(body: &str) -> Self {
        Self::new("200 OK", &[("content-type", "application/json")], body)
    }

    /// These bytes, whatever they are. The connection is closed after them.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { pause: Duration::ZERO, bytes: bytes.into() }
    }

    /// Sets a pause before the first byte.
    pub fn after(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }
}

/// A request that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// The path with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The first header of that name, whose case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut fields = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        fields.next().map(|(_, value)| value.trim())
    }

    /// The body, as far as `content-length` says and 64 KiB allow.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.head.trim_end())
    }
}

/// An HTTP server at a free port of 127.0.0.1, in threads of its own. A path answers what was set for it, and 404 if nothing
/// was. A clone is another handle to the same server, which ends with the last of them.
///
/// ```
/// use jose_test::{Answer, Server};
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// fn main() -> std::io::Result<()> {
///     let server = Server::start();
///     server.set("/hello", Answer::json("{}"));
///     let mut stream = TcpStream::connect(server.addr())?;
///     stream.write_all(b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
///     let mut answer = String::new();
///     stream.read_to_string(&mut answer)?;
///     assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n{}"));
///     assert_eq!(server.requests()[0].path(), "/hello");
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
    _handle: Arc<Handle>,
}

struct Shared {
    addr: SocketAddr,
    origin: String,
    answers: Mutex<HashMap<String, Answer>>,
    requests: Mutex<Vec<Request>>,
    is_over: AtomicBool,
}

/// Ends the server.
struct Handle(Arc<Shared>);

impl Server {
    /// Starts it.
    ///
    /// # Panics
    ///
    /// If the system gives no port or no thread.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let addr = listener.local_addr().expect("the address of a listener");
        let shared = Arc::new(Shared {
            addr,
            origin: format!("http://{addr}"),
            answers: Mutex::default(),
            requests: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let running = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if running.is_over.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&running);
                // A client that goes away in the middle is nobody's error.
                thread::spawn(move || drop(shared.answer(&stream)));
            }
        });
        let handle = Arc::new(Handle(Arc::clone(&shared)));
        Self { shared, _handle: handle }
    }

    /// Sets what a path answers from now on.
    pub fn set(&self, path: &str, answer: Answer) {
        lock(&self.shared.answers).insert(path.to_owned(), answer);
    }

    /// The address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.shared.addr
    }

    /// The origin, such as `http://127.0.0.1:41037`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.shared.origin)
    }

    /// The requests that came so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// How many requests came so far.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.shared.requests).len()
    }
}

impl Shared {
    fn answer(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut reader = BufReader::new(stream.take(MAX_LEN));
        let mut request = Request { head: String::new(), body: Vec::new() };
        while !request.head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut request.head)? == 0 {
                return Ok(());
            }
        }
        let len = request.header("content-length").and_then(|len| len.parse().ok()).unwrap_or(0);
        reader.get_mut().set_limit(MAX_LEN);
        reader.take(len).read_to_end(&mut request.body)?;
        let answer = lock(&self.answers).get(request.path()).cloned();
        lock(&self.requests).push(request);
        let answer = answer.unwrap_or_else(|| Answer::new("404 Not Found", &[], ""));
        thread::sleep(answer.pause);
        stream.write_all(&answer.bytes)?;
        stream.shutdown(std::net::Shutdown::Write)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::SeqCst);
        // The thread that waits for a connection gets one.
        drop(TcpStream::connect(self.0.addr));
    }
}

/// A lock that another thread's panic does not close.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("origin", &self.shared.origin).finish_non_exhaustive()
    }
}
