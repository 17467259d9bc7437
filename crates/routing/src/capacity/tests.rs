use super::*;

fn minutes(of: i64) -> TimeDelta {
    TimeDelta::minutes(of)
}

fn queue(name: &str) -> QueueId {
    name.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn band(estimate: i64, waited: i64, alternatives: &[Alternative]) -> Band {
    let (estimate, waited) = (minutes(estimate), minutes(waited));
    Band { estimate, waited, hours: None, alternatives: alternatives.to_vec() }
}

fn caller(waited: i64, estimate: i64) -> WaitingConsumer {
    WaitingConsumer {
        channel: Channel::Ivr,
        waited: minutes(waited),
        estimate: Some(minutes(estimate)),
        time: time("12:00"),
        has_voicemail: false,
        has_callback: false,
    }
}

#[test]
fn rte_13_a_call_is_over_capacity_by_both_its_wait_and_the_estimate() {
    use Alternative::{Callback, Voicemail};
    let rules = CapacityRules {
        bands: vec![band(5, 2, &[Voicemail]), band(20, 2, &[Callback, Voicemail])],
        once_per_number: true,
    };
    let offers = |consumer: &WaitingConsumer| rules.offers(consumer).map(|(_, offers)| offers);
    let table = [
        (caller(1, 30), None, "has not waited long"),
        (caller(3, 4), None, "the estimate is short"),
        (caller(2, 5), Some(vec![Voicemail]), "both are long"),
        (caller(3, 30), Some(vec![Callback, Voicemail]), "the second band"),
        (WaitingConsumer { estimate: None, ..caller(9, 0) }, None, "unknown is not too long"),
        (WaitingConsumer { channel: Channel::Sms, ..caller(9, 90) }, None, "texts have none"),
        (WaitingConsumer { has_voicemail: true, ..caller(3, 6) }, None, "one voice message"),
        (
            WaitingConsumer { has_callback: true, ..caller(3, 30) },
            Some(vec![Voicemail]),
            "one callback",
        ),
    ];
    for (consumer, expected, why) in table {
        assert_eq!(offers(&consumer), expected, "{why}");
    }
}

#[test]
fn rte_13_web_and_mobile_chats_are_offered_an_email_by_the_estimate_alone() {
    let rules =
        CapacityRules { bands: vec![band(10, 60, &[Alternative::Email])], once_per_number: false };
    for channel in [Channel::Web, Channel::Mobile] {
        assert_eq!(rules.problems(channel), []);
        let consumer = WaitingConsumer { channel, ..caller(0, 10) };
        assert_eq!(rules.offers(&consumer), Some((0, vec![Alternative::Email])));
    }
    assert!(matches!(
        &rules.problems(Channel::Ivr)[..],
        [CapacityError::NotForChannel { band: 0, .. }]
    ));
}

#[test]
fn rte_13_by_time_of_day_over_midnight_too() {
    let mut night = band(1, 0, &[Alternative::Message]);
    night.hours = Some((time("22:00"), time("06:00")));
    let rules = CapacityRules { bands: vec![night], once_per_number: false };
    for (at, over) in [("21:59", false), ("22:00", true), ("00:00", true), ("06:00", false)] {
        let consumer = WaitingConsumer { time: time(at), ..caller(5, 5) };
        assert_eq!(rules.offers(&consumer).is_some(), over, "{at}");
    }
}

#[test]
fn rte_13_a_consumer_is_asked_once_a_band_and_chooses_or_keeps_waiting() {
    use Alternative::{Callback, Voicemail};
    use CapacityInput::{Chose, KeepsWaiting, Looked};
    let rules = CapacityRules {
        bands: vec![band(5, 0, &[Voicemail]), band(20, 0, &[Callback])],
        once_per_number: false,
    };
    let mut desk = CapacityDesk::default();
    let mut say = |input| desk.handle(&rules, input);
    assert!(say(Chose(0)).is_err(), "nothing was offered");
    assert!(say(KeepsWaiting { said: true }).is_err());
    assert_eq!(say(Looked(caller(1, 4))), Ok(vec![]));
    assert_eq!(say(Looked(caller(1, 6))), Ok(vec![CapacityEvent::Offered(vec![Voicemail])]));
    assert_eq!(say(Looked(caller(2, 7))), Ok(vec![]), "asked already");
    assert_eq!(say(Chose(1)), Err(NotOffered { found: 1, offered: 1 }));
    let kept = CapacityEvent::KeptWaiting { said: false };
    assert_eq!(say(KeepsWaiting { said: false }), Ok(vec![kept]), "nothing was pressed");
    assert!(say(Chose(0)).is_err(), "too late");
    assert_eq!(say(Looked(caller(9, 25))), Ok(vec![CapacityEvent::Offered(vec![Callback])]));
    assert_eq!(say(Chose(0)), Ok(vec![CapacityEvent::Deflected(Callback)]));
    assert_eq!(say(Looked(caller(10, 90))), Ok(vec![]), "never again");
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
    let wrong = CapacityRules {
        bands: vec![band(9, 0, &[]), band(5, 0, &[Alternative::Message])],
        once_per_number: false,
    };
    assert_eq!(
        wrong.problems(Channel::Ivr),
        [CapacityError::Empty { band: 0 }, CapacityError::Order { band: 1 }]
    );
}
