//! The router: agents, waiting sessions, and who is asked to take which.

mod agents;
mod benches;
mod changes;
mod configure;
mod desk;
mod input;
mod line;
mod places;
mod pool;
mod pools;
mod queues;
mod ranks;
mod renewal;
mod ringing;
mod roster;
mod scene;
mod seats;
mod sessions;
mod settle;
mod status;
mod table;
mod timers;
mod view;
mod waits;
mod widening;

use std::collections::BTreeSet;

use frontdesk_types::{AgentId, Instant, QueueId, SessionId, SkillId};
use rustc_hash::FxHashMap;

use crate::{Refused, Staff, StaffRules};
use agents::Agent;
pub use input::{Input, Kind, Offer, Place, Position, RouterEvent, SetBy, Step, Wait};
use pool::{Pool, PoolKey};
use queues::Queue;
use renewal::Renewal;
use seats::{Class, Seat, SeatKey};
use sessions::Session;
use settle::Unsettled;
use table::{AgentIx, PoolIx, QueueIx, SeatIx, SkillIx, SkillSetIx, Table};
use timers::Owner;

/// Milliseconds since the Unix epoch: the resolution in which frontdesk keeps time.
type Millis = i64;

/// Brings waiting sessions to agents. A state machine: what it is told and when decides what it answers,
/// and nothing else; timers that are due fire before an input is looked at, so that it does not matter how
/// often it is polled. Time never runs back.
///
/// It is derived data. Tell it where every session stands ([`Input::Place`]), after each step of a session
/// and again for each after a restart.
#[derive(Debug)]
pub struct Router {
    now: Millis,
    /// How far the host's clock is behind `now`: it was set back.
    behind: Millis,
    rules: StaffRules,
    agents: Table<AgentIx, Agent>,
    /// Whether the order of ids is that of indices.
    ranks_as_indices: bool,
    agent_ix: FxHashMap<AgentId, AgentIx>,
    queues: Table<QueueIx, Queue>,
    queue_ix: FxHashMap<QueueId, QueueIx>,
    skills: FxHashMap<SkillId, SkillIx>,
    skill_sets: Table<SkillSetIx, Box<[SkillIx]>>,
    skill_set_ix: FxHashMap<Box<[SkillIx]>, SkillSetIx>,
    no_skills: SkillSetIx,
    sessions: FxHashMap<SessionId, Session>,
    pools: Table<PoolIx, Pool>,
    /// Pools without sessions, to be used again.
    spare_pools: Vec<PoolIx>,
    pool_ix: FxHashMap<PoolKey, PoolIx>,
    classes: Vec<Class>,
    class_ix: FxHashMap<Class, u32>,
    seats: Table<SeatIx, Seat>,
    seat_ix: FxHashMap<SeatKey, SeatIx>,
    timers: BTreeSet<(Millis, Owner)>,
    /// Where a configuration's changes are still to be carried out.
    renewal: Renewal,
    /// Elementary steps so far.
    steps: u64,
    /// What the step under way has still to look at.
    unsettled: Unsettled,
}

impl Router {
    /// A router without sessions, everybody logged out.
    pub fn new(staff: Staff) -> Self {
        let mut skill_sets = Table::default();
        let no_skills = skill_sets.push(Box::default());
        let mut router = Self {
            now: Millis::MIN,
            behind: 0,
            rules: StaffRules::default(),
            agents: Table::default(),
            ranks_as_indices: true,
            agent_ix: FxHashMap::default(),
            queues: Table::default(),
            queue_ix: FxHashMap::default(),
            skills: FxHashMap::default(),
            skill_sets,
            skill_set_ix: FxHashMap::from_iter([(Box::default(), no_skills)]),
            no_skills,
            sessions: FxHashMap::default(),
            pools: Table::default(),
            spare_pools: Vec::new(),
            pool_ix: FxHashMap::default(),
            classes: Vec::new(),
            class_ix: FxHashMap::default(),
            seats: Table::default(),
            seat_ix: FxHashMap::default(),
            timers: BTreeSet::new(),
            renewal: Renewal::default(),
            steps: 0,
            unsettled: Unsettled::default(),
        };
        router.reassign(staff);
        router.settle();
        router
    }

    /// Takes an input at an instant. Timers that are due by then fire first, each at its own instant.
    pub fn handle(&mut self, input: Input, at: Instant) -> Step {
        self.follow_clock(at);
        let refused = self.take(input).err();
        self.step(refused)
    }

    /// The earliest instant at which something happens by itself: [`Input::TimePassed`] is wanted then.
    pub fn next_deadline(&self) -> Option<Instant> {
        if !self.renewal.is_done() {
            return Some(self.shown(self.now));
        }
        self.timers.first().map(|(at, _)| self.shown(*at))
    }

    /// Takes on another staff. Statuses and places stay, and so do the offers that may stay; sessions of
    /// agents who are gone, or who do not serve the queue any more, are to be returned. The staff that it has changes
    /// nothing.
    ///
    /// Rules that move the sessions themselves (head start, groups, skills' time, assignment) take effect for the
    /// first in line at once. Where thousands wait, the others follow with the next inputs, some thousand with each;
    /// until then [`Router::next_deadline`] is now.
    pub fn configure(&mut self, staff: Staff, at: Instant) -> Step {
        self.follow_clock(at);
        if !self.has_staff(&staff) {
            self.reassign(staff);
        }
        self.step(None)
    }

    /// Elementary steps so far: agents, sessions and pools that were looked at, offers made and withdrawn. What
    /// a decision costs, without a clock, for tests and benches.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    fn step(&mut self, refused: Option<Refused>) -> Step {
        self.renew_some();
        self.settle();
        Step { events: std::mem::take(&mut self.unsettled.events), refused }
    }

    fn take(&mut self, input: Input) -> Result<(), Refused> {
        match input {
            Input::Accept { session, agent } => self.accept(session, &agent),
            Input::Acknowledge { session, agent } => self.acknowledge(session, &agent),
            Input::Begin { session, agent, queue } => self.begin(session, &agent, queue),
            Input::Decline { session, agent } => self.decline(session, &agent),
            Input::Place { session, place } => {
                self.place(session, place);
                Ok(())
            }
            Input::Restore { agent, status, wrap_up } => self.restore(&agent, status, wrap_up),
            Input::SetStatus { agent, status, by } => self.set_status(&agent, status, by),
            Input::TimePassed => Ok(()),
        }
    }

    fn known(&self, agent: &AgentId) -> Result<AgentIx, Refused> {
        let known = self.agent_ix.get(agent).copied().filter(|ix| self.agents[*ix].known);
        known.ok_or_else(|| Refused::UnknownAgent { agent: agent.clone() })
    }

    fn queue(&mut self, id: &QueueId) -> QueueIx {
        if let Some(ix) = self.queue_ix.get(id) {
            return *ix;
        }
        let ix = self.queues.push(Queue::new(id.clone()));
        self.queue_ix.insert(id.clone(), ix);
        ix
    }

    fn skill(&mut self, id: &SkillId) -> SkillIx {
        if let Some(ix) = self.skills.get(id) {
            return *ix;
        }
        let ix = SkillIx::numbered(self.skills.len());
        self.skills.insert(id.clone(), ix);
        ix
    }

    fn skill_set(&mut self, skills: &[SkillId]) -> SkillSetIx {
        if skills.is_empty() {
            return self.no_skills;
        }
        let mut set: Vec<SkillIx> = skills.iter().map(|skill| self.skill(skill)).collect();
        set.sort_unstable();
        set.dedup();
        let set = set.into_boxed_slice();
        if let Some(ix) = self.skill_set_ix.get(&set) {
            return *ix;
        }
        let ix = self.skill_sets.push(set.clone());
        self.skill_set_ix.insert(set, ix);
        ix
    }
}
