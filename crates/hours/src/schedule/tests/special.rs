//! Dates with hours of their own.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::{America, Australia, Europe, Pacific, Tz};
use proptest::prelude::*;

use super::*;

fn special(dates: &str, hours: &str) -> SpecialHours {
    let dates = HolidayDates::list(dates).unwrap();
    SpecialHours::new(dates, TimeRange::list(hours).unwrap()).unwrap()
}

#[test]
fn hrs_1_hours_can_be_extended_for_one_date() {
    let office = week(America::New_York, &[("mon-fri", "09:00-17:00")]);
    let office = office
        .observing([holiday("Christmas Eve", "12/24", ""), holiday("Sunday sale", "12/20", "")])
        .with_special([
            special("2026-12-19 to 2026-12-20", "07:00-22:00"),
            special("2026-12-19", "closed"),
            special("12/24", "10:00-14:00"),
        ]);
    // A Saturday: the first that names the date holds. Then a Sunday that is a holiday.
    let opens = |at: &str, opens: &str| {
        assert_eq!(office.status(self::at(at)), Status::Closed { opens: Some(self::at(opens)) });
    };
    let closes = |at: &str, closes: &str| {
        assert_eq!(office.status(self::at(at)), Status::Open { closes: Some(self::at(closes)) });
    };
    opens("2026-12-18T22:00:00Z", "2026-12-19T12:00:00Z");
    closes("2026-12-19T12:00:00Z", "2026-12-20T03:00:00Z");
    opens("2026-12-20T03:00:00Z", "2026-12-20T12:00:00Z");
    closes("2026-12-20T20:00:00Z", "2026-12-21T03:00:00Z");
    // The year after, the same days are a Sunday and a Monday as ever.
    opens("2027-12-19T15:00:00Z", "2027-12-21T14:00:00Z");
    // On Christmas Eve shorter, each year, and the holiday says its words outside of them.
    closes("2026-12-24T15:00:00Z", "2026-12-24T19:00:00Z");
    assert_eq!(office.holiday(at("2026-12-24T15:00:00Z")), None);
    assert_eq!(
        office.holiday(at("2026-12-24T20:00:00Z")).map(Holiday::name),
        Some("Christmas Eve")
    );
    assert_eq!(office.special(at("2026-12-24T20:00:00Z")), office.special_hours().last());
    assert_eq!(office.special(at("2026-12-23T20:00:00Z")), None);
}

#[test]
fn hrs_1_special_hours_over_midnight_belong_to_the_date_on_which_they_begin() {
    let bar = week(Europe::Berlin, &[("daily", "18:00-02:00")])
        .with_special([special("2026-12-31", "20:00-06:00"), special("2027-01-02", "closed")]);
    // The evening of the 30th goes on to its end; that of New Year's Eve is longer.
    assert!(bar.is_open(at("2026-12-31T00:30:00Z")));
    assert_eq!(
        bar.status(at("2026-12-31T01:00:00Z")),
        Status::Closed { opens: Some(at("2026-12-31T19:00:00Z")) }
    );
    assert_eq!(
        bar.status(at("2026-12-31T19:00:00Z")),
        Status::Open { closes: Some(at("2027-01-01T05:00:00Z")) }
    );
    // The first of January as ever, to its end on the second, which is closed.
    assert_eq!(
        bar.status(at("2027-01-02T00:00:00Z")),
        Status::Open { closes: Some(at("2027-01-02T01:00:00Z")) }
    );
    assert_eq!(
        bar.status(at("2027-01-02T01:00:00Z")),
        Status::Closed { opens: Some(at("2027-01-03T17:00:00Z")) }
    );
    let twice = TimeRange::list("09:00-12:00, 11:00-13:00").unwrap();
    let refused = SpecialHours::new([], twice).unwrap_err();
    assert_eq!(refused.to_string(), "the hours overlap at 11:00");
    // What the week never opens special hours open.
    let never = week(Europe::Berlin, &[]).with_special([special("2030-05-01", "10:00-11:00")]);
    assert_eq!(never.next_opening(at("2026-01-01T00:00:00Z")), Some(at("2030-05-01T08:00:00Z")));
}

/// Whether it is open, from the written hours alone: a date's own hours, else those of the week on its weekday, for
/// this date and for the day before.
fn open_by_the_book(at: Instant, (zone, hours): (Tz, &str), special: &[SpecialHours]) -> bool {
    let local = at.with_timezone(&zone).naive_local();
    let minute = i64::from(local.time().num_seconds_from_midnight() / 60);
    let covers = |date: NaiveDate, minute: i64| {
        let named = |special: &&SpecialHours| special.dates().iter().any(|on| on.includes(date));
        let week = match date.weekday() {
            Weekday::Sun => Vec::new(),
            _ => TimeRange::list(hours).unwrap(),
        };
        let ranges = special.iter().find(named).map_or(week, |special| special.hours().to_vec());
        ranges.iter().any(|range| {
            let from = i64::from(range.from);
            (from..from + i64::from(range.minutes())).contains(&minute)
        })
    };
    covers(local.date(), minute) || covers(local.date().pred_opt().unwrap(), minute + 1440)
}

proptest! {
    #[test]
    fn special_hours_are_those_of_the_book(
        zone in prop::sample::select(vec![America::New_York, Australia::Lord_Howe, Pacific::Chatham]),
        hours in prop::sample::select(vec![
            "09:00-17:00", "24 hours", "22:00-02:00", "00:00-01:30, 13:00-24:00", "closed",
        ]),
        named in prop::collection::vec((0_i64..30, 0_i64..3, prop::sample::select(vec![
            "closed", "24 hours", "07:00-22:00", "21:00-04:00", "00:00-00:30, 23:00-01:00",
        ])), 0..5),
        second in 1_700_000_000_i64..2_000_000_000,
    ) {
        let from = DateTime::from_timestamp(second, 0).unwrap();
        let special: Vec<SpecialHours> = named.iter().map(|(day, days, hours)| {
            let date = |more| (from + TimeDelta::days(more)).date_naive();
            special(&format!("{} to {}", date(*day), date(day + days)), hours)
        }).collect();
        let schedule = week(zone, &[("mon-sat", hours)]).with_special(special.clone());
        for at in (0..4_600).map(|tens| from + TimeDelta::minutes(tens * 10)) {
            let open = open_by_the_book(at, (zone, hours), &special);
            prop_assert_eq!(schedule.is_open(at), open, "{}", at);
        }
        prop_assert_eq!(
            schedule.next_change(from).filter(|change| *change <= from + TimeDelta::days(15)),
            next_change_by_minutes(&schedule, from)
        );
    }
}
