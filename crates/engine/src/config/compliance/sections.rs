//! What stands in the document.

use std::collections::BTreeMap;

use frontdesk_tendlc::{
    BrandListing, Cap, ContentRules, ContentType, Effect, Registered, RevocationScope,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scrub::ScrubSection;
use crate::{RegistrationIds, config::MessagesSection};

/// In whose name texts are sent in the United States, and by which rules (docs/compliance.md).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ComplianceSection {
    /// The brand's name, one of which stands in a first message that is no answer; the company by default.
    pub brand: Vec<String>,
    /// The brand's legal name, as it stands with the tax authority, up to 200 characters: proofs of consent name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// The brand's postal address in one line, up to 300 characters: proofs of consent name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The brand's trade in words, like `dental clinic`: beside its name it tells what texts are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade: Option<String>,
    /// Domains of the brand's own: links of others are remarked.
    pub domains: Vec<String>,
    /// The brand's score with the registry, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// The reason why the brand stands high with carriers whatever its score: it is in the Russell 3000, or a government body that
    /// the registry has verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<BrandListing>,
    /// Segments a day of the whole brand to T-Mobile, where the registry says otherwise than the tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t_mobile_per_day: Option<u32>,
    /// Which messages wait for quiet hours to be over; those that promote by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<Vec<ContentType>>,
    /// Texts that advertise but are sent as something else wait for the quiet hours of promotions; `true` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_advertising: Option<bool>,
    /// Why chats may begin with consumers who have given no consent, 10 to 1,000 characters: who allows it, and on which ground. Without, they are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outreach_without_consent: Option<String>,
    /// Consent lifts the quiet hours of states whose law says so, like "without prior express consent" in Utah; off by default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub consent_lifts_quiet_hours: bool,
    /// The scope of a revocation: its own programme without. From 2027-01-31 a rule of the FCC says `all`, if it stays as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<RevocationScope>,
    /// How many years the ledger keeps what no longer tells what holds, 4 to 100; 5 by default (DLC-3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_years: Option<u32>,
    /// How many promotions a consumer gets, beside what states allow: `{ count = 4, hours = 720 }`.
    pub caps: Vec<Cap>,
    /// The lists that consumers are checked against before a promotion.
    #[serde(skip_serializing_if = "ScrubSection::is_default")]
    pub scrub: ScrubSection,
    /// What is done about what is found in texts.
    pub content: ContentSection,
    /// Command words that the provider answers by itself: they count, and no second answer leaves. Twilio's webhooks tell it of each
    /// text; other providers do not.
    pub provider_answers: Vec<String>,
    /// The campaigns, with their numbers.
    pub campaigns: Vec<CampaignSection>,
    /// Where numbers stand that are not enabled, or not yet (DLC-8).
    pub numbers: Vec<NumberSection>,
    /// Rows of tables that take the place of those that come with frontdesk.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub facts: serde_json::Value,
}

/// Where a number stands.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberSection {
    /// One of the center's.
    pub number: String,
    /// Where it stands; nothing leaves from one that is not `active`.
    pub status: Registered,
    /// It takes no calls: asked of numbers outside of the United States.
    #[serde(default)]
    pub sms_only: bool,
}

/// What is done about what is found in texts: `refuse`, `remark` or `ignore`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContentSection {
    /// What carriers do not take, in what the consumer asked nothing for; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prohibited: Option<Effect>,
    /// The same in conversations; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prohibited_in_conversation: Option<Effect>,
    /// The most that is done about what is probably prohibited, like a threat to close an account in the name of a clinic; `remark` by
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probable: Option<Effect>,
    /// Look-alike and hidden characters; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disguised: Option<Effect>,
    /// Links that hide where they lead, or that imitate somebody's site; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deceptive_link: Option<Effect>,
    /// Links of anybody's shortener; `refuse` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortener: Option<Effect>,
    /// Links of other domains than the brand's; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_link: Option<Effect>,
    /// A first message that is no answer, without the brand's name or without how to stop; `remark` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untold: Option<Effect>,
    /// Findings that somebody answers for, in all texts of the center.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionSection>,
}

/// Texts that are sent although something is found in them: the way out of a wrong finding. One of `category` and `phrase` is needed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExceptionSection {
    /// The category of the findings that it covers, like `gambling`; every category without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Words of the finding, in whichever case: it is covered if they contain its words, or stand in them. Every finding without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// Why it may be sent, and who says so.
    pub reason: String,
    /// The first day on which it holds, like `2026-11-27` (UTC).
    pub since: String,
    /// The last day; without, it holds until it is taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A campaign as it is registered.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignSection {
    /// Its name here.
    pub id: String,
    /// What for: a code of the registry, like `CUSTOMER_CARE`.
    pub use_case: String,
    /// Where it stands; `active` by default.
    #[serde(default)]
    pub status: Registered,
    /// Its ids at the provider, which is asked where it stands: `{ brand = "BN…", service = "MG…", campaign = "QE…" }`. The worse of
    /// the provider's word and `status` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<RegistrationIds>,
    /// The numbers that it sends from.
    pub numbers: Vec<String>,
    /// Segments a minute to AT&T, where the registry says otherwise than the tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub att_per_minute: Option<u32>,
    /// Segments a day of the whole brand to T-Mobile; better given once under `[compliance]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t_mobile_per_day: Option<u32>,
    /// Its command words as registered, beside those of the center and the fixed ones.
    #[serde(default)]
    pub words: CampaignWords,
    /// Its replies as registered, by language: `opt_out_confirmation`, `opt_in_confirmation`, `help`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<String, MessagesSection>,
    /// It is registered for adults, who prove it.
    #[serde(default)]
    pub age_gated: bool,
    /// It is registered for loans of the brand's own.
    #[serde(default)]
    pub direct_lending: bool,
    /// Findings that somebody answers for, in texts of this campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionSection>,
}

/// Command words of a campaign.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CampaignWords {
    /// Beside STOP and its like.
    pub opt_out: Vec<String>,
    /// Beside START and UNSTOP: `OFFERS`.
    pub opt_in: Vec<String>,
    /// Beside HELP and INFO.
    pub help: Vec<String>,
}

impl ContentSection {
    pub(super) fn rules(&self, brand: Vec<String>, domains: Vec<String>) -> ContentRules {
        let defaults = ContentRules::default();
        ContentRules {
            brand,
            domains,
            prohibited: self.prohibited.unwrap_or(defaults.prohibited),
            prohibited_in_conversation: self
                .prohibited_in_conversation
                .unwrap_or(defaults.prohibited_in_conversation),
            probable: self.probable.unwrap_or(defaults.probable),
            disguised: self.disguised.unwrap_or(defaults.disguised),
            deceptive_link: self.deceptive_link.unwrap_or(defaults.deceptive_link),
            shortener: self.shortener.unwrap_or(defaults.shortener),
            foreign_link: self.foreign_link.unwrap_or(defaults.foreign_link),
            untold: self.untold.unwrap_or(defaults.untold),
            ..defaults
        }
    }
}
