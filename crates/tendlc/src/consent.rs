use frontdesk_types::{Instant, MessageId};
use serde::{Deserialize, Serialize};

/// An entry of the consent ledger (DLC-3): what one consumer did, or was told, about one support number.
/// Entries are appended and never changed.
///
/// ```json
/// {"at":"2026-11-21T15:00:00Z","act":"opted_in","word":"start","confirmation":"SM1-reply","wording":"Start","evidence":"SM1"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub act: Act,
    /// The exact wording: what the consumer wrote, or what they were shown.
    pub wording: String,
    /// What proves it: the provider's id of the message.
    pub evidence: String,
}

/// What changes consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Act {
    /// The caller agreed, on the phone, to the texts of that exchange: by a key, or in words to the agent
    /// (SMS-29 to SMS-31).
    AgreedInCall,
    /// The carrier or provider says that the consumer opted out (Twilio's error 21610).
    CarrierOptedOut,
    /// The opt-in text was sent (SMS-2): brand, recurrence, rates, HELP, STOP.
    OptInTextShown,
    /// START, or YES when it was asked for (SMS-12).
    OptedIn {
        /// The word, normalised.
        word: String,
        /// The reply to it.
        confirmation: Option<MessageId>,
    },
    /// STOP and its like (SMS-11).
    OptedOut {
        /// The word, normalised.
        word: String,
        /// The one message that may still leave; `None` where the provider has confirmed by itself.
        confirmation: Option<MessageId>,
    },
    /// The consumer wrote without having been written to: consent to that exchange (SMS-2).
    WroteFirst,
}

/// Whether a consumer may be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The consumer opened the exchange: answers may go out.
    Conversational,
    /// The consumer asked for messages with a word of consent.
    OptedIn,
    /// On the do-not-contact list.
    OptedOut,
    /// Never heard of.
    #[default]
    Unknown,
}

/// What holds now for one consumer and one support number: the fold of their ledger entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consent {
    standing: Standing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Instant>,
    #[serde(default)]
    opt_in_text_shown: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmation: Option<MessageId>,
}

impl Consent {
    /// Adds an entry. Entries must come in the ledger's order.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.act {
            Act::WroteFirst | Act::AgreedInCall => {
                if self.standing == Standing::Unknown {
                    self.stand(Standing::Conversational, entry.at);
                }
            }
            Act::OptInTextShown => self.opt_in_text_shown = true,
            Act::OptedIn { .. } => {
                if self.standing == Standing::OptedOut {
                    // Until the consumer opts out and back in (SMS-2): the text is due again.
                    self.opt_in_text_shown = false;
                }
                self.confirmation = None;
                self.stand(Standing::OptedIn, entry.at);
            }
            Act::OptedOut { confirmation, .. } => {
                // A second STOP gets no second confirmation, and takes back none that is on its way.
                if self.standing != Standing::OptedOut {
                    self.confirmation.clone_from(confirmation);
                    self.stand(Standing::OptedOut, entry.at);
                }
            }
            Act::CarrierOptedOut => {
                if self.standing != Standing::OptedOut {
                    self.confirmation = None;
                    self.stand(Standing::OptedOut, entry.at);
                }
            }
        }
    }

    fn stand(&mut self, standing: Standing, at: Instant) {
        self.standing = standing;
        self.since = Some(at);
    }

    /// Whether the consumer may be contacted.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Since when; `None` when nothing is known.
    pub fn since(&self) -> Option<Instant> {
        self.since
    }

    /// Whether the consumer is on the do-not-contact list for this number.
    pub fn is_opted_out(&self) -> bool {
        self.standing == Standing::OptedOut
    }

    /// Whether the opt-in text is due with the next greeting (SMS-2).
    pub fn opt_in_text_due(&self) -> bool {
        !self.opt_in_text_shown
    }

    /// The one message that may leave although the consumer opted out.
    pub fn confirmation(&self) -> Option<&MessageId> {
        self.confirmation.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(act: Act) -> Entry {
        Entry {
            at: "2026-11-21T15:00:00Z".parse().unwrap(),
            act,
            wording: String::new(),
            evidence: "SM1".into(),
        }
    }

    fn opted_out(confirmation: &str) -> Act {
        Act::OptedOut { word: "stop".into(), confirmation: Some(confirmation.into()) }
    }

    fn after(acts: impl IntoIterator<Item = Act>) -> Consent {
        let mut consent = Consent::default();
        acts.into_iter().for_each(|act| consent.apply(&entry(act)));
        consent
    }

    #[test]
    fn what_holds_now_is_the_fold_of_the_ledger() {
        let opted_in = || Act::OptedIn { word: "start".into(), confirmation: None };
        assert_eq!(after([Act::WroteFirst]).standing(), Standing::Conversational);
        assert_eq!(after([opted_in(), Act::WroteFirst]).standing(), Standing::OptedIn);
        assert_eq!(after([opted_out("1"), Act::WroteFirst]).standing(), Standing::OptedOut);
        assert_eq!(after([opted_out("1"), opted_in()]).standing(), Standing::OptedIn);
        assert_eq!(after([Act::CarrierOptedOut]).standing(), Standing::OptedOut);
    }

    #[test]
    fn the_opt_in_text_is_due_once_until_out_and_back_in() {
        let shown = [Act::WroteFirst, Act::OptInTextShown];
        assert!(!after(shown.clone()).opt_in_text_due());
        let opted_in = Act::OptedIn { word: "start".into(), confirmation: None };
        assert!(!after(shown.clone().into_iter().chain([opted_in.clone()])).opt_in_text_due());
        assert!(after(shown.into_iter().chain([opted_out("1"), opted_in])).opt_in_text_due());
    }

    #[test]
    fn only_the_first_stop_has_a_confirmation() {
        let consent = after([opted_out("1"), opted_out("2"), Act::CarrierOptedOut]);
        assert_eq!(consent.confirmation(), Some(&"1".into()));
    }

    #[test]
    fn entries_are_read_and_written() {
        let json = r#"{"at":"2026-11-21T15:00:00Z","act":"opted_in","word":"start","confirmation":"SM1-reply","wording":"Start","evidence":"SM1"}"#;
        let entry: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), json);
        let consent = after([Act::WroteFirst, opted_out("1042-4")]);
        assert_eq!(
            serde_json::to_string(&consent).unwrap(),
            r#"{"standing":"opted_out","since":"2026-11-21T15:00:00Z","opt_in_text_shown":false,"confirmation":"1042-4"}"#
        );
    }
}
