//! Twilio's words for states, and their meaning. A word that is not here is not approved.

use compact_str::CompactString;
use frontdesk::types::{RegistrationState, RegistrationWord};

/// Maximum length of a word that is kept, in characters.
const LONGEST: usize = 60;

/// A word of at most 60 characters.
pub(super) fn short(word: &str) -> CompactString {
    word.chars().take(LONGEST).collect()
}

/// The status of a brand: the enum of twilio-oai (2026-04-14). A brand that is being deleted, or could not be, is on its way out.
pub(super) fn brand(word: Option<&str>) -> RegistrationWord {
    let state = match word.unwrap_or_default() {
        "APPROVED" => RegistrationState::Active,
        "PENDING" | "IN_REVIEW" => RegistrationState::Pending,
        "FAILED" => RegistrationState::Failed,
        "DELETION_PENDING" | "DELETION_FAILED" => RegistrationState::Expired,
        "SUSPENDED" => RegistrationState::Suspended,
        _ => RegistrationState::Unknown,
    };
    RegistrationWord { state, word: short(word.unwrap_or_default()) }
}

/// The status of a campaign. twilio-oai has no enum for it, and names `IN_PROGRESS`, `VERIFIED`, `FAILED` and `PENDING` as examples; the
/// others are the registry's own (TCR: `ACTIVE`, `EXPIRED`, `SUSPENDED`).
pub(super) fn campaign(word: Option<&str>) -> RegistrationWord {
    let state = match word.unwrap_or_default() {
        "VERIFIED" | "ACTIVE" => RegistrationState::Active,
        "PENDING" | "IN_PROGRESS" | "IN_REVIEW" => RegistrationState::Pending,
        "FAILED" | "REJECTED" => RegistrationState::Failed,
        "EXPIRED" | "DELETED" => RegistrationState::Expired,
        "SUSPENDED" => RegistrationState::Suspended,
        _ => RegistrationState::Unknown,
    };
    RegistrationWord { state, word: short(word.unwrap_or_default()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dlc_8_a_word_that_nobody_knows_is_not_approved() {
        use RegistrationState::{Active, Expired, Failed, Pending, Suspended, Unknown};
        for (word, of_brand, of_campaign) in [
            ("APPROVED", Active, Unknown),
            ("VERIFIED", Unknown, Active),
            ("ACTIVE", Unknown, Active),
            ("PENDING", Pending, Pending),
            ("IN_REVIEW", Pending, Pending),
            ("IN_PROGRESS", Unknown, Pending),
            ("FAILED", Failed, Failed),
            ("REJECTED", Unknown, Failed),
            ("DELETION_PENDING", Expired, Unknown),
            ("DELETION_FAILED", Expired, Unknown),
            ("EXPIRED", Unknown, Expired),
            ("DELETED", Unknown, Expired),
            ("SUSPENDED", Suspended, Suspended),
            ("approved", Unknown, Unknown),
            ("verified", Unknown, Unknown),
            ("", Unknown, Unknown),
            ("PAUSED_BY_CARRIER", Unknown, Unknown),
        ] {
            assert_eq!(brand(Some(word)).state, of_brand, "{word}");
            assert_eq!(campaign(Some(word)).state, of_campaign, "{word}");
            assert_eq!(campaign(Some(word)).word, word);
        }
        assert_eq!(brand(None), RegistrationWord { state: Unknown, word: "".into() });
        assert_eq!(campaign(Some(&"X".repeat(1_000))).word.len(), LONGEST);
    }
}
