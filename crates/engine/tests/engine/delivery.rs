//! Invariant 1, and what leaves: once in, once counted, in order, again when it must be, given up aloud.

use chrono::TimeDelta;
use frontdesk::{
    DeliveryReport, Receipt, TransportError,
    store::{Line, WorkKind},
    types::{AgentStatus, Delivery, EndReason, Fact, SessionId},
};
use futures::{executor::block_on, future::join_all};

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, World};

fn temporary() -> TransportError {
    TransportError::Temporary { reason: "busy".into(), retry_after: None }
}

#[test]
fn however_often_a_text_is_delivered_it_is_taken_once() {
    let world = World::new();
    let inbound = || World::inbound("D1", CONSUMER, NUMBER, "Hello");
    let all = block_on(join_all((0..20).map(|_| world.engine.receive(inbound()))));
    let taken = all.iter().filter(|receipt| matches!(receipt, Ok(Receipt::Taken { .. }))).count();
    let doubled = all.iter().filter(|receipt| matches!(receipt, Ok(Receipt::Duplicate))).count();
    assert_eq!((taken, doubled), (1, 19), "{all:?}");
    world.settle();
    assert_eq!(world.sent().len(), 2, "one greeting, one menu");
    let mut world = world.restart(CENTER);
    assert_eq!(block_on(world.engine.receive(inbound())).unwrap(), Receipt::Duplicate);
    assert!(world.text("1").is_some());
}

#[test]
fn texts_that_arrive_together_are_one_session() {
    let world = World::new();
    let texts = (0..30).map(|n| World::inbound(&format!("IN{n}"), CONSUMER, NUMBER, "Hello there"));
    let all = block_on(join_all(texts.map(|inbound| world.engine.receive(inbound))));
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    // Thirty wrong replies may end a session, but never are two open at once.
    let open = world.rows().iter().filter(|row| row.ended.is_none()).count();
    assert_eq!(open, 1);
    assert_eq!(world.count(|fact| matches!(fact, Fact::InboundMessage { .. })), 30);
}

#[test]
fn an_unknown_number_is_an_event_and_no_reply() {
    let world = World::new();
    for _ in 0..2 {
        let inbound = World::inbound("IN1", CONSUMER, "+12025550199", "Hello");
        assert_eq!(block_on(world.engine.receive(inbound)).unwrap(), Receipt::Unrouted);
    }
    world.settle();
    assert_eq!(world.count(|fact| matches!(fact, Fact::UnroutedMessage { .. })), 1);
    assert!(world.sent().is_empty() && world.rows().is_empty());
}

#[test]
fn sms_8_a_text_from_no_telephone_is_recorded_once_and_answered_by_nobody() {
    let world = World::new();
    let text = || frontdesk::SenderText {
        provider: "test".into(),
        id: "S1".into(),
        sender: "GOVUK".into(),
        to: NUMBER.parse().unwrap(),
        body: "Your code is 1234".into(),
        media: Vec::new(),
    };
    assert_eq!(block_on(world.engine.note(text())).unwrap(), Receipt::Noted);
    assert_eq!(block_on(world.engine.note(text())).unwrap(), Receipt::Duplicate);
    world.settle();
    let noted =
        |fact: &Fact| matches!(fact, Fact::UnanswerableMessage { sender, .. } if sender == "GOVUK");
    assert_eq!(world.count(noted), 1);
    let of_another = frontdesk::SenderText { provider: "other".into(), ..text() };
    assert_eq!(block_on(world.engine.note(of_another)).unwrap(), Receipt::Noted);
    let without = frontdesk::SenderText { id: String::new(), ..text() };
    let told = block_on(world.engine.note(without)).unwrap_err().to_string();
    assert_eq!(told, "the id of a message has 0 characters, allowed are 1 to 1024");
    assert!(world.sent().is_empty() && world.rows().is_empty());
}

#[test]
fn a_busy_carrier_is_asked_again_later_and_order_is_kept() {
    let mut world = World::new();
    world.carrier.troubles.lock().unwrap().extend([temporary(), temporary(), temporary()]);
    world.text("Hello");
    assert!(world.sent().is_empty(), "the menu does not overtake the greeting");
    for _ in 0..4 {
        world.pass(TimeDelta::seconds(10));
    }
    let sent = world.sent();
    assert!(sent[0].starts_with("Welcome") && sent[1].contains("1. Billing"), "{sent:?}");
    assert_eq!(sent.len(), 2);
}

#[test]
fn a_carrier_that_names_a_time_is_left_alone_until_then() {
    let mut world = World::new();
    let wait = TransportError::Temporary { reason: "429".into(), retry_after: Some(600) };
    world.carrier.troubles.lock().unwrap().push_back(wait);
    world.text("Hello");
    world.pass(TimeDelta::seconds(590));
    assert!(world.sent().is_empty());
    world.pass(TimeDelta::seconds(11));
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn a_text_that_cannot_arrive_lets_the_next_one_go() {
    let mut world = World::new();
    let landline = TransportError::Rejected { code: "21614".into() };
    world.carrier.troubles.lock().unwrap().push_back(landline);
    world.text("Hello");
    assert_eq!(world.sent().len(), 1);
    let failed = |fact: &Fact| matches!(fact, Fact::Delivery { delivery: Delivery::Failed { reason }, .. } if reason == "21614");
    assert_eq!(world.count(failed), 1);
}

#[test]
fn what_never_works_is_given_up_aloud_and_can_be_tried_again() {
    let mut world = World::new();
    world.carrier.troubles.lock().unwrap().extend((0..40).map(|_| temporary()));
    world.text("Hello");
    for _ in 0..100 {
        world.pass(TimeDelta::hours(1));
    }
    let dead = block_on(world.engine.dead_letters(10)).unwrap();
    assert_eq!(dead.len(), 1, "the greeting was given up, the menu went: {:?}", world.sent());
    assert_eq!((dead[0].attempts, dead[0].error.as_deref()), (40, Some("busy")));
    assert_eq!(world.count(|fact| matches!(fact, Fact::DeadLettered { .. })), 1);
    assert!(block_on(world.engine.retry_dead_letter(dead[0].id)).unwrap());
    world.settle();
    assert_eq!(world.sent_with("Welcome"), 1);
    assert!(block_on(world.engine.dead_letters(10)).unwrap().is_empty());
    assert!(!block_on(world.engine.retry_dead_letter(dead[0].id)).unwrap());
}

#[test]
fn work_that_was_begun_by_a_process_that_died_is_done_by_the_next() {
    let world = World::new();
    block_on(world.engine.receive(World::inbound("IN1", CONSUMER, NUMBER, "Hello"))).unwrap();
    // Claimed, and then the process is gone.
    let (id, now) = (world.engine.center().id().clone(), world.engine.now());
    let until = now + TimeDelta::seconds(120);
    let claimed = world.store.claim_work(&id, WorkKind::Text, now, until, 64);
    assert_eq!(block_on(claimed).unwrap().len(), 1);
    let world = world.restart(CENTER);
    world.settle();
    assert!(world.sent().is_empty(), "somebody else may be at it");
    world.pass(TimeDelta::seconds(121));
    assert_eq!(world.sent().len(), 2);
}

/// The process ends while a confirmation and an answer are on their way: nobody knows whether they left.
#[test]
fn sms_11_a_confirmation_that_may_have_left_is_not_sent_by_the_next_process() {
    let world = World::new();
    let receive = |id, from, body| {
        block_on(world.engine.receive(World::inbound(id, from, NUMBER, body))).unwrap();
    };
    receive("IN1", CONSUMER, "stop");
    receive("IN2", OTHER, "Hello");
    block_on(async {
        let _road = world.carrier.road.lock().await;
        let mut leaving = std::pin::pin!(world.engine.dispatch());
        assert!(futures::poll!(&mut leaving).is_pending());
    });
    let world = world.restart(CENTER);
    let begun = world.carrier.asked.swap(0, std::sync::atomic::Ordering::SeqCst);
    world.pass(TimeDelta::seconds(121));
    assert_eq!(world.sent_with("opted out"), 0, "{begun} requests had begun");
    assert_eq!(world.sent_with("Welcome"), 1, "other texts are sent again");
    let failed = |fact: &Fact| matches!(fact, Fact::Delivery { delivery: Delivery::Failed { reason }, .. } if reason.contains("may have left"));
    assert_eq!(world.count(failed), 1);
    world.pass(TimeDelta::days(1));
    assert_eq!(world.sent_with("opted out"), 0);
}

/// The same for the answer to a HELP of a consumer who has opted out.
#[test]
fn sms_13_an_answer_to_help_that_may_have_left_is_not_sent_by_the_next_process() {
    for opted_out in [true, false] {
        let mut world = World::new();
        world.text(if opted_out { "stop" } else { "hello" });
        let receive = |world: &World, id| {
            block_on(world.engine.receive(World::inbound(id, CONSUMER, NUMBER, "help"))).unwrap();
        };
        receive(&world, "H1");
        block_on(async {
            let _road = world.carrier.road.lock().await;
            let mut leaving = std::pin::pin!(world.engine.dispatch());
            assert!(futures::poll!(&mut leaving).is_pending());
        });
        let world = world.restart(CENTER);
        world.pass(TimeDelta::seconds(121));
        let again = usize::from(!opted_out);
        assert_eq!(world.sent_with("chat with us"), again, "opted out: {opted_out}");
        world.pass(TimeDelta::days(1));
        receive(&world, "H2");
        world.settle();
        assert_eq!(world.sent_with("chat with us"), again + 1, "a day later");
    }
}

#[test]
fn a_delivery_report_is_recorded_once_and_an_opt_out_in_it_too() {
    let mut world = World::new();
    let session = world.text("Hello").unwrap();
    let line = Line { consumer: CONSUMER.parse().unwrap(), number: NUMBER.parse().unwrap() };
    let report = |delivery, opted_out| DeliveryReport {
        id: frontdesk::types::MessageId::of_session(session, 1),
        line,
        delivery,
        opted_out,
    };
    for _ in 0..3 {
        block_on(world.engine.delivery_status(report(Delivery::Delivered, false))).unwrap();
    }
    assert_eq!(
        world.count(|fact| matches!(fact, Fact::Delivery { delivery: Delivery::Delivered, .. })),
        1
    );
    for _ in 0..2 {
        let failed = Delivery::Failed { reason: "21610".into() };
        block_on(world.engine.delivery_status(report(failed, true))).unwrap();
    }
    assert_eq!(world.count(|fact| matches!(fact, Fact::OptedOut { .. })), 1);
    let before = world.sent().len();
    world.text("1");
    assert_eq!(world.sent().len(), before, "nothing leaves any more");
}

/// SMS-11, C11: whoever may not be texted any more has no open chat.
#[test]
fn sms_11_an_opt_out_that_the_carrier_tells_ends_the_chat_as_opted_out() {
    let opted_out = || TransportError::OptedOut { code: "21610".into() };
    let line = Line { consumer: CONSUMER.parse().unwrap(), number: NUMBER.parse().unwrap() };
    // Refused at once, or reported later; waiting in a queue, or with an agent.
    for (with_agent, at_once) in [(false, true), (false, false), (true, true), (true, false)] {
        let mut world = World::new();
        world.set_status("ana", AgentStatus::Available);
        let session = world.text("pay").unwrap();
        assert_eq!(world.offered_to("ana"), [session]);
        if with_agent {
            world.accept(session, "ana").unwrap();
        }
        match (with_agent, at_once) {
            (true, true) => {
                world.carrier.troubles.lock().unwrap().push_back(opted_out());
                world.send(session, "ana", "Hello").unwrap();
            }
            (false, true) => {
                let mut world_of_texts = World::new();
                std::mem::swap(&mut world, &mut world_of_texts);
                world.set_status("ana", AgentStatus::Available);
                world.carrier.troubles.lock().unwrap().push_back(opted_out());
                assert!(world.text("pay").is_some());
            }
            (_, false) => {
                let id = frontdesk::types::MessageId::of_session(session, 1);
                let delivery = Delivery::Failed { reason: "21610".into() };
                let report = DeliveryReport { id, line, delivery, opted_out: true };
                block_on(world.engine.delivery_status(report)).unwrap();
                world.settle();
            }
        }
        let row = &world.rows()[0];
        assert_eq!(
            row.ended.map(|(_, why)| why),
            Some(EndReason::OptedOut),
            "{with_agent} {at_once}"
        );
        assert!(world.offered_to("ana").is_empty(), "offered no longer");
        assert!(world.send(row.id, "ana", "Are you there?").is_err(), "agents' texts are refused");
        assert!(world.accept(row.id, "ana").is_err());
        assert_eq!(world.count(|fact| matches!(fact, Fact::OptedOut { .. })), 1);
        world.log_makes_what_is_stored();
    }
}

#[test]
fn events_say_what_the_observer_heard() {
    let mut world = World::new();
    world.chat();
    let heard: Vec<_> = world.ear.0.lock().unwrap().clone();
    let stored: Vec<_> = heard
        .iter()
        .filter(|record| record.position > 0)
        .flat_map(|record| record.events.clone())
        .collect();
    assert_eq!(stored, world.events());
    assert!(heard.iter().any(
        |record| record.position == 0 && matches!(record.events[0].fact, Fact::Offered { .. })
    ));
    assert_eq!(world.rows()[0].id, SessionId(1));
}

#[test]
fn nothing_that_is_printed_shows_what_people_wrote() {
    let mut world = World::new();
    world.text("my secret is Rosebud");
    let parts = format!("{:?} {:?} {:?}", frontdesk::Loopback::new(), world.store, world.crm);
    let shown = format!("{:?} {parts}", world.engine);
    assert!(shown.contains("acme") && shown.contains("MemoryStore"), "{shown}");
    for secret in ["Rosebud", "5550123"] {
        assert!(!shown.contains(secret));
    }
    let error = world.send(SessionId(1), "ana", "Rosebud").unwrap_err();
    assert!(!error.to_string().contains("Rosebud"), "{error}");
}
