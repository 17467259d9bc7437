//! How long a consumer will wait: RTE-12.

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, LONGEST_WAIT, QueueRules, Staff, UnknownWait, Wait, WaitHistory, WaitTime, WrapUp,
};

use crate::floor::{Floor, agent, at, billing, member, queue, staff_of};

/// A floor on which time passes by itself.
struct Day {
    floor: Floor,
    now: f64,
    sessions: u32,
}

impl Day {
    fn new(staff: Staff) -> Self {
        Self { floor: Floor::new(staff), now: 0.0, sessions: 0 }
    }

    fn act(&mut self, act: &str) {
        self.floor.act(at(self.now), act);
    }

    fn pass(&mut self, seconds: f64) {
        self.now += seconds;
        self.act("time passes");
    }

    /// A session that the agent has taken.
    fn begins(&mut self, name: &str, queue: &str, more: &str) -> u32 {
        self.sessions += 1;
        let id = self.sessions;
        self.act(&format!("#{id} waits in {queue} {more}"));
        self.act(&format!("{name} takes #{id}"));
        id
    }

    fn waits(&mut self, queue: &str) {
        self.sessions += 1;
        self.act(&format!("#{} waits in {queue}", self.sessions));
    }

    /// As many sessions, one after the other, of so many seconds each; the agent's wrap-ups are over after them.
    fn works(&mut self, name: &str, queue: &str, sessions: u32, seconds: f64, wrap_up: f64) {
        for _ in 0..sessions {
            let id = self.begins(name, queue, "");
            self.pass(seconds);
            self.act(&format!("#{id} ends"));
            self.pass(wrap_up);
        }
    }

    fn ask(&self, wait: &Wait) -> Result<WaitTime, UnknownWait> {
        self.floor.router.wait_time(wait, at(self.now))
    }

    fn estimate(&self, name: &str) -> Result<i64, UnknownWait> {
        self.ask(&Wait::chat(queue(name), at(self.now))).map(|wait| wait.likely.num_seconds())
    }

    fn likely(&self, name: &str) -> i64 {
        self.estimate(name).unwrap()
    }
}

/// Agents of one chat each, who serve queues as said.
fn one_chat_each(queues: &[(&str, QueueRules, &[&str])]) -> Staff {
    let mut staff = Staff::default();
    for name in queues.iter().flat_map(|(.., members)| *members) {
        staff.agent(member(name).agent, AgentRules::with_chats(1));
    }
    for (name, rules, members) in queues {
        let members = members.iter().map(|name| member(name));
        staff.queue(queue(name), rules.clone(), members).unwrap();
    }
    staff
}

fn wrap_up(seconds: i64, fixed: bool) -> QueueRules {
    let time = TimeDelta::seconds(seconds);
    QueueRules { wrap_up: Some(WrapUp { time, fixed }), ..QueueRules::default() }
}

fn between(range: std::ops::RangeInclusive<i64>, found: i64) {
    assert!(range.contains(&found), "{found} s is not within {range:?}");
}

#[test]
fn rte_12_an_agent_in_wrap_up_is_not_free() {
    let mut day = Day::new(one_chat_each(&[("billing", wrap_up(300, true), &["ana"])]));
    day.act("ana available");
    day.works("ana", "billing", 10, 300.0, 300.0);
    assert_eq!(day.likely("billing"), 0, "ana is free");
    let id = day.begins("ana", "billing", "");
    day.pass(300.0);
    day.act(&format!("#{id} ends"));
    between(295..=300, day.likely("billing"));
    day.pass(100.0);
    between(195..=200, day.likely("billing"));
    day.waits("billing");
    // The rest of the wrap-up, a session, and its wrap-up.
    between(740..=860, day.likely("billing"));
}

#[test]
fn rte_12_a_wrap_up_that_agents_end_early_counts_as_long_as_they_take() {
    let mut day = Day::new(one_chat_each(&[("billing", wrap_up(600, false), &["ana"])]));
    day.act("ana available");
    for _ in 0..10 {
        day.works("ana", "billing", 1, 300.0, 60.0);
        day.act("ana available");
    }
    let id = day.begins("ana", "billing", "");
    day.pass(300.0);
    day.act(&format!("#{id} ends"));
    between(50..=70, day.likely("billing"));
}

#[test]
fn rte_12_an_agent_in_a_call_is_not_free_for_chats() {
    let all = QueueRules::default();
    let queues = [("billing", all.clone(), &["ana"][..]), ("phone", all, &["ana"][..])];
    let mut day = Day::new(one_chat_each(&queues));
    day.act("ana available");
    day.works("ana", "billing", 10, 300.0, 0.0);
    for _ in 0..10 {
        let id = day.begins("ana", "phone", "call");
        day.pass(400.0);
        day.act(&format!("#{id} ends"));
    }
    assert_eq!(day.likely("billing"), 0);
    day.begins("ana", "phone", "call");
    between(350..=420, day.likely("billing"));
    day.pass(300.0);
    between(60..=130, day.likely("billing"));
}

#[test]
fn rte_12_each_session_takes_as_long_as_those_of_its_own_queue() {
    let all = QueueRules::default();
    let queues = [("quick", all.clone(), &["ana"][..]), ("slow", all, &["ana"][..])];
    let mut day = Day::new(one_chat_each(&queues));
    day.act("ana available");
    day.works("ana", "quick", 10, 120.0, 0.0);
    day.works("ana", "slow", 10, 900.0, 0.0);
    // A session that the agent has.
    let id = day.begins("ana", "slow", "");
    between(850..=930, day.likely("quick"));
    // And one ahead.
    day.waits("slow");
    between(1700..=1860, day.likely("quick"));
    day.act(&format!("#{id} ends"));
    let ahead = day.sessions;
    day.act(&format!("#{ahead} ends"));
    day.begins("ana", "quick", "");
    between(100..=130, day.likely("slow"));
}

#[test]
fn rte_12_durations_that_change_are_noticed() {
    for (before, after) in [(300.0, 700.0), (600.0, 200.0)] {
        let mut day = Day::new(one_chat_each(&[("billing", QueueRules::default(), &["ana"])]));
        day.act("ana available");
        day.works("ana", "billing", 500, before, 0.0);
        day.works("ana", "billing", 60, after, 0.0);
        day.begins("ana", "billing", "");
        let (least, most) = (after * 0.75, after * 1.25);
        #[expect(clippy::cast_possible_truncation, reason = "seconds")]
        between(least as i64..=most as i64, day.likely("billing"));
    }
}

#[test]
fn rte_12_consumers_who_come_later_overtake_in_a_queue_that_is_second() {
    let all = QueueRules::default();
    let queues = [("first", all.clone(), &["ana"][..]), ("second", all, &["ana!2"][..])];
    let mut day = Day::new(one_chat_each(&queues));
    day.act("ana available");
    day.works("ana", "second", 10, 300.0, 0.0);
    // Four of five minutes are the first queue's.
    day.works("ana", "first", 60, 240.0, 60.0);
    let _ = day.begins("ana", "first", "");
    let first = day.likely("first");
    between(200..=260, first);
    // The first queue alone keeps its agent four fifths of the time.
    let second = day.ask(&Wait::chat(queue("second"), at(day.now))).unwrap();
    assert!(second.likely.num_seconds() > first * 3 / 2, "{second:?} against {first}");
    assert!(second.at_most.num_seconds() > first * 6, "{second:?} against {first}");
}

#[test]
fn rte_12_a_roster_that_is_not_kept_is_trusted_less() {
    let estimate = |kept: bool| {
        let mut day =
            Day::new(one_chat_each(&[("billing", QueueRules::default(), &["ana", "ben"])]));
        let shifts: Vec<_> = (1..=20)
            .flat_map(|hour| {
                let hour = f64::from(hour) * 7200.0;
                [(at(hour), true), (at(hour + 3600.0), false)]
            })
            .collect();
        day.floor.router.expect(&agent("ben"), &shifts).unwrap();
        day.act("ana available");
        day.works("ana", "billing", 12, 600.0, 0.0);
        for _ in 1..12 {
            if kept {
                day.act("ben available");
            }
            day.pass(3600.0);
            if kept {
                day.act("ben break");
            }
            day.pass(3600.0);
        }
        // Five minutes before the next shift, six sessions are ahead.
        day.now -= 300.0;
        day.begins("ana", "billing", "");
        for _ in 0..6 {
            day.waits("billing");
        }
        day.likely("billing")
    };
    let (kept, broken) = (estimate(true), estimate(false));
    between(1800..=2700, kept);
    between(3900..=4500, broken);
}

#[test]
fn rte_12_skills_that_only_busy_agents_have_are_waited_for() {
    let mut staff = one_chat_each(&[("billing", QueueRules::default(), &["ana", "ben"])]);
    let skills = ["es".parse().unwrap()].into();
    staff.agent(agent("ana"), AgentRules { skills, ..AgentRules::with_chats(1) });
    let mut day = Day::new(staff);
    day.act("ana available");
    day.works("ana", "billing", 10, 300.0, 0.0);
    day.act("ben available");
    let spanish = |day: &Day, skill: &str| {
        let skills = vec![skill.parse().unwrap()];
        let wait = Wait { skills, ..Wait::chat(queue("billing"), at(day.now)) };
        day.ask(&wait).map(|wait| wait.likely.num_seconds())
    };
    assert_eq!(spanish(&day, "es"), Ok(0), "ana is free");
    day.begins("ana", "billing", "");
    assert_eq!(day.likely("billing"), 0, "ben is free");
    between(280..=320, spanish(&day, "es").unwrap());
    assert_eq!(spanish(&day, "fr"), Err(UnknownWait::Nobody));
    day.act("ana break");
    assert_eq!(spanish(&day, "es"), Err(UnknownWait::Nobody), "ana takes no more");
}

#[test]
fn rte_12_unknown_is_not_a_number() {
    let mut day = Day::new(billing(QueueRules::default(), &["ana"]));
    assert_eq!(day.estimate("nowhere"), Err(UnknownWait::NoQueue));
    let few = |handled| Err(UnknownWait::FewSessions { handled, needed: 5 });
    assert_eq!(day.estimate("billing"), few(0));
    day.act("ana available");
    day.works("ana", "billing", 4, 60.0, 0.0);
    assert_eq!(day.estimate("billing"), few(4));
    day.works("ana", "billing", 1, 60.0, 0.0);
    assert_eq!(day.estimate("billing"), Ok(0));
    day.act("ana logged_out");
    assert_eq!(day.estimate("billing"), Err(UnknownWait::Nobody));
    day.floor.router.expect(&agent("ana"), &[(at(day.now + 600.0), true)]).unwrap();
    between(590..=700, day.likely("billing"));
}

#[test]
fn rte_12_no_wait_is_told_longer_than_five_hours() {
    let mut day = Day::new(one_chat_each(&[("billing", QueueRules::default(), &["ana"])]));
    day.act("ana available");
    day.works("ana", "billing", 6, 600.0, 0.0);
    for _ in 0..100 {
        day.waits("billing");
    }
    let wait = day.ask(&Wait::chat(queue("billing"), at(day.now))).unwrap();
    assert_eq!((wait.likely, wait.at_most), (LONGEST_WAIT, LONGEST_WAIT));
}

#[test]
fn rte_12_consumers_who_give_up_make_it_shorter() {
    let ahead = |impatient: bool| {
        let mut day = Day::new(one_chat_each(&[("billing", QueueRules::default(), &["ana"])]));
        day.act("ana available");
        day.works("ana", "billing", 10, 300.0, 0.0);
        day.begins("ana", "billing", "");
        for _ in 0..40 {
            day.waits("billing");
            let id = day.sessions;
            day.pass(5.0);
            if impatient {
                day.act(&format!("#{id} ends"));
            }
        }
        for _ in 0..10 {
            day.waits("billing");
        }
        day.likely("billing")
    };
    assert!(ahead(true) * 2 < ahead(false), "{} against {}", ahead(true), ahead(false));
}

#[test]
fn rte_12_a_queue_page_says_what_each_question_says() {
    let all = QueueRules::default();
    let queues = [
        ("one", all.clone(), &["ana", "ben"][..]),
        ("two", all.clone(), &["ben", "cid"][..]),
        ("apart", all, &["dan"][..]),
    ];
    let mut day = Day::new(one_chat_each(&queues));
    for name in ["ana", "ben", "cid", "dan"] {
        day.act(&format!("{name} available"));
    }
    for (name, queue) in [("ana", "one"), ("cid", "two"), ("dan", "apart")] {
        for n in 0..20_u32 {
            day.works(name, queue, 1, f64::from(60 + n * 15), 0.0);
        }
    }
    for (name, queue) in [("ana", "one"), ("ben", "one"), ("cid", "two"), ("dan", "apart")] {
        day.begins(name, queue, "");
    }
    for queue in ["one", "one", "two", "apart"] {
        day.waits(queue);
    }
    let names = ["one", "two", "apart", "nowhere"];
    let waits = names.map(|name| Wait::chat(queue(name), at(day.now)));
    let page = day.floor.router.wait_times(&waits, at(day.now));
    for (name, of_page) in names.iter().zip(page) {
        let alone = day.estimate(name);
        let of_page = of_page.map(|wait| wait.likely.num_seconds());
        match (alone, of_page) {
            (Ok(alone), Ok(of_page)) => between(alone * 3 / 4 - 5..=alone * 4 / 3 + 5, of_page),
            (alone, of_page) => assert_eq!(alone, of_page, "{name}"),
        }
    }
}

#[test]
fn rte_12_a_history_survives_a_restart() {
    let mut day = Day::new(one_chat_each(&[("billing", wrap_up(60, false), &["ana"])]));
    day.act("ana available");
    day.works("ana", "billing", 50, 240.0, 60.0);
    day.begins("ana", "billing", "");
    let before = day.likely("billing");
    let stored = day.floor.router.wait_history(&queue("billing")).unwrap();
    let stored = serde_json::to_string(&stored).unwrap();
    assert!(stored.len() < 20_000, "{}", stored.len());
    let staff = one_chat_each(&[("billing", wrap_up(60, false), &["ana"])]);
    let mut after = Day { now: day.now, ..Day::new(staff) };
    let history: WaitHistory = serde_json::from_str(&stored).unwrap();
    after.floor.router.restore_wait_history(&queue("billing"), history);
    after.act("ana available");
    assert_eq!(after.likely("billing"), 0);
    after.begins("ana", "billing", "");
    between(before - 5..=before + 5, after.likely("billing"));
    // The first form that was stored is still read.
    let old = r#"{"durations":[600,600,600,600,600,600],"patience":{"gave_up":0.0,"waited":12.0}}"#;
    let old: WaitHistory = serde_json::from_str(old).unwrap();
    assert_eq!(old.mean(), Some(TimeDelta::seconds(60)));
}

#[test]
fn rte_12_agents_with_room_for_several_chats_take_them() {
    let mut staff = staff_of(&["ana"]);
    staff.queue(queue("billing"), QueueRules::default(), [agent("ana")]).unwrap();
    let mut day = Day::new(staff);
    day.act("ana available");
    day.works("ana", "billing", 10, 300.0, 0.0);
    day.begins("ana", "billing", "");
    assert_eq!(day.likely("billing"), 0, "ana has room for two");
    day.begins("ana", "billing", "");
    between(250..=310, day.likely("billing"));
}
