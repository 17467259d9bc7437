//! Calls at a time that consumers choose (HRS-10), through the engine.

use std::sync::Arc;

use chrono::TimeDelta;
use frontdesk::{
    EngineError, NewCall, ScheduleRefusal,
    hours::Visit,
    sms::{CallInput, Refusal},
    store::{MemoryStore, StoreError},
    types::{AgentStatus, Alternative, EndReason, Fact, HungUp, Instant, Language, SessionId},
};
use futures::{executor::block_on, future::join_all};

use crate::{
    calls::{connect, happens, new_call, queue, state},
    shaky::Shaky,
    world::{CENTER, CONSUMER, OTHER, World},
};

/// Noon in New York; sales makes calls from two to five, two at a time.
fn center() -> String {
    CENTER.to_owned()
        + "
[calls]
number = '+12025550160'
[[calls.queues]]
id = 'phone-sales'
name = 'Sales'
agents = ['ana', 'ben']
hours = { zone = 'America/New_York', open = { mon-fri = '14:00-17:00' } }
after_hours = { ivr = 'message', web = 'scheduled_call' }
[[calls.queues]]
id = 'phone-empty'
name = 'Nobody'
[scheduled_calls]
percent = 100
horizon_days = 1
"
}

fn world() -> World {
    World::with(&center(), Arc::new(MemoryStore::new()))
}

fn at(time: &str) -> Instant {
    format!("2026-11-20T{time}:00Z").parse().unwrap()
}

fn new(call: &str, caller: &str) -> NewCall {
    NewCall { wait_minutes: None, ..new_call(call, caller, "phone-sales") }
}

fn book(world: &World, new: NewCall, slot: Instant) -> Result<SessionId, EngineError> {
    let done = block_on(world.engine.schedule_call(new, slot));
    world.settle();
    done
}

fn free(world: &World, wait: u32) -> Vec<(Instant, u32)> {
    let visit = Visit::by_phone(Language::ENGLISH);
    let slots = block_on(world.engine.call_slots(&queue("phone-sales"), visit, Some(wait)));
    slots.unwrap().into_iter().map(|free| (free.slot.from, free.free)).collect()
}

#[test]
fn hrs_10_slots_are_offered_booked_and_given_back() {
    let world = world();
    let all = free(&world, 0);
    assert_eq!(all[..2], [(at("19:00"), 2), (at("19:15"), 2)]);
    assert_eq!(all.len(), 12, "three hours");
    assert_eq!(free(&world, 130)[0].0, at("19:15"), "none before the wait is over");
    let first = book(&world, new("CA1", CONSUMER), at("19:00")).unwrap();
    assert_eq!(free(&world, 0)[0], (at("19:00"), 1));
    // Told again, it is the same.
    assert_eq!(book(&world, new("CA1", CONSUMER), at("19:00")).unwrap(), first);
    book(&world, new("CA2", OTHER), at("19:00")).unwrap();
    assert_eq!(free(&world, 0)[0], (at("19:15"), 2), "a full slot is not offered");
    let third = book(&world, new("CA3", "+12025550125"), at("19:00"));
    assert!(matches!(third, Err(EngineError::Store(StoreError::SlotFull { .. }))), "{third:?}");
    assert_eq!(world.rows().len(), 2, "nothing of it is there");
    happens(&world, first, CallInput::Cancelled).unwrap();
    assert_eq!(state(&world, first).ended, Some(EndReason::Cancelled));
    assert_eq!(free(&world, 0)[0], (at("19:00"), 1));
    // Told again, late, it is as it stands; and the place stays free.
    assert_eq!(book(&world, new("CA1", CONSUMER), at("19:00")).unwrap(), first);
    assert_eq!(free(&world, 0)[0], (at("19:00"), 1));
    let other = book(&world, new("CA4", CONSUMER), at("20:00")).unwrap();
    assert_eq!(book(&world, new("CA1", CONSUMER), at("19:00")).unwrap(), first);
    happens(&world, other, CallInput::Cancelled).unwrap();
    book(&world, new("CA3", "+12025550125"), at("19:00")).unwrap();
    let again = happens(&world, first, CallInput::Cancelled);
    assert!(matches!(again, Err(EngineError::Refused(Refusal::Ended))));
    assert_eq!(free(&world, 0)[0].0, at("19:15"), "a place is given back once");
}

#[test]
fn hrs_10_a_scheduled_call_is_announced_made_and_over_also_after_a_restart() {
    let world = world();
    let call = book(&world, new("CA1", CONSUMER), at("19:00")).unwrap();
    let world = world.restart(&center());
    world.pass(TimeDelta::minutes(114));
    assert_eq!(state(&world, call).status, "scheduled");
    world.pass(TimeDelta::minutes(1));
    assert_eq!(world.count(|fact| matches!(fact, Fact::ScheduledCallNear)), 1);
    let world = world.restart(&center());
    world.pass(TimeDelta::minutes(5));
    let now = state(&world, call);
    assert_eq!((now.status, now.chosen), ("waiting", Some(Alternative::ScheduledCall)));
    assert_eq!(world.row(call).waiting_since, Some(at("19:00")));
    world.set_status("ana", AgentStatus::Available);
    connect(&world, call);
    happens(&world, call, CallInput::Ended { by: HungUp::Caller }).unwrap();
    assert_eq!(state(&world, call).ended, Some(EndReason::FinishedByConsumer));
    // Nobody makes the next one.
    let missed = book(&world, new("CA2", CONSUMER), at("20:00")).unwrap();
    world.pass(TimeDelta::minutes(74));
    assert_eq!(state(&world, missed).status, "waiting");
    world.pass(TimeDelta::minutes(1));
    assert_eq!(state(&world, missed).ended, Some(EndReason::Expired));
    assert_eq!(world.row(missed).ended.unwrap().0, at("20:15"));
}

/// The slot has begun, and so have its calls: their places are no others'.
#[test]
fn hrs_10_a_slot_that_begins_is_as_full_as_before() {
    let world = world();
    book(&world, new("CA1", CONSUMER), at("19:00")).unwrap();
    let second = book(&world, new("CA2", OTHER), at("19:00")).unwrap();
    world.pass(TimeDelta::hours(2));
    assert_eq!(state(&world, second).status, "waiting");
    happens(&world, second, CallInput::Cancelled).unwrap();
    let third = book(&world, new("CA3", "+12025550125"), at("19:00"));
    assert!(matches!(third, Err(EngineError::Store(StoreError::SlotFull { .. }))), "{third:?}");
}

#[test]
fn hrs_10_what_cannot_be_scheduled_says_why() {
    let world = world();
    let refused = |new: NewCall, slot| match book(&world, new, slot) {
        Err(error) => error.to_string(),
        Ok(session) => panic!("booked {session}"),
    };
    let later = "; the next one begins at 2026-11-20T19:00:00+00:00";
    assert_eq!(
        refused(new("CA1", CONSUMER), at("18:00")),
        format!("no slot begins at 2026-11-20T18:00:00+00:00{later}")
    );
    assert_eq!(
        refused(new("CA1", CONSUMER), at("19:05")),
        "no slot begins at 2026-11-20T19:05:00+00:00; the next one begins at 2026-11-20T19:15:00+00:00"
    );
    assert_eq!(
        refused(new("CA1", CONSUMER), at("22:00")),
        "no slot begins at 2026-11-20T22:00:00+00:00"
    );
    let waits = NewCall { wait_minutes: Some(150), ..new("CA1", CONSUMER) };
    assert!(refused(waits, at("19:00")).contains("the next one begins at 2026-11-20T19:30"));
    let nobody = NewCall { queue: Some(queue("phone-empty")), ..new("CA1", CONSUMER) };
    assert_eq!(refused(nobody, at("19:00")), "nobody takes the calls of queue `phone-empty`");
    let nowhere = NewCall { queue: None, ..new("CA1", CONSUMER) };
    assert_eq!(refused(nowhere, at("19:00")), "a queue is needed that calls back");
    let other = NewCall { queue: Some(queue("billing")), ..new("CA1", CONSUMER) };
    assert_eq!(refused(other, at("19:00")), "there is no queue `billing` in the phone menu");
    let first = book(&world, new("CA1", CONSUMER), at("19:00")).unwrap();
    assert_eq!(
        refused(new("CA2", CONSUMER), at("19:15")),
        format!("the consumer has call {first} already")
    );
    assert_eq!(free(&world, 0)[1], (at("19:15"), 2));
    block_on(world.engine.set_blocked("+12025550125".parse().unwrap(), true)).unwrap();
    assert!(refused(new("CA3", "+12025550125"), at("19:15")).contains("blocklist"));
    let never = ScheduleRefusal::NoQueue;
    assert!(matches!(EngineError::from(never), EngineError::NotScheduled(_)));
}

#[test]
fn hrs_10_who_calls_before_their_time_is_the_same_session() {
    let world = world();
    let call = book(&world, new("CA1", CONSUMER), at("20:00")).unwrap();
    // Sales is closed: told what there is, the call is still to be made.
    for wait_minutes in [None, Some(5)] {
        let new = NewCall { wait_minutes, ..new("CA9", CONSUMER) };
        let early = block_on(world.engine.begin_call(new)).unwrap();
        assert_eq!((early, state(&world, call).status), (call, "scheduled"));
    }
    // It is open: they wait, and their slot is another's.
    world.pass(TimeDelta::minutes(130));
    assert_eq!(free(&world, 0).iter().find(|(from, _)| *from == at("20:00")).unwrap().1, 1);
    for _ in 0..2 {
        let back = block_on(world.engine.begin_call(new("CA10", CONSUMER))).unwrap();
        world.settle();
        let now = state(&world, call);
        assert_eq!((back, now.status, now.chosen), (call, "waiting", None));
    }
    assert_eq!(free(&world, 0).iter().find(|(from, _)| *from == at("20:00")).unwrap().1, 2);
    happens(&world, call, CallInput::Ended { by: HungUp::Caller }).unwrap();
    assert_eq!(state(&world, call).ended, Some(EndReason::Abandoned));
}

/// Many ask at once, and every so often the store's answer is lost: no slot ever has more calls than places.
#[test]
fn hrs_10_a_slot_is_never_overbooked() {
    let store = Arc::new(Shaky::default());
    store.slow.store(true, std::sync::atomic::Ordering::SeqCst);
    let world = World::with(&center(), store.clone());
    for round in 0..10_u32 {
        store.fail(round % 4, round % 2 == 0);
        let slot = at("19:00") + TimeDelta::minutes(15 * i64::from(round));
        let ask = |n: u32| {
            let n = 20 * round + n;
            let new = new(&format!("CA{n}"), &format!("+1202555{:04}", 2000 + n));
            world.engine.schedule_call(new, slot)
        };
        let booked = block_on(join_all((0..20).map(ask)));
        let booked = booked.iter().filter(|answer| answer.is_ok()).count();
        assert!(booked <= 2, "{booked} of two places in round {round}");
        let visit = Visit::by_phone(Language::ENGLISH);
        let free = block_on(world.engine.call_slots(&queue("phone-sales"), visit, None)).unwrap();
        let left = free.iter().find(|free| free.slot.from == slot).map_or(0, |free| free.free);
        let rows = world.rows();
        let there = rows.iter().filter(|row| row.deadline == Some(slot - TimeDelta::minutes(5)));
        assert_eq!(there.count(), 2 - usize::try_from(left).unwrap(), "what is booked is there");
    }
}
