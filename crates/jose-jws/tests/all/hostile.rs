//! Input of any kind: E2, E6, E7, E8, E9, C2, W16.

use jose_b64::Error as EncodingError;
use jose_jwk::header::MAX_HEADER_LEN;
use jose_jws::compact::{self, Unverified};
use jose_jws::{Error, Header, HeaderError, JwsAlg, VerifyingKey};

use crate::help::{Random, forge, join, signer, verifier};
use crate::keys;

fn key() -> VerifyingKey {
    verifier(keys::OCT, JwsAlg::Hs256)
}

fn token(payload: &[u8]) -> String {
    compact::sign(&signer(keys::OCT, JwsAlg::Hs256), payload, &Header::new()).unwrap()
}

fn refusal(token: impl AsRef<[u8]>) -> Option<Error> {
    compact::verify(&key(), token.as_ref()).err()
}

/// Covers E6, W16.
#[test]
fn no_character_fits_in_anywhere() {
    for payload in [&b"{}"[..], b"abc", b"\xff\xff\xff\xff"] {
        let token = token(payload);
        assert_eq!(refusal(&token), None);
        for place in 0..=token.len() {
            for inserted in
                ["=", "==", "+", "/", " ", "\n", "\r\n", "\t", "\0", "\u{b}", "é", "\u{feff}", "%", "A"]
            {
                let text = format!("{}{inserted}{}", &token[..place], &token[place..]);
                assert!(refusal(&text).is_some(), "{inserted:?} at {place} of {token}");
            }
            let text = format!("{}.{}", &token[..place], &token[place..]);
            assert_eq!(refusal(&text).map(|error| error.code()), Some("segments"));
        }
    }
}

/// The last character of a part has bits that stand for nothing: they are zero.
///
/// Covers E6.
#[test]
fn trailing_bits_are_zero() {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let token = token(b"{}");
    for end in [token.find('.').unwrap(), token.rfind('.').unwrap(), token.len()] {
        let mut taken = Vec::new();
        for last in ALPHABET.chars() {
            let text = format!("{}{last}{}", &token[..end - 1], &token[end..]);
            match refusal(&text) {
                None => taken.push(text),
                Some(error) => assert!(matches!(
                    error,
                    Error::Signature
                        | Error::Header(HeaderError::Encoding(_))
                        | Error::Encoding { error: EncodingError::TrailingBits, .. }
                )),
            }
        }
        assert_eq!(taken, std::slice::from_ref(&token));
    }
}

/// Covers C2.
#[test]
fn every_truncation_is_refused() {
    for (text, alg) in [
        (keys::OCT, JwsAlg::Hs256),
        (keys::RSA, JwsAlg::Rs256),
        (keys::P256, JwsAlg::Es256),
        (keys::P521, JwsAlg::Es512),
        (keys::SECP256K1, JwsAlg::Es256K),
        (keys::ED25519, JwsAlg::EdDsa),
    ] {
        let (signing, key) = (signer(text, alg), verifier(text, alg));
        let token = compact::sign(&signing, b"{}", &Header::new()).unwrap();
        compact::verify(&key, &token).unwrap();
        for len in 0..token.len() {
            assert!(compact::verify(&key, &token[..len]).is_err(), "{alg}, {len} characters");
        }
        // The signature as bytes: one length alone is looked at.
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
        let cut = |octets: &[u8]| format!("{input}.{}", jose_b64::base64url::encode_to_string(octets));
        for len in 0..signature.len() {
            let error = compact::verify(&key, &cut(&signature[..len])).err();
            assert_eq!(error, Some(Error::Signature), "{alg}, {len} bytes");
            assert_eq!(compact::verify(&key, &cut(&signature[len + 1..])).err(), Some(Error::Signature));
        }
        for more in [[&signature[..], &[0]].concat(), [&[0], &signature[..]].concat(), signature.repeat(2)] {
            assert_eq!(compact::verify(&key, &cut(&more)).err(), Some(Error::Signature), "{alg}");
        }
    }
}

/// Covers C2.
#[test]
fn there_are_three_parts() {
    let token = token(b"{}");
    let (input, _) = token.rsplit_once('.').unwrap();
    for text in ["", "a", ".", input, &format!("{token}."), &format!(".{token}"), "a.b.c.d", "a.b.c.d.e"] {
        assert_eq!(refusal(text).map(|error| error.code()), Some("segments"), "{text}");
    }
    assert_eq!(refusal(format!("{input}.")), Some(Error::Signature));
    assert_eq!(refusal(".."), Some(Error::Header(HeaderError::Encoding(EncodingError::Syntax { at: 0 }))));
    // A JSON serialization, and a JWE (five parts).
    assert_eq!(
        refusal(r#"{"payload":"e30","protected":"e30","signature":"AA"}"#).map(|error| error.code()),
        Some("is-json")
    );
}

/// Covers E7.
#[test]
fn dots_and_long_headers_are_refused() {
    for dots in [4, 1_000_000] {
        assert_eq!(refusal(".".repeat(dots)).map(|error| error.code()), Some("segments"));
        assert_eq!(
            refusal(format!("{}{}", token(b"{}"), ".".repeat(dots))).map(|error| error.code()),
            Some("segments")
        );
    }
    // A header that is too long is not decoded: it is not even base64url.
    assert_eq!(
        refusal(format!("{}.e30.AA", "*".repeat(10_000_000))),
        Some(Error::Header(HeaderError::TooLong))
    );
}

/// To the byte, and for both who read and who write.
///
/// Covers E7.
#[test]
fn a_header_has_16_kib_and_no_octet_more() {
    let signing = signer(keys::OCT, JwsAlg::Hs256);
    let beside = r#"{"alg":"HS256","x":""}"#.len();
    let too_long = Some(Error::Header(HeaderError::TooLong));
    for (len, expected) in
        [(MAX_HEADER_LEN - 1, None), (MAX_HEADER_LEN, None), (MAX_HEADER_LEN + 1, too_long.clone())]
    {
        let filler = "y".repeat(len - beside);
        let text = format!(r#"{{"alg":"HS256","x":"{filler}"}}"#);
        assert_eq!(text.len(), len);
        assert_eq!(refusal(forge(&signing, &text, b"{}")), expected.clone(), "{len}");
        let members = format!(r#"{{"x":"{filler}"}}"#);
        let written = Header::new()
            .parameters(&members)
            .map_err(Error::Header)
            .and_then(|header| compact::sign(&signing, b"{}", &header));
        assert_eq!(written.err(), expected, "{len}");
        let unsigned = compact::Unsigned::with_header_text(JwsAlg::Hs256, b"{}", &text);
        assert_eq!(unsigned.err(), expected, "{len}");
    }
    let kid = "k".repeat(MAX_HEADER_LEN);
    let header = Header::new().kid(&kid);
    assert_eq!(compact::sign(&signing, b"{}", &header).err(), too_long);
}

/// Covers E2, E8, E9.
#[test]
fn a_header_is_one_strict_json_object() {
    let encoding = |error| Some(Error::Header(HeaderError::Encoding(error)));
    let deep = |levels: usize| {
        format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1)).into_bytes()
    };
    for (header, expected) in [
        (br#"{"alg":"HS256"}"#.to_vec(), None),
        (br#" {"alg" : "HS256"} "#.to_vec(), None),
        (br#"{"alg":"HS256","alg":"HS256"}"#.to_vec(), encoding(EncodingError::DuplicateMember)),
        (br#"{"alg":"none","\u0061lg":"HS256"}"#.to_vec(), encoding(EncodingError::DuplicateMember)),
        (br#"{"alg":"HS256","x":{"y":1,"y":1}}"#.to_vec(), encoding(EncodingError::DuplicateMember)),
        (br#"["alg","HS256"]"#.to_vec(), encoding(EncodingError::NotAnObject)),
        (br#"{"alg":"HS256"}{}"#.to_vec(), encoding(EncodingError::TrailingCharacters)),
        (b"{\"alg\":\"HS256\"}\0".to_vec(), encoding(EncodingError::TrailingCharacters)),
        (b"\xef\xbb\xbf{\"alg\":\"HS256\"}".to_vec(), encoding(EncodingError::ByteOrderMark)),
        (b"{\"alg\":\"HS256\",\"x\":\"\xff\"}".to_vec(), encoding(EncodingError::Utf8)),
        (b"{\"alg\":\"HS256\",\"x\":\"\\ud800\"}".to_vec(), encoding(EncodingError::Surrogate)),
        (deep(16), None),
        (deep(17), encoding(EncodingError::Depth)),
        (deep(8000), encoding(EncodingError::Depth)),
    ] {
        let token = forge(&signer(keys::OCT, JwsAlg::Hs256), &header, b"{}");
        assert_eq!(refusal(token), expected, "{}", String::from_utf8_lossy(&header));
    }
}

/// E10: a hundred thousand random changes, and one answer.
///
/// Covers E10.
#[test]
fn no_change_verifies_and_none_panics() {
    let (token, mut random) = (token(br#"{"iss":"joe"}"#), Random(1));
    for _ in 0..100_000 {
        let mut changed = token.clone().into_bytes();
        for _ in 0..=random.next() % 3 {
            let place = random.next() as usize % changed.len();
            match random.next() % 4 {
                0 => changed[place] = random.next() as u8,
                1 => changed[place] = token.as_bytes()[random.next() as usize % token.len()],
                2 => drop(changed.remove(place)),
                _ => changed.insert(place, b"._-A="[random.next() as usize % 5]),
            }
        }
        if let Ok(jws) = Unverified::parse(&changed) {
            assert!(changed == token.as_bytes() || jws.verify(&key()).is_err());
            let _ = jws.dangerous_decode_into(&mut [0; 64]);
        }
    }
}

/// C3: a signature made for other bytes of the same meaning.
///
/// Covers C3.
#[test]
fn the_octets_of_the_header_are_signed() {
    let signed = token(b"{}");
    let signature =
        jose_b64::base64url::decode_to_vec(signed.rsplit_once('.').unwrap().1.as_bytes()).unwrap();
    assert_eq!(refusal(join(r#"{"alg":"HS256"}"#, "{}", &signature)), None);
    for header in [r#"{ "alg":"HS256"}"#, r#"{"alg":"\u0048S256"}"#, r#"{"alg":"HS256","typ":"JWT"}"#] {
        assert_eq!(refusal(join(header, "{}", &signature)), Some(Error::Signature));
    }
}
