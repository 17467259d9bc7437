//! Dates with hours of their own: longer before Christmas, shorter on the day of an outing.

use chrono::NaiveDate;

use crate::{
    HolidayDates, HoursError, TimeRange,
    range::DAY,
    touched::{Touched, date},
};

/// The hours of some dates, instead of those of the week. Holidays take nothing of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialHours {
    dates: Vec<HolidayDates>,
    hours: Vec<TimeRange>,
}

impl SpecialHours {
    /// The most that a schedule can have.
    pub const MOST: usize = 366;

    /// Closed on these dates, without hours. A range over midnight belongs to the date on which it starts.
    pub fn new(
        dates: impl IntoIterator<Item = HolidayDates>,
        hours: impl IntoIterator<Item = TimeRange>,
    ) -> Result<Self, HoursError> {
        let mut hours: Vec<TimeRange> = hours.into_iter().collect();
        hours.sort_unstable_by_key(|range| (range.from, range.to));
        let mut ends = 0;
        for range in &hours {
            if range.from < ends {
                let time = format!("{:02}:{:02}", range.from / 60, range.from % 60);
                return Err(HoursError::OverlapOnDate { time });
            }
            ends = range.from + range.minutes();
        }
        Ok(Self { dates: dates.into_iter().collect(), hours })
    }

    /// When they hold.
    pub fn dates(&self) -> &[HolidayDates] {
        &self.dates
    }

    /// The hours of each of the dates, in order.
    pub fn hours(&self) -> &[TimeRange] {
        &self.hours
    }

    fn includes(&self, date: NaiveDate) -> bool {
        self.dates.iter().any(|dates| dates.includes(date))
    }

    /// Whether a minute of the date is in them.
    fn has(&self, minute: u16) -> bool {
        let has = |range: &TimeRange| range.from <= minute && minute < range.from + range.minutes();
        self.hours.iter().any(has)
    }

    /// Whether they go on over midnight, and to which minute of the day after.
    fn tail(&self) -> u16 {
        let ends = self.hours.iter().map(|range| range.from + range.minutes());
        ends.max().unwrap_or(0).saturating_sub(DAY)
    }
}

/// The special hours of a schedule, made ready for questions.
#[derive(Debug, Clone)]
pub(crate) struct Specials {
    pub(crate) all: Box<[SpecialHours]>,
    touched: Touched,
}

impl Specials {
    pub(crate) fn new(all: Box<[SpecialHours]>) -> Self {
        let touched = Touched::new(|date| {
            let special = all.iter().any(|special| special.includes(date));
            (special, special)
        });
        Self { all, touched }
    }

    /// The hours of a day: the first that name it.
    fn of(&self, day: i64) -> Option<&SpecialHours> {
        let date = if self.touched.includes(day) { date(day)? } else { return None };
        self.all.iter().find(|special| special.includes(date))
    }

    /// The special hours in which a minute of a day is: those of the day, or those of the day before that go on
    /// over midnight.
    pub(crate) fn open(&self, day: i64, minute: u16) -> Option<&SpecialHours> {
        let goes_on = self.of(day - 1).filter(|special| minute < special.tail());
        goes_on.or_else(|| self.of(day).filter(|special| special.has(minute)))
    }

    /// The special hours to which a minute of a day belongs, open or not. The week's hours of the day before go on to
    /// `tail`.
    pub(crate) fn deciding(&self, day: i64, minute: u16, tail: u16) -> Option<&SpecialHours> {
        let owner = if minute < tail { day - 1 } else { day };
        self.open(day, minute).or_else(|| self.of(owner))
    }

    /// The next minute, counted from the day's midnight, at which other hours may begin or end.
    pub(crate) fn next_edge(&self, day: i64, minute: u16, tail: u16) -> Option<i64> {
        if !self.touched.includes(day) {
            return self.touched.minutes_to_next(day);
        }
        let yesterday = self.of(day - 1).map_or(0, SpecialHours::tail);
        let today = self.of(day).into_iter().flat_map(|special| &special.hours);
        let edges = today.flat_map(|range| [range.from, range.from + range.minutes()]);
        let edges = edges.chain([yesterday, tail]).filter(|edge| *edge > minute);
        Some(edges.min().unwrap_or(DAY).min(DAY).into())
    }

    /// What it takes in memory, beside itself.
    pub(crate) fn heap(&self) -> usize {
        let each =
            |special: &SpecialHours| size_of_val(&*special.dates) + size_of_val(&*special.hours);
        self.touched.heap() + size_of_val(&*self.all) + self.all.iter().map(each).sum::<usize>()
    }
}
