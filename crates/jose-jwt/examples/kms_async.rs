//! Signs with a key that answers later, such as one in a KMS.

use core::error::Error;
use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use jose_jwt::jws::alg::Es256;
use jose_jwt::signature::{self, AsyncSigner};
use jose_jwt::{AsyncKey, Claims, Curve, Jwk, JwsAlg, JwtVerifier, NoClaims, SysRng, VerifyingKey};
use p256::ecdsa::Signature;

/// A client of the KMS. In a program of yours, it holds a connection and the name of the key.
struct Kms {
    key: p256::ecdsa::SigningKey,
}

impl AsyncSigner<Signature> for Kms {
    async fn sign_async(&self, message: &[u8]) -> Result<Signature, signature::Error> {
        signature::Signer::try_sign(&self.key, message)
    }
}

/// Runs a future that does not wait. A program of yours has an executor.
fn run<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let made = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("kms-1");
    let kms = Kms { key: p256::SecretKey::try_from(&made)?.into() };
    // What the KMS says of its key. Its `use`, `key_ops` and `alg` are checked, and its `kid` goes into the header.
    let public = made.to_public()?;

    let key = AsyncKey::<Es256, _>::external(public.as_jwk(), kms)?;
    let claims = Claims::new()
        .issuer("https://issuer.example")
        .audience("api")
        .subject("alice")
        .expires_in(Duration::from_secs(600));
    let token = run(jose_jwt::sign_async(&key, &claims)).ok_or("the key did not answer")??;
    println!("{token}");

    let verifier = JwtVerifier::new(VerifyingKey::from_jwk(&public, JwsAlg::Es256)?)
        .issuer("https://issuer.example")
        .audience("api");
    let verified = verifier.verify::<NoClaims>(&token)?;
    println!("verified: {}", verified.claims().sub().unwrap_or("nobody"));
    Ok(())
}
