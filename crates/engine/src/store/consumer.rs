//! A consumer as the center knows them, over all of its numbers.

use frontdesk_tendlc::{Address, Carrier, ConsumerLedger, Scrubs};
use frontdesk_types::{Instant, MessageId};
use serde::{Deserialize, Serialize};

/// A consumer as the center knows them, whichever of its numbers they write to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consumer {
    /// The consent that they gave and revoked (DLC-3).
    #[serde(default)]
    pub ledger: ConsumerLedger,
    /// The solicitations that were sent to them lately, oldest first (DLC-4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub solicited: Vec<Solicitation>,
    /// Where they live, where that is known: better than a guess by the number (DLC-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// When they last bought something: that lifts caps of some states (DLC-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchased: Option<Instant>,
    /// The answer of the last look-up of their carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<CarrierAnswer>,
    /// The last result of each list that they were checked against (DLC-4).
    #[serde(default, skip_serializing_if = "Scrubs::is_empty")]
    pub scrubs: Scrubs,
}

/// A solicitation whose request to the provider began. Caps count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredSolicitation")]
pub struct Solicitation {
    /// When the request began.
    pub at: Instant,
    /// The text. A text that is tried again, as after a kill, does not count against itself. `None` if it is of an earlier
    /// version, which did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageId>,
}

impl Solicitation {
    /// Whether it is this text.
    pub fn is_of(&self, text: &MessageId) -> bool {
        self.text.as_ref() == Some(text)
    }
}

/// The forms in which a solicitation is stored: earlier versions kept the instant alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredSolicitation {
    At(Instant),
    Text { at: Instant, text: Option<MessageId> },
}

impl From<StoredSolicitation> for Solicitation {
    fn from(stored: StoredSolicitation) -> Self {
        match stored {
            StoredSolicitation::At(at) => Self { at, text: None },
            StoredSolicitation::Text { at, text } => Self { at, text },
        }
    }
}

/// The answer of a [`CarrierLookup`](crate::CarrierLookup).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierAnswer {
    /// The carrier; `None` if it is not known there.
    pub carrier: Option<Carrier>,
    /// When it was asked.
    pub asked: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Solicitations of earlier versions are instants alone.
    #[test]
    fn solicitations_are_read_in_both_forms() {
        let stored =
            r#"{"solicited":["2026-11-20T15:00:00Z",{"at":"2026-11-21T15:00:00Z","text":"TXT1"}]}"#;
        let known: Consumer = serde_json::from_str(stored).unwrap();
        let texts: Vec<_> = known.solicited.iter().map(|one| one.text.is_some()).collect();
        assert_eq!(texts, [false, true]);
        assert!(known.scrubs.is_empty(), "earlier versions had no checks");
        let again: Consumer =
            serde_json::from_str(&serde_json::to_string(&known).unwrap()).unwrap();
        assert_eq!(again, known);
    }
}
