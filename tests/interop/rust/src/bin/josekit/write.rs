//! A file for another implementation.

use interop::{Cases, ENC, Result, b64u, material};
use josekit::{
    jwe::{self, JweHeader, JweHeaderSet},
    jwk::Jwk,
    jws::{self, JwsContext, JwsHeader, JwsHeaderSet},
    jwt::JwtPayload,
};
use serde_json::{Value, json};

use crate::algorithms::{JWE, JWS, PASSWORD, encrypter, pair, serves, signer};

fn generate(kind: &str) -> Result<Jwk> {
    Ok(match kind {
        "RSA" => Jwk::generate_rsa_key(2048)?,
        "P-256" => Jwk::generate_ec_key(josekit::jwk::P_256)?,
        "P-384" => Jwk::generate_ec_key(josekit::jwk::P_384)?,
        "P-521" => Jwk::generate_ec_key(josekit::jwk::P_521)?,
        "secp256k1" => Jwk::generate_ec_key(josekit::jwk::Secp256k1)?,
        "Ed25519" => Jwk::generate_ed_key(josekit::jwk::Ed25519)?,
        "Ed448" => Jwk::generate_ed_key(josekit::jwk::Ed448)?,
        "X25519" => Jwk::generate_ecx_key(josekit::jwk::X25519)?,
        _ => Jwk::generate_ecx_key(josekit::jwk::X448)?,
    })
}

pub fn write(cases: &mut Cases) -> Result<()> {
    for kind in ["RSA", "P-256", "P-384", "P-521", "secp256k1", "Ed25519", "Ed448", "X25519", "X448"] {
        let key = generate(kind)?;
        let (private, public) = (material(key.as_ref()), material(key.to_public_key()?.as_ref()));
        let pair = pair(&key)?;
        for (format, pem, key) in
            [("pkcs8", pair.to_pem_private_key(), &private), ("spki", pair.to_pem_public_key(), &public)]
        {
            let pem = json!({ "pem": String::from_utf8(pem)?, "format": format, "key": key });
            cases.add(&format!("jwk/{kind}/{format}"), "jwk.import", pem);
        }
        // As DER, a private key has the form of its type.
        let own = match kind {
            "P-256" | "P-384" | "P-521" | "secp256k1" => "sec1",
            _ => "pkcs8",
        };
        for (format, der, key) in
            [(own, pair.to_der_private_key(), &private), ("spki", pair.to_der_public_key(), &public)]
        {
            let der = json!({ "der_b64u": b64u(&der), "format": format, "key": key });
            cases.add(&format!("jwk/{kind}/{format}-der"), "jwk.import", der);
        }
        for alg in serves(JWS, kind) {
            let name = if alg == "EdDSA" { format!("{alg}/{kind}") } else { alg.to_owned() };
            write_signed(cases, &name, alg, &key, &public)?;
        }
        for (alg, enc) in serves(JWE, kind).flat_map(|alg| ENC.map(|enc| (alg, enc))) {
            write_encrypted(cases, &format!("{alg}/{kind}/{enc}"), alg, enc, &key)?;
        }
    }
    for alg in serves(JWS, "oct") {
        let key = Jwk::generate_oct_key(64)?;
        write_signed(cases, alg, alg, &key, &material(key.as_ref()))?;
    }
    for (alg, enc) in serves(JWE, "oct").chain(PASSWORD).flat_map(|alg| ENC.map(|enc| (alg, enc))) {
        // The bits stand in the name: of the algorithm or, where the key is that of the content, of `enc`.
        let name = if alg == "dir" { enc } else { alg };
        let bits: u16 = name.get(1..4).and_then(|bits| bits.parse().ok()).unwrap_or(128);
        let double = if alg == "dir" && enc.contains("CBC") { 2 } else { 1 };
        let key = Jwk::generate_oct_key(u8::try_from(bits / 8 * double)?)?;
        write_encrypted(cases, &format!("{alg}/{enc}"), alg, enc, &key)?;
    }
    write_forms(cases)
}

fn write_signed(cases: &mut Cases, name: &str, alg: &str, key: &Jwk, public: &Value) -> Result<()> {
    let signer = signer(alg, key)?;
    let payload = cases.payload();
    let mut add = |form: &str, jws: Value, payload: &[u8]| {
        let members = json!({ "key": public, "jws": jws, "algs": [alg], "payload_b64u": b64u(payload) });
        cases.add(&format!("jws/{name}/{form}"), "jws.verify", members);
    };
    add("compact", jws::serialize_compact(&payload, &JwsHeader::new(), signer.as_ref())?.into(), &payload);
    let mut set = JwsHeaderSet::new();
    set.set_algorithm(alg, true);
    set.set_key_id("k", false);
    let flattened = jws::serialize_flattened_json(&payload, &set, signer.as_ref())?;
    add("flattened", serde_json::from_str(&flattened)?, &payload);
    let general = jws::serialize_general_json(&payload, &[(&set, signer.as_ref()), (&set, signer.as_ref())])?;
    add("general", serde_json::from_str(&general)?, &payload);
    let mut header = JwsHeader::new();
    header.set_critical(&vec!["b64"]);
    header.set_base64url_encode_payload(false);
    let mut context = JwsContext::new();
    context.add_acceptable_critical("b64");
    let unencoded = context.serialize_compact(b"not encoded", &header, signer.as_ref())?;
    add("b64-false", unencoded.into(), b"not encoded");
    let claims =
        json!({ "iss": "https://issuer.example", "aud": ["api"], "exp": 2_000_000_000, "n": 1.5, "ü": "é" });
    let payload = JwtPayload::from_map(claims.as_object().cloned().unwrap_or_default())?;
    let jwt = josekit::jwt::encode_with_signer(&payload, &JwsHeader::new(), signer.as_ref())?;
    let options = json!({ "now": 1_500_000_000, "iss": "https://issuer.example", "aud": "api" });
    let members = json!({ "key": public, "jwt": jwt, "algs": [alg], "options": options, "claims": claims });
    cases.add(&format!("jwt/{name}"), "jwt.verify", members);
    Ok(())
}

fn write_encrypted(cases: &mut Cases, name: &str, alg: &str, enc: &str, key: &Jwk) -> Result<()> {
    let plaintext = cases.payload();
    let mut header = JweHeader::new();
    header.set_content_encryption(enc);
    let jwe = jwe::serialize_compact(&plaintext, &header, encrypter(alg, key)?.as_ref())?;
    let key = material(key.as_ref());
    let members = json!({ "key": key, "jwe": jwe, "algs": [alg], "plaintext_b64u": b64u(&plaintext) });
    cases.add(&format!("jwe/{name}"), "jwe.decrypt", members);
    Ok(())
}

fn write_forms(cases: &mut Cases) -> Result<()> {
    let (key, wrap) = (Jwk::generate_ec_key(josekit::jwk::P_256)?, Jwk::generate_oct_key(32)?);
    let (agree, wrapping) = (encrypter("ECDH-ES+A128KW", &key)?, encrypter("A256KW", &wrap)?);
    let plaintext = b"A JSON serialization";
    let mut add = |form: &str, key: &Jwk, jwe: Value, zip: bool| {
        let mut members =
            json!({ "key": material(key.as_ref()), "jwe": jwe, "plaintext_b64u": b64u(plaintext) });
        if zip {
            members["zip"] = true.into();
        }
        cases.add(&format!("jwe/{form}"), "jwe.decrypt", members);
    };
    let mut set = JweHeaderSet::new();
    set.set_content_encryption("A128GCM", true);
    for (form, aad) in [("flattened", None), ("flattened-aad", Some(&b"aad"[..]))] {
        let jwe = jwe::serialize_flattened_json(plaintext, Some(&set), None, aad, agree.as_ref())?;
        add(form, &key, serde_json::from_str(&jwe)?, false);
    }
    let header = |alg: &str| {
        let mut header = JweHeader::new();
        header.set_algorithm(alg);
        header
    };
    let (first, second) = (header("ECDH-ES+A128KW"), header("A256KW"));
    let recipients = [(Some(&first), agree.as_ref()), (Some(&second), wrapping.as_ref())];
    let general = jwe::serialize_general_json(plaintext, Some(&set), &recipients, None)?;
    add("general-first", &key, serde_json::from_str(&general)?, false);
    add("general-second", &wrap, serde_json::from_str(&general)?, false);
    let mut header = JweHeader::new();
    header.set_content_encryption("A256GCM");
    header.set_agreement_partyuinfo("Alice");
    header.set_agreement_partyvinfo("Bob");
    let direct = encrypter("ECDH-ES", &key)?;
    add("apu-apv", &key, jwe::serialize_compact(plaintext, &header, direct.as_ref())?.into(), false);
    let mut header = JweHeader::new();
    header.set_content_encryption("A128GCM");
    header.set_compression("DEF");
    add("zip", &key, jwe::serialize_compact(plaintext, &header, agree.as_ref())?.into(), true);
    Ok(())
}
