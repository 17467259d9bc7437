mod place;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, ReturnReason, SessionId};
use rustc_hash::FxHashMap;

use crate::{AcceptError, Staff, UnknownAgent};

pub use place::{Offer, Place, Position, RouterEvent};

#[derive(Debug, Default)]
struct Agent {
    limit: u32,
    status: AgentStatus,
    queues: Vec<QueueId>,
    sessions: BTreeSet<SessionId>,
    /// Sessions that others want to give to this agent, with their queues.
    asked: BTreeMap<(Instant, SessionId), QueueId>,
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
        let before: BTreeMap<AgentId, Vec<QueueId>> =
            self.agents.iter().map(|(id, agent)| (id.clone(), agent.queues.clone())).collect();
        self.assign_staff(staff);
        let mut events = Vec::new();
        for id in self.queues.keys().cloned().collect::<Vec<_>>() {
            self.refresh(&id, &mut events);
        }
        // Who served a queue and does so no longer may not keep its sessions. Others have sessions of
        // queues that they never served: somebody gave them to them.
        let removed = |place: &Place| match place {
            Place::With { agent, queue, .. } | Place::Transferring { agent, queue, .. } => {
                let before = before.get(agent).is_some_and(|queues| queues.contains(queue));
                let now = self.agents.get(agent).is_some_and(|a| a.queues.contains(queue));
                before && !now
            }
            Place::Gone | Place::Waiting { .. } => false,
        };
        let mut lost: Vec<(SessionId, AgentId, ReturnReason)> = self
            .places
            .iter()
            .filter_map(|(id, place)| {
                let agent = place.agent()?.clone();
                let gone = self.lost(place).or(removed(place).then_some(ReturnReason::Removed))?;
                Some((*id, agent, gone))
            })
            .collect();
        lost.sort();
        let lost = lost.into_iter().map(|(session, agent, reason)| RouterEvent::Return {
            session,
            agent,
            reason,
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
        if !status.takes_sessions() {
            let unreachable = |(_, session): &(Instant, SessionId)| RouterEvent::Unreachable {
                session: *session,
            };
            events.extend(state.asked.keys().map(unreachable));
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
            return self.return_lost(session, &place).into_iter().collect();
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
                events.extend(self.return_lost(session, &place));
            }
            Place::Transferring { agent, .. } => {
                self.agents.entry(agent.clone()).or_default().sessions.insert(session);
                self.refresh_queues_of(agent, &mut events);
                self.ask(session, &place, &mut events);
                events.extend(self.return_lost(session, &place));
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
            Place::Transferring { agent, to, since, .. } => {
                self.ask_no_longer(session, to, *since, events);
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
            Some(Place::Transferring { agent: by, .. }) if by == agent => {
                return Err(AcceptError::AlreadyTaken { session, by: by.clone() });
            }
            Some(Place::Transferring { queue, to, since, .. }) => {
                (to.queue().unwrap_or(queue).clone(), *since)
            }
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
        let asked = state.asked.contains_key(&(since, session));
        let offered = |q: &Queue| q.offered.contains(&session) && q.offered_to.contains(agent);
        if !asked && !self.queues.get(&queue).is_some_and(offered) {
            return Err(AcceptError::NotOffered { session, agent: agent.clone() });
        }
        Ok(self.place(session, Place::With { agent: agent.clone(), queue, since }))
    }

    /// An agent begins a session of their own (SMS-32), within the limit. The caller stores that, or tells
    /// with [`Router::place`] that there is none.
    #[must_use = "the events must be acted upon"]
    pub fn begin(
        &mut self,
        session: SessionId,
        agent: &AgentId,
        queue: QueueId,
        since: Instant,
    ) -> Result<Vec<RouterEvent>, AcceptError> {
        let unknown = || UnknownAgent { agent: agent.clone() };
        let state = self.agents.get(agent).ok_or_else(unknown)?;
        if !state.status.keeps_sessions() {
            return Err(AcceptError::NotAvailable { agent: agent.clone(), status: state.status });
        }
        if !state.has_room() {
            return Err(AcceptError::AtLimit { agent: agent.clone(), limit: state.limit });
        }
        Ok(self.place(session, Place::With { agent: agent.clone(), queue, since }))
    }

    /// What the agent may take now, oldest first.
    pub fn offers(&self, agent: &AgentId) -> Vec<Offer> {
        let Some(state) = self.agents.get(agent) else { return Vec::new() };
        let asked = state.asked.iter().map(|((since, session), queue)| Offer {
            session: *session,
            queue: queue.clone(),
            since: *since,
        });
        let mut offers: Vec<Offer> = state
            .queues
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
            // Nobody is asked to take what they have.
            .filter(|offer| !state.sessions.contains(&offer.session))
            .chain(asked.filter(|_| state.is_eligible()))
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

    /// Why a session's agent may not keep it, if so.
    fn lost(&self, place: &Place) -> Option<ReturnReason> {
        let state = self.agents.get(place.agent()?)?;
        (!state.status.keeps_sessions()).then_some(ReturnReason::LoggedOut)
    }

    fn return_lost(&self, session: SessionId, place: &Place) -> Option<RouterEvent> {
        let (agent, reason) = (place.agent()?.clone(), self.lost(place)?);
        Some(RouterEvent::Return { session, agent, reason })
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
