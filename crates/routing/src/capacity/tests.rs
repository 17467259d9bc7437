use super::*;

fn minutes(of: i64) -> TimeDelta {
    TimeDelta::minutes(of)
}

fn queue(name: &str) -> QueueId {
    name.parse().unwrap()
}

fn after(seconds: i64) -> Instant {
    frontdesk_types::from_millis(1_795_186_800_000) + TimeDelta::seconds(seconds)
}

fn band(estimate: i64, waited: i64, alternatives: &[Alternative]) -> Band {
    let (estimate, waited) = (minutes(estimate), minutes(waited));
    Band { estimate, waited, alternatives: alternatives.to_vec() }
}

/// Who has waited since the beginning.
fn caller(estimate: i64) -> WaitingConsumer {
    WaitingConsumer {
        channel: Channel::Ivr,
        since: after(0),
        estimate: Some(minutes(estimate)),
        asked_in: None,
        has_voicemail: false,
        has_callback: false,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as the hours of a band are given")]
fn always(_: usize, at: Instant) -> Option<Instant> {
    Some(at)
}

#[test]
fn rte_13_a_call_is_over_capacity_by_both_its_wait_and_the_estimate() {
    use Alternative::{Callback, Voicemail};
    let rules = CapacityRules {
        bands: vec![band(5, 2, &[Voicemail]), band(20, 3, &[Callback, Voicemail])],
        once_per_number: true,
    };
    let due = |consumer: &WaitingConsumer, at| {
        let offer = rules.next(consumer, at, always)?;
        let after = offer.at.signed_duration_since(after(0));
        Some((after.num_milliseconds(), offer.band, offer.alternatives))
    };
    let table = [
        (caller(5), 600, None, "the estimate is not above five minutes"),
        (
            caller(6),
            0,
            Some((120_001, 0, vec![Voicemail])),
            "once they have waited longer than two",
        ),
        (caller(6), 300, Some((300_000, 0, vec![Voicemail])), "they have: now"),
        (caller(30), 0, Some((120_001, 0, vec![Voicemail])), "the first band is reached first"),
        (caller(30), 200, Some((200_000, 1, vec![Callback, Voicemail])), "both hold: the last"),
        (
            WaitingConsumer { asked_in: Some(0), ..caller(30) },
            125,
            Some((180_001, 1, vec![Callback, Voicemail])),
            "asked in the first",
        ),
        (WaitingConsumer { asked_in: Some(1), ..caller(90) }, 900, None, "asked in the last"),
        (WaitingConsumer { estimate: None, ..caller(0) }, 900, None, "unknown is not too long"),
        (WaitingConsumer { channel: Channel::Sms, ..caller(90) }, 900, None, "texts have none"),
        (
            WaitingConsumer { has_voicemail: true, ..caller(6) },
            300,
            Some((300_000, 0, vec![])),
            "one voice message: they are told that many wait",
        ),
        (
            WaitingConsumer { has_callback: true, ..caller(30) },
            300,
            Some((300_000, 1, vec![Voicemail])),
            "one callback",
        ),
    ];
    for (consumer, at, expected, why) in table {
        assert_eq!(due(&consumer, after(at)), expected, "{why}");
    }
}

#[test]
fn rte_13_web_and_mobile_chats_are_offered_an_email_by_the_estimate_alone() {
    let rules =
        CapacityRules { bands: vec![band(10, 60, &[Alternative::Email])], once_per_number: false };
    for channel in [Channel::Web, Channel::Mobile] {
        assert_eq!(rules.problems(channel), []);
        let consumer = WaitingConsumer { channel, ..caller(11) };
        let alternatives = vec![Alternative::Email];
        let now = CapacityOffer { at: after(0), band: 0, alternatives };
        assert_eq!(rules.next(&consumer, after(0), always), Some(now));
    }
    assert!(matches!(
        &rules.problems(Channel::Ivr)[..],
        [CapacityError::NotForChannel { band: 0, .. }]
    ));
}

#[test]
fn rte_13_by_time_of_day() {
    let bands = vec![band(1, 0, &[Alternative::Message]), band(1, 0, &[Alternative::Callback])];
    let rules = CapacityRules { bands, once_per_number: false };
    // The second band is one of the evening, which begins after an hour and has an end.
    let hours = |band, at: Instant| match band {
        1 if at < after(3_600) => Some(after(3_600)),
        1 if at >= after(7_200) => None,
        _ => Some(at),
    };
    let due = |asked_in, at| {
        let offer = rules.next(&WaitingConsumer { asked_in, ..caller(5) }, after(at), hours)?;
        Some((offer.at.signed_duration_since(after(0)).num_seconds(), offer.band))
    };
    assert_eq!(due(None, 1), Some((1, 0)));
    assert_eq!(due(Some(0), 1), Some((3_600, 1)), "it comes while they wait");
    assert_eq!(due(None, 4_000), Some((4_000, 1)));
    assert_eq!(due(Some(0), 7_200), None);
}

#[test]
fn rte_13_a_consumer_is_asked_once_a_band_and_chooses_or_keeps_waiting() {
    use Alternative::{Callback, Voicemail};
    use CapacityInput::{Chose, Due, KeepsWaiting};
    let offer = |band, alternatives: &[Alternative]| {
        Due(CapacityOffer { at: after(0), band, alternatives: alternatives.to_vec() })
    };
    let mut desk = CapacityDesk::default();
    assert!(desk.handle(Chose(0)).is_err(), "nothing was offered");
    assert!(desk.handle(KeepsWaiting { said: true }).is_err());
    let asked = CapacityEvent::Offered(vec![Voicemail]);
    assert_eq!(desk.handle(offer(0, &[Voicemail])), Ok(vec![asked]));
    assert_eq!(desk.asked_in(), Some(0));
    assert_eq!(desk.handle(offer(0, &[Voicemail])), Ok(vec![]), "asked already");
    assert_eq!(desk.handle(Chose(1)), Err(NotOffered { found: 1, offered: 1 }));
    let kept = CapacityEvent::KeptWaiting { said: false };
    assert_eq!(desk.handle(KeepsWaiting { said: false }), Ok(vec![kept]), "nothing was pressed");
    assert!(desk.handle(Chose(0)).is_err(), "too late");
    let asked = CapacityEvent::Offered(vec![Callback]);
    assert_eq!(desk.handle(offer(1, &[Callback])), Ok(vec![asked]));
    assert_eq!(desk.handle(Chose(0)), Ok(vec![CapacityEvent::Deflected(Callback)]));
    assert_eq!(desk.handle(offer(2, &[Voicemail])), Ok(vec![]), "never again");
}

#[test]
fn rte_13_circles_and_bands_that_never_count_are_refused() {
    let to = |name: &str| CapacityRules {
        bands: vec![band(5, 0, &[Alternative::Queue(queue(name))])],
        once_per_number: false,
    };
    let rules: BTreeMap<QueueId, CapacityRules> = [
        (queue("a"), to("b")),
        (queue("b"), to("c")),
        (queue("c"), to("a")),
        (queue("d"), to("a")),
    ]
    .into();
    let said: Vec<String> = circles(&rules).iter().map(ToString::to_string).collect();
    assert_eq!(said, ["the queues send their consumers round in a circle: a → b → c → a"]);
    let open: BTreeMap<_, _> = rules.into_iter().filter(|(id, _)| *id != queue("c")).collect();
    assert_eq!(circles(&open), []);
    let many: Vec<Alternative> =
        (0..9).map(|n| Alternative::Queue(queue(&format!("q{n}")))).collect();
    let wrong = CapacityRules {
        bands: vec![
            band(9, 0, &[Alternative::Voicemail, Alternative::Message, Alternative::Voicemail]),
            band(5, 0, &many),
        ],
        once_per_number: false,
    };
    let said: Vec<String> = wrong.problems(Channel::Ivr).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "band 0 offers voicemail twice",
            "band 1 offers 9 things, allowed are 8 (keys 2 to 9)",
            "band 1 has a shorter estimate than the one before: the longest stands last",
        ]
    );
    let nothing = CapacityRules { bands: vec![band(9, 0, &[])], once_per_number: false };
    assert_eq!(nothing.problems(Channel::Web), [CapacityError::Empty { band: 0 }]);
    assert_eq!(nothing.problems(Channel::Ivr), [], "a caller is told that many wait");
}
