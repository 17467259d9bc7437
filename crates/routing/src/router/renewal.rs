//! Rules that move the sessions themselves: another order, other groups, another way of asking. Every session of the
//! queue must be placed anew, the first in line first; where very many wait, in pieces, so that no step takes long.

use std::collections::BTreeSet;

use frontdesk_types::SessionId;

use super::{
    Router, RouterEvent,
    benches::{FRESH, OPEN},
    pool::Order,
    sessions::Phase,
    table::{PoolIx, QueueIx},
};

/// How much is looked at in one step: 1,000 sessions that are moved take some 1 to 2 ms.
const PIECE: u32 = 10_000;
/// The count of a session that is moved; one that stays counts 1.
const MOVED: u32 = 10;

/// The sessions that are still to be placed anew.
#[derive(Debug)]
pub(super) struct Renewal {
    /// The next session of each queue, by its turn. It may have gone.
    sessions: BTreeSet<(Order, QueueIx)>,
    /// Pools that belong under another skill, perhaps. They are found under either, only not as fast.
    pools: Vec<PoolIx>,
    /// How much is looked at in one step.
    piece: u32,
}

impl Default for Renewal {
    fn default() -> Self {
        Self { sessions: BTreeSet::new(), pools: Vec::new(), piece: PIECE }
    }
}

impl Renewal {
    pub(super) fn is_done(&self) -> bool {
        self.sessions.is_empty() && self.pools.is_empty()
    }

    /// The sessions of a queue are to be placed anew, from the first on.
    pub(super) fn begin(&mut self, queue: QueueIx, first: Option<Order>) {
        self.sessions.retain(|(_, other)| *other != queue);
        self.sessions.extend(first.map(|first| (first, queue)));
    }
}

impl Router {
    /// Goes on with what a configuration has changed.
    pub(super) fn renew_some(&mut self) {
        let mut left = self.renewal.piece;
        while left > 0 {
            let moved = if let Some((order, queue)) = self.renewal.sessions.pop_first() {
                let moved = self.renew(order.1);
                let next = self.queues[queue].line.after(order);
                self.renewal.sessions.extend(next.map(|next| (next, queue)));
                moved
            } else if let Some(pool) = self.renewal.pools.pop() {
                self.refile(pool)
            } else {
                return;
            };
            let count = if moved { MOVED } else { 1 };
            left = left.saturating_sub(count);
            self.steps += u64::from(count);
        }
    }

    /// Places a session by the rules that its queue has now. Timers that run go on; where groups are asked in
    /// another way than before, they begin anew. Says whether anything has changed.
    pub(super) fn renew(&mut self, id: SessionId) -> bool {
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let (Some(ix), Some(pool)) = (session.waits_in(), session.pool) else { return false };
        let queue = &mut self.queues[ix];
        if session.rules == queue.version {
            return false;
        }
        let (turn, phase) = (session.turn, session.phase);
        let same_groups = session.rules >= queue.groups_since;
        session.rules = queue.version;
        let goes_on = same_groups && queue.keeps_group(session, self.now);
        if !goes_on && queue.begin(session, self.now, None) {
            let (queue, group) = (queue.id.clone(), session.group);
            self.unsettled.events.push(RouterEvent::Allocated { session: id, queue, group });
        }
        session.relaxed |= session.relaxes(queue, self.no_skills) <= self.now;
        let now = session.since.saturating_sub(queue.head_start(session.priority));
        let looks = session.looks_as(queue);
        let key = session.pool_key(ix, &queue.rules.groups, self.no_skills);
        let asked = match phase {
            Phase::Ringing { agent, .. } => Some((agent, self.may_ring(id, agent))),
            Phase::Fresh | Phase::Open => None,
        };
        let looks = if matches!(asked, Some((_, true))) { phase } else { looks };
        if (turn, phase) == (now, looks) && self.pools[pool].key == key {
            return self.schedule(id);
        }
        self.repool(id, |session| (session.turn, session.phase) = (now, looks));
        if let Some((agent, false)) = asked {
            if let Phase::Ringing { until, auto: false, .. } = phase {
                self.unsettled.lost.push((id, agent, Some(until)));
            }
            self.change_agent(agent, |agent| agent.ringing = None);
            self.looks_for_all(agent);
        }
        true
    }

    /// A queue's agents have other skills: another one may be the rarest of a pool's.
    pub(super) fn rarest_may_differ(&mut self, ix: QueueIx) {
        let pools = &mut self.renewal.pools;
        pools.extend(&self.queues[ix].pools);
        if pools.len() > 2 * self.pools.len() {
            pools.sort_unstable();
            pools.dedup();
        }
    }

    /// Files a pool under the skill that is the rarest now.
    fn refile(&mut self, ix: PoolIx) -> bool {
        let pool = &mut self.pools[ix];
        let benches = &mut self.queues[pool.key.queue].benches;
        let rarest = benches.rarest(&self.skill_sets[pool.key.skills]);
        let before = std::mem::replace(&mut pool.rarest, rarest);
        if before == rarest {
            return false;
        }
        for (line, head) in [FRESH, OPEN].into_iter().zip(pool.heads) {
            if head.is_some() {
                benches.set_head((pool.key.kind, before), line, ix, [head, None]);
                benches.set_head((pool.key.kind, rarest), line, ix, [None, head]);
            }
        }
        true
    }

    /// A queue's agents or rules have changed: looks who is shown what, who is passed on, and who finds an agent.
    pub(super) fn look_again(&mut self, ix: QueueIx) {
        self.unsettled.in_turn = true;
        self.fronts_may_differ(ix);
        let queue = &self.queues[ix];
        self.steps += 1;
        let passed_on = queue.cascades.iter().filter(|(group, _)| queue.may_pass_on(**group));
        self.unsettled.skips.extend(passed_on.flat_map(|(_, pools)| pools));
        let mut looking = Vec::new();
        for (by, bench) in queue.benches.with_free() {
            let automatic = bench.free.iter().any(|(_, ix)| self.agents[*ix].auto_answer);
            let Some(heads) = queue.benches.heads(by.0, by.1) else { continue };
            let [fresh, open] = &heads.first;
            looking.extend(fresh.iter().map(|(order, _)| *order));
            looking.extend(open.iter().filter(|_| automatic).map(|(order, _)| *order));
        }
        if queue.benches.with_free().next().is_some() {
            let again =
                queue.benches.again.iter().flat_map(|pool| self.pools[*pool].again.values());
            looking.extend(again.filter_map(BTreeSet::first));
        }
        self.steps += looking.len() as u64;
        self.unsettled.sessions.extend(looking);
    }

    /// Lets the session after another look for an agent, where only the first of those that are alike look.
    pub(super) fn next_looks(&mut self, id: SessionId) {
        if !self.unsettled.in_turn {
            return;
        }
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(pool) = session.pool.map(|pool| &self.pools[pool]) else { return };
        let alike = match (session.phase, session.tried_by()) {
            (Phase::Fresh, None) => Some(&pool.fresh),
            (Phase::Fresh, Some(tried)) => pool.again.get(&tried),
            (Phase::Open, _) => Some(&pool.open),
            (Phase::Ringing { .. }, _) => None,
        };
        let order = session.order(id);
        let after = (std::ops::Bound::Excluded(order), std::ops::Bound::Unbounded);
        let next = alike.and_then(|alike| alike.range(after).next()).copied();
        self.unsettled.sessions.extend(next);
    }
}

#[cfg(test)]
mod tests;
