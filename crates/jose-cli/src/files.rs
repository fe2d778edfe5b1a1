//! Files, standard input and output, and secrets.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// The longest token, key or key set that is read.
pub(crate) const MAX_LEN: u64 = 16 << 20;

/// The longest message that is held in memory.
pub(crate) const MAX_MESSAGE: u64 = 1 << 30;

/// The name of standard input and output.
const STANDARD: &str = "-";

/// Whether the argument is standard input or output.
pub(crate) fn is_standard(path: Option<&Path>) -> bool {
    path.is_none_or(|path| path.as_os_str() == STANDARD)
}

/// What to call it in a message.
pub(crate) fn name(path: Option<&Path>) -> String {
    match path {
        Some(path) if path.as_os_str() != STANDARD => path.display().to_string(),
        _ => "standard input".to_owned(),
    }
}

pub(crate) fn cannot_read(path: Option<&Path>, error: &io::Error) -> Failure {
    let code = match error.kind() {
        ErrorKind::NotFound => "file-missing",
        ErrorKind::PermissionDenied => "file-forbidden",
        _ => "file-unreadable",
    };
    // The base64url of `{"`, with which headers begin. What is on a command line can be read by others.
    if path.is_some_and(|path| path.as_os_str().as_encoded_bytes().starts_with(b"eyJ")) {
        return Failure::misuse("this looks like a token, and a file is expected").remedy(
            "pass the token on standard input, by `-`: an argument is seen by other users of the machine",
        );
    }
    Failure::unreachable(code, format!("{} cannot be read: {error}", name(path)))
}

/// Opens a file, or standard input. The length is known of regular files.
pub(crate) fn open(path: Option<&Path>) -> Result<(Box<dyn Read>, Option<u64>), Failure> {
    if is_standard(path) {
        if io::stdin().is_terminal() {
            eprint("josec: reads standard input, which ends with Ctrl-D\n");
        }
        return Ok((Box::new(io::stdin().lock()), None));
    }
    let fail = |error: io::Error| cannot_read(path, &error);
    let file = File::open(path.unwrap_or(Path::new(STANDARD))).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(Failure::unreachable("file-is-directory", format!("{} is a directory", name(path))));
    }
    let len = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), len))
}

/// Reads all of a file, or of standard input, of at most this many bytes. They are wiped when they are dropped.
pub(crate) fn read(path: Option<&Path>, max: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let (mut reader, len) = open(path)?;
    let mut bytes = Zeroizing::new(Vec::new());
    // The room is made at once: a vector that grows leaves copies behind.
    let room = len.unwrap_or(64 << 10).min(max).saturating_add(1);
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    bytes.try_reserve(room).map_err(|_| {
        Failure::unreachable("memory", format!("{} does not fit into memory", name(path)))
            .remedy("`--detached` signs a file piece by piece")
    })?;
    // A file may be longer than it said: it may grow.
    let read = reader.by_ref().take(max.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| cannot_read(path, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > max) {
        let message = format!("{} is longer than {} MiB", name(path), max >> 20);
        return Err(Failure::unreachable("file-too-long", message));
    }
    Ok(bytes)
}

/// Where the result goes.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) path: Option<PathBuf>,
    pub(crate) force: bool,
}

impl Destination {
    /// Writes the result. A private file can be read by its owner alone.
    pub(crate) fn write(&self, bytes: &[u8], private: bool) -> Result<(), Failure> {
        let Some(path) = self.path.as_deref().filter(|path| !is_standard(Some(path))) else {
            return print(bytes);
        };
        let fail = |error: io::Error| {
            if error.kind() == ErrorKind::AlreadyExists {
                let message = format!("{} exists, and is not written over", path.display());
                return Failure::unreachable("file-exists", message).remedy("`--force` writes over it");
            }
            Failure::unreachable("file-unwritable", format!("{} cannot be written: {error}", path.display()))
        };
        match fs::metadata(path) {
            // A device or a pipe is written to, not replaced.
            Ok(found) if !found.is_file() => {
                let file = OpenOptions::new().write(true).open(path);
                file.and_then(|mut file| file.write_all(bytes)).map_err(fail)
            }
            Ok(_) if self.force => replace(path, bytes, private).map_err(fail),
            _ => create(path, bytes, private).map_err(fail),
        }
    }
}

/// Creates a file that must not be there, and takes it away if it cannot be written.
fn create(path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = private;
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes beside the file and then takes its place, so that there is always a whole one.
fn replace(path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
    // What a symbolic link leads to is replaced, not the link.
    let path = fs::canonicalize(path)?;
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".josec-{}", std::process::id()));
    create(beside.as_ref(), bytes, private)?;
    let renamed = fs::rename(&beside, &path);
    if renamed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    renamed
}

/// Writes to standard output. A reader that is gone is no reason for a message.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::closed(),
        _ => Failure::unreachable("output", format!("standard output cannot be written: {error}")),
    })
}

/// Writes to standard error, if it can be written.
pub(crate) fn eprint(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
