use chrono_tz::{America, Asia, Australia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn week(zone: Tz, hours: &[(&str, &str)]) -> Week {
    Week::parse(zone.name(), hours.iter().copied()).unwrap()
}

/// The rule itself, minute by minute: slow and obviously right.
fn next_change_by_minutes(week: &Week, from: Instant) -> Option<Instant> {
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
    assert_eq!(week, Week::always(Europe::Berlin));
    assert_eq!(week.status(at("2026-11-20T23:00:00Z")), Status::Open { closes: None });
    let split = Week::parse("Europe/Berlin", [("daily", "00:00-12:00, 12:00-24:00")]).unwrap();
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
    let week = Week::new(Europe::Paris, []).unwrap();
    assert_eq!(week.status(at("2026-11-20T12:00:00Z")), Status::Closed { opens: None });
}

#[test]
fn mistakes_say_what_is_allowed() {
    let zone = Week::parse("America/New York", [("mon", "09:00-17:00")]).unwrap_err();
    assert!(zone.to_string().ends_with("did you mean America/New_York?"), "{zone}");
    let overlap = Week::parse("UTC", [("mon", "22:00-03:00"), ("tue", "02:00-04:00")]).unwrap_err();
    assert_eq!(overlap.to_string(), "the hours overlap on Tue at 02:00");
}

proptest! {
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
        let Ok(week) = Week::new(zone, hours) else { return Ok(()) };
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
        let mut at = at("2011-01-01T00:00:00Z");
        while at < self::at("2012-12-31T00:00:00Z") {
            let next = at + TimeDelta::hours(12);
            if week.offset(at) != week.offset(next) {
                for half_hours in -8..=32 {
                    let from = at + TimeDelta::minutes(30 * half_hours);
                    assert_eq!(
                        week.next_change(from),
                        next_change_by_minutes(&week, from),
                        "{zone} {from}"
                    );
                }
            }
            at = next;
        }
    }
}
