//! Sessions of a queue that the same agents may take.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::SessionId;

use super::{
    Kind, Millis,
    agents::{Agent, Membership},
    sessions::{Phase, Session},
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

    /// The group that was the last to be asked; `None` when all are.
    pub(super) fn newest(self) -> Option<u8> {
        match self {
            Self::All => None,
            Self::Only(group) | Self::UpTo(group) => Some(group),
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

/// Agents who were asked alone and did not take a session, in the order of their ids.
pub(super) type Tried = Box<[AgentIx]>;

#[derive(Debug)]
pub(super) struct Pool {
    pub(super) key: PoolKey,
    /// Its place among the queue's pools.
    pub(super) place: usize,
    /// The skill by which the queue finds it: the one that the fewest of its agents have.
    pub(super) rarest: Option<SkillIx>,
    /// Sessions that are for one agent, have none, and were offered to nobody yet.
    pub(super) fresh: BTreeSet<Order>,
    /// The same that were offered, by who did not take them.
    pub(super) again: BTreeMap<Tried, BTreeSet<Order>>,
    /// Sessions that are offered to one agent.
    pub(super) ringing: BTreeSet<Order>,
    /// Sessions that are for all.
    pub(super) open: BTreeSet<Order>,
    /// Its first fresh and open session, as the queue's lines have them.
    pub(super) heads: [Option<Order>; 2],
    /// The first open sessions: as many as there are agents who may take them, if they are shown so many.
    pub(super) front: Vec<SessionId>,
    /// The queue's number of fronts when that was looked at.
    pub(super) fronts: u64,
    sessions: usize,
}

impl Pool {
    pub(super) fn new(key: PoolKey, place: usize, rarest: Option<SkillIx>) -> Self {
        Self {
            key,
            place,
            rarest,
            fresh: BTreeSet::new(),
            again: BTreeMap::new(),
            ringing: BTreeSet::new(),
            open: BTreeSet::new(),
            heads: [None, None],
            front: Vec::new(),
            fronts: 0,
            sessions: 0,
        }
    }

    pub(super) fn insert(&mut self, order: Order, session: &Session) {
        self.sessions += 1;
        match (session.phase, session.tried_by()) {
            (Phase::Fresh, None) => self.fresh.insert(order),
            (Phase::Fresh, Some(tried)) => self.again.entry(tried).or_default().insert(order),
            (Phase::Open, _) => self.open.insert(order),
            (Phase::Ringing { .. }, _) => self.ringing.insert(order),
        };
    }

    pub(super) fn remove(&mut self, order: Order, session: &Session) {
        self.sessions = self.sessions.saturating_sub(1);
        match (session.phase, session.tried_by()) {
            (Phase::Fresh, None) => {
                self.fresh.remove(&order);
            }
            (Phase::Fresh, Some(tried)) => {
                let left = self.again.get_mut(&tried).is_some_and(|orders| {
                    orders.remove(&order);
                    !orders.is_empty()
                });
                if !left {
                    self.again.remove(&tried);
                }
            }
            (Phase::Open, _) => {
                self.open.remove(&order);
            }
            (Phase::Ringing { .. }, _) => {
                self.ringing.remove(&order);
            }
        }
    }

    /// Every session, in no order.
    pub(super) fn orders(&self) -> impl Iterator<Item = &Order> {
        let again = self.again.values().flatten();
        self.fresh.iter().chain(again).chain(&self.open).chain(&self.ringing)
    }

    /// How many sessions that are offered to nobody alone come before another one; at most so many are
    /// counted.
    pub(super) fn before(&self, order: Order, at_most: usize) -> usize {
        let sets = self.again.values().chain([&self.fresh, &self.open]);
        let mut found = 0;
        for set in sets {
            found += set.range(..order).take(at_most - found).count();
            if found >= at_most {
                break;
            }
        }
        found
    }

    /// The first session that is offered to nobody alone.
    pub(super) fn first(&self) -> Option<Order> {
        let sets = self.again.values().chain([&self.fresh, &self.open]);
        sets.filter_map(BTreeSet::first).min().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sessions == 0
    }

    pub(super) fn len(&self) -> usize {
        self.sessions
    }
}
