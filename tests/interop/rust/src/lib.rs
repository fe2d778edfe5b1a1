//! A vector file for implementations in Rust: read, with one answer a line, or written.

use std::{env, error::Error, fs, io::Write as _, panic};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Map, Value, json};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Which algorithms a key serves, by its curve or type.
pub type Table = [(&'static str, &'static [&'static str])];

pub const ENC: [&str; 6] =
    ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];

/// Payloads of the sizes at which encodings and block ciphers differ.
const SIZES: [u8; 6] = [0, 1, 15, 16, 17, 200];

#[must_use]
pub fn b64u(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

/// The bytes of a member.
pub fn octets(value: &Value) -> Result<Vec<u8>> {
    Ok(Base64UrlUnpadded::decode_vec(text(value)?)?)
}

pub fn text(value: &Value) -> Result<&str> {
    Ok(value.as_str().ok_or("no text")?)
}

pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A member or, where that is not there, the text that stands for it.
pub fn json_text(asked: &Value, name: &str) -> String {
    asked[format!("{name}_text")].as_str().map_or_else(|| asked[name].to_string(), str::to_owned)
}

/// The keys of a set, or the one key.
#[must_use]
pub fn keys(key: &Value) -> Vec<&Value> {
    key["keys"].as_array().map_or_else(|| vec![key], |keys| keys.iter().collect())
}

/// What the caller allows of this key: as the case says, or what the key states, or what its type serves.
#[must_use]
pub fn allowed<'a>(asked: &'a Value, key: &'a Value, table: &'a Table) -> Vec<&'a str> {
    if asked["algs"].is_array() {
        return texts(&asked["algs"]).collect();
    }
    if let Some(alg) = key["alg"].as_str() {
        // A key for one content encryption is used directly.
        return vec![if ENC.contains(&alg) { "dir" } else { alg }];
    }
    let name = key["crv"].as_str().or_else(|| key["kty"].as_str()).unwrap_or_default();
    table.iter().filter(|(kind, _)| *kind == name).flat_map(|(_, algs)| algs.iter().copied()).collect()
}

/// The members of the key material.
#[must_use]
pub fn material(key: &Map<String, Value>) -> Value {
    const MEMBERS: [&str; 14] =
        ["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k", "oth"];
    let members = key.iter().filter(|(name, _)| MEMBERS.contains(&name.as_str()));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A message with its detached payload put in: as it is, or as base64url.
pub fn attached(message: &Value, detached: &[u8]) -> Result<Value> {
    let header = |text: &str| -> Value {
        let octets = Base64UrlUnpadded::decode_vec(text).unwrap_or_default();
        serde_json::from_slice(&octets).unwrap_or_default()
    };
    let payload = |header: &Value| -> Result<String> {
        if header["b64"] == false { Ok(String::from_utf8(detached.to_vec())?) } else { Ok(b64u(detached)) }
    };
    if let Some(compact) = message.as_str() {
        let (protected, signature) = compact.split_once("..").ok_or("the payload is not detached")?;
        return Ok(format!("{protected}.{}.{signature}", payload(&header(protected))?).into());
    }
    let mut message = message.clone();
    let first = message["signatures"].get(0).unwrap_or(&message)["protected"].as_str().unwrap_or_default();
    message["payload"] = payload(&header(first))?.into();
    Ok(message)
}

/// The cases of a file that is written.
#[derive(Default)]
pub struct Cases(Vec<Value>);

impl Cases {
    /// All sizes come up in turn.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        (0..SIZES[self.0.len() % SIZES.len()]).map(|i| i.wrapping_mul(7)).collect()
    }

    pub fn add(&mut self, id: &str, op: &str, members: Value) {
        let mut case = json!({ "id": id, "op": op, "result": "valid" });
        for (name, value) in members.as_object().into_iter().flatten() {
            case[name] = value.clone();
        }
        self.0.push(case);
    }
}

/// `read FILE` or `write`.
pub fn run(
    source: &str,
    read: fn(&Value) -> Result<Value>,
    write: fn(&mut Cases) -> Result<()>,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["read", file] => {
            // A panic is an answer; what it says is of no interest.
            panic::set_hook(Box::new(|_| {}));
            let file: Value = serde_json::from_slice(&fs::read(file)?)?;
            for asked in file["cases"].as_array().ok_or("no cases")? {
                let mut answer = match panic::catch_unwind(|| read(asked).map_err(|error| error.to_string()))
                {
                    Ok(Ok(output)) => json!({ "output": output }),
                    Ok(Err(error)) => json!({ "error": error }),
                    Err(_) => json!({ "panic": true }),
                };
                answer["id"] = asked["id"].clone();
                writeln!(out, "{answer}")?;
            }
        }
        _ => {
            let mut cases = Cases::default();
            write(&mut cases)?;
            writeln!(out, "{}", json!({ "source": source, "cases": cases.0 }))?;
        }
    }
    Ok(())
}
