//! The registration of a campaign at its provider: who is asked, and the answer (DLC-8).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use compact_str::CompactString;
use frontdesk_types::{RegistrationStanding, SupportNumber};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ids of a campaign's registration at its provider. Each provider has its own form of them.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct RegistrationIds {
    /// The brand's; Twilio: `BN` and 32 hexadecimal digits.
    pub brand: String,
    /// That of the service whose numbers send for the campaign; Twilio: the messaging service, `MG` and 32 hexadecimal digits.
    pub service: String,
    /// The campaign's; Twilio: `QE` and 32 hexadecimal digits.
    pub campaign: String,
}

/// A provider's answer about a campaign.
///
/// ```
/// use frontdesk::RegistrationStatus;
///
/// let json = r#"{
///     "standing": {
///         "campaign": { "state": "active", "word": "VERIFIED" }, "brand": { "state": "active", "word": "APPROVED" },
///         "identity": "VERIFIED", "score": 75, "att_class": "C", "t_mobile_tier": "HIGH_MID"
///     },
///     "registry_campaign": "CEXAMPL", "registry_brand": "BEXAMPL", "numbers": ["+12025550120"]
/// }"#;
/// let status: RegistrationStatus = serde_json::from_str(json)?;
/// assert_eq!(status.standing.state().word(), "active");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationStatus {
    /// Everything that decides whether, and how fast, texts leave.
    pub standing: RegistrationStanding,
    /// The campaign's id with the registry (TCR), once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_campaign: Option<CompactString>,
    /// The brand's id with the registry (TCR), once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_brand: Option<CompactString>,
    /// The provider's reasons for a state that is not active, in its own words, at most 20 of 300 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The numbers that send for the campaign; `None` while the provider has not answered for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<BTreeSet<SupportNumber>>,
}

impl RegistrationStatus {
    /// The answer, with what it lacks taken from an earlier one.
    #[must_use]
    pub fn completed_by(mut self, earlier: &Self) -> Self {
        if self.standing.brand.is_none() {
            let (known, standing) = (&earlier.standing, &mut self.standing);
            standing.brand.clone_from(&known.brand);
            standing.identity.clone_from(&known.identity);
            standing.score = known.score;
            self.registry_brand.clone_from(&earlier.registry_brand);
        }
        if self.numbers.is_none() {
            self.numbers.clone_from(&earlier.numbers);
        }
        self
    }
}

/// A provider's answer about a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationAnswer {
    /// The answer. The campaign's own state is always there; brand and numbers may be missing.
    pub status: RegistrationStatus,
    /// The reason why brand or numbers are missing.
    pub incomplete: Option<RegistrationError>,
}

impl From<RegistrationStatus> for RegistrationAnswer {
    fn from(status: RegistrationStatus) -> Self {
        Self { status, incomplete: None }
    }
}

/// Why a provider gave no answer about a campaign, by what is done about it. The last answer holds meanwhile. No reason has a number
/// or a text in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The provider cannot be asked with these settings: a wrong address, key or id. An operator must mend them.
    #[error("the provider cannot be asked with these settings: {reason}")]
    Misconfigured {
        /// A short reason.
        reason: String,
    },
    /// It may work later.
    #[error("the provider cannot be asked now: {reason}")]
    Unavailable {
        /// A short reason.
        reason: String,
        /// How many seconds the provider asked for.
        retry_after: Option<u32>,
    },
    /// The answer is not one about this campaign.
    #[error("the provider's answer cannot be read: {reason}")]
    Unreadable {
        /// The mistake in it.
        reason: String,
    },
}

/// Knows where campaigns stand at a provider (DLC-8). The engine asks when its host says so, never before a text leaves.
///
/// [`MemoryRegistrations`] answers from memory.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RegistrationLookup: fmt::Debug + Send + Sync {
    /// Where a campaign stands now. A provider that answers for the campaign and not for its brand or numbers has answered:
    /// a suspension must not be missed because a list of numbers cannot be read.
    async fn registration(
        &self,
        ids: &RegistrationIds,
    ) -> Result<RegistrationAnswer, RegistrationError>;
}

/// Registrations in memory, set by hand: for tests and first steps. A campaign that was never set is `Misconfigured`.
#[derive(Debug, Default)]
pub struct MemoryRegistrations(
    Mutex<BTreeMap<String, Result<RegistrationAnswer, RegistrationError>>>,
);

impl MemoryRegistrations {
    /// Without any campaign.
    pub fn new() -> Self {
        Self::default()
    }

    fn known(
        &self,
    ) -> MutexGuard<'_, BTreeMap<String, Result<RegistrationAnswer, RegistrationError>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the answer about a campaign, by the provider's id of it.
    pub fn set(&self, campaign: &str, answer: Result<RegistrationAnswer, RegistrationError>) {
        self.known().insert(campaign.to_owned(), answer);
    }
}

#[async_trait]
impl RegistrationLookup for MemoryRegistrations {
    async fn registration(
        &self,
        ids: &RegistrationIds,
    ) -> Result<RegistrationAnswer, RegistrationError> {
        let unknown = || RegistrationError::Misconfigured {
            reason: format!("there is no campaign `{}`", ids.campaign),
        };
        self.known().get(&ids.campaign).cloned().unwrap_or_else(|| Err(unknown()))
    }
}
