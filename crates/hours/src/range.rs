use std::{fmt, str::FromStr};

use chrono::Weekday;
use frontdesk_types::ZoneError;

/// Minutes in a day.
pub(crate) const DAY: u16 = 24 * 60;

/// What is wrong with opening hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HoursError {
    /// Not a day or a range of days.
    #[error(
        "`{found}` is not a day: allowed are mon tue wed thu fri sat sun, ranges like mon-fri, and daily"
    )]
    Day {
        /// What was found.
        found: String,
    },
    /// Not a date, or none that any year has.
    #[error(
        "`{found}` is not a date: allowed are MM/DD, MM/DD-MM/DD (over New Year too), `4th thu nov`, `last mon may`, YYYY-MM-DD, and `YYYY-MM-DD to YYYY-MM-DD`"
    )]
    Date {
        /// What was found.
        found: String,
    },
    /// Not which of a month's weekdays.
    #[error("`{found}` is not which one: allowed are 1st, 2nd, 3rd, 4th and last")]
    Occurrence {
        /// What was found.
        found: String,
    },
    /// A holiday's name is empty or too long.
    #[error("`{found}` has {letters} letters, allowed are 1 to 25")]
    HolidayName {
        /// What was found, its beginning.
        found: String,
        /// How many letters it has.
        letters: usize,
    },
    /// Two spans share a minute.
    #[error("the hours overlap on {day} at {time}")]
    Overlap {
        /// The weekday of the first shared minute.
        day: Weekday,
        /// The first shared minute, `HH:MM`.
        time: String,
    },
    /// Two spans of special hours share a minute.
    #[error("the hours overlap at {time}")]
    OverlapOnDate {
        /// The first shared minute, `HH:MM`.
        time: String,
    },
    /// Not a time range.
    #[error(
        "`{found}` is not a time range: allowed are `HH:MM-HH:MM` (24:00 is the end of the day, over midnight is fine), several with commas, `24 hours` and `closed`"
    )]
    Range {
        /// What was found.
        found: String,
    },
    /// No such time zone.
    #[error(transparent)]
    Zone(#[from] ZoneError),
}

/// A span of a day in minutes since midnight, `[from, to)`; one that ends at or before its start
/// goes on over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// Minutes since midnight, 0 to 1439.
    pub from: u16,
    /// Minutes since midnight, 1 to 1440.
    pub to: u16,
}

impl TimeRange {
    /// How many minutes the span lasts, 1 to 1440.
    pub(crate) fn minutes(self) -> u16 {
        if self.to > self.from { self.to - self.from } else { self.to + DAY - self.from }
    }

    /// Reads a day's hours: `closed`, `24 hours`, or ranges with commas.
    pub fn list(text: &str) -> Result<Vec<Self>, HoursError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "closed" => Ok(Vec::new()),
            "24 hours" | "24h" | "open" => Ok(vec![Self { from: 0, to: DAY }]),
            ranges => ranges.split(',').map(|range| range.trim().parse()).collect(),
        }
    }
}

impl FromStr for TimeRange {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let range = text.split_once(['-', '–']).and_then(|(from, to)| {
            Some(Self { from: minute(from).filter(|m| *m < DAY)?, to: minute(to)? })
        });
        match range {
            Some(range) if range.from != range.to => {
                Ok(Self { to: if range.to == 0 { DAY } else { range.to }, ..range })
            }
            _ => Err(HoursError::Range { found: text.chars().take(60).collect() }),
        }
    }
}

/// `9:00` or `09:00`, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str, max: usize| {
        (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(hour, 2) || minute.len() != 2 || !digits(minute, 2) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY).then_some(total)
}

impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// The days that `mon`, `mon-fri`, `sat-sun` or `daily` names.
pub fn days(text: &str) -> Result<Vec<Weekday>, HoursError> {
    let error = || HoursError::Day { found: text.chars().take(40).collect() };
    let day = |name: &str| name.trim().parse::<Weekday>().map_err(|_| error());
    match text.trim().to_ascii_lowercase().as_str() {
        "daily" => days("mon-sun"),
        "weekdays" => days("mon-fri"),
        "weekends" => days("sat-sun"),
        text => match text.split_once('-') {
            None => Ok(vec![day(text)?]),
            Some((first, last)) => {
                let (mut current, last) = (day(first)?, day(last)?);
                let mut days = vec![current];
                while current != last {
                    current = current.succ();
                    days.push(current);
                }
                Ok(days)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_written() {
        for (text, canonical) in [
            ("9:00-17:00", "09:00-17:00"),
            ("22:00-02:00", "22:00-02:00"),
            ("00:00-24:00", "00:00-24:00"),
            ("18:00-00:00", "18:00-24:00"),
            (" 08:15 - 09:45 ", "08:15-09:45"),
        ] {
            assert_eq!(text.parse::<TimeRange>().unwrap().to_string(), canonical);
        }
        for bad in [
            "",
            "9-17",
            "09:00",
            "09:60-10:00",
            "25:00-26:00",
            "24:00-02:00",
            "09:00-09:00",
            "a:00-b:00",
        ] {
            assert!(bad.parse::<TimeRange>().is_err(), "{bad}");
        }
    }

    #[test]
    fn days_are_named_alone_or_in_ranges() {
        assert_eq!(
            days("fri-mon").unwrap(),
            [Weekday::Fri, Weekday::Sat, Weekday::Sun, Weekday::Mon]
        );
        assert_eq!(days("Tue").unwrap(), [Weekday::Tue]);
        assert_eq!(days("daily").unwrap().len(), 7);
        assert!(days("someday").is_err());
    }
}
