//! W08, W13, W15: payloads in pieces, apart from the JSON serializations.

use std::num::NonZeroUsize;

use jose_jwk::{AlgSet, JwkSet};
use jose_jws::json::{self, Builder, Headers, Protected, Require, Signers, Unverified};
use jose_jws::{Error, Header, JwsAlg, SigningKey, VerifyingKeys, compact, detached};

use super::detached::{RAW, hashed};
use crate::help::{Broken, Random, jwk, signer, verifier};
use crate::keys;

/// However the payload is cut, encoded or not, in every form: what one way signs the other verifies.
///
/// Covers W08, W15.
#[test]
fn pieces_are_the_whole_in_every_form() {
    for (text, alg) in hashed() {
        let (signing, verifying_whole) = (signer(text, alg), verifier(text, alg));
        let (signing, verifying) = (signing.hashing().unwrap(), verifying_whole.hashing().unwrap());
        for header in [Header::default(), RAW] {
            for (len, piece) in [(0, 1), (1, 1), (4, 3), (1000, 7), (20_000, 4096)] {
                let payload = Random(3).octets(len);
                let mut pieces = Signers::new().add(&signing, &header).unwrap().start();
                payload.chunks(piece).for_each(|octets| pieces.update(octets));
                let signed = pieces.finish().unwrap();
                assert!(
                    detached::verify(&verifying_whole, &signed.compact().unwrap(), &payload).is_ok(),
                    "{alg}"
                );
                for token in [signed.flattened().unwrap(), signed.general().unwrap()] {
                    let whole = json::verify_detached(&verifying_whole, &token, Require::All, &payload);
                    assert_eq!(whole.unwrap().first().unwrap().alg(), alg, "{len} by {piece}");
                    for (more, expected) in [(&b""[..], None), (b"!", Some(Error::Signature))] {
                        let jws = Unverified::parse(&token).unwrap();
                        let mut pieces = jws.verifier(&verifying, Require::All).unwrap();
                        payload.chunks(piece + 1).for_each(|octets| pieces.update(octets));
                        pieces.update(more);
                        assert_eq!(pieces.finish().map(|_| ()).err(), expected, "{alg}, {len} by {piece}");
                    }
                }
            }
        }
    }
}

/// What is deterministic is the same to the octet, with every kind of headers.
///
/// Covers W15.
#[test]
fn pieces_sign_the_same_text() {
    let key = SigningKey::from_jwk(&jwk(keys::P256).with_kid("own"), JwsAlg::Es256).unwrap();
    let hashing = key.hashing().unwrap();
    let (text, absent) = (r#"{"alg":"ES256","typ":"x"}"#, r#"{"alg":"ES256","note":1}"#);
    for headers in [
        Headers::default(),
        Headers { unprotected: Some(r#"{"kid":"other"}"#), ..Headers::default() },
        Headers { protected: Protected::Text(text), unprotected: Some(r#"{"note":1}"#) },
        Headers { protected: Protected::Absent, unprotected: Some(absent) },
    ] {
        let whole = Builder::new(b"a payload").sign_headers(&key, &headers).unwrap().detached();
        let mut pieces = Signers::new().add_headers(&hashing, &headers).unwrap().start();
        ["a pay", "", "load"].iter().for_each(|piece| pieces.update(piece.as_bytes()));
        let pieces = pieces.finish().unwrap();
        assert_eq!(pieces.flattened().unwrap(), whole.flattened().unwrap());
        assert_eq!(pieces.general().unwrap(), whole.general().unwrap());
    }
    for headers in [
        Headers { protected: Protected::Text(r#"{"alg":"ES384"}"#), unprotected: None },
        Headers { protected: Protected::Absent, unprotected: Some(r#"{"alg":"HS256"}"#) },
    ] {
        let error = Signers::new().add_headers(&hashing, &headers).map(|_| ()).unwrap_err();
        assert_eq!(error, Error::AlgorithmNotAllowed);
    }
}

/// Three keys of three digests over the same pieces, and each subset of their signatures wrong.
///
/// Covers D15, W05, W13.
#[test]
fn several_signers_take_each_piece() {
    let names =
        [("a", keys::P256, JwsAlg::Es256), ("b", keys::RSA, JwsAlg::Ps384), ("c", keys::P521, JwsAlg::Es512)];
    let signing = names.map(|(kid, key, alg)| SigningKey::from_jwk(&jwk(key).with_kid(kid), alg).unwrap());
    let hashing = [0, 1, 2].map(|index| signing[index].hashing().unwrap());
    let note = Headers { unprotected: Some(r#"{"note":"from b"}"#), ..Headers::default() };
    let mut pieces = Signers::new()
        .add(&hashing[0], &Header::default())
        .and_then(|signers| signers.add_headers(&hashing[1], &note))
        .and_then(|signers| signers.add(&hashing[2], &Header::default()))
        .unwrap()
        .start();
    let payload = Random(5).octets(5000);
    payload.chunks(777).for_each(|octets| pieces.update(octets));
    let text = pieces.finish_with_rng(&mut Random(1)).unwrap().general().unwrap();

    let set = JwkSet::from_iter(names.map(|(kid, key, _)| jwk(key).with_kid(kid)));
    let keys = VerifyingKeys::from_jwks(&set, AlgSet::of(&names.map(|(_, _, alg)| alg))).unwrap();
    let verifying = keys.hashing().unwrap();
    let check = |text: &str, require| {
        let mut pieces = Unverified::parse(text)?.verifier(&verifying, require)?;
        payload.chunks(100).for_each(|octets| pieces.update(octets));
        let verified = pieces.finish()?;
        Ok(verified.iter().map(|one| (one.index(), one.key_index(), one.alg())).collect::<Vec<_>>())
    };
    let all: Vec<_> = names.iter().enumerate().map(|(index, (_, _, alg))| (index, index, *alg)).collect();
    let whole = json::verify_detached(&keys, &text, Require::All, &payload).unwrap();
    assert_eq!(whole.iter().nth(1).unwrap().unverified_header().text(), r#"{"note":"from b"}"#);
    let places: Vec<usize> =
        text.match_indices(r#""signature":""#).map(|(at, name)| at + name.len()).collect();
    for wrong in 0..8_usize {
        let mut damaged = text.clone();
        for (_, at) in places.iter().enumerate().filter(|(index, _)| wrong & (1 << index) != 0) {
            let other = if &damaged[*at..=*at] == "A" { "B" } else { "A" };
            damaged.replace_range(*at..=*at, other);
        }
        let right: Vec<_> = all.iter().copied().filter(|(index, _, _)| wrong & (1 << index) == 0).collect();
        let too_few = if right.is_empty() { Error::Signature } else { Error::SignaturesTooFew };
        let expected = |enough, error| if enough { Ok(right.clone()) } else { Err(error) };
        assert_eq!(check(&damaged, Require::Any), expected(!right.is_empty(), Error::Signature));
        assert_eq!(check(&damaged, Require::All), expected(right.len() == 3, Error::Signature));
        let two = Require::AtLeast(NonZeroUsize::new(2).unwrap());
        assert_eq!(check(&damaged, two), expected(right.len() >= 2, too_few), "{wrong:b}");
    }
}

/// What no payload makes right is refused before the first piece.
///
/// Covers W10, W12, W13.
#[test]
fn pieces_are_checked_first() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let hashing = key.hashing().unwrap();
    let text = |key: &SigningKey, members| {
        let header = Header { members, ..Header::default() };
        Builder::new(b"payload").sign(key, &header).unwrap().sign(key, &Header::default()).unwrap().detached()
    };
    let start = |text: &str, require| Unverified::parse(text)?.verifier(&hashing, require).map(|_| ());
    let other = text(&signer(keys::OCT, JwsAlg::Hs384), None).general().unwrap();
    for require in [Require::Any, Require::All, Require::AtLeast(NonZeroUsize::MIN)] {
        assert_eq!(start(&other, require), Err(Error::AlgorithmNotAllowed));
    }
    // One of two says what nobody understands.
    let crit = text(&signer(keys::OCT, JwsAlg::Hs256), Some(r#"{"crit":["x"],"x":1}"#)).general().unwrap();
    let refused = Error::Header(jose_jwk::Error::CritNotUnderstood);
    assert_eq!(start(&crit, Require::All), Err(refused));
    let mut pieces = Unverified::parse(&crit).unwrap().verifier(&hashing, Require::Any).unwrap();
    pieces.update(b"payload");
    let verified = pieces.finish().unwrap();
    assert_eq!((verified.len(), verified.first().unwrap().index()), (1, 1));
    let jws = Unverified::parse(&crit).unwrap().understanding(&["x"]);
    let mut pieces = jws.verifier(&hashing, Require::All).unwrap();
    pieces.update(b"payload");
    assert_eq!(pieces.finish().unwrap().len(), 2);
    let whole = Builder::new(b"").sign(&signer(keys::OCT, JwsAlg::Hs256), &Header::default()).unwrap();
    assert_eq!(start(&whole.flattened().unwrap(), Require::Any), Err(Error::PayloadPresent));
    assert!(compact::verify(&key, &whole.compact().unwrap()).is_ok());
}

/// Covers E5, W08.
#[test]
fn signers_agree_on_b64_and_fail_with_their_generator() {
    let keys = [signer(keys::RSA, JwsAlg::Rs256), signer(keys::RSA, JwsAlg::Ps256)];
    let (one, two) = (keys[0].hashing().unwrap(), keys[1].hashing().unwrap());
    for headers in [[RAW, Header::default()], [Header::default(), RAW]] {
        let mixed = Signers::new().add(&one, &headers[0]).unwrap().add(&two, &headers[1]);
        assert_eq!(mixed.map(|_| ()).unwrap_err(), Error::B64Mixed);
    }
    let signers = Signers::new().add(&one, &RAW).unwrap().add(&two, &RAW).unwrap();
    assert_eq!(signers.start().finish_with_rng(&mut Broken).map(|_| ()).unwrap_err(), Error::Rng);
}
