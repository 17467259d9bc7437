//! Timers, as data. Each session and each agent has one entry at most: its earliest.

use frontdesk_types::{Instant, SessionId, from_millis, to_millis};

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

/// The clocks of hosts differ by less. A clock that shows an earlier time by more was set back.
const CLOCKS_DIFFER: Millis = 5 * 60_000;

impl Router {
    /// Fires what is due by the host's clock. The router's own time never runs back: where the clock was set back, it goes on
    /// from the last instant, until the clock is right again.
    pub(super) fn follow_clock(&mut self, at: Instant) {
        let at = to_millis(at);
        let oldest = self.now.saturating_sub(CLOCKS_DIFFER);
        if at >= oldest {
            self.behind = 0;
        } else if at.saturating_add(self.behind) < oldest {
            self.behind = self.now.saturating_sub(at);
        }
        self.advance(at.saturating_add(self.behind));
    }

    /// The router's own time at an instant of the host's clock.
    pub(super) fn own_time(&self, at: Instant) -> Millis {
        to_millis(at).saturating_add(self.behind)
    }

    /// What the host's clock shows, or will show, at a point of the router's own time.
    pub(super) fn shown(&self, own: Millis) -> Instant {
        from_millis(own.saturating_sub(self.behind))
    }

    /// Fires what is due up to an instant, each at its own. Time never runs back.
    fn advance(&mut self, at: Millis) {
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
