//! What can be seen of the router.

use frontdesk_types::{AgentId, AgentStatus, Instant, QueueId, SessionId};

use super::{
    Kind, Offer, Position, Router,
    sessions::{Phase, Standing},
    table::{AgentIx, QueueIx},
};
use crate::Refused;

impl Router {
    /// What an agent does now.
    pub fn status(&self, agent: &AgentId) -> Result<AgentStatus, Refused> {
        Ok(self.agents[self.known(agent)?].status())
    }

    /// Whether an agent could be given a session of a kind now, and why not: a transfer to one who cannot take it
    /// would fail at once (SMS-27).
    pub fn can_take(&self, agent: &AgentId, kind: Kind) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        self.may_take(ix, kind)?;
        let state = &self.agents[ix];
        if state.asked.len() + 1 < self.rules.most_offers() {
            return Ok(());
        }
        Err(Refused::AtLimit { agent: agent.clone(), limit: state.limit })
    }

    /// The end of an agent's wrap-up, if there is one (RTE-11).
    pub fn wrap_up(&self, agent: &AgentId) -> Option<Instant> {
        let (until, _) = self.agents[self.known(agent).ok()?].wrap_up?;
        Some(self.shown(until))
    }

    /// What the agent may take now: first the queues that are first for the agent, in each what is first
    /// there.
    pub fn offers(&self, agent: &AgentId) -> Vec<Offer> {
        let Ok(ix) = self.known(agent) else { return Vec::new() };
        let state = &self.agents[ix];
        let mut offers = Vec::new();
        let view = state.seat.map_or(&[][..], |seat| &self.seats[seat].view);
        for id in view {
            let pool = self.sessions.get(id).and_then(|session| session.pool);
            let member = pool.and_then(|pool| state.membership(self.pools[pool].key.queue));
            let priority = member.map_or(0, |member| member.priority);
            offers.extend(self.candidate(*id, priority, None));
        }
        if let Some(id) = state.ringing {
            offers.extend(self.candidate(id, 0, Some(ix)));
        }
        for (_, id) in &state.asked {
            let room = |id| {
                let kind = self.sessions.get(id).map_or(Kind::Chat, |session| session.kind);
                state.is_eligible(kind, &self.rules)
            };
            offers.extend(self.candidate(*id, 0, None).filter(|_| room(id)));
        }
        offers.sort_by_key(|(key, _)| *key);
        offers.into_iter().map(|(_, offer)| offer).collect()
    }

    fn candidate(
        &self,
        id: SessionId,
        priority: u8,
        alone: Option<AgentIx>,
    ) -> Option<((u8, i64, SessionId), Offer)> {
        let session = self.sessions.get(&id)?;
        let queue = session.taken_from();
        let (until, auto_answer) = match session.phase {
            Phase::Ringing { agent, until, auto, .. } if Some(agent) == alone => {
                (Some(self.shown(until)), auto)
            }
            _ => (None, false),
        };
        let queue = self.queues[queue].id.clone();
        let (since, kind) = (self.shown(session.since), session.kind);
        let offer = Offer { session: id, queue, since, kind, until, auto_answer };
        Some(((priority, session.turn, id), offer))
    }

    /// The sessions that an agent has.
    pub fn sessions_of(&self, agent: &AgentId) -> Vec<SessionId> {
        let ix = self.agent_ix.get(agent);
        ix.map(|ix| self.agents[*ix].sessions.iter().copied().collect()).unwrap_or_default()
    }

    /// How many wait in a queue.
    pub fn waiting(&self, queue: &QueueId) -> usize {
        self.queue_ix.get(queue).map_or(0, |ix| self.waiting_in(*ix))
    }

    pub(super) fn waiting_in(&self, queue: QueueIx) -> usize {
        self.queues[queue].line.len()
    }

    /// How many of a queue's agents could take a session of a kind now, and how many are logged in.
    pub fn agents_free(&self, queue: &QueueId, kind: Kind) -> (usize, usize) {
        let Some(ix) = self.queue_ix.get(queue) else { return (0, 0) };
        let agents = || self.queues[*ix].members.iter().map(|(agent, _)| &self.agents[*agent]);
        let free = agents().filter(|agent| agent.is_eligible(kind, &self.rules)).count();
        let there = agents().filter(|agent| agent.chosen.keeps_sessions()).count();
        (free, there)
    }

    /// Whether anybody is assigned to a queue (RTE-4). In one that is not live sessions wait until somebody
    /// is.
    pub fn is_live(&self, queue: &QueueId) -> bool {
        self.queue_ix.get(queue).is_some_and(|ix| !self.queues[*ix].members.is_empty())
    }

    /// How many groups of its queue are asked to take a waiting session (RTE-7); `None` when its queue has
    /// none.
    pub fn groups_asked(&self, session: SessionId) -> Option<u8> {
        let session = self.sessions.get(&session)?;
        let queue = &self.queues[session.waits_in()?];
        let cascade = matches!(queue.rules.groups, crate::Groups::Cascade { .. });
        cascade.then_some(session.group.saturating_add(1))
    }

    /// A waiting session's place in its queue (RTE-15).
    pub fn position(&self, session: SessionId) -> Option<Position> {
        let state =
            self.sessions.get(&session).filter(|state| state.standing == Standing::Waiting)?;
        let (order, queue) = (state.order(session), &self.queues[state.queue]);
        let (before, _) = queue.line.before(order);
        Some(Position {
            place: (before + 2).saturating_sub(queue.active.max(1)).max(1),
            waiting: self.waiting_in(state.queue),
        })
    }
}
