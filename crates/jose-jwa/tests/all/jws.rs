use jose_jwa::{Curve, Hash, JwsAlg, JwsFamily, KeyType, Status};

use crate::number;

/// Covers W01.
#[test]
fn jws_rows_are_those_of_the_rfcs() {
    use JwsFamily::{Ecdsa, EdDsa, Hmac, MlDsa, RsaPkcs1, RsaPss};
    use KeyType::{Akp, Ec, Oct, Okp, Rsa};
    use Status::{Deprecated, Optional, Recommended, RecommendedPlus, Required};

    let (p256, p384, p521) = ([Curve::P256], [Curve::P384], [Curve::P521]);
    let (k256, ed25519, ed448) = ([Curve::Secp256k1], [Curve::Ed25519], [Curve::Ed448]);
    let both = [Curve::Ed25519, Curve::Ed448];
    let (sha256, sha384, sha512) = (Some(Hash::Sha256), Some(Hash::Sha384), Some(Hash::Sha512));

    // name, family, key type, curves, hash, signature bytes, least key bytes, status
    type Row<'a> =
        (&'a str, JwsFamily, KeyType, &'a [Curve], Option<Hash>, Option<usize>, Option<usize>, Status);
    let rows: [Row<'_>; 19] = [
        ("HS256", Hmac, Oct, &[], sha256, Some(32), Some(32), Required),
        ("HS384", Hmac, Oct, &[], sha384, Some(48), Some(48), Optional),
        ("HS512", Hmac, Oct, &[], sha512, Some(64), Some(64), Optional),
        ("RS256", RsaPkcs1, Rsa, &[], sha256, None, None, Recommended),
        ("RS384", RsaPkcs1, Rsa, &[], sha384, None, None, Optional),
        ("RS512", RsaPkcs1, Rsa, &[], sha512, None, None, Optional),
        ("PS256", RsaPss, Rsa, &[], sha256, None, None, Optional),
        ("PS384", RsaPss, Rsa, &[], sha384, None, None, Optional),
        ("PS512", RsaPss, Rsa, &[], sha512, None, None, Optional),
        ("ES256", Ecdsa, Ec, &p256, sha256, Some(64), None, RecommendedPlus),
        ("ES384", Ecdsa, Ec, &p384, sha384, Some(96), None, Optional),
        ("ES512", Ecdsa, Ec, &p521, sha512, Some(132), None, Optional),
        ("ES256K", Ecdsa, Ec, &k256, sha256, Some(64), None, Optional),
        ("EdDSA", EdDsa, Okp, &both, None, None, None, Deprecated),
        ("Ed25519", EdDsa, Okp, &ed25519, None, Some(64), None, Optional),
        ("Ed448", EdDsa, Okp, &ed448, None, Some(114), None, Optional),
        ("ML-DSA-44", MlDsa, Akp, &[], None, Some(2420), None, Optional),
        ("ML-DSA-65", MlDsa, Akp, &[], None, Some(3309), None, Optional),
        ("ML-DSA-87", MlDsa, Akp, &[], None, Some(4627), None, Optional),
    ];
    assert_eq!(JwsAlg::ALL.len(), rows.len());
    for (name, family, key_type, curves, hash, signature_len, min_key_len, status) in rows {
        let alg = JwsAlg::from_name(name).unwrap();
        assert_eq!(alg.family(), family, "{name}");
        assert_eq!(alg.key_type(), key_type, "{name}");
        assert_eq!(alg.curves(), curves, "{name}");
        assert_eq!(alg.curve(), if curves.len() == 1 { Some(curves[0]) } else { None }, "{name}");
        assert_eq!(alg.hash(), hash, "{name}");
        assert_eq!(alg.signature_len(), signature_len, "{name}");
        assert_eq!(alg.min_key_len(), min_key_len, "{name}");
        assert_eq!(alg.status(), status, "{name}");
        assert_eq!(alg.is_symmetric(), key_type == Oct, "{name}");
    }
}

/// What the names themselves say, and RFC 7518 sections 3.2 and 3.4, RFC 8032 sections 5.1.6 and 5.2.6: a MAC
/// is a digest, a signature over a curve is two of its field's or group's numbers.
#[test]
fn lengths_agree_with_hash_and_curve() {
    for alg in JwsAlg::ALL {
        let name = alg.as_str();
        match alg.family() {
            JwsFamily::Hmac => {
                assert_eq!(alg.signature_len(), Some(number(name, 0).unwrap() / 8), "{name}");
                assert_eq!(alg.min_key_len(), alg.signature_len(), "{name}");
            }
            JwsFamily::Ecdsa | JwsFamily::EdDsa => {
                let of_curve = alg.curve().map(|curve| 2 * curve.coordinate_len());
                assert_eq!(alg.signature_len(), of_curve, "{name}");
            }
            _ => assert_eq!(alg.curves(), [], "{name}"),
        }
        let hashes = !matches!(alg.family(), JwsFamily::EdDsa | JwsFamily::MlDsa);
        let named = hashes.then(|| number(name, 0).unwrap() / 8);
        assert_eq!(alg.hash().map(Hash::output_len), named, "{name}");
        assert!(
            alg.curves().iter().all(|curve| curve.key_type() == alg.key_type() && curve.can_sign()),
            "{name}"
        );
    }
}

/// Covers K26.
#[test]
fn hmac_keys_are_as_long_as_the_digest() {
    assert_eq!(JwsAlg::Hs256.min_key_len(), Some(32));
    assert_eq!(JwsAlg::Hs384.min_key_len(), Some(48));
    assert_eq!(JwsAlg::Hs512.min_key_len(), Some(64));
}

#[test]
fn properties_are_constants() {
    const LEN: Option<usize> = JwsAlg::Es512.signature_len();
    const SIGNATURE: [u8; 132] = [0; LEN.unwrap()];
    const CURVE: Option<Curve> = JwsAlg::Es512.curve();
    assert_eq!(SIGNATURE.len(), 2 * CURVE.unwrap().coordinate_len());
}
