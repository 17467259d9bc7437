//! What must hold for any sequence of inputs and instants.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use frontdesk_sms::{
    AfterReply, Automatic, Config, Input, Opening, Outreach, Refusal, Session, Text,
    VirtualMessage, VirtualReply,
};
use frontdesk_types::{
    AgentId, Event, Fact, Needs, ReturnReason, SessionType, TransferFailure, TransferTarget,
};
use proptest::prelude::*;
use support::{Desk, acme, opening, queue, start_instant};

fn agent() -> impl Strategy<Value = AgentId> {
    prop::sample::select(vec!["ana", "ben", "bot"]).prop_map(|name| name.parse().unwrap())
}

fn body() -> impl Strategy<Value = String> {
    let words =
        vec!["1", "2", "3", "4", "back", "exit", "pay", "hello", "", "🙂", "Support", "español"];
    prop_oneof![prop::sample::select(words).prop_map(str::to_owned), "\\PC{0,12}"]
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => body().prop_map(|body| Input::ConsumerText(Text::new("SM", &body))),
        2 => (agent(), body()).prop_map(|(agent, body)| Input::AgentText { agent, body }),
        3 => agent().prop_map(|agent| Input::Assigned { agent }),
        1 => agent().prop_map(|agent| Input::EndedByAgent { agent }),
        1 => Just(Input::Returned { reason: ReturnReason::LoggedOut }),
        1 => Just(Input::OptedOut(Text::new("SM", "stop"))),
        2 => Just(Input::AutomaticText(Text::new("SM", "👍"), Automatic::Reaction)),
        2 => Just(Input::Command(Text::new("SM", "help"))),
        1 => Just(Input::OptedOutElsewhere),
        1 => Just(Input::EndedBySupervisor),
        2 => Just(Input::TimePassed),
        2 => agent().prop_map(|agent| Input::Dismissed { agent }),
        1 => Just(Input::Resumed),
        1 => prop_oneof![Just(None), Just(Some(7))].prop_map(|priority| Input::NeedsChanged {
            needs: Needs { priority, skills: vec!["vip".parse().unwrap()] },
        }),
        1 => agent().prop_map(|agent| Input::ChatOpened { agent }),
        1 => agent().prop_map(|agent| Input::ChatClosed { agent }),
        3 => (agent(), target()).prop_map(|(agent, to)| Input::Transfer { agent, to }),
        1 => Just(Input::TransferFailed { reason: TransferFailure::Declined }),
        3 => virtual_reply(),
    ]
}

fn target() -> impl Strategy<Value = TransferTarget> {
    prop_oneof![
        agent().prop_map(TransferTarget::Agent),
        prop::sample::select(vec!["sales", "billing", "support", "nowhere"])
            .prop_map(|id| TransferTarget::Queue(queue(id))),
    ]
}

fn virtual_reply() -> impl Strategy<Value = Input> {
    let then = prop_oneof![
        3 => Just(AfterReply::Wait),
        1 => Just(AfterReply::HandOver { queue: queue("sales") }),
        1 => Just(AfterReply::End),
    ];
    let message = (body(), prop::collection::vec(body(), 0..3))
        .prop_map(|(text, buttons)| VirtualMessage { text, buttons });
    (agent(), prop::collection::vec(message, 0..3), then).prop_map(|(agent, messages, then)| {
        Input::VirtualReply { agent, reply: VirtualReply { messages, then } }
    })
}

/// Everything switched on; "bot" is a program.
fn config() -> Config {
    let mut config = acme();
    let all = ["main", "support", "tech", "billing", "sales", "night", "owls", "es"];
    config.update_timers(all.map(queue), |timers| {
        timers.dismissal = Some(TimeDelta::minutes(30));
        timers.dismissal_warning = Some(TimeDelta::minutes(5));
        timers.virtual_dismissal = Some(TimeDelta::minutes(10));
        timers.response_target = Some(TimeDelta::seconds(60));
    });
    config.transfers.limit = Some(2);
    config.transfers.last_to = Some(queue("sales"));
    config.virtual_agents.insert("bot".parse().unwrap());
    config
}

/// Inputs with the seconds since the one before; some clocks run back, some are set back, some are set right.
fn history() -> impl Strategy<Value = Vec<(i64, Input)>> {
    const YEAR: i64 = 365 * 24 * 3600;
    let seconds = prop_oneof![
        20 => -100_i64..8_000,
        1 => prop::sample::select(vec![-YEAR, -7 * 24 * 3600, -3600, -400, YEAR]),
    ];
    let set_back = (0..2 * YEAR).prop_map(|by| Input::ClockSetBack { by: TimeDelta::seconds(by) });
    let input = prop_oneof![20 => input(), 1 => set_back];
    prop::collection::vec((seconds, input), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_history_keeps_the_rules(
        first in body(),
        history in history(),
        closed in any::<bool>(),
        begin in prop::option::of(prop::option::of(agent())),
        from_call in any::<bool>(),
    ) {
        let config = config();
        let desk = Desk { closed: if closed { vec!["billing", "sales"] } else { vec![] }, told: false, ..Desk::default() };
        let mut at = start_instant();
        let (mut session, mut all) = match begin {
            // A caller who goes on by text (SMS-31).
            None if from_call => {
                Session::start_deflected(&config, &desk, opening("main", false), &queue("sales"), at)
            }
            None => Session::start(&config, &desk, opening("main", true), Text::new("SM0", &first), at),
            Some(agent) => {
                let opening = Opening { session_type: SessionType::Outbound, ..opening("main", true) };
                let outreach = Outreach { agent, body: format!("Hi. {first}") };
                Session::start_outbound(&config, &desk, opening, outreach, at).unwrap()
            }
        };
        for (seconds, input) in history {
            at += TimeDelta::seconds(seconds);
            // Polled before or not: the same (design: due timers before the input). A poll alone does not tell by how
            // much the clock was set back.
            let tells_clock = matches!(input, Input::ClockSetBack { .. });
            let mut polled = session.clone();
            let mut polled_events = polled.handle(&config, &desk, Input::TimePassed, at).events;
            let polled_step = polled.handle(&config, &desk, input.clone(), at);
            polled_events.extend(polled_step.events);
            // Stored and read back: the same.
            let mut stored = Session::from_stored(&session.to_stored().unwrap()).unwrap();
            let stored_step = stored.handle(&config, &desk, input.clone(), at);

            let before = session.clone();
            let step = session.handle(&config, &desk, input, at);
            prop_assert_eq!(&stored, &session);
            prop_assert_eq!(&stored_step, &step);
            if !tells_clock {
                prop_assert_eq!(&polled, &session);
                prop_assert_eq!(&polled_events, &step.events);
            }
            // Nothing changes without an event, and events make the same session again.
            if step.events.is_empty() {
                prop_assert_eq!(&before, &session);
            }
            let quiet = !matches!(step.refused, None | Some(Refusal::OutOfHours));
            let timers = before.is_clock_changed(at) || before.next_deadline().is_some_and(|due| due <= at);
            if quiet && !timers {
                prop_assert_eq!(session.status(), before.status());
                prop_assert!(step.events.is_empty());
            }
            // A clock that was set back holds no timer.
            let longest = TimeDelta::hours(24) + TimeDelta::minutes(5);
            prop_assert!(session.next_deadline().is_none_or(|due| due - at <= longest));
            prop_assert!(!session.is_clock_changed(at));
            all.extend(step.events);
            let replayed = Session::replay(&config, session.id(), &all);
            prop_assert_eq!(replayed.as_ref(), Some(&session));
        }
        check(&all, &session)?;
        // Every session ends (invariant 4): following the deadlines gets there.
        for _ in 0..12 {
            if let Some(mut deadline) = session.next_deadline() {
                let early = deadline - TimeDelta::milliseconds(1);
                if session.is_clock_changed(early) {
                    let right = session.handle(&config, &desk, Input::TimePassed, early).events;
                    let noticed = matches!(right[..], [Event { fact: Fact::ClockChanged { .. }, .. }]);
                    prop_assert!(noticed);
                    all.extend(right);
                    deadline = session.next_deadline().unwrap();
                }
                let early = session.handle(&config, &desk, Input::TimePassed, deadline - TimeDelta::milliseconds(1));
                prop_assert!(early.events.is_empty());
                all.extend(session.handle(&config, &desk, Input::TimePassed, deadline).events);
            }
        }
        prop_assert_eq!(session.status().word() == "finished" || session.status().word() == "failed", true);
        prop_assert!(session.to_stored().unwrap().len() <= 1024);
    }
}

fn check(events: &[Event], session: &Session) -> Result<(), TestCaseError> {
    let mut agent: Option<&AgentId> = None;
    let mut ended = false;
    let mut last = None;
    let mut numbers = std::collections::BTreeSet::new();
    for event in events {
        prop_assert!(!ended, "after the end: {:?}", event);
        prop_assert!(last.is_none_or(|last| last <= event.at), "time ran back");
        last = Some(event.at);
        match &event.fact {
            Fact::Assigned { agent: by, .. } => {
                prop_assert!(agent.is_none(), "two agents");
                agent = Some(by);
            }
            Fact::ReturnedToQueue { .. }
            | Fact::Dismissed { .. }
            | Fact::TransferFinished { .. }
            | Fact::HandedOver { .. } => agent = None,
            Fact::Ended { .. } => {
                ended = true;
                agent = None;
            }
            Fact::OutboundMessage { id, .. } => {
                prop_assert!(numbers.insert(id.clone()), "an id twice");
            }
            _ => {}
        }
    }
    prop_assert_eq!(agent, session.agent());
    prop_assert_eq!(ended, session.next_deadline().is_none());
    Ok(())
}
