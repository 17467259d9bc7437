//! Queues, teams, agents and virtual agents.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{Assigned, GroupSection, HoursSection, NodeAfterHours, RoutingSection},
    MessagesSection, Text, TimersSection,
};

/// A node of the menu tree.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueSection {
    /// Its id; keep it when the name changes, so that open sessions stay where they are.
    pub id: String,
    /// As the consumer sees it.
    pub name: Text,
    /// The queue above it in the menu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The numbers that lead here: `+12025550100`, or a short code.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Words that lead straight here, also as the very first text.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Not shown in menus.
    #[serde(default)]
    pub hidden: bool,
    /// The languages whose menus have it, with everything below it; every one, without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Sessions cannot be transferred here (RTE-3).
    #[serde(default)]
    pub closed_to_transfers: bool,
    /// Its numbers are its own: sessions there are direct ones (SMS-37).
    #[serde(default)]
    pub direct: bool,
    /// Choosing this option sets the language; a leaf with a language only does that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The agents of a leaf, each with a priority if need be.
    #[serde(default)]
    pub agents: Vec<Assigned>,
    /// The virtual agent who takes every session here first, before people (SMS-28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_agent: Option<String>,
    /// The teams of a leaf, each with a priority if need be.
    #[serde(default)]
    pub teams: Vec<Assigned>,
    /// Instead of those: groups that are asked one after the other, or by shares (RTE-7, RTE-8).
    #[serde(default)]
    pub groups: Vec<GroupSection>,
    /// Its own routing, inherited down one by one.
    #[serde(default)]
    pub routing: RoutingSection,
    /// Offers while it is closed, by text `message` or `queue:support`, in which consumers wait instead; if that is
    /// closed too, what it offers (HRS-9). Not inherited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_hours: Option<NodeAfterHours>,
    /// Its own hours, inherited down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursSection>,
    /// Its own timers, inherited down.
    #[serde(default)]
    pub timers: TimersSection,
    /// Its own messages per language, inherited down one by one.
    #[serde(default)]
    pub messages: BTreeMap<String, MessagesSection>,
}

/// A team.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamSection {
    /// Its id.
    pub id: String,
    /// Its members.
    pub agents: Vec<String>,
    /// When its members are there who have no shift of their own (RTE-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<HoursSection>,
}

/// An agent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentSection {
    /// Its id.
    pub id: String,
    /// As consumers see it, for `@{AGENT}`.
    pub name: String,
    /// The number of chats at a time, 1 to 100; as for the staff by default (RTE-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chats: Option<u32>,
    /// When they are there, if that is planned: the estimated wait counts on it (RTE-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<HoursSection>,
    /// Their skills, which sessions of some queues ask for (RTE-18).
    #[serde(default)]
    pub skills: Vec<String>,
    /// Sessions connect without them accepting (RTE-9).
    #[serde(default)]
    pub auto_answer: bool,
    /// By which programs may name them (SMS-33); unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Numbers of their own: texts to them go straight to this agent (SMS-37).
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Hours of their own, for texts to their own numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursSection>,
    /// Messages of their own per language, for texts to their own numbers.
    #[serde(default)]
    pub messages: BTreeMap<String, MessagesSection>,
}

/// A program that takes part in chats (SMS-28): with rules the one that comes along, without them one that the host
/// brings.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VirtualAgentSection {
    /// Its id; agents have others.
    pub id: String,
    /// As consumers see it, for `@{AGENT}`.
    pub name: String,
    /// When it answers: in the hours of its queues, or at any time.
    #[serde(default)]
    pub hours: VirtualAgentHours,
    /// The queue in which people go on when it fails or does not understand.
    pub fallback: String,
    /// The first text that it writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Text>,
    /// The choices that it begins with.
    #[serde(default)]
    pub buttons: Vec<String>,
    /// The answer when no rule matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Text>,
    /// Its rules; the first that matches answers.
    #[serde(default)]
    pub rules: Vec<BotRuleSection>,
}

/// When a virtual agent answers (HRS-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VirtualAgentHours {
    /// At any time.
    Always,
    /// In the hours of its queues.
    #[default]
    Queue,
}

/// A rule of a virtual agent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BotRuleSection {
    /// Words or phrases, one of which is in the text.
    pub words: Vec<String>,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Text>,
    /// The choices below that.
    #[serde(default)]
    pub buttons: Vec<String>,
    /// People go on in this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The session is over.
    #[serde(default)]
    pub end: bool,
}
