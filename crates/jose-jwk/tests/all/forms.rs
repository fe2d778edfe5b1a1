//! Keys in PEM and DER.

use jose_jwk::{
    Curve, Error, FormError, Jwk, JwsAlg, KeyType, PrivateFormat, PublicFormat, PublicJwk, SysRng,
};

use crate::support::{NOT_PRIVATE, signs};

use crate::rfc::{
    EC_PRIVATE, ED25519_PRIVATE, OCT, P521_PRIVATE, RSA_7638, RSA_PRIVATE, SECP256K1_PRIVATE, X25519_PRIVATE,
};

const PRIVATE: [PrivateFormat; 3] = [PrivateFormat::Pkcs8, PrivateFormat::Pkcs1, PrivateFormat::Sec1];
const PUBLIC: [PublicFormat; 2] = [PublicFormat::Spki, PublicFormat::Pkcs1];

/// As `openssl ecparam -genkey` writes it.
const PARAMETERS_FIRST: &str = "-----BEGIN EC PARAMETERS-----\n\
    BggqhkjOPQMBBw==\n\
    -----END EC PARAMETERS-----\n\
    -----BEGIN EC PRIVATE KEY-----\n\
    MHcCAQEEINBujUQRruer+se3dcDYrvipzy0pOxH+VYRnizUubD4DoAoGCCqGSM49\n\
    AwEHoUQDQgAE48KcU4SrZEdINM9F21QggJk5KHpRaSWHg9jCbYv74r/sRI6t/KLf\n\
    qtbCIIvE5U4UAaxls8hdYmjOECR7CXT7mg==\n\
    -----END EC PRIVATE KEY-----\n";
const PARAMETERS_FIRST_D: &str = "0G6NRBGu56v6x7d1wNiu-KnPLSk7Ef5VhGeLNS5sPgM";

/// A key of P-256 whose scalar has 31 bytes, as `ssh-keygen` wrote it, and as `ssh-keygen -m PKCS8` did.
#[cfg(feature = "ssh")]
const SHORT_SCALAR: [&str; 2] = [
    "-----BEGIN OPENSSH PRIVATE KEY-----\n\
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS\n\
        1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQRA9PBSP3hfWQJ9X84GunCSY90INigA\n\
        fPmTXvEKvvW62wJ2JSKD/wYlE92o9u0yOo1QSspXUYznPgT58tqFo7rXAAAAmM5ppIzOaa\n\
        SMAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBED08FI/eF9ZAn1f\n\
        zga6cJJj3Qg2KAB8+ZNe8Qq+9brbAnYlIoP/BiUT3aj27TI6jVBKyldRjOc+BPny2oWjut\n\
        cAAAAfK3hfmU/BrB8JxOHYtr2w2itUp+/hDFZFJT0Td98l1gAAAAF0\n\
        -----END OPENSSH PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgACt4X5lPwawfCcTh\n\
        2La9sNorVKfv4QxWRSU9E3ffJdahRANCAARA9PBSP3hfWQJ9X84GunCSY90INigA\n\
        fPmTXvEKvvW62wJ2JSKD/wYlE92o9u0yOo1QSspXUYznPgT58tqFo7rX\n\
        -----END PRIVATE KEY-----\n",
];

/// RFC 8410 section 10.3: version 2, with an attribute and the public key.
const RFC_8410: &str = "-----BEGIN PRIVATE KEY-----\n\
    MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\n\
    Z9w7lshQhqowtrbLDFw4rXAxZuE=\n\
    -----END PRIVATE KEY-----\n";

/// The key material alone.
fn plain(text: &str) -> Jwk {
    let mut key = Jwk::from_json(text).unwrap();
    if let Ok(public) = key.to_public()
        && !key.is_private()
    {
        key = Jwk::from_pem(&public.to_pem(PublicFormat::Spki).unwrap()).unwrap();
    }
    key
}

fn keys() -> Vec<Jwk> {
    let mut keys: Vec<Jwk> =
        [RSA_PRIVATE, EC_PRIVATE, P521_PRIVATE, SECP256K1_PRIVATE, ED25519_PRIVATE, X25519_PRIVATE]
            .map(plain)
            .into();
    keys.push(Jwk::generate(Curve::P384, &mut SysRng).unwrap());
    #[cfg(feature = "ed448")]
    keys.push(Jwk::generate(Curve::Ed448, &mut SysRng).unwrap());
    #[cfg(feature = "x448")]
    keys.push(Jwk::generate(Curve::X448, &mut SysRng).unwrap());
    #[cfg(feature = "ml-dsa")]
    for alg in [JwsAlg::MlDsa44, JwsAlg::MlDsa65, JwsAlg::MlDsa87] {
        keys.push(Jwk::generate(alg, &mut SysRng).unwrap());
    }
    keys
}

fn has(kty: KeyType, format: PrivateFormat) -> bool {
    match format {
        PrivateFormat::Pkcs1 => kty == KeyType::Rsa,
        PrivateFormat::Sec1 => kty == KeyType::Ec,
        _ => true,
    }
}

/// Whether both have the same key material.
fn same(one: &Jwk, other: &Jwk) -> bool {
    let hash = jose_jwk::Hash::Sha256;
    one.thumbprint(hash) == other.thumbprint(hash)
        && ["d", "p", "q", "dp", "dq", "qi", "priv"]
            .iter()
            .all(|name| one.expose_secret_member(name) == other.expose_secret_member(name))
}

/// Covers K01, K03, K30.
#[test]
fn private_keys_survive_each_form() {
    for key in keys() {
        for format in PRIVATE {
            if !has(key.key_type(), format) {
                assert!(matches!(key.expose_private_der(format), Err(Error::Unsupported(_))));
                assert!(matches!(key.expose_private_pem(format), Err(Error::Unsupported(_))));
                continue;
            }
            let pem = key.expose_private_pem(format).unwrap();
            let der = key.expose_private_der(format).unwrap();
            assert!(same(&Jwk::from_pem(&pem).unwrap(), &key), "{key:?} {format:?}");
            assert!(same(&Jwk::from_private_der(&*der, format).unwrap(), &key), "{key:?} {format:?}");
            // No form is guessed.
            for other in PRIVATE.into_iter().filter(|other| *other != format) {
                assert!(Jwk::from_private_der(&*der, other).is_err(), "{format:?} as {other:?}");
            }
            for other in PUBLIC {
                assert!(PublicJwk::from_der(&*der, other).is_err(), "{format:?} as {other:?}");
            }
            assert_eq!(PublicJwk::from_pem(&pem), Err(Error::PrivateMembers));
        }
    }
}

/// Covers K02, K03, K30.
#[test]
fn public_keys_survive_each_form() {
    for key in keys() {
        let public = key.to_public().unwrap();
        for format in PUBLIC {
            if format == PublicFormat::Pkcs1 && key.key_type() != KeyType::Rsa {
                assert!(matches!(public.to_der(format), Err(Error::Unsupported(_))));
                continue;
            }
            let (pem, der) = (public.to_pem(format).unwrap(), public.to_der(format).unwrap());
            let read = PublicJwk::from_pem(&pem).unwrap();
            assert!(same(read.as_jwk(), public.as_jwk()));
            assert_eq!(PublicJwk::from_der(&der, format).unwrap(), read);
            assert!(!Jwk::from_pem(&pem).unwrap().is_private());
            assert!(signs(&Jwk::from_pem(&pem).unwrap()).is_empty());
            for other in PRIVATE {
                assert!(Jwk::from_private_der(&der, other).is_err(), "{format:?} as {other:?}");
            }
        }
    }
}

/// Covers K29, K30.
#[test]
fn what_is_not_there_is_not_exported() {
    let oct = Jwk::from_json(OCT).unwrap();
    let public = Jwk::from_json(RSA_7638).unwrap();
    for format in PRIVATE {
        assert!(matches!(oct.expose_private_pem(format), Err(Error::Unsupported(_))));
        assert_eq!(public.expose_private_pem(format), Err(NOT_PRIVATE));
    }
}

/// Covers K01.
#[test]
fn an_ec_parameters_block_is_passed_over() {
    let key = Jwk::from_pem(PARAMETERS_FIRST).unwrap();
    let d = jose_b64::base64url::encode_to_string(key.expose_secret_member("d").unwrap());
    assert_eq!(d, PARAMETERS_FIRST_D);
    assert!(signs(&key).contains(JwsAlg::Es256));
    // Alone it is no key.
    let end = PARAMETERS_FIRST.find("-----BEGIN EC PRIVATE").unwrap();
    assert_eq!(
        Jwk::from_pem(&PARAMETERS_FIRST[..end]),
        Err(FormError::Pem("it has parameters alone").into())
    );
}

/// Covers K01.
#[test]
fn rfc8410_section_10_3() {
    let key = Jwk::from_pem(RFC_8410).unwrap();
    assert_eq!((key.curve(), key.is_private()), (Some(Curve::Ed25519), true));
}

/// Covers K01.
#[test]
fn pem_that_is_not_one_key_is_refused() {
    let key = Jwk::from_json(EC_PRIVATE).unwrap();
    let pem = key.to_public().unwrap().to_pem(PublicFormat::Spki).unwrap();
    for (text, error) in [
        (String::new(), FormError::Pem("there is no `-----BEGIN` line")),
        ("no key".into(), FormError::Pem("there is no `-----BEGIN` line")),
        (format!("{pem}{pem}"), FormError::PemSeveral("PUBLIC KEY")),
        (pem.replace("-----END PUBLIC KEY-----", ""), FormError::Pem(NO_END)),
        (pem.replace("END PUBLIC", "END PRIVATE"), FormError::Pem(NO_END)),
        (pem.replace("PUBLIC KEY", "CERTIFICATE"), FormError::PemLabel("CERTIFICATE")),
        (pem.replace("PUBLIC KEY", "PGP MESSAGE"), FormError::PemLabel("another kind of data")),
        (pem.replace("PUBLIC KEY", "ENCRYPTED PRIVATE KEY"), FormError::PassphraseMissing),
        (pem.replace("PUBLIC KEY", "PRIVATE KEY"), FormError::Der { form: "PKCS #8 (`OneAsymmetricKey`)" }),
        (pem.replace("MFk", "M!k"), FormError::Pem("its base64 is damaged")),
    ] {
        assert_eq!(Jwk::from_pem(&text), Err(error.into()), "{text}");
    }
    for text in [format!("Subject: a key\n{pem}"), pem.replace('\n', "\r\n"), format!("\n{pem}\nafter")] {
        assert_eq!(Jwk::from_pem(&text).unwrap(), Jwk::from_pem(&pem).unwrap());
    }
}

const NO_END: &str = "there is no `-----END` line with the label of the `-----BEGIN` line";

/// Covers K03.
#[test]
fn every_truncation_is_an_error() {
    for text in [EC_PRIVATE, ED25519_PRIVATE, RSA_PRIVATE] {
        let key = Jwk::from_json(text).unwrap();
        let der = key.expose_private_der(PrivateFormat::Pkcs8).unwrap();
        for len in 0..der.len() {
            assert!(Jwk::from_private_der(&der[..len], PrivateFormat::Pkcs8).is_err());
        }
        let public = key.to_public().unwrap().to_der(PublicFormat::Spki).unwrap();
        for len in 0..public.len() {
            assert!(PublicJwk::from_der(&public[..len], PublicFormat::Spki).is_err());
        }
        let trailing = [&public[..], &[0]].concat();
        let spki = FormError::Der { form: "SPKI (`SubjectPublicKeyInfo`)" };
        assert_eq!(PublicJwk::from_der(trailing, PublicFormat::Spki), Err(spki.into()));
    }
}

#[cfg(feature = "encrypted-pem")]
mod encrypted {
    use super::{EC_PRIVATE, FormError, Jwk, NOT_PRIVATE, RSA_7638, RSA_PRIVATE, SysRng, same};

    /// Covers K05, K30.
    #[test]
    fn encrypted_both_ways() {
        for text in [EC_PRIVATE, RSA_PRIVATE] {
            let key = Jwk::from_json(text).unwrap();
            let pem = key.to_encrypted_pem("correct horse", &mut SysRng).unwrap();
            assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
            assert!(same(&Jwk::from_encrypted_pem(&pem, "correct horse").unwrap(), &key));
            assert_eq!(
                Jwk::from_encrypted_pem(&pem, "Correct horse"),
                Err(FormError::PassphraseWrong.into())
            );
            assert_eq!(Jwk::from_encrypted_pem(&pem, ""), Err(FormError::PassphraseWrong.into()));
            assert_eq!(Jwk::from_pem(&pem), Err(FormError::PassphraseMissing.into()));
            assert_ne!(key.to_encrypted_pem("correct horse", &mut SysRng).unwrap(), pem);
        }
        let public = Jwk::from_json(RSA_7638).unwrap();
        assert_eq!(public.to_encrypted_pem("a", &mut SysRng), Err(NOT_PRIVATE));
        let plain = Jwk::from_json(EC_PRIVATE).unwrap();
        let plain = plain.expose_private_pem(jose_jwk::PrivateFormat::Pkcs8).unwrap();
        assert_eq!(Jwk::from_encrypted_pem(&plain, "a"), Err(FormError::PemLabel("PRIVATE KEY").into()));
    }

    /// `openssl pkcs8 -topk8 -scrypt -scrypt_N 16 -scrypt_r 1 -scrypt_p 1`, passphrase `secret`.
    const SCRYPT: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
        MIGSME4GCSqGSIb3DQEFDTBBMCAGCSsGAQQB2kcECzATBAjKayUnoDahgAIBEAIB\n\
        AQIBATAdBglghkgBZQMEASoEEEnykoXhXrzkCNr4pZ/oyp4EQG7TafP/XQ7HnBC6\n\
        up6yReEhc/vHLq7vHSgV7YqAlOVoa7h1kEYETQXby60+Qdmvy3+4k0JcExF3Yh4d\n\
        Z4pwuWQ=\n\
        -----END ENCRYPTED PRIVATE KEY-----\n";

    /// Covers K30.
    #[test]
    fn the_cost_of_scrypt_is_a_power_of_two_above_one() {
        assert!(Jwk::from_encrypted_pem(SCRYPT, "secret").unwrap().is_private());
        // 0, 1 and 3 in place of 16.
        for cost in ["gAIBAAIB", "gAIBAQIB", "gAIBAwIB"] {
            let text = SCRYPT.replace("gAIBEAIB", cost);
            assert_ne!(text, SCRYPT);
            let what = "parameters that scrypt does not have (RFC 7914 section 2)";
            assert_eq!(Jwk::from_encrypted_pem(&text, "secret"), Err(jose_jwk::Error::Unsupported(what)));
        }
    }
}

#[cfg(feature = "ssh")]
#[test]
fn a_scalar_of_openssh_without_its_leading_zeros() {
    let [openssh, pkcs8] = SHORT_SCALAR;
    let key = Jwk::from_openssh_private(openssh).unwrap();
    assert_eq!(key, Jwk::from_pem(pkcs8).unwrap());
    assert_eq!(key.expose_secret_member("d").unwrap()[..2], [0, 0x2b]);
    let damaged = |right, wrong| {
        assert!(openssh.contains(right), "{right}");
        Jwk::from_openssh_private(&openssh.replace(right, wrong)).unwrap_err()
    };
    assert_eq!(damaged("3hfmU", "3hfmV"), Error::KeyMismatch);
    let is_refused = FormError::OpenSsh.into();
    // A negative scalar, two check numbers that differ, and another padding.
    assert_eq!(damaged("AAfK3", "AAfq3"), is_refused);
    assert_eq!(damaged("mM5ppIz", "mM5ppIy"), is_refused);
    assert_eq!(damaged("98l1gAAAAF0", "98l1gAAAAB0"), is_refused);
    // One block, with its own label.
    assert_eq!(Jwk::from_openssh_private(&openssh.repeat(2)).unwrap_err(), is_refused);
    assert_eq!(damaged("OPENSSH PRIVATE", "PRIVATE"), is_refused);
}
