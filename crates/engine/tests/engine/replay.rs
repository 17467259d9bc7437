//! C7: a log makes the session that is stored, whichever command came in whichever state.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    Inbound, NewChat,
    store::MemoryStore,
    types::{AgentStatus, Media, SessionId},
};
use futures::executor::block_on;

use crate::{
    stage::center,
    world::{CONSUMER, NUMBER, World, id},
};

/// What a consumer may send that is no session's matter alone.
const TEXTS: [&str; 12] = [
    "HELP",
    "Info",
    "Start",
    "UNSTOP",
    "yes",
    "STOP",
    "please stop texting me",
    "You have the wrong number",
    "Hello",
    "back",
    "👍",
    "I'm driving right now.",
];

/// Where a chat may stand; the first begins none.
const STATES: [&str; 8] = [
    "none",
    "selecting",
    "queued",
    "assigned",
    "transferring",
    "dismissed",
    "invited",
    "invited by ana",
];

fn in_state(state: &str) -> World {
    let mut world = World::with(&center(), Arc::new(MemoryStore::new()));
    let outbound = |agent: Option<&str>| NewChat {
        consumer: CONSUMER.parse().unwrap(),
        number: NUMBER.parse().unwrap(),
        body: "Shall we text you? Reply YES.".into(),
        agent: agent.map(id),
        language: None,
        ticket: None,
        consent: Some("they asked for it by phone".into()),
        by_program: agent.is_none(),
        key: None,
    };
    let begin = |world: &World, agent| {
        block_on(world.engine.begin_chat(outbound(agent))).unwrap();
        world.settle();
    };
    let chat = |world: &mut World| -> SessionId { world.chat() };
    match state {
        "selecting" => assert!(world.text("Hello").is_some()),
        "queued" => assert!(world.text("pay").is_some()),
        "assigned" => assert_eq!(chat(&mut world).0, 1),
        "transferring" => {
            let session = chat(&mut world);
            let to = frontdesk::types::TransferTarget::Queue("sales".parse().unwrap());
            block_on(world.engine.transfer(session, &id("ana"), to)).unwrap();
        }
        "dismissed" => {
            let session = chat(&mut world);
            world.send(session, "ana", "Anything else?").unwrap();
            block_on(world.engine.dismiss(session, &id("ana"))).unwrap();
        }
        "invited" => begin(&world, None),
        "invited by ana" => {
            world.set_status("ana", AgentStatus::Available);
            begin(&world, Some("ana"));
        }
        _ => {}
    }
    let expected = match state {
        "none" => None,
        "transferring" => Some("switching"),
        "invited" => Some("selecting"),
        "invited by ana" => Some("assigned"),
        state => Some(state),
    };
    assert_eq!(world.rows().first().map(|row| row.status.to_string()).as_deref(), expected);
    world
}

#[test]
fn the_log_makes_the_session_that_is_stored_after_any_command_in_any_state() {
    let mut tried = 0;
    for state in STATES {
        for first in TEXTS {
            for second in ["HELP", "START", "Hello", "STOP"] {
                let mut world = in_state(state);
                for body in [first, second] {
                    world.pass(TimeDelta::milliseconds(4_321));
                    world.text(body);
                    world.log_makes_what_is_stored();
                }
                // A picture is kept later, a blocked consumer is not heard, and time goes on.
                let media = vec![Media { url: "gif".into(), content_type: "image/gif".into() }];
                let picture = World::inbound("IN-picture", CONSUMER, NUMBER, "Look");
                block_on(world.engine.receive(Inbound { media, ..picture })).unwrap();
                block_on(world.engine.set_blocked(CONSUMER.parse().unwrap(), true)).unwrap();
                world.text("Hello?");
                world.log_makes_what_is_stored();
                world.pass(TimeDelta::hours(25));
                world.log_makes_what_is_stored();
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 8 * 12 * 4);
}
