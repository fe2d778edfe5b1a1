//! What a verification asks of the heap.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_jwk::{AlgSet, Jwk, JwkSet, JwsAlg};
use jose_jws::compact::Unverified;
use jose_jws::json::{self, Builder, Headers, Require};
use jose_jws::{Header, SigningKey, VerifyingKey, VerifyingKeys, compact, detached};
use rsa::signature::Verifier as _;
use rsa::{PublicKey, pkcs1v15, pss};
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};

/// Key and compact text of a case of a vector file.
fn case(file: &str, id: &str) -> (Jwk, String) {
    let path = format!("{}/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap();
    let key = Jwk::from_json(case["key"].to_string()).unwrap();
    (key, case["jws"].as_str().unwrap().to_owned())
}

fn allocations<T>(f: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(f()));
    (result.unwrap(), info.count_total)
}

#[test]
fn the_counter_counts() {
    let (vec, count) = allocations(|| vec![0_u8; 100]);
    assert_eq!((vec.len(), count), (100, 1));
}

/// A prepared key of its own making, and a message that it verifies.
fn signed(alg: JwsAlg, spec: JwsAlg) -> (VerifyingKey, String) {
    let jwk = Jwk::generate(spec, &mut jose_jwk::SysRng).unwrap();
    let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
    let token = compact::sign(&signer, &Default::default(), b"payload").unwrap();
    (VerifyingKey::from_jwk(&jwk, AlgSet::of(&[alg])).unwrap(), token)
}

/// RFC 7515 A.1 in the caller's buffer: nothing at all.
///
/// Covers G5.
#[test]
fn rfc7515_a1_verifies_without_the_heap() {
    let (jwk, token) = case("rfc7515.json", "A.1");
    let key = VerifyingKey::from_jwk(&jwk, AlgSet::of(&[JwsAlg::Hs256])).unwrap();
    let mut buffer = vec![0; token.len()];
    let (payload, count) = allocations(|| {
        compact::verify_in(&key, &token, &mut buffer).map(|verified| verified.payload().len())
    });
    assert_eq!((payload, count), (Ok(70), 0));
}

/// The same for each family but RSA, whose arithmetic needs some; and one allocation, for the result, without a
/// buffer of the caller's.
///
/// Covers G5.
#[test]
fn a_prepared_key_allocates_for_the_result_alone() {
    for (alg, spec) in [
        (JwsAlg::Hs256, JwsAlg::Hs256),
        (JwsAlg::Hs512, JwsAlg::Hs512),
        (JwsAlg::Es256, JwsAlg::Es256),
        (JwsAlg::Es384, JwsAlg::Es384),
        (JwsAlg::Es512, JwsAlg::Es512),
        (JwsAlg::Es256K, JwsAlg::Es256K),
        (JwsAlg::Ed25519, JwsAlg::Ed25519),
        (JwsAlg::EdDsa, JwsAlg::Ed25519),
    ] {
        let (key, token) = signed(alg, spec);
        let mut buffer = vec![0; token.len()];
        let (ok, count) = allocations(|| compact::verify_in(&key, &token, &mut buffer).is_ok());
        assert_eq!((ok, count), (true, 0), "{alg}, in a buffer");
        let (verified, count) = allocations(|| Unverified::parse(&token).unwrap().verify(&key));
        assert_eq!((verified.unwrap().payload(), count), (&b"payload"[..], 1), "{alg}");
    }
}

/// A detached payload in pieces: nothing at all, however long it is.
///
/// Covers G5.
#[test]
fn pieces_of_a_payload_do_not_reach_the_heap() {
    for alg in [JwsAlg::Hs256, JwsAlg::Es256, JwsAlg::Es512] {
        let jwk = Jwk::generate(alg, &mut jose_jwk::SysRng).unwrap();
        let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
        let key = VerifyingKey::from_jwk(&jwk, alg.into()).unwrap();
        let (signing, verifying) = (signer.hashing().unwrap(), key.hashing().unwrap());
        let (mut text, mut room) = ([0; 512], [0; 512]);
        let (ok, count) = allocations(|| {
            let mut signer = detached::Signer::new_in(&signing, &Default::default(), &mut text)?;
            (0..1000).for_each(|_| signer.update(&[7; 1000]));
            let token = signer.finish()?;
            let mut verifier = detached::Unverified::parse(token)?.verifier_in(&verifying, &mut room)?;
            (0..500).for_each(|_| verifier.update(&[7; 2000]));
            verifier.finish().map(|verified| verified.alg())
        });
        assert_eq!((ok, count), (Ok(alg), 0), "{alg}");
    }
}

/// The families whose arithmetic or signatures need the heap: at most twice, in a buffer or not.
///
/// Covers G5.
#[test]
fn the_other_families_allocate_at_most_twice() {
    for (alg, spec) in [
        (JwsAlg::Ed448, JwsAlg::Ed448),
        (JwsAlg::EdDsa, JwsAlg::Ed448),
        (JwsAlg::MlDsa44, JwsAlg::MlDsa44),
        (JwsAlg::MlDsa65, JwsAlg::MlDsa65),
        (JwsAlg::MlDsa87, JwsAlg::MlDsa87),
    ] {
        let (key, token) = signed(alg, spec);
        let mut buffer = vec![0; token.len()];
        let (ok, count) = allocations(|| compact::verify_in(&key, &token, &mut buffer).is_ok());
        assert!(ok && count <= 2, "{alg}, in a buffer: {count}");
    }
}

/// What RSA asks for by itself, to read a signature and to verify it; and how often a JWS asks beyond that.
///
/// Covers G5.
#[test]
fn rsa_allocates_at_most_twice_beside_its_arithmetic() {
    let jwk = Jwk::generate(JwsAlg::Rs256, &mut jose_jwk::SysRng).unwrap();
    let public = PublicKey::try_from(&jwk).unwrap();
    macro_rules! bare {
        ($scheme:ident, $digest:ty, $input:expr, $octets:expr) => {{
            let key = $scheme::VerifyingKey::<$digest>::new(public.clone());
            allocations(|| key.verify($input, &$scheme::Signature::try_from($octets).unwrap()).is_ok())
        }};
    }
    for alg in [JwsAlg::Rs256, JwsAlg::Rs384, JwsAlg::Rs512, JwsAlg::Ps256, JwsAlg::Ps384, JwsAlg::Ps512] {
        let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
        let token = compact::sign(&signer, &Header::default(), b"payload").unwrap();
        let key = VerifyingKey::from_jwk(&jwk, alg.into()).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let (input, octets) = (input.as_bytes(), Base64UrlUnpadded::decode_vec(signature).unwrap());
        let (ok, bare) = match alg {
            JwsAlg::Rs256 => bare!(pkcs1v15, Sha256, input, octets.as_slice()),
            JwsAlg::Rs384 => bare!(pkcs1v15, Sha384, input, octets.as_slice()),
            JwsAlg::Rs512 => bare!(pkcs1v15, Sha512, input, octets.as_slice()),
            JwsAlg::Ps256 => bare!(pss, Sha256, input, octets.as_slice()),
            JwsAlg::Ps384 => bare!(pss, Sha384, input, octets.as_slice()),
            _ => bare!(pss, Sha512, input, octets.as_slice()),
        };
        assert!(ok && bare > 0, "{alg}");
        let mut buffer = vec![0; token.len()];
        let (ok, count) = allocations(|| compact::verify_in(&key, &token, &mut buffer).is_ok());
        assert!(ok && count <= bare + 1, "{alg}, in a buffer: {count}, of which {bare}");
        let (ok, count) = allocations(|| compact::verify(&key, &token).is_ok());
        assert!(ok && count <= bare + 2, "{alg}: {count}, of which {bare}");
    }
}

/// The JSON serializations: one for what is decoded and one for the list of signatures, however many there are.
///
/// Covers G5.
#[test]
fn json_allocates_twice() {
    let algs = [JwsAlg::Es256, JwsAlg::Ed25519, JwsAlg::Es512];
    let jwks = algs.map(|alg| Jwk::generate(alg, &mut jose_jwk::SysRng).unwrap().with_kid(alg.as_str()));
    let signers = [0, 1, 2].map(|index| SigningKey::from_jwk(&jwks[index], algs[index]).unwrap());
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_iter(jwks), AlgSet::of(&algs)).unwrap();
    let note = Headers { unprotected: Some(r#"{"note":"some text beside"}"#), ..Headers::default() };
    let payload = [7; 1000];
    let one = Builder::new(&payload).sign(&signers[0], &Header::default()).unwrap();
    let two = one.clone().sign(&signers[1], &Header::default()).unwrap();
    let three = two.clone().sign(&signers[2], &Header::default()).unwrap();
    let noted = two.clone().sign_headers(&signers[2], &note).unwrap();
    for (text, signatures) in [
        (one.flattened().unwrap(), 1),
        (one.general().unwrap(), 1),
        (two.general().unwrap(), 2),
        (three.general().unwrap(), 3),
        (noted.general().unwrap(), 3),
    ] {
        let (verified, count) = allocations(|| json::verify(&keys, &text, Require::All));
        let verified = verified.unwrap();
        assert_eq!(verified.signatures().len(), signatures);
        assert!(count <= 2, "{count}: {text}");
        let (owned, count) = allocations(|| verified.into_payload());
        assert_eq!((owned, count), (payload.to_vec(), 0));
    }
    // A payload that is kept apart is encoded, to be signed as it is there.
    let text = three.clone().detached().general().unwrap();
    let (verified, count) = allocations(|| json::verify_detached(&keys, &text, Require::All, &payload));
    assert_eq!((verified.unwrap().len(), count), (3, 3));
    // And a compact one that is read by the same call.
    let token = compact::sign(&signers[0], &Header::default(), &payload).unwrap();
    let (verified, count) = allocations(|| json::verify_any_form(&keys, &token, Require::All));
    assert_eq!((verified.unwrap().payload(), count), (&payload[..], 2));
}

/// A payload in pieces under several signatures: as often with many pieces as with none.
///
/// Covers G5.
#[test]
fn pieces_under_several_signatures_are_not_kept() {
    let algs = [JwsAlg::Es256, JwsAlg::Hs256, JwsAlg::Es384];
    for algs in [&algs[..1], &algs[..2], &algs[1..]] {
        let jwk = |alg: &JwsAlg| Jwk::generate(*alg, &mut jose_jwk::SysRng).unwrap();
        let signing: Vec<_> = algs.iter().map(|alg| SigningKey::from_jwk(&jwk(alg), *alg).unwrap()).collect();
        let hashing: Vec<_> = signing.iter().map(|key| key.hashing().unwrap()).collect();
        let counts = [0, 1000].map(|pieces| {
            let (ok, count) = allocations(|| {
                let signers = json::Signers::new().add(&hashing[0], &Header::default()).unwrap();
                let text = if let Some(second) = hashing.get(1) {
                    let mut signer = signers.add(second, &Header::default()).unwrap().start();
                    (0..pieces).for_each(|_| signer.update(&[7; 1000]));
                    signer.finish().unwrap().general()
                } else {
                    let mut signer = signers.start();
                    (0..pieces).for_each(|_| signer.update(&[7; 1000]));
                    signer.finish().unwrap().general()
                };
                text.is_ok()
            });
            assert!(ok);
            count
        });
        assert_eq!(counts[0], counts[1], "{algs:?}");
    }
}
