//! A provider's word on a campaign's registration (DLC-8).

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::SupportNumber;

/// The state of a brand or campaign at its provider, whatever the provider calls it. From best to worst: of two states the later
/// one decides whether texts leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// It is approved: texts may leave.
    Active,
    /// It is under review.
    Pending,
    /// The provider uses a word that is not known here. It counts as not approved.
    Unknown,
    /// It was turned down.
    Failed,
    /// It is over, or deleted.
    Expired,
    /// The provider, a carrier or the registry has stopped it.
    Suspended,
}

impl RegistrationState {
    /// The state as one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
        }
    }
}

/// A provider's own word for a state, and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RegistrationWord {
    /// Its meaning.
    pub state: RegistrationState,
    /// The word as the provider wrote it, `VERIFIED` for example; empty where it said nothing.
    pub word: CompactString,
}

/// Everything that a provider says of a campaign and its brand that decides whether, and how fast, texts leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationStanding {
    /// The campaign's state.
    pub campaign: RegistrationWord,
    /// The brand's state; `None` while the provider has not answered for the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<RegistrationWord>,
    /// The brand's identity by the registry: `SELF_DECLARED`, `UNVERIFIED`, `VERIFIED`, `VETTED_VERIFIED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<CompactString>,
    /// The brand's score, 0 to 100; brands of low volume and sole proprietors have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// The campaign's class with AT&T: `A` to `F`, `T`, `W` and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub att_class: Option<CompactString>,
    /// The brand's tier with T-Mobile: `TOP`, `HIGH_MID`, `LOW` and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t_mobile_tier: Option<CompactString>,
    /// Brand or campaign exist for tests alone: carriers do not know them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mock: bool,
}

impl RegistrationStanding {
    /// The worse of the campaign's state and the brand's.
    pub fn state(&self) -> RegistrationState {
        let brand = self.brand.as_ref().map(|brand| brand.state);
        brand.map_or(self.campaign.state, |brand| brand.max(self.campaign.state))
    }
}

/// A difference between two answers of a provider about a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationChange {
    /// The standing before; `None` with the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RegistrationStanding>,
    /// The standing now.
    pub to: RegistrationStanding,
    /// The provider's reasons for a state that is not active, at most 20 of 300 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Numbers that belong to the campaign now and did not before, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers_added: Vec<SupportNumber>,
    /// Numbers that belong to it no longer, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers_removed: Vec<SupportNumber>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(state: RegistrationState) -> RegistrationWord {
        RegistrationWord { state, word: state.word().to_uppercase().into() }
    }

    #[test]
    fn dlc_8_the_worse_of_brand_and_campaign_decides() {
        use RegistrationState::{Active, Expired, Failed, Pending, Suspended, Unknown};
        let order = [Active, Pending, Unknown, Failed, Expired, Suspended];
        for (i, campaign) in order.into_iter().enumerate() {
            for (j, brand) in order.into_iter().enumerate() {
                let standing = RegistrationStanding {
                    campaign: word(campaign),
                    brand: Some(word(brand)),
                    identity: None,
                    score: None,
                    att_class: None,
                    t_mobile_tier: None,
                    mock: false,
                };
                assert_eq!(standing.state(), order[i.max(j)], "{campaign:?} {brand:?}");
                let alone = RegistrationStanding { brand: None, ..standing };
                assert_eq!(alone.state(), campaign);
            }
        }
    }
}
