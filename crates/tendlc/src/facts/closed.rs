//! Holidays on which hours stay closed: those of the country, those of a state, or both.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::holidays::is_federal_holiday;

/// The holidays on which solicitations may not arrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holidays {
    /// The federal ones.
    Federal,
    /// Holidays do not count.
    #[default]
    None,
    /// Those of the state's own law; the federal ones in a year of which the table has none.
    State,
    /// Both.
    StateAndFederal,
}

impl Holidays {
    pub(super) fn count_the_states(self) -> bool {
        matches!(self, Self::State | Self::StateAndFederal)
    }
}

/// ` and not on federal holidays`
impl fmt::Display for Holidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Federal => ", no federal holidays",
            Self::None => "",
            Self::State => ", no state holidays",
            Self::StateAndFederal => ", no state or federal holidays",
        })
    }
}

/// Days of the week, as bits from Monday on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weekdays(u8);

impl Weekdays {
    pub(crate) const ALL: Self = Self(0b111_1111);

    /// `Mon-Fri`, `Sat`; the error is what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}`; allowed is a day or days, like `Mon-Fri`");
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) =
            (super::week::day(first).ok_or_else(wrong)?, super::week::day(last).ok_or_else(wrong)?);
        if first > last {
            return Err(wrong());
        }
        Ok(Self((first..=last).fold(0, |days, day| days | 1 << day)))
    }

    fn has(self, day: Weekday) -> bool {
        self.0 & 1 << day.num_days_from_monday() != 0
    }
}

/// The dates on which hours stay closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClosedDays {
    holidays: Holidays,
    /// On other days of the week holidays do not count.
    weekdays: Weekdays,
    /// The state's own, in order.
    own: Vec<NaiveDate>,
    /// The years of which the state's own are known, in order.
    years: Vec<i32>,
}

impl ClosedDays {
    /// `own`: the state's holidays by year.
    pub(crate) fn of<'a>(
        holidays: Holidays,
        weekdays: Weekdays,
        own: impl Iterator<Item = (i32, &'a [NaiveDate])>,
    ) -> Self {
        let (mut days, mut years) = (Vec::new(), Vec::new());
        if holidays.count_the_states() {
            for (year, of_year) in own {
                years.push(year);
                days.extend_from_slice(of_year);
            }
        }
        days.sort_unstable();
        years.sort_unstable();
        Self { holidays, weekdays, own: days, years }
    }

    /// Whether nothing is ever closed.
    pub(crate) fn are_none(&self) -> bool {
        self.holidays == Holidays::None
    }

    /// The holidays that count.
    pub(crate) fn holidays(&self) -> Holidays {
        self.holidays
    }

    /// Whether a date is one of them.
    pub(crate) fn has(&self, date: NaiveDate) -> bool {
        if !self.weekdays.has(date.weekday()) {
            return false;
        }
        let federal = || is_federal_holiday(date);
        match self.holidays {
            Holidays::None => false,
            Holidays::Federal => federal(),
            Holidays::State => self.has_own(date).unwrap_or_else(federal),
            Holidays::StateAndFederal => self.has_own(date).unwrap_or(false) || federal(),
        }
    }

    /// `None` where the table has nothing of the year.
    fn has_own(&self, date: NaiveDate) -> Option<bool> {
        self.years.binary_search(&date.year()).ok()?;
        Some(self.own.binary_search(&date).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dlc_4_holidays_of_a_state_are_its_own_and_in_unknown_years_the_federal_ones() {
        let pioneer = [date("2026-07-24")];
        let days = |holidays, weekdays| {
            let own = std::iter::once((2026, pioneer.as_slice()));
            ClosedDays::of(holidays, Weekdays::parse(weekdays).unwrap(), own)
        };
        let closed = |days: &ClosedDays, on: &str| days.has(date(on));
        let state = days(Holidays::State, "Mon-Sun");
        assert!(closed(&state, "2026-07-24"));
        assert!(!closed(&state, "2026-11-11"), "the state has said nothing of it");
        assert!(closed(&state, "2029-11-12"), "observed; nothing is known of that year");
        let both = days(Holidays::StateAndFederal, "Mon-Thu");
        assert!(closed(&both, "2026-11-11"));
        assert!(!closed(&both, "2026-07-24"), "a Friday");
        assert!(!closed(&days(Holidays::Federal, "Mon-Sun"), "2026-07-24"));
        assert!(days(Holidays::None, "Mon-Sun").are_none());
        for wrong in ["Fri-Mon", "Monday", ""] {
            assert!(Weekdays::parse(wrong).is_err(), "{wrong}");
        }
    }
}
