//! The menu of hostile tokens.

use jose_jwt::jwk::KeyType;
use jose_jwt::{Curve, JwsAlg};
use serde_json::{Map, Value, json};

use super::forge::Forge;
use crate::keys::{self, Key};

/// A row of the menu.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) is_strict: bool,
    /// The token, if there is one for this issuer.
    pub(super) make: fn(&Forge<'_>) -> Option<String>,
}

const fn case(name: &'static str, about: &'static str, make: fn(&Forge<'_>) -> Option<String>) -> Case {
    Case { name, about, is_strict: false, make }
}

/// Refused by those who are strict.
const fn strict(name: &'static str, about: &'static str, make: fn(&Forge<'_>) -> Option<String>) -> Case {
    Case { name, about, is_strict: true, make }
}

const HOUR: i64 = 3600;

pub(super) const MENU: &[Case] = &[
    // Keys.
    case("unpublished-key", "signed with a key that nobody publishes, under a `kid` of its own", |forge| {
        Some(forge.by_attacker(&|header| set(header, "kid", "unpublished")))
    }),
    case(
        "forged-kid",
        "signed with a key that nobody publishes, under the `kid` of the published one",
        |forge| Some(forge.by_attacker(&|_| {})),
    ),
    case("no-kid", "signed with a key that nobody publishes, without `kid`", |forge| {
        Some(forge.by_attacker(&|header| drop(header.remove("kid"))))
    }),
    case(
        "encryption-key",
        "signed with a key that is published for encryption (RFC 7517 section 4.2)",
        |forge| {
            if !forge.state().provider.shape().encrypts || forge.alg() != JwsAlg::Rs256 {
                return None;
            }
            let key = Key::of_encryption();
            let mut header = forge.header();
            set(&mut header, "kid", key.kid.as_str());
            Some(keys::token(
                &key.signing,
                &Value::Object(header).to_string(),
                forge.claims_text().as_bytes(),
            ))
        },
    ),
    case(
        "embedded-jwk",
        "signed with a key that the header brings as `jwk` (RFC 7515 section 4.1.3)",
        |forge| Some(forge.by_attacker(&|header| set(header, "jwk", forge.attackers_jwk()))),
    ),
    case(
        "embedded-jwk-without-kid",
        "signed with a key that the header brings as `jwk`, without `kid`",
        |forge| {
            Some(forge.by_attacker(&|header| {
                header.remove("kid");
                set(header, "jwk", forge.attackers_jwk());
            }))
        },
    ),
    case("embedded-x5c", "signed with the key of a certificate that the header brings as `x5c`", |forge| {
        let certificate = keys::certificate(forge.alg())?;
        Some(forge.by_attacker(&|header| {
            header.remove("kid");
            set(header, "x5c", json!([certificate]));
        }))
    }),
    case(
        "jku-elsewhere",
        "signed with a key that `jku` of the header leads to (RFC 7515 section 4.1.2)",
        |forge| Some(forge.by_attacker(&|header| set(header, "jku", forge.elsewhere("/jwks")))),
    ),
    case(
        "jku-elsewhere-unknown-kid",
        "signed with a key that `jku` leads to, under a `kid` of its own",
        |forge| {
            Some(forge.by_attacker(&|header| {
                set(header, "kid", "elsewhere");
                set(header, "jku", forge.elsewhere("/jwks"));
            }))
        },
    ),
    case(
        "x5u-elsewhere",
        "signed with the key of a certificate that `x5u` of the header leads to",
        |forge| Some(forge.by_attacker(&|header| set(header, "x5u", forge.elsewhere("/certificate")))),
    ),
    // Algorithms.
    case("none", "`alg` is `none`, and there is no signature (RFC 8725 section 3.2)", |forge| {
        Some(forge.unsigned("none"))
    }),
    case("none-spelled", "`alg` is `nOnE`, and there is no signature", |forge| Some(forge.unsigned("nOnE"))),
    case("none-signed", "`alg` is `none`, and there is a signature", |forge| {
        Some(forge.with_header(&|header| set(header, "alg", "none")))
    }),
    case("no-alg", "there is no `alg` (RFC 7515 section 4.1.1)", |forge| {
        Some(forge.with_header(&|header| drop(header.remove("alg"))))
    }),
    case("unknown-alg", "`alg` is one that nobody knows", |forge| {
        Some(forge.with_header(&|header| set(header, "alg", "XS256")))
    }),
    case("other-alg", "`alg` is another one than the signature's", |forge| {
        let other = if forge.alg() == JwsAlg::Es256 { "RS256" } else { "ES256" };
        Some(forge.with_header(&|header| set(header, "alg", other)))
    }),
    case(
        "hs256-public-key",
        "HS256, with the public key in PEM as the secret (RFC 8725 section 2.1)",
        |forge| forge.by_hmac(forge.public_pem()?.as_bytes()),
    ),
    case(
        "hs256-public-key-trimmed",
        "HS256, with the public key in PEM without its last line end",
        |forge| forge.by_hmac(forge.public_pem()?.trim_end().as_bytes()),
    ),
    case("hs256-public-key-der", "HS256, with the public key in DER as the secret", |forge| {
        forge.by_hmac(&forge.public_der()?)
    }),
    case("hs256-public-key-jwk", "HS256, with the public key as a JWK as the secret", |forge| {
        forge.by_hmac(forge.public_json()?.as_bytes())
    }),
    // Signatures.
    case("stripped-signature", "the signature is missing", |forge| {
        let token = forge.token();
        let (input, _) = token.rsplit_once('.')?;
        Some(format!("{input}."))
    }),
    case("two-parts", "the signature and its dot are missing", |forge| {
        Some(forge.token().rsplit_once('.')?.0.to_owned())
    }),
    case("tampered-claims", "`sub` is another one than what was signed", |forge| {
        let (good, other) = (forge.token(), forge.with_claim("sub", "admin"));
        let (header, rest) = good.split_once('.')?;
        let (_, signature) = rest.split_once('.')?;
        Some(format!("{header}.{}.{signature}", other.split('.').nth(1)?))
    }),
    case("tampered-signature", "a bit of the signature is another", |forge| {
        Some(forge.with_signature(|signature| signature.iter_mut().take(1).for_each(|byte| *byte ^= 1)))
    }),
    case("cut-signature", "the last byte of the signature is missing", |forge| {
        Some(forge.with_signature(|signature| signature.truncate(signature.len().saturating_sub(1))))
    }),
    case("zero-signature", "the signature is zero (as in CVE-2022-21449)", |forge| {
        Some(forge.with_signature(|signature| signature.fill(0)))
    }),
    case("der-signature", "the signature is in DER (RFC 7518 section 3.4)", |forge| {
        let is_ecdsa = forge.alg().key_type() == KeyType::Ec;
        is_ecdsa.then(|| forge.with_signature(|signature| *signature = der(signature)))
    }),
    case(
        "long-ecdsa-signature",
        "the parts of the signature are longer than the curve's (RFC 7518 section 3.4)",
        |forge| {
            let is_p256 = forge.alg().curve() == Some(Curve::P256);
            is_p256.then(|| {
                forge.with_signature(|signature| {
                    let (r, s) = signature.split_at(32);
                    *signature = [&[0], r, &[0], s].concat();
                })
            })
        },
    ),
    strict("trailing-bits", "the last character of the signature has bits that decode to nothing", |forge| {
        let mut token = forge.token();
        if token.rsplit('.').next()?.len() % 4 != 2 {
            return None;
        }
        let next = match token.pop()? {
            'A' => 'B',
            'Q' => 'R',
            'g' => 'h',
            'w' => 'x',
            _ => return None,
        };
        token.push(next);
        Some(token)
    }),
    strict("padded", "the signature ends with `=` (RFC 7515 section 2)", |forge| {
        let token = forge.token();
        let pad = token.rsplit('.').next()?.len() % 4;
        (pad > 1).then(|| format!("{token}{}", "=".repeat(4_usize.saturating_sub(pad))))
    }),
    case("four-parts", "there is a fourth part", |forge| Some(format!("{}.", forge.token()))),
    // The header.
    case("unknown-crit", "`crit` names an extension that nobody knows (RFC 7515 section 4.1.11)", |forge| {
        Some(forge.with_header(&|header| {
            set(header, "crit", json!(["https://issuer.example/unknown"]));
            set(header, "https://issuer.example/unknown", true);
        }))
    }),
    case("crit-without-parameter", "`crit` names a parameter that is missing", |forge| {
        Some(forge.with_header(&|header| set(header, "crit", json!(["https://issuer.example/unknown"]))))
    }),
    case("unencoded", "`b64` is false, which a JWT may not have (RFC 7797 section 7)", |forge| {
        let (good, claims) = (forge.header(), forge.claims_text());
        let mut header = good;
        set(&mut header, "crit", json!(["b64"]));
        set(&mut header, "b64", false);
        Some(forge.with_texts(&Value::Object(header).to_string(), claims.as_bytes()))
    }),
    case("wrong-typ", "`typ` is that of a logout token (RFC 8725 section 3.11)", |forge| {
        Some(forge.with_header(&|header| set(header, "typ", "logout+jwt")))
    }),
    case("dpop-typ", "`typ` is that of a DPoP proof", |forge| {
        Some(forge.with_header(&|header| set(header, "typ", "dpop+jwt")))
    }),
    strict("duplicate-alg", "the header has `alg` twice, `none` first (RFC 7515 section 4)", |forge| {
        Some(forge.with_header_beside(r#""alg":"none""#, ""))
    }),
    case("duplicate-alg-last", "the header has `alg` twice, `none` last", |forge| {
        Some(forge.with_header_beside("", r#""alg":"none""#))
    }),
    case("header-not-json", "the header is no JSON", |forge| {
        Some(forge.with_texts("{\"alg\":", forge.claims_text().as_bytes()))
    }),
    case("deep-header", "the header is nested 2000 deep", |forge| {
        let deep = format!("\"x\":{}{}", "[".repeat(2000), "]".repeat(2000));
        let header = forge.header_text().replacen('{', &format!("{{{deep},"), 1);
        let token = forge.token();
        Some(format!("{}.AAAA", keys::signing_input(&header, token.as_bytes())))
    }),
    // Times.
    case("expired", "it expired an hour ago (RFC 7519 section 4.1.4)", |forge| {
        Some(forge.with_claim("exp", forge.now.saturating_sub(HOUR)))
    }),
    case("not-yet-valid", "it is valid in an hour (RFC 7519 section 4.1.5)", |forge| {
        Some(forge.with_claim("nbf", forge.now.saturating_add(HOUR)))
    }),
    strict("no-exp", "it never expires", |forge| forge.without_claim("exp")),
    case("text-exp", "`exp` is a string", |forge| {
        Some(forge.with_claim("exp", forge.now.saturating_add(HOUR).to_string()))
    }),
    case("null-exp", "`exp` is null", |forge| Some(forge.with_claim("exp", Value::Null))),
    case("huge-exp", "`exp` is 1e400, beyond what a double holds", |forge| {
        Some(forge.with_claim_text("exp", "1e400"))
    }),
    // For whom, and from whom.
    case("other-audience", "it is for another audience (RFC 7519 section 4.1.3)", |forge| {
        Some(forge.with_claim("aud", "https://other.example"))
    }),
    case("similar-audience", "it is for an audience of which the own name is the beginning", |forge| {
        let own = forge.good.claims.get("aud")?.as_str()?;
        Some(forge.with_claim("aud", format!("{own}.attacker.example")))
    }),
    case("no-audience", "it is for nobody", |forge| forge.without_claim("aud")),
    case("object-audience", "`aud` is an object", |forge| {
        let own = forge.good.claims.get("aud")?.as_str()?.to_owned();
        Some(forge.with_claim("aud", json!({ own: true })))
    }),
    case("other-issuer", "it says that another issuer made it (RFC 7519 section 4.1.1)", |forge| {
        Some(forge.with_claim("iss", "https://other.example"))
    }),
    case("similar-issuer", "its issuer has a slash more or less", |forge| {
        let own = forge.good.claims.get("iss")?.as_str()?;
        let other = own.strip_suffix('/').map_or_else(|| format!("{own}/"), str::to_owned);
        Some(forge.with_claim("iss", other))
    }),
    case("no-issuer", "it says nothing of its issuer", |forge| forge.without_claim("iss")),
    case("list-issuer", "`iss` is a list", |forge| {
        let own = forge.good.claims.get("iss")?.clone();
        Some(forge.with_claim("iss", json!([own])))
    }),
    // Claims.
    strict(
        "duplicate-audience",
        "the claims have `aud` twice, the wrong one first (RFC 7519 section 4)",
        |forge| Some(forge.with_claims_beside(r#""aud":"https://other.example""#, "")),
    ),
    case("duplicate-audience-last", "the claims have `aud` twice, the wrong one last", |forge| {
        Some(forge.with_claims_beside("", r#""aud":"https://other.example""#))
    }),
    case("duplicate-exp-last", "the claims have `exp` twice, the one that is over last", |forge| {
        Some(forge.with_claims_beside("", r#""exp":1"#))
    }),
    strict("duplicate-sub-escaped", "the claims have `sub` twice, once as `s\\u0075b`", |forge| {
        Some(forge.with_claims_beside(r#""s\u0075b":"admin""#, ""))
    }),
    case("claims-not-json", "the claims are cut off", |forge| {
        let claims = forge.claims_text();
        Some(forge.with_texts(&forge.header_text(), claims.strip_suffix('}')?.as_bytes()))
    }),
    case("claims-list", "the claims are in a list", |forge| {
        Some(forge.with_texts(&forge.header_text(), format!("[{}]", forge.claims_text()).as_bytes()))
    }),
    case("claims-not-utf8", "the claims are not UTF-8", |forge| {
        let mut claims = forge.claims_text().into_bytes();
        claims.pop();
        claims.extend_from_slice(b",\"x\":\"\xff\"}");
        Some(forge.with_texts(&forge.header_text(), &claims))
    }),
    case("no-claims", "there are no claims", |forge| Some(forge.with_texts(&forge.header_text(), b""))),
    strict(
        "bound-to-a-key",
        "only the holder of a key may use it (RFC 9449 section 6), and there is no proof",
        |forge| {
            let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
            Some(forge.with_claim("cnf", json!({ "jkt": thumbprint })))
        },
    ),
];

fn set(header: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    header.insert(name.to_owned(), value.into());
}

/// R and S as a SEQUENCE of two INTEGERs.
fn der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let integers = [integer(r), integer(s)].concat();
    element(0x30, &integers)
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let (_, digits) = bytes.split_at(zeros);
    let is_high = digits.first().is_none_or(|byte| *byte >= 0x80);
    element(2, &if is_high { [&[0], digits].concat() } else { digits.to_vec() })
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).expect("less than 128 bytes, or less than 256 of a long form");
    let head = if len < 0x80 { vec![tag, len] } else { vec![tag, 0x81, len] };
    [head, content.to_vec()].concat()
}
