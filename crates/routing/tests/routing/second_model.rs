//! A second model, of multicast alone (RTE-5), with more agents than see everything: lists, and a walk through all
//! of them for every question.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_routing::{
    AgentRules, Input, Member, Place, QueueRules, Router, RouterEvent, SetBy, Staff, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, SessionId, SkillId};
use proptest::prelude::*;

use crate::floor::{agent, at, queue};

const AGENTS: usize = 30;
const MOST: usize = 20;
const QUEUES: [&str; 3] = ["one", "two", "three"];

#[derive(Debug, Clone)]
enum Act {
    Comes { queue: usize, skilled: bool, ago: u32 },
    Leaves(usize),
    Takes { agent: usize, offer: usize },
    Ends(usize),
    Status(usize, bool),
}

/// Which queues an agent serves with which priorities, whether the agent has the skill, and for how many chats.
type Who = ([Option<u8>; 3], bool, u32);

struct Session {
    queue: usize,
    skilled: bool,
    since: f64,
    holder: Option<usize>,
}

struct Naive {
    agents: Vec<Who>,
    there: BTreeSet<usize>,
    sessions: BTreeMap<u64, Session>,
}

impl Naive {
    fn may_take(&self, agent: usize, session: &Session) -> bool {
        let (queues, skilled, chats) = self.agents[agent];
        let has = self.sessions.values().filter(|other| other.holder == Some(agent)).count();
        session.holder.is_none()
            && self.there.contains(&agent)
            && queues[session.queue].is_some()
            && (skilled || !session.skilled)
            && u32::try_from(has).unwrap() < chats
    }

    /// What an agent sees: of the sessions of a queue that ask for the same as many as there are agents who may
    /// take them, the first in line; of all those the first twenty.
    fn sees(&self, agent: usize) -> Vec<u64> {
        let mut seen = Vec::new();
        for (id, session) in &self.sessions {
            if !self.may_take(agent, session) {
                continue;
            }
            let before = |(other, with): &(&u64, &Session)| {
                with.holder.is_none()
                    && (with.queue, with.skilled) == (session.queue, session.skilled)
                    && (with.since, **other) < (session.since, *id)
            };
            let before = self.sessions.iter().filter(before).count();
            let able = (0..AGENTS).filter(|other| self.may_take(*other, session)).count();
            if before < able {
                let priority = self.agents[agent].0[session.queue].unwrap();
                seen.push((priority, session.since, *id));
            }
        }
        seen.sort_by(|a, b| a.partial_cmp(b).unwrap());
        seen.into_iter().take(MOST).map(|(.., id)| id).collect()
    }
}

fn name(n: usize) -> AgentId {
    agent(&format!("a{n:02}"))
}

fn skill() -> SkillId {
    "es".parse().unwrap()
}

fn staff(agents: &[Who]) -> Staff {
    let mut staff = Staff::default();
    for (n, (_, skilled, chats)) in agents.iter().enumerate() {
        let skills = skilled.then(skill).into_iter().collect();
        staff.agent(name(n), AgentRules { skills, ..AgentRules::with_chats(*chats) });
    }
    for (q, id) in QUEUES.iter().enumerate() {
        let member = |(n, (queues, ..)): (usize, &Who)| {
            Some(Member { agent: name(n), priority: queues[q]?, group: 0 })
        };
        let members = agents.iter().enumerate().filter_map(member);
        staff.queue(queue(id), QueueRules::default(), members).unwrap();
    }
    staff
}

struct Both {
    router: Router,
    naive: Naive,
    told: BTreeSet<(AgentId, SessionId)>,
    now: f64,
}

impl Both {
    fn input(&mut self, input: Input) {
        let step = self.router.handle(input, at(self.now));
        assert_eq!(step.refused, None);
        for event in step.events {
            match event {
                RouterEvent::Offered { session, agents, .. } => {
                    for agent in agents {
                        assert!(self.told.insert((agent, session)), "offered twice");
                    }
                }
                RouterEvent::Withdrawn { session, agents } => {
                    for agent in agents {
                        assert!(self.told.remove(&(agent, session)), "withdrawn unseen");
                    }
                }
                _ => {}
            }
        }
        let mut all = BTreeSet::new();
        for n in 0..AGENTS {
            let sees = self.naive.sees(n);
            let offers = self.router.offers(&name(n)).into_iter();
            assert_eq!(offers.map(|offer| offer.session.0).collect::<Vec<_>>(), sees, "agent {n}");
            all.extend(sees.into_iter().map(|id| (name(n), SessionId(id))));
        }
        assert_eq!(self.told, all, "who has heard every event knows who sees what");
    }

    fn act(&mut self, act: &Act, number: u64) {
        self.now += 1.0;
        match *act {
            Act::Comes { queue: q, skilled, ago } => {
                let since = self.now - f64::from(ago);
                let skills = skilled.then(skill).into_iter().collect();
                let wait = Wait { skills, ..Wait::chat(queue(QUEUES[q]), at(since)) };
                let session = Session { queue: q, skilled, since, holder: None };
                self.naive.sessions.insert(number, session);
                self.input(Input::Place {
                    session: SessionId(number),
                    place: Place::Waiting(wait),
                });
            }
            Act::Leaves(which) | Act::Ends(which) => {
                let held = matches!(act, Act::Ends(_));
                let all = self.naive.sessions.iter();
                let some: Vec<u64> = all
                    .filter(|(_, session)| session.holder.is_some() == held)
                    .map(|(id, _)| *id)
                    .collect();
                if let Some(id) = some.get(which % some.len().max(1)).copied() {
                    self.naive.sessions.remove(&id);
                    self.input(Input::Place { session: SessionId(id), place: Place::Gone });
                }
            }
            Act::Takes { agent, offer } => {
                let sees = self.naive.sees(agent);
                if let Some(id) = sees.get(offer % sees.len().max(1)).copied() {
                    self.naive.sessions.get_mut(&id).unwrap().holder = Some(agent);
                    self.input(Input::Accept { session: SessionId(id), agent: name(agent) });
                }
            }
            Act::Status(n, there) => {
                let status = if there { AgentStatus::Available } else { AgentStatus::Break };
                if there {
                    self.naive.there.insert(n);
                } else {
                    self.naive.there.remove(&n);
                }
                let (agent, by) = (name(n), SetBy::Supervisor);
                self.input(Input::SetStatus { agent, status, by });
            }
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..QUEUES.len(), prop::bool::weighted(0.3), 0_u32..50)
            .prop_map(|(queue, skilled, ago)| Act::Comes { queue, skilled, ago }),
        1 => any::<usize>().prop_map(Act::Leaves),
        3 => (0..AGENTS, any::<usize>()).prop_map(|(agent, offer)| Act::Takes { agent, offer }),
        2 => any::<usize>().prop_map(Act::Ends),
        6 => (0..AGENTS, prop::bool::weighted(0.8)).prop_map(|(n, there)| Act::Status(n, there)),
    ]
}

fn agents() -> impl Strategy<Value = Vec<Who>> {
    let queues = prop::array::uniform3(prop::option::weighted(0.8, 1_u8..3));
    prop::collection::vec((queues, any::<bool>(), 1_u32..3), AGENTS)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 500, ..ProptestConfig::default() })]
    #[test]
    fn rte_5_who_sees_what_is_what_the_second_model_says(
        agents in agents(),
        acts in prop::collection::vec(act(), 1..160),
    ) {
        let router = Router::new(staff(&agents));
        let naive = Naive { agents, there: BTreeSet::new(), sessions: BTreeMap::new() };
        let mut both = Both { router, naive, told: BTreeSet::new(), now: 100.0 };
        for (number, act) in acts.iter().enumerate() {
            both.act(act, number as u64);
        }
    }
}
