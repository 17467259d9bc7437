//! One agent at a time: who is asked, who answers, who does not (RTE-6, RTE-10, RTE-17).

use frontdesk_types::{AgentStatus, SessionId};

use super::{
    Kind, Millis, Router, RouterEvent,
    agents::Membership,
    pool::{Order, Pool},
    sessions::{Phase, Session},
    table::{AgentIx, PoolIx},
};
use crate::{Assignment, Deltacast};

/// A session that an agent could be asked to take: those that the agent has not refused come first, then
/// the agent's own order of queues, then the queue's order.
type Candidate = (bool, u8, Order);

impl Router {
    /// A session without an agent looks for the one whose turn it is.
    pub(super) fn look_for_agent(&mut self, (_, id): Order) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(pool) = session.pool else { return };
        let by_all = session.phase == Phase::Open;
        let found = self.first_free(&self.pools[pool], |ix| {
            !session.was_tried(ix) && (!by_all || self.agents[ix].auto_answer)
        });
        let Some(agent) = found else {
            // Those who were asked already may have nothing else to do.
            let tried = session.tried.iter().flat_map(|tried| tried.iter());
            self.unsettled.agents.extend(tried.map(|ix| (self.agents[*ix].rank, *ix)));
            let automatic = |ix: AgentIx| self.agents[ix].auto_answer;
            if by_all && self.first_free(&self.pools[pool], automatic).is_some() {
                self.next_looks(id);
            }
            return;
        };
        self.next_looks(id);
        self.ring(id, agent, None);
    }

    /// The first of those who can be given a pool's sessions alone and are wanted.
    fn first_free(&self, pool: &Pool, wanted: impl Fn(AgentIx) -> bool) -> Option<AgentIx> {
        let skills = &self.skill_sets[pool.key.skills];
        let benches = &self.queues[pool.key.queue].benches;
        let free = benches.of(&pool.key, pool.rarest).flat_map(|bench| &bench.free);
        let able = |ix: &AgentIx| {
            pool.key.holder != Some(*ix) && self.agents[*ix].has_skills(skills) && wanted(*ix)
        };
        free.map(|(_, ix)| *ix).find(able)
    }

    /// An agent who could take one more looks for the session whose turn it is. What the agent has not
    /// taken before is asked again only when there is nothing else.
    pub(super) fn look_for_session(&mut self, ix: AgentIx) {
        let agent = &self.agents[ix];
        if agent.ringing.is_some() {
            return;
        }
        let mut best: Option<Candidate> = None;
        let mut steps = 0;
        for member in &agent.member_of {
            for kind in [Kind::Call, Kind::Chat] {
                let turn = (agent.turn(kind, *member, &self.rules), ix);
                if self.queues[member.queue].benches.is_free(kind, member.group, &turn) {
                    let found = self.first_sessions(ix, *member, kind, &mut steps);
                    best = best.into_iter().chain(found.into_iter().flatten()).min();
                }
            }
        }
        self.steps += steps;
        if let Some((tried, _, (_, id))) = best {
            let again = if tried { self.tried_longest_ago(id) } else { None };
            let asked = again.unwrap_or(ix);
            self.ring(id, asked, None);
            if asked != ix {
                // There may be another for this agent.
                self.unsettled.agents.insert((self.agents[ix].rank, ix));
            }
        }
    }

    /// A queue's first sessions for an agent: one that the agent was not asked to take before, and one that the
    /// agent was.
    fn first_sessions(
        &self,
        ix: AgentIx,
        member: Membership,
        kind: Kind,
        steps: &mut u64,
    ) -> [Option<Candidate>; 2] {
        let agent = &self.agents[ix];
        let benches = &self.queues[member.queue].benches;
        let admits =
            |pool: &Pool| pool.key.admits(ix, agent, member, &self.skill_sets[pool.key.skills]);
        let mut found: [Option<Candidate>; 2] = [None, None];
        let mut offer = |tried: bool, order: Order| {
            let candidate = (tried, member.priority, order);
            let [untried, again] = &mut found;
            let best = if tried { again } else { untried };
            if best.is_none_or(|best| candidate < best) {
                *best = Some(candidate);
            }
        };
        let skills = std::iter::once(None).chain(agent.skills.iter().copied().map(Some));
        for heads in skills.filter_map(|skill| benches.heads(kind, skill)) {
            let [fresh, open] = &heads.first;
            let seen = |_: &&(Order, PoolIx)| *steps += 1;
            if let Some((order, _)) =
                fresh.iter().inspect(seen).find(|(_, pool)| admits(&self.pools[*pool]))
            {
                offer(false, *order);
            }
            if agent.auto_answer {
                for (_, pool) in open.iter().filter(|(_, pool)| admits(&self.pools[*pool])) {
                    let open = &self.pools[*pool].open;
                    let was = |order: &&Order| self.was_tried(order.1, ix);
                    open.iter()
                        .find(|order| !was(order))
                        .into_iter()
                        .for_each(|o| offer(false, *o));
                    open.iter().find(was).into_iter().for_each(|order| offer(true, *order));
                }
            }
        }
        for pool in &benches.again {
            let pool = &self.pools[*pool];
            if pool.key.kind != kind || !admits(pool) {
                continue;
            }
            for (tried, orders) in &pool.again {
                *steps += 1;
                let first = orders.first().copied();
                if let Some(first) = first {
                    offer(tried.binary_search(&ix).is_ok(), first);
                }
            }
        }
        found
    }

    /// When everybody who is free was asked already: who was so the longest time ago.
    fn tried_longest_ago(&self, id: SessionId) -> Option<AgentIx> {
        let session = self.sessions.get(&id)?;
        let pool = &self.pools[session.pool?];
        let tried = session.tried.as_deref()?;
        let by_all = session.phase == Phase::Open;
        let wanted = |agent: &AgentIx| {
            let agent = &self.agents[*agent];
            agent.ringing.is_none() && (!by_all || agent.auto_answer)
        };
        let free = |ix: &AgentIx| {
            let agent = &self.agents[*ix];
            let queue = &self.queues[pool.key.queue];
            agent.membership(pool.key.queue).is_some_and(|member| {
                let turn = (agent.turn(pool.key.kind, member, &self.rules), *ix);
                pool.key.admits(*ix, agent, member, &self.skill_sets[pool.key.skills])
                    && queue.benches.is_free(pool.key.kind, member.group, &turn)
            })
        };
        let last = |agent: &AgentIx| tried.iter().rposition(|tried| tried == agent);
        let all = tried.iter().copied().filter(wanted).filter(free);
        // Whoever was not asked at all was so the longest time ago.
        let other = self.first_free(pool, |ix| !tried.contains(&ix) && wanted(&ix));
        other.or_else(|| all.min_by_key(last))
    }

    fn was_tried(&self, id: SessionId, agent: AgentIx) -> bool {
        self.sessions.get(&id).is_some_and(|session| session.was_tried(agent))
    }

    /// A returning consumer's last agent is asked first, if they could take the session now (RTE-17).
    pub(super) fn ring_last_agent(&mut self, id: SessionId, agent: AgentIx) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(pool) = session.pool else { return };
        let queue = &self.queues[self.pools[pool].key.queue];
        let Some(sticky) = queue.rules.sticky else { return };
        let asked = &self.agents[agent];
        let skills = &self.skill_sets[self.pools[pool].key.skills];
        if asked.membership(self.pools[pool].key.queue).is_some()
            && asked.is_eligible(session.kind, &self.rules)
            && asked.ringing.is_none()
            && asked.has_skills(skills)
            && !session.was_tried(agent)
        {
            self.ring(id, agent, Some(sticky.timeout.num_milliseconds()));
        }
    }

    /// Asks one agent alone, for the queue's time or another.
    fn ring(&mut self, id: SessionId, ix: AgentIx, time: Option<Millis>) {
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(pool) = session.pool else { return };
        let queue = &self.queues[self.pools[pool].key.queue];
        let time = time.unwrap_or_else(|| queue.rules.answer_time().num_milliseconds());
        let until = self.now.saturating_add(time);
        let agent = &self.agents[ix];
        let auto = queue.rules.auto_answer || agent.auto_answer;
        if auto {
            let (queue, agent) = (queue.id.clone(), agent.id.clone());
            self.unsettled.events.push(RouterEvent::Connect { session: id, queue, agent });
        } else {
            self.unsettled.won.push((id, ix, Some(until)));
        }
        self.repool(id, |session| {
            session.phase = Phase::Ringing { agent: ix, until, seen: false, auto };
        });
        self.change_agent(ix, |agent| agent.ringing = Some(id));
    }

    /// The agent is asked no longer. Who did not take it counts as tried.
    pub(super) fn stop_ringing(&mut self, id: SessionId, tried: bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (Phase::Ringing { agent, until, auto, .. }, Some(queue)) =
            (session.phase, session.waits_in())
        else {
            return;
        };
        if !auto {
            self.unsettled.lost.push((id, agent, Some(until)));
        }
        self.part(id);
        let queue = &self.queues[queue];
        if let Some(session) = self.sessions.get_mut(&id) {
            if tried {
                session.count_attempt(agent, &queue.rules.assignment);
            }
            session.phase = session.looks_as(queue);
        }
        self.join(id);
        self.schedule(id);
        self.change_agent(agent, |agent| agent.ringing = None);
    }

    /// An offer's time is over.
    pub(super) fn missed(&mut self, id: SessionId, ix: AgentIx, seen: bool, auto: bool) {
        let Some(kind) = self.sessions.get(&id).map(|session| session.kind) else { return };
        self.stop_ringing(id, true);
        if auto {
            // Nobody was to answer: nothing that the agent could have missed.
            return;
        }
        let agent = self.agents[ix].id.clone();
        self.unsettled.events.push(RouterEvent::Missed { session: id, agent, seen });
        let agent = &mut self.agents[ix];
        let (count, limit, status) = match (seen, kind) {
            (true, Kind::Call) => {
                (agent.missed(kind), self.rules.missed_calls, AgentStatus::MissedCall)
            }
            (true, Kind::Chat) => {
                (agent.missed(kind), self.rules.missed_chats, AgentStatus::MissedChat)
            }
            (false, _) => (&mut agent.skipped, self.rules.skipped, AgentStatus::Unresponsive),
        };
        *count = count.saturating_add(1);
        let enough = limit > 0 && *count >= limit;
        // Only who does nothing else (RTE-10).
        if enough && agent.status() == AgentStatus::Available {
            self.choose(ix, status);
        }
    }
}

impl Session {
    /// One more agent was asked alone. After as many as are asked in a round it is for all; where it is not
    /// to be, the next round begins.
    fn count_attempt(&mut self, agent: AgentIx, assignment: &Assignment) {
        self.try_no_more(agent);
        self.attempts = self.attempts.saturating_add(1);
        let (round, then_all) = match assignment {
            Assignment::Deltacast(rules) => (rules.attempts, rules.then_multicast),
            Assignment::Multicast => (Deltacast::default().attempts, false),
        };
        if self.attempts >= round && !then_all {
            self.attempts = 0;
            self.tried = None;
        }
    }
}
