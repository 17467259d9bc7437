//! Conversations beside phone calls: wait-time SMS, in-call SMS, deflection, the link of the app (SMS-29, 30, 31, 35).
//!
//! ```text
//! call phone-billing           the caller waits in a queue (also later, in another one)
//! wait 7                       the telephony estimates so many minutes (and "wait ?")
//! press 1                      the caller presses a key
//! caller: Hello                the caller texts the call's number
//! connect ana                  an agent has the call
//! ana: Hi!                     the agent texts ("ana, agreed: Hi!" when the caller has just agreed)
//! ana links                    the agent sends the link of the app ("ana, agreed, links")
//! app opened                   the app reports back
//! delivered 1                  the call's first text arrives (and "lost 1")
//! caller hangs up              (and "agent hangs up", "line lost")
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::cell::Cell;

use chrono::TimeDelta;
use frontdesk_sms::{
    Call, CallConfig, CallInput, CallOpening, CallQueue, CallView, DeflectionRule, OverCapacity,
    Step, Text, TextConsent,
    services::{PreSessionDeflection, Threshold, WaitTime},
};
use frontdesk_types::{
    HungUp, Language, MessageId, QueueId, SessionId, SupportNumber, Template, Variable,
};
use proptest::prelude::*;
use support::{hold, queue, start_instant, tell};

const CALL: SessionId = SessionId(77);
const CHAT: SessionId = SessionId(1043);

fn config() -> CallConfig {
    let mut config = CallConfig::new("Acme", Language::ENGLISH);
    let names = |name: &str| [(Language::ENGLISH, name.into())].into_iter().collect();
    let over_capacity = OverCapacity { waited: TimeDelta::minutes(2), estimate: 5 };
    let billing = CallQueue {
        names: names("Billing"),
        over_capacity: Some(over_capacity),
        wait_time: Some(Threshold::<WaitTime>::from_minutes(8)),
        deflection: None,
        messages: None,
    };
    let rule = |threshold| DeflectionRule {
        to: queue("billing"),
        names: names("Billing by text"),
        number: "+12025550100".parse().unwrap(),
        threshold,
    };
    let always = Threshold::<PreSessionDeflection>::always();
    let sales =
        CallQueue { deflection: Some(rule(always)), names: names("Sales"), ..billing.clone() };
    let ten = Threshold::<PreSessionDeflection>::from_minutes(10);
    let support =
        CallQueue { deflection: Some(rule(ten)), names: names("Support"), ..billing.clone() };
    config.queues =
        [("phone-billing", billing), ("phone-sales", sales), ("phone-support", support)]
            .into_iter()
            .map(|(id, rules)| (queue(id), rules))
            .collect();
    let link = Template::parse("https://app.acme.example/?c=@{SESSION_ID}", &[Variable::SessionId]);
    config.app_link = Some(link.unwrap());
    config
}

struct Desk {
    open: Cell<bool>,
    consent: TextConsent,
}

impl Desk {
    fn new() -> Self {
        let consent = TextConsent { opted_out: false, given: false, opt_in_text_due: false };
        Self { open: Cell::new(true), consent }
    }

    fn with(consent: TextConsent) -> Self {
        Self { consent, ..Self::new() }
    }
}

impl CallView for Desk {
    fn takes_chat(&self, _: &QueueId, _: SupportNumber) -> bool {
        self.open.get()
    }

    fn consent(&self) -> TextConsent {
        self.consent
    }
}

fn opening(takes_texts: bool) -> CallOpening {
    CallOpening {
        id: CALL,
        call: "CA-77".parse().unwrap(),
        consumer: "+12025550123".parse().unwrap(),
        number: "+12025550160".parse().unwrap(),
        language: Language::ENGLISH,
        takes_texts,
    }
}

fn input(raw: &str) -> CallInput {
    if raw.starts_with('+') {
        return CallInput::TimePassed;
    }
    let delivery = |number: &str, arrived| CallInput::Delivery {
        id: MessageId::of_session(CALL, number.parse().unwrap()),
        arrived,
        chat: CHAT,
    };
    match raw {
        "app opened" => return CallInput::AppOpened,
        "caller hangs up" => return CallInput::Ended { by: HungUp::Caller },
        "agent hangs up" => return CallInput::Ended { by: HungUp::Agent },
        "line lost" => return CallInput::Ended { by: HungUp::Network },
        _ => {}
    }
    if let Some(name) = raw.strip_suffix(" links") {
        let (name, agreed) =
            name.split_once(", agreed,").map_or((name, false), |(name, _)| (name, true));
        return CallInput::AppLink { agent: name.parse().unwrap(), agreed };
    }
    if let Some((name, body)) = raw.split_once(": ") {
        let (name, agreed) =
            name.split_once(", agreed").map_or((name, false), |(name, _)| (name, true));
        return match name {
            "caller" => CallInput::ConsumerText(Text::new("SM2", body)),
            _ => CallInput::AgentText { agent: name.parse().unwrap(), body: body.into(), agreed },
        };
    }
    match raw.split_once(' ').unwrap() {
        ("call", id) => CallInput::Queued { queue: queue(id) },
        ("wait", minutes) => CallInput::WaitEstimated { minutes: minutes.parse().ok() },
        ("press", key) => CallInput::KeyPressed { key: key.parse().unwrap() },
        ("connect", agent) => CallInput::Connected { agent: agent.parse().unwrap() },
        ("delivered", number) => delivery(number, true),
        ("lost", number) => delivery(number, false),
        other => panic!("{other:?}"),
    }
}

/// Holds a conversation; the call is stored, read back and replayed between any two lines.
fn converse(desk: &Desk, script: &str) {
    let config = config();
    let (mut call, started) = Call::start(opening(true), start_instant());
    let mut started = Some(started);
    hold(script, |raw, at, all| {
        all.extend(started.take());
        match raw {
            "the queue closes" => desk.open.set(false),
            "the queue opens" => desk.open.set(true),
            _ => {
                let step = call.handle(&config, desk, input(raw), at);
                all.extend(step.events.iter().cloned());
                let again = Call::from_stored(&call.to_stored()).unwrap();
                assert_eq!(again, call, "stored and read back");
                let replayed = Call::replay(&config, call.id(), &*all);
                assert_eq!(replayed.as_ref(), Some(&call), "replayed after `{raw}`");
                call = again;
                return step;
            }
        }
        Step { events: Vec::new(), refused: None }
    });
    tell("a call", script);
}

const PRESET: &str = "< Acme: thanks for holding. Text us here what it is about, and your agent will see it. Msg & data rates may apply. Reply STOP to opt out.";
const GREETING: &str = "< Acme: let's go on by text. We're assigning a representative for Billing by text. Msg & data rates may apply. Reply STOP to opt out.";

#[test]
fn sms_29_who_keeps_waiting_is_asked_once_and_texts_the_agent_ahead() {
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-billing
            * waits in phone-billing
            wait 9
            +2m
            +1s
            * phone-billing is over capacity: 1 to keep waiting?
            press 5
            ! NoSuchKey {{ key: Key('5'), allowed: \"1\" }}
            press 1
            * keeps waiting
            * WaitTime: 1 for yes, 2 for no?
            press 1
            * WaitTime accepted
            {PRESET}
            caller: My order 4711 never came
            wait 12
            connect ana
            caller: a picture
            agent hangs up
            * ended finished by agent at 15:02:01
            caller: thanks
            ! Ended
        "
        ),
    );
}

#[test]
fn sms_29_who_says_no_or_nothing_is_not_asked_again() {
    let asked = "
        call phone-billing
        * waits in phone-billing
        wait 9
        +121s
        * phone-billing is over capacity: 1 to keep waiting?
        +15s
        * keeps waiting without a key
        * WaitTime: 1 for yes, 2 for no?
    ";
    converse(
        &Desk::new(),
        &format!(
            "{asked}\npress 2\n* WaitTime declined\nwait 30\n+10m\ncaller hangs up\n* ended abandoned at 15:12:16"
        ),
    );
    converse(
        &Desk::new(),
        &format!("{asked}\n+15s\n* WaitTime declined without a key\nwait 30\n+1h"),
    );
    // Connected in the middle of the question.
    converse(
        &Desk::new(),
        &format!(
            "{asked}\nconnect ana\n* WaitTime declined without a key\npress 1\n! NothingAsked"
        ),
    );
}

#[test]
fn sms_29_a_queue_is_over_capacity_when_both_have_been_reached() {
    // A long wait of which less is left; then the estimate rises; then it is above the service's own threshold.
    converse(
        &Desk::new(),
        "
        call phone-billing
        * waits in phone-billing
        wait 5
        +10m
        wait ?
        wait 6
        * phone-billing is over capacity: 1 to keep waiting?
        press 1
        * keeps waiting
        +1m
        wait 8
        * WaitTime: 1 for yes, 2 for no?
        call phone-other
        * WaitTime declined without a key
        * waits in phone-other
        wait 60
        +1h
        ",
    );
    let out = TextConsent { opted_out: true, given: false, opt_in_text_due: false };
    converse(
        &Desk::with(out),
        "
        call phone-billing
        * waits in phone-billing
        wait 20
        +121s
        * phone-billing is over capacity: 1 to keep waiting?
        press 1
        * keeps waiting
        +10m
        ",
    );
}

#[test]
fn sms_30_an_agent_texts_the_caller_and_gets_texts() {
    let new = TextConsent { opted_out: false, given: false, opt_in_text_due: true };
    converse(
        &Desk::with(new),
        "
        call phone-billing
        * waits in phone-billing
        ana: Hello
        ! NotConnected
        connect ana
        ana: Here is your form
        ! ConsentNeeded
        ben, agreed: Here is your form
        ! NotYours { assigned: AgentId(ana) }
        ana, agreed: (
        < ( Acme: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.
        caller: got it
        connect ben
        ana, agreed: Bye
        ! NotYours { assigned: AgentId(ben) }
        caller hangs up
        * ended finished by consumer at 15:00:00
        ben, agreed: Bye
        ! Ended
        ",
    );
    let known = TextConsent { opted_out: false, given: true, opt_in_text_due: false };
    converse(
        &Desk::with(known),
        "connect ana\nana: Here is your form\n< Here is your form\nline lost\n* ended failed at 15:00:00",
    );
    let out = TextConsent { opted_out: true, given: false, opt_in_text_due: false };
    converse(&Desk::with(out), "connect ana\nana, agreed: Here is your form\n! OptedOut");
}

#[test]
fn sms_30_a_caller_whose_telephone_takes_no_texts_gets_none() {
    let config = config();
    let (mut call, _) = Call::start(opening(false), start_instant());
    for raw in ["call phone-sales", "wait 60", "connect ana"] {
        assert_eq!(call.handle(&config, &Desk::new(), input(raw), start_instant()).events.len(), 1);
    }
    let step = call.handle(&config, &Desk::new(), input("ana, agreed: Hi"), start_instant());
    assert_eq!(step.refused, Some(frontdesk_sms::Refusal::NoTexts));
}

#[test]
fn sms_31_a_caller_goes_on_by_text_once_the_greeting_has_arrived() {
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-sales
            * waits in phone-sales
            * Deflection: 1 for yes, 2 for no?
            press 1
            * Deflection accepted
            {GREETING}
            +20s
            delivered 2
            delivered 1
            * goes on by text in billing as 1043
            * ended deflected (to text) at 15:00:20
            caller hangs up
            ! Ended
        "
        ),
    );
}

#[test]
fn sms_31_until_it_arrives_the_call_keeps_its_place() {
    let accepted = format!(
        "
        call phone-sales
        * waits in phone-sales
        * Deflection: 1 for yes, 2 for no?
        press 1
        * Deflection accepted
        {GREETING}
    "
    );
    // It never arrives; nobody says so; the queue has closed.
    converse(
        &Desk::new(),
        &format!("{accepted}\nlost 1\n* Deflection failed\ndelivered 1\npress 1\n! NothingAsked"),
    );
    converse(&Desk::new(), &format!("{accepted}\n+60s\n* Deflection failed\nconnect ana"));
    // Somebody takes the call before: it goes on.
    converse(&Desk::new(), &format!("{accepted}\nconnect ana\ndelivered 1\n* Deflection failed"));
    // Who hangs up after having agreed is not forgotten.
    converse(
        &Desk::new(),
        &format!(
            "{accepted}\ncaller hangs up\n* the caller has left\nconnect ana\n! HungUp\ncall phone-sales\n! HungUp
            delivered 1\n* goes on by text in billing as 1043\n* ended deflected (to text) at 15:00:00"
        ),
    );
    converse(
        &Desk::new(),
        &format!(
            "{accepted}\ncaller hangs up\n* the caller has left\n+60s\n* Deflection failed\n* ended abandoned at 15:01:00"
        ),
    );
}

#[test]
fn sms_31_it_is_offered_when_the_wait_is_long_and_somebody_is_there_to_answer() {
    converse(
        &Desk::new(),
        "
        call phone-support
        * waits in phone-support
        wait 9
        the queue closes
        wait 10
        the queue opens
        wait 11
        * Deflection: 1 for yes, 2 for no?
        press 2
        * Deflection declined
        +121s
        * phone-support is over capacity: 1 to keep waiting?
        press 2
        ! NoSuchKey { key: Key('2'), allowed: \"1\" }
        ",
    );
    // Both at once: one question.
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-support
            * waits in phone-support
            wait 9
            +121s
            * phone-support is over capacity: 1 to keep waiting?
            wait 20
            press 1
            * keeps waiting
            * Deflection: 1 for yes, 2 for no?
            the queue closes
            press 1
            * Deflection accepted
            * Deflection failed
            * WaitTime: 1 for yes, 2 for no?
            press 1
            * WaitTime accepted
            {PRESET}
        "
        ),
    );
    converse(
        &Desk::new(),
        &format!(
            "
            call phone-support
            * waits in phone-support
            +5m
            wait 20
            * phone-support is over capacity: 1 to keep waiting, or 2 to go on by text?
            press 2
            * Deflection accepted
            {GREETING}
        "
        ),
    );
}

#[test]
fn sms_35_the_agent_sends_the_app_and_its_actions_become_available() {
    converse(
        &Desk::new(),
        "
        call phone-billing
        * waits in phone-billing
        app opened
        ! NoAppLink
        connect ana
        ana links
        ! ConsentNeeded
        ana, agreed, links
        < Acme: here is our app: https://app.acme.example/?c=77
        app opened
        * the app is open
        app opened
        agent hangs up
        * ended finished by agent at 15:00:00
        app opened
        ! Ended
        ",
    );
}

/// Another form needs another version, and a file of its own: with `FRONTDESK_WRITE=1` this test writes it.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads and writes its files")]
fn stored_calls_of_the_released_format_are_read() {
    let config = config();
    let desk = Desk::with(TextConsent { opted_out: false, given: true, opt_in_text_due: false });
    let (mut call, _) = Call::start(opening(true), start_instant());
    let mut at = start_instant();
    let mut lines = String::new();
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
        "connect ana",
        "ana links",
        "app opened",
        "agent hangs up",
    ] {
        at += TimeDelta::seconds(if raw == "+121s" { 121 } else { 1 });
        let step = call.handle(&config, &desk, input(raw), at);
        assert_eq!(step.refused, None, "{raw}");
        let stored: Vec<String> =
            call.to_stored().iter().map(|byte| format!("{byte:02x}")).collect();
        let json = serde_json::to_string(&call).unwrap();
        lines.push_str(&format!("{}\t{raw}\t{json}\n", stored.concat()));
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stored/call-v1.tsv");
    if std::env::var_os("FRONTDESK_WRITE").is_some() {
        std::fs::write(path, &lines).unwrap();
    }
    let filed = std::fs::read_to_string(path).unwrap();
    assert_eq!(filed, lines);
    for line in filed.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let bytes: Vec<u8> = (0..fields[0].len() / 2)
            .map(|i| u8::from_str_radix(&fields[0][2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let call = Call::from_stored(&bytes).unwrap();
        assert_eq!(serde_json::to_string(&call).unwrap(), fields[2], "{}", fields[1]);
    }
}

fn any_input() -> impl Strategy<Value = CallInput> {
    let script = [
        "call phone-billing",
        "call phone-sales",
        "call phone-support",
        "call nowhere",
        "wait 3",
        "wait 20",
        "wait ?",
        "press 1",
        "press 2",
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
        "+",
    ];
    prop::sample::select(script.to_vec()).prop_map(input)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The invariants of design.md, as for sessions (tests/laws.rs).
    #[test]
    fn any_call_keeps_the_rules(
        history in prop::collection::vec((-100_i64..400, any_input(), any::<bool>()), 0..24),
        takes_texts in any::<bool>(),
    ) {
        let config = config();
        let desk = Desk::new();
        let mut at = start_instant();
        let (mut call, started) = Call::start(opening(takes_texts), at);
        let mut all = vec![started];
        for (seconds, input, open) in history {
            at += TimeDelta::seconds(seconds);
            desk.open.set(open);
            let mut polled = call.clone();
            let mut polled_events = polled.handle(&config, &desk, CallInput::TimePassed, at).events;
            polled_events.extend(polled.handle(&config, &desk, input.clone(), at).events);
            let mut stored = Call::from_stored(&call.to_stored()).unwrap();
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
            let replayed = Call::replay(&config, call.id(), &all);
            prop_assert_eq!(replayed.as_ref(), Some(&call));
            prop_assert!(call.question().is_none() || call.status().word() == "waiting");
        }
        let texts = |fact: &frontdesk_types::Fact| matches!(fact, frontdesk_types::Fact::OutboundMessage { .. });
        prop_assert!(takes_texts || !all.iter().any(|event| texts(&event.fact)));
        for _ in 0..16 {
            if let Some(deadline) = call.next_deadline(&config) {
                let early = deadline - TimeDelta::milliseconds(1);
                prop_assert!(call.handle(&config, &desk, CallInput::TimePassed, early).events.is_empty());
                prop_assert!(!call.handle(&config, &desk, CallInput::TimePassed, deadline).events.is_empty());
            }
        }
        prop_assert!(call.end_reason().is_some());
        prop_assert!(call.to_stored().len() <= 512);
        let mut last = start_instant();
        for event in &all {
            prop_assert!(event.at >= last);
            last = event.at;
        }
    }
}
