//! `sdjwt.verify`: what an issuer gives and what a holder presents.

use jose_jwk::{Curve, Jwk, SysRng};
use jose_jwt::{Claims, JwsAlg, NumericDate, SigningKey, VerifyingKey};
use jose_sd_jwt::{Hash, KeyBinding, Presented, Received, SdJwt, SdJwtVerifier, Verified};
use serde_json::{Map, Value, json};

use super::jws::Signer;
use super::{Cases, Form, Keys, Result, flipped, flipped_part, json_value, public};

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://issuer.example";
const VERIFIER: &str = "https://verifier.example";
const NONCE: &str = "n-0S6_WzA2Mj";

/// What is hidden, what is shown of it, and what a verifier sees then.
struct Row {
    what: &'static str,
    conceal: &'static [&'static str],
    disclose: &'static [&'static str],
    seen: Value,
}

/// The claims of every SD-JWT.
fn claims() -> Value {
    json!({
        "given_name": "Erika", "ü": "é", "n": 1.5, "none": null,
        "address": { "country": "DE", "locality": "Köln" },
        "nationalities": ["DE", { "code": "FR" }],
    })
}

fn table() -> [Row; 5] {
    let rest = |own: Value| {
        let mut all = json!({ "n": 1.5, "none": null });
        all.as_object_mut()
            .into_iter()
            .for_each(|all| all.extend(own.as_object().cloned().unwrap_or_default()));
        all
    };
    let flat: &[&str] = &["/given_name", "/ü", "/address", "/nationalities/0", "/nationalities/1"];
    let deep: &[&str] =
        &["/given_name", "/ü", "/address", "/address/country", "/nationalities/1", "/nationalities/1/code"];
    let both = json!(["DE", { "code": "FR" }]);
    [
        Row { what: "nothing-hidden", conceal: &[], disclose: &[], seen: claims() },
        Row {
            what: "nothing-shown",
            conceal: flat,
            disclose: &[],
            seen: rest(json!({ "nationalities": [] })),
        },
        Row { what: "all-shown", conceal: flat, disclose: flat, seen: claims() },
        Row {
            what: "some-shown",
            conceal: flat,
            disclose: &["/ü", "/nationalities/1"],
            seen: rest(json!({ "ü": "é", "nationalities": [{ "code": "FR" }] })),
        },
        Row {
            what: "inside-of-another",
            conceal: deep,
            disclose: &["/address/country", "/nationalities/1/code"],
            seen: rest(json!({ "address": { "country": "DE", "locality": "Köln" }, "nationalities": both })),
        },
    ]
}

struct Holder {
    jwk: Jwk,
    key: SigningKey,
}

/// An SD-JWT that its holder has received.
fn held(
    signer: &Signer,
    holder: &Holder,
    row: &Row,
    decoys: usize,
    hash: Hash,
) -> Result<Verified<Map<String, Value>>> {
    let claims = Claims::new()
        .issuer(ISSUER)
        .expires_at(NumericDate::from_seconds(NOW + 1000))
        .without_issued_at()
        .with(claims());
    let key = holder.jwk.to_public()?;
    let sd_jwt = SdJwt::at(&claims, NumericDate::from_seconds(NOW)).typ("example+sd-jwt").hash(hash);
    let sd_jwt = sd_jwt.conceal(row.conceal.iter().copied()).decoys("", decoys).holder_key(&key);
    let issued = sd_jwt.sign(&signer.key, &mut SysRng)?.compact();
    let key = VerifyingKey::from_jwk(&signer.jwk, signer.alg)?;
    let verifier = SdJwtVerifier::without_key_binding(key, |rules| rules.issuer(ISSUER).any_audience());
    Ok(verifier.at(NumericDate::from_seconds(NOW)).verify(&Received::parse(&issued)?)?)
}

fn written(presented: &Presented, form: Form) -> Result<Value> {
    Ok(match form {
        Form::Compact => presented.compact()?.into(),
        Form::Flattened => json_value(&presented.flattened()?)?,
        Form::General => json_value(&presented.general()?)?,
    })
}

fn members(signer: &Signer, sd_jwt: Value, bound: bool) -> Result<Value> {
    let mut options = json!({ "now": NOW, "iss": ISSUER });
    if bound {
        options["key_binding"] = true.into();
        options["aud"] = VERIFIER.into();
        options["nonce"] = NONCE.into();
    }
    Ok(
        json!({ "key": public(&signer.jwk)?, "algs": [signer.alg.as_str(), "ES256"], "sd_jwt": sd_jwt, "options": options }),
    )
}

/// The processed payload.
fn seen(holder: &Holder, row: &Row) -> Result<Value> {
    let mut seen = json!({ "iss": ISSUER, "exp": NOW + 1000, "cnf": { "jwk": public(&holder.jwk)? } });
    if let (Some(seen), Some(own)) = (seen.as_object_mut(), row.seen.as_object()) {
        seen.extend(own.clone());
    }
    Ok(seen)
}

pub(super) fn emit(cases: &mut Cases, keys: &Keys) -> Result {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
    let holder = Holder { key: SigningKey::from_jwk(&jwk, JwsAlg::Es256)?, jwk };
    let binding = KeyBinding::new(VERIFIER, NONCE).at(NumericDate::from_seconds(NOW));
    let table = table();
    let [_, _, all, some, _] = &table;
    for signer in Signer::all(keys)?.iter().filter(|signer| !signer.alg.is_symmetric()) {
        let whole = signer.alg == JwsAlg::Es256;
        for (row, decoys) in
            table.iter().zip([0, 3, 0, 2, 1]).filter(|(row, _)| whole || row.what == "some-shown")
        {
            let held = held(signer, &holder, row, decoys, Hash::Sha256)?;
            for (bound, form) in
                [false, true].into_iter().flat_map(|bound| Form::ALL.map(|form| (bound, form)))
            {
                if !whole && form != Form::Compact {
                    continue;
                }
                let selection = held.present().disclose(row.disclose)?;
                let presented = if bound {
                    selection.bind(&holder.key, &binding)?
                } else {
                    selection.without_key_binding()
                };
                let mut members = members(signer, written(&presented, form)?, bound)?;
                members["claims"] = seen(&holder, row)?;
                let bound = if bound { "bound" } else { "" };
                cases.valid(
                    &["sdjwt", signer.alg.as_str(), signer.curve(), form.name(), row.what, bound],
                    "sdjwt.verify",
                    members,
                );
            }
        }
        if whole {
            for (hash, name) in [(Hash::Sha384, "sha-384"), (Hash::Sha512, "sha-512")] {
                let held = held(signer, &holder, all, 1, hash)?;
                let presented = held.present().disclose(all.disclose)?.bind(&holder.key, &binding)?;
                let mut members = members(signer, written(&presented, Form::Compact)?, true)?;
                members["claims"] = seen(&holder, all)?;
                cases.valid(&["sdjwt", "ES256", name], "sdjwt.verify", members);
            }
            refused(cases, signer, &holder, some)?;
        }
    }
    Ok(())
}

/// One presentation, with one thing that is wrong each.
fn refused(cases: &mut Cases, signer: &Signer, holder: &Holder, row: &Row) -> Result {
    let binding = KeyBinding::new(VERIFIER, NONCE).at(NumericDate::from_seconds(NOW));
    let held = held(signer, holder, row, 0, Hash::Sha256)?;
    let bound = held.present().disclose(row.disclose)?.bind(&holder.key, &binding)?.compact()?;
    let parts: Vec<&str> = bound.split('~').collect();
    let [jwt, one, two, kb] = parts.as_slice() else { return Err("not two disclosures".into()) };
    let right = members(signer, Value::Null, true)?;
    let mut invalid = |what, class, sd_jwt: String, option: Option<(&str, Value)>| {
        let mut members = right.clone();
        members["sd_jwt"] = sd_jwt.into();
        if let Some((name, value)) = option {
            members["options"][name] = value;
        }
        cases.invalid(&["sdjwt", "ES256", what], "sdjwt.verify", class, members);
    };
    let changed = flipped(one)?;
    invalid("changed-signature", "signature", format!("{}~{one}~{two}~{kb}", flipped_part(jwt, 2)?), None);
    invalid("changed-payload", "signature", format!("{}~{one}~{two}~{kb}", flipped_part(jwt, 1)?), None);
    invalid("changed-disclosure", "disclosure", format!("{jwt}~{changed}~{two}~{kb}"), None);
    invalid("disclosure-twice", "disclosure", format!("{jwt}~{one}~{one}~{two}~{kb}"), None);
    invalid("disclosure-left-out", "sd_hash", format!("{jwt}~{one}~{kb}"), None);
    invalid("disclosures-swapped", "sd_hash", format!("{jwt}~{two}~{one}~{kb}"), None);
    invalid("changed-key-binding", "signature", format!("{jwt}~{one}~{two}~{}", flipped_part(kb, 2)?), None);
    invalid("no-key-binding", "key_binding", format!("{jwt}~{one}~{two}~"), None);
    invalid("key-binding-refused", "key_binding", bound.clone(), Some(("key_binding", false.into())));
    invalid("other-nonce", "claim:nonce", bound.clone(), Some(("nonce", "another".into())));
    invalid("other-audience", "claim:aud", bound.clone(), Some(("aud", "https://other.example".into())));
    invalid("too-old", "claim:iat", bound.clone(), Some(("now", (NOW + 301).into())));
    invalid("other-issuer", "claim:iss", bound.clone(), Some(("iss", "https://other.example".into())));
    invalid("expired", "expired", bound.clone(), Some(("now", (NOW + 1001).into())));
    Ok(())
}
