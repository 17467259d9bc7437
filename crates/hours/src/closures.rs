//! The holidays of a schedule, made ready for questions: which days they touch at all is a bit a day.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::{Holiday, range::DAY};

/// Days since the epoch of the years for which the days are listed; outside of them every day is looked at.
const FIRST_YEAR: i32 = 2015;
const LAST_YEAR: i32 = 2050;

#[derive(Debug, Clone)]
pub(crate) struct Closures {
    pub(crate) holidays: Arc<[Holiday]>,
    first: i64,
    /// A bit for each day from the first: whether a holiday takes some of it.
    touched: Box<[u64]>,
}

impl Closures {
    pub(crate) fn new(holidays: Arc<[Holiday]>) -> Self {
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
        let days = (LAST_YEAR - FIRST_YEAR + 1) * 366;
        let words = usize::try_from(days / 64 + 1).unwrap_or(1);
        let mut touched = vec![0_u64; words];
        let mut touch = |day: usize| {
            if let Some(word) = touched.get_mut(day / 64) {
                *word |= 1 << (day % 64);
            }
        };
        for (day, date) in first.iter_days().take(words * 64).enumerate() {
            for holiday in holidays.iter().filter(|holiday| holiday.includes(date)) {
                touch(day);
                if holiday.is_over_midnight() {
                    touch(day + 1);
                }
            }
        }
        // What goes on from the day before the first.
        touch(0);
        Self { holidays, first: days_of(first), touched: touched.into() }
    }

    /// The holidays that take a minute of a day.
    pub(crate) fn at(&self, day: i64, minute: u16) -> impl Iterator<Item = &Holiday> {
        let date = if self.touches(day) { date(day) } else { None };
        let taking =
            move |date| self.holidays.iter().filter(move |holiday| holiday.takes(date, minute));
        date.into_iter().flat_map(taking)
    }

    /// The next minute, counted from the day's midnight, at which a holiday may begin or end.
    pub(crate) fn next_edge(&self, day: i64, minute: u16) -> Option<i64> {
        if !self.touches(day) {
            return self.next_touched(day).map(|next| (next - day) * i64::from(DAY));
        }
        // On such a day the edges are those of every range, on it or not: a few questions more.
        let times = self.holidays.iter().filter_map(Holiday::time);
        let edges = times.flat_map(|time| [time.from, time.to]);
        let next = edges.filter(|edge| *edge > minute).min().unwrap_or(DAY).min(DAY);
        Some(next.into())
    }

    fn touches(&self, day: i64) -> bool {
        match usize::try_from(day - self.first) {
            Ok(place) if place / 64 < self.touched.len() => {
                self.touched.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
            }
            _ => true,
        }
    }

    /// The next day after one that is not touched.
    fn next_touched(&self, day: i64) -> Option<i64> {
        let place = usize::try_from(day + 1 - self.first).ok()?;
        let mut mask = u64::MAX << (place % 64);
        for (i, word) in self.touched.iter().enumerate().skip(place / 64) {
            let left = word & mask;
            if left != 0 {
                let place = i * 64 + usize::try_from(left.trailing_zeros()).ok()?;
                return Some(self.first + i64::try_from(place).ok()?);
            }
            mask = u64::MAX;
        }
        // Beyond what is listed, every day is looked at.
        Some(self.first + i64::try_from(self.touched.len() * 64).ok()?)
    }

    /// What it takes in memory, beside itself and the holidays.
    pub(crate) fn heap(&self) -> usize {
        size_of_val(&*self.touched)
    }
}

fn days_of(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

pub(crate) fn date(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day + 719_163).ok()?)
}
