//! What happens in long random histories.

use std::fmt;

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Member, QueueRules, SetBy, Staff, StaffRules,
    Sticky, WrapUp,
};
use frontdesk_types::{AgentStatus, SkillId};
use proptest::prelude::*;

use crate::floor::{agent, queue};

pub(super) const AGENTS: [&str; 6] = ["ana", "ben", "bot", "cid", "dan", "eve"];
pub(super) const QUEUES: [&str; 4] = ["billing", "direct", "sales", "tech"];
pub(super) const SESSIONS: u64 = 24;

#[derive(Debug, Clone)]
pub(super) enum Act {
    Accept(u64, usize),
    Change(Change),
    Acknowledge(usize),
    Configure(Staff),
    Decline(u64, usize),
    DeclineOwn(usize),
    Dismiss(u64),
    End(u64),
    Queue {
        session: u64,
        queue: usize,
        call: bool,
        priority: u8,
        skills: u8,
        last: usize,
        ago: i64,
    },
    /// The same staff again: other parts of the configuration have changed.
    Reload,
    Return(u64),
    Status(usize, AgentStatus, SetBy),
    TakeOwn(usize),
    Time,
    Transfer(u64, usize, bool),
}

/// One thing of the staff is another, as it mostly is when somebody configures.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Agent(usize, AgentRules),
    Member { queue: usize, agent: usize, serves: Option<(u8, u8)> },
    Rules(usize, QueueRules),
}

impl Change {
    pub(super) fn apply(self, staff: &mut Staff) {
        match self {
            Self::Agent(n, rules) => {
                staff.agent(agent(AGENTS[n]), rules);
            }
            Self::Member { queue: q, agent: n, serves } => {
                let id = queue(QUEUES[q]);
                let mut members = staff.members_of(&id).to_vec();
                members.retain(|member| member.agent != agent(AGENTS[n]));
                let serves = serves.filter(|_| staff.agent_rules(&agent(AGENTS[n])).is_some());
                members.extend(serves.map(|(priority, group)| Member {
                    agent: agent(AGENTS[n]),
                    priority,
                    group,
                }));
                let rules = staff.rules_of(&id).cloned().unwrap_or_default();
                change_queue(staff, q, rules, members);
            }
            Self::Rules(q, rules) => {
                let members = staff.members_of(&queue(QUEUES[q])).to_vec();
                change_queue(staff, q, rules, members);
            }
        }
    }
}

fn change_queue(staff: &mut Staff, q: usize, rules: QueueRules, mut members: Vec<Member>) {
    if rules.groups == Groups::All {
        for member in &mut members {
            member.group = 0;
        }
    }
    staff.queue(queue(QUEUES[q]), rules, members).unwrap();
}

fn change() -> impl Strategy<Value = Change> {
    let member = (0..QUEUES.len(), 0..AGENTS.len(), prop::option::of((1_u8..4, 0_u8..3)));
    prop_oneof![
        (0..AGENTS.len(), agent_rules()).prop_map(|(n, rules)| Change::Agent(n, rules)),
        member.prop_map(|(queue, agent, serves)| Change::Member { queue, agent, serves }),
        (0..QUEUES.len(), rules()).prop_map(|(queue, rules)| Change::Rules(queue, rules)),
    ]
}

fn agent_rules() -> impl Strategy<Value = AgentRules> {
    (0_u32..4, 0_u8..4, prop::bool::weighted(0.1)).prop_map(|(chats, can, auto_answer)| {
        AgentRules { chats, skills: skills(can).into_iter().collect(), auto_answer }
    })
}

fn act() -> impl Strategy<Value = Act> {
    let session = || 0..SESSIONS;
    let who = || 0..AGENTS.len();
    let status = prop_oneof![
        6 => Just(AgentStatus::Available),
        1 => Just(AgentStatus::Break),
        1 => Just(AgentStatus::LoggedOut),
        1 => Just(AgentStatus::SpecialTask),
        1 => Just(AgentStatus::InChat),
    ];
    let by = prop_oneof![4 => Just(SetBy::Agent), 1 => Just(SetBy::Supervisor)];
    let queued = (session(), 0..QUEUES.len(), any::<bool>(), 0_u8..3, 0_u8..4, who(), 0_i64..40);
    prop_oneof![
        10 => queued.prop_map(|(session, queue, call, priority, skills, last, ago)| {
            Act::Queue { session, queue, call: call && priority == 1, priority, skills, last, ago }
        }),
        6 => who().prop_map(Act::TakeOwn),
        3 => who().prop_map(Act::Acknowledge),
        2 => who().prop_map(Act::DeclineOwn),
        2 => (session(), who()).prop_map(|(session, who)| Act::Accept(session, who)),
        1 => (session(), who()).prop_map(|(session, who)| Act::Decline(session, who)),
        6 => session().prop_map(Act::End),
        1 => session().prop_map(Act::Dismiss),
        1 => session().prop_map(Act::Return),
        5 => (who(), status, by).prop_map(|(who, status, by)| Act::Status(who, status, by)),
        6 => Just(Act::Time),
        2 => (session(), 0..QUEUES.len() + AGENTS.len(), any::<bool>())
            .prop_map(|(session, to, queue)| Act::Transfer(session, to, queue)),
        1 => staff().prop_map(Act::Configure),
        4 => change().prop_map(Act::Change),
        1 => Just(Act::Reload),
    ]
}

pub(super) fn skills(bits: u8) -> Vec<SkillId> {
    let all = ["es", "vip"].into_iter().enumerate();
    all.filter(|(i, _)| bits >> i & 1 == 1).map(|(_, skill)| skill.parse().unwrap()).collect()
}

/// Everything in seconds, so that timers meet.
fn rules() -> impl Strategy<Value = QueueRules> {
    let seconds = TimeDelta::seconds;
    let assignment = prop_oneof![
        Just(Assignment::Multicast),
        (3_i64..8, 1_u8..4, any::<bool>()).prop_map(move |(timeout, attempts, then_multicast)| {
            Assignment::Deltacast(Deltacast { timeout: seconds(timeout), attempts, then_multicast })
        }),
    ];
    let groups = prop_oneof![
        2 => Just(Groups::All),
        2 => (8_i64..12, any::<bool>())
            .prop_map(move |(timer, skip_empty)| Groups::Cascade { timer: seconds(timer), skip_empty }),
        1 => prop::option::of(8_i64..20).prop_map(move |timer| {
            Groups::Percent { shares: vec![50, 30, 20], timer: timer.map(seconds) }
        }),
    ];
    let wrap_up = (1_i64..6, any::<bool>())
        .prop_map(move |(time, fixed)| WrapUp { time: seconds(time), fixed });
    let sticky = Sticky { within: seconds(100), timeout: seconds(4) };
    (
        assignment,
        groups,
        prop::bool::weighted(0.15),
        prop::option::of(wrap_up),
        prop::option::of(Just(sticky)),
        prop::option::of(5_i64..20),
    )
        .prop_map(move |(assignment, groups, auto_answer, wrap_up, sticky, skills_for)| {
            QueueRules {
                assignment,
                groups,
                auto_answer,
                wrap_up,
                sticky,
                head_start: seconds(7),
                skills_for: skills_for.map(seconds),
            }
        })
}

fn staff() -> impl Strategy<Value = Staff> {
    let agents = prop::collection::vec(agent_rules(), AGENTS.len());
    // One is new, or leaves, now and then.
    let without = prop::option::weighted(0.3, 0..AGENTS.len());
    let member = (prop::bool::weighted(0.7), 1_u8..4, 0_u8..3);
    let queue_of = (rules(), prop::collection::vec(member, AGENTS.len()));
    let most = prop_oneof![2_u32..6, Just(20)];
    let staff_rules = (1_u32..3, any::<bool>(), any::<bool>(), 0_u32..3, 0_u32..3, most);
    (staff_rules, agents, prop::collection::vec(queue_of, QUEUES.len()), without).prop_map(
        |(rules, agents, queues, without)| {
            let mut staff = Staff::default();
            let (call_weight, calls_while_in_chat, chats_while_in_call, missed, skipped, most) =
                rules;
            staff.rules = StaffRules {
                call_weight,
                calls_while_in_chat,
                chats_while_in_call,
                missed_calls: missed,
                missed_chats: missed,
                skipped,
                offers_at_once: most,
            };
            let there = |name: &str| without.is_none_or(|n| AGENTS[n] != name);
            for (name, rules) in AGENTS.into_iter().zip(agents).filter(|(name, _)| there(name)) {
                staff.agent(agent(name), rules);
            }
            for (name, (rules, members)) in QUEUES.into_iter().zip(queues) {
                let members = AGENTS.into_iter().zip(members);
                let members = members.filter(|(name, (serves, ..))| *serves && there(name));
                let members: Vec<Member> = members
                    .map(|(name, (_, priority, group))| Member {
                        agent: agent(name),
                        priority,
                        group: if rules.groups == Groups::All { 0 } else { group },
                    })
                    .collect();
                staff.queue(queue(name), rules, members).unwrap();
            }
            staff
        },
    )
}

/// A staff, and what happens after how many milliseconds each.
pub(super) struct History(pub(super) Staff, pub(super) Vec<(Act, i64)>);

/// A line for each act, since failing ones are read.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.0)?;
        self.1.iter().try_for_each(|(act, millis)| writeln!(f, "+{millis} {act:?}"))
    }
}

/// Mostly whole seconds, as the timers are.
pub(super) fn history(steps: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = History> {
    let pause = prop_oneof![3 => Just(0_i64), 4 => Just(1000), 1 => 0_i64..9000];
    let acts = prop::collection::vec((act(), pause), steps);
    (staff(), acts).prop_map(|(staff, acts)| History(staff, acts))
}
