//! Which days something touches at all: a bit a day, so that the others cost nothing.

use chrono::{Datelike, NaiveDate};

use crate::range::DAY;

/// Days since the epoch of the years for which the days are listed; outside of them every day is looked at.
const FIRST_YEAR: i32 = 2015;
const LAST_YEAR: i32 = 2050;

#[derive(Debug, Clone)]
pub(crate) struct Touched {
    first: i64,
    /// A bit for each day from the first.
    days: Box<[u64]>,
}

impl Touched {
    /// Asks for each day whether it is touched, and whether the day after is.
    pub(crate) fn new(touches: impl Fn(NaiveDate) -> (bool, bool)) -> Self {
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
        let count = (LAST_YEAR - FIRST_YEAR + 1) * 366;
        let words = usize::try_from(count / 64 + 1).unwrap_or(1);
        let mut listed = vec![0_u64; words];
        let mut touch = |day: usize| {
            if let Some(word) = listed.get_mut(day / 64) {
                *word |= 1 << (day % 64);
            }
        };
        for (day, date) in first.iter_days().take(words * 64).enumerate() {
            let (today, tomorrow) = touches(date);
            if today {
                touch(day);
            }
            if tomorrow {
                touch(day + 1);
            }
        }
        // What goes on from the day before the first.
        touch(0);
        Self { first: days_of(first), days: listed.into() }
    }

    pub(crate) fn includes(&self, day: i64) -> bool {
        match usize::try_from(day - self.first) {
            Ok(place) if place / 64 < self.days.len() => {
                self.days.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
            }
            _ => true,
        }
    }

    /// The midnight of the next touched day, in minutes from the midnight of a day that is not touched.
    pub(crate) fn minutes_to_next(&self, day: i64) -> Option<i64> {
        self.next(day).map(|next| (next - day) * i64::from(DAY))
    }

    /// The next day after one that is not touched.
    fn next(&self, day: i64) -> Option<i64> {
        let place = usize::try_from(day + 1 - self.first).ok()?;
        let mut mask = u64::MAX << (place % 64);
        for (i, word) in self.days.iter().enumerate().skip(place / 64) {
            let left = word & mask;
            if left != 0 {
                let place = i * 64 + usize::try_from(left.trailing_zeros()).ok()?;
                return Some(self.first + i64::try_from(place).ok()?);
            }
            mask = u64::MAX;
        }
        // Beyond what is listed, every day is looked at.
        Some(self.first + i64::try_from(self.days.len() * 64).ok()?)
    }

    /// What it takes in memory, beside itself.
    pub(crate) fn heap(&self) -> usize {
        size_of_val(&*self.days)
    }
}

fn days_of(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

pub(crate) fn date(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day + 719_163).ok()?)
}
