use std::collections::BTreeMap;

use frontdesk_types::{AgentId, QueueId};

/// Who works where: agents with their limits, and the agents of each queue, teams resolved. A queue with
/// no agents is not live: sessions wait in it until somebody is assigned (RTE-4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    pub(crate) limits: BTreeMap<AgentId, u32>,
    pub(crate) queues: BTreeMap<QueueId, Vec<AgentId>>,
}

impl Staff {
    /// Adds an agent who may have `limit` sessions at a time (RTE-9).
    pub fn agent(&mut self, agent: AgentId, limit: u32) -> &mut Self {
        self.limits.insert(agent, limit);
        self
    }

    /// Adds a queue and its agents; one named twice counts once.
    pub fn queue(
        &mut self,
        queue: QueueId,
        agents: impl IntoIterator<Item = AgentId>,
    ) -> &mut Self {
        let mut agents: Vec<AgentId> = agents.into_iter().collect();
        agents.sort();
        agents.dedup();
        self.queues.insert(queue, agents);
        self
    }

    /// The agents of a queue.
    pub fn agents_of(&self, queue: &QueueId) -> &[AgentId] {
        self.queues.get(queue).map_or(&[], Vec::as_slice)
    }
}
