//! After a change: who looks for whom, what is shown to whom, and what has come of it.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_types::{AgentId, AgentStatus, SessionId, from_millis};

use super::{
    Millis, Router, RouterEvent,
    agents::Agent,
    pool::{Order, Pool, Reach},
    table::{AgentIx, PoolIx},
};

/// An agent sees a session: alone until an instant, or with others.
type Sight = (SessionId, AgentIx, Option<Millis>);

/// What a step has still to look at, and what has come of it so far.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    pub(super) events: Vec<RouterEvent>,
    /// Pools whose sessions or agents have changed.
    pub(super) pools: BTreeSet<PoolIx>,
    /// Sessions that look for an agent.
    pub(super) sessions: BTreeSet<Order>,
    /// Agents who look for a session.
    pub(super) agents: BTreeSet<AgentIx>,
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

    /// Agents have moved.
    pub(super) fn each_agent(&mut self, to: impl Fn(&mut AgentIx)) {
        for (_, ix, _) in &mut self.lost {
            to(ix);
        }
        let statuses = std::mem::take(&mut self.statuses).into_iter();
        self.statuses = statuses
            .map(|(mut ix, status)| {
                to(&mut ix);
                (ix, status)
            })
            .collect();
    }
}

impl Router {
    /// Sessions look first, in their order; then agents, in the order of their ids. After that there is no
    /// session for one agent, and no agent free for it, that have not found each other.
    pub(super) fn settle(&mut self) {
        loop {
            while self.skip_groups_once() {}
            if let Some(order) = self.unsettled.sessions.pop_first() {
                self.look_for_agent(order);
            } else if let Some(agent) = self.unsettled.agents.pop_first() {
                self.look_for_session(agent);
            } else {
                break;
            }
        }
        while let Some(ix) = self.unsettled.pools.pop_first() {
            let pool = &mut self.pools[ix];
            pool.show(&mut self.unsettled.lost, &mut self.unsettled.won);
            if pool.is_empty() && self.pool_ix.get(&pool.key) == Some(&ix) {
                self.drop_pool(ix);
            }
        }
        self.tell();
    }

    /// Takes the sessions of one pool past groups that have nobody. False when no pool has such.
    fn skip_groups_once(&mut self) -> bool {
        let cascades = |ix: &PoolIx| matches!(self.pools[*ix].key.reach, Reach::UpTo(_));
        let pools: Vec<PoolIx> = self.unsettled.pools.iter().copied().filter(cascades).collect();
        pools.into_iter().any(|ix| self.skip_groups(ix))
    }

    /// Makes events of the differences.
    fn tell(&mut self) {
        for (ix, before) in std::mem::take(&mut self.unsettled.statuses) {
            let agent = &self.agents[ix];
            let status = agent.status();
            if status != before {
                let wrap_up = agent.wrap_up.filter(|_| status == AgentStatus::WrapUp);
                let until = wrap_up.map(|(until, _)| from_millis(until));
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
            let (agents, until) = (self.agents_in(sights), until.map(from_millis));
            self.unsettled.events.push(RouterEvent::Offered { session, queue, agents, until });
        }
    }

    fn agents_in(&self, sights: &[Sight]) -> Vec<AgentId> {
        sights.iter().map(|(_, ix, _)| self.agents[*ix].id.clone()).collect()
    }
}

/// What was lost and won again was never gone.
fn cancel(lost: &mut Vec<Sight>, won: &mut Vec<Sight>) {
    lost.sort_unstable();
    won.sort_unstable_by_key(|(session, agent, until)| (*session, *until, *agent));
    if lost.is_empty() || won.is_empty() {
        return;
    }
    let both: BTreeSet<Sight> =
        won.iter().filter(|sight| lost.binary_search(sight).is_ok()).copied().collect();
    lost.retain(|sight| !both.contains(sight));
    won.retain(|sight| !both.contains(sight));
}

impl Pool {
    /// Shows as many of the open sessions as there are agents, in order, to each of them: if every agent
    /// takes one, nothing is left over, and nobody can take what came later before what came first.
    fn show(&mut self, lost: &mut Vec<Sight>, won: &mut Vec<Sight>) {
        let shown: Vec<SessionId> =
            self.open.iter().take(self.eligible.len()).map(|(_, id)| *id).collect();
        self.last_shown =
            shown.len().checked_sub(1).and_then(|last| self.open.iter().nth(last)).copied();
        if shown == self.shown && (self.viewers == self.eligible || shown.is_empty()) {
            return;
        }
        differences(&self.shown, &self.viewers, &shown, &self.eligible, lost);
        differences(&shown, &self.eligible, &self.shown, &self.viewers, won);
        self.shown = shown;
        self.viewers.clone_from(&self.eligible);
    }
}

/// Who sees what on one side, and not on the other.
fn differences(
    sessions: &[SessionId],
    agents: &[AgentIx],
    other_sessions: &[SessionId],
    other_agents: &[AgentIx],
    out: &mut Vec<Sight>,
) {
    let only: Vec<AgentIx> =
        agents.iter().filter(|ix| other_agents.binary_search(ix).is_err()).copied().collect();
    for session in sessions {
        let agents = if other_sessions.contains(session) { &only[..] } else { agents };
        out.extend(agents.iter().map(|ix| (*session, *ix, None)));
    }
}
