use jose_jwe::{Encrypted, JweAlg, JweEnc, Message};
use jose_jwk::SysRng;

use super::support::{encrypt, oct, pair};

/// What is asked of the heap at most at a time.
fn peak<T>(f: impl FnOnce() -> T) -> (T, usize) {
    let mut result = None;
    let used = allocation_counter::measure(|| result = Some(f()));
    (result.unwrap(), usize::try_from(used.bytes_max).unwrap())
}

/// With a key that is the content encryption key: the header and the message when encrypting, the header and the plaintext
/// when decrypting.
#[test]
fn a_small_message_takes_two_allocations() {
    for enc in JweEnc::ALL.iter().copied() {
        let (encrypts, decrypts) = pair(&oct(enc.cek_len()), JweAlg::Dir);
        let mut token = None;
        let used = allocation_counter::measure(|| token = Some(encrypt(&encrypts, enc, &[7; 300])));
        assert_eq!(used.count_total, 2, "encrypting, {enc}");
        let token = token.unwrap().unwrap();
        let mut decrypted = None;
        let used = allocation_counter::measure(|| {
            decrypted = Some(jose_jwe::decrypt(&decrypts, &token, &mut SysRng))
        });
        assert_eq!(used.count_total, 2, "decrypting, {enc}");
        assert_eq!(decrypted.unwrap().unwrap().plaintext(), [7; 300]);
    }
}

/// The payload is the caller's, and so is the token to decrypt: a third more. What is asked of the heap besides stays
/// below the rest of three times the payload.
#[test]
fn large_messages_peak_below_three_times_the_payload() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let payload = vec![7; 100_000_000];
    let mut tried = 0;
    for enc in JweEnc::ALL.iter().copied() {
        for form in ["compact", "flattened", "general"] {
            // The forms differ in what stands around the ciphertext, which is of one size for all: each is tried once
            // at full length, and every encryption in one of them. All 18 would take twice as long and show no more.
            let whole = form == "compact" || enc == JweEnc::A128Gcm;
            let len = if whole { payload.len() } else { 16_000_000 };
            let plaintext = &payload[..len];
            let (token, used) = peak(|| match form {
                "compact" => encrypt(&encrypts, enc, plaintext),
                "flattened" => Message::new(enc).flattened(&encrypts, plaintext, &mut SysRng),
                _ => Message::new(enc).general(&[(&encrypts).into()], plaintext, &mut SysRng),
            });
            let token = token.unwrap();
            assert!(len + used < 3 * len, "encrypting, {enc} {form}: {used}");
            let (decrypted, used) = peak(|| {
                let message = match form {
                    "compact" => Encrypted::parse_compact(&token),
                    _ => Encrypted::parse_json(&token),
                };
                message?.decrypt(&decrypts, &mut SysRng)
            });
            assert!(decrypted.unwrap().plaintext() == plaintext);
            assert!(token.len() + used < 3 * len, "decrypting, {enc} {form}: {used}");
            tried += 1;
        }
    }
    assert_eq!(tried, 18);
}
