//! Settings of the whole center.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// Contacts through which consumers get help from people.
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

/// The menu's treatment of replies (SMS-4).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuSection {
    /// The number of replies that may match nothing, 0 to 20; 3 by default.
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
    /// The time within which a consumer should have an answer, in seconds, 1 to 86400; 0 is off, which is the default
    /// (SMS-24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_target_seconds: Option<u32>,
    /// The time that somebody has to take a transfer, in seconds, 10 to 86400; 120 by default
    /// (SMS-27).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_seconds: Option<u32>,
}

/// The limits of transfers of a session (SMS-27).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransfersSection {
    /// The number of transfers, 0 to 100; no limit without.
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

/// The limits of texts that leave by themselves, to one consumer on one number, in any hour (SMS-16). Phones and other
/// centers answer by themselves, too: without a limit two of them would never end.
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

/// The treatment of revocations in a consumer's own words (SMS-16). What does so without doubt
/// ("stop texting me") always opts out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationSection {
    /// The treatment of a text that may revoke consent: "wrong number", "leave me alone".
    #[serde(default)]
    pub possible: PossibleRevocation,
}

/// The treatment of a text that may be a revocation of consent (SMS-16).
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
    /// The number of chats a day (UTC) that may begin from each number, 1 to 1000000; no limit without.
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
    /// The word that an agent types to find it; unique.
    pub keyword: String,
    /// The text; `@{END_USER}`, `@{AGENT}`, `@{QUEUE}`, `@{COMPANY_NAME}` and `@{SESSION_ID}` may stand in it.
    pub message: Text,
}

/// The number of segments that leave in a minute, 1 to 60000; no limit without (SMS-8, DLC-6).
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
    /// The size that one may have, in MB, 1 to 50; 5 by default.
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
