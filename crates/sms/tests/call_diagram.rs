//! The state diagram of docs/calls.md, made by trying everything in every state that can be reached. With
//! `FRONTDESK_WRITE=1` this test writes it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use frontdesk_sms::{Call, CallStatus, services::TABLE};
use frontdesk_types::{Alternative, Fact};
use support::{
    calls::{Desk, config, input, opening},
    diagram::{Edges, document, drawn, is_in_document, shape},
    queue, start_instant,
};

/// Everything that can happen, and how the diagram names it.
const INPUTS: [(&str, &str); 22] = [
    ("waits", "call phone-billing"),
    ("waits", "call phone-support"),
    ("waits", "call phone-orders"),
    ("closed", "call phone-closed"),
    ("chooses a time", "schedule phone-support"),
    ("cancelled", "cancel"),
    ("estimate", "wait 40"),
    ("estimate", "wait 9"),
    ("key", "press 1"),
    ("key", "press 2"),
    ("key", "press 3"),
    ("key", "press 5"),
    ("connected", "connect ana"),
    ("agent texts", "ana, agreed: Hi"),
    ("app link", "ana, agreed, links"),
    ("app opens", "app opened"),
    ("answers the greeting", "answered"),
    ("greeting arrives", "delivered 1"),
    ("greeting lost", "lost 1"),
    ("hung up", "caller hangs up"),
    ("calls again", "caller calls again"),
    ("cleared", "supervisor ends"),
];

fn name(call: &Call) -> &'static str {
    match call.status() {
        CallStatus::Menu => "Menu",
        CallStatus::Scheduled => "Scheduled",
        CallStatus::Waiting if call.going_on_in().is_some() => "GreetingSent",
        CallStatus::Waiting if call.is_called_back() => "CalledBack",
        CallStatus::Waiting if call.asked().is_some() => "Asked",
        CallStatus::Waiting => "Waiting",
        CallStatus::Connected => "Connected",
        CallStatus::Leaving => "Leaving",
        CallStatus::Ended(_) => "Ended",
        _ => "other",
    }
}

fn explore() -> Edges {
    let (config, desk) = (config(), Desk::new());
    desk.closed.replace(vec![(queue("phone-closed"), vec![Alternative::Voicemail])]);
    let (call, _) = Call::start(opening(true), start_instant());
    let mut edges: Edges = BTreeMap::from([(("[*]", "Menu"), BTreeSet::from(["a call".into()]))]);
    let (mut waiting, mut known) = (vec![call], BTreeSet::new());
    while let Some(call) = waiting.pop() {
        // The age of a wait is what over capacity depends on.
        let aged =
            call.waiting_since().is_some_and(|since| call.seen() > since + TimeDelta::minutes(2));
        if !known.insert((shape(&call, &["sent", "seen", "slot", "instead"]), aged)) {
            continue;
        }
        assert!(known.len() < 20_000, "the machine has more states than it should");
        let soon = call.seen() + TimeDelta::seconds(1);
        let mut steps: Vec<_> =
            INPUTS.iter().map(|(label, raw)| (*label, input(&call, raw), soon)).collect();
        if let Some(deadline) = call.next_deadline(&config) {
            steps.push(("time", input(&call, "+"), deadline));
        }
        if call.waiting_since().is_some() {
            steps.push(("estimate", input(&call, "wait 40"), call.seen() + TimeDelta::minutes(3)));
        }
        for (label, input, at) in steps {
            let mut next = call.clone();
            let step = next.handle(&config, &desk, input, at);
            if step.events.is_empty() || step.refused.is_some() {
                continue;
            }
            if name(&next) != name(&call) {
                let label = match step.events.last().map(|event| &event.fact) {
                    Some(Fact::Ended { reason }) => reason.words().to_owned(),
                    _ => label.to_owned(),
                };
                edges.entry((name(&call), name(&next))).or_default().insert(label);
            }
            waiting.push(next);
        }
    }
    edges
}

#[test]
fn the_diagram_of_calls_in_the_documents_is_that_of_the_machine() {
    let edges = explore();
    is_in_document("calls.md", &drawn(&edges));
    support::diagram::every_state_ends(&edges);
}

#[test]
fn the_table_of_services_in_the_documents_is_that_of_the_types() {
    let document = document("calls.md");
    for (column, question) in frontdesk_sms::services::QUESTIONS.iter().enumerate() {
        let mut row = format!("| {question} |");
        for (_, answers) in TABLE {
            row += if answers[column] { " yes |" } else { " |" };
        }
        assert!(document.lines().any(|line| line == row), "{row}");
    }
}
