//! Keys, prepared once for a whole run.

use std::{collections::HashSet, fs, path::Path, sync::LazyLock};

use jose_jwa::{JweAlg, JwsAlg};
use jose_jwe::{DecryptionKey, Encrypted};
use jose_jwk::Jwk;
use jose_jws::{
    Key, SigningKey, VerifyingKey,
    alg::{HmacKey, Hs256},
    compact,
    json::{self, Require},
};
use serde_json::Value;

use crate::{files::Found, object, rng::Fixed};

/// Of HS256.
pub static HS256: LazyLock<Key<'static, Hs256, HmacKey<Hs256>>> =
    LazyLock::new(|| Key::new(HmacKey::new(&[7; 32]).expect("32 octets")));

/// Of Ed25519, RFC 8037 appendix A.1.
pub static ED25519: LazyLock<(SigningKey, VerifyingKey)> = LazyLock::new(|| {
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let jwk = Jwk::from_json(jwk).expect("a key");
    let signing = SigningKey::from_jwk(&jwk, JwsAlg::Ed25519).expect("of Ed25519");
    (signing, VerifyingKey::from_jwk(&jwk, JwsAlg::Ed25519).expect("of Ed25519"))
});

/// Valid cases of the vectors with this operation, `op`: the key and the message.
fn cases(op: &str, message: &str) -> Vec<(Jwk, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rfc")))
        .collect();
    files.sort();
    let files = files.iter().map(|file| object(&fs::read(file).expect("a file")).expect("vectors"));
    let cases = files.flat_map(|file| file["cases"].as_array().cloned().unwrap_or_default());
    cases
        .filter(|case| case["op"] == op && case["result"] == "valid")
        .filter_map(|case| {
            let key = Jwk::from_json(case["key"].to_string()).ok()?;
            match case.get(message).or_else(|| case.get(&format!("{message}_text")))? {
                Value::String(text) => Some((key, text.clone())),
                other => Some((key, other.to_string())),
            }
        })
        .collect()
}

/// For each algorithm that the vectors have, a key that verifies one of them.
pub static VERIFYING: LazyLock<Vec<(JwsAlg, VerifyingKey)>> = LazyLock::new(|| {
    let cases = cases("jws.verify", "jws");
    let keys = JwsAlg::ALL.iter().filter_map(|alg| {
        let mut keys = cases.iter().filter_map(|(jwk, text)| {
            let key = VerifyingKey::from_jwk(jwk, *alg).ok()?;
            json::verify_any(&key, text, Require::Any).ok()?;
            Some((*alg, key))
        });
        keys.next()
    });
    keys.collect()
});

/// For each algorithm that the vectors have, a key that decrypts one of them.
pub static DECRYPTION: LazyLock<Vec<(JweAlg, DecryptionKey)>> = LazyLock::new(|| {
    let cases = cases("jwe.decrypt", "jwe");
    let keys = JweAlg::ALL.iter().filter_map(|alg| {
        let mut keys = cases.iter().filter_map(|(jwk, text)| {
            let key = DecryptionKey::from_jwk(jwk, *alg).ok()?;
            Encrypted::parse(text).ok()?.allow_compressed().decrypt(&key, &mut Fixed(1)).ok()?;
            Some((*alg, key))
        });
        keys.next()
    });
    keys.collect()
});

/// What was signed in the vectors and the data of the tests: each JWS Signing Input.
pub static SIGNED: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    let found = Found::read().expect("the vectors and data");
    let mut signed: HashSet<Vec<u8>> = HashSet::new();
    for token in found.of("jws_compact") {
        if let Ok(jws) = compact::Unverified::parse(token) {
            let _ = jws;
            let end = token.iter().rposition(|octet| *octet == b'.').unwrap_or_default();
            signed.insert(token[..end].to_vec());
        }
    }
    for text in found.of("jws_json") {
        signed.extend(object(text).iter().flat_map(signing_inputs).map(|(input, _)| input));
    }
    signed
});

/// The JWS Signing Input and the payload of each signature of a JSON serialization, in order.
pub fn signing_inputs(jws: &serde_json::Map<String, Value>) -> Vec<(Vec<u8>, String)> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let payload = text(jws.get("payload"));
    let protected: Vec<String> = match jws.get("signatures").and_then(Value::as_array) {
        Some(signatures) => signatures.iter().map(|signature| text(signature.get("protected"))).collect(),
        None => vec![text(jws.get("protected"))],
    };
    protected
        .into_iter()
        .map(|protected| (format!("{protected}.{payload}").into_bytes(), payload.clone()))
        .collect()
}

/// What was encrypted in the vectors and the data of the tests: each JWE by [`encrypted`].
pub static ENCRYPTED: LazyLock<HashSet<[String; 5]>> = LazyLock::new(|| {
    let found = Found::read().expect("the vectors and data");
    let compact = found.of("jwe_compact").filter_map(encrypted_compact);
    let json = found.of("jwe_json").filter_map(object).map(|jwe| encrypted(&jwe));
    compact.chain(json).collect()
});

/// What the tag covers, and the tag: `protected`, `aad`, `iv`, `ciphertext`, `tag`.
pub fn encrypted(jwe: &serde_json::Map<String, Value>) -> [String; 5] {
    ["protected", "aad", "iv", "ciphertext", "tag"]
        .map(|name| jwe.get(name).and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// The same of a compact serialization.
pub fn encrypted_compact(token: &[u8]) -> Option<[String; 5]> {
    let parts: Vec<&str> = str::from_utf8(token).ok()?.split('.').collect();
    let [protected, _, iv, ciphertext, tag] = parts.as_slice() else { return None };
    Some([protected, "", iv, ciphertext, tag].map(str::to_owned))
}
