use jose_jwe::{Encrypted, Error, JweAlg, JweEnc, Limits, Message};
use jose_jwk::SysRng;

use super::support::{PLAINTEXT, decrypt, oct, pair};

/// Covers E07.
#[test]
fn compression_is_off_unless_it_is_allowed() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let token = Message::new(JweEnc::A128Gcm).compress().compact(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    assert_eq!(decrypt(&decrypts, &token).unwrap_err(), Error::CompressionNotAllowed);
    let message = Encrypted::parse_compact(&token).unwrap().allow_compressed();
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap().plaintext(), PLAINTEXT);
    // What is not compressed is still taken.
    let token = super::support::token(&encrypts, JweEnc::A128Gcm);
    let message = Encrypted::parse_compact(&token).unwrap().allow_compressed();
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap().plaintext(), PLAINTEXT);
}

/// Covers E07, D8.
#[test]
fn inflating_stops_at_the_limit() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let decrypt = |len: usize, limits: Limits| {
        let token =
            Message::new(JweEnc::A128Gcm).compress().compact(&encrypts, &vec![0; len], &mut SysRng).unwrap();
        let message = Encrypted::parse_compact(&token).unwrap().allow_compressed().limits(limits);
        message.decrypt(&decrypts, &mut SysRng).map(|decrypted| decrypted.plaintext().len())
    };
    assert_eq!(decrypt(250_000, Limits::DEFAULT), Ok(250_000));
    assert_eq!(decrypt(250_001, Limits::DEFAULT), Err(Error::Decryption));
    assert_eq!(decrypt(250_001, Limits { max_inflated: 250_001, ..Limits::DEFAULT }), Ok(250_001));
    assert_eq!(decrypt(50_000_000, Limits { max_ratio: 100, ..Limits::DEFAULT }), Err(Error::Decryption));
    // What a stream of many bytes becomes is bounded by its ratio.
    let noise: Vec<u8> =
        (0..400_000_u32).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let token = Message::new(JweEnc::A128Gcm).compress().compact(&encrypts, &noise, &mut SysRng).unwrap();
    let message = Encrypted::parse_compact(&token).unwrap().allow_compressed();
    assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap().into_plaintext(), noise);
}

/// 16 MB of zeroes: memory is bounded by the limit and not by what they would become.
///
/// Covers D8.
#[test]
fn memory_is_bounded_while_inflating() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let token = Message::new(JweEnc::A128Gcm)
        .compress()
        .compact(&encrypts, &vec![0; 16_000_000], &mut SysRng)
        .unwrap();
    let used = allocation_counter::measure(|| {
        let message = Encrypted::parse_compact(&token).unwrap().allow_compressed();
        assert_eq!(message.decrypt(&decrypts, &mut SysRng).unwrap_err(), Error::Decryption);
    });
    assert!(used.bytes_max < 600_000, "{}", used.bytes_max);
}
