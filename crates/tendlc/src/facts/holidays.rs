//! Federal holidays of the United States (5 U.S.C. 6103), on which some states want no solicitations, and which are no business days.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whether it is a federal holiday: on its own day, or the weekday on which one that falls on a weekend is observed.
pub(crate) fn is_federal_holiday(date: NaiveDate) -> bool {
    is_holiday_itself(date)
        || match date.weekday() {
            Weekday::Fri => date.checked_add_days(Days::new(1)).is_some_and(is_holiday_itself),
            Weekday::Mon => date.checked_sub_days(Days::new(1)).is_some_and(is_holiday_itself),
            _ => false,
        }
}

fn is_holiday_itself(date: NaiveDate) -> bool {
    let (month, day) = (date.month(), date.day());
    let nth = (day - 1) / 7 + 1;
    let last = day + 7 > 31;
    match (month, date.weekday()) {
        (1, Weekday::Mon) if nth == 3 => return true,
        (2, Weekday::Mon) if nth == 3 => return true,
        (5, Weekday::Mon) if last => return true,
        (9, Weekday::Mon) if nth == 1 => return true,
        (10, Weekday::Mon) if nth == 2 => return true,
        (11, Weekday::Thu) if nth == 4 => return true,
        _ => {}
    }
    matches!((month, day), (1, 1) | (6, 19) | (7, 4) | (11, 11) | (12, 25))
}

/// A day so many business days after another: weekends and federal holidays do not count.
pub(crate) fn business_days_after(date: NaiveDate, days: u32) -> NaiveDate {
    let (mut date, mut left) = (date, days);
    while left > 0 {
        let Some(next) = date.checked_add_days(Days::new(1)) else { return date };
        date = next;
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if !weekend && !is_federal_holiday(date) {
            left -= 1;
        }
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of the Office of Personnel Management, as PyPI's `holidays` 0.109 has them: own and observed days.
    #[test]
    fn the_holidays_are_those_that_others_list() {
        let listed: Vec<NaiveDate> = include_str!("holidays.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.parse().unwrap())
            .collect();
        let (first, last) = (listed[0], NaiveDate::from_ymd_opt(2040, 12, 30).unwrap());
        let ours: Vec<_> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .filter(|day| is_federal_holiday(*day))
            .collect();
        assert_eq!(ours, listed);
    }

    #[test]
    fn ten_business_days_leave_out_weekends_and_holidays() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(business_days_after(date("2026-11-20"), 10), date("2026-12-07"));
    }
}
