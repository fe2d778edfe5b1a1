//! Files that mean no good.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::command::{Folder, JOSEC};

/// The commands that read a file, and what else they need.
const READERS: &[&[&str]] = &[
    &["inspect"],
    &["lint"],
    &["key", "public"],
    &["key", "thumbprint"],
    &["key", "convert"],
    &["key", "set", "of"],
    &["key", "set", "get", "--index", "0"],
    &["verify", "--key", "es256.jwk"],
    &["decrypt", "--key", "ecdh.jwk"],
    &["jwt", "verify", "--key", "es256.jwk", "--any-iss", "--any-aud"],
];

/// Runs each reader on a file; none may end in another way than by saying what is wrong.
fn each(folder: &Folder, file: &str) {
    folder.data("es256.jwk");
    folder.data("ecdh.jwk");
    for reader in READERS {
        let ran = folder.josec(reader.iter().chain(&[file]));
        let code = ran.code();
        assert!([1, 3].contains(&code), "{reader:?}: {ran}");
        let ran = ran.ends(code);
        assert!(ran.err().starts_with("josec: ") || ran.out().contains("["), "{reader:?}: {ran}");
        assert!(ran.err().len() < 4000, "{reader:?} says too much: {ran}");
    }
}

#[test]
fn ten_megabytes_of_braces() {
    let folder = Folder::new();
    folder.write("braces", vec![b'{'; 10 << 20]);
    each(&folder, "braces");
}

#[test]
fn ten_megabytes_of_dots_and_of_brackets() {
    let folder = Folder::new();
    folder.write("dots", vec![b'.'; 10 << 20]);
    each(&folder, "dots");
    folder.write("brackets", [b"{\"keys\":".as_slice(), &vec![b'['; 10 << 20]].concat());
    each(&folder, "brackets");
}

#[test]
fn a_directory_nothing_and_a_file_that_is_not_there() {
    let folder = Folder::new();
    fs::create_dir(folder.path("directory")).unwrap();
    each(&folder, "directory");
    folder.write("empty", b"");
    each(&folder, "empty");
    each(&folder, "missing");
    folder.josec(["inspect", "directory"]).ends(3).says("is a directory");
    folder.josec(["inspect", "missing"]).ends(3).says("cannot be read");
    folder.josec(["inspect", "empty"]).ends(1).says("nothing to read");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new();
    folder.write("zeros", vec![0; 1 << 20]);
    each(&folder, "zeros");
    folder.write("der", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01]);
    each(&folder, "der");
    folder.write("surrogates", b"{\"kty\":\"\\ud800\"}");
    each(&folder, "surrogates");
    folder.write("latin", b"{\"kty\":\"\xe9\"}");
    each(&folder, "latin");
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let folder = Folder::new();
    let file = fs::File::create(folder.path("sparse")).unwrap();
    file.set_len(1 << 40).unwrap();
    for reader in [&["inspect"][..], &["lint"], &["key", "public"]] {
        folder.josec(reader.iter().chain(&["sparse"])).ends(3).says("longer than 16 MiB");
    }
}

#[test]
#[cfg(unix)]
fn an_endless_device_is_not_read_for_ever() {
    let folder = Folder::new();
    folder.josec(["inspect", "/dev/zero"]).ends(3).says("longer than 16 MiB");
}

#[test]
fn a_file_that_grows_while_it_is_signed() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("growing", vec![b'a'; 1 << 20]);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = OpenOptions::new().append(true).open(folder.path("growing")).unwrap();
            // It stops by itself, so that a reader that runs after it comes to an end.
            for _ in 0..64 {
                file.write_all(&[b'a'; 1 << 16]).unwrap();
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let ran = folder.josec(["sign", "--detached", "--key", "es256.jwk", "growing"]).ok();
        done.store(true, Ordering::Relaxed);
        assert_eq!(ran.out().trim_end().split("..").count(), 2, "{ran}");
        let code = folder.josec(["inspect", "growing"]).code();
        assert_eq!(code, 1);
    });
}

#[test]
fn a_closed_pipe_ends_in_silence() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("long", vec![b'a'; 4 << 20]);
    let signed = folder.josec(["sign", "--key", "es256.jwk", "long"]).ok();
    folder.write("long.jws", signed.bytes());
    for args in [
        &["verify", "--key", "es256.jwk", "long.jws"][..],
        &["inspect", "long.jws"],
        &["sign", "--key", "es256.jwk", "long"],
        &["--json", "inspect", "long.jws"],
    ] {
        let mut command = folder.command(JOSEC, args);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        let err = String::from_utf8(out.stderr).unwrap();
        assert!(err.lines().all(|line| line.starts_with("josec: verified")), "{args:?}: {err}");
        assert_eq!(out.status.code(), Some(3), "{args:?}");
    }
}

#[test]
fn a_token_does_not_write_on_the_terminal() {
    let folder = Folder::new();
    let header = "eyJhbGciOiJFUzI1NiIsImtpZCI6Ilx1MDAxYlszMW0ifQ";
    // {"sub":"…"} with DEL, C1 and right-to-left override as they are.
    let claims = b"{\"sub\":\"a\x7f\xc2\x9b31m\xe2\x80\xae\"}";
    let claims = encode(claims);
    folder.write("token", format!("{header}.{claims}.AA"));
    for args in [&["inspect", "token"][..], &["inspect", "--json", "token"], &["lint", "token"]] {
        let ran = folder.josec(args);
        let all = format!("{}{}", ran.out(), ran.err());
        let bad = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
        assert!(!all.chars().any(bad), "{args:?}: {all:?}");
    }
    folder.write("\u{1b}[31mred", "x");
    let ran = folder.josec(["inspect", "\u{1b}[31mmissing"]).ends(3);
    assert!(!ran.err().contains('\u{1b}'), "{ran}");
}

/// base64url.
fn encode(bytes: &[u8]) -> String {
    let digits: Vec<char> =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars().collect();
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1)).collect();
    let digit = |bits: &[u8]| {
        (0..6).fold(0_usize, |value, bit| value * 2 + usize::from(*bits.get(bit).unwrap_or(&0)))
    };
    bits.chunks(6).map(|bits| digits[digit(bits)]).collect()
}

#[test]
fn a_token_that_is_pasted_in_the_wrong_place() {
    let folder = Folder::new();
    let ran = folder.josec(["inspect", "eyJhbGciOiJub25lIn0.e30."]).ends(2).says("standard input");
    assert!(!ran.err().contains("eyJ"), "{ran}");
    folder.josec_with(["inspect"], b"e30.\n  e30.\n  e30").ends(1).says("white space");
    folder.josec_with(["lint"], b"e30.e30 .e30").ends(1).writes("[malformed]");
}
