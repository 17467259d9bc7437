use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Weekday};
use frontdesk_types::{Instant, Zone, Zones};

use crate::{
    Holiday,
    closures::Closures,
    range::{HoursError, TimeRange, days},
    special::{SpecialHours, Specials},
    week::{WEEK, Week},
};

const DAY: i64 = 86_400;
/// What does not change for so long does not change: the rarest opening is on a 29th of February that a turn of
/// a century has put off.
const HORIZON: i64 = 9 * 366 * DAY;

/// When a queue is open: the hours of a week in a time zone, but for the holidays that it observes and for dates with
/// hours of their own (HRS-1, HRS-3, HRS-4).
///
/// It is open at an instant when the wall clock of its zone shows a time inside a span, and no holiday takes it. On a
/// date with special hours those hold, whatever the week and the holidays say. An
/// hour that a clock change skips is not there to be open in; an hour that it repeats counts both times.
#[derive(Debug, Clone)]
pub struct Schedule {
    zone: Zone,
    week: Week,
    closures: Option<Arc<Closures>>,
    specials: Option<Arc<Specials>>,
}

/// Open or closed, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Open.
    Open {
        /// The first instant that is closed; `None` if it never closes.
        closes: Option<Instant>,
    },
    /// Closed.
    Closed {
        /// The first instant that is open; `None` if it never opens.
        opens: Option<Instant>,
    },
}

impl Status {
    /// Whether it is open.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// Time in which it is open without a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The first instant.
    pub from: Instant,
    /// The first that is closed again.
    pub to: Instant,
}

/// The wall clock of a zone at a second: days since the epoch, and the second of the day.
#[derive(Clone, Copy)]
struct Wall(i64);

impl Wall {
    fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The minute of the day.
    fn minute(self) -> u16 {
        u16::try_from(self.0.rem_euclid(DAY) / 60).unwrap_or(0)
    }

    /// The minute since Monday 00:00: the epoch was a Thursday.
    fn minute_of_week(self) -> u16 {
        u16::try_from((self.0 + 3 * DAY).rem_euclid(7 * DAY) / 60).unwrap_or(0) % WEEK
    }
}

impl Schedule {
    /// Hours by day. A range over midnight belongs to the day on which it starts.
    pub fn new(
        zone: Zone,
        hours: impl IntoIterator<Item = (Weekday, TimeRange)>,
    ) -> Result<Self, HoursError> {
        Ok(Self { zone, week: Week::new(hours)?, closures: None, specials: None })
    }

    /// Open without a pause.
    pub fn always(zone: Zone) -> Self {
        Self { zone, week: Week::always(), closures: None, specials: None }
    }

    /// Reads hours as configuration has them: a bundled zone's name, and pairs of days and ranges.
    pub fn parse<'a>(
        zone: &str,
        hours: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, HoursError> {
        let zone = Zones::bundled().named(zone)?;
        let mut all = Vec::new();
        for (names, ranges) in hours {
            let ranges = TimeRange::list(ranges)?;
            for day in days(names)? {
                all.extend(ranges.iter().map(|range| (day, *range)));
            }
        }
        Self::new(zone, all)
    }

    /// Closed on these holidays (HRS-3).
    #[must_use]
    pub fn observing(self, holidays: impl Into<Arc<[Holiday]>>) -> Self {
        let holidays = holidays.into();
        let closures = (!holidays.is_empty()).then(|| Arc::new(Closures::new(holidays)));
        Self { closures, ..self }
    }

    /// The same holidays as another: they are in memory once.
    #[must_use]
    pub fn observing_as(self, other: &Self) -> Self {
        Self { closures: other.closures.clone(), ..self }
    }

    /// With other hours on these dates. Of several that name a date, the first holds.
    #[must_use]
    pub fn with_special(self, special: impl IntoIterator<Item = SpecialHours>) -> Self {
        let all: Box<[SpecialHours]> = special.into_iter().collect();
        let specials = (!all.is_empty()).then(|| Arc::new(Specials::new(all)));
        Self { specials, ..self }
    }

    /// The dates that have other hours.
    pub fn special_hours(&self) -> &[SpecialHours] {
        self.specials.as_ref().map_or(&[], |specials| &specials.all)
    }

    /// The special hours that decide at the instant whether it is open.
    pub fn special(&self, at: Instant) -> Option<&SpecialHours> {
        let second = at.timestamp();
        let wall = Wall(second + self.zone.offset(second).0);
        let tail = self.week.tail(wall.minute_of_week());
        self.specials.as_ref()?.deciding(wall.day(), wall.minute(), tail)
    }

    /// The zone that the wall clock is in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The holidays that it observes.
    pub fn holidays(&self) -> &[Holiday] {
        self.closures.as_ref().map_or(&[], |closures| &closures.holidays)
    }

    /// What it takes in memory, in bytes, but for the names of its holidays and its zone, which are shared.
    pub fn size(&self) -> usize {
        let closures = self.closures.as_ref().map_or(0, |closures| closures.heap());
        let specials = self.specials.as_ref().map_or(0, |specials| specials.heap());
        size_of::<Self>() + self.week.heap() + closures + specials
    }

    /// Whether it is open at the instant.
    pub fn is_open(&self, at: Instant) -> bool {
        let second = at.timestamp();
        let (offset, _) = self.zone.offset(second);
        self.is_open_on(Wall(second + offset))
    }

    /// The holiday that takes the instant, the first of several: whether or not it would be open without. Special hours
    /// are not taken.
    pub fn holiday(&self, at: Instant) -> Option<&Holiday> {
        let second = at.timestamp();
        let wall = Wall(second + self.zone.offset(second).0);
        let closures = self.closures.as_ref()?;
        let special = self.specials.as_ref();
        if special.is_some_and(|special| special.open(wall.day(), wall.minute()).is_some()) {
            return None;
        }
        closures.at(wall.day(), wall.minute()).next()
    }

    /// Open or closed, and the next change, exact to the second over any change of the zone's offset.
    pub fn status(&self, at: Instant) -> Status {
        let change = self.next_change(at);
        if self.is_open(at) {
            Status::Open { closes: change }
        } else {
            Status::Closed { opens: change }
        }
    }

    /// The least instant after `at` at which it is closed if it is open now, or open if it is closed; `None` if
    /// there is none within nine years.
    pub fn next_change(&self, at: Instant) -> Option<Instant> {
        let mut second = at.timestamp();
        let (mut offset, mut until) = self.zone.offset(second);
        let open = self.is_open_on(Wall(second + offset));
        let end = second + HORIZON;
        while second < end {
            let wall = Wall(second + offset);
            let reached = second + self.next_edge(wall)? - wall.0;
            // The clock may jump before it gets there.
            second = reached.min(until);
            if second == until {
                (offset, until) = self.zone.offset(second);
            }
            if self.is_open_on(Wall(second + offset)) != open {
                return DateTime::from_timestamp(second, 0);
            }
        }
        None
    }

    /// The first instant, not before `at`, at which it is open; `None` if there is none within nine years.
    pub fn next_opening(&self, at: Instant) -> Option<Instant> {
        if self.is_open(at) { Some(at) } else { self.next_change(at) }
    }

    /// The times in which it is open, from one instant to another.
    pub fn openings(&self, from: Instant, to: Instant) -> impl Iterator<Item = Opening> {
        let mut at = Some(from);
        std::iter::from_fn(move || {
            let from = self.next_opening(at.take()?).filter(|from| *from < to)?;
            let closes = self.next_change(from).filter(|closes| *closes < to);
            at = closes;
            Some(Opening { from, to: closes.unwrap_or(to) })
        })
    }

    /// For how long it is open between two instants: service levels count that. Nothing, if the second is not
    /// after the first.
    pub fn open_time(&self, from: Instant, to: Instant) -> TimeDelta {
        self.openings(from, to).map(|opening| opening.to - opening.from).sum()
    }

    /// The holidays that take some of the time between two instants, in the order in which they do.
    pub fn holidays_between(&self, from: Instant, to: Instant) -> Vec<&Holiday> {
        let (mut second, end) = (from.timestamp(), to.timestamp());
        let mut found: Vec<&Holiday> = Vec::new();
        let Some(closures) = &self.closures else { return found };
        while second < end {
            let (offset, until) = self.zone.offset(second);
            let wall = Wall(second + offset);
            for holiday in closures.at(wall.day(), wall.minute()) {
                if !found.contains(&holiday) {
                    found.push(holiday);
                }
            }
            let Some(minute) = closures.next_edge(wall.day(), wall.minute()) else { break };
            second = (second + wall.day() * DAY + minute * 60 - wall.0).min(until);
        }
        found
    }

    fn is_open_on(&self, wall: Wall) -> bool {
        let minute_of_week = wall.minute_of_week();
        if let Some(specials) = &self.specials {
            let (day, minute) = (wall.day(), wall.minute());
            if specials.deciding(day, minute, self.week.tail(minute_of_week)).is_some() {
                return specials.open(day, minute).is_some();
            }
        }
        self.week.is_open(minute_of_week)
            && self
                .closures
                .as_ref()
                .is_none_or(|closures| closures.at(wall.day(), wall.minute()).next().is_none())
    }

    /// The next second of the wall clock at which the answer may differ; `None` if it never does.
    fn next_edge(&self, wall: Wall) -> Option<i64> {
        let week = self.week.next_edge(wall.minute_of_week()).map(|minutes| {
            // On from the start of the minute.
            wall.0 - wall.0.rem_euclid(60) + i64::from(minutes) * 60
        });
        // What the week never opens no holiday closes.
        if week.is_none() && !self.week.is_open(0) && self.specials.is_none() {
            return None;
        }
        let closures = self.closures.as_ref();
        let holiday = closures.and_then(|closures| closures.next_edge(wall.day(), wall.minute()));
        let tail = self.week.tail(wall.minute_of_week());
        let specials = self.specials.as_ref();
        let special = specials.and_then(|all| all.next_edge(wall.day(), wall.minute(), tail));
        let edges = holiday.into_iter().chain(special);
        week.into_iter().chain(edges.map(|minute| wall.day() * DAY + minute * 60)).min()
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        (&self.zone, &self.week) == (&other.zone, &other.week)
            && self.holidays() == other.holidays()
            && self.special_hours() == other.special_hours()
    }
}

impl Eq for Schedule {}

#[cfg(test)]
mod tests;
