//! What is slow holds nothing else; leases outlive their work; clocks may jump. Everything is counted, nothing is timed.

use std::{pin::pin, sync::Arc};

use chrono::TimeDelta;
use frontdesk::{
    Engine, Notice, TransportError,
    store::{MemoryStore, WorkKind},
    tendlc::ContentType,
    types::{Delivery, Fact},
};
use futures::{executor::block_on, future::join_all, poll};

use crate::{
    shaky::Shaky,
    world::{CENTER, CONSUMER, NUMBER, OTHER, SECOND_NUMBER, World},
};

/// How often a loop is polled until nothing moves any more.
const POLLS: usize = 2_000;

fn consumer(n: usize) -> String {
    format!("+1202556{n:04}")
}

fn receive(world: &World, id: &str, from: &str, to: &str, body: &str) {
    block_on(world.engine.receive(World::inbound(id, from, to, body))).unwrap();
}

/// Runs the loops of every kind for as long as anything moves.
async fn serve(engine: &Engine) {
    let never = || async {
        futures::future::pending::<()>().await;
        true
    };
    let loops = WorkKind::ALL.map(|kind| engine.serve(kind, never, |error| panic!("{error}")));
    let mut loops = pin!(join_all(loops));
    for _ in 0..POLLS {
        assert!(poll!(&mut loops).is_pending());
    }
}

#[test]
fn sms_7_a_picture_server_that_hangs_holds_no_text() {
    let world = World::new();
    block_on(async {
        let _hangs = world.gallery.road.lock().await;
        for n in 0..100 {
            let mut mms = World::inbound(&format!("M{n}"), &consumer(n), NUMBER, "Look");
            let content_type = "image/jpeg".into();
            mms.media =
                vec![frontdesk::types::Media { url: format!("https://p/{n}"), content_type }];
            world.engine.receive(mms).await.unwrap();
        }
        serve(&world.engine).await;
        assert_eq!(world.sent_with("Welcome"), 100);
        let stop = World::inbound("S", &consumer(7), NUMBER, "stop");
        world.engine.receive(stop).await.unwrap();
        serve(&world.engine).await;
        assert_eq!(world.sent_with("opted out"), 1);
    });
}

#[test]
fn dlc_6_a_slow_recipient_and_a_slow_number_hold_nobody_else() {
    for slow in [CONSUMER, NUMBER] {
        let world = World::new();
        world.carrier.jammed.lock().unwrap().insert(slow.into());
        for n in 0..1_000 {
            receive(&world, &format!("A{n}"), &consumer(n), NUMBER, "Hello");
        }
        receive(&world, "B", CONSUMER, NUMBER, "Hello");
        block_on(async {
            let _jam = world.carrier.jam.lock().await;
            serve(&world.engine).await;
            for n in 0..300 {
                let hello = World::inbound(&format!("C{n}"), &consumer(n), SECOND_NUMBER, "Hello");
                world.engine.receive(hello).await.unwrap();
            }
            // Texts that found no place are looked at in a while.
            for _ in 0..20 {
                world.clock.advance(TimeDelta::milliseconds(500));
                serve(&world.engine).await;
            }
            let sent = world.carrier.taken.lock().unwrap();
            let of = |number: &str| {
                let of = sent.iter().filter(|text| text.line.number.to_string() == number);
                of.filter(|text| text.body.contains("Welcome")).count()
            };
            assert_eq!(of(SECOND_NUMBER), 300, "{slow} is slow");
            if slow == CONSUMER {
                assert_eq!(of(NUMBER), 1_000, "all but the slow one's");
            }
        });
        world.pass(TimeDelta::minutes(10));
        assert_eq!(world.sent_with("Welcome"), 1_301, "none is lost, and none doubled");
    }
}

#[test]
fn work_that_outlives_its_lease_renews_it() {
    let world = World::new();
    let other = world.beside(CENTER);
    receive(&world, "IN1", CONSUMER, NUMBER, "Hello");
    block_on(async {
        let road = world.carrier.road.lock().await;
        let mut leaving = pin!(world.engine.dispatch());
        assert!(poll!(&mut leaving).is_pending());
        for _ in 0..30 {
            world.clock.advance(TimeDelta::seconds(30));
            world.engine.tick().await.unwrap();
            assert_eq!(other.dispatch().await.unwrap(), 0, "it is under way elsewhere");
        }
        drop(road);
        leaving.await.unwrap();
    });
    world.settle();
    assert_eq!(world.sent_with("Welcome"), 1);
}

#[test]
fn a_lease_that_has_passed_is_looked_at_again_before_anything_leaves() {
    let world = World::new();
    let other = world.beside(CENTER);
    receive(&world, "IN1", CONSUMER, NUMBER, "Hello");
    let claimed = block_on(world.engine.claim(WorkKind::Text)).unwrap();
    assert_eq!(claimed.len(), 1);
    // The process was stopped for a while, and another host went on.
    world.clock.advance(TimeDelta::minutes(5));
    block_on(other.settle()).unwrap();
    for work in claimed {
        block_on(world.engine.perform(work)).unwrap();
    }
    world.settle();
    assert_eq!(world.sent_with("Welcome"), 1);
    assert_eq!(world.sent().len(), 2);
}

/// A clock that jumps while a text is under way sends it once, and holds nothing that comes later.
#[test]
fn a_clock_that_jumps_neither_doubles_nor_holds() {
    for hours in [1, -1, 24 * 7, -24 * 7, 24 * 365, -24 * 365] {
        let world = World::new();
        receive(&world, "IN1", CONSUMER, NUMBER, "Hello");
        block_on(async {
            let road = world.carrier.road.lock().await;
            let mut leaving = pin!(world.engine.dispatch());
            assert!(poll!(&mut leaving).is_pending());
            world.clock.advance(TimeDelta::hours(hours));
            assert_eq!(world.engine.dispatch().await.unwrap(), 0, "{hours}");
            world.engine.tick().await.unwrap();
            drop(road);
            leaving.await.unwrap();
        });
        world.settle();
        assert_eq!((world.sent_with("Welcome"), world.sent().len()), (1, 2), "{hours}");
        receive(&world, "IN2", OTHER, NUMBER, "Hello");
        world.clock.advance(TimeDelta::hours(-hours));
        receive(&world, "IN3", OTHER, NUMBER, "stop");
        world.settle();
        assert_eq!(world.sent_with("opted out"), 1, "{hours}");
    }
}

/// What a clock wrote that was ahead is done when it is right again, after a restart too.
#[test]
fn what_was_written_by_a_clock_that_was_ahead_leaves_when_it_is_right() {
    for hours in [1, 24 * 7, 24 * 365] {
        for restart in [false, true] {
            let mut world = World::new();
            world.clock.advance(TimeDelta::hours(hours));
            receive(&world, "IN1", CONSUMER, NUMBER, "Hello");
            world.carrier.troubles.lock().unwrap().push_back(busy(None));
            receive(&world, "IN2", OTHER, NUMBER, "Hello");
            block_on(world.engine.dispatch()).unwrap();
            receive(&world, "IN3", CONSUMER, SECOND_NUMBER, "Hello");
            world.clock.advance(TimeDelta::hours(-hours));
            if restart {
                world = world.restart(CENTER);
            }
            world.settle();
            assert_eq!(world.sent_with("Welcome"), 3, "{hours} {restart}");
        }
    }
}

fn busy(retry_after: Option<u32>) -> TransportError {
    TransportError::Temporary { reason: "busy".into(), retry_after }
}

#[test]
fn work_whose_end_the_store_does_not_take_is_not_done_again() {
    for happened in [false, true] {
        let shaky = Arc::new(Shaky::default());
        let world = World::with(CENTER, shaky.clone());
        receive(&world, "IN1", CONSUMER, NUMBER, "Hello");
        shaky.fail(0, happened);
        assert!(block_on(world.engine.dispatch()).is_err());
        world.settle();
        for _ in 0..3 {
            world.pass(TimeDelta::seconds(1));
        }
        let sent = world.sent();
        assert_eq!((sent.len(), world.sent_with("Welcome")), (2, 1), "{happened}: {sent:?}");
        let accepted = |fact: &Fact| {
            matches!(fact, Fact::Delivery { delivery: Delivery::Accepted { .. }, .. })
        };
        assert_eq!(world.count(accepted), 2, "{happened}");
    }
}

/// Texts that leave at the same time are counted in one commit: a limit that does not bind costs a text no commit of its own.
#[test]
fn dlc_6_texts_that_leave_together_are_counted_together() {
    let shaky = Arc::new(Shaky::default());
    let config = format!(
        "{CENTER}\n[compliance]\nscore = 60\n[[compliance.campaigns]]\nid = 'all'\nuse_case = 'MIXED'\n\
         numbers = ['{NUMBER}']\natt_per_minute = 4000\n"
    );
    let world = World::with(&config, shaky.clone());
    for n in 0..200 {
        receive(&world, &format!("A{n}"), &consumer(n), NUMBER, "Hello");
    }
    shaky.counted.store(0, std::sync::atomic::Ordering::SeqCst);
    block_on(async {
        // Looks again whenever it is polled.
        let soon = || async {
            futures::pending!();
            true
        };
        let mut leaving = pin!(world.engine.serve(WorkKind::Text, soon, |error| panic!("{error}")));
        let road = shaky.road.lock().await;
        for _ in 0..POLLS {
            assert!(poll!(&mut leaving).is_pending());
        }
        drop(road);
        for _ in 0..10 {
            world.clock.advance(TimeDelta::seconds(1));
            for _ in 0..POLLS {
                assert!(poll!(&mut leaving).is_pending());
            }
        }
    });
    assert_eq!(world.sent().len(), 400, "all have left");
    let commits = shaky.counted.load(std::sync::atomic::Ordering::SeqCst);
    assert!((1..300).contains(&commits), "{commits} commits for 400 texts");
}

const NOTICES: &str = "+12025550120";

fn notify(world: &World, key: &str, kind: ContentType) {
    let notice = Notice {
        consumer: OTHER.parse().unwrap(),
        number: NOTICES.parse().unwrap(),
        body: format!("Acme: {key}. Reply STOP to opt out."),
        key: frontdesk::RequestKey::new("shop", key).unwrap(),
        consent: Some(crate::world::form()),
        kind,
    };
    block_on(world.engine.notify(notice)).unwrap();
}

/// A promotion that is held for the night holds no one-time code, no answer and no confirmation; promotions keep their order.
#[test]
fn dlc_4_a_held_promotion_holds_nothing_but_promotions() {
    let config =
        format!("{CENTER}\n[notifications]\nnumbers = ['{NOTICES}']\n[compliance]\nscore = 60\n");
    let mut world = World::with(&config, Arc::new(MemoryStore::new()));
    // Past nine in the evening.
    world.pass(TimeDelta::hours(11));
    notify(&world, "offer one", ContentType::Promotional);
    notify(&world, "offer two", ContentType::Promotional);
    world.settle();
    assert_eq!(world.sent_with("offer"), 0, "it is night");
    notify(&world, "your code is 4711", ContentType::Informational);
    notify(&world, "type it in now", ContentType::Conversational);
    world.settle();
    assert_eq!((world.sent_with("4711"), world.sent_with("type it in")), (1, 1));
    world.text_from(OTHER, NOTICES, "Who is this?");
    assert_eq!(world.sent_with("nobody reads replies"), 1);
    world.pass(TimeDelta::hours(12));
    let sent = world.sent();
    let offers: Vec<_> = sent.iter().filter(|body| body.contains("offer")).collect();
    assert!(offers.len() == 2 && offers[0].contains("one"), "{offers:?}");
}
