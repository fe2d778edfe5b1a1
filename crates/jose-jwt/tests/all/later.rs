//! Keys and stores that answer later do what those at hand do.

use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jose_jwk::{Hash, Jwk, JwsAlg, SysRng};
use jose_jws::alg::Es256;
use jose_jws::signature::{self, AsyncSigner, Signer};
use jose_jws::{AsyncKey, Error as JwsError, Parameters, SigningKey, VerifyingKey};
use jose_jwt::profile::{ClientAttestation, ClientAttestationVerifier, Confirmation};
use jose_jwt::profile::{DpopRequest, DpopSigner, DpopVerifier};
use jose_jwt::{
    AsyncReplayGuard, Claims, Error, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate, ReplayError,
    ReplayGuard, Token, TokenId,
};
use p256::ecdsa::Signature;

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

/// What a future gives that does not wait.
fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// A key behind a network.
struct Kms(p256::ecdsa::SigningKey);

impl AsyncSigner<Signature> for Kms {
    async fn sign_async(&self, message: &[u8]) -> Result<Signature, signature::Error> {
        self.0.try_sign(message)
    }
}

/// A store behind a network.
struct Remote(MemoryReplayGuard, Mutex<usize>);

impl Remote {
    fn new() -> Self {
        Self(MemoryReplayGuard::new(10), Mutex::new(0))
    }

    fn asked(&self) -> usize {
        *self.1.lock().unwrap()
    }
}

impl AsyncReplayGuard for Remote {
    async fn first_use(&self, token: &TokenId<'_>) -> Result<(), ReplayError> {
        *self.1.lock().unwrap() += 1;
        ReplayGuard::first_use(&self.0, token)
    }
}

fn key() -> Jwk {
    Jwk::generate(JwsAlg::Es256, &mut SysRng).unwrap().with_kid("kms-1")
}

fn kms(jwk: &Jwk) -> AsyncKey<'static, Es256, Kms> {
    let secret = p256::SecretKey::try_from(jwk).unwrap();
    AsyncKey::<Es256, _>::new(Kms(secret.into())).with_kid("kms-1")
}

#[test]
fn a_key_that_answers_later_signs_the_same_token() {
    let (jwk, claims) = (key(), Claims::new().subject("alice").expires_in(Duration::from_secs(60)));
    let at_hand = Token::at(&claims, NOW).sign(&SigningKey::try_from(&jwk).unwrap()).unwrap();
    // Both are deterministic (RFC 6979).
    assert_eq!(run(Token::at(&claims, NOW).sign_async(&kms(&jwk))), Ok(at_hand.clone()));
    // In two steps: the signature comes by whatever way.
    let unsigned = Token::at(&claims, NOW).header(jose_jws::Header::new().kid("kms-1"));
    let unsigned = unsigned.unsigned(JwsAlg::Es256).unwrap();
    let signature: Signature = kms_at_hand(&jwk).sign(unsigned.signing_input());
    assert_eq!(unsigned.attach(&signature.to_bytes()), Ok(at_hand));
    // At the system's time.
    let token = run(jose_jwt::sign_async(&kms(&jwk), &claims)).unwrap();
    let verifier = JwtVerifier::new(VerifyingKey::from_jwk(&jwk, JwsAlg::Es256).unwrap());
    let verifier = verifier.any_issuer().any_audience();
    assert_eq!(verifier.verify::<NoClaims>(&token).unwrap().claims().sub(), Some("alice"));
}

fn kms_at_hand(jwk: &Jwk) -> p256::ecdsa::SigningKey {
    p256::SecretKey::try_from(jwk).unwrap().into()
}

/// The payload of a JWT is encoded, whoever signs it (RFC 7797 section 7).
#[test]
fn an_unencoded_payload_is_refused_before_the_key_is_asked() {
    let (jwk, claims) = (key(), Claims::new().subject("alice"));
    let members = Parameters::new().json("b64", "false").unwrap().json("crit", r#"["b64"]"#).unwrap();
    let token = Token::at(&claims, NOW).header(members.header());
    assert_eq!(run(token.sign_async(&kms(&jwk))), Err(Error::Jws(JwsError::Unencoded)));
    assert_eq!(token.unsigned(JwsAlg::Es256).err(), Some(Error::Jws(JwsError::Unencoded)));
}

/// Covers F7.
#[test]
fn a_dpop_proof_is_taken_once_by_a_store_that_answers_later() {
    let (jwk, store) = (key(), Remote::new());
    let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
    let request = DpopRequest::new("GET", "https://api.example/items");
    let signer = DpopSigner::new(&jwk).unwrap();
    let proof = signer.proof("GET", "https://api.example/items").sign(&mut SysRng).unwrap();
    let first = run(verifier.now().unwrap().verify_once_async(&proof, &request, &store)).unwrap();
    assert_eq!(*first.thumbprint(), jwk.thumbprint(Hash::Sha256).unwrap());
    let issued = first.issued_at();
    assert!(NumericDate::now().unwrap().saturating_sub(Duration::from_secs(60)) <= issued);
    let again = run(verifier.now().unwrap().verify_once_async(&proof, &request, &store));
    assert_eq!(again.err(), Some(Error::Replayed));
    // One that is refused is not remembered, and one that is only verified neither.
    let elsewhere = DpopRequest::new("POST", "https://api.example/items");
    assert!(run(verifier.now().unwrap().verify_once_async(&proof, &elsewhere, &store)).is_err());
    assert!(verifier.verify(&proof, &request).is_ok());
    assert_eq!(store.asked(), 2);
}

/// Covers F7.
#[test]
fn an_attestation_is_taken_once_by_a_store_that_answers_later() {
    let (attester, client, store) = (key(), key(), Remote::new());
    let attestation = Claims::new()
        .subject("client-1")
        .expires_in(Duration::from_secs(60))
        .with(ClientAttestation::new(Confirmation::of_key(client.to_public().unwrap())));
    let sign = |jwk: &Jwk, token: Token<'_, _>| token.sign(&SigningKey::try_from(jwk).unwrap()).unwrap();
    let attestation = sign(&attester, Token::new(&attestation).typ("oauth-client-attestation+jwt"));
    let proof = Claims::new()
        .audience("https://as.example")
        .jwt_id("1")
        .with(jose_jwt::profile::ClientAttestationPop::new(Some("c".into())));
    let key = SigningKey::try_from(&client).unwrap();
    let proof = Token::new(&proof).typ("oauth-client-attestation-pop+jwt").sign(&key).unwrap();
    let keys = VerifyingKey::from_jwk(&attester, JwsAlg::Es256).unwrap();
    let attestations = JwtVerifier::new(keys).any_issuer().any_audience();
    let verifier = ClientAttestationVerifier::new(attestations, "https://as.example", JwsAlg::Es256);
    let take = || {
        let verification = verifier.now().unwrap().challenge("c");
        run(verification.verify_once_async(&attestation, &proof, &store))
    };
    assert_eq!(take().unwrap().claims().sub(), Some("client-1"));
    assert_eq!(take().err(), Some(Error::Replayed));
    assert_eq!(store.asked(), 2);
}
