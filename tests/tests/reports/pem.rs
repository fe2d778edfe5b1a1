//! Keys in PEM, DER and the formats of OpenSSH.

use jose_jwk::{Error, FormError, Hash, Jwk, JwkParser, JwsAlg, PrivateFormat, PublicFormat, PublicJwk};
use jose_jws::SigningKey;

use crate::text;

fn form(error: FormError) -> Error {
    Error::Form(error)
}

fn phrase(error: Error, phrase: &str) {
    let text = error.to_string();
    assert!(text.contains(phrase), "{text}");
}

/// B25, B27: lines of any length, with blanks around them.
#[test]
fn pem_has_any_lines() {
    let names = ["B25-pub-single-line.pem", "B25-pub-single-line-nonl.pem", "B27-pub-indented.pem"];
    let keys = names.map(|name| PublicJwk::from_pem(&text(name)).unwrap());
    let clean = keys[0].to_pem(PublicFormat::Spki).unwrap();
    let spaced = clean.replace('\n', " \t\n\n");
    let others = [
        spaced,
        clean.replace('\n', "\r"),
        clean.replace('\n', "\r\n"),
        format!("Key of 2026: -- a note\n{clean}\nafter"),
        clean.replacen("-----\n", "-----\nComment: a note\n\n", 1),
    ];
    for other in &others {
        assert_eq!(PublicJwk::from_pem(other).as_ref(), Ok(&keys[0]), "{other}");
        assert_eq!(Jwk::from_pem(other).as_ref(), Ok(keys[0].as_jwk()), "{other}");
    }
    assert_eq!(keys[0], keys[1]);
    assert!(keys[2].as_jwk().thumbprint(Hash::Sha256).is_ok());
}

/// B28: base64 without its armour.
#[test]
fn base64_alone_is_not_pem_and_says_so() {
    phrase(Jwk::from_pem(&text("B28-pub-bare.txt")).unwrap_err(), "base64 without its `-----BEGIN` line");
    let der = jose_b64::Secret::from_base64(text("B28-pub-bare.txt").trim().as_bytes()).unwrap();
    assert!(PublicJwk::from_der(der.expose(), PublicFormat::Spki).is_ok());
}

/// B30: encryption by headers, and B31: by Triple DES, as the instructions of a database say.
#[test]
fn encrypted_keys_are_read_or_named() {
    let traditional = text("B30-trad-enc.pem");
    for error in [
        Jwk::from_pem(&traditional).unwrap_err(),
        Jwk::from_pem(&traditional.replace('\n', "\r\n")).unwrap_err(),
    ] {
        phrase(error, "`Proc-Type: 4,ENCRYPTED`");
    }
    let triple = text("B31-p8-des3.pem");
    assert_eq!(Jwk::from_pem(&triple), Err(form(FormError::PassphraseMissing)));
    assert!(Jwk::from_encrypted_pem(&triple, "correct-horse").unwrap().is_private());
    assert_eq!(Jwk::from_encrypted_pem(&triple, "wrong"), Err(form(FormError::PassphraseWrong)));
    let limited = JwkParser::new().max_iterations(100).encrypted_pem(&triple, "correct-horse").unwrap_err();
    assert!(
        matches!(limited, Error::Form(FormError::WorkTooMuch { what: "iterations", max: 100, .. })),
        "{limited:?}"
    );
}

/// B34: an RSA key for PSS alone.
#[test]
fn a_pss_key_names_its_algorithm() {
    let private = Jwk::from_pem(&text("B34-pss256.pem")).unwrap();
    let public = PublicJwk::from_pem(&text("B34-pss256-pub.pem")).unwrap();
    assert_eq!(private.to_public().unwrap(), public);
    assert_eq!(public.as_jwk().alg(), Some(&JwsAlg::Ps256.into()));
    assert!(SigningKey::from_jwk(&private, JwsAlg::Ps256).is_ok());
    assert!(SigningKey::from_jwk(&private, JwsAlg::Rs256).is_err());
}

/// B35: several blocks and their attributes.
#[test]
fn the_one_key_among_several_blocks_is_read() {
    let (bag, alone) = (text("B35-bag.pem"), text("B35-bag-keyonly.pem"));
    let key = Jwk::from_pem(&alone).unwrap();
    assert_eq!(Jwk::from_pem(&bag).as_ref(), Ok(&key));
    let certified = PublicJwk::from_unverified_certificate_pem(&bag).unwrap();
    assert_eq!(certified.as_jwk().thumbprint(Hash::Sha256), key.thumbprint(Hash::Sha256));
    assert_eq!(Jwk::from_pem(&format!("{alone}{alone}")), Err(form(FormError::PemSeveral("PRIVATE KEY"))));
    assert_eq!(PublicJwk::from_pem(&bag), Err(Error::PrivateMembers));
    let public = key.to_public().unwrap();
    let both = format!("{bag}{}", public.to_pem(PublicFormat::Spki).unwrap());
    assert_eq!(PublicJwk::from_pem(&both), Ok(public));
    assert_eq!(Jwk::from_pem(&both), Ok(key));
}

/// B36: the forms of other libraries.
#[test]
fn forms_of_other_libraries_are_read() {
    for name in ["B36-bc-Ed25519.pem", "B36-bc-X25519.pem", "B36-jdk-Ed25519.pem"] {
        assert!(Jwk::from_pem(&text(name)).unwrap().is_private(), "{name}");
    }
}

/// PKCS #8 version 2 as `ring` wrote it before 0.17: the public key is tagged explicitly.
#[test]
fn the_explicit_tag_of_ring_is_read() {
    let key = Jwk::from_pem(&text("B36-jdk-Ed25519.pem")).unwrap();
    let (d, x) = (key.expose_secret_member("d").unwrap(), key.public_member("x").unwrap());
    // RFC 8410 section 7, by hand: version 1, id-Ed25519, the seed, and `[1]` around a BIT STRING.
    let head = [0x30, 0x53, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let ring = [&head[..], d, &[0xa1, 0x23, 3, 0x21, 0], x].concat();
    assert_eq!(Jwk::from_private_der(&ring, PrivateFormat::Pkcs8).as_ref(), Ok(&key));
    let head = [&[0x30, 0x51], &head[2..]].concat();
    let implicit = [&head[..], d, &[0x81, 0x21, 0], x].concat();
    assert_eq!(Jwk::from_private_der(&implicit, PrivateFormat::Pkcs8).as_ref(), Ok(&key));
    let other = [&head[..], d, &[0x81, 0x21, 0], &[9; 32]].concat();
    assert!(Jwk::from_private_der(&other, PrivateFormat::Pkcs8).is_err());
}

/// B42: OpenSSH keys have functions of their own.
#[test]
fn openssh_keys_are_recognized() {
    let private = text("B42-ssh-rsa");
    assert_eq!(Jwk::from_pem(&private), Err(form(FormError::PemLabel("OPENSSH PRIVATE KEY"))));
    phrase(Jwk::from_pem(&private).unwrap_err(), "`Jwk::from_openssh_private` reads it");
    phrase(PublicJwk::from_pem(&text("B42-ssh-rsa.pub")).unwrap_err(), "`PublicJwk::from_openssh` reads");
    let key = Jwk::from_openssh_private(&private).unwrap();
    assert_eq!(PublicJwk::from_openssh(&text("B42-ssh-rsa.pub")), key.to_public());
    phrase(Jwk::from_openssh_private(&text("B42-ssh-enc")).unwrap_err(), "an encrypted OpenSSH key");
}

/// What is known and not supported is named, and is not called malformed.
#[test]
fn what_is_not_supported_is_named() {
    // `SubjectPublicKeyInfo` of DSA, and of EC with parameters that are spelled out: by hand, as far as it is looked at.
    let dsa = [0x30, 0x10, 0x30, 9, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1, 3, 3, 0, 1, 2];
    let error = PublicJwk::from_der(dsa, PublicFormat::Spki).unwrap_err();
    assert_eq!(error, Error::Unsupported("a DSA key"));
    let explicit =
        [0x30, 0x15, 0x30, 0x0e, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x30, 3, 2, 1, 1, 3, 3, 0, 1, 2];
    let error = PublicJwk::from_der(explicit, PublicFormat::Spki).unwrap_err();
    assert_eq!(error, Error::Unsupported("a curve without a name"));
}

/// B74: a service account of a cloud keeps its key in PEM, in JSON.
#[test]
fn a_service_account_signs() {
    let account: serde_json::Value = serde_json::from_str(&text("B74-gcp-sa.json")).unwrap();
    let key = Jwk::from_pem(account["private_key"].as_str().unwrap()).unwrap();
    assert!(SigningKey::from_jwk(&key, JwsAlg::Rs256).is_ok());
}

fn openssl(name: &str) -> String {
    std::fs::read_to_string(format!("{}/data/openssl/{name}.pem", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What OpenSSL encrypts by default, by options of old, and by what is not supported: the same key under `correct-horse`.
#[test]
fn encryption_is_read_or_named() {
    let key = Jwk::from_pem(&openssl("ec")).unwrap();
    for name in ["p8-prf-sha1", "p8-scrypt"] {
        let text = openssl(name);
        assert_eq!(Jwk::from_encrypted_pem(&text, "correct-horse").as_ref(), Ok(&key), "{name}");
        assert_eq!(Jwk::from_encrypted_pem(&text, "wrong"), Err(form(FormError::PassphraseWrong)), "{name}");
        let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let der = jose_b64::Secret::from_base64(base64.as_bytes()).unwrap();
        assert_eq!(Jwk::from_encrypted_der(der.expose(), "correct-horse").as_ref(), Ok(&key), "{name}");
        assert_eq!(Jwk::from_encrypted_der(&der.expose()[1..], "correct-horse").unwrap_err().code(), "der");
    }
    // 16 MiB for scrypt, 2048 iterations for PBKDF2.
    for (name, parser, what, found) in [
        ("p8-scrypt", JwkParser::new().max_memory(16 << 20).max_iterations(1), "bytes of memory", 16 << 20),
        ("p8-prf-sha1", JwkParser::new().max_iterations(2048).max_memory(1), "iterations", 2048),
    ] {
        assert!(parser.encrypted_pem(&openssl(name), "correct-horse").is_ok(), "{name}");
        let parser = parser.max_memory(1).max_iterations(1);
        let error = parser.encrypted_pem(&openssl(name), "correct-horse").unwrap_err();
        assert_eq!(error, form(FormError::WorkTooMuch { what, found, max: 1 }));
    }
    for (name, what) in
        [("p8-pbes1", "PBES1 with MD5 and DES"), ("p8-pkcs12", "the encryption of PKCS #12 with Triple DES")]
    {
        let error = Jwk::from_encrypted_pem(&openssl(name), "correct-horse").unwrap_err();
        assert_eq!(error, Error::Unsupported(what), "{name}");
    }
}

/// Keys of OpenSSL that JOSE has no place for, and those for PSS.
#[test]
fn kinds_of_keys_are_read_or_named() {
    for (name, what) in [
        ("p8-dsa", "a DSA key"),
        ("dsa", "a DSA key"),
        ("ec-explicit", "a curve without a name"),
        ("p8-explicit", "a curve without a name"),
        ("bp", "the curve brainpoolP256r1"),
        ("pss1", "an RSASSA-PSS key with parameters of no JWS algorithm"),
    ] {
        assert_eq!(Jwk::from_pem(&openssl(name)), Err(Error::Unsupported(what)), "{name}");
    }
    for (name, alg) in [("pss", JwsAlg::Ps256), ("pss512", JwsAlg::Ps512)] {
        let key = Jwk::from_pem(&openssl(name)).unwrap();
        assert_eq!(key.alg(), Some(&alg.into()), "{name}");
    }
    // Without parameters the key is for PSS with any hash function, which another `alg` can say.
    let any = Jwk::from_pem(&openssl("pss")).unwrap().with_alg(JwsAlg::Ps384).unwrap();
    assert!(SigningKey::from_jwk(&any, JwsAlg::Ps384).is_ok());
}
