//! Why the command failed, and the exit code that says so to scripts.

use core::fmt::Display;
use core::ops::Deref;

use jose_jwt::{jwe, jwk, jws};

use crate::report::{Node, map};
use crate::terminal::safe;

/// The exit codes, besides 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The token or key was read, and refused.
    Refused = 1,
    /// The command line asks for something that cannot be done.
    Misuse = 2,
    /// A file, a server or a device cannot be read, reached or written.
    Unreachable = 3,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Misuse => 2,
            Self::Unreachable => 3,
        }
    }
}

/// A failure: what a user reads, and what a script reads.
#[derive(Debug)]
pub(crate) struct Failure(Box<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) exit: Exit,
    code: String,
    message: String,
    /// What to do.
    remedy: Option<String>,
    /// What was found and expected, and the like.
    details: Vec<(&'static str, Node)>,
    /// The reader of standard output is gone: nothing is said.
    pub(crate) quiet: bool,
    /// What stands on standard output instead of the failure, under `--json`.
    pub(crate) report: Option<Node>,
}

impl Failure {
    fn new(exit: Exit, code: impl Into<String>, message: impl Display) -> Self {
        let (code, message) = (code.into(), message.to_string());
        let remedy = REMEDIES.iter().find(|(own, _)| *own == code).map(|(_, remedy)| (*remedy).to_owned());
        let details = Vec::new();
        Self(Box::new(Parts { exit, code, message, remedy, details, quiet: false, report: None }))
    }

    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(&mut self.0);
        self
    }

    /// What was asked about was refused.
    pub(crate) fn refused(error: &impl Coded) -> Self {
        Self::new(Exit::Refused, error.stable_code(), without_rust(&error.to_string()))
    }

    /// What was asked about was refused, for a reason that no library has a name for.
    pub(crate) fn refused_as(code: &str, message: impl Display) -> Self {
        Self::new(Exit::Refused, code, message)
    }

    /// The command line asks for something that cannot be done.
    pub(crate) fn misuse(message: impl Display) -> Self {
        Self::new(Exit::Misuse, "misuse", message)
    }

    /// The command line asks for something that a key cannot do.
    pub(crate) fn unfit(error: &impl Coded) -> Self {
        Self::new(Exit::Misuse, error.stable_code(), without_rust(&error.to_string()))
    }

    /// A file or server cannot be read, reached or written.
    pub(crate) fn unreachable(code: &str, message: impl Display) -> Self {
        Self::new(Exit::Unreachable, code, message)
    }

    /// A key or another file that the command needs has no content that it can use.
    pub(crate) fn unreadable(what: &str, error: &impl Coded) -> Self {
        let message = format!("{what}: {}", without_rust(&error.to_string()));
        Self::new(Exit::Unreachable, error.stable_code(), message)
    }

    /// The reader of standard output is gone.
    pub(crate) fn closed() -> Self {
        Self::new(Exit::Unreachable, "closed", "standard output is closed").with(|parts| parts.quiet = true)
    }

    /// Takes what a command found out as what is printed, without a word of a failure: the exit code says it.
    pub(crate) fn reported(code: &str, report: Node) -> Self {
        Self::new(Exit::Refused, code, "").with(|parts| {
            parts.quiet = true;
            parts.report = Some(report);
        })
    }

    pub(crate) fn remedy(self, remedy: impl Into<String>) -> Self {
        self.with(|parts| parts.remedy = Some(remedy.into()))
    }

    pub(crate) fn detail(self, name: &'static str, value: impl Into<Node>) -> Self {
        self.with(|parts| parts.details.push((name, value.into())))
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Everything was printed already.
    pub(crate) fn silent(self) -> Self {
        self.with(|parts| parts.report = None)
    }

    pub(crate) fn with_exit(self, exit: Exit) -> Self {
        self.with(|parts| parts.exit = exit)
    }

    /// Puts the place in front of the message.
    pub(crate) fn at(self, place: &str) -> Self {
        self.with(|parts| parts.message = format!("{place}: {}", parts.message))
    }

    /// The lines for standard error.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("josec: {}\n", safe(&self.message));
        for (name, value) in &self.details {
            text.push_str(&format!("  {name}: {}\n", value.inline()));
        }
        if let Some(remedy) = &self.remedy {
            text.push_str(&format!("  help: {}\n", safe(remedy)));
        }
        text
    }

    /// The object for standard output.
    pub(crate) fn json(&self) -> Node {
        let mut error = vec![
            ("code", Node::from(self.code.as_str())),
            ("message", self.message.as_str().into()),
            ("help", self.remedy.as_deref().into()),
        ];
        error.extend(self.details.iter().cloned());
        map([
            ("valid", false.into()),
            ("exit", i64::from(self.exit.code()).into()),
            ("error", Node::Map(error)),
        ])
    }
}

impl Deref for Failure {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// An error of the libraries.
pub(crate) trait Coded: Display {
    fn stable_code(&self) -> &str;
}

macro_rules! coded {
    ($($error:ty),*) => {
        $(impl Coded for $error {
            fn stable_code(&self) -> &str {
                self.code()
            }
        })*
    };
}

coded!(
    jose_b64::Error,
    jwk::Error,
    jws::Error,
    jwe::Error,
    jose_jwt::Error,
    jose_remote::Error,
    jwk::FormError,
    jwk::Weakness,
    jws::HeaderError
);

/// What to do about an error of the libraries, by its code, in terms of this command.
const REMEDIES: &[(&str, &str)] = &[
    (
        "algorithm-not-allowed",
        "`--alg` names the algorithms that are allowed; take one only if you expect it",
    ),
    ("algorithm-ambiguous", "name one with `--alg`"),
    ("algorithm-unknown", "`josec algorithms` lists those that there are; `none` is never accepted"),
    ("bearer", "pass what follows `Bearer `"),
    ("kid-unknown", "the key may have been rotated: fetch the set again, and compare with `josec inspect`"),
    ("key-ambiguous", "several keys fit a header without `kid`: pass the one that signed"),
    ("keys-mixed", "keep secrets and public keys in files of their own"),
    ("looks-like-key", "this is a key, not a secret: pass it with `--key`"),
    ("payload-missing", "the payload is detached: pass it with `--payload FILE`"),
    ("payload-present", "the payload is inside: leave `--payload` out"),
    ("unencoded", "`--unencoded` takes payloads that are not base64url (RFC 7797)"),
    ("crit-not-understood", "`--crit NAME` says that you handle this extension"),
    ("weak-secret-too-short", "`josec key new HS256` makes a secret that is long enough"),
    ("weak-modulus-too-small", "make a new key: `josec key new rsa`; `--legacy-rsa` verifies with this one"),
    ("weak-exponent-too-small", "make a new key: `josec key new rsa`; `--legacy-rsa` verifies with this one"),
    ("weak-roca", "the private key can be computed from the public one: replace it now"),
    ("compression-not-allowed", "`--decompress` takes compressed plaintexts"),
    ("passphrase-missing", "`--passphrase-file` or `--passphrase-env` gives it, or a terminal to type it at"),
    ("passphrase-wrong", "nothing else is told: check the passphrase, then the file"),
    ("url-insecure", "`--allow-http-loopback` takes http of this machine"),
    ("not-private", "pass the private key"),
    ("expired", "get a new token; `--now` verifies as of another time"),
    ("not-yet-valid", "`--leeway` makes up for clocks that differ; `--now` verifies as of another time"),
    ("is-set", "the file holds several keys: `josec key set get --kid` takes one out"),
];

/// Leaves out what a message says to a programmer: parentheses with code in them.
pub(crate) fn without_rust(message: &str) -> String {
    let (mut text, mut rest) = (String::new(), message);
    while let Some((before, after)) = rest.split_once(" (") {
        let Some((inside, after)) = after.split_once(')') else { break };
        text.push_str(before);
        if !inside.contains('`') {
            text.push_str(&format!(" ({inside})"));
        }
        rest = after;
    }
    text.push_str(rest);
    match text.split_once(": `") {
        Some((before, _)) => before.to_owned(),
        None => text,
    }
}
