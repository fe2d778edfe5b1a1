use jose_jwa::{Curve, EncFamily, Hash, JweAlg, JweEnc, JweFamily, KeyType, Status};

use crate::number;

/// Covers E01.
#[test]
fn jwe_rows_are_those_of_the_rfcs() {
    use JweFamily::{
        Direct, GcmKeyWrap, HpkeIntegrated, HpkeKeyEncryption, KeyAgreement, KeyEncryption, KeyWrap, Password,
    };
    use Status::{Optional, Recommended, RecommendedMinus, RecommendedPlus};

    let (sha256, sha384, sha512) = (Some(Hash::Sha256), Some(Hash::Sha384), Some(Hash::Sha512));
    let (rsa, oct, ec) = ([KeyType::Rsa], [KeyType::Oct], [KeyType::Ec, KeyType::Okp]);
    let (only_ec, okp, akp) = ([KeyType::Ec], [KeyType::Okp], [KeyType::Akp]);

    // name, family, key types, wrapping key bytes, hash, status, must be named
    type Row<'a> = (&'a str, JweFamily, &'a [KeyType], Option<usize>, Option<Hash>, Status, bool);
    let rows: [Row<'_>; 43] = [
        ("RSA1_5", KeyEncryption, &rsa, None, None, RecommendedMinus, true),
        ("RSA-OAEP", KeyEncryption, &rsa, None, Some(Hash::Sha1), RecommendedPlus, false),
        ("RSA-OAEP-256", KeyEncryption, &rsa, None, sha256, Optional, false),
        ("RSA-OAEP-384", KeyEncryption, &rsa, None, sha384, Optional, false),
        ("RSA-OAEP-512", KeyEncryption, &rsa, None, sha512, Optional, false),
        ("A128KW", KeyWrap, &oct, Some(16), None, Recommended, false),
        ("A192KW", KeyWrap, &oct, Some(24), None, Optional, false),
        ("A256KW", KeyWrap, &oct, Some(32), None, Recommended, false),
        ("dir", Direct, &oct, None, None, Recommended, false),
        ("ECDH-ES", KeyAgreement, &ec, None, None, RecommendedPlus, false),
        ("ECDH-ES+A128KW", KeyAgreement, &ec, Some(16), None, Recommended, false),
        ("ECDH-ES+A192KW", KeyAgreement, &ec, Some(24), None, Optional, false),
        ("ECDH-ES+A256KW", KeyAgreement, &ec, Some(32), None, Recommended, false),
        ("A128GCMKW", GcmKeyWrap, &oct, Some(16), None, Optional, false),
        ("A192GCMKW", GcmKeyWrap, &oct, Some(24), None, Optional, false),
        ("A256GCMKW", GcmKeyWrap, &oct, Some(32), None, Optional, false),
        ("PBES2-HS256+A128KW", Password, &oct, Some(16), sha256, Optional, true),
        ("PBES2-HS384+A192KW", Password, &oct, Some(24), sha384, Optional, true),
        ("PBES2-HS512+A256KW", Password, &oct, Some(32), sha512, Optional, true),
        ("HPKE-0", HpkeIntegrated, &only_ec, None, None, Optional, true),
        ("HPKE-1", HpkeIntegrated, &only_ec, None, None, Optional, true),
        ("HPKE-2", HpkeIntegrated, &only_ec, None, None, Optional, true),
        ("HPKE-3", HpkeIntegrated, &okp, None, None, Optional, true),
        ("HPKE-4", HpkeIntegrated, &okp, None, None, Optional, true),
        ("HPKE-5", HpkeIntegrated, &okp, None, None, Optional, true),
        ("HPKE-6", HpkeIntegrated, &okp, None, None, Optional, true),
        ("HPKE-7", HpkeIntegrated, &only_ec, None, None, Optional, true),
        ("HPKE-0-KE", HpkeKeyEncryption, &only_ec, None, None, Optional, true),
        ("HPKE-1-KE", HpkeKeyEncryption, &only_ec, None, None, Optional, true),
        ("HPKE-2-KE", HpkeKeyEncryption, &only_ec, None, None, Optional, true),
        ("HPKE-3-KE", HpkeKeyEncryption, &okp, None, None, Optional, true),
        ("HPKE-5-KE", HpkeKeyEncryption, &okp, None, None, Optional, true),
        ("HPKE-7-KE", HpkeKeyEncryption, &only_ec, None, None, Optional, true),
        ("HPKE-8", HpkeIntegrated, &akp, None, None, Optional, true),
        ("HPKE-9", HpkeIntegrated, &akp, None, None, Optional, true),
        ("HPKE-10", HpkeIntegrated, &akp, None, None, Optional, true),
        ("HPKE-12", HpkeIntegrated, &akp, None, None, Optional, true),
        ("HPKE-13", HpkeIntegrated, &akp, None, None, Optional, true),
        ("HPKE-8-KE", HpkeKeyEncryption, &akp, None, None, Optional, true),
        ("HPKE-9-KE", HpkeKeyEncryption, &akp, None, None, Optional, true),
        ("HPKE-10-KE", HpkeKeyEncryption, &akp, None, None, Optional, true),
        ("HPKE-12-KE", HpkeKeyEncryption, &akp, None, None, Optional, true),
        ("HPKE-13-KE", HpkeKeyEncryption, &akp, None, None, Optional, true),
    ];
    assert_eq!(JweAlg::ALL.len(), rows.len());
    for (name, family, key_types, kek_len, hash, status, must_be_named) in rows {
        let alg = JweAlg::from_name(name).unwrap();
        assert_eq!(alg.family(), family, "{name}");
        assert_eq!(alg.key_types(), key_types, "{name}");
        assert_eq!(alg.key_type(), if key_types.len() == 1 { Some(key_types[0]) } else { None }, "{name}");
        assert_eq!(alg.kek_len(), kek_len, "{name}");
        assert_eq!(alg.hash(), hash, "{name}");
        assert_eq!(alg.status(), status, "{name}");
        assert_eq!(alg.must_be_named(), must_be_named, "{name}");
        assert_eq!(alg.is_symmetric(), key_types == oct, "{name}");
    }
}

/// Covers E01.
#[test]
fn ecdh_es_has_its_curves_and_hpke_one_each() {
    let curves =
        [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::X25519, Curve::X448].as_slice();
    for alg in JweAlg::ALL {
        let expected = match alg.as_str().trim_end_matches("-KE") {
            name if name.starts_with("ECDH-ES") => curves,
            "HPKE-0" | "HPKE-7" => &[Curve::P256],
            "HPKE-1" => &[Curve::P384],
            "HPKE-2" => &[Curve::P521],
            "HPKE-3" | "HPKE-4" => &[Curve::X25519],
            "HPKE-5" | "HPKE-6" => &[Curve::X448],
            _ => &[],
        };
        assert_eq!(alg.curves(), expected, "{alg}");
        assert!(alg.curves().iter().all(|curve| curve.can_agree()), "{alg}");
    }
}

/// `A128` and its like in a name tell the wrapping key, and `-256` and `HS256` and their like the hash.
#[test]
fn lengths_agree_with_the_names() {
    for alg in JweAlg::ALL {
        let name = alg.as_str();
        let wrapping = name.split('+').next_back().filter(|part| part.starts_with('A'));
        assert_eq!(alg.kek_len(), wrapping.map(|part| number(part, 0).unwrap() / 8), "{name}");
        let hash = match alg.family() {
            JweFamily::KeyEncryption => {
                name.strip_prefix("RSA-OAEP").map(|rest| number(rest, 0).unwrap_or(160))
            }
            JweFamily::Password => number(name, 1),
            _ => None,
        };
        assert_eq!(alg.hash().map(Hash::output_len), hash.map(|bits| bits / 8), "{name}");
    }
}

/// Covers E02.
#[test]
fn enc_rows_are_those_of_the_rfc() {
    use EncFamily::{CbcHmac, Gcm};
    use Status::{Optional, Recommended, Required};

    // name, family, key, IV and tag bytes, hash, status
    let rows = [
        ("A128CBC-HS256", CbcHmac, (32, 16, 16), Some(Hash::Sha256), Required),
        ("A192CBC-HS384", CbcHmac, (48, 16, 24), Some(Hash::Sha384), Optional),
        ("A256CBC-HS512", CbcHmac, (64, 16, 32), Some(Hash::Sha512), Required),
        ("A128GCM", Gcm, (16, 12, 16), None, Recommended),
        ("A192GCM", Gcm, (24, 12, 16), None, Optional),
        ("A256GCM", Gcm, (32, 12, 16), None, Recommended),
    ];
    assert_eq!(JweEnc::ALL.len(), rows.len());
    for (name, family, lengths, hash, status) in rows {
        let enc = JweEnc::from_name(name).unwrap();
        assert_eq!(enc.family(), family, "{name}");
        assert_eq!((enc.cek_len(), enc.iv_len(), enc.tag_len()), lengths, "{name}");
        assert_eq!(enc.hash(), hash, "{name}");
        assert_eq!(enc.status(), status, "{name}");
    }
}

/// RFC 7518 section 5.2.2.1: two keys of half the length each, and half the MAC for a tag.
///
/// Covers D4.
#[test]
fn enc_lengths_agree_with_the_names() {
    for enc in JweEnc::ALL {
        let name = enc.as_str();
        let aes = number(name, 0).unwrap() / 8;
        match number(name, 1) {
            Some(mac) => {
                assert_eq!(enc.cek_len(), 2 * aes, "{name}");
                assert_eq!(enc.tag_len(), mac / 16, "{name}");
                assert_eq!(enc.hash().map(Hash::output_len), Some(mac / 8), "{name}");
            }
            None => assert_eq!((enc.cek_len(), enc.tag_len()), (aes, 16), "{name}"),
        }
    }
}

/// Covers D1, D9.
#[test]
fn legacy_and_hpke_must_be_named() {
    let (hpke, named): (Vec<_>, Vec<_>) = JweAlg::ALL
        .iter()
        .filter(|alg| alg.must_be_named())
        .map(|alg| alg.as_str())
        .partition(|name| name.starts_with("HPKE-"));
    assert_eq!(hpke.len(), 24);
    assert_eq!(named, ["RSA1_5", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"]);
}
