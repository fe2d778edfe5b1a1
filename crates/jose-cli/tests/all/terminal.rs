//! A terminal: the prompt does not show what is typed, and large files have a bar. Python's `pty` is the terminal.

use crate::command::{Folder, JOSEC};

/// Runs the arguments on a terminal of its own, types each answer when it is asked for (a text that ends in `: `), and prints
/// what the terminal shows, then the exit code.
const TERMINAL: &str = r"
import os, pty, select, sys, termios, time
answers = sys.argv[1].split('|') if sys.argv[1] else []
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b''
since = 0
while True:
    ready, _, _ = select.select([terminal], [], [], 60)
    if not ready:
        sys.exit('it waits for something')
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        piece = b''
    if not piece:
        break
    shown += piece
    if answers and shown[since:].endswith(b': '):
        since = len(shown)
        # A person types after the prompt has turned off the echo.
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)
        os.write(terminal, answers.pop(0).encode() + b'\n')
_, status = os.waitpid(pid, 0)
sys.stdout.write(shown.decode())
print('exit', os.waitstatus_to_exitcode(status))
";

fn on_terminal(folder: &Folder, answers: &str, args: &[&str]) -> String {
    let start = ["-c", TERMINAL, answers, JOSEC];
    folder.run("python3", start.iter().chain(args), b"").ok().out().to_owned()
}

#[test]
#[ignore = "needs Python"]
fn a_password_is_typed_without_an_echo() {
    let folder = Folder::new();
    folder.write("text", "attack at dawn");
    let shown =
        on_terminal(&folder, "correct horse|correct horse", &["encrypt", "--password", "text", "-o", "jwe"]);
    assert!(shown.ends_with("exit 0\n"), "{shown}");
    assert!(
        shown.contains("New password: ") && shown.contains("Once more: ") && !shown.contains("horse"),
        "{shown}"
    );
    let shown = on_terminal(&folder, "correct horse", &["decrypt", "--password", "jwe", "-o", "plain"]);
    assert!(shown.ends_with("exit 0\n") && !shown.contains("horse"), "{shown}");
    assert_eq!(folder.read("plain"), b"attack at dawn");
    let shown = on_terminal(&folder, "wrong", &["decrypt", "--password", "jwe"]);
    assert!(shown.ends_with("exit 1\n"), "{shown}");
    let shown = on_terminal(&folder, "one|two", &["encrypt", "--password", "text"]);
    assert!(shown.contains("the two differ") && shown.ends_with("exit 2\n"), "{shown}");
}

#[test]
#[ignore = "needs Python"]
fn the_passphrase_of_a_key_is_asked_for() {
    let folder = Folder::new();
    let args = ["key", "new", "ed25519", "--to", "encrypted-pem", "-o", "key.pem"];
    let shown = on_terminal(&folder, "correct horse|correct horse", &args);
    assert!(shown.ends_with("exit 0\n"), "{shown}");
    let shown = on_terminal(&folder, "correct horse", &["key", "thumbprint", "key.pem"]);
    assert!(shown.contains("Passphrase of key.pem: ") && shown.ends_with("exit 0\n"), "{shown}");
    assert!(!shown.contains("horse"), "{shown}");
    // Without a terminal it is not waited for.
    folder.josec(["key", "thumbprint", "key.pem"]).ends(3).says("--passphrase-file");
    folder.josec(["encrypt", "--password", "key.pem"]).ends(2).says("--password-file");
}

#[test]
#[ignore = "needs Python"]
fn a_large_file_has_a_bar_on_a_terminal_alone() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("large", vec![b'a'; 16 << 20]).write("small", "a");
    let args = ["sign", "--detached", "--key", "es256.jwk", "large", "-o", "jws", "--force"];
    let shown = on_terminal(&folder, "", &args);
    assert!(shown.contains("[##############################] 100 % of 16 MiB"), "{shown}");
    assert!(!folder.josec(args).ok().err().contains('#'));
    let shown = on_terminal(&folder, "", &["sign", "--detached", "--key", "es256.jwk", "small"]);
    assert!(!shown.contains('#'), "{shown}");
    let shown = on_terminal(&folder, "", &["verify", "--key", "es256.jwk", "--payload", "large", "jws"]);
    assert!(shown.contains("100 %") && shown.contains("verified: ES256"), "{shown}");
}

#[test]
#[ignore = "needs Python"]
fn colours_are_for_terminals_that_want_them() {
    let folder = Folder::new();
    folder.data("es256.jwk");
    assert!(on_terminal(&folder, "", &["inspect", "es256.jwk"]).contains('\u{1b}'));
    assert!(!on_terminal(&folder, "", &["inspect", "es256.jwk", "--color", "never"]).contains('\u{1b}'));
    let shown = {
        let mut command = folder.command("python3", ["-c", TERMINAL, "", JOSEC, "inspect", "es256.jwk"]);
        String::from_utf8(command.env("NO_COLOR", "1").output().unwrap().stdout).unwrap()
    };
    assert!(shown.contains("JWK") && !shown.contains('\u{1b}'), "{shown}");
}
