//! Sessions of a queue that the same agents may take.

use std::collections::BTreeSet;

use frontdesk_types::SessionId;

use super::{
    Kind, Millis,
    agents::{Agent, Membership, Turn},
    table::{AgentIx, QueueIx, SkillIx, SkillSetIx},
};

/// When a session's turn is: its arrival, its priority's head start taken off.
pub(super) type Order = (Millis, SessionId);

/// Which of a queue's groups are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Reach {
    All,
    Only(u8),
    /// This group and those before.
    UpTo(u8),
}

impl Reach {
    pub(super) fn includes(self, group: u8) -> bool {
        match self {
            Self::All => true,
            Self::Only(only) => group == only,
            Self::UpTo(last) => group <= last,
        }
    }
}

/// What the sessions of a pool have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PoolKey {
    pub(super) queue: QueueIx,
    pub(super) kind: Kind,
    pub(super) skills: SkillSetIx,
    pub(super) reach: Reach,
    /// Who has the sessions already: nobody is asked to take what they have.
    pub(super) holder: Option<AgentIx>,
}

impl PoolKey {
    /// Whether an agent of the queue is one of those asked, as far as the configuration goes.
    pub(super) fn admits(
        &self,
        ix: AgentIx,
        agent: &Agent,
        member: Membership,
        skills: &[SkillIx],
    ) -> bool {
        self.holder != Some(ix) && self.reach.includes(member.group) && agent.has_skills(skills)
    }
}

#[derive(Debug)]
pub(super) struct Pool {
    pub(super) key: PoolKey,
    /// Who may take the sessions now. Sorted.
    pub(super) eligible: Vec<AgentIx>,
    /// Those of them who can be given a session alone, in the order in which they are asked.
    pub(super) free: BTreeSet<(Turn, AgentIx)>,
    /// Sessions that are for one agent, and have none.
    pub(super) fresh: BTreeSet<Order>,
    /// Sessions that are offered to one agent.
    pub(super) ringing: BTreeSet<Order>,
    /// Sessions that are for all.
    pub(super) open: BTreeSet<Order>,
    /// The open sessions that are shown, as many as there are agents, and who sees them.
    pub(super) shown: Vec<SessionId>,
    pub(super) viewers: Vec<AgentIx>,
    pub(super) last_shown: Option<Order>,
}

impl Pool {
    pub(super) fn new(key: PoolKey) -> Self {
        Self {
            key,
            eligible: Vec::new(),
            free: BTreeSet::new(),
            fresh: BTreeSet::new(),
            ringing: BTreeSet::new(),
            open: BTreeSet::new(),
            shown: Vec::new(),
            viewers: Vec::new(),
            last_shown: None,
        }
    }

    /// Whether an agent may take the sessions now; the answer is whether that is new.
    pub(super) fn set_eligible(&mut self, agent: AgentIx, eligible: bool) -> bool {
        match (self.eligible.binary_search(&agent), eligible) {
            (Err(place), true) => self.eligible.insert(place, agent),
            (Ok(place), false) => {
                self.eligible.remove(place);
            }
            _ => return false,
        }
        true
    }

    /// Whether a session that has joined the open ones may be among those shown.
    pub(super) fn shows(&self, order: Order) -> bool {
        self.open.contains(&order)
            && !self.eligible.is_empty()
            && (self.shown.len() < self.eligible.len()
                || self.last_shown.is_none_or(|last| order < last))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.open.is_empty() && self.ringing.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.fresh.len() + self.open.len() + self.ringing.len()
    }
}
