//! W01, J17: each row of the registry, over whatever families the build has.

use jose_jwk::Jwk;
use jose_jws::{Error, Header, JwsAlg, Sign, SigningKey, Verify, VerifyingKey, compact};

use crate::help::{Random, jwk};
use crate::keys;

/// A private key for the algorithm, and whether this build can use it. A new row needs a line here.
fn row(alg: JwsAlg) -> (Result<Jwk, Error>, bool) {
    use JwsAlg::*;
    let (key, built) = match alg {
        Hs256 | Hs384 | Hs512 => (keys::OCT, cfg!(feature = "hmac")),
        Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512 => (keys::RSA, cfg!(feature = "rsa")),
        Es256 => (keys::P256, cfg!(feature = "p256")),
        Es384 => (keys::P384, cfg!(feature = "p384")),
        Es512 => (keys::P521, cfg!(feature = "p521")),
        Es256K => (keys::SECP256K1, cfg!(feature = "k256")),
        EdDsa | Ed25519 => (keys::ED25519, cfg!(feature = "ed25519")),
        Ed448 => (keys::ED448, cfg!(feature = "ed448")),
        MlDsa44 => return (ml_dsa(alg, 1312), cfg!(feature = "ml-dsa")),
        MlDsa65 => return (ml_dsa(alg, 1952), cfg!(feature = "ml-dsa")),
        MlDsa87 => return (ml_dsa(alg, 2592), cfg!(feature = "ml-dsa")),
        _ => panic!("{alg}: a row that nobody implements"),
    };
    (Ok(jwk(key)), built)
}

/// A key that was generated; in a build that cannot, one that is refused here or where it is used, for the same reason.
fn ml_dsa(alg: JwsAlg, public_len: usize) -> Result<Jwk, Error> {
    if cfg!(feature = "ml-dsa") {
        return Jwk::generate(alg, &mut Random(1)).map_err(Error::Key);
    }
    let octets = jose_b64::base64url::encode_to_string(&vec![1; public_len]);
    let text = format!(r#"{{"kty":"AKP","alg":"{alg}","pub":"{octets}"}}"#);
    Jwk::from_json(text).map_err(Error::Key)
}

/// Covers W01.
#[test]
fn each_algorithm_signs_and_verifies_or_is_disabled() {
    let mut built = 0;
    for alg in JwsAlg::ALL.iter().copied() {
        let (key, is_built) = row(alg);
        let verifying = key.clone().and_then(|key| VerifyingKey::from_jwk(&key, alg));
        if !is_built {
            let disabled = Some("algorithm-disabled");
            assert_eq!(verifying.err().map(|error| error.code()), disabled, "{alg}");
            if let Ok(key) = key
                && key.is_private()
            {
                assert_eq!(
                    SigningKey::from_jwk(&key, alg).err().map(|error| error.code()),
                    disabled,
                    "{alg}"
                );
            }
            continue;
        }
        let (key, verifying) = (key.unwrap(), verifying.unwrap());
        let signing = SigningKey::randomized(&key, alg, || Random(1)).unwrap();
        assert_eq!((signing.alg(), verifying.algs()), (alg, alg.into()));
        for payload in [&b""[..], b"\0", &[0xff; 1000]] {
            let token = compact::sign(&signing, payload, &Header::new()).unwrap();
            let verified = compact::verify(&verifying, &token).unwrap();
            assert_eq!((verified.payload(), verified.alg()), (payload, alg));
            assert_eq!(verified.header().text(), format!(r#"{{"alg":"{alg}"}}"#));
            let longer = token.replacen('.', ".AAAA", 1);
            assert_eq!(compact::verify(&verifying, &longer).err(), Some(Error::Signature), "{alg}");
        }
        built += 1;
    }
    // As many rows as the families of this build have.
    let rows = [
        (cfg!(feature = "hmac"), 3),
        (cfg!(feature = "rsa"), 6),
        (cfg!(feature = "p256"), 1),
        (cfg!(feature = "p384"), 1),
        (cfg!(feature = "p521"), 1),
        (cfg!(feature = "k256"), 1),
        (cfg!(feature = "ed25519"), 2),
        (cfg!(feature = "ed448"), 1),
        (cfg!(feature = "ml-dsa"), 3),
    ];
    assert_eq!(built, rows.iter().filter(|(on, _)| *on).map(|(_, rows)| rows).sum::<usize>());
}

/// Without std there is no system generator, and RSA takes none but the caller's.
///
/// Covers G6.
#[cfg(all(feature = "rsa", not(feature = "std")))]
#[test]
fn without_a_generator_rsa_does_not_sign() {
    assert_eq!(SigningKey::from_jwk(jwk(keys::RSA), JwsAlg::Rs256).err(), Some(Error::RngMissing));
}
