//! Threads that share keys, sets, verifiers, the replay guard and the counter of AES-GCM.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg, JweEnc};
use jose_jwk::{Curve, Jwk, JwkSet, JwsAlg, KeySpec, SysRng};
use jose_jws::{SigningKey, VerifyingKey, VerifyingKeys, compact};
use jose_jwt::{Claims, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate};

use crate::help::Draw;

const THREADS: usize = 8;

/// What each of 8 threads that start together returns.
fn together<T: Send>(f: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        let start = |thread| {
            let (barrier, f) = (&barrier, &f);
            scope.spawn(move || {
                barrier.wait();
                f(thread)
            })
        };
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_verifier_and_a_set_decide_in_threads_as_in_one() {
    let mut set = JwkSet::new();
    let mut signers = Vec::new();
    for (index, curve) in [Curve::P256, Curve::Ed25519, Curve::P384, Curve::Secp256k1].into_iter().enumerate()
    {
        let key = Jwk::generate(curve, &mut SysRng).unwrap().with_kid(format!("key-{index}"));
        signers.push(SigningKey::try_from(&key).unwrap());
        set.push(key.to_public().unwrap().into());
    }
    let now = NumericDate::from_seconds(1_000_000);
    let keys =
        VerifyingKeys::from_jwks(&set, [JwsAlg::Es256, JwsAlg::Ed25519, JwsAlg::Es384, JwsAlg::Es256K])
            .unwrap();
    let verifier = JwtVerifier::new(keys).issuer("issuer").audience("api");
    let mut draw = Draw(7);
    let tokens: Vec<String> = (0..100)
        .map(|index| {
            let issuer = ["issuer", "other"][usize::from(index % 5 == 0)];
            let claims = Claims::new().issuer(issuer).audience("api").jwt_id(format!("{index}"));
            let claims = claims.expires_at(NumericDate::from_seconds(if index % 7 == 0 {
                999_999
            } else {
                1_000_001
            }));
            let token = jose_jwt::sign(&signers[index % signers.len()], &claims).unwrap();
            if index % 3 == 0 {
                let mut bytes = token.into_bytes();
                let place = draw.below(bytes.len());
                bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
                return String::from_utf8(bytes).unwrap();
            }
            token
        })
        .collect();
    let decide = |token: &String| match verifier.at(now).verify::<NoClaims>(token) {
        Ok(verified) => verified.claims().jti().unwrap().to_owned(),
        Err(error) => error.code().to_owned(),
    };
    let expected: Vec<String> = tokens.iter().map(decide).collect();
    let different: BTreeSet<_> = expected.iter().collect();
    assert!(different.len() > 40, "{different:?}");
    for decided in together(|thread| {
        // Each thread in an order of its own.
        let mut decided: Vec<_> = (0..tokens.len()).map(|at| (at + 13 * thread) % tokens.len()).collect();
        decided
            .iter_mut()
            .for_each(|at| *at = if decide(&tokens[*at]) == expected[*at] { 0 } else { *at + 1 });
        decided
    }) {
        assert_eq!(decided, vec![0; tokens.len()]);
    }
}

#[test]
fn a_signer_and_a_decrypter_answer_in_threads() {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let signer = SigningKey::from_jwk(&jwk, JwsAlg::Es256).unwrap();
    let (encrypts, decrypts) = (
        EncryptionKey::from_jwk(&jwk, JweAlg::EcdhEsA128Kw).unwrap(),
        DecryptionKey::from_jwk(&jwk, JweAlg::EcdhEsA128Kw).unwrap(),
    );
    let expected = compact::sign(&signer, b"payload", &jose_jws::Header::new()).unwrap();
    together(|thread| {
        for turn in 0..20 {
            // ECDSA is deterministic here: each thread writes the same token.
            assert_eq!(compact::sign(&signer, b"payload", &jose_jws::Header::new()).unwrap(), expected);
            let plaintext = format!("{thread} {turn}");
            let token =
                jose_jwe::encrypt(&encrypts, JweEnc::A256Gcm, plaintext.as_bytes(), &mut SysRng).unwrap();
            let decrypted = jose_jwe::decrypt(&decrypts, &token, &mut SysRng).unwrap();
            assert_eq!(decrypted.plaintext(), plaintext.as_bytes());
        }
    });
}

/// A verifier, and the codes of the answers that each thread gets for each of these tokens, with a guard of this capacity.
fn used_once(capacity: usize, ids: usize) -> Vec<Vec<&'static str>> {
    let jwk = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap().with_alg(JwsAlg::Hs256).unwrap();
    let signer = SigningKey::try_from(&jwk).unwrap();
    let token = |index: usize| {
        let claims = Claims::new().jwt_id(index.to_string()).expires_at(NumericDate::from_seconds(2000));
        jose_jwt::sign(&signer, &claims).unwrap()
    };
    let tokens: Vec<_> = (0..ids).map(token).collect();
    let verifier = JwtVerifier::new(VerifyingKey::try_from(&jwk).unwrap()).any_issuer().any_audience();
    let guard = MemoryReplayGuard::new(capacity);
    together(|_| {
        let verification = || verifier.at(NumericDate::from_seconds(1000)).once(&guard);
        let answer = |token: &String| match verification().verify::<NoClaims>(token) {
            Ok(_) => "used",
            Err(error) => error.code(),
        };
        tokens.iter().map(answer).collect()
    })
}

/// Covers F7.
#[test]
fn a_token_is_used_once_by_one_thread() {
    let answers = used_once(10_000, 500);
    for token in 0..500 {
        let of: Vec<_> = answers.iter().map(|thread| thread[token]).collect();
        assert_eq!(of.iter().filter(|answer| **answer == "used").count(), 1, "{of:?}");
        assert_eq!(of.iter().filter(|answer| **answer == "replayed").count(), THREADS - 1, "{of:?}");
    }
}

/// Covers F7.
#[test]
fn a_full_guard_stays_full_for_all_threads() {
    let answers = used_once(100, 500);
    assert_eq!(answers.iter().flatten().filter(|answer| **answer == "used").count(), 100);
    assert!(answers.iter().flatten().any(|answer| *answer == "replay-store"));
}

/// Covers D5.
#[test]
fn the_invocations_of_a_key_end_for_all_threads_at_once() {
    let jwk = Jwk::generate(KeySpec::Oct { len: 16 }, &mut SysRng).unwrap();
    for alg in [JweAlg::Dir, JweAlg::A128GcmKw] {
        for left in [0, 1, 7, 50] {
            let key = EncryptionKey::from_jwk(&jwk, alg).unwrap().with_invocations(u32::MAX - left);
            let clones: Vec<_> = (0..THREADS).map(|_| key.clone()).collect();
            let encrypted = together(|thread| {
                let encrypt = |_: &u32| {
                    jose_jwe::encrypt(&clones[thread], JweEnc::A128Gcm, b"plaintext", &mut SysRng).is_ok()
                };
                (0..20).filter(encrypt).count()
            });
            assert_eq!(encrypted.iter().sum::<usize>(), left as usize, "{alg}");
            assert_eq!(key.invocations(), u32::MAX);
        }
    }
}

/// Every order in which threads can take the two steps of a count, reading and exchanging, ends at the limit and not beyond.
/// With a step that stores what it computed, as the control does, some order counts fewer than were used.
///
/// Covers D5.
#[test]
fn no_order_of_the_steps_of_a_count_passes_the_limit() {
    /// What a thread read, the uses it wants yet, and those it had.
    type Thread = (Option<u32>, u32, u32);

    fn orders(count: u32, limit: u32, threads: &mut [Thread], exchanges: bool, most: &mut u32) {
        *most = (*most).max(threads.iter().map(|(_, _, used)| used).sum());
        for index in 0..threads.len() {
            let (read, wanted, used) = threads[index];
            if wanted == 0 {
                continue;
            }
            let (mut next, before) = (count, threads[index]);
            threads[index] = match read {
                None => (Some(count), wanted, used),
                Some(read) if read == limit => (None, wanted - 1, used),
                // As a compare-and-exchange does: what was changed meanwhile is read again.
                Some(read) if exchanges && read != count => (Some(count), wanted, used),
                Some(read) => {
                    next = read + 1;
                    (None, wanted - 1, used + 1)
                }
            };
            orders(next, limit, threads, exchanges, most);
            threads[index] = before;
        }
    }

    for limit in 0..4 {
        let (mut most, mut control) = (0, 0);
        orders(0, limit, &mut [(None, 2, 0); 3], true, &mut most);
        orders(0, limit, &mut [(None, 2, 0); 3], false, &mut control);
        assert_eq!(most, limit);
        assert!(limit == 0 || control > limit, "{control}");
    }
}
