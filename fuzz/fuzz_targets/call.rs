#![no_main]
//! Any bytes are a life of a call, from its beginning or from a stored one. Nothing panics, nothing changes without
//! an event, polling makes no difference, every call ends.
use frontdesk::{
    sms::{
        Call, CallArrival, CallConfig, CallInput, CallOpening, CallQueue, CallSlot, CallView, Capacity, CapacityOffer,
        DeflectionRule, Question, Text, TextConsent, WaitingCaller,
        services::{PreSessionDeflection, Threshold, WaitTime},
    },
    types::{
        AgentId, Alternative, Channel, HungUp, Instant, Language, MessageId, QueueId, SessionId, SupportNumber, from_millis,
    },
};

struct Desk(u8);

impl CallView for Desk {
    fn takes_chat(&self, _: &QueueId, _: SupportNumber) -> bool {
        self.0 & 1 == 0
    }

    fn may_go_on_at(&self, _: SupportNumber) -> bool {
        self.0 & 2 == 0
    }

    fn arrival(&self, at: &QueueId, _: Channel) -> CallArrival {
        match self.0 >> 4 & 3 {
            1 if *at != queue("b") => CallArrival::Elsewhere(queue("b")),
            2 => CallArrival::Closed { offers: vec![Alternative::Voicemail], holiday: Some("A".into()) },
            _ => CallArrival::Here,
        }
    }

    fn consent(&self) -> TextConsent {
        TextConsent {
            opted_out: self.0 & 2 == 2,
            given: self.0 & 4 == 4,
            opt_in_text_due: self.0 & 8 == 8,
        }
    }
}

/// Over five minutes, and over ten: after two and three minutes.
#[derive(Debug)]
struct Bands;

impl Capacity for Bands {
    fn next(&self, caller: &WaitingCaller, at: Instant) -> Option<CapacityOffer> {
        let band = caller.asked_in.map_or(0, |band| band + 1);
        let estimate = caller.estimate?;
        let alternatives = match band {
            0 => vec![Alternative::Voicemail, Alternative::PreSessionSms(queue("billing"))],
            _ => vec![Alternative::Callback, Alternative::Queue(queue("b")), Alternative::Message],
        };
        let reached = caller.since + chrono::TimeDelta::minutes((2 + band).into());
        let over = band < 2 && estimate > 5 * (band + 1);
        over.then_some(CapacityOffer { at: reached.max(at), band, alternatives })
    }
}

fn queue(id: &str) -> QueueId {
    id.parse().expect("an id")
}

fn config() -> CallConfig {
    let mut config = CallConfig::new("Acme", Language::ENGLISH);
    let rules = CallQueue {
        over_capacity: Some(std::sync::Arc::new(Bands)),
        wait_time: Some(Threshold::<WaitTime>::from_minutes(8)),
        deflection: Some(DeflectionRule {
            to: queue("billing"),
            names: [(Language::ENGLISH, "Billing".into())].into_iter().collect(),
            number: "+12025550100".parse().expect("a number"),
            threshold: Threshold::<PreSessionDeflection>::from_minutes(6),
        }),
        ..CallQueue::default()
    };
    config.queues.insert(queue("a"), rules);
    config.app_link = Some("https://app.example".parse().expect("a template"));
    config
}

fn input(kind: u8, of: u8, body: &str) -> CallInput {
    let agent = || -> AgentId { ["ana", "ben"][usize::from(of) % 2].parse().expect("an id") };
    let agreed = of & 4 == 4;
    match kind % 16 {
        0 => CallInput::Queued { queue: queue(if of % 3 == 0 { "b" } else { "a" }) },
        1 => CallInput::WaitEstimated { minutes: (of > 0).then_some(u32::from(of)) },
        2..=4 => match ["1", "2", "3", "4", "#"][usize::from(of) % 5].parse() {
            Ok(key) => {
                let heard = [Question::Deflection, Question::KeepWaiting, Question::WaitTime];
                CallInput::KeyPressed { question: heard[usize::from(of / 5) % 3], key }
            }
            Err(_) => CallInput::TimePassed,
        },
        5 => CallInput::ConsumerText(Text::new("SM", body), None),
        6 => CallInput::AgentText { agent: agent(), body: body.into(), agreed },
        7 => CallInput::AppLink { agent: agent(), agreed },
        8 => CallInput::AppOpened,
        9 => CallInput::Connected { agent: agent() },
        10 => {
            let id = MessageId::of_session(SessionId(7), u32::from(of % 4));
            CallInput::Delivery { id, arrived: agreed, chat: SessionId(8) }
        }
        11 if of & 1 == 0 => CallInput::EndedBySupervisor,
        12 => CallInput::Returned { call: "CA8".parse().expect("an id") },
        13 => {
            let minute = |minutes: u8| from_millis(1_763_650_800_000 + i64::from(minutes) * 60_000);
            let slot = CallSlot { from: minute(of), announced: minute(of / 2), expires: minute(of.saturating_add(9)) };
            CallInput::Scheduled { queue: queue("a"), slot }
        }
        14 if of % 3 == 0 => CallInput::Cancelled,
        _ if of % 3 == 0 => {
            let by = [HungUp::Agent, HungUp::Caller, HungUp::Network][usize::from(of) % 3];
            CallInput::Ended { by }
        }
        _ => CallInput::TimePassed,
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // From a stored one.
    if let Ok(call) = Call::from_stored(bytes) {
        let stored = call.to_stored().expect("it can be written");
        assert!(Call::from_stored(&stored).is_ok_and(|again| again.to_stored().is_ok_and(|again| again == stored)));
    }
    let Some((first, bytes)) = bytes.split_first() else { return };
    let (config, mut at) = (config(), from_millis(1_763_650_800_000));
    let opening = CallOpening {
        id: SessionId(7),
        call: "CA7".parse().expect("an id"),
        consumer: "+12025550123".parse().expect("a number"),
        number: "+12025550160".parse().expect("a number"),
        language: Language::ENGLISH,
        takes_texts: first & 1 == 1,
        has_voicemail: first & 2 == 2,
        entry_point: if first & 4 == 4 { Channel::Web } else { Channel::Ivr },
    };
    let (mut call, started) = Call::start(opening, at);
    let mut all = vec![started];
    for step in bytes.chunks(6) {
        let [kind, of, pause, open, rest @ ..] = step else { break };
        at = from_millis(at.timestamp_millis() + i64::from(*pause) * 2_000 - 4_000);
        let desk = Desk(*open);
        let input = input(*kind, *of, &String::from_utf8_lossy(rest));
        let (before, mut polled) = (call.clone(), call.clone());
        let mut polled_events = polled.handle(&config, &desk, CallInput::TimePassed, at).events;
        polled_events.extend(polled.handle(&config, &desk, input.clone(), at).events);
        let step = call.handle(&config, &desk, input, at);
        assert!(polled == call && polled_events == step.events);
        assert!(!step.events.is_empty() || before == call);
        all.extend(step.events);
        call = Call::from_stored(&call.to_stored().expect("it can be written")).expect("it was written by us");
    }
    assert!(Call::replay(&config, SessionId(7), &all).as_ref() == Some(&call));
    for _ in 0..16 {
        let Some(deadline) = call.next_deadline(&config) else { break };
        let _ = call.handle(&config, &Desk(0), CallInput::TimePassed, deadline);
    }
    assert!(call.end_reason().is_some());
});
