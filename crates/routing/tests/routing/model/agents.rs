//! What agents have, and what they may have.

use super::*;

impl Model {
    pub(super) fn count(&self, agent: &AgentId, kind: Kind) -> u32 {
        let has = |session: &&Session| {
            session.holder.as_ref() == Some(agent) && session.wait.kind == kind
        };
        u32::try_from(self.sessions.values().filter(has).count()).unwrap()
    }

    pub(crate) fn status(&self, agent: &AgentId) -> AgentStatus {
        let Some(state) = self.agents.get(agent) else { return AgentStatus::LoggedOut };
        if state.status != AgentStatus::Available {
            state.status.clone()
        } else if state.wrap_up.is_some() {
            AgentStatus::WrapUp
        } else if self.count(agent, Kind::Call) > 0 {
            AgentStatus::InCall
        } else if self.count(agent, Kind::Chat) > 0 {
            AgentStatus::InChat
        } else {
            AgentStatus::Available
        }
    }

    pub(super) fn load(&self, agent: &AgentId) -> u32 {
        self.count(agent, Kind::Chat) + self.count(agent, Kind::Call) * self.staff.rules.call_weight
    }

    pub(super) fn has_room(&self, agent: &AgentId, kind: Kind) -> bool {
        let rules = &self.staff.rules;
        let limit = self.staff.agent_rules(agent).unwrap().chats;
        let (chats, calls) = (self.count(agent, Kind::Chat), self.count(agent, Kind::Call));
        match kind {
            Kind::Chat if calls > 0 && !rules.chats_while_in_call => false,
            Kind::Chat => self.load(agent) < limit,
            Kind::Call if calls > 0 => false,
            Kind::Call if chats == 0 => true,
            Kind::Call => rules.calls_while_in_chat && chats + rules.call_weight <= limit,
        }
    }

    pub(super) fn eligible(&self, agent: &AgentId, kind: Kind) -> bool {
        self.status(agent).takes_sessions() && self.has_room(agent, kind)
    }

    pub(super) fn ringing(&self, agent: &AgentId) -> bool {
        self.sessions.values().any(
            |session| matches!(&session.phase, Phase::Ringing { agent: by, .. } if by == agent),
        )
    }

    pub(super) fn has_skills(&self, agent: &AgentId, skills: &[SkillId]) -> bool {
        let known = &self.staff.agent_rules(agent).unwrap().skills;
        skills.iter().all(|skill| known.contains(skill))
    }

    pub(super) fn skills_of(&self, id: SessionId) -> Vec<SkillId> {
        let session = &self.sessions[&id];
        let mut skills = session.wait.skills.clone();
        skills.sort();
        if session.relaxed { Vec::new() } else { skills }
    }

    pub(super) fn reaches(&self, id: SessionId, group: u8) -> bool {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        match self.rules(queue).groups {
            Groups::All => true,
            _ if session.everybody => true,
            Groups::Cascade { .. } => group <= session.group,
            Groups::Percent { .. } => group == session.group,
        }
    }

    /// Whether the agent could be asked for the session now.
    pub(crate) fn may_take(&self, agent: &AgentId, id: SessionId) -> bool {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        self.staff.agent_rules(agent).is_some()
            && session.holder.as_ref() != Some(agent)
            && self.member(agent, queue).is_some_and(|member| self.reaches(id, member.group))
            && self.has_skills(agent, &self.skills_of(id))
            && self.eligible(agent, session.wait.kind)
    }

    pub(super) fn all_agents(&self) -> Vec<AgentId> {
        self.staff.agents().map(|(id, _)| id.clone()).collect()
    }
}
