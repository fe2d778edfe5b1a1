//! OpenSSL and OpenSSH, as programs, where they are installed: each reads what this library writes, and this library
//! reads what they write.

use std::io::Write;
#[cfg(any(feature = "x509", feature = "ssh"))]
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jose_jwk::{Curve, Hash, Jwk, KeySpec, PrivateFormat, PublicFormat, PublicJwk, SysRng};

/// What the program writes, if it succeeds; `None` where it is not installed.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<Result<Vec<u8>, String>> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        // Visible with `--nocapture`, and in CI, where it must be there.
        eprintln!("SKIPPED: {program} is not installed");
        assert!(std::env::var_os("CI").is_none(), "CI has {program}");
        return None;
    };
    // A program that fails early may not read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Some(if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}

fn openssl(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    run("openssl", arguments, input)
        .map(|result| result.unwrap_or_else(|error| panic!("{arguments:?}: {error}")))
}

fn text(octets: Vec<u8>) -> String {
    String::from_utf8(octets).unwrap()
}

fn id(key: &Jwk) -> String {
    key.thumbprint(Hash::Sha256).unwrap().to_string()
}

fn keys() -> Vec<Jwk> {
    let mut specs: Vec<KeySpec> =
        [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::Ed25519, Curve::X25519]
            .map(KeySpec::from)
            .into();
    specs.push(KeySpec::Rsa { bits: 2048 });
    if cfg!(feature = "ed448") {
        specs.push(Curve::Ed448.into());
    }
    if cfg!(feature = "x448") {
        specs.push(Curve::X448.into());
    }
    specs.into_iter().map(|spec| Jwk::generate(spec, &mut SysRng).unwrap()).collect()
}

/// Covers K30.
#[test]
fn openssl_reads_each_exported_key() {
    for key in keys() {
        let public = key.to_public().unwrap();
        let spki = public.to_pem(PublicFormat::Spki).unwrap();
        for format in [PrivateFormat::Pkcs8, PrivateFormat::Pkcs1, PrivateFormat::Sec1] {
            let Ok(pem) = key.expose_private_pem(format) else { continue };
            // It computes the public key itself.
            let Some(out) = openssl(&["pkey", "-pubout"], pem.as_bytes()) else { return };
            assert_eq!(text(out), spki, "{key:?} {format:?}");
            let der = key.expose_private_der(format).unwrap();
            assert_eq!(text(openssl(&["pkey", "-inform", "DER", "-pubout"], &der).unwrap()), spki);
        }
        for format in [PublicFormat::Spki, PublicFormat::Pkcs1] {
            let Ok(pem) = public.to_pem(format) else { continue };
            let arguments: &[&str] = match format {
                PublicFormat::Pkcs1 => &["rsa", "-RSAPublicKey_in", "-pubout"],
                _ => &["pkey", "-pubin", "-pubout"],
            };
            assert_eq!(text(openssl(arguments, pem.as_bytes()).unwrap()), spki, "{key:?} {format:?}");
        }
        #[cfg(feature = "encrypted-pem")]
        {
            let pem = key.to_encrypted_pem("swordfish", &mut SysRng).unwrap();
            let out = openssl(&["pkey", "-passin", "pass:swordfish", "-pubout"], pem.as_bytes()).unwrap();
            assert_eq!(text(out), spki);
            let wrong =
                run("openssl", &["pkey", "-passin", "pass:sword", "-pubout"], pem.as_bytes()).unwrap();
            assert!(wrong.is_err());
        }
    }
}

/// Covers K01, K02.
#[test]
fn each_key_of_openssl_is_read() {
    for arguments in [
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"][..],
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["genpkey", "-algorithm", "ED25519"],
        &["genpkey", "-algorithm", "X25519"],
        #[cfg(feature = "ed448")]
        &["genpkey", "-algorithm", "ED448"],
        #[cfg(feature = "x448")]
        &["genpkey", "-algorithm", "X448"],
    ] {
        let Some(pem) = openssl(arguments, b"") else { return };
        let key = Jwk::from_pem(&text(pem.clone())).unwrap();
        assert!(key.is_private());
        let expected = id(&key);
        let spki = openssl(&["pkey", "-pubout"], &pem).unwrap();
        assert_eq!(id(PublicJwk::from_pem(&text(spki)).unwrap().as_jwk()), expected);
        let der = openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], &pem).unwrap();
        assert_eq!(Jwk::from_private_der(&der, PrivateFormat::Pkcs8).unwrap(), key);
        // The forms of old: PKCS #1 and SEC 1, and with the point compressed.
        let family = arguments[2];
        if family == "RSA" || family == "EC" {
            let old = openssl(&["pkey", "-traditional"], &pem).unwrap();
            assert_eq!(Jwk::from_pem(&text(old)).unwrap(), key);
        }
        if family == "EC" {
            let compressed = openssl(&["ec", "-pubout", "-conv_form", "compressed"], &pem).unwrap();
            assert_eq!(id(&Jwk::from_pem(&text(compressed)).unwrap()), expected);
            let compressed = openssl(&["ec", "-conv_form", "compressed"], &pem).unwrap();
            assert_eq!(Jwk::from_pem(&text(compressed)).unwrap(), key);
        }
        #[cfg(feature = "encrypted-pem")]
        for how in [&["-v2", "aes-256-cbc"][..], &["-v2", "aes-128-cbc", "-iter", "600000"], &["-scrypt"]] {
            let all = [&["pkcs8", "-topk8", "-passout", "pass:swordfish"], how].concat();
            let encrypted = text(openssl(&all, &pem).unwrap());
            assert_eq!(Jwk::from_encrypted_pem(&encrypted, "swordfish").unwrap(), key);
            assert_eq!(
                Jwk::from_encrypted_pem(&encrypted, "sword"),
                Err(jose_jwk::FormError::PassphraseWrong.into()),
                "{how:?}"
            );
        }
    }
    let Some(pem) = openssl(&["ecparam", "-genkey", "-name", "prime256v1"], b"") else { return };
    let pem = text(pem);
    assert!(pem.contains("BEGIN EC PARAMETERS"));
    assert!(Jwk::from_pem(&pem).unwrap().is_private());
}

/// A new directory, which is removed when it is dropped.
#[cfg(any(feature = "x509", feature = "ssh"))]
struct Directory(PathBuf);

#[cfg(any(feature = "x509", feature = "ssh"))]
impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("jose-jwk-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

#[cfg(any(feature = "x509", feature = "ssh"))]
impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Covers K04, K16.
#[cfg(feature = "x509")]
#[test]
fn certificates_of_openssl() {
    let directory = Directory::new("x509");
    let key_path = directory.0.join("key.pem");
    for key in keys() {
        if key.curve().is_some_and(|curve| !curve.can_sign()) {
            continue;
        }
        std::fs::write(&key_path, &*key.expose_private_pem(PrivateFormat::Pkcs8).unwrap()).unwrap();
        let arguments =
            ["req", "-x509", "-new", "-subj", "/CN=test", "-days", "2", "-key", key_path.to_str().unwrap()];
        let Some(pem) = openssl(&arguments, b"") else { return };
        let public = PublicJwk::from_unverified_certificate_pem(&text(pem)).unwrap();
        assert_eq!(id(public.as_jwk()), id(&key));
        // The JWK with `x5c` is read again.
        let again = PublicJwk::from_json(public.to_json()).unwrap();
        assert_eq!(again, public);
        assert_eq!(again.as_jwk().check_certificates(), Ok(()));
    }
}

/// Covers K17.
#[cfg(feature = "ssh")]
#[test]
fn keys_of_openssh() {
    let directory = Directory::new("ssh");
    for (index, arguments) in [
        &["-t", "ed25519"][..],
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ecdsa", "-b", "384"],
        &["-t", "ecdsa", "-b", "521"],
        &["-t", "rsa", "-b", "2048"],
    ]
    .into_iter()
    .enumerate()
    {
        let path = directory.0.join(index.to_string());
        let path = path.to_str().unwrap();
        let new =
            |path, passphrase| [&["-q", "-N", passphrase, "-C", "a comment", "-f", path], arguments].concat();
        match run("ssh-keygen", &new(path, ""), b"") {
            None => return,
            Some(result) => result.unwrap(),
        };
        let read = |path: String| std::fs::read_to_string(path).unwrap();
        let key = Jwk::from_openssh_private(&read(path.to_owned())).unwrap();
        let public = PublicJwk::from_openssh(&read(format!("{path}.pub"))).unwrap();
        assert_eq!(key.to_public().unwrap(), public);
        assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
        // The private key as ssh-keygen itself turns it into another form.
        if arguments[1] != "ed25519" {
            run("ssh-keygen", &["-q", "-p", "-N", "", "-m", "PKCS8", "-f", path], b"").unwrap().unwrap();
            assert_eq!(Jwk::from_pem(&read(path.to_owned())).unwrap(), key);
        }
        let locked = format!("{path}-locked");
        run("ssh-keygen", &new(&locked, "swordfish"), b"").unwrap().unwrap();
        assert!(matches!(Jwk::from_openssh_private(&read(locked)), Err(jose_jwk::Error::Unsupported(_))));
    }
    assert_eq!(PublicJwk::from_openssh("ssh-ed25519 AAAA"), Err(jose_jwk::FormError::OpenSsh.into()));
    assert_eq!(Jwk::from_openssh_private("no key"), Err(jose_jwk::FormError::OpenSsh.into()));
}
