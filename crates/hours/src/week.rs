use chrono::{
    DateTime, Datelike, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc, Weekday,
};
use chrono_tz::Tz;
use frontdesk_types::Instant;

use crate::range::{DAY, HoursError, TimeRange, days};

/// Minutes in a week.
const WEEK: u16 = 7 * DAY;

/// The opening hours of a week, in a time zone (HRS-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    zone: Tz,
    /// `[start, end)` in minutes since Monday 00:00 of the wall clock: sorted, apart from each other,
    /// none over the end of the week (one that goes on over it is in two parts).
    spans: Vec<(u16, u16)>,
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

impl Week {
    /// Hours by day. A range over midnight belongs to the day on which it starts.
    pub fn new(
        zone: Tz,
        hours: impl IntoIterator<Item = (Weekday, TimeRange)>,
    ) -> Result<Self, HoursError> {
        let mut open = vec![false; usize::from(WEEK)];
        for (day, range) in hours {
            let monday = u16::try_from(day.num_days_from_monday()).unwrap_or(0);
            for offset in 0..range.minutes() {
                let minute = (monday * DAY + range.from + offset) % WEEK;
                let slot = &mut open[usize::from(minute)];
                if *slot {
                    return Err(overlap(minute));
                }
                *slot = true;
            }
        }
        Ok(Self { zone, spans: spans(&open) })
    }

    /// Open without a pause.
    pub fn always(zone: Tz) -> Self {
        Self { zone, spans: vec![(0, WEEK)] }
    }

    /// Reads hours as configuration has them: a zone's name, and pairs of days and ranges.
    pub fn parse<'a>(
        zone: &str,
        hours: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, HoursError> {
        let zone = Self::zone_named(zone)?;
        let mut all = Vec::new();
        for (names, ranges) in hours {
            let ranges = TimeRange::list(ranges)?;
            for day in days(names)? {
                all.extend(ranges.iter().map(|range| (day, *range)));
            }
        }
        Self::new(zone, all)
    }

    /// The zone of this name in the IANA database.
    pub fn zone_named(name: &str) -> Result<Tz, HoursError> {
        name.parse().map_err(|_| HoursError::Zone {
            found: name.chars().take(60).collect(),
            nearest: nearest_zone(name),
        })
    }

    /// The zone that the wall clock is in.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Whether it is open at the instant.
    pub fn is_open(&self, at: Instant) -> bool {
        self.is_open_on(at.with_timezone(&self.zone).naive_local())
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

    fn is_open_on(&self, wall: NaiveDateTime) -> bool {
        let minute = minute_of_week(wall);
        let after = self.spans.partition_point(|(start, _)| *start <= minute);
        after.checked_sub(1).and_then(|i| self.spans.get(i)).is_some_and(|(_, end)| minute < *end)
    }

    /// The least instant after `at` at which it is open if it is closed now, or closed if open.
    fn next_change(&self, at: Instant) -> Option<Instant> {
        if self.spans.is_empty() || self.spans == [(0, WEEK)] {
            return None;
        }
        let open = self.is_open(at);
        let mut from = at;
        // A step ends at the next edge of a span or at the zone's next change of offset. A week has at
        // most a few hundred edges and two changes; the bound only guards against a wrong zone table.
        for _ in 0..10_000 {
            from = self.next_edge(from);
            if self.is_open(from) != open {
                return Some(from);
            }
        }
        None
    }

    /// The next instant at which the answer may differ: the wall clock reaches an edge of a span, or
    /// jumps.
    fn next_edge(&self, at: Instant) -> Instant {
        let wall = at.with_timezone(&self.zone).naive_local();
        let edge = at + (self.next_edge_on(wall) - wall);
        let offset = self.offset(at);
        // Within a day an offset changes once at the most, so that comparing the ends finds it.
        let mut reached = at;
        while reached < edge {
            let step = (reached + TimeDelta::hours(12)).min(edge);
            if self.offset(step) != offset {
                return self.first_with_other_offset(reached, step, offset);
            }
            reached = step;
        }
        edge
    }

    fn next_edge_on(&self, wall: NaiveDateTime) -> NaiveDateTime {
        let minute = minute_of_week(wall);
        let edges = self.spans.iter().flat_map(|(start, end)| [*start, *end]);
        let next = edges.filter(|edge| *edge > minute).min().unwrap_or(WEEK);
        let seconds = TimeDelta::seconds(i64::from(wall.second()))
            + TimeDelta::nanoseconds(i64::from(wall.nanosecond()));
        wall - seconds + TimeDelta::minutes(i64::from(next - minute))
    }

    fn offset(&self, at: Instant) -> i32 {
        self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    }

    /// The first whole second after `from` and up to `to` that has another offset than `offset`.
    fn first_with_other_offset(&self, from: Instant, to: Instant, offset: i32) -> Instant {
        let (mut same, mut other) = (from.timestamp(), to.timestamp());
        while other - same > 1 {
            let middle = i64::midpoint(same, other);
            let at = DateTime::from_timestamp(middle, 0).unwrap_or(to);
            if self.offset(at) == offset { same = middle } else { other = middle }
        }
        DateTime::<Utc>::from_timestamp(other, 0).unwrap_or(to)
    }
}

fn minute_of_week(wall: NaiveDateTime) -> u16 {
    let minutes =
        wall.weekday().num_days_from_monday() * u32::from(DAY) + wall.hour() * 60 + wall.minute();
    u16::try_from(minutes).unwrap_or(0)
}

fn spans(open: &[bool]) -> Vec<(u16, u16)> {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for (minute, open) in (0..WEEK).zip(open) {
        match spans.last_mut() {
            Some((_, end)) if *open && *end == minute => *end = minute + 1,
            _ if *open => spans.push((minute, minute + 1)),
            _ => {}
        }
    }
    spans
}

fn overlap(minute: u16) -> HoursError {
    let day = Weekday::try_from(u8::try_from(minute / DAY).unwrap_or(0)).unwrap_or(Weekday::Mon);
    HoursError::Overlap { day, time: format!("{:02}:{:02}", minute % DAY / 60, minute % 60) }
}

/// The zone whose name differs least, for "did you mean".
fn nearest_zone(name: &str) -> Option<String> {
    let wanted = name.to_ascii_lowercase().replace(' ', "_");
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let distance = |zone: &Tz| {
        let zone = zone.name().to_ascii_lowercase();
        edit_distance(&wanted, &zone).min(edit_distance(&last(&wanted), &last(&zone)) + 1)
    };
    let nearest = chrono_tz::TZ_VARIANTS.iter().min_by_key(|zone| distance(zone))?;
    (distance(nearest) <= 4).then(|| nearest.name().to_owned())
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
