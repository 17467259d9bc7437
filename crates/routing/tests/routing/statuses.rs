//! What agents do: RTE-10, RTE-11.

use chrono::TimeDelta;
use frontdesk_routing::{Input, Kind, QueueRules, StaffRules, WrapUp};
use frontdesk_types::AgentStatus;

use crate::{
    assignment::deltacast,
    floor::{Floor, agent, at, billing, play, queue},
};

#[test]
fn rte_10_statuses_follow_from_what_the_agent_has() {
    let mut floor = Floor::new(billing(QueueRules::default(), &["ana"]));
    let mut expect = |second, act: &str, status| {
        floor.act(at(second), act);
        assert_eq!(floor.router.status(&agent("ana")), Ok(status), "after {act}");
    };
    expect(0.0, "ana available", AgentStatus::Available);
    expect(0.0, "#1 waits in billing", AgentStatus::Available);
    expect(1.0, "ana takes #1", AgentStatus::InChat);
    expect(2.0, "ana meal", AgentStatus::Meal);
    expect(3.0, "ana available", AgentStatus::InChat);
    expect(4.0, "#1 ends", AgentStatus::Available);
    expect(5.0, "#2 waits in billing call", AgentStatus::Available);
    expect(5.0, "ana takes #2", AgentStatus::InCall);
    expect(6.0, "ana custom:training", AgentStatus::Custom("training".parse().unwrap()));
}

#[test]
fn rte_10_nobody_chooses_what_follows_and_special_tasks_are_given() {
    let mut floor = Floor::new(billing(QueueRules::default(), &["ana"]));
    for word in ["in_chat", "in_call", "missed_chat", "missed_call", "unresponsive", "wrap_up"] {
        for by in ["", "boss: "] {
            let said = floor.act(at(0.0), &format!("{by}ana {word}"));
            assert_eq!(said, [format!("refused: the status {word} cannot be chosen")]);
        }
    }
    assert_eq!(
        floor.act(at(0.0), "ana special_task"),
        ["refused: only a supervisor sets the status special_task"]
    );
    assert_eq!(floor.act(at(0.0), "boss: ana special_task"), [] as [&str; 0]);
    assert_eq!(floor.router.status(&agent("ana")), Ok(AgentStatus::SpecialTask));
    assert_eq!(floor.act(at(0.0), "eve available"), ["refused: no agent `eve` is configured"]);
}

#[test]
fn rte_10_missed_and_skipped_are_counted_apart_and_one_after_the_other() {
    let mut staff = billing(deltacast(), &["ana"]);
    staff.rules =
        StaffRules { missed_chats: 2, missed_calls: 1, skipped: 3, ..StaffRules::default() };
    play(
        staff,
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana sees #1 |
         10 | time passes | ana missed #1; #1 from ana; #1 to ana until 20
         11 | ana takes #1 | #1 from ana
         12 | #1 ends |
         13 | #2 waits in billing | #2 to ana until 23
         14 | ana sees #2 |
         23 | time passes | ana missed #2; #2 from ana; #2 to ana until 33
         33 | time passes | ana skipped #2; #2 from ana; #2 to ana until 43
         34 | ana sees #2 |
         43 | time passes | ana missed #2; ana is missed_chat; #2 from ana
         44 | ana available | ana is available; #2 to ana
         45 | ana takes #2 | #2 from ana
         46 | #2 ends |
         50 | #3 waits in billing call | #3 to ana until 60
         51 | ana sees #3 |
         60 | time passes | ana missed #3; ana is missed_call; #3 from ana
         61 | boss: ana available | ana is available; #3 to ana until 71
         71 | time passes | ana skipped #3; #3 from ana; #3 to ana until 81
         81 | time passes | ana skipped #3; #3 from ana; #3 to ana
         82 | #3 ends | #3 from ana
         83 | #4 waits in billing | #4 to ana until 93
         93 | time passes | ana skipped #4; ana is unresponsive; #4 from ana",
    );
}

#[test]
fn rte_10_only_who_is_available_misses() {
    let mut staff = billing(deltacast(), &["ana"]);
    staff.rules.skipped = 1;
    play(
        staff,
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana takes #1 | #1 from ana
         2 | #2 waits in billing | #2 to ana until 12
         12 | time passes | ana skipped #2; #2 from ana; #2 to ana until 22
         13 | ana sees #2 |
         22 | time passes | ana missed #2; #2 from ana; #2 to ana until 32
         32 | time passes | ana skipped #2; #2 from ana; #2 to ana",
    );
}

#[test]
fn rte_10_declining_is_an_answer_and_only_what_is_offered_alone_can_be_declined() {
    play(
        billing(deltacast(), &["ana"]),
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana until 10
         1 | ana declines #1 | ana declined #1; #1 from ana; #1 to ana until 11
         2 | ana declines #1 | ana declined #1; #1 from ana; #1 to ana until 12
         3 | ana declines #1 | ana declined #1; #1 from ana; #1 to ana
         4 | ana declines #1 | refused: session 1 is offered to others too: there is nothing to decline
         5 | ana sees #1 |
         6 | ana sees #2 | refused: session 2 is not offered to agent ana",
    );
}

fn wrap_up(fixed: bool) -> QueueRules {
    let wrap_up = Some(WrapUp { time: TimeDelta::seconds(60), fixed });
    QueueRules { wrap_up, ..QueueRules::default() }
}

#[test]
fn rte_11_after_a_session_its_agent_gets_no_other_for_a_time() {
    let story = |end_early: &str| {
        format!(
            "0 | ana available |
             0 | #1 waits in billing | #1 to ana
             1 | ana takes #1 | #1 from ana
             2 | #2 waits in billing | #2 to ana
             10 | #1 ends | ana is wrap_up; #2 from ana
             20 | ana available | {end_early}"
        )
    };
    play(billing(wrap_up(false), &["ana"]), &story("ana is available; #2 to ana"));
    let fixed = format!(
        "{}
         30 | ana break | ana is break
         40 | ana available | ana is wrap_up
         69.9 | time passes |
         70 | time passes | ana is available; #2 to ana",
        story("refused: the wrap-up of agent ana lasts until 1970-01-01 00:01:10 UTC")
    );
    play(billing(wrap_up(true), &["ana"]), &fixed);
    let by_a_supervisor = format!(
        "{}
         21 | boss: ana available | ana is available; #2 to ana",
        story("refused: the wrap-up of agent ana lasts until 1970-01-01 00:01:10 UTC")
    );
    play(billing(wrap_up(true), &["ana"]), &by_a_supervisor);
}

#[test]
fn rte_11_a_chat_put_aside_or_given_back_has_no_wrap_up() {
    play(
        billing(wrap_up(true), &["ana"]),
        "0 | ana available |
         0 | #1 waits in billing | #1 to ana
         1 | ana takes #1 | #1 from ana
         2 | #1 is dismissed |
         3 | #1 waits in billing | #1 to ana
         4 | ana takes #1 | #1 from ana
         5 | #1 returns | #1 to ana",
    );
}

#[test]
fn rte_11_a_wrap_up_that_was_stored_goes_on_after_a_restart() {
    let mut floor = Floor::new(billing(wrap_up(true), &["ana"]));
    let restore = Input::Restore {
        agent: agent("ana"),
        status: AgentStatus::WrapUp,
        wrap_up: Some(at(70.0)),
    };
    assert_eq!(floor.router.handle(restore, at(50.0)).refused, None);
    assert_eq!(floor.router.wrap_up(&agent("ana")), Some(at(70.0)));
    assert_eq!(floor.act(at(51.0), "#1 waits in billing"), [] as [&str; 0]);
    assert_eq!(floor.act(at(70.0), "time passes"), ["#1 to ana"]);
    let (free, there) = floor.router.agents_free(&queue("billing"), Kind::default());
    assert_eq!((free, there), (1, 1));
}

/// The host's clock was set back, for good and later right again: an offer, a wrap-up and the place in the line keep their time.
#[test]
fn rte_11_a_clock_that_is_set_back_holds_no_timer() {
    let rules = QueueRules { wrap_up: wrap_up(false).wrap_up, ..deltacast() };
    play(
        billing(rules.clone(), &["ana"]),
        "100000 | ana available |
         100000 | #1 waits in billing | #1 to ana until 100010
         100001 | time passes |
         1 | time passes |
         5 | ana takes #1 | #1 from ana
         10 | #1 ends | ana is wrap_up
         20 | #2 waits in billing |
         69.9 | time passes |
         70 | time passes | ana is available; #2 to ana until 80
         100079.9 | time passes |
         100080 | time passes | ana skipped #2; #2 from ana; #2 to ana until 100090",
    );
    play(
        billing(rules, &["ana"]),
        "100000 | ana available |
         100000 | #1 waits in billing | #1 to ana until 100010
         100001 | time passes |
         1 | time passes |
         9.9 | time passes |
         10 | time passes | ana skipped #1; #1 from ana; #1 to ana until 20",
    );
}

/// A clock that was ahead wrote the end of a wrap-up (RTE-11).
#[test]
fn rte_11_a_wrap_up_that_is_restored_is_no_longer_than_one_that_begins() {
    let mut floor = Floor::new(billing(wrap_up(true), &["ana"]));
    let restore = Input::Restore {
        agent: agent("ana"),
        status: AgentStatus::WrapUp,
        wrap_up: Some(at(1_000_000.0)),
    };
    assert_eq!(floor.router.handle(restore, at(50.0)).refused, None);
    assert_eq!(floor.router.wrap_up(&agent("ana")), Some(at(110.0)));
}
