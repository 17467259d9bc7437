//! Sessions as the router has them.

use frontdesk_types::SessionId;

use super::{
    Kind, Millis,
    pool::{Order, PoolKey, Reach, Tried},
    queues::Queue,
    table::{AgentIx, PoolIx, QueueIx, SkillSetIx},
};
use crate::Groups;

/// Whether a session waits, and who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Waits, and nobody has it.
    Waiting,
    With(AgentIx),
    /// Somebody has it, and another agent is asked.
    ToAgent(AgentIx, AgentIx),
    /// Somebody has it, and it waits in another queue.
    ToQueue(AgentIx, QueueIx),
}

/// How a waiting session looks for its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// For one agent at a time, and nobody has been found yet.
    Fresh,
    /// For all.
    Open,
    /// Offered to one agent, until then.
    Ringing { agent: AgentIx, until: Millis, seen: bool, auto: bool },
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) standing: Standing,
    pub(super) kind: Kind,
    pub(super) priority: u8,
    /// The queue it waits in, or was taken from.
    pub(super) queue: QueueIx,
    /// The version of its queue's rules by which it waits.
    pub(super) rules: u32,
    pub(super) since: Millis,
    /// When its agent took it.
    pub(super) taken: Millis,
    /// Whether that is so, or only when the router was told.
    pub(super) taken_known: bool,
    pub(super) skills: SkillSetIx,
    /// Where it waits.
    pub(super) pool: Option<PoolIx>,
    pub(super) phase: Phase,
    /// Its place in the order: the arrival, the head start taken off.
    pub(super) turn: Millis,
    /// When the next group joins, or all do.
    pub(super) widens: Millis,
    /// The earliest of its timers, as it stands among all timers.
    pub(super) deadline: Millis,
    /// How many groups of a cascade are asked, less one; or which group it belongs to.
    pub(super) group: u8,
    /// Whether every group is asked.
    pub(super) everybody: bool,
    /// Whether skills do not matter any more.
    pub(super) relaxed: bool,
    /// How many agents were asked alone.
    pub(super) attempts: u8,
    /// Who was asked and did not take it.
    #[expect(clippy::box_collection, reason = "most sessions have none: 8 bytes, not 24")]
    pub(super) tried: Option<Box<Vec<AgentIx>>>,
}

/// No timer.
pub(super) const NEVER: Millis = Millis::MAX;

impl Session {
    pub(super) fn order(&self, id: SessionId) -> Order {
        (self.turn, id)
    }

    pub(super) fn holder(&self) -> Option<AgentIx> {
        match self.standing {
            Standing::Waiting => None,
            Standing::With(agent) | Standing::ToAgent(agent, _) | Standing::ToQueue(agent, _) => {
                Some(agent)
            }
        }
    }

    /// The queue in which it waits.
    pub(super) fn waits_in(&self) -> Option<QueueIx> {
        match self.standing {
            Standing::Waiting => Some(self.queue),
            Standing::ToQueue(_, queue) => Some(queue),
            Standing::With(_) | Standing::ToAgent(..) => None,
        }
    }

    /// The queue that its next agent takes it from.
    pub(super) fn taken_from(&self) -> QueueIx {
        self.waits_in().unwrap_or(self.queue)
    }

    /// Who was asked and did not take it, in the order of their ids; `None` if nobody was.
    pub(super) fn tried_by(&self) -> Option<Tried> {
        let mut tried = self.tried.as_deref().filter(|tried| !tried.is_empty())?.clone();
        tried.sort_unstable();
        tried.dedup();
        Some(tried.into_boxed_slice())
    }

    pub(super) fn was_tried(&self, agent: AgentIx) -> bool {
        self.tried.as_ref().is_some_and(|tried| tried.contains(&agent))
    }

    pub(super) fn try_no_more(&mut self, agent: AgentIx) {
        self.tried.get_or_insert_default().push(agent);
    }

    /// Which pool it belongs to.
    pub(super) fn pool_key(
        &self,
        queue: QueueIx,
        rules: &Groups,
        no_skills: SkillSetIx,
    ) -> PoolKey {
        let reach = match rules {
            Groups::All => Reach::All,
            _ if self.everybody => Reach::All,
            Groups::Cascade { .. } => Reach::UpTo(self.group),
            Groups::Percent { .. } => Reach::Only(self.group),
        };
        let skills = if self.relaxed { no_skills } else { self.skills };
        PoolKey { queue, kind: self.kind, skills, reach, holder: self.holder() }
    }

    /// How it looks for an agent while it has none.
    pub(super) fn looks_as(&self, queue: &Queue) -> Phase {
        match queue.opens_after() {
            Some(attempts) if self.attempts >= attempts => Phase::Open,
            _ => Phase::Fresh,
        }
    }

    /// When its skills stop to matter.
    pub(super) fn relaxes(&self, queue: &Queue, no_skills: SkillSetIx) -> Millis {
        match queue.rules.skills_for {
            Some(time) if !self.relaxed && self.skills != no_skills => {
                self.since.saturating_add(time.num_milliseconds())
            }
            _ => NEVER,
        }
    }
}
