//! What is written, and what is not written over.

use std::fs;

use crate::command::Folder;

#[cfg(unix)]
fn mode(folder: &Folder, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777
}

#[test]
#[cfg(unix)]
fn private_files_are_for_their_owner_alone() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("text", "hello").write("password", "correct horse\n");
    folder.josec(["key", "new", "p-256", "-o", "new.jwk"]).ok();
    folder.josec(["key", "new", "ed25519", "--to", "pem", "-o", "new.pem"]).ok();
    folder.josec(["key", "new", "hs256", "-o", "secret.jwk"]).ok();
    folder.josec(["key", "set", "of", "new.jwk", "-o", "set.json"]).ok();
    folder.josec(["inspect", "--private", "new.jwk", "-o", "shown.txt"]).ok();
    let encrypted = folder.josec(["encrypt", "--password-file", "password", "text"]).ok();
    folder.write("text.jwe", encrypted.bytes());
    folder.josec(["decrypt", "--password-file", "password", "text.jwe", "-o", "plain"]).ok();
    for name in ["new.jwk", "new.pem", "secret.jwk", "set.json", "shown.txt", "plain"] {
        assert_eq!(mode(&folder, name), 0o600, "{name}");
    }
    folder.josec(["key", "public", "new.jwk", "-o", "public.jwk"]).ok();
    assert_ne!(mode(&folder, "public.jwk") & 0o044, 0);
}

#[test]
#[cfg(unix)]
fn a_file_that_everybody_can_read_becomes_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.write("key.jwk", "old");
    fs::set_permissions(folder.path("key.jwk"), fs::Permissions::from_mode(0o644)).unwrap();
    folder.josec(["key", "new", "p-256", "--force", "-o", "key.jwk"]).ok();
    assert_eq!(mode(&folder, "key.jwk"), 0o600);
}

#[test]
fn nothing_is_written_over_without_force() {
    let folder = Folder::new();
    folder.write("key.jwk", "precious");
    folder.josec(["key", "new", "p-256", "-o", "key.jwk"]).ends(3).says("--force");
    assert_eq!(folder.read("key.jwk"), b"precious");
    folder.josec(["key", "new", "p-256", "-o", "key.jwk", "--force"]).ok();
    assert!(folder.read("key.jwk").starts_with(b"{"));
    let left: Vec<_> =
        fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["key.jwk"]);
}

#[test]
#[cfg(unix)]
fn force_follows_a_link_and_leaves_devices_alone() {
    let folder = Folder::new();
    folder.write("real.jwk", "old");
    std::os::unix::fs::symlink(folder.path("real.jwk"), folder.path("link.jwk")).unwrap();
    folder.josec(["key", "new", "p-256", "-o", "link.jwk", "--force"]).ok();
    assert!(fs::symlink_metadata(folder.path("link.jwk")).unwrap().is_symlink());
    assert!(folder.read("real.jwk").starts_with(b"{"));
    folder.josec(["key", "new", "p-256", "-o", "/dev/null", "--force"]).ok();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_refused_message_leaves_no_file() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("text", "hello");
    folder.josec(["key", "new", "es256", "-o", "other.jwk"]).ok();
    let signed = folder.josec(["sign", "--key", "es256.jwk", "text"]).ok();
    folder.write("text.jws", signed.bytes());
    let ran = folder.josec(["verify", "--key", "other.jwk", "text.jws", "-o", "payload"]).ends(1);
    assert_eq!(ran.out(), "");
    assert!(!folder.path("payload").exists());
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = Folder::new();
    folder.josec(["key", "new", "p-256", "-o", "no/such/folder"]).ends(3).says("cannot be written");
    #[cfg(target_os = "linux")]
    folder.josec(["key", "new", "p-256", "-o", "/dev/full"]).ends(3).says("cannot be written");
}
