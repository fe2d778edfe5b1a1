//! `josec sign`, `verify`, `encrypt` and `decrypt`.

use crate::command::Folder;

const ALGS: &[&str] = &[
    "HS256",
    "HS384",
    "HS512",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "Ed25519",
    "Ed448",
    "EdDSA",
    "RS256",
    "PS256",
    "PS512",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
];

#[test]
fn every_algorithm_signs_in_every_form() {
    let folder = Folder::new();
    folder.write("payload", b"\x00\xffbytes, not text\n").write("other", "another");
    for alg in ALGS {
        // Ed25519 and Ed448 are curves as well: the key does not name an algorithm.
        folder.josec(["key", "new", alg, "--bits", "2048", "--force", "-o", "key.jwk"]).ok();
        let curve = ["Ed25519", "Ed448"].contains(alg).then_some(["--alg", alg]);
        for form in ["compact", "flattened", "general"] {
            for detached in [false, true] {
                let mut args = vec!["sign", "--key", "key.jwk", "--form", form, "payload"];
                args.extend(curve.into_iter().flatten());
                if detached {
                    args.push("--detached");
                }
                folder.write("jws", folder.josec(&args).ok().bytes());
                let mut args = vec!["verify", "--key", "key.jwk", "jws"];
                if detached {
                    folder.josec(&args).ends(1);
                    args.extend(["--payload", "payload"]);
                }
                let ran = folder.josec(&args).ok().says(&format!("verified: {alg}"));
                let expected: &[u8] = if detached { b"" } else { b"\x00\xffbytes, not text\n" };
                assert_eq!(ran.bytes(), expected, "{alg} {form}");
                if detached {
                    folder
                        .josec(["verify", "--key", "key.jwk", "jws", "--payload", "other"])
                        .ends(1)
                        .says("does not verify");
                }
            }
        }
    }
}

#[test]
fn unencoded_payloads() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("payload", "$.02");
    let args = ["sign", "--key", "es256.jwk", "--unencoded", "payload"];
    folder.josec(args).ends(2).says("full stop");
    let detached = folder.josec(args.iter().chain(&["--detached"])).ok();
    folder.write("jws", detached.bytes());
    folder.josec(["verify", "--key", "es256.jwk", "--payload", "payload", "jws"]).ok();
    let json = folder.josec(args.iter().chain(&["--form", "flattened"])).ok();
    assert!(json.out().contains("$.02"), "{json}");
    folder.write("jws", json.bytes());
    folder.josec(["verify", "--key", "es256.jwk", "jws"]).ends(1).says("--unencoded");
    folder.josec(["verify", "--key", "es256.jwk", "--unencoded", "jws"]).ok().writes("$.02");
}

#[test]
fn several_signatures() {
    let folder = Folder::new();
    folder.write("payload", "hello");
    for name in ["a", "b", "c"] {
        folder.josec(["key", "new", "ES256", "--kid", name, "-o", name]).ok();
    }
    let signed = folder.josec(["sign", "--key", "a", "--key", "b", "payload"]).ok();
    assert_eq!(signed.json()["signatures"].as_array().unwrap().len(), 2);
    folder.write("jws", signed.bytes());
    folder.josec(["verify", "--key", "b", "jws"]).ok().writes("hello");
    folder.josec(["verify", "--key", "b", "--all", "jws"]).ends(1);
    folder.josec(["verify", "--key", "a", "--key", "b", "--all", "jws"]).ok();
    folder.josec(["verify", "--key", "c", "jws"]).ends(1);
    folder
        .josec(["sign", "--key", "a", "--key", "b", "--form", "compact", "payload"])
        .ends(2)
        .says("--form general");
}

#[test]
fn a_large_file_is_signed_piece_by_piece() {
    let folder = Folder::new();
    folder.data("es256.jwk");
    let file = std::fs::File::create(folder.path("large")).unwrap();
    file.set_len(96 << 20).unwrap();
    drop(file);
    // 64 MiB of memory are too few to hold it.
    let limited = |args: &str| {
        let shell = format!("ulimit -v 65536 && exec \"$0\" {args}");
        folder.run("sh", ["-c", &shell, crate::command::JOSEC], b"")
    };
    let signed = limited("sign --detached --key es256.jwk large").ok();
    folder.write("jws", signed.bytes());
    limited("verify --key es256.jwk --payload large jws").ok();
    limited("sign --key es256.jwk large").ends(3);
}

#[test]
fn encryption_to_every_kind_of_recipient() {
    let folder = Folder::new();
    folder.write("text", "attack at dawn").write("password", "correct horse\n").write("aad", "seen by all");
    for kind in ["rsa", "P-256", "P-521", "X25519", "X448", "A128KW", "A256KW", "A256GCMKW", "A256GCM"] {
        folder.josec(["key", "new", kind, "--bits", "2048", "--force", "-o", "key.jwk"]).ok();
        let to = if ["rsa", "P-256", "P-521", "X25519", "X448"].contains(&kind) {
            folder.josec(["key", "public", "key.jwk", "--force", "-o", "to.jwk"]).ok();
            "to.jwk"
        } else {
            "key.jwk"
        };
        for form in ["compact", "flattened", "general"] {
            let mut args = vec!["encrypt", "--to", to, "--form", form, "text"];
            if form != "compact" {
                args.extend(["--aad", "aad"]);
            }
            folder.write("jwe", folder.josec(args).ok().bytes());
            folder.josec(["decrypt", "--key", "key.jwk", "jwe"]).ok().writes("attack at dawn");
        }
    }
    folder.write("jwe", folder.josec(["encrypt", "--password-file", "password", "text"]).ok().bytes());
    folder.josec(["decrypt", "--password-file", "password", "jwe"]).ok().writes("attack at dawn");
    folder.write("wrong", "nonsense");
    let ran = folder.josec(["decrypt", "--password-file", "wrong", "jwe"]).ends(1);
    assert_eq!(ran.out(), "");
}

#[test]
fn several_recipients_and_a_compressed_plaintext() {
    let folder = Folder::new();
    let text = include_str!("../../README.md");
    folder.write("text", text).write("password", "correct horse");
    folder.josec(["key", "new", "P-256", "-o", "a"]).ok();
    folder.josec(["key", "new", "A256KW", "-o", "b"]).ok();
    let args = ["encrypt", "--to", "a", "--to", "b", "--password-file", "password", "--compress", "text"];
    let sealed = folder.josec(args).ok();
    assert_eq!(sealed.json()["recipients"].as_array().unwrap().len(), 3);
    folder.write("jwe", sealed.bytes());
    folder.josec(["decrypt", "--key", "a", "jwe"]).ends(1).says("--decompress");
    for key in [["--key", "a"], ["--key", "b"], ["--password-file", "password"]] {
        let ran = folder.josec(["decrypt", "--decompress", "jwe"].iter().chain(&key)).ok();
        assert_eq!(ran.out(), text, "{key:?}");
    }
}

#[test]
fn a_public_key_is_no_secret() {
    let folder = Folder::new();
    folder.data("es256.jwk").write("payload", "hello");
    folder.josec(["key", "public", "es256.jwk", "--to", "pem", "-o", "public.pem"]).ok();
    folder
        .josec(["sign", "--alg", "HS256", "--secret-file", "public.pem", "payload"])
        .ends(3)
        .says("look like a key");
    folder.josec(["sign", "--alg", "HS256", "--key", "es256.jwk", "payload"]).ends(2);
    folder.write("short", "secret");
    folder
        .josec(["sign", "--alg", "HS256", "--secret-file", "short", "payload"])
        .ends(2)
        .says("josec key new HS256");
}

#[test]
fn nothing_secret_is_taken_from_an_argument() {
    let help = |args: &[&str]| Folder::new().josec(args.iter().chain(&["--help"])).ok().out().to_owned();
    for args in [
        &["sign"][..],
        &["verify"],
        &["encrypt"],
        &["decrypt"],
        &["jwt", "sign"],
        &["jwt", "verify"],
        &["key", "convert"],
    ] {
        for line in help(args).lines().map(str::trim_start).filter(|line| line.starts_with("--")) {
            let name = line.split([' ', '=']).next().unwrap();
            let is_secret = ["secret", "pass", "private"].iter().any(|word| name.contains(word));
            let takes_value = line.contains('<');
            let by_name = ["-file", "-env"].iter().any(|end| name.ends_with(end));
            assert!(!is_secret || !takes_value || by_name, "{args:?}: {line}");
        }
    }
}
