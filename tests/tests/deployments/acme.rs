//! An ACME account (RFC 8555): an account is made with the key in the message, bound to one outside, and used.

use jose_jwk::{Hash, Jwk, JwsAlg, SysRng};
use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::json::{Builder, Form, Headers, Require, Unverified};
use jose_jws::{Error, Key, Parameters, Sign, SigningKey, VerifyingKey, VerifyingKeys, embedded};
use serde_json::{Value, json};

const NEW_ACCOUNT: &str = "https://ca.example/acme/new-account";
const NEW_ORDER: &str = "https://ca.example/acme/new-order";
const ACCOUNT: &str = "https://ca.example/acme/acct/evOfKhNU60wg";

/// The signer: a new key is in the message itself, an account is named by its URL (section 6.2).
enum By<'a> {
    Jwk(&'a Jwk),
    Kid(&'a str),
}

/// One request: a flattened JWS whose protected header has `nonce` and `url`.
fn request<K: Sign + ?Sized>(key: &K, by: By<'_>, nonce: Option<&str>, url: &str, payload: &[u8]) -> String {
    let mut parameters = Parameters::new().string("url", url).unwrap();
    if let Some(nonce) = nonce {
        parameters = parameters.string("nonce", nonce).unwrap();
    }
    let kid = match by {
        By::Jwk(jwk) => {
            parameters = parameters.json("jwk", &jwk.to_public().unwrap().to_json()).unwrap();
            None
        }
        By::Kid(kid) => Some(kid),
    };
    let header = parameters.header();
    let header = kid.map_or(header, |kid| header.kid(kid));
    Builder::new(payload).sign(key, header).unwrap().flattened().unwrap()
}

fn account_key() -> (Jwk, SigningKey) {
    let jwk = Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap();
    let key = SigningKey::from_jwk(&jwk, JwsAlg::Es256).unwrap();
    (jwk, key)
}

const ALLOWED: [JwsAlg; 2] = [JwsAlg::Es256, JwsAlg::Ed25519];

#[test]
fn an_account_is_made_with_the_key_in_the_message() {
    let (jwk, key) = account_key();
    let payload = br#"{"termsOfServiceAgreed":true,"contact":["mailto:cert-admin@example.org"]}"#;
    let message = request(&key, By::Jwk(&jwk), Some("6S8IqOGY7eL2lsGoTZYifg"), NEW_ACCOUNT, payload);
    let members: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(
        members.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["payload", "protected", "signature"]
    );

    // The server: the key is what the message says, so it is remembered by its thumbprint.
    let verified = embedded::verify_flattened(&message, ALLOWED).unwrap();
    assert_eq!(verified.payload(), payload);
    assert_eq!(*verified.thumbprint(), jwk.thumbprint(Hash::Sha256).unwrap());
    assert_eq!(verified.header().get("url").and_then(|url| url.as_str()).unwrap(), NEW_ACCOUNT);
    assert_eq!(
        verified.header().get("nonce").and_then(|nonce| nonce.as_str()).unwrap(),
        "6S8IqOGY7eL2lsGoTZYifg"
    );

    // Other forms are not ACME's (section 6.2).
    let public = jwk.to_public().unwrap().to_json();
    let parameters = Parameters::new().json("jwk", &public).unwrap();
    let general = Builder::new(payload).sign(&key, parameters.header()).unwrap().general().unwrap();
    assert_eq!(embedded::verify_flattened(&general, ALLOWED).err(), Some(Error::Member("signatures")));
    // A key in the unprotected header is not signed.
    let public = format!(r#"{{"jwk":{public}}}"#);
    let headers = Headers { unprotected: Some(&public), ..Headers::default() };
    let unprotected = Builder::new(payload).sign(&key, headers).unwrap().flattened().unwrap();
    assert!(embedded::verify_flattened(&unprotected, ALLOWED).is_err());
    // A key for an algorithm that this CA does not allow.
    let refused = embedded::verify_flattened(&message, JwsAlg::Ed25519);
    assert!(refused.is_err());
    assert!(
        embedded::verify_flattened(&message.replace("payload\":\"ey", "payload\":\"eX"), ALLOWED).is_err()
    );
}

/// Section 7.3.4: the public key is what is signed, with a MAC key that the account has from elsewhere.
#[test]
fn an_account_is_bound_to_one_that_is_known_elsewhere() {
    let (jwk, key) = account_key();
    let mac =
        || HmacKey::new(b"what the CA gave the customer in its portal").map(Key::<Hs256, _>::new).unwrap();
    let public = jwk.to_public().unwrap().to_json();
    let binding = request(&mac(), By::Kid("customer-7"), None, NEW_ACCOUNT, public.as_bytes());
    let binding: Value = serde_json::from_str(&binding).unwrap();
    let payload = json!({"termsOfServiceAgreed": true, "externalAccountBinding": binding}).to_string();
    let message = request(&key, By::Jwk(&jwk), Some("nonce"), NEW_ACCOUNT, payload.as_bytes());

    let outer = embedded::verify_flattened(&message, ALLOWED).unwrap();
    let payload: Value = serde_json::from_slice(outer.payload()).unwrap();
    let inner = payload["externalAccountBinding"].to_string();
    let customers = mac().with_kid("customer-7");
    let inner = jose_jws::json::verify(&customers, &inner, Require::All).unwrap();
    assert_eq!(inner.form(), Form::Flattened);
    let bound = Jwk::from_json(inner.payload()).unwrap();
    assert_eq!(bound.thumbprint(Hash::Sha256).unwrap(), *outer.thumbprint());
    // The account's key cannot stand in for the MAC key.
    let forged = request(&key, By::Kid("customer-7"), None, NEW_ACCOUNT, public.as_bytes());
    assert!(jose_jws::json::verify(&customers, &forged, Require::All).is_err());
}

#[test]
fn an_order_is_signed_by_the_account_and_a_key_is_rolled_over() {
    let (jwk, key) = account_key();
    let known = Jwk::from(jwk.to_public().unwrap()).with_kid(ACCOUNT);
    let key_of_account = VerifyingKey::from_jwk(&known, ALLOWED).unwrap();
    let accounts = VerifyingKeys::new([key_of_account]).unwrap();

    let order = br#"{"identifiers":[{"type":"dns","value":"www.example.org"}]}"#;
    let message = request(&key, By::Kid(ACCOUNT), Some("n-2"), NEW_ORDER, order);
    let verified = jose_jws::json::verify(&accounts, &message, Require::All).unwrap();
    assert_eq!(verified.payload(), order);
    assert_eq!(verified.signatures().iter().next().unwrap().header().kid().unwrap(), ACCOUNT);

    // POST-as-GET: the payload is empty, and signed (section 6.3).
    let message = request(&key, By::Kid(ACCOUNT), Some("n-3"), "https://ca.example/acme/order/1", b"");
    assert!(message.contains(r#""payload":"""#));
    assert_eq!(jose_jws::json::verify(&accounts, &message, Require::All).unwrap().payload(), b"");

    // Another account's name does not reach this account's key.
    let message = request(&key, By::Kid("https://ca.example/acme/acct/other"), Some("n-4"), NEW_ORDER, order);
    assert_eq!(jose_jws::json::verify(&accounts, &message, Require::All).err(), Some(Error::KidUnknown));

    // Section 7.3.5: the new key signs that it takes over, the old one that it lets it.
    let (new_jwk, new_key) = account_key();
    let old: Value = serde_json::from_str(&jwk.to_public().unwrap().to_json()).unwrap();
    let change = "https://ca.example/acme/key-change";
    let inner = json!({"account": ACCOUNT, "oldKey": old}).to_string();
    let inner = request(&new_key, By::Jwk(&new_jwk), None, change, inner.as_bytes());
    let outer = request(&key, By::Kid(ACCOUNT), Some("n-5"), change, inner.as_bytes());
    let outer = jose_jws::json::verify(&accounts, &outer, Require::All).unwrap();
    let inner = embedded::verify_flattened(outer.payload(), ALLOWED).unwrap();
    assert_eq!(*inner.thumbprint(), new_jwk.thumbprint(Hash::Sha256).unwrap());
    let payload: Value = serde_json::from_slice(inner.payload()).unwrap();
    assert_eq!(payload["oldKey"], old);

    // The header can be read before the key is known, by a function that says that it is not verified.
    let unverified = Unverified::parse(outer.payload()).unwrap();
    let header = unverified.dangerous_headers().next().unwrap().0;
    assert_eq!(header.get("url").and_then(|url| url.as_str()).unwrap(), change);
}
