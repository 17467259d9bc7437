//! SMS-11 to SMS-15, DLC-3, invariant 2: whoever says STOP is left alone, at once and for good.

use chrono::TimeDelta;
use frontdesk::types::{AgentStatus, Delivery, Fact};
use futures::executor::block_on;

use crate::world::{CENTER, CONSUMER, NUMBER, OTHER, SECOND_NUMBER, World};

fn refused(world: &World) -> usize {
    world.count(|fact| matches!(fact, Fact::Delivery { delivery: Delivery::Refused { .. }, .. }))
}

#[test]
fn stop_ends_the_session_in_any_state_with_one_confirmation_and_nothing_after() {
    let menu = |world: &mut World| assert!(world.text("Hello").is_some());
    let queued = |world: &mut World| assert!(world.text("pay").is_some());
    let assigned = |world: &mut World| assert_eq!(world.chat().0, 1);
    let before: [&dyn Fn(&mut World); 3] = [&menu, &queued, &assigned];
    for (state, prepare) in before.iter().enumerate() {
        for word in ["Stop.", "“opt-out”", "STOP ALL", "alto", "Revoke!", "unsubscribe 🙏"] {
            let mut world = World::new();
            prepare(&mut world);
            let before = world.sent().len();
            world.text(word);
            assert_eq!(
                world.sent().len(),
                before + 1,
                "{word} in state {state}: {:?}",
                world.sent()
            );
            assert_eq!(world.sent_with("you are opted out"), 1, "{word}");
            assert!(world.rows()[0].ended.is_some(), "{word}");
            for more in ["Hello?", "STOP", "help", "pay", "HELP", word] {
                world.text(more);
            }
            assert_eq!(
                world.sent().len(),
                before + 2,
                "nothing but the one answer to HELP, {word}: {:?}",
                world.sent()
            );
            assert_eq!(world.sent_with("chat with us"), 1, "{word}");
            assert_eq!(world.rows().len(), 1, "no session begins");
        }
    }
}

#[test]
fn a_stop_outside_of_any_session_is_confirmed_once() {
    let mut world = World::new();
    world.text("STOP");
    world.text("STOP");
    assert_eq!(world.sent().len(), 1);
    assert!(world.rows().is_empty());
    assert_eq!(world.count(|fact| matches!(fact, Fact::InboundMessage { .. })), 2, "both are kept");
}

#[test]
fn what_waits_in_the_outbox_does_not_leave_after_a_stop() {
    let world = World::new();
    // Greeting and menu are decided, but nobody has dispatched them yet.
    let text = |id: &str, body: &str| {
        block_on(world.engine.receive(World::inbound(id, CONSUMER, NUMBER, body))).unwrap();
    };
    text("IN1", "Hello");
    text("IN2", "stop");
    world.settle();
    assert_eq!(world.sent().len(), 1, "{:?}", world.sent());
    assert_eq!(world.sent_with("you are opted out"), 1);
    assert_eq!(refused(&world), 2, "the others are accounted for");
}

/// A request to the provider that has begun counts as left: a STOP is committed while the provider still thinks about it, and
/// nothing that had not begun leaves after it.
#[test]
fn sms_11_a_stop_waits_for_no_provider_and_nothing_overtakes_it() {
    let world = World::new();
    block_on(world.engine.receive(World::inbound("IN1", CONSUMER, NUMBER, "Hello"))).unwrap();
    block_on(async {
        let road = world.carrier.road.lock().await;
        let mut leaving = std::pin::pin!(world.engine.dispatch());
        assert!(futures::poll!(&mut leaving).is_pending());
        let stop = World::inbound("IN2", CONSUMER, NUMBER, "stop");
        let mut stopping = std::pin::pin!(world.engine.receive(stop));
        assert!(futures::poll!(&mut stopping).is_ready(), "the provider has not answered yet");
        drop(road);
        leaving.await.unwrap();
    });
    world.settle();
    let sent = world.sent();
    assert!(sent[0].starts_with("Welcome") && sent[1].contains("opted out"), "{sent:?}");
    assert_eq!(sent.len(), 2);
}

/// What has not begun when a STOP arrives is stopped, however long the transport prepares it.
#[test]
fn sms_11_a_text_that_has_not_begun_is_stopped_by_a_stop() {
    let world = World::new();
    block_on(world.engine.receive(World::inbound("IN1", CONSUMER, NUMBER, "Hello"))).unwrap();
    block_on(async {
        let connecting = world.carrier.connecting.lock().await;
        let mut leaving = std::pin::pin!(world.engine.dispatch());
        assert!(futures::poll!(&mut leaving).is_pending());
        let stop = World::inbound("IN2", CONSUMER, NUMBER, "stop");
        let mut stopping = std::pin::pin!(world.engine.receive(stop));
        assert!(futures::poll!(&mut stopping).is_ready(), "no connection yet");
        drop(connecting);
        leaving.await.unwrap();
    });
    world.settle();
    let sent = world.sent();
    assert!(sent.len() == 1 && sent[0].contains("opted out"), "{sent:?}");
    assert_eq!(refused(&world), 2, "the others are accounted for");
}

/// A decision of the gate that is older than two seconds when the request could begin is not used: the text is put back.
#[test]
fn dlc_4_a_decision_of_the_gate_holds_for_two_seconds() {
    for (seconds, left) in [(2, 2), (3, 0), (-1, 0), (3_600, 0)] {
        let world = World::new();
        block_on(world.engine.receive(World::inbound("IN1", CONSUMER, NUMBER, "Hello"))).unwrap();
        block_on(async {
            let connecting = world.carrier.connecting.lock().await;
            let mut leaving = std::pin::pin!(world.engine.dispatch());
            assert!(futures::poll!(&mut leaving).is_pending());
            world.clock.advance(TimeDelta::seconds(seconds));
            drop(connecting);
            leaving.await.unwrap();
        });
        world.settle();
        assert_eq!(world.sent().len(), left, "{seconds}");
        world.pass(TimeDelta::seconds(4));
        assert_eq!(world.sent().len(), 2, "{seconds}: looked at again soon");
    }
}

#[test]
fn an_agents_answer_is_refused_after_a_stop_even_if_it_came_before() {
    let mut world = World::new();
    let session = world.chat();
    block_on(world.engine.send(session, &crate::world::id("ana"), "Hello".into())).unwrap();
    block_on(world.engine.receive(World::inbound("STOP1", CONSUMER, NUMBER, "stop"))).unwrap();
    world.settle();
    assert_eq!(world.sent_with("Hello"), 0);
    assert!(world.send(session, "ana", "Are you there?").is_err());
}

#[test]
fn a_provider_that_has_answered_itself_gets_no_second_confirmation() {
    for (word, words) in
        [("STOP", "opted out"), ("HELP", "chat with us"), ("START", "messages from us")]
    {
        let world = World::new();
        let mut inbound = World::inbound("IN1", CONSUMER, NUMBER, word);
        inbound.answered_by_provider = true;
        block_on(world.engine.receive(inbound)).unwrap();
        world.settle();
        assert_eq!(world.sent_with(words), 0, "{word}: {:?}", world.sent());
    }
}

#[test]
fn start_brings_back_and_the_opt_in_text_is_shown_again() {
    for word in ["START", "yes", "Unstop!"] {
        let mut world = World::new();
        world.text("Hello");
        world.text("STOP");
        world.text(word);
        assert_eq!(
            world.sent_with("you will receive messages from us"),
            1,
            "{word}: {:?}",
            world.sent()
        );
        let shown = world.sent_with("recurring messages");
        world.text("Hello");
        assert_eq!(world.sent_with("recurring messages"), shown + 1, "once more, {word}");
    }
}

#[test]
fn yes_in_a_chat_is_a_word_for_the_agent() {
    let mut world = World::new();
    let session = world.chat();
    assert_eq!(world.text("YES"), Some(session));
    assert_eq!(world.count(|fact| matches!(fact, Fact::OptedIn { .. })), 0);
}

#[test]
fn help_is_answered_in_any_state_and_changes_none() {
    let mut world = World::new();
    world.text("HELP");
    assert_eq!(world.sent_with("Call +1 202 555 0100"), 1);
    assert!(world.rows().is_empty(), "no session begins");
    let session = world.chat();
    let before = world.row(session);
    world.text("info");
    assert_eq!(world.sent_with("Call +1 202 555 0100"), 2);
    let after = world.row(session);
    assert_eq!((after.status, after.agent), (before.status, before.agent));
}

#[test]
fn a_stop_is_about_one_consumer_and_one_number() {
    let mut world = World::new();
    world.text("STOP");
    assert!(world.text_from(OTHER, NUMBER, "Hello").is_some());
    assert!(world.text_from(CONSUMER, SECOND_NUMBER, "Hello").is_some());
    assert!(world.text("Hello").is_none());
}

#[test]
fn a_stop_survives_a_restart() {
    let mut world = World::new();
    world.text("Hello");
    block_on(world.engine.receive(World::inbound("S", CONSUMER, NUMBER, "stop"))).unwrap();
    let mut world = world.restart(CENTER);
    world.settle();
    assert_eq!(world.sent_with("you are opted out"), 1, "the confirmation was not lost");
    let before = world.sent().len();
    world.set_status("ana", AgentStatus::Available);
    world.text("Hello?");
    assert_eq!(world.sent().len(), before);
}

#[test]
fn a_revocation_in_ones_own_words_is_one() {
    for words in ["please stop texting me", "Take me off your list!", "no me escriban más"] {
        let mut world = World::new();
        world.chat();
        world.text(words);
        assert_eq!(world.sent_with("you are opted out"), 1, "{words}");
        assert!(world.rows()[0].ended.is_some());
        let sent = world.sent().len();
        world.text("Hello?");
        assert_eq!(world.sent().len(), sent);
    }
    // What the menu offers is an answer to the menu.
    let config = CENTER.replace("name = \"Sales\"", "name = \"Remove me\"");
    let mut world = World::with(&config, std::sync::Arc::new(frontdesk::store::MemoryStore::new()));
    world.text("Hello");
    world.text("Remove me");
    assert_eq!(&*world.rows()[0].status, "queued");
}

#[test]
fn what_may_be_a_revocation_is_told_asked_about_or_taken_for_one() {
    let suspected = |world: &World| {
        world.count(
            |fact| matches!(fact, Fact::RevocationSuspected { rule, .. } if rule == "wrong-number"),
        )
    };
    for (setting, asked, out) in [("tell_agent", 0, 0), ("ask", 1, 0), ("opt_out", 0, 1)] {
        let config = format!("{CENTER}\n[revocation]\npossible = '{setting}'");
        let mut world =
            World::with(&config, std::sync::Arc::new(frontdesk::store::MemoryStore::new()));
        world.chat();
        world.text("You have the wrong number");
        assert_eq!(world.sent_with("to receive no more messages"), asked, "{setting}");
        assert_eq!(world.sent_with("you are opted out"), out, "{setting}");
        assert_eq!(suspected(&world), 1 - out, "{setting}");
        assert_eq!(world.rows()[0].ended.is_some(), out == 1, "{setting}");
        world.text("I'll stop by the store");
        assert_eq!(suspected(&world), 1 - out);
    }
}
