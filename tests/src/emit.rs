//! A vector file that this workspace writes, with fresh keys, for other implementations to read.
//!
//! The cases come from the tables of `jose-jwa`, so that a new algorithm needs no change here. The id of a case is a path:
//! `jws`, `jwe`, `jwt`, `sdjwt` or `jwk`; the algorithm (for several signatures or recipients all of them, separated by commas), or
//! the kind of key for `jwk`; `enc` if the message is encrypted; the form; the subject of the case; the length of the
//! payload in bytes.

mod jwe;
mod jwk;
mod jws;
mod jwt;
mod sdjwt;

use std::error::Error;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwk::{Curve, Jwk, KeySpec, SysRng};
use rand_core::TryRng as _;
use serde_json::{Map, Value};

/// The error of an implementation that does not write what it should.
pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The lengths of payloads, in bytes. The block size of AES is 16.
const SIZES: [usize; 6] = [0, 1, 15, 16, 17, 1_000];

/// The length of a payload that only one algorithm of each family gets, in bytes.
const BIG: usize = 100_000;

/// Writes every case, and returns the text of the file: one line per case.
///
/// # Errors
///
/// The error of the crate that does not sign, encrypt or generate what its tables list.
pub fn file() -> Result<String> {
    let mut cases = Cases::default();
    let keys = Keys::new()?;
    jws::emit(&mut cases, &keys)?;
    jwe::emit(&mut cases, &keys)?;
    jwt::emit(&mut cases, &keys)?;
    sdjwt::emit(&mut cases, &keys)?;
    jwk::emit(&mut cases, &keys)?;
    let source = Value::from(format!("jose-tests {}, fresh keys", env!("CARGO_PKG_VERSION")));
    Ok(format!("{{ \"source\": {source}, \"cases\": [\n{}\n] }}\n", cases.0.join(",\n")))
}

/// The text of each case so far.
#[derive(Default)]
struct Cases(Vec<String>);

impl Cases {
    /// Adds a case that a correct implementation answers with the stated members.
    fn valid(&mut self, id: &[&str], op: &str, members: Value) {
        self.add(id, op, &[("result", "valid")], members);
    }

    /// Adds a case that a correct implementation refuses with this class of error.
    fn invalid(&mut self, id: &[&str], op: &str, class: &str, members: Value) {
        self.add(id, op, &[("result", "invalid"), ("error", class)], members);
    }

    /// Parts of an id that are empty are left out.
    fn add(&mut self, id: &[&str], op: &str, result: &[(&str, &str)], members: Value) {
        let id: Vec<_> = id.iter().copied().filter(|part| !part.is_empty()).collect();
        let mut case = Map::new();
        case.insert("id".to_owned(), id.join("/").into());
        case.insert("op".to_owned(), op.into());
        case.extend(result.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
        if let Value::Object(members) = members {
            // A case has no member that is null.
            case.extend(members.into_iter().filter(|(_, value)| !value.is_null()));
        }
        self.0.push(Value::Object(case).to_string());
    }
}

/// A serialization.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Compact,
    Flattened,
    General,
}

impl Form {
    const ALL: [Self; 3] = [Self::Compact, Self::Flattened, Self::General];

    fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Flattened => "flattened",
            Self::General => "general",
        }
    }
}

/// Generates keys: a fresh one each time, except for RSA, which takes long to generate.
struct Keys {
    rsa: Jwk,
}

impl Keys {
    fn new() -> Result<Self> {
        Ok(Self { rsa: Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)? })
    }

    fn generate(&self, spec: impl Into<KeySpec>) -> Result<Jwk> {
        match spec.into() {
            KeySpec::Rsa { .. } => Ok(self.rsa.clone()),
            spec => Ok(Jwk::generate(spec, &mut SysRng)?),
        }
    }
}

/// JSON that one of the crates wrote. A member that is there twice is an error.
fn json_value(text: &str) -> Result<Value> {
    Ok(crate::json::parse(text)?)
}

/// The whole key.
fn private(key: &Jwk) -> Result<Value> {
    json_value(&key.expose_private_json())
}

/// The key as a verifier has it: public, or the whole of a symmetric key.
fn public(key: &Jwk) -> Result<Value> {
    match key.to_public() {
        Ok(public) => json_value(&public.to_json()),
        Err(jose_jwk::Error::NoPublicPart) => private(key),
        Err(error) => Err(error.into()),
    }
}

/// The curves of an algorithm's keys, or a single `None` if it has none.
fn kinds(curves: &[Curve]) -> Vec<Option<Curve>> {
    if curves.is_empty() { vec![None] } else { curves.iter().copied().map(Some).collect() }
}

/// The name, for an id.
fn name(curve: Option<Curve>) -> &'static str {
    curve.map_or("", Curve::as_str)
}

fn random(len: usize) -> Result<Vec<u8>> {
    let mut octets = vec![0; len];
    SysRng.try_fill_bytes(&mut octets)?;
    Ok(octets)
}

fn encode(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

fn decode(text: &str) -> Result<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| format!("not base64url: {text:?}").into())
}

/// Base64url with one bit of the bytes changed.
fn flipped(text: &str) -> Result<String> {
    let mut octets = decode(text)?;
    let middle = octets.len() / 2;
    *octets.get_mut(middle).ok_or("no byte to change a bit of")? ^= 1;
    Ok(encode(&octets))
}

/// A compact serialization with one bit changed in the part at `index`.
fn flipped_part(token: &str, index: usize) -> Result<String> {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let part = parts.get_mut(index).ok_or("no such part")?;
    *part = flipped(part)?;
    Ok(parts.join("."))
}

/// An object with one bit changed in the bytes of the member at `pointer`.
fn flipped_member(object: &Value, pointer: &str) -> Result<Value> {
    let mut object = object.clone();
    let member = object.pointer_mut(pointer).ok_or("no such member")?;
    *member = flipped(member.as_str().unwrap_or_default())?.into();
    Ok(object)
}
