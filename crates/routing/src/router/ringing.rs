//! One agent at a time: who is asked, who answers, who does not (RTE-6, RTE-10, RTE-17).

use frontdesk_types::{AgentStatus, SessionId};

use super::{
    Kind, Millis, Router, RouterEvent,
    pool::Order,
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
        let wanted = |ix: &AgentIx| {
            let by_all = session.phase == Phase::Open;
            !session.was_tried(*ix) && (!by_all || self.agents[*ix].auto_answer)
        };
        let free = self.pools[pool].free.iter();
        if let Some(agent) = free.map(|(_, ix)| *ix).find(wanted) {
            self.ring(id, agent, None);
        } else {
            // Those who were asked already may have nothing else to do.
            let tried = session.tried.iter().flat_map(|tried| tried.iter());
            self.unsettled.agents.extend(tried);
        }
    }

    /// An agent who could take one more looks for the session whose turn it is. What the agent has not
    /// taken before is asked again only when there is nothing else.
    pub(super) fn look_for_session(&mut self, ix: AgentIx) {
        let agent = &self.agents[ix];
        if agent.ringing.is_some() {
            return;
        }
        let mut best: Option<Candidate> = None;
        for member in &agent.member_of {
            for pool_ix in &self.queues[member.queue].pools {
                let pool = &self.pools[*pool_ix];
                let turn = (agent.turn(pool.key.kind, *member, &self.rules), ix);
                if !pool.free.contains(&turn) {
                    continue;
                }
                let open = agent.auto_answer.then_some(&pool.open);
                for orders in open.into_iter().chain([&pool.fresh]) {
                    let untried = orders.iter().find(|order| !self.was_tried(order.1, ix));
                    let found = untried.map(|order| (false, member.priority, *order));
                    let found =
                        found.or(orders.first().map(|order| (true, member.priority, *order)));
                    best = best.into_iter().chain(found).min();
                }
            }
        }
        if let Some((tried, _, (_, id))) = best {
            let again = if tried { self.tried_longest_ago(id) } else { None };
            let asked = again.unwrap_or(ix);
            self.ring(id, asked, None);
            if asked != ix {
                // There may be another for this agent.
                self.unsettled.agents.insert(ix);
            }
        }
    }

    /// When everybody who is free was asked already: who was so the longest time ago.
    fn tried_longest_ago(&self, id: SessionId) -> Option<AgentIx> {
        let session = self.sessions.get(&id)?;
        let pool = &self.pools[session.pool?];
        let tried = session.tried.as_deref()?;
        let last = |agent: &AgentIx| tried.iter().rposition(|tried| tried == agent);
        let by_all = session.phase == Phase::Open;
        let free = pool.free.iter().map(|(_, agent)| *agent);
        free.filter(|agent| !by_all || self.agents[*agent].auto_answer).min_by_key(last)
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

    /// Whether the agent sees the session among those for all.
    pub(super) fn is_shown(&self, id: SessionId, pool: PoolIx, agent: AgentIx) -> bool {
        let pool = &self.pools[pool];
        pool.shown.contains(&id) && pool.viewers.binary_search(&agent).is_ok()
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
