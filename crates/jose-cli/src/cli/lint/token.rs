//! What is wrong with tokens and messages.

use core::time::Duration;

use jose_b64::base64url;
use jose_b64::json::{self as strict, Object, Value};
use jose_jwt::jwa::Status;
use jose_jwt::jws::{HeaderError, JoseHeader, json as jws_json};
use jose_jwt::{JweAlg, JweEnc, JwsAlg, NumericDate, jwe};

use super::{Findings, rules};
use crate::dates::absolute;

/// Seconds beyond this are milliseconds: the year 5138.
const LAST_SECOND: i64 = 100_000_000_000;

/// The bounds for the claims: the time, and the longest lifetime.
type Bounds = (NumericDate, Duration);

fn decode(part: &str, place: &str, findings: &mut Findings) -> Option<Vec<u8>> {
    match base64url::decode_to_vec(part.as_bytes()) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            findings.encoding(place, error);
            None
        }
    }
}

fn object<'t>(bytes: &'t [u8], place: &str, findings: &mut Findings) -> Option<Object<'t>> {
    match strict::parse_object(bytes) {
        Ok(object) => Some(object),
        Err(error) => {
            findings.encoding(place, error);
            None
        }
    }
}

/// Looks at a compact serialization.
pub(super) fn compact(text: &str, encrypted: bool, bounds: Bounds, findings: &mut Findings) {
    let parts: Vec<_> = text.split('.').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let head = decode(part(0), "header", findings);
    let head = head.as_deref().and_then(|bytes| object(bytes, "header", findings));
    if let Some(head) = head {
        protected(head, encrypted, "header", findings);
    }
    if encrypted {
        for (index, place) in
            [(1, "encrypted key"), (2, "initialization vector"), (3, "ciphertext"), (4, "tag")]
        {
            decode(part(index), place, findings);
        }
        return;
    }
    let is_unencoded = head.and_then(|head| head.get("b64")).and_then(Value::as_bool) == Some(false);
    decode(part(2), "signature", findings);
    if is_unencoded {
        return;
    }
    let Some(body) = decode(part(1), "payload", findings) else { return };
    let typ = head.and_then(|head| head.get("typ")).and_then(Value::as_str);
    let typ = typ.map(|typ| typ.to_cow().to_ascii_lowercase()).unwrap_or_default();
    let says_jwt = typ == "jwt" || typ.ends_with("+jwt");
    if says_jwt || body.trim_ascii_start().first() == Some(&b'{') {
        if head.is_some_and(|head| head.get("typ").is_none()) {
            findings.add(rules::TYP_MISSING, "header", None);
        }
        if let Some(set) = object(&body, "claims", findings) {
            // Security Event Tokens do not expire (RFC 8417 section 2.2).
            let expires = typ != "secevent+jwt";
            claims(set, expires, bounds, findings);
        }
    }
}

/// Looks at a JSON serialization.
pub(super) fn json(text: &str, encrypted: bool, findings: &mut Findings) {
    let Some(whole) = object(text.as_bytes(), "message", findings) else { return };
    let list = if encrypted { "recipients" } else { "signatures" };
    let entries: Vec<_> = match whole.get(list).and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(Value::as_object).collect(),
        None => vec![whole],
    };
    let before = findings.0.len();
    for (index, entry) in entries.iter().enumerate() {
        let place = if entries.len() > 1 { format!("{list}[{index}]") } else { "header".to_owned() };
        let shared = encrypted.then(|| whole.get("protected")).flatten();
        let part =
            entry.get("protected").or(shared).and_then(Value::as_str).map(|part| part.to_cow().into_owned());
        let bytes = part.and_then(|part| decode(&part, &place, findings));
        let head = bytes.as_deref().and_then(|bytes| object(bytes, &place, findings));
        let unprotected = entry.get("header").and_then(Value::as_object);
        let named = |object: Option<Object<'_>>| object.is_some_and(|object| object.get("alg").is_some());
        match head {
            Some(head) if named(Some(head)) => protected(head, encrypted, &place, findings),
            Some(head) => {
                extensions(head, &place, findings);
                elsewhere(unprotected, encrypted, &place, findings);
            }
            None => elsewhere(unprotected, encrypted, &place, findings),
        }
    }
    let refused = if encrypted {
        jwe::Encrypted::parse_json(text).err().map(|error| error.to_string())
    } else {
        jws_json::Unverified::parse(text).err().map(|error| error.to_string())
    };
    if let Some(refused) = refused.filter(|_| findings.0.len() == before) {
        findings.add(rules::MALFORMED, "message", refused);
    }
}

/// The algorithm of a header that is not signed. A JWE's recipients have theirs there.
fn elsewhere(header: Option<Object<'_>>, encrypted: bool, place: &str, findings: &mut Findings) {
    match header {
        Some(header) if header.get("alg").is_some() => {
            algorithm(header, encrypted, place, findings);
            if !encrypted {
                findings.add(rules::ALG_UNPROTECTED, place, None);
            }
        }
        _ if encrypted => {}
        _ => findings.add(rules::ALG_MISSING, place, None),
    }
}

fn protected(head: Object<'_>, encrypted: bool, place: &str, findings: &mut Findings) {
    algorithm(head, encrypted, place, findings);
    extensions(head, place, findings);
}

fn algorithm(head: Object<'_>, encrypted: bool, place: &str, findings: &mut Findings) {
    let Some(alg) = head.get("alg").and_then(Value::as_str) else {
        return findings.add(rules::ALG_MISSING, place, None);
    };
    let name = alg.to_cow().into_owned();
    if name.eq_ignore_ascii_case("none") {
        return findings.add(rules::ALG_NONE, place, name);
    }
    let status = if encrypted {
        JweAlg::from_name(&name).map(JweAlg::status)
    } else {
        JwsAlg::from_name(&name).map(JwsAlg::status)
    };
    status_of(status, &name, place, findings);
    if encrypted && let Some(enc) = head.get("enc").and_then(Value::as_str) {
        let name = enc.to_cow();
        status_of(JweEnc::from_name(&name).map(JweEnc::status), &name, place, findings);
    }
    if let Some(count) = head.get("p2c").and_then(Value::as_number) {
        let limits = jwe::Limits::DEFAULT;
        match count.parse::<u32>() {
            Ok(count) if count <= limits.max_p2c => {
                if count < 600_000 {
                    findings.add(rules::P2C_LOW, place, count.to_string());
                }
            }
            _ => findings.add(rules::P2C_HIGH, place, count.to_owned()),
        }
    }
}

fn status_of(status: Option<Status>, name: &str, place: &str, findings: &mut Findings) {
    match status {
        None => findings.add(rules::ALG_UNKNOWN, place, name.to_owned()),
        Some(Status::RecommendedMinus | Status::Deprecated | Status::Prohibited) => {
            findings.add(rules::ALG_DEPRECATED, place, name.to_owned());
        }
        Some(_) => {}
    }
}

fn extensions(head: Object<'_>, place: &str, findings: &mut Findings) {
    for (name, rule) in [
        ("jku", rules::HEADER_URL),
        ("x5u", rules::HEADER_URL),
        ("jwk", rules::HEADER_KEY),
        ("zip", rules::ZIP),
    ] {
        if head.get(name).is_some() {
            findings.add(rule, place, name.to_owned());
        }
    }
    let critical = head.get("crit").and_then(Value::as_array);
    let critical = critical.into_iter().flat_map(|names| names.iter()).filter_map(Value::as_str);
    let critical: Vec<_> = critical.map(|name| name.to_cow().into_owned()).collect();
    // Whether they are understood is asked apart from whether they may stand there.
    let understood: Vec<_> = critical.iter().map(String::as_str).chain(["b64"]).collect();
    match JoseHeader::from_object(head).and_then(|header| header.check_crit(&[], &understood)) {
        Ok(()) => {
            let unknown: Vec<_> = critical.iter().filter(|name| *name != "b64").map(String::as_str).collect();
            if !unknown.is_empty() {
                findings.add(rules::CRIT_UNKNOWN, place, unknown.join(", "));
            }
        }
        Err(
            error @ (HeaderError::CritAbsent
            | HeaderError::CritMalformed
            | HeaderError::CritRegistered
            | HeaderError::CritUnprotected),
        ) => findings.add(rules::CRIT_MALFORMED, place, error.to_string()),
        Err(error) => findings.add(rules::MALFORMED, place, error.to_string()),
    }
}

fn claims(claims: Object<'_>, expires: bool, (now, max): Bounds, findings: &mut Findings) {
    let place = "claims";
    let mut date = |name: &str| {
        let value = claims.get(name)?;
        let date = value.as_number().and_then(NumericDate::parse);
        match date {
            None => findings.add(rules::DATE_INVALID, place, format!("{name}: {}", value.raw())),
            Some(date) if date.seconds() > LAST_SECOND => {
                findings.add(rules::DATE_MILLISECONDS, place, format!("{name}: {}", value.raw()));
            }
            _ => {}
        }
        date
    };
    let (exp, nbf, iat) = (date("exp"), date("nbf"), date("iat"));
    for (name, rule) in
        [("exp", rules::EXP_MISSING), ("iss", rules::ISS_MISSING), ("aud", rules::AUD_MISSING)]
    {
        if claims.get(name).is_none() && (expires || name != "exp") {
            findings.add(rule, place, None);
        }
    }
    let start = nbf.max(iat);
    if let (Some(exp), Some(start)) = (exp, start)
        && exp <= start
    {
        findings.add(rules::DATES_CONTRADICT, place, format!("{} and {}", absolute(start), absolute(exp)));
    }
    if let Some(exp) = exp {
        if exp <= now {
            findings.add(rules::EXPIRED, place, absolute(exp));
        }
        // Without the beginning it is valid for the rest of its life at least.
        let lifetime = exp.duration_since(iat.or(nbf).unwrap_or(now));
        if let Some(lifetime) = lifetime.filter(|lifetime| *lifetime > max) {
            let days = lifetime.as_secs() / 86_400;
            let told = if days > 0 {
                format!("{days} days")
            } else {
                humantime::format_duration(lifetime).to_string()
            };
            findings.add(rules::LIFETIME_LONG, place, told);
        }
    }
    if let Some(nbf) = nbf.filter(|nbf| *nbf > now) {
        findings.add(rules::NOT_YET_VALID, place, absolute(nbf));
    }
    if let Some(iat) = iat.filter(|iat| *iat > now) {
        findings.add(rules::ISSUED_IN_FUTURE, place, absolute(iat));
    }
}
