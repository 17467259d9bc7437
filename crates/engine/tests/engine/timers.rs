//! Invariant 4: every session ends, with a reason; no timer is forgotten.

use chrono::TimeDelta;
use frontdesk::{
    store::{Commit, Line, SessionRow, SessionWrite},
    types::{AgentStatus, EndReason, Fact, SessionId},
};
use futures::executor::block_on;

use crate::world::{CENTER, NUMBER, OTHER, World, id};

#[test]
fn each_timer_ends_what_it_is_for() {
    let hour = TimeDelta::hours(1);
    let table: [(&str, &[&str], bool, TimeDelta, EndReason); 5] = [
        ("nobody takes it", &["pay"], false, TimeDelta::hours(24), EndReason::Expired),
        ("an agent never writes", &["pay"], true, hour, EndReason::TimeoutAgentNoMessage),
        (
            "a consumer never does",
            &["pay", "agent:Hi"],
            true,
            hour,
            EndReason::TimeoutEndUserNoMessage,
        ),
        (
            "a consumer's last word",
            &["pay", "agent:Hi", "Well"],
            true,
            hour,
            EndReason::TimeoutAgentStopped,
        ),
        (
            "an agent's last word",
            &["pay", "Well", "agent:Hi"],
            true,
            hour,
            EndReason::EndUserStopped,
        ),
    ];
    for (what, texts, taken, after, reason) in table {
        let mut world = World::new();
        let mut session = None;
        for text in texts {
            match text.strip_prefix("agent:") {
                Some(answer) => world.send(session.unwrap(), "ana", answer).unwrap(),
                None => session = world.text(text),
            }
            if taken && world.row(session.unwrap()).agent.is_none() {
                world.set_status("ana", AgentStatus::Available);
                world.accept(session.unwrap(), "ana").unwrap();
            }
        }
        let session = session.unwrap();
        world.pass(after - TimeDelta::seconds(1));
        assert!(world.row(session).ended.is_none(), "{what}: too early");
        world.pass(TimeDelta::seconds(1));
        let (at, ended) = world.row(session).ended.unwrap_or_else(|| panic!("{what}: never"));
        assert_eq!((ended, at), (reason, world.engine.now()), "{what}");
        assert!(world.offered_to("ana").is_empty());
        assert!(world.engine.agents()[0].sessions.is_empty(), "{what}: off the desk");
    }
}

#[test]
fn a_timer_that_was_due_while_nobody_ran_fires_at_the_start_with_its_own_instant() {
    let mut world = World::new();
    let session = world.chat();
    world.send(session, "ana", "Hi").unwrap();
    let begun = world.engine.now();
    world.clock.advance(TimeDelta::days(3));
    let world = world.restart(CENTER);
    world.settle();
    let (at, reason) = world.row(session).ended.unwrap();
    assert_eq!(reason, EndReason::TimeoutEndUserNoMessage);
    assert_eq!(at, begun + TimeDelta::hours(1), "when it was due, not when somebody looked");
}

/// A session that cannot be read (a newer program wrote it, say) is told of and keeps nobody else waiting.
#[test]
fn a_session_that_cannot_be_read_holds_up_no_other() {
    let mut world = World::new();
    let good = world.text("pay").unwrap();
    let line = Line { consumer: OTHER.parse().unwrap(), number: NUMBER.parse().unwrap() };
    // Due before all others.
    let deadline = Some(world.engine.now());
    let row = SessionRow { id: SessionId(999), line, deadline, ..world.row(good) };
    let session = Some(SessionWrite { expected: 0, state: vec![255], row });
    let commit = Commit { session, ..Commit::default() };
    assert!(block_on(world.store.commit(world.engine.center().id(), commit)).is_ok());
    world.clock.advance(TimeDelta::hours(25));
    assert!(block_on(world.engine.tick()).is_err(), "it is told of");
    assert_eq!(world.row(good).ended.unwrap().1, EndReason::Expired);
}

#[test]
fn a_text_after_the_deadline_begins_anew_whether_or_not_the_timer_was_polled() {
    let polled = |poll: bool| {
        let mut world = World::new();
        let first = world.text("pay").unwrap();
        world.clock.advance(TimeDelta::hours(25));
        if poll {
            block_on(world.engine.tick()).unwrap();
        }
        let second = world.text("pay").unwrap();
        assert_ne!(first, second);
        let kinds: Vec<_> =
            world.events().iter().map(|event| (event.at, event.fact.clone())).collect();
        kinds
    };
    assert_eq!(polled(true), polled(false));
}

#[test]
fn polling_early_often_and_late_is_harmless() {
    let mut world = World::new();
    let session = world.text("pay").unwrap();
    for _ in 0..100 {
        world.pass(TimeDelta::minutes(10));
        block_on(world.engine.tick()).unwrap();
    }
    for _ in 0..100 {
        world.pass(TimeDelta::minutes(10));
    }
    assert_eq!(world.row(session).ended.unwrap().1, EndReason::Expired);
    assert_eq!(world.count(|fact| matches!(fact, Fact::Ended { .. })), 1);
}

#[test]
fn a_clock_that_runs_back_does_no_harm() {
    let mut world = World::new();
    let session = world.chat();
    world.clock.advance(TimeDelta::hours(-2));
    world.send(session, "ana", "Hi").unwrap();
    assert_eq!(world.text("Hi"), Some(session));
    let events = block_on(world.engine.transcript(session)).unwrap();
    let instants: Vec<_> =
        events.iter().flat_map(|record| &record.events).map(|event| event.at).collect();
    let of_session =
        |fact: &Fact| !matches!(fact, Fact::Delivery { .. } | Fact::ContactLinked { .. });
    let own: Vec<_> = events
        .iter()
        .flat_map(|record| &record.events)
        .filter(|event| of_session(&event.fact))
        .map(|event| event.at)
        .collect();
    assert!(own.is_sorted(), "{instants:?}");
}

/// Chat, queue, menu: each ends in its time, however far the clock was set back for good, and after a restart, too (SMS-20).
#[test]
fn sms_20_a_clock_that_is_set_back_holds_no_timer() {
    let hour = TimeDelta::hours(1);
    let steps = [TimeDelta::hours(2), TimeDelta::days(7), TimeDelta::days(366)];
    for (back, restart) in steps.into_iter().flat_map(|back| [(back, false), (back, true)]) {
        let mut world = World::new();
        let chat = world.chat();
        let waits = world.text_from("+12025550124", NUMBER, "pay").unwrap();
        let chooses = world.text_from("+12025550125", NUMBER, "Hello").unwrap();
        world.pass(TimeDelta::seconds(1));
        world.clock.advance(-back);
        if restart {
            world = world.restart(CENTER);
            world.set_status("ana", AgentStatus::Available);
        }
        world.settle();
        // In its time, and at most a few seconds later.
        for (after, ended) in [(hour - TimeDelta::minutes(1), false), (TimeDelta::minutes(2), true)]
        {
            world.pass(after);
            assert_eq!(world.row(chat).ended.is_some(), ended, "{back} {restart} {after}");
        }
        world.log_makes_what_is_stored();
        // Those whose time is longer than the step back may take twice their time (docs/operations.md).
        for _ in 0..50 {
            world.pass(hour);
        }
        for session in [waits, chooses] {
            assert!(world.row(session).ended.is_some(), "{back} {restart}");
        }
        world.log_makes_what_is_stored();
    }
}

/// The clock was set back wrongly, and is set right again: nothing ends early.
#[test]
fn sms_20_a_clock_that_is_set_right_again_ends_no_chat_early() {
    for back in [TimeDelta::hours(2), TimeDelta::days(366)] {
        let mut world = World::new();
        let chat = world.chat();
        world.clock.advance(-back);
        world.settle();
        world.pass(TimeDelta::minutes(10));
        world.clock.advance(back);
        world.settle();
        for (after, ended) in [(TimeDelta::minutes(49), false), (TimeDelta::minutes(12), true)] {
            world.pass(after);
            assert_eq!(world.row(chat).ended.is_some(), ended, "{back} {after}");
        }
        world.log_makes_what_is_stored();
    }
}

/// Who waits keeps the place in the line, and those who come after the clock was set back wait behind (RTE-5).
#[test]
fn rte_5_the_line_stays_in_order_when_the_clock_is_set_back() {
    let mut world = World::new();
    let people = ["+12025550124", "+12025550125", "+12025550126"];
    let mut line = Vec::new();
    for person in people {
        line.push(world.text_from(person, NUMBER, "pay").unwrap());
        world.pass(TimeDelta::minutes(5));
    }
    // The last writes once more: that costs no place, and gives none.
    world.text_from(people[2], NUMBER, "Hello?");
    world.clock.advance(-TimeDelta::days(366));
    world.settle();
    line.push(world.text_from("+12025550127", NUMBER, "pay").unwrap());
    world.pass(TimeDelta::minutes(5));
    world.set_status("ana", AgentStatus::Available);
    for next in line {
        assert_eq!(world.offered_to("ana"), [next]);
        world.accept(next, "ana").unwrap();
        block_on(world.engine.end(next, &id("ana"))).unwrap();
        world.settle();
    }
}
