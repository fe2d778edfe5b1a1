//! The decoder for public bytes and the one for secrets say the same of every input, and so do the encoders.

#![no_main]

use jose_b64::{Error, base64url};
use libfuzzer_sys::fuzz_target;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fuzz_target!(|input: &[u8]| {
    decoders(input);
    // Bytes rarely are of the alphabet; these all are, so that blocks and tails are reached.
    decoders(&input.iter().map(|octet| ALPHABET[usize::from(octet % 64)]).collect::<Vec<_>>());
    encoders(input);
});

fn decoders(text: &[u8]) {
    let len = base64url::decoded_len(text.len());
    let (mut public, mut secret) = (vec![0; len], vec![0; len]);
    let decoded = base64url::decode(text, &mut public).map(|octets| &*octets);
    let decoded_secret = base64url::decode_secret(text, &mut secret).map(|octets| &*octets);
    assert_eq!(decoded, decoded_secret);
    if let Ok(octets) = decoded {
        // One encoding for each sequence of bytes: what is accepted is that one.
        assert_eq!(base64url::encode_to_string(octets).as_bytes(), text);
        if let Some(short) = octets.len().checked_sub(1) {
            assert_eq!(base64url::decode(text, &mut vec![0; short]), Err(Error::BufferTooSmall));
            assert_eq!(base64url::decode_secret(text, &mut vec![0; short]), Err(Error::BufferTooSmall));
        }
    }
}

fn encoders(octets: &[u8]) {
    let len = base64url::encoded_len(octets.len()).expect("a small input");
    let (mut public, mut secret) = (vec![0; len], vec![0; len]);
    let text = base64url::encode(octets, &mut public).expect("room");
    assert_eq!(Ok(text), base64url::encode_secret(octets, &mut secret));
    assert_eq!(base64url::decode_to_vec(text.as_bytes()).as_deref(), Ok(octets));
}
