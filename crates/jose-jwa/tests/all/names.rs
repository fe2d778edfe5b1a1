use jose_jwa::{Curve, Hash, Identifier, JweAlg, JweEnc, JwsAlg, KeyOp, KeyType, KeyUse, Status};

const JWS: [(JwsAlg, &str); 19] = [
    (JwsAlg::Hs256, "HS256"),
    (JwsAlg::Hs384, "HS384"),
    (JwsAlg::Hs512, "HS512"),
    (JwsAlg::Rs256, "RS256"),
    (JwsAlg::Rs384, "RS384"),
    (JwsAlg::Rs512, "RS512"),
    (JwsAlg::Ps256, "PS256"),
    (JwsAlg::Ps384, "PS384"),
    (JwsAlg::Ps512, "PS512"),
    (JwsAlg::Es256, "ES256"),
    (JwsAlg::Es384, "ES384"),
    (JwsAlg::Es512, "ES512"),
    (JwsAlg::Es256K, "ES256K"),
    (JwsAlg::EdDsa, "EdDSA"),
    (JwsAlg::Ed25519, "Ed25519"),
    (JwsAlg::Ed448, "Ed448"),
    (JwsAlg::MlDsa44, "ML-DSA-44"),
    (JwsAlg::MlDsa65, "ML-DSA-65"),
    (JwsAlg::MlDsa87, "ML-DSA-87"),
];

const JWE: [(JweAlg, &str); 43] = [
    (JweAlg::Rsa1_5, "RSA1_5"),
    (JweAlg::RsaOaep, "RSA-OAEP"),
    (JweAlg::RsaOaep256, "RSA-OAEP-256"),
    (JweAlg::RsaOaep384, "RSA-OAEP-384"),
    (JweAlg::RsaOaep512, "RSA-OAEP-512"),
    (JweAlg::A128Kw, "A128KW"),
    (JweAlg::A192Kw, "A192KW"),
    (JweAlg::A256Kw, "A256KW"),
    (JweAlg::Dir, "dir"),
    (JweAlg::EcdhEs, "ECDH-ES"),
    (JweAlg::EcdhEsA128Kw, "ECDH-ES+A128KW"),
    (JweAlg::EcdhEsA192Kw, "ECDH-ES+A192KW"),
    (JweAlg::EcdhEsA256Kw, "ECDH-ES+A256KW"),
    (JweAlg::A128GcmKw, "A128GCMKW"),
    (JweAlg::A192GcmKw, "A192GCMKW"),
    (JweAlg::A256GcmKw, "A256GCMKW"),
    (JweAlg::Pbes2Hs256A128Kw, "PBES2-HS256+A128KW"),
    (JweAlg::Pbes2Hs384A192Kw, "PBES2-HS384+A192KW"),
    (JweAlg::Pbes2Hs512A256Kw, "PBES2-HS512+A256KW"),
    (JweAlg::Hpke0, "HPKE-0"),
    (JweAlg::Hpke1, "HPKE-1"),
    (JweAlg::Hpke2, "HPKE-2"),
    (JweAlg::Hpke3, "HPKE-3"),
    (JweAlg::Hpke4, "HPKE-4"),
    (JweAlg::Hpke5, "HPKE-5"),
    (JweAlg::Hpke6, "HPKE-6"),
    (JweAlg::Hpke7, "HPKE-7"),
    (JweAlg::Hpke0Ke, "HPKE-0-KE"),
    (JweAlg::Hpke1Ke, "HPKE-1-KE"),
    (JweAlg::Hpke2Ke, "HPKE-2-KE"),
    (JweAlg::Hpke3Ke, "HPKE-3-KE"),
    (JweAlg::Hpke5Ke, "HPKE-5-KE"),
    (JweAlg::Hpke7Ke, "HPKE-7-KE"),
    (JweAlg::Hpke8, "HPKE-8"),
    (JweAlg::Hpke9, "HPKE-9"),
    (JweAlg::Hpke10, "HPKE-10"),
    (JweAlg::Hpke12, "HPKE-12"),
    (JweAlg::Hpke13, "HPKE-13"),
    (JweAlg::Hpke8Ke, "HPKE-8-KE"),
    (JweAlg::Hpke9Ke, "HPKE-9-KE"),
    (JweAlg::Hpke10Ke, "HPKE-10-KE"),
    (JweAlg::Hpke12Ke, "HPKE-12-KE"),
    (JweAlg::Hpke13Ke, "HPKE-13-KE"),
];

const ENC: [(JweEnc, &str); 6] = [
    (JweEnc::A128CbcHs256, "A128CBC-HS256"),
    (JweEnc::A192CbcHs384, "A192CBC-HS384"),
    (JweEnc::A256CbcHs512, "A256CBC-HS512"),
    (JweEnc::A128Gcm, "A128GCM"),
    (JweEnc::A192Gcm, "A192GCM"),
    (JweEnc::A256Gcm, "A256GCM"),
];

const CURVE: [(Curve, &str); 8] = [
    (Curve::P256, "P-256"),
    (Curve::P384, "P-384"),
    (Curve::P521, "P-521"),
    (Curve::Secp256k1, "secp256k1"),
    (Curve::Ed25519, "Ed25519"),
    (Curve::Ed448, "Ed448"),
    (Curve::X25519, "X25519"),
    (Curve::X448, "X448"),
];

const KEY_TYPE: [(KeyType, &str); 5] = [
    (KeyType::Ec, "EC"),
    (KeyType::Rsa, "RSA"),
    (KeyType::Oct, "oct"),
    (KeyType::Okp, "OKP"),
    (KeyType::Akp, "AKP"),
];

const KEY_USE: [(KeyUse, &str); 2] = [(KeyUse::Sig, "sig"), (KeyUse::Enc, "enc")];

const KEY_OP: [(KeyOp, &str); 8] = [
    (KeyOp::Sign, "sign"),
    (KeyOp::Verify, "verify"),
    (KeyOp::Encrypt, "encrypt"),
    (KeyOp::Decrypt, "decrypt"),
    (KeyOp::WrapKey, "wrapKey"),
    (KeyOp::UnwrapKey, "unwrapKey"),
    (KeyOp::DeriveKey, "deriveKey"),
    (KeyOp::DeriveBits, "deriveBits"),
];

const HASH: [(Hash, &str); 4] =
    [(Hash::Sha1, "SHA-1"), (Hash::Sha256, "SHA-256"), (Hash::Sha384, "SHA-384"), (Hash::Sha512, "SHA-512")];

const STATUS: [(Status, &str); 7] = [
    (Status::Required, "Required"),
    (Status::RecommendedPlus, "Recommended+"),
    (Status::Recommended, "Recommended"),
    (Status::RecommendedMinus, "Recommended-"),
    (Status::Optional, "Optional"),
    (Status::Deprecated, "Deprecated"),
    (Status::Prohibited, "Prohibited"),
];

/// Walks a whole table against its listing, and tries what each name must not be mistaken for.
fn walk<A: Identifier>(
    listing: &[(A, &str)],
    as_str: fn(A) -> &'static str,
    from_name: fn(&str) -> Option<A>,
    unknown: &'static str,
) {
    let parse = |name: &str| {
        let parsed = name.parse::<A>().map_err(|error| error.registry);
        assert_eq!(parsed.ok(), from_name(name), "{name}");
        parsed
    };
    let listed: Vec<A> = listing.iter().map(|(identifier, _)| *identifier).collect();
    assert_eq!(A::ALL, listed);
    assert!(listed.is_sorted());
    for (position, (identifier, name)) in listing.iter().enumerate() {
        assert_eq!(usize::try_from(identifier.index()), Ok(position), "{name}");
        assert_eq!(as_str(*identifier), *name);
        assert_eq!(identifier.to_string(), *name);
        assert_eq!(format!("{identifier:>20}"), format!("{name:>20}"));
        assert_eq!(parse(name), Ok(*identifier));

        let mut wrong = vec![
            name.to_ascii_lowercase(),
            name.to_ascii_uppercase(),
            format!(" {name}"),
            format!("{name} "),
            format!("{name}\n"),
            format!("{name}\0"),
            format!("\"{name}\""),
            format!("{name}{name}"),
            name[1..].to_owned(),
            name.replace('-', "_"),
            name.replace('+', " "),
        ];
        // One byte less may be another name: ES256K, Recommended+.
        wrong.push(name[..name.len() - 1].to_owned());
        wrong.retain(|wrong| listing.iter().all(|(_, name)| name != wrong));
        assert!(wrong.len() >= 8, "{name}");
        for wrong in wrong {
            assert_eq!(parse(&wrong), Err(unknown), "{wrong:?}");
        }
    }
    for wrong in ["", " ", "\0", "*", "null"] {
        assert_eq!(parse(wrong), Err(unknown), "{wrong:?}");
    }
}

#[test]
fn every_name_is_the_registered_one() {
    walk(&JWS, JwsAlg::as_str, JwsAlg::from_name, "JWS algorithm");
    walk(&JWE, JweAlg::as_str, JweAlg::from_name, "JWE key management algorithm");
    walk(&ENC, JweEnc::as_str, JweEnc::from_name, "JWE content encryption algorithm");
    walk(&CURVE, Curve::as_str, Curve::from_name, "curve");
    walk(&KEY_TYPE, KeyType::as_str, KeyType::from_name, "key type");
    walk(&KEY_USE, KeyUse::as_str, KeyUse::from_name, "key use");
    walk(&KEY_OP, KeyOp::as_str, KeyOp::from_name, "key operation");
    walk(&HASH, Hash::as_str, Hash::from_name, "hash function");
    walk(&STATUS, Status::as_str, Status::from_name, "implementation requirement");
}

/// Covers A1.
#[test]
fn none_is_no_algorithm() {
    let mut spellings: Vec<String> = (0..16)
        .map(|upper: u8| {
            "none".bytes().enumerate().fold(String::new(), |mut text, (at, octet)| {
                let octet = if upper >> at & 1 == 1 { octet.to_ascii_uppercase() } else { octet };
                text.push(char::from(octet));
                text
            })
        })
        .collect();
    assert_eq!(spellings[15], "NONE");
    spellings
        .extend(["none ", " none", "none\0", "none\t", "n\u{43e}ne", "", "null", "false"].map(str::to_owned));
    for spelling in spellings {
        assert_eq!(JwsAlg::from_name(&spelling), None, "{spelling:?}");
        assert_eq!(JweAlg::from_name(&spelling), None, "{spelling:?}");
        assert_eq!(JweEnc::from_name(&spelling), None, "{spelling:?}");
        assert_eq!(
            spelling.parse::<JwsAlg>().map_err(|error| error.registry),
            Err("JWS algorithm"),
            "{spelling:?}"
        );
    }
}

#[test]
fn an_alg_belongs_to_jws_or_to_jwe() {
    for (_, name) in JWS {
        assert_eq!(JweAlg::from_name(name), None, "{name}");
        assert_eq!(JweEnc::from_name(name), None, "{name}");
    }
    for (_, name) in JWE {
        assert_eq!(JwsAlg::from_name(name), None, "{name}");
        assert_eq!(JweEnc::from_name(name), None, "{name}");
    }
    for (_, name) in ENC {
        assert_eq!(JwsAlg::from_name(name), None, "{name}");
        assert_eq!(JweAlg::from_name(name), None, "{name}");
    }
}

/// Covers K35.
#[test]
fn p_256k_is_no_registered_curve() {
    assert_eq!("P-256K".parse::<Curve>().map_err(|error| error.registry), Err("curve"));
}

/// Covers J17.
#[test]
fn the_error_says_which_registry() {
    let error = "x".parse::<JwsAlg>().unwrap_err();
    assert_eq!(error.code(), "unknown-name");
    assert_eq!(error.to_string(), "the text is not the name of a JWS algorithm");
    let _: &dyn core::error::Error = &error;
}
