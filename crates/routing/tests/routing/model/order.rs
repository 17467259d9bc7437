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

    /// Who sees what.
    pub(crate) fn sights(&self) -> Sights {
        let mut sights = Sights::new();
        for (id, session) in &self.sessions {
            if session.waits_in().is_none() {
                continue;
            }
            match &session.phase {
                Phase::Fresh => {}
                Phase::Ringing { agent, until, .. } => {
                    sights.insert((agent.clone(), *id, Some(*until)));
                }
                Phase::Open => {
                    let agents: Vec<AgentId> = self
                        .all_agents()
                        .into_iter()
                        .filter(|agent| self.may_take(agent, *id))
                        .collect();
                    let before = self.peers(*id).iter().position(|other| other == id).unwrap();
                    if before < agents.len() {
                        sights.extend(agents.into_iter().map(|agent| (agent, *id, None)));
                    }
                }
            }
        }
        for (agent, id) in &self.asked {
            if self.eligible(agent, self.sessions[id].wait.kind) {
                sights.insert((agent.clone(), *id, None));
            }
        }
        sights
    }
}
