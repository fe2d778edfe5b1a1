//! Running programs in folders of their own.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The program.
pub(crate) const JOSEC: &str = env!("CARGO_BIN_EXE_josec");

/// What the tests have as files.
pub(crate) const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// A folder that is removed.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("josec-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Copies a file of `tests/data`.
    pub(crate) fn data(&self, name: &str) -> &Self {
        self.write(name, fs::read(Path::new(DATA).join(name)).unwrap())
    }

    /// Runs `josec` there.
    pub(crate) fn josec<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        self.run(JOSEC, args, b"")
    }

    /// Runs `josec` there with this on its standard input.
    pub(crate) fn josec_with<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>, input: &[u8]) -> Ran {
        self.run(JOSEC, args, input)
    }

    /// Runs a program there.
    pub(crate) fn run<S: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = S>,
        input: &[u8],
    ) -> Ran {
        let mut child = self
            .command(program, args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let child =
            child.as_mut().unwrap_or_else(|error| panic!("{program} is needed by the tests: {error}"));
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A program that does not read must not hold the test.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let read = |mut stream: Box<dyn std::io::Read + Send>| {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                stream.read_to_end(&mut bytes).unwrap();
                bytes
            })
        };
        let (out, err) = (read(Box::new(out)), read(Box::new(err)));
        let status = child.wait().unwrap();
        writer.join().unwrap();
        Ran(Output { status, stdout: out.join().unwrap(), stderr: err.join().unwrap() })
    }

    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.0).env_remove("NO_COLOR");
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a program did.
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap_or_else(|| panic!("a signal: {self}"))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0.stdout
    }

    pub(crate) fn out(&self) -> &str {
        std::str::from_utf8(&self.0.stdout).unwrap()
    }

    pub(crate) fn err(&self) -> &str {
        std::str::from_utf8(&self.0.stderr).unwrap()
    }

    /// It came to an end with this code, and without a panic.
    pub(crate) fn ends(self, code: i32) -> Self {
        assert!(!self.err().contains("panicked"), "{self}");
        assert_eq!(self.code(), code, "{self}");
        self
    }

    pub(crate) fn ok(self) -> Self {
        self.ends(0)
    }

    /// It says this on standard error.
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err().contains(text), "{text:?} is not in:\n{self}");
        self
    }

    /// It writes this on standard output.
    pub(crate) fn writes(self, text: &str) -> Self {
        assert!(self.out().contains(text), "{text:?} is not in:\n{self}");
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (out, err) = (String::from_utf8_lossy(&self.0.stdout), String::from_utf8_lossy(&self.0.stderr));
        let short: String = out.chars().take(2000).collect();
        write!(f, "{}\n--- stdout\n{short}\n--- stderr\n{err}", self.0.status)
    }
}
