//! HPKE (draft-ietf-jose-hpke-encrypt). What other implementations made is among the vectors.

use jose_b64::base64url::{decode_to_vec, encode_to_string};
use jose_jwe::hazmat::{Fixed, FixedRecipient, Form};
use jose_jwe::{
    DecryptionKey, DecryptionKeys, EncryptionKey, Error, Header, HeaderError, JweAlg, JweEnc, Message,
};
use jose_jwk::{AlgSet, Curve, Error as KeyError, Jwk, JwkSet, SysRng, Usage};

use super::support::{PLAINTEXT, changed, decrypt, encrypt, header_of, on_curve, pair, part, with_part};

const ENC: JweEnc = JweEnc::A256Gcm;
const PSK: [u8; 32] = [7; 32];

fn hpke() -> impl Iterator<Item = JweAlg> {
    let built = |alg: &JweAlg| match alg.curves() {
        [] => cfg!(feature = "draft-hpke-pq"),
        [Curve::X448] => cfg!(feature = "x448"),
        _ => true,
    };
    JweAlg::ALL.iter().copied().filter(|alg| alg.is_hpke()).filter(built)
}

fn is_integrated(alg: JweAlg) -> bool {
    !alg.as_str().ends_with("-KE")
}

fn enc_of(alg: JweAlg) -> Option<JweEnc> {
    Some(ENC).filter(|_| !is_integrated(alg))
}

fn key(alg: JweAlg) -> Jwk {
    #[cfg(feature = "draft-hpke-pq")]
    if alg.curves().is_empty() {
        return jose_jwe::generate_akp(alg, &mut SysRng).unwrap();
    }
    on_curve(alg.curves()[0])
}

fn compact(key: &EncryptionKey) -> String {
    Message::new(enc_of(key.alg())).compact(key, PLAINTEXT, &mut SysRng).unwrap()
}

/// Covers E01, E03.
#[test]
fn every_suite_in_every_form() {
    for alg in hpke() {
        let (encrypts, decrypts) = pair(&key(alg), alg);
        for len in [0, 1, 15, 16, 17, 1000, 70_000] {
            let plaintext: Vec<u8> = (0..=255).cycle().take(len).collect();
            let message = Message::new(enc_of(alg));
            let both = message.aad(b"aad").unprotected(r#"{"x":1}"#);
            for text in [
                message.compact(&encrypts, &plaintext, &mut SysRng).unwrap(),
                both.flattened(&encrypts, &plaintext, &mut SysRng).unwrap(),
                both.general(&[(&encrypts).into()], &plaintext, &mut SysRng).unwrap(),
            ] {
                let decrypted = decrypt(&decrypts, &text).unwrap();
                assert_eq!(decrypted.plaintext(), plaintext, "{alg} {len}");
                assert_eq!((decrypted.alg(), decrypted.enc()), (alg, enc_of(alg)));
            }
        }
        let token = compact(&encrypts);
        let header = header_of(&token);
        if is_integrated(alg) {
            assert_eq!(header, format!(r#"{{"alg":"{alg}"}}"#));
            assert_eq!((part(&token, 2), part(&token, 4)), ("", ""));
        } else {
            assert!(header.starts_with(&format!(r#"{{"alg":"{alg}","enc":"A256GCM","ek":""#)), "{header}");
        }
    }
}

#[test]
fn a_compressed_plaintext_is_inflated() {
    let (encrypts, decrypts) = pair(&key(JweAlg::Hpke0), JweAlg::Hpke0);
    let token = Message::new(None).compress().compact(&encrypts, &[7; 1000], &mut SysRng).unwrap();
    assert!(token.len() < 300);
    let message = jose_jwe::Encrypted::parse(&token).unwrap().allow_compressed();
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap().plaintext(), [7; 1000]);
}

/// Covers D1, D3, D11.
#[test]
fn a_flipped_bit_anywhere_is_refused() {
    for alg in hpke() {
        let (encrypts, decrypts) = pair(&key(alg), alg);
        let token = compact(&encrypts);
        assert!(decrypt(&decrypts, &token).is_ok());
        let parts: &[usize] = if is_integrated(alg) { &[1, 3] } else { &[1, 2, 3, 4] };
        for index in parts {
            let own = part(&token, *index);
            let len = decode_to_vec(own.as_bytes()).unwrap().len();
            for at in [0, len / 2, len - 1] {
                let other = changed(own, |bytes| bytes[at] ^= 1);
                let refused = decrypt(&decrypts, &with_part(&token, *index, &other));
                assert_eq!(refused.map(|_| ()), Err(Error::Decryption), "{alg} {index} {at}");
            }
            for other in
                [String::new(), changed(own, |bytes| bytes.truncate(1)), changed(own, |bytes| bytes.push(0))]
            {
                let refused = decrypt(&decrypts, &with_part(&token, *index, &other));
                assert_eq!(refused.map(|_| ()), Err(Error::Decryption), "{alg} {index}");
            }
        }
        // The header says the same in other bytes.
        let header = header_of(&token).replacen('{', "{ ", 1);
        let refused = decrypt(&decrypts, &with_part(&token, 0, &encode_to_string(header.as_bytes())));
        assert_eq!(refused.map(|_| ()), Err(Error::Decryption), "{alg}");
        let text =
            Message::new(enc_of(alg)).aad(b"aad").flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
        let text = text.replacen(&encode_to_string(b"aad"), &encode_to_string(b"aae"), 1);
        assert_eq!(decrypt(&decrypts, &text).map(|_| ()), Err(Error::Decryption), "{alg}");
        if !is_integrated(alg) {
            let header = header_of(&token);
            let start = header.find(r#""ek":""#).unwrap() + 6;
            let (before, rest) = header.split_at(start);
            let (ek, after) = rest.split_once('"').unwrap();
            for at in [0, 10] {
                let ek = changed(ek, |bytes| bytes[at] ^= 1);
                let header = encode_to_string(format!("{before}{ek}\"{after}").as_bytes());
                let refused = decrypt(&decrypts, &with_part(&token, 0, &header));
                assert_eq!(refused.map(|_| ()), Err(Error::Decryption), "{alg} {at}");
            }
        }
    }
}

#[test]
fn integrated_encryption_has_no_enc_iv_tag_or_ek() {
    let alg = JweAlg::Hpke0;
    let (encrypts, decrypts) = pair(&key(alg), alg);
    let token = compact(&encrypts);
    let says = |index, part: &str| decrypt(&decrypts, &with_part(&token, index, part)).unwrap_err();
    let header = |text: &str| says(0, &encode_to_string(text.as_bytes()));
    assert_eq!(says(2, "AAAA"), Error::Member("iv"));
    assert_eq!(says(4, "AAAA"), Error::Member("tag"));
    assert_eq!(header(r#"{"alg":"HPKE-0","enc":"A128GCM"}"#), Error::EncryptionUnexpected);
    assert_eq!(header(r#"{"alg":"HPKE-0","ek":"AAAA"}"#), HeaderError::Invalid("ek").into());
    assert_eq!(header(r#"{"alg":"HPKE-0-KE","enc":"A128GCM"}"#).code(), "algorithm-not-allowed");
    // What is not integrity protected: `alg`, `psk_id`.
    let json = |protected: &str, unprotected: &str| {
        let protected = encode_to_string(protected.as_bytes());
        let text = format!(
            r#"{{"protected":"{protected}","unprotected":{unprotected},"encrypted_key":"{}","ciphertext":"{}"}}"#,
            part(&token, 1),
            part(&token, 3)
        );
        decrypt(&decrypts, &text).unwrap_err()
    };
    assert_eq!(json(r#"{"x":1}"#, r#"{"alg":"HPKE-0"}"#), HeaderError::Unprotected("alg").into());
    let psk_id = json(r#"{"alg":"HPKE-0"}"#, r#"{"psk_id":"AAAA"}"#);
    assert_eq!(psk_id, HeaderError::Unprotected("psk_id").into());
}

#[test]
fn encrypting_asks_for_an_enc_or_for_none() {
    let (integrated, _) = pair(&key(JweAlg::Hpke0), JweAlg::Hpke0);
    let (wraps, _) = pair(&key(JweAlg::Hpke0Ke), JweAlg::Hpke0Ke);
    assert_eq!(encrypt(&integrated, ENC, PLAINTEXT).unwrap_err(), Error::EncryptionUnexpected);
    let without = jose_jwe::encrypt(&wraps, None, PLAINTEXT, &mut SysRng);
    assert_eq!(without.unwrap_err(), Error::EncryptionMissing);
    assert!(integrated.encs().is_empty());
    assert!(integrated.with_encs(ENC).is_ok());
    for name in ["ek", "psk_id"] {
        let members = format!(r#"{{"{name}":"AAAA"}}"#);
        let header = Header::new().parameters(&members).unwrap();
        let refused = Message::new(ENC).header(header).compact(&wraps, PLAINTEXT, &mut SysRng);
        assert_eq!(refused.unwrap_err(), HeaderError::Reserved(name).into());
    }
}

/// Key Encryption goes with recipients of any kind, and Integrated Encryption with none.
#[test]
fn recipients() {
    let (integrated, decrypts) = pair(&key(JweAlg::Hpke3), JweAlg::Hpke3);
    let (wraps, unwraps) = pair(&key(JweAlg::Hpke0Ke), JweAlg::Hpke0Ke);
    let (agrees, _) = pair(&on_curve(Curve::P256), JweAlg::EcdhEsA128Kw);
    let both = [(&wraps).into(), (&agrees).into()];
    let text = Message::new(ENC).general(&both, PLAINTEXT, &mut SysRng).unwrap();
    assert_eq!(decrypt(&unwraps, &text).unwrap().plaintext(), PLAINTEXT);
    for enc in [None, Some(ENC)] {
        let both = [(&wraps).into(), (&integrated).into()];
        let refused = Message::new(enc).general(&both, PLAINTEXT, &mut SysRng);
        assert_eq!(refused.unwrap_err(), Error::DirectNotAlone);
    }
    let protected = encode_to_string(r#"{"alg":"HPKE-3"}"#.as_bytes());
    let text = format!(r#"{{"protected":"{protected}","recipients":[{{}},{{}}],"ciphertext":""}}"#);
    assert_eq!(decrypt(&decrypts, &text).unwrap_err(), Error::DirectNotAlone);
}

/// draft-ietf-jose-hpke-encrypt section 10.1: neither two modes nor two suites for one key.
#[test]
fn a_key_serves_one_algorithm() {
    let forbids = |wanted| Error::Key(KeyError::Usage(Usage::AlgForbids { wanted }));
    let bare = key(JweAlg::Hpke0);
    let both = DecryptionKey::from_jwk(&bare, [JweAlg::Hpke0, JweAlg::Hpke0Ke]);
    assert_eq!(both.unwrap_err(), forbids("HPKE-0"));
    // A caller who allows everything gets what there was before HPKE.
    let all = DecryptionKey::from_jwk(&bare, AlgSet::all()).unwrap();
    assert!(all.algs().iter().all(|alg| !alg.is_hpke()) && all.algs().len() == 4);
    assert!(DecryptionKey::from_jwk(&bare, JweAlg::Hpke0Ke).is_ok());
    let named = bare.with_alg(JweAlg::Hpke0).unwrap();
    let all = DecryptionKey::from_jwk(&named, AlgSet::all()).unwrap();
    assert_eq!(all.algs(), JweAlg::Hpke0.into());
    for other in [JweAlg::Hpke0Ke, JweAlg::Hpke7, JweAlg::EcdhEs] {
        assert_eq!(DecryptionKey::from_jwk(&named, other).unwrap_err(), forbids(other.as_str()));
        assert_eq!(EncryptionKey::from_jwk(&named, other).unwrap_err(), forbids(other.as_str()));
    }
    let set: JwkSet = [named, key(JweAlg::Hpke3).with_alg(JweAlg::Hpke3Ke).unwrap()].into_iter().collect();
    let keys = DecryptionKeys::from_jwks(&set, AlgSet::all()).unwrap().with_encs(ENC).unwrap();
    for jwk in &set {
        let token = compact(&EncryptionKey::try_from(jwk).unwrap());
        assert_eq!(decrypt(&keys, &token).unwrap().plaintext(), PLAINTEXT);
    }
}

#[test]
fn a_pre_shared_key_is_named_by_the_message_and_held_by_both() {
    for alg in [JweAlg::Hpke0, JweAlg::Hpke3Ke] {
        let (encrypts, decrypts) = pair(&key(alg), alg);
        let sends = encrypts.clone().with_psk(PSK, b"our key").unwrap();
        let takes = decrypts.clone().with_psk(PSK, b"our key").unwrap();
        let (token, without) = (compact(&sends), compact(&encrypts));
        assert!(header_of(&token).ends_with(r#""psk_id":"b3VyIGtleQ"}"#));
        assert_eq!(decrypt(&takes, &token).unwrap().plaintext(), PLAINTEXT);
        assert_eq!(decrypt(&decrypts, &token).unwrap_err(), Error::PskMismatch);
        assert_eq!(decrypt(&takes, &without).unwrap_err(), Error::PskMismatch);
        let other = decrypts.clone().with_psk(PSK, b"another").unwrap();
        assert_eq!(decrypt(&other, &token).unwrap_err(), Error::PskMismatch);
        let other = decrypts.clone().with_psk([8; 32], b"our key").unwrap();
        assert_eq!(decrypt(&other, &token).unwrap_err(), Error::Decryption);
        assert_eq!(encrypts.with_psk([7; 31], b"short").unwrap_err(), Error::PskUnusable);
        assert_eq!(decrypts.with_psk(PSK, b"").unwrap_err(), Error::PskUnusable);
    }
    let (encrypts, decrypts) = pair(&on_curve(Curve::P256), JweAlg::EcdhEs);
    assert_eq!(encrypts.with_psk(PSK, b"id").unwrap_err(), Error::PskUnusable);
    assert_eq!(decrypts.with_psk(PSK, b"id").unwrap_err(), Error::PskUnusable);
}

/// The ephemeral keys of RFC 9180 appendices A.1.1 and A.3.1: `ikmE` and `enc`.
#[test]
fn given_bytes_make_the_ephemeral_key_of_the_rfc() {
    let rows = [
        (
            JweAlg::Hpke3,
            "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234",
            "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
        ),
        (
            JweAlg::Hpke0,
            "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e",
            "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900b\
             e863c403ce65c9bfcb9382657222d18c4",
        ),
    ];
    let bytes = |hex: &str| -> Vec<u8> {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digit).collect()
    };
    for (alg, ikm, enc) in rows {
        let (encrypts, decrypts) = pair(&key(alg), alg);
        let protected = format!(r#"{{"alg":"{alg}"}}"#);
        let fixed = |ikm| {
            let recipient = FixedRecipient { key: &encrypts, header: None, epk: None, iv: None, ikm };
            let message = Fixed {
                form: Form::Compact,
                protected: Some(&protected),
                unprotected: None,
                aad: None,
                cek: None,
                iv: &[],
                recipients: vec![recipient],
            };
            message.encrypt(PLAINTEXT)
        };
        let ikm = bytes(ikm);
        let token = fixed(Some(&ikm)).unwrap();
        assert_eq!(token, fixed(Some(&ikm)).unwrap());
        assert_eq!(decode_to_vec(part(&token, 1).as_bytes()).unwrap(), bytes(enc), "{alg}");
        assert_eq!(decrypt(&decrypts, &token).unwrap().plaintext(), PLAINTEXT);
        assert_eq!(fixed(Some(&ikm[1..])).unwrap_err(), Error::Rng);
        assert_eq!(fixed(None).unwrap_err(), Error::Rng);
    }
}

#[test]
fn a_point_of_low_order_gives_no_key() {
    let zero = format!(r#"{{"kty":"OKP","crv":"X25519","x":"{}"}}"#, encode_to_string(&[0; 32]));
    if let Ok(zero) = Jwk::from_json(&zero) {
        let encrypts = EncryptionKey::from_jwk(&zero, JweAlg::Hpke3).unwrap();
        assert!(jose_jwe::encrypt(&encrypts, None, PLAINTEXT, &mut SysRng).is_err());
    }
    let curves = [(JweAlg::Hpke3, 32), (JweAlg::Hpke5, 56)];
    for (alg, len) in curves.into_iter().filter(|(alg, _)| hpke().any(|built| built == *alg)) {
        let (encrypts, decrypts) = pair(&key(alg), alg);
        let token = compact(&encrypts);
        for point in [vec![0; len], vec![1; 1], vec![0xff; len]] {
            let refused = decrypt(&decrypts, &with_part(&token, 1, &encode_to_string(&point)));
            assert_eq!(refused.map(|_| ()), Err(Error::Decryption), "{alg}");
        }
    }
}

#[cfg(feature = "draft-hpke-pq")]
#[test]
fn a_post_quantum_key_is_checked_when_it_is_prepared() {
    let own = key(JweAlg::Hpke12);
    let other = key(JweAlg::Hpke12).to_public().unwrap().to_json();
    let part = |text: &str, name: &str| {
        let start = text.find(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
        text[start..].split('"').next().unwrap().to_owned()
    };
    let text = own.expose_private_json().to_string();
    let mixed = text.replace(&part(&text, "pub"), &part(&other, "pub"));
    let mixed = Jwk::from_json(&mixed).unwrap();
    let refused = DecryptionKey::from_jwk(&mixed, JweAlg::Hpke12).unwrap_err();
    assert_eq!(refused, Error::Key(KeyError::KeyMismatch));
    assert_eq!(DecryptionKey::from_jwk(&own, JweAlg::Hpke12Ke).unwrap_err().code(), "alg-forbids");
    assert!(jose_jwe::generate_akp(JweAlg::Hpke0, &mut SysRng).is_err());
    let short = text.replace(&part(&text, "pub"), "AAAA");
    assert_eq!(Jwk::from_json(&short).unwrap_err().code(), "member-length");
}
