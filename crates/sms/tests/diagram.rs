//! The state diagram of docs/sessions.md, made by trying everything in every state that can be reached.
//! With `FRONTDESK_WRITE=1` this test writes it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_sms::{
    AfterReply, Automatic, Config, Input, Opening, Outreach, Session, Status, Text, VirtualMessage,
    VirtualReply,
};
use frontdesk_types::{AgentId, Fact, ReturnReason, SessionType, TransferFailure, TransferTarget};
use support::{
    Desk, acme,
    diagram::{Edges, drawn, every_state_ends, is_in_document, shape},
    opening, queue, start_instant,
};

fn config() -> Config {
    let mut config = acme();
    config.fallback = None;
    config.tries = 1;
    config.update_timers(["billing", "sales", "tech"].map(queue), |timers| {
        timers.dismissal = Some(TimeDelta::minutes(30));
        timers.virtual_dismissal = Some(TimeDelta::minutes(30));
    });
    config.virtual_agents.insert(agent("bot"));
    config
}

fn agent(name: &str) -> AgentId {
    name.parse().unwrap()
}

/// Everything that can happen, and how the diagram names it.
fn inputs() -> Vec<(&'static str, Input)> {
    let text = |body: &str| Input::ConsumerText(Text::new("SM", body));
    let bot = |then| Input::VirtualReply {
        agent: agent("bot"),
        reply: VirtualReply {
            messages: vec![VirtualMessage { text: "Hi".into(), buttons: Vec::new() }],
            then,
        },
    };
    let transfer = |who: &str, to| Input::Transfer { agent: agent(who), to };
    let failed = |reason| Input::TransferFailed { reason };
    vec![
        ("consumer writes", text("hm")),
        ("consumer chooses", text("pay")),
        ("BACK", text("back")),
        ("EXIT", text("exit")),
        ("automatic", Input::AutomaticText(Text::new("SM", "👍"), Automatic::Reaction)),
        ("HELP", Input::Command(Text::new("SM", "help"))),
        ("opt-out elsewhere", Input::OptedOutElsewhere),
        ("opt-out", Input::OptedOut(Text::new("SM", "stop"))),
        ("accepted", Input::Assigned { agent: agent("ana") }),
        ("accepted", Input::Assigned { agent: agent("bot") }),
        ("agent writes", Input::AgentText { agent: agent("ana"), body: "Hi".into() }),
        ("agent dismisses", Input::Dismissed { agent: agent("ana") }),
        ("resumed by API", Input::Resumed),
        ("agent leaves", Input::Returned { reason: ReturnReason::LoggedOut }),
        ("agent transfers", transfer("ana", TransferTarget::Queue(queue("sales")))),
        ("agent transfers", transfer("ana", TransferTarget::Agent(agent("ben")))),
        ("accepted", Input::Assigned { agent: agent("ben") }),
        ("transfer declined", failed(TransferFailure::Declined)),
        ("agent ends", Input::EndedByAgent { agent: agent("ana") }),
        ("supervisor ends", Input::EndedBySupervisor),
        ("virtual agent answers", bot(AfterReply::Wait)),
        ("virtual agent hands over", bot(AfterReply::HandOver { queue: queue("sales") })),
        ("virtual agent ends", bot(AfterReply::End)),
    ]
}

fn name(session: &Session) -> &'static str {
    match session.status() {
        Status::Selecting => "Selecting",
        Status::Queued => "Queued",
        Status::Assigned => "Assigned",
        Status::Transferring => "Transferring",
        Status::Dismissed { .. } => "Dismissed",
        Status::Ended(_) => "Ended",
        _ => "other",
    }
}

fn explore() -> Edges {
    let (config, open) = (config(), Desk::default());
    let closed = Desk { closed: vec!["billing", "sales", "tech"], told: false, ..Desk::default() };
    let at = start_instant();
    let mut edges = Edges::new();
    let mut waiting = Vec::new();
    let mut begin = |session: Session, label: &str| {
        edges.entry(("[*]", name(&session))).or_default().insert(label.to_owned());
        waiting.push(session);
    };
    for body in ["Hello", "pay"] {
        let (session, _) =
            Session::start(&config, &open, opening("main", true), Text::new("SM", body), at);
        begin(session, "first text");
    }
    let (after_hours, _) =
        Session::start(&config, &closed, opening("main", true), Text::new("SM", "pay"), at);
    begin(after_hours, "first text, after hours");
    for who in [None, Some("ana")] {
        let opening = Opening { session_type: SessionType::Outbound, ..opening("main", true) };
        let outreach = Outreach { agent: who.map(agent), body: "Hi".into() };
        let (session, _) = Session::start_outbound(&config, &open, opening, outreach, at).unwrap();
        begin(session, if who.is_some() { "an agent texts" } else { "a program texts" });
    }
    let mut known = BTreeSet::new();
    while let Some(session) = waiting.pop() {
        if !known.insert(shape(&session, &["sent", "seen", "transfers"])) {
            continue;
        }
        assert!(known.len() < 5_000, "the machine has more states than it should");
        let now = session.seen() + TimeDelta::seconds(1);
        let mut steps: Vec<(&str, Input, &Desk, _)> =
            inputs().into_iter().map(|(label, input)| (label, input, &open, now)).collect();
        steps.push(("after hours", Input::ConsumerText(Text::new("SM", "pay")), &closed, now));
        if let Some(deadline) = session.next_deadline() {
            steps.push(("", Input::TimePassed, &open, deadline));
        }
        for (label, input, desk, at) in steps {
            let mut next = session.clone();
            let step = next.handle(&config, desk, input, at);
            if step.events.is_empty() || step.refused.is_some() {
                continue;
            }
            if name(&next) != name(&session) {
                let label = match step.events.last().map(|event| &event.fact) {
                    Some(Fact::Ended { reason }) => reason.words().to_owned(),
                    Some(Fact::TransferFailed { .. }) if label.is_empty() => {
                        "nobody takes it in time".to_owned()
                    }
                    Some(Fact::Dismissed { .. }) if label.is_empty() => "nobody writes".to_owned(),
                    _ => label.to_owned(),
                };
                let edge = edges.entry((name(&session), name(&next))).or_default();
                edge.insert(label);
            }
            waiting.push(next);
        }
    }
    edges
}

#[test]
fn the_state_diagram_in_the_documents_is_that_of_the_machine() {
    let edges = explore();
    is_in_document("sessions.md", &drawn(&edges));
    every_state_ends(&edges);
}
