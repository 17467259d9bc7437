//! The own time of a session or call. A host's clock may be set back; a session's time never runs back (design). Its timers go on
//! all the same: it knows how far the clock is behind its own time.

use chrono::TimeDelta;
use frontdesk_types::{Fact, Instant};

/// The clocks of hosts differ by less. A clock that shows an earlier time by more was set back.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// How far the host's clock is behind the own time of something, from `at` on.
///
/// The own time begins again at the last event (`seen`), or later where the host knows by how much the clock was `set_back`: what
/// has passed between that event and the change is not lost then.
///
/// A clock that shows the time of the last event again counts as right: it may have been set forward as well, and a timer that
/// fires early is worse than a late one. So no timer is ever early, one that is shorter than the step back is not late, and a
/// longer one is late by that step: no timer takes more than twice its time.
pub(crate) fn behind_at(
    seen: Instant,
    behind: TimeDelta,
    at: Instant,
    set_back: TimeDelta,
) -> TimeDelta {
    let oldest = earlier(seen, CLOCKS_DIFFER);
    if at >= oldest {
        TimeDelta::zero()
    } else if later(at, behind) >= oldest {
        behind
    } else {
        let told = behind.checked_add(&set_back).unwrap_or(behind);
        told.max(seen - at)
    }
}

/// The event that tells how far the clock is behind, where that has changed.
pub(crate) fn changed(before: TimeDelta, behind: TimeDelta) -> Option<Fact> {
    (behind != before).then(|| Fact::ClockChanged { behind_ms: behind.num_milliseconds() })
}

/// A span in whole milliseconds; none, where no calendar has so long a one.
pub(crate) fn span(millis: i64) -> TimeDelta {
    TimeDelta::try_milliseconds(millis).unwrap_or_default()
}

/// So much later; the same instant where no calendar goes so far.
pub(crate) fn later(at: Instant, by: TimeDelta) -> Instant {
    at.checked_add_signed(by).unwrap_or(at)
}

/// So much earlier; the same instant where no calendar goes so far.
pub(crate) fn earlier(at: Instant, by: TimeDelta) -> Instant {
    at.checked_sub_signed(by).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use frontdesk_types::from_millis;

    use super::*;

    #[test]
    fn a_clock_that_is_set_back_is_behind_until_it_is_right() {
        let hours = TimeDelta::hours;
        let table = [
            // Seen, behind, now, set back by; behind then.
            (100, 0, 100, 0, 0),
            (100, 0, 101, 0, 0),
            (100, 0, 90, 0, 10),
            (100, 0, 90, 12, 12),
            (100, 0, 90, 3, 10),
            (100, 10, 91, 0, 10),
            (100, 10, 91, 12, 10),
            (100, 10, 80, 0, 20),
            (100, 10, 80, 12, 22),
            (100, 10, 100, 0, 0),
            (100, 10, 300, 0, 0),
        ];
        for (seen, behind, at, set_back, expected) in table {
            let instant = |hour: i64| from_millis(hour * 3_600_000);
            let found = behind_at(instant(seen), hours(behind), instant(at), hours(set_back));
            assert_eq!(found, hours(expected), "{seen} {behind} {at} {set_back}");
        }
    }

    #[test]
    fn clocks_of_hosts_that_differ_a_little_are_not_set_back() {
        let (seen, zero) = (from_millis(1_000_000), TimeDelta::zero());
        for (seconds, expected) in [(0, 0), (1, 0), (300, 0), (301, 301)] {
            let at = seen - TimeDelta::seconds(seconds);
            assert_eq!(behind_at(seen, zero, at, zero), TimeDelta::seconds(expected));
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_instants_as_well() {
        let (first, last) = (Instant::MIN_UTC, Instant::MAX_UTC);
        let longest = TimeDelta::MAX;
        assert_eq!(behind_at(last, TimeDelta::zero(), first, TimeDelta::zero()), last - first);
        assert_eq!(behind_at(first, longest, last, longest), TimeDelta::zero());
        let _ = behind_at(last, longest, first, longest);
    }
}
