//! When agents are expected to come and go, and whether they do (RTE-12).

use std::collections::VecDeque;

use frontdesk_types::{AgentId, Instant};

use super::{Millis, Router};
use crate::{Refused, numbers::seconds, wait::Change};

/// Changes of a roster that are kept for each agent.
const CHANGES: usize = 64;
/// An agent who is later than this does not come (or go) any more, in milliseconds.
const TOO_LATE: Millis = 2 * 3600 * 1000;
/// A change before that has nothing to do with the roster's, in milliseconds.
const AROUND: Millis = 1800 * 1000;
/// What an agent did before counts so much less with each further change.
const FADES: f64 = 0.9;
/// As how many kept changes the trust in a roster counts that nobody has broken yet.
const TRUST: f64 = 3.0;
/// As how many changes of their own what all agents do counts for each.
const COMMON: f64 = 2.0;

/// What the roster says of an agent.
#[derive(Debug, Clone, Default)]
pub(super) struct Roster {
    /// When the agent comes (or goes), in order: what is ahead, and what has not come true yet.
    changes: VecDeque<(Millis, bool)>,
    /// Since when the agent is there, or not.
    since: Millis,
    record: Record,
}

/// How an agent has kept to the roster.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Record {
    kept: f64,
    missed: f64,
    /// Seconds, over all kept changes.
    late: f64,
}

impl Record {
    pub(super) fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.missed += other.missed;
        self.late += other.late;
    }

    fn fade(&mut self) {
        self.kept *= FADES;
        self.missed *= FADES;
        self.late *= FADES;
    }
}

impl Roster {
    /// The agent comes or goes now.
    pub(super) fn changes(&mut self, before: bool, after: bool, now: Millis) {
        if before != after {
            self.look_back(before, now);
            self.since = now;
            self.look_back(after, now);
        }
    }

    /// Compares what the roster said with what has come.
    fn look_back(&mut self, there: bool, now: Millis) {
        while let Some((at, comes)) = self.changes.front().copied().filter(|(at, _)| *at <= now) {
            let next = self.changes.get(1).is_some_and(|(next, _)| *next <= now);
            if comes == there && self.since < at - AROUND {
                // Nothing was to be done: that is no proof of anything.
            } else if comes == there {
                self.record.fade();
                self.record.kept += 1.0;
                self.record.late += seconds(self.since.max(at) - at);
            } else if next || now - at > TOO_LATE {
                self.record.fade();
                self.record.missed += 1.0;
            } else {
                return;
            }
            self.changes.pop_front();
        }
    }

    /// As it stands at an instant.
    pub(super) fn at(&self, there: bool, now: Millis) -> Self {
        let mut roster = self.clone();
        roster.look_back(there, now);
        roster
    }

    pub(super) fn record(&self) -> Record {
        self.record
    }

    /// Whether the agent is expected to come.
    pub(super) fn comes(&self) -> bool {
        self.changes.iter().any(|(_, comes)| *comes)
    }

    /// What is ahead, within a time in milliseconds, given what all do.
    pub(super) fn ahead(&self, now: Millis, within: Millis, all: &Record) -> Vec<Change> {
        let common = (all.kept + TRUST) / (all.kept + all.missed + TRUST);
        let own = self.record.kept + self.record.missed;
        let kept = (self.record.kept + COMMON * common) / (own + COMMON);
        let late = (self.record.late + COMMON * all.late / all.kept.max(1.0))
            / (self.record.kept + COMMON).max(1.0);
        let ahead = self.changes.iter().take_while(|(at, _)| at - now < within);
        let change = |(at, comes): &(Millis, bool)| {
            let at = seconds(at - now);
            // The agent is late already: half as likely when that is unusual.
            let over = -at > 1.5 * late + 60.0;
            let kept = if over { kept * 0.5 } else { kept };
            let late = if over { (-at).max(60.0) } else { late };
            Change { at, comes: *comes, kept, late }
        };
        ahead.map(change).collect()
    }
}

impl Router {
    /// Tells when an agent is expected to come (`true`) and go, in order; replaces what was told before of
    /// the time from the first change on. Nothing follows but better estimates (RTE-12).
    pub fn expect(&mut self, agent: &AgentId, changes: &[(Instant, bool)]) -> Result<(), Refused> {
        let ix = self.known(agent)?;
        let changes = changes.iter().take(CHANGES);
        let changes: Vec<_> = changes.map(|(at, comes)| (self.own_time(*at), *comes)).collect();
        let now = self.now;
        let agent = &mut self.agents[ix];
        let there = agent.chosen.takes_sessions();
        agent.roster.look_back(there, now);
        let kept = &mut agent.roster.changes;
        let first = changes.first().map(|(at, _)| *at);
        kept.retain(|(at, _)| *at <= now && first.is_none_or(|first| *at < first));
        kept.extend(changes);
        Ok(())
    }
}
