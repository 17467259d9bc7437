use chrono_tz::{America, Asia, Australia, Europe, Pacific, Tz};
use proptest::prelude::*;

use super::*;
use crate::HolidayDates;

mod special;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The zone of a name that `chrono-tz` has: its offsets are ours.
fn zone(name: Tz) -> Zone {
    Zones::bundled().named(name.name()).unwrap()
}

fn week(zone: Tz, hours: &[(&str, &str)]) -> Schedule {
    Schedule::parse(zone.name(), hours.iter().copied()).unwrap()
}

/// The rule itself, minute by minute: slow and obviously right.
fn next_change_by_minutes(week: &Schedule, from: Instant) -> Option<Instant> {
    let open = week.is_open(from);
    let start = DateTime::from_timestamp(from.timestamp().div_euclid(60) * 60, 0).unwrap();
    (1..=15 * 24 * 60).map(|m| start + TimeDelta::minutes(m)).find(|t| week.is_open(*t) != open)
}

#[test]
fn past_midnight_and_several_spans_a_day() {
    // chatwoot #5254
    let week =
        week(America::New_York, &[("mon-fri", "09:00-12:00, 13:00-17:00"), ("fri", "22:00-02:00")]);
    let table = [
        ("2026-11-20T13:59:59Z", false),
        ("2026-11-20T14:00:00Z", true),
        ("2026-11-20T17:30:00Z", false), // lunch
        ("2026-11-21T03:00:00Z", true),  // Friday 22:00
        ("2026-11-21T06:59:59Z", true),  // Saturday 01:59:59
        ("2026-11-21T07:00:00Z", false),
    ];
    for (instant, open) in table {
        assert_eq!(week.is_open(at(instant)), open, "{instant}");
    }
}

#[test]
fn round_the_clock_is_never_closed_at_midnight() {
    // zammad #3180
    let week = week(Europe::Berlin, &[("daily", "24 hours")]);
    assert_eq!(week, Schedule::always(zone(Europe::Berlin)));
    assert_eq!(week.status(at("2026-11-20T23:00:00Z")), Status::Open { closes: None });
    let split = Schedule::parse("Europe/Berlin", [("daily", "00:00-12:00, 12:00-24:00")]).unwrap();
    assert_eq!(split, week);
}

#[test]
fn hours_follow_the_wall_clock_over_a_clock_change() {
    // Rocket.Chat #4898: nine in the morning stays nine, whatever the offset.
    let week = week(America::New_York, &[("daily", "09:00-17:00")]);
    assert_eq!(
        week.status(at("2026-10-31T22:00:00Z")),
        Status::Closed { opens: Some(at("2026-11-01T14:00:00Z")) }
    );
    assert_eq!(
        week.status(at("2026-10-30T22:00:00Z")),
        Status::Closed { opens: Some(at("2026-10-31T13:00:00Z")) }
    );
}

#[test]
fn the_fold_and_the_gap_are_exact() {
    // The `opening-hours` crate says 01:30 −05:00, an hour late.
    let night = week(America::New_York, &[("daily", "00:00-01:30")]);
    assert_eq!(
        night.status(at("2026-11-01T05:15:00Z")),
        Status::Open { closes: Some(at("2026-11-01T05:30:00Z")) }
    );
    // The clock goes back to 01:00 at 06:00 UTC: open again, for the repeated half hour.
    assert_eq!(
        night.status(at("2026-11-01T05:30:00Z")),
        Status::Closed { opens: Some(at("2026-11-01T06:00:00Z")) }
    );
    // 02:00–03:00 does not exist on 2026-03-08.
    let skipped = week(America::New_York, &[("sun", "02:15-02:45")]);
    assert_eq!(
        skipped.status(at("2026-03-08T05:00:00Z")),
        Status::Closed { opens: Some(at("2026-03-15T06:15:00Z")) }
    );
}

#[test]
fn never_open_never_opens() {
    let week = Schedule::new(zone(Europe::Paris), []).unwrap();
    assert_eq!(week.status(at("2026-11-20T12:00:00Z")), Status::Closed { opens: None });
}

#[test]
fn mistakes_say_what_is_allowed() {
    let zone = Schedule::parse("America/New York", [("mon", "09:00-17:00")]).unwrap_err();
    assert!(zone.to_string().ends_with("did you mean America/New_York?"), "{zone}");
    let overlap =
        Schedule::parse("UTC", [("mon", "22:00-03:00"), ("tue", "02:00-04:00")]).unwrap_err();
    assert_eq!(overlap.to_string(), "the hours overlap on Tue at 02:00");
}

fn holiday(name: &str, dates: &str, time: &str) -> Holiday {
    let holiday = Holiday::new(name, HolidayDates::list(dates).unwrap()).unwrap();
    if time.is_empty() { holiday } else { holiday.at(time.parse().unwrap()) }
}

#[test]
fn hrs_3_on_a_holiday_it_is_closed_whole_or_in_part() {
    let office = week(America::New_York, &[("mon-fri", "09:00-17:00")]);
    let holidays = [
        holiday("Thanksgiving", "4th thu nov", ""),
        holiday("Christmas Eve", "12/24", "12:00-24:00"),
        holiday("Winter break", "12/31-01/01", ""),
    ];
    let office = office.observing(holidays);
    // Wednesday evening: Thursday is Thanksgiving.
    let evening = at("2026-11-25T23:00:00Z");
    assert_eq!(office.status(evening), Status::Closed { opens: Some(at("2026-11-27T14:00:00Z")) });
    assert_eq!(office.holiday(evening), None);
    let thursday = at("2026-11-26T15:00:00Z");
    assert_eq!(office.holiday(thursday).map(Holiday::name), Some("Thanksgiving"));
    assert!(!office.is_open(thursday));
    // Noon on Christmas Eve, a Thursday.
    let noon = at("2026-12-24T17:00:00Z");
    assert_eq!(office.status(at("2026-12-24T15:00:00Z")), Status::Open { closes: Some(noon) });
    assert_eq!(office.holiday(noon).map(Holiday::name), Some("Christmas Eve"));
    assert_eq!(office.holiday(at("2026-12-24T16:59:59Z")), None);
    // Over New Year: from Wednesday evening to Monday.
    assert_eq!(
        office.status(at("2026-12-30T23:00:00Z")),
        Status::Closed { opens: Some(at("2027-01-04T14:00:00Z")) }
    );
}

#[test]
fn hrs_3_a_holiday_over_midnight_goes_on_into_the_day_after() {
    let always = Schedule::always(zone(Europe::Berlin));
    let night = always.clone().observing([holiday("Silvester", "12/31", "22:00-02:00")]);
    let from = at("2026-12-31T12:00:00Z");
    let begins = at("2026-12-31T21:00:00Z");
    assert_eq!(night.status(from), Status::Open { closes: Some(begins) });
    assert_eq!(night.status(begins), Status::Closed { opens: Some(at("2027-01-01T01:00:00Z")) });
    // Round the clock on every other day: the next change is a year away.
    assert_eq!(
        night.status(at("2027-01-01T01:00:00Z")),
        Status::Open { closes: Some(at("2027-12-31T21:00:00Z")) }
    );
    assert_eq!(always.next_change(from), None);
}

#[test]
fn the_rarest_opening_is_found_and_one_that_never_comes_is_not() {
    // Only on a 29th of February; 2100 has none.
    let leap = Schedule::always(zone(Europe::London)).observing([holiday(
        "Not a leap day",
        "03/01-02/28",
        "",
    )]);
    assert_eq!(leap.next_opening(at("2026-01-01T00:00:00Z")), Some(at("2028-02-29T00:00:00Z")));
    assert_eq!(leap.next_opening(at("2096-03-01T00:00:00Z")), Some(at("2104-02-29T00:00:00Z")));
    let never =
        Schedule::always(zone(Europe::London)).observing([holiday("Every day", "01/01-12/31", "")]);
    assert_eq!(never.next_opening(at("2026-01-01T00:00:00Z")), None);
}

#[test]
fn openings_and_the_time_in_them() {
    let office = week(America::New_York, &[("mon-fri", "09:00-12:00, 13:00-17:00")])
        .observing([holiday("Thanksgiving", "4th thu nov", "")]);
    let (from, to) = (at("2026-11-25T15:30:00Z"), at("2026-11-27T15:00:00Z"));
    let openings: Vec<String> = office
        .openings(from, to)
        .map(|opening| {
            format!("{} {}", opening.from.format("%d %H:%M"), opening.to.format("%H:%M"))
        })
        .collect();
    assert_eq!(openings, ["25 15:30 17:00", "25 18:00 22:00", "27 14:00 15:00"]);
    assert_eq!(office.open_time(from, to), TimeDelta::minutes(90 + 240 + 60));
    assert_eq!(office.open_time(to, from), TimeDelta::zero());
    // The hour that the clock repeats counts twice.
    let night = week(America::New_York, &[("sun", "01:00-02:00")]);
    let (from, to) = (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    assert_eq!(night.open_time(from, to), TimeDelta::hours(2));
}

#[test]
fn a_day_of_a_calendar() {
    let office = week(America::New_York, &[("daily", "09:00-17:00")]).observing([
        holiday("Sale", "11/01", "10:00-10:10"),
        holiday("Thanksgiving", "4th thu nov", ""),
    ]);
    let day = |date: &str, zone: Tz| {
        let day = office.day(date.parse().unwrap(), &self::zone(zone));
        let hours: Vec<String> = day
            .openings
            .iter()
            .map(|opening| {
                format!("{}-{}", opening.from.format("%H:%M"), opening.to.format("%H:%M"))
            })
            .collect();
        let holidays: Vec<&str> = day.holidays.iter().map(|holiday| holiday.name()).collect();
        ((day.to - day.from).num_hours(), hours.join(" "), holidays.join(" "))
    };
    // The clock goes back on the first; a sale of ten minutes is not missed.
    let expected = (25, "14:00-15:00 15:10-22:00".to_owned(), "Sale".to_owned());
    assert_eq!(day("2026-11-01", America::New_York), expected);
    let closed = (24, String::new(), "Thanksgiving".to_owned());
    assert_eq!(day("2026-11-26", America::New_York), closed);
    // On the clock of Tokyo it is the night, and two days of New York.
    let night = (24, "15:00-22:00".to_owned(), "Thanksgiving".to_owned());
    assert_eq!(day("2026-11-26", Asia::Tokyo), night);
    // A midnight that is not there, and a day.
    let first =
        |date: &str, zone: Tz| self::zone(zone).midnight(date.parse().unwrap()).to_rfc3339();
    assert_eq!(first("2018-11-04", America::Sao_Paulo), "2018-11-04T03:00:00+00:00");
    assert_eq!(first("2011-12-30", Pacific::Apia), "2011-12-30T10:00:00+00:00");
}

/// Weekly hours, holidays, an instant: of any kind.
fn any_schedule() -> impl Strategy<Value = (Schedule, Vec<Holiday>, Instant)> {
    let zones = prop::sample::select(vec![
        America::New_York,
        Australia::Lord_Howe,
        Asia::Kathmandu,
        Pacific::Apia,
        Europe::London,
    ]);
    let hours = prop::sample::select(vec![
        "09:00-17:00",
        "24 hours",
        "22:00-02:00",
        "00:00-01:30, 13:00-24:00",
        "closed",
    ]);
    let dates = prop::sample::select(vec![
        "12/25",
        "02/29",
        "12/30-01/02",
        "last sun mar",
        "4th thu nov",
        "1st mon sep",
        "06/01-08/31",
        "2026-03-28 to 2026-03-30",
    ]);
    let times = prop::sample::select(vec!["", "12:00-24:00", "22:00-03:00", "00:00-09:30"]);
    let holidays = prop::collection::vec((dates, times), 0..4);
    (zones, hours, holidays, 1_700_000_000_i64..2_100_000_000).prop_map(
        |(zone, hours, holidays, second)| {
            let days = [("mon-sat", hours)];
            let holidays =
                holidays.into_iter().map(|(dates, time)| holiday("A day", dates, time)).collect();
            (week(zone, &days), holidays, DateTime::from_timestamp(second, 0).unwrap())
        },
    )
}

proptest! {
    #[test]
    fn the_laws_of_openings((week, holidays, from) in any_schedule()) {
        let with = week.clone().observing(holidays);
        let minutes = (1..3_000).map(|minute| from + TimeDelta::minutes(minute * 7));
        // A holiday never opens anything, and what it closes is told.
        for at in minutes {
            prop_assert!(!with.is_open(at) || week.is_open(at));
            prop_assert_eq!(with.is_open(at), week.is_open(at) && with.holiday(at).is_none());
        }
        // The next change is the least instant that differs.
        prop_assert_eq!(
            with.next_change(from).filter(|change| *change <= from + TimeDelta::days(15)),
            next_change_by_minutes(&with, from)
        );
        // Openings are apart from each other, whole, and open.
        let to = from + TimeDelta::days(20);
        let mut last = from - TimeDelta::seconds(1);
        for Opening { from: opens, to: closes } in with.openings(from, to) {
            prop_assert!(last < opens && opens < closes && closes <= to);
            prop_assert!(with.is_open(opens) && with.is_open(closes - TimeDelta::seconds(1)));
            prop_assert!(closes == to || !with.is_open(closes));
            prop_assert!(opens == from || !with.is_open(opens - TimeDelta::seconds(1)));
            last = closes;
        }
    }

    #[test]
    fn the_next_change_is_the_least_instant_that_differs(
        zone in prop::sample::select(vec![
            America::New_York, Europe::London, Australia::Lord_Howe, Asia::Kathmandu, Pacific::Chatham,
            America::Sao_Paulo, Europe::Istanbul, Pacific::Apia,
        ]),
        ranges in prop::collection::vec((0_u16..7, 0_u16..1440, 1_u16..1440), 1..6),
        second in 946_684_800_i64..2_208_988_800,
    ) {
        let hours: Vec<_> = ranges
            .iter()
            .map(|(day, from, len)| {
                let to = (from + len) % 1440;
                let to = if to == 0 { 1440 } else { to };
                (Weekday::try_from(u8::try_from(*day).unwrap()).unwrap(), TimeRange { from: *from, to })
            })
            .collect();
        let Ok(week) = Schedule::new(self::zone(zone), hours) else { return Ok(()) };
        let from = DateTime::from_timestamp(second, 0).unwrap();
        prop_assert_eq!(week.next_change(from), next_change_by_minutes(&week, from));
    }
}

#[test]
fn every_clock_change_of_many_zones_agrees_with_the_minutes() {
    for zone in
        [America::New_York, Europe::London, Australia::Lord_Howe, Pacific::Chatham, Pacific::Apia]
    {
        let week = week(
            zone,
            &[("daily", "00:00-01:30, 02:15-02:45, 09:00-17:00"), ("sun", "23:00-23:59")],
        );
        let (mut jump, end) = (at("2011-01-01T00:00:00Z").timestamp(), at("2012-12-31T00:00:00Z"));
        loop {
            jump = week.zone().offset(jump).1;
            if jump > end.timestamp() {
                break;
            }
            for quarters in -16..=16 {
                let from = DateTime::from_timestamp(jump + quarters * 900, 0).unwrap();
                assert_eq!(
                    week.next_change(from),
                    next_change_by_minutes(&week, from),
                    "{zone} {from}"
                );
            }
        }
    }
}
