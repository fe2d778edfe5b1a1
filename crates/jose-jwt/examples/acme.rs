//! The requests of an ACME client (RFC 8555): an account is made with the key in the message, then named by its URL.
//!
//! `cargo run -p jose-jwt --example acme`

use core::error::Error;

use jose_jwt::jws::alg::{HmacKey, Hs256};
use jose_jwt::jws::json::{self, Builder, Require};
use jose_jwt::jws::{Key, Parameters, embedded};
use jose_jwt::{Hash, Jwk, JwsAlg, Sign, SigningKey, SysRng, VerifyingKey};

type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// Who signs: a key that the server has not seen, or an account that it has.
enum By<'a> {
    NewKey(&'a Jwk),
    Account(&'a str),
}

/// A flattened JWS (section 6.2). `nonce` is the server's `Replay-Nonce`, or nothing in an inner JWS; the payload of a
/// POST-as-GET is empty.
fn request<K: Sign + ?Sized>(
    key: &K,
    by: &By<'_>,
    nonce: Option<&str>,
    url: &str,
    payload: &str,
) -> Result<String> {
    let mut parameters = Parameters::new().string("url", url)?;
    if let Some(nonce) = nonce {
        parameters = parameters.string("nonce", nonce)?;
    }
    if let By::NewKey(jwk) = by {
        parameters = parameters.json("jwk", &jwk.to_public()?.to_json())?;
    }
    let header = match by {
        By::NewKey(_) => parameters.header(),
        By::Account(url) => parameters.header().kid(url),
    };
    Ok(Builder::new(payload.as_bytes()).sign(key, header)?.flattened()?)
}

fn main() -> Result<()> {
    let jwk = Jwk::generate(JwsAlg::Es256, &mut SysRng)?;
    let key = SigningKey::from_jwk(&jwk, JwsAlg::Es256)?;

    // An account, bound to one that the customer has elsewhere (section 7.3.4).
    let url = "https://ca.example/acme/new-account";
    let mac = Key::<Hs256, _>::new(HmacKey::new(b"what the portal shows, decoded: 32 bytes or more")?);
    let public = jwk.to_public()?.to_json();
    let binding = request(&mac, &By::Account("customer-7"), None, url, &public)?;
    let payload = format!(r#"{{"termsOfServiceAgreed":true,"externalAccountBinding":{binding}}}"#);
    let message = request(&key, &By::NewKey(&jwk), Some("6S8IqOGY7eL2lsGoTZYifg"), url, &payload)?;
    println!("POST {url}\n{message}\n");

    // An order, by the account that the server has made of it.
    let account = "https://ca.example/acme/acct/17";
    let order = r#"{"identifiers":[{"type":"dns","value":"www.example.org"}]}"#;
    let url = "https://ca.example/acme/new-order";
    let message_2 = request(&key, &By::Account(account), Some("8h2gB0zQ"), url, order)?;
    println!("POST {url}\n{message_2}\n");

    // What stands in the file or DNS record of a challenge (section 8.1).
    let authorization = format!("{}.{}", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ", jwk.thumbprint(Hash::Sha256)?);
    println!("key authorization: {authorization}");

    // The server: a new key verifies its own message, and is remembered by its thumbprint.
    let verified = embedded::verify_flattened(&message, JwsAlg::Es256)?;
    assert_eq!(*verified.thumbprint(), jwk.thumbprint(Hash::Sha256)?);
    let known = Jwk::from(jwk.to_public()?).with_kid(account);
    let verified = json::verify(&VerifyingKey::from_jwk(&known, JwsAlg::Es256)?, &message_2, Require::All)?;
    assert_eq!(verified.payload(), order.as_bytes());
    Ok(())
}
