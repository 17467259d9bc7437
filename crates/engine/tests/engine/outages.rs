//! Providers that are down, slow, wrongly set up, or ask for more than they may. Everything is counted, nothing is timed.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use frontdesk::{
    TransportError,
    types::{Delivery, Fact},
};
use futures::executor::block_on;

use crate::world::{CONSUMER, NUMBER, OTHER, World};

fn consumer(n: usize) -> String {
    format!("+1202556{n:04}")
}

fn receive(world: &World, id: &str, from: &str, body: &str) {
    block_on(world.engine.receive(World::inbound(id, from, NUMBER, body))).unwrap();
}

fn temporary(retry_after: Option<u32>) -> TransportError {
    TransportError::Temporary { reason: "503".into(), retry_after }
}

fn set(world: &World, down: Option<TransportError>) {
    *world.carrier.down.lock().unwrap() = down;
}

fn asked(world: &World) -> u32 {
    world.carrier.asked.swap(0, Ordering::SeqCst)
}

#[test]
fn a_provider_may_ask_for_a_quarter_of_an_hour_and_not_for_more() {
    for seconds in [901, 86_400, u32::MAX] {
        let mut world = World::new();
        set(&world, Some(temporary(Some(seconds))));
        world.text("Hello");
        set(&world, None);
        world.pass(TimeDelta::minutes(14));
        assert!(world.sent().is_empty(), "{seconds}");
        world.pass(TimeDelta::minutes(1));
        assert_eq!(world.sent().len(), 2, "{seconds}");
    }
}

#[test]
fn sms_11_a_confirmation_stands_behind_nothing_that_waits() {
    let mut world = World::new();
    set(&world, Some(temporary(Some(u32::MAX))));
    world.text("Hello");
    set(&world, None);
    world.text("stop");
    assert_eq!(world.sent_with("opted out"), 1, "at once");
    world.pass(TimeDelta::days(1));
    assert_eq!(world.sent().len(), 1, "what waited is refused");
}

/// A carrier that asks some texts to wait, and takes those of others meanwhile: each waits as long as it was asked to.
#[test]
fn a_pause_that_a_working_provider_asked_for_is_kept() {
    let world = World::new();
    let busy = (0..5).map(|_| temporary(Some(60)));
    world.carrier.troubles.lock().unwrap().extend(busy);
    for n in 0..5 {
        receive(&world, &format!("A{n}"), &consumer(n), "Hello");
    }
    world.settle();
    assert_eq!((asked(&world), world.sent().len()), (5, 0));
    for n in 5..55 {
        receive(&world, &format!("B{n}"), &consumer(n), "Hello");
        world.pass(TimeDelta::seconds(1));
    }
    assert_eq!((asked(&world), world.sent_with("Welcome")), (100, 50), "only those of others");
    world.pass(TimeDelta::seconds(30));
    assert_eq!((asked(&world), world.sent_with("Welcome")), (10, 55));
}

/// The one confirmation of a revocation leaves also after an outage of ten minutes, before everything else; an hour later nobody waits
/// for it.
#[test]
fn sms_11_a_confirmation_outlasts_an_outage() {
    for (minutes, leaves) in [(10, 1), (59, 1), (62, 0)] {
        let mut world = World::new();
        set(&world, Some(temporary(None)));
        world.text("stop");
        world.text_from(OTHER, NUMBER, "Hello");
        for _ in 0..minutes {
            world.pass(TimeDelta::minutes(1));
        }
        set(&world, None);
        (0..60).for_each(|_| world.pass(TimeDelta::seconds(10)));
        assert_eq!(world.sent_with("opted out"), leaves, "after {minutes} minutes");
        assert_eq!(world.sent_with("Welcome"), 1);
    }
}

/// An answer to HELP waits out an outage, too. The next one leaves a day after it has left, and not after it was asked for.
#[test]
fn sms_13_answers_to_help_leave_a_day_apart() {
    let mut world = World::new();
    let answers = |world: &World| world.sent_with("chat with us");
    world.text("stop");
    set(&world, Some(temporary(None)));
    world.text("help");
    (0..20).for_each(|_| world.pass(TimeDelta::minutes(30)));
    set(&world, None);
    (0..60).for_each(|_| world.pass(TimeDelta::minutes(1)));
    assert_eq!(answers(&world), 1, "after the outage");
    world.pass(TimeDelta::hours(20));
    world.text("help");
    assert_eq!(answers(&world), 1, "a day after it was asked for, not after it left");
    world.pass(TimeDelta::hours(4));
    world.text("help");
    assert_eq!(answers(&world), 2, "a day after it left");
}

/// While one waits, the next that is asked for takes its place.
#[test]
fn sms_13_of_two_answers_to_help_that_wait_one_leaves() {
    let mut world = World::new();
    world.text("stop");
    set(&world, Some(temporary(None)));
    world.text("help");
    world.pass(TimeDelta::hours(25));
    world.text("help");
    set(&world, None);
    (0..60).for_each(|_| world.pass(TimeDelta::minutes(1)));
    assert_eq!(world.sent_with("chat with us"), 1);
}

/// An answer that may have left does not leave again: the provider gave no answer, or the process ended.
#[test]
fn sms_13_an_answer_to_help_that_may_have_left_does_not_leave_again() {
    let doubt = TransportError::Unknown { reason: "timeout".into() };
    for opted_out in [true, false] {
        let mut world = World::new();
        world.text(if opted_out { "stop" } else { "hello" });
        asked(&world);
        world.carrier.troubles.lock().unwrap().push_back(doubt.clone());
        world.text("help");
        (0..24).for_each(|_| world.pass(TimeDelta::minutes(10)));
        let once_more = usize::from(!opted_out);
        assert_eq!(world.sent_with("chat with us"), once_more, "opted out: {opted_out}");
    }
}

/// An answer that never left uses up nothing: the provider rejects it, a STOP comes before it leaves, or the limit of automatic
/// texts is reached.
#[test]
fn sms_13_an_answer_to_help_that_never_left_makes_room_for_the_next() {
    let answers = |world: &World| world.sent_with("chat with us");
    let mut world = World::new();
    world.text("stop");
    let rejected = TransportError::Rejected { code: "30007".into() };
    world.carrier.troubles.lock().unwrap().push_back(rejected);
    world.text("help");
    assert_eq!(answers(&world), 0);
    world.text("help");
    assert_eq!(answers(&world), 1, "after a rejected one");

    let mut world = World::new();
    world.text("stop");
    set(&world, Some(temporary(None)));
    world.text("help");
    world.text("stop");
    set(&world, None);
    (0..30).for_each(|_| world.pass(TimeDelta::minutes(1)));
    assert_eq!(answers(&world), 0, "the STOP took it back");
    world.text("help");
    assert_eq!(answers(&world), 1, "after a STOP");

    let mut world = World::new();
    for _ in 0..25 {
        world.text("help");
    }
    let before = answers(&world);
    world.text("stop");
    world.text("help");
    assert_eq!(answers(&world), before, "the limit is reached");
    world.pass(TimeDelta::minutes(63));
    world.text("help");
    assert_eq!(answers(&world), before + 1, "after the limit");
    world.text("help");
    assert_eq!(answers(&world), before + 1, "once in a day");
}

/// A clock that was a year ahead does not silence HELP for a year.
#[test]
fn sms_13_help_is_answered_after_the_clock_was_set_right() {
    let mut world = World::new();
    world.text("stop");
    world.clock.advance(TimeDelta::days(365));
    world.text("help");
    world.clock.advance(TimeDelta::days(-365));
    world.text("help");
    world.pass(TimeDelta::hours(24));
    world.text("help");
    assert_eq!(world.sent_with("chat with us"), 2);
}

/// Eleven failures, and then the provider answers somebody else: nothing sleeps on.
#[test]
fn a_success_wakes_what_waits_after_a_failure() {
    let mut world = World::new();
    set(&world, Some(temporary(None)));
    world.text("Hello");
    for _ in 0..2_500 {
        world.pass(TimeDelta::seconds(1));
    }
    assert!(asked(&world) >= 11);
    set(&world, None);
    world.text_from(OTHER, NUMBER, "Hello");
    world.pass(TimeDelta::seconds(2));
    world.pass(TimeDelta::seconds(2));
    assert_eq!(world.sent_with("Welcome"), 2);
}

/// Texts of hundreds of consumers wait for a provider that is down for ten minutes. It is asked every two seconds; then all leave
/// within seconds, the confirmations of revocations first, each consumer's in order.
#[test]
fn after_an_outage_everything_leaves_in_order_and_confirmations_first() {
    let world = World::new();
    set(&world, Some(temporary(None)));
    for n in 0..300 {
        receive(&world, &format!("A{n}"), &consumer(n), "Hello");
    }
    for second in 0..600 {
        if second == 480 {
            (290..300).for_each(|n| receive(&world, &format!("S{n}"), &consumer(n), "stop"));
        }
        world.pass(TimeDelta::seconds(1));
    }
    let attempts = asked(&world);
    assert!((200..700).contains(&attempts), "{attempts}");
    set(&world, None);
    // Each look claims what there are places for.
    for _ in 0..5 {
        world.pass(TimeDelta::seconds(1));
    }
    let sent = world.sent();
    assert_eq!(sent.len(), 10 + 2 * 290, "all have left");
    let confirmations = sent.iter().take(11).filter(|body| body.contains("opted out")).count();
    assert!(confirmations >= 9, "{confirmations} of the first eleven");
    let taken = world.carrier.taken.lock().unwrap();
    for n in 0..290 {
        let mine = taken.iter().filter(|text| text.line.consumer.to_string() == consumer(n));
        let mine: Vec<_> = mine.map(|text| &text.body).collect();
        assert!(mine.len() == 2 && mine[0].contains("Welcome"), "{mine:?}");
    }
}

#[test]
fn an_outage_of_days_gives_nothing_up_that_was_not_tried() {
    let mut world = World::new();
    set(&world, Some(temporary(None)));
    for n in 0..50 {
        receive(&world, &format!("A{n}"), &consumer(n), "Hello");
    }
    for _ in 0..3 * 3_600 {
        world.pass(TimeDelta::seconds(1));
    }
    set(&world, None);
    (0..5).for_each(|_| world.pass(TimeDelta::seconds(1)));
    assert_eq!(world.sent_with("Welcome"), 50);
    let _ = world.text("Hello");
}

/// A provider that takes texts and answers too late: nobody knows, and the consumer gets few of them.
#[test]
fn sms_11_what_may_have_left_is_repeated_rarely_and_a_confirmation_never() {
    let unknown = || TransportError::Unknown { reason: "no answer in time".into() };
    let mut world = World::new();
    set(&world, Some(unknown()));
    world.text("stop");
    for _ in 0..24 * 60 {
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(asked(&world), 1, "exactly one confirmation may have left");
    let told = |fact: &Fact| matches!(fact, Fact::Delivery { delivery: Delivery::Failed { reason }, .. } if reason.starts_with("it may have left"));
    assert_eq!(world.count(told), 1);
    world.text_from(OTHER, NUMBER, "Hello");
    for _ in 0..9 {
        world.pass(TimeDelta::minutes(1));
    }
    assert_eq!(asked(&world), 1, "not in ten minutes");
    for _ in 0..24 * 60 {
        world.pass(TimeDelta::minutes(1));
    }
    // The greeting and the menu.
    assert_eq!(asked(&world), 2 * 5 - 1);
    assert_eq!(block_on(world.engine.dead_letters(9)).unwrap().len(), 2);
}

#[test]
fn an_operators_mistake_is_told_and_the_text_waits() {
    let mut world = World::new();
    let reason = "not Twilio's answer (302)".to_owned();
    set(&world, Some(TransportError::Misconfigured { reason: reason.clone() }));
    world.text("Hello");
    for _ in 0..30 {
        world.pass(TimeDelta::minutes(1));
    }
    let delayed = |fact: &Fact| matches!(fact, Fact::Delivery { delivery: Delivery::Delayed { reason: found }, .. } if *found == reason);
    assert_eq!(world.count(delayed), 1, "once a text");
    let told = world.ear.1.lock().unwrap().clone();
    assert!(told.len() > 3 && told.iter().all(|attempt| attempt.misconfigured), "{told:?}");
    assert!(block_on(world.engine.dead_letters(9)).unwrap().is_empty());
    set(&world, None);
    for _ in 0..61 {
        world.pass(TimeDelta::seconds(1));
    }
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn what_the_provider_refuses_for_good_is_a_dead_letter() {
    let mut world = World::new();
    let landline = TransportError::Rejected { code: "21614".into() };
    world.carrier.troubles.lock().unwrap().push_back(landline);
    world.text("Hello");
    assert_eq!(world.sent().len(), 1, "the next one leaves");
    let dead = block_on(world.engine.dead_letters(9)).unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].error.as_deref(), Some("21614"));
    assert_eq!(world.count(|fact| matches!(fact, Fact::DeadLettered { .. })), 1);
    let failed =
        |fact: &Fact| matches!(fact, Fact::Delivery { delivery: Delivery::Failed { .. }, .. });
    assert_eq!(world.count(failed), 1);
}

/// A consumer whose texts fail while all others' arrive is not tried again with each of theirs.
#[test]
fn one_consumer_who_cannot_be_reached_is_tried_with_growing_pauses() {
    let mut world = World::new();
    world.carrier.unreachable.lock().unwrap().insert(CONSUMER.into());
    world.text("Hello");
    for n in 0..200 {
        receive(&world, &format!("B{n}"), &consumer(n), "Hello");
        world.pass(TimeDelta::seconds(1));
    }
    assert_eq!(world.sent_with("Welcome"), 200);
    let of_one = asked(&world) - 2 * 200;
    assert!((5..=16).contains(&of_one), "{of_one} attempts in 200 seconds");
    world.carrier.unreachable.lock().unwrap().clear();
    world.pass(TimeDelta::minutes(10));
    assert_eq!(world.sent_with("Welcome"), 201);
}

/// What waited for the provider leaves in the same hour as what is new: it counts then, not when it was decided.
#[test]
fn sms_16_automatic_texts_count_when_they_leave() {
    let mut world = World::new();
    set(&world, Some(temporary(None)));
    for _ in 0..3 {
        for _ in 0..20 {
            world.text("HELP");
        }
        world.pass(TimeDelta::minutes(61));
    }
    assert!(world.sent().is_empty());
    set(&world, None);
    world.pass(TimeDelta::minutes(46));
    assert_eq!(world.sent().len(), 20, "however often they were tried");
    let told = |fact: &Fact| match fact {
        Fact::Delivery { delivery: Delivery::Refused { reasons, .. }, .. } => {
            reasons[0].starts_with("help: the limit of 20 automatic texts an hour")
        }
        _ => false,
    };
    assert_eq!(world.count(told), 40);
    world.text("STOP");
    assert_eq!(world.sent_with("opted out"), 1, "it is none");
    world.pass(TimeDelta::minutes(61));
    world.text("START");
    assert_eq!(world.sent().len(), 22);
}
