//! One case, and its members by type.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Map, Value};

use super::{CaseReport, Verdict};
use crate::ops::{self, Fault, Operation};

/// What a correct implementation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// It does what is asked.
    Valid,
    /// It refuses.
    Invalid {
        /// The class of error that a caller must be able to match on, where the case names one.
        error: Option<String>,
    },
}

/// One case of a file.
#[derive(Debug)]
pub struct Case {
    /// Unique in its file.
    pub id: String,
    /// One line.
    pub comment: Option<String>,
    /// What took the algorithm of the case back, if it was.
    pub withdrawn: Option<String>,
    /// What is asked.
    pub operation: &'static Operation,
    /// What a correct implementation says.
    pub expectation: Expectation,
    members: Map<String, Value>,
}

/// Why something in `cases` is no case.
#[derive(Debug)]
pub(super) struct Defect {
    id: Option<String>,
    op: Option<String>,
    expected: &'static str,
    got: String,
}

impl Defect {
    pub(super) fn report(self, index: usize) -> CaseReport {
        CaseReport {
            id: self.id.unwrap_or_else(|| format!("#{}", index + 1)),
            comment: None,
            op: self.op.unwrap_or_else(|| "no operation".to_owned()),
            verdict: Verdict::failed(self.expected, self.got),
        }
    }
}

impl Case {
    pub(super) fn new(value: &Value) -> Result<Self, Defect> {
        let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let (id, op) = (text("id"), text("op"));
        let defect = |expected, got: &dyn fmt::Display| {
            Err(Defect { id: id.clone(), op: op.clone(), expected, got: got.to_string() })
        };
        let got = |name| {
            value.get(name).map_or_else(|| format!("no {name:?}"), |value| format!("{name:?}: {value}"))
        };

        let Some(members) = value.as_object() else { return defect("a case, an object", value) };
        let Some(id) = &id else { return defect("a text \"id\"", &got("id")) };
        let Some(op) = &op else { return defect("a text \"op\"", &got("op")) };
        let Some(operation) = ops::find(op) else { return defect("a known \"op\"", &got("op")) };
        let error = text("error");
        let expectation = match text("result").as_deref() {
            Some("valid") => Expectation::Valid,
            Some("invalid") => Expectation::Invalid { error: error.clone() },
            _ => return defect("\"result\": \"valid\" or \"invalid\"", &got("result")),
        };
        if members.contains_key("error") && (error.is_none() || expectation == Expectation::Valid) {
            return defect("a text \"error\", on \"invalid\" only", &got("error"));
        }
        for name in ["comment", "withdrawn"] {
            if members.get(name).is_some_and(|value| !value.is_string()) {
                return defect("texts \"comment\" and \"withdrawn\"", &got(name));
            }
        }
        let stated = operation.compared.iter().any(|name| members.contains_key(*name));
        if expectation == Expectation::Valid && !operation.compared.is_empty() && !stated {
            return defect("what a valid case compares", &format!("none of {:?}", operation.compared));
        }
        Ok(Self {
            id: id.clone(),
            comment: text("comment"),
            withdrawn: text("withdrawn"),
            operation,
            expectation,
            members: members.clone(),
        })
    }

    /// The members, by type.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        Members(&self.members)
    }

    /// What the output is compared with.
    pub(super) fn expected(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let Operation { compared, also_compared, .. } = self.operation;
        compared.iter().chain(*also_compared).filter_map(|name| Some((*name, self.members.get(*name)?)))
    }

    pub(super) fn unknown_members(&self) -> impl Iterator<Item = &str> {
        let Operation { inputs, compared, also_compared, .. } = self.operation;
        let known = ["id", "comment", "withdrawn", "op", "result", "error"];
        self.members.keys().map(String::as_str).filter(move |name| {
            ![&known[..], inputs, compared, also_compared].iter().any(|names| names.contains(name))
        })
    }
}

/// A signed or encrypted object as a case writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serialization<'a> {
    /// The compact serialization, byte for byte.
    Compact(&'a str),
    /// A JSON serialization, flattened or general, as a JSON text.
    Json(String),
}

/// The members of a case, or of an object inside it, by type.
///
/// Each accessor answers [`Fault::BadCase`] for a member that is there and of another type; those without
/// `optional_` also for one that is not there. Such a case fails whatever it expects.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a>(&'a Map<String, Value>);

impl<'a> From<&'a Map<String, Value>> for Members<'a> {
    fn from(members: &'a Map<String, Value>) -> Self {
        Self(members)
    }
}

impl<'a> Members<'a> {
    /// The member as JSON, where it is there.
    #[must_use]
    pub fn optional(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// The member as JSON.
    pub fn value(self, name: &str) -> Result<&'a Value, Fault> {
        self.optional(name).ok_or_else(|| Fault::BadCase(format!("no {name:?}")))
    }

    /// A text.
    pub fn text(self, name: &str) -> Result<&'a str, Fault> {
        text(name, self.value(name)?)
    }

    /// A text, where it is there.
    pub fn optional_text(self, name: &str) -> Result<Option<&'a str>, Fault> {
        self.optional(name).map(|value| text(name, value)).transpose()
    }

    /// Bytes, which the file holds as base64url.
    pub fn bytes(self, name: &str) -> Result<Vec<u8>, Fault> {
        Base64UrlUnpadded::decode_vec(self.text(name)?).map_err(|_| wrong(name, "base64url without padding"))
    }

    /// Bytes, where they are there.
    pub fn optional_bytes(self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.optional(name).map(|_| self.bytes(name)).transpose()
    }

    /// A flag, false where it is not there.
    pub fn flag(self, name: &str) -> Result<bool, Fault> {
        let Some(value) = self.optional(name) else { return Ok(false) };
        value.as_bool().ok_or_else(|| wrong(name, "true or false"))
    }

    /// An integer (a time or a span in seconds), where it is there.
    pub fn optional_integer(self, name: &str) -> Result<Option<i64>, Fault> {
        let integer = |value: &Value| value.as_i64().ok_or_else(|| wrong(name, "an integer"));
        self.optional(name).map(integer).transpose()
    }

    /// A list of texts (`algs`, `encs`, `crit`, `required`), where it is there.
    pub fn optional_texts(self, name: &str) -> Result<Option<Vec<&'a str>>, Fault> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let list = value.as_array().ok_or_else(|| wrong(name, "a list of texts"))?;
        list.iter().map(|value| text(name, value)).collect::<Result<_, _>>().map(Some)
    }

    /// One text or a list of them (`iss`, `aud`), where it is there.
    pub fn optional_text_or_texts(self, name: &str) -> Result<Option<Vec<&'a str>>, Fault> {
        match self.optional(name) {
            Some(Value::String(one)) => Ok(Some(vec![one])),
            _ => self.optional_texts(name),
        }
    }

    /// An object (`options`), where it is there.
    pub fn optional_object(self, name: &str) -> Result<Option<Members<'a>>, Fault> {
        self.optional(name).map(|value| object(name, value)).transpose()
    }

    /// A list of objects (`signatures`, `recipients`).
    pub fn objects(self, name: &str) -> Result<Vec<Members<'a>>, Fault> {
        let list = self.value(name)?.as_array().ok_or_else(|| wrong(name, "a list of objects"))?;
        list.iter().map(|value| object(name, value)).collect()
    }

    /// A JSON text: of the member, or the very text that `NAME_text` holds.
    ///
    /// This is how to take a key or a header: what is wrong with it is for the implementation to say.
    pub fn json_text(self, name: &str) -> Result<String, Fault> {
        match self.optional_text(&format!("{name}_text"))? {
            Some(text) => Ok(text.to_owned()),
            None => self.value(name).map(Value::to_string),
        }
    }

    /// A JSON text as [`Members::json_text`] has it, where it is there.
    pub fn optional_json_text(self, name: &str) -> Result<Option<String>, Fault> {
        let there = self.optional(name).is_some() || self.optional(&format!("{name}_text")).is_some();
        there.then(|| self.json_text(name)).transpose()
    }

    /// Whether a key is a JWK Set (RFC 7517 section 5) and not one JWK.
    #[must_use]
    pub fn is_jwk_set(self, name: &str) -> bool {
        self.optional(name).is_some_and(|key| key.get("keys").is_some())
    }

    /// A JWS or JWE: a text is the compact serialization, an object or `NAME_text` a JSON one.
    pub fn serialization(self, name: &str) -> Result<Serialization<'a>, Fault> {
        match self.optional(name) {
            Some(Value::String(compact)) => Ok(Serialization::Compact(compact)),
            Some(value) if !value.is_object() => Err(wrong(name, "a text or an object")),
            _ => self.json_text(name).map(Serialization::Json),
        }
    }
}

fn wrong(name: &str, expected: &str) -> Fault {
    Fault::BadCase(format!("{name:?} is not {expected}"))
}

fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Fault> {
    value.as_str().ok_or_else(|| wrong(name, "a text"))
}

fn object<'a>(name: &str, value: &'a Value) -> Result<Members<'a>, Fault> {
    value.as_object().map(Members).ok_or_else(|| wrong(name, "an object"))
}
