//! Sessions in their pools, and agents as the pools find them.

use frontdesk_types::SessionId;

use super::{
    Kind, Router,
    agents::{Agent, Membership},
    benches::{FRESH, OPEN, Seating},
    pool::{Pool, PoolKey, Reach},
    sessions::Session,
    table::{AgentIx, PoolIx, QueueIx},
};
use crate::Groups;

pub(super) const KINDS: [Kind; 2] = [Kind::Call, Kind::Chat];

impl Router {
    /// Changes an agent, and what every queue knows of them. Who may take another session after that looks
    /// for one; who may not is asked no longer.
    pub(super) fn change_agent(&mut self, ix: AgentIx, change: impl FnOnce(&mut Agent)) {
        self.unsettled.note_status(ix, &self.agents[ix]);
        let before = KINDS.map(|kind| self.agents[ix].is_eligible(kind, &self.rules));
        self.seat_at_benches(ix, before, false);
        change(&mut self.agents[ix]);
        let after = KINDS.map(|kind| self.agents[ix].is_eligible(kind, &self.rules));
        self.seat_at_benches(ix, after, true);
        for (kind, (before, after)) in KINDS.into_iter().zip(before.into_iter().zip(after)) {
            if before != after {
                self.eligibility_changed(ix, kind);
            }
        }
        self.reseat(ix);
        let eligible = |kind| after.into_iter().zip(KINDS).any(|(able, of)| able && of == kind);
        match self.agents[ix].ringing {
            None if after.contains(&true) => {
                self.unsettled.agents.insert((self.agents[ix].rank, ix));
            }
            Some(session)
                if !self.sessions.get(&session).is_some_and(|session| eligible(session.kind)) =>
            {
                self.stop_ringing(session, false);
            }
            _ => {}
        }
    }

    /// Takes an agent from the benches of all queues, or puts them there as they are now.
    pub(super) fn seat_at_benches(&mut self, ix: AgentIx, eligible: [bool; 2], put: bool) {
        let agent = &self.agents[ix];
        for member in &agent.member_of {
            let queue = &mut self.queues[member.queue];
            let free = (queue.asks_one() || agent.auto_answer) && agent.ringing.is_none();
            for (kind, eligible) in KINDS.into_iter().zip(eligible) {
                if eligible && queue.benches.knows(kind) {
                    let (member, rules) = (*member, &self.rules);
                    queue.benches.seat(&Seating { ix, agent, member, kind, free, rules }, put);
                }
            }
        }
    }

    /// An agent may take sessions of a kind now, or may not any more.
    fn eligibility_changed(&mut self, ix: AgentIx, kind: Kind) {
        let members: Vec<Membership> = self.agents[ix].member_of.clone();
        for member in members {
            self.count_again(ix, member, kind);
            let queue = &self.queues[member.queue];
            if let Some(pools) = queue.cascades.get(&member.group) {
                self.unsettled.skips.extend(pools);
            }
        }
    }

    /// Puts a waiting session into its pool, as its phase has it.
    pub(super) fn join(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(queue) = session.waits_in() else { return };
        let key = session.pool_key(queue, &self.queues[queue].rules.groups, self.no_skills);
        let ix = self.pool(key);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.pool = Some(ix);
        let (order, rings, holder) = (session.order(id), session.rings(), session.holder());
        self.pools[ix].insert(order, session);
        self.queues[queue].line.insert(order);
        if !rings {
            // For open ones an agent who answers automatically may become free later in the same step.
            self.unsettled.sessions.insert(order);
        }
        if key.reach != Reach::All {
            self.unsettled.skips.insert(ix);
        }
        self.pool_changed(ix);
        if let Some(holder) = holder {
            self.reseat(holder);
        }
    }

    /// Takes a session out of its pool.
    pub(super) fn part(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(ix) = session.pool.take() else { return };
        let (order, holder) = (session.order(id), session.holder());
        let pool = &mut self.pools[ix];
        pool.remove(order, session);
        let key = pool.key;
        self.queues[key.queue].line.remove(order);
        self.unsettled.sessions.remove(&order);
        self.pool_changed(ix);
        self.others_follow(key);
        if let Some(holder) = holder {
            self.reseat(holder);
        }
    }

    /// A session has left a pool: the next of those that are passed on to it may be among the first now.
    fn others_follow(&mut self, key: PoolKey) {
        let from = match (key.reach, &self.queues[key.queue].rules.groups) {
            (Reach::UpTo(group), _) if group > 0 => group - 1..=group - 1,
            (Reach::All, Groups::Percent { .. }) => 0..=self.queues[key.queue].last_share(),
            _ => return,
        };
        for group in from {
            let reach = match key.reach {
                Reach::All => Reach::Only(group),
                _ => Reach::UpTo(group),
            };
            self.unsettled.skips.extend(self.pool_ix.get(&PoolKey { reach, ..key }));
        }
    }

    /// Tells the queue which of a pool's sessions come first now.
    fn pool_changed(&mut self, ix: PoolIx) {
        let pool = &mut self.pools[ix];
        let (key, rarest) = (pool.key, pool.rarest);
        let now = [pool.fresh.first().copied(), pool.open.first().copied()];
        let before = std::mem::replace(&mut pool.heads, now);
        let benches = &mut self.queues[key.queue].benches;
        for (line, (before, now)) in [FRESH, OPEN].into_iter().zip(before.into_iter().zip(now)) {
            if before != now {
                benches.set_head((key.kind, rarest), line, ix, [before, now]);
            }
        }
        let sets = [
            (&mut benches.again, !pool.again.is_empty()),
            (&mut benches.long, pool.open.len() > 1),
        ];
        for (set, is) in sets {
            if is {
                set.insert(ix);
            } else {
                set.remove(&ix);
            }
        }
        self.unsettled.pools.insert(ix);
    }

    /// A session waits no longer: nobody is asked any more.
    pub(super) fn leave_pool(&mut self, id: SessionId) {
        if self.sessions.get(&id).is_some_and(Session::rings) {
            self.stop_ringing(id, false);
        }
        self.part(id);
    }

    /// Takes a session to another pool or phase.
    pub(super) fn repool(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        self.part(id);
        if let Some(session) = self.sessions.get_mut(&id) {
            change(session);
        }
        self.join(id);
        self.schedule(id);
    }

    fn pool(&mut self, key: PoolKey) -> PoolIx {
        if let Some(ix) = self.pool_ix.get(&key) {
            return *ix;
        }
        self.learn(key.queue, key.kind);
        let queue = &mut self.queues[key.queue];
        let rarest = queue.benches.rarest(&self.skill_sets[key.skills]);
        let pool = Pool::new(key, queue.pools.len(), rarest);
        let ix = match self.spare_pools.pop() {
            Some(ix) => {
                self.pools[ix] = pool;
                ix
            }
            None => self.pools.push(pool),
        };
        queue.pools.push(ix);
        if let Some(group) = key.reach.newest() {
            queue.cascades.entry(group).or_default().insert(ix);
        }
        self.pool_ix.insert(key, ix);
        // If nobody stays in it, it is to go again.
        self.unsettled.pools.insert(ix);
        ix
    }

    /// The first session of a kind has come to a queue: its agents are looked for from now on.
    fn learn(&mut self, ix: QueueIx, kind: Kind) {
        let queue = &mut self.queues[ix];
        if queue.benches.knows(kind) {
            return;
        }
        queue.benches.learn(kind);
        let asks_one = queue.asks_one();
        for (ix, member) in &queue.members {
            let (ix, member, agent, rules) = (*ix, *member, &self.agents[*ix], &self.rules);
            if agent.is_eligible(kind, rules) {
                let free = (asks_one || agent.auto_answer) && agent.ringing.is_none();
                queue.benches.seat(&Seating { ix, agent, member, kind, free, rules }, true);
            }
        }
    }

    /// A pool that has no sessions and is shown to nobody.
    pub(super) fn drop_pool(&mut self, ix: PoolIx) {
        let Pool { key, place, .. } = self.pools[ix];
        self.pool_ix.remove(&key);
        let queue = &mut self.queues[key.queue];
        queue.pools.swap_remove(place);
        if let Some(moved) = queue.pools.get(place) {
            self.pools[*moved].place = place;
        }
        if let Some(group) = key.reach.newest()
            && let Some(pools) = queue.cascades.get_mut(&group)
        {
            pools.remove(&ix);
        }
        self.unsettled.skips.remove(&ix);
        self.spare_pools.push(ix);
    }
}
