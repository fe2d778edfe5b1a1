use jose_jwe::{Error, JweEnc, enc, hazmat};
use jose_jwk::SysRng;

use super::support::{bytes, case, member};

/// RFC 7518 appendix B, RFC 7516 appendix B.
///
/// Covers E02.
#[test]
fn the_examples_of_the_rfcs_seal_and_open() {
    for (file, id) in [
        ("rfc7518.json", "B.1"),
        ("rfc7518.json", "B.2"),
        ("rfc7518.json", "B.3"),
        ("rfc7516.json", "A.1/seal"),
        ("rfc7516.json", "B"),
    ] {
        let case = case(file, id);
        let enc = JweEnc::from_name(&member(&case, "enc")).unwrap();
        let (cek, iv, aad) = (bytes(&case, "cek_b64u"), bytes(&case, "iv_b64u"), bytes(&case, "aad_b64u"));
        let plaintext = bytes(&case, "plaintext_b64u");
        let mut buffer = plaintext.clone();
        buffer.resize(enc::ciphertext_len(enc, plaintext.len()).unwrap(), 0);
        let sealed = hazmat::seal(enc, &cek, &iv, &aad, &mut buffer, plaintext.len()).unwrap();
        assert_eq!(buffer, bytes(&case, "ciphertext_b64u"), "{id}");
        assert_eq!(sealed.tag(), bytes(&case, "tag_b64u"), "{id}");
        let opened = enc::open(enc, &cek, &iv, &aad, &mut buffer, sealed.tag());
        assert_eq!(opened.unwrap(), plaintext, "{id}");
    }
}

/// Covers E02, D4.
#[test]
fn only_exact_lengths_of_key_iv_and_tag_open() {
    for enc in JweEnc::ALL.iter().copied() {
        let cek = vec![1; enc.cek_len()];
        let mut key = enc::ContentKey::new(enc, &cek).unwrap();
        let mut sealed_text = vec![0; enc::ciphertext_len(enc, 5).unwrap()];
        let sealed = key.seal(b"aad", &mut sealed_text, 5, &mut SysRng).unwrap();
        let pad = |bytes: &[u8], len: usize| -> Vec<u8> {
            bytes.iter().copied().chain(core::iter::repeat(0)).take(len).collect()
        };
        let open = |cek: &[u8], iv: &[u8], tag: &[u8]| {
            enc::open(enc, cek, iv, b"aad", &mut sealed_text.clone(), tag).map(|opened| opened.to_vec())
        };
        assert!(open(&cek, sealed.iv(), sealed.tag()).is_ok());
        for len in (0..70).filter(|len| *len != enc.tag_len()) {
            assert_eq!(
                open(&cek, sealed.iv(), &pad(sealed.tag(), len)),
                Err(Error::Decryption),
                "{enc} {len}"
            );
        }
        for len in (0..70).filter(|len| *len != enc.iv_len()) {
            assert_eq!(
                open(&cek, &pad(sealed.iv(), len), sealed.tag()),
                Err(Error::Decryption),
                "{enc} {len}"
            );
        }
        for len in (0..70).filter(|len| *len != enc.cek_len()) {
            assert_eq!(
                open(&pad(&cek, len), sealed.iv(), sealed.tag()),
                Err(Error::Decryption),
                "{enc} {len}"
            );
            assert!(enc::ContentKey::new(enc, &pad(&cek, len)).is_err());
        }
    }
}

/// Bytes that no padding ends with, under a right MAC and a wrong one: the same error, and with a wrong MAC nothing is
/// decrypted.
///
/// Covers D6.
#[test]
fn padding_and_mac_fail_alike() {
    use hmac::{Hmac, KeyInit, Mac};
    let enc = JweEnc::A128CbcHs256;
    let (cek, iv) = ([3; 32], [4; 16]);
    for last in 0..=255_u8 {
        // Any ciphertext: its padding is right for about one in 256, and its MAC is made to fit.
        let mut ciphertext = [last; 32];
        ciphertext[0] = 9;
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&cek[..16]).unwrap();
        for part in [b"a".as_slice(), &iv, &ciphertext, &8_u64.to_be_bytes()] {
            mac.update(part);
        }
        let mut tag = mac.finalize().into_bytes()[..16].to_vec();
        let mut buffer = ciphertext;
        match enc::open(enc, &cek, &iv, b"a", &mut buffer, &tag) {
            Ok(plaintext) => assert!(plaintext.len() < 32),
            Err(error) => assert_eq!(error, Error::Decryption),
        }
        tag[15] ^= 1;
        let mut buffer = ciphertext;
        assert_eq!(enc::open(enc, &cek, &iv, b"a", &mut buffer, &tag), Err(Error::Decryption));
        assert_eq!(buffer, ciphertext);
    }
    for len in [0, 1, 15, 17, 31] {
        let result = enc::open(enc, &cek, &iv, b"a", &mut vec![0; len], &[0; 16]).map(|_| ());
        assert_eq!(result, Err(Error::Decryption));
    }
}

/// Covers D5.
#[test]
fn a_content_key_counts_and_stops() {
    let mut key = enc::ContentKey::new(JweEnc::A128Gcm, &[0; 16]).unwrap().with_invocations(u32::MAX - 1);
    let first = key.seal(b"", &mut [0; 4], 4, &mut SysRng).unwrap();
    assert_eq!(key.seal(b"", &mut [0; 4], 4, &mut SysRng).map(|_| ()), Err(Error::KeyExhausted));
    // AES-CBC with HMAC has no such limit.
    let mut key = enc::ContentKey::new(JweEnc::A128CbcHs256, &[0; 32]).unwrap().with_invocations(u32::MAX);
    let second = key.seal(b"", &mut [0; 16], 4, &mut SysRng).unwrap();
    assert_ne!(first.iv(), &second.iv()[..12]);
}
