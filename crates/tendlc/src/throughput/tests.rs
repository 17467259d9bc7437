use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{BrandRank, Facts};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn number() -> SupportNumber {
    "+12025550100".parse().unwrap()
}

fn rates(use_case: UseCase, score: u8) -> Rates {
    Rates::of(
        Facts::standard().on("2026-11-21".parse().unwrap()),
        "brand",
        "campaign",
        use_case,
        BrandRank::Scored(score),
    )
}

#[test]
fn a_carrier_that_nobody_knows_may_be_any() {
    let rates = Rates { number_per_minute: Some(60), ..rates(UseCase::Marketing, 80) };
    let told = |carrier, media| {
        let limits = rates.limits(number(), carrier, media);
        limits.iter().map(|limit| limit.most.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(Some(Carrier::Att), false), "4500 60");
    assert_eq!(told(Some(Carrier::Att), true), "2400 60");
    assert_eq!(told(Some(Carrier::TMobile), false), "200000 60");
    assert_eq!(told(Some(Carrier::Verizon), false), "6000 60");
    assert_eq!(told(Some(Carrier::Other), false), "60");
    assert_eq!(told(None, false), "4500 200000 6000 60");
    // Classes that count by number.
    let franchise = rates_of_franchise();
    assert_eq!(
        franchise.limits(number(), Some(Carrier::Att), false)[0].meter,
        Meter::AttNumber(number())
    );
}

fn rates_of_franchise() -> Rates {
    rates(UseCase::AgentsFranchises, 80)
}

#[test]
fn t_mobiles_day_begins_at_midnight_of_the_pacific() {
    let rates = Rates { reserve: 0, ..rates(UseCase::LowVolume, 80) };
    let limits = rates.limits(number(), Some(Carrier::TMobile), false);
    let mut counters = Counters::default();
    // A quarter of an hour before it, in summer and in winter.
    for (now, midnight) in [
        ("2026-07-02T06:45:00Z", "2026-07-02T07:00:00Z"),
        ("2026-11-24T07:45:00Z", "2026-11-24T08:00:00Z"),
    ] {
        counters.count(&limits, 2000, at(now));
        let room = counters.room(&rates, &limits, ContentType::Promotional, 1, at(now));
        let Room::From { at: free, limit } = room else { panic!("{room:?}") };
        assert_eq!((free, limit.most), (at(midnight), 2000));
        assert_eq!(
            counters.room(&rates, &limits, ContentType::Promotional, 2000, at(midnight)),
            Room::Now
        );
    }
}

#[test]
fn notifications_leave_room_for_answers() {
    let rates = rates(UseCase::SoleProprietor, 0);
    let limits = rates.limits(number(), Some(Carrier::Att), false);
    let (mut counters, now) = (Counters::default(), at("2026-11-21T15:00:00.900Z"));
    counters.count(&limits, 14, now);
    assert_eq!(counters.room(&rates, &limits, ContentType::Conversational, 1, now), Room::Now);
    let room = counters.room(&rates, &limits, ContentType::Promotional, 1, now);
    assert!(
        matches!(room, Room::From { at: free, .. } if free == at("2026-11-21T15:01:01Z")),
        "{room:?}"
    );
    let room = counters.room(&rates, &limits, ContentType::Conversational, 16, now);
    assert!(matches!(room, Room::Never { limit: Limit { most: 15, .. } }), "{room:?}");
}

proptest! {
    /// However messages come: no sixty seconds and no day of the Pacific has more than the limit, each leaves at the first
    /// instant at which there is room, and a counter that went through a store in between goes on counting.
    #[test]
    fn dlc_6_no_window_has_more_than_the_limit(
        most in 1_u32..40,
        messages in prop::collection::vec((0_i64..9_000, 1_u32..6), 1..120),
        day in any::<bool>(),
    ) {
        let span = if day { Span::PacificDay } else { Span::Minute };
        let time = if day { CountedTime::Day(&PACIFIC) } else { CountedTime::Minute };
        let unit = if day { 30_000 } else { 1 };
        let (mut counter, mut clock) = (Counter::default(), at("2026-03-07T00:00:00Z"));
        let mut left: Vec<(Instant, u32)> = Vec::new();
        for (pause, segments) in messages {
            let segments = segments.min(most);
            clock += TimeDelta::milliseconds(pause * unit);
            let free = counter.free(&time, most, segments, clock);
            prop_assert!(free >= clock);
            // Just before it there is no room.
            if free > clock {
                let before = free - TimeDelta::milliseconds(1);
                prop_assert!(counter.used(&time, before) + segments > most);
            }
            clock = free;
            counter.count(&time, segments, clock);
            counter = serde_json::from_str(&serde_json::to_string(&counter).unwrap()).unwrap();
            left.push((clock, segments));
        }
        for (i, (begin, _)) in left.iter().enumerate() {
            let date = |at: &Instant| at.with_timezone(&Los_Angeles).date_naive();
            let together = left[i..].iter().take_while(|(at, _)| match span {
                Span::Minute => *at < *begin + TimeDelta::minutes(1),
                Span::PacificDay => date(at) == date(begin),
            });
            prop_assert!(together.map(|(_, segments)| segments).sum::<u32>() <= most);
        }
    }
}
