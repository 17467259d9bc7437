use chrono::NaiveDate;
use frontdesk_types::{Instant, Zone};

use crate::{Holiday, Opening, Schedule};

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

impl Schedule {
    /// A day on the clock of a zone, which may be another than the schedule's.
    pub fn day(&self, date: NaiveDate, zone: &Zone) -> Day<'_> {
        let next = date.succ_opt().unwrap_or(date);
        let (from, to) = (zone.midnight(date), zone.midnight(next));
        let openings = self.openings(from, to).collect();
        Day { date, from, to, openings, holidays: self.holidays_between(from, to) }
    }
}
