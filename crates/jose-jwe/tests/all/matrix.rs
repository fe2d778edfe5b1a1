use jose_jwe::{JweAlg, JweEnc, Message};
use jose_jwk::{Curve, SysRng};

use super::support::{PLAINTEXT, decrypt, encrypt, key_for, oct, on_curve, pair, rsa};

/// Covers E01, E02, E03.
#[test]
fn every_algorithm_with_every_encryption_in_every_form() {
    let mut pairs = 0;
    for alg in JweAlg::ALL.iter().copied() {
        for enc in JweEnc::ALL.iter().copied() {
            // The cost of a password is tried once, and HPKE beside this.
            if alg.is_hpke() {
                continue;
            }
            if alg.must_be_named() && alg != JweAlg::Rsa1_5 && enc != JweEnc::A256CbcHs512 {
                continue;
            }
            let (encrypts, decrypts) = pair(&key_for(alg, enc), alg);
            let token = encrypt(&encrypts, enc, PLAINTEXT).unwrap();
            let decrypted = decrypt(&decrypts, &token).unwrap();
            assert_eq!(decrypted.plaintext(), PLAINTEXT, "{alg} {enc}");
            assert_eq!((decrypted.alg(), decrypted.enc()), (alg, Some(enc)));
            if alg.family() != jose_jwa::JweFamily::Password {
                let message = Message::new(enc).aad(b"aad").unprotected(r#"{"x":1}"#);
                let flattened = message.flattened(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
                assert_eq!(decrypt(&decrypts, &flattened).unwrap().plaintext(), PLAINTEXT);
                let general = message.general(&[(&encrypts).into()], PLAINTEXT, &mut SysRng).unwrap();
                assert_eq!(decrypt(&decrypts, &general).unwrap().aad(), Some(b"aad".as_slice()));
            }
            pairs += 1;
        }
    }
    assert_eq!(pairs, 16 * 6 + 3);
}

/// Covers E01.
#[test]
fn every_curve_agrees() {
    for curve in Curve::ALL.iter().copied().filter(|curve| curve.can_agree()) {
        if curve == Curve::X448 && !cfg!(feature = "x448") {
            continue;
        }
        let jwk = on_curve(curve);
        for alg in [JweAlg::EcdhEs, JweAlg::EcdhEsA128Kw, JweAlg::EcdhEsA192Kw, JweAlg::EcdhEsA256Kw] {
            let (encrypts, decrypts) = pair(&jwk, alg);
            // 64 bytes are two blocks of the key derivation.
            let token = encrypt(&encrypts, JweEnc::A256CbcHs512, PLAINTEXT).unwrap();
            assert_eq!(decrypt(&decrypts, &token).unwrap().plaintext(), PLAINTEXT, "{curve} {alg}");
        }
    }
}

/// Covers E03.
#[test]
fn plaintexts_of_every_length() {
    let (gcm, _) = pair(&oct(16), JweAlg::A128Kw);
    for enc in [JweEnc::A128Gcm, JweEnc::A128CbcHs256] {
        let (_, decrypts) = pair(&oct(16), JweAlg::A128Kw);
        // Over the boundaries of blocks, and of the pieces that are encoded at a time.
        for len in (0..70).chain(760..780).chain([2303, 2304, 2305, 100_000]) {
            let plaintext: Vec<u8> = (0..len).map(|at: usize| at.to_le_bytes()[0]).collect();
            let token = encrypt(&gcm, enc, &plaintext).unwrap();
            assert_eq!(decrypt(&decrypts, &token).unwrap().into_plaintext(), plaintext);
        }
    }
}

/// Covers D2.
#[test]
fn another_rsa_key_and_another_padding_fail_alike() {
    let (encrypts, _) = pair(&rsa(), JweAlg::RsaOaep);
    let token = super::support::token(&encrypts, JweEnc::A128Gcm);
    for alg in [JweAlg::RsaOaep256, JweAlg::RsaOaep384, JweAlg::RsaOaep512, JweAlg::Rsa1_5] {
        let header = format!(r#"{{"alg":"{alg}","enc":"A128GCM"}}"#);
        let header = jose_b64::base64url::encode_to_string(header.as_bytes());
        let other = super::support::with_part(&token, 0, &header);
        let (_, decrypts) = pair(&rsa(), alg);
        let error = decrypt(&decrypts, &other).unwrap_err();
        assert_eq!(error, jose_jwe::Error::Decryption, "{alg}");
    }
}
