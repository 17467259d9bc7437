//! Where sessions stand in their queues, and who may have them: RTE-15 to RTE-18, SMS-27.

use chrono::TimeDelta;
use frontdesk_routing::{AgentRules, QueueRules, Sticky};
use frontdesk_types::SessionId;

use crate::floor::{Floor, agent, at, billing, play, queue};

#[test]
fn rte_15_as_many_are_first_as_there_are_active_agents() {
    let names: Vec<String> = (0..10).map(|n| format!("a{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut floor = Floor::new(billing(QueueRules::default(), &names));
    for name in &names {
        floor.act(at(0.0), &format!("{name} available"));
    }
    for id in 0..50 {
        floor.act(at(f64::from(id)), &format!("#{id} waits in billing"));
    }
    let place = |id| floor.router.position(SessionId(id)).unwrap().place;
    assert_eq!((0..10).map(place).collect::<Vec<_>>(), [1; 10]);
    assert_eq!((place(10), place(49)), (2, 41));
}

#[test]
fn rte_16_who_leaves_returns_everything_to_its_original_place() {
    play(
        billing(QueueRules::default(), &["ana", "ben"]),
        "0 | ben available |
         1 | #1 waits in billing | #1 to ben
         2 | #2 waits in billing |
         3 | ben takes #1 | #1 from ben; #2 to ben
         4 | ben logged_out | #1 back from ben (LoggedOut); #2 from ben
         5 | #1 returns |
         6 | ana available | #1 to ana
         7 | #1 is back with ben | #1 back from ben (LoggedOut); #1 from ana; #2 to ana",
    );
}

#[test]
fn rte_16_a_restart_finds_the_sessions_of_agents_who_are_gone() {
    let mut floor = Floor::new(billing(QueueRules::default(), &["ana"]));
    floor.act(at(0.0), "#1 waits in billing");
    assert_eq!(floor.act(at(1.0), "#1 is back with ana"), ["#1 back from ana (LoggedOut)"]);
    assert_eq!(floor.act(at(2.0), "#1 is back with eve"), ["#1 back from eve (Removed)"]);
    assert_eq!(floor.act(at(3.0), "#1 returns"), [] as [&str; 0]);
    assert_eq!(floor.act(at(4.0), "ana available"), ["#1 to ana"]);
}

#[test]
fn rte_16_a_new_configuration_returns_what_an_agent_may_not_keep() {
    let mut floor = Floor::new({
        let mut staff = billing(QueueRules::default(), &["ana", "ben"]);
        staff.queue(queue("sales"), QueueRules::default(), [agent("ben")]).unwrap();
        staff
    });
    for act in ["ben available", "#1 waits in sales", "ben takes #1", "#2 waits in billing"] {
        floor.act(at(0.0), act);
    }
    let mut staff = billing(QueueRules::default(), &["aaa", "ana", "ben"]);
    staff.queue(queue("sales"), QueueRules::default(), [agent("ana")]).unwrap();
    let events = floor.router.configure(staff, at(1.0)).events;
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(format!("{events:?}").contains("Removed"), "{events:?}");
    assert_eq!(floor.act(at(2.0), "#1 returns"), [] as [&str; 0]);
    assert_eq!(floor.act(at(3.0), "ben takes #2"), ["#2 from ben"], "its offer stayed");
}

#[test]
fn rte_17_a_returning_consumer_goes_to_the_last_agent_if_available() {
    let sticky = Sticky { within: TimeDelta::hours(4), timeout: TimeDelta::seconds(20) };
    let rules = QueueRules { sticky: Some(sticky), ..QueueRules::default() };
    play(
        billing(rules, &["ana", "ben"]),
        "0 | ana available |
         0 | ben available |
         1 | #1 waits in billing last ben | #1 to ben until 21
         2 | ben takes #1 | #1 from ben
         3 | #2 waits in billing last ben | #2 to ben until 23
         23 | time passes | ben skipped #2; #2 from ben; #2 to ana, ben
         24 | #2 ends | #2 from ana, ben
         25 | ben break |
         26 | #3 waits in billing last ben | #3 to ana
         27 | #4 waits in billing last eve |
         28 | ben available | #3 to ben; #4 to ana, ben",
    );
}

#[test]
fn rte_18_priority_orders_and_nobody_starves() {
    // Each step is worth ten minutes: #3 came 11 minutes after #1 and does not overtake it.
    play(
        billing(QueueRules::default(), &["ana"]),
        "0 | #1 waits in billing |
         1 | #2 waits in billing priority 1 |
         660 | #3 waits in billing priority 1 |
         661 | #4 waits in billing priority 2 |
         670 | ana available | #2 to ana
         671 | ana takes #2 | #2 from ana; #4 to ana
         672 | #2 ends |
         673 | ana takes #4 | #4 from ana; #1 to ana
         674 | ana takes #1 | #1 from ana
         675 | #1 ends | #3 to ana",
    );
}

#[test]
fn rte_18_skills_filter_and_stop_to_matter_after_a_time() {
    let rules = QueueRules { skills_for: Some(TimeDelta::minutes(5)), ..QueueRules::default() };
    let mut staff = billing(rules, &["ana", "ben"]);
    let skills = ["es".parse().unwrap()].into();
    staff.agent(agent("ben"), AgentRules { skills, ..AgentRules::with_chats(2) });
    play(
        staff,
        "0 | ana available |
         1 | #1 waits in billing skills es |
         2 | #2 waits in billing | #2 to ana
         3 | ben available | #1 to ben; #2 to ben
         4 | ben takes #1 | #1 from ben
         5 | ben break | #2 from ben
         6 | #3 waits in billing skills es,vip |
         305.9 | time passes |
         305.9 | #2 ends | #2 from ana
         306 | time passes | #3 to ana",
    );
}

#[test]
fn sms_27_a_transfer_asks_everybody_but_who_has_it() {
    let mut staff = billing(QueueRules::default(), &["ana", "ben"]);
    staff.queue(queue("sales"), QueueRules::default(), ["ana", "ben"].map(agent)).unwrap();
    play(
        staff,
        "0 | ana available |
         1 | #1 waits in billing | #1 to ana
         2 | ana takes #1 | #1 from ana
         3 | #1 goes from ana to ben | #1 reaches nobody
         4 | #1 goes from ana to queue sales |
         5 | #2 waits in sales | #2 to ana
         6 | ben available | #1 to ben; #2 to ben
         7 | ana takes #1 | refused: agent ana has session 1 already
         8 | ben takes #1 | #1 from ben
         9 | #1 goes from ben to ana | #1 to ana
         10 | ana declines #1 | ana declined #1; #1 reaches nobody; #1 from ana
         11 | #1 is back with ben |
         12 | #1 goes from ben to ana | #1 to ana
         13 | ana break | #1 reaches nobody; #1 from ana; #2 from ana",
    );
}
