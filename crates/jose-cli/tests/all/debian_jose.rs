//! What latchset's `jose`, Debian's package of that name, and `josec` both do.

use crate::command::Folder;

#[test]
#[ignore = "needs the jose of Debian"]
fn each_verifies_what_the_other_signs() {
    let folder = Folder::new();
    folder.write("payload", "hello");
    for alg in ["ES256", "ES384", "ES512", "RS256", "PS256", "HS256", "HS512"] {
        folder.run("jose", ["jwk", "gen", "-i", &format!(r#"{{"alg":"{alg}"}}"#), "-o", "key.jwk"], b"").ok();
        // It does not know the members of RSA keys by CRT alone, and it writes them all.
        let signed =
            folder.run("jose", ["jws", "sig", "-I", "payload", "-k", "key.jwk", "-c", "-o", "-"], b"").ok();
        folder.write("jws", signed.bytes());
        folder.josec(["verify", "--key", "key.jwk", "jws"]).ok().writes("hello");
        for form in ["compact", "flattened", "general"] {
            let ours = folder.josec(["sign", "--key", "key.jwk", "--form", form, "payload"]).ok();
            // It takes no line end after a compact serialization.
            folder.write("jws", ours.out().trim_end());
            let args = ["jws", "ver", "-i", "jws", "-k", "key.jwk", "-O", "-"];
            assert_eq!(folder.run("jose", args, b"").ok().out(), "hello", "{alg} {form}");
        }
    }
}

#[test]
#[ignore = "needs the jose of Debian"]
fn each_decrypts_what_the_other_encrypts() {
    let folder = Folder::new();
    folder.write("text", "attack at dawn");
    for alg in ["ECDH-ES", "ECDH-ES+A256KW", "A128KW", "A256GCMKW"] {
        folder.run("jose", ["jwk", "gen", "-i", &format!(r#"{{"alg":"{alg}"}}"#), "-o", "key.jwk"], b"").ok();
        // It writes `wrapKey` into keys of ECDH, for which RFC 7517 section 4.3 has `deriveKey`.
        let mut key: serde_json::Value = serde_json::from_slice(&folder.read("key.jwk")).unwrap();
        key.as_object_mut().unwrap().remove("key_ops");
        folder.write("key.jwk", key.to_string());
        folder.write("jwe", folder.josec(["encrypt", "--to", "key.jwk", "text"]).ok().out().trim_end());
        let args = ["jwe", "dec", "-i", "jwe", "-k", "key.jwk", "-O", "-"];
        assert_eq!(folder.run("jose", args, b"").ok().out(), "attack at dawn", "{alg}");
        let args = ["jwe", "enc", "-I", "text", "-k", "key.jwk", "-c", "-o", "-"];
        folder.write("jwe", folder.run("jose", args, b"").ok().bytes());
        folder.josec(["decrypt", "--key", "key.jwk", "jwe"]).ok().writes("attack at dawn");
    }
}

#[test]
#[ignore = "needs the jose of Debian"]
fn both_name_a_key_by_the_same_thumbprint() {
    let folder = Folder::new();
    for kind in ["ES256", "ES512", "RS256"] {
        folder.josec(["key", "new", kind, "--bits", "2048", "--force", "-o", "key.jwk"]).ok();
        let theirs = folder.run("jose", ["jwk", "thp", "-i", "key.jwk", "-a", "S256"], b"").ok();
        let ours = folder.josec(["key", "thumbprint", "key.jwk"]).ok();
        assert_eq!(theirs.out().trim_end(), ours.out().trim_end());
        let public = folder.josec(["key", "public", "key.jwk"]).ok();
        folder.write("public.jwk", public.bytes());
        folder.run("jose", ["jwk", "eql", "-i", "key.jwk", "-i", "public.jwk"], b"").ok();
    }
}
