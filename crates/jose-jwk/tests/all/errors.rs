//! Every error code of this crate is what some call returns.

use std::collections::BTreeSet;

use jose_jwk::{
    Curve, Error, FormError, JweAlg, Jwk, JwkSet, JwsAlg, KeyQuery, KeySpec, MemberError, Operation,
    PublicJwk, SelectError, SysRng, Usage, Weakness,
};

use crate::generate::Broken;
use crate::rfc::{EC_PRIVATE, ED25519_PRIVATE, OCT, RSA_7638, RSA_PRIVATE};
use crate::weak::{ROCA, rsa};

fn read(text: impl AsRef<[u8]>) -> Error {
    Jwk::from_json(text).unwrap_err()
}

fn check(members: &str, operation: Operation) -> Error {
    let text = EC_PRIVATE.replacen("\"use\":\"enc\"", members, 1);
    Jwk::from_json(text).unwrap().check(operation).unwrap_err()
}

/// What each call returns, in every build with the default features.
fn everywhere() -> Vec<Error> {
    let oct = Jwk::from_json(OCT).unwrap();
    let public = Jwk::from_json(RSA_7638).unwrap();
    let rs256 = Operation::Verify(JwsAlg::Rs256);
    let weak = |key: Jwk| key.check(rs256).unwrap_err();
    let es256 = Operation::Sign(JwsAlg::Es256);
    let rsa_private = |from: &str, to: &str| read(RSA_PRIVATE.replace(from, to));
    let p = &RSA_PRIVATE[RSA_PRIVATE.find("\"p\":\"").unwrap() + 5..RSA_PRIVATE.find("\",\"q\":\"").unwrap()];
    let q =
        &RSA_PRIVATE[RSA_PRIVATE.find("\"q\":\"").unwrap() + 5..RSA_PRIVATE.find("\",\"dp\":\"").unwrap()];
    vec![
        read(r#"{"keys":[]}"#),
        JwkSet::from_json(OCT).unwrap_err(),
        read("{}"),
        read(r#"{"kty":1}"#),
        read(EC_PRIVATE.replacen("\"x\":\"", "\"x\":\"AAAA", 1)),
        read(RSA_7638.replacen("\"e\":\"AQAB\"", "\"e\":\"AAEAAQ\"", 1)),
        read(r#"{"kty":"XYZ"}"#),
        read(EC_PRIVATE.replace("P-256", "P-255")),
        read(r#"{"kty":"AKP","alg":"ES256"}"#),
        read(RSA_PRIVATE.replacen('{', "{\"oth\":[1],", 1)),
        read(EC_PRIVATE.replace("4Etl", "4Etm")),
        read(ED25519_PRIVATE.replace("nWGx", "nWGy")),
        read(r#"{"kty":"oct","k":"AA","use":"sig","key_ops":["encrypt"]}"#),
        oct.to_public().unwrap_err(),
        PublicJwk::from_json(OCT).unwrap_err(),
        Jwk::from_octets(b"-----BEGIN ".to_vec()).unwrap_err(),
        Jwk::generate(Curve::P256, &mut Broken).unwrap_err(),
        public.check(Operation::Verify(JwsAlg::Es256)).unwrap_err(),
        oct.check(Operation::Encrypt(JweAlg::A128Kw)).unwrap_err(),
        public.check(Operation::Sign(JwsAlg::Rs256)).unwrap_err(),
        check(r#""use":"enc""#, es256),
        check(r#""key_ops":["verify"]"#, es256),
        check(r#""alg":"ES384""#, es256),
        Jwk::from_octets([1; 4]).unwrap().check(Operation::Sign(JwsAlg::Hs256)).unwrap_err(),
        weak(rsa(1024, &[1, 0, 1])),
        read(rsa_text(&[0xff; 2049], &[1, 0, 1])),
        read(rsa_text(&[0xfe; 256], &[1, 0, 1])),
        weak(rsa(2048, &[3])),
        read(rsa_text(&[0xff; 256], &[3, 0, 0, 0, 1])),
        read(rsa_text(&[0xff; 256], &[2])),
        rsa_private(q, p),
        weak(Jwk::from_json(ROCA).unwrap()),
    ]
}

fn rsa_text(n: &[u8], e: &[u8]) -> String {
    let text = |bytes: &[u8]| jose_b64::base64url::encode_to_string(bytes);
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, text(n), text(e))
}

/// What takes a feature, or the lack of one.
#[allow(unused_mut, reason = "a build without these features")]
fn by_feature() -> Vec<Error> {
    let mut errors = Vec::new();
    #[cfg(not(feature = "ed448"))]
    errors.push(Jwk::generate(Curve::Ed448, &mut SysRng).unwrap_err());
    #[cfg(feature = "x448")]
    errors.push(read(format!(r#"{{"kty":"OKP","crv":"X448","x":"{}"}}"#, "A".repeat(75))));
    #[cfg(feature = "pem")]
    {
        let key = Jwk::from_json(EC_PRIVATE).unwrap();
        let pem = key.expose_private_pem(jose_jwk::PrivateFormat::Pkcs8).unwrap();
        for text in [
            "no key",
            &format!("{}{}", *pem, *pem),
            &pem.replace("PRIVATE KEY", "CERTIFICATE"),
            &pem.replace("PRIVATE KEY", "EC PRIVATE KEY"),
            &pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        ] {
            errors.push(Jwk::from_pem(text).unwrap_err());
        }
    }
    #[cfg(feature = "encrypted-pem")]
    {
        let pem = Jwk::from_json(EC_PRIVATE).unwrap().to_encrypted_pem("a", &mut SysRng).unwrap();
        errors.push(Jwk::from_encrypted_pem(&pem, "b").unwrap_err());
        errors.push(jose_jwk::JwkParser::new().max_iterations(1).encrypted_pem(&pem, "a").unwrap_err());
    }
    #[cfg(feature = "ssh")]
    errors.push(Jwk::from_openssh_private("no key").unwrap_err());
    #[cfg(feature = "x509")]
    {
        struct Nobody;
        impl jose_jwk::ChainValidator for Nobody {
            fn validate(&self, _: &[Vec<u8>]) -> Result<(), Error> {
                Err(Error::ChainRefused)
            }
        }
        struct Judge;
        impl jose_jwk::ChainValidator for Judge {
            fn validate(&self, _: &[Vec<u8>]) -> Result<(), Error> {
                Err(Error::ChainUntrusted { what: "it is too long" })
            }
        }
        let jwk = Jwk::from_json(crate::rfc::X5C).unwrap();
        errors.push(jwk.validate_chain(&Nobody).unwrap_err());
        errors.push(jwk.validate_chain(&Judge).unwrap_err());
        let bad = Jwk::from_json(OCT.replacen('{', "{\"x5c\":[\"AAAA\"],", 1)).unwrap();
        errors.push(bad.check_certificates().unwrap_err());
    }
    errors
}

/// The codes that this build cannot return.
fn unreachable(code: &str) -> bool {
    match code {
        "algorithm-disabled" => cfg!(feature = "ed448"),
        "weak-small-order" => !cfg!(feature = "x448"),
        "pem" | "pem-several" | "pem-label" | "der" | "passphrase-missing" => !cfg!(feature = "pem"),
        "passphrase-wrong" | "work-too-much" => !cfg!(feature = "encrypted-pem"),
        "openssh" => !cfg!(feature = "ssh"),
        "certificate" | "chain-refused" | "chain-untrusted" => !cfg!(feature = "x509"),
        _ => false,
    }
}

/// The codes of the rows that have their own: another error's is looked for there.
fn own_codes() -> BTreeSet<&'static str> {
    let enums =
        [Error::ROWS, MemberError::ROWS, Usage::ROWS, FormError::ROWS, Weakness::ROWS, SelectError::ROWS];
    let rows = enums.into_iter().flatten();
    rows.filter_map(|(_, code, _)| code.strip_prefix('"')?.strip_suffix('"')).collect()
}

/// The enums' codes are listed by the macro, so that a new one cannot be forgotten here.
#[test]
fn every_code_is_returned() {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for error in everywhere().into_iter().chain(by_feature()) {
        found.insert(error.code());
        let text = error.to_string();
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('\n'), "{text}");
    }
    // What is only noted.
    let noted = Jwk::from_json(OCT.replacen('{', r#"{"x5u":null,"x5c":[],"#, 1)).unwrap();
    found.extend(noted.noted().iter().map(|noted| noted.reason.code()));
    let key = |kid| Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap().with_kid(kid);
    let mut set: JwkSet = [key("a"), key("a")].into_iter().collect();
    let all = KeyQuery::new();
    for query in [all.clone().kid("b"), all.clone().alg(JwsAlg::Es256), all.clone()] {
        found.insert(set.select(&query).unwrap_err().code());
    }
    set.generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap();
    found.insert(set.select(&all).unwrap_err().code());
    let expected: BTreeSet<&str> = own_codes().into_iter().filter(|code| !unreachable(code)).collect();
    assert_eq!(found, expected);
}

/// An error that has another inside has its code, names it as its source, and says what it says.
#[test]
fn the_inner_error_is_the_source() {
    use core::error::Error as _;
    let json = read("{");
    assert_eq!((json.code(), json.source().unwrap().to_string()), ("syntax", json.to_string()));
    let member = read(r#"{"kty":"oct","k":"+"}"#);
    assert_eq!(member.code(), "length");
    let reason = member.source().unwrap();
    assert_eq!(member.to_string(), format!("k {reason}"));
    assert_eq!(reason.to_string(), format!("is not base64url: {}", reason.source().unwrap()));
    let weak = rsa(1024, &[1, 0, 1]).check(Operation::Verify(JwsAlg::Rs256)).unwrap_err();
    assert_eq!(weak.to_string(), weak.source().unwrap().to_string());
}
