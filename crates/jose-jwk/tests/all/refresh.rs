//! When a published set is fetched anew, on a clock that is made up.

use core::time::Duration;

use jose_jwk::Refresh;

const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A day of ten tokens a second, all with a `kid` that no set has: a fetch in 30 seconds, and no more.
///
/// Covers B9.
#[test]
fn a_storm_of_unknown_keys_is_a_fetch_in_thirty_seconds() {
    let mut refresh = Refresh::new();
    let mut fetches = 0;
    for tenth in 0..864_000 {
        let now = Duration::from_millis(tenth * 100);
        if refresh.is_due(now, true) {
            fetches += 1;
            refresh.fetched(now);
        }
    }
    assert_eq!(fetches, 86_400 / 30);
}

/// Covers B9.
#[test]
fn the_cooldown_has_a_floor() {
    let mut refresh = Refresh::new().cooldown(at(0));
    assert!(refresh.is_due(at(100), true));
    assert!(!refresh.is_due(at(129), true));
    assert!(refresh.is_due(at(130), true));
    let mut refresh = Refresh::new().cooldown(at(60));
    assert!(refresh.is_due(at(100), true));
    assert!(!refresh.is_due(at(159), true));
    assert!(refresh.is_due(at(160), true));
}

/// One caller fetches; the others, who come before it has, do not.
///
/// Covers B9.
#[test]
fn one_fetch_is_under_way() {
    let mut refresh = Refresh::new();
    let due = (0..100).filter(|_| refresh.is_due(at(5), true)).count();
    assert_eq!(due, 1);
}

/// Covers B9.
#[test]
fn a_set_outlives_failures_for_a_time() {
    let mut refresh = Refresh::new().max_stale(at(3600));
    assert!(refresh.is_due(at(0), false) && !refresh.is_usable(at(0)));
    refresh.fetched(at(0));
    assert!(!refresh.is_due(at(599), false));
    // It is old, and no fetch succeeds: one is tried in each cooldown, and the set is used on.
    let tries = (600..3600).filter(|second| refresh.is_due(at(*second), false)).count();
    assert_eq!(tries, 100);
    assert!(refresh.is_usable(at(3599)) && !refresh.is_usable(at(3600)));
    assert!(refresh.is_due(at(3600), false));
    refresh.fetched(at(3601));
    assert!(
        refresh.is_usable(at(3602)) && !refresh.is_due(at(4200), false) && refresh.is_due(at(4201), false)
    );
}

/// A clock that goes back, against what is asked of it, neither fetches more nor panics.
///
/// Covers B9.
#[test]
fn a_clock_that_goes_back_fetches_nothing() {
    let mut refresh = Refresh::new();
    assert!(refresh.is_due(at(1000), true));
    refresh.fetched(at(1000));
    assert!(!refresh.is_due(at(0), true) && refresh.is_usable(at(0)));
    assert!(refresh.is_due(Duration::MAX, true));
}
