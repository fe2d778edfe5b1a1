//! Content encryption and key wrap: a message's bytes without a heap.

use jose_jwe::key_management::key_wrap::KeyWrap;
use jose_jwe::{JweEnc, enc, hazmat};

pub(crate) fn check() -> Option<()> {
    for &enc in JweEnc::ALL {
        let cek = [7; enc::MAX_CEK_LEN];
        let cek = cek.get(..enc.cek_len())?;
        let (iv, mut buffer) = ([1; 16], [0; 32]);
        let buffer = buffer.get_mut(..enc::ciphertext_len(enc, 5)?)?;
        buffer.get_mut(..5)?.copy_from_slice(b"hello");
        let sealed = hazmat::seal(enc, cek, iv.get(..enc.iv_len())?, b"header", buffer, 5).ok()?;
        let kek = KeyWrap::new(&[9; 16]).ok()?;
        let (mut wrapped, mut unwrapped) = ([0; 72], [0; 64]);
        let wrapped = kek.wrap(cek, &mut wrapped).ok()?;
        let cek = kek.unwrap(wrapped, &mut unwrapped).ok()?;
        let opened = enc::open(enc, cek, sealed.iv(), b"header", buffer, sealed.tag()).ok()?;
        if opened != b"hello" {
            return None;
        }
    }
    Some(())
}
