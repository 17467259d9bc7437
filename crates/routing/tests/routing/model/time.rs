//! Timers.

use super::*;

impl Model {
    pub(super) fn deadlines(&self) -> Vec<(Instant, u8, String, u64)> {
        let mut all = Vec::new();
        for (id, agent) in &self.agents {
            if let Some((until, _)) = agent.wrap_up {
                all.push((until, 0, id.to_string(), 0));
            }
        }
        for (id, session) in &self.sessions {
            let Some(queue) = session.waits_in() else { continue };
            let mut times: Vec<Instant> = session.widens.into_iter().collect();
            if let Phase::Ringing { until, .. } = session.phase {
                times.push(until);
            }
            times.extend(self.relaxes(session, queue));
            all.extend(times.into_iter().map(|at| (at, 1, String::new(), id.0)));
        }
        all.sort();
        all
    }

    pub(super) fn relaxes(&self, session: &Session, queue: &QueueId) -> Option<Instant> {
        let time = self.rules(queue).skills_for?;
        let matters = !session.relaxed && !session.wait.skills.is_empty();
        matters.then(|| session.wait.since + time)
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines().first().map(|(at, ..)| *at)
    }

    pub(super) fn advance(&mut self, at: Instant) {
        while let Some((due, _, agent, id)) =
            self.deadlines().first().filter(|d| d.0 <= at).cloned()
        {
            self.now = self.now.max(due);
            if agent.is_empty() {
                self.session_timer(SessionId(id));
            } else {
                self.agents.get_mut(&agent.parse().unwrap()).unwrap().wrap_up = None;
            }
            self.settle();
        }
        self.now = self.now.max(at);
    }

    pub(super) fn session_timer(&mut self, id: SessionId) {
        if let Phase::Ringing { agent, until, seen, auto } = self.sessions[&id].phase.clone()
            && until <= self.now
        {
            self.tried(id, &agent);
            if !auto {
                self.count_missed(id, &agent, seen);
            }
        }
        let (queue, now) = (self.sessions[&id].waits_in().unwrap().clone(), self.now);
        let cascade = matches!(self.rules(&queue).groups, Groups::Cascade { .. });
        let relaxes = self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= now);
        let session = self.sessions.get_mut(&id).unwrap();
        let widens = session.widens.filter(|at| *at <= now);
        session.relaxed |= relaxes;
        if let Some(at) = widens {
            session.widens = None;
            if cascade {
                session.group += 1;
                self.cascade_from(id, at);
            } else {
                session.everybody = true;
            }
        }
        if relaxes || widens.is_some() {
            self.looking.insert(id);
        }
    }

    pub(super) fn count_missed(&mut self, id: SessionId, agent: &AgentId, seen: bool) {
        let kind = self.sessions[&id].wait.kind;
        let available = self.status(agent) == AgentStatus::Available;
        let rules = self.staff.rules.clone();
        let state = self.agents.get_mut(agent).unwrap();
        let (count, limit, status) = match (seen, kind) {
            (false, _) => (&mut state.skipped, rules.skipped, AgentStatus::Unresponsive),
            (true, Kind::Call) => {
                (state.missed.entry(kind).or_default(), rules.missed_calls, AgentStatus::MissedCall)
            }
            (true, Kind::Chat) => {
                (state.missed.entry(kind).or_default(), rules.missed_chats, AgentStatus::MissedChat)
            }
        };
        *count += 1;
        if limit > 0 && *count >= limit && available {
            self.choose(agent, status);
        }
    }

    pub(super) fn choose(&mut self, agent: &AgentId, status: AgentStatus) {
        let state = self.agents.entry(agent.clone()).or_default();
        state.missed.clear();
        state.skipped = 0;
        state.status = status.clone();
        if !status.takes_sessions() {
            self.asked.retain(|(asked, _)| asked != agent);
        }
    }
}
