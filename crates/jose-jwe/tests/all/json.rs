use jose_b64::{base64url, json as strict};
use jose_jwe::json::{Message, Recipient, decrypt};
use jose_jwe::{
    AlgSet, DecryptionKeys, Encrypted, EncryptionKey, Error, Header, JweAlg, JweEnc, Limits, compact,
};
use jose_jwk::{Curve, Error as KeyError, JwkSet};

use super::support::{PLAINTEXT, oct, on_curve, pair};

const ENC: JweEnc = JweEnc::A128Gcm;

fn kw(kid: &str) -> (EncryptionKey, jose_jwe::DecryptionKey) {
    pair(&oct(16).with_kid(kid), JweAlg::A128Kw)
}

/// Covers E13, E14, D14.
#[test]
fn the_result_says_who_it_was_for() {
    let (one, _) = kw("one");
    let (two, two_decrypts) = pair(&on_curve(Curve::P256).with_kid("two"), JweAlg::EcdhEsA128Kw);
    let (three, three_decrypts) = pair(&oct(32).with_kid("three"), JweAlg::A256GcmKw);
    let text = Message::new(ENC)
        .header(Header { cty: Some("text/plain"), ..Header::default() })
        .unprotected(r#"{"jku":"https://example.com"}"#)
        .aad(b"additional")
        .general(&[(&one).into(), Recipient::new(&two).header(r#"{"x":"y"}"#), (&three).into()], PLAINTEXT)
        .unwrap();
    for (key, index, generated) in [(&two_decrypts, 1, "epk"), (&three_decrypts, 2, "tag")] {
        let decrypted = decrypt(key, &text).unwrap();
        assert_eq!(decrypted.plaintext(), PLAINTEXT);
        assert_eq!(decrypted.recipient_index(), index);
        assert_eq!(decrypted.aad(), Some(b"additional".as_slice()));
        assert!(decrypted.protected().is_cty("text/plain"));
        assert!(decrypted.unprotected().get("jku").is_some());
        // With several recipients what is generated stands in the recipient's own header.
        assert!(decrypted.recipient_header().get(generated).is_some());
        assert!(decrypted.protected().get(generated).is_none());
        assert!(decrypted.get("alg").is_some());
    }
    // With one, in the protected header.
    let text = Message::new(ENC).flattened(&three, PLAINTEXT).unwrap();
    let decrypted = decrypt(&three_decrypts, &text).unwrap();
    for name in ["alg", "enc", "kid", "iv", "tag"] {
        assert!(decrypted.protected().get(name).is_some(), "{name}");
    }
}

/// Covers E08.
#[test]
fn the_additional_data_is_authenticated() {
    let (encrypts, decrypts) = kw("1");
    let text = Message::new(ENC).aad(b"one").flattened(&encrypts, PLAINTEXT).unwrap();
    let aad = |octets| format!(r#""aad":"{}""#, base64url::encode_to_string(octets));
    let other = text.replace(&aad(b"one"), &aad(b"two"));
    assert_ne!(other, text);
    assert_eq!(decrypt(&decrypts, &other).unwrap_err(), Error::Decryption);
    let without = text.replace(&format!("{},", aad(b"one")), "");
    assert_eq!(decrypt(&decrypts, &without).unwrap_err(), Error::Decryption);
    let empty = text.replace(&aad(b"one"), r#""aad":"""#);
    assert_eq!(decrypt(&decrypts, &empty).unwrap_err(), Error::Member("aad"));
}

/// Covers E14.
#[test]
fn what_is_generated_cannot_be_set() {
    let (encrypts, _) = kw("1");
    for name in ["alg", "enc", "zip", "epk", "p2s", "p2c", "iv", "tag"] {
        let value = match name {
            "epk" => "{}",
            "p2c" => "1",
            _ => r#""x""#,
        };
        let members = format!(r#"{{"{name}":{value}}}"#);
        let header = Header { members: Some(&members), ..Header::default() };
        let expected = Error::Header(KeyError::Invalid(name));
        assert_eq!(compact::encrypt(&encrypts, ENC, &header, b"").unwrap_err(), expected);
        let message = Message::new(ENC);
        assert_eq!(message.header(header).flattened(&encrypts, b"").unwrap_err(), expected);
        assert_eq!(message.unprotected(&members).flattened(&encrypts, b"").unwrap_err(), expected);
        let recipient = Recipient::new(&encrypts).header(&members);
        assert_eq!(message.flattened(recipient, b"").unwrap_err(), expected);
    }
}

/// Covers E05, D14.
#[test]
fn dir_and_ecdh_es_are_alone() {
    let (wraps, _) = kw("1");
    for (jwk, alg) in [(oct(16), JweAlg::Dir), (on_curve(Curve::X25519), JweAlg::EcdhEs)] {
        let (direct, decrypts) = pair(&jwk, alg);
        let both = Message::new(ENC).general(&[(&wraps).into(), (&direct).into()], PLAINTEXT);
        assert_eq!(both.unwrap_err(), Error::DirectNotAlone);
        // Received: with an encrypted key, or beside another recipient.
        let token = compact::encrypt(&direct, ENC, &Default::default(), PLAINTEXT).unwrap();
        assert_eq!(token.split('.').nth(1), Some(""));
        let other = super::support::with_part(&token, 1, "AAAA");
        assert_eq!(compact::decrypt(&decrypts, &other).unwrap_err(), Error::DirectNotAlone);
    }
}

/// Covers E06, E3.
#[test]
fn no_name_stands_in_two_headers() {
    let (encrypts, decrypts) = kw("1");
    let message = Message::new(ENC).header(Header { members: Some(r#"{"x":null}"#), ..Header::default() });
    let expected = Error::Header(KeyError::HeadersNotDisjoint);
    assert_eq!(message.unprotected(r#"{"x":null}"#).flattened(&encrypts, b"").unwrap_err(), expected);
    let recipient = Recipient::new(&encrypts).header(r#"{"x":1}"#);
    assert_eq!(message.flattened(recipient, b"").unwrap_err(), expected);
    let text = message.flattened(&encrypts, PLAINTEXT).unwrap();
    for member in [r#""unprotected":{"x":null}"#, r#""header":{"\u0078":1}"#, r#""header":{"enc":"A128GCM"}"#]
    {
        let other = text.replacen('{', &format!("{{{member},"), 1);
        assert_eq!(decrypt(&decrypts, &other).unwrap_err(), expected, "{member}");
    }
    let other = text.replacen('{', r#"{"unprotected":{"y":1},"header":{"y":1},"#, 1);
    assert_eq!(decrypt(&decrypts, &other).unwrap_err(), expected);
}

/// Covers E4.
#[test]
fn crit_is_protected_understood_and_there() {
    let (encrypts, decrypts) = kw("1");
    let header = Header { members: Some(r#"{"crit":["x-ext"],"x-ext":1}"#), ..Header::default() };
    let token = compact::encrypt(&encrypts, ENC, &header, PLAINTEXT).unwrap();
    let error = compact::decrypt(&decrypts, &token).unwrap_err();
    assert_eq!(error, Error::Header(KeyError::CritNotUnderstood));
    let message = Encrypted::from_compact(&token).unwrap().understanding(&["x-ext"]);
    assert_eq!(message.decrypt(&decrypts).unwrap().plaintext(), PLAINTEXT);
    for (members, expected) in [
        (r#"{"crit":[]}"#, KeyError::CritMalformed),
        (r#"{"crit":["enc"]}"#, KeyError::CritRegistered),
        (r#"{"crit":["x-ext"]}"#, KeyError::CritAbsent),
        (r#"{"crit":["x-ext","x-ext"],"x-ext":1}"#, KeyError::CritMalformed),
    ] {
        let header = Header { members: Some(members), ..Header::default() };
        let error = compact::encrypt(&encrypts, ENC, &header, b"").unwrap_err();
        assert_eq!(error, Error::Header(expected), "{members}");
    }
    let crit = r#"{"crit":["x-ext"],"x-ext":1}"#;
    let error = Message::new(ENC).unprotected(crit).flattened(&encrypts, b"").unwrap_err();
    assert_eq!(error, Error::Header(KeyError::CritUnprotected));
    let text = Message::new(ENC).flattened(&encrypts, PLAINTEXT).unwrap();
    let other = text.replacen('{', &format!(r#"{{"unprotected":{crit},"#), 1);
    let message = Encrypted::from_json(&other).unwrap().understanding(&["x-ext"]);
    assert_eq!(message.decrypt(&decrypts).unwrap_err(), Error::Header(KeyError::CritUnprotected));
}

/// Covers E03.
#[test]
fn attack_e12_the_forms_are_told_apart() {
    let (encrypts, _) = kw("1");
    let flattened = Message::new(ENC).flattened(&encrypts, PLAINTEXT).unwrap();
    let with = |member: &str| flattened.replacen('{', &format!("{{{member},"), 1);
    for (text, expected) in [
        (with(r#""recipients":[]"#), Error::Recipients),
        (with(r#""recipients":{}"#), Error::Member("recipients")),
        (with(r#""recipients":[{}]"#), Error::Member("encrypted_key")),
        (with(r#""header":[]"#), Error::Member("header")),
        (with(r#""unprotected":"""#), Error::Member("unprotected")),
        (r#"{"protected":"","ciphertext":""}"#.to_owned(), Error::Member("protected")),
        (r#"{"protected":"e30"}"#.to_owned(), Error::Member("ciphertext")),
    ] {
        assert_eq!(Encrypted::from_json(&text).unwrap_err(), expected, "{text}");
    }
    let duplicate = with(r#""tag":"AAAA""#);
    assert!(matches!(Encrypted::from_json(&duplicate), Err(Error::Encoding(_))));
    // Strict JSON is what is written.
    assert!(strict::parse_object(flattened.as_bytes()).is_ok());
    // No recipient, and too many.
    assert_eq!(Message::new(ENC).general(&[], b"").unwrap_err(), Error::Recipients);
    let many: Vec<Recipient<'_>> = vec![(&encrypts).into(); 17];
    assert_eq!(Message::new(ENC).general(&many, b"").unwrap_err(), Error::Recipients);
}

/// Covers D14.
#[test]
fn at_most_sixteen_recipients_are_received() {
    let (encrypts, decrypts) = kw("1");
    let text = Message::new(ENC).general(&[Recipient::new(&encrypts); 16], PLAINTEXT).unwrap();
    assert_eq!(decrypt(&decrypts, &text).unwrap().recipient_index(), 0);
    let strictly = Limits { max_recipients: 15, ..Limits::DEFAULT };
    let message = Encrypted::from_json(&text).unwrap().with_limits(strictly);
    assert_eq!(message.decrypt(&decrypts).unwrap_err(), Error::Recipients);
    let more = text.replacen(r#""recipients":["#, r#""recipients":[{"header":{"alg":"x"}},"#, 1);
    assert_eq!(decrypt(&decrypts, &more).unwrap_err(), Error::Recipients);
}

/// Covers D14.
#[test]
fn a_forged_recipient_does_not_stand_for_another() {
    let (encrypts, decrypts) = kw("1");
    let text = Message::new(ENC).general(&[(&encrypts).into(), (&encrypts).into()], PLAINTEXT).unwrap();
    let forged = r#""recipients":[{"header":{"alg":"A128KW","kid":"1"},"encrypted_key":"AAAA"},"#;
    let text = text.replacen(r#""recipients":["#, forged, 1);
    let decrypted = decrypt(&decrypts, &text).unwrap();
    assert_eq!((decrypted.plaintext(), decrypted.recipient_index()), (PLAINTEXT, 1));
}

/// Covers E13.
#[test]
fn a_key_of_a_set_is_chosen_by_kid() {
    let keys: JwkSet = ["a", "b"].into_iter().map(|kid| oct(16).with_kid(kid)).collect();
    let keys = DecryptionKeys::from_jwks(&keys, AlgSet::of(&[JweAlg::A128Kw])).unwrap();
    let (encrypts, _) = kw("b");
    let decrypted = decrypt(&keys, &Message::new(ENC).flattened(&encrypts, PLAINTEXT).unwrap()).unwrap();
    assert_eq!(decrypted.key_index(), 1);
    let (encrypts, _) = kw("c");
    let error = decrypt(&keys, &Message::new(ENC).flattened(&encrypts, PLAINTEXT).unwrap()).unwrap_err();
    assert_eq!(error, Error::KeyNotFound);
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let text = Message::new(ENC).flattened(&encrypts, PLAINTEXT).unwrap();
    assert_eq!(decrypt(&keys, &text).unwrap_err(), Error::KeyAmbiguous);
    assert_eq!(decrypt(&keys.try_each(2), &text).unwrap().key_index(), 0);
}
