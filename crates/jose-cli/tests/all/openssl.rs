//! What OpenSSL and `josec` both do.

use crate::command::Folder;

#[test]
#[ignore = "needs OpenSSL"]
fn openssl_reads_the_keys_that_josec_writes() {
    let folder = Folder::new();
    folder.write("passphrase", "correct horse\n");
    for kind in ["p-256", "p-384", "p-521", "secp256k1", "ed25519", "ed448", "x25519", "x448", "rsa"] {
        folder.josec(["key", "new", kind, "--bits", "2048", "--to", "pem", "--force", "-o", "key.pem"]).ok();
        let public = folder.josec(["key", "public", "key.pem", "--to", "pem"]).ok();
        let read = folder.run("openssl", ["pkey", "-in", "key.pem", "-pubout"], b"").ok();
        assert_eq!(public.out(), read.out(), "{kind}");
        let args = [
            "key",
            "convert",
            "key.pem",
            "--to",
            "encrypted-pem",
            "--passphrase-file",
            "passphrase",
            "--force",
            "-o",
            "locked.pem",
        ];
        folder.josec(args).ok();
        let args = ["pkey", "-in", "locked.pem", "-passin", "file:passphrase", "-pubout"];
        assert_eq!(folder.run("openssl", args, b"").ok().out(), read.out(), "{kind}");
    }
}

#[test]
#[ignore = "needs OpenSSL"]
fn josec_reads_the_keys_that_openssl_writes() {
    let folder = Folder::new();
    folder.write("passphrase", "correct horse\n");
    for (algorithm, option) in [("EC", "ec_paramgen_curve:P-256"), ("RSA", "rsa_keygen_bits:2048")] {
        folder
            .run("openssl", ["genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", "key.pem"], b"")
            .ok();
        let args = ["pkey", "-in", "key.pem", "-aes256", "-passout", "file:passphrase", "-out", "locked.pem"];
        folder.run("openssl", args, b"").ok();
        folder.run("openssl", ["pkey", "-in", "key.pem", "-outform", "DER", "-out", "key.der"], b"").ok();
        let print = folder.josec(["key", "thumbprint", "key.pem"]).ok().out().to_owned();
        assert_eq!(folder.josec(["key", "thumbprint", "key.der"]).ok().out(), print);
        let opened =
            folder.josec(["key", "thumbprint", "locked.pem", "--passphrase-file", "passphrase"]).ok();
        assert_eq!(opened.out(), print);
        folder.josec(["inspect", "locked.pem"]).ok().writes("encrypted private key");
    }
}

#[test]
#[ignore = "needs OpenSSL"]
fn openssl_verifies_what_josec_signs() {
    let folder = Folder::new();
    folder
        .write("payload", "hello")
        .josec(["key", "new", "RS256", "--bits", "2048", "--to", "pem", "-o", "key.pem"])
        .ok();
    folder.josec(["key", "public", "key.pem", "--to", "pem", "-o", "public.pem"]).ok();
    let signed = folder.josec(["sign", "--alg", "RS256", "--key", "key.pem", "payload"]).ok();
    let (input, signature) = signed.out().trim_end().rsplit_once('.').unwrap();
    let standard = signature.replace('-', "+").replace('_', "/") + "==";
    folder.write("input", input).write("signature.b64", standard);
    folder.run("openssl", ["base64", "-d", "-A", "-in", "signature.b64", "-out", "signature"], b"").ok();
    let args = ["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "input"];
    folder.run("openssl", args, b"").ok().writes("Verified OK");
}

#[test]
#[ignore = "needs OpenSSL"]
fn certificates_are_shown_and_verify() {
    let folder = Folder::new();
    let args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 30 -subj /CN=issuer.example";
    folder.run("openssl", args.split(' '), b"").ok();
    let ran = folder.josec(["inspect", "cert.pem"]).ok();
    ran.writes("CN=issuer.example").writes("expires in ").writes("P-256");
    folder.josec(["inspect", "cert.pem", "--now", "2040-01-01T00:00:00Z"]).ok().writes("EXPIRED");
    folder.run("openssl", ["x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der"], b"").ok();
    folder.josec(["inspect", "cert.der"]).ok().writes("X.509 certificate (DER)");
    folder.write("payload", "hello");
    folder.write("jws", folder.josec(["sign", "--key", "key.pem", "payload"]).ok().bytes());
    folder.josec(["verify", "--key", "cert.pem", "jws"]).ok().writes("hello");
    // A map of certificates, as Google publishes them.
    let pem = String::from_utf8(folder.read("cert.pem")).unwrap();
    folder.write("map.json", serde_json::json!({ "key-1": pem }).to_string());
    folder.josec(["inspect", "map.json"]).ok().writes("map of X.509 certificates").writes("key-1");
    // A certificate of another key in x5c.
    let other = folder.josec(["key", "new", "p-256"]).ok().json();
    let mut jwk = folder.josec(["key", "public", "cert.pem"]).ok().json();
    for name in ["x", "y"] {
        jwk[name] = other[name].clone();
    }
    folder.write("mixed.jwk", jwk.to_string());
    folder.josec(["lint", "mixed.jwk"]).ends(1).writes("error[x5c-mismatch]");
}
