//! Sessions in their pools, and agents as the pools know them.

use frontdesk_types::SessionId;

use super::{
    Kind, Router, RouterEvent,
    agents::Agent,
    pool::{Pool, PoolKey, Reach},
    sessions::{NEVER, Phase, Session},
    table::{AgentIx, PoolIx},
};
use crate::Groups;

impl Router {
    /// Changes an agent, and what every pool knows of them. Who may take another session after that looks
    /// for one; who may not is asked no longer.
    pub(super) fn change_agent(&mut self, ix: AgentIx, change: impl FnOnce(&mut Agent)) {
        self.unsettled.note_status(ix, &self.agents[ix]);
        self.update_pools(ix, false);
        change(&mut self.agents[ix]);
        self.update_pools(ix, true);
        let agent = &self.agents[ix];
        let eligible = |kind| agent.is_eligible(kind, &self.rules);
        match agent.ringing {
            None if eligible(Kind::Call) || eligible(Kind::Chat) => {
                self.unsettled.agents.insert(ix);
            }
            Some(session)
                if !self.sessions.get(&session).is_some_and(|session| eligible(session.kind)) =>
            {
                self.stop_ringing(session, false);
            }
            _ => {}
        }
    }

    /// Takes an agent out of the pools' lists, or puts them in as they are now.
    fn update_pools(&mut self, ix: AgentIx, put: bool) {
        let agent = &self.agents[ix];
        let eligible = |kind| put && agent.is_eligible(kind, &self.rules);
        let (call, chat) = (eligible(Kind::Call), eligible(Kind::Chat));
        for member in &agent.member_of {
            let queue = &self.queues[member.queue];
            let given_alone = queue.asks_one() || agent.auto_answer;
            for pool_ix in &queue.pools {
                let pool = &mut self.pools[*pool_ix];
                if !pool.key.admits(ix, agent, *member, &self.skill_sets[pool.key.skills]) {
                    continue;
                }
                let eligible = if pool.key.kind == Kind::Call { call } else { chat };
                let turn = (agent.turn(pool.key.kind, *member, &self.rules), ix);
                if !put {
                    pool.free.remove(&turn);
                    continue;
                }
                if given_alone && eligible && agent.ringing.is_none() {
                    pool.free.insert(turn);
                }
                if pool.set_eligible(ix, eligible) {
                    self.unsettled.pools.insert(*pool_ix);
                }
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
        let (order, pool) = (session.order(id), &mut self.pools[ix]);
        match session.phase {
            Phase::Fresh => {
                pool.fresh.insert(order);
                self.unsettled.sessions.insert(order);
            }
            Phase::Open => {
                pool.open.insert(order);
                // An agent who answers automatically may become free later in the same step.
                self.unsettled.sessions.insert(order);
            }
            Phase::Ringing { .. } => {
                pool.ringing.insert(order);
            }
        }
        if pool.shows(order) || matches!(key.reach, Reach::UpTo(_)) {
            self.unsettled.pools.insert(ix);
        }
    }

    /// Takes a session out of its pool.
    pub(super) fn part(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(ix) = session.pool.take() else { return };
        let (order, pool) = (session.order(id), &mut self.pools[ix]);
        match session.phase {
            Phase::Fresh => pool.fresh.remove(&order),
            Phase::Open => pool.open.remove(&order),
            Phase::Ringing { .. } => pool.ringing.remove(&order),
        };
        self.unsettled.sessions.remove(&order);
        if pool.is_empty() || pool.shown.contains(&id) {
            self.unsettled.pools.insert(ix);
        }
    }

    /// A session waits no longer: nobody is asked any more.
    pub(super) fn leave_pool(&mut self, id: SessionId) {
        if let Some(Phase::Ringing { .. }) = self.sessions.get(&id).map(|session| session.phase) {
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
        let mut pool = Pool::new(key);
        let queue = &self.queues[key.queue];
        let skills = &self.skill_sets[key.skills];
        for (ix, member) in &queue.members {
            let agent = &self.agents[*ix];
            if !key.admits(*ix, agent, *member, skills) || !agent.is_eligible(key.kind, &self.rules)
            {
                continue;
            }
            pool.eligible.push(*ix);
            if (queue.asks_one() || agent.auto_answer) && agent.ringing.is_none() {
                pool.free.insert((agent.turn(key.kind, *member, &self.rules), *ix));
            }
        }
        pool.eligible.sort_unstable();
        let ix = match self.spare_pools.pop() {
            Some(ix) => {
                self.pools[ix] = pool;
                ix
            }
            None => self.pools.push(pool),
        };
        self.queues[key.queue].pools.push(ix);
        self.pool_ix.insert(key, ix);
        // If nobody stays in it, it is to go again.
        self.unsettled.pools.insert(ix);
        ix
    }

    /// A pool that has no sessions and is shown to nobody.
    pub(super) fn drop_pool(&mut self, ix: PoolIx) {
        let key = self.pools[ix].key;
        self.pool_ix.remove(&key);
        self.queues[key.queue].pools.retain(|other| *other != ix);
        self.spare_pools.push(ix);
    }

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

    /// The sessions of a pool whose newest group has nobody do not wait for it (RTE-7). Whether there were
    /// any.
    pub(super) fn skip_groups(&mut self, ix: PoolIx) -> bool {
        let pool = &self.pools[ix];
        let Reach::UpTo(group) = pool.key.reach else { return false };
        let queue = &self.queues[pool.key.queue];
        if pool.is_empty() || !queue.skips(group) {
            return false;
        }
        let in_group = |ix: &AgentIx| {
            let member = self.agents[*ix].membership(pool.key.queue);
            member.is_some_and(|member| member.group == group)
        };
        if pool.eligible.iter().any(in_group) {
            return false;
        }
        let all = pool.fresh.iter().chain(&pool.open).chain(&pool.ringing);
        let sessions: Vec<SessionId> = all.map(|(_, id)| *id).collect();
        for id in sessions {
            self.repool(id, |session| session.group = group + 1);
            self.joined_by_next_group(id, Some(self.now));
        }
        true
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
