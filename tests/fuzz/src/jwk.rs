//! What holds of every key that is accepted, in whatever form it came.

use jose_jwa::{Hash, JwsAlg, KeyType};
use jose_jwk::{FormError, Jwk, JwkParser, PrivateFormat, PublicFormat, PublicJwk};
use jose_jws::{Header, SigningKey, VerifyingKey, compact};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::{decode, encode, object};

/// The members that no public key may have (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037 section 2, RFC 9964
/// section 3).
pub const SECRET: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// What an encrypted key may cost here: a hundredth of the default, so that a run stays fast.
pub fn cheap() -> JwkParser {
    JwkParser::new().max_iterations(4096).max_memory(1 << 20)
}

/// A text that was written.
fn written(text: &str) -> Map<String, Value> {
    object(text.as_bytes()).unwrap_or_else(|| {
        // A member that is not understood may hold any JSON number.
        assert!(crate::has_huge_number(text.as_bytes()), "{text}");
        Map::new()
    })
}

/// No member of a public key is private, in name or in content.
pub fn public_text(text: &str) {
    let members = written(text);
    assert!(SECRET.iter().all(|name| !members.contains_key(*name)), "{text}");
}

/// Everything that is asked of a key.
pub fn check(key: &Jwk) {
    let text = key.expose_private_json();
    let again = Jwk::from_json(text.as_bytes()).expect("what was written is read");
    assert_eq!(again, *key);
    assert_eq!(*again.expose_private_json(), *text);
    let members = written(&text);
    if !members.is_empty() {
        check_members(key, &members);
    }
    match key.to_public() {
        Ok(public) => check_public(key, &public),
        Err(_) => assert_eq!(key.key_type(), KeyType::Oct),
    }
    check_forms(key);
    check_signing(key);
}

fn check_members(key: &Jwk, members: &Map<String, Value>) {
    let names: &[&str] = match key.key_type() {
        KeyType::Ec => &["crv", "kty", "x", "y"],
        KeyType::Rsa => &["e", "kty", "n"],
        KeyType::Oct => &["k", "kty"],
        KeyType::Okp => &["crv", "kty", "x"],
        KeyType::Akp => &["alg", "kty", "pub"],
        other => panic!("{other:?}"),
    };
    // RFC 7638 section 3.2: those members alone, in this order.
    let required: Vec<String> = names.iter().map(|name| format!("\"{name}\":{}", members[*name])).collect();
    let digest = Sha256::digest(format!("{{{}}}", required.join(",")));
    assert_eq!(key.thumbprint(Hash::Sha256).expect("SHA-256").as_bytes(), digest.as_slice());

    let debug = format!("{key:?}");
    for name in SECRET {
        // Of another key type it is a member that is not understood.
        if !key.key_type().members().iter().any(|member| member.name == name) {
            continue;
        }
        let secret = members.get(name).and_then(Value::as_str);
        assert_eq!(key.expose_secret_member(name).map(encode).as_deref(), secret, "{name}");
        // Short ones are found in anything, and a key may name itself by its own secret.
        if let Some(secret) = secret
            && secret.len() >= 16
            && !key.kid().is_some_and(|kid| kid.contains(secret))
        {
            assert!(!debug.contains(secret), "{debug}");
        }
    }
    for name in ["x", "y", "n", "e", "pub"] {
        if let Some(text) = members.get(name).and_then(Value::as_str)
            && names.contains(&name)
        {
            assert_eq!(key.public_member(name), decode(text).as_deref(), "{name}");
        }
    }
}

fn check_public(key: &Jwk, public: &PublicJwk) {
    let text = public.to_json();
    public_text(&text);
    assert!(!public.as_jwk().is_private());
    assert_eq!(PublicJwk::from_json(&text).as_ref(), Ok(public));
    assert_eq!(public.as_jwk().thumbprint(Hash::Sha256), key.thumbprint(Hash::Sha256));
    assert_eq!(public.as_jwk().to_public().as_ref(), Ok(public));
}

/// Two keys of the same material, whatever they say about themselves.
pub fn same(one: &Jwk, other: &Jwk) -> bool {
    one.thumbprint(Hash::Sha256) == other.thumbprint(Hash::Sha256)
        && SECRET.iter().all(|name| one.expose_secret_member(name) == other.expose_secret_member(name))
}

/// What one form writes, the same form reads, and PEM is the DER of its label.
fn check_forms(key: &Jwk) {
    for format in [PrivateFormat::Pkcs8, PrivateFormat::Pkcs1, PrivateFormat::Sec1] {
        let Ok(der) = key.expose_private_der(format) else { continue };
        let again = Jwk::from_private_der(&*der, format).expect("what was written is read");
        // The primes of an RSA key that has none are computed.
        assert!(
            same(&again, key)
                || key.expose_secret_member("p").is_none() && again.public_member("n").is_some()
        );
        assert_eq!(*again.expose_private_der(format).expect("the same form"), *der);
        let pem = key.expose_private_pem(format).expect("the same form");
        assert_eq!(Jwk::from_pem(&pem).as_ref(), Ok(&again));
        assert_eq!(PublicJwk::from_pem(&pem), Err(jose_jwk::Error::PrivateMembers));
        assert_eq!(cheap().encrypted_pem(&pem, "a"), Err(FormError::PemLabel(label(&pem)).into()));
    }
    let Ok(public) = key.to_public() else { return };
    for format in [PublicFormat::Spki, PublicFormat::Pkcs1] {
        let Ok(der) = public.to_der(format) else { continue };
        let again = PublicJwk::from_der(&der, format).expect("what was written is read");
        assert!(same(again.as_jwk(), public.as_jwk()));
        assert_eq!(again.to_der(format).as_ref(), Ok(&der));
        let pem = public.to_pem(format).expect("the same form");
        assert!(same(PublicJwk::from_pem(&pem).expect("what was written is read").as_jwk(), public.as_jwk()));
    }
}

fn label(pem: &str) -> &'static str {
    let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
    labels.into_iter().find(|label| pem.starts_with(&format!("-----BEGIN {label}-----"))).expect("a label")
}

/// What a key signs, its public half verifies: the parts of a private key that is accepted belong together.
fn check_signing(key: &Jwk) {
    // Of RSA it takes longer than all the rest.
    if key.key_type() == KeyType::Rsa {
        return;
    }
    for alg in JwsAlg::for_key(key.key_type(), key.curve()).iter() {
        let Ok(signing) = SigningKey::from_jwk(key, alg) else { continue };
        let own = key.to_public().map_or_else(|_| key.clone(), Jwk::from);
        let Ok(verifying) = VerifyingKey::from_jwk(&own, alg) else { continue };
        let token = compact::sign(&signing, b"payload", &Header::new()).expect("a signature");
        let verified = compact::verify(&verifying, &token).expect("the own signature");
        assert_eq!((verified.payload(), verified.alg()), (&b"payload"[..], alg));
        return;
    }
}
