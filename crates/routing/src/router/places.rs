//! Where sessions stand: they come, wait, are taken, and leave.

use chrono::TimeDelta;
use frontdesk_types::{AgentId, AgentStatus, ReturnReason, SessionId, TransferTarget};

use crate::numbers::seconds;

use super::{
    Kind, Millis, Place, Router, RouterEvent, Wait,
    queues::Asks,
    sessions::{NEVER, Phase, Session, Standing},
    table::{AgentIx, QueueIx},
    timers::Owner,
};

/// A consumer who came so long ago has just come, in milliseconds.
const JUST_NOW: Millis = 60_000;

impl Router {
    pub(super) fn place(&mut self, id: SessionId, place: Place) {
        match place {
            Place::Gone => self.forget(id, true),
            Place::Dismissed => self.forget(id, false),
            Place::Waiting(wait) => {
                let Wait { queue, last_agent, .. } = &wait;
                let queue = self.queue(queue);
                let last_agent = last_agent.as_ref().and_then(|id| self.agent_ix.get(id)).copied();
                let session = self.session(&wait, queue, Standing::Waiting);
                self.put(id, session, last_agent);
            }
            Place::With { agent, queue, since, kind } => {
                let Some(ix) = self.holder(id, &agent) else { return };
                let wait = Wait { kind, ..Wait::chat(queue, since) };
                let queue = self.queue(&wait.queue);
                let session = self.session(&wait, queue, Standing::With(ix));
                self.put(id, session, None);
                self.return_lost(id);
            }
            Place::Transferring { agent, to, wait } => {
                let Some(ix) = self.holder(id, &agent) else { return };
                let queue = self.queue(&wait.queue);
                let standing = match &to {
                    TransferTarget::Queue(to) => Standing::ToQueue(ix, self.queue(to)),
                    TransferTarget::Agent(to) => match self.agent_ix.get(to) {
                        Some(to) => Standing::ToAgent(ix, *to),
                        // Nobody can be asked: it is with the agent who asks.
                        None => Standing::With(ix),
                    },
                };
                let unreachable =
                    matches!((&to, standing), (TransferTarget::Agent(_), Standing::With(_)));
                let session = self.session(&wait, queue, standing);
                self.put(id, session, None);
                if unreachable {
                    self.unsettled.events.push(RouterEvent::Unreachable { session: id });
                }
                self.return_lost(id);
            }
        }
    }

    /// Who has a session. Nobody whom the router does not know can keep one.
    fn holder(&mut self, id: SessionId, agent: &AgentId) -> Option<AgentIx> {
        let ix = self.agent_ix.get(agent).copied();
        if ix.is_none() {
            self.forget(id, false);
            let (agent, reason) = (agent.clone(), ReturnReason::Removed);
            self.unsettled.events.push(RouterEvent::Return { session: id, agent, reason });
        }
        ix
    }

    fn session(&mut self, wait: &Wait, queue: QueueIx, standing: Standing) -> Session {
        let since = self.own_time(wait.since);
        let waits_in = match standing {
            Standing::ToQueue(_, to) => to,
            _ => queue,
        };
        Session {
            standing,
            kind: wait.kind,
            priority: wait.priority,
            queue,
            rules: self.queues[waits_in].version,
            since,
            taken: self.now,
            taken_known: true,
            skills: self.skill_set(&wait.skills),
            pool: None,
            phase: Phase::Open,
            turn: since.saturating_sub(self.queues[waits_in].head_start(wait.priority)),
            widens: NEVER,
            deadline: NEVER,
            group: 0,
            everybody: false,
            relaxed: false,
            attempts: 0,
            tried: None,
        }
    }

    /// Puts a session where it stands now, unless it stands there already.
    fn put(&mut self, id: SessionId, mut session: Session, last_agent: Option<AgentIx>) {
        let mut group = None;
        self.renew(id);
        if let Some(before) = self.sessions.get(&id) {
            if before.is_where(&session) {
                return;
            }
            if before.holder() == session.holder() {
                (session.taken, session.taken_known) = (before.taken, before.taken_known);
            }
            if before.waits_in().is_some() && before.waits_in() == session.waits_in() {
                group = Some(before.group);
            }
            // Who has just given it back is not the first to be asked.
            if session.standing == Standing::Waiting
                && let Some(holder) = before.holder()
            {
                session.try_no_more(holder);
            }
            self.leave(id, session.holder());
        }
        if session.holder().is_some()
            && !self.sessions.contains_key(&id)
            && self.now.saturating_sub(session.since) > JUST_NOW
        {
            // Told after a restart: nobody says when it was taken.
            session.taken_known = false;
        }
        if let Some(holder) = session.holder() {
            let (kind, now) = (session.kind, self.now);
            if let Some(queue) = self.sessions.get(&id).and_then(Session::waits_in) {
                let waited = TimeDelta::milliseconds(now.saturating_sub(session.since));
                self.queues[queue].history.served(waited);
            }
            self.change_agent(holder, |agent| agent.take(id, kind, now));
        }
        let standing = session.standing;
        self.count_arrival(&session, self.sessions.contains_key(&id));
        let Some(queue) = session.waits_in() else {
            self.sessions.insert(id, session);
            if let Standing::ToAgent(_, asked) = standing {
                self.ask(id, asked);
            }
            return;
        };
        let allocated = self.queues[queue].begin(&mut session, self.now, group);
        session.relaxed = session.relaxes(&self.queues[queue], self.no_skills) <= self.now;
        session.phase = session.looks_as(&self.queues[queue]);
        if allocated {
            let (queue, group) = (self.queues[queue].id.clone(), session.group);
            self.unsettled.events.push(RouterEvent::Allocated { session: id, queue, group });
        }
        self.sessions.insert(id, session);
        self.join(id);
        if let Some(last_agent) = last_agent {
            self.ring_last_agent(id, last_agent);
        }
        self.schedule(id);
    }

    /// Asks one agent to take a session that another has (SMS-27).
    fn ask(&mut self, id: SessionId, asked: AgentIx) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (key, queue, kind) = ((session.since, id), session.queue, session.kind);
        let most = self.rules.most_offers();
        let agent = &mut self.agents[asked];
        let room = agent.asked.len() + 1 < most;
        if agent.known && room && agent.is_eligible(kind, &self.rules) {
            agent.asked.insert(key);
            self.reseat(asked);
            let agent = &self.agents[asked];
            self.unsettled.won.push((id, asked, None));
            if agent.auto_answer {
                let (queue, agent) = (self.queues[queue].id.clone(), agent.id.clone());
                self.unsettled.events.push(RouterEvent::Connect { session: id, queue, agent });
            }
        } else {
            self.unsettled.events.push(RouterEvent::Unreachable { session: id });
        }
    }

    /// A session is nowhere any more. Its agent writes up what was, if it is over.
    fn forget(&mut self, id: SessionId, over: bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (holder, queue) = (session.holder(), session.queue);
        if let Some(queue) = session.waits_in().filter(|_| holder.is_none()) {
            let waited = TimeDelta::milliseconds(self.now.saturating_sub(session.since));
            self.queues[queue].history.gave_up(waited);
        }
        self.leave(id, None);
        self.sessions.remove(&id);
        if let Some(holder) = holder.filter(|_| over) {
            self.begin_wrap_up(holder, queue);
        }
    }

    /// Takes a session from where it stands. Who gives it to somebody else writes up what was.
    fn leave(&mut self, id: SessionId, next_holder: Option<AgentIx>) {
        self.leave_pool(id);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let (standing, kind, queue, since) =
            (session.standing, session.kind, session.queue, session.since);
        let (holder, taken, known) = (session.holder(), session.taken, session.taken_known);
        if session.deadline != NEVER {
            self.timers.remove(&(session.deadline, Owner::Session(id)));
            session.deadline = NEVER;
        }
        if let Standing::ToAgent(_, asked) = standing
            && self.agents[asked].asked.remove(&(since, id))
        {
            self.unsettled.lost.push((id, asked, None));
            self.reseat(asked);
        }
        if let Some(holder) = holder.filter(|holder| Some(*holder) != next_holder) {
            let now = self.now;
            self.change_agent(holder, |agent| agent.lose(id, kind, now));
            if known {
                let (took, waited) = (now.saturating_sub(taken), taken.saturating_sub(since));
                let [took, waited] = [took, waited].map(TimeDelta::milliseconds);
                self.queues[queue].history.handled(took, waited);
            }
            if next_holder.is_some() {
                self.begin_wrap_up(holder, queue);
            }
        }
    }

    /// Counts a consumer who has just come. After a restart every session is told again: those are older.
    fn count_arrival(&mut self, session: &Session, known: bool) {
        if known || self.now.saturating_sub(session.since) > JUST_NOW {
            return;
        }
        let Session { kind, priority, skills, queue, .. } = *session;
        let brought = session.holder().is_some();
        // A chat that an agent begins is nobody's who came.
        if !brought || kind == Kind::Call {
            let asks = Asks { kind, priority, skills, brought };
            self.queues[queue].count_arrival(asks, self.now);
        }
    }

    /// The time after a session (RTE-11). One that has begun already is never cut short.
    fn begin_wrap_up(&mut self, agent: AgentIx, queue: QueueIx) {
        let Some(rules) = self.queues[queue].rules.wrap_up else { return };
        self.agents[agent].wraps_up = Some((queue, self.now));
        let until = self.now.saturating_add(rules.time.num_milliseconds());
        self.set_wrap_up(agent, until, rules.fixed);
    }

    /// The wrap-up of an agent is over.
    pub(super) fn end_wrap_up(&mut self, agent: AgentIx) {
        let fixed = self.agents[agent].wrap_up.is_some_and(|(_, fixed)| fixed);
        if let Some((queue, from)) = self.agents[agent].wraps_up.take().filter(|_| !fixed) {
            self.queues[queue].history.wrapped_up(seconds(self.now.saturating_sub(from)));
        }
        self.change_agent(agent, |agent| agent.wrap_up = None);
    }

    pub(super) fn set_wrap_up(&mut self, agent: AgentIx, until: Millis, fixed: bool) {
        let before = self.agents[agent].wrap_up;
        let (until, fixed) = match before {
            Some((other, was_fixed)) if other >= until => (other, was_fixed || fixed),
            Some((_, was_fixed)) => (until, was_fixed || fixed),
            None => (until, fixed),
        };
        if let Some((other, _)) = before {
            self.timers.remove(&(other, Owner::Agent(agent)));
        }
        self.timers.insert((until, Owner::Agent(agent)));
        self.change_agent(agent, |agent| agent.wrap_up = Some((until, fixed)));
    }

    /// Why an agent may not keep sessions, if so.
    pub(super) fn keeps_none(&self, agent: AgentIx) -> Option<ReturnReason> {
        let agent = &self.agents[agent];
        match agent.chosen {
            _ if !agent.known => Some(ReturnReason::Removed),
            AgentStatus::LoggedOut => Some(ReturnReason::LoggedOut),
            AgentStatus::Unresponsive => Some(ReturnReason::Unresponsive),
            _ => None,
        }
    }

    /// A session whose agent is gone is to be returned; told again, it still is.
    fn return_lost(&mut self, id: SessionId) {
        let Some(holder) = self.sessions.get(&id).and_then(Session::holder) else { return };
        if let Some(reason) = self.keeps_none(holder) {
            let agent = self.agents[holder].id.clone();
            self.unsettled.events.push(RouterEvent::Return { session: id, agent, reason });
        }
    }
}

impl Session {
    /// Whether another look at it finds it in the same place.
    fn is_where(&self, other: &Self) -> bool {
        let waits = self.waits_in().is_some();
        (self.standing, self.queue, self.since) == (other.standing, other.queue, other.since)
            && self.kind == other.kind
            && (!waits || (self.priority, self.skills) == (other.priority, other.skills))
    }
}
