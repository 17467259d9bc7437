//! What agents do with offers.

use frontdesk_types::{AgentId, QueueId, SessionId};

use super::{
    Kind, Place, Router, RouterEvent,
    sessions::{Phase, Standing},
    table::AgentIx,
};
use crate::Refused;

impl Router {
    /// An agent takes a session: the first who may and does, gets it, and nobody after (RTE-5).
    pub(super) fn accept(&mut self, id: SessionId, agent: &AgentId) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        let session = self.sessions.get(&id).ok_or(Refused::NotWaiting { session: id })?;
        let by = match session.standing {
            Standing::With(by) => Some(by),
            Standing::ToAgent(by, _) | Standing::ToQueue(by, _) => Some(by).filter(|by| *by == ix),
            Standing::Waiting => None,
        };
        if let Some(by) = by {
            return Err(Refused::AlreadyTaken { session: id, by: self.agents[by].id.clone() });
        }
        let (kind, since) = (session.kind, self.shown(session.since));
        let queue = self.queues[session.taken_from()].id.clone();
        self.may_take(ix, kind)?;
        if !self.is_offered(id, ix) {
            return Err(Refused::NotOffered { session: id, agent: agent.clone() });
        }
        if self.is_ringing(id, ix) {
            let agent = &mut self.agents[ix];
            agent.skipped = 0;
            *agent.missed(kind) = 0;
        }
        let place = Place::With { agent: agent.clone(), queue, since, kind };
        self.place(id, place);
        Ok(())
    }

    pub(super) fn begin(
        &mut self,
        id: SessionId,
        agent: &AgentId,
        queue: QueueId,
    ) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        let state = &self.agents[ix];
        if !state.chosen.keeps_sessions() {
            let status = state.status();
            return Err(Refused::NotAvailable { agent: agent.clone(), status });
        }
        self.has_room(ix, Kind::Chat)?;
        let since = self.shown(self.now);
        self.place(id, Place::With { agent: agent.clone(), queue, since, kind: Kind::Chat });
        Ok(())
    }

    pub(super) fn acknowledge(&mut self, id: SessionId, agent: &AgentId) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        if let Some(session) = self.sessions.get_mut(&id)
            && let Phase::Ringing { agent, seen, .. } = &mut session.phase
            && *agent == ix
        {
            *seen = true;
            self.agents[ix].skipped = 0;
            return Ok(());
        }
        if self.is_offered(id, ix) {
            return Ok(());
        }
        Err(Refused::NotOffered { session: id, agent: agent.clone() })
    }

    pub(super) fn decline(&mut self, id: SessionId, agent: &AgentId) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        let declined = RouterEvent::Declined { session: id, agent: agent.clone() };
        let session = self.sessions.get(&id).ok_or(Refused::NotWaiting { session: id })?;
        if self.is_ringing(id, ix) {
            let agent = &mut self.agents[ix];
            agent.skipped = 0;
            *agent.missed(session.kind) = 0;
            self.unsettled.events.push(declined);
            self.stop_ringing(id, true);
            return Ok(());
        }
        let key = (session.since, id);
        if self.agents[ix].asked.remove(&key) {
            self.reseat(ix);
            self.unsettled.lost.push((id, ix, None));
            self.unsettled.events.extend([declined, RouterEvent::Unreachable { session: id }]);
            return Ok(());
        }
        if self.is_offered(id, ix) {
            return Err(Refused::NotDeclinable { session: id });
        }
        Err(Refused::NotOffered { session: id, agent: agent.clone() })
    }

    pub(super) fn may_take(&self, ix: AgentIx, kind: Kind) -> Result<(), Refused> {
        let agent = &self.agents[ix];
        if !agent.takes_sessions() {
            let (agent, status) = (agent.id.clone(), agent.status());
            return Err(Refused::NotAvailable { agent, status });
        }
        self.has_room(ix, kind)
    }

    fn has_room(&self, ix: AgentIx, kind: Kind) -> Result<(), Refused> {
        let agent = &self.agents[ix];
        if agent.has_room(kind, &self.rules) {
            Ok(())
        } else {
            Err(Refused::AtLimit { agent: agent.id.clone(), limit: agent.limit })
        }
    }

    fn is_ringing(&self, id: SessionId, ix: AgentIx) -> bool {
        self.agents[ix].ringing == Some(id)
    }

    fn is_offered(&self, id: SessionId, ix: AgentIx) -> bool {
        let Some(session) = self.sessions.get(&id) else { return false };
        self.is_ringing(id, ix)
            || self.agents[ix].asked.contains(&(session.since, id))
            || (session.phase == Phase::Open && self.is_shown(id, session, ix))
    }
}
