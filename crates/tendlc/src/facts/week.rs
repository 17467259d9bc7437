//! Hours of a week in which something is allowed.

use std::fmt;

use chrono::Weekday;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MINUTES: u16 = 24 * 60;

/// At most one stretch of minutes for each day of the week, at the clock on the wall; the second bound is the first minute after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Week([Option<(u16, u16)>; 7]);

impl Week {
    pub(crate) const ALWAYS: Self = Self([Some((0, DAY_MINUTES)); 7]);

    /// `["Mon-Sat 09:00-21:00", "Sun 12:00-21:00"]`; the error is what is wrong with which line.
    pub(crate) fn parse(lines: &[String]) -> Result<Self, String> {
        let mut week = [None; 7];
        for line in lines {
            let wrong = || {
                format!("`{line}`; allowed is a day or days and hours, like `Mon-Sat 09:00-21:00`")
            };
            let (days, hours) = line.split_once(' ').ok_or_else(wrong)?;
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let day = |name| day(name).ok_or_else(wrong);
            let (first, last) = (day(first)?, day(last)?);
            let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
            let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
            if from >= to || first > last {
                return Err(wrong());
            }
            for (day, hours) in week.iter_mut().enumerate().take(last + 1).skip(first) {
                if hours.replace((from, to)).is_some() {
                    return Err(format!(
                        "`{line}`: {} stands there twice",
                        DAYS.get(day).unwrap_or(&"")
                    ));
                }
            }
        }
        Ok(Self(week))
    }

    /// What both allow.
    pub(crate) fn and(self, other: Self) -> Self {
        let mut days = self.0;
        for (day, other) in days.iter_mut().zip(other.0) {
            *day = day.zip(other).and_then(|((from, to), (other_from, other_to))| {
                let (from, to) = (from.max(other_from), to.min(other_to));
                (from < to).then_some((from, to))
            });
        }
        Self(days)
    }

    /// The minutes of a day.
    pub(crate) fn on(&self, day: Weekday) -> Option<(u16, u16)> {
        self.0.get(day.num_days_from_monday() as usize).copied().flatten()
    }
}

/// The number of a day, from Monday on.
pub(super) fn day(name: &str) -> Option<usize> {
    DAYS.iter().position(|day| *day == name)
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |digits: &str| (digits.len() == 2).then(|| digits.parse::<u16>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

/// `Mon-Sat 09:00-21:00, Sun 12:00-21:00`
impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = 0;
        let mut written = false;
        while let Some(hours) = self.0.get(first) {
            let last =
                first + self.0.iter().skip(first).take_while(|other| *other == hours).count() - 1;
            if let Some((from, to)) = hours {
                let (a, b) = (DAYS.get(first).unwrap_or(&""), DAYS.get(last).unwrap_or(&""));
                let days = if first == last { (*a).to_owned() } else { format!("{a}-{b}") };
                let comma = if written { ", " } else { "" };
                write!(
                    f,
                    "{comma}{days} {:02}:{:02}-{:02}:{:02}",
                    from / 60,
                    from % 60,
                    to / 60,
                    to % 60
                )?;
                written = true;
            }
            first = last + 1;
        }
        if written { Ok(()) } else { f.write_str("never") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(lines: &[&str]) -> Result<Week, String> {
        Week::parse(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn weeks_are_read_written_and_met() {
        let texas = week(&["Mon-Sat 09:00-21:00", "Sun 12:00-21:00"]).unwrap();
        assert_eq!(texas.to_string(), "Mon-Sat 09:00-21:00, Sun 12:00-21:00");
        let rhode_island =
            week(&["Mon-Fri 09:00-18:00", "Sat 10:00-12:00", "Sun 10:00-12:00"]).unwrap();
        assert_eq!(texas.and(rhode_island).to_string(), "Mon-Fri 09:00-18:00, Sat 10:00-12:00");
        assert_eq!(Week::ALWAYS.and(texas), texas);
        assert_eq!(week(&[]).unwrap().to_string(), "never");
    }

    #[test]
    fn what_is_no_week_is_told() {
        for line in [
            "Mon",
            "Mon 9-21",
            "Mon 09:00",
            "Moon 09:00-21:00",
            "Mon 21:00-09:00",
            "Sun-Mon 09:00-21:00",
            "Mon 09:00-24:01",
            "Mon 09:60-21:00",
            "Mon 9:00-21:00",
        ] {
            assert!(week(&[line]).unwrap_err().contains(line), "{line}");
        }
        assert!(
            week(&["Mon-Wed 09:00-10:00", "Wed 11:00-12:00"])
                .unwrap_err()
                .contains("Wed stands there twice")
        );
    }
}
