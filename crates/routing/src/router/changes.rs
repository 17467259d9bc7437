//! The changes that another staff makes.

use std::collections::BTreeSet;

use frontdesk_types::AgentId;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Router,
    agents::Membership,
    queues::{Queue, asks_one},
    table::{AgentIx, QueueIx},
};
use crate::{AgentRules, Member, QueueRules, Staff};

/// The changes that another staff makes.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Agents with other rules, or who serve other queues, or in another way.
    pub(super) agents: BTreeSet<AgentIx>,
    /// Queues with other rules or members.
    pub(super) queues: Vec<QueueIx>,
}

impl Router {
    /// Whether a staff is the one that the router has: other parts of the configuration may have changed.
    pub(super) fn has_staff(&self, staff: &Staff) -> bool {
        let known = self.agents.iter().filter(|(_, agent)| agent.known).count();
        self.rules == staff.rules
            && known == staff.agents.len()
            && staff.agents.iter().all(|(id, rules)| self.has_agent(id, rules))
            && staff.queues.keys().all(|id| self.queue_ix.contains_key(id))
            && self.queues.iter().all(|(_, queue)| self.has_queue(queue, staff))
    }

    /// The changes that a staff makes. All of its agents and queues have an index.
    pub(super) fn changes(&self, staff: &Staff) -> Changes {
        let mut changes = Changes::default();
        let mut listed = FxHashSet::default();
        for (id, rules) in &staff.agents {
            let Some(ix) = self.agent_ix.get(id) else { continue };
            listed.insert(*ix);
            if !self.has_agent(id, rules) {
                changes.agents.insert(*ix);
            }
        }
        let all = self.rules != staff.rules;
        let known = self.agents.iter().filter(|(_, agent)| agent.known);
        let gone = known.filter(|(ix, _)| all || !listed.contains(ix));
        changes.agents.extend(gone.map(|(ix, _)| ix));
        for (ix, queue) in self.queues.iter() {
            if !self.has_queue(queue, staff) {
                changes.queues.push(ix);
                self.changed_members(queue, staff, &mut changes.agents);
            }
        }
        changes
    }

    /// Agents who serve a queue in another way than before.
    fn changed_members(&self, queue: &Queue, staff: &Staff, changed: &mut BTreeSet<AgentIx>) {
        let asks = staff.queues.get(&queue.id).is_some_and(|(rules, _)| asks_one(rules));
        let all = asks != queue.asks_one();
        let mut before: FxHashMap<AgentIx, Membership> = queue.members.iter().copied().collect();
        for member in staff.members_of(&queue.id) {
            let Some(ix) = self.agent_ix.get(&member.agent).copied() else { continue };
            let as_before = |before: Membership| is_as_before(before, member);
            if !before.remove(&ix).is_some_and(as_before) || all {
                changed.insert(ix);
            }
        }
        changed.extend(before.into_keys());
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
            self.agents[*ix].id == wants.agent && is_as_before(*has, wants)
        };
        queue.rules == *rules
            && queue.members.len() == members.len()
            && queue.members.iter().zip(members).all(same)
    }
}

fn is_as_before(before: Membership, member: &Member) -> bool {
    (before.priority, before.group) == (member.priority, member.group)
}
