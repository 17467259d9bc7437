//! The invariants of docs/architecture.md under random texts, agents, clocks, crashes, and a store that
//! fails before or after it has committed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
};

use chrono::TimeDelta;
use frontdesk::{
    DeliveryReport, NewCall,
    hours::Visit,
    sms::CallInput,
    store::{EventQuery, Line},
    types::{
        AgentId, AgentStatus, Delivery, Fact, HungUp, Instant, Key, Language, MessageId, Purpose,
        TransferTarget,
    },
};
use futures::executor::block_on;
use proptest::prelude::*;

use crate::{
    calls::{new_call, queue},
    shaky::Shaky,
    world::{CENTER, NUMBER, World, id},
};

#[derive(Debug, Clone)]
enum Act {
    Accept {
        agent: usize,
    },
    /// The desk shows what is offered.
    Acknowledge {
        agent: usize,
    },
    /// A consumer calls.
    Call {
        consumer: usize,
        queue: &'static str,
    },
    /// A consumer wants to be called, in the first of the slots that are free.
    Book {
        consumer: usize,
    },
    /// Something happens to a consumer's call.
    InCall {
        consumer: usize,
        what: InCall,
    },
    /// The process dies and another one starts.
    Crash,
    Decline {
        agent: usize,
    },
    Dismiss {
        agent: usize,
    },
    Dispatch,
    /// A transfer is declined, or taken back.
    EndTransfer {
        agent: usize,
    },
    End {
        agent: usize,
    },
    /// A commit fails soon.
    Fail {
        until: u32,
        after: bool,
    },
    GiveBack {
        agent: usize,
    },
    Pass {
        minutes: i64,
    },
    /// About as long as an offer lasts, or a wrap-up.
    PassSeconds {
        seconds: i64,
    },
    /// The provider delivers a text again.
    Repeat {
        text: usize,
    },
    Send {
        agent: usize,
    },
    Status {
        agent: usize,
        status: AgentStatus,
    },
    Text {
        consumer: usize,
        /// To the number of calls.
        beside_call: bool,
        body: &'static str,
    },
    Tick,
    Transfer {
        agent: usize,
        to: usize,
    },
}

const AGENTS: [&str; 2] = ["ana", "ben"];

/// `calls` is how often something happens to a call.
fn act(calls: u32, consumers: usize) -> impl Strategy<Value = Act> {
    let agent = 0..AGENTS.len();
    let bodies = [
        "Hello",
        "pay",
        "1",
        "2",
        "3",
        "stop",
        "START",
        "help",
        "yes",
        "back",
        "exit",
        "🙂",
        "what?",
        "please stop texting me",
        "wrong number",
    ];
    let statuses = [
        AgentStatus::Available,
        AgentStatus::Available,
        AgentStatus::Break,
        AgentStatus::LoggedOut,
    ];
    prop_oneof![
        8 => (0..consumers, prop::bool::weighted(0.2), prop::sample::select(bodies.to_vec()))
            .prop_map(|(consumer, beside_call, body)| Act::Text { consumer, beside_call, body }),
        calls => (0..consumers, prop::sample::select(vec!["phone-billing", "phone-sales", "phone-sales"]))
            .prop_map(|(consumer, queue)| Act::Call { consumer, queue }),
        calls => (0..consumers).prop_map(|consumer| Act::Book { consumer }),
        4 * calls => (0..consumers, in_call()).prop_map(|(consumer, what)| Act::InCall { consumer, what }),
        2 => (0..40_usize).prop_map(|text| Act::Repeat { text }),
        3 => (agent.clone(), prop::sample::select(statuses.to_vec()))
            .prop_map(|(agent, status)| Act::Status { agent, status }),
        4 => agent.clone().prop_map(|agent| Act::Accept { agent }),
        1 => agent.clone().prop_map(|agent| Act::Acknowledge { agent }),
        1 => agent.clone().prop_map(|agent| Act::Decline { agent }),
        2 => (1..40_i64).prop_map(|seconds| Act::PassSeconds { seconds }),
        3 => agent.clone().prop_map(|agent| Act::Send { agent }),
        1 => agent.clone().prop_map(|agent| Act::End { agent }),
        1 => agent.clone().prop_map(|agent| Act::GiveBack { agent }),
        2 => agent.clone().prop_map(|agent| Act::Dismiss { agent }),
        2 => (agent.clone(), 0..4_usize).prop_map(|(agent, to)| Act::Transfer { agent, to }),
        1 => agent.prop_map(|agent| Act::EndTransfer { agent }),
        2 => (1..90_i64).prop_map(|minutes| Act::Pass { minutes }),
        1 => (1400..1500_i64).prop_map(|minutes| Act::Pass { minutes }),
        2 => Just(Act::Tick),
        3 => Just(Act::Dispatch),
        1 => Just(Act::Crash),
        2 => (0..3_u32, any::<bool>()).prop_map(|(until, after)| Act::Fail { until, after }),
    ]
}

#[derive(Debug, Clone, Copy)]
enum InCall {
    AgentTexts,
    Cancelled,
    Connected,
    Delivered { number: u32, arrived: bool },
    Ended,
    Key(Key),
    Wait,
}

const CALLS: &str = "+12025550160";

/// Chats are dismissed after half an hour, and offered to one after the other, but in one queue; callers are
/// asked everything.
fn center() -> String {
    let multicast = "name = \"Sales\"\nrouting = { assignment = 'multicast', sticky_minutes = 0 }";
    let center = CENTER.replacen("name = \"Sales\"", multicast, 1);
    assert_ne!(center, CENTER);
    format!(
        "{center}\n[routing]\nassignment = 'deltacast'\nwrap_up_seconds = 30\nsticky_minutes = 60\nattempts = 2
[timers]\ndismissal = 30\ndismissal_warning = 5\nresponse_target_seconds = 60
[calls]\nnumber = '{CALLS}'
[[calls.queues]]\nid = 'phone-billing'\nname = 'Billing'\nwait_time = {{}}
over_capacity = [{{ waited_seconds = 60, estimate = 5, offers = ['callback', 'voicemail', 'queue:phone-sales'] }}]
[[calls.queues]]\nid = 'phone-sales'\nname = 'Sales'\ndeflection = {{ to = 'sales' }}\nagents = ['ana', 'ben']"
    )
}

fn in_call() -> impl Strategy<Value = InCall> {
    prop_oneof![
        1 => Just(InCall::AgentTexts),
        1 => Just(InCall::Cancelled),
        1 => Just(InCall::Connected),
        3 => (1..3_u32, any::<bool>())
            .prop_map(|(number, arrived)| InCall::Delivered { number, arrived }),
        1 => Just(InCall::Ended),
        4 => prop::sample::select(vec!["1", "1", "2", "3", "4"]).prop_map(|key| InCall::Key(key.parse().unwrap())),
        1 => Just(InCall::Wait),
    ]
}

/// What happens to the open call of a consumer, if there is one.
fn beside_call(world: &World, consumer: usize, what: InCall) {
    let caller = format!("+1202555014{consumer}");
    let open = world.rows().into_iter().find(|row| {
        row.ended.is_none()
            && row.line.number.to_string() == CALLS
            && row.line.consumer.to_string() == caller
    });
    let Some(row) = open else { return };
    let state = block_on(world.engine.call_state(row.id)).unwrap();
    let input = match (what, state.asked) {
        (InCall::AgentTexts, _) => {
            CallInput::AgentText { agent: id("ana"), body: "Hi".into(), agreed: true }
        }
        (InCall::Cancelled, _) => CallInput::Cancelled,
        (InCall::Connected, _) => CallInput::Connected { agent: id("ana") },
        (InCall::Delivered { number, arrived }, _) => {
            let line = Line { number: NUMBER.parse().unwrap(), ..row.line };
            let reason = "30003".into();
            let delivery = if arrived { Delivery::Delivered } else { Delivery::Failed { reason } };
            let id = MessageId::of_session(row.id, number);
            let report = DeliveryReport { id, line, delivery, opted_out: false };
            return drop(block_on(world.engine.delivery_status(report)));
        }
        (InCall::Ended, _) => CallInput::Ended { by: HungUp::Caller },
        (InCall::Key(key), Some(asked)) => CallInput::KeyPressed { question: asked.question, key },
        (InCall::Key(_), None) => return,
        (InCall::Wait, _) => CallInput::WaitEstimated { minutes: Some(9) },
    };
    let _ = block_on(world.engine.call(row.id, input));
}

/// A consumer takes the first place that is free, if one is.
fn book(world: &World, outside: &mut Outside, consumer: usize) {
    outside.calls += 1;
    let caller = format!("+1202555014{consumer}");
    let call = new_call(&format!("CA{}", outside.calls), &caller, "phone-sales");
    let call = NewCall { wait_minutes: None, ..call };
    let visit = Visit::by_phone(Language::ENGLISH);
    let free = block_on(world.engine.call_slots(&queue("phone-sales"), visit, None));
    if let Some(first) = free.unwrap_or_default().first() {
        let _ = block_on(world.engine.schedule_call(call, first.slot.from));
    }
}

/// What the outside knows: texts that were acknowledged.
#[derive(Default)]
struct Outside {
    posted: Vec<(String, String, &'static str, &'static str)>,
    acknowledged: BTreeSet<String>,
    calls: u32,
}

impl Outside {
    fn post(&mut self, world: &World, text: usize) {
        let Some((id, consumer, number, body)) = self.posted.get(text) else { return };
        let inbound = World::inbound(id, consumer, number, body);
        if block_on(world.engine.receive(inbound)).is_ok() {
            self.acknowledged.insert(id.clone());
        }
    }
}

fn run(mut world: World, shaky: &Shaky, outside: &mut Outside, act: Act) -> World {
    let sessions = |world: &World, agent: usize| world.engine.agents()[agent].sessions.clone();
    let name = |agent: usize| id(AGENTS[agent]);
    // Refusals and failures are part of the game; what must hold is checked afterwards.
    match act {
        Act::Accept { agent } => {
            if let Some(session) = world.offered_to(AGENTS[agent]).first() {
                let _ = block_on(world.engine.accept(*session, &name(agent)));
            }
        }
        Act::Acknowledge { agent } => {
            for session in world.offered_to(AGENTS[agent]) {
                let _ = block_on(world.engine.acknowledge(session, &name(agent)));
            }
        }
        Act::Decline { agent } => {
            for session in world.offered_to(AGENTS[agent]) {
                let _ = block_on(world.engine.decline(session, &name(agent)));
            }
        }
        Act::Call { consumer, queue } => {
            outside.calls += 1;
            let call = NewCall {
                call: format!("CA{}", outside.calls).parse().unwrap(),
                caller: format!("+1202555014{consumer}").parse().unwrap(),
                queue: Some(queue.parse().unwrap()),
                wait_minutes: Some(9),
                language: None,
                takes_texts: true,
                has_voicemail: outside.calls.is_multiple_of(4),
                entry_point: frontdesk::types::Channel::Ivr,
            };
            let _ = block_on(world.engine.begin_call(call));
        }
        Act::Book { consumer } => book(&world, outside, consumer),
        Act::InCall { consumer, what } => beside_call(&world, consumer, what),
        Act::Crash => {
            shaky.until.store(0, Ordering::SeqCst);
            world = world.restart(&center());
        }
        Act::Dismiss { agent } => {
            for session in sessions(&world, agent) {
                let _ = block_on(world.engine.dismiss(session, &name(agent)));
            }
        }
        Act::Dispatch => drop(block_on(world.engine.dispatch())),
        Act::End { agent } => {
            for session in sessions(&world, agent) {
                let _ = block_on(world.engine.end(session, &name(agent)));
            }
        }
        Act::EndTransfer { agent } => {
            let open = world.rows().into_iter().filter(|row| &*row.status == "switching");
            for row in open {
                let _ = block_on(world.engine.end_transfer(row.id, &name(agent)));
            }
        }
        Act::Transfer { agent, to } => {
            let queue = |id: &str| TransferTarget::Queue(id.parse().unwrap());
            let to = match to {
                0 => queue("billing"),
                1 => queue("sales"),
                to => TransferTarget::Agent(name(to % 2)),
            };
            for session in sessions(&world, agent) {
                let _ = block_on(world.engine.transfer(session, &name(agent), to.clone()));
            }
        }
        Act::Fail { until, after } => shaky.fail(until, after),
        Act::GiveBack { agent } => {
            for session in sessions(&world, agent) {
                let _ = block_on(world.engine.give_back(session, &name(agent)));
            }
        }
        Act::Pass { minutes } => world.clock.advance(TimeDelta::minutes(minutes)),
        Act::PassSeconds { seconds } => world.clock.advance(TimeDelta::seconds(seconds)),
        Act::Repeat { text } => outside.post(&world, text),
        Act::Send { agent } => {
            for session in sessions(&world, agent) {
                let _ = block_on(world.engine.send(session, &name(agent), "Hi".into()));
            }
        }
        Act::Status { agent, status } => {
            let _ = block_on(world.engine.set_status(&name(agent), status));
        }
        Act::Text { consumer, beside_call, body } => {
            let n = outside.posted.len();
            let number = if beside_call { CALLS } else { NUMBER };
            outside.posted.push((format!("IN{n}"), format!("+1202555014{consumer}"), number, body));
            outside.post(&world, n);
        }
        Act::Tick => drop(block_on(world.engine.tick())),
    }
    world
}

/// Invariant 3, at any moment.
fn nobody_is_in_two_places(world: &World) {
    let mut lines = BTreeSet::new();
    let mut loads: BTreeMap<AgentId, u32> = BTreeMap::new();
    for row in world.rows().into_iter().filter(|row| row.ended.is_none()) {
        assert!(lines.insert(row.line), "two open sessions on a line");
        match &*row.status {
            "assigned" | "switching" => {
                *loads.entry(row.agent.clone().expect("an agent")).or_default() += 1;
            }
            "queued" => assert!(row.queue.is_some()),
            "scheduled" | "menu" | "waiting" | "connected" | "leaving" => {
                assert_eq!(row.line.number.to_string(), CALLS, "a call");
            }
            status => assert!(matches!(status, "selecting" | "dismissed"), "{status}"),
        }
    }
    assert!(loads.values().all(|load| *load <= 2), "{loads:?}");
}

/// Every place that is taken in a slot to come is that of a scheduled call, and no slot has more than one (HRS-10).
fn places_are_those_of_calls(world: &World) {
    let now = world.engine.now() + TimeDelta::milliseconds(1);
    let mut calls: BTreeMap<Instant, u32> = BTreeMap::new();
    for row in world.rows().into_iter().filter(|row| &*row.status == "scheduled") {
        let slot = block_on(world.engine.call_state(row.id)).unwrap().slot.unwrap();
        *calls.entry(slot.from).or_default() += u32::from(slot.from >= now);
    }
    calls.retain(|_, calls| *calls > 0);
    let (center, later, sales) =
        (world.engine.center(), now + TimeDelta::days(30), queue("phone-sales"));
    let taken = world.store.slots_taken(center.id(), &sales, now, later);
    assert_eq!(block_on(taken).unwrap(), calls);
    assert!(calls.values().all(|calls| *calls == 1), "{calls:?}");
}

/// Invariants 1, 2 and 4, when everything has come to rest.
fn nothing_is_lost(world: &World, outside: &Outside) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for event in world.events() {
        if let Fact::InboundMessage { provider_id, .. } = &event.fact {
            *taken.entry(provider_id.to_string()).or_default() += 1;
        }
    }
    assert!(taken.values().all(|count| *count == 1), "taken twice: {taken:?}");
    for id in &outside.acknowledged {
        assert!(taken.contains_key(id), "{id} was acknowledged and is lost");
    }
    for row in world.rows() {
        assert!(row.ended.is_some(), "session {} never ended", row.id);
    }
    for agent in world.engine.agents() {
        assert!(agent.sessions.is_empty() && world.offered_to(agent.id.as_str()).is_empty());
    }
    // Who has gone on by text is in one chat, if in any.
    let mut chats = BTreeSet::new();
    for event in world.events() {
        if let Fact::ContinuedFromCall { call } = event.fact {
            assert!(chats.insert(call), "two chats of call {call}");
        }
    }
    opted_out_are_left_alone(world);
}

/// Follows the log: between a revocation and the next opt-in, one confirmation is accepted, and once in 24 hours the answer to
/// a HELP that came after it; nothing else.
fn opted_out_are_left_alone(world: &World) {
    let query = EventQuery::After { position: 0, limit: usize::MAX };
    let records = block_on(world.store.events(world.engine.center().id(), query)).unwrap();
    let (mut out, mut confirmed) = (BTreeSet::new(), BTreeSet::new());
    let (mut purposes, mut helped) = (BTreeMap::new(), BTreeMap::new());
    for record in records {
        for event in record.events {
            match (event.fact, record.subject.line) {
                (Fact::OptedOut { .. }, Some(line)) => {
                    out.insert(line);
                    confirmed.remove(&line);
                }
                (Fact::OptedIn { .. }, Some(line)) => {
                    out.remove(&line);
                }
                (Fact::OutboundMessage { id, purpose, .. }, line) => {
                    let asked_while_out = line.is_some_and(|line| out.contains(&line));
                    purposes.insert(id, (purpose, asked_while_out));
                }
                (Fact::Delivery { id, delivery: Delivery::Accepted { .. } }, Some(line))
                    if out.contains(&line) =>
                {
                    if purposes[&id] == (Purpose::Help, true) {
                        let before = helped.insert(line, event.at);
                        let day = TimeDelta::hours(24);
                        assert!(
                            before.is_none_or(|before| before + day <= event.at),
                            "HELP was answered twice in a day: {id}"
                        );
                        continue;
                    }
                    let purpose = purposes[&id].0;
                    assert_eq!(purpose, Purpose::OptOutConfirmation, "{id} left after STOP");
                    assert!(confirmed.insert(line), "a second confirmation: {id}");
                }
                _ => {}
            }
        }
    }
}

/// Plays it, lets ten days pass, and looks at what is left.
fn hold(acts: Vec<Act>) {
    let shaky = Arc::new(Shaky::default());
    let mut world = World::with(&center(), shaky.clone());
    let mut outside = Outside::default();
    for act in acts {
        world = run(world, &shaky, &mut outside, act);
        nobody_is_in_two_places(&world);
        places_are_those_of_calls(&world);
    }
    shaky.until.store(0, Ordering::SeqCst);
    // The provider delivers again what was not acknowledged; then ten days pass.
    for text in 0..outside.posted.len() {
        outside.post(&world, text);
    }
    assert_eq!(outside.acknowledged.len(), outside.posted.len());
    for _ in 0..120 {
        world.pass(TimeDelta::hours(2));
    }
    nothing_is_lost(&world, &outside);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_whatever_happens(acts in prop::collection::vec(act(1, 4), 1..60)) {
        hold(acts);
    }

    /// One consumer calls and texts, over and over.
    #[test]
    fn the_invariants_hold_beside_calls(acts in prop::collection::vec(act(12, 1), 1..60)) {
        hold(acts);
    }
}
