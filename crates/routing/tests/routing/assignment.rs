//! Who is asked to take what: RTE-4 to RTE-6, RTE-9, RTE-15 to RTE-18.

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, QueueRules, RulesError, StaffRules, Wait,
};

use crate::floor::{Floor, agent, at, billing, member, play, queue, staff_of};

pub(crate) fn deltacast() -> QueueRules {
    let assignment = Assignment::Deltacast(Deltacast::default());
    QueueRules { assignment, ..QueueRules::default() }
}

#[test]
fn rte_4_a_queue_with_nobody_is_not_live_and_its_sessions_wait() {
    let mut staff = billing(QueueRules::default(), &["ana"]);
    staff
        .queue(queue("sales"), QueueRules::default(), [] as [frontdesk_types::AgentId; 0])
        .unwrap();
    let mut floor = Floor::new(staff);
    assert!(floor.router.is_live(&queue("billing")) && !floor.router.is_live(&queue("sales")));
    floor.act(at(0.0), "ana available");
    assert_eq!(floor.act(at(1.0), "#1 waits in sales"), [] as [&str; 0]);
    assert_eq!(floor.router.waiting(&queue("sales")), 1);
    let both = {
        let mut staff = billing(QueueRules::default(), &["ana"]);
        staff.queue(queue("sales"), QueueRules::default(), [agent("ana")]).unwrap();
        staff
    };
    let events = floor.router.configure(both, at(2.0)).events;
    assert_eq!(events.len(), 1, "somebody is assigned: {events:?}");
}

#[test]
fn rte_4_the_queue_that_is_first_for_an_agent_is_served_first() {
    let mut staff = staff_of(&["ana"]);
    staff.queue(queue("sales"), deltacast(), [member("ana!2")]).unwrap();
    staff.queue(queue("vip"), deltacast(), [member("ana!1")]).unwrap();
    play(
        staff,
        "0 | #1 waits in sales |
         1 | #2 waits in vip |
         2 | ana available | #2 to ana until 12
         3 | ana takes #2 | #2 from ana; #1 to ana until 13",
    );
}

#[test]
fn rte_4_agents_of_a_lower_number_are_asked_first() {
    let staff = billing(deltacast(), &["ana!2", "ben!1", "cid!2"]);
    play(
        staff,
        "0 | ana available |
         0 | cid available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ben available |
         1 | #2 waits in billing | #2 to ben until 11",
    );
}

#[test]
fn rte_5_multicast_shows_it_to_everybody_and_one_gets_it() {
    let staff = billing(QueueRules::default(), &["ana", "ben", "cid"]);
    play(
        staff,
        "0 | ana available |
         0 | ben available |
         1 | #1 waits in billing | #1 to ana, ben
         2 | ben takes #1 | #1 from ana, ben
         2 | ana takes #1 | refused: agent ben has session 1 already
         2 | ben takes #1 | refused: agent ben has session 1 already
         3 | #2 waits in billing | #2 to ana, ben
         3 | #3 waits in billing | #3 to ana, ben
         3 | #4 waits in billing |
         4 | cid available | #2 to cid; #3 to cid; #4 to ana, ben, cid
         5 | ben break | #2 from ben; #3 from ben; #4 from ana, ben, cid
         6 | #2 ends | #2 from ana, cid; #4 to ana, cid",
    );
}

#[test]
fn rte_6_deltacast_asks_who_was_longest_out_of_a_chat_then_who_has_fewest() {
    let staff = billing(deltacast(), &["ana", "ben", "cid"]);
    play(
        staff,
        "0 | ana available |
         0 | ben available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana takes #1 | #1 from ana
         2 | #2 waits in billing | #2 to ben until 12
         3 | ben takes #2 | #2 from ben
         4 | #2 ends |
         5 | #1 ends |
         6 | #3 waits in billing | #3 to ben until 16
         7 | ben takes #3 | #3 from ben
         8 | #4 waits in billing | #4 to ana until 18
         9 | ana takes #4 | #4 from ana
         10 | cid available |
         11 | #5 waits in billing | #5 to cid until 21
         12 | cid takes #5 | #5 from cid
         13 | #6 waits in billing | #6 to ben until 23
         13 | #7 waits in billing | #7 to ana until 23",
    );
}

#[test]
fn rte_6_no_answer_is_the_next_agent_and_after_three_it_is_for_all() {
    let staff = billing(deltacast(), &["ana", "ben", "cid", "dan"]);
    play(
        staff,
        "0 | ana available |
         0 | ben available |
         0 | cid available |
         0 | dan available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana sees #1 |
         9.9 | time passes |
         10 | time passes | ana missed #1; ana is missed_chat; #1 from ana; #1 to ben until 20
         11 | ben declines #1 | ben declined #1; #1 from ben; #1 to cid until 21
         11 | ben declines #1 | refused: session 1 is not offered to agent ben
         12 | cid sees #1 |
         25 | ben takes #1 | cid missed #1; cid is missed_chat; #1 from cid; #1 to ben, dan; #1 from ben, dan",
    );
}

#[test]
fn rte_6_where_it_is_not_for_all_the_next_round_begins() {
    let rules = Deltacast { attempts: 2, then_multicast: false, ..Deltacast::default() };
    let rules = QueueRules { assignment: Assignment::Deltacast(rules), ..QueueRules::default() };
    let mut staff = billing(rules, &["ana", "ben", "cid"]);
    staff.rules = StaffRules { missed_chats: 0, skipped: 0, ..StaffRules::default() };
    play(
        staff,
        "0 | ana available |
         0 | ben available |
         0 | cid available |
         0 | #1 waits in billing | #1 to ana until 10
         10 | time passes | ana skipped #1; #1 from ana; #1 to ben until 20
         20 | time passes | ben skipped #1; #1 from ben; #1 to ana until 30
         30 | ana declines #1 | ana skipped #1; #1 from ana; #1 to ben until 40; refused: session 1 is not offered to agent ana",
    );
}

#[test]
fn rte_6_calls_go_to_who_was_longest_out_of_a_call() {
    let mut staff = billing(deltacast(), &["ana", "ben"]);
    staff.rules.calls_while_in_chat = true;
    play(
        staff,
        "0 | ana available |
         0 | ben available |
         0 | #1 waits in billing call | #1 to ana until 10
         1 | ana takes #1 | #1 from ana
         2 | #2 waits in billing call | #2 to ben until 12
         3 | ben takes #2 | #2 from ben
         4 | #3 waits in billing call |
         5 | #2 ends | #3 to ben until 15
         6 | ben declines #3 | ben declined #3; #3 from ben; #3 to ben until 16
         7 | ben takes #3 | #3 from ben
         8 | #1 ends |
         9 | #3 ends |
         10 | #4 waits in billing call | #4 to ana until 20",
    );
}

#[test]
fn rte_9_nobody_has_more_than_the_limit_and_a_call_counts_as_chats() {
    let mut staff = billing(QueueRules::default(), &["ana"]);
    staff.agent(agent("ana"), AgentRules::with_chats(3));
    staff.rules = StaffRules {
        call_weight: 2,
        chats_while_in_call: true,
        calls_while_in_chat: true,
        ..StaffRules::default()
    };
    play(
        staff,
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana
         0 | #2 waits in billing call | #2 to ana
         1 | ana takes #2 | #2 from ana
         2 | ana takes #1 | #1 from ana
         3 | #3 waits in billing |
         4 | ana takes #3 | refused: agent ana has no room for another session; the limit is 3 chats
         5 | #2 ends | #3 to ana
         6 | ana takes #3 | #3 from ana
         7 | #4 waits in billing call |
         8 | #1 ends | #4 to ana
         9 | ana begins #5 in billing | #4 from ana
         9 | ana begins #6 in billing |
         9 | ana begins #7 in billing | refused: agent ana has no room for another session; the limit is 3 chats",
    );
}

#[test]
fn rte_9_chats_in_a_call_and_calls_in_a_chat_are_switches() {
    let staff = billing(QueueRules::default(), &["ana"]);
    play(
        staff,
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana
         0 | #2 waits in billing call | #2 to ana
         1 | ana takes #1 | #1 from ana; #2 from ana
         2 | #1 ends | #2 to ana
         3 | ana takes #2 | #2 from ana
         4 | #3 waits in billing |
         5 | #2 ends | #3 to ana",
    );
}

#[test]
fn rte_9_auto_answer_connects_without_accepting() {
    let rules = QueueRules { auto_answer: true, ..QueueRules::default() };
    play(
        billing(rules, &["ana", "ben"]),
        "0 | ana available |
         0 | ben available |
         1 | #1 waits in billing | #1 connects to ana
         1 | ben takes #1 | refused: session 1 is not offered to agent ben
         1 | ana takes #1 |
         2 | #2 waits in billing | #2 connects to ben
         12 | time passes | #2 connects to ana",
    );
    // One agent's own choice, among others who accept.
    let mut staff = billing(QueueRules::default(), &["ana", "bot"]);
    staff.agent(agent("bot"), AgentRules { auto_answer: true, ..AgentRules::with_chats(1) });
    play(
        staff,
        "0 | ana available |
         1 | #1 waits in billing | #1 to ana
         2 | bot available | #1 connects to bot; #1 from ana
         2 | bot takes #1 |
         3 | #2 waits in billing | #2 to ana
         4 | #1 ends | #2 connects to bot; #2 from ana",
    );
}

#[test]
fn contradictory_rules_are_refused_with_every_reason() {
    let mut staff = staff_of(&["ana", "ben"]);
    let cascade =
        frontdesk_routing::Groups::Cascade { timer: TimeDelta::seconds(10), skip_empty: false };
    let rules = QueueRules { groups: cascade, ..deltacast() };
    let members = [member("ana"), member("ana/2"), member("ben!9"), member("eve")];
    let errors = staff.queue(queue("billing"), rules, members).unwrap_err();
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "the cascade timer of 10 s must be longer than the deltacast timeout of 10 s",
            "agent `ana` is assigned twice",
            "agent `ben` has priority 9, allowed are 1 (first) to 8 (last), and 0 for programs",
            "there is no agent `eve`",
        ]
    );
    let shares = |shares: &[u8]| {
        let groups = frontdesk_routing::Groups::Percent { shares: shares.to_vec(), timer: None };
        QueueRules { groups, ..QueueRules::default() }
    };
    for wrong in [&[60, 30][..], &[100, 0], &[]] {
        let errors = shares(wrong).problems();
        assert!(matches!(&errors[..], [RulesError::Shares { .. }]), "{errors:?}");
    }
    assert_eq!(
        shares(&[60, 30]).problems()[0].to_string(),
        "the shares 60 + 30 add up to 90, they must add up to 100, each at least 1"
    );
    let errors = staff.queue(queue("b"), shares(&[60, 40]), [member("ana/3")]).unwrap_err();
    assert!(matches!(&errors[..], [RulesError::UnknownGroup { found: 2, .. }]), "{errors:?}");
    let zero = QueueRules {
        wrap_up: Some(frontdesk_routing::WrapUp { time: TimeDelta::zero(), fixed: true }),
        ..QueueRules::default()
    };
    assert_eq!(
        zero.problems()[0].to_string(),
        "found 0 seconds for the wrap-up, allowed are 1 second to 7 days"
    );
}

#[test]
fn rte_12_the_wait_follows_from_what_the_queue_has_shown() {
    let mut staff = billing(QueueRules::default(), &["ana"]);
    staff.agent(agent("ana"), AgentRules::with_chats(1));
    staff.queue(queue("vip"), QueueRules::default(), [agent("ana")]).unwrap();
    staff.queue(queue("later"), QueueRules::default(), [member("ana!2")]).unwrap();
    let mut floor = Floor::new(staff);
    let wait = |floor: &Floor, name: &str, second| {
        let wait = floor.router.wait_time(&Wait::chat(queue(name), at(second)), at(second));
        wait.ok().map(|wait| wait.likely.num_seconds())
    };
    floor.act(at(0.0), "ana available");
    // Ten chats of a minute each.
    for n in 0..10_u32 {
        assert_eq!(wait(&floor, "billing", f64::from(n * 60)).is_some(), n >= 5, "after {n}");
        floor.act(at(f64::from(n * 60)), &format!("#{n} waits in billing"));
        floor.act(at(f64::from(n * 60)), &format!("ana takes #{n}"));
        floor.act(at(f64::from(n * 60 + 60)), &format!("#{n} ends"));
    }
    assert_eq!(wait(&floor, "billing", 600.0), Some(0), "ana is free");
    floor.act(at(600.0), "#20 waits in billing");
    floor.act(at(600.0), "ana takes #20");
    let alone = wait(&floor, "billing", 630.0).unwrap();
    assert!((25..=35).contains(&alone), "half of a chat is left: {alone}");
    floor.act(at(630.0), "#21 waits in later");
    assert_eq!(wait(&floor, "billing", 630.0), Some(alone), "what comes after does not count");
    floor.act(at(630.0), "#22 waits in vip");
    let behind = wait(&floor, "billing", 630.0).unwrap();
    assert!((80..=100).contains(&behind), "one more chat: {behind}");
    floor.act(at(631.0), "ana logged_out");
    assert_eq!(wait(&floor, "billing", 632.0), None, "nobody is there");
    assert_eq!(wait(&floor, "vip", 632.0), None, "no history");
}
