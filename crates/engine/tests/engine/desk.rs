//! Invariant 3: one winner, no more than the limit, nobody lost; and configuration that changes under way.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use frontdesk::{
    Center, EngineError,
    types::{AgentStatus, EndReason, Fact, ReturnReason},
};
use futures::{executor::block_on, future::join_all};

use crate::{
    shaky::Shaky,
    world::{CENTER, NUMBER, OTHER, World, id},
};

#[test]
fn an_offer_has_one_winner_however_many_reach_for_it() {
    let mut world = World::new();
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    let session = world.text("pay").unwrap();
    assert_eq!((world.offered_to("ana"), world.offered_to("ben")), (vec![session], vec![session]));
    let (ana, ben) = (id("ana"), id("ben"));
    let all = block_on(join_all(
        [&ana, &ben, &ana, &ben].map(|agent| world.engine.accept(session, agent)),
    ));
    assert_eq!(all.iter().filter(|done| done.is_ok()).count(), 1, "{all:?}");
    assert_eq!(world.count(|fact| matches!(fact, Fact::Assigned { .. })), 1);
    assert!(world.offered_to("ben").is_empty() && world.offered_to("ana").is_empty());
}

#[test]
fn an_agent_has_no_more_than_the_limit_and_the_first_comes_first() {
    let mut world = World::new();
    world.set_status("ana", AgentStatus::Available);
    let sessions: Vec<_> = (0..4)
        .map(|n| world.text_from(&format!("+1202555013{n}"), NUMBER, "pay").unwrap())
        .collect();
    assert_eq!(
        world.offered_to("ana"),
        sessions[..1],
        "the oldest first, one for the one who is there"
    );
    world.accept(sessions[0], "ana").unwrap();
    assert!(
        matches!(world.accept(sessions[3], "ana"), Err(EngineError::NotAccepted(_))),
        "out of turn"
    );
    world.accept(sessions[1], "ana").unwrap();
    assert!(world.offered_to("ana").is_empty());
    assert!(matches!(world.accept(sessions[2], "ana"), Err(EngineError::NotAccepted(_))));
    block_on(world.engine.end(sessions[0], &id("ana"))).unwrap();
    assert_eq!(world.offered_to("ana"), [sessions[2]]);
}

#[test]
fn only_the_agent_who_has_a_chat_may_act_in_it() {
    let mut world = World::new();
    let session = world.chat();
    world.set_status("ben", AgentStatus::Available);
    assert!(world.send(session, "ben", "Hi").is_err());
    assert!(block_on(world.engine.end(session, &id("ben"))).is_err());
    world.send(session, "ana", "Hi").unwrap();
    assert!(world.send(session, "ana", "").is_err());
    assert!(world.send(session, "ana", &"x".repeat(1_601)).is_err());
    assert_eq!(world.sent_with("Hi"), 1);
}

#[test]
fn a_chat_whose_agent_logs_out_keeps_its_place() {
    let mut world = World::new();
    let first = world.chat();
    let second = world.text_from(OTHER, NUMBER, "pay").unwrap();
    world.set_status("ana", AgentStatus::LoggedOut);
    let row = world.row(first);
    assert_eq!((&*row.status, row.agent), ("queued", Some(id("ana"))));
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(world.offered_to("ben"), [first], "before {second}, which came later");
    let returned =
        |fact: &Fact| matches!(fact, Fact::ReturnedToQueue { reason: ReturnReason::LoggedOut, .. });
    assert_eq!(world.count(returned), 1);
    world.accept(first, "ben").unwrap();
    assert_eq!(world.offered_to("ben"), [second]);
}

#[test]
fn a_break_keeps_chats_and_brings_no_new_ones() {
    let mut world = World::new();
    let session = world.chat();
    world.set_status("ana", AgentStatus::Break);
    world.text_from(OTHER, NUMBER, "pay");
    assert!(world.offered_to("ana").is_empty());
    world.send(session, "ana", "Still here").unwrap();
    world.set_status("ana", AgentStatus::Available);
    assert_eq!(world.offered_to("ana").len(), 1);
}

#[test]
fn a_chat_can_be_given_back() {
    let mut world = World::new();
    let session = world.chat();
    block_on(world.engine.give_back(session, &id("ana"))).unwrap();
    assert_eq!(&*world.row(session).status, "queued");
    assert_eq!(world.offered_to("ana"), [session]);
}

#[test]
fn a_supervisor_ends_a_session_in_any_state() {
    for body in ["Hello", "pay"] {
        let mut world = World::new();
        let session = world.text(body).unwrap();
        block_on(world.engine.end_by_supervisor(session)).unwrap();
        assert_eq!(world.row(session).ended.unwrap().1, EndReason::EndedBySupervisor);
        assert!(block_on(world.engine.end_by_supervisor(session)).is_err());
    }
}

#[test]
fn a_restart_finds_everybody_where_they_were() {
    let mut world = World::new();
    let with_ana = world.chat();
    let waiting = world.text_from(OTHER, NUMBER, "pay").unwrap();
    let mut world = world.restart(CENTER);
    assert_eq!(world.engine.agents()[0].sessions, [with_ana]);
    assert_eq!(world.offered_to("ana"), [waiting]);
    world.send(with_ana, "ana", "I am back").unwrap();
    assert_eq!(world.text("Welcome back"), Some(with_ana));
}

#[test]
fn an_agent_who_is_no_longer_there_leaves_nobody_behind() {
    let mut world = World::new();
    let session = world.chat();
    let without_ana = CENTER
        .replace("agents = [\"ana\", \"ben\"]", "agents = [\"ben\"]")
        .replace("agents = [\"ana\"]", "agents = [\"ben\"]")
        .replace("[[agents]]\nid = \"ana\"\nname = \"Ana\"\nchats = 2\n", "");
    block_on(world.engine.reconfigure(Center::load(&without_ana).unwrap())).unwrap();
    assert_eq!(&*world.row(session).status, "queued");
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(world.offered_to("ben"), [session]);

    // The same when it happens between two processes.
    let mut world = World::new();
    let session = world.chat();
    let world = world.restart(&without_ana);
    assert_eq!(&*world.row(session).status, "queued");
}

#[test]
fn open_sessions_survive_a_new_configuration() {
    let mut world = World::new();
    let session = world.text("Hello").unwrap();
    let renamed = CENTER.replace("name = \"Sales\"", "name = \"Shop window\"");
    block_on(world.engine.reconfigure(Center::load(&renamed).unwrap())).unwrap();
    assert_eq!(world.text("shop window"), Some(session));
    assert_eq!(world.row(session).queue.unwrap().as_str(), "sales");
}

#[test]
fn a_queue_that_is_gone_loses_nobody() {
    let mut world = World::new();
    let session = world.text("pay").unwrap();
    let gone = CENTER.replace("id = \"billing\"", "id = \"accounts\"");
    let mut world = world.restart(&gone);
    world.set_status("ana", AgentStatus::Available);
    world.set_status("ben", AgentStatus::Available);
    assert_eq!(world.text("Anyone there?"), Some(session), "the text is kept");
    assert!(world.count(|fact| matches!(fact, Fact::InboundMessage { .. })) >= 2);
    block_on(world.engine.end_by_supervisor(session)).unwrap();
}

/// The store breaks after it has committed: the engine finds out what is true as soon as it can.
#[test]
fn a_commit_in_doubt_leaves_no_ghosts() {
    let shaky = Arc::new(Shaky::default());
    let mut world = World::with(CENTER, shaky.clone());
    let session = world.chat();
    shaky.fail(0, true);
    assert!(block_on(world.engine.end(session, &id("ana"))).is_err(), "nobody can know");
    world.settle();
    assert!(world.engine.agents()[0].sessions.is_empty(), "it has ended");

    // And before it has committed.
    let session = world.text("pay").unwrap();
    shaky.fail(0, false);
    assert!(block_on(world.engine.accept(session, &id("ana"))).is_err());
    world.settle();
    assert!(world.engine.agents()[0].sessions.is_empty());
    assert_eq!(world.offered_to("ana"), [session]);
}

/// The store breaks while the chats of an agent who leaves are returned: all of them are in the end.
#[test]
fn a_return_that_fails_is_made_up_for_and_keeps_no_other_from_returning() {
    let shaky = Arc::new(Shaky::default());
    let mut world = World::with(CENTER, shaky.clone());
    let first = world.chat();
    let second = world.text_from(OTHER, NUMBER, "pay").unwrap();
    world.accept(second, "ana").unwrap();
    // The status is committed, the first return is not.
    shaky.fail(1, false);
    assert!(block_on(world.engine.set_status(&id("ana"), AgentStatus::LoggedOut)).is_err());
    world.settle();
    for session in [first, second] {
        assert_eq!(&*world.row(session).status, "queued", "{session}");
    }
    assert!(world.engine.agents()[0].sessions.is_empty());
}

/// Drops a call between its commit and its end.
fn hang_up(world: &World, shaky: &Shaky, call: impl Future) {
    block_on(async {
        let road = shaky.road.lock().await;
        {
            let mut call = std::pin::pin!(call);
            assert!(futures::poll!(&mut call).is_pending());
        }
        drop(road);
    });
    world.settle();
}

/// A caller is dropped (its client has hung up) after the commit and before the router knows.
#[test]
fn a_caller_who_is_dropped_leaves_no_ghosts() {
    let shaky = Arc::new(Shaky::default());
    let world = World::with(CENTER, shaky.clone());
    world.set_status("ana", AgentStatus::Available);
    let text = World::inbound("IN1", crate::world::CONSUMER, NUMBER, "pay");
    hang_up(&world, &shaky, world.engine.receive(text));
    let session = world.offered_to("ana")[0];
    let ana = id("ana");
    hang_up(&world, &shaky, world.engine.accept(session, &ana));
    assert_eq!(world.engine.agents()[0].sessions, [session], "it is hers, and everybody knows");
    assert_eq!(&*world.row(session).status, "assigned");
    hang_up(&world, &shaky, world.engine.end(session, &ana));
    assert!(world.engine.agents()[0].sessions.is_empty());
}

/// Threads that do everything at once: afterwards, what the router believes is what the store has.
#[test]
fn the_router_agrees_with_the_store_after_a_storm() {
    let config = CENTER.replace("chats = 2", "chats = 50");
    let store = Arc::new(Shaky::default());
    store.slow.store(true, Ordering::SeqCst);
    let world = World::with(&config, store);
    let engine = &world.engine;
    let (ana, ben) = (id("ana"), id("ben"));
    let taken = &AtomicUsize::new(0);
    let raging = || taken.load(Ordering::SeqCst) < 150;
    std::thread::scope(|scope| {
        for (n, agent) in [&ana, &ben, &ana, &ben].into_iter().enumerate() {
            scope.spawn(move || {
                for round in n.. {
                    // Refusals are part of a storm.
                    let _ = block_on(engine.set_status(agent, AgentStatus::Available));
                    for offer in engine.offers(agent).unwrap() {
                        let accepted = block_on(engine.accept(offer.session, agent));
                        taken.fetch_add(usize::from(accepted.is_ok()), Ordering::SeqCst);
                        match round % 3 {
                            0 => drop(block_on(engine.end(offer.session, agent))),
                            1 => drop(block_on(engine.give_back(offer.session, agent))),
                            _ => {}
                        }
                    }
                    if !raging() {
                        return;
                    }
                }
            });
        }
        for consumer in 0..4 {
            scope.spawn(move || {
                for n in (0..).take_while(|_| raging()) {
                    let body = ["pay", "hello", "STOP", "START"][n % 4];
                    let from = format!("+1202555015{consumer}");
                    let text = World::inbound(&format!("{consumer}-{n}"), &from, NUMBER, body);
                    block_on(engine.receive(text)).unwrap();
                }
            });
        }
    });
    for agent in engine.agents() {
        let rows = world.rows();
        let has = rows.iter().filter(|row| row.ended.is_none() && &*row.status == "assigned");
        let has: BTreeSet<_> =
            has.filter(|row| row.agent.as_ref() == Some(&agent.id)).map(|row| row.id).collect();
        assert_eq!(agent.sessions.iter().copied().collect::<BTreeSet<_>>(), has, "{}", agent.id);
    }
    let queued = world.rows().iter().filter(|row| &*row.status == "queued").count();
    assert_eq!(engine.queues().iter().map(|queue| queue.waiting).sum::<usize>(), queued);
}
