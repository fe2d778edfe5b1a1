//! The cache by itself: each transition at a simulated time, and random events against what must always hold.

use core::time::Duration;

use jose_remote::{Freshness, KeyCache, Outcome};

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn life(seconds: u64) -> Freshness {
    Freshness { life: Some(at(seconds)), etag: None }
}

/// A cache with a set that was fetched at 0.
fn with_set(cache: KeyCache, freshness: Freshness) -> KeyCache {
    let mut cache = cache;
    assert!(cache.begin(at(0), false));
    cache.finish(at(0), Outcome::Fetched(freshness), 0);
    cache
}

/// The first second at which a fetch is due.
fn due(cache: &KeyCache) -> u64 {
    (0..200_000).find(|second| cache.is_due(at(*second), false)).unwrap()
}

#[test]
fn a_life_is_within_its_bounds() {
    for (freshness, ahead) in [
        (life(3600), 2880),
        (life(1), 240),
        (life(0), 240),
        (life(u64::from(u32::MAX)), 69_120),
        (Freshness::default(), 480),
    ] {
        let cache = with_set(KeyCache::new(), freshness.clone());
        assert_eq!(due(&cache), ahead, "{freshness:?}");
        assert_eq!(cache.next(at(0)), at(ahead), "{freshness:?}");
        // A fifth of the life and an hour later, there is no set.
        let end = ahead / 4 * 5 + 3600;
        assert!(cache.is_usable(at(end - 1)) && !cache.is_usable(at(end)), "{freshness:?}");
    }
    let cache = KeyCache::new().min_life(at(10)).max_life(at(100)).default_life(at(50)).max_stale(at(0));
    for (freshness, seconds) in [(life(1), 10), (life(1000), 100), (Freshness::default(), 50)] {
        let cache = with_set(cache.clone(), freshness);
        assert!(cache.is_usable(at(seconds - 1)) && !cache.is_usable(at(seconds)));
    }
    // The greatest life counts, also under the least one.
    let cache = with_set(KeyCache::new().max_life(at(60)).max_stale(at(0)), life(3600));
    assert!(cache.is_usable(at(59)) && !cache.is_usable(at(60)));
}

#[test]
fn pauses_grow_after_failures() {
    let failed = || Outcome::Failed { retry_after: None };
    let mut cache = KeyCache::new();
    let mut now = 0;
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        assert!(cache.begin(at(now), false), "{now}");
        cache.finish(at(now), failed(), 0);
        assert!(!cache.is_due(at(now + pause - 1), true) || pause == 1, "{now}");
        assert_eq!(cache.next(at(now)), at(pause));
        now += pause;
    }
    // With a set at hand: 30 seconds, a minute, and at most five.
    let mut cache = with_set(KeyCache::new(), life(3600));
    let mut now = due(&cache);
    for pause in [30, 60, 120, 240, 300, 300] {
        assert!(cache.begin(at(now), false), "{now}");
        cache.finish(at(now), failed(), 0);
        assert!(!cache.is_due(at(now + pause - 1), true), "{now}");
        now += pause;
    }
    // One success, and they start again.
    assert!(cache.begin(at(now), false));
    cache.finish(at(now), Outcome::NotModified(life(300)), 0);
    now += 240;
    assert!(cache.begin(at(now), false));
    cache.finish(at(now), failed(), u16::MAX);
    // With the whole jitter: a quarter more.
    assert!(!cache.is_due(at(now + 37), false) && cache.is_due(at(now + 38), false));
}

#[test]
fn the_server_says_when_to_come_again() {
    for (asked, pause) in [(0, 30), (100, 100), (100_000, 300)] {
        let mut cache = with_set(KeyCache::new(), life(300));
        assert!(cache.begin(at(240), false));
        cache.finish(at(240), Outcome::Failed { retry_after: Some(at(asked)) }, 0);
        assert!(!cache.is_due(at(239 + pause), true) && cache.is_due(at(240 + pause), true), "{asked}");
    }
}

#[test]
fn a_fetch_that_is_given_up_leaves_no_trace_but_a_second() {
    let mut cache = with_set(KeyCache::new(), life(300));
    assert!(cache.begin(at(100), true) && cache.is_fetching(at(100)));
    cache.finish(at(101), Outcome::Abandoned, 0);
    assert!(!cache.is_fetching(at(101)) && cache.begin(at(101), true));
    // One that never ends is given up after the cooldown.
    assert!(!cache.begin(at(130), true) && cache.begin(at(131), true));
    // Its late report ends the turn of the next; one without a turn changes nothing.
    cache.finish(at(132), Outcome::Failed { retry_after: None }, 0);
    let before = format!("{cache:?}");
    cache.finish(at(133), Outcome::Fetched(life(9000)), 0);
    assert_eq!(format!("{cache:?}"), before);
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What the model remembers, with none of the cache's own state.
#[derive(Default)]
struct Seen {
    /// When the last fetch began that was not given up.
    began: Option<u64>,
    /// When the set was good last, and how long its life is.
    good: Option<(u64, u64)>,
    fetches: usize,
}

#[test]
fn random_events_against_the_invariants() {
    const COOLDOWN: u64 = 30;
    const STALE: u64 = 3600;
    for seed in 0..300 {
        let mut random = Random(seed);
        let (mut cache, mut seen, mut now) = (KeyCache::new(), Seen::default(), 0);
        let mut flight: Option<u64> = None;
        for _ in 0..400 {
            now += match random.below(10) {
                0..=5 => random.below(5),
                6..=8 => random.below(100),
                _ => random.below(5000),
            };
            let unknown_kid = random.below(2) == 0;
            if flight.is_some_and(|began| now >= began + COOLDOWN) {
                flight = None;
            }
            if cache.begin(at(now), unknown_kid) {
                // One fetch at a time, and with a set at most one in a cooldown.
                assert_eq!(flight, None, "seed {seed} at {now}");
                if let (Some(began), Some(_)) = (seen.began, seen.good) {
                    assert!(now >= began + COOLDOWN, "seed {seed} at {now}");
                }
                flight = Some(now);
                seen.fetches += 1;
            } else if let Some(began) = flight.filter(|_| random.below(2) == 0) {
                let seconds = random.below(100_000);
                let outcome = match random.below(4) {
                    0 => Outcome::Fetched(life(seconds)),
                    1 if seen.good.is_some() => Outcome::NotModified(life(seconds)),
                    2 => Outcome::Abandoned,
                    _ => Outcome::Failed { retry_after: Some(at(random.below(1000))) },
                };
                match &outcome {
                    Outcome::Fetched(_) | Outcome::NotModified(_) => {
                        seen.good = Some((now, seconds.clamp(300, 86_400)));
                        seen.began = Some(began);
                    }
                    Outcome::Failed { .. } => seen.began = Some(began),
                    Outcome::Abandoned => {}
                }
                cache.finish(at(now), outcome, u16::try_from(random.below(65_536)).unwrap());
                flight = None;
            }
            // A set is used exactly within its bound, whatever failed meanwhile.
            let usable = seen.good.is_some_and(|(then, life)| now < then + life + STALE);
            assert_eq!(cache.is_usable(at(now)), usable, "seed {seed} at {now}");
            // What is due by itself comes: never later than the longest pause after the set is old.
            let ahead = seen.good.map_or(0, |(then, life)| (then + life).saturating_sub(now));
            assert!(cache.next(at(now)) <= at(ahead.max(375)), "seed {seed} at {now}");
        }
        assert!(seen.fetches > 5, "seed {seed}");
    }
}
