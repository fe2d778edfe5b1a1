//! What is wrong with keys and sets.

use jose_jwt::jwa::{KeyType, Status};
use jose_jwt::jwk::{self, Operation};
use jose_jwt::{JweAlg, Jwk, JwkSet, JwsAlg, KeyAlg, NumericDate};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Findings, rule_of, rules};

/// What a key may be used for, by what it says or by its type: whether it can be is another matter.
pub(in crate::cli) fn candidates(jwk: &Jwk) -> Vec<Operation> {
    match jwk.alg() {
        Some(KeyAlg::Jws(alg)) => return vec![Operation::Verify(*alg)],
        Some(KeyAlg::Jwe(alg)) => return vec![Operation::Encrypt(*alg)],
        Some(_) => return Vec::new(),
        None => {}
    }
    if jwk.key_type() == KeyType::Oct {
        // Of any length there is some algorithm, down to that of AES.
        let is_idle = jwk.operations().next().is_none();
        return if is_idle { vec![Operation::Verify(JwsAlg::Hs256)] } else { Vec::new() };
    }
    let jws = JwsAlg::for_key(jwk.key_type(), jwk.curve()).iter().map(Operation::Verify);
    let jwe = JweAlg::for_key(jwk.key_type(), jwk.curve()).iter().map(Operation::Encrypt);
    jws.chain(jwe).collect()
}

/// Looks at a set, which is published unless it is said to be private.
pub(super) fn set(set: &JwkSet, private: bool, now: NumericDate, findings: &mut Findings) {
    if set.is_empty() && set.skipped().is_empty() {
        findings.add(rules::SET_EMPTY, "keys", None);
    }
    let mut places: Vec<usize> = (0..set.len().saturating_add(set.skipped().len())).collect();
    places.retain(|place| set.skipped().iter().all(|skipped| skipped.index != *place));
    for (jwk, place) in set.keys().iter().zip(places) {
        let place = match jwk.kid() {
            Some(kid) => format!("keys[{place}], kid {kid:?}"),
            None => format!("keys[{place}]"),
        };
        if jwk.kid().is_none() {
            findings.add(rules::KID_MISSING, &place, None);
        }
        if !private && jwk.is_private() {
            let is_secret = jwk.key_type() == KeyType::Oct;
            let rule = if is_secret { rules::KEY_SYMMETRIC_IN_SET } else { rules::KEY_PRIVATE_IN_SET };
            findings.add(rule, &place, None);
        }
        key(jwk, &place, now, findings);
    }
    let kids: Vec<_> = set.keys().iter().filter_map(Jwk::kid).collect();
    for (index, kid) in kids.iter().enumerate() {
        let count = kids.iter().filter(|other| *other == kid).count();
        if count > 1 && kids.iter().position(|other| other == kid) == Some(index) {
            findings.add(rules::KID_REPEATED, "keys", format!("{count} keys have {kid:?}"));
        }
    }
    for skipped in set.skipped() {
        let (place, reason) = (format!("keys[{}]", skipped.index), skipped.reason);
        let rule = match rule_of(reason.code()) {
            rule if rule.code == rules::MALFORMED.code => rules::KEY_UNUSABLE,
            rule => rule,
        };
        findings.add(rule, &place, reason.to_string());
    }
    for noted in set.noted() {
        let found = format!("{} {}", noted.member, noted.reason);
        findings.add(rules::KEY_MEMBER, &format!("keys[{}]", noted.index), found);
    }
}

/// Looks at a key.
pub(super) fn key(jwk: &Jwk, place: &str, now: NumericDate, findings: &mut Findings) {
    let mut told: Vec<jwk::Error> = Vec::new();
    for operation in candidates(jwk) {
        let Err(error) = jwk.check(operation) else { continue };
        let matters = matches!(
            error,
            jwk::Error::Weak(_)
                | jwk::Error::NotOnCurve
                | jwk::Error::KeyMismatch
                | jwk::Error::UseAgainstKeyOps
        );
        if matters && !told.contains(&error) {
            told.push(error);
            findings.add(rule_of(error.code()), place, error.to_string());
        }
    }
    alg(jwk, place, findings);
    if jwk.x5c().is_some() || jwk.x5t().is_some() || jwk.x5t_s256().is_some() {
        certificates(jwk, place, now, findings);
    }
    for noted in jwk.noted() {
        findings.add(rules::KEY_MEMBER, place, format!("{} {}", noted.member, noted.reason));
    }
}

fn alg(jwk: &Jwk, place: &str, findings: &mut Findings) {
    let (kty, crv) = (jwk.key_type(), jwk.curve());
    let (fits, status) = match jwk.alg() {
        None => return findings.add(rules::KEY_ALG_MISSING, place, None),
        Some(KeyAlg::Jws(alg)) => (JwsAlg::for_key(kty, crv).contains(*alg), alg.status()),
        Some(KeyAlg::Jwe(alg)) => (JweAlg::for_key(kty, crv).contains(*alg), alg.status()),
        Some(KeyAlg::Enc(enc)) => (kty == KeyType::Oct, enc.status()),
        Some(other) => return findings.add(rules::ALG_UNKNOWN, place, other.as_str().to_owned()),
    };
    let name = jwk.alg().map(|alg| alg.as_str().to_owned());
    if !fits {
        findings.add(
            rules::KEY_ALG_MISMATCH,
            place,
            name.map(|name| format!("{name}, and the type is {kty}")),
        );
    } else if matches!(status, Status::Deprecated | Status::Prohibited) {
        findings.add(rules::ALG_DEPRECATED, place, name);
    }
}

fn certificates(jwk: &Jwk, place: &str, now: NumericDate, findings: &mut Findings) {
    let Ok(chain) = jwk.certificates() else { return };
    if let Err(error) = jwk.check_certificates() {
        findings.add(rules::X5C_MISMATCH, place, error.to_string());
    }
    for (index, der) in chain.iter().enumerate() {
        let Ok(certificate) = Certificate::from_der(der) else { continue };
        let validity = certificate.tbs_certificate().validity();
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        if !(seconds(validity.not_before)..=seconds(validity.not_after)).contains(&now.seconds()) {
            findings.add(rules::CERTIFICATE_EXPIRED, place, format!("certificate {index} of x5c"));
        }
    }
}
