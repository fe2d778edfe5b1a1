//! A1, E1, E4, E5, E7, J07: the form of a JWT, before anybody looks at its claims.

use jose_b64::base64url::encode_to_string;
use jose_jws::alg::{Hs256, Raw};
use jose_jws::{Header, Parameters};
use jose_jwt::{Claims, Error, NoClaims, Token};
use signature::MultipartSigner;

use super::help::{claims, key, now, token, verifier};

fn refusal(token: &str) -> Option<Error> {
    verifier().at(now()).verify::<NoClaims>(token).err()
}

/// Covers A1.
#[test]
fn an_unsecured_jwt_is_none() {
    let payload = encode_to_string(claims("").as_bytes());
    for bits in 0..16_u32 {
        let none: String = "none"
            .chars()
            .enumerate()
            .map(|(at, letter)| if bits >> at & 1 == 1 { letter.to_ascii_uppercase() } else { letter })
            .collect();
        let header = encode_to_string(format!(r#"{{"alg":"{none}","typ":"JWT"}}"#).as_bytes());
        for signature in ["", "AA", token("{}").rsplit_once('.').unwrap().1] {
            let error = refusal(&format!("{header}.{payload}.{signature}"));
            assert_eq!(error, Some(Error::Jws(jose_jws::Error::AlgorithmUnknown)), "{none}");
        }
    }
}

/// RFC 7519 section 1: a JWT is compact. What is JSON and a JWT at once is neither.
///
/// Covers E1.
#[test]
fn only_the_compact_serialization() {
    let good = token(claims(""));
    assert_eq!(refusal(&good), None);
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let forged = encode_to_string(claims(r#""sub":"mallory""#).as_bytes());
    for text in [
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#),
        format!(
            r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#
        ),
        // A compact JWT as the name of a member, other claims beside it.
        format!(r#"{{"{good}":"","payload":"{forged}","protected":"{header}","signature":"{signature}"}}"#),
        format!(r#"{{" {header}.":{{}},"payload":"{forged}.{signature}"}}"#),
        format!("{good}{{}}"),
        format!("[{good}]"),
        format!("\"{good}\""),
        format!(" {good}"),
        format!("{good}\n"),
        format!("Bearer {good}"),
        format!("{good}~"),
        format!("{good},{good}"),
        format!("\u{feff}{good}"),
        good.replace('.', " ."),
        good.replace('.', "\u{2024}"),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}.{signature}.{signature}.{signature}"),
        format!("{header}.{forged}.{signature}"),
        String::new(),
    ] {
        assert!(matches!(refusal(&text), Some(Error::Jws(_))), "{text}");
    }
}

/// E5, RFC 7797 section 7: `b64` false is not for JWTs, on either side; true, which says nothing new, is for both.
///
/// Covers E5, B64.
#[test]
fn false_is_neither_signed_nor_taken() {
    let header = |members: &'static str| Header::new().parameters(members).unwrap();
    let unencoded = Some(Error::Jws(jose_jws::Error::Unencoded));
    let wrong = Some(Error::Jws(jose_jws::Error::B64));
    for (members, signing, verifying) in [
        (r#"{"b64":false,"crit":["b64"]}"#, &unencoded, &unencoded),
        (r#"{"b64":false}"#, &unencoded, &wrong),
        (r#"{"b64":0}"#, &wrong, &wrong),
        (r#"{"b64":"true","crit":["b64"]}"#, &wrong, &wrong),
        (r#"{"b64":null}"#, &wrong, &wrong),
        (r#"{"b64":true,"crit":["b64"]}"#, &None, &None),
        (r#"{"b64":true}"#, &None, &None),
    ] {
        let signed = Token::at(&Claims::new(), now()).header(header(members)).sign(&key());
        assert_eq!(signed.err(), *signing, "{members}");
        // A signer that asks nothing, whose payload is `e30` as it is or base64url of these claims.
        let text = members.replacen('{', r#"{"alg":"HS256","#, 1);
        let payload = if members.contains("false") {
            "e30".to_owned()
        } else {
            encode_to_string(claims("").as_bytes())
        };
        let input = format!("{}.{payload}", encode_to_string(text.as_bytes()));
        let tag: Raw<Hs256, [u8; 32]> = key().inner().multipart_sign(&[input.as_bytes()]);
        let token = format!("{input}.{}", encode_to_string(tag.bytes()));
        assert_eq!(refusal(&token), *verifying, "{members}");
        let lenient = verifier().understand(&["b64"]).at(now()).verify::<NoClaims>(&token);
        assert_eq!(lenient.err(), *verifying, "{members}");
    }
}

/// E4, T03: `crit` names what the caller understands, or nothing.
///
/// Covers E4, T03.
#[test]
fn an_extension_is_understood_where_it_is_named() {
    let signed = |members: &'static str| {
        let header = Header::new().parameters(members).unwrap();
        Token::at(&Claims::new().expires_in(core::time::Duration::from_secs(1)), now())
            .header(header)
            .sign(&key())
            .unwrap()
    };
    let token = signed(r#"{"crit":["x"],"x":{"y":1}}"#);
    let refused = |error| Some(Error::Jws(jose_jws::Error::Header(error)));
    let not_understood = refused(jose_jws::HeaderError::CritNotUnderstood);
    let verify = |names, token: &str| verifier().understand(names).at(now()).verify::<NoClaims>(token);
    assert_eq!(refusal(&token), not_understood);
    for names in [&[] as &[_], &["y"], &["X"], &["x "], &["1", "2", "3", "4", "5", "6", "7", "8", "x"]] {
        assert_eq!(verify(names, &token).err(), not_understood, "{names:?}");
    }
    for names in [&["x"] as &[_], &["1", "2", "3", "4", "5", "6", "7", "x"]] {
        // What it says is for the caller to act upon.
        let verified = verify(names, &token).unwrap();
        assert_eq!(verified.header().get("x").map(|x| x.raw()), Some(r#"{"y":1}"#), "{names:?}");
    }
    // Understanding an extension is not asking for it; one that `crit` does not name is anybody's.
    assert!(verify(&["x"], &signed(r#"{"x":1}"#)).is_ok());
    assert_eq!(verify(&["x"], &signed(r#"{"crit":["x","z"],"x":1,"z":1}"#)).err(), not_understood);
    let printed = format!("{:?}", verifier().understand(&["x-tenant"]));
    assert!(printed.contains(r#"understood: ["x-tenant"]"#), "{printed}");
}

/// Covers E7.
#[test]
fn a_jwt_has_256_kib_unless_said_otherwise() {
    let with = |filler: usize| token(claims(&format!(r#""x":"{}""#, "y".repeat(filler))));
    // The first that is too long, by its own length.
    let limit = 256 * 1024;
    let filler = (limit * 3 / 4 - 200..).find(|filler| with(*filler).len() > limit).unwrap();
    assert_eq!(refusal(&with(filler)), Some(Error::TooLong { max: limit }));
    assert_eq!(refusal(&with(filler - 1)), None);
    let small = token(claims(""));
    let verify = |limit| verifier().max_len(limit).at(now()).verify::<NoClaims>(&small).err();
    assert_eq!(verify(small.len()), None);
    assert_eq!(verify(small.len() - 1), Some(Error::TooLong { max: small.len() - 1 }));
    let large = verifier().max_len(usize::MAX).at(now()).verify::<NoClaims>(&with(filler));
    assert!(large.is_ok());
    // Nothing of it is decoded: it is not even ASCII.
    assert_eq!(refusal(&"é".repeat(10_000_000)), Some(Error::TooLong { max: limit }));
}

/// J07: the header over the defaults; `alg` is the key's.
///
/// Covers J07.
#[test]
fn a_header_is_merged_and_alg_cannot_be_contradicted() {
    let header_of = |header: &Header<'_>| {
        let token = Token::at(&Claims::new(), now()).header(*header).sign(&key())?;
        let text = jose_b64::base64url::decode_to_vec(token.split('.').next().unwrap().as_bytes()).unwrap();
        Ok::<_, Error>(String::from_utf8(text).unwrap())
    };
    assert_eq!(header_of(&Header::new()).unwrap(), r#"{"alg":"HS256","typ":"JWT"}"#);
    let own = Header::new().typ("at+jwt").kid("1").parameters(r#"{"x":1}"#).unwrap();
    assert_eq!(header_of(&own).unwrap(), r#"{"alg":"HS256","typ":"at+jwt","kid":"1","x":1}"#);
    let by_member = Header::new().parameters(r#"{"typ":"at+jwt"}"#).unwrap();
    assert_eq!(header_of(&by_member).unwrap(), r#"{"alg":"HS256","typ":"at+jwt"}"#);
    for alg in ["none", "HS512", "HS256"] {
        let members = format!(r#"{{"alg":"{alg}"}}"#);
        let refused = jose_jws::HeaderError::Reserved("alg");
        assert_eq!(Header::new().parameters(&members).err(), Some(refused), "{alg}");
        let through = Parameters::new().string("alg", alg).unwrap();
        let refused = Err(Error::Jws(jose_jws::Error::Header(refused)));
        assert_eq!(header_of(&through.header()), refused, "{alg}");
    }
}
