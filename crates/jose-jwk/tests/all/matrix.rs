//! Every key type and curve, algorithm, `use` and `key_ops` against each other.

use crate::support::{decrypts, encrypts, signs, verifies};
use jose_jwk::{Curve, JweAlg, JweEnc, Jwk, JwsAlg, KeyOp, KeySpec, KeyUse, SysRng};

/// What each kind of key can serve at all, written out by hand from the RFCs.
fn kinds() -> Vec<(Jwk, &'static [&'static str])> {
    const ECDH: [&str; 4] = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];
    const P256: &[&str] =
        &["ES256", ECDH[0], ECDH[1], ECDH[2], ECDH[3], "HPKE-0", "HPKE-7", "HPKE-0-KE", "HPKE-7-KE"];
    const P384: &[&str] = &["ES384", ECDH[0], ECDH[1], ECDH[2], ECDH[3], "HPKE-1", "HPKE-1-KE"];
    const P521: &[&str] = &["ES512", ECDH[0], ECDH[1], ECDH[2], ECDH[3], "HPKE-2", "HPKE-2-KE"];
    const K256: &[&str] = &["ES256K", ECDH[0], ECDH[1], ECDH[2], ECDH[3]];
    const X25519: &[&str] = &[ECDH[0], ECDH[1], ECDH[2], ECDH[3], "HPKE-3", "HPKE-4", "HPKE-3-KE"];
    const RSA: &[&str] = &[
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "RSA1_5",
        "RSA-OAEP",
        "RSA-OAEP-256",
        "RSA-OAEP-384",
        "RSA-OAEP-512",
    ];
    const OCT_32: &[&str] = &[
        "HS256",
        "A256KW",
        "A256GCMKW",
        "dir",
        "PBES2-HS256+A128KW",
        "PBES2-HS384+A192KW",
        "PBES2-HS512+A256KW",
    ];
    const OCT_64: &[&str] =
        &["HS256", "HS384", "HS512", "dir", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"];
    let new = |spec: KeySpec| Jwk::generate(spec, &mut SysRng).unwrap();
    vec![
        (new(Curve::P256.into()), P256),
        (new(Curve::P384.into()), P384),
        (new(Curve::P521.into()), P521),
        (new(Curve::Secp256k1.into()), K256),
        (new(Curve::Ed25519.into()), &["EdDSA", "Ed25519"]),
        (new(Curve::X25519.into()), X25519),
        (Jwk::from_json(crate::rfc::RSA_PRIVATE.replace("\"alg\":\"RS256\",", "")).unwrap(), RSA),
        (new(KeySpec::Oct { len: 32 }), OCT_32),
        (new(KeySpec::Oct { len: 64 }), OCT_64),
    ]
}

/// The operations of RFC 7517 section 4.3 that suit the algorithm: with the public key, and with the private one.
fn ops(alg: &str) -> [&'static [&'static str]; 2] {
    match alg {
        "dir" => [&["encrypt"], &["decrypt"]],
        alg if alg.starts_with("ECDH") => [&["deriveKey", "deriveBits"]; 2],
        alg if alg.starts_with("HPKE") && !alg.ends_with("-KE") => {
            [&["deriveKey", "deriveBits", "encrypt"], &["deriveKey", "deriveBits", "decrypt"]]
        }
        alg if alg.starts_with("PBES2") || alg.starts_with("HPKE") => {
            [&["deriveKey", "deriveBits", "wrapKey"], &["deriveKey", "deriveBits", "unwrapKey"]]
        }
        alg if alg.starts_with("RSA") => [&["wrapKey", "encrypt"], &["unwrapKey", "decrypt"]],
        alg if alg.ends_with("KW") => [&["wrapKey"], &["unwrapKey"]],
        _ => [&["verify"], &["sign"]],
    }
}

/// The key's own algorithms, by public and by private operation.
fn served(key: &Jwk) -> [Vec<String>; 2] {
    let names = |jws: jose_jwk::AlgSet<JwsAlg>, jwe: jose_jwk::AlgSet<JweAlg>| {
        let mut names: Vec<String> = jws.iter().map(|alg| alg.to_string()).collect();
        names.extend(jwe.iter().map(|alg| alg.to_string()));
        names.sort();
        names
    };
    [names(verifies(key), encrypts(key)), names(signs(key), decrypts(key))]
}

/// Covers A5, K24.
#[test]
fn full_matrix() {
    let own_algs: Vec<Option<String>> = [None]
        .into_iter()
        .chain(JwsAlg::ALL.iter().map(|alg| Some(alg.to_string())))
        .chain(JweAlg::ALL.iter().map(|alg| Some(alg.to_string())))
        .chain([Some("A256GCM".into()), Some("A256CBC-HS512".into()), Some("other".into())])
        .collect();
    let mut cells = 0;
    for (bare, can) in kinds() {
        let public = bare.to_public().ok().map(Jwk::from);
        for own_alg in &own_algs {
            for own_use in [None, Some(KeyUse::Sig), Some(KeyUse::Enc)] {
                for own_op in [None].into_iter().chain(KeyOp::ALL.iter().map(|op| Some(*op))) {
                    if own_use.zip(own_op).is_some_and(|(own, op)| op.key_use() != own) {
                        continue;
                    }
                    let state = |key: &Jwk| {
                        let mut key = key.clone();
                        if let Some(own) = own_use {
                            key = key.with_use(own).unwrap();
                        }
                        if let Some(own) = own_op {
                            key = key.with_key_ops(own.into()).unwrap();
                        }
                        let stated = match own_alg.as_deref() {
                            None => Ok(key),
                            Some("A256GCM") => key.with_alg(JweEnc::A256Gcm),
                            Some("A256CBC-HS512") => key.with_alg(JweEnc::A256CbcHs512),
                            Some("other") => key.with_alg(jose_jwk::KeyAlg::Other("other".into())),
                            Some(name) => match name.parse::<JwsAlg>() {
                                Ok(alg) => key.with_alg(alg),
                                Err(_) => key.with_alg(name.parse::<JweAlg>().unwrap()),
                            },
                        };
                        stated.unwrap()
                    };
                    let len = bare.expose_secret_member("k").map_or(0, <[u8]>::len);
                    let expected = [0, 1].map(|private| {
                        let mut expected: Vec<String> = can
                            .iter()
                            .filter(|alg| match own_alg.as_deref() {
                                None => true,
                                Some("A256GCM") => **alg == "dir" && len == 32,
                                Some("A256CBC-HS512") => **alg == "dir" && len == 64,
                                Some(own) => **alg == own,
                            })
                            .filter(|alg| match own_use {
                                None => true,
                                Some(own) => (own == KeyUse::Sig) == (ops(alg)[0] == ["verify"]),
                            })
                            .filter(|alg| own_op.is_none_or(|own| ops(alg)[private].contains(&own.as_str())))
                            .map(|alg| (*alg).to_owned())
                            .collect();
                        expected.sort();
                        expected
                    });
                    let key = state(&bare);
                    assert_eq!(served(&key), expected, "{bare:?} {own_alg:?} {own_use:?} {own_op:?}");
                    if let Some(public) = &public {
                        let [with_public, with_private] = served(&state(public));
                        assert_eq!(with_public, expected[0]);
                        assert!(with_private.is_empty());
                    }
                    cells += 1;
                }
            }
        }
    }
    // Kinds, algorithms (17 + 43 + 3 others + none), and the pairs of `use` and `key_ops` that agree.
    assert_eq!(cells, 9 * own_algs.len() * (9 + 3 + 7));
}
