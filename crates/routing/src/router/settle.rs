//! After a change: who looks for whom, what is shown to whom, and what has come of it.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{AgentId, AgentStatus, SessionId};

use super::{
    Millis, Router, RouterEvent,
    agents::Agent,
    pool::Order,
    ranks::Rank,
    table::{AgentIx, PoolIx, QueueIx, SeatIx},
};

/// An agent sees a session: alone until an instant, or with others.
pub(super) type Sight = (SessionId, AgentIx, Option<Millis>);

/// What a step has still to look at, and what has come of it so far.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    pub(super) events: Vec<RouterEvent>,
    /// Pools whose sessions or agents have changed.
    pub(super) pools: BTreeSet<PoolIx>,
    /// Sessions that look for an agent.
    pub(super) sessions: BTreeSet<Order>,
    /// Agents who look for a session.
    pub(super) agents: BTreeSet<(Rank, AgentIx)>,
    /// Queues whose agents or rules have changed.
    pub(super) queues: BTreeSet<QueueIx>,
    /// Only the first of sessions that are alike look for an agent: who finds one lets the next look.
    pub(super) in_turn: bool,
    /// Cascades' pools whose newest group may have nobody.
    pub(super) skips: BTreeSet<PoolIx>,
    /// Seats whose agents may see something else.
    pub(super) seats: BTreeSet<SeatIx>,
    /// Agents who have another seat than before the step.
    pub(super) moved: BTreeMap<AgentIx, Option<SeatIx>>,
    pub(super) lost: Vec<Sight>,
    pub(super) won: Vec<Sight>,
    /// What agents did before the step.
    statuses: BTreeMap<AgentIx, AgentStatus>,
    pub(super) cascaded: BTreeMap<SessionId, RouterEvent>,
}

impl Unsettled {
    /// An agent is about to change.
    pub(super) fn note_status(&mut self, ix: AgentIx, agent: &Agent) {
        self.statuses.entry(ix).or_insert_with(|| agent.status());
    }
}

impl Router {
    /// Sessions look first, in their order; then agents, in the order of their ids. After that there is no
    /// session for one agent, and no agent free for it, that have not found each other.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some(queue) = self.unsettled.queues.pop_first() {
                self.look_again(queue);
            }
            self.skip_groups();
            if let Some(order) = self.unsettled.sessions.pop_first() {
                self.look_for_agent(order);
            } else if let Some((_, agent)) = self.unsettled.agents.pop_first() {
                self.look_for_session(agent);
            } else {
                break;
            }
            self.steps += 1;
        }
        self.unsettled.in_turn = false;
        while let Some(ix) = self.unsettled.pools.pop_first() {
            let pool = &self.pools[ix];
            if self.pool_ix.get(&pool.key) != Some(&ix) {
                continue;
            }
            self.look_at_front(ix);
            if self.pools[ix].is_empty() {
                self.drop_pool(ix);
            }
        }
        self.show();
        self.tell();
    }

    /// Makes events of the differences.
    fn tell(&mut self) {
        let mut statuses: Vec<_> =
            std::mem::take(&mut self.unsettled.statuses).into_iter().collect();
        statuses.sort_by_key(|(ix, _)| self.agents[*ix].rank);
        for (ix, before) in statuses {
            let agent = &self.agents[ix];
            let status = agent.status();
            if status != before {
                let wrap_up = agent.wrap_up.filter(|_| status == AgentStatus::WrapUp);
                let until = wrap_up.map(|(until, _)| self.shown(until));
                let agent = agent.id.clone();
                self.unsettled.events.push(RouterEvent::StatusChanged { agent, status, until });
            }
        }
        let cascaded = std::mem::take(&mut self.unsettled.cascaded);
        self.unsettled.events.extend(cascaded.into_values());
        let mut lost = std::mem::take(&mut self.unsettled.lost);
        let mut won = std::mem::take(&mut self.unsettled.won);
        cancel(&mut lost, &mut won);
        for sights in lost.chunk_by(|a, b| a.0 == b.0) {
            let Some((session, ..)) = sights.first() else { continue };
            let agents = self.agents_in(sights);
            self.unsettled.events.push(RouterEvent::Withdrawn { session: *session, agents });
        }
        for sights in won.chunk_by(|a, b| (a.0, a.2) == (b.0, b.2)) {
            let Some((session, _, until)) = sights.first().copied() else { continue };
            let Some(state) = self.sessions.get(&session) else { continue };
            let queue = self.queues[state.taken_from()].id.clone();
            let (agents, until) = (self.agents_in(sights), until.map(|until| self.shown(until)));
            self.unsettled.events.push(RouterEvent::Offered { session, queue, agents, until });
        }
        // They may be long: the next step need not ask for the room again.
        lost.clear();
        won.clear();
        (self.unsettled.lost, self.unsettled.won) = (lost, won);
    }

    /// The ids of agents, in their order.
    fn agents_in(&self, sights: &[Sight]) -> Vec<AgentId> {
        let agents = sights.iter().map(|(_, ix, _)| &self.agents[*ix]);
        if self.ranks_as_indices {
            return agents.map(|agent| agent.id.clone()).collect();
        }
        let mut agents: Vec<&Agent> = agents.collect();
        agents.sort_unstable_by_key(|agent| agent.rank);
        agents.into_iter().map(|agent| agent.id.clone()).collect()
    }
}

/// What was lost and won again was never gone.
fn cancel(lost: &mut Vec<Sight>, won: &mut Vec<Sight>) {
    let key = |(session, agent, until): &Sight| (*session, *until, *agent);
    // Stable, since they are some runs that are in order already, and merged faster than sorted.
    lost.sort_by_key(key);
    won.sort_by_key(key);
    if lost.is_empty() || won.is_empty() {
        return;
    }
    let mut both = Vec::new();
    let mut others = won.iter().peekable();
    for sight in lost.iter() {
        while others.next_if(|other| key(other) < key(sight)).is_some() {}
        if others.peek() == Some(&sight) {
            both.push(*sight);
        }
    }
    if both.is_empty() {
        return;
    }
    for sights in [lost, won] {
        let mut gone = both.iter().peekable();
        sights.retain(|sight| {
            while gone.next_if(|gone| key(gone) < key(sight)).is_some() {}
            gone.peek() != Some(&sight)
        });
    }
}
