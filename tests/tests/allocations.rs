//! How often a verification allocates.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_jwk::{Jwk, JwkSet, JwsAlg, SysRng};
use jose_jws::compact::{self, Unverified};
use jose_jws::json::{self, Builder, Headers, Require};
use jose_jws::{Header, SigningKey, VerifyingKey, VerifyingKeys, stream};
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

/// A prepared key and a message that it verifies.
fn signed(alg: JwsAlg, spec: JwsAlg) -> (VerifyingKey, String) {
    let jwk = Jwk::generate(spec, &mut SysRng).unwrap();
    let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
    let token = compact::sign(&signer, b"payload", &Header::new()).unwrap();
    (VerifyingKey::from_jwk(&jwk, alg).unwrap(), token)
}

/// The memory is what the documentation of `VerifyingKey::precomputed` says, once for all names of an algorithm, and none
/// where nothing is computed.
///
/// Covers W17.
#[test]
fn a_precomputed_key_takes_what_its_documentation_says() {
    // In a debug build, k256 notes more of each coordinate.
    let secp256k1 = if cfg!(debug_assertions) { 240 } else { 203 };
    for (algs, spec, kib) in [
        (&[JwsAlg::Es256][..], JwsAlg::Es256, 297),
        (&[JwsAlg::Es384], JwsAlg::Es384, 357),
        (&[JwsAlg::Es512], JwsAlg::Es512, 413),
        (&[JwsAlg::Es256K], JwsAlg::Es256K, secp256k1),
        (&[JwsAlg::Ed25519, JwsAlg::EdDsa], JwsAlg::Ed25519, 215),
        (&[JwsAlg::Rs256], JwsAlg::Rs256, 1),
        (&[JwsAlg::Ps512], JwsAlg::Ps512, 1),
        (&[JwsAlg::Hs256], JwsAlg::Hs256, 0),
    ] {
        let key = VerifyingKey::from_jwk(Jwk::generate(spec, &mut SysRng).unwrap(), algs).unwrap();
        // The first one makes the table of the generator, too.
        let first = key.clone().precomputed();
        let mut other = None;
        let info = allocation_counter::measure(|| other = Some(key.clone().precomputed()));
        assert_eq!(info.bytes_current / 1024, kib, "{spec}");
        drop((first, other));
    }
}

/// RFC 7515 A.1: no allocation in the caller's buffer, one without it.
///
/// Covers G5.
#[test]
fn rfc7515_a1_verifies_without_the_heap() {
    let (jwk, token) = case("rfc7515.json", "A.1");
    let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap();
    let mut buffer = vec![0; token.len()];
    let (payload, count) = allocations(|| {
        compact::verify_into(&key, &token, &mut buffer).map(|verified| verified.payload().len())
    });
    assert_eq!((payload, count), (Ok(70), 0));
    let (payload, count) =
        allocations(|| compact::verify(&key, &token).map(|verified| verified.payload().len()));
    assert_eq!((payload, count), (Ok(70), 1));
}

/// Every family without arithmetic on the heap: no allocation in the caller's buffer, one for the owned result.
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
        for key in [key.clone(), key.clone().precomputed()] {
            let (ok, count) = allocations(|| compact::verify_into(&key, &token, &mut buffer).is_ok());
            assert_eq!((ok, count), (true, 0), "{alg}, in a buffer");
        }
        let (verified, count) = allocations(|| Unverified::parse(&token).unwrap().verify(&key));
        assert_eq!((verified.unwrap().payload(), count), (&b"payload"[..], 1), "{alg}");
    }
}

/// A detached payload in pieces: no allocation, however long it is.
///
/// Covers G5.
#[test]
fn pieces_of_a_payload_do_not_reach_the_heap() {
    for alg in [JwsAlg::Hs256, JwsAlg::Es256, JwsAlg::Es512] {
        let jwk = Jwk::generate(alg, &mut SysRng).unwrap();
        let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
        let key = VerifyingKey::from_jwk(&jwk, alg).unwrap();
        let (mut text, mut room) = ([0; 512], [0; 512]);
        let (ok, count) = allocations(|| {
            let mut signer = stream::Signer::new_into(&signer, &Header::new(), &mut text)?;
            (0..1000).for_each(|_| signer.update(&[7; 1000]));
            let jws = Unverified::parse(signer.finish()?)?;
            let mut verifier = stream::Verifier::new_into(&key, &jws, &mut room)?;
            (0..500).for_each(|_| verifier.update(&[7; 2000]));
            verifier.finish().map(|verified| verified.alg())
        });
        assert_eq!((ok, count), (Ok(alg), 0), "{alg}");
    }
}

/// The families whose arithmetic or signatures need the heap: at most two allocations in the caller's buffer.
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
        let (ok, count) = allocations(|| compact::verify_into(&key, &token, &mut buffer).is_ok());
        assert!(ok && count <= 2, "{alg}, in a buffer: {count}");
    }
}

/// RSA: at most one allocation more than the arithmetic alone in the caller's buffer, two for the owned result.
///
/// Covers G5.
#[test]
fn rsa_allocates_at_most_twice_beside_its_arithmetic() {
    let jwk = Jwk::generate(JwsAlg::Rs256, &mut SysRng).unwrap();
    let public = PublicKey::try_from(&jwk).unwrap();
    macro_rules! bare {
        ($scheme:ident, $digest:ty, $input:expr, $octets:expr) => {{
            let key = $scheme::VerifyingKey::<$digest>::new(public.clone());
            allocations(|| key.verify($input, &$scheme::Signature::try_from($octets).unwrap()).is_ok())
        }};
    }
    for alg in [JwsAlg::Rs256, JwsAlg::Rs384, JwsAlg::Rs512, JwsAlg::Ps256, JwsAlg::Ps384, JwsAlg::Ps512] {
        let signer = SigningKey::from_jwk(&jwk, alg).unwrap();
        let token = compact::sign(&signer, b"payload", &Header::new()).unwrap();
        let key = VerifyingKey::from_jwk(&jwk, alg).unwrap();
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
        let (ok, count) = allocations(|| compact::verify_into(&key, &token, &mut buffer).is_ok());
        assert!(ok && count <= bare + 1, "{alg}, in a buffer: {count}, of which {bare}");
        let (ok, count) = allocations(|| compact::verify(&key, &token).is_ok());
        assert!(ok && count <= bare + 2, "{alg}: {count}, of which {bare}");
    }
}

/// The JSON serializations: one allocation for the decoded text and one for the list of signatures, however many.
///
/// Covers G5.
#[test]
fn json_allocates_twice() {
    let algs = [JwsAlg::Es256, JwsAlg::Ed25519, JwsAlg::Es512];
    let jwks = algs.map(|alg| Jwk::generate(alg, &mut SysRng).unwrap().with_kid(alg.as_str()));
    let signers = [0, 1, 2].map(|index| SigningKey::from_jwk(&jwks[index], algs[index]).unwrap());
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_iter(jwks), algs).unwrap();
    let note = Headers { unprotected: Some(r#"{"note":"some text beside"}"#), ..Headers::default() };
    let payload = [7; 1000];
    let mut builder = Builder::new(&payload);
    let mut add =
        |signer: usize, headers: Headers<'_>| builder.sign(&signers[signer], headers).cloned().unwrap();
    let [one, two, three] = [0, 1, 2].map(|signer| add(signer, Headers::default()));
    let noted = two.clone().sign(&signers[2], note).cloned().unwrap();
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
    // A detached payload is encoded to be verified: one more.
    let text = three.clone().detached().general().unwrap();
    let (verified, count) = allocations(|| json::verify_detached(&keys, &text, Require::All, &payload));
    assert_eq!((verified.unwrap().len(), count), (3, 3));
    // A compact serialization, read by the call that takes any.
    let token = compact::sign(&signers[0], &payload, &Header::new()).unwrap();
    let (verified, count) = allocations(|| json::verify_any(&keys, &token, Require::All));
    assert_eq!((verified.unwrap().payload(), count), (&payload[..], 2));
}
