//! Queues as the router has them, and which of their groups a session begins with.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::{Discriminant, discriminant},
};

use frontdesk_types::QueueId;

use super::{
    Kind, Millis,
    agents::Membership,
    benches::Benches,
    line::Line,
    sessions::{NEVER, Session},
    table::{AgentIx, PoolIx, SeatIx, SkillSetIx},
};
use crate::{
    Assignment, Groups, QueueRules, WaitHistory, numbers::seconds, shares::Shares, wait::Arrivals,
};

#[derive(Debug)]
pub(super) struct Queue {
    pub(super) id: QueueId,
    pub(super) rules: QueueRules,
    /// Rises when sessions that wait must be placed anew.
    pub(super) version: u32,
    /// The version in which the way of asking groups was another for the first time.
    pub(super) groups_since: u32,
    pub(super) members: Vec<(AgentIx, Membership)>,
    /// The last group, counted from 0.
    pub(super) last_group: u8,
    /// Who has had how much, for percent allocation.
    pub(super) shares: Option<Shares>,
    pub(super) pools: Vec<PoolIx>,
    /// How many of each group's agents are logged in.
    pub(super) logged_in: BTreeMap<u8, usize>,
    /// Pools by the newest of their cascade's groups, or by the only group that is asked.
    pub(super) cascades: BTreeMap<u8, BTreeSet<PoolIx>>,
    /// How sessions and agents find each other.
    pub(super) benches: Benches,
    /// Seats with agents of the queue.
    pub(super) seats: BTreeSet<SeatIx>,
    /// Changes with the number of agents, where pools are too many to look at each.
    pub(super) fronts: u64,
    /// Sessions that wait, whoever is asked.
    pub(super) line: Line,
    /// How many of its agents are there for sessions, in one or not.
    pub(super) active: usize,
    /// How long its sessions take, and how long its consumers wait.
    pub(super) history: WaitHistory,
    /// How often consumers come, by what they ask for.
    pub(super) streams: Vec<(Asks, Arrivals)>,
}

/// What consumers ask for, as far as it matters to those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asks {
    pub(super) kind: Kind,
    pub(super) priority: u8,
    pub(super) skills: SkillSetIx,
    /// Somebody else brings it to an agent: the telephony.
    pub(super) brought: bool,
}

/// Kinds of consumers that are told apart in a queue; more count as the last.
const STREAMS: usize = 12;

/// The rules on which the turn, the phase, the groups and the timers of a waiting session depend.
#[derive(PartialEq, Eq)]
struct Placing {
    head_start: Millis,
    skills_for: Option<Millis>,
    groups: Discriminant<Groups>,
    last_group: u8,
    opens_after: Option<u8>,
}

/// Whether sessions can be given to one agent alone.
pub(super) fn asks_one(rules: &QueueRules) -> bool {
    rules.auto_answer || rules.assignment != Assignment::Multicast
}

impl Queue {
    pub(super) fn new(id: QueueId) -> Self {
        Self {
            id,
            rules: QueueRules::default(),
            version: 0,
            groups_since: 0,
            members: Vec::new(),
            last_group: 0,
            shares: None,
            pools: Vec::new(),
            logged_in: BTreeMap::new(),
            cascades: BTreeMap::new(),
            benches: Benches::default(),
            seats: BTreeSet::new(),
            fronts: 0,
            line: Line::default(),
            active: 0,
            history: WaitHistory::default(),
            streams: Vec::new(),
        }
    }

    /// A consumer comes.
    pub(super) fn count_arrival(&mut self, asks: Asks, now: Millis) {
        let now = seconds(now);
        let known = self.streams.iter().position(|(known, _)| *known == asks);
        if known.is_none() && self.streams.len() < STREAMS {
            // The queue is as old as its first consumer.
            let first = self.streams.first().map_or(now, |(_, stream)| stream.first());
            self.streams.push((asks, Arrivals::since(first)));
        }
        let last = self.streams.len().saturating_sub(1);
        if let Some((_, stream)) = self.streams.get_mut(known.unwrap_or(last)) {
            stream.push(now);
        }
    }

    /// Takes on how often consumers came before a restart.
    pub(super) fn restore_stream(&mut self, asks: Asks, arrivals: Arrivals) {
        if self.streams.len() < STREAMS {
            self.streams.push((asks, arrivals));
        }
    }

    /// Takes on rules and agents. What was allocated so far counts on, as long as the shares are the same. Says
    /// whether sessions that wait must be placed anew.
    pub(super) fn configure(
        &mut self,
        rules: QueueRules,
        members: Vec<(AgentIx, Membership)>,
    ) -> bool {
        let before = self.placing();
        self.last_group = members.iter().map(|(_, member)| member.group).max().unwrap_or(0);
        match &rules.groups {
            Groups::Percent { shares, .. } => {
                if self.shares.as_ref().is_none_or(|known| known.percent() != shares) {
                    self.shares = Some(Shares::new(shares.clone()));
                }
            }
            Groups::All | Groups::Cascade { .. } => self.shares = None,
        }
        self.rules = rules;
        self.members = members;
        let now = self.placing();
        if now == before {
            return false;
        }
        self.version += 1;
        if now.groups != before.groups {
            self.groups_since = self.version;
        }
        true
    }

    /// The rules on which the place of a waiting session depends.
    fn placing(&self) -> Placing {
        let rules = &self.rules;
        let cascade = matches!(rules.groups, Groups::Cascade { .. });
        Placing {
            head_start: rules.head_start.num_milliseconds(),
            skills_for: rules.skills_for.map(|time| time.num_milliseconds()),
            groups: discriminant(&rules.groups),
            last_group: if cascade { self.last_group } else { self.last_share() },
            opens_after: self.opens_after(),
        }
    }

    /// After how many agents who were asked alone a session is for all; `None` is never.
    pub(super) fn opens_after(&self) -> Option<u8> {
        match &self.rules.assignment {
            _ if self.rules.auto_answer => None,
            Assignment::Multicast => Some(0),
            Assignment::Deltacast(rules) => rules.then_multicast.then_some(rules.attempts),
        }
    }

    /// Whether sessions of its can be given to one agent alone.
    pub(super) fn asks_one(&self) -> bool {
        asks_one(&self.rules)
    }

    pub(super) fn head_start(&self, priority: u8) -> Millis {
        self.rules.head_start.num_milliseconds().saturating_mul(Millis::from(priority))
    }

    /// Which groups are asked first, by how long the session has waited; whether it was allocated just now.
    pub(super) fn begin(&mut self, session: &mut Session, now: Millis, group: Option<u8>) -> bool {
        (session.group, session.everybody, session.widens) = (0, false, NEVER);
        match &self.rules.groups {
            Groups::All => {}
            Groups::Cascade { timer, .. } => {
                let timer = timer.num_milliseconds().max(1);
                let passed = now.saturating_sub(session.since).max(0).div_euclid(timer);
                session.group = u8::try_from(passed).unwrap_or(u8::MAX).min(self.last_group);
                self.cascade_from(
                    session,
                    session.since.saturating_add(timer.saturating_mul(passed)),
                );
            }
            Groups::Percent { timer, .. } => {
                let ends = timer
                    .map_or(NEVER, |timer| session.since.saturating_add(timer.num_milliseconds()));
                let allocated = group.is_none();
                let next = || self.shares.as_mut().map_or(0, Shares::next);
                session.group = group.unwrap_or_else(next);
                if now < ends {
                    session.widens = ends;
                } else {
                    session.everybody = true;
                }
                return allocated;
            }
        }
        false
    }

    /// After another configuration: whether a session goes on with the groups it had. Timers that run stay.
    pub(super) fn keeps_group(&self, session: &mut Session, now: Millis) -> bool {
        match &self.rules.groups {
            Groups::All => true,
            Groups::Percent { .. } => session.group <= self.last_share(),
            Groups::Cascade { .. } => {
                session.group = session.group.min(self.last_group);
                if session.group == self.last_group {
                    session.widens = NEVER;
                } else if session.widens == NEVER {
                    self.cascade_from(session, now);
                }
                true
            }
        }
    }

    /// The last group that has a share, with agents or without.
    pub(super) fn last_share(&self) -> u8 {
        let shares = self.shares.as_ref().map_or(0, |shares| shares.percent().len());
        u8::try_from(shares.saturating_sub(1)).unwrap_or(u8::MAX)
    }

    /// The next group joins a timer's time from an instant.
    pub(super) fn cascade_from(&self, session: &mut Session, at: Millis) {
        let Groups::Cascade { timer, .. } = &self.rules.groups else { return };
        session.widens = if session.group < self.last_group {
            at.saturating_add(timer.num_milliseconds())
        } else {
            NEVER
        };
    }

    /// Whether anybody of a group is logged in.
    pub(super) fn anybody_in(&self, group: u8) -> bool {
        self.logged_in.get(&group).is_some_and(|agents| *agents > 0)
    }

    /// Whether sessions may be passed on to others than a group, because of who is in it.
    pub(super) fn may_pass_on(&self, group: u8) -> bool {
        self.skips(group) || !self.anybody_in(group)
    }

    /// Whether sessions do not wait for a group in which nobody could take them.
    pub(super) fn skips(&self, group: u8) -> bool {
        let Groups::Cascade { skip_empty, .. } = self.rules.groups else { return false };
        group < self.last_group
            && (skip_empty || !self.members.iter().any(|(_, member)| member.group == group))
    }
}
