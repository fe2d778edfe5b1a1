//! Each rule of `josec lint` finds what it is about, and nothing that is as it should be.

use std::collections::BTreeSet;

use jose_b64::base64url::encode_to_string;
use serde_json::Value;

use crate::command::{Folder, Ran};

/// The time of all of these tests.
const NOW: &str = "--now=1800000000";

/// Claims without a fault.
const CLAIMS: &str = r#""iss":"https://issuer.example","aud":"api","iat":1799999990,"exp":1800000600"#;

fn token(header: &str, claims: &str) -> String {
    format!("{}.{}.c2ln", encode_to_string(header.as_bytes()), encode_to_string(claims.as_bytes()))
}

/// A token whose header has these members besides a good one's.
fn header(members: &str) -> String {
    token(&format!(r#"{{"typ":"at+jwt",{members}}}"#), &format!("{{{CLAIMS}}}"))
}

/// A token with these claims alone.
fn claims(claims: &str) -> String {
    token(r#"{"alg":"ES256","typ":"at+jwt"}"#, &format!("{{{claims}}}"))
}

fn jwe(header: &str) -> String {
    format!("{}.a2V5.aXZpdml2aXZpdml2.Yw.dGFndGFndGFndGFndGFnIQ", encode_to_string(header.as_bytes()))
}

/// A public key without a fault.
const KEY: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

/// Its private member.
const D: &str = r#""d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI""#;

fn rsa(n: Vec<u8>, e: &str) -> String {
    format!(r#"{{"kty":"RSA","alg":"RS256","n":"{}","e":"{e}"}}"#, encode_to_string(&n))
}

fn keys(keys: &str) -> String {
    format!(r#"{{"keys":[{keys}]}}"#)
}

/// An odd number of so many bytes, the highest bit of which is set.
fn odd(len: usize) -> Vec<u8> {
    let mut bytes = vec![0xa7; len];
    bytes[len - 1] = 0x61;
    bytes
}

/// What breaks each rule.
fn faults() -> Vec<(&'static str, String)> {
    let good = format!(r#"{{{KEY},"alg":"ES256","kid":"a"}}"#);
    vec![
        ("malformed", token("{", &format!("{{{CLAIMS}}}"))),
        ("malformed", r#"{"payload":"","signatures":[]}"#.to_owned()),
        ("duplicate-member", token(r#"{"alg":"ES256","alg":"none","typ":"at+jwt"}"#, &format!("{{{CLAIMS}}}"))),
        ("duplicate-member", claims(&format!(r#"{CLAIMS},"aud":"other""#))),
        ("duplicate-member", format!(r#"{{{KEY},"alg":"ES256","alg":"ES256"}}"#)),
        ("padding", format!("{}==", claims(CLAIMS))),
        ("alg-none", header(r#""alg":"none""#)),
        ("alg-none", header(r#""alg":"NoNe""#)),
        ("alg-missing", header(r#""kid":"a""#)),
        ("alg-unknown", header(r#""alg":"XS256""#)),
        ("alg-deprecated", header(r#""alg":"EdDSA""#)),
        ("alg-deprecated", jwe(r#"{"alg":"RSA1_5","enc":"A256GCM"}"#)),
        ("alg-unprotected", r#"{"payload":"","header":{"alg":"ES256"},"signature":"c2ln"}"#.to_owned()),
        ("crit-unknown", header(r#""alg":"ES256","crit":["x"],"x":1"#)),
        ("crit-malformed", header(r#""alg":"ES256","crit":[]"#)),
        ("crit-malformed", header(r#""alg":"ES256","crit":["absent"]"#)),
        ("header-url", header(r#""alg":"ES256","jku":"https://evil.example""#)),
        ("header-url", header(r#""alg":"ES256","x5u":"https://evil.example""#)),
        ("header-key", header(&format!(r#""alg":"ES256","jwk":{{{KEY}}}"#))),
        ("typ-missing", token(r#"{"alg":"ES256"}"#, &format!("{{{CLAIMS}}}"))),
        ("zip", jwe(r#"{"alg":"A256KW","enc":"A256GCM","zip":"DEF"}"#)),
        ("p2c-low", jwe(r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":1000,"p2s":"c2FsdHNhbHQ"}"#)),
        ("p2c-high", jwe(r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2000000000,"p2s":"c2FsdHNhbHQ"}"#)),
        ("exp-missing", claims(r#""iss":"i","aud":"a""#)),
        ("expired", claims(r#""iss":"i","aud":"a","exp":1800000000"#)),
        ("not-yet-valid", claims(r#""iss":"i","aud":"a","nbf":1800000001,"exp":1800000600"#)),
        ("date-invalid", claims(r#""iss":"i","aud":"a","exp":"1800000600""#)),
        ("date-milliseconds", claims(r#""iss":"i","aud":"a","exp":1800000600000"#)),
        ("dates-contradict", claims(r#""iss":"i","aud":"a","iat":1800000700,"exp":1800000600"#)),
        ("lifetime-long", claims(r#""iss":"i","aud":"a","iat":1799999990,"exp":1900000000"#)),
        ("issued-in-future", claims(r#""iss":"i","aud":"a","iat":1800000001,"exp":1800000600"#)),
        ("aud-missing", claims(r#""iss":"i","exp":1800000600"#)),
        ("iss-missing", claims(r#""aud":"a","exp":1800000600"#)),
        ("secret-short", r#"{"kty":"oct","alg":"HS256","k":"c2hvcnQ"}"#.to_owned()),
        ("secret-short", format!(r#"{{"kty":"oct","alg":"HS512","k":"{}"}}"#, encode_to_string(&[7; 63]))),
        ("rsa-short", rsa(odd(128), "AQAB")),
        ("rsa-short", rsa(odd(255), "AQAB")),
        ("rsa-exponent", rsa(odd(256), "Aw")),
        ("rsa-exponent", rsa(odd(256), "AQ")),
        ("key-weak", format!(r#"{{{},"alg":"ES256"}}"#, KEY.replace("x_FE", "x_FF"))),
        ("private-in-set", keys(&format!(r#"{{{KEY},{D},"alg":"ES256","kid":"a"}}"#))),
        ("symmetric-in-set", keys(&format!(r#"{{"kty":"oct","alg":"HS256","kid":"a","k":"{}"}}"#, encode_to_string(&[7; 32])))),
        ("kid-repeated", keys(&format!("{good},{good}"))),
        ("kid-missing", keys(&format!(r#"{{{KEY},"alg":"ES256"}}"#))),
        ("alg-mismatch", format!(r#"{{{KEY},"alg":"RS256"}}"#)),
        ("alg-mismatch", format!(r#"{{{KEY},"alg":"ES384"}}"#)),
        ("alg-not-stated", format!("{{{KEY}}}")),
        ("alg-deprecated", r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#.to_owned()),
        ("use-contradicts", format!(r#"{{{KEY},"alg":"ES256","use":"enc","key_ops":["verify"]}}"#)),
        ("key-unusable", keys(&format!(r#"{good},{{"kty":"EC","crv":"P-256"}}"#))),
        ("member-set-aside", format!(r#"{{{KEY},"alg":"ES256","x5u":7}}"#)),
        ("x5c-mismatch", format!(r#"{{{KEY},"alg":"ES256","x5c":["AAAA"]}}"#)),
        ("set-empty", keys("")),
    ]
}

fn lint(folder: &Folder, text: &str, options: &[&str]) -> Ran {
    let args = [&["lint", "-", NOW, "--json"], options].concat();
    folder.josec_with(&args, text.as_bytes())
}

fn codes(ended: &Ran) -> Vec<String> {
    let json = ended.json();
    let findings = json["findings"].as_array().unwrap_or_else(|| panic!("{json}"));
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_fault_is_found() {
    let folder = Folder::new();
    let rules = folder.josec(["lint", "--rules", "--json"]).ok().json();
    let mut missing: BTreeSet<_> =
        rules.as_array().unwrap().iter().map(|rule| rule["code"].as_str().unwrap().to_owned()).collect();
    for (code, text) in faults() {
        let ended = lint(&folder, &text, &[]);
        let json = ended.json();
        let finding = json["findings"]
            .as_array()
            .unwrap_or_else(|| panic!("{code}: {json}"))
            .iter()
            .find(|one| one["code"] == code);
        let finding = finding.unwrap_or_else(|| panic!("{code} is not found in {text}: {json}"));
        for member in ["severity", "place", "section", "says", "help"] {
            assert!(finding[member].as_str().is_some_and(|text| !text.is_empty()), "{finding}");
        }
        let is_fault = json["findings"].as_array().unwrap().iter().any(|one| one["severity"] != "note");
        assert_eq!((ended.code(), &json["ok"]), (i32::from(is_fault), &(!is_fault).into()), "{code}: {json}");
        missing.remove(code);
        // The same for people, with the code in it.
        let plain = folder.josec_with(["lint", "-", NOW], text.as_bytes());
        assert_eq!(plain.code(), ended.code(), "{code}");
        assert!(plain.out().contains(&format!("[{code}]")), "{}", plain.out());
    }
    // Those that need keys of some work have tests of their own.
    missing.remove("rsa-roca");
    missing.remove("certificate-expired");
    assert!(missing.is_empty(), "no fault is known for {missing:?}");
}

#[test]
fn what_is_right_is_not_found_fault_with() {
    let folder = Folder::new();
    let right = [
        claims(CLAIMS),
        jwe(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","epk":{}}"#),
        keys(&format!(r#"{{{KEY},"alg":"ES256","kid":"a"}}"#)),
        format!(r#"{{{KEY},"alg":"ES256"}}"#),
        rsa(odd(256), "AQAB"),
        // A Security Event Token does not expire (RFC 8417 section 2.2).
        token(
            r#"{"alg":"ES256","typ":"secevent+jwt"}"#,
            r#"{"iss":"i","aud":"a","iat":1799999990,"jti":"j","events":{}}"#,
        ),
    ];
    for text in right {
        let ended = lint(&folder, &text, &[]);
        assert_eq!((ended.code(), codes(&ended)), (0, Vec::new()), "{text}");
    }
    let private = keys(&format!(r#"{{{KEY},{D},"alg":"ES256","kid":"a"}}"#));
    assert_eq!(lint(&folder, &private, &["--private"]).code(), 0);
}

#[test]
fn the_level_decides_the_exit_code() {
    let folder = Folder::new();
    for (code, text, exits) in [
        ("alg-not-stated", format!("{{{KEY}}}"), [1, 0, 0]),
        ("aud-missing", claims(r#""iss":"i","exp":1800000600"#), [1, 1, 0]),
        ("alg-none", header(r#""alg":"none""#), [1, 1, 1]),
    ] {
        for (level, exit) in ["note", "warning", "error"].into_iter().zip(exits) {
            let ended = lint(&folder, &text, &["--level", level]);
            assert_eq!((ended.code(), codes(&ended)), (exit, vec![code.to_owned()]), "{level}");
        }
    }
    let long = claims(r#""iss":"i","aud":"a","iat":1799999990,"exp":1800003600"#);
    assert_eq!(codes(&lint(&folder, &long, &["--max-lifetime", "1h"])), ["lifetime-long"]);
    assert_eq!(codes(&lint(&folder, &long, &["--max-lifetime", "2h"])), Vec::<String>::new());
    // What it is not meant for is not passed off as right.
    for text in ["", "not a token", "{\"a\":1}"] {
        let ended = lint(&folder, text, &[]);
        assert_eq!((ended.code(), &ended.json()["valid"]), (1, &Value::from(false)), "{text}");
    }
}

#[test]
fn dates_that_contradict_are_compared_with_the_clock_too() {
    let folder = Folder::new();
    let text = claims(r#""iss":"i","aud":"a","iat":1799999990,"exp":1799999980"#);
    let found = codes(&lint(&folder, &text, &[]));
    assert!(
        ["dates-contradict", "expired"].iter().all(|code| found.contains(&(*code).to_owned())),
        "{found:?}"
    );
}
