use std::fmt;

use frontdesk_types::{MessageId, Purpose};
use serde::{Deserialize, Serialize};

use crate::{Consent, Standing};

/// What the gate says of a message (DLC-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It never leaves.
    Refuse {
        /// Every reason, not only the first.
        reasons: Vec<Reason>,
    },
    /// It may leave now.
    Send,
}

/// Why a message may not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// A confirmation of an opt-out that is not the one that is due: one was sent already, the provider
    /// sends its own, or the consumer is not opted out.
    ConfirmationNotDue,
    /// The consumer is on the do-not-contact list for this number.
    DoNotContact,
    /// No consent of any kind is on record.
    NoConsent,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConfirmationNotDue => "confirmation not due",
            Self::DoNotContact => "do not contact",
            Self::NoConsent => "no consent",
        })
    }
}

/// Whether a message may leave now. Asked when the outbox is about to send, with the consent that holds
/// then (design invariant 2): whatever was written before a revocation stays behind it.
#[must_use]
pub fn gate(id: &MessageId, purpose: Purpose, consent: &Consent) -> Verdict {
    let mut reasons = Vec::new();
    if purpose == Purpose::OptOutConfirmation {
        if consent.confirmation() != Some(id) || !consent.is_opted_out() {
            reasons.push(Reason::ConfirmationNotDue);
        }
    } else {
        match consent.standing() {
            Standing::Conversational | Standing::OptedIn => {}
            Standing::OptedOut => reasons.push(Reason::DoNotContact),
            // The first text of the center's holds the opt-in text (SMS-32).
            Standing::Unknown if purpose == Purpose::Outreach => {}
            Standing::Unknown => reasons.push(Reason::NoConsent),
        }
    }
    if reasons.is_empty() { Verdict::Send } else { Verdict::Refuse { reasons } }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Act, Entry};

    const PURPOSES: [Purpose; 11] = [
        Purpose::Outreach,
        Purpose::AfterHours,
        Purpose::AgentReply,
        Purpose::Assigned,
        Purpose::Greeting,
        Purpose::Help,
        Purpose::NotUnderstood,
        Purpose::OptInConfirmation,
        Purpose::OptOutConfirmation,
        Purpose::Prompt,
        Purpose::Waiting,
    ];

    fn act(kind: u8, n: usize) -> Act {
        let confirmation = Some(MessageId::from(format!("1-{n}").as_str()));
        match kind {
            0 => Act::WroteFirst,
            1 => Act::OptInTextShown,
            2 => Act::OptedIn { word: "start".into(), confirmation },
            3 => Act::CarrierOptedOut,
            _ => Act::OptedOut { word: "stop".into(), confirmation },
        }
    }

    proptest! {
        /// Invariant 2 of the design, for the gate alone.
        #[test]
        fn after_a_revocation_only_its_one_confirmation_leaves(kinds in prop::collection::vec(0_u8..5, 1..12)) {
            let mut consent = Consent::default();
            let mut revoked_at = None;
            for (n, kind) in kinds.iter().enumerate() {
                let at = "2026-11-21T15:00:00Z".parse().unwrap();
                consent.apply(&Entry { at, act: act(*kind, n), wording: String::new(), evidence: String::new() });
                match kind {
                    2 => revoked_at = None,
                    3 => revoked_at = revoked_at.or(Some(None)),
                    4 => revoked_at = revoked_at.or(Some(Some(n))),
                    _ => {}
                }
                let Some(due) = revoked_at else { continue };
                for purpose in PURPOSES {
                    for id in 0..=n {
                        let message = MessageId::from(format!("1-{id}").as_str());
                        let allowed = purpose == Purpose::OptOutConfirmation && due == Some(id);
                        prop_assert_eq!(gate(&message, purpose, &consent) == Verdict::Send, allowed);
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_unknown_is_texted() {
        let verdict = gate(&"1-1".into(), Purpose::AgentReply, &Consent::default());
        assert_eq!(verdict, Verdict::Refuse { reasons: vec![Reason::NoConsent] });
        // But to ask for it.
        assert_eq!(gate(&"1-1".into(), Purpose::Outreach, &Consent::default()), Verdict::Send);
    }
}
