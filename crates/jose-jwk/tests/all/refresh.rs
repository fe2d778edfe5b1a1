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
        if refresh.take_turn(now, true) {
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
    assert!(refresh.take_turn(at(100), true));
    assert!(!refresh.take_turn(at(129), true));
    assert!(refresh.take_turn(at(130), true));
    let mut refresh = Refresh::new().cooldown(at(60));
    assert!(refresh.take_turn(at(100), true));
    assert!(!refresh.take_turn(at(159), true));
    assert!(refresh.take_turn(at(160), true));
}

/// One caller fetches; the others, who come before it has, do not.
///
/// Covers B9.
#[test]
fn one_fetch_is_under_way() {
    let mut refresh = Refresh::new();
    let due = (0..100).filter(|_| refresh.take_turn(at(5), true)).count();
    assert_eq!(due, 1);
}

/// Covers B9.
#[test]
fn a_set_outlives_failures_for_a_time() {
    let mut refresh = Refresh::new().max_stale(at(3600));
    assert!(refresh.take_turn(at(0), false) && !refresh.is_usable(at(0)));
    refresh.fetched(at(0));
    assert!(!refresh.is_due(at(599), false));
    // It is old, and no fetch succeeds: one is tried in each cooldown, and the set is used on.
    let tries = (600..3600).filter(|second| refresh.take_turn(at(*second), false)).count();
    assert_eq!(tries, 100);
    assert!(refresh.is_usable(at(3599)) && !refresh.is_usable(at(3600)));
    assert!(refresh.take_turn(at(3600), false));
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
    assert!(refresh.take_turn(at(1000), true));
    refresh.fetched(at(1000));
    assert!(!refresh.is_due(at(0), true) && refresh.is_usable(at(0)));
    assert!(refresh.is_due(Duration::MAX, true));
}

/// Asking takes no turn.
///
/// Covers B9.
#[test]
fn whether_a_fetch_is_due_can_be_asked_often() {
    let mut refresh = Refresh::new();
    assert!((0..100).all(|_| refresh.is_due(at(5), false)));
    assert!(refresh.take_turn(at(5), false));
    assert!(!refresh.is_due(at(5), false) && !refresh.is_due(at(34), true) && refresh.is_due(at(35), false));
}

/// Covers B9.
#[test]
fn before_the_first_success_a_failure_is_soon_tried_again() {
    let mut refresh = Refresh::new();
    let (mut now, mut pauses) = (100, Vec::new());
    for _ in 0..70 {
        assert!(refresh.take_turn(at(now), false));
        // Under way: nobody else fetches.
        assert!(!refresh.take_turn(at(now), true));
        refresh.failed(at(now));
        let pause = refresh.next(at(now)).as_secs();
        assert!(!refresh.is_due(at(now + pause - 1), true) && refresh.is_due(at(now + pause), false));
        pauses.push(pause);
        now += pause;
    }
    assert_eq!(pauses[..7], [1, 2, 4, 8, 16, 30, 30]);
    assert_eq!(pauses[69], 30);
    assert!(!refresh.is_usable(at(now)));
}

/// Covers B9.
#[test]
fn after_the_first_success_a_failure_waits_for_the_cooldown() {
    let mut refresh = Refresh::new();
    assert!(refresh.take_turn(at(0), false));
    refresh.failed(at(1));
    assert!(refresh.take_turn(at(2), false));
    refresh.fetched(at(3));
    assert!(!refresh.is_due(at(31), true) && refresh.take_turn(at(32), true));
    refresh.failed(at(33));
    assert!(!refresh.is_due(at(61), true) && refresh.is_due(at(62), true));
    assert!(refresh.is_usable(at(62)));
}

/// Covers B9.
#[test]
fn a_task_sleeps_until_the_next_fetch() {
    let mut refresh = Refresh::new();
    assert_eq!(refresh.next(at(7)), at(0));
    assert!(refresh.take_turn(at(7), false));
    assert_eq!(refresh.next(at(8)), at(29));
    refresh.fetched(at(9));
    assert_eq!(refresh.next(at(9)), at(600));
    assert!(!refresh.is_due(at(608), false) && refresh.is_due(at(609), false));
    // An unknown key has had it fetched just before: not again at once.
    assert!(refresh.take_turn(at(600), true));
    assert_eq!(refresh.next(at(600)), at(30));
    assert_eq!(refresh.next(at(700)), at(0));
}
