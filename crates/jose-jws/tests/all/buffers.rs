//! The caller's buffers: of each size there is an answer and no panic. Nothing here needs a heap in the library.

use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::compact::{self, Unverified};
use jose_jws::{Error, Header, Key, Verify};

use crate::help::raw;

fn key() -> Key<'static, Hs256, HmacKey<Hs256>> {
    Key::new(HmacKey::new(&[7; 32]).unwrap()).with_kid("dev-7")
}

/// The headers and payloads that the tests go through; the bytes of the three parts are the least room.
fn messages() -> Vec<(Header<'static>, Vec<u8>)> {
    let mut messages: Vec<_> = (0..7).map(|len| (Header::new(), vec![0xff; len])).collect();
    messages.push((Header::new().typ("JWT").kid("dev-7"), vec![b'a'; 100]));
    messages.push((raw(), b"plain text".to_vec()));
    messages
}

#[test]
fn a_buffer_of_any_size_is_signed_into_or_too_small() {
    for (header, payload) in messages() {
        let mut large = [0; 512];
        let token = compact::sign_into(&key(), &payload, &header, &mut large).unwrap();
        for len in 0..token.len() + 3 {
            let mut buffer = vec![0; len];
            let result = compact::sign_into(&key(), &payload, &header, &mut buffer);
            let expected = if len < token.len() { Err(Error::BufferTooSmall) } else { Ok(token) };
            assert_eq!(result, expected, "{len} bytes for {token}");
        }
    }
}

#[test]
fn a_buffer_of_any_size_is_verified_in_or_too_small() {
    for (header, payload) in messages() {
        let mut large = [0; 512];
        let token = compact::sign_into(&key(), &payload, &header, &mut large).unwrap();
        let header_part = token.split('.').next().unwrap();
        let needed = header_part.len() * 3 / 4 + payload.len() + 32;
        let jws = Unverified::parse(token).unwrap().allow_unencoded();
        for len in 0..=token.len() {
            let mut buffer = vec![0; len];
            match jws.verify_into(&key(), &mut buffer) {
                Err(error) => assert!(len < needed && error == Error::BufferTooSmall, "{len}: {error}"),
                Ok(verified) => {
                    assert!(len >= needed, "{len}");
                    assert_eq!(verified.payload(), payload);
                    assert_eq!(verified.header().alg().unwrap(), *"HS256");
                    assert_eq!(verified.header().kid().unwrap(), *"dev-7");
                    assert_eq!(verified.key_index(), 0);
                }
            }
            let mut buffer = vec![0; len];
            match jws.dangerous_decode_into(&mut buffer) {
                Err(error) => {
                    assert!(len < needed - 32 && error == Error::BufferTooSmall, "{len}: {error}");
                }
                Ok((header, decoded)) => {
                    assert!(len >= needed - 32, "{len}");
                    assert_eq!(decoded, payload);
                    assert_eq!(header.alg().unwrap(), *"HS256");
                }
            }
        }
    }
}

/// W11: the same in a buffer and on the heap, for what verifies and for what does not.
///
/// Covers W11.
#[cfg(feature = "alloc")]
#[test]
fn both_ways_to_verify_agree() {
    for (header, payload) in messages() {
        let token = compact::sign(&key(), &payload, &header).unwrap();
        let mut candidates = vec![token.clone()];
        for index in 0..token.len() {
            candidates.push(token[..index].to_owned());
            let mut changed = token.clone().into_bytes();
            changed[index] ^= 1;
            candidates.push(String::from_utf8(changed).unwrap());
        }
        let mut verified = 0;
        for candidate in candidates {
            let mut buffer = vec![0xee; candidate.len()];
            let on_heap = Unverified::parse(&candidate).and_then(|jws| jws.allow_unencoded().verify(&key()));
            let in_place = Unverified::parse(&candidate)
                .and_then(|jws| jws.allow_unencoded().verify_into(&key(), &mut buffer));
            match (on_heap, in_place) {
                (Ok(one), Ok(other)) => {
                    assert_eq!(candidate, token);
                    assert_eq!(one.payload(), other.payload());
                    assert_eq!(one.header().text(), other.header().text());
                    assert_eq!((one.alg(), one.key_index()), (other.alg(), other.key_index()));
                    verified += 1;
                }
                (one, other) => assert_eq!(one.err(), other.err(), "{candidate}"),
            }
        }
        assert_eq!(verified, 1);
    }
}

/// B5: keys side by side without a heap: one fits, or none is taken.
///
/// Covers B5.
#[test]
fn a_slice_of_keys_wants_exactly_one_that_fits() {
    let other = Key::<Hs256, _>::new(HmacKey::<Hs256>::new(&[8; 32]).unwrap()).with_kid("dev-8");
    let same_name = Key::<Hs256, _>::new(HmacKey::<Hs256>::new(&[9; 32]).unwrap()).with_kid("dev-7");
    let (key, mut buffer, mut room) = (key(), [0; 256], [0; 256]);
    let token = compact::sign_into(&key, b"payload", &Header::new(), &mut buffer).unwrap();
    let keys: [&dyn Verify; 2] = [&other, &key];
    assert_eq!(compact::verify_into(&keys[..], token, &mut room).unwrap().key_index(), 1);
    let none: [&dyn Verify; 1] = [&other];
    assert_eq!(compact::verify_into(&none[..], token, &mut room).err(), Some(Error::KidUnknown));
    for keys in [[&key as &dyn Verify, &same_name], [&same_name, &key]] {
        assert_eq!(compact::verify_into(&keys[..], token, &mut room).err(), Some(Error::KeyAmbiguous));
    }
    let empty: [&dyn Verify; 0] = [];
    assert_eq!(
        compact::verify_into(&empty[..], token, &mut room).err().map(|error| error.code()),
        Some("algorithm-not-allowed")
    );
}
