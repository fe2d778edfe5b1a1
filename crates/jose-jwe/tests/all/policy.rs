use jose_jwe::{AlgSet, DecryptionKey, EncryptionKey, Error, JweAlg, JweEnc};
use jose_jwk::{Curve, Jwk, KeyOp, KeyType, KeyUse, Usage};

use super::support::{PLAINTEXT, decrypt, encrypt, oct, on_curve, pair, rsa, token, with_part};

fn usage(usage: Usage) -> Error {
    Error::Key(usage.into())
}

fn wrong_len(alg: JweAlg, expected: Option<usize>, found: usize) -> Error {
    usage(Usage::WrongLength { alg: alg.as_str(), expected, found })
}

/// Covers E12.
#[test]
fn both_lists_are_asked_before_anything_else() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let kw = token(&encrypts, JweEnc::A128Gcm);
    let (encrypts, gcm) = pair(&oct(16), JweAlg::A128GcmKw);
    let gcmkw = token(&encrypts, JweEnc::A128Gcm);
    let not_allowed = |found, allowed: JweAlg| Error::AlgorithmNotAllowed { found, allowed: allowed.into() };
    let error = decrypt(&decrypts, &gcmkw).unwrap_err();
    assert_eq!(error, not_allowed(JweAlg::A128GcmKw, JweAlg::A128Kw));
    assert_eq!(decrypt(&gcm, &kw).unwrap_err(), not_allowed(JweAlg::A128Kw, JweAlg::A128GcmKw));
    let strict = decrypts.with_encs([JweEnc::A256Gcm]).unwrap();
    let expected = Error::EncryptionNotAllowed { found: JweEnc::A128Gcm, allowed: JweEnc::A256Gcm.into() };
    assert_eq!(decrypt(&strict, &kw).unwrap_err(), expected);
    assert_eq!(strict.with_encs(AlgSet::EMPTY).unwrap_err(), Error::AlgorithmsEmpty);
    assert_eq!(DecryptionKey::from_jwk(oct(16), AlgSet::EMPTY).unwrap_err(), Error::AlgorithmsEmpty);
    for header in [r#"{"alg":"none","enc":"A128GCM"}"#, r#"{"alg":"HS256","enc":"A128GCM"}"#] {
        let other = with_part(&kw, 0, &jose_b64::base64url::encode_to_string(header.as_bytes()));
        assert_eq!(decrypt(&gcm, &other).unwrap_err(), Error::AlgorithmUnknown);
    }
}

/// Covers E04.
#[test]
fn alg_and_enc_come_from_the_key_where_it_names_them() {
    let key = oct(32).with_alg(JweAlg::A256Kw).unwrap();
    assert_eq!(EncryptionKey::try_from(&key).unwrap().alg(), JweAlg::A256Kw);
    assert_eq!(DecryptionKey::try_from(&key).unwrap().algs(), AlgSet::of(&[JweAlg::A256Kw]));
    assert_eq!(
        DecryptionKey::from_jwk(&key, JweAlg::Dir).unwrap_err(),
        usage(Usage::AlgForbids { wanted: "dir" })
    );
    // A key that names a content encryption algorithm is its key.
    let key = oct(32).with_alg(JweEnc::A128CbcHs256).unwrap();
    let encrypts = EncryptionKey::try_from(&key).unwrap();
    assert_eq!((encrypts.alg(), encrypts.encs()), (JweAlg::Dir, AlgSet::of(&[JweEnc::A128CbcHs256])));
    // The same length, but not the algorithm that it is for.
    let error = encrypt(&encrypts, JweEnc::A256Gcm, PLAINTEXT).unwrap_err();
    let allowed = JweEnc::A128CbcHs256.into();
    assert_eq!(error, Error::EncryptionNotAllowed { found: JweEnc::A256Gcm, allowed });
    assert_eq!(EncryptionKey::try_from(&oct(32)).unwrap_err(), Error::AlgorithmAmbiguous);
}

/// Covers E12.
#[test]
fn a_key_serves_only_what_fits_it() {
    let refused = |jwk: &Jwk, alg| DecryptionKey::from_jwk(jwk, alg).unwrap_err();
    assert_eq!(refused(&oct(32), JweAlg::A128Kw), wrong_len(JweAlg::A128Kw, Some(16), 32));
    assert_eq!(refused(&oct(32), JweAlg::A192GcmKw), wrong_len(JweAlg::A192GcmKw, Some(24), 32));
    assert_eq!(refused(&oct(17), JweAlg::Dir), wrong_len(JweAlg::Dir, None, 17));
    let wrong = Usage::WrongKey { kty: KeyType::Rsa, crv: None, wanted: "ECDH-ES" };
    assert_eq!(refused(&rsa(), JweAlg::EcdhEs), usage(wrong));
    let public = Jwk::from(rsa().to_public().unwrap());
    assert_eq!(refused(&public, JweAlg::RsaOaep), usage(Usage::NotPrivate));
    let signs = oct(16).with_use(KeyUse::Sig).unwrap();
    assert_eq!(refused(&signs, JweAlg::A128Kw), usage(Usage::UseForbids));
    let wraps = oct(16).with_key_ops(AlgSet::of(&[KeyOp::WrapKey])).unwrap();
    assert_eq!(refused(&wraps, JweAlg::A128Kw), usage(Usage::KeyOpsForbid { op: KeyOp::UnwrapKey }));
    assert!(EncryptionKey::from_jwk(&wraps, JweAlg::A128Kw).is_ok());
    // Of two allowed algorithms one is served; a message with the other says why not.
    let both = AlgSet::of(&[JweAlg::A128Kw, JweAlg::A256Kw]);
    let key = DecryptionKey::from_jwk(oct(32), both).unwrap();
    assert_eq!(key.algs(), AlgSet::of(&[JweAlg::A256Kw]));
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let error = decrypt(&key, &token(&encrypts, JweEnc::A128Gcm)).unwrap_err();
    assert_eq!(error, wrong_len(JweAlg::A128Kw, Some(16), 32));
}

/// Covers D5.
#[test]
fn keys_of_gcm_count_and_stop() {
    for alg in [JweAlg::Dir, JweAlg::A128GcmKw] {
        let key = EncryptionKey::from_jwk(oct(16), alg).unwrap().with_invocations(u32::MAX - 1);
        // Clones share the count.
        assert!(encrypt(&key.clone(), JweEnc::A128Gcm, PLAINTEXT).is_ok());
        let error = encrypt(&key, JweEnc::A128Gcm, PLAINTEXT).unwrap_err();
        assert_eq!(error, Error::KeyExhausted, "{alg}");
        assert_eq!(encrypt(&key.clone(), JweEnc::A128Gcm, PLAINTEXT).unwrap_err(), Error::KeyExhausted);
        assert_eq!(key.invocations(), u32::MAX);
    }
    // A key that is not itself the key of AES-GCM does not count.
    let key = EncryptionKey::from_jwk(oct(16), JweAlg::A128Kw).unwrap();
    assert!(encrypt(&key, JweEnc::A128Gcm, PLAINTEXT).is_ok());
    assert_eq!(key.invocations(), 0);
}

/// Covers D5.
#[test]
fn nothing_that_is_drawn_comes_twice() {
    let (encrypts, _) = pair(&on_curve(Curve::P256), JweAlg::EcdhEsA128Kw);
    let (one, two) = (token(&encrypts, JweEnc::A128Gcm), token(&encrypts, JweEnc::A128Gcm));
    for index in 0..5 {
        assert_ne!(one.split('.').nth(index), two.split('.').nth(index), "{index}");
    }
}

/// Covers G4.
#[test]
fn debug_shows_no_secret() {
    let (encrypts, decrypts) = pair(&oct(16).with_kid("name"), JweAlg::A128Kw);
    let decrypted = decrypt(&decrypts, &token(&encrypts, JweEnc::A128Gcm)).unwrap();
    for text in [format!("{encrypts:?}"), format!("{decrypts:?}"), format!("{decrypted:?}")] {
        assert!(!text.contains("Live") && !text.contains("[0, 1"), "{text}");
    }
    assert!(format!("{decrypts:?}").contains("name"));
}
