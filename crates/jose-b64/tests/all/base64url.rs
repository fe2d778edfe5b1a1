use crate::random::Random;
#[cfg(feature = "alloc")]
use jose_b64::base64url;
use jose_b64::{
    Error, Foreign,
    base64url::{Encoder, decode, decode_secret, decoded_len, encode, encode_secret, encoded_len, split_dot},
};

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The encoding by the rule of RFC 4648 §4: the bits in order, in groups of six, the last filled
/// up with zeroes.
fn by_bits(octets: &[u8]) -> String {
    let bits: Vec<u8> = octets.iter().flat_map(|octet| (0..8).rev().map(move |i| octet >> i & 1)).collect();
    let six = |bits: &[u8]| (0..6).fold(0, |sum, i| sum << 1 | bits.get(i).copied().unwrap_or(0));
    bits.chunks(6).map(|bits| char::from(ALPHABET[usize::from(six(bits))])).collect()
}

/// The error of a character that is not in the alphabet.
fn foreign(at: usize, octet: u8) -> Error {
    let kind = match octet {
        b'=' => Foreign::Padding,
        b'+' | b'/' => Foreign::Base64,
        b' ' | b'\t' | b'\r' | b'\n' => Foreign::WhiteSpace,
        _ => Foreign::Other,
    };
    Error::Character { at, kind }
}

/// What both decoders say, which must be one thing.
fn both(text: &[u8]) -> Result<Vec<u8>, Error> {
    let (mut public, mut secret) = ([0xaa; 512], [0xaa; 512]);
    let len = decoded_len(text.len());
    let public = decode(text, &mut public[..len]).map(|octets| octets.to_vec());
    let secret_result = decode_secret(text, &mut secret[..len]).map(|octets| octets.to_vec());
    assert_eq!(public, secret_result, "{}", text.escape_ascii());
    if secret_result.is_err() && text.len() % 4 != 1 {
        assert!(secret[..len].iter().all(|octet| *octet == 0), "{}", text.escape_ascii());
    }
    assert!(secret[len..].iter().all(|octet| *octet == 0xaa));
    #[cfg(feature = "alloc")]
    {
        assert_eq!(base64url::decode_to_vec(text), public);
        assert_eq!(base64url::decode_secret_to_vec(text).map(|octets| octets.to_vec()), public);
    }
    public
}

/// Covers W16.
#[test]
fn the_examples_of_the_rfcs() {
    // RFC 4648 §10 without padding; RFC 7515 Appendix C; RFC 4648 §5's two characters.
    let rows: [(&[u8], &str); 9] = [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        (&[3, 236, 255, 224, 193], "A-z_4ME"),
        (&[0xfb, 0xff, 0xbf], "-_-_"),
    ];
    for (octets, text) in rows {
        assert_eq!(encode(octets, &mut [0; 16]), Ok(text));
        assert_eq!(both(text.as_bytes()).as_deref(), Ok(octets));
    }
}

/// Covers W16.
#[test]
fn every_length_to_300_both_ways() {
    let mut random = Random(16);
    for len in 0..=300 {
        for _ in 0..4 {
            let octets = random.octets(len);
            let text = by_bits(&octets);
            assert_eq!(encoded_len(len), Some(text.len()));
            assert_eq!(decoded_len(text.len()), len);
            assert_eq!(encode(&octets, &mut [0; 400]), Ok(text.as_str()));
            assert_eq!(encode_secret(&octets, &mut [0; 400]), Ok(text.as_str()));
            assert_eq!(both(text.as_bytes()).as_ref(), Ok(&octets));
            #[cfg(feature = "alloc")]
            {
                assert_eq!(base64url::encode_to_string(&octets), text);
                assert_eq!(*base64url::encode_secret_to_string(&octets), text);
                let mut out = String::from("header.");
                base64url::encode_into_string(&octets, &mut out);
                assert_eq!(out, format!("header.{text}"));
            }
        }
    }
}

/// Covers W16.
#[cfg(feature = "alloc")]
#[test]
fn lengths_around_the_pieces() {
    let mut random = Random(17);
    for len in (190..195).chain(380..390).chain(760..780).chain([10_000]) {
        let octets = random.octets(len);
        let text = by_bits(&octets);
        assert_eq!(base64url::encode_to_string(&octets), text);
        assert_eq!(*base64url::encode_secret_to_string(&octets), text);
        assert_eq!(base64url::decode_to_vec(text.as_bytes()).as_ref(), Ok(&octets));
        assert_eq!(base64url::decode_secret_to_vec(text.as_bytes()).as_deref(), Ok(&octets));
        // A foreign character anywhere is seen, whatever is read at a time.
        for at in (0..text.len()).step_by(61).chain([text.len() - 1]) {
            let mut text = text.clone().into_bytes();
            text[at] = b'=';
            assert_eq!(base64url::decode_to_vec(&text).unwrap_err().code(), "character");
            assert_eq!(base64url::decode_secret_to_vec(&text).unwrap_err().code(), "character");
        }
    }
}

/// Covers E6.
#[test]
fn all_tails_of_two_characters() {
    for (a, first) in ALPHABET.iter().enumerate() {
        for (b, second) in ALPHABET.iter().enumerate() {
            // 12 bits: 8 of a byte, 4 to spare.
            let bits = a << 6 | b;
            let expected =
                if bits & 0xf == 0 { Ok(vec![(bits >> 4) as u8]) } else { Err(Error::TrailingBits) };
            assert_eq!(both(&[*first, *second]), expected);
            let after_a_block = expected.map(|octets| [b"foo".as_slice(), &octets].concat());
            assert_eq!(both(&[b'Z', b'm', b'9', b'v', *first, *second]), after_a_block);
        }
    }
}

/// Covers E6.
#[test]
fn all_tails_of_three_characters() {
    for (a, first) in ALPHABET.iter().enumerate() {
        for (b, second) in ALPHABET.iter().enumerate() {
            for (c, third) in ALPHABET.iter().enumerate() {
                // 18 bits: 16 of two bytes, 2 to spare.
                let bits = a << 12 | b << 6 | c;
                let octets = [(bits >> 10) as u8, (bits >> 2) as u8];
                let text = [*first, *second, *third];
                let (mut public, mut secret) = ([0; 2], [0; 2]);
                let (public, secret) = (decode(&text, &mut public), decode_secret(&text, &mut secret));
                if bits & 0x3 == 0 {
                    assert_eq!((public.as_deref(), secret.as_deref()), (Ok(&octets[..]), Ok(&octets[..])));
                } else {
                    assert_eq!((public, secret), (Err(Error::TrailingBits), Err(Error::TrailingBits)));
                }
            }
        }
    }
}

/// Covers E6.
#[test]
fn every_octet_at_every_place_of_a_block() {
    for len in [2, 3, 4, 6, 7, 8, 11, 12, 32] {
        for at in 0..len {
            for octet in 0..=255 {
                // `A` is zero, so that only the last character can have trailing bits.
                let mut text = vec![b'A'; len];
                text[at] = octet;
                let result = both(&text);
                match ALPHABET.iter().position(|own| *own == octet) {
                    None => assert_eq!(result, Err(foreign(at, octet)), "{octet} at {at} of {len}"),
                    Some(value) => {
                        let spare = [0, 0, 0xf, 0x3][len % 4];
                        let refused = at == len - 1 && value & spare != 0;
                        assert_eq!(result.err(), refused.then_some(Error::TrailingBits));
                    }
                }
            }
        }
    }
}

/// Covers E6.
#[test]
fn one_inserted_character_of_each_kind_at_each_place() {
    let mut random = Random(6);
    for len in 1..=24 {
        let text = by_bits(&random.octets(len)).into_bytes();
        for at in 0..=text.len() {
            for octet in (0..=255).filter(|octet| !ALPHABET.contains(octet)) {
                let mut text = text.clone();
                text.insert(at, octet);
                let expected = if text.len() % 4 == 1 { Error::Length } else { foreign(at, octet) };
                assert_eq!(both(&text), Err(expected), "{}", text.escape_ascii());
            }
        }
    }
}

/// Covers E6.
#[test]
fn padding_white_space_and_the_other_alphabet() {
    for text in ["Zg==", "Zm8=", "Zg=", "Zm9v====", "====", "Zm 8", " Zm8", "Zm8\n", "Zm\t8", "Zm8\0"] {
        assert!(both(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(both(b"-_8"), Ok(vec![0xfb, 0xff]));
    for (text, at, octet) in [("+_8", 0, b'+'), ("-/8", 1, b'/'), ("+/8", 0, b'+')] {
        assert_eq!(both(text.as_bytes()), Err(foreign(at, octet)));
    }
    assert_eq!(both("Zmé".as_bytes()), Err(foreign(2, 0xc3)));
}

/// Covers E6.
#[test]
fn lengths_of_1_modulo_4() {
    for blocks in 0..20 {
        assert_eq!(both(&vec![b'A'; blocks * 4 + 1]), Err(Error::Length));
    }
}

/// Covers W16.
#[test]
fn buffers_that_are_too_small() {
    for len in 1..=20 {
        let octets = vec![7; len];
        let text = by_bits(&octets);
        let (mut characters, mut out) = ([0; 64], [0; 64]);
        for room in 0..text.len() {
            assert_eq!(encode(&octets, &mut characters[..room]), Err(Error::BufferTooSmall));
            assert_eq!(encode_secret(&octets, &mut characters[..room]), Err(Error::BufferTooSmall));
        }
        for room in 0..len {
            assert_eq!(decode(text.as_bytes(), &mut out[..room]), Err(Error::BufferTooSmall));
            assert_eq!(decode_secret(text.as_bytes(), &mut out[..room]), Err(Error::BufferTooSmall));
        }
        // One that is too large is filled in front.
        assert_eq!(decode(text.as_bytes(), &mut out).as_deref(), Ok(&octets[..]));
    }
}

/// Covers W16.
#[test]
fn lengths_at_the_end_of_what_can_be_counted() {
    let limit = usize::MAX / 4 * 3;
    let places = (0..1000).chain(limit - 10..limit + 10).chain(usize::MAX - 10..=usize::MAX);
    for octets in places {
        let expected = usize::try_from((octets as u128 * 4).div_ceil(3));
        assert_eq!(encoded_len(octets), expected.ok());
    }
    for characters in (0..1000).chain(usize::MAX - 10..=usize::MAX) {
        if characters % 4 != 1 {
            assert_eq!(decoded_len(characters) as u128, characters as u128 * 3 / 4);
        }
    }
}

/// Covers W16.
#[test]
fn piece_by_piece_is_as_at_once() {
    let mut random = Random(1);
    for round in 0..400 {
        let len = random.below(if round % 10 == 0 { 2_000 } else { 40 });
        let octets = random.octets(len);
        let (mut text, mut encoder) = (String::new(), Encoder::new());
        let mut rest = octets.as_slice();
        while !rest.is_empty() {
            let most = random.pick(&[1, 2, 3, 4, 7, 1_000]);
            let (piece, after) = rest.split_at(random.below(most + 1).min(rest.len()));
            encoder.update(piece, |piece| {
                assert!(piece.len() <= 512);
                text.push_str(piece);
            });
            // What is certain is handed on at once.
            let taken = len - after.len();
            assert_eq!(text.len(), taken / 3 * 4);
            rest = after;
        }
        encoder.finish(|piece| text.push_str(piece));
        assert_eq!(text, by_bits(&octets));
    }
}

/// Texts that vector instructions decode are refused as short ones are: each foreign character at each place, each length,
/// and each last character with bits that stand for nothing.
#[test]
fn long_texts_are_refused_as_short_ones_are() {
    for len in [32, 33, 47, 48, 64, 65, 66, 200, 1000] {
        let bytes: Vec<u8> = (0..len).map(|at| (at * 7 + at / 251) as u8).collect();
        let mut out = vec![0; encoded_len(len).unwrap()];
        let text = encode(&bytes, &mut out).unwrap().to_owned();
        assert_eq!(text, by_bits(&bytes));
        let mut out = vec![0; len];
        assert_eq!(decode(text.as_bytes(), &mut out).unwrap(), bytes);
        for place in [0, 1, 15, 16, 31, 32, text.len() / 2, text.len() - 2, text.len() - 1] {
            for foreign in (0..=255_u8).filter(|byte| !byte.is_ascii_alphanumeric() && !b"-_".contains(byte))
            {
                let mut text = text.clone().into_bytes();
                text[place] = foreign;
                let found = decode(&text, &mut out).unwrap_err();
                assert!(
                    matches!(found, Error::Character { at, .. } if at == place),
                    "{len} {place} {foreign:#x}"
                );
            }
        }
        for last in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
            let mut text = text.clone().into_bytes();
            *text.last_mut().unwrap() = *last;
            let text = String::from_utf8(text).unwrap();
            let mut other = vec![0; len];
            let reference = decode_secret(text.as_bytes(), &mut other).map(|bytes| bytes.to_vec());
            assert_eq!(decode(text.as_bytes(), &mut out).map(|bytes| bytes.to_vec()), reference, "{text}");
        }
    }
}

#[test]
fn the_first_dot_is_found_wherever_it_is() {
    for len in 0..100 {
        let text = vec![b'A'; len];
        assert_eq!(split_dot(&text), None);
        for first in 0..len {
            let mut text = text.clone();
            text[first] = b'.';
            assert_eq!(split_dot(&text), Some((&text[..first], &text[first + 1..])));
            for second in first + 1..len {
                text[second] = b'.';
                let (before, after) = split_dot(&text).unwrap();
                assert_eq!((before.len(), after.len()), (first, len - first - 1));
            }
        }
    }
}
