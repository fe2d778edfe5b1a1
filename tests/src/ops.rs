//! The operations of a vector file, each one function that asks the implementation.
//!
//! A function takes its inputs with [`Members`](crate::vectors::Members), calls the public interface of one
//! crate, and answers with a [`Yield`] or a [`Fault`]. It never reads what the case expects: the judge does.

mod jwa;
mod jwe;
mod jwk;
mod jws;
mod jwt;
mod sdjwt;

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwa::header::HeaderError;
use serde_json::{Map, Value};

use crate::vectors::{Case, Outcome};

/// One operation of `SCHEMA.md`.
pub struct Operation {
    /// Its name in `op`.
    pub name: &'static str,
    /// What it takes.
    pub inputs: &'static [&'static str],
    /// What is compared; a valid case states at least one of them.
    pub compared: &'static [&'static str],
    /// What is compared besides, where a case states it.
    pub also_compared: &'static [&'static str],
    run: fn(&Case) -> Result<Yield, Fault>,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every operation, as the table of `SCHEMA.md` has them.
pub static OPERATIONS: [Operation; 17] = [
    Operation {
        name: "jws.verify",
        inputs: &["key", "jws", "jws_text", "algs", "detached_payload_b64u", "crit", "require"],
        compared: &["payload_b64u"],
        also_compared: &[],
        run: jws::verify,
    },
    Operation {
        name: "jws.sign",
        inputs: &["payload_b64u", "form", "detached", "signatures"],
        compared: &["jws"],
        also_compared: &[],
        run: jws::sign,
    },
    Operation {
        name: "jws.roundtrip",
        inputs: &["key", "public", "protected_text", "form"],
        compared: &["payload_b64u"],
        also_compared: &[],
        run: jws::roundtrip,
    },
    Operation {
        name: "jwe.decrypt",
        inputs: &["key", "jwe", "jwe_text", "algs", "encs", "crit", "zip"],
        compared: &["plaintext_b64u"],
        also_compared: &[],
        run: jwe::decrypt,
    },
    Operation {
        name: "jwe.encrypt",
        inputs: &[
            "plaintext_b64u",
            "form",
            "protected_text",
            "unprotected",
            "aad_b64u",
            "cek_b64u",
            "iv_b64u",
            "recipients",
        ],
        compared: &["jwe"],
        also_compared: &[],
        run: jwe::encrypt,
    },
    Operation {
        name: "jwe.roundtrip",
        inputs: &["key", "private", "protected_text", "form"],
        compared: &["plaintext_b64u"],
        also_compared: &[],
        run: jwe::roundtrip,
    },
    Operation {
        name: "jwk.parse",
        inputs: &["key", "key_text"],
        compared: &[],
        also_compared: &[],
        run: jwk::parse,
    },
    Operation {
        name: "jwk.thumbprint",
        inputs: &["key", "hash"],
        compared: &["thumbprint_b64u"],
        also_compared: &["uri"],
        run: jwk::thumbprint,
    },
    Operation {
        name: "jwk.import",
        inputs: &["pem", "der_b64u", "format"],
        compared: &["key"],
        also_compared: &[],
        run: jwk::import,
    },
    Operation {
        name: "jwk.export",
        inputs: &["key", "format"],
        compared: &["pem", "der_b64u"],
        also_compared: &[],
        run: jwk::export,
    },
    Operation {
        name: "jwa.seal",
        inputs: &["enc", "cek_b64u", "iv_b64u", "aad_b64u", "plaintext_b64u"],
        compared: &["ciphertext_b64u"],
        also_compared: &["tag_b64u"],
        run: jwa::seal,
    },
    Operation {
        name: "jwa.agree",
        inputs: &["alg", "enc", "epk", "key", "apu_b64u", "apv_b64u"],
        compared: &["derived_b64u"],
        also_compared: &["z_b64u"],
        run: jwa::agree,
    },
    Operation {
        name: "jwt.verify",
        inputs: &["key", "jwt", "algs", "decryption_key", "options"],
        compared: &["claims"],
        also_compared: &[],
        run: jwt::verify,
    },
    Operation {
        name: "dpop.verify",
        inputs: &["proof", "htm", "htu", "access_token", "options"],
        compared: &["thumbprint_b64u"],
        also_compared: &[],
        run: jwt::verify_proof,
    },
    Operation {
        name: "sdjwt.verify",
        inputs: &["key", "sd_jwt", "sd_jwt_text", "algs", "options"],
        compared: &["claims"],
        also_compared: &[],
        run: sdjwt::verify,
    },
    Operation {
        name: "statuslist.decode",
        inputs: &["bits", "lst", "indexes"],
        compared: &["octets", "values"],
        also_compared: &["sha256_b64u"],
        run: sdjwt::decode_list,
    },
    Operation {
        name: "statuslist.verify",
        inputs: &["key", "jwt", "algs", "indexes", "options"],
        compared: &["octets", "values"],
        also_compared: &["sha256_b64u", "ttl"],
        run: sdjwt::verify_list,
    },
];

/// The operation of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Asks the implementation.
#[must_use]
pub fn run(case: &Case) -> Outcome {
    match (case.operation.run)(case) {
        Ok(output) => Outcome::Output(output.into_members()),
        Err(Fault::Refused { class, detail }) => Outcome::Error { class, detail },
        Err(Fault::Unsupported(reason)) => Outcome::Unsupported(reason),
        Err(Fault::BadCase(defect)) => Outcome::BadCase(defect),
    }
}

/// What an operation gives: members under the names by which a case states them.
#[derive(Debug, Default)]
pub struct Yield(Map<String, Value>);

impl Yield {
    /// Nothing further than success.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With bytes.
    #[must_use]
    pub fn bytes(self, name: &str, octets: &[u8]) -> Self {
        self.value(name, Base64UrlUnpadded::encode_string(octets).into())
    }

    /// With a text: a compact serialization, PEM, a URI.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.value(name, text.into())
    }

    /// With a JSON value: claims, the members of a key.
    #[must_use]
    pub fn value(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// With a JSON text that the implementation wrote: a JSON serialization.
    ///
    /// What is not strict JSON stays a text, and so equals no object.
    #[must_use]
    pub fn json(self, name: &str, text: &str) -> Self {
        let value = crate::json::parse(text).unwrap_or_else(|_| text.into());
        self.value(name, value)
    }

    /// As the judge takes it.
    #[must_use]
    pub fn into_members(self) -> Map<String, Value> {
        self.0
    }
}

/// Why an operation gives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The implementation refused.
    Refused {
        /// What a caller can match on, in the words of `error` in a vector file.
        class: String,
        /// The error, for people.
        detail: String,
    },
    /// This build, or this runner, cannot do it yet.
    Unsupported(String),
    /// An input is missing or of another type.
    BadCase(String),
}

impl Fault {
    /// The implementation's own error, under its class.
    pub fn refused(class: &str, error: &impl fmt::Display) -> Self {
        Self::Refused { class: class.to_owned(), detail: error.to_string() }
    }

    /// What cannot be done yet.
    pub fn unsupported(reason: &str) -> Self {
        Self::Unsupported(reason.to_owned())
    }
}

/// Whether it is `crit` that a header was refused for.
fn is_crit(error: &HeaderError) -> bool {
    matches!(
        error,
        HeaderError::CritMalformed
            | HeaderError::CritUnprotected
            | HeaderError::CritRegistered
            | HeaderError::CritAbsent
            | HeaderError::CritNotUnderstood
    )
}
