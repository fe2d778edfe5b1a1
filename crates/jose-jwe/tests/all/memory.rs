use jose_jwe::{JweAlg, JweEnc, compact, json};

use super::support::{oct, pair};

/// The payload is the caller's, and so is the token to decrypt: a third more. What is asked of the heap besides stays
/// below the rest of three times the payload.
#[test]
fn large_messages_peak_below_three_times_the_payload() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    for enc in [JweEnc::A128Gcm, JweEnc::A128CbcHs256] {
        for compact in [true, false] {
            // The largest once; the shape of all of them is the same.
            let large = compact && enc == JweEnc::A128Gcm;
            let plaintext = vec![7; if large { 100_000_000 } else { 4_000_000 }];
            let len = plaintext.len();
            let mut token = String::new();
            let used = allocation_counter::measure(|| {
                token = if compact {
                    compact::encrypt(&encrypts, enc, &Default::default(), &plaintext).unwrap()
                } else {
                    json::Message::new(enc).flattened(&encrypts, &plaintext).unwrap()
                };
            });
            let used = usize::try_from(used.bytes_max).unwrap();
            assert!(len + used < 3 * len, "encrypting: {used}");
            let used = allocation_counter::measure(|| {
                let decrypted = if compact {
                    compact::decrypt(&decrypts, &token)
                } else {
                    json::decrypt(&decrypts, &token)
                };
                assert_eq!(decrypted.unwrap().plaintext().len(), len);
            });
            let used = usize::try_from(used.bytes_max).unwrap();
            assert!(token.len() + used < 3 * len, "decrypting: {used}");
        }
    }
}
