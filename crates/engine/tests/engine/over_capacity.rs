//! Callers for whom too many wait, through the whole engine (RTE-13).

use chrono::TimeDelta;
use frontdesk::{
    NewCall,
    sms::{CallInput, Question},
    types::{AgentStatus, Alternative, EndReason, HungUp, Key, SessionId},
};
use futures::executor::block_on;

use crate::{
    calls::{asked, begin, center, connect, happens, new_call, press, queue, state, world},
    world::{CONSUMER, OTHER, World},
};

/// What is offered, by key.
fn choices(world: &World, call: SessionId) -> String {
    let asked = state(world, call).asked.unwrap();
    let choices = asked.choices().map(|(key, choice)| format!("{key} {choice}"));
    choices.collect::<Vec<_>>().join(", ")
}

const OFFERED: &str = "2 callback, 3 voicemail, 4 the queue phone-sales, 5 the number +12025550177";

#[test]
fn rte_13_who_asks_to_be_called_back_keeps_their_place_over_a_restart_and_a_new_call() {
    let world = world();
    let call = begin(&world, "phone-orders");
    let since = world.rows()[0].waiting_since;
    world.pass(TimeDelta::seconds(121));
    assert_eq!(choices(&world, call), OFFERED);
    press(&world, call, Key::TWO);
    happens(&world, call, CallInput::Ended { by: HungUp::Caller }).unwrap();
    let world = world.restart(&center());
    world.pass(TimeDelta::hours(2));
    let kept = state(&world, call);
    assert_eq!(
        (kept.status, kept.chosen, kept.asked),
        ("waiting", Some(Alternative::Callback), None)
    );
    // They call again, before they were called back; told twice, it is one call.
    for _ in 0..2 {
        let again = block_on(world.engine.begin_call(new_call("CA2", CONSUMER, "phone-orders")));
        assert_eq!(again.unwrap(), call);
    }
    let returned = state(&world, call);
    let call_id = returned.call.to_string();
    assert_eq!((&*call_id, returned.chosen, returned.status), ("CA2", None, "waiting"));
    assert_eq!(world.rows()[0].waiting_since, since, "the place of before");
    // Who chooses another queue in the phone menu waits there.
    happens(&world, call, CallInput::Queued { queue: queue("phone-orders") }).unwrap();
    world.set_status("ana", AgentStatus::Available);
    connect(&world, call);
    happens(&world, call, CallInput::Ended { by: HungUp::Agent }).unwrap();
    assert_eq!(state(&world, call).ended, Some(EndReason::FinishedByAgent));
    // Asked to be called back, and another queue when they call again.
    let call =
        block_on(world.engine.begin_call(new_call("CA3", CONSUMER, "phone-orders"))).unwrap();
    world.pass(TimeDelta::seconds(121));
    press(&world, call, Key::TWO);
    let again = block_on(world.engine.begin_call(new_call("CA4", CONSUMER, "phone-billing")));
    let moved = state(&world, again.unwrap());
    assert_eq!((moved.session, moved.queue), (call, Some(queue("phone-billing"))));
    // A supervisor clears what nobody calls back any more.
    block_on(world.engine.end_by_supervisor(call)).unwrap();
    assert_eq!(state(&world, call).ended, Some(EndReason::EndedBySupervisor));
}

#[test]
fn rte_13_a_caller_is_deflected_and_the_telephony_reads_to_where() {
    for (key, chosen) in [
        ("3", Alternative::Voicemail),
        ("5", Alternative::PhoneNumber("+12025550177".parse().unwrap())),
    ] {
        let world = world();
        let call = begin(&world, "phone-orders");
        world.pass(TimeDelta::seconds(121));
        press(&world, call, key.parse().unwrap());
        let now = state(&world, call);
        assert_eq!((now.chosen, now.ended), (Some(chosen), Some(EndReason::OverCapacity)));
    }
    let world = world();
    let call = begin(&world, "phone-orders");
    world.pass(TimeDelta::seconds(121));
    press(&world, call, "4".parse().unwrap());
    let now = state(&world, call);
    assert_eq!((now.queue, now.chosen, now.ended), (Some(queue("phone-sales")), None, None));
    // Who has left a voice message is not asked for another.
    let waits = NewCall { has_voicemail: true, ..new_call("CA2", OTHER, "phone-orders") };
    let call = block_on(world.engine.begin_call(waits)).unwrap();
    world.pass(TimeDelta::seconds(121));
    assert_eq!(choices(&world, call), OFFERED.replace("3 voicemail, 4", "3").replace(", 5", ", 4"));
}

#[test]
fn rte_13_a_band_comes_with_its_hours_while_they_wait() {
    // It is ten to one in New York.
    let world = world();
    world.pass(TimeDelta::minutes(50));
    world.set_status("ana", AgentStatus::Available);
    let long = NewCall { wait_minutes: Some(61), ..new_call("CA1", CONSUMER, "phone-orders") };
    let call = block_on(world.engine.begin_call(long)).unwrap();
    world.settle();
    assert_eq!(asked(&world, call), Some(Question::Deflection), "not yet over capacity");
    press(&world, call, Key::TWO);
    world.pass(TimeDelta::seconds(121));
    assert_eq!(choices(&world, call), OFFERED);
    press(&world, call, Key::ONE);
    world.pass(TimeDelta::minutes(7));
    assert_eq!(asked(&world, call), None);
    world.pass(TimeDelta::minutes(1));
    assert_eq!(choices(&world, call), "2 message", "declined, so not by text");
    // By text, with another caller.
    let call = new_call("CA2", OTHER, "phone-orders");
    let call = block_on(world.engine.begin_call(call)).unwrap();
    world.pass(TimeDelta::seconds(1));
    happens(&world, call, CallInput::WaitEstimated { minutes: Some(61) }).unwrap();
    assert_eq!(choices(&world, call), "2 message, 3 a chat by text in billing");
    press(&world, call, "3".parse().unwrap());
    assert!(state(&world, call).going_on_by_text);
}
