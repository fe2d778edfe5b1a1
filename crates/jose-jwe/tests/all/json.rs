use jose_b64::{base64url, json as strict};
use jose_jwe::{
    DecryptionKeys, Encrypted, EncryptionKey, Error, Header, HeaderError, JweAlg, JweEnc, Limits, Message,
    Recipient,
};
use jose_jwk::{Curve, JwkSet, SysRng};

use super::support::{PLAINTEXT, decrypt, encrypt, oct, on_curve, pair};

const ENC: JweEnc = JweEnc::A128Gcm;

fn kw(kid: &str) -> (EncryptionKey, jose_jwe::DecryptionKey) {
    pair(&oct(16).with_kid(kid), JweAlg::A128Kw)
}

fn flattened(key: &EncryptionKey) -> String {
    Message::new(ENC).flattened(key, PLAINTEXT, &mut SysRng).unwrap()
}

/// Covers E13, E14, D14.
#[test]
fn the_result_says_who_it_was_for() {
    let (one, _) = kw("one");
    let (two, two_decrypts) = pair(&on_curve(Curve::P256).with_kid("two"), JweAlg::EcdhEsA128Kw);
    let (three, three_decrypts) = pair(&oct(32).with_kid("three"), JweAlg::A256GcmKw);
    let text = Message::new(ENC)
        .header(Header::new().cty("text/plain"))
        .unprotected(r#"{"jku":"https://example.com"}"#)
        .aad(b"additional")
        .general(
            &[(&one).into(), Recipient::new(&two).header(r#"{"x":"y"}"#), (&three).into()],
            PLAINTEXT,
            &mut SysRng,
        )
        .unwrap();
    for (key, index, generated) in [(&two_decrypts, 1, "epk"), (&three_decrypts, 2, "tag")] {
        let decrypted = decrypt(key, &text).unwrap();
        assert_eq!(decrypted.plaintext(), PLAINTEXT);
        assert_eq!(decrypted.recipient_index(), index);
        assert_eq!(decrypted.aad(), Some(b"additional".as_slice()));
        assert!(decrypted.header().is_cty("text/plain"));
        assert!(decrypted.unprotected_header().get("jku").is_some());
        // With several recipients what is generated stands in the recipient's own header.
        assert!(decrypted.recipient_header().get(generated).is_some());
        assert!(decrypted.header().get(generated).is_none());
        assert!(decrypted.get("alg").is_some());
    }
    // With one, in the protected header.
    let text = Message::new(ENC).flattened(&three, PLAINTEXT, &mut SysRng).unwrap();
    let decrypted = decrypt(&three_decrypts, &text).unwrap();
    for name in ["alg", "enc", "kid", "iv", "tag"] {
        assert!(decrypted.header().get(name).is_some(), "{name}");
    }
}

/// Covers E08.
#[test]
fn the_additional_data_is_authenticated() {
    let (encrypts, decrypts) = kw("1");
    let text = Message::new(ENC).aad(b"one").flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let aad = |bytes| format!(r#""aad":"{}""#, base64url::encode_to_string(bytes));
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
        let expected = Error::Header(HeaderError::Reserved(name));
        let message = Message::new(ENC);
        match Header::new().parameters(&members) {
            Ok(header) => {
                let message = message.header(header);
                assert_eq!(message.compact(&encrypts, b"", &mut SysRng).unwrap_err(), expected);
                assert_eq!(message.flattened(&encrypts, b"", &mut SysRng).unwrap_err(), expected);
            }
            Err(error) => assert_eq!(Error::Header(error), expected),
        }
        assert_eq!(
            message.unprotected(&members).flattened(&encrypts, b"", &mut SysRng).unwrap_err(),
            expected
        );
        let recipient = Recipient::new(&encrypts).header(&members);
        assert_eq!(message.flattened(recipient, b"", &mut SysRng).unwrap_err(), expected);
    }
}

/// Covers E05, D14.
#[test]
fn dir_and_ecdh_es_are_alone() {
    let (wraps, _) = kw("1");
    for (jwk, alg) in [(oct(16), JweAlg::Dir), (on_curve(Curve::X25519), JweAlg::EcdhEs)] {
        let (direct, decrypts) = pair(&jwk, alg);
        let both = Message::new(ENC).general(&[(&wraps).into(), (&direct).into()], PLAINTEXT, &mut SysRng);
        assert_eq!(both.unwrap_err(), Error::DirectNotAlone);
        // Received: with an encrypted key, or beside another recipient.
        let token = encrypt(&direct, ENC, PLAINTEXT).unwrap();
        assert_eq!(token.split('.').nth(1), Some(""));
        let other = super::support::with_part(&token, 1, "AAAA");
        assert_eq!(decrypt(&decrypts, &other).unwrap_err(), Error::DirectNotAlone);
    }
}

/// Covers E06, E3.
#[test]
fn no_name_stands_in_two_headers() {
    let (encrypts, decrypts) = kw("1");
    let message = Message::new(ENC).header(Header::new().parameters(r#"{"x":null}"#).unwrap());
    let expected = Error::Header(HeaderError::NotDisjoint);
    assert_eq!(
        message.unprotected(r#"{"x":null}"#).flattened(&encrypts, b"", &mut SysRng).unwrap_err(),
        expected
    );
    let recipient = Recipient::new(&encrypts).header(r#"{"x":1}"#);
    assert_eq!(message.flattened(recipient, b"", &mut SysRng).unwrap_err(), expected);
    let text = message.flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
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
    let header = Header::new().parameters(r#"{"crit":["x-ext"],"x-ext":1}"#).unwrap();
    let token = Message::new(ENC).header(header).compact(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let error = decrypt(&decrypts, &token).unwrap_err();
    assert_eq!(error, Error::Header(HeaderError::CritNotUnderstood));
    let message = Encrypted::parse_compact(&token).unwrap().understand(&["x-ext"]);
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap().plaintext(), PLAINTEXT);
    for (members, expected) in [
        (r#"{"crit":[]}"#, HeaderError::CritMalformed),
        (r#"{"crit":["enc"]}"#, HeaderError::CritRegistered),
        (r#"{"crit":["x-ext"]}"#, HeaderError::CritAbsent),
        (r#"{"crit":["x-ext","x-ext"],"x-ext":1}"#, HeaderError::CritMalformed),
    ] {
        assert_eq!(Header::new().parameters(members).unwrap_err(), expected, "{members}");
    }
    let crit = r#"{"crit":["x-ext"],"x-ext":1}"#;
    let error = Message::new(ENC).unprotected(crit).flattened(&encrypts, b"", &mut SysRng).unwrap_err();
    assert_eq!(error, Error::Header(HeaderError::CritUnprotected));
    let text = Message::new(ENC).flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let other = text.replacen('{', &format!(r#"{{"unprotected":{crit},"#), 1);
    let message = Encrypted::parse_json(&other).unwrap().understand(&["x-ext"]);
    assert_eq!(
        message.decrypt(&decrypts, &mut SysRng).unwrap_err(),
        Error::Header(HeaderError::CritUnprotected)
    );
}

/// Covers E03.
#[test]
fn attack_e12_the_forms_are_told_apart() {
    let (encrypts, _) = kw("1");
    let flattened = Message::new(ENC).flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
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
        assert_eq!(Encrypted::parse_json(&text).unwrap_err(), expected, "{text}");
    }
    let duplicate = with(r#""tag":"AAAA""#);
    assert!(matches!(Encrypted::parse_json(&duplicate), Err(Error::Json(_))));
    // Strict JSON is what is written.
    assert!(strict::parse_object(flattened.as_bytes()).is_ok());
    // No recipient, and too many.
    assert_eq!(Message::new(ENC).general(&[], b"", &mut SysRng).unwrap_err(), Error::Recipients);
    let many: Vec<Recipient<'_>> = vec![(&encrypts).into(); 17];
    assert_eq!(Message::new(ENC).general(&many, b"", &mut SysRng).unwrap_err(), Error::Recipients);
}

/// Covers D14.
#[test]
fn at_most_sixteen_recipients_are_received() {
    let (encrypts, decrypts) = kw("1");
    let text = Message::new(ENC).general(&[Recipient::new(&encrypts); 16], PLAINTEXT, &mut SysRng).unwrap();
    assert_eq!(decrypt(&decrypts, &text).unwrap().recipient_index(), 0);
    let strictly = Limits { max_recipients: 15, ..Limits::DEFAULT };
    let message = Encrypted::parse_json(&text).unwrap().limits(strictly);
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap_err(), Error::Recipients);
    let more = text.replacen(r#""recipients":["#, r#""recipients":[{"header":{"alg":"x"}},"#, 1);
    assert_eq!(decrypt(&decrypts, &more).unwrap_err(), Error::Recipients);
}

/// Covers D14.
#[test]
fn a_forged_recipient_does_not_stand_for_another() {
    let (encrypts, decrypts) = kw("1");
    let text =
        Message::new(ENC).general(&[(&encrypts).into(), (&encrypts).into()], PLAINTEXT, &mut SysRng).unwrap();
    let forged = r#""recipients":[{"header":{"alg":"A128KW","kid":"1"},"encrypted_key":"AAAA"},"#;
    let text = text.replacen(r#""recipients":["#, forged, 1);
    let decrypted = decrypt(&decrypts, &text).unwrap();
    assert_eq!((decrypted.plaintext(), decrypted.recipient_index()), (PLAINTEXT, 1));
}

/// Covers E13.
#[test]
fn a_key_of_a_set_is_chosen_by_kid() {
    let keys: JwkSet = ["a", "b"].into_iter().map(|kid| oct(16).with_kid(kid)).collect();
    let keys = DecryptionKeys::from_jwks(&keys, JweAlg::A128Kw).unwrap();
    let (encrypts, _) = kw("b");
    let decrypted = decrypt(&keys, &flattened(&encrypts)).unwrap();
    assert_eq!(decrypted.key_index(), 1);
    let (encrypts, _) = kw("c");
    let error = decrypt(&keys, &flattened(&encrypts)).unwrap_err();
    assert_eq!(error, Error::KidUnknown);
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let text = flattened(&encrypts);
    assert_eq!(decrypt(&keys, &text).unwrap_err(), Error::KeyAmbiguous);
    assert_eq!(decrypt(&keys.max_candidates(2), &text).unwrap().key_index(), 0);
}

/// A key alone is what the caller means, whatever the message names; among several, it must be named.
///
/// Covers E13.
#[test]
fn a_key_without_kid_fits_any_message_if_it_is_alone() {
    let (bare, text) = (pair(&oct(16), JweAlg::A128Kw).1, flattened(&kw("a").0));
    assert_eq!(decrypt(&bare, &text).unwrap().plaintext(), PLAINTEXT);
    assert_eq!(decrypt(&kw("b").1, &text).unwrap_err(), Error::KidUnknown);
    let keys = DecryptionKeys::new([bare.clone()]).unwrap();
    assert_eq!(decrypt(&keys, &text).unwrap_err(), Error::KidUnknown);
    assert_eq!(decrypt(&keys.max_candidates(2), &text).unwrap().plaintext(), PLAINTEXT);
    let keys = DecryptionKeys::new([kw("b").1, bare, kw("a").1]).unwrap();
    assert_eq!(decrypt(&keys, &text).unwrap().key_index(), 2);
    assert_eq!(decrypt(&keys.max_candidates(2), &text).unwrap().key_index(), 1);
}
