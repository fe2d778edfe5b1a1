use std::process::Command;

/// Who only encrypts and decrypts compiles no code of signatures, whatever features are on.
#[test]
fn no_signature_crate_is_in_the_tree() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "jose-jwe", "--all-features", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success());
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"aes-gcm") && names.contains(&"p256"));
    for name in ["ecdsa", "ed25519", "ed25519-dalek", "jose-jws", "ml-dsa"] {
        assert!(!names.contains(&name), "{name}");
    }
}
