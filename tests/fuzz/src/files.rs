//! What the vectors, the data of the tests and `tests/fuzz/seeds` hold, by its kind.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use serde_json::Value;

/// A folder of `tests`.
fn folder(name: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = package.ancestors().find(|folder| folder.join("vectors").is_dir());
    tests.unwrap_or(package).join(name)
}

/// Texts and octets by the names of the targets that read them.
#[derive(Default)]
pub struct Found(BTreeMap<String, BTreeSet<Vec<u8>>>);

impl Found {
    /// Reads every file.
    pub fn read() -> io::Result<Self> {
        let mut found = Self::default();
        for name in ["vectors", "data", "data/reports", "data/openssl"] {
            for file in files(&folder(name))? {
                found.text(&fs::read(file)?);
            }
        }
        for target in fs::read_dir(folder("fuzz/seeds"))? {
            let target = target?.path();
            let name = target.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            for file in files(&target)? {
                found.0.entry(name.clone()).or_default().insert(fs::read(file)?);
            }
        }
        Ok(found)
    }

    /// The seeds of each target.
    #[allow(dead_code, reason = "the targets ask for one kind")]
    pub fn by_target(&self) -> impl Iterator<Item = (&str, Vec<&[u8]>)> {
        self.0.iter().map(|(target, seeds)| (target.as_str(), seeds.iter().map(Vec::as_slice).collect()))
    }

    /// Those of one target.
    #[allow(dead_code, reason = "the writer takes all")]
    pub fn of(&self, target: &str) -> impl Iterator<Item = &[u8]> {
        self.0.get(target).into_iter().flatten().map(Vec::as_slice)
    }

    fn add(&mut self, target: &'static str, seed: impl Into<Vec<u8>>) {
        /// A longer seed slows every run down.
        const MAX_LEN: usize = 16 * 1024;
        let seed = seed.into();
        if seed.len() <= MAX_LEN {
            self.0.entry(target.to_owned()).or_default().insert(seed);
        }
    }

    /// A whole file, or a string in one.
    fn text(&mut self, bytes: &[u8]) {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            match &value {
                Value::Object(_) => self.object(&value, text),
                Value::Array(items) => items.iter().for_each(|item| self.value(item)),
                _ => {}
            }
            return;
        }
        // What is almost JSON was written to be refused.
        for (target, mark) in [
            ("jwk", "\"kty\""),
            ("jwk_set", "\"keys\""),
            ("jws_json", "\"signature"),
            ("jwe_json", "\"ciphertext\""),
        ] {
            if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') && text.contains(mark) {
                self.add(target, text);
            }
        }
        if text.contains("-----BEGIN ") {
            self.pem(text);
        } else if ["ssh-", "ecdsa-sha2-"].iter().any(|start| text.starts_with(start)) {
            self.add("openssh", text);
        }
        let parts: Vec<&str> = text.trim().split('.').collect();
        match parts.as_slice() {
            [header, payload, _] => {
                self.add("jws_compact", text.trim());
                self.decoded("header", header);
                self.decoded("claims", payload);
            }
            [header, _, _, _, _] => {
                self.add("jwe_compact", text.trim());
                self.decoded("header", header);
            }
            _ => {}
        }
    }

    fn decoded(&mut self, target: &'static str, part: &str) {
        if let Ok(octets) = Base64UrlUnpadded::decode_vec(part)
            && octets.contains(&b'{')
        {
            self.add(target, octets.clone());
            self.add("json", octets);
        }
    }

    fn pem(&mut self, text: &str) {
        self.add("pem", text);
        for block in text.split("-----BEGIN ").skip(1) {
            let mut parts = block.split("-----");
            let (Some(label), Some(content)) = (parts.next(), parts.next()) else { continue };
            if label == "OPENSSH PRIVATE KEY" {
                self.add("openssh", text);
            }
            let packed: String = content.split_ascii_whitespace().collect();
            if let Ok(der) = Base64::decode_vec(&packed) {
                self.add(if label == "CERTIFICATE" { "x509" } else { "der" }, der);
            }
        }
    }

    fn object(&mut self, value: &Value, text: &str) {
        for (target, member) in [
            ("jwk", "kty"),
            ("jwk_set", "keys"),
            ("jws_json", "signature"),
            ("jws_json", "signatures"),
            ("jwe_json", "ciphertext"),
        ] {
            // An entry of `signatures` is no message of its own.
            if value.get(member).is_some() && (member != "signature" || value.get("payload").is_some()) {
                self.add(target, text);
                self.add("json", text);
            }
        }
        for name in ["jwk", "epk"] {
            if let Some(Value::Object(_)) = value.get(name) {
                self.add("header", text);
            }
        }
        self.value(value);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text.as_bytes()),
            Value::Array(items) => items.iter().for_each(|item| self.nested(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member) {
                        ("der_b64u", Value::String(text)) => {
                            if let Ok(der) = Base64UrlUnpadded::decode_vec(text) {
                                self.add("der", der);
                            }
                        }
                        ("protected" | "protected_text", Value::String(text)) => {
                            self.decoded("header", text);
                        }
                        ("x5c", Value::Array(chain)) => {
                            for text in chain.iter().filter_map(Value::as_str) {
                                let packed: String = text.split_ascii_whitespace().collect();
                                if let Ok(der) = Base64::decode_vec(&packed) {
                                    self.add("x509", der);
                                }
                            }
                        }
                        _ => self.nested(member),
                    }
                }
            }
            _ => {}
        }
    }

    fn nested(&mut self, value: &Value) {
        match value {
            Value::Object(_) => self.object(value, &value.to_string()),
            _ => self.value(value),
        }
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
