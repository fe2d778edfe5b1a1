//! E4, W12: `crit` (RFC 7515 section 4.1.11).

use jose_jws::compact::{self, Unsigned, Unverified};
use jose_jws::{Error, Header, HeaderError, JwsAlg};

use crate::help::{forge, signer, verifier};
use crate::keys;

/// Headers, after `"alg":"HS256",`, where the caller understands `exp` and `x`.
const TABLE: &[(&str, Option<HeaderError>)] = &[
    (r#""x":1"#, None),
    (r#""x":1,"y":2"#, None),
    (r#""x":1,"crit":["x"]"#, None),
    (r#""crit":["x","exp"],"x":null,"exp":0"#, None),
    (r#""b64":true,"crit":["b64"]"#, None),
    (r#""crit":[]"#, Some(HeaderError::CritMalformed)),
    (r#""crit":["x","x"],"x":1"#, Some(HeaderError::CritMalformed)),
    (r#""crit":["x","\u0078"],"x":1"#, Some(HeaderError::CritMalformed)),
    (r#""crit":"x","x":1"#, Some(HeaderError::CritMalformed)),
    (r#""crit":{"x":1},"x":1"#, Some(HeaderError::CritMalformed)),
    (r#""crit":null"#, Some(HeaderError::CritMalformed)),
    (r#""crit":true"#, Some(HeaderError::CritMalformed)),
    (r#""crit":["x",1],"x":1"#, Some(HeaderError::CritMalformed)),
    (r#""crit":["x"]"#, Some(HeaderError::CritAbsent)),
    (r#""crit":["y"],"y":1"#, Some(HeaderError::CritNotUnderstood)),
    (r#""crit":["x","y"],"x":1,"y":1"#, Some(HeaderError::CritNotUnderstood)),
    (r#""crit":["X"],"X":1"#, Some(HeaderError::CritNotUnderstood)),
    (r#""crit":[""],"":1"#, Some(HeaderError::CritNotUnderstood)),
    (r#""crit":["alg"]"#, Some(HeaderError::CritRegistered)),
    (r#""crit":["crit"]"#, Some(HeaderError::CritRegistered)),
    (r#""crit":["kid"],"kid":"1""#, Some(HeaderError::CritRegistered)),
    (r#""crit":["zip"],"zip":"DEF""#, Some(HeaderError::CritRegistered)),
];

/// Covers E4, W12.
#[test]
fn crit_is_understood_or_refused() {
    let (signing, key) = (signer(keys::OCT, JwsAlg::Hs256), verifier(keys::OCT, JwsAlg::Hs256));
    for (header, expected) in TABLE {
        let token = forge(&signing, format!(r#"{{"alg":"HS256",{header}}}"#), b"{}");
        let jws = Unverified::parse(&token).unwrap().understand(&["x", "exp"]);
        assert_eq!(jws.verify(&key).err(), expected.map(Error::Header), "{header}");
    }
}

/// Covers E4.
#[test]
fn nothing_is_understood_unless_said() {
    let (signing, key) = (signer(keys::OCT, JwsAlg::Hs256), verifier(keys::OCT, JwsAlg::Hs256));
    let token = forge(&signing, r#"{"alg":"HS256","x":1,"crit":["x"]}"#, b"{}");
    let refused = Some(Error::Header(HeaderError::CritNotUnderstood));
    assert_eq!(compact::verify(&key, &token).err(), refused);
    // Naming a registered parameter does not make it an extension.
    let token = forge(&signing, r#"{"alg":"HS256","crit":["alg"]}"#, b"{}");
    let jws = Unverified::parse(&token).unwrap().understand(&["alg"]);
    assert_eq!(jws.verify(&key).err(), Some(Error::Header(HeaderError::CritRegistered)));
}

/// Eight extensions have room; a ninth does no harm to what has no `crit`.
///
/// Covers W12.
#[test]
fn a_caller_may_understand_eight_extensions() {
    let (signing, key) = (signer(keys::OCT, JwsAlg::Hs256), verifier(keys::OCT, JwsAlg::Hs256));
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let with = forge(&signing, r#"{"alg":"HS256","h":1,"crit":["h"]}"#, b"{}");
    let without = forge(&signing, r#"{"alg":"HS256","h":1}"#, b"{}");
    let verify = |token: &str, count: usize| {
        Unverified::parse(token).unwrap().understand(&names[..count]).verify(&key).map(|_| ())
    };
    assert_eq!(verify(&with, 8), Ok(()));
    assert_eq!(verify(&without, 8), Ok(()));
    assert_eq!(verify(&without, 9), Ok(()));
    assert_eq!(verify(&with, 7), Err(Error::Header(HeaderError::CritNotUnderstood)));
}

/// Covers E4.
#[test]
fn a_crit_that_nobody_could_accept_is_not_written() {
    let key = signer(keys::OCT, JwsAlg::Hs256);
    for (members, expected) in [
        (r#"{"crit":["x"],"x":1}"#, None),
        (r#"{"crit":[]}"#, Some(HeaderError::CritMalformed)),
        (r#"{"crit":["x","x"],"x":1}"#, Some(HeaderError::CritMalformed)),
        (r#"{"crit":["x"]}"#, Some(HeaderError::CritAbsent)),
        (r#"{"crit":["typ"],"typ":"JWT"}"#, Some(HeaderError::CritRegistered)),
    ] {
        let header = Header::new().parameters(members);
        assert_eq!(header.err(), expected, "{members}");
        if let Ok(header) = header {
            assert!(compact::sign(&key, b"", &header).is_ok());
        }
        let text = members.replacen('{', r#"{"alg":"HS256","#, 1);
        let unsigned = Unsigned::with_header_text(JwsAlg::Hs256, b"", &text);
        assert_eq!(unsigned.err(), expected.map(Error::Header), "{members}");
    }
}
