//! F7: a JWT that is taken once.

use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::{Key, SigningKey};
use jose_jwt::{
    AsyncReplayGuard, Claims, Error, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate, Reason,
    ReplayError, ReplayGuard, Token, TokenId,
};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_700_000_000 + seconds)
}

fn key() -> Key<'static, Hs256, HmacKey<Hs256>> {
    Key::new(HmacKey::new(b"a secret of at least 32 octets, for all").unwrap())
}

fn token(claims: &Claims) -> String {
    Token::at(claims, NOW).sign(&SigningKey::new(key())).unwrap()
}

fn claims(id: &str) -> Claims {
    Claims::new().issuer("joe").jwt_id(id).expires_in(Duration::from_secs(60))
}

fn verifier() -> JwtVerifier<Key<'static, Hs256, HmacKey<Hs256>>> {
    JwtVerifier::new(key()).any_issuer().any_audience()
}

/// What a guard was told.
#[derive(Default)]
struct Spy(Mutex<Vec<(String, NumericDate)>>);

impl ReplayGuard for Spy {
    fn first_use(&self, seen: &TokenId<'_>) -> Result<(), ReplayError> {
        self.0.lock().unwrap().push((seen.id.to_owned(), seen.until));
        Ok(())
    }
}

impl AsyncReplayGuard for Spy {
    async fn first_use(&self, seen: &TokenId<'_>) -> Result<(), ReplayError> {
        ReplayGuard::first_use(self, seen)
    }
}

fn take(token: &str, now: NumericDate, guard: &impl ReplayGuard) -> Result<(), Error> {
    verifier().at(now).once(guard).verify::<NoClaims>(token).map(|_| ())
}

/// Covers F7.
#[test]
fn a_jwt_is_taken_once() {
    let guard = MemoryReplayGuard::new(10);
    let one = token(&claims("1"));
    assert_eq!(take(&one, NOW, &guard), Ok(()));
    assert_eq!(take(&one, NOW, &guard), Err(Error::Replayed));
    assert_eq!(take(&one, at(59), &guard), Err(Error::Replayed));
    assert_eq!(take(&token(&claims("2")), NOW, &guard), Ok(()));
    // The same `jti` of another issuer is another JWT.
    assert_eq!(
        take(&token(&Claims::new().issuer("moe").jwt_id("1").expires_at(at(60))), NOW, &guard),
        Ok(())
    );
}

/// Covers F7.
#[test]
fn the_store_is_bounded_and_forgets_only_what_has_expired() {
    let guard = MemoryReplayGuard::new(2);
    let lasting = |id: &str, seconds| token(&Claims::new().jwt_id(id).expires_at(at(seconds)));
    assert_eq!(take(&lasting("1", 10), NOW, &guard), Ok(()));
    assert_eq!(take(&lasting("2", 20), NOW, &guard), Ok(()));
    assert_eq!(take(&lasting("3", 30), NOW, &guard), Err(Error::ReplayStore));
    assert_eq!(take(&lasting("3", 30), at(10), &guard), Ok(()));
    assert_eq!(take(&lasting("2", 20), at(10), &guard), Err(Error::Replayed));
    assert_eq!(take(&lasting("4", 30), at(19), &guard), Err(Error::ReplayStore));
}

/// F10: a clock that goes back makes no JWT new, whether it is still remembered or was forgotten already.
///
/// Covers F10.
#[test]
fn a_clock_that_is_turned_back_takes_nothing_twice() {
    let guard = MemoryReplayGuard::new(10);
    let lasting = |id: &str, seconds| token(&Claims::new().jwt_id(id).expires_at(at(seconds)));
    let (short, long) = (lasting("short", 10), lasting("long", 100));
    assert_eq!(take(&short, NOW, &guard), Ok(()));
    assert_eq!(take(&long, NOW, &guard), Ok(()));
    // Back, before the time of their first use: both are remembered.
    for seconds in [-1, -1_000_000, -1_700_000_001] {
        assert_eq!(take(&short, at(seconds), &guard), Err(Error::Replayed), "{seconds}");
        assert_eq!(take(&long, at(seconds), &guard), Err(Error::Replayed), "{seconds}");
    }
    // What is used for the first time then is remembered until it expires, not until the clock is right again.
    let early = lasting("early", 50);
    assert_eq!(take(&early, at(-1000), &guard), Ok(()));
    assert_eq!(take(&early, at(49), &guard), Err(Error::Replayed));
    // By now the first has expired; the next call forgets it.
    assert_eq!(take(&lasting("next", 60), at(20), &guard), Ok(()));
    // Back again, to where it was valid: nobody can say any more that it is new, nor of any of that time.
    assert_eq!(take(&short, at(5), &guard), Err(Error::ReplayStore));
    assert_eq!(take(&lasting("other", 10), at(5), &guard), Err(Error::ReplayStore));
    // One that expires later cannot be among the forgotten.
    assert_eq!(take(&lasting("other", 11), at(5), &guard), Ok(()));
    assert_eq!(take(&long, at(99), &guard), Err(Error::Replayed));
}

/// Covers F7.
#[test]
fn the_guard_is_asked_last_and_once() {
    let spy = Spy::default();
    let mut forged = token(&claims("1"));
    forged.truncate(forged.len() - 4);
    assert!(take(&forged, NOW, &spy).is_err());
    assert!(take(&token(&claims("1")), at(60), &spy).is_err());
    assert!(spy.0.lock().unwrap().is_empty());
    assert_eq!(take(&token(&claims("1")), NOW, &spy), Ok(()));
    assert_eq!(*spy.0.lock().unwrap(), [("1".to_owned(), at(60))]);
}

/// Covers F7.
#[test]
fn the_lifetime_is_exp_and_the_leeway_or_the_age() {
    let until = |verifier: JwtVerifier<_>, claims: &Claims| {
        let spy = Spy::default();
        verifier.at(NOW).once(&spy).verify::<NoClaims>(&token(claims))?;
        let seen = spy.0.lock().unwrap();
        Ok::<_, Error>(seen[0].1)
    };
    let leeway = Duration::from_secs(30);
    assert_eq!(until(verifier().leeway(leeway).unwrap(), &claims("1")), Ok(at(90)));
    let age = verifier().expiry_optional().max_age(Duration::from_secs(20));
    let just_after = at(20).saturating_add(Duration::from_nanos(1));
    assert_eq!(until(age, &Claims::new().jwt_id("1")), Ok(just_after));
    let missing = |claim: &'static str| {
        Err(Error::Claim { claim: claim.into(), reason: Reason::Missing, expected: None })
    };
    assert_eq!(until(verifier().expiry_optional(), &Claims::new().jwt_id("1")), missing("exp"));
    assert_eq!(until(verifier(), &Claims::new().expires_at(at(60))), missing("jti"));
}

/// Covers F7.
#[test]
fn an_async_guard_is_asked_the_same() {
    let spy = Spy::default();
    let (verifier, token) = (verifier(), token(&claims("1")));
    let mut verified = pin!(verifier.at(NOW).verify_once_async::<NoClaims>(&token, &spy));
    let Poll::Ready(verified) = verified.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the guard answers at once");
    };
    assert_eq!(verified.unwrap().claims().jti(), Some("1"));
    assert_eq!(spy.0.lock().unwrap().len(), 1);
}
