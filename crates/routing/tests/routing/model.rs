//! The router as one would write it with all the time in the world: lists, and a walk through all of them
//! for every question. Property tests compare every decision of the real one with it, over long histories.

mod agents;
mod inputs;
mod matching;
mod order;
mod places;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_routing::{
    Assignment, Groups, Input, Kind, Member, Place, QueueRules, RouterEvent, SetBy, Staff, Wait,
};
use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, SessionId, SkillId, TransferTarget};

/// Who sees which session: alone until an instant, or with others.
pub(crate) type Sights = BTreeSet<(AgentId, SessionId, Option<Instant>)>;

#[derive(Debug, Clone)]
struct Agent {
    status: AgentStatus,
    wrap_up: Option<(Instant, bool)>,
    chat_ended: Option<Instant>,
    chat_received: Option<Instant>,
    call_ended: Option<Instant>,
    missed: BTreeMap<Kind, u32>,
    skipped: u32,
}

impl Default for Agent {
    fn default() -> Self {
        Self {
            status: AgentStatus::LoggedOut,
            wrap_up: None,
            chat_ended: None,
            chat_received: None,
            call_ended: None,
            missed: BTreeMap::new(),
            skipped: 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Fresh,
    Open,
    Ringing { agent: AgentId, until: Instant, seen: bool, auto: bool },
}

#[derive(Debug, Clone)]
struct Session {
    wait: Wait,
    holder: Option<AgentId>,
    to: Option<TransferTarget>,
    phase: Phase,
    group: u8,
    everybody: bool,
    widens: Option<Instant>,
    relaxed: bool,
    attempts: u8,
    tried: Vec<AgentId>,
}

impl Session {
    fn waits_in(&self) -> Option<&QueueId> {
        match (&self.holder, &self.to) {
            (None, _) => Some(&self.wait.queue),
            (Some(_), Some(TransferTarget::Queue(queue))) => Some(queue),
            (Some(_), _) => None,
        }
    }
}

pub(crate) struct Model {
    now: Instant,
    staff: Staff,
    agents: BTreeMap<AgentId, Agent>,
    sessions: BTreeMap<SessionId, Session>,
    asked: BTreeSet<(AgentId, SessionId)>,
    /// Sessions that look for an agent at the end of the step.
    looking: BTreeSet<SessionId>,
    /// Which groups the real router chose: that shares are exact is tested elsewhere.
    allocated: BTreeMap<SessionId, u8>,
}

impl Model {
    pub(crate) fn new(staff: Staff) -> Self {
        Self {
            now: Instant::MIN_UTC,
            staff,
            agents: BTreeMap::new(),
            sessions: BTreeMap::new(),
            asked: BTreeSet::new(),
            looking: BTreeSet::new(),
            allocated: BTreeMap::new(),
        }
    }

    /// The same input as the real router had, and what that answered, for the groups of shares. Whether it
    /// is refused.
    pub(crate) fn handle(&mut self, input: Input, at: Instant, events: &[RouterEvent]) -> bool {
        for event in events {
            if let RouterEvent::Allocated { session, group, .. } = event {
                self.allocated.insert(*session, *group);
            }
        }
        self.advance(at);
        let taken = self.take(input);
        self.settle();
        !taken
    }

    pub(crate) fn configure(&mut self, staff: Staff, at: Instant) {
        self.advance(at);
        let gone: Vec<AgentId> =
            self.agents.keys().filter(|id| staff.agent_rules(id).is_none()).cloned().collect();
        for id in &gone {
            self.agents.get_mut(id).unwrap().status = AgentStatus::LoggedOut;
        }
        let before = std::mem::replace(&mut self.staff, staff);
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let Some(queue) = self.sessions[&id].waits_in().cloned() else { continue };
            let rules = |staff: &Staff| staff.rules_of(&queue).cloned().unwrap_or_default().groups;
            let (was, is) = (rules(&before), rules(&self.staff));
            if std::mem::discriminant(&was) != std::mem::discriminant(&is) {
                self.begin(id);
            } else if let Groups::Cascade { .. } = is {
                // Timers that run go on; fewer groups are all asked.
                let (last, now) = (self.last_group(&queue), self.now);
                let session = self.sessions.get_mut(&id).unwrap();
                session.group = session.group.min(last);
                if session.group == last {
                    session.widens = None;
                } else if session.widens.is_none() {
                    self.cascade_from(id, now);
                }
            }
            if self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= self.now) {
                self.sessions.get_mut(&id).unwrap().relaxed = true;
            }
            if let Phase::Ringing { agent, .. } = &self.sessions[&id].phase
                && !self.may_take(agent, id)
            {
                self.sessions.get_mut(&id).unwrap().phase = Phase::Open;
            }
            if !matches!(self.sessions[&id].phase, Phase::Ringing { .. }) {
                self.look(id);
            }
        }
        self.asked.retain(|(agent, _)| !gone.contains(agent));
        self.settle();
    }

    fn rules(&self, queue: &QueueId) -> QueueRules {
        self.staff.rules_of(queue).cloned().unwrap_or_default()
    }

    fn member(&self, agent: &AgentId, queue: &QueueId) -> Option<&Member> {
        self.staff.members_of(queue).iter().find(|member| member.agent == *agent)
    }
}
