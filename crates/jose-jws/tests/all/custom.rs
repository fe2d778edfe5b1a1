//! K36, J01: keys whose code is outside of this library.

use std::cell::Cell;

use jose_jws::alg::{Algorithm, HmacKey, Hs256};
use jose_jws::compact::{self, Unsigned};
use jose_jws::{Error, Header, JwsAlg, Key, RandomizedKey};
use rand_core::TryCryptoRng;
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

type Tag = <Hs256 as Algorithm>::Signature;

/// A key in a device: it counts how often it is asked, and may be out of order.
struct Device {
    within: HmacKey<Hs256>,
    asked: Cell<usize>,
    works: bool,
}

impl Device {
    fn new(works: bool) -> Self {
        Self { within: HmacKey::new(&[7; 32]).unwrap(), asked: Cell::new(0), works }
    }

    fn ask(&self) -> Result<(), signature::Error> {
        self.asked.set(self.asked.get() + 1);
        if self.works { Ok(()) } else { Err(signature::Error::new()) }
    }
}

impl MultipartSigner<Tag> for Device {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Tag, signature::Error> {
        self.ask()?;
        self.within.try_multipart_sign(message)
    }
}

impl RandomizedMultipartSigner<Tag> for Device {
    fn try_multipart_sign_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[&[u8]],
    ) -> Result<Tag, signature::Error> {
        rng.try_fill_bytes(&mut [0; 16]).map_err(|_| signature::Error::new())?;
        self.try_multipart_sign(message)
    }
}

impl MultipartVerifier<Tag> for Device {
    fn multipart_verify(&self, message: &[&[u8]], tag: &Tag) -> Result<(), signature::Error> {
        self.ask()?;
        self.within.multipart_verify(message, tag)
    }
}

/// What `HmacKey` makes of the same secret.
fn reference(buffer: &mut [u8]) -> &str {
    let key = Key::<Hs256, _>::new(HmacKey::new(&[7; 32]).unwrap());
    compact::sign_into(&key, b"payload", &Header::new(), buffer).unwrap()
}

/// Covers K36.
#[test]
fn a_key_from_outside_signs_and_verifies() {
    let (mut expected, mut buffer, mut room) = ([0; 256], [0; 256], [0; 256]);
    let key = Key::<Hs256, _>::new(Device::new(true));
    let token = compact::sign_into(&key, b"payload", &Header::new(), &mut buffer).unwrap();
    assert_eq!(token, reference(&mut expected));
    assert_eq!(compact::verify_into(&key, token, &mut room).unwrap().payload(), b"payload");
    assert_eq!(key.inner().asked.get(), 2);
    // The checks come first: what has another algorithm, or the wrong length, does not get to it.
    let unsigned = Unsigned::new_into(JwsAlg::Hs512, b"payload", &Header::new(), &mut expected).unwrap();
    assert_eq!(unsigned.sign(&key).map_err(|error| error.code()), Err("algorithm-not-allowed"));
    let short = token.get(..token.len() - 3).unwrap();
    assert_eq!(compact::verify_into(&key, short, &mut room).err(), Some(Error::Signature));
    assert_eq!(key.inner().asked.get(), 2);
}

/// Covers K36.
#[test]
fn a_key_that_fails_is_an_error() {
    let (mut buffer, mut room) = ([0; 256], [0; 256]);
    let token = reference(&mut room);
    let key = Key::<Hs256, _>::new(Device::new(false));
    let header = Header::new();
    assert_eq!(compact::sign_into(&key, b"payload", &header, &mut buffer), Err(Error::Signing));
    assert_eq!(compact::verify_into(&key, token, &mut buffer).err(), Some(Error::Signature));
}

/// G6: a generator that fails makes no signature.
///
/// Covers G6.
#[test]
fn a_key_from_outside_gets_the_callers_generator() {
    use crate::help::{Broken, Random};
    let (mut expected, mut buffer) = ([0; 256], [0; 256]);
    let header = Header::new();
    let broken = RandomizedKey::<Hs256, _, _>::new(Device::new(true), || Broken);
    assert_eq!(compact::sign_into(&broken, b"payload", &header, &mut buffer), Err(Error::Rng));
    let key = RandomizedKey::<Hs256, _, _>::new(Device::new(true), || Random(1));
    let token = compact::sign_into(&key, b"payload", &header, &mut buffer).unwrap();
    assert_eq!(token, reference(&mut expected));
}

/// J01: sign the bytes elsewhere, whenever; then attach.
///
/// Covers K36.
#[test]
fn two_steps_make_the_same_token() {
    let (mut expected, mut buffer) = ([0; 256], [0; 256]);
    let unsigned = Unsigned::new_into(JwsAlg::Hs256, b"payload", &Header::new(), &mut buffer).unwrap();
    assert_eq!(unsigned.alg(), JwsAlg::Hs256);
    assert_eq!(unsigned.signing_input(), b"eyJhbGciOiJIUzI1NiJ9.cGF5bG9hZA");
    let key = HmacKey::<Hs256>::new(&[7; 32]).unwrap();
    let tag: Tag = key.try_multipart_sign(&[unsigned.signing_input()]).unwrap();
    assert_eq!(unsigned.attach(tag.bytes()).unwrap(), reference(&mut expected));
}

/// Covers K36.
#[test]
fn a_signature_of_a_wrong_length_is_not_attached() {
    let signature = [1; 5000];
    for alg in JwsAlg::ALL.iter().copied() {
        for len in [0, 1, 31, 32, 33, 48, 63, 64, 65, 70, 71, 72, 96, 97, 114, 131, 132, 133, 2420, 4627] {
            let mut buffer = [0; 8000];
            let unsigned = Unsigned::new_into(alg, b"", &Header::new(), &mut buffer).unwrap();
            let fits = len != 0 && alg.signature_len().is_none_or(|own| own == len);
            assert_eq!(unsigned.attach(&signature[..len]).is_ok(), fits, "{alg}, {len}");
        }
    }
}
