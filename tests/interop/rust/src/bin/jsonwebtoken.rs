//! The crate `jsonwebtoken`.

use interop::{Cases, Result, Table, allowed, attached, b64u, keys, octets, run, text, texts};
use josekit::jwk::{
    Jwk as Generated, KeyPair as _,
    alg::{ec::EcKeyPair, ed::EdKeyPair, rsa::RsaKeyPair},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto, decode, decode_header, encode,
    jwk::{Jwk, JwkSet, ThumbprintHash},
};
use serde_json::{Value, json};

const TABLE: &Table = &[
    ("oct", &["HS256", "HS384", "HS512"]),
    ("RSA", &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]),
    ("P-256", &["ES256"]),
    ("P-384", &["ES384"]),
    ("Ed25519", &["EdDSA"]),
];

fn read(asked: &Value) -> Result<Value> {
    match text(&asked["op"])? {
        "jws.verify" => verify(asked),
        "jws.sign" => sign(asked),
        "jwt.verify" => token(asked),
        "jwk.parse" => parse(asked),
        "jwk.thumbprint" => thumbprint(asked),
        _ => Err("no such operation".into()),
    }
}

/// The algorithms that are allowed and implemented; a key of a set is found by its `kid`.
fn verifier(asked: &Value, kid: Option<&str>) -> Result<(DecodingKey, Vec<Algorithm>)> {
    let candidates = keys(&asked["key"]);
    let single = candidates.len() == 1;
    let chosen = candidates.into_iter().find(|key| single || (kid.is_some() && key["kid"].as_str() == kid));
    let chosen = chosen.ok_or("no key")?;
    let algs = allowed(asked, chosen, TABLE).into_iter().filter_map(|alg| alg.parse().ok()).collect();
    let key: Jwk = serde_json::from_value(chosen.clone())?;
    Ok((DecodingKey::from_jwk(&key)?, algs))
}

/// A JWS of any payload: the signature is checked by itself, since `decode` wants claims.
fn verify(asked: &Value) -> Result<Value> {
    let message = match asked.get("detached_payload_b64u") {
        Some(detached) => attached(&asked["jws"], &octets(detached)?)?,
        None => asked["jws"].clone(),
    };
    let compact = text(&message)?;
    let header = decode_header(compact)?;
    let (key, algs) = verifier(asked, header.kid.as_deref())?;
    let (input, signature) = compact.rsplit_once('.').ok_or("no signature")?;
    let (_, payload) = input.split_once('.').ok_or("no payload")?;
    if header.crit.is_some() || !algs.contains(&header.alg) {
        return Err("not allowed".into());
    }
    if !crypto::verify(signature, input.as_bytes(), &key, header.alg)? {
        return Err("signature".into());
    }
    Ok(json!({ "payload_b64u": b64u(&octets(&payload.into())?) }))
}

/// A signing key in the encodings that the crate takes, which another one writes.
fn signer(key: &Value) -> Result<EncodingKey> {
    let mut key = Generated::from_bytes(key.to_string())?;
    for member in ["alg", "use", "key_ops", "kid"] {
        key.set_parameter(member, None)?;
    }
    Ok(match (key.key_type(), key.curve()) {
        ("oct", _) => EncodingKey::from_secret(&key.key_value().ok_or("no k")?),
        ("RSA", _) => EncodingKey::from_rsa_der(&RsaKeyPair::from_jwk(&key)?.to_raw_private_key()),
        ("OKP", _) => EncodingKey::from_ed_pem(&EdKeyPair::from_jwk(&key)?.to_pem_private_key())?,
        _ => EncodingKey::from_ec_pem(&EcKeyPair::from_jwk(&key)?.to_pem_private_key())?,
    })
}

fn sign(asked: &Value) -> Result<Value> {
    let part = &asked["signatures"][0];
    let header = text(&part["protected_text"])?;
    let alg: Algorithm = text(&serde_json::from_str::<Value>(header)?["alg"])?.parse()?;
    let (header, payload) = (b64u(header.as_bytes()), text(&asked["payload_b64u"])?);
    let signature = crypto::sign(format!("{header}.{payload}").as_bytes(), &signer(&part["key"])?, alg)?;
    let shown = if asked["detached"] == true { "" } else { payload };
    Ok(json!({ "jws": format!("{header}.{shown}.{signature}") }))
}

fn token(asked: &Value) -> Result<Value> {
    let jwt = text(&asked["jwt"])?;
    let (key, algs) = verifier(asked, decode_header(jwt)?.kid.as_deref())?;
    let options = &asked["options"];
    let required = texts(&options["required"]).map(str::to_owned).collect();
    let mut rules = Validation { algorithms: algs, required_spec_claims: required, ..Validation::default() };
    // The clock is the system's. A time in the past is as much leeway for `exp`, and too much for `nbf`.
    let clock = jsonwebtoken::get_current_timestamp();
    let passed = clock - options["now"].as_u64().unwrap_or(clock).min(clock);
    rules.validate_nbf = true;
    rules.leeway = options["leeway"].as_u64().unwrap_or_default() + passed;
    rules.validate_aud = !options["aud"].is_null();
    for (name, chosen) in [("iss", &mut rules.iss), ("aud", &mut rules.aud)] {
        let several: Vec<_> =
            texts(&options[name]).chain(options[name].as_str()).map(str::to_owned).collect();
        if !several.is_empty() {
            rules.required_spec_claims.insert(name.to_owned());
            *chosen = Some(several.into_iter().collect());
        }
    }
    if let Some(sub) = options["sub"].as_str() {
        rules.required_spec_claims.insert("sub".to_owned());
        rules.sub = Some(sub.to_owned());
    }
    Ok(json!({ "claims": decode::<Value>(jwt, &key, &rules)?.claims }))
}

fn parse(asked: &Value) -> Result<Value> {
    let text = interop::json_text(asked, "key");
    if text.contains("\"keys\"") {
        serde_json::from_str::<JwkSet>(&text)?;
    } else {
        DecodingKey::from_jwk(&serde_json::from_str(&text)?)?;
    }
    Ok(json!({}))
}

fn thumbprint(asked: &Value) -> Result<Value> {
    let hash = match text(&asked["hash"])? {
        "SHA-256" => ThumbprintHash::SHA256,
        "SHA-384" => ThumbprintHash::SHA384,
        _ => ThumbprintHash::SHA512,
    };
    let key: Jwk = serde_json::from_value(asked["key"].clone())?;
    Ok(json!({ "thumbprint_b64u": key.thumbprint(hash)? }))
}

/// A key for each row of the table, which another implementation makes: this one makes none.
fn generate(kind: &str) -> Result<(EncodingKey, Value)> {
    let key = match kind {
        "oct" => Generated::generate_oct_key(64)?,
        "RSA" => Generated::generate_rsa_key(2048)?,
        "P-256" => Generated::generate_ec_key(josekit::jwk::P_256)?,
        "P-384" => Generated::generate_ec_key(josekit::jwk::P_384)?,
        _ => Generated::generate_ed_key(josekit::jwk::Ed25519)?,
    };
    let public = if kind == "oct" { key.clone() } else { key.to_public_key()? };
    let public = interop::material(public.as_ref());
    Ok((signer(&serde_json::to_value(key.as_ref())?)?, public))
}

fn write(cases: &mut Cases) -> Result<()> {
    const NOW: u64 = 1_500_000_000;
    for (kind, algs) in TABLE {
        let (secret, key) = generate(kind)?;
        for (hash, name) in [
            (ThumbprintHash::SHA256, "SHA-256"),
            (ThumbprintHash::SHA384, "SHA-384"),
            (ThumbprintHash::SHA512, "SHA-512"),
        ] {
            let thumbprint_b64u = serde_json::from_value::<Jwk>(key.clone())?.thumbprint(hash)?;
            let members = json!({ "key": key, "hash": name, "thumbprint_b64u": thumbprint_b64u });
            cases.add(&format!("jwk/{kind}/{name}"), "jwk.thumbprint", members);
        }
        for alg in *algs {
            let header = Header::new(alg.parse()?);
            let mut named = header.clone();
            named.kid = Some("k".to_owned());
            named.typ = Some("at+jwt".to_owned());
            let claims = json!({ "sub": "someone", "exp": NOW + 60, "aud": ["api"], "n": 1.5, "ü": "é" });
            let options = json!({ "now": NOW, "aud": "api" });
            let typed = json!({ "now": NOW, "aud": "api", "typ": "at+jwt" });
            for (name, header, options) in [("plain", &header, options), ("header", &named, typed)] {
                let jwt = encode(header, &claims, &secret)?;
                let members =
                    json!({ "key": key, "jwt": jwt, "algs": [alg], "options": options, "claims": claims });
                cases.add(&format!("jwt/{alg}/{name}"), "jwt.verify", members);
            }
            for size in 0..3 {
                let payload = cases.payload();
                let input =
                    format!("{}.{}", b64u(format!("{{\"alg\":\"{alg}\"}}").as_bytes()), b64u(&payload));
                let signature = crypto::sign(input.as_bytes(), &secret, alg.parse()?)?;
                let jws = format!("{input}.{signature}");
                let members =
                    json!({ "key": key, "jws": jws, "algs": [alg], "payload_b64u": b64u(&payload) });
                cases.add(&format!("jws/{alg}/{size}"), "jws.verify", members);
            }
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    crypto::rust_crypto::DEFAULT_PROVIDER.install_default().map_err(|_| "a provider stands already")?;
    run("jsonwebtoken (crates.io)", read, write)
}
