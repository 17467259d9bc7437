//! Groups of a queue: cascades and shares (RTE-7, RTE-8).

use chrono::TimeDelta;
use frontdesk_routing::{Groups, QueueRules};

use crate::{
    assignment::deltacast,
    floor::{Floor, agent, at, billing, play},
};

fn cascade(skip_empty: bool) -> QueueRules {
    let groups = Groups::Cascade { timer: TimeDelta::seconds(30), skip_empty };
    QueueRules { groups, ..QueueRules::default() }
}

#[test]
fn rte_7_a_cascade_asks_one_group_after_the_other() {
    play(
        billing(cascade(false), &["ana/1", "ben/2", "cid/3"]),
        "0 | ben available |
         0 | cid available |
         0 | ana available |
         0 | #1 waits in billing | #1 to ana
         29.9 | time passes |
         30 | time passes | #1 asks 2 groups; #1 to ben
         60 | time passes | #1 asks 3 groups; #1 to cid
         90 | time passes |
         91 | ana break | #1 from ana
         92 | ana available | #1 to ana",
    );
}

#[test]
fn rte_7_without_skipping_the_timer_runs_though_nobody_is_there() {
    play(
        billing(cascade(false), &["ana/1", "ben/2"]),
        "0 | ben available |
         0 | #1 waits in billing |
         30 | time passes | #1 asks 2 groups; #1 to ben",
    );
}

#[test]
fn rte_7_a_group_with_nobody_available_may_be_skipped() {
    play(
        billing(cascade(true), &["ana/1", "ben/2", "cid/3"]),
        "0 | ben available |
         0 | #1 waits in billing | #1 asks 2 groups; #1 to ben
         5 | ana available | #1 to ana
         20 | ben break | #1 asks 3 groups; #1 from ben
         21 | ben available | #1 to ben
         60 | time passes |",
    );
    // The timer of the second group begins when it is asked.
    play(
        billing(cascade(true), &["ana/1", "ben/2", "cid/3"]),
        "0 | ana available |
         0 | ben available |
         0 | cid available |
         0 | #1 waits in billing | #1 to ana
         10 | ana break | #1 asks 2 groups; #1 from ana; #1 to ben
         39.9 | time passes |
         40 | time passes | #1 asks 3 groups; #1 to cid",
    );
}

#[test]
fn rte_7_a_group_without_anybody_assigned_is_never_waited_for() {
    play(
        billing(cascade(false), &["ben/2", "cid/4"]),
        "0 | ben available |
         0 | cid available |
         0 | #1 waits in billing | #1 asks 2 groups; #1 to ben
         30 | time passes | #1 asks 4 groups; #1 to cid",
    );
}

#[test]
fn rte_7_with_deltacast_the_first_group_is_asked_first() {
    let rules = QueueRules { groups: cascade(false).groups, ..deltacast() };
    play(
        billing(rules, &["ana/2", "ben/1", "cid/1"]),
        "0 | ana available |
         0 | ben available |
         0 | cid available |
         0 | #1 waits in billing | #1 to ben until 10
         1 | ben declines #1 | ben declined #1; #1 from ben; #1 to cid until 11
         2 | cid declines #1 | cid declined #1; #1 from cid; #1 to ben until 12
         3 | #2 waits in billing | #2 to cid until 13
         4 | ben declines #1 | ben declined #1; #1 from ben; #1 to ben, cid
         30 | time passes | cid skipped #2; #2 from cid; #2 to ben until 23; ben skipped #2; #2 from ben; #2 to cid until 33; #1 asks 2 groups; #1 to ana",
    );
}

#[test]
fn rte_7_when_one_who_was_passed_on_is_asked_for_the_next_is_passed_on_at_once() {
    let rules = QueueRules { auto_answer: true, ..cascade(true) };
    let mut staff = billing(rules, &["ana/1", "ben/2"]);
    staff.rules.offers_at_once = 2;
    // Nobody is there: the first two are passed on. When ben takes one of them, the third is among the first.
    play(
        staff,
        "0 | #1 waits in billing | #1 asks 2 groups
         1 | #2 waits in billing | #2 asks 2 groups
         2 | #3 waits in billing |
         3 | #4 waits in billing |
         4 | ben available | #1 connects to ben; #3 asks 2 groups
         5 | time passes |
         6 | #2 ends | #4 asks 2 groups",
    );
}

#[test]
fn rte_7_after_a_restart_the_groups_follow_from_the_arrival() {
    let mut floor = Floor::new(billing(cascade(false), &["ana/1", "ben/2", "cid/3"]));
    for act in ["ana available", "ben available", "cid available"] {
        floor.act(at(45.0), act);
    }
    assert_eq!(floor.act(at(45.0), "#1 waits in billing since 0"), ["#1 to ana, ben"]);
    assert_eq!(floor.act(at(60.0), "time passes"), ["#1 asks 3 groups", "#1 to cid"]);
}

fn shares(shares: &[u8], timer: Option<i64>) -> QueueRules {
    let timer = timer.map(TimeDelta::seconds);
    QueueRules {
        groups: Groups::Percent { shares: shares.to_vec(), timer },
        ..QueueRules::default()
    }
}

#[test]
fn rte_8_each_session_belongs_to_a_group_until_the_timer() {
    play(
        billing(shares(&[60, 40], Some(60)), &["ana/1", "ben/2"]),
        "0 | ana available |
         0 | ben available |
         0 | #1 waits in billing | #1 is of group 1; #1 to ana
         1 | #2 waits in billing | #2 is of group 2; #2 to ben
         2 | ana takes #1 | #1 from ana
         3 | #3 waits in billing | #3 is of group 1; #3 to ana
         4 | #4 waits in billing | #4 is of group 2
         5 | ana break | #3 from ana
         6 | ben takes #2 | #2 from ben; #4 to ben
         63 | time passes | #3 to ben",
    );
}

#[test]
fn rte_8_without_a_timer_a_session_waits_for_its_group() {
    play(
        billing(shares(&[50, 50], None), &["ana/1", "ben/2"]),
        "0 | ben available |
         0 | ana break |
         0 | #1 waits in billing | #1 is of group 1
         9999 | time passes |
         9999 | ana available | #1 to ana",
    );
}

#[test]
fn rte_8_a_group_with_nobody_logged_in_is_skipped() {
    play(
        billing(shares(&[60, 40], None), &["ana/1", "ben/2"]),
        "0 | ana available |
         0 | ben available |
         0 | #1 waits in billing | #1 is of group 1; #1 to ana
         1 | #2 waits in billing | #2 is of group 2; #2 to ben
         2 | ben logged_out | #2 from ben; #2 to ana
         3 | ana takes #1 | #1 from ana
         4 | #3 waits in billing | #3 is of group 1; #3 to ana
         5 | #4 waits in billing | #4 is of group 2
         6 | ben available | #2 to ben; #4 to ana, ben
         7 | ana logged_out | #1 back from ana (LoggedOut); #2 from ana; #3 from ana; #4 from ana, ben",
    );
}

#[test]
fn rte_8_a_group_that_nobody_is_assigned_to_passes_its_sessions_on_one_after_the_other() {
    let groups = Groups::Percent { shares: vec![50, 50], timer: None };
    let rules = QueueRules { groups, ..QueueRules::default() };
    let mut staff = billing(rules, &["ana"]);
    staff.rules.offers_at_once = 2;
    let mut floor = Floor::new(staff);
    floor.act(at(0.0), "ana available");
    let mut of_second = Vec::new();
    for id in 1..=12_u64 {
        let said = floor.act(at(0.0), &format!("#{id} waits in billing"));
        of_second.extend(said.contains(&format!("#{id} is of group 2")).then_some(id));
    }
    assert_eq!(of_second.len(), 6);
    for id in of_second {
        let offers = floor.router.offers(&agent("ana"));
        assert!(offers.iter().any(|offer| offer.session.0 == id), "#{id} is passed on");
        floor.act(at(1.0), &format!("#{id} ends"));
    }
}
