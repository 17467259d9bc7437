use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, ReturnReason, SessionId};
use rustc_hash::FxHashMap;

use crate::{AcceptError, Staff, UnknownAgent};

/// Where a session stands, as the router must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: choosing, or over.
    Gone,
    /// It waits.
    Waiting {
        /// In which queue.
        queue: QueueId,
        /// Since its original arrival (RTE-16).
        since: Instant,
    },
    /// An agent has it.
    With {
        /// Who.
        agent: AgentId,
        /// From which queue.
        queue: QueueId,
        /// Its original arrival in the queue.
        since: Instant,
    },
}

/// What the router decides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouterEvent {
    /// The agents see the session as theirs to take.
    Offered {
        /// The session.
        session: SessionId,
        /// Its queue.
        queue: QueueId,
        /// Who sees it from now on.
        agents: Vec<AgentId>,
    },
    /// The session's agent cannot keep it: it must go back to its queue (RTE-16).
    Return {
        /// The session.
        session: SessionId,
        /// Who has it.
        agent: AgentId,
        /// Why.
        reason: ReturnReason,
    },
    /// The agents do not see the session any more.
    Withdrawn {
        /// The session.
        session: SessionId,
        /// Who sees it no longer.
        agents: Vec<AgentId>,
    },
}

/// A session that an agent may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The session.
    pub session: SessionId,
    /// Its queue.
    pub queue: QueueId,
    /// Its arrival.
    pub since: Instant,
}

/// A session's place in its queue (RTE-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1 is first. As many are first as there are active agents, since each of them may be next.
    pub place: usize,
    /// How many wait, this session included.
    pub waiting: usize,
}

#[derive(Debug, Default)]
struct Agent {
    limit: u32,
    status: AgentStatus,
    queues: Vec<QueueId>,
    sessions: BTreeSet<SessionId>,
}

#[derive(Debug, Default)]
struct Queue {
    agents: Vec<AgentId>,
    waiting: BTreeSet<(Instant, SessionId)>,
    /// Who sees what now: every one of these agents each of these sessions.
    offered: BTreeSet<SessionId>,
    offered_to: Vec<AgentId>,
}

/// Offers every waiting session to every eligible agent of its queue (multicast, RTE-5), as many sessions
/// at a time as there are eligible agents, oldest first; gives a session to the first who accepts.
#[derive(Debug, Default)]
pub struct Router {
    agents: BTreeMap<AgentId, Agent>,
    queues: BTreeMap<QueueId, Queue>,
    places: FxHashMap<SessionId, Place>,
}

impl Router {
    /// A router without sessions, everybody logged out.
    pub fn new(staff: Staff) -> Self {
        let mut router = Self::default();
        router.assign_staff(staff);
        router
    }

    /// Takes on another staff. Statuses and places stay; sessions of agents who are gone, or who do not
    /// serve the queue any more, are to be returned.
    #[must_use]
    pub fn configure(&mut self, staff: Staff) -> Vec<RouterEvent> {
        self.assign_staff(staff);
        let mut events = Vec::new();
        for id in self.queues.keys().cloned().collect::<Vec<_>>() {
            self.refresh(&id, &mut events);
        }
        let mut lost: Vec<_> =
            self.places.iter().filter_map(|(id, place)| self.lost(*id, place)).collect();
        lost.sort_by_key(|event| match event {
            RouterEvent::Return { session, .. } => *session,
            RouterEvent::Offered { session, .. } | RouterEvent::Withdrawn { session, .. } => {
                *session
            }
        });
        events.extend(lost);
        events
    }

    fn assign_staff(&mut self, staff: Staff) {
        for agent in self.agents.values_mut() {
            agent.queues.clear();
        }
        self.agents.retain(|id, agent| staff.limits.contains_key(id) || !agent.sessions.is_empty());
        for (id, agent) in &mut self.agents {
            if !staff.limits.contains_key(id) {
                agent.status = AgentStatus::LoggedOut;
            }
        }
        for (id, limit) in staff.limits {
            self.agents.entry(id).or_default().limit = limit;
        }
        for queue in self.queues.values_mut() {
            queue.agents.clear();
        }
        for (id, agents) in staff.queues {
            for agent in &agents {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.queues.push(id.clone());
                }
            }
            self.queues.entry(id).or_default().agents = agents;
        }
    }

    /// The agent's status now.
    pub fn status(&self, agent: &AgentId) -> Result<AgentStatus, UnknownAgent> {
        let known = self.agents.get(agent).map(|agent| agent.status);
        known.ok_or_else(|| UnknownAgent { agent: agent.clone() })
    }

    /// Sets an agent's status. Logging out returns every session of the agent (RTE-16).
    #[must_use = "the events must be acted upon"]
    pub fn set_status(
        &mut self,
        agent: &AgentId,
        status: AgentStatus,
    ) -> Result<Vec<RouterEvent>, UnknownAgent> {
        let unknown = || UnknownAgent { agent: agent.clone() };
        let state = self.agents.get_mut(agent).ok_or_else(unknown)?;
        state.status = status;
        let mut events = Vec::new();
        if !status.keeps_sessions() {
            let reason = ReturnReason::LoggedOut;
            let lost =
                |id: &SessionId| RouterEvent::Return { session: *id, agent: agent.clone(), reason };
            events.extend(state.sessions.iter().map(lost));
        }
        self.refresh_queues_of(agent, &mut events);
        Ok(events)
    }

    /// Tells where a session stands now, whatever the router believed: after every step of a session, and
    /// for each stored session after a restart.
    #[must_use = "the events must be acted upon"]
    pub fn place(&mut self, session: SessionId, place: Place) -> Vec<RouterEvent> {
        let mut events = Vec::new();
        let before = if place == Place::Gone {
            self.places.remove(&session)
        } else {
            self.places.insert(session, place.clone())
        };
        if before.as_ref() == Some(&place) {
            // Told again, a session whose agent is gone is still to be returned.
            return self.lost(session, &place).into_iter().collect();
        }
        if let Some(before) = before {
            self.leave(session, &before, &mut events);
        }
        match &place {
            Place::Gone => {}
            Place::Waiting { queue, since } => {
                self.queues.entry(queue.clone()).or_default().waiting.insert((*since, session));
                self.refresh(queue, &mut events);
            }
            Place::With { agent, .. } => {
                self.agents.entry(agent.clone()).or_default().sessions.insert(session);
                self.refresh_queues_of(agent, &mut events);
                events.extend(self.lost(session, &place));
            }
        }
        events
    }

    fn leave(&mut self, session: SessionId, place: &Place, events: &mut Vec<RouterEvent>) {
        match place {
            Place::Gone => {}
            Place::Waiting { queue, since } => {
                if let Some(state) = self.queues.get_mut(queue) {
                    state.waiting.remove(&(*since, session));
                }
                self.refresh(queue, events);
            }
            Place::With { agent, .. } => {
                if let Some(state) = self.agents.get_mut(agent) {
                    state.sessions.remove(&session);
                }
                self.refresh_queues_of(agent, events);
            }
        }
    }

    /// An agent takes a session: the first who may and does, gets it, and nobody after (RTE-5). The
    /// caller stores that, or tells with [`Router::place`] where the session really stands.
    #[must_use = "the events must be acted upon"]
    pub fn accept(
        &mut self,
        session: SessionId,
        agent: &AgentId,
    ) -> Result<Vec<RouterEvent>, AcceptError> {
        let unknown = || UnknownAgent { agent: agent.clone() };
        let state = self.agents.get(agent).ok_or_else(unknown)?;
        let (queue, since) = match self.places.get(&session) {
            Some(Place::Waiting { queue, since }) => (queue.clone(), *since),
            Some(Place::With { agent: by, .. }) => {
                return Err(AcceptError::AlreadyTaken { session, by: by.clone() });
            }
            Some(Place::Gone) | None => return Err(AcceptError::NotWaiting { session }),
        };
        if !state.status.takes_sessions() {
            return Err(AcceptError::NotAvailable { agent: agent.clone(), status: state.status });
        }
        if !state.has_room() {
            return Err(AcceptError::AtLimit { agent: agent.clone(), limit: state.limit });
        }
        let offered = self.queues.get(&queue);
        if !offered.is_some_and(|q| q.offered.contains(&session) && q.offered_to.contains(agent)) {
            return Err(AcceptError::NotOffered { session, agent: agent.clone() });
        }
        Ok(self.place(session, Place::With { agent: agent.clone(), queue, since }))
    }

    /// What the agent may take now, oldest first.
    pub fn offers(&self, agent: &AgentId) -> Vec<Offer> {
        let queues = self.agents.get(agent).map_or(&[][..], |agent| &agent.queues);
        let mut offers: Vec<Offer> = queues
            .iter()
            .filter_map(|id| Some((id, self.queues.get(id)?)))
            .filter(|(_, queue)| queue.offered_to.contains(agent))
            .flat_map(|(id, queue)| {
                let offered =
                    queue.waiting.iter().filter(|(_, session)| queue.offered.contains(session));
                offered.map(|(since, session)| Offer {
                    session: *session,
                    queue: id.clone(),
                    since: *since,
                })
            })
            .collect();
        offers.sort_by_key(|offer| (offer.since, offer.session));
        offers
    }

    /// The sessions that an agent has.
    pub fn sessions_of(&self, agent: &AgentId) -> Vec<SessionId> {
        self.agents
            .get(agent)
            .map(|agent| agent.sessions.iter().copied().collect())
            .unwrap_or_default()
    }

    /// How many wait in a queue.
    pub fn waiting(&self, queue: &QueueId) -> usize {
        self.queues.get(queue).map_or(0, |queue| queue.waiting.len())
    }

    /// A waiting session's place in its queue (RTE-15). Walks the queue.
    pub fn position(&self, session: SessionId) -> Option<Position> {
        let Place::Waiting { queue, since } = self.places.get(&session)? else { return None };
        let state = self.queues.get(queue)?;
        let before = state.waiting.range(..(*since, session)).count();
        let active = state.agents.iter().filter_map(|id| self.agents.get(id));
        let active = active.filter(|agent| agent.status.takes_sessions()).count().max(1);
        Some(Position {
            place: (before + 2).saturating_sub(active).max(1),
            waiting: state.waiting.len(),
        })
    }

    /// A session whose agent may not keep it.
    fn lost(&self, session: SessionId, place: &Place) -> Option<RouterEvent> {
        let Place::With { agent, queue, .. } = place else { return None };
        let state = self.agents.get(agent)?;
        let reason = if !state.status.keeps_sessions() {
            ReturnReason::LoggedOut
        } else if !state.queues.contains(queue) {
            ReturnReason::Removed
        } else {
            return None;
        };
        Some(RouterEvent::Return { session, agent: agent.clone(), reason })
    }

    fn refresh_queues_of(&mut self, agent: &AgentId, events: &mut Vec<RouterEvent>) {
        let queues = self.agents.get(agent).map(|agent| agent.queues.clone()).unwrap_or_default();
        for queue in queues {
            self.refresh(&queue, events);
        }
    }

    /// Computes who sees what in a queue, and emits the difference.
    fn refresh(&mut self, id: &QueueId, events: &mut Vec<RouterEvent>) {
        let Some(queue) = self.queues.get_mut(id) else { return };
        let eligible: Vec<AgentId> = queue
            .agents
            .iter()
            .filter(|id| self.agents.get(*id).is_some_and(Agent::is_eligible))
            .cloned()
            .collect();
        let window: BTreeSet<SessionId> =
            queue.waiting.iter().take(eligible.len()).map(|(_, session)| *session).collect();
        if window == queue.offered && eligible == queue.offered_to {
            return;
        }
        let offered = std::mem::replace(&mut queue.offered, window);
        let offered_to = std::mem::replace(&mut queue.offered_to, eligible);
        let without = |all: &[AgentId], those: &[AgentId]| -> Vec<AgentId> {
            all.iter().filter(|agent| !those.contains(agent)).cloned().collect()
        };
        for session in &offered {
            let agents = if queue.offered.contains(session) {
                without(&offered_to, &queue.offered_to)
            } else {
                offered_to.clone()
            };
            if !agents.is_empty() {
                events.push(RouterEvent::Withdrawn { session: *session, agents });
            }
        }
        for (_, session) in queue.waiting.iter().take(queue.offered.len()) {
            let agents = if offered.contains(session) {
                without(&queue.offered_to, &offered_to)
            } else {
                queue.offered_to.clone()
            };
            if !agents.is_empty() {
                events.push(RouterEvent::Offered { session: *session, queue: id.clone(), agents });
            }
        }
    }
}

impl Agent {
    fn has_room(&self) -> bool {
        self.sessions.len() < usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    fn is_eligible(&self) -> bool {
        self.status.takes_sessions() && self.has_room()
    }
}

#[cfg(test)]
mod tests;
