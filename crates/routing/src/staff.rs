use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use frontdesk_types::{AgentId, QueueId, SkillId};

use crate::{Groups, Kind, QueueRules, Reasons, RulesError};

/// Who works where, and by which rules: agents with their limits and skills, queues with their agents,
/// teams resolved. A queue with no agents is not live: sessions wait in it until somebody is assigned (RTE-4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// What holds for every agent.
    pub rules: StaffRules,
    pub(crate) agents: BTreeMap<AgentId, AgentRules>,
    pub(crate) queues: BTreeMap<QueueId, (QueueRules, Vec<Member>)>,
}

/// What holds for every agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRules {
    /// As how many chats a call counts (RTE-6), at least 1. An agent without chats can always take a call.
    pub call_weight: u32,
    /// Whether agents in a chat are offered calls (RTE-9).
    pub calls_while_in_chat: bool,
    /// Whether agents in a call are offered chats (RTE-9).
    pub chats_while_in_call: bool,
    /// So many calls, offered to one agent alone and not answered, one after the other: Missed call (RTE-10). 0 is never.
    pub missed_calls: u32,
    /// The same for chats: Missed chat (RTE-10).
    pub missed_chats: u32,
    /// So many offers that the desk never showed, one after the other: Unresponsive (RTE-10). 0 is never.
    pub skipped: u32,
    /// Maximum offers that an agent sees at once, the first in line (RTE-5), at least 2: one place is for an
    /// offer that the agent has alone.
    pub offers_at_once: u32,
}

impl Default for StaffRules {
    fn default() -> Self {
        Self {
            call_weight: 1,
            calls_while_in_chat: false,
            chats_while_in_call: false,
            missed_calls: 1,
            missed_chats: 1,
            skipped: 3,
            offers_at_once: 20,
        }
    }
}

/// One agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentRules {
    /// How many chats the agent may have at a time (RTE-9).
    pub chats: u32,
    /// What the agent can (RTE-18).
    pub skills: BTreeSet<SkillId>,
    /// Whether sessions connect without the agent accepting (RTE-9).
    pub auto_answer: bool,
}

impl StaffRules {
    /// How many offers an agent sees at once.
    pub(crate) fn most_offers(&self) -> usize {
        self.offers_at_once.max(2) as usize
    }

    /// Whether an agent with so many chats and calls has room for one more session.
    pub(crate) fn has_room(&self, kind: Kind, chats: u32, calls: u32, limit: u32) -> bool {
        let weight = self.call_weight.max(1);
        match kind {
            Kind::Chat => {
                chats.saturating_add(calls.saturating_mul(weight)) < limit
                    && (calls == 0 || self.chats_while_in_call)
            }
            Kind::Call => {
                let beside_chats =
                    self.calls_while_in_chat && chats.saturating_add(weight) <= limit;
                calls == 0 && (chats == 0 || beside_chats)
            }
        }
    }
}

impl AgentRules {
    /// An agent who may have so many chats at a time.
    pub fn with_chats(chats: u32) -> Self {
        Self { chats, ..Self::default() }
    }
}

/// An agent of a queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Who.
    pub agent: AgentId,
    /// 1 first … 8 last (RTE-4): among a queue's agents who is asked first, where one is asked at a time;
    /// for the agent, which of their queues comes first. 0 is before everybody: for programs.
    pub priority: u8,
    /// Which group of the queue, counted from 0 (RTE-7, RTE-8); 0 without groups.
    pub group: u8,
}

impl From<AgentId> for Member {
    fn from(agent: AgentId) -> Self {
        Self { agent, priority: 1, group: 0 }
    }
}

/// The highest number of a member's priority (RTE-4).
pub const LAST_PRIORITY: u8 = 8;

impl Staff {
    /// Adds an agent, or replaces their rules.
    pub fn agent(&mut self, agent: AgentId, rules: AgentRules) -> &mut Self {
        self.agents.insert(agent, rules);
        self
    }

    /// Adds a queue with its agents. What contradicts itself is refused whole, every reason told.
    pub fn queue<M: Into<Member>>(
        &mut self,
        queue: QueueId,
        rules: QueueRules,
        members: impl IntoIterator<Item = M>,
    ) -> Result<&mut Self, Reasons<RulesError>> {
        let mut members: Vec<Member> = members.into_iter().map(Into::into).collect();
        let mut errors = rules.problems();
        let groups = match &rules.groups {
            Groups::All => 1,
            Groups::Cascade { .. } => usize::from(u8::MAX),
            Groups::Percent { shares, .. } => shares.len(),
        };
        let mut seen = BTreeSet::new();
        for Member { agent, priority, group } in &members {
            if !seen.insert(agent) {
                errors.push(RulesError::AssignedTwice { agent: agent.clone() });
            }
            if !self.agents.contains_key(agent) {
                errors.push(RulesError::UnknownAgent { agent: agent.clone() });
            }
            if *priority > LAST_PRIORITY {
                errors.push(RulesError::Priority { agent: agent.clone(), found: *priority });
            }
            if usize::from(*group) >= groups {
                errors.push(RulesError::UnknownGroup { agent: agent.clone(), found: *group });
            }
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        members.sort();
        self.queues.insert(queue, (rules, members));
        Ok(self)
    }

    /// The agents of a queue, in the order of their ids.
    pub fn agents_of(&self, queue: &QueueId) -> impl Iterator<Item = &AgentId> {
        self.members_of(queue).iter().map(|member| &member.agent)
    }

    /// The agents of a queue with their priorities and groups.
    pub fn members_of(&self, queue: &QueueId) -> &[Member] {
        self.queues.get(queue).map_or(&[], |(_, members)| members)
    }

    /// A queue's rules.
    pub fn rules_of(&self, queue: &QueueId) -> Option<&QueueRules> {
        self.queues.get(queue).map(|(rules, _)| rules)
    }

    /// Every agent with their rules, in the order of their ids.
    pub fn agents(&self) -> impl Iterator<Item = (&AgentId, &AgentRules)> {
        self.agents.iter()
    }

    /// An agent's rules.
    pub fn agent_rules(&self, agent: &AgentId) -> Option<&AgentRules> {
        self.agents.get(agent)
    }

    /// For how long after the end of a session its consumer goes to the same agent (RTE-17).
    pub fn sticky(&self, queue: &QueueId) -> Option<TimeDelta> {
        self.rules_of(queue)?.sticky.map(|sticky| sticky.within)
    }
}
