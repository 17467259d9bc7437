//! The order of sessions, and who sees which.

use super::*;

impl Model {
    pub(super) fn order(&self, id: SessionId) -> (Instant, SessionId) {
        let session = &self.sessions[&id];
        let rules = self.rules(session.waits_in().unwrap());
        (session.wait.since - rules.head_start * i32::from(session.wait.priority), id)
    }

    /// The sessions that the same agents may take.
    pub(super) fn peers(&self, id: SessionId) -> Vec<SessionId> {
        let key = |id: SessionId| {
            let session = &self.sessions[&id];
            let reach: Vec<bool> = (0..=20).map(|group| self.reaches(id, group)).collect();
            let (queue, kind) = (session.waits_in().cloned(), session.wait.kind);
            (queue, kind, self.skills_of(id), reach, session.holder.clone())
        };
        let open = |other: &SessionId| {
            let session = &self.sessions[other];
            session.waits_in().is_some() && session.phase == Phase::Open
        };
        let mut peers: Vec<SessionId> = self
            .sessions
            .keys()
            .copied()
            .filter(open)
            .filter(|other| key(*other) == key(id))
            .collect();
        peers.sort_by_key(|id| self.order(*id));
        peers
    }

    /// A session's place among those who wait in its queue, and how many they are: as many are first as there are
    /// agents there.
    pub(crate) fn place_of(&self, id: SessionId) -> Option<(usize, usize)> {
        let session = self.sessions.get(&id).filter(|session| session.holder.is_none())?;
        let queue = session.waits_in()?;
        let here = |other: &SessionId| self.sessions[other].waits_in() == Some(queue);
        let all: Vec<SessionId> = self.sessions.keys().copied().filter(here).collect();
        let before = all.iter().filter(|other| self.order(**other) < self.order(id)).count();
        let there = |agent: &AgentId| {
            self.agents.get(agent).is_some_and(|state| state.status == AgentStatus::Available)
        };
        let members = self.staff.members_of(queue).iter();
        let active = members.filter(|member| there(&member.agent)).count().max(1);
        Some((1.max((before + 2).saturating_sub(active)), all.len()))
    }

    /// How many offers an agent sees at once.
    pub(super) fn most(&self) -> usize {
        self.staff.rules.offers_at_once as usize
    }

    /// Offers that an agent has alone: one that rings, and sessions that others want to give.
    pub(super) fn alone(&self, agent: &AgentId) -> usize {
        let asked = self.asked.iter().filter(|(who, _)| who == agent).count();
        asked + usize::from(self.ringing(agent))
    }

    /// The open sessions that an agent sees: of those that the same agents may take as many as there are
    /// agents, the first in the agent's order, as many as the agent sees at once.
    fn view(&self, agent: &AgentId) -> Vec<SessionId> {
        let mut view = Vec::new();
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in() else { continue };
            if session.phase != Phase::Open || !self.may_take(agent, *id) {
                continue;
            }
            let able = self.all_agents().into_iter().filter(|other| self.may_take(other, *id));
            let before = self.peers(*id).iter().position(|other| other == id).unwrap();
            if before < able.count() {
                let priority = self.member(agent, queue).unwrap().priority;
                view.push((priority, self.order(*id)));
            }
        }
        view.sort_unstable();
        view.truncate(self.most().saturating_sub(self.alone(agent)));
        view.into_iter().map(|(_, (_, id))| id).collect()
    }

    /// Who sees what.
    pub(crate) fn sights(&self) -> Sights {
        let mut sights = Sights::new();
        for (id, session) in &self.sessions {
            if session.waits_in().is_some()
                && let Phase::Ringing { agent, until, .. } = &session.phase
            {
                sights.insert((agent.clone(), *id, Some(*until)));
            }
        }
        for agent in self.all_agents() {
            sights.extend(self.view(&agent).into_iter().map(|id| (agent.clone(), id, None)));
        }
        for (agent, id) in &self.asked {
            if self.eligible(agent, self.sessions[id].wait.kind) {
                sights.insert((agent.clone(), *id, None));
            }
        }
        sights
    }
}
