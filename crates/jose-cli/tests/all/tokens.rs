//! `josec jwt`, `josec inspect` and `josec lint` on tokens.

use crate::command::{Folder, Ran};

const NOW: &str = "2026-11-27T12:00:00Z";

fn sign(folder: &Folder, args: &[&str]) -> Ran {
    folder.data("es256.jwk").josec(["jwt", "sign", "--key", "es256.jwk", "--now", NOW].iter().chain(args))
}

fn verify(folder: &Folder, args: &[&str]) -> Ran {
    let standard = ["jwt", "verify", "--key", "es256.jwk", "--now", NOW, "token"];
    folder.josec(standard.iter().chain(args))
}

const GOOD: &[&str] = &["--iss", "https://issuer.example", "--aud", "api", "--sub", "alice", "--exp", "+10m"];
const EXPECTED: &[&str] = &["--iss", "https://issuer.example", "--aud", "api"];

fn good() -> Folder {
    let folder = Folder::new();
    let token = sign(&folder, GOOD).ok();
    folder.write("token", token.bytes());
    folder
}

#[test]
fn claims_come_from_flags_and_from_json_as_they_are_written() {
    let folder = Folder::new();
    folder.write("claims.json", r#"{ "n": 12345678901234567890123, "f":1.50, "iss":"x" }"#);
    let args = [
        "claims.json",
        "--exp",
        "2026-11-27T13:00:00Z",
        "--claim",
        "role=admin",
        "--claim-json",
        "list=[1, 2]",
        "--json",
    ];
    let ran = sign(&folder, &args).ok();
    let claims = r#""claims":{"n":12345678901234567890123,"f":1.50,"iss":"x","exp":1795784400,"iat":1795780800,"role":"admin","list":[1,2]}"#;
    ran.writes(claims);
}

#[test]
fn a_claim_is_given_once_and_a_token_expires() {
    let folder = Folder::new();
    folder.write("claims.json", r#"{"iss":"x"}"#).write("twice.json", r#"{"iss":"x","iss":"y"}"#);
    sign(&folder, &["claims.json", "--iss", "y", "--exp", "1h"]).ends(2).says("twice");
    sign(&folder, &["twice.json", "--exp", "1h"]).ends(3);
    sign(&folder, &[]).ends(2).says("--no-exp");
    sign(&folder, &["--no-exp"]).ok();
    sign(&folder, &["--exp", "tomorrow"]).ends(2).says("is not a time");
    folder.write("text.json", r#"{"exp":"tomorrow"}"#);
    sign(&folder, &["text.json"]).ends(2).says("exp is not a date");
}

#[test]
fn a_good_token_is_verified_and_its_claims_are_written_byte_for_byte() {
    let folder = good();
    let ran = verify(&folder, EXPECTED).ok();
    assert_eq!(
        ran.out(),
        "{\"iss\":\"https://issuer.example\",\"sub\":\"alice\",\"aud\":\"api\",\"exp\":1795781400,\"iat\":1795780800}\n"
    );
    let json = verify(&folder, &[EXPECTED, &["--json"]].concat()).ok().json();
    assert_eq!(
        (&json["valid"], &json["alg"], &json["claims"]["sub"]),
        (&true.into(), &"ES256".into(), &"alice".into())
    );
}

#[test]
fn a_refusal_says_the_rule_what_was_found_and_what_was_expected() {
    let folder = good();
    let rows: &[(&[&str], &str, &str, &str)] = &[
        (
            &["--iss", "https://other.example", "--aud", "api"],
            "iss",
            "\"https://issuer.example\"",
            "https://other.example",
        ),
        (&["--any-iss", "--aud", "web"], "aud", "\"api\"", "web"),
        (&["--any-iss", "--any-aud", "--sub", "bob"], "sub", "\"alice\"", "bob"),
        (&["--any-iss", "--any-aud", "--nonce", "n"], "nonce", "nothing", "n"),
        (&["--any-iss", "--any-aud", "--typ", "at+jwt"], "typ", "\"JWT\"", "at+jwt"),
        (
            &["--any-iss", "--any-aud", "--alg", "RS256", "--alg", "ES256", "--now", "2026-11-27T13:00:00Z"],
            "exp",
            "50 minutes ago",
            "2026-11-27 13:00:00Z",
        ),
    ];
    for (args, rule, found, expected) in rows {
        // The last of two is taken.
        let args: Vec<_> = if args.contains(&"--now") {
            ["jwt", "verify", "--key", "es256.jwk", "token"].iter().chain(*args).collect()
        } else {
            ["jwt", "verify", "--key", "es256.jwk", "--now", NOW, "token"].iter().chain(*args).collect()
        };
        let ran = folder.josec(args).ends(1);
        assert_eq!(ran.out(), "");
        let ran = ran.says(&format!("rule: {rule}\n")).says("found: ").says("expected: ");
        assert!(ran.err().contains(found) && ran.err().contains(expected), "{ran}");
    }
    verify(&folder, &[]).ends(2).says("--any-iss");
    verify(&folder, &["--any-iss"]).ends(2).says("--any-aud");
    verify(&folder, &[EXPECTED, &["--leeway", "1h"]].concat()).ends(2);
}

#[test]
fn another_key_and_another_algorithm_are_refused() {
    let folder = good();
    folder.josec(["key", "new", "p-256", "--kid", "other", "-o", "other.jwk"]).ok();
    folder.josec(["key", "new", "p-256", "--no-kid", "-o", "nameless.jwk"]).ok();
    let with = |key: &str| {
        let args = ["jwt", "verify", "--any-iss", "--any-aud", "--now", NOW, "--key", key, "token"];
        folder.josec(args)
    };
    with("other.jwk").ends(1).says("rule: kid").says("other");
    with("nameless.jwk").ends(1).says("does not verify");
    with("missing.jwk").ends(3);
    folder.write("damaged.jwk", "{\"kty\":\"EC\"}");
    with("damaged.jwk").ends(3);
    let failure = folder.josec([
        "jwt",
        "verify",
        "--json",
        "--any-iss",
        "--any-aud",
        "--now",
        NOW,
        "--key",
        "nameless.jwk",
        "token",
    ]);
    let json = failure.ends(1).json();
    assert_eq!(
        (&json["valid"], &json["exit"], &json["error"]["code"]),
        (&false.into(), &1.into(), &"signature".into())
    );
}

#[test]
fn profiles_by_name() {
    let folder = Folder::new();
    let args = [GOOD, &["--jti", "--claim", "client_id=c", "--typ", "at+jwt"]].concat();
    // An option with a value after `=` alone does not swallow the next one.
    folder.write("token", sign(&folder, &args).ok().bytes());
    verify(&folder, &[EXPECTED, &["--profile", "access-token"]].concat()).ok();
    verify(&folder, &[EXPECTED, &["--profile", "id-token"]].concat()).ends(1);
    verify(&folder, &[EXPECTED, &["--profile", "nonsense"]].concat()).ends(2);
}

#[test]
fn encrypted_and_nested_tokens() {
    let folder = good();
    folder.josec(["key", "new", "P-256", "-o", "enc.jwk"]).ok();
    let nested = folder.josec(["encrypt", "--to", "enc.jwk", "--cty", "JWT", "token"]);
    // The file ends with a line end, which is no part of a JWT.
    let trimmed = folder.read("token").trim_ascii_end().to_vec();
    drop(nested);
    folder.write("bare", trimmed);
    folder.write("token", folder.josec(["encrypt", "--to", "enc.jwk", "--cty", "JWT", "bare"]).ok().bytes());
    verify(&folder, &[EXPECTED, &["--decrypt-key", "enc.jwk"]].concat()).ok().writes("\"sub\":\"alice\"");
    verify(&folder, EXPECTED).ends(1);
    folder.write("claims.json", r#"{"iss":"https://issuer.example","aud":"api","exp":1795781400}"#);
    folder.write("sealed", folder.josec(["encrypt", "--to", "enc.jwk", "claims.json"]).ok().bytes());
    let args = ["jwt", "verify", "--decrypt-key", "enc.jwk", "--now", NOW, "sealed"];
    folder.josec(args.iter().chain(EXPECTED)).ok().writes("1795781400").says("not signed");
}

#[test]
fn inspect_says_that_nothing_was_verified_and_dates_in_words() {
    let folder = good();
    let ran = folder.josec(["inspect", "token", "--now", "2026-11-30T12:10:00Z"]).ok();
    ran.writes("NOT VERIFIED").writes("expired 3 days ago").writes("JWT, signed");
    let coloured = folder.josec(["inspect", "token", "--color", "always"]).ok();
    coloured.writes("\u{1b}[");
    assert!(!folder.josec(["inspect", "token"]).ok().out().contains('\u{1b}'));
}

#[test]
fn lint_finds_what_is_wrong() {
    let folder = good();
    let lint = |args: &[&str]| folder.josec(["lint", "--now", NOW].iter().chain(args));
    lint(&["token"]).ok();
    folder.josec(["lint", "token", "--now", "2027-01-01T00:00:00Z"]).ends(1).writes("error[expired]");
    lint(&["token", "--max-lifetime", "5m"]).ends(1).writes("warning[lifetime-long]");
    lint(&["token", "--max-lifetime", "5m", "--level", "error"]).ok();
    // {"alg":"none"} . {"sub":"a","sub":"b"}
    folder.write("none", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwic3ViIjoiYiJ9.");
    lint(&["none"]).ends(1).writes("error[alg-none]").writes("error[duplicate-member]");
    // {"alg":"none"} padded.
    folder.write("padded", "eyJhbGciOiJub25lIn0=.e30.");
    lint(&["padded"]).ends(1).writes("error[padding]");
    // {"alg":"ES256","crit":["exp"],"exp":1} and {"alg":"ES256","jku":"https://a.example"}
    folder.write("crit", "eyJhbGciOiJFUzI1NiIsImNyaXQiOlsiZXhwIl0sImV4cCI6MX0.e30.AA");
    lint(&["crit"]).ends(1).writes("error[crit-unknown]").writes("error[exp-missing]");
    folder.write("jku", "eyJhbGciOiJFUzI1NiIsImprdSI6Imh0dHBzOi8vYS5leGFtcGxlIn0.e30.AA");
    lint(&["jku"]).ends(1).writes("warning[header-url]").writes("warning[aud-missing]");
    // {"exp":1795781400000}
    folder.write("milliseconds", "eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjE3OTU3ODE0MDAwMDB9.AA");
    lint(&["milliseconds"]).ends(1).writes("error[date-milliseconds]");
}

#[test]
fn lint_finds_what_is_wrong_with_keys() {
    let folder = Folder::new();
    let lint = |text: &str, code: &str| {
        folder.write("key", text);
        folder.josec(["lint", "key"]).ends(1).writes(&format!("[{code}]"));
        let json = folder.josec(["lint", "--json", "key"]).ends(1).json();
        let codes: Vec<_> =
            json["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
        assert!(codes.iter().any(|found| *found == code), "{codes:?}");
    };
    lint(r#"{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}"#, "secret-short");
    let ec = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;
    lint(&format!(r#"{{"keys":[{{{ec},"kid":"a"}},{{{ec},"kid":"a"}}]}}"#), "kid-repeated");
    lint(&format!(r#"{{"keys":[{{{ec}}}]}}"#), "kid-missing");
    lint(&format!(r#"{{{ec},"alg":"RS256"}}"#), "alg-mismatch");
    lint(
        &format!(r#"{{"keys":[{{{ec},"kid":"a","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}}]}}"#),
        "private-in-set",
    );
    lint(
        r#"{"keys":[{"kty":"oct","kid":"a","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}"#,
        "symmetric-in-set",
    );
    lint(r#"{"keys":[{"kty":"XY","kid":"a"}]}"#, "key-unusable");
    lint(r#"{"kty":"EC","kty":"EC"}"#, "duplicate-member");
    lint(r#"{"keys":[]}"#, "set-empty");
    // The modulus of RFC 7515 A.2, with the exponent 3.
    let three = r#"{"kty":"RSA","e":"Aw","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
    lint(three, "rsa-exponent");
    folder.write("three", three).josec(["inspect", "three"]).ok().writes("refused");
}

#[test]
fn algorithms_completions_and_manual() {
    let folder = Folder::new();
    let json = folder.josec(["algorithms", "--json"]).ok().json();
    assert!(json["jws_alg"].as_array().unwrap().iter().any(|row| row["name"] == "ES256"));
    folder.josec(["algorithms"]).ok().writes("RSA1_5");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        folder.josec(["completions", shell]).ok().writes("josec");
    }
    folder.josec(["man"]).ok().writes(".TH josec");
    folder.josec(["man", "jwt", "verify"]).ok().writes("\\-\\-any\\-iss");
    folder.josec(["man", "nonsense"]).ends(2);
    folder.josec(["--version"]).ok().writes("josec 0.1.0");
    folder.josec(["nonsense"]).ends(2);
    folder.josec::<&str>([]).ends(2);
}
