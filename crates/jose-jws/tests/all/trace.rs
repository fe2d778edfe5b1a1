//! What is told of a refusal, and what is not: names and lengths, no byte of a message, no name of a key.

use jose_jws::json::Require;
use jose_jws::stream::Verifier;
use jose_jws::{AlgSet, Candidate, Error, Header, JwsAlg, KeyResolver, VerifyingKey, VerifyingKeys};
use jose_jws::{compact, json};

use crate::help::{built, forge, jwk, named, signer, verifier};
use crate::keys;

#[path = "log.rs"]
mod log;
use log::heard;

/// The line of this cause, where the algorithm is HS256.
fn line(cause: &str, len: usize, code: &str) -> Vec<String> {
    vec![format!(r#"DEBUG jose_jws message={code} cause="{cause}" alg="HS256" signature_len={len}"#)]
}

fn key() -> VerifyingKey {
    verifier(keys::OCT, JwsAlg::Hs256)
}

fn token(kid: Option<&str>) -> String {
    let key = signer(keys::OCT, JwsAlg::Hs256);
    compact::sign(&key, b"payload", &named(kid)).unwrap()
}

/// The same token with a signature of so many bytes, none of them right.
fn with_signature(token: &str, len: usize) -> String {
    let signature = jose_b64::base64url::encode_to_string(&vec![7; len]);
    format!("{}.{signature}", token.rsplit_once('.').unwrap().0)
}

/// Covers G2.
#[test]
fn a_refusal_tells_the_log_its_cause_and_no_more() {
    let own = || VerifyingKey::from_jwk(jwk(keys::OCT).with_kid("own"), JwsAlg::Hs256).unwrap();
    let good = token(None);
    let verify = |key: &VerifyingKey, token: &str| heard(|| compact::verify(key, token).map(|_| ()));
    for len in [0, 1, 31, 33, 64] {
        let (result, told) = verify(&key(), &with_signature(&good, len));
        assert_eq!((result, told), (Err(Error::Signature), line("signature-length", len, "signature")));
    }
    let (result, told) = verify(&key(), &with_signature(&good, 32));
    assert_eq!((result, told), (Err(Error::Signature), line("refused-by-key", 32, "signature")));
    let (result, told) = verify(&own(), &token(Some("secret name")));
    assert_eq!((result, told), (Err(Error::KidUnknown), line("no-key-for-kid", 32, "kid-unknown")));

    let none = KeyResolver::new(JwsAlg::Hs256, |_: &Candidate<'_>| None::<VerifyingKey>).unwrap();
    let (result, told) = heard(|| compact::verify(&none, &good).map(|_| ()));
    assert_eq!((result, told), (Err(Error::KidUnknown), line("no-key-for-kid", 32, "kid-unknown")));
    // The caller is told all that there is, or everything is right.
    let unknown = forge(&signer(keys::OCT, JwsAlg::Hs256), r#"{"alg":"none"}"#, b"");
    assert_eq!(verify(&key(), &unknown), (Err(Error::AlgorithmUnknown), vec![]));
    assert_eq!(verify(&key(), &good), (Ok(()), vec![]));
}

/// Every way to verify tells it, once.
///
/// Covers G2.
#[test]
fn each_serialization_tells_it() {
    let forged = with_signature(&token(None), 32);
    let told = line("refused-by-key", 32, "signature");
    let wrong = |result: Result<(), Error>| assert_eq!(result, Err(Error::Signature));

    let [header, _, signature] = forged.split('.').collect::<Vec<_>>().try_into().unwrap();
    let bare = format!("{header}..{signature}");
    let (result, lines) = heard(|| compact::verify_detached(&key(), &bare, b"payload").map(|_| ()));
    wrong(result);
    assert_eq!(lines, told);
    let hashes = key();
    let (result, lines) = heard(|| {
        let unverified = compact::Unverified::parse(&bare).unwrap();
        Verifier::new(&hashes, &unverified).unwrap().finish().map(|_| ())
    });
    wrong(result);
    assert_eq!(lines, told);

    // One signature of two is wrong: that one is told of, though the message is taken.
    let mac = signer(keys::OCT, JwsAlg::Hs256);
    let both = [(&mac as _, Header::new().into()), (&mac as _, Header::new().typ("x").into())];
    let text = built(b"payload", &both).general().unwrap();
    let right = token(None);
    let text = text.replace(right.rsplit_once('.').unwrap().1, signature);
    let (result, lines) = heard(|| json::verify(&key(), &text, Require::Any).map(|_| ()));
    assert_eq!((result, lines), (Ok(()), told.clone()));
    let (result, lines) = heard(|| json::verify(&key(), &text, Require::All).map(|_| ()));
    wrong(result);
    assert_eq!(lines, told);

    // Several keys are tried, and one event says so.
    let two = [jwk(keys::OCT), jwk(keys::OCT)].into_iter().collect();
    let keys = VerifyingKeys::from_jwks(&two, AlgSet::from([JwsAlg::Hs256])).unwrap().max_candidates(2);
    let (result, lines) = heard(|| compact::verify(&keys, &forged).map(|_| ()));
    wrong(result);
    assert_eq!(lines, told);
}
