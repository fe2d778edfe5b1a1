//! What is said of keys and certificates.

use jose_jwt::jwa::KeyType;
use jose_jwt::jwk::{self, Operation};
use jose_jwt::{Curve, Hash, Jwk, JwkSet, NumericDate};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::dates;
use crate::report::{Node, map};

/// Describes a key.
pub(super) fn key(jwk: &Jwk, private: bool, now: NumericDate) -> Vec<(&'static str, Node)> {
    let thumbprint = jwk.thumbprint(Hash::Sha256).ok();
    let is_secret = jwk.key_type() == KeyType::Oct;
    let holds = match (is_secret, jwk.is_private()) {
        (true, _) => "a secret",
        (_, true) => "a private key",
        _ => "a public key",
    };
    let mut members = vec![
        ("holds", Node::from(holds)),
        ("kty", jwk.key_type().as_str().into()),
        ("crv", jwk.curve().map(Curve::as_str).into()),
        ("size", size(jwk).into()),
        ("kid", jwk.kid().into()),
        ("use", jwk.key_use_text().into()),
        ("key_ops", jwk.key_ops_text().map(|ops| ops.iter().map(String::as_str).collect::<Node>()).into()),
        ("alg", jwk.alg().map(|alg| alg.as_str().to_owned()).into()),
        ("thumbprint", thumbprint.map(|print| print.to_string()).into()),
    ];
    members.extend(serves(jwk));
    let weak: Vec<_> = weaknesses(jwk).into_iter().map(|error| error.to_string()).collect();
    if !weak.is_empty() {
        members.push(("refused", weak.into_iter().collect()));
    }
    if let Ok(certificates) = jwk.certificates() {
        let told = certificates.iter().map(|der| Node::Map(certificate(der, now)));
        members.push(("certificates", told.collect::<Vec<_>>().into()));
        if let Err(error) = jwk.check_certificates() {
            members.push(("certificates_refused", error.to_string().into()));
        }
    }
    if private {
        members.push(("jwk", Node::Raw(jwk.expose_private_json().to_string())));
    } else if let Ok(public) = jwk.to_public() {
        members.push(("jwk", Node::Raw(public.to_json())));
    }
    if !private && jwk.is_private() {
        members.push(("private", Node::Text("not shown (`--private` shows it)".to_owned())));
    }
    members
}

/// `2048 bits`, where the curve does not say it.
fn size(jwk: &Jwk) -> Option<String> {
    match jwk.key_type() {
        KeyType::Rsa => {
            let n = jwk.public_member("n")?;
            let zeros =
                n.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or_default());
            Some(format!("{} bits", n.len().saturating_mul(8).saturating_sub(zeros)))
        }
        KeyType::Oct => {
            let len = jwk.expose_secret_member("k")?.len();
            Some(format!("{len} bytes ({} bits)", len.saturating_mul(8)))
        }
        _ => None,
    }
}

/// The algorithms that the key can be used with, by what it does with them.
fn serves(jwk: &Jwk) -> Vec<(&'static str, Node)> {
    let mut lists =
        [("signs", Vec::new()), ("verifies", Vec::new()), ("encrypts", Vec::new()), ("decrypts", Vec::new())];
    for operation in jwk.operations() {
        let (place, name) = match operation {
            Operation::Sign(alg) => (0, alg.as_str()),
            Operation::Verify(alg) => (1, alg.as_str()),
            Operation::Encrypt(alg) => (2, alg.as_str()),
            Operation::Decrypt(alg) => (3, alg.as_str()),
            _ => continue,
        };
        if let Some((_, names)) = lists.get_mut(place) {
            names.push(name);
        }
    }
    let is_idle = lists.iter().all(|(_, names)| names.is_empty());
    let mut members: Vec<_> = lists
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(name, names)| (name, names.into_iter().collect()))
        .collect();
    if is_idle {
        members.push(("serves", Node::Text("no algorithm".to_owned())));
    }
    members
}

/// Why the key is refused by algorithms that its type serves.
pub(super) fn weaknesses(jwk: &Jwk) -> Vec<jwk::Error> {
    let algs = super::lint::candidates(jwk);
    let mut found = Vec::new();
    for operation in algs {
        if let Err(error @ (jwk::Error::Weak(_) | jwk::Error::NotOnCurve | jwk::Error::KeyMismatch)) =
            jwk.check(operation)
            && !found.contains(&error)
        {
            found.push(error);
        }
    }
    found
}

/// Describes a set.
pub(super) fn set(set: &JwkSet, private: bool, now: NumericDate) -> Vec<(&'static str, Node)> {
    let keys = set.keys().iter().map(|jwk| Node::Map(key(jwk, private, now)));
    let mut members = vec![("count", set.len().into()), ("keys", keys.collect::<Vec<_>>().into())];
    let skipped = set.skipped().iter().map(|skipped| {
        map([
            ("index", skipped.index.into()),
            ("code", skipped.reason.code().into()),
            ("reason", skipped.reason.to_string().into()),
        ])
    });
    let noted = set.noted().iter().map(|noted| {
        map([
            ("index", noted.index.into()),
            ("member", noted.member.into()),
            ("code", noted.reason.code().into()),
            ("reason", noted.reason.to_string().into()),
        ])
    });
    for (name, nodes) in [("skipped", skipped.collect::<Vec<_>>()), ("set_aside", noted.collect())] {
        if !nodes.is_empty() {
            members.push((name, nodes.into()));
        }
    }
    members
}

/// Describes a certificate.
pub(super) fn certificate(der: &[u8], now: NumericDate) -> Vec<(&'static str, Node)> {
    let Ok(certificate) = Certificate::from_der(der) else {
        return vec![("damaged", Node::Text("it is not DER of a certificate".to_owned()))];
    };
    let inside = certificate.tbs_certificate();
    let date = |time: x509_cert::time::Time, past: &str, future: &str| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        let date = NumericDate::from_seconds(seconds);
        let words = if date <= now { past } else { future };
        format!("{}, {words} {}", dates::absolute(date), dates::relative(date, now))
    };
    let validity = inside.validity();
    vec![
        ("subject", inside.subject().to_string().into()),
        ("issuer", inside.issuer().to_string().into()),
        ("serial", inside.serial_number().to_string().into()),
        ("not_before", date(validity.not_before, "valid since", "NOT VALID YET,").into()),
        ("not_after", date(validity.not_after, "EXPIRED", "expires").into()),
    ]
}
