//! What happens to chats on the desk: dismissal, transfers, ready-made texts (SMS-21 to SMS-27).

use chrono::TimeDelta;
use frontdesk::{
    EngineError,
    routing::Refused,
    sms::Refusal,
    types::{AgentStatus, EndReason, Fact, SessionId, TransferTarget},
};
use futures::executor::block_on;

use crate::world::{CENTER, World, id};

const TIMERS: &str = "
[timers]
dismissal = 30
dismissal_warning = 5
response_target_seconds = 60

[transfers]
limit = 2
last_to = 'sales'

[[shortcuts]]
category = 'Greetings'
keyword = 'hi'
message = { en = 'Hello @{END_USER}, @{AGENT} here about @{QUEUE} (chat @{SESSION_ID}).', es = 'Hola @{END_USER}.' }
";

fn center() -> String {
    format!("{CENTER}{TIMERS}")
}

/// A chat that Ana has, in a center with all timers on.
fn chat() -> (World, SessionId) {
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&center(), store);
    let session = world.chat();
    (world, session)
}

fn sales() -> TransferTarget {
    TransferTarget::Queue("sales".parse().unwrap())
}

fn transfer(world: &World, session: SessionId, to: TransferTarget) -> Result<(), EngineError> {
    let done = block_on(world.engine.transfer(session, &id("ana"), to));
    world.settle();
    done
}

#[test]
fn rte_14_transfer_targets_follow_the_hours() {
    // Ben is the night desk, which is closed.
    let night = "name = \"Night desk\"\nagents = [\"ana\"]";
    let closed = center().replacen(night, &night.replace("ana", "ben"), 1);
    assert_ne!(closed, center());
    let switched = closed.replacen("[transfers]", "[transfers]\noutside_hours = true", 1);
    let to = || TransferTarget::Queue("night".parse().unwrap());
    for (config, ben, shown) in [
        (&closed, AgentStatus::Available, false),
        (&switched, AgentStatus::LoggedOut, false),
        (&switched, AgentStatus::Available, true),
        (&switched, AgentStatus::Meal, true),
    ] {
        let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
        let mut world = World::with(config, store);
        let session = world.chat();
        world.set_status("ben", ben.clone());
        let targets = block_on(world.engine.transfer_targets(session)).unwrap();
        let night = targets.queues.iter().any(|(queue, _)| queue.as_str() == "night");
        assert_eq!(night, shown, "{ben}");
        let done = transfer(&world, session, to());
        let refused = matches!(done, Err(EngineError::Refused(Refusal::ClosedQueue { .. })));
        assert_eq!((done.is_ok(), refused), (shown, !shown), "{ben}: what is not shown is refused");
    }
}

#[test]
fn a_quiet_chat_leaves_the_desk_and_comes_back_with_its_number() {
    let (world, session) = chat();
    world.send(session, "ana", "Which bill?").unwrap();
    world.pass(TimeDelta::minutes(25));
    assert_eq!(world.sent_with("pauses in 5 minutes"), 1);
    world.pass(TimeDelta::minutes(5));
    assert_eq!(&*world.row(session).status, "dismissed");
    assert!(world.engine.agents()[0].sessions.is_empty(), "off the desk");
    let mut world = world.restart(&center());
    assert_eq!(world.text("The one of May"), Some(session));
    assert_eq!(world.sent_with("Welcome back!"), 1);
    assert_eq!(world.offered_to("ana"), [session]);
    world.accept(session, "ana").unwrap();
    let transcript = world.events();
    let lines: Vec<_> = transcript.iter().filter_map(frontdesk::crm::Line::of).collect();
    let said = |text: &str| lines.iter().any(|line| line.text == text);
    assert!(said("[ana left]") && said("[chat dismissed: nobody wrote]") && said("[chat resumed]"));
}

#[test]
fn a_chat_before_the_agents_eyes_is_not_dismissed() {
    let (world, session) = chat();
    world.send(session, "ana", "Which bill?").unwrap();
    block_on(world.engine.show(session, &id("ana"), true)).unwrap();
    world.pass(TimeDelta::minutes(40));
    assert_eq!(&*world.row(session).status, "assigned");
    block_on(world.engine.show(session, &id("ana"), false)).unwrap();
    world.pass(TimeDelta::seconds(1));
    assert_eq!(&*world.row(session).status, "dismissed");
    block_on(world.engine.resume(session)).unwrap();
    assert!(matches!(
        block_on(world.engine.resume(session)),
        Err(EngineError::Refused(Refusal::NotDismissed))
    ));
    assert_eq!(world.offered_to("ana"), [session]);
}

#[test]
fn a_dismissed_chat_of_a_closed_queue_is_told_once_and_ends_by_its_timeout() {
    let config =
        center() + "[hours]\nzone = 'America/New_York'\nopen = { daily = '09:00-12:30' }\n";
    let store = std::sync::Arc::new(frontdesk::store::MemoryStore::new());
    let mut world = World::with(&config, store);
    let session = world.chat();
    world.send(session, "ana", "Which bill?").unwrap();
    block_on(world.engine.dismiss(session, &id("ana"))).unwrap();
    world.pass(TimeDelta::minutes(40));
    for _ in 0..2 {
        assert_eq!(world.text("Hello?"), Some(session));
        let resumed = block_on(world.engine.resume(session));
        assert!(matches!(resumed, Err(EngineError::Refused(Refusal::OutOfHours))));
    }
    world.settle();
    assert_eq!(world.sent_with("We are closed right now"), 1);
    world.pass(TimeDelta::minutes(60));
    assert_eq!(world.row(session).ended.unwrap().1, EndReason::TimeoutAgentStopped);
}

#[test]
fn a_transfer_waits_in_the_other_queue_and_stays_with_the_agent_until_somebody_takes_it() {
    let (world, session) = chat();
    transfer(&world, session, sales()).unwrap();
    assert_eq!(&*world.row(session).status, "switching");
    assert_eq!(world.engine.agents()[0].sessions, [session]);
    assert!(world.offered_to("ana").is_empty());
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(world.offered_to("ben"), [session]);
    // Another process finds it where it was.
    let world = world.restart(&center());
    assert_eq!(world.offered_to("ben"), [session]);
    world.send(session, "ana", "One moment").unwrap();
    world.accept(session, "ben").unwrap();
    assert_eq!(world.row(session).agent, Some(id("ben")));
    assert!(world.engine.agents()[0].sessions.is_empty());
    assert!(matches!(
        world.send(session, "ana", "Bye"),
        Err(EngineError::Refused(Refusal::NotYours { .. }))
    ));
    assert_eq!(world.count(|fact| matches!(fact, Fact::TransferFinished { .. })), 1);
}

#[test]
fn nobody_is_asked_to_take_what_they_have() {
    let (world, session) = chat();
    let billing = TransferTarget::Queue("billing".parse().unwrap());
    transfer(&world, session, billing).unwrap();
    assert!(world.offered_to("ana").is_empty());
    assert!(world.accept(session, "ana").is_err());
    world.set_status("ben", AgentStatus::Available);
    world.accept(session, "ben").unwrap();
}

#[test]
fn a_transfer_that_nobody_takes_fails_and_the_chat_stays() {
    let (world, session) = chat();
    transfer(&world, session, sales()).unwrap();
    world.pass(TimeDelta::seconds(121));
    assert_eq!(&*world.row(session).status, "assigned");
    assert_eq!(world.row(session).agent, Some(id("ana")));
    // An agent who is not there cannot be asked: that is refused at once.
    let ben = TransferTarget::Agent(id("ben"));
    assert!(matches!(
        transfer(&world, session, ben.clone()),
        Err(EngineError::NotAccepted(Refused::NotAvailable { .. }))
    ));
    assert_eq!(&*world.row(session).status, "assigned");
    // Who is there may decline, or leave.
    world.set_status("ben", AgentStatus::Available);
    transfer(&world, session, ben.clone()).unwrap();
    assert_eq!(world.offered_to("ben"), [session]);
    block_on(world.engine.end_transfer(session, &id("ben"))).unwrap();
    assert!(world.offered_to("ben").is_empty());
    transfer(&world, session, ben).unwrap();
    world.set_status("ben", AgentStatus::Break);
    assert_eq!(&*world.row(session).status, "assigned");
    let failures = world.count(|fact| matches!(fact, Fact::TransferFailed { .. }));
    assert_eq!(failures, 3);
    assert!(matches!(
        block_on(world.engine.transfer(session, &id("ana"), TransferTarget::Agent(id("eve")))),
        Err(EngineError::NotAccepted(_))
    ));
}

#[test]
fn an_agent_who_was_given_a_chat_of_another_queue_keeps_it() {
    let (world, session) = chat();
    world.set_status("ben", AgentStatus::Available);
    transfer(&world, session, sales()).unwrap();
    world.accept(session, "ben").unwrap();
    // Ana does not serve sales.
    let ana = TransferTarget::Agent(id("ana"));
    block_on(world.engine.transfer(session, &id("ben"), ana)).unwrap();
    world.accept(session, "ana").unwrap();
    let world = world.restart(&center());
    assert_eq!(world.row(session).agent, Some(id("ana")));
    assert_eq!(world.engine.agents()[0].sessions, [session]);
    // A third one only to the last resort, where she may not go.
    let again = transfer(&world, session, TransferTarget::Queue("billing".parse().unwrap()));
    assert!(matches!(again, Err(EngineError::Refused(Refusal::TransferLimit { .. }))));
}

#[test]
fn ready_made_texts_have_the_attributes_of_the_session() {
    let (world, session) = chat();
    let shortcuts = block_on(world.engine.shortcuts(session)).unwrap();
    assert_eq!(shortcuts.len(), 1);
    assert_eq!((&*shortcuts[0].category, &*shortcuts[0].keyword), ("Greetings", "hi"));
    let text = format!("Hello Customer, Ana here about Billing (chat {session}).");
    assert_eq!(shortcuts[0].message, text);
}
