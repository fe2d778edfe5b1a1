//! Features add algorithms and forms; they do not change what becomes of a text. The keys and tokens of `tests/data` have
//! one outcome, whatever the crates were built with: this test is run with few features, the usual ones and all.
//!
//! Every text is for code that is in each of these builds (`hmac`, `p256`, and what needs no feature), or is refused before
//! any algorithm is used.

#![cfg(test)]

use std::convert::Infallible;
use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwe::{DecryptionKey, Encrypted};
use jose_jwk::{AlgSet, Hash, JweAlg, Jwk, JwkSet, JwsAlg, PublicJwk};
use jose_jws::VerifyingKey;
use jose_jws::json::{Require, verify_any};
use jose_jwt::{JwtVerifier, NumericDate};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::{Map, Value};

type Entry = Map<String, Value>;

fn entries(file: &str) -> Vec<Entry> {
    let path = format!("{}/../data/{file}", env!("CARGO_MANIFEST_DIR"));
    let list = jose_tests::json::parse(&fs::read_to_string(path).unwrap()).unwrap();
    list.as_array().unwrap().iter().map(|entry| entry.as_object().unwrap().clone()).collect()
}

fn text<'e>(entry: &'e Entry, name: &str) -> &'e str {
    entry[name].as_str().unwrap()
}

/// How the outcome differs from the expectation, which is the code under `error` or the member `success`.
fn difference(entry: &Entry, success: &str, outcome: Result<String, &str>) -> Option<String> {
    let expected = match entry.get("error") {
        Some(code) => Err(code.as_str().unwrap()),
        None => Ok(text(entry, success).to_owned()),
    };
    (outcome != expected).then(|| format!("{}: {outcome:?} and not {expected:?}", text(entry, "name")))
}

#[test]
fn the_same_keys_are_read_by_every_build() {
    let entries = entries("keys.json");
    let differences: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let thumbprint = Jwk::from_json(text(entry, "text")).and_then(|key| key.thumbprint(Hash::Sha256));
            let thumbprint = thumbprint.map(|digest| Base64UrlUnpadded::encode_string(digest.as_bytes()));
            difference(entry, "thumbprint", thumbprint.map_err(|error| error.code()))
        })
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");

    // The keys that are read alone are read in a set, and the others are skipped or make the set unreadable.
    let objects: Vec<_> = entries.iter().filter(|entry| !is_unreadable(entry)).collect();
    let texts: Vec<_> = objects.iter().map(|entry| text(entry, "text")).collect();
    let set = JwkSet::from_json(format!(r#"{{"keys":[{}]}}"#, texts.join(","))).unwrap();
    let refused = (0..objects.len()).filter(|index| objects[*index].contains_key("error"));
    assert_eq!(
        set.skipped().iter().map(|skipped| skipped.index).collect::<Vec<_>>(),
        refused.collect::<Vec<_>>()
    );
    // A private key is not a public one, whatever else is in it.
    for entry in objects {
        let json = text(entry, "text");
        let is_private = serde_json::from_str::<Value>(json).unwrap().get("d").is_some();
        if is_private {
            assert_eq!(PublicJwk::from_json(json).err().map(|error| error.code()), Some("private-members"));
        }
    }
}

/// How many keys of each set of the reports are read, which entries are skipped, and what is noted, whatever the features.
#[test]
fn the_same_sets_are_read_by_every_build() {
    let folder = format!("{}/../data/reports", env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap()) {
        let name = file.file_name().into_string().unwrap();
        if !(name.contains("jwks") || name.contains("bundle")) || name == "B15-jwks-bom.json" {
            continue;
        }
        let set = JwkSet::from_json(fs::read(file.path()).unwrap()).unwrap();
        let skipped: Vec<_> = set.skipped().iter().map(|skipped| skipped.reason.code()).collect();
        let noted: Vec<_> = set.noted().iter().map(|noted| noted.member).collect();
        found.push(format!("{name}: {} {skipped:?} {noted:?}", set.len()));
    }
    found.sort();
    assert_eq!(found, SETS);
}

/// Whether the text is not a JSON object, or not one that may be in a set.
fn is_unreadable(entry: &Entry) -> bool {
    jose_tests::json::parse(text(entry, "text")).map_or(true, |value| !value.is_object())
}

fn algs<A: jose_jwa::Identifier>(entry: &Entry) -> AlgSet<A> {
    let names = entry["algs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    names.map(|name| name.parse().unwrap()).collect()
}

#[test]
fn the_same_tokens_are_accepted_by_every_build() {
    let entries = entries("tokens.json");
    let differences: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let key = Jwk::from_json(entry["key"].to_string()).unwrap();
            let outcome = match text(entry, "as") {
                "jws" => verify(entry, &key).map_err(|error| error.code()),
                "jwe" => decrypt(entry, &key).map_err(|error| error.code()),
                _ => verify_jwt(entry, &key).map_err(|error| error.code()),
            };
            difference(entry, "payload", outcome)
        })
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

fn verify(entry: &Entry, key: &Jwk) -> Result<String, jose_jws::Error> {
    let key = VerifyingKey::from_jwk(key, algs::<JwsAlg>(entry))?;
    let verified = verify_any(&key, text(entry, "text"), Require::Any)?;
    Ok(String::from_utf8(verified.into_payload()).unwrap())
}

fn decrypt(entry: &Entry, key: &Jwk) -> Result<String, jose_jwe::Error> {
    let key = DecryptionKey::from_jwk(key, algs::<JweAlg>(entry))?;
    let decrypted = Encrypted::parse(text(entry, "text"))?.decrypt(&key, &mut Counter(0))?;
    Ok(String::from_utf8(decrypted.into_plaintext()).unwrap())
}

fn verify_jwt(entry: &Entry, key: &Jwk) -> Result<String, jose_jwt::Error> {
    let key = VerifyingKey::from_jwk(key, algs::<JwsAlg>(entry))?;
    let now = NumericDate::from_seconds(entry["now"].as_i64().unwrap());
    let verifier = JwtVerifier::new(key).any_issuer().any_audience();
    let verified = verifier.at(now).verify::<Value>(text(entry, "text"))?;
    Ok(verified.payload_text().to_owned())
}

/// Stands in for a random number generator, which a build without `std` lacks. Decryption draws only what no outcome depends
/// on.
struct Counter(u8);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// The number of keys, the reasons of what is skipped, and what is noted.
const SETS: [&str; 17] = [
    "B01-jwks-auth0.json: 1 [] [\"x5t\"]",
    "B04-jwks-dotnet.json: 1 [] [\"oth\", \"x5c\"]",
    "B04-jwks-oth-empty.json: 1 [] [\"oth\"]",
    "B04-jwks-x5c-empty.json: 1 [] [\"x5c\"]",
    "B07-jwks-x5c-newlines.json: 1 [] []",
    "B08-jwks-x5c-only.json: 0 [\"member-missing\"] []",
    "B08-jwks-x5c-spki-only.json: 0 [\"member-missing\"] []",
    "B09-jwks-leading-zero.json: 0 [\"member-leading-zero\"] []",
    "B10-jwks-padded.json: 0 [\"character\"] []",
    "B10-jwks-std-base64.json: 0 [\"character\"] []",
    "B11-spiffe-bundle.json: 2 [] []",
    "B12-jwks-dup-identical.json: 2 [] []",
    "B13-jwks-dup-alg.json: 3 [] []",
    "B14-jwks_shared_kid.json: 2 [] []",
    "B20-jwks_x5t.json: 2 [] []",
    "B21-jwks-keyops-empty.json: 1 [] []",
    "B53-shc-jwks.json: 1 [] []",
];
