//! What users of other products complain about (issues and pull requests of their repositories), each as a
//! test that it does not happen here.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_routing::{Groups, Input, QueueRules, Sticky, WrapUp};
use frontdesk_types::{AgentStatus, SessionId};

use crate::{
    assignment::deltacast,
    floor::{Floor, agent, at, billing, member, play, queue, staff_of},
};

/// chatwoot #10376, #10583, #10685: an agent frees up, and the newer conversation is served first.
#[test]
fn an_agent_who_frees_up_gets_who_waited_longest() {
    play(
        billing(deltacast(), &["ana"]),
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana takes #1 | #1 from ana
         2 | ana begins #9 in billing |
         3 | #2 waits in billing |
         4 | #3 waits in billing |
         5 | #9 ends | #2 to ana until 15
         6 | ana takes #2 | #2 from ana
         7 | #4 waits in billing |
         8 | #1 ends | #3 to ana until 18",
    );
}

/// chatwoot #4158, #7204, #9587: a returning consumer is given to an agent who is offline.
#[test]
fn a_returning_consumer_never_goes_to_somebody_offline() {
    let sticky = Sticky { within: TimeDelta::days(1), timeout: TimeDelta::seconds(10) };
    let rules = QueueRules { sticky: Some(sticky), ..deltacast() };
    for status in ["logged_out", "break", "meal", "custom:training"] {
        let mut floor = Floor::new(billing(rules.clone(), &["ana", "ben"]));
        for act in ["ana available", "ben available", &format!("ana {status}")] {
            floor.act(at(0.0), act);
        }
        let said = floor.act(at(1.0), "#1 waits in billing last ana");
        assert_eq!(said, ["#1 to ben until 11"], "{status}");
    }
}

/// chatwoot #5436: agents who work on their telephone count as offline.
#[test]
fn who_is_available_stays_so_without_a_word() {
    play(
        billing(QueueRules::default(), &["ana"]),
        "0 | ana available |
         86400 | time passes |
         86400 | #1 waits in billing | #1 to ana",
    );
}

/// freeswitch #2540: agents stay reserved for a caller who is gone.
#[test]
fn nobody_stays_reserved_for_who_is_gone() {
    play(
        billing(deltacast(), &["ana"]),
        "0 | ana available |
         0 | #1 waits in billing call | #1 to ana until 10
         1 | #2 waits in billing call |
         2 | #1 ends | #1 from ana; #2 to ana until 12
         3 | ana takes #1 | refused: session 1 is not waiting
         4 | ana takes #2 | #2 from ana
         5 | #2 ends |
         6 | #3 waits in billing call | #3 to ana until 16",
    );
}

/// freeswitch #1973: ghost members: a caller who is gone is still in the queue.
#[test]
fn who_is_gone_is_in_no_queue() {
    let mut floor = Floor::new(billing(deltacast(), &["ana"]));
    for act in ["#1 waits in billing", "#2 waits in billing", "#1 ends"] {
        floor.act(at(0.0), act);
    }
    assert_eq!(floor.router.waiting(&queue("billing")), 1);
    assert_eq!(floor.router.position(SessionId(1)), None);
    assert_eq!(floor.router.position(SessionId(2)).unwrap().place, 1);
    floor.act(at(0.0), "#2 is dismissed");
    assert_eq!(floor.router.waiting(&queue("billing")), 0);
    assert_eq!(floor.router.next_deadline(), None);
}

/// freeswitch #2511: the order is lost.
#[test]
fn the_order_is_kept_over_returns_transfers_and_a_new_configuration() {
    let mut floor = Floor::new(billing(QueueRules::default(), &["ana", "ben"]));
    for (second, act) in [
        (0.0, "ana available"),
        (1.0, "#1 waits in billing"),
        (2.0, "#2 waits in billing"),
        (3.0, "#3 waits in billing"),
        (4.0, "ana takes #1"),
        (5.0, "#1 returns"),
    ] {
        floor.act(at(second), act);
    }
    let order = |floor: &Floor| {
        let place = |id| floor.router.position(SessionId(id)).unwrap().place;
        [place(1), place(2), place(3)]
    };
    assert_eq!(order(&floor), [1, 2, 3]);
    let _ = floor.router.configure(billing(deltacast(), &["ben", "cid"]), at(6.0));
    assert_eq!(order(&floor), [1, 2, 3]);
    assert_eq!(floor.act(at(7.0), "cid available"), ["#1 to cid until 17"]);
}

/// freeswitch pull request 1221: the last agent is unavailable, and nobody is asked any more.
#[test]
fn an_agent_who_cannot_does_not_halt_the_others() {
    play(
        billing(deltacast(), &["ana", "ben", "cid"]),
        "0 | ana available |
         0 | cid available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | cid break |
         2 | ana break | #1 from ana
         3 | ben available | #1 to ben until 13",
    );
}

/// asterisk #1006: the wrap-up of an agent of several queues is cut short by another queue.
#[test]
fn wrap_up_holds_for_every_queue_of_the_agent() {
    let wrap_up = Some(WrapUp { time: TimeDelta::seconds(30), fixed: false });
    let mut staff = staff_of(&["ana"]);
    let rules = QueueRules { wrap_up, ..deltacast() };
    staff.queue(queue("billing"), rules, [member("ana")]).unwrap();
    staff.queue(queue("sales"), deltacast(), [member("ana")]).unwrap();
    play(
        staff,
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana takes #1 | #1 from ana
         2 | #2 waits in sales | #2 to ana until 12
         3 | ana takes #2 | #2 from ana
         10 | #1 ends | ana is wrap_up
         11 | #3 waits in sales |
         12 | #2 ends |
         39.9 | time passes |
         40 | time passes | ana is available; #3 to ana until 50",
    );
}

/// asterisk #607: who hands a call over has no wrap-up.
#[test]
fn who_hands_over_writes_up_too() {
    let wrap_up = Some(WrapUp { time: TimeDelta::seconds(30), fixed: false });
    let rules = QueueRules { wrap_up, ..QueueRules::default() };
    play(
        billing(rules, &["ana", "ben"]),
        "0 | ana available |
         0 | ben available |
         0 | #1 waits in billing call | #1 to ana, ben
         1 | ana takes #1 | #1 from ana, ben
         2 | #1 goes from ana to ben | #1 to ben
         3 | ben takes #1 | ana is wrap_up; #1 from ben
         4 | #1 ends | ben is wrap_up
         33 | time passes | ana is available
         34 | time passes | ben is available",
    );
}

/// Late, repeated, reordered answers change nothing and say why.
#[test]
fn late_repeated_and_reordered_answers_change_nothing() {
    let mut floor = Floor::new(billing(deltacast(), &["ana", "ben"]));
    for act in ["ana available", "ben available", "#1 waits in billing", "ana declines #1"] {
        floor.act(at(0.0), act);
    }
    let deadline = floor.router.next_deadline();
    for (act, why) in [
        ("ana declines #1", "refused: session 1 is not offered to agent ana"),
        ("ana takes #1", "refused: session 1 is not offered to agent ana"),
        ("ana sees #1", "refused: session 1 is not offered to agent ana"),
        ("ben takes #2", "refused: session 2 is not waiting"),
        ("ben declines #2", "refused: session 2 is not waiting"),
        ("eve takes #1", "refused: no agent `eve` is configured"),
        ("eve declines #1", "refused: no agent `eve` is configured"),
    ] {
        assert_eq!(floor.act(at(0.0), act), [why], "{act}");
    }
    assert_eq!(floor.router.next_deadline(), deadline);
    assert_eq!(floor.act(at(1.0), "ben takes #1"), ["#1 from ben"]);
    let again = floor.act(at(2.0), "ben takes #1");
    assert_eq!(again, ["refused: agent ben has session 1 already"]);
}

/// Every offer has one winner, however many answer.
#[test]
fn one_winner_however_many_answer() {
    let names: Vec<String> = (0..40).map(|n| format!("a{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut floor = Floor::new(billing(QueueRules::default(), &names));
    for name in &names {
        floor.act(at(0.0), &format!("{name} available"));
    }
    for id in 1..=30_u64 {
        floor.act(at(1.0), &format!("#{id} waits in billing"));
    }
    let mut taken = BTreeSet::new();
    for name in &names {
        for id in 1..=30_u64 {
            let accept = Input::Accept { session: SessionId(id), agent: agent(name) };
            if floor.router.handle(accept, at(2.0)).refused.is_none() {
                assert!(taken.insert(id), "two have {id}");
            }
        }
    }
    assert_eq!(taken.len(), 30);
}

/// A bad clock: time never runs back, and nothing fires twice.
#[test]
fn a_clock_that_runs_back_changes_nothing() {
    let mut floor = Floor::new(billing(deltacast(), &["ana"]));
    floor.act(at(100.0), "ana available");
    assert_eq!(floor.act(at(100.0), "#1 waits in billing"), ["#1 to ana until 110"]);
    assert_eq!(floor.act(at(50.0), "time passes"), [] as [&str; 0]);
    assert_eq!(floor.act(at(50.0), "#2 waits in billing"), [] as [&str; 0]);
    assert_eq!(floor.router.status(&agent("ana")), Ok(AgentStatus::Available));
    assert_eq!(floor.act(at(110.0), "time passes").len(), 3);
}

/// The bound of "no starvation": whoever keeps coming with a higher priority, a session is overtaken by those
/// of the next ten minutes only.
#[test]
fn a_stream_of_higher_priority_starves_nobody() {
    let mut floor = Floor::new(billing(QueueRules::default(), &["ana"]));
    floor.act(at(0.0), "#1 waits in billing");
    for minute in 0..60_u64 {
        #[expect(clippy::cast_precision_loss, reason = "an hour of seconds")]
        let second = (minute * 60 + 1) as f64;
        floor.act(at(second), &format!("#{} waits in billing priority 1", minute + 2));
    }
    let place = floor.router.position(SessionId(1)).unwrap().place;
    assert_eq!(place, 11, "ten came within ten minutes of it");
    let groups = Groups::All;
    assert_eq!(QueueRules::default().groups, groups);
}

/// A wrap-up is never cut short by another one, and a longer one makes it longer.
#[test]
fn of_two_wrap_ups_the_longer_holds() {
    let rules = |seconds| {
        let wrap_up = Some(WrapUp { time: TimeDelta::seconds(seconds), fixed: false });
        QueueRules { wrap_up, ..QueueRules::default() }
    };
    let mut staff = staff_of(&["ana"]);
    staff.queue(queue("billing"), rules(60), [member("ana")]).unwrap();
    staff.queue(queue("sales"), rules(10), [member("ana")]).unwrap();
    play(
        staff.clone(),
        "0 | ana available |
         0 | ana begins #1 in billing |
         0 | ana begins #2 in sales |
         10 | #1 ends | ana is wrap_up
         20 | #2 ends |
         69.9 | time passes |
         70 | time passes | ana is available",
    );
    play(
        staff,
        "0 | ana available |
         0 | ana begins #1 in billing |
         0 | ana begins #2 in sales |
         10 | #2 ends | ana is wrap_up
         15 | #1 ends |
         20 | time passes |
         74.9 | time passes |
         75 | time passes | ana is available",
    );
}
