use std::fmt;

use compact_str::CompactString;
use frontdesk_types::{Instant, MessageId, PhoneNumber, SupportNumber};
use serde::{Deserialize, Serialize};

use super::Evidence;

/// What consent is given to: the texts of one campaign, from whichever of its numbers. A number that belongs to no campaign is a
/// programme by itself, named after it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Programme(CompactString);

impl Programme {
    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Programme {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

/// A number by itself.
impl From<SupportNumber> for Programme {
    fn from(number: SupportNumber) -> Self {
        Self(compact_str::format_compact!("{number}"))
    }
}

impl fmt::Display for Programme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose history of consent it is: one consumer's, for one programme.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LedgerKey {
    /// Who.
    pub consumer: PhoneNumber,
    /// To what.
    pub programme: Programme,
}

/// An entry of the consent ledger (DLC-3): what one consumer did, or was told, about one programme.
/// Entries are appended and never changed.
///
/// ```json
/// {"at":"2026-11-21T15:00:00Z","act":"opted_in","word":"start","confirmation":"SM1-reply","wording":"Start","evidence":"SM1"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was entered.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub act: Act,
    /// The exact wording: what the consumer wrote, or what they were shown.
    pub wording: String,
    /// The proof of it.
    pub evidence: Evidence,
}

/// What changes consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Act {
    /// The consumer agreed elsewhere than in a text: it was recorded, or comes with a list (DLC-3).
    Agreed {
        /// How.
        method: Method,
        /// To what.
        level: ConsentLevel,
        /// When. A revocation after it holds, whenever this is entered.
        given: Instant,
    },
    /// The caller agreed, on the phone, to the texts of that exchange: by a key, or in words to the agent
    /// (SMS-29 to SMS-31).
    AgreedInCall,
    /// The carrier or provider says that the consumer opted out (Twilio's error 21610).
    CarrierOptedOut,
    /// Personal data were erased: wording and evidence of the entries before this one, as far as they hang on the chain by salted
    /// digests. What the consumer agreed to or revoked holds as before.
    Erased {
        /// The number of the last entry that is blank.
        through: u64,
    },
    /// The opt-in text was sent (SMS-2): brand, recurrence, rates, HELP, STOP.
    OptInTextShown,
    /// START, or YES when it was asked for (SMS-12).
    OptedIn {
        /// The word, normalised.
        word: String,
        /// The reply to it.
        confirmation: Option<MessageId>,
        /// The word answers an opt-in message, or is the keyword that a campaign has registered with its call to action:
        /// written consent. Otherwise the word gives express consent, and after a revocation the level of before it, never a
        /// higher one (SMS-12).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asked: bool,
    },
    /// STOP and its like (SMS-11).
    OptedOut {
        /// The word, normalised.
        word: String,
        /// The one message that may still leave; `None` where the provider has confirmed by itself.
        confirmation: Option<MessageId>,
    },
    /// The consumer took consent back elsewhere than in a text (47 CFR 64.1200(a)(10)): by mail or phone, or as a list says.
    Revoked {
        /// How.
        channel: RevocationChannel,
        /// When. Consent that was given after it holds, whenever this is entered.
        given: Instant,
    },
    /// The consumer wrote without having been written to: consent to that exchange (SMS-2).
    WroteFirst,
}

impl Act {
    /// Whether it takes consent back.
    pub fn revokes(&self) -> bool {
        matches!(self, Self::CarrierOptedOut | Self::OptedOut { .. } | Self::Revoked { .. })
    }
}

/// How a consumer agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// To an agent, who noted it.
    Agent,
    /// By a text with a word of consent.
    Keyword,
    /// On paper, signed.
    Paper,
    /// To nobody that the ledger knows: a program of the sender says so.
    Program,
    /// In words that were recorded.
    Voice,
    /// In a form of a web page or app.
    WebForm,
}

impl Method {
    /// The highest level that consent by this method reaches. What an agent noted or a program says is not signed, so that it
    /// is not written consent (47 CFR 64.1200(f)(9)); a recording, a form, a paper, and a text are (FCC 12-21, paragraph 34).
    pub fn highest_level(self) -> ConsentLevel {
        match self {
            Self::Agent | Self::Program => ConsentLevel::Express,
            Self::Keyword | Self::Paper | Self::Voice | Self::WebForm => ConsentLevel::Written,
        }
    }
}

/// The way in which a consumer took consent back elsewhere than in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RevocationChannel {
    /// By email.
    Email,
    /// At a counter, to a person.
    InPerson,
    /// A list of another system says so.
    List,
    /// By letter.
    Mail,
    /// In a call.
    Phone,
    /// In a form of a web page or app.
    Web,
}

impl RevocationChannel {
    /// The word in lists, events and API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::InPerson => "in_person",
            Self::List => "list",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Web => "web",
        }
    }
}

/// How far consent goes (CTIA 2023, 5.1.1): each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentLevel {
    /// To the exchange that the consumer began.
    Implied,
    /// To messages that inform.
    Express,
    /// To messages that promote, too: signed, ticked, or by a word of consent (47 CFR 64.1200(f)(9)).
    Written,
}
