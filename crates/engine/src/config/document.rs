//! The document as it is written: its sections.

mod people;
mod settings;

pub use people::{
    AgentSection, BotRuleSection, QueueSection, TeamSection, VirtualAgentHours, VirtualAgentSection,
};
pub use settings::{
    AutomaticSection, CenterSection, MediaSection, MenuSection, MessagesSection,
    NotificationsSection, OutboundNumber, OutboundSection, PossibleRevocation, RevocationSection,
    SendingSection, ShortcutSection, SupportSection, Text, TimersSection, TransfersSection,
    WordsSection,
};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AfterHoursSection, CallsSection, ComplianceSection, CustomHoursSection, HolidaySection,
    HoursSection, RoutingSection, ScheduledCallsSection, StaffSection,
};

/// A contact center, as it is written down. Texts are checked by [`super::Center::load`], so that every
/// problem can be told at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The company.
    pub center: CenterSection,
    /// Contacts through which consumers get help from people: the answer to HELP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportSection>,
    /// Command words beside the fixed ones.
    #[serde(default)]
    pub words: WordsSection,
    /// The menu's treatment of replies.
    #[serde(default)]
    pub menu: MenuSection,
    /// Timers for every queue that has none of its own.
    #[serde(default)]
    pub timers: TimersSection,
    /// The limits of transfers of a session (SMS-27).
    #[serde(default)]
    pub transfers: TransfersSection,
    /// The assignment of sessions to agents.
    #[serde(default)]
    pub routing: RoutingSection,
    /// Settings of every agent.
    #[serde(default)]
    pub staff: StaffSection,
    /// The treatment of revocations in a consumer's own words (SMS-16).
    #[serde(default)]
    pub revocation: RevocationSection,
    /// The limits of texts that leave by themselves (SMS-16).
    #[serde(default)]
    pub automatic: AutomaticSection,
    /// Texts that the center begins with (SMS-32, SMS-33).
    #[serde(default)]
    pub outbound: OutboundSection,
    /// Numbers of notices, whose replies reach nobody (SMS-34).
    #[serde(default)]
    pub notifications: NotificationsSection,
    /// The rate at which texts leave (SMS-8).
    #[serde(default)]
    pub sending: SendingSection,
    /// The registrations and rules of texts in the United States (DLC-4).
    #[serde(default)]
    pub compliance: ComplianceSection,
    /// Pictures and videos of consumers (SMS-7).
    #[serde(default)]
    pub media: MediaSection,
    /// Texts beside phone calls (SMS-29 to SMS-31, SMS-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<CallsSection>,
    /// Ready-made texts of agents (SMS-25).
    #[serde(default)]
    pub shortcuts: Vec<ShortcutSection>,
    /// Days on which schedules that observe them are closed (HRS-3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<HolidaySection>,
    /// Hours for some consumers only (HRS-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_hours: Vec<CustomHoursSection>,
    /// Offers outside of hours (HRS-5 to HRS-9).
    #[serde(default)]
    pub after_hours: AfterHoursSection,
    /// Calls at a time that consumers choose (HRS-10).
    #[serde(default)]
    pub scheduled_calls: ScheduledCallsSection,
    /// General opening hours; without them, every queue is always open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursSection>,
    /// Messages per language, for every queue that has none of its own.
    #[serde(default)]
    pub messages: BTreeMap<String, MessagesSection>,
    /// The menu tree, in menu order.
    pub queues: Vec<QueueSection>,
    /// Teams of agents.
    #[serde(default)]
    pub teams: Vec<TeamSection>,
    /// The agents.
    #[serde(default)]
    pub agents: Vec<AgentSection>,
    /// Programs that take part in chats (SMS-28).
    #[serde(default)]
    pub virtual_agents: Vec<VirtualAgentSection>,
    /// Settings of the host that runs the engine. The engine does not read them.
    #[serde(default)]
    pub host: serde_json::Value,
}
