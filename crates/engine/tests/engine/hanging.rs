//! A provider whose requests hang, and that answers again. Everything is counted, nothing is timed.

use std::pin::pin;

use chrono::TimeDelta;
use frontdesk::{Engine, store::WorkKind};
use futures::{executor::block_on, future::Future, poll};

use crate::world::{NUMBER, World};

const POLLS: usize = 300;

fn consumer(n: usize) -> String {
    format!("+1202556{n:04}")
}

async fn receive(world: &World, id: &str, from: &str, body: &str) {
    world.engine.receive(World::inbound(id, from, NUMBER, body)).await.unwrap();
}

/// The loop of texts, which looks again whenever it is polled.
async fn leaving(engine: &Engine) {
    let soon = || async {
        futures::pending!();
        true
    };
    engine.serve(WorkKind::Text, soon, |error| panic!("{error}")).await;
}

async fn pass(
    world: &World,
    mut texts: std::pin::Pin<&mut impl Future<Output = ()>>,
    halves: usize,
) {
    for _ in 0..halves {
        world.clock.advance(TimeDelta::milliseconds(500));
        for _ in 0..POLLS {
            assert!(poll!(texts.as_mut()).is_pending());
        }
    }
}

/// Every request hangs for 23 s, and those that hang still do when the provider answers again: what waited leaves within five
/// seconds, the confirmations of revocations first.
#[test]
fn sms_11_requests_that_hang_hold_nothing_once_the_provider_answers_again() {
    let world = World::new();
    world.carrier.jammed.lock().unwrap().insert(NUMBER.into());
    block_on(async {
        let _hangs = world.carrier.jam.lock().await;
        let mut texts = pin!(leaving(&world.engine));
        for n in 0..300 {
            receive(&world, &format!("A{n}"), &consumer(n), "Hello").await;
        }
        pass(&world, texts.as_mut(), 12).await;
        for n in 200..230 {
            receive(&world, &format!("S{n}"), &consumer(n), "stop").await;
        }
        pass(&world, texts.as_mut(), 34).await;
        assert!(world.sent().is_empty(), "everything hangs");
        world.carrier.jammed.lock().unwrap().clear();
        receive(&world, "N", &consumer(900), "Hello").await;
        pass(&world, texts.as_mut(), 10).await;
        let sent = world.sent();
        let last = sent.iter().rposition(|body| body.contains("opted out"));
        assert!(last.is_some_and(|last| last < 40), "{last:?} of {}", sent.len());
        let confirmed = world.sent_with("opted out");
        assert!(confirmed >= 25, "{confirmed} confirmations");
        let welcomed = world.sent_with("Welcome");
        // Those of before, the probes, and who has revoked are not among them.
        assert!(welcomed >= 301 - 128 - 30 - 13, "{welcomed} have left");
        let taken = world.carrier.taken.lock().unwrap();
        assert!(taken.iter().any(|text| text.line.consumer.to_string() == consumer(900)));
    });
}
