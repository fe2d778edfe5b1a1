//! What is often done wrong, and what the error says to it.

use jose_jwk::{Error, JweAlg, Jwk, JwkSet, JwsAlg, Operation, PublicJwk};

use crate::rfc::{EC_PRIVATE, OCT};

fn said(what: &str, error: Error, code: &str, phrase: &str) {
    let text = error.to_string();
    assert_eq!(error.code(), code, "{what}: {text}");
    assert!(text.contains(phrase), "{what}: {text}");
}

#[test]
fn json() {
    let set = format!(r#"{{"keys":[{OCT}]}}"#);
    let base64 = EC_PRIVATE.replace("4Etl6SRW", "4Etl6+RW");
    let another = EC_PRIVATE.replace("\"d\":\"8", "\"d\":\"9");
    let padded = EC_PRIVATE.replace("x8PxltmWWlbbM4IFyM", "x8PxltmWWlbbM4IFyM=");
    for (what, error, code, phrase) in [
        ("a JWK Set as a JWK", Jwk::from_json(&set).unwrap_err(), "is-set", "`JwkSet::from_json` reads"),
        ("a JWK as a JWK Set", JwkSet::from_json(OCT).unwrap_err(), "is-key", "`Jwk::from_json` reads"),
        (
            "standard base64",
            Jwk::from_json(base64).unwrap_err(),
            "character",
            "y is not base64url: the character at byte 5 is of standard base64",
        ),
        (
            "padding",
            Jwk::from_json(padded).unwrap_err(),
            "character",
            "y is not base64url: the character at byte 43 is padding",
        ),
        ("a private key", PublicJwk::from_json(EC_PRIVATE).unwrap_err(), "private-members", "`to_public`"),
        ("no kty", Jwk::from_json("{}").unwrap_err(), "member-missing", "kty is missing"),
        (
            "a key of another pair",
            Jwk::from_json(another).unwrap_err(),
            "key-mismatch",
            "do not belong together",
        ),
        (
            "a misspelt key type",
            Jwk::from_json(OCT.replace("\"oct\"", "\"OCT\"")).unwrap_err(),
            "key-type-unknown",
            "kty is not a known key type",
        ),
        ("PEM as JSON", Jwk::from_json("-----BEGIN PUBLIC KEY-----").unwrap_err(), "syntax", "not JSON"),
        (
            "a public key as an HMAC secret",
            Jwk::from_octets("ssh-ed25519 AAAA").unwrap_err(),
            "looks-like-key",
            "key in another form, not like a secret",
        ),
    ] {
        said(what, error, code, phrase);
    }
}

#[test]
fn usage() {
    let ec = Jwk::from_json(EC_PRIVATE).unwrap();
    let oct = |len| Jwk::from_octets(vec![7; len]).unwrap();
    for (what, key, operation, code, phrase) in [
        (
            "a short secret",
            oct(16),
            Operation::Sign(JwsAlg::Hs256),
            "weak-secret-too-short",
            "HS256 takes a secret of at least 32 bytes, and this one has 16 (`Jwk::generate`",
        ),
        (
            "an AES key of 20 bytes",
            oct(20),
            Operation::Encrypt(JweAlg::A128Kw),
            "wrong-length",
            "A128KW takes a key of 16 bytes, and this one has 20",
        ),
        (
            "a content encryption key of 20 bytes",
            oct(20),
            Operation::Decrypt(JweAlg::Dir),
            "wrong-length",
            "dir takes a key of 16, 24, 32, 48 or 64 bytes, and this one has 20",
        ),
        (
            "an EC key for RS256",
            ec.clone(),
            Operation::Sign(JwsAlg::Rs256),
            "wrong-key",
            "a key of type EC on P-256 does not fit RS256",
        ),
        (
            "a key for encryption",
            ec.clone(),
            Operation::Sign(JwsAlg::Es256),
            "use-forbids",
            "the key's use forbids the operation",
        ),
        (
            "signing with a public key",
            ec.to_public().unwrap().into(),
            Operation::Sign(JwsAlg::Es256),
            "not-private",
            "needs a private key",
        ),
    ] {
        said(what, key.check(operation).unwrap_err(), code, phrase);
    }
}

#[cfg(feature = "pem")]
#[test]
fn pem() {
    use jose_jwk::PrivateFormat;
    let key = Jwk::from_json(crate::rfc::RSA_PRIVATE).unwrap();
    let pkcs8 = key.expose_private_pem(PrivateFormat::Pkcs8).unwrap();
    let labelled = |label: &str| pkcs8.replace("PRIVATE KEY", label);
    for (what, error, code, phrase) in [
        (
            "PKCS #8 under the label of PKCS #1",
            Jwk::from_pem(&labelled("RSA PRIVATE KEY")).unwrap_err(),
            "der",
            "not DER of the form PKCS #1 (`RSAPrivateKey`)",
        ),
        (
            "a private key as a public one",
            PublicJwk::from_pem(&pkcs8).unwrap_err(),
            "private-members",
            "`to_public` leaves them out",
        ),
        (
            "an encrypted private key as a public one",
            PublicJwk::from_pem(&labelled("ENCRYPTED PRIVATE KEY")).unwrap_err(),
            "private-members",
            "`to_public` leaves them out",
        ),
        (
            "a certificate",
            Jwk::from_pem(&labelled("CERTIFICATE")).unwrap_err(),
            "pem-label",
            "labelled CERTIFICATE: `PublicJwk::from_unverified_certificate_pem` reads it (feature `x509`)",
        ),
        (
            "a certificate as a public key",
            PublicJwk::from_pem(&labelled("CERTIFICATE")).unwrap_err(),
            "pem-label",
            "`PublicJwk::from_unverified_certificate_pem`",
        ),
        (
            "an OpenSSH key",
            Jwk::from_pem(&labelled("OPENSSH PRIVATE KEY")).unwrap_err(),
            "pem-label",
            "labelled OPENSSH PRIVATE KEY: `Jwk::from_openssh_private` reads it (feature `ssh`)",
        ),
        (
            "an encrypted key without a passphrase",
            Jwk::from_pem(&labelled("ENCRYPTED PRIVATE KEY")).unwrap_err(),
            "passphrase-missing",
            "`Jwk::from_encrypted_pem` takes a passphrase (feature `encrypted-pem`)",
        ),
        (
            "a certificate request",
            Jwk::from_pem(&labelled("CERTIFICATE REQUEST")).unwrap_err(),
            "pem-label",
            "the PEM is labelled CERTIFICATE REQUEST, and is no key",
        ),
        (
            "line ends as two characters",
            Jwk::from_pem(&pkcs8.replace('\n', "\\n")).unwrap_err(),
            "pem",
            "separated by `\\n` as two characters",
        ),
        (
            "a character that is lost",
            Jwk::from_pem(&pkcs8.replace("PRIVATE KEY-----\nM", "PRIVATE KEY-----\n!")).unwrap_err(),
            "pem",
            "its base64 is damaged",
        ),
        (
            "a path",
            Jwk::from_pem("/etc/keys/private.pem").unwrap_err(),
            "pem",
            "there is no `-----BEGIN` line",
        ),
        (
            "several keys",
            Jwk::from_pem(&format!("{}{}", *pkcs8, *pkcs8)).unwrap_err(),
            "pem-several",
            "several",
        ),
    ] {
        said(what, error, code, phrase);
    }
}

#[cfg(feature = "encrypted-pem")]
#[test]
fn a_passphrase_for_what_is_not_encrypted() {
    let key = Jwk::from_json(EC_PRIVATE).unwrap();
    let pem = key.expose_private_pem(jose_jwk::PrivateFormat::Pkcs8).unwrap();
    let error = Jwk::from_encrypted_pem(&pem, "swordfish").unwrap_err();
    said("a passphrase", error, "pem-label", "labelled PRIVATE KEY: `Jwk::from_pem` reads it");
}
