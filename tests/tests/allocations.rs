//! What a verification asks of the heap.

use std::fs;

use jose_jwk::{AlgSet, Jwk, JwsAlg};
use jose_jws::compact::Unverified;
use jose_jws::{SigningKey, VerifyingKey, compact, detached};
use serde_json::Value;

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
#[test]
fn g5_rfc7515_a1_verifies_without_the_heap() {
    let (jwk, token) = case("rfc7515.json", "A.1");
    let key = VerifyingKey::from_jwk(&jwk, AlgSet::of(&[JwsAlg::Hs256])).unwrap();
    let mut buffer = vec![0; token.len()];
    let (payload, count) = allocations(|| {
        compact::verify_in(&key, &token, &mut buffer).map(|verified| verified.payload().len())
    });
    assert_eq!((payload, count), (Ok(70), 0));
}

/// The same for each family but RSA, whose arithmetic needs some; and one allocation, for the result, without a buffer of the caller's.
#[test]
fn g5_a_prepared_key_allocates_for_the_result_alone() {
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
#[test]
fn g5_pieces_of_a_payload_do_not_reach_the_heap() {
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
#[test]
fn g5_the_other_families_allocate_at_most_twice() {
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
