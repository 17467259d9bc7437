//! The order of agents by their ids, as numbers with room between them. So an agent who is new changes no other
//! agent's, and whatever knows an agent by an index knows it on.

use frontdesk_types::AgentId;

use super::{Router, agents::Agent, table::AgentIx};

/// An agent's place in the order of ids.
pub(super) type Rank = u64;

/// Room between two agents: 32 can come between them, each before the last, until all get other ranks.
const ROOM: Rank = 1 << 32;

impl Router {
    /// Adds agents who are new, in the order of their ids. Says whether there is no room for one, so that all
    /// must get other ranks.
    pub(super) fn add_agents<'a>(&mut self, ids: impl Iterator<Item = &'a AgentId>) -> bool {
        let mut new = ids.filter(|id| !self.agent_ix.contains_key(*id)).cloned().peekable();
        if new.peek().is_none() {
            return false;
        }
        let new: Vec<AgentId> = new.collect();
        let mut known = self.in_order_of_rank().into_iter().peekable();
        let (mut last, mut crowded) = (0, false);
        for id in new {
            while let Some(before) = known.next_if(|ix| self.agents[*ix].id < id) {
                last = self.agents[before].rank.max(last);
            }
            let next = known.peek().map(|ix| self.agents[*ix].rank);
            let rank = match next {
                Some(next) => last + next.saturating_sub(last) / 2,
                None => last.saturating_add(ROOM),
            };
            crowded |= rank == last;
            last = rank;
            self.ranks_as_indices &= next.is_none();
            let ix = self.agents.push(Agent::new(id.clone(), rank));
            self.agent_ix.insert(id, ix);
        }
        crowded
    }

    fn in_order_of_rank(&self) -> Vec<AgentIx> {
        let mut all: Vec<AgentIx> = self.agents.indices().collect();
        all.sort_by_key(|ix| self.agents[*ix].rank);
        all
    }

    /// Gives all agents ranks with room between them. Nobody is on a bench.
    pub(super) fn rank_anew(&mut self) {
        let mut all: Vec<AgentIx> = self.agents.indices().collect();
        all.sort_by(|a, b| self.agents[*a].id.cmp(&self.agents[*b].id));
        for (place, ix) in (1..).zip(all) {
            self.agents[ix].rank = ROOM * place;
        }
    }
}
