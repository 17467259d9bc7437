#![no_main]
//! Any bytes are a life of a session: inputs and pauses, from a first text or from a stored session. Nothing
//! panics, nothing changes without an event, polling makes no difference, every state leads to an end.
use frontdesk::{
    sms::{
        AfterReply, Config, Input, Node, Opening, Outreach, QuietView, Session, Text,
        VirtualMessage, VirtualReply,
    },
    types::{
        AgentId, Language, Needs, QueueId, ReturnReason, SessionId, SessionType, TransferFailure,
        TransferTarget, from_millis,
    },
};

fn queue(id: &str) -> QueueId {
    id.parse().expect("an id")
}

fn config() -> Config {
    let mut config = Config::new("Acme", Language::ENGLISH);
    let name = |text| [(Language::ENGLISH, text)];
    config.add(Node::new(queue("main"), name("Acme")));
    for id in ["billing", "sales"] {
        config.add(Node::new(queue(id), name(id)).below(&queue("main")).with_keyword(&id[..3]));
    }
    config.update_timers(["main", "billing", "sales"].map(queue), |timers| {
        let minutes = |minutes| Some(chrono::TimeDelta::minutes(minutes));
        timers.dismissal = minutes(30);
        timers.dismissal_warning = minutes(5);
        timers.virtual_dismissal = minutes(10);
        timers.response_target = minutes(1);
    });
    config.transfers.limit = Some(2);
    config.transfers.last_to = Some(queue("sales"));
    config.virtual_agents.insert("bot".parse().expect("an id"));
    config
}

fn input(kind: u8, of: u8, body: &str) -> Input {
    let names = ["ana", "ben", "bot"];
    let agent = || -> AgentId { names[usize::from(of) % 3].parse().expect("an id") };
    let text = || Text::new("SM", body);
    match kind % 14 {
        0..=3 => Input::ConsumerText(text()),
        4 => Input::AgentText { agent: agent(), body: body.into() },
        5 => Input::Assigned { agent: agent() },
        6 => Input::Dismissed { agent: agent() },
        7 if of & 1 == 1 => Input::NeedsChanged {
            needs: Needs { priority: Some(of), skills: Vec::new() },
        },
        7 => Input::Resumed,
        8 => Input::Returned { reason: ReturnReason::LoggedOut },
        9 if of % 2 == 0 => Input::ChatOpened { agent: agent() },
        9 => Input::ChatClosed { agent: agent() },
        10 if of % 2 == 0 => {
            Input::Transfer { agent: agent(), to: TransferTarget::Queue(queue("sales")) }
        }
        10 => Input::Transfer { agent: agent(), to: TransferTarget::Agent(agent()) },
        11 => Input::TransferFailed { reason: TransferFailure::Declined },
        12 => {
            let message = VirtualMessage { text: body.into(), buttons: vec![body.into()] };
            let then = if of < 128 {
                AfterReply::Wait
            } else {
                AfterReply::HandOver { queue: queue("sales") }
            };
            let reply = VirtualReply { messages: vec![message], then };
            Input::VirtualReply { agent: "bot".parse().expect("an id"), reply }
        }
        _ => match of % 4 {
            0 => Input::EndedByAgent { agent: agent() },
            1 => Input::EndedBySupervisor,
            2 => Input::OptedOut(text()),
            _ => Input::TimePassed,
        },
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let config = config();
    let mut at = from_millis(1_763_650_800_000);
    let outbound = first & 1 == 1;
    let opening = Opening {
        id: SessionId(7),
        consumer: "+12025550123".parse().expect("a number"),
        support_number: "+12025550100".parse().expect("a number"),
        home: queue("main"),
        language: Language::ENGLISH,
        opt_in_text_due: first & 2 == 2,
        session_type: if outbound { SessionType::OutboundApi } else { SessionType::Inbound },
        ticket: None,
    };
    let (mut session, mut all) = if outbound {
        let agent = (first & 4 == 4).then(|| "ana".parse().expect("an id"));
        let outreach = Outreach { agent, body: "Hi".into() };
        Session::start_outbound(&config, &QuietView, opening, outreach, at).expect("a body")
    } else {
        Session::start(&config, &QuietView, opening, Text::new("SM", "Hello"), at)
    };
    for step in bytes.chunks(8) {
        let [kind, of, pause, rest @ ..] = step else { break };
        at = from_millis(at.timestamp_millis() + i64::from(*pause) * 30_000 - 60_000);
        let body = String::from_utf8_lossy(rest);
        let input = input(*kind, *of, &body);
        let before = session.clone();
        let mut polled = session.clone();
        let mut polled_events = polled.handle(&config, &QuietView, Input::TimePassed, at).events;
        polled_events.extend(polled.handle(&config, &QuietView, input.clone(), at).events);
        let step = session.handle(&config, &QuietView, input, at);
        assert!(polled == session && polled_events == step.events);
        assert!(!step.events.is_empty() || before == session);
        all.extend(step.events);
        session = Session::from_stored(&session.to_stored().expect("it can be written")).expect("it was written by us");
    }
    assert!(Session::replay(&config, SessionId(7), &all).as_ref() == Some(&session));
    for _ in 0..16 {
        let Some(deadline) = session.next_deadline() else { break };
        let _ = session.handle(&config, &QuietView, Input::TimePassed, deadline);
    }
    assert!(session.end_reason().is_some());
});
