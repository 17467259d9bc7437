//! What the model is told.

use super::*;

impl Model {
    pub(super) fn take(&mut self, input: Input) -> bool {
        match input {
            Input::TimePassed => true,
            Input::Place { session, place } => {
                self.place(session, place);
                true
            }
            Input::SetStatus { agent, status, by } => self.set_status(&agent, status, by),
            Input::Accept { session, agent } => self.accept(session, &agent),
            Input::Acknowledge { session, agent } => {
                let offered = self.offered(session, &agent);
                if let Some(Phase::Ringing { agent: by, seen, .. }) =
                    self.sessions.get_mut(&session).map(|session| &mut session.phase)
                    && *by == agent
                {
                    *seen = true;
                    self.agents.get_mut(&agent).unwrap().skipped = 0;
                }
                offered
            }
            Input::Decline { session, agent } => self.decline(session, &agent),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn set_status(&mut self, agent: &AgentId, status: AgentStatus, by: SetBy) -> bool {
        let by_agent = by == SetBy::Agent;
        if !status.is_chosen() || (status == AgentStatus::SpecialTask && by_agent) {
            return false;
        }
        if self.staff.agent_rules(agent).is_none() {
            return false;
        }
        let state = self.agents.entry(agent.clone()).or_default();
        if status == AgentStatus::Available && state.status == status {
            if by_agent && state.wrap_up.is_some_and(|(_, fixed)| fixed) {
                return false;
            }
            state.wrap_up = None;
        }
        self.choose(agent, status);
        true
    }

    pub(super) fn offered(&self, id: SessionId, agent: &AgentId) -> bool {
        self.sights().iter().any(|(by, session, _)| (by, *session) == (agent, id))
            || self.asked.contains(&(agent.clone(), id))
    }

    pub(super) fn accept(&mut self, id: SessionId, agent: &AgentId) -> bool {
        let Some(session) = self.sessions.get(&id).cloned() else { return false };
        let known = self.staff.agent_rules(agent).is_some();
        if !known || !self.eligible(agent, session.wait.kind) || !self.offered(id, agent) {
            return false;
        }
        if matches!(session.phase, Phase::Ringing { .. }) && session.waits_in().is_some() {
            let state = self.agents.get_mut(agent).unwrap();
            state.skipped = 0;
            state.missed.insert(session.wait.kind, 0);
        }
        let queue = session.waits_in().unwrap_or(&session.wait.queue).clone();
        let (since, kind) = (session.wait.since, session.wait.kind);
        self.place(id, Place::With { agent: agent.clone(), queue, since, kind });
        true
    }

    pub(super) fn decline(&mut self, id: SessionId, agent: &AgentId) -> bool {
        if self.asked.remove(&(agent.clone(), id)) {
            return true;
        }
        let Some(session) = self.sessions.get(&id) else { return false };
        let kind = session.wait.kind;
        if !matches!(&session.phase, Phase::Ringing { agent: by, .. } if by == agent) {
            return false;
        }
        let state = self.agents.get_mut(agent).unwrap();
        state.skipped = 0;
        state.missed.insert(kind, 0);
        self.tried(id, agent);
        true
    }

    /// One was asked alone and did not take it.
    pub(super) fn tried(&mut self, id: SessionId, agent: &AgentId) {
        let assignment = self.rules(self.sessions[&id].waits_in().unwrap()).assignment;
        let session = self.sessions.get_mut(&id).unwrap();
        session.tried.push(agent.clone());
        session.attempts += 1;
        let (round, then_all) = match assignment {
            Assignment::Deltacast(rules) => (rules.attempts, rules.then_multicast),
            Assignment::Multicast => (3, false),
        };
        if session.attempts >= round && !then_all {
            session.attempts = 0;
            session.tried.clear();
        }
        self.look(id);
    }

    /// Has no agent, and looks for one.
    pub(super) fn look(&mut self, id: SessionId) {
        let rules = self.rules(self.sessions[&id].waits_in().unwrap());
        let session = self.sessions.get_mut(&id).unwrap();
        session.phase = match rules.assignment {
            _ if rules.auto_answer => Phase::Fresh,
            Assignment::Deltacast(rules)
                if !rules.then_multicast || session.attempts < rules.attempts =>
            {
                Phase::Fresh
            }
            _ => Phase::Open,
        };
        self.looking.insert(id);
    }
}
