//! J17: every error of this crate, from a call that ends in it.

use core::num::NonZeroUsize;

use jose_jws::json::{Builder, Limits, Require, Unverified};
use jose_jws::typed::from_payload;
use jose_jws::{Error, Header, JwsAlg, compact, detached};

use super::error::errors;
use crate::help::{signer, verifier};
use crate::keys;

#[path = "listed.rs"]
mod listed;

/// The errors that the compact serialization has none of, beside those that it has.
fn all() -> Vec<(Error, &'static str)> {
    let mac = || signer(keys::OCT, JwsAlg::Hs256);
    let key = || verifier(keys::OCT, JwsAlg::Hs256);
    let header = Header::default();
    let raw = Header { members: Some(r#"{"b64":false,"crit":["b64"]}"#), ..Header::default() };
    let token = compact::sign(&mac(), &header, b"1").unwrap();
    let two = || Builder::new(b"1").sign(&mac(), &header).unwrap().sign(&mac(), &header).unwrap();
    let general = two().general().unwrap();
    let verify = |text: &str, require| Unverified::parse(text).unwrap().verify(&key(), require).unwrap_err();
    let without = Builder::new(b"1").detached().sign(&mac(), &header).unwrap().flattened().unwrap();
    let one = Limits { max_signatures: 1, ..Limits::DEFAULT };
    let ed25519 = signer(keys::ED25519, JwsAlg::Ed25519);
    let mut errors = errors();
    errors.extend([
        (Builder::new(b"1").sign(&mac(), &header).unwrap().sign(&mac(), &raw).unwrap_err(), "b64-mixed"),
        (Unverified::parse(r#"{"payload":1}"#).unwrap_err(), "jws-member"),
        (Unverified::parse_with(&general, &one).unwrap_err(), "signatures-too-many"),
        // The same key twice is one key.
        (verify(&general, Require::AtLeast(NonZeroUsize::new(2).unwrap())), "signatures-too-few"),
        (detached::verify(&key(), &token, b"1").unwrap_err(), "payload-present"),
        (verify(&without, Require::All), "payload-missing"),
        (ed25519.hashing().unwrap_err(), "whole-payload"),
        (from_payload::<String>(b"1").unwrap_err(), "payload-type"),
    ]);
    errors
}

/// Covers J17.
#[test]
fn every_variant_and_every_code_is_provoked() {
    let all = all();
    for (error, code) in &all {
        assert_eq!(error.code(), *code, "{error:?}");
    }
    listed::assert_all_provoked("jws", &all);
}
