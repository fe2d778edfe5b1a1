use jose_jwe::{JweAlg, JweEnc, compact, json};

use super::support::{oct, pair};

/// The payload is the caller's, and so is the token to decrypt: a third more. What is asked of the heap besides stays
/// below the rest of three times the payload.
#[test]
fn large_messages_peak_below_three_times_the_payload() {
    let (encrypts, decrypts) = pair(&oct(16), JweAlg::A128Kw);
    let largest = vec![7; 100_000_000];
    for enc in JweEnc::ALL.iter().copied() {
        for form in ["compact", "flattened", "general"] {
            let plaintext = &largest[..];
            let len = plaintext.len();
            let s = std::time::Instant::now();
            let mut token = String::new();
            let used = allocation_counter::measure(|| {
                let message = json::Message::new(enc);
                token = match form {
                    "compact" => compact::encrypt(&encrypts, enc, &Default::default(), plaintext),
                    "flattened" => message.flattened(&encrypts, plaintext),
                    _ => message.general(&[(&encrypts).into()], plaintext),
                }
                .unwrap();
            });
            let used = usize::try_from(used.bytes_max).unwrap();
            assert!(len + used < 3 * len, "encrypting: {used}");
            let e = s.elapsed();
            let used = allocation_counter::measure(|| {
                let decrypted = match form {
                    "compact" => compact::decrypt(&decrypts, &token),
                    _ => json::decrypt(&decrypts, &token),
                };
                assert_eq!(decrypted.unwrap().plaintext().len(), len);
            });
            let used = usize::try_from(used.bytes_max).unwrap();
            assert!(token.len() + used < 3 * len, "decrypting: {used}");
            println!("{enc} {form} {e:?} {:?}", s.elapsed());
        }
    }
}
