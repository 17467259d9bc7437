use std::fmt;

use frontdesk_types::{Instant, MessageId};
use serde::Serialize;

/// The one text that may leave after a revocation by text: its confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The text.
    pub message: MessageId,
    /// The last news of it.
    #[serde(flatten)]
    pub fate: ConfirmationFate,
    /// The moment of that news.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
}

/// The last news of a confirmation in the event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum ConfirmationFate {
    /// It reached the consumer's device.
    Delivered,
    /// It will not arrive.
    Failed {
        /// The provider's error code, or a short reason.
        reason: String,
    },
    /// The gate did not let it leave.
    Refused {
        /// The gate's reasons, in words.
        reasons: Vec<String>,
    },
    /// The provider has taken it. Whether it arrived is not known.
    Sent,
    /// The event log has nothing of it: it waits, or the log is not kept any more.
    Unknown,
}

/// Without the moment: `the one confirmation (message 1042-9) was delivered`.
impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_str();
        write!(f, "the one confirmation (message {message}) ")?;
        match &self.fate {
            ConfirmationFate::Delivered => f.write_str("was delivered"),
            ConfirmationFate::Failed { reason } => write!(f, "did not arrive: {reason}"),
            ConfirmationFate::Refused { reasons } => {
                write!(f, "did not leave: {}", reasons.join("; "))
            }
            ConfirmationFate::Sent => f.write_str("was sent (whether it arrived is not known)"),
            ConfirmationFate::Unknown => f.write_str("was due; whether it left is not known"),
        }
    }
}
