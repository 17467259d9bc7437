//! How routing is written down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What holds for every agent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StaffSection {
    /// How many chats at a time, for agents who have no number of their own: 1 to 100; 3 by default (RTE-9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chats: Option<u32>,
    /// As how many chats a call counts, 1 to 100; 1 by default (RTE-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_weight: Option<u32>,
    /// Agents in a chat are offered calls (RTE-9).
    pub calls_while_in_chat: bool,
    /// Agents in a call are offered chats (RTE-9).
    pub chats_while_in_call: bool,
    /// So many chats that were offered to one agent alone and not answered set Missed chat; 0 is never,
    /// 1 by default (RTE-10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_chats: Option<u32>,
    /// The same for calls: Missed call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_calls: Option<u32>,
    /// So many offers that the desk never showed set Unresponsive; 0 is never, 3 by default (RTE-10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<u32>,
    /// Statuses of the center's own, by their ids (RTE-10).
    pub statuses: Vec<String>,
}

/// How a queue's sessions come to agents; set at any node and inherited down, one by one (RTE-2).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoutingSection {
    /// To all agents at once, or to one after the other (RTE-5, RTE-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentName>,
    /// Deltacast: how long an agent has to answer; 10 seconds by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deltacast_seconds: Option<u32>,
    /// Deltacast: how many agents are asked before all are, 1 to 100; 3 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Deltacast: whether all are asked after those; yes by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then_multicast: Option<bool>,
    /// Sessions connect without the agent accepting (RTE-9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_answer: Option<bool>,
    /// After a session its agent gets no other for so long (RTE-11); 0, the default, is no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrap_up_seconds: Option<u32>,
    /// Whether the agent cannot end that time early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrap_up_fixed: Option<bool>,
    /// Groups: how long until the next one is asked too (RTE-7); 30 seconds by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cascade_seconds: Option<u32>,
    /// Groups: whether one with nobody available is not waited for; yes by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_empty_groups: Option<bool>,
    /// Groups with shares: how long until every group is asked (RTE-8); 0 is never, 60 seconds by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation_seconds: Option<u32>,
    /// A consumer who returns within so long goes to the last agent first (RTE-17); 0, the default, is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sticky_minutes: Option<u32>,
    /// How long the last agent has to answer; 10 seconds by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sticky_seconds: Option<u32>,
    /// The priority of the sessions here: 0, the default, to 10 (RTE-18).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    /// What one step of priority is worth: as if the session had come so much earlier; 10 minutes by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_start_minutes: Option<u32>,
    /// What an agent must be able to do for the sessions here (RTE-18).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// The session's language, like `es`, is a skill that is asked for too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_skill: Option<bool>,
    /// After waiting so long a session is offered to agents without its skills too; 0, the default, is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills_for_seconds: Option<u32>,
}

/// How sessions are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentName {
    /// To one agent after the other (RTE-6).
    Deltacast,
    /// To every agent (RTE-5).
    Multicast,
}

/// One of several groups of a queue's agents: asked one after the other, or by shares.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupSection {
    /// Its agents.
    #[serde(default)]
    pub agents: Vec<Assigned>,
    /// Its teams.
    #[serde(default)]
    pub teams: Vec<Assigned>,
    /// Its share of the sessions, in percent. With one, every group has one: 100 together (RTE-8). Without,
    /// each group joins those before it after a time (RTE-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
}

/// An agent or team by its id, or with a priority: `"ana"`, `{ id = "ana", priority = 2 }`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Assigned {
    /// Priority 1.
    Id(String),
    /// With a priority: 1 first to 8 last (RTE-4).
    WithPriority {
        /// The agent or team.
        id: String,
        /// 1 first to 8 last.
        priority: u8,
    },
}

impl Assigned {
    pub(in crate::config) fn parts(&self) -> (&str, u8) {
        match self {
            Self::Id(id) => (id, 1),
            Self::WithPriority { id, priority } => (id, *priority),
        }
    }
}

impl From<String> for Assigned {
    fn from(id: String) -> Self {
        Self::Id(id)
    }
}
