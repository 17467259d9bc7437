//! What a decision costs, in steps that the router counts, and not by a clock: RTE-5 and the growth of the router.
//! A step is an agent, a session or a pool that was looked at, or an offer made or withdrawn.

use chrono::TimeDelta;
use frontdesk_routing::{
    AgentRules, Assignment, Deltacast, Groups, Input, Member, Place, QueueRules, Router,
    RouterEvent, SetBy, Staff, Step, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, SessionId, SkillId};

use crate::floor::{agent, at, queue};

/// A step may cost so many besides those for offers made and withdrawn.
const STEPS: u64 = 600;

/// A floor that knows what its steps cost.
struct Costs {
    router: Router,
    now: f64,
    /// The dearest decision: its steps without the offers that it made and withdrew.
    dearest: u64,
}

fn name(n: usize) -> AgentId {
    agent(&format!("a{n:05}"))
}

impl Costs {
    fn new(staff: Staff) -> Self {
        Self { router: Router::new(staff), now: 0.0, dearest: 0 }
    }

    fn input(&mut self, input: Input) -> Step {
        self.now += 0.001;
        let before = self.router.steps();
        let step = self.router.handle(input, at(self.now));
        let told = |event: &RouterEvent| match event {
            RouterEvent::Offered { agents, .. } | RouterEvent::Withdrawn { agents, .. } => {
                agents.len() as u64
            }
            _ => 0,
        };
        let told: u64 = step.events.iter().map(told).sum();
        self.dearest = self.dearest.max((self.router.steps() - before).saturating_sub(told));
        step
    }

    fn available(&mut self, n: usize) -> Step {
        let (status, by) = (AgentStatus::Available, SetBy::Agent);
        self.input(Input::SetStatus { agent: name(n), status, by })
    }

    fn waits(&mut self, id: usize, more: impl FnOnce(Wait) -> Wait) -> Step {
        let place = Place::Waiting(more(Wait::chat(queue("billing"), at(self.now))));
        self.input(Input::Place { session: SessionId(id as u64), place })
    }

    fn takes_first(&mut self, n: usize) {
        let offer = self.router.offers(&name(n)).into_iter().next().unwrap();
        let step = self.input(Input::Accept { session: offer.session, agent: name(n) });
        assert_eq!(step.refused, None);
    }

    fn is_cheap(&self) {
        assert!(self.dearest <= STEPS, "a decision took {} steps", self.dearest);
    }
}

fn staff(agents: usize, rules: QueueRules, with: impl Fn(usize) -> AgentRules) -> Staff {
    let mut staff = Staff::default();
    for n in 0..agents {
        staff.agent(name(n), with(n));
    }
    staff.queue(queue("billing"), rules, (0..agents).map(name)).unwrap();
    staff
}

fn one_chat(_: usize) -> AgentRules {
    AgentRules::with_chats(1)
}

fn deltacast() -> QueueRules {
    QueueRules { assignment: Assignment::Deltacast(Deltacast::default()), ..QueueRules::default() }
}

#[test]
fn rte_5_an_agent_sees_twenty_offers_at_once_and_the_next_when_one_goes() {
    let mut costs = Costs::new(staff(60, QueueRules::default(), one_chat));
    for id in 0..50 {
        let _ = costs.waits(id, |wait| wait);
    }
    for n in 0..60 {
        let _ = costs.available(n);
    }
    let seen = |costs: &Costs, n| {
        let offers = costs.router.offers(&name(n)).into_iter();
        offers.map(|offer| offer.session.0).collect::<Vec<_>>()
    };
    assert_eq!(seen(&costs, 7), (0..20).collect::<Vec<_>>());
    let step = costs.input(Input::Accept { session: SessionId(3), agent: name(0) });
    assert_eq!(step.refused, None);
    let without = (0..21).filter(|id| *id != 3).collect::<Vec<_>>();
    assert_eq!(seen(&costs, 7), without);
    let refused = costs.input(Input::Accept { session: SessionId(30), agent: name(1) }).refused;
    assert!(refused.is_some(), "what an agent does not see cannot be taken");
    // One who has something alone sees one fewer.
    let _ = costs.input(Input::Place {
        session: SessionId(3),
        place: Place::Transferring {
            agent: name(0),
            to: frontdesk_types::TransferTarget::Agent(name(7)),
            wait: Wait::chat(queue("billing"), at(0.0)),
        },
    });
    assert_eq!(costs.router.offers(&name(7)).len(), 20);
    assert_eq!(costs.router.offers(&name(8)).len(), 20);
}

#[test]
fn rte_5_as_many_agents_as_sessions_cost_no_product() {
    let agents = 2000;
    let mut costs = Costs::new(staff(agents, QueueRules::default(), one_chat));
    for id in 0..agents {
        let _ = costs.waits(id, |wait| wait);
    }
    for n in 0..agents {
        let _ = costs.available(n);
    }
    costs.is_cheap();
    for n in 0..50 {
        costs.takes_first(n);
    }
    costs.is_cheap();
}

#[test]
fn rte_5_log_ins_to_a_backlog_are_cheap() {
    let mut costs = Costs::new(staff(500, QueueRules::default(), one_chat));
    for id in 0..20_000 {
        let _ = costs.waits(id, |wait| wait);
    }
    for n in 0..500 {
        let _ = costs.available(n);
    }
    costs.is_cheap();
}

#[test]
fn rte_18_sessions_that_each_ask_for_skills_of_their_own_are_cheap() {
    let skill = |n: usize| -> SkillId { format!("s{n}").parse().unwrap() };
    let all = |_| AgentRules { skills: (0..14).map(skill).collect(), ..AgentRules::with_chats(1) };
    for rules in [QueueRules::default(), deltacast()] {
        let mut costs = Costs::new(staff(30, rules, all));
        for n in 0..30 {
            let _ = costs.available(n);
        }
        for n in 0..30 {
            let _ = costs.waits(100_000 + n, |wait| wait);
            costs.takes_first(n);
        }
        for id in 1..10_000_usize {
            let skills = (0..14).filter(|n| id >> n & 1 == 1).map(skill).collect();
            let _ = costs.waits(id, |wait| Wait { skills, ..wait });
        }
        costs.dearest = 0;
        for n in 0..30 {
            let has = costs.router.sessions_of(&name(n)).pop().unwrap();
            let _ = costs.input(Input::Place { session: has, place: Place::Gone });
            costs.takes_first(n);
        }
        costs.is_cheap();
    }
}

#[test]
fn rte_6_an_agent_who_declines_everything_is_cheap() {
    let mut costs = Costs::new(staff(1, deltacast(), one_chat));
    for id in 0..3000 {
        let _ = costs.waits(id, |wait| wait);
    }
    let _ = costs.available(0);
    for _ in 0..6000 {
        let offer = costs.router.offers(&name(0)).into_iter().next().unwrap();
        let _ = costs.input(Input::Decline { session: offer.session, agent: name(0) });
    }
    costs.is_cheap();
}

#[test]
fn rte_7_skipping_a_group_with_nobody_is_cheap_however_many_wait() {
    let groups = Groups::Cascade { timer: TimeDelta::hours(20), skip_empty: true };
    let rules = QueueRules { groups, ..QueueRules::default() };
    let mut staff = staff(4, QueueRules::default(), one_chat);
    let member = |n| Member { agent: name(n), priority: 1, group: u8::from(n > 1) };
    staff.queue(queue("billing"), rules, (0..4).map(member)).unwrap();
    let mut costs = Costs::new(staff);
    for n in 0..4 {
        let _ = costs.available(n);
    }
    for id in 0..2 {
        let _ = costs.waits(id, |wait| wait);
        costs.takes_first(id);
    }
    for n in 2..4 {
        let _ = costs.waits(n, |wait| wait);
        costs.takes_first(n);
    }
    // The first agent comes back to group 1 and goes again, with thousands in line.
    let _ = costs.input(Input::Place { session: SessionId(0), place: Place::Gone });
    for id in 10..10_000 {
        let _ = costs.waits(id, |wait| wait);
    }
    costs.dearest = 0;
    let (status, by) = (AgentStatus::Break, SetBy::Agent);
    let step = costs.input(Input::SetStatus { agent: name(0), status, by });
    let skipped = |event: &RouterEvent| matches!(event, RouterEvent::Cascaded { .. });
    let skipped = step.events.iter().filter(|event| skipped(event)).count();
    assert!((1..=20).contains(&skipped), "{skipped} were passed on");
    costs.is_cheap();
    // An agent of the second group gets what is first, one after the other, without waiting for the timer.
    let _ = costs.input(Input::Place { session: SessionId(2), place: Place::Gone });
    for first in 10..60 {
        let offer = costs.router.offers(&name(2)).into_iter().next().unwrap();
        assert_eq!(offer.session, SessionId(first));
        costs.takes_first(2);
        let _ = costs.input(Input::Place { session: SessionId(first), place: Place::Gone });
    }
    costs.is_cheap();
}
