//! Who finds whom.

use super::*;

impl Model {
    pub(super) fn settle(&mut self) {
        // Nobody is asked who may not take it any more.
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let Some(session) = self.sessions.get(&id).filter(|s| s.waits_in().is_some()) else {
                continue;
            };
            if let Phase::Ringing { agent, .. } = &session.phase
                && !self.eligible(agent, session.wait.kind)
            {
                self.look(id);
            }
        }
        // Each time that somebody is asked alone, others of those that wait may be the next to be passed on.
        while self.skip_one_group() || self.ask_for_first_looking() || self.ask_first_free() {}
    }

    /// The first of the sessions that look for an agent finds one, or has none. Whether there was any.
    fn ask_for_first_looking(&mut self) -> bool {
        let waits = |id: &SessionId| self.sessions.get(id).is_some_and(|s| s.waits_in().is_some());
        let looking = self.looking.iter().copied().filter(waits);
        let Some(id) = looking.min_by_key(|id| self.order(*id)) else {
            self.looking.clear();
            return false;
        };
        self.looking.remove(&id);
        let tried = &self.sessions[&id].tried;
        let found = self.free_agents(id).into_iter().find(|agent| !tried.contains(agent));
        if let Some(agent) = found {
            self.ring(id, &agent, self.now + self.answer_time(id));
        }
        true
    }

    /// The first of the agents for whom there is a session, or who make one go to somebody else. Whether there was
    /// any.
    fn ask_first_free(&mut self) -> bool {
        self.all_agents().iter().any(|agent| self.find_session(agent))
    }

    pub(super) fn answer_time(&self, id: SessionId) -> chrono::TimeDelta {
        self.rules(self.sessions[&id].waits_in().unwrap()).answer_time()
    }

    /// Who can be asked alone now, in order.
    pub(super) fn free_agents(&self, id: SessionId) -> Vec<AgentId> {
        let session = &self.sessions[&id];
        let queue = session.waits_in().unwrap();
        let kind = session.wait.kind;
        let by_all = match session.phase {
            Phase::Fresh => false,
            Phase::Open => true,
            Phase::Ringing { .. } => return Vec::new(),
        };
        let mut free: Vec<AgentId> = self
            .all_agents()
            .into_iter()
            .filter(|agent| self.may_take(agent, id) && !self.ringing(agent))
            .filter(|agent| !by_all || self.staff.agent_rules(agent).unwrap().auto_answer)
            .collect();
        free.sort_by_key(|agent| {
            let (member, state) = (self.member(agent, queue).unwrap(), &self.agents[agent]);
            let load = self.load(agent);
            let since = match kind {
                Kind::Call => state.call_ended,
                Kind::Chat if load == 0 => state.chat_ended,
                Kind::Chat => state.chat_received,
            };
            (member.group, member.priority, load, since, state.chat_received, agent.clone())
        });
        free
    }

    /// Asks an agent for the session whose turn it is, or another who was asked longer ago. Whether there was one.
    pub(super) fn find_session(&mut self, agent: &AgentId) -> bool {
        let mut best = None;
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in() else { continue };
            if self.free_agents(*id).contains(agent) {
                let priority = self.member(agent, queue).unwrap().priority;
                let candidate = (session.tried.contains(agent), priority, self.order(*id));
                best = best.into_iter().chain([candidate]).min();
            }
        }
        let Some((tried, _, (_, id))) = best else { return false };
        let mut who = agent.clone();
        if tried {
            let last =
                |agent: &AgentId| self.sessions[&id].tried.iter().rposition(|tried| tried == agent);
            who = self.free_agents(id).into_iter().min_by_key(last).unwrap();
        }
        self.ring(id, &who, self.now + self.answer_time(id));
        true
    }

    pub(super) fn ring(&mut self, id: SessionId, agent: &AgentId, until: Instant) {
        let queue = self.sessions[&id].waits_in().unwrap();
        let auto =
            self.rules(queue).auto_answer || self.staff.agent_rules(agent).unwrap().auto_answer;
        let agent = agent.clone();
        self.sessions.get_mut(&id).unwrap().phase =
            Phase::Ringing { agent, until, seen: false, auto };
    }

    /// The first of all sessions that are passed on to the next group now.
    fn skip_one_group(&mut self) -> bool {
        let waits: Vec<SessionId> = self.waiting().collect();
        let passed = waits.into_iter().filter(|id| self.skips_group(*id));
        let Some(id) = passed.min_by_key(|id| self.order(*id)) else { return false };
        let queue = self.sessions[&id].waits_in().unwrap().clone();
        let cascade = matches!(self.rules(&queue).groups, Groups::Cascade { .. });
        let session = self.sessions.get_mut(&id).unwrap();
        if cascade {
            session.group += 1;
            self.cascade_from(id, self.now);
        } else {
            (session.everybody, session.widens) = (true, None);
        }
        self.looking.insert(id);
        true
    }

    /// Whether nobody of a session's newest group could take it, and it is next.
    fn skips_group(&self, id: SessionId) -> bool {
        let session = &self.sessions[&id];
        let (queue, group) = (session.waits_in().unwrap(), session.group);
        let members = self.staff.members_of(queue).iter();
        let mut in_group = members.filter(|member| member.group == group).peekable();
        let nobody = match self.rules(queue).groups {
            Groups::All => false,
            Groups::Cascade { skip_empty, .. } => {
                group < self.last_group(queue)
                    && (skip_empty || in_group.peek().is_none())
                    && !in_group.any(|member| self.may_take(&member.agent, id))
            }
            Groups::Percent { .. } => {
                let there = |member: &Member| self.status(&member.agent).keeps_sessions();
                !session.everybody && !in_group.any(there)
            }
        };
        nobody && self.is_next_to_skip(id)
    }

    /// Whether a session is passed on now to the next group: one that somebody is asked for alone, or else the
    /// first of its like, if it would be among the first that the next group sees.
    fn is_next_to_skip(&self, id: SessionId) -> bool {
        let like = |other: SessionId, more: u8| {
            let [one, two] = [&self.sessions[&id], &self.sessions[&other]];
            one.waits_in() == two.waits_in()
                && one.wait.kind == two.wait.kind
                && one.holder == two.holder
                && self.skills_of(id) == self.skills_of(other)
                && match self.rules(one.waits_in().unwrap()).groups {
                    // To all groups, where each belongs to one.
                    Groups::Percent { .. } if more > 0 => two.everybody,
                    Groups::Percent { .. } => !two.everybody && two.group == one.group,
                    _ => two.group == one.group + more,
                }
        };
        let ring = |id: SessionId| self.is_ringing(id);
        let order = |id: SessionId| self.order(id);
        let all: Vec<SessionId> = self.waiting().collect();
        let mine: Vec<SessionId> = all.iter().copied().filter(|other| like(*other, 0)).collect();
        if ring(id) {
            return mine.iter().all(|other| !ring(*other) || order(id) <= order(*other));
        }
        let first = mine.iter().all(|other| !ring(*other) && order(id) <= order(*other));
        let before = all
            .iter()
            .filter(|other| like(**other, 1) && !ring(**other) && order(**other) < order(id))
            .count();
        first && before < self.most()
    }

    /// Who has a session.
    pub(crate) fn holder(&self, id: SessionId) -> Option<AgentId> {
        self.sessions.get(&id)?.holder.clone()
    }

    pub(crate) fn wait(&self, id: SessionId) -> Option<Wait> {
        Some(self.sessions.get(&id)?.wait.clone())
    }

    /// Whether somebody is asked alone for a session.
    pub(crate) fn is_ringing(&self, id: SessionId) -> bool {
        matches!(self.sessions[&id].phase, Phase::Ringing { .. })
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = SessionId> {
        let waits = |(_, session): &(&SessionId, &Session)| session.waits_in().is_some();
        self.sessions.iter().filter(waits).map(|(id, _)| *id)
    }
}
