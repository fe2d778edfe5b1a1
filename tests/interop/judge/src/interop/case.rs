//! What a case is about: the row of the matrix that it counts in, and what it needs of an implementation.

use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwa::{Curve, JweAlg, JweEnc, JwsAlg, KeyType};
use serde_json::{Map, Value};

/// The operations that tell something about two implementations: one wrote, the other reads.
const READ: [&str; 9] = [
    "jws.verify",
    "jws.sign",
    "jwe.decrypt",
    "jwt.verify",
    "sdjwt.verify",
    "jwk.parse",
    "jwk.thumbprint",
    "jwk.import",
    "jwk.export",
];

/// What the matrix and the table of what is lacking know of a case.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) op: String,
    /// The registered algorithm, the key type or curve, or a dash.
    pub(super) alg: String,
    /// The content encryption, of a JWE.
    pub(super) enc: Option<String>,
    /// Words for what the case asks for: algorithms, curves, forms, options.
    pub(super) needs: BTreeSet<String>,
    /// What the caller allows, where that is said.
    allowed: Vec<String>,
}

/// Whether another implementation can be asked this.
pub(super) fn is_asked(case: &Value) -> bool {
    case["op"].as_str().is_some_and(|op| READ.contains(&op))
}

impl About {
    pub(super) fn of(case: &Value) -> Self {
        let op = case["op"].as_str().unwrap_or_default().to_owned();
        let allowed = case["algs"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut about = Self {
            alg: "-".to_owned(),
            enc: None,
            needs: BTreeSet::from([op.clone()]),
            allowed: allowed.map(str::to_owned).collect(),
            op,
        };
        match about.op.as_str() {
            "jwt.verify" => about.token(case),
            "sdjwt.verify" => about.sd_jwt(case),
            "jwk.parse" | "jwk.thumbprint" | "jwk.import" | "jwk.export" => {
                if about.op == "jwk.thumbprint" {
                    // The members are all that counts: no curve is computed with.
                    let name = case["key"]["crv"].as_str().or_else(|| case["key"]["kty"].as_str());
                    about.alg = name.unwrap_or("-").to_owned();
                    about.need(format!("thumbprint of {}", about.alg));
                } else if let Some(name) = about.key(&case["key"]) {
                    about.alg = name;
                }
            }
            _ => about.message(case),
        }
        for name in ["format", "hash"] {
            if let Some(value) = case[name].as_str() {
                about.need(format!("{} {value}", about.op));
            }
        }
        if let Some(format) = case["format"].as_str() {
            if !case["der_b64u"].is_null() {
                about.need(format!("{} {format} as DER", about.op));
            }
            if case["key"]["d"].is_null() && case["key"]["priv"].is_null() {
                about.need(format!("{} {format} of a public key", about.op));
            }
        }
        for (name, need) in [
            ("algs", "option algs"),
            ("encs", "option encs"),
            ("crit", "option crit"),
            ("detached_payload_b64u", "detached"),
            ("uri", "thumbprint URI"),
            ("jws_text", "JSON text"),
            ("jwe_text", "JSON text"),
            ("key_text", "JSON text"),
        ] {
            if !case[name].is_null() {
                about.need(need);
            }
        }
        if case["require"] == "all" {
            about.need("option require");
        } else if about.needs.contains("JWS of several") {
            about.need("one of several signatures");
        }
        if case["detached"] == true {
            about.need("detached");
        }
        // Only one of the signatures that these algorithms have is the one that the case states.
        if about.op == "jws.sign" {
            let family = ["ES", "ML-DSA"].into_iter().find(|family| about.alg.starts_with(family));
            family.into_iter().for_each(|family| about.need(format!("deterministic {family}")));
        }
        about
    }

    /// Whether a right answer shows that nothing of this is lacking. An option that is passed over cannot be
    /// told from one that is met, and of several keys, signatures or recipients not all need be understood.
    pub(super) fn shows(&self, need: &str) -> bool {
        let several = |need: &String| {
            ["JWS of several", "JWE of several"].contains(&need.as_str()) || need.contains("JWK Set")
        };
        !need.starts_with("option ") && !self.needs.iter().any(several)
    }

    fn need(&mut self, need: impl Into<String>) {
        self.needs.insert(need.into());
    }

    /// A JWS, a JWE, or what is to be signed.
    fn message(&mut self, case: &Value) {
        self.key(&case["key"]);
        let (kind, name) = if self.op.starts_with("jwe.") { ("JWE", "jwe") } else { ("JWS", "jws") };
        let parsed: Value;
        let message = match &case[name] {
            // A text may hold anything; what it asks for is seen where it is JSON.
            Value::Null => {
                let text = case[format!("{name}_text")].as_str().unwrap_or_default();
                parsed = serde_json::from_str(text).unwrap_or_default();
                &parsed
            }
            message => message,
        };
        self.need(kind);
        match message {
            Value::String(compact) => {
                self.need(format!("{kind} compact"));
                let header = decoded(compact.split('.').next().unwrap_or_default());
                self.header(kind, &header);
            }
            Value::Object(object) => self.object(kind, object),
            _ => {}
        }
        for signature in case["signatures"].as_array().into_iter().flatten() {
            self.key(&signature["key"]);
            let text = signature["protected_text"].as_str().unwrap_or_default();
            let header: Value = serde_json::from_str(text).unwrap_or_default();
            // Most interfaces take the members and write the text themselves.
            let written = header.to_string();
            if !text.is_empty() && written != text {
                self.need("header text");
            }
        }
    }

    fn object(&mut self, kind: &str, object: &Map<String, Value>) {
        let list = object.get("signatures").or_else(|| object.get("recipients"));
        self.need(format!("{kind} {}", if list.is_some() { "general" } else { "flattened" }));
        let list = list.and_then(Value::as_array);
        if list.is_some_and(|list| list.len() > 1) {
            self.need(format!("{kind} of several"));
        }
        if object.contains_key("aad") {
            self.need("aad");
        }
        let inner = list.into_iter().flatten().filter_map(Value::as_object);
        for part in [object].into_iter().chain(inner) {
            let protected = decoded(part.get("protected").and_then(Value::as_str).unwrap_or_default());
            self.header(kind, &protected);
            for name in ["header", "unprotected"] {
                if let Some(header) = part.get(name) {
                    self.need(format!("{kind} unprotected header"));
                    self.header(kind, header);
                }
            }
        }
    }

    fn header(&mut self, kind: &str, header: &Value) {
        let alg = header["alg"].as_str().unwrap_or_default();
        let known =
            if kind == "JWS" { JwsAlg::from_name(alg).is_some() } else { JweAlg::from_name(alg).is_some() };
        // Of several, those that the caller allows.
        if known && (self.allowed.is_empty() || self.allowed.iter().any(|allowed| allowed == alg)) {
            self.need(alg);
            self.alg = alg.to_owned();
        }
        if let Some(enc) = header["enc"].as_str().filter(|enc| JweEnc::from_name(enc).is_some()) {
            self.need(enc);
            self.enc = Some(enc.to_owned());
        }
        if header["epk"].is_object() {
            self.key(&header["epk"]);
        }
        if header["b64"] == false {
            self.need("b64");
        }
        if !header["zip"].is_null() {
            self.need("zip");
        }
    }

    fn token(&mut self, case: &Value) {
        self.key(&case["key"]);
        self.key(&case["decryption_key"]);
        let header = decoded(case["jwt"].as_str().unwrap_or_default().split('.').next().unwrap_or_default());
        let encrypted = !header["enc"].is_null();
        self.header(if encrypted { "JWE" } else { "JWS" }, &header);
        if !case["decryption_key"].is_null() {
            self.need(if case["key"].is_null() { "encrypted JWT" } else { "nested JWT" });
            // The inner header is not to be seen, and the caller names the algorithms of both layers.
            self.needs.extend(self.allowed.iter().cloned());
        }
        for (name, value) in case["options"].as_object().into_iter().flatten() {
            let need = match (name.as_str(), value) {
                ("iss" | "aud", Value::Array(_)) => format!("option {name} of several"),
                _ => format!("option {name}"),
            };
            self.need(need);
        }
    }

    /// An SD-JWT of one issuer, in any form.
    fn sd_jwt(&mut self, case: &Value) {
        self.key(&case["key"]);
        let message = &case["sd_jwt"];
        let (form, protected) = match (message.as_str(), message["signatures"].as_array()) {
            (Some(compact), _) => ("compact", compact.split('.').next().unwrap_or_default()),
            (None, None) => ("flattened", message["protected"].as_str().unwrap_or_default()),
            (None, Some(list)) => {
                let first = list.first().unwrap_or(&Value::Null);
                ("general", first["protected"].as_str().unwrap_or_default())
            }
        };
        self.need(format!("SD-JWT {form}"));
        self.header("JWS", &decoded(protected));
        let payload = message["payload"].as_str().or_else(|| message.as_str()?.split('.').nth(1));
        if let Some(hash) = decoded(payload.unwrap_or_default())["_sd_alg"].as_str() {
            self.need(format!("digests by {hash}"));
        }
        for (name, value) in case["options"].as_object().into_iter().flatten() {
            if value != false {
                self.need(format!("option {name}"));
            }
        }
    }

    /// The name of the key for the matrix; its type and curve are needed.
    fn key(&mut self, key: &Value) -> Option<String> {
        if let Some(keys) = key["keys"].as_array() {
            self.need(format!("{} with a JWK Set", self.op));
            if keys.iter().any(|key| key["kty"] == "oct") {
                self.need(format!("{} with a JWK Set of secrets", self.op));
            }
            keys.iter().for_each(|key| drop(self.key(key)));
            return Some("JWK Set".to_owned());
        }
        let name = key["crv"].as_str().or_else(|| key["kty"].as_str())?;
        let known = KeyType::from_name(name).is_some() || Curve::from_name(name).is_some();
        if !known {
            return None;
        }
        self.need(format!("key {name}"));
        Some(name.to_owned())
    }
}

/// The JSON that base64url holds; null where it holds none.
fn decoded(part: &str) -> Value {
    let octets = Base64UrlUnpadded::decode_vec(part).unwrap_or_default();
    serde_json::from_slice(&octets).unwrap_or_default()
}
