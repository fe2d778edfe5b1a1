use jose_b64::{base64url, json};
use jose_jwe::{Decrypt, Decrypted, DecryptionKey, Encrypted, EncryptionKey, Error, JweAlg, JweEnc};
use jose_jwk::{Curve, Jwk, SysRng};

pub(super) const PLAINTEXT: &[u8] = b"Live long and prosper.";

/// A case of a vector file, as JSON text.
pub(super) fn case(file: &str, id: &str) -> String {
    let path = format!("{}/../../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(path).unwrap();
    let file = json::parse_object(&text).unwrap();
    let cases = file.get("cases").and_then(|cases| cases.as_array()).unwrap();
    let found = cases.iter().find(|case| {
        case.as_object()
            .and_then(|case| case.get("id"))
            .and_then(|own| own.as_str())
            .is_some_and(|own| own == *id)
    });
    found.unwrap().raw().to_owned()
}

pub(super) fn member(case: &str, name: &str) -> String {
    let case = json::parse_object(case.as_bytes()).unwrap();
    let value = case.get(name).unwrap();
    value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.to_cow().into_owned())
}

pub(super) fn bytes(case: &str, name: &str) -> Vec<u8> {
    base64url::decode_to_vec(member(case, name).as_bytes()).unwrap()
}

/// The RSA key of RFC 7516 appendix A.1.
pub(super) fn rsa() -> Jwk {
    Jwk::from_json(member(&case("rfc7516.json", "A.1/roundtrip"), "private")).unwrap()
}

pub(super) fn on_curve(curve: Curve) -> Jwk {
    Jwk::generate(curve, &mut SysRng).unwrap()
}

pub(super) fn oct(len: usize) -> Jwk {
    Jwk::from_octets((0..).take(len).collect::<Vec<u8>>()).unwrap()
}

/// A key that serves the algorithm with that content encryption.
pub(super) fn key_for(alg: JweAlg, enc: JweEnc) -> Jwk {
    match alg.key_types() {
        [jose_jwk::KeyType::Rsa] => rsa(),
        [jose_jwk::KeyType::Oct] => oct(alg.kek_len().unwrap_or(enc.cek_len())),
        _ => on_curve(Curve::X25519),
    }
}

pub(super) fn pair(jwk: &Jwk, alg: JweAlg) -> (EncryptionKey, DecryptionKey) {
    let public = jwk.to_public().map_or_else(|_| jwk.clone(), Jwk::from);
    let encrypts = EncryptionKey::from_jwk(&public, alg).unwrap();
    (encrypts, DecryptionKey::from_jwk(jwk, alg).unwrap())
}

pub(super) fn token(key: &EncryptionKey, enc: JweEnc) -> String {
    encrypt(key, enc, PLAINTEXT).unwrap()
}

pub(super) fn encrypt(key: &EncryptionKey, enc: JweEnc, plaintext: &[u8]) -> Result<String, Error> {
    jose_jwe::encrypt(key, enc, plaintext, &mut SysRng)
}

pub(super) fn decrypt<K: Decrypt + ?Sized>(keys: &K, text: &str) -> Result<Decrypted, Error> {
    jose_jwe::decrypt(keys, text, &mut SysRng)
}

pub(super) fn header_of(token: &str) -> String {
    Encrypted::parse_compact(token).unwrap().dangerous_header().unwrap()
}

/// The token with another part.
pub(super) fn with_part(token: &str, index: usize, part: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = part;
    parts.join(".")
}

/// A text of base64url with the bytes changed.
pub(super) fn changed(text: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = base64url::decode_to_vec(text.as_bytes()).unwrap();
    change(&mut bytes);
    base64url::encode_to_string(&bytes)
}

pub(super) fn part(token: &str, index: usize) -> &str {
    token.split('.').nth(index).unwrap()
}
