//! How long a consumer waits who comes to a queue now (RTE-12).

use frontdesk_types::{Instant, QueueId, to_millis};

use super::{
    Kind, Router,
    agents::Agent,
    queues::Queue,
    table::{AgentIx, QueueIx},
};
use crate::{
    Situation, WaitHistory, WaitTime,
    numbers::{count, seconds},
};

impl Router {
    /// How long a consumer will wait who comes to a queue now, or whose place is behind everybody there;
    /// `None` when nobody knows: see [`WaitHistory::wait`]. `roster` says for how many sessions there are
    /// agents later, each from an instant.
    pub fn wait_time(
        &self,
        queue: &QueueId,
        kind: Kind,
        now: Instant,
        roster: &[(Instant, f64)],
    ) -> Option<WaitTime> {
        let ix = *self.queue_ix.get(queue)?;
        let situation = self.situation(ix, kind, to_millis(now), roster);
        self.queues[ix].history.wait(&situation)
    }

    /// What a queue has shown so far.
    pub fn wait_history(&self, queue: &QueueId) -> Option<&WaitHistory> {
        Some(&self.queues[*self.queue_ix.get(queue)?].history)
    }

    fn situation(&self, ix: QueueIx, kind: Kind, now: i64, roster: &[(Instant, f64)]) -> Situation {
        let queue = &self.queues[ix];
        let mut situation = Situation { ahead: self.ahead(ix), ..Situation::default() };
        for (_, agent) in self.working(queue) {
            situation.places += match kind {
                Kind::Call => 1.0,
                Kind::Chat => f64::from(agent.limit),
            };
            for id in &agent.sessions {
                let Some(session) = self.sessions.get(id).filter(|s| s.kind == kind) else {
                    continue;
                };
                situation.busy.push(seconds(now.saturating_sub(session.taken)));
            }
        }
        let later = roster.iter().map(|(at, places)| (seconds(to_millis(*at) - now), *places));
        situation.roster = later.collect();
        situation
    }

    /// The agents of a queue who are there to take sessions, in wrap-up or not.
    fn working<'a>(&'a self, queue: &'a Queue) -> impl Iterator<Item = (AgentIx, &'a Agent)> {
        let agents = queue.members.iter().map(|(ix, _)| (*ix, &self.agents[*ix]));
        agents.filter(|(_, agent)| agent.chosen.takes_sessions())
    }

    /// How many are served before somebody who comes to a queue now: those of the queue, and of every other
    /// queue with common agents as great a part as those are of its agents. Queues that come after this one
    /// for an agent do not count (RTE-4).
    fn ahead(&self, ix: QueueIx) -> f64 {
        let mut others: Vec<QueueIx> = Vec::new();
        for (_, agent) in self.working(&self.queues[ix]) {
            others.extend(agent.member_of.iter().map(|member| member.queue));
        }
        others.sort_unstable();
        others.dedup();
        let mut ahead = count(self.waiting_in(ix));
        for other in others.into_iter().filter(|other| *other != ix) {
            let waiting = self.waiting_in(other);
            if waiting == 0 {
                continue;
            }
            let (mut all, mut common) = (0, 0);
            for (_, agent) in self.working(&self.queues[other]) {
                all += 1;
                let first = agent.membership(ix).zip(agent.membership(other));
                common +=
                    usize::from(first.is_some_and(|(own, other)| other.priority <= own.priority));
            }
            if all > 0 {
                ahead += count(waiting) * count(common) / count(all);
            }
        }
        ahead
    }
}
