//! The rank of a brand, by which carriers give it more or less (DLC-6).

use serde::{Deserialize, Serialize};

/// The rank of a brand with the registry: message classes of AT&T and tiers of T-Mobile go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BrandRank {
    /// It has no score: the lowest.
    #[default]
    Unvetted,
    /// Its score, 0 to 100.
    Scored(u8),
    /// It stands high without a score, or whatever that is.
    Listed(BrandListing),
}

impl BrandRank {
    /// The rank of a brand with a score, or without one.
    pub fn of(score: Option<u8>) -> Self {
        score.map_or(Self::Unvetted, Self::Scored)
    }
}

/// The reason why a brand stands high without a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BrandListing {
    /// A company of the Russell 3000 index, which the registry has found to be it.
    #[serde(rename = "russell_3000")]
    Russell3000,
    /// A government body, with the registry's flag that this was verified.
    VerifiedGovernment,
}
