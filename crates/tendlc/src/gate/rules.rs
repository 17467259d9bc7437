use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ContentType;
use crate::{ContentRules, Facts, RevocationScope, ScrubRules};

/// So many solicitations in so many hours: what the sender has promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// So many …
    pub count: u32,
    /// … in so many hours.
    pub hours: u32,
}

/// By what the gate decides: the facts, and what a host has set.
#[derive(Debug, Clone, PartialEq)]
pub struct GateRules {
    /// `None` are those that come with this crate.
    pub facts: Option<Arc<Facts>>,
    /// Which messages wait for quiet hours to be over.
    pub quiet_hours: Vec<ContentType>,
    /// A text that advertises but is sent as something else waits for the quiet hours of promotions.
    pub hold_advertising: bool,
    /// Chats that the center begins may go to consumers without consent on record, for this reason. `None`: they are refused.
    pub outreach_without_consent: Option<String>,
    /// Consent lifts the quiet hours of the states whose law says so ([`crate::OpenHours::lifted_by`]). Off: they hold for
    /// everybody.
    pub consent_lifts_hours: bool,
    /// What the sender has promised of how often it writes.
    pub caps: Vec<Cap>,
    /// The scope of a revocation; `None` is its own programme. The rule of 2027-01-31 does not fire by itself: a host decides,
    /// and is reminded until then.
    pub revocation_scope: Option<RevocationScope>,
    /// The lists that a consumer must have been checked against before a promotion.
    pub scrub: ScrubRules,
    /// By what texts are judged.
    pub content: ContentRules,
}

impl Default for GateRules {
    fn default() -> Self {
        Self {
            facts: None,
            quiet_hours: vec![ContentType::Promotional],
            hold_advertising: true,
            outreach_without_consent: None,
            consent_lifts_hours: false,
            caps: Vec::new(),
            revocation_scope: None,
            scrub: ScrubRules::default(),
            content: ContentRules::default(),
        }
    }
}

impl GateRules {
    /// The tables that hold.
    pub fn facts(&self) -> &Facts {
        self.facts.as_deref().unwrap_or_else(|| Facts::standard())
    }

    /// Whether a revocation takes back all that the consumer has agreed to. The host decides: the FCC has said that its rule of
    /// 2027-01-31 will change (notice of 2025-10-28), so that no date decides by itself.
    pub fn takes_back_all(&self) -> bool {
        self.revocation_scope == Some(RevocationScope::All)
    }
}
