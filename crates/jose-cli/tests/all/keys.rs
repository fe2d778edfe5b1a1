//! `josec key`.

use serde_json::Value;

use crate::command::Folder;

const KINDS: &[(&str, &str)] = &[
    ("P-256", "EC"),
    ("p384", "EC"),
    ("P-521", "EC"),
    ("secp256k1", "EC"),
    ("Ed25519", "OKP"),
    ("Ed448", "OKP"),
    ("X25519", "OKP"),
    ("X448", "OKP"),
    ("rsa", "RSA"),
    ("oct", "oct"),
    ("HS512", "oct"),
    ("ES384", "EC"),
    ("EdDSA", "OKP"),
    ("ML-DSA-44", "AKP"),
    ("ML-DSA-65", "AKP"),
    ("ML-DSA-87", "AKP"),
    ("A128KW", "oct"),
    ("A256GCM", "oct"),
    ("ECDH-ES", "EC"),
];

#[test]
fn every_kind_of_key_is_made_and_named_by_its_thumbprint() {
    let folder = Folder::new();
    for (kind, kty) in KINDS {
        let ran = folder.josec(["key", "new", kind, "--bits", "2048"]).ok();
        let jwk = ran.json();
        assert_eq!(jwk["kty"], *kty, "{kind}");
        let print = folder.josec_with(["key", "thumbprint"], ran.bytes()).ok();
        assert_eq!(jwk["kid"], print.out().trim_end(), "{kind}");
        if kind.contains("S512") || kind.starts_with("ML-") || kind.starts_with('A') {
            assert_eq!(jwk["alg"], *kind);
        }
    }
    folder.josec(["key", "new", "P-257"]).ends(2).says("no curve, key type or algorithm");
    folder.josec(["key", "new", "rsa", "--bits", "1024"]).ends(2);
}

#[test]
fn keys_go_through_every_form_and_come_back() {
    let folder = Folder::new();
    folder.write("passphrase", "correct horse battery\n");
    let all: &[&str] = &["jwk", "pem", "der", "encrypted-pem", "openssh"];
    let few: &[&str] = &["jwk", "pem", "der", "encrypted-pem"];
    for (kind, forms) in [
        ("p-256", all),
        ("p-384", all),
        ("p-521", all),
        ("ed25519", all),
        ("rsa", all),
        ("secp256k1", few),
        ("x25519", few),
        ("ed448", few),
        ("x448", few),
        ("ml-dsa-65", few),
    ] {
        let made = folder.josec(["key", "new", kind, "--bits", "2048", "--no-kid"]).ok();
        folder.write("key.jwk", made.bytes());
        let print = folder.josec(["key", "thumbprint", "key.jwk"]).ok().out().to_owned();
        for form in forms {
            let args = ["key", "convert", "key.jwk", "--to", form, "--passphrase-file", "passphrase"];
            folder.write("other", folder.josec(args).ok().bytes());
            let back = ["key", "convert", "other", "--passphrase-file", "passphrase"];
            let back = folder.josec(back).ok();
            assert_eq!(back.json()["d"].is_null(), made.json()["d"].is_null(), "{kind} {form}");
            let again = folder.josec_with(["key", "thumbprint"], back.bytes()).ok();
            assert_eq!(again.out(), print, "{kind} {form}");
            if *form != "encrypted-pem" {
                folder.write("public", folder.josec(["key", "public", "key.jwk", "--to", form]).ok().bytes());
                let again = folder.josec(["key", "thumbprint", "public"]).ok();
                assert_eq!(again.out(), print, "{kind} {form}, public");
                let shown = folder.josec(["inspect", "--json", "public"]).ok().json();
                assert_eq!(shown["holds"], "a public key", "{kind} {form}");
            }
        }
    }
    folder.josec(["key", "convert", "other", "--passphrase-file", "missing"]).ends(3);
    folder.write("wrong", "nonsense");
    folder
        .josec(["key", "convert", "other", "--passphrase-file", "wrong"])
        .ends(3)
        .says("passphrase is wrong");
    folder.josec(["key", "convert", "other"]).ends(3).says("--passphrase-file");
}

/// On P-256, with a scalar of 31 bytes.
const SHORT: &str = r#"{"kty":"EC","crv":"P-256","x":"QPTwUj94X1kCfV_OBrpwkmPdCDYoAHz5k17xCr71uts",
"y":"AnYlIoP_BiUT3aj27TI6jVBKyldRjOc-BPny2oWjutc","d":"ACt4X5lPwawfCcTh2La9sNorVKfv4QxWRSU9E3ffJdY"}"#;

#[test]
fn openssh_reads_the_keys_that_josec_writes() {
    let folder = Folder::new();
    folder.josec_with(["key", "convert", "--to", "openssh", "-o", "short"], SHORT.as_bytes()).ok();
    let read = folder.run("ssh-keygen", ["-y", "-f", "short"], b"").ok();
    let public = folder.josec(["key", "public", "short", "--to", "openssh"]).ok();
    assert_eq!(read.out().trim_end(), public.out().trim_end());
    for kind in ["ed25519", "p-256", "p-384", "p-521", "rsa"] {
        folder.josec(["key", "new", kind, "--bits", "2048", "--to", "openssh", "--force", "-o", "id"]).ok();
        let public = folder.josec(["key", "public", "id", "--to", "openssh", "--kid", "somebody"]).ok();
        let read = folder.run("ssh-keygen", ["-y", "-f", "id"], b"").ok();
        let fields = |line: &str| line.split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(fields(public.out().trim_end()), fields(read.out().trim_end()), "{kind}");
        assert!(public.out().trim_end().ends_with(" somebody"), "{public}");
    }
    let made = folder.josec(["key", "new", "secp256k1"]).ok();
    folder
        .josec_with(["key", "convert", "--to", "openssh"], made.bytes())
        .ends(2)
        .says("OpenSSH has no such key");
}

#[test]
fn josec_reads_the_keys_that_openssh_writes() {
    let folder = Folder::new();
    for (kind, kty) in [("ed25519", "OKP"), ("ecdsa", "EC"), ("rsa", "RSA")] {
        let name = format!("id_{kind}");
        folder.run("ssh-keygen", ["-q", "-t", kind, "-N", "", "-f", &name], b"").ok();
        assert_eq!(folder.josec(["key", "convert", &name]).ok().json()["kty"], kty);
        let shown = folder.josec(["inspect", "--json", &format!("{name}.pub")]).ok().json();
        assert_eq!(shown["kind"], "OpenSSH public key");
    }
}

fn kids(set: &Value) -> Vec<&str> {
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect()
}

#[test]
fn sets_are_built_edited_and_rotated() {
    let folder = Folder::new();
    for (name, kind) in [("a", "ES256"), ("b", "Ed25519"), ("c", "P-384")] {
        folder.josec(["key", "new", kind, "--kid", name, "--use", "sig", "-o", &format!("{name}.jwk")]).ok();
    }
    folder.josec(["key", "set", "of", "a.jwk", "b.jwk", "-o", "set.json"]).ok().says("private keys");
    folder.josec(["key", "set", "add", "set.json", "c.jwk", "-o", "set.json", "--force"]).ok();
    let set: Value = serde_json::from_slice(&folder.read("set.json")).unwrap();
    assert_eq!(kids(&set), ["a", "b", "c"]);
    folder.josec(["key", "set", "add", "set.json", "a.jwk"]).ends(2).says("already");
    let removed = folder.josec(["key", "set", "remove", "set.json", "--kid", "b"]).ok();
    assert_eq!(kids(&removed.json()), ["a", "c"]);
    folder.josec(["key", "set", "remove", "set.json", "--kid", "z"]).ends(1).says("no key of the set");
    let got = folder.josec(["key", "set", "get", "set.json", "--kid", "c"]).ok();
    assert_eq!(got.json()["crv"], "P-384");

    let rotated = folder.josec(["key", "set", "rotate", "set.json"]).ok();
    let set = rotated.json();
    assert_eq!(kids(&set)[1..], ["a", "b", "c"]);
    assert_eq!(
        (&set["keys"][0]["alg"], &set["keys"][0]["use"]),
        (&Value::from("ES256"), &Value::from("sig"))
    );
    let private: Vec<_> = set["keys"].as_array().unwrap().iter().map(|key| key["d"].is_string()).collect();
    assert_eq!(private, [true, false, false, false]);
    // What the old key signed verifies with the rotated set.
    folder.write("rotated.json", rotated.bytes()).write("text", "hello");
    folder.write("jws", folder.josec(["sign", "--key", "a.jwk", "text"]).ok().bytes());
    folder.josec(["verify", "--key", "rotated.json", "jws"]).ok().writes("hello").says("kid a");

    let public = folder.josec(["key", "public", "rotated.json"]).ok();
    assert!(!public.out().contains("\"d\""), "{public}");
    folder.josec_with(["lint", "--level", "error"], public.bytes()).ok();
    folder.josec(["lint", "rotated.json"]).ends(1).writes("private-in-set");
    folder.josec(["lint", "--private", "rotated.json", "--level", "error"]).ok();
}

#[test]
fn a_secret_has_no_public_part_and_is_not_shown() {
    let folder = Folder::new();
    let made = folder.josec(["key", "new", "HS256"]).ok();
    folder.write("secret.jwk", made.bytes());
    folder.josec(["key", "public", "secret.jwk"]).ends(2).says("no public part");
    let k = made.json()["k"].as_str().unwrap().to_owned();
    for args in
        [&["inspect", "secret.jwk"][..], &["inspect", "--json", "secret.jwk"], &["lint", "secret.jwk"]]
    {
        assert!(!folder.josec(args).out().contains(&k), "{args:?}");
    }
    assert!(folder.josec(["inspect", "--private", "secret.jwk"]).ok().out().contains(&k));
    folder.josec(["key", "set", "of", "secret.jwk", "-o", "set.json"]).ok();
    folder.josec(["key", "set", "rotate", "set.json"]).ends(2);
}
