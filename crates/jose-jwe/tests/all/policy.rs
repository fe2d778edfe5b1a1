use jose_jwe::{AlgSet, DecryptionKey, EncryptionKey, Error, JweAlg, JweEnc, compact};
use jose_jwk::{Curve, Error as KeyError, Jwk, KeyOp, KeyUse};

use super::support::{PLAINTEXT, oct, on_curve, pair, rsa, token, with_part};

/// Covers E12.
#[test]
fn both_lists_are_asked_before_anything_else() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let kw = token(&encrypts, JweEnc::A128Gcm);
    let (encrypts, gcm) = pair(&oct(16), JweAlg::A128GcmKw);
    let gcmkw = token(&encrypts, JweEnc::A128Gcm);
    assert_eq!(compact::decrypt(&decrypts, &gcmkw).unwrap_err(), Error::AlgorithmNotAllowed);
    assert_eq!(compact::decrypt(&gcm, &kw).unwrap_err(), Error::AlgorithmNotAllowed);
    let strict = decrypts.with_encs(AlgSet::of(&[JweEnc::A256Gcm])).unwrap();
    assert_eq!(compact::decrypt(&strict, &kw).unwrap_err(), Error::AlgorithmNotAllowed);
    assert_eq!(strict.with_encs(AlgSet::EMPTY).unwrap_err(), Error::AlgorithmsEmpty);
    assert_eq!(DecryptionKey::from_jwk(&oct(16), AlgSet::EMPTY).unwrap_err(), Error::AlgorithmsEmpty);
    for header in [r#"{"alg":"none","enc":"A128GCM"}"#, r#"{"alg":"HS256","enc":"A128GCM"}"#] {
        let other = with_part(&kw, 0, &jose_b64::base64url::encode_to_string(header.as_bytes()));
        assert_eq!(compact::decrypt(&gcm, &other).unwrap_err(), Error::AlgorithmUnknown);
    }
}

/// Covers E04.
#[test]
fn alg_and_enc_come_from_the_key_where_it_names_them() {
    let key = oct(32).with_alg(JweAlg::A256Kw);
    assert_eq!(EncryptionKey::try_from(&key).unwrap().alg(), JweAlg::A256Kw);
    assert_eq!(DecryptionKey::try_from(&key).unwrap().algs(), AlgSet::of(&[JweAlg::A256Kw]));
    assert_eq!(
        DecryptionKey::from_jwk(&key, AlgSet::of(&[JweAlg::Dir])).unwrap_err(),
        Error::Key(KeyError::AlgForbids)
    );
    // A key that names a content encryption algorithm is its key.
    let key = oct(32).with_alg(JweEnc::A128CbcHs256);
    let encrypts = EncryptionKey::try_from(&key).unwrap();
    assert_eq!((encrypts.alg(), encrypts.encs()), (JweAlg::Dir, AlgSet::of(&[JweEnc::A128CbcHs256])));
    // The same length, but not the algorithm that it is for.
    let error = compact::encrypt(&encrypts, JweEnc::A256Gcm, &Default::default(), PLAINTEXT).unwrap_err();
    assert_eq!(error, Error::AlgorithmNotAllowed);
    assert_eq!(EncryptionKey::try_from(&oct(32)).unwrap_err(), Error::AlgorithmAmbiguous);
}

/// Covers E12.
#[test]
fn a_key_serves_only_what_fits_it() {
    let refused = |jwk: &Jwk, alg| DecryptionKey::from_jwk(jwk, AlgSet::of(&[alg])).unwrap_err();
    assert_eq!(refused(&oct(32), JweAlg::A128Kw), Error::Key(KeyError::WrongKey));
    assert_eq!(refused(&oct(32), JweAlg::A192GcmKw), Error::Key(KeyError::WrongKey));
    assert_eq!(refused(&oct(17), JweAlg::Dir), Error::Key(KeyError::WrongKey));
    assert_eq!(refused(&rsa(), JweAlg::EcdhEs), Error::Key(KeyError::WrongKey));
    let public = Jwk::from(rsa().to_public().unwrap());
    assert_eq!(refused(&public, JweAlg::RsaOaep), Error::Key(KeyError::NotPrivate));
    let signs = oct(16).with_use(KeyUse::Sig).unwrap();
    assert_eq!(refused(&signs, JweAlg::A128Kw), Error::Key(KeyError::UseForbids));
    let wraps = oct(16).with_key_ops(AlgSet::of(&[KeyOp::WrapKey])).unwrap();
    assert_eq!(refused(&wraps, JweAlg::A128Kw), Error::Key(KeyError::KeyOpsForbid));
    assert!(EncryptionKey::from_jwk(&wraps, JweAlg::A128Kw).is_ok());
    // Of two allowed algorithms one is served; a message with the other says why not.
    let both = AlgSet::of(&[JweAlg::A128Kw, JweAlg::A256Kw]);
    let key = DecryptionKey::from_jwk(&oct(32), both).unwrap();
    assert_eq!(key.algs(), AlgSet::of(&[JweAlg::A256Kw]));
    let (encrypts, _) = pair(&oct(16), JweAlg::A128Kw);
    let error = compact::decrypt(&key, &token(&encrypts, JweEnc::A128Gcm)).unwrap_err();
    assert_eq!(error, Error::Key(KeyError::WrongKey));
}

/// Covers D5.
#[test]
fn keys_of_gcm_count_and_stop() {
    let header = Default::default();
    for alg in [JweAlg::Dir, JweAlg::A128GcmKw] {
        let key = EncryptionKey::from_jwk(&oct(16), alg).unwrap().after(u32::MAX - 1);
        assert!(compact::encrypt(&key, JweEnc::A128Gcm, &header, PLAINTEXT).is_ok());
        let error = compact::encrypt(&key, JweEnc::A128Gcm, &header, PLAINTEXT).unwrap_err();
        assert_eq!(error, Error::KeyExhausted, "{alg}");
        assert_eq!(key.invocations(), u32::MAX);
    }
    // A key that is not itself the key of AES-GCM does not count.
    let key = EncryptionKey::from_jwk(&oct(16), JweAlg::A128Kw).unwrap();
    assert!(compact::encrypt(&key, JweEnc::A128Gcm, &header, PLAINTEXT).is_ok());
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
    let decrypted = compact::decrypt(&decrypts, &token(&encrypts, JweEnc::A128Gcm)).unwrap();
    for text in [format!("{encrypts:?}"), format!("{decrypts:?}"), format!("{decrypted:?}")] {
        assert!(!text.contains("Live") && !text.contains("[0, 1"), "{text}");
    }
    assert!(format!("{decrypts:?}").contains("name"));
}
