//! Callers who go on by text (SMS-31): the chat that was promised begins, whatever comes first.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    DeliveryReport,
    sms::CallInput,
    store::{Line, MemoryStore},
    types::{Delivery, EndReason, Fact, HungUp, Key, MessageId, SessionId},
};
use futures::executor::block_on;

use crate::{
    calls::{begin, center, connect, press, state},
    world::{CONSUMER, NUMBER, World},
};

/// What may happen once the caller has agreed to go on by text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happens {
    Text,
    Delivered,
    Failed,
    HangsUp,
    Restart,
}

use Happens::{Delivered, Failed, HangsUp, Restart, Text};

/// A caller of `phone-sales` has agreed to go on in Sales; the text about it has left, unless `held`.
fn agreed(held: bool) -> (World, SessionId) {
    let world = World::with(&center(), Arc::new(MemoryStore::new()));
    let call = begin(&world, "phone-sales");
    if held {
        let question = state(&world, call).asked.unwrap().question;
        let key = CallInput::KeyPressed { question, key: Key::ONE };
        block_on(world.engine.call(call, key)).unwrap();
    } else {
        press(&world, call, Key::ONE);
    }
    (world, call)
}

/// With `settled`, the outbox does its work after every step; otherwise only at the end.
fn play(mut world: World, call: SessionId, order: &[Happens], settled: bool) -> World {
    let line = Line { consumer: CONSUMER.parse().unwrap(), number: NUMBER.parse().unwrap() };
    for step in order {
        match step {
            Text => {
                let inbound = World::inbound("IN-answer", CONSUMER, NUMBER, "It is about my order");
                block_on(world.engine.receive(inbound)).unwrap();
            }
            Delivered | Failed => {
                let id = MessageId::of_session(call, 1);
                let failed = || Delivery::Failed { reason: "30003".into() };
                let delivery = if *step == Failed { failed() } else { Delivery::Delivered };
                let report = DeliveryReport { id, line, delivery, opted_out: false };
                block_on(world.engine.delivery_status(report)).unwrap();
            }
            // A call that is over refuses it, as the telephony expects.
            HangsUp => {
                drop(block_on(world.engine.call(call, CallInput::Ended { by: HungUp::Caller })));
            }
            Restart => world = world.restart(&center()),
        }
        if settled {
            world.settle();
        }
    }
    world.settle();
    world
}

/// One chat waits in Sales, and has the text. Nobody was greeted or asked to choose.
fn waits_in_sales(world: &World, call: SessionId, what: &str) {
    let chats: Vec<_> = world.rows().into_iter().filter(|row| row.id != call).collect();
    let [chat] = chats.as_slice() else { panic!("{what}: {chats:?}") };
    let queue = chat.queue.as_ref().map(frontdesk::types::QueueId::as_str);
    assert_eq!((&*chat.status, queue), ("queued", Some("sales")), "{what}");
    assert_eq!(world.sent_with("Reply with a number"), 0, "{what}");
    assert_eq!(world.sent_with("let's go on by text"), 1, "{what}");
    let transcript = block_on(world.engine.transcript(chat.id)).unwrap();
    let facts: Vec<Fact> =
        transcript.into_iter().flat_map(|record| record.events).map(|event| event.fact).collect();
    let continued =
        |fact: &&Fact| matches!(fact, Fact::ContinuedFromCall { call: of } if *of == call);
    assert_eq!(facts.iter().filter(continued).count(), 1, "{what}");
    let text = |fact: &&Fact| matches!(fact, Fact::InboundMessage { .. });
    assert_eq!(facts.iter().filter(text).count(), 1, "{what}");
    // What the call says of its chat is true.
    let named =
        |fact: &Fact| matches!(fact, Fact::CallDeflected { chat: named, .. } if *named != chat.id);
    assert_eq!(world.count(named), 0, "{what}");
}

fn orders(of: &[Happens]) -> Vec<Vec<Happens>> {
    let [] = of else {
        let mut all = Vec::new();
        for (place, first) in of.iter().enumerate() {
            let mut rest = of.to_vec();
            rest.remove(place);
            all.extend(orders(&rest).into_iter().map(|rest| [vec![*first], rest].concat()));
        }
        return all;
    };
    vec![Vec::new()]
}

#[test]
fn sms_31_who_answers_before_the_delivery_report_waits_in_the_queue() {
    let (world, call) = agreed(false);
    let world = play(world, call, &[Text], true);
    waits_in_sales(&world, call, "text");
    let ended = state(&world, call);
    assert_eq!((ended.status, ended.ended), ("finished", Some(EndReason::DeflectedToText)));
    // The report comes late, and the hang-up: nothing changes.
    let world = play(world, call, &[Delivered, HangsUp], true);
    waits_in_sales(&world, call, "late report");
}

#[test]
fn sms_31_the_answer_belongs_to_the_promised_chat_in_whichever_order_things_happen() {
    let mut tried = 0;
    for all in [
        vec![Text, Delivered],
        vec![Text, Failed],
        vec![Text, HangsUp, Restart],
        vec![Text, Delivered, HangsUp, Restart],
        vec![Text, Failed, HangsUp, Restart],
        vec![Text, Delivered, Failed, HangsUp, Restart],
    ] {
        for order in orders(&all) {
            for (settled, held) in [(true, false), (false, false), (false, true)] {
                let what = format!("{order:?}, settled {settled}, held {held}");
                let (world, call) = agreed(held);
                let world = play(world, call, &order, settled);
                waits_in_sales(&world, call, &what);
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 3 * (2 + 2 + 6 + 24 + 24 + 120));
}

#[test]
fn sms_31_a_caller_whom_an_agent_has_keeps_the_call_when_they_answer_the_text() {
    let (world, call) = agreed(false);
    connect(&world, call);
    let world = play(world, call, &[Delivered, Text], true);
    assert_eq!(state(&world, call).status, "connected");
    waits_in_sales(&world, call, "connected");
    // After the call, what they were promised is over: a text begins anew.
    let (world, call) = agreed(false);
    connect(&world, call);
    let world = play(world, call, &[HangsUp, Text], true);
    assert_eq!(world.sent_with("Reply with a number"), 1);
}

#[test]
fn sms_31_a_promise_does_not_outlive_the_day_nor_a_stop() {
    let (world, call) = agreed(false);
    let world = play(world, call, &[Failed, HangsUp], true);
    world.pass(TimeDelta::hours(24));
    let world = play(world, call, &[Text], true);
    assert_eq!(world.sent_with("Reply with a number"), 1, "a menu, a day later");

    // STOP, then START: no chat begins by itself, the caller keeps their place, and texts begin anew.
    let (mut world, call) = agreed(false);
    world.text("stop");
    let world = play(world, call, &[Delivered], true);
    assert_eq!(state(&world, call).status, "waiting");
    assert_eq!(world.count(|fact| matches!(fact, Fact::ServiceFailed { .. })), 1);
    let mut world = world;
    world.text("start");
    let world = play(world, call, &[Text], true);
    assert_eq!(world.sent_with("Reply with a number"), 1);
}
