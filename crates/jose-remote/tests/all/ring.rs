//! The issuer's keys: each transition, what is refused, and verifiers with caches against an issuer under random clocks.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use http::header::{CACHE_CONTROL, HeaderMap};
use jose_remote::jwt::{
    Claims, Curve, Jwk, JwkSet, JwsAlg, JwtVerifier, NoClaims, NumericDate, Sign as _, SysRng, Token,
    VerifyingKeys,
};
use jose_remote::{Freshness, KeyCache, KeyRing, KeyState, Outcome, RingError};

use KeyState::{Active, Announced, Retiring};

const ES256: JwsAlg = JwsAlg::Es256;

fn at(seconds: u64) -> NumericDate {
    NumericDate::from_seconds(i64::try_from(seconds).unwrap())
}

fn key(kid: &str) -> Jwk {
    Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid(kid)
}

/// Caches of an hour, tokens of ten minutes, clocks that differ by a minute.
fn ring() -> KeyRing {
    KeyRing::new().max_lifetime(Duration::from_secs(600)).skew(Duration::from_secs(60))
}

fn states(ring: &mut KeyRing, second: u64) -> Vec<(&str, KeyState)> {
    ring.keys(at(second)).collect()
}

#[test]
fn a_key_is_announced_signs_retires_and_goes() {
    let mut ring = ring();
    ring.announce(key("a"), at(0)).unwrap();
    assert_eq!(states(&mut ring, 0), [("a", Active)]);
    ring.announce(key("b"), at(1000)).unwrap();
    assert_eq!(states(&mut ring, 1000), [("a", Active), ("b", Announced)]);
    // An hour and a minute after it was announced, not a second before.
    assert_eq!(ring.signing_key(ES256, at(4659), at(5259)).unwrap().kid(), Some("a"));
    ring.advance(at(4660));
    assert_eq!(states(&mut ring, 4660), [("a", Retiring), ("b", Active)]);
    assert_eq!(ring.signing_key(ES256, at(4660), at(4661)).unwrap().kid(), Some("b"));
    // A minute after the last token of the first has expired.
    assert_eq!(states(&mut ring, 5318), [("a", Retiring), ("b", Active)]);
    let (set, etag) = (ring.jwks(at(5318)), ring.etag(at(5318)));
    assert_eq!(set.len(), 2);
    assert_eq!(states(&mut ring, 5319), [("b", Active)]);
    assert_eq!(ring.jwks(at(5319)).len(), 1);
    assert_ne!(ring.etag(at(5319)), etag);
    assert_eq!(ring.cache_control(), "public, max-age=3600");
    assert!(!set.iter().any(|key| key.expose_private_json().contains("\"d\"")));
}

#[test]
fn a_revoked_key_is_never_published_again() {
    let mut ring = ring();
    for (kid, second) in [("a", 0), ("b", 10), ("c", 20)] {
        ring.announce(key(kid), at(second)).unwrap();
    }
    ring.revoke("a", at(30)).unwrap();
    assert_eq!(states(&mut ring, 30), [("b", Active), ("c", Announced)]);
    assert_eq!(ring.announce(key("a"), at(40)), Err(RingError::KidTaken));
    assert_eq!(ring.announce(key("b"), at(40)), Err(RingError::KidTaken));
    assert_eq!(ring.revoke("a", at(40)), Err(RingError::KidUnknown));
    let mut ring = KeyRing::from_json(ring.expose_private_json().unwrap().as_str()).unwrap();
    assert_eq!(ring.announce(key("a"), at(50)), Err(RingError::KidTaken));
    for kid in ["b", "c"] {
        ring.revoke(kid, at(60)).unwrap();
    }
    let none = Err(RingError::NoActiveKey { alg: ES256 });
    assert_eq!(ring.signing_key(ES256, at(60), at(61)).map(drop), none);
    // The next one signs at once.
    ring.announce(key("e"), at(70)).unwrap();
    assert_eq!(states(&mut ring, 70), [("e", Active)]);
}

#[test]
fn a_token_may_not_outlive_its_key() {
    let mut ring = ring();
    ring.announce(key("a"), at(0)).unwrap();
    let too_long = Err(RingError::Lifetime { max: Duration::from_secs(600) });
    for (exp, outcome) in [(700, Ok(())), (701, too_long.clone()), (100, too_long.clone()), (99, too_long)] {
        assert_eq!(ring.signing_key(ES256, at(100), at(exp)).map(drop), outcome, "{exp}");
    }
    assert_eq!(
        ring.signing_key(JwsAlg::Es384, at(0), at(1)).map(drop),
        Err(RingError::NoActiveKey { alg: JwsAlg::Es384 })
    );
    // A key that does not sign, or does not say how.
    let public = Jwk::from(key("p").to_public().unwrap());
    assert!(matches!(ring.announce(public, at(0)), Err(RingError::Key(_))));
    // Keys of different algorithms sign side by side; without a name, one has its thumbprint.
    let kid = ring.announce(Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap(), at(0)).unwrap();
    assert_eq!(kid.len(), 43);
    assert_eq!(states(&mut ring, 0), [("a", Active), (kid.as_str(), Announced)]);
    // Verifiers have no key of that algorithm yet; the issuer may say that this is no matter.
    ring.activate_now(&kid, at(0)).unwrap();
    assert_eq!(states(&mut ring, 0), [("a", Active), (kid.as_str(), Active)]);
    assert_eq!(ring.activate_now(&kid, at(0)), Err(RingError::KidUnknown));
    // A secret cannot be published.
    let secret = Jwk::from_octets([7; 32]).unwrap().with_alg(JwsAlg::Hs256).unwrap();
    assert_eq!(ring.announce(secret, at(0)), Err(RingError::Symmetric));
}

#[test]
fn a_state_is_read_strictly() {
    let mut ring = ring();
    ring.announce(key("a\"ä"), at(0)).unwrap();
    ring.announce(key("b"), at(10)).unwrap();
    ring.signing_key(ES256, at(20), at(620)).unwrap();
    ring.announce(key("c"), at(20)).unwrap();
    ring.revoke("c", at(30)).unwrap();
    let text = ring.expose_private_json().unwrap();
    let mut again = KeyRing::from_json(text.as_str()).unwrap();
    assert_eq!(again.expose_private_json().unwrap(), text);
    assert_eq!(states(&mut again, 30), [("a\"ä", Active), ("b", Announced)]);
    assert!(!format!("{ring:?}").contains("\"d\""));
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"version\":1,", ""),
        ("\"version\":1", "\"version\":1,\"version\":1"),
        ("\"skew\":60", "\"skew\":-60"),
        ("\"skew\":60", "\"skew\":\"60\""),
        ("\"state\":\"announced\"", "\"state\":\"new\""),
        ("\"state\":\"announced\"", "\"state\":\"active\""),
        ("\"b\":{", "\"x\":{"),
        ("\"revoked\":[\"c\"]", "\"revoked\":[1]"),
        ("\"revoked\":[\"c\"]", "\"revoked\":[\"b\"]"),
        ("\"revoked\":[\"c\"],", ""),
        ("\"keys\":{", "\"keys\":[{"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(KeyRing::from_json(text.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
    assert!(KeyRing::from_json("").is_err() && KeyRing::from_json("{}").is_err());
}

#[test]
fn a_state_that_could_not_be_read_is_not_written() {
    let mut ring = ring();
    let text = key("a").expose_private_json().to_string();
    // As deep as a JWK may be, and two levels too deep for the state around it.
    let text = text.replacen('{', &format!("{{\"more\":{}{},", "[".repeat(15), "]".repeat(15)), 1);
    ring.announce(Jwk::from_json(&text).unwrap(), at(0)).unwrap();
    assert!(matches!(ring.expose_private_json(), Err(RingError::State(_) | RingError::Key(_))));
}

#[test]
fn a_fraction_of_a_second_is_not_lost() {
    let mut ring = ring();
    ring.announce(key("a"), at(0)).unwrap();
    ring.announce(key("b"), at(0)).unwrap();
    let exp = at(3659).saturating_add(Duration::from_millis(500));
    ring.signing_key(ES256, at(3659), exp).unwrap();
    let mut ring = KeyRing::from_json(ring.expose_private_json().unwrap().as_str()).unwrap();
    // A minute after the end, which is half a second after the full one.
    assert_eq!(states(&mut ring, 3719), [("a", Retiring), ("b", Active)]);
    assert_eq!(states(&mut ring, 3720), [("b", Active)]);
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A verifier that obeys `Cache-Control`: the set that it fetched last, and its cache.
struct Verifier {
    cache: KeyCache,
    kids: BTreeSet<String>,
    set: JwkSet,
}

#[test]
fn no_valid_token_is_refused_while_caches_obey() {
    for seed in 0..40 {
        let mut random = Random(seed);
        let (mut ring, mut now, mut names) = (ring(), 1000, 0);
        let mut announced: BTreeMap<String, u64> = BTreeMap::new();
        let mut revoked = BTreeSet::new();
        let mut after_revocation = false;
        ring.announce(key("0"), at(now)).unwrap();
        announced.insert("0".into(), 0);
        // Tokens as kid and expiry, and some of them whole.
        let mut tokens: Vec<(String, u64, Option<String>)> = Vec::new();
        let mut verifiers: Vec<Verifier> = (0..3)
            .map(|_| Verifier {
                cache: KeyCache::new().max_stale(Duration::ZERO),
                kids: BTreeSet::new(),
                set: JwkSet::new(),
            })
            .collect();
        for step in 0..300 {
            let span = if random.below(10) == 0 { 3000 } else { 200 };
            now += random.below(span);
            match random.below(20) {
                0 => {
                    names += 1;
                    let kid = names.to_string();
                    ring.announce(key(&kid), at(now)).unwrap();
                    announced.insert(kid, now);
                }
                1 => ring = KeyRing::from_json(ring.expose_private_json().unwrap().as_str()).unwrap(),
                2 if random.below(4) == 0 => {
                    let kid = ring.keys(at(now)).next().map(|(kid, _)| kid.to_owned());
                    if let Some(kid) = kid {
                        ring.revoke(&kid, at(now)).unwrap();
                        revoked.insert(kid);
                        after_revocation = true;
                    }
                }
                3..=12 => {
                    let exp = now + 1 + random.below(600);
                    if let Ok(signing) = ring.signing_key(ES256, at(now), at(exp)) {
                        let kid = signing.kid().unwrap().to_owned();
                        // It was published for as long as caches live, unless another was revoked.
                        assert!(
                            now >= announced[&kid] + 3600 || announced[&kid] == 0 || after_revocation,
                            "{seed}"
                        );
                        let claims = Claims::new().expires_at(at(exp));
                        let whole = (step % 20 == 0).then(|| Token::new(&claims).sign(signing).unwrap());
                        tokens.push((kid, exp, whole));
                    }
                }
                _ => {}
            }
            let active = ring.keys(at(now)).filter(|(_, state)| *state == Active).count();
            assert!(active <= 1, "{seed}");
            let published: BTreeSet<String> = ring.keys(at(now)).map(|(kid, _)| kid.to_owned()).collect();
            assert!(published.is_disjoint(&revoked), "{seed}");
            let headers = HeaderMap::from_iter([(CACHE_CONTROL, ring.cache_control().try_into().unwrap())]);
            for verifier in &mut verifiers {
                let clock = Duration::from_secs(now);
                if verifier.cache.begin(clock, false) {
                    verifier.kids.clone_from(&published);
                    verifier.set = ring.jwks(at(now));
                    verifier.cache.finish(clock, Outcome::Fetched(Freshness::from_headers(&headers)), 0);
                }
                assert!(verifier.cache.is_usable(clock), "{seed}");
                // A revocation is what caches cannot know of.
                if after_revocation {
                    continue;
                }
                for (kid, exp, whole) in tokens.iter().filter(|(_, exp, _)| now < *exp) {
                    assert!(verifier.kids.contains(kid), "seed {seed} at {now}: {kid} until {exp}");
                    if let Some(token) = whole {
                        let keys = VerifyingKeys::from_jwks(&verifier.set, ES256).unwrap();
                        let rules = JwtVerifier::new(keys).any_issuer().any_audience();
                        rules.at(at(now)).verify::<NoClaims>(token).unwrap();
                    }
                }
            }
            tokens.retain(|(_, exp, _)| now < *exp);
        }
    }
}
