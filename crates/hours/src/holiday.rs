//! Holidays: their names, their dates, and the time of day that they take (HRS-3).

use std::{fmt, str::FromStr};

use chrono::{Datelike, Month, NaiveDate, Weekday};

use crate::{HoursError, TimeRange};

/// Days on which a schedule that observes them is closed, whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    name: String,
    dates: Vec<HolidayDates>,
    time: Option<TimeRange>,
}

impl Holiday {
    /// The longest name, in letters.
    pub const LONGEST_NAME: usize = 25;

    /// All day. A name has 1 to 25 letters.
    pub fn new(
        name: &str,
        dates: impl IntoIterator<Item = HolidayDates>,
    ) -> Result<Self, HoursError> {
        let letters = name.chars().count();
        if name.trim().is_empty() || letters > Self::LONGEST_NAME {
            return Err(HoursError::HolidayName {
                found: name.chars().take(60).collect(),
                letters,
            });
        }
        let dates = dates.into_iter().collect();
        Ok(Self { name: name.to_owned(), dates, time: None })
    }

    /// Only at this time of each of its days; over midnight, it goes on into the day after.
    #[must_use]
    pub fn at(self, time: TimeRange) -> Self {
        Self { time: Some(time), ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it is.
    pub fn dates(&self) -> &[HolidayDates] {
        &self.dates
    }

    /// Whether it is on a date, or begins on it.
    pub fn includes(&self, date: NaiveDate) -> bool {
        self.dates.iter().any(|dates| dates.includes(date))
    }

    /// The time of day that it takes; `None` is the whole day.
    pub fn time(&self) -> Option<TimeRange> {
        self.time
    }

    /// Whether a minute of a day is in it. `yesterday` is for what goes on over midnight.
    pub(crate) fn takes(&self, date: NaiveDate, minute: u16) -> bool {
        let Some(time) = self.time else { return self.includes(date) };
        if time.from < time.to {
            return (time.from..time.to).contains(&minute) && self.includes(date);
        }
        (minute >= time.from && self.includes(date))
            || (minute < time.to && date.pred_opt().is_some_and(|day| self.includes(day)))
    }

    /// Whether it goes on into the day after.
    pub(crate) fn is_over_midnight(&self) -> bool {
        self.time.is_some_and(|time| time.to <= time.from)
    }
}

/// When a holiday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HolidayDates {
    /// The *n*th weekday of a month, each year: Thanksgiving.
    Nth {
        /// Which one.
        occurrence: Occurrence,
        /// Of which day.
        weekday: Weekday,
        /// Of which month.
        month: Month,
    },
    /// From one date to another, both included, in one year: what a calendar gives that has moving feasts.
    Once {
        /// The first day.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// From one day of the year to another, both included, each year; over New Year if the second is earlier. The
    /// 29th of February is there in leap years.
    Yearly {
        /// The first day.
        from: MonthDay,
        /// The last.
        to: MonthDay,
    },
}

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

/// Which of a month's Mondays, say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last: the fourth or the fifth.
    Last,
}

impl MonthDay {
    /// Refused for what no year has, like the 30th of February.
    pub fn new(month: u32, day: u32) -> Result<Self, HoursError> {
        let refused = || HoursError::Date { found: format!("{month:02}/{day:02}") };
        // A leap year has every day that there is.
        NaiveDate::from_ymd_opt(2000, month, day).ok_or_else(refused)?;
        let (month, day) = (u8::try_from(month), u8::try_from(day));
        Ok(Self { month: month.map_err(|_| refused())?, day: day.map_err(|_| refused())? })
    }

    fn of(date: NaiveDate) -> Self {
        // A month is 1 to 12, a day 1 to 31.
        let small = |number: u32| u8::try_from(number).unwrap_or(0);
        Self { month: small(date.month()), day: small(date.day()) }
    }
}

impl HolidayDates {
    /// Whether a date is among them.
    pub fn includes(self, date: NaiveDate) -> bool {
        match self {
            Self::Nth { occurrence, weekday, month } => {
                if date.weekday() != weekday || date.month() != month.number_from_month() {
                    return false;
                }
                let place = (date.day() - 1) / 7;
                let last = || (date + chrono::Days::new(7)).month() != date.month();
                occurrence.place().map_or_else(last, |wanted| wanted == place)
            }
            Self::Once { from, to } => (from..=to).contains(&date),
            Self::Yearly { from, to } => {
                let day = MonthDay::of(date);
                if from <= to { (from..=to).contains(&day) } else { day >= from || day <= to }
            }
        }
    }
}

impl HolidayDates {
    /// Reads several with commas.
    pub fn list(text: &str) -> Result<Vec<Self>, HoursError> {
        text.split(',').map(str::parse).collect()
    }
}

impl Occurrence {
    /// Counted from 0; `None` is the last.
    fn place(self) -> Option<u32> {
        match self {
            Self::First => Some(0),
            Self::Second => Some(1),
            Self::Third => Some(2),
            Self::Fourth => Some(3),
            Self::Last => None,
        }
    }
}

impl FromStr for Occurrence {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "1st" | "first" => Ok(Self::First),
            "2nd" | "second" => Ok(Self::Second),
            "3rd" | "third" => Ok(Self::Third),
            "4th" | "fourth" => Ok(Self::Fourth),
            "last" => Ok(Self::Last),
            other => Err(HoursError::Occurrence { found: other.chars().take(40).collect() }),
        }
    }
}

/// `12/25`, `12/24-01/02`, `4th thu nov`, `last mon may`, `2027-03-28`, `2027-03-26 to 2027-03-29`.
impl FromStr for HolidayDates {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let refused = || HoursError::Date { found: text.chars().take(60).collect() };
        let text = text.trim();
        if let [occurrence, weekday, month] = text.split_whitespace().collect::<Vec<_>>()[..]
            && let (Ok(weekday), Ok(month)) = (weekday.parse(), month.parse())
        {
            return Ok(Self::Nth { occurrence: occurrence.parse()?, weekday, month });
        }
        if text.contains('/') {
            let (from, to) = text.split_once(['-', '–']).unwrap_or((text, text));
            let day = |text: &str| {
                let (month, day) = text.trim().split_once('/').ok_or_else(refused)?;
                let number = |text: &str| text.parse().map_err(|_| refused());
                MonthDay::new(number(month)?, number(day)?)
            };
            return Ok(Self::Yearly { from: day(from)?, to: day(to)? });
        }
        let (from, to) = text.split_once(" to ").unwrap_or((text, text));
        let date = |text: &str| text.trim().parse::<NaiveDate>().map_err(|_| refused());
        let (from, to) = (date(from)?, date(to)?);
        if to < from { Err(refused()) } else { Ok(Self::Once { from, to }) }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}", self.month, self.day)
    }
}

impl fmt::Display for HolidayDates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nth { occurrence, weekday, month } => {
                let occurrence = match occurrence {
                    Occurrence::First => "1st",
                    Occurrence::Second => "2nd",
                    Occurrence::Third => "3rd",
                    Occurrence::Fourth => "4th",
                    Occurrence::Last => "last",
                };
                let month = month.name().get(..3).unwrap_or_default();
                write!(f, "{occurrence} {weekday} {month}")
            }
            Self::Once { from, to } if from == to => write!(f, "{from}"),
            Self::Once { from, to } => write!(f, "{from} to {to}"),
            Self::Yearly { from, to } if from == to => write!(f, "{from}"),
            Self::Yearly { from, to } => write!(f, "{from}-{to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str, year: i32) -> String {
        let dates: HolidayDates = text.parse().unwrap();
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = first.iter_days().take_while(|day| day.year() == year);
        let found = days.filter(|day| dates.includes(*day));
        found.map(|day| day.format("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hrs_3_dates_of_a_year() {
        for (text, year, expected) in [
            ("12/25", 2026, "12-25"),
            ("4th thu nov", 2026, "11-26"),
            ("last mon may", 2027, "05-31"),
            ("last mon may", 2026, "05-25"),
            ("1st mon sep", 2025, "09-01"),
            ("12/30-01/02", 2026, "01-01 01-02 12-30 12-31"),
            ("02/29", 2026, ""),
            ("02/29", 2028, "02-29"),
            ("02/28-03/01", 2026, "02-28 03-01"),
            ("02/28-03/01", 2028, "02-28 02-29 03-01"),
            ("02/29-03/01", 2026, "03-01"),
            ("2027-03-26 to 2027-03-29", 2027, "03-26 03-27 03-28 03-29"),
            ("2027-03-26", 2026, ""),
        ] {
            assert_eq!(dates(text, year), expected, "{text} in {year}");
            let read: HolidayDates = text.parse().unwrap();
            assert_eq!(read.to_string().parse(), Ok(read), "{text} is written as it is read");
        }
    }

    #[test]
    fn hrs_3_what_is_no_date_is_refused() {
        for bad in [
            "02/30",
            "13/01",
            "00/10",
            "12/32",
            "12",
            "",
            "5th mon may",
            "4th someday may",
            "2027-02-29",
            "2027-03-29 to 2027-03-26",
            "12/24-",
            "4th thu",
        ] {
            assert!(bad.parse::<HolidayDates>().is_err(), "{bad}");
        }
        let fifth = "5th mon may".parse::<HolidayDates>().unwrap_err().to_string();
        assert_eq!(fifth, "`5th` is not which one: allowed are 1st, 2nd, 3rd, 4th and last");
        let christmas: HolidayDates = "12/25".parse().unwrap();
        assert!(Holiday::new("Christmas", [christmas]).is_ok());
        assert!(Holiday::new(&"x".repeat(26), [christmas]).is_err());
        assert!(Holiday::new(" ", [christmas]).is_err());
        assert!(HolidayDates::list("12/25, 2027-03-29").is_ok_and(|dates| dates.len() == 2));
        assert!(HolidayDates::list("12/25,").is_err());
    }
}
