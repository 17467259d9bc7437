use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AfterHoursSection, Assigned, CallsSection, ComplianceSection, CustomHoursSection, GroupSection,
    HolidaySection, HoursSection, NodeAfterHours, RoutingSection, ScheduledCallsSection,
    StaffSection,
};

/// A contact center, as it is written down. Texts are checked by [`super::Center::load`], so that every
/// problem can be told at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The company.
    pub center: CenterSection,
    /// How consumers get help from people: the answer to HELP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportSection>,
    /// Command words beside the fixed ones.
    #[serde(default)]
    pub words: WordsSection,
    /// How the menu treats replies.
    #[serde(default)]
    pub menu: MenuSection,
    /// Timers for every queue that has none of its own.
    #[serde(default)]
    pub timers: TimersSection,
    /// How often a session may be transferred (SMS-27).
    #[serde(default)]
    pub transfers: TransfersSection,
    /// How sessions come to agents.
    #[serde(default)]
    pub routing: RoutingSection,
    /// What holds for every agent.
    #[serde(default)]
    pub staff: StaffSection,
    /// What happens when somebody revokes consent in their own words (SMS-16).
    #[serde(default)]
    pub revocation: RevocationSection,
    /// How many texts leave by themselves (SMS-16).
    #[serde(default)]
    pub automatic: AutomaticSection,
    /// Texts that the center begins with (SMS-32, SMS-33).
    #[serde(default)]
    pub outbound: OutboundSection,
    /// Numbers of notices, whose replies reach nobody (SMS-34).
    #[serde(default)]
    pub notifications: NotificationsSection,
    /// How fast texts leave (SMS-8).
    #[serde(default)]
    pub sending: SendingSection,
    /// In whose name texts are sent in the United States, and by which rules (DLC-4).
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
    /// What is offered outside of hours (HRS-5 to HRS-9).
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

/// The company.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CenterSection {
    /// The id of this center in a store: lower-case letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// The company's name, for `@{COMPANY_NAME}`.
    pub company: String,
    /// The languages, the default one first: `en`, `fr-CA`.
    #[serde(default = "english")]
    pub languages: Vec<String>,
    /// Where numbers without a country code are read: two letters of ISO 3166-1. US by default.
    #[serde(default = "united_states")]
    pub region: String,
}

fn english() -> Vec<String> {
    vec!["en".into()]
}

fn united_states() -> String {
    "US".into()
}

/// How consumers get help from people.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportSection {
    /// A phone number, address or page; added to the answer to HELP.
    pub contact: String,
    /// The address that is offered outside of hours (HRS-7, HRS-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Words of other languages that behave like the fixed ones (SMS-15), and BACK and EXIT (SMS-14).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsSection {
    /// Beside STOP and its like: `ALTO`, `ARRET`.
    #[serde(default)]
    pub opt_out: Vec<String>,
    /// Beside START and UNSTOP.
    #[serde(default)]
    pub opt_in: Vec<String>,
    /// Beside HELP and INFO: `AYUDA`.
    #[serde(default)]
    pub help: Vec<String>,
    /// One level up in the menu; BACK by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Vec<String>>,
    /// Ends the chat; EXIT by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Vec<String>>,
}

/// How the menu treats replies (SMS-4).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuSection {
    /// How often a reply may match nothing, 0 to 20; 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// The queue for those who used up their tries; without one the session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
}

/// Timers in minutes, where nothing else is said; each may be set for all and per queue, and is inherited down (SMS-23).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimersSection {
    /// An unanswered menu ends the session, 1 to 43200; 1440 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub menu_expiration: Option<u32>,
    /// A chat that nobody takes ends, 1 to 43200; 1440 by default (SMS-19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<u32>,
    /// A chat without a consumer message ends, 1 to 43200; 60 by default, 0 is off (SMS-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_timeout: Option<u32>,
    /// A chat is dismissed so long after the agent's last message, 1 to 10080 and no longer than the chat
    /// timeout; 0 is off, which is the default (SMS-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissal: Option<u32>,
    /// So long before that the consumer is warned, less than the dismissal; 0 is off, which is the default
    /// (SMS-22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissal_warning: Option<u32>,
    /// As `dismissal`, after a virtual agent's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_dismissal: Option<u32>,
    /// How soon a consumer should have an answer, in seconds, 1 to 86400; 0 is off, which is the default
    /// (SMS-24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_target_seconds: Option<u32>,
    /// How long somebody has to take what is transferred to them, in seconds, 10 to 86400; 120 by default
    /// (SMS-27).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_seconds: Option<u32>,
}

/// How often a session may be transferred (SMS-27).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransfersSection {
    /// So many times, 0 to 100; no limit without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// At the limit, one last transfer may go to this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_to: Option<String>,
    /// Whether a virtual agent's handing over counts; it does by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_virtual: Option<bool>,
    /// Whether counting begins anew after a dismissal.
    #[serde(default)]
    pub dismissal_resets: bool,
    /// Whether agents may transfer to queues outside of their hours where somebody is there (HRS-11).
    #[serde(default)]
    pub outside_hours: bool,
}

/// How many texts leave by themselves, to one consumer on one number, in any hour (SMS-16). Phones and other centers answer
/// by themselves, too: without a limit two of them would never end.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutomaticSection {
    /// Prompts, greetings, answers to HELP and other texts of the platform, 1 to 1000; 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts_per_hour: Option<u32>,
    /// Texts of virtual agents, 1 to 1000; 60 by default. At the limit the chat is handed over to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_texts_per_hour: Option<u32>,
}

/// What happens when somebody revokes consent in their own words (SMS-16). What does so without doubt
/// ("stop texting me") always opts out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationSection {
    /// What is done about a text that may: "wrong number", "leave me alone".
    #[serde(default)]
    pub possible: PossibleRevocation,
}

/// What is done about a text that may be a revocation of consent (SMS-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PossibleRevocation {
    /// The consumer is asked to reply STOP, if that is meant.
    Ask,
    /// It is taken for one.
    OptOut,
    /// The agent sees it.
    #[default]
    TellAgent,
}

/// Texts that the center begins with (SMS-32, SMS-33).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutboundSection {
    /// Whether there are any.
    #[serde(default)]
    pub enabled: bool,
    /// The numbers that they come from.
    #[serde(default)]
    pub numbers: Vec<OutboundNumber>,
    /// The countries that may be texted: two letters of ISO 3166-1. US by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<String>>,
    /// So many chats a day (UTC) may begin from each number, 1 to 1000000; no limit without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_limit: Option<u32>,
}

/// A number that texts come from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutboundNumber {
    /// The number; it may also be one that consumers text.
    pub number: String,
    /// The queue whose menu the answers enter; for a number that consumers text, that number's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
}

/// Numbers of notices (SMS-34).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationsSection {
    /// Notices come from these numbers alone; replies to them get the default answer and reach nobody.
    #[serde(default)]
    pub numbers: Vec<String>,
}

/// A ready-made text of agents (SMS-25).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortcutSection {
    /// Shortcuts of one category stand together.
    #[serde(default)]
    pub category: String,
    /// What an agent types to find it; unique.
    pub keyword: String,
    /// What it says; `@{END_USER}`, `@{AGENT}`, `@{QUEUE}`, `@{COMPANY_NAME}` and `@{SESSION_ID}` may stand in it.
    pub message: Text,
}

/// How many segments leave in a minute, 1 to 60000; no limit without (SMS-8, DLC-6).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendingSection {
    /// From each number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// From numbers with a limit of their own: `"+12025550100" = 60`.
    #[serde(default)]
    pub numbers: BTreeMap<String, u32>,
}

/// Pictures (JPEG, PNG, GIF, WebP) and videos (MP4, 3GP, MOV) of consumers (SMS-7).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaSection {
    /// How large one may be, in MB, 1 to 50; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_mb: Option<u32>,
}

/// Predefined messages by their kind: `greeting`, `prompt`, `waiting` … (SMS-9).
pub type MessagesSection = BTreeMap<String, String>;

/// A text in one language, or a table of languages.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Text {
    /// In the default language.
    Default(String),
    /// Per language.
    PerLanguage(BTreeMap<String, String>),
}

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
    /// What is offered while it is closed, by text `message` or `queue:support`, in which consumers wait instead; if that is
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
    /// How many chats at a time, 1 to 100; as for the staff by default (RTE-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chats: Option<u32>,
    /// When they are there, if that is planned: the estimated wait counts on it (RTE-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<HoursSection>,
    /// What they can: what sessions of some queues ask for (RTE-18).
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
    /// What it begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Text>,
    /// The choices that it begins with.
    #[serde(default)]
    pub buttons: Vec<String>,
    /// What it says when no rule matches.
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
    /// What it says.
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
