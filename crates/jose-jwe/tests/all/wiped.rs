//! What is left on the heap after a decryption.
//!
//! The process reads its own writable memory from `/proc/self/mem`, freed blocks included. The secrets are made of
//! functions of an index, so that the search holds no copy of what it searches for; what is searched for is the second
//! half of each, because an allocator writes its own links over the beginning of a freed block.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use jose_b64::Secret;
use jose_jwe::hazmat::{Fixed, FixedRecipient, Form};
use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg};
use jose_jwk::Jwk;
use zeroize::{Zeroize, Zeroizing};

type Pattern = fn(usize) -> u8;

fn byte(seed: u32, at: usize) -> u8 {
    let mixed = seed.wrapping_add(u32::try_from(at).unwrap()).wrapping_mul(2_654_435_761);
    mixed.to_be_bytes()[1] ^ mixed.to_be_bytes()[3]
}

const KEK: Pattern = |at| byte(0x1357_9bdf, at);
const CEK: Pattern = |at| byte(0x2468_ace0, at);
const PLAINTEXT: Pattern = |at| byte(0x0f1e_2d3c, at);
const LEN: usize = 32;

fn secret(pattern: Pattern) -> Zeroizing<Vec<u8>> {
    Zeroizing::new((0..LEN).map(pattern).collect())
}

/// How often the second half of the pattern stands in the memory that can be written, without this thread's stack.
fn count(pattern: Pattern) -> usize {
    let here = 0_u8;
    let here = core::ptr::from_ref(&here).addr() as u64;
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    let mut buffer = vec![0; 1 << 20];
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut fields = line.split_ascii_whitespace();
        let (range, access) = (fields.next().unwrap(), fields.next().unwrap());
        let file = fields.nth(3).unwrap_or_default();
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let heap = file.is_empty() || file == "[heap]";
        if !access.starts_with("rw") || !heap || (start..end).contains(&here) {
            continue;
        }
        let mut at = start;
        while at < end {
            memory.seek(SeekFrom::Start(at)).unwrap();
            let len = usize::try_from(end - at).unwrap().min(buffer.len());
            let Ok(len) = memory.read(&mut buffer[..len]) else { break };
            let hits = buffer[..len].windows(LEN / 2).filter(|window| {
                window.iter().enumerate().all(|(index, byte)| *byte == pattern(LEN / 2 + index))
            });
            found += hits.count();
            buffer[..len].zeroize();
            // Over the boundary of the pieces too.
            at += u64::try_from(len)
                .unwrap()
                .saturating_sub(if at + (len as u64) < end { 16 } else { 0 })
                .max(1);
        }
    }
    found
}

/// Covers G4.
#[test]
fn nothing_is_left_on_the_heap() {
    let token = {
        let kek = Jwk::from_octets(secret(KEK)).unwrap();
        let key = EncryptionKey::from_jwk(&kek, JweAlg::A256Kw).unwrap();
        let (cek, plaintext) = (secret(CEK), secret(PLAINTEXT));
        let message = Fixed {
            form: Form::Compact,
            protected: Some(r#"{"alg":"A256KW","enc":"A128CBC-HS256"}"#),
            unprotected: None,
            aad: None,
            cek: Some(&cek),
            iv: &[0; 16],
            recipients: vec![FixedRecipient { key: &key, header: None, epk: None, iv: None }],
        };
        message.encrypt(&plaintext).unwrap()
    };
    for (name, pattern) in [("kek", KEK), ("cek", CEK), ("plaintext", PLAINTEXT)] {
        // The search finds what is there, and what was freed without being wiped.
        let bytes = Secret::from(secret(pattern));
        assert!(count(pattern) > 0, "{name}");
        drop(bytes);
        assert_eq!(count(pattern), 0, "{name}, encrypted");
    }
    {
        let jwk = Jwk::from_octets(secret(KEK)).unwrap();
        let key = DecryptionKey::from_jwk(&jwk, JweAlg::A256Kw).unwrap();
        let decrypted = super::support::decrypt(&key, &token).unwrap();
        assert!(decrypted.plaintext().iter().enumerate().all(|(at, byte)| *byte == PLAINTEXT(at)));
        assert!(count(PLAINTEXT) > 0);
        // What was only needed on the way is gone before the result is.
        assert_eq!(count(CEK), 0);
    }
    for (name, pattern) in [("kek", KEK), ("cek", CEK), ("plaintext", PLAINTEXT)] {
        assert_eq!(count(pattern), 0, "{name}, decrypted");
    }
    // The last: bytes that are freed as they are, which shows that the search would have found them.
    drop((0..64).map(|_| secret(CEK).to_vec()).collect::<Vec<_>>());
    assert!(count(CEK) > 0);
}
