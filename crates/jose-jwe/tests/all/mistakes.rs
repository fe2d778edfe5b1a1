//! What is often done wrong, and what the error says to it.

use jose_jwe::jwk::{Curve, Jwk, JwkSet, KeyUse};
use jose_jwe::{
    AlgSet, DecryptionKey, DecryptionKeys, Encrypted, EncryptionKey, Error, JweAlg, JweEnc, Message, SysRng,
};

const ENC: JweEnc = JweEnc::A128Gcm;

fn oct(len: usize) -> Jwk {
    Jwk::from_octets(vec![7; len]).unwrap()
}

fn encrypts(jwk: &Jwk, alg: JweAlg) -> EncryptionKey {
    EncryptionKey::from_jwk(jwk, alg).unwrap()
}

fn decrypts(jwk: &Jwk, alg: JweAlg) -> DecryptionKey {
    DecryptionKey::from_jwk(jwk, alg).unwrap()
}

fn token(jwk: &Jwk, alg: JweAlg) -> String {
    jose_jwe::encrypt(&encrypts(jwk, alg), ENC, b"plaintext", &mut SysRng).unwrap()
}

/// What decrypting the text with a key of 16 bytes says.
fn decrypt(text: &str) -> Error {
    jose_jwe::decrypt(&decrypts(&oct(16), JweAlg::A128Kw), text, &mut SysRng).unwrap_err()
}

type Row<'r> = (&'r str, Error, &'r str, &'r str);

fn check(rows: &[Row<'_>]) {
    for (what, error, code, phrase) in rows {
        let text = error.to_string();
        assert_eq!(error.code(), *code, "{what}: {text}");
        assert!(text.contains(phrase), "{what}: {text}");
    }
}

#[test]
fn texts() {
    let good = token(&oct(16), JweAlg::A128Kw);
    let (start, tag) = good.rsplit_once('.').unwrap();
    let (header, rest) = good.split_once('.').unwrap();
    let standard = format!("{header}.+{}", &rest[1..]);
    let flattened =
        Message::new(ENC).flattened(&encrypts(&oct(16), JweAlg::A128Kw), b"", &mut SysRng).unwrap();
    let unclosed = &flattened[..flattened.len() - 1];
    check(&[
        (
            "a signed token",
            decrypt("eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            "segments",
            "signed and not encrypted (JWS)",
        ),
        ("no token", decrypt("c2Vzc2lvbg"), "segments", "has 1: it is not a JWE"),
        ("an empty text", decrypt(""), "segments", "has 1: it is not a JWE"),
        ("a token without its tag", decrypt(start), "segments", "has five parts, and this text has 4"),
        (
            "a tag that is cut off",
            decrypt(&format!("{start}.{}", &tag[..tag.len() - 1])),
            "length",
            "authentication tag: ",
        ),
        (
            "padding",
            decrypt(&format!("{good}==")),
            "character",
            "authentication tag: the character at byte 22 is padding",
        ),
        (
            "standard base64",
            decrypt(&standard),
            "character",
            "encrypted key: the character at byte 0 is of standard base64",
        ),
        ("a space in front", decrypt(&format!(" {good}")), "character", "header: the character at byte 0"),
        (
            "a newline at the end",
            decrypt(&format!("{good}\n")),
            "character",
            "authentication tag: the character at byte 22",
        ),
        (
            "a header field's value",
            decrypt(&format!("Bearer {good}")),
            "bearer",
            "the token is what follows it",
        ),
        (
            "JSON as compact",
            Encrypted::parse_compact(&flattened).unwrap_err(),
            "is-json",
            "`Encrypted::parse_json` reads it",
        ),
        ("compact as JSON", Encrypted::parse_json(&good).unwrap_err(), "syntax", "JSON"),
        ("JSON that is cut off", decrypt(unclosed), "syntax", "JSON"),
        ("a JWK as a message", decrypt(&oct(16).expose_private_json()), "member", "ciphertext is missing"),
        (
            "nothing of it fits",
            decrypt(&token(&Jwk::from_octets([8; 16]).unwrap(), JweAlg::A128Kw)),
            "decryption",
            "cannot be decrypted",
        ),
    ]);
}

#[test]
fn algorithms() {
    let good = token(&oct(16), JweAlg::A128Kw);
    let key = decrypts(&oct(16), JweAlg::A128Kw);
    let strict = key.clone().with_encs([JweEnc::A256Gcm, JweEnc::A256CbcHs512]).unwrap();
    let with_header = |header: &str| {
        let header = jose_b64::base64url::encode_to_string(header.as_bytes());
        decrypt(&[&header, good.split_once('.').unwrap().1].join("."))
    };
    let content = encrypts(&oct(32).with_alg(JweEnc::A128CbcHs256).unwrap(), JweAlg::Dir);
    check(&[
        (
            "alg not allowed",
            decrypt(&token(&oct(16), JweAlg::A128GcmKw)),
            "algorithm-not-allowed",
            "alg A128GCMKW is not among those allowed: {A128KW}",
        ),
        (
            "enc not allowed",
            jose_jwe::decrypt(&strict, &good, &mut SysRng).unwrap_err(),
            "encryption-not-allowed",
            "enc A128GCM is not among those allowed: {A256CBC-HS512, A256GCM}",
        ),
        (
            "enc that the key is not for",
            jose_jwe::encrypt(&content, JweEnc::A256Gcm, b"", &mut SysRng).unwrap_err(),
            "encryption-not-allowed",
            "enc A256GCM is not among those allowed: {A128CBC-HS256}",
        ),
        (
            "a signature algorithm",
            with_header(r#"{"alg":"HS256","enc":"A128GCM"}"#),
            "algorithm-unknown",
            "not a known key management algorithm",
        ),
        ("no alg", with_header(r#"{"enc":"A128GCM"}"#), "algorithm-missing", "no alg"),
        ("no enc", with_header(r#"{"alg":"A128KW"}"#), "encryption-missing", "no enc"),
        (
            "nothing allowed",
            DecryptionKey::from_jwk(oct(16), AlgSet::EMPTY).unwrap_err(),
            "algorithms-empty",
            "no algorithm is allowed",
        ),
        (
            "a key without alg",
            EncryptionKey::try_from(&oct(16)).unwrap_err(),
            "algorithm-ambiguous",
            "name one with `from_jwk`",
        ),
        (
            "a critical extension",
            with_header(r#"{"alg":"A128KW","enc":"A128GCM","crit":["x"],"x":1}"#),
            "crit-not-understood",
            "not understood",
        ),
    ]);
}

#[test]
fn keys() {
    let encrypt = |jwk: &Jwk, alg| EncryptionKey::from_jwk(jwk, alg).unwrap_err();
    let signs = oct(16).with_use(KeyUse::Sig).unwrap();
    let curve = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let public = curve.to_public().unwrap();
    check(&[
        (
            "an AES key of 20 bytes",
            encrypt(&oct(20), JweAlg::A128Kw),
            "wrong-length",
            "A128KW takes a key of 16 bytes, and this one has 20",
        ),
        (
            "a content key of 20 bytes",
            encrypt(&oct(20), JweAlg::Dir),
            "wrong-length",
            "dir takes a key of 16, 24, 32, 48 or 64 bytes, and this one has 20",
        ),
        (
            "a curve's key for RSA",
            encrypt(&curve, JweAlg::RsaOaep),
            "wrong-key",
            "a key of type EC on P-256 does not fit RSA-OAEP",
        ),
        (
            "a public key to decrypt",
            DecryptionKey::from_jwk(&public, JweAlg::EcdhEs).unwrap_err(),
            "not-private",
            "needs a private key",
        ),
        ("a key for signatures", encrypt(&signs, JweAlg::A128Kw), "use-forbids", "the key's use forbids"),
    ]);
}

#[test]
fn sets() {
    let alg = JweAlg::A128Kw;
    let named = |kid: &str| oct(16).with_kid(kid);
    let set: JwkSet = [named("a"), named("b")].into_iter().collect();
    let keys = DecryptionKeys::from_jwks(&set, alg).unwrap();
    let decrypt = |token: &str| jose_jwe::decrypt(&keys, token, &mut SysRng).unwrap_err();
    let wrong: JwkSet = [oct(20), oct(32)].into_iter().collect();
    let empty: JwkSet = [].into_iter().collect();
    let unusable = DecryptionKeys::from_jwks(&wrong, alg).unwrap_err();
    check(&[
        ("an unknown kid", decrypt(&token(&named("c"), alg)), "kid-unknown", "no key has the header's kid"),
        (
            "a key with another kid",
            jose_jwe::decrypt(&decrypts(&named("a"), alg), &token(&named("b"), alg), &mut SysRng)
                .unwrap_err(),
            "kid-unknown",
            "kid",
        ),
        (
            "no kid and two keys",
            decrypt(&token(&oct(16), alg)),
            "key-ambiguous",
            "more than one key could be meant",
        ),
        (
            "an alg for none of them",
            decrypt(&token(&oct(16), JweAlg::A128GcmKw)),
            "algorithm-not-allowed",
            "alg A128GCMKW is not among those allowed: {A128KW}",
        ),
        ("no usable key", unusable.clone(), "no-usable-key", "none of the 2 keys of the set"),
        (
            "no usable key, the reasons",
            unusable,
            "no-usable-key",
            "key 1: A128KW takes a key of 16 bytes, and this one has 32",
        ),
        (
            "an empty set",
            DecryptionKeys::from_jwks(&empty, alg).unwrap_err(),
            "no-usable-key",
            "the set has no keys",
        ),
    ]);
}

#[test]
fn messages() {
    let key = encrypts(&oct(16), JweAlg::A128Kw);
    let direct = encrypts(&oct(16), JweAlg::Dir);
    let message = Message::new(ENC);
    let compact = |message: Message<'_>| message.compact(&key, b"", &mut SysRng).unwrap_err();
    let general = |keys: &[&EncryptionKey]| {
        let recipients: Vec<_> = keys.iter().map(|key| (*key).into()).collect();
        message.general(&recipients, b"", &mut SysRng).unwrap_err()
    };
    let enc = message.unprotected(r#"{"enc":"A128GCM"}"#).flattened(&key, b"", &mut SysRng).unwrap_err();
    check(&[
        (
            "compact with aad",
            compact(message.aad(b"aad")),
            "member",
            "aad is missing, of a wrong type or out of place",
        ),
        (
            "compact with an unprotected header",
            compact(message.unprotected("{}")),
            "member",
            "unprotected is",
        ),
        ("enc in a header", enc, "parameter-reserved", "enc comes from the key or the call"),
        ("no recipient", general(&[]), "recipients", "too many recipients or none"),
        (
            "dir beside another",
            general(&[&key, &direct]),
            "direct-not-alone",
            "dir and ECDH-ES have one recipient",
        ),
    ]);
}

/// A build without a feature names it.
#[test]
fn features() {
    let password = oct(16);
    let mut rows: Vec<Row<'_>> = Vec::new();
    if !cfg!(feature = "pbes2") {
        let error = EncryptionKey::from_jwk(&password, JweAlg::Pbes2Hs512A256Kw).unwrap_err();
        rows.push((
            "a password",
            error,
            "algorithm-disabled",
            "PBES2-HS512+A256KW needs the feature `pbes2`",
        ));
        let error = DecryptionKey::from_jwk(&password, JweAlg::Pbes2Hs512A256Kw).unwrap_err();
        rows.push(("a password", error, "algorithm-disabled", "feature `pbes2`"));
    }
    check(&rows);
    assert_eq!(rows.is_empty(), EncryptionKey::from_jwk(&password, JweAlg::Pbes2Hs512A256Kw).is_ok());
}
