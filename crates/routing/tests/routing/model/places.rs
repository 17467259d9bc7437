//! Where sessions stand.

use super::*;

impl Model {
    pub(super) fn place(&mut self, id: SessionId, place: Place) {
        let over = place == Place::Gone;
        let (wait, holder, to, last_agent) = match place {
            Place::Gone | Place::Dismissed => {
                let holder = self.sessions.get(&id).and_then(|session| session.holder.clone());
                let queue = self.sessions.get(&id).map(|session| session.wait.queue.clone());
                self.remove(id, None);
                if let (true, Some(holder), Some(queue)) = (over, holder, queue) {
                    self.wrap_up(&holder, &queue);
                }
                return;
            }
            Place::Waiting(wait) => {
                let last_agent = wait.last_agent.clone();
                (wait, None, None, last_agent)
            }
            Place::With { agent, queue, since, kind } => {
                (Wait { kind, ..Wait::chat(queue, since) }, Some(agent), None, None)
            }
            Place::Transferring { agent, to, wait } => (wait, Some(agent), Some(to), None),
        };
        let mut group = None;
        let mut tried = Vec::new();
        if let Some(before) = self.sessions.get(&id) {
            let same_wait =
                before.wait.priority == wait.priority && before.wait.skills == wait.skills;
            let waits = before.waits_in().is_some();
            if (&before.holder, &before.to) == (&holder, &to)
                && before.wait.queue == wait.queue
                && (before.wait.since, before.wait.kind) == (wait.since, wait.kind)
                && (!waits || same_wait)
            {
                return;
            }
            if holder.is_none() {
                tried.extend(before.holder.clone());
            }
            group = before.waits_in().cloned().zip(Some(before.group));
        }
        self.remove(id, holder.as_ref());
        if let Some(holder) = &holder {
            let takes = self.sessions.get(&id).is_none_or(|before| before.holder.is_none());
            if takes && wait.kind == Kind::Chat && !self.kept(id, holder) {
                self.agents.entry(holder.clone()).or_default().chat_received = Some(self.now);
            }
        }
        self.sessions.remove(&id);
        let session = Session {
            wait,
            holder,
            to,
            phase: Phase::Open,
            group: 0,
            everybody: false,
            widens: None,
            relaxed: false,
            attempts: 0,
            tried,
        };
        self.sessions.insert(id, session);
        if let (Some(_), Some(TransferTarget::Agent(asked))) =
            (&self.sessions[&id].holder, self.sessions[&id].to.clone())
        {
            if self.eligible(&asked, self.sessions[&id].wait.kind)
                && self.asked.iter().filter(|(who, _)| *who == asked).count() + 1 < self.most()
            {
                self.asked.insert((asked, id));
            }
            return;
        }
        let Some(queue) = self.sessions[&id].waits_in().cloned() else { return };
        if let Some((_, group)) = group.filter(|(before, _)| *before == queue) {
            self.allocated.insert(id, group);
        }
        self.begin(id);
        if self.relaxes(&self.sessions[&id], &queue).is_some_and(|at| at <= self.now) {
            self.sessions.get_mut(&id).unwrap().relaxed = true;
        }
        self.look(id);
        self.ask_last_agent(id, &queue, last_agent);
    }

    /// Whether the agent has it before and after.
    pub(super) fn kept(&self, id: SessionId, holder: &AgentId) -> bool {
        self.sessions.get(&id).is_some_and(|session| session.holder.as_ref() == Some(holder))
    }

    pub(super) fn ask_last_agent(
        &mut self,
        id: SessionId,
        queue: &QueueId,
        agent: Option<AgentId>,
    ) {
        let (Some(agent), Some(sticky)) = (agent, self.rules(queue).sticky) else { return };
        let session = &self.sessions[&id];
        if self.staff.agent_rules(&agent).is_some()
            && self.member(&agent, queue).is_some()
            && self.has_skills(&agent, &self.skills_of(id))
            && self.eligible(&agent, session.wait.kind)
            && !self.ringing(&agent)
            && !session.tried.contains(&agent)
        {
            self.ring(id, &agent, self.now + sticky.timeout);
        }
    }

    pub(super) fn remove(&mut self, id: SessionId, next: Option<&AgentId>) {
        self.asked.retain(|(_, session)| *session != id);
        self.looking.remove(&id);
        let Some(session) = self.sessions.get(&id).cloned() else { return };
        let Some(holder) = session.holder.filter(|holder| Some(holder) != next) else {
            if next.is_none() {
                self.sessions.remove(&id);
            }
            return;
        };
        self.sessions.remove(&id);
        let state = self.agents.entry(holder.clone()).or_default();
        match session.wait.kind {
            Kind::Call => state.call_ended = Some(self.now),
            Kind::Chat => state.chat_ended = Some(self.now),
        }
        if next.is_some() {
            self.wrap_up(&holder, &session.wait.queue);
        }
    }

    pub(super) fn wrap_up(&mut self, agent: &AgentId, queue: &QueueId) {
        let Some(rules) = self.rules(queue).wrap_up else { return };
        let until = self.now + rules.time;
        let state = self.agents.entry(agent.clone()).or_default();
        let (before, fixed) = state.wrap_up.unwrap_or((until, false));
        state.wrap_up = Some((until.max(before), fixed || rules.fixed));
    }

    /// Which groups are asked first.
    pub(super) fn begin(&mut self, id: SessionId) {
        let queue = self.sessions[&id].waits_in().unwrap().clone();
        let last = self.last_group(&queue);
        let (now, groups) = (self.now, self.rules(&queue).groups);
        let allocated = self.allocated.get(&id).copied();
        let session = self.sessions.get_mut(&id).unwrap();
        (session.group, session.everybody, session.widens) = (0, false, None);
        match groups {
            Groups::All => {}
            Groups::Cascade { timer, .. } => {
                let mut from = session.wait.since;
                while session.group < last && from + timer <= now {
                    session.group += 1;
                    from += timer;
                }
                self.cascade_from(id, from);
            }
            Groups::Percent { timer, .. } => {
                session.group = allocated.unwrap();
                match timer.map(|timer| session.wait.since + timer) {
                    Some(ends) if ends <= now => session.everybody = true,
                    ends => session.widens = ends,
                }
            }
        }
    }

    pub(super) fn last_group(&self, queue: &QueueId) -> u8 {
        self.staff.members_of(queue).iter().map(|member| member.group).max().unwrap_or(0)
    }

    pub(super) fn cascade_from(&mut self, id: SessionId, at: Instant) {
        let queue = self.sessions[&id].waits_in().unwrap().clone();
        let Groups::Cascade { timer, .. } = self.rules(&queue).groups else { return };
        let last = self.last_group(&queue);
        let session = self.sessions.get_mut(&id).unwrap();
        session.widens = (session.group < last).then(|| at + timer);
    }
}
