use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
use frontdesk_types::Instant;

use crate::{Holiday, Opening, Schedule, Zone};

/// A day of a calendar: when it is open, and what holidays take of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day<'a> {
    /// Its date on the clock of the zone that was asked for.
    pub date: NaiveDate,
    /// Its first instant.
    pub from: Instant,
    /// That of the day after: 23 to 25 hours later, as a rule.
    pub to: Instant,
    /// The times in which it is open.
    pub openings: Vec<Opening>,
    /// The holidays that take some of it.
    pub holidays: Vec<&'a Holiday>,
}

impl Zone {
    /// The first instant of a day. Where the clock skips midnight that is the jump; a day that it skips whole begins
    /// where the day after does.
    pub fn midnight(&self, date: NaiveDate) -> Instant {
        let start = date.and_time(NaiveTime::MIN);
        // Nothing skips more than a day.
        let quarters = (0..=100).map(|quarter| start + TimeDelta::minutes(15 * quarter));
        let mut instants =
            quarters.filter_map(|local| self.tz().from_local_datetime(&local).earliest());
        instants.next().map_or_else(|| start.and_utc(), |at| at.to_utc())
    }
}

impl Schedule {
    /// A day on the clock of a zone, which may be another than the schedule's.
    pub fn day(&self, date: NaiveDate, zone: &Zone) -> Day<'_> {
        let next = date.succ_opt().unwrap_or(date);
        let (from, to) = (zone.midnight(date), zone.midnight(next));
        let openings = self.openings(from, to).collect();
        Day { date, from, to, openings, holidays: self.holidays_between(from, to) }
    }
}
