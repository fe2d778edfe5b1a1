//! What is emitted: that it is whole, and that this workspace reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwa::{Curve, JweAlg, JweEnc, JwsAlg, KeyType};
use jose_tests::vectors::{Outcome, VectorFile};
use serde_json::{Value, json};

static TEXT: LazyLock<String> = LazyLock::new(|| jose_tests::emit::file().expect("a file"));

static CASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(&TEXT).expect("JSON");
    file["cases"].as_array().expect("a list").clone()
});

/// The cases of an operation with this result.
fn cases(op: &str, result: &str) -> impl Iterator<Item = &'static Value> {
    CASES.iter().filter(move |case| case["op"] == op && case["result"] == result)
}

fn decoded(encoded: &Value) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(encoded.as_str().expect("text")).expect("base64url")
}

/// The form of a message, and the parameters of all its headers: of the first signature or recipient, where
/// there are more.
fn read(message: &Value) -> (&'static str, Value) {
    let mut all = json!({});
    let mut add = |header: &Value| {
        for (name, value) in header.as_object().expect("an object") {
            assert!(all.get(name).is_none(), "{name} stands twice");
            all[name] = value.clone();
        }
    };
    let protected = |text: &Value| serde_json::from_slice::<Value>(&decoded(text)).expect("JSON");
    if let Some(token) = message.as_str() {
        add(&protected(&token.split('.').next().expect("a header").into()));
        return ("compact", all);
    }
    let list = message.get("signatures").or_else(|| message.get("recipients"));
    for place in [message, list.map_or(&Value::Null, |list| &list[0])] {
        place.get("protected").into_iter().for_each(|text| add(&protected(text)));
        ["header", "unprotected"].iter().filter_map(|name| place.get(name)).for_each(&mut add);
    }
    (if list.is_some() { "general" } else { "flattened" }, all)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[test]
fn it_reads_its_own() {
    let report = VectorFile::parse(&TEXT).expect("a vector file").run();
    assert_eq!(report.failures().count(), 0, "{report}");
    assert_eq!(report.unsupported().count(), 0, "{report}");
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    assert_eq!(report.passed(), CASES.len());
    assert!(TEXT.len() < 20_000_000, "{} bytes", TEXT.len());
}

#[test]
fn each_signature_algorithm_is_there_in_each_form() {
    let mut seen = BTreeSet::new();
    for case in cases("jws.verify", "valid") {
        let (form, header) = read(&case["jws"]);
        let detached = case.get("detached_payload_b64u").is_some();
        let curve = case["key"]["crv"].as_str().unwrap_or_default();
        seen.insert((text(&header, "alg").to_owned(), curve, form, detached, header.get("b64").is_some()));
    }
    for alg in JwsAlg::ALL {
        let curves: Vec<&str> = alg.curves().iter().map(|curve| curve.as_str()).collect();
        for curve in if curves.is_empty() { &[""] } else { curves.as_slice() } {
            for form in ["compact", "flattened", "general"] {
                for (detached, unencoded) in [(false, false), (true, false), (false, true), (true, true)] {
                    let wanted = (alg.as_str().to_owned(), *curve, form, detached, unencoded);
                    assert!(seen.contains(&wanted), "{wanted:?}");
                }
            }
        }
    }
}

#[test]
fn each_deterministic_algorithm_is_there_to_sign_in_each_form() {
    let signed: BTreeSet<_> = cases("jws.sign", "valid")
        .map(|case| (text(&read(&case["jws"]).1, "alg").to_owned(), text(case, "form")))
        .collect();
    for alg in JwsAlg::ALL {
        for form in ["compact", "flattened", "general"] {
            let is_random = alg.as_str().starts_with("PS");
            assert_eq!(signed.contains(&(alg.as_str().to_owned(), form)), !is_random, "{alg} {form}");
        }
    }
}

#[test]
fn each_key_management_algorithm_is_there_with_each_content_encryption() {
    let mut seen = BTreeSet::new();
    for case in cases("jwe.decrypt", "valid") {
        let (form, header) = read(&case["jwe"]);
        let curve = header["epk"]["crv"].as_str().unwrap_or_default().to_owned();
        seen.insert((text(&header, "alg").to_owned(), text(&header, "enc").to_owned(), curve, form));
    }
    for alg in JweAlg::ALL.iter().filter(|alg| !alg.is_hpke()) {
        let curves: Vec<&str> = alg.curves().iter().map(|curve| curve.as_str()).collect();
        for curve in if curves.is_empty() { &[""] } else { curves.as_slice() } {
            for enc in JweEnc::ALL {
                let wanted = (alg.to_string(), enc.to_string(), (*curve).to_owned(), "compact");
                assert!(seen.contains(&wanted), "{wanted:?}");
            }
            for form in ["flattened", "general"] {
                let is_there =
                    seen.iter().any(|(own, _, crv, f)| own == alg.as_str() && crv == curve && *f == form);
                assert!(is_there, "{alg} {curve} {form}");
            }
        }
    }
}

#[test]
fn a_spread_of_what_a_jwe_may_say_is_there() {
    let valid = || cases("jwe.decrypt", "valid");
    let headers = || valid().map(|case| read(&case["jwe"]).1);
    assert!(headers().any(|header| header.get("apu").is_some() && header.get("apv").is_some()));
    assert!(valid().any(|case| case["jwe"].get("aad").is_some()));
    assert!(valid().any(|case| case["jwe"].get("unprotected").is_some()));
    assert!(valid().any(|case| case["jwe"]["recipients"].as_array().is_some_and(|list| list.len() == 3)));
    for case in valid() {
        let header = read(&case["jwe"]).1;
        assert_eq!(header["zip"] == "DEF", case["zip"] == true, "{}", case["id"]);
        // Whatever must be named is, or nobody takes it.
        assert!(case["algs"].as_array().is_some_and(|algs| !algs.is_empty()), "{}", case["id"]);
    }
    assert!(
        JweEnc::ALL.iter().all(|enc| {
            headers().any(|header| header["enc"] == enc.as_str() && header.get("zip").is_some())
        })
    );
}

#[test]
fn payloads_of_all_sizes_are_there() {
    let sizes = |op, name: &'static str| -> BTreeSet<usize> {
        cases(op, "valid").map(|case| decoded(&case[name]).len()).collect()
    };
    for size in [0, 1, 15, 16, 17, 1_000, 100_000] {
        assert!(sizes("jws.verify", "payload_b64u").contains(&size), "{size}");
        assert!(sizes("jwe.decrypt", "plaintext_b64u").contains(&size), "{size}");
    }
}

#[test]
fn keys_are_there_in_every_form() {
    let kind = |case: &Value| {
        let key = &case["key"];
        let name = key.get("crv").or_else(|| key.get("alg")).unwrap_or(&key["kty"]);
        name.as_str().expect("a name").to_owned()
    };
    let imported: BTreeSet<_> = cases("jwk.import", "valid")
        .map(|case| (kind(case), text(case, "format"), case.get("pem").is_some()))
        .collect();
    let hashed: BTreeSet<_> =
        cases("jwk.thumbprint", "valid").map(|case| (kind(case), text(case, "hash"))).collect();
    let akp = JwsAlg::ALL.iter().filter(|alg| alg.key_type() == KeyType::Akp).map(|alg| alg.as_str());
    let curves = Curve::ALL.iter().map(|curve| curve.as_str());
    for name in ["RSA", "oct"].into_iter().chain(curves).chain(akp) {
        let mut formats = vec!["spki", "pkcs8"];
        match name {
            "oct" => formats.clear(),
            "RSA" => formats.push("pkcs1"),
            "P-256" | "P-384" | "P-521" | "secp256k1" => formats.push("sec1"),
            _ => {}
        }
        for format in formats {
            for is_pem in [true, false] {
                assert!(imported.contains(&(name.to_owned(), format, is_pem)), "{name} {format} {is_pem}");
            }
        }
        for hash in ["SHA-256", "SHA-384", "SHA-512"] {
            assert!(hashed.contains(&(name.to_owned(), hash)), "{name} {hash}");
        }
    }
}

#[test]
fn each_algorithm_is_there_in_a_jwt() {
    let mut algs = BTreeSet::new();
    let mut options = BTreeSet::new();
    for case in cases("jwt.verify", "valid") {
        algs.insert(text(&read(&case["jwt"]).1, "alg").to_owned());
        options.extend(case["options"].as_object().expect("options").keys().cloned());
    }
    // No other implementation here reads HPKE.
    let jwe = JweAlg::ALL.iter().filter(|alg| !alg.is_hpke()).map(|alg| alg.as_str());
    let all = JwsAlg::ALL.iter().map(|alg| alg.as_str()).chain(jwe);
    assert_eq!(algs, all.map(str::to_owned).collect());
    // Those of `SCHEMA.md`.
    let known = "now leeway iss aud sub jti nonce typ max_age required profile";
    assert_eq!(options, known.split(' ').map(str::to_owned).collect());
}

#[test]
fn an_implementation_that_accepts_everything_fails_with_each_algorithm() {
    let refused = BTreeSet::from(["jws.verify", "jwe.decrypt", "jwt.verify"]);
    let mut failed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let report = VectorFile::parse(&TEXT).expect("a vector file").run_with(|case| {
        // What is right where the case has an answer, and anything where it has none.
        Outcome::Output(
            ["payload_b64u", "plaintext_b64u", "claims"]
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), case.members().optional(name)?.clone())))
                .collect(),
        )
    });
    for (case, ..) in report.failures() {
        if let (Some(op), Some(alg)) = (refused.get(case.op.as_str()), case.id.split('/').nth(1)) {
            failed.entry(op).or_default().insert(alg.to_owned());
        }
    }
    for alg in JwsAlg::ALL {
        assert!(
            failed["jws.verify"].contains(alg.as_str()) && failed["jwt.verify"].contains(alg.as_str()),
            "{alg}"
        );
    }
    for alg in JweAlg::ALL.iter().filter(|alg| !alg.is_hpke()) {
        assert!(
            failed["jwe.decrypt"].contains(alg.as_str()) && failed["jwt.verify"].contains(alg.as_str()),
            "{alg}"
        );
    }
}
