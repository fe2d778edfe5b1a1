//! W04, W14: payloads that are JSON of the caller's own type.

use std::collections::BTreeMap;

use jose_jws::json::{self, Builder, Require};
use jose_jws::typed::{from_payload, to_payload};
use jose_jws::{Error, Header, JwsAlg, SigningKey, compact};

use crate::help::{jwk, verifier};
use crate::keys;

fn mac() -> SigningKey {
    SigningKey::from_jwk(&jwk(keys::OCT), JwsAlg::Hs256).unwrap()
}

/// Covers W04, W14.
#[test]
fn a_payload_is_octets_text_or_a_typed_value() {
    let value = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let payload = to_payload(&value).unwrap();
    let text = Builder::new(&payload).sign(&mac(), &Header::default()).unwrap();
    let verified =
        json::verify(&verifier(keys::OCT, JwsAlg::Hs256), &text.flattened().unwrap(), Require::All).unwrap();
    assert_eq!(verified.text().unwrap(), r#"{"a":1,"b":2}"#);
    assert_eq!(from_payload::<BTreeMap<String, u8>>(verified.payload()).unwrap(), value);
    assert_eq!(from_payload::<Vec<u8>>(verified.payload()).unwrap_err(), Error::PayloadType);
    let twice = from_payload::<BTreeMap<String, u8>>(br#"{"a":1,"\u0061":2}"#).unwrap_err();
    assert_eq!(twice, Error::Encoding(jose_b64::Error::DuplicateMember));
    assert_eq!(to_payload(&BTreeMap::from([((1, 2), 3)])).unwrap_err(), Error::PayloadType);
    let octets = compact::sign(&mac(), &Header::default(), b"\xff").unwrap();
    let verified = compact::verify(&verifier(keys::OCT, JwsAlg::Hs256), &octets).unwrap();
    assert_eq!(verified.text().unwrap_err(), Error::Encoding(jose_b64::Error::Utf8));
}
