//! Another staff: who is there, who works where.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
};

use frontdesk_types::{AgentId, AgentStatus, ReturnReason, SessionId};
use rustc_hash::FxHashMap;

use super::{
    Router, RouterEvent,
    agents::{Agent, Membership},
    benches::Benches,
    pool::Pool,
    queues::Queue,
    seats::Class,
    sessions::{Phase, Session, Standing},
    table::{AgentIx, PoolIx, QueueIx},
    timers::Owner,
};
use crate::{AgentRules, Member, QueueRules, Staff};

/// Where agents stand now that stood elsewhere.
type Moved = BTreeMap<AgentIx, AgentIx>;

impl Router {
    /// Takes on a staff. There are no sessions in pools.
    pub(super) fn assign(&mut self, staff: Staff) {
        self.rules = staff.rules;
        let moved = self.seat(&staff.agents.keys().cloned().collect::<Vec<_>>());
        self.move_agents(&moved);
        for (id, rules) in staff.agents {
            let mut skills: Vec<_> = rules.skills.iter().map(|skill| self.skill(skill)).collect();
            skills.sort_unstable();
            let Some(ix) = self.agent_ix.get(&id) else { continue };
            let agent = &mut self.agents[*ix];
            agent.known = true;
            agent.limit = rules.chats;
            agent.auto_answer = rules.auto_answer;
            agent.skills = skills;
        }
        for ix in self.queues.indices() {
            self.queues[ix].configure(QueueRules::default(), Vec::new());
        }
        for (id, (rules, members)) in staff.queues {
            let ix = self.queue(&id);
            let mut seats = Vec::new();
            for member in members {
                let Some(agent) = self.agent_ix.get(&member.agent).copied() else { continue };
                let (priority, group) = (member.priority, member.group);
                let membership = Membership { queue: ix, priority, group };
                self.agents[agent].member_of.push(membership);
                seats.push((agent, membership));
            }
            self.queues[ix].configure(rules, seats);
        }
        self.classify();
    }

    /// Finds those who serve the same queues in the same way, and counts who has which skill.
    fn classify(&mut self) {
        for ix in self.queues.indices() {
            let queue = &mut self.queues[ix];
            (queue.benches, queue.seats, queue.active) = (Benches::default(), BTreeSet::new(), 0);
            queue.line.clear();
            queue.cascades.clear();
            queue.logged_in.clear();
            for (agent, member) in &queue.members {
                let chosen = &self.agents[*agent].chosen;
                queue.active += usize::from(*chosen == AgentStatus::Available);
                let there = chosen.keeps_sessions();
                *queue.logged_in.entry(member.group).or_default() += usize::from(there);
                for skill in &self.agents[*agent].skills {
                    *queue.benches.skilled.entry(*skill).or_default() += 1;
                }
            }
        }
        let mut known: FxHashMap<Class, u32> = FxHashMap::default();
        self.classes.clear();
        for ix in self.agents.indices() {
            let agent = &mut self.agents[ix];
            agent.member_of.sort_unstable();
            let class = Class { members: agent.member_of.clone(), skills: agent.skills.clone() };
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            agent.class = *known.entry(class.clone()).or_insert(next);
            if agent.class == next {
                self.classes.push(class);
            }
        }
    }

    /// Seats agents in the order of their ids: those of the staff, and those who still have sessions.
    fn seat(&mut self, ids: &[AgentId]) -> Moved {
        let mut all: BTreeMap<AgentId, (Option<AgentIx>, Agent)> = BTreeMap::new();
        let before = self.agents.indices().collect::<Vec<_>>();
        let rows = std::mem::take(&mut self.agents).into_rows();
        for (ix, mut agent) in before.into_iter().zip(rows) {
            agent.known = false;
            agent.member_of.clear();
            all.insert(agent.id.clone(), (Some(ix), agent));
        }
        for id in ids {
            let (_, agent) =
                all.entry(id.clone()).or_insert_with(|| (None, Agent::new(id.clone())));
            agent.known = true;
        }
        let mut moved = Moved::new();
        self.agent_ix.clear();
        for (id, (before, mut agent)) in all {
            if !agent.known {
                agent.chosen = AgentStatus::LoggedOut;
            }
            let ix = self.agents.push(agent);
            self.agent_ix.insert(id, ix);
            moved.extend(before.map(|before| (before, ix)));
        }
        moved
    }

    fn move_agents(&mut self, moved: &Moved) {
        let to = |ix: &mut AgentIx| *ix = moved.get(ix).copied().unwrap_or(*ix);
        for session in self.sessions.values_mut() {
            session.each_agent(to);
        }
        self.unsettled.each_agent(to);
        self.timers = std::mem::take(&mut self.timers)
            .into_iter()
            .map(|(at, mut owner)| {
                if let Owner::Agent(ix) = &mut owner {
                    to(ix);
                }
                (at, owner)
            })
            .collect();
    }

    pub(super) fn reassign(&mut self, staff: Staff) {
        let served = self.served();
        for (ix, agent) in self.agents.iter() {
            self.unsettled.note_status(ix, agent);
        }
        let groups = |queue: &Queue| discriminant(&queue.rules.groups);
        let before: Vec<_> = self.queues.iter().map(|(ix, queue)| (ix, groups(queue))).collect();
        let waiting = self.take_apart();
        self.assign(staff);
        let same = before.into_iter().filter(|(ix, before)| *before == groups(&self.queues[*ix]));
        let same: BTreeSet<QueueIx> = same.map(|(ix, _)| ix).collect();
        self.put_together(waiting, &same);
        self.return_removed(&served);
    }

    /// Whether a staff is the one that the router has: other parts of the configuration may have changed.
    pub(super) fn has_staff(&self, staff: &Staff) -> bool {
        let known = self.agents.iter().filter(|(_, agent)| agent.known).count();
        self.rules == staff.rules
            && known == staff.agents.len()
            && staff.agents.iter().all(|(id, rules)| self.has_agent(id, rules))
            && staff.queues.keys().all(|id| self.queue_ix.contains_key(id))
            && self.queues.iter().all(|(_, queue)| self.has_queue(queue, staff))
    }

    fn has_agent(&self, id: &AgentId, rules: &AgentRules) -> bool {
        let Some(agent) = self.agent_ix.get(id).map(|ix| &self.agents[*ix]) else { return false };
        let skilled = |skill| {
            let ix = self.skills.get(skill);
            ix.is_some_and(|ix| agent.skills.binary_search(ix).is_ok())
        };
        agent.known
            && (agent.limit, agent.auto_answer) == (rules.chats, rules.auto_answer)
            && agent.skills.len() == rules.skills.len()
            && rules.skills.iter().all(skilled)
    }

    fn has_queue(&self, queue: &Queue, staff: &Staff) -> bool {
        let Some((rules, members)) = staff.queues.get(&queue.id) else {
            return queue.members.is_empty() && queue.rules == QueueRules::default();
        };
        let same = |((ix, has), wants): (&(AgentIx, Membership), &Member)| {
            self.agents[*ix].id == wants.agent
                && (has.priority, has.group) == (wants.priority, wants.group)
        };
        queue.rules == *rules
            && queue.members.len() == members.len()
            && queue.members.iter().zip(members).all(same)
    }

    /// Which agent serves which queue.
    fn served(&self) -> BTreeMap<AgentId, Vec<QueueIx>> {
        let queues = |agent: &Agent| agent.member_of.iter().map(|member| member.queue).collect();
        self.agents.iter().map(|(_, agent)| (agent.id.clone(), queues(agent))).collect()
    }

    /// Takes every waiting session out of its pool, so that nothing depends on the old staff. What is shown
    /// to whom is remembered, by id.
    fn take_apart(&mut self) -> Vec<SessionId> {
        let mut waiting = Vec::new();
        let pools: Vec<PoolIx> = self.pool_ix.values().copied().collect();
        for ix in pools {
            let pool = &mut self.pools[ix];
            waiting.extend(pool.orders().copied());
            let key = pool.key;
            *pool = Pool::new(key, pool.place, None);
            self.drop_pool(ix);
        }
        self.clear_seats();
        waiting.sort_unstable();
        let waiting: Vec<SessionId> = waiting.into_iter().map(|(_, id)| id).collect();
        for id in &waiting {
            let Some(session) = self.sessions.get_mut(id) else { continue };
            session.pool = None;
            if let Phase::Ringing { agent, until, auto: false, .. } = session.phase {
                self.unsettled.lost.push((*id, agent, Some(until)));
            }
        }
        waiting
    }

    /// Puts waiting sessions into pools again. An offer to one agent stays, if the agent may still take it.
    /// Timers that run go on; where there are other groups than before, they begin anew.
    fn put_together(&mut self, waiting: Vec<SessionId>, same_groups: &BTreeSet<QueueIx>) {
        // Who is asked must be known before the first pool is made.
        for id in &waiting {
            self.begin_again(*id, same_groups);
        }
        for id in waiting {
            self.join(id);
            self.schedule(id);
        }
        for ix in self.agents.indices() {
            self.reseat(ix);
            self.unsettled.agents.insert(ix);
        }
    }

    fn begin_again(&mut self, id: SessionId, same_groups: &BTreeSet<QueueIx>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(ix) = session.waits_in() else { return };
        let queue = &mut self.queues[ix];
        session.turn = session.since.saturating_sub(queue.head_start(session.priority));
        let goes_on = same_groups.contains(&ix) && queue.keeps_group(session, self.now);
        if !goes_on && queue.begin(session, self.now, None) {
            let (queue, group) = (queue.id.clone(), session.group);
            self.unsettled.events.push(RouterEvent::Allocated { session: id, queue, group });
        }
        session.relaxed |= session.relaxes(queue, self.no_skills) <= self.now;
        let ringing = session.phase;
        session.phase = session.looks_as(queue);
        let Phase::Ringing { agent, until, auto, .. } = ringing else { return };
        if !self.may_ring(id, agent) {
            self.agents[agent].ringing = None;
            return;
        }
        if let Some(session) = self.sessions.get_mut(&id) {
            session.phase = ringing;
        }
        if !auto {
            self.unsettled.won.push((id, agent, Some(until)));
        }
    }

    /// Whether an agent who is asked alone may still be.
    fn may_ring(&self, id: SessionId, ix: AgentIx) -> bool {
        let Some(session) = self.sessions.get(&id) else { return false };
        let Some(queue) = session.waits_in() else { return false };
        let agent = &self.agents[ix];
        let key = session.pool_key(queue, &self.queues[queue].rules.groups, self.no_skills);
        let skills = &self.skill_sets[key.skills];
        let asked = |member| key.admits(ix, agent, member, skills);
        agent.membership(queue).is_some_and(asked) && agent.is_eligible(session.kind, &self.rules)
    }

    /// Who served a queue and does so no longer may not keep its sessions. Others have sessions of queues
    /// that they never served: somebody gave them to them.
    fn return_removed(&mut self, served: &BTreeMap<AgentId, Vec<QueueIx>>) {
        let mut lost: Vec<(SessionId, AgentIx, ReturnReason)> = Vec::new();
        for (id, session) in &self.sessions {
            let Some(holder) = session.holder() else { continue };
            let agent = &self.agents[holder];
            let before =
                served.get(&agent.id).is_some_and(|queues| queues.contains(&session.queue));
            let removed = before && agent.membership(session.queue).is_none();
            let reason = self.keeps_none(holder).or(removed.then_some(ReturnReason::Removed));
            lost.extend(reason.map(|reason| (*id, holder, reason)));
        }
        lost.sort_unstable();
        for (session, holder, reason) in lost {
            let agent = self.agents[holder].id.clone();
            self.unsettled.events.push(RouterEvent::Return { session, agent, reason });
        }
        for ix in self.agents.indices() {
            if !self.agents[ix].known {
                self.nobody_asked(ix);
            }
        }
    }
}

impl Session {
    fn each_agent(&mut self, mut to: impl FnMut(&mut AgentIx)) {
        match &mut self.standing {
            Standing::Waiting => {}
            Standing::With(agent) | Standing::ToQueue(agent, _) => to(agent),
            Standing::ToAgent(agent, asked) => {
                to(agent);
                to(asked);
            }
        }
        if let Phase::Ringing { agent, .. } = &mut self.phase {
            to(agent);
        }
        for agent in self.tried.iter_mut().flat_map(|tried| tried.iter_mut()) {
            to(agent);
        }
    }
}
