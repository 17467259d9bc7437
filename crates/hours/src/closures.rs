//! The holidays of a schedule, made ready for questions.

use std::sync::Arc;

use crate::{
    Holiday,
    range::DAY,
    touched::{Touched, date},
};

#[derive(Debug, Clone)]
pub(crate) struct Closures {
    pub(crate) holidays: Arc<[Holiday]>,
    touched: Touched,
}

impl Closures {
    pub(crate) fn new(holidays: Arc<[Holiday]>) -> Self {
        let touched = Touched::new(|date| {
            let mut on_it = holidays.iter().filter(|holiday| holiday.includes(date)).peekable();
            (on_it.peek().is_some(), on_it.any(Holiday::is_over_midnight))
        });
        Self { holidays, touched }
    }

    /// The holidays that take a minute of a day.
    pub(crate) fn at(&self, day: i64, minute: u16) -> impl Iterator<Item = &Holiday> {
        let date = if self.touched.includes(day) { date(day) } else { None };
        let taking =
            move |date| self.holidays.iter().filter(move |holiday| holiday.takes(date, minute));
        date.into_iter().flat_map(taking)
    }

    /// The next minute, counted from the day's midnight, at which a holiday may begin or end.
    pub(crate) fn next_edge(&self, day: i64, minute: u16) -> Option<i64> {
        if !self.touched.includes(day) {
            return self.touched.minutes_to_next(day);
        }
        // On such a day the edges are those of every range, on it or not: a few questions more.
        let times = self.holidays.iter().filter_map(Holiday::time);
        let edges = times.flat_map(|time| [time.from, time.to]);
        let next = edges.filter(|edge| *edge > minute).min().unwrap_or(DAY).min(DAY);
        Some(next.into())
    }

    /// What it takes in memory, beside itself and the holidays.
    pub(crate) fn heap(&self) -> usize {
        self.touched.heap()
    }
}
