use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// Timers in minutes; each may be set for all and per queue, and is inherited down (SMS-23).
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
}

/// Opening hours: a time zone, and for days or ranges of days their hours (HRS-1).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursSection {
    /// A zone of the IANA database, like `America/New_York`.
    pub zone: String,
    /// `mon-fri = "09:00-12:00, 13:00-17:00"`, `sat = "22:00-02:00"`, `daily = "24 hours"`.
    pub open: BTreeMap<String, String>,
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
    /// Choosing this option sets the language; a leaf with a language only does that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The agents of a leaf.
    #[serde(default)]
    pub agents: Vec<String>,
    /// The teams of a leaf.
    #[serde(default)]
    pub teams: Vec<String>,
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
}

/// An agent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentSection {
    /// Its id.
    pub id: String,
    /// As consumers see it, for `@{AGENT}`.
    pub name: String,
    /// How many chats at a time, 1 to 100; 3 by default (RTE-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chats: Option<u32>,
}
