use jose_jwe::{Error, JweAlg, JweEnc};

use super::support::{changed, decrypt, key_for, oct, on_curve, pair, part, token, with_part};

type Damage = (&'static str, Box<dyn Fn(&mut Vec<u8>)>);

/// What may happen to the bytes of a part.
fn damages() -> Vec<Damage> {
    vec![
        ("first bit", Box::new(|bytes| bytes.first_mut().into_iter().for_each(|byte| *byte ^= 0x80))),
        ("last bit", Box::new(|bytes| bytes.last_mut().into_iter().for_each(|byte| *byte ^= 1))),
        ("all zero", Box::new(|bytes| bytes.fill(0))),
        ("cut", Box::new(|bytes| bytes.truncate(bytes.len().saturating_sub(1)))),
        ("cut by a block", Box::new(|bytes| bytes.truncate(bytes.len().saturating_sub(16)))),
        ("empty", Box::new(Vec::clear)),
        ("longer", Box::new(|bytes| bytes.push(0))),
        ("longer by eight", Box::new(|bytes| bytes.extend([7; 8]))),
        ("much longer", Box::new(|bytes| bytes.extend([7; 512]))),
    ]
}

/// Rows D1, D3, D6, D11, beside the one in front.
///
/// Covers E11, G2, D1, D3, D6, D11.
#[test]
fn any_damage_to_any_part_gives_one_error() {
    let mut tried = 0;
    for alg in JweAlg::ALL.iter().copied() {
        for enc in [JweEnc::A128Gcm, JweEnc::A256CbcHs512] {
            if alg.family() == jose_jwa::JweFamily::Password || alg.is_hpke() {
                continue;
            }
            let (encrypts, decrypts) = pair(&key_for(alg, enc), alg);
            let token = token(&encrypts, enc);
            assert!(decrypt(&decrypts, &token).is_ok());
            let direct = matches!(alg, JweAlg::Dir | JweAlg::EcdhEs);
            for index in 1..5 {
                for (what, damage) in damages() {
                    let own = part(&token, index);
                    let other = changed(own, damage);
                    // What is not damaged, and the one thing that is malformed.
                    if own == other || index == 1 && direct {
                        continue;
                    }
                    let result = decrypt(&decrypts, &with_part(&token, index, &other));
                    assert_eq!(result.map(|_| ()), Err(Error::Decryption), "{alg} {enc} {index} {what}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 900, "{tried}");
}

/// Covers E11, D11.
#[test]
fn a_key_of_another_length_fails_like_any_other() {
    // A content encryption key for A256GCM under A128GCM and the other way round.
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let (long, short) = (token(&encrypts, JweEnc::A256Gcm), token(&encrypts, JweEnc::A128Gcm));
    for (one, other) in [(&long, &short), (&short, &long)] {
        let mixed = with_part(one, 1, part(other, 1));
        assert_eq!(decrypt(&decrypts, &mixed).unwrap_err(), Error::Decryption);
    }
}

/// Covers D10.
#[test]
fn encrypted_keys_of_every_length_do_not_panic() {
    for (alg, key) in [
        (JweAlg::A128Kw, oct(16)),
        (JweAlg::A256Kw, oct(32)),
        (JweAlg::A128GcmKw, oct(16)),
        (JweAlg::EcdhEsA192Kw, on_curve(jose_jwk::Curve::P256)),
        (JweAlg::RsaOaep, super::support::rsa()),
    ] {
        let (encrypts, decrypts) = pair(&key, alg);
        let token = token(&encrypts, JweEnc::A128Gcm);
        for len in 0..=80 {
            let part = jose_b64::base64url::encode_to_string(&vec![0xa6; len]);
            let result = decrypt(&decrypts, &with_part(&token, 1, &part));
            assert_eq!(result.map(|_| ()), Err(Error::Decryption), "{alg} {len}");
        }
    }
}

/// Covers E02.
#[test]
fn what_is_not_base64url_is_told_apart_and_not_accepted() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let token = token(&encrypts, JweEnc::A128Gcm);
    for index in 0..5 {
        let padded = format!("{}=", part(&token, index));
        let error = decrypt(&decrypts, &with_part(&token, index, &padded)).unwrap_err();
        assert!(matches!(error, Error::Encoding { .. }), "{index} {error:?}");
    }
    for bad in ["", "....", "a.b.c", "a.b.c.d.e.f", "\u{e9}....", "e30...."] {
        assert!(decrypt(&decrypts, bad).is_err());
    }
}
