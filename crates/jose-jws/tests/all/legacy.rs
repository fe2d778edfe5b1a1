//! What is only had by its name: A1, B1, B2, C4, C6, J01, J10, K36.

use std::future::Future;
use std::net::TcpListener;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use jose_jwk::{AlgSet, Error as KeyError, Hash, KeyOp, KeyUse, SysRng};
use jose_jws::alg::{Es256, Es256K};
use jose_jws::compact::{self, Unsigned, Unverified};
use jose_jws::json::{Builder, Require};
use jose_jws::{
    AsyncKey, AsyncVerifier, Candidate, Error, Header, HeaderError, JwsAlg, Key, KeyResolver, Parameters,
    Sign, SigningKey, VerifyingKey, embedded, json, stream, unsecured,
};
use p256::ecdsa::Signature;
use signature::{AsyncSigner, Verifier as _};

use crate::help::{Broken, forge, join, jwk, named, public, raw, signer, verifier};
use crate::keys;

/// A future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// RFC 7515, A.5.
const UNSECURED: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                         cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

/// Covers A1, W15.
#[test]
fn unsecured_by_its_name_alone() {
    let read = unsecured::read(UNSECURED).unwrap();
    assert_eq!(
        read.payload(),
        b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    );
    assert_eq!(unsecured::write(read.payload(), &Header::new()).unwrap(), UNSECURED);
    assert_eq!(read.header().text(), r#"{"alg":"none"}"#);
    for (text, alg) in [(keys::OCT, JwsAlg::Hs256), (keys::P256, JwsAlg::Es256), (keys::RSA, JwsAlg::Rs256)] {
        let key = VerifyingKey::from_jwk(jwk(text), AlgSet::all()).unwrap();
        assert_eq!(compact::verify(&key, UNSECURED).unwrap_err(), Error::AlgorithmUnknown);
        assert_eq!(
            compact::verify_detached(&key, "eyJhbGciOiJub25lIn0..", b"").unwrap_err(),
            Error::AlgorithmUnknown
        );
        let any = json::verify_any(&key, UNSECURED, Require::Any);
        assert_eq!(any.unwrap_err(), Error::AlgorithmUnknown);
        let signed = compact::sign(&signer(text, alg), b"{}", &Header::new()).unwrap();
        assert_eq!(unsecured::read(&signed).unwrap_err(), Error::AlgorithmUnknown);
    }
}

/// Covers A1.
#[test]
fn unsecured_is_strict() {
    let refusal =
        |header: &str, signature: &[u8]| unsecured::read(&join(header, b"{}", signature)).unwrap_err();
    for name in ["None", "NONE", "nOnE", "none ", " none", "none\\u0000", "n\\u043ene", ""] {
        assert_eq!(refusal(&format!(r#"{{"alg":"{name}"}}"#), b""), Error::AlgorithmUnknown, "{name}");
    }
    assert_eq!(refusal("{}", b""), Error::AlgorithmMissing);
    assert_eq!(refusal(r#"{"alg":"none"}"#, b"x"), Error::Signature);
    assert_eq!(refusal(r#"{"alg":"none","b64":false,"crit":["b64"]}"#, b""), Error::Unencoded);
    let crit = Error::Header(HeaderError::CritNotUnderstood);
    assert_eq!(refusal(r#"{"alg":"none","crit":["x"],"x":1}"#, b""), crit);
    for text in ["", ".", "e30.e30", "e30.e30..", &format!("{UNSECURED}.")] {
        assert_eq!(unsecured::read(text).unwrap_err().code(), "segments");
    }
    assert_eq!(unsecured::write(b"", &raw()).unwrap_err(), Error::Unencoded);
}

/// Covers B1, W15.
#[test]
fn an_embedded_key_by_its_own_call() {
    for (text, alg) in
        [(keys::P256, JwsAlg::Es256), (keys::RSA, JwsAlg::Ps256), (keys::ED25519, JwsAlg::Ed25519)]
    {
        let own = jwk(text);
        let members = Parameters::new().json("jwk", &own.to_public().unwrap().to_json()).unwrap();
        let token = compact::sign(&signer(text, alg), b"proof", &members.header().typ("proof+jwt")).unwrap();
        let verified = embedded::verify(&token, alg).unwrap();
        assert!(verified.header().is_typ("proof+jwt"));
        assert_eq!((verified.payload(), verified.alg()), (&b"proof"[..], alg));
        assert_eq!(*verified.thumbprint(), own.thumbprint(Hash::Sha256).unwrap());
        assert_eq!(*verified.key(), own.to_public().unwrap());
        assert_eq!(embedded::verify(&token, AlgSet::EMPTY).unwrap_err(), Error::AlgorithmsEmpty);
        let other = embedded::verify(&token, JwsAlg::Es384);
        assert_eq!(other.unwrap_err().code(), "wrong-key");
        let wrong = format!("{}AAAA", &token[..token.len() - 4]);
        assert_eq!(embedded::verify(&wrong, alg).unwrap_err(), Error::Signature);
    }
}

/// Covers B1.
#[test]
fn private_and_symmetric_embedded_keys_are_refused() {
    for (text, alg) in
        [(keys::P256, JwsAlg::Es256), (keys::OCT, JwsAlg::Hs256), (keys::ED25519, JwsAlg::Ed25519)]
    {
        let token = forge(&signer(text, alg), format!(r#"{{"alg":"{alg}","jwk":{text}}}"#), b"{}");
        assert_eq!(embedded::verify(&token, alg).unwrap_err(), Error::Key(KeyError::PrivateMembers));
    }
    let key = signer(keys::P256, JwsAlg::Es256);
    let missing = forge(&key, r#"{"alg":"ES256"}"#, b"{}");
    assert_eq!(
        embedded::verify(&missing, AlgSet::all()).unwrap_err(),
        Error::Header(HeaderError::Missing("jwk"))
    );
    let kind = forge(&key, r#"{"alg":"ES256","jwk":"e30"}"#, b"{}");
    assert_eq!(
        embedded::verify(&kind, AlgSet::all()).unwrap_err(),
        Error::Header(HeaderError::Invalid("jwk"))
    );
    // The key's own words hold for it too.
    let enc = jwk(keys::P256).with_use(KeyUse::Enc).unwrap().to_public().unwrap();
    let members = Parameters::new().json("jwk", &enc.to_json()).unwrap();
    let token = compact::sign(&key, b"{}", &members.header()).unwrap();
    assert_eq!(embedded::verify(&token, AlgSet::all()).unwrap_err().code(), "use-forbids");
}

/// B2: whatever `jku` and `x5u` say, nobody is asked.
///
/// Covers B2.
#[test]
fn no_url_is_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let own = jwk(keys::P256).to_public().unwrap().to_json();
    let header = format!(r#"{{"alg":"ES256","jku":"{url}","x5u":"{url}","jwk":{own}}}"#);
    let token = forge(&signer(keys::P256, JwsAlg::Es256), &header, b"{}");
    assert!(compact::verify(&verifier(keys::P256, JwsAlg::Es256), &token).is_ok());
    assert_eq!(
        compact::verify(&verifier(keys::P384, JwsAlg::Es384), &token).unwrap_err().code(),
        "algorithm-not-allowed"
    );
    assert!(json::verify_any(&verifier(keys::P256, JwsAlg::Es256), &token, Require::All).is_ok());
    assert!(embedded::verify(&token, JwsAlg::Es256).is_ok());
    let nobody = listener.accept().map(|_| ()).unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

/// C4: with the option, one of the two `s` of ES256K; without, both.
///
/// Covers C4.
#[test]
fn es256k_takes_the_lower_s_alone_where_asked() {
    let token = compact::sign(&signer(keys::SECP256K1, JwsAlg::Es256K), b"{}", &Header::new()).unwrap();
    let (input, octets) = token.rsplit_once('.').unwrap();
    let octets = jose_b64::base64url::decode_to_vec(octets.as_bytes()).unwrap();
    let low = k256::ecdsa::Signature::from_slice(&octets).unwrap();
    assert_eq!(low.normalize_s(), low, "signing makes the lower one");
    let (r, s) = low.split_scalars();
    let high = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let other = format!("{input}.{}", jose_b64::base64url::encode_to_string(&high.to_bytes()));
    assert_ne!(token, other);
    let key = verifier(keys::SECP256K1, JwsAlg::Es256K);
    assert!(compact::verify(&key, &token).is_ok() && compact::verify(&key, &other).is_ok());
    let strict = key.require_low_s();
    assert!(compact::verify(&strict, &token).is_ok());
    assert_eq!(compact::verify(&strict, &other).unwrap_err(), Error::Signature);
    // Pieces make no difference, nor does the option to another algorithm.
    let (header, _) = input.split_once('.').unwrap();
    for (signature, expected) in [(&octets, true), (&high.to_bytes().to_vec(), false)] {
        let text = format!("{header}..{}", jose_b64::base64url::encode_to_string(signature));
        let jws = Unverified::parse(&text).unwrap();
        let mut pieces = stream::Verifier::new(&strict, &jws).unwrap();
        pieces.update(b"{}");
        assert_eq!(pieces.finish().is_ok(), expected);
    }
    let es256 = verifier(keys::P256, JwsAlg::Es256).require_low_s();
    for index in 0..8 {
        let token = compact::sign(&signer(keys::P256, JwsAlg::Es256), &[index], &Header::new()).unwrap();
        assert!(compact::verify(&es256, &token).is_ok());
    }
}

/// C6: deterministic by default, hedged on request; both verify.
///
/// Covers C6.
#[test]
fn ecdsa_is_hedged_on_request() {
    for (text, alg) in [
        (keys::P256, JwsAlg::Es256),
        (keys::P384, JwsAlg::Es384),
        (keys::P521, JwsAlg::Es512),
        (keys::SECP256K1, JwsAlg::Es256K),
    ] {
        let hedged = SigningKey::randomized(jwk(text), alg, || SysRng).unwrap();
        let sign = || compact::sign(&hedged, b"{}", &Header::new()).unwrap();
        let (one, other) = (sign(), sign());
        assert_ne!(one, other, "{alg}");
        let plain = compact::sign(&signer(text, alg), b"{}", &Header::new()).unwrap();
        assert_eq!(plain, compact::sign(&signer(text, alg), b"{}", &Header::new()).unwrap());
        for token in [one, other, plain] {
            assert!(compact::verify(&verifier(text, alg), &token).is_ok(), "{alg}");
        }
        let broken = SigningKey::randomized(jwk(text), alg, || Broken).unwrap();
        assert_eq!(compact::sign(&broken, b"{}", &Header::new()).unwrap_err(), Error::Rng, "{alg}");
        let mut pieces = stream::Signer::new(&hedged, &Header::new()).unwrap();
        pieces.update(b"{}");
        assert!(
            compact::verify_detached(&verifier(text, alg), &pieces.finish().unwrap(), b"{}").is_ok(),
            "{alg}"
        );
    }
    let eddsa = SigningKey::randomized(jwk(keys::ED25519), JwsAlg::Ed25519, || SysRng).unwrap();
    let plain = compact::sign(&signer(keys::ED25519, JwsAlg::Ed25519), b"{}", &Header::new()).unwrap();
    assert_eq!(compact::sign(&eddsa, b"{}", &Header::new()).unwrap(), plain);
}

/// Covers J10, A8.
#[test]
fn the_function_chooses_the_key_and_not_the_algorithm() {
    let one = VerifyingKey::from_jwk(jwk(keys::P256), AlgSet::all()).unwrap();
    let two = VerifyingKey::from_jwk(jwk(keys::OCT), AlgSet::all()).unwrap();
    let choose = |signed: &Candidate<'_>| match signed.kid() {
        Some(kid) if kid == *"one" => Some(&one),
        Some(kid) if kid == *"mac" => Some(&two),
        _ => None,
    };
    let keys = KeyResolver::new(JwsAlg::Es256, choose).unwrap();
    let check = |key: &SigningKey, kid| {
        let header = named(kid);
        let token = compact::sign(key, b"{}", &header).unwrap();
        compact::verify(&keys, &token).map(|_| ())
    };
    let (es256, hs256) = (signer(keys::P256, JwsAlg::Es256), signer(keys::OCT, JwsAlg::Hs256));
    assert_eq!(check(&es256, Some("one")), Ok(()));
    assert_eq!(check(&es256, Some("mac")).map_err(|error| error.code()), Err("wrong-key"));
    assert_eq!(
        check(&hs256, Some("mac")).map_err(|error| error.code()),
        Err("algorithm-not-allowed"),
        "not among those of the verifier"
    );
    assert_eq!(check(&es256, Some("two")), Err(Error::KidUnknown));
    assert_eq!(check(&es256, None), Err(Error::KidUnknown));
    assert_eq!(KeyResolver::new(AlgSet::EMPTY, choose).map(|_| ()), Err(Error::AlgorithmsEmpty));
    assert_eq!(KeyResolver::new(AlgSet::all(), choose).map(|_| ()), Err(Error::KeysMixed));
    // Keys may be shared.
    let shared = std::sync::Arc::new(one.require_low_s());
    let keys = KeyResolver::new(JwsAlg::Es256, |_: &Candidate<'_>| Some(shared.clone())).unwrap();
    let token = compact::sign(&es256, b"{}", &Header::new()).unwrap();
    assert!(compact::verify(&keys, &token).is_ok());
}

/// A key behind a network, which counts its questions.
struct Kms {
    within: p256::ecdsa::SigningKey,
    asked: std::cell::Cell<usize>,
    works: bool,
}

impl Kms {
    fn new(works: bool) -> Self {
        let within = p256::SecretKey::try_from(&jwk(keys::P256)).unwrap().into();
        Self { within, asked: std::cell::Cell::new(0), works }
    }

    fn ask(&self) -> Result<(), signature::Error> {
        self.asked.set(self.asked.get() + 1);
        if self.works { Ok(()) } else { Err(signature::Error::new()) }
    }
}

impl AsyncSigner<Signature> for Kms {
    async fn sign_async(&self, message: &[u8]) -> Result<Signature, signature::Error> {
        self.ask()?;
        signature::Signer::try_sign(&self.within, message)
    }
}

impl AsyncVerifier<Signature> for Kms {
    async fn verify_async(&self, message: &[u8], signature: &Signature) -> Result<(), signature::Error> {
        self.ask()?;
        self.within.verifying_key().verify(message, signature)
    }
}

/// Covers J01, K36.
#[test]
fn a_key_that_answers_later() {
    let key = AsyncKey::<Es256, _>::new(Kms::new(true)).with_kid("kms");
    let token = now(compact::sign_async(&key, b"{}", &Header::new())).unwrap();
    let here = Header::new().kid("kms");
    assert_eq!(token, compact::sign(&signer(keys::P256, JwsAlg::Es256), b"{}", &here).unwrap());
    let mut builder = Builder::new(b"{}");
    let pending = builder.prepare(JwsAlg::Es256, here).unwrap();
    now(pending.sign_async(&key)).unwrap();
    let text = builder.flattened().unwrap();
    assert!(json::verify(&verifier(keys::P256, JwsAlg::Es256), &text, Require::All).is_ok());
    let apart = Unsigned::detached(JwsAlg::Es256, b"{}", &here).unwrap();
    let text = now(apart.sign_async(&key)).unwrap();
    assert!(compact::verify_detached(&verifier(keys::P256, JwsAlg::Es256), &text, b"{}").is_ok());
    assert_eq!(key.inner().asked.get(), 3);

    let jws = Unverified::parse(&token).unwrap();
    assert_eq!(now(jws.verify_async(&key)).unwrap().payload(), b"{}");
    let wrong = format!("{}AAAA", &token[..token.len() - 4]);
    let jws = Unverified::parse(&wrong).unwrap();
    assert_eq!(now(jws.verify_async(&key)).unwrap_err(), Error::Signature);
    let down = AsyncKey::<Es256, _>::new(Kms::new(false));
    assert_eq!(now(compact::sign_async(&down, b"{}", &Header::new())).unwrap_err(), Error::Signing);
}

/// K36: what is wrong with the message or the key is known before the key is asked.
///
/// Covers K36.
#[test]
fn the_checks_come_first() {
    let key = AsyncKey::<Es256, _>::new(Kms::new(true)).with_kid("kms");
    let parameters = Parameters::new().json("b64", "false").unwrap();
    let bad = parameters.header();
    assert!(now(compact::sign_async(&key, b"{}", &bad)).is_err());
    let mut builder = Builder::new(b"{}");
    let pending = builder.prepare(JwsAlg::Es384, Header::new().kid("kms")).unwrap();
    assert_eq!(now(pending.sign_async(&key)).map(|_| ()).unwrap_err().code(), "algorithm-not-allowed");
    let other = compact::sign(&signer(keys::OCT, JwsAlg::Hs256), b"{}", &Header::new()).unwrap();
    let named = Header::new().kid("other");
    let other_kid = compact::sign(&signer(keys::P256, JwsAlg::Es256), b"{}", &named).unwrap();
    for (token, expected) in [(&other, "algorithm-not-allowed"), (&other_kid, "kid-unknown")] {
        let jws = Unverified::parse(token).unwrap();
        assert_eq!(now(jws.verify_async(&key)).unwrap_err().code(), expected);
    }
    assert_eq!(key.inner().asked.get(), 0);

    let es256 = || p256::ecdsa::SigningKey::from(p256::SecretKey::try_from(&jwk(keys::P256)).unwrap());
    for (described, expected) in [
        (public(keys::P256), None),
        (public(keys::P256).with_use(KeyUse::Sig).unwrap().with_kid("k"), None),
        (public(keys::P256).with_use(KeyUse::Enc).unwrap(), Some("use-forbids")),
        (public(keys::P256).with_key_ops(KeyOp::DeriveKey.into()).unwrap(), Some("key-ops-forbid")),
        (public(keys::P256).with_alg(JwsAlg::Es384).unwrap(), Some("alg-forbids")),
        (public(keys::P384), Some("wrong-key")),
        (jwk(keys::P256).with_key_ops(KeyOp::Verify.into()).unwrap(), Some("key-ops-forbid")),
    ] {
        let own = SigningKey::external(&described, Key::<Es256, _>::new(es256()));
        if let Ok(own) = &own {
            assert_eq!(own.kid(), described.kid());
        }
        assert_eq!(own.err().map(|error| error.code()), expected);
        let later = AsyncKey::<Es256, _>::external(&described, Kms::new(true));
        assert_eq!(later.err().map(|error| error.code()), expected);
        if !described.is_private() {
            let verifying = Key::<Es256, _>::new(*es256().verifying_key());
            let verifying = VerifyingKey::external(&described, verifying);
            assert_eq!(verifying.err().map(|error| error.code()), expected);
        }
    }
    let k256 = Key::<Es256K, _>::new(k256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap());
    assert_eq!(
        SigningKey::external(public(keys::P256), k256).err().map(|error| error.code()),
        Some("wrong-key")
    );
}
