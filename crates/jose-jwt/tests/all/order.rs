//! T08, F8: the signature first, the claims after, always.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use jose_jws::alg::{Algorithm, Hs256};
use jose_jws::{Key, compact};
use jose_jwt::{Error, JwtVerifier, NoClaims};
use signature::MultipartVerifier;

use super::help::{NOW, claims, now, token};

type Tag = <Hs256 as Algorithm>::Signature;

/// A key that writes down that it was asked, and says yes or no.
struct Spy {
    says: bool,
    log: Rc<RefCell<Vec<&'static str>>>,
}

impl MultipartVerifier<Tag> for Spy {
    fn multipart_verify(&self, _message: &[&[u8]], _tag: &Tag) -> Result<(), signature::Error> {
        self.log.borrow_mut().push("signature");
        if self.says { Ok(()) } else { Err(signature::Error::new()) }
    }
}

#[derive(serde::Deserialize)]
struct Typed {
    #[expect(dead_code, reason = "what it is read into")]
    scope: String,
}

/// Tokens whose claims are wrong in one way each.
fn wrong() -> Vec<String> {
    vec![
        "no claims at all".to_owned(),
        "{}".to_owned(),
        r#"{"exp":1000}"#.to_owned(),
        r#"{"exp":"never"}"#.to_owned(),
        claims(r#""nbf":9000000000"#),
        claims(r#""iss":"attacker""#),
        claims(r#""iss":"issuer","aud":"other""#),
        claims(r#""iss":"issuer","aud":"api","scope":1"#),
    ]
}

fn outcome(says: bool, token: &str) -> (Option<Error>, Vec<&'static str>) {
    let log = Rc::new(RefCell::new(Vec::new()));
    let spy = Spy { says, log: log.clone() };
    let verifier = JwtVerifier::new(Key::<Hs256, _>::new(spy)).issuer("issuer").audience("api");
    let error = verifier.at(now()).verify::<Typed>(token).err();
    (error, log.take())
}

/// Covers T08, F8.
#[test]
fn a_wrong_signature_is_all_that_is_told() {
    let signature = Some(Error::Jws(jose_jws::Error::Signature));
    let mut told = Vec::new();
    for payload in wrong() {
        let token = token(payload);
        assert_eq!(outcome(false, &token), (signature.clone(), vec!["signature"]));
        let (error, log) = outcome(true, &token);
        assert_eq!(log, ["signature"]);
        told.push(error.unwrap());
    }
    // With a right signature, each has a reason of its own.
    assert!(!told.contains(signature.as_ref().unwrap()));
    for (index, one) in told.iter().enumerate() {
        assert!(!told[..index].contains(one), "{one:?}");
    }
    let good = token(claims(r#""iss":"issuer","aud":"api","scope":"read""#));
    assert_eq!(outcome(true, &good), (None, vec!["signature"]));
    assert_eq!(outcome(false, &good), (signature, vec!["signature"]));
}

/// The caller's own functions are not asked about what nobody signed.
///
/// Covers T08.
#[test]
fn predicates_see_signed_claims_only() {
    let asked = Rc::new(Cell::new(0));
    for (says, expected) in [(false, 0), (true, 1)] {
        let spy = Spy { says, log: Rc::default() };
        // A predicate may be sent to another thread, so that it counts in a static.
        static ASKED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let verifier = JwtVerifier::new(Key::<Hs256, _>::new(spy)).any_audience().issuer_by(|_| {
            ASKED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            true
        });
        let token = token(claims(r#""iss":"issuer""#));
        assert_eq!(verifier.at(now()).verify::<NoClaims>(&token).is_ok(), says);
        asked.set(ASKED.load(std::sync::atomic::Ordering::Relaxed));
        assert_eq!(asked.get(), expected);
    }
}

/// What is refused before the signature costs no verification: it says nothing of the claims either.
///
/// Covers T08.
#[test]
fn what_cannot_be_verified_does_not_reach_the_key() {
    let good = token(claims(r#""iss":"issuer","aud":"api","scope":"read""#));
    let (header, rest) = good.split_once('.').unwrap();
    let none = jose_b64::base64url::encode_to_string(br#"{"alg":"none"}"#);
    let hs512 = jose_b64::base64url::encode_to_string(br#"{"alg":"HS512"}"#);
    for token in [format!("{none}.{rest}"), format!("{hs512}.{rest}"), header.to_owned(), "a".repeat(300_000)]
    {
        let (error, log) = outcome(true, &token);
        assert!(matches!(error, Some(Error::Jws(_) | Error::TooLong { .. })), "{error:?}");
        assert!(log.is_empty());
    }
    assert_eq!(NOW, now().seconds());
    assert!(compact::Unverified::parse(&good).is_ok());
}
