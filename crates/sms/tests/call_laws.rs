//! What must hold for any call, and the form in which calls are stored.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::{Call, CallInput, TextConsent};
use frontdesk_types::{Event, Fact};
use proptest::prelude::*;
use support::{
    calls::{Desk, config, input, opening},
    start_instant,
};

/// Another form needs another version, and a file of its own: with `FRONTDESK_WRITE=1` this test writes it.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads and writes its files")]
fn stored_calls_of_the_released_format_are_read() {
    let config = config();
    let desk = Desk::with(TextConsent { opted_out: false, given: true, opt_in_text_due: false });
    let (mut call, _) = Call::start(opening(true), start_instant());
    let mut at = start_instant();
    let mut lines = String::new();
    let schedules = ["schedule phone-sales", "+64499s", "+301s", "cancel"];
    for raw in [
        "+",
        "call phone-sales",
        "press 1",
        "lost 1",
        "wait 30",
        "+121s",
        "press 1",
        "press 1",
        "caller: Hi",
        "call phone-orders",
        "wait 40",
        "+181s",
        "press 2",
        "caller calls again",
        "connect ana",
        "ana links",
        "app opened",
        "agent hangs up",
    ]
    .into_iter()
    .chain(schedules)
    {
        if raw == schedules[0] {
            (call, _) = Call::start(opening(true), start_instant());
            at = start_instant();
        }
        let seconds = raw.trim_matches(['+', 's']).parse().unwrap_or(1);
        at += TimeDelta::seconds(seconds);
        let step = call.handle(&config, &desk, input(&call, raw), at);
        assert_eq!(step.refused, None, "{raw}");
        let stored: Vec<String> =
            call.to_stored().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        lines.push_str(&format!("{}\t{raw}\t{}\n", stored.concat(), shown(&call)));
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stored");
    let path = format!("{folder}/call-v4.tsv");
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        std::fs::write(&path, &lines).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), lines);
    for file in ["call-v1.tsv", "call-v2.tsv", "call-v3.tsv", "call-v4.tsv"] {
        let filed = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
        for line in filed.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let bytes: Vec<u8> = (0..fields[0].len() / 2)
                .map(|i| u8::from_str_radix(&fields[0][2 * i..2 * i + 2], 16).unwrap())
                .collect();
            let mut call = Call::from_stored(&bytes).unwrap();
            assert_eq!(shown(&call), fields[2], "{}", fields[1]);
            assert_eq!(
                Call::from_stored(&call.to_stored().unwrap()).unwrap(),
                call,
                "{}",
                fields[1]
            );
            while let Some(deadline) = call.next_deadline(&config) {
                let step = call.handle(&config, &desk, CallInput::TimePassed, deadline);
                assert!(!step.events.is_empty(), "{}", fields[1]);
            }
            assert!(call.end_reason().is_some(), "{}", fields[1]);
        }
    }
}

fn shown(call: &Call) -> String {
    let asked = call.asked().map(|asked| {
        let keys = asked.keys().map(|key| key.to_string()).collect::<String>();
        format!("{:?} {keys} until {}", asked.question, asked.until.to_rfc3339())
    });
    format!(
        "{} {} {} {:?} queue {:?} agent {:?} since {:?} asked {} chat {:?} app {:?} chosen {:?} seen {}",
        call.telephony_id(),
        call.number(),
        call.status().word(),
        call.end_reason(),
        call.queue(),
        call.agent(),
        call.waiting_since().map(|since| since.to_rfc3339()),
        asked.unwrap_or_else(|| "nothing".into()),
        call.going_on_in().map(|(queue, number)| format!("{queue} {number}")),
        call.app(),
        call.chosen().map(ToString::to_string),
        call.seen().to_rfc3339(),
    )
}

fn any_input() -> impl Strategy<Value = &'static str> {
    let script = [
        "call phone-billing",
        "call phone-sales",
        "call phone-support",
        "call phone-orders",
        "call nowhere",
        "call phone-night",
        "schedule phone-sales",
        "cancel",
        "wait 3",
        "wait 20",
        "wait ?",
        "press 1",
        "press 2",
        "press 3",
        "press 6",
        "press #",
        "caller: Hello",
        "connect ana",
        "connect ben",
        "ana: Hi",
        "ana, agreed: Hi",
        "ben, agreed, links",
        "app opened",
        "delivered 1",
        "delivered 2",
        "lost 1",
        "caller hangs up",
        "line lost",
        "caller calls again",
        "supervisor ends",
        "+",
    ];
    prop::sample::select(script.to_vec())
}

/// Since the input before; some clocks run back, some are set back, some are set right.
fn seconds() -> impl Strategy<Value = i64> {
    const YEAR: i64 = 365 * 24 * 3600;
    prop_oneof![
        20 => -100_i64..400,
        1 => prop::sample::select(vec![-YEAR, -7 * 24 * 3600, -3600, -400, YEAR]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The invariants of design.md, as for sessions (tests/laws.rs).
    #[test]
    fn any_call_keeps_the_rules(
        history in prop::collection::vec((seconds(), any_input(), any::<bool>()), 0..24),
        takes_texts in any::<bool>(),
    ) {
        let config = config();
        let desk = Desk::new();
        let mut at = start_instant();
        let (mut call, started) = Call::start(opening(takes_texts), at);
        let mut all = vec![started];
        for (seconds, raw, open) in history {
            at += TimeDelta::seconds(seconds);
            desk.open.set(open);
            let input = input(&call, raw);
            let mut polled = call.clone();
            let mut polled_events = polled.handle(&config, &desk, CallInput::TimePassed, at).events;
            polled_events.extend(polled.handle(&config, &desk, input.clone(), at).events);
            let mut stored = Call::from_stored(&call.to_stored().unwrap()).unwrap();
            let stored_step = stored.handle(&config, &desk, input.clone(), at);
            let before = call.clone();
            let step = call.handle(&config, &desk, input, at);
            prop_assert_eq!(&stored, &call);
            prop_assert_eq!(&stored_step, &step);
            prop_assert_eq!(&polled, &call);
            prop_assert_eq!(&polled_events, &step.events);
            if step.events.is_empty() {
                prop_assert_eq!(&before, &call);
            }
            all.extend(step.events);
            // A clock that was set back holds no timer, but for calls that were scheduled by the calendar.
            let longest = TimeDelta::hours(24) + TimeDelta::minutes(5);
            let due = call.next_deadline(&config).filter(|_| call.slot().is_none());
            prop_assert!(due.is_none_or(|due| due - at <= longest));
            let replayed = Call::replay(&config, call.id(), &all);
            prop_assert_eq!(replayed.as_ref(), Some(&call));
            prop_assert!(call.asked().is_none() || call.status().word() == "waiting");
        }
        let texts = |fact: &Fact| matches!(fact, Fact::OutboundMessage { .. });
        prop_assert!(takes_texts || !all.iter().any(|event| texts(&event.fact)));
        for _ in 0..16 {
            if let Some(mut deadline) = call.next_deadline(&config) {
                let early = deadline - TimeDelta::milliseconds(1);
                if call.is_clock_changed(early) {
                    let right = call.handle(&config, &desk, CallInput::TimePassed, early).events;
                    let noticed = matches!(right[..], [Event { fact: Fact::ClockChanged { .. }, .. }]);
                    prop_assert!(noticed);
                    all.extend(right);
                    deadline = call.next_deadline(&config).unwrap();
                }
                let early = deadline - TimeDelta::milliseconds(1);
                prop_assert!(call.handle(&config, &desk, CallInput::TimePassed, early).events.is_empty());
                prop_assert!(!call.handle(&config, &desk, CallInput::TimePassed, deadline).events.is_empty());
            }
        }
        prop_assert!(call.end_reason().is_some());
        prop_assert!(call.to_stored().unwrap().len() <= 512);
        let mut last = start_instant();
        for event in &all {
            prop_assert!(event.at >= last);
            last = event.at;
        }
    }
}
