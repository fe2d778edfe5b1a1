//! `crit` (RFC 7515 section 4.1.11).

use jose_jwa::header::{Header, HeaderError, JoseHeader, Parameters};

const UNDERSTOOD: &[&str] = &["b64", "exp"];

fn check(text: &str) -> Result<(), HeaderError> {
    JoseHeader::parse(text.as_bytes())?.check_crit(&[], UNDERSTOOD)
}

/// Covers E4.
#[test]
fn crit_table() {
    for (text, expected) in [
        (r#"{"alg":"a"}"#, Ok(())),
        (r#"{"crit":["b64"],"b64":false}"#, Ok(())),
        (r#"{"crit":["exp","b64"],"b64":false,"exp":1}"#, Ok(())),
        (r#"{"crit":["b\u00364"],"b64":false}"#, Ok(())),
        (r#"{"crit":[]}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":[1]}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["b64",null],"b64":false}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":"b64","b64":false}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":{},"b64":false}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":null}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["b64","b64"],"b64":false}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["b64","\u00624","b64"],"b64":false,"b4":1}"#, Err(HeaderError::CritNotUnderstood)),
        (r#"{"crit":["b64","exp","b64"],"b64":false,"exp":1}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["b64"]}"#, Err(HeaderError::CritAbsent)),
        (r#"{"crit":["other"],"other":1}"#, Err(HeaderError::CritNotUnderstood)),
        (r#"{"crit":[""],"":1}"#, Err(HeaderError::CritNotUnderstood)),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

/// Covers E4.
#[test]
fn crit_names_no_registered_parameter() {
    for name in [
        "alg", "apu", "apv", "crit", "cty", "enc", "epk", "iv", "jku", "jwk", "kid", "p2c", "p2s", "tag",
        "typ", "x5c", "x5t", "x5t#S256", "x5u", "zip",
    ] {
        // Not even one that the caller says it understands.
        let text = format!(r#"{{"crit":["{name}"]}}"#);
        let header = JoseHeader::parse(text.as_bytes()).unwrap();
        assert_eq!(header.check_crit(&[], &[name]), Err(HeaderError::CritRegistered), "{name}");
        assert_eq!(header.check_crit_as_written(), Err(HeaderError::CritRegistered), "{name}");
    }
}

/// Covers E4.
#[test]
fn crit_stands_in_the_protected_header_alone() {
    let protected = JoseHeader::parse(br#"{"alg":"a","crit":["b64"]}"#).unwrap();
    let with_crit = JoseHeader::parse(br#"{"crit":["b64"],"b64":false}"#).unwrap();
    let with_b64 = JoseHeader::parse(br#"{"b64":false}"#).unwrap();
    assert_eq!(protected.check_crit(&[with_crit], UNDERSTOOD), Err(HeaderError::CritUnprotected));
    assert_eq!(JoseHeader::EMPTY.check_crit(&[with_crit], UNDERSTOOD), Err(HeaderError::CritUnprotected));
    assert_eq!(protected.check_crit(&[with_b64], UNDERSTOOD), Ok(()));
}

/// Covers E4.
#[test]
fn no_crit_is_written_that_nobody_could_accept() {
    for (members, expected) in [
        (r#"{"crit":["x"],"x":1}"#, Ok(())),
        (r#"{"crit":["x"]}"#, Err(HeaderError::CritAbsent)),
        (r#"{"crit":[]}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["x","x"],"x":1}"#, Err(HeaderError::CritMalformed)),
        (r#"{"crit":["kid"]}"#, Err(HeaderError::CritRegistered)),
    ] {
        assert_eq!(Header::new().parameters(members).map(|_| ()), expected, "{members}");
    }
    let unchecked = Parameters::new().json("crit", "[]").unwrap();
    let written = unchecked.header().write(&[("alg", "a")], &mut String::new());
    assert_eq!(written, Err(HeaderError::CritMalformed));
}
