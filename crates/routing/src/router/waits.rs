//! How long consumers wait (RTE-12).

use frontdesk_types::{Instant, QueueId, SkillId};
use rustc_hash::FxHashMap;

use super::{
    Kind, Router, Wait,
    queues::Asks,
    table::{QueueIx, SkillIx},
};
use crate::{
    UnknownWait, WaitHistory, WaitTime,
    wait::{Arrivals, StoredStream, forecast, summary},
};

impl Router {
    /// How long a session waits that asks for this: one that comes now, or that came at another time.
    pub fn wait_time(&self, wait: &Wait, now: Instant) -> Result<WaitTime, UnknownWait> {
        let mut found = self.wait_times(std::slice::from_ref(wait), now);
        found.pop().unwrap_or(Err(UnknownWait::NoQueue))
    }

    /// How long sessions wait, each as if it were the only one more. Those whose agents have other queues in
    /// common are looked at together, so that a page of queues costs little more than one.
    pub fn wait_times(&self, waits: &[Wait], now: Instant) -> Vec<Result<WaitTime, UnknownWait>> {
        let now = self.own_time(now).max(self.now);
        let mut answers = vec![Err(UnknownWait::NoQueue); waits.len()];
        let mut open = vec![false; waits.len()];
        for ((wait, answer), open) in waits.iter().zip(&mut answers).zip(&mut open) {
            let Some(ix) = self.queue_ix.get(&wait.queue).copied() else { continue };
            match self.cannot_tell(ix, wait) {
                Some(unknown) => *answer = Err(unknown),
                None => *open = true,
            }
        }
        while let Some(first) = open.iter().position(|open| *open) {
            let scene = self.scene(waits, &open, first, now);
            let outcomes = forecast(&scene.scene);
            for (probe, outcomes) in scene.probes.iter().zip(outcomes) {
                if let Some(open) = open.get_mut(*probe) {
                    *open = false;
                }
                if let Some(answer) = answers.get_mut(*probe) {
                    *answer = summary(outcomes);
                }
            }
            // Each look answers at least the question that it was made for.
            if let Some(open) = open.get_mut(first) {
                *open = false;
            }
        }
        answers
    }

    fn cannot_tell(&self, ix: QueueIx, wait: &Wait) -> Option<UnknownWait> {
        let queue = &self.queues[ix];
        let relaxes = queue.rules.skills_for.is_some();
        let skills: Vec<_> = wait.skills.iter().map(|id| self.skills.get(id).copied()).collect();
        let able = |(ix, _): &(_, _)| {
            let agent = &self.agents[*ix];
            let has = |skill: &Option<_>| skill.is_some_and(|skill| agent.has_skills(&[skill]));
            (relaxes || skills.iter().all(has))
                && (agent.chosen.takes_sessions() || agent.roster.comes())
                && (wait.kind == Kind::Call || agent.limit > 0)
        };
        if let Some(unknown) = queue.history.lacks() {
            return Some(unknown);
        }
        (!queue.members.iter().any(able)).then_some(UnknownWait::Nobody)
    }

    /// What a queue has shown so far: to be stored, so that a restart does not begin anew.
    pub fn wait_history(&self, queue: &QueueId) -> Option<WaitHistory> {
        let queue = &self.queues[*self.queue_ix.get(queue)?];
        let names: FxHashMap<SkillIx, &SkillId> =
            self.skills.iter().map(|(id, ix)| (*ix, id)).collect();
        let stored = |(asks, arrivals): &(Asks, Arrivals)| {
            let skills = self.skill_sets[asks.skills].iter().filter_map(|ix| names.get(ix));
            StoredStream {
                call: asks.kind == Kind::Call,
                brought: asks.brought,
                priority: asks.priority,
                skills: skills.copied().cloned().collect(),
                arrivals: *arrivals,
            }
        };
        let streams = queue.streams.iter().map(stored).collect();
        Some(WaitHistory { streams, ..queue.history.clone() })
    }

    /// Rises with everything that a queue's history is about.
    pub fn wait_history_shown(&self, queue: &QueueId) -> u64 {
        self.queue_ix.get(queue).map_or(0, |ix| self.queues[*ix].history.shown)
    }

    /// Takes on what a queue had shown before a restart. A queue that nobody configured is ignored.
    pub fn restore_wait_history(&mut self, queue: &QueueId, mut history: WaitHistory) {
        let Some(ix) = self.queue_ix.get(queue).copied() else { return };
        self.queues[ix].streams.clear();
        for stream in std::mem::take(&mut history.streams) {
            let StoredStream { call, brought, priority, skills, arrivals } = stream;
            let kind = if call { Kind::Call } else { Kind::Chat };
            let skills = self.skill_set(&skills);
            let asks = Asks { kind, priority, skills, brought };
            self.queues[ix].restore_stream(asks, arrivals);
        }
        self.queues[ix].history = history;
    }
}
