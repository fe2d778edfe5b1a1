//! `jws.verify` and `jws.sign`.

use jose_jwa::JwsFamily;
use jose_jwk::{Curve, Jwk, JwsAlg, KeySpec};
use jose_jws::json::{Builder, Headers, Protected};
use jose_jws::{Header, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use super::{
    BIG, Cases, Form, Keys, Result, SIZES, decode, encode, flipped, flipped_member, flipped_part, json_value,
    kinds, name, private, public, random,
};

/// The shape of a message in any serialization.
struct Shape {
    name: &'static str,
    detached: bool,
    /// Whether the payload is not encoded (RFC 7797).
    unencoded: bool,
    unprotected: Unprotected,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unprotected {
    Absent,
    /// A parameter beside `alg`, which is protected.
    Beside,
    /// Everything, `alg` included.
    All,
}

const PLAIN: Shape = Shape { name: "", detached: false, unencoded: false, unprotected: Unprotected::Absent };

/// The shapes of which each form gets one message; of the plain one it gets every size.
const SHAPES: [Shape; 5] = [
    Shape { name: "detached", detached: true, ..PLAIN },
    Shape { name: "unencoded", unencoded: true, ..PLAIN },
    Shape { name: "unencoded-detached", detached: true, unencoded: true, ..PLAIN },
    Shape { name: "unprotected", unprotected: Unprotected::Beside, ..PLAIN },
    Shape { name: "unprotected-alg", unprotected: Unprotected::All, ..PLAIN },
];

/// A key and what it signs with.
pub(super) struct Signer {
    pub(super) alg: JwsAlg,
    curve: Option<Curve>,
    pub(super) jwk: Jwk,
    pub(super) key: SigningKey,
}

impl Signer {
    /// One for each algorithm, and each curve of its keys.
    pub(super) fn all(keys: &Keys) -> Result<Vec<Self>> {
        let pairs =
            JwsAlg::ALL.iter().flat_map(|alg| kinds(alg.curves()).into_iter().map(|curve| (*alg, curve)));
        pairs.map(|(alg, curve)| Self::new(keys, alg, curve)).collect()
    }

    fn new(keys: &Keys, alg: JwsAlg, curve: Option<Curve>) -> Result<Self> {
        let jwk = keys.generate(curve.map_or(KeySpec::from(alg), KeySpec::from))?;
        Ok(Self { alg, curve, key: SigningKey::from_jwk(&jwk, alg)?, jwk })
    }

    /// The same with a `kid`, which no other signer has.
    fn named(&self) -> Result<Self> {
        let jwk = self.jwk.clone().with_kid([self.alg.as_str(), name(self.curve)].join(" ").trim_end());
        Ok(Self { alg: self.alg, curve: self.curve, key: SigningKey::from_jwk(&jwk, self.alg)?, jwk })
    }

    /// The curve, where the algorithm does not say which.
    pub(super) fn curve(&self) -> &'static str {
        if self.alg.curve().is_some() { "" } else { name(self.curve) }
    }

    fn sign(&self, form: Form, shape: &Shape, payload: &[u8]) -> Result<Value> {
        let parameters = if shape.unencoded { r#"{"b64":false,"crit":["b64"]}"# } else { "{}" };
        let header = Protected::Header(Header::new().parameters(parameters)?);
        let all = json!({ "alg": self.alg.as_str() }).to_string();
        let (protected, unprotected) = match shape.unprotected {
            Unprotected::Absent => (header, None),
            Unprotected::Beside => (header, Some(r#"{"note":"not signed"}"#)),
            Unprotected::All => (Protected::Absent, Some(all.as_str())),
        };
        let builder = Builder::new(payload);
        let mut builder = if shape.detached { builder.detached() } else { builder };
        builder.sign(&self.key, Headers { protected, unprotected })?;
        Ok(match form {
            Form::Compact => builder.compact()?.into(),
            Form::Flattened => json_value(&builder.flattened()?)?,
            Form::General => json_value(&builder.general()?)?,
        })
    }
}

/// The text of the protected header of the first signature.
fn protected_text(jws: &Value) -> Result<Option<String>> {
    let encoded = match jws {
        Value::String(token) => token.split('.').next(),
        object => ["/protected", "/signatures/0/protected"]
            .iter()
            .find_map(|place| object.pointer(place))
            .and_then(Value::as_str),
    };
    Ok(encoded.map(decode).transpose()?.map(String::from_utf8).transpose()?)
}

pub(super) fn emit(cases: &mut Cases, keys: &Keys) -> Result {
    let signers = Signer::all(keys)?;
    let mut families: Vec<JwsFamily> = Vec::new();
    for (index, signer) in signers.iter().enumerate() {
        for form in Form::ALL {
            for size in SIZES {
                message(cases, signer, form, &PLAIN, size)?;
            }
            for (offset, shape) in SHAPES.iter().enumerate() {
                if form == Form::Compact && shape.unprotected != Unprotected::Absent {
                    continue;
                }
                // Not 0: an empty payload looks like a detached one.
                let size = SIZES[1 + (index + offset) % (SIZES.len() - 1)];
                message(cases, signer, form, shape, size)?;
            }
        }
        if !families.contains(&signer.alg.family()) {
            families.push(signer.alg.family());
            message(cases, signer, Form::Compact, &PLAIN, BIG)?;
            message(cases, signer, Form::Flattened, &PLAIN, BIG)?;
        }
        forgeries(cases, signer)?;
    }
    for (index, one) in signers.iter().enumerate() {
        several(cases, &one.named()?, &signers[(index + 1) % signers.len()].named()?)?;
    }
    Ok(())
}

/// One message, to be verified and, where there is but one such message, to be made.
fn message(cases: &mut Cases, signer: &Signer, form: Form, shape: &Shape, size: usize) -> Result {
    let mut payload = random(size)?;
    if shape.unencoded {
        // Text, without the `.` that the compact serialization ends it with.
        payload.iter_mut().for_each(|octet| *octet = b'a' + *octet % 26);
    }
    let jws = signer.sign(form, shape, &payload)?;
    let (alg, octets, size) = (signer.alg.as_str(), encode(&payload), size.to_string());
    let id = ["jws", alg, form.name(), signer.curve(), shape.name, &size];
    let members = json!({
        "key": public(&signer.jwk)?, "algs": [alg], "jws": jws,
        "detached_payload_b64u": shape.detached.then_some(&octets), "payload_b64u": octets,
    });
    cases.valid(&id, "jws.verify", members);
    if signer.alg.family() != JwsFamily::RsaPss {
        let header = jws.get("header").or_else(|| jws.pointer("/signatures/0/header"));
        let mut signature = json!({ "key": private(&signer.jwk)? });
        if let Some(text) = protected_text(&jws)? {
            signature["protected_text"] = text.into();
        }
        if let Some(header) = header {
            signature["header"] = header.clone();
        }
        let members = json!({
            "payload_b64u": octets, "form": form.name(), "detached": shape.detached.then_some(true),
            "signatures": [signature], "jws": jws,
        });
        cases.valid(&[&id[..], &["sign"]].concat(), "jws.sign", members);
    }
    Ok(())
}

/// What must be refused: a bit changed in the signature or the payload, and an algorithm that was not named.
fn forgeries(cases: &mut Cases, signer: &Signer) -> Result {
    let (alg, payload) = (signer.alg.as_str(), random(17)?);
    let octets = encode(&payload);
    let key = public(&signer.jwk)?;
    let mut refused = |form: Form, what, class, members| {
        cases.invalid(&["jws", alg, form.name(), signer.curve(), what], "jws.verify", class, members);
    };
    for form in Form::ALL {
        let jws = signer.sign(form, &PLAIN, &payload)?;
        let forged = |part: usize, pointer| match (&jws, form) {
            (Value::String(token), _) => flipped_part(token, part).map(Value::from),
            (object, _) => flipped_member(object, pointer),
        };
        let signature = if form == Form::General { "/signatures/0/signature" } else { "/signature" };
        let forgeries =
            [("changed-signature", forged(2, signature)?), ("changed-payload", forged(1, "/payload")?)];
        for (what, jws) in forgeries {
            refused(form, what, "signature", json!({ "key": key, "algs": [alg], "jws": jws }));
        }
        let jws = signer.sign(form, &Shape { detached: true, ..PLAIN }, &payload)?;
        let members = json!({
            "key": key, "algs": [alg], "jws": jws, "detached_payload_b64u": flipped(&octets)?,
        });
        refused(form, "detached/changed-payload", "signature", members);
    }
    // Another algorithm that the same key could serve.
    let others = JwsAlg::for_key(signer.jwk.key_type(), signer.jwk.curve());
    let serves = |other: &JwsAlg| *other != signer.alg && VerifyingKey::from_jwk(&signer.jwk, *other).is_ok();
    if let Some(other) = others.iter().find(serves) {
        let jws = signer.sign(Form::Compact, &PLAIN, &payload)?;
        let members = json!({ "key": key, "algs": [other.as_str()], "jws": jws });
        refused(Form::Compact, "other-algorithm-allowed", "algorithm", members);
    }
    Ok(())
}

/// Two signatures on one payload.
fn several(cases: &mut Cases, one: &Signer, two: &Signer) -> Result {
    let payload = random(16)?;
    let text =
        Builder::new(&payload).sign(&one.key, Header::new())?.sign(&two.key, Header::new())?.general()?;
    let jws = json_value(&text)?;
    let forged = flipped_member(&jws, "/signatures/1/signature")?;
    let algs = [one.alg.as_str(), two.alg.as_str()];
    let curves: Vec<_> = [one.curve(), two.curve()].into_iter().filter(|name| !name.is_empty()).collect();
    let (names, curves) = (algs.join(","), curves.join(","));
    let id = |what| ["jws", names.as_str(), "general", curves.as_str(), what];
    let (first, both) = (public(&one.jwk)?, json!({ "keys": [public(&one.jwk)?, public(&two.jwk)?] }));
    let members =
        |key: &Value, jws: &Value, all| json!({ "key": key, "algs": algs, "jws": jws, "require": all });
    let payload = |mut members: Value| {
        members["payload_b64u"] = encode(&payload).into();
        members
    };
    cases.valid(&id("all-of-two"), "jws.verify", payload(members(&both, &jws, "all")));
    cases.valid(&id("any-of-two"), "jws.verify", payload(members(&both, &forged, "any")));
    let mut alone = payload(members(&first, &jws, "any"));
    alone["algs"] = json!([one.alg.as_str()]);
    cases.valid(&id("one-key-of-two"), "jws.verify", alone);
    cases.invalid(&id("one-forged-of-two"), "jws.verify", "signature", members(&both, &forged, "all"));
    Ok(())
}
