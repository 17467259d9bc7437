use serde::{Deserialize, Serialize};

/// A list that consumers are checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScrubList {
    /// Numbers that carriers have deactivated, as their deactivation files tell.
    DeactivatedNumbers,
    /// The sender's own do-not-call list (47 CFR 64.1200(d)(6)).
    Internal,
    /// Numbers of people who sue senders: a commercial list. No law asks for it.
    Litigators,
    /// The national do-not-call registry. A version must be no more than 31 days old when a solicitation leaves
    /// (47 CFR 64.1200(c)(2)(i)(D)). The consumer's signed, written permission lifts it (47 CFR 64.1200(c)(2)(ii)).
    NationalDoNotCall,
    /// The Reassigned Numbers Database of the FCC. A sender whose query by number and date of consent was answered "no" is
    /// not liable where that was wrong (47 CFR 64.1200(m)).
    ReassignedNumbers,
    /// The do-not-call list of the consumer's state.
    StateDoNotCall,
}

impl ScrubList {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::DeactivatedNumbers,
        Self::Internal,
        Self::Litigators,
        Self::NationalDoNotCall,
        Self::ReassignedNumbers,
        Self::StateDoNotCall,
    ];

    /// The word in configuration, lists and API.
    pub fn word(self) -> &'static str {
        match self {
            Self::DeactivatedNumbers => "deactivated_numbers",
            Self::Internal => "internal",
            Self::Litigators => "litigators",
            Self::NationalDoNotCall => "national_do_not_call",
            Self::ReassignedNumbers => "reassigned_numbers",
            Self::StateDoNotCall => "state_do_not_call",
        }
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeactivatedNumbers => "deactivation files",
            Self::Internal => "internal do-not-call list",
            Self::Litigators => "list of litigators",
            Self::NationalDoNotCall => "national do-not-call registry",
            Self::ReassignedNumbers => "reassigned numbers database",
            Self::StateDoNotCall => "state do-not-call list",
        }
    }

    /// The rule that it rests on; `None` where no federal rule asks for it.
    pub fn rule(self) -> Option<&'static str> {
        match self {
            Self::Internal => Some("47 CFR 64.1200(d)(6)"),
            Self::NationalDoNotCall => Some("47 CFR 64.1200(c)(2)"),
            Self::ReassignedNumbers => Some("47 CFR 64.1200(m)"),
            Self::DeactivatedNumbers | Self::Litigators | Self::StateDoNotCall => None,
        }
    }

    /// The list of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word() == word)
    }

    /// Whether written consent lifts a listing although it is older. The federal rule asks for no order
    /// (47 CFR 64.1200(c)(2)(ii)); for every other list only later consent does.
    pub fn lifted_by_earlier_consent(self) -> bool {
        self == Self::NationalDoNotCall
    }

    /// Whether the list is of numbers that changed hands, and not of people who want no texts.
    pub fn is_of_changed_numbers(self) -> bool {
        matches!(self, Self::DeactivatedNumbers | Self::ReassignedNumbers)
    }

    /// The results that a check against it can have.
    pub fn results(self) -> &'static [ScrubResult] {
        use ScrubResult::{Clear, Disconnected, Listed, Reassigned, Unknown};
        if self.is_of_changed_numbers() {
            &[Clear, Disconnected, Reassigned, Unknown]
        } else {
            &[Clear, Listed, Unknown]
        }
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScrubResult {
    /// The number is not on the list. The reassigned numbers database says "no".
    Clear,
    /// The number was disconnected for good. The reassigned numbers database says "yes".
    Disconnected,
    /// The number is on the list.
    Listed,
    /// Somebody else has the number now.
    Reassigned,
    /// Nobody can tell: the database says "no data". It counts as no check.
    Unknown,
}

impl ScrubResult {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Clear, Self::Disconnected, Self::Listed, Self::Reassigned, Self::Unknown];

    /// The word in lists and API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Disconnected => "disconnected",
            Self::Listed => "listed",
            Self::Reassigned => "reassigned",
            Self::Unknown => "unknown",
        }
    }

    /// The result of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.word() == word)
    }

    /// Whether the consumer who gave consent has the number no more.
    pub fn ends_number(self) -> bool {
        matches!(self, Self::Disconnected | Self::Reassigned)
    }
}
