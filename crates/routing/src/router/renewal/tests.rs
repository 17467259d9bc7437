//! Configurations that are taken on one session a step, with everything else that happens in between.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, SessionId, SkillId, from_millis};
use proptest::prelude::*;

use super::{super::*, PIECE};
use crate::{
    AgentRules, Assignment, Deltacast, Groups, Member, QueueRules, Staff, router::sessions::NEVER,
};

const AGENTS: usize = 7;
const QUEUES: usize = 2;
const SESSIONS: u64 = 30;

#[derive(Debug, Clone)]
enum Act {
    Accepts(usize),
    Comes { session: u64, queue: usize, priority: u8, skilled: bool, ago: i64 },
    Configure(Staff),
    Declines(usize),
    Leaves(u64),
    Passes(i64),
    Status(usize, AgentStatus),
}

fn agent(n: usize) -> AgentId {
    // The later ones come between the others.
    format!("a{}", n * 5 % AGENTS).parse().unwrap()
}

fn queue(n: usize) -> QueueId {
    format!("q{n}").parse().unwrap()
}

fn skill() -> SkillId {
    "es".parse().unwrap()
}

/// A router, what its events have said of who sees what, and the instant.
struct Floor {
    router: Router,
    told: BTreeSet<(AgentId, SessionId)>,
    now: Instant,
}

impl Floor {
    fn new(staff: &Staff, piece: u32) -> Self {
        let mut router = Router::new(staff.clone());
        router.renewal.piece = piece;
        Self { router, told: BTreeSet::new(), now: from_millis(100_000) }
    }

    fn hear(&mut self, step: Step) {
        let mut connects = Vec::new();
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
                RouterEvent::Connect { session, agent, .. } => connects.push((session, agent)),
                _ => {}
            }
        }
        for (session, agent) in connects {
            let step = self.router.handle(Input::Accept { session, agent }, self.now);
            self.hear(step);
        }
    }

    fn input(&mut self, input: Input) {
        let step = self.router.handle(input, self.now);
        self.hear(step);
    }

    fn first_offer(&self, n: usize) -> Option<SessionId> {
        self.router.offers(&agent(n)).first().map(|offer| offer.session)
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Accepts(n) => {
                if let Some(session) = self.first_offer(*n) {
                    self.input(Input::Accept { session, agent: agent(*n) });
                }
            }
            Act::Declines(n) => {
                if let Some(session) = self.first_offer(*n) {
                    self.input(Input::Decline { session, agent: agent(*n) });
                }
            }
            Act::Comes { session, queue: to, priority, skilled, ago } => {
                let skills = skilled.then(skill).into_iter().collect();
                let since = self.now - TimeDelta::milliseconds(*ago);
                let wait = Wait { priority: *priority, skills, ..Wait::chat(queue(*to), since) };
                let session = SessionId(*session);
                self.input(Input::Place { session, place: Place::Waiting(wait) });
            }
            Act::Configure(staff) => {
                let step = self.router.configure(staff.clone(), self.now);
                self.hear(step);
            }
            Act::Leaves(session) => {
                self.input(Input::Place { session: SessionId(*session), place: Place::Gone });
            }
            Act::Passes(millis) => {
                self.now += TimeDelta::milliseconds(*millis);
                self.input(Input::TimePassed);
            }
            Act::Status(n, status) => {
                let (agent, status, by) = (agent(*n), status.clone(), SetBy::Supervisor);
                self.input(Input::SetStatus { agent, status, by });
            }
        }
    }

    /// Wakes the router as often as it wants to be.
    fn finish(&mut self) {
        for _ in 0..10_000 {
            if self.router.next_deadline().is_none_or(|at| at > self.now) {
                return;
            }
            self.input(Input::TimePassed);
        }
        panic!("it never comes to an end");
    }

    /// A listener who has heard every event knows which agent sees which session.
    fn events_are_true(&self) {
        let mut shown = BTreeSet::new();
        for n in 0..AGENTS {
            let offers = self.router.offers(&agent(n)).into_iter();
            let offers = offers.filter(|offer| !offer.auto_answer);
            shown.extend(offers.map(|offer| (agent(n), offer.session)));
        }
        assert_eq!(self.told, shown);
    }

    /// Every session is where the rules want it, and nobody idles for whom there is one.
    fn is_in_place(&self) {
        let router = &self.router;
        assert!(router.renewal.is_done());
        for (id, session) in &router.sessions {
            let Some(ix) = session.waits_in() else { continue };
            let queue = &router.queues[ix];
            assert_eq!(session.rules, queue.version);
            assert_eq!(session.turn, session.since - queue.head_start(session.priority));
            let key = session.pool_key(ix, &queue.rules.groups, router.no_skills);
            let pool = &router.pools[session.pool.unwrap()];
            assert_eq!(pool.key, key);
            assert!(pool.orders().any(|order| *order == session.order(*id)));
            assert!(session.rings() || session.phase == session.looks_as(queue));
            let (widens, skills) = (session.widens, session.relaxes(queue, router.no_skills));
            let timer = session.deadline == NEVER
                || router.timers.contains(&(session.deadline, Owner::Session(*id)));
            assert!(timer && session.deadline <= widens.min(skills));
            for (agent_ix, agent) in router.agents.iter() {
                let admits =
                    |member| key.admits(agent_ix, agent, member, &router.skill_sets[key.skills]);
                let able = agent.is_eligible(session.kind, &router.rules)
                    && agent.ringing.is_none()
                    && agent.membership(ix).is_some_and(admits);
                let alone = session.phase == sessions::Phase::Fresh && queue.asks_one();
                assert!(!(able && alone), "{} idles, {id} waits", agent.id);
            }
        }
        for (ix, queue) in router.queues.iter() {
            let of =
                |(agent, _): &&(AgentIx, _)| router.agents[*agent].chosen == AgentStatus::Available;
            assert_eq!(queue.active, queue.members.iter().filter(of).count());
            let waits = router.sessions.values().filter(|session| session.waits_in() == Some(ix));
            assert_eq!(queue.line.len(), waits.count());
        }
    }

    fn view(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let router = &self.router;
        let agents: Vec<_> = (0..AGENTS).map(|n| router.offers(&agent(n))).collect();
        let places: Vec<_> = (0..SESSIONS)
            .map(SessionId)
            .map(|id| (router.position(id), router.groups_asked(id)))
            .collect();
        (agents, places, router.next_deadline())
    }
}

fn rules(plain: bool) -> impl Strategy<Value = QueueRules> {
    let seconds = TimeDelta::seconds;
    let assignment = (1_u8..4, any::<bool>(), any::<bool>()).prop_map(
        move |(attempts, then_multicast, multicast)| {
            if plain || multicast {
                return Assignment::Multicast;
            }
            Assignment::Deltacast(Deltacast { timeout: seconds(5), attempts, then_multicast })
        },
    );
    let groups = (0..3, 8_i64..12, any::<bool>()).prop_map(move |(which, timer, skip_empty)| {
        let (timer, skip_empty) = (seconds(timer), skip_empty && !plain);
        match which {
            0 => Groups::All,
            1 if !plain => Groups::Percent { shares: vec![50, 30, 20], timer: Some(timer) },
            _ => Groups::Cascade { timer, skip_empty },
        }
    });
    let more = (prop::bool::weighted(0.15), 5_i64..9, prop::option::of(5_i64..20));
    (assignment, groups, more).prop_map(
        move |(assignment, groups, (auto, head_start, skills_for))| QueueRules {
            assignment,
            groups,
            auto_answer: auto && !plain,
            head_start: seconds(head_start),
            skills_for: skills_for.map(seconds),
            ..QueueRules::default()
        },
    )
}

/// Where it is plain, what comes of it does not depend on the order in which sessions are placed anew: everybody is
/// asked, and every group up to the last has somebody.
fn staff(plain: bool) -> impl Strategy<Value = Staff> {
    let who = (1_u32..4, any::<bool>(), prop::bool::weighted(0.1));
    let agents = (prop::collection::vec(who, AGENTS), 4..=AGENTS);
    let member = (prop::bool::weighted(0.7), 1_u8..3, 0_u8..3);
    let queue_of = (rules(plain), prop::collection::vec(member, AGENTS), 1_u8..4);
    (agents, prop::collection::vec(queue_of, QUEUES)).prop_map(move |((agents, there), queues)| {
        let mut staff = Staff::default();
        for (n, (chats, skilled, auto)) in agents.into_iter().enumerate().take(there) {
            let skills = skilled.then(skill).into_iter().collect();
            staff.agent(agent(n), AgentRules { chats, skills, auto_answer: auto && !plain });
        }
        for (q, (rules, members, groups)) in queues.into_iter().enumerate() {
            let of = |(n, (serves, priority, group)): (usize, (bool, u8, u8))| {
                // The first three make sure that no group is empty.
                let group = u8::try_from(n).ok().filter(|n| *n < 3).unwrap_or(group) % groups;
                let group = if rules.groups == Groups::All { 0 } else { group };
                let member = Member { agent: agent(n), priority, group };
                (serves || (plain && n < 3)).then_some(member)
            };
            let members = members.into_iter().enumerate().take(there).filter_map(of);
            let members: Vec<Member> = members.collect();
            staff.queue(queue(q), rules, members).unwrap();
        }
        staff
    })
}

fn act(plain: bool) -> impl Strategy<Value = Act> {
    let status = prop_oneof![
        4 => Just(AgentStatus::Available),
        2 => Just(AgentStatus::Break),
    ];
    let comes = (0..SESSIONS, 0..QUEUES, 0_u8..3, any::<bool>(), 0_i64..15_000);
    prop_oneof![
        8 => comes.prop_map(|(session, queue, priority, skilled, ago)| {
            Act::Comes { session, queue, priority, skilled, ago }
        }),
        2 => (0..AGENTS).prop_map(Act::Accepts),
        1 => (0..AGENTS).prop_map(Act::Declines),
        2 => (0..SESSIONS).prop_map(Act::Leaves),
        2 => (0_i64..4000).prop_map(Act::Passes),
        3 => (0..AGENTS, status).prop_map(|(n, status)| Act::Status(n, status)),
        2 => staff(plain).prop_map(Act::Configure),
    ]
}

fn acts(plain: bool) -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(plain), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 5000, ..ProptestConfig::default() })]

    #[test]
    fn one_session_a_step_ends_where_all_at_once_do(first in staff(true), acts in acts(true)) {
        let [mut whole, mut pieces] = [PIECE, 1].map(|piece| Floor::new(&first, piece));
        for act in &acts {
            // A group that joins does so a timer's time after its session was placed anew.
            if !matches!(act, Act::Comes { .. } | Act::Leaves(_) | Act::Status(..)) {
                pieces.finish();
                assert_eq!(whole.view(), pieces.view());
            }
            whole.act(act);
            pieces.act(act);
            pieces.events_are_true();
        }
        pieces.finish();
        assert_eq!(whole.view(), pieces.view());
        pieces.is_in_place();
    }

    #[test]
    fn whatever_happens_in_between_everything_comes_to_its_place(
        first in staff(false),
        acts in acts(false),
    ) {
        for piece in [1, 30, PIECE] {
            let mut floor = Floor::new(&first, piece);
            for act in &acts {
                floor.act(act);
                floor.events_are_true();
            }
            floor.finish();
            floor.is_in_place();
        }
    }
}
