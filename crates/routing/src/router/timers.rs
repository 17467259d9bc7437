//! Timers, as data. Each session and each agent has one entry at most: its earliest.

use frontdesk_types::SessionId;

use super::{
    Millis, Router,
    sessions::{NEVER, Phase},
    table::AgentIx,
};

/// Whose timer. At one instant agents come before sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A wrap-up ends.
    Agent(AgentIx),
    /// An offer ends, another group joins, skills do not matter any more.
    Session(SessionId),
}

impl Router {
    /// Fires what is due up to an instant, each at its own. Time never runs back.
    pub(super) fn advance(&mut self, at: Millis) {
        while let Some((due, owner)) = self.timers.first().copied().filter(|(due, _)| *due <= at) {
            self.timers.remove(&(due, owner));
            self.now = self.now.max(due);
            match owner {
                Owner::Agent(agent) => self.end_wrap_up(agent),
                Owner::Session(session) => self.session_timer(session),
            }
            self.settle();
        }
        self.now = self.now.max(at);
    }

    /// In this order: an offer that was not answered, another group, the skills.
    fn session_timer(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.deadline = NEVER;
        if let Phase::Ringing { agent, until, seen, auto } = session.phase
            && until <= self.now
        {
            self.missed(id, agent, seen, auto);
        }
        self.widen(id);
        self.schedule(id);
    }

    /// Puts a session's earliest timer among the others. Says whether it is another than before.
    pub(super) fn schedule(&mut self, id: SessionId) -> bool {
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let mut deadline = NEVER;
        if let Some(queue) = session.waits_in() {
            let rings = match session.phase {
                Phase::Ringing { until, .. } => until,
                Phase::Fresh | Phase::Open => NEVER,
            };
            let relaxes = session.relaxes(&self.queues[queue], self.no_skills);
            deadline = rings.min(session.widens).min(relaxes);
        }
        if deadline == session.deadline {
            return false;
        }
        if session.deadline != NEVER {
            self.timers.remove(&(session.deadline, Owner::Session(id)));
        }
        session.deadline = deadline;
        if deadline != NEVER {
            self.timers.insert((deadline, Owner::Session(id)));
        }
        true
    }
}
