//! More may be asked as time passes, or when nobody of a group is there (RTE-7, RTE-8, RTE-18).

use std::collections::BTreeSet;

use frontdesk_types::SessionId;

use super::{
    Router, RouterEvent,
    pool::{Order, PoolKey, Reach},
    sessions::{NEVER, Phase},
    table::PoolIx,
};
use crate::Groups;

impl Router {
    /// More may be asked as time passes: the next group, all groups, agents without the skills.
    pub(super) fn widen(&mut self, id: SessionId) {
        let (now, no_skills) = (self.now, self.no_skills);
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(queue) = session.waits_in() else { return };
        let queue = &self.queues[queue];
        let groups = session.widens <= now;
        let skills = session.relaxes(queue, no_skills) <= now;
        if !groups && !skills {
            return;
        }
        let cascade = matches!(queue.rules.groups, Groups::Cascade { .. });
        let last = queue.last_group;
        self.repool(id, |session| {
            session.relaxed |= skills;
            if groups && cascade {
                session.group = session.group.saturating_add(1).min(last);
            } else if groups {
                session.everybody = true;
                session.widens = NEVER;
            }
        });
        if groups && cascade {
            self.joined_by_next_group(id, None);
        }
    }

    /// The first sessions of pools whose newest group has nobody do not wait for it (RTE-7, RTE-8): those that
    /// would be among the first that are shown. The others follow when it is their turn, so that a step stays
    /// short however many wait. Those that come first are passed on first, whichever pools they are in.
    pub(super) fn skip_groups(&mut self) {
        let mut next: BTreeSet<(Order, PoolIx)> = BTreeSet::new();
        loop {
            while let Some(ix) = self.unsettled.skips.pop_first() {
                next.extend(self.first_to_skip(ix).map(|(order, _)| (order, ix)));
            }
            let Some((order, ix)) = next.pop_first() else { return };
            match self.first_to_skip(ix) {
                Some((now, reach)) if now == order => self.skip_group(ix, order, reach),
                // Others have come or gone since.
                Some((now, _)) => {
                    next.insert((now, ix));
                }
                None => {}
            }
        }
    }

    /// The first session of a pool whose newest group has nobody, and who is asked instead: one that an agent is asked
    /// for alone, or else the first of the others.
    fn first_to_skip(&self, ix: PoolIx) -> Option<(Order, Reach)> {
        let pool = &self.pools[ix];
        let key = pool.key;
        let queue = &self.queues[key.queue];
        let reach = match key.reach {
            Reach::UpTo(group) if queue.skips(group) && !self.anybody_of(&key, group) => {
                Reach::UpTo(group + 1)
            }
            Reach::Only(group) if !queue.anybody_in(group) => Reach::All,
            _ => return None,
        };
        let first = pool.ringing.first().copied().or_else(|| pool.first());
        first.map(|first| (first, reach))
    }

    /// Passes a session on, if it would be among the first.
    fn skip_group(&mut self, ix: PoolIx, order: Order, reach: Reach) {
        let pool = &self.pools[ix];
        let most = self.rules.most_offers();
        self.steps += most as u64;
        let next = self.pool_ix.get(&PoolKey { reach, ..pool.key });
        let is_first = next.is_none_or(|next| self.pools[*next].before(order, most) < most);
        if !is_first && !pool.ringing.contains(&order) {
            return;
        }
        let (_, id) = order;
        match reach {
            Reach::UpTo(group) => {
                self.repool(id, |session| session.group = group);
                self.joined_by_next_group(id, Some(self.now));
            }
            _ => self.repool(id, |session| (session.everybody, session.widens) = (true, NEVER)),
        }
        self.unsettled.skips.insert(ix);
    }

    /// Whether anybody of a group could take a pool's sessions now.
    fn anybody_of(&self, key: &PoolKey, group: u8) -> bool {
        let benches = &self.queues[key.queue].benches;
        if !benches.anybody(group, key.kind) {
            return false;
        }
        let skills = &self.skill_sets[key.skills];
        let key = PoolKey { reach: Reach::Only(group), ..*key };
        let on = benches.of(&key, benches.rarest(skills)).flat_map(|bench| &bench.eligible);
        let mut able =
            on.filter(|ix| key.holder != Some(**ix) && self.agents[**ix].has_skills(skills));
        able.next().is_some()
    }

    /// Sets when the group after the next joins, and tells.
    fn joined_by_next_group(&mut self, id: SessionId, from: Option<i64>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(queue) = session.waits_in() else { return };
        let from = from.unwrap_or(session.widens);
        self.queues[queue].cascade_from(session, from);
        let groups = session.group.saturating_add(1);
        let queue = self.queues[queue].id.clone();
        self.schedule(id);
        self.unsettled.cascaded.insert(id, RouterEvent::Cascaded { session: id, queue, groups });
    }
}

impl super::sessions::Session {
    /// Whether one agent is asked for it alone.
    pub(super) fn rings(&self) -> bool {
        matches!(self.phase, Phase::Ringing { .. })
    }
}
