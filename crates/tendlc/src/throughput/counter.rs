use std::collections::VecDeque;

use chrono::{Days, NaiveDate, TimeDelta};
use frontdesk_types::{Instant, Zone};
use serde::{Deserialize, Serialize};

/// Sixty seconds, wherever in a second they begin, touch so many.
const SECONDS: i64 = 61;

/// The time in which a [`Counter`] counts.
#[derive(Debug, Clone, Copy)]
pub enum CountedTime<'a> {
    /// Any sixty seconds.
    Minute,
    /// From midnight to midnight of a zone.
    Day(&'a Zone),
}

/// How much has left, by second for a minute, or of a day. What is older than its span is forgotten.
///
/// A second counts until no window of sixty seconds can hold any part of it: no such window has more than the limit, whatever
/// instants within their seconds messages left at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// Second since the epoch, and how much left in it; oldest first.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    seconds: VecDeque<(i64, u32)>,
    /// A day of the Pacific, and how much left on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<(NaiveDate, u32)>,
}

/// How many seconds the clocks of hosts may differ. What was counted later than that from now was counted by a clock that was ahead.
const SKEW: i64 = 300;

impl Counter {
    /// Counts what a clock that was ahead has counted as leaving now: no later, so that nothing waits for that clock's time.
    pub fn correct(&mut self, time: &CountedTime<'_>, at: Instant) {
        let now = at.timestamp();
        let ahead = self.seconds.partition_point(|(second, _)| *second <= now + SKEW);
        if ahead < self.seconds.len() {
            let used =
                self.seconds.drain(ahead..).fold(0_u32, |sum, (_, used)| sum.saturating_add(used));
            self.count_second(used, now);
        }
        if let CountedTime::Day(zone) = time
            && let today = zone.local(at).date()
            && let Some((date, _)) = &mut self.day
            && today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| *date > tomorrow)
        {
            *date = today;
        }
    }

    /// Counts what leaves at an instant.
    pub fn count(&mut self, time: &CountedTime<'_>, segments: u32, at: Instant) {
        match time {
            CountedTime::Minute => self.count_second(segments, at.timestamp()),
            CountedTime::Day(zone) => {
                let today = zone.local(at).date();
                match &mut self.day {
                    // A host whose clock is behind counts to the day that the others have begun.
                    Some((date, used)) if *date >= today => *used = used.saturating_add(segments),
                    _ => self.day = Some((today, segments)),
                }
            }
        }
    }

    fn count_second(&mut self, segments: u32, second: i64) {
        while self.seconds.front().is_some_and(|(oldest, _)| oldest + SECONDS <= second) {
            self.seconds.pop_front();
        }
        match self.seconds.back_mut() {
            // Clocks of several hosts differ: what is told late is counted as now.
            Some((last, used)) if *last >= second => *used = used.saturating_add(segments),
            _ => self.seconds.push_back((second, segments)),
        }
    }

    /// How much counts at an instant.
    pub fn used(&self, time: &CountedTime<'_>, at: Instant) -> u32 {
        match time {
            CountedTime::Minute => {
                let over = |(second, _): &(i64, u32)| second + SECONDS <= at.timestamp();
                let counts = self.seconds.range(self.seconds.partition_point(over)..);
                counts.fold(0, |sum: u32, (_, used)| sum.saturating_add(*used))
            }
            CountedTime::Day(zone) => {
                let today = zone.local(at).date();
                self.day.filter(|(date, _)| *date >= today).map_or(0, |(_, used)| used)
            }
        }
    }

    /// The first instant, from `at` on, at which so many more fit below a limit, if nothing else leaves before.
    pub fn free(&self, time: &CountedTime<'_>, most: u32, segments: u32, at: Instant) -> Instant {
        let room = most.saturating_sub(segments);
        let mut used = self.used(time, at);
        if used <= room {
            return at;
        }
        match time {
            CountedTime::Minute => {
                for (second, left) in &self.seconds {
                    if second + SECONDS <= at.timestamp() {
                        continue;
                    }
                    used = used.saturating_sub(*left);
                    if used <= room {
                        return at.max(from_seconds(second + SECONDS, at));
                    }
                }
                at
            }
            CountedTime::Day(zone) => {
                self.day.map_or(at, |(date, _)| next_midnight(zone, date, at))
            }
        }
    }
}

fn from_seconds(second: i64, otherwise: Instant) -> Instant {
    Instant::from_timestamp(second, 0).unwrap_or(otherwise)
}

/// When the day after begins on the clock of a zone.
fn next_midnight(zone: &Zone, date: NaiveDate, otherwise: Instant) -> Instant {
    let next = date.checked_add_days(Days::new(1));
    next.map_or(otherwise + TimeDelta::days(1), |next| zone.midnight(next))
}
