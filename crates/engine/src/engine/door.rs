//! Texts that are refused when they are asked for, before the outbox has them (SMS-32, SMS-34): they are told and counted like those
//! that the gate refuses later.

use frontdesk_types::{Event, Fact};

use super::{Engine, EngineError, OutboundRefusal};
use crate::store::{Commit, Line, Subject};

impl OutboundRefusal {
    /// The id of the rule that refuses the text, as health pages count it; `None` where what was asked for is a mistake, and no rule
    /// speaks against the text.
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Blocked => Some("blocked"),
            Self::ConsentTooLow { .. } | Self::NoConsent { .. } | Self::NoConsentToChat => {
                Some("no_consent")
            }
            Self::CountryNotAllowed => Some("country_not_allowed"),
            Self::DailyLimit { .. } => Some("daily_limit"),
            Self::DoNotContact => Some("do_not_contact"),
            Self::AlreadyActive { .. }
            | Self::Consent(_)
            | Self::KnownCall { .. }
            | Self::Message(_)
            | Self::NotOurs
            | Self::Off
            | Self::UnknownTicket { .. } => None,
        }
    }
}

impl Engine {
    /// The answer to a request for a text. If a rule refuses it, that is logged first, with the one who asked.
    pub(super) async fn answered<T>(
        &self,
        line: Line,
        by: &str,
        answer: Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        if let Err(EngineError::NotBegun(refusal)) = &answer
            && let Some(rule) = refusal.rule()
        {
            let (reasons, rules) = (vec![refusal.to_string()], vec![rule.to_owned()]);
            let fact = Fact::OutboundRefused { by: by.to_owned(), reasons, rules };
            let subject = Subject { session: None, line: Some(line) };
            let events = vec![Event { at: self.now(), fact }];
            self.record(subject, events, Commit::default()).await?;
        }
        answer
    }
}
