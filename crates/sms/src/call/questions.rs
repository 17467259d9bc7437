//! What callers are asked, one thing at a time, and what they press.

use frontdesk_types::{CallService, Fact, Instant, Key};
use serde::{Deserialize, Serialize};

use super::{CallStage, OverCapacity, turn::CallTurn};
use crate::{Refusal, stored};

/// What a caller is asked. The host's telephony says it, in the call's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Whether they would rather text than wait: 1 is yes, 2 is no (SMS-31).
    Deflection,
    /// Many wait: 1 keeps waiting, 2 goes on by text where that is offered (SMS-29).
    KeepWaiting,
    /// Whether they want texts while they wait: 1 is yes, 2 is no (SMS-29).
    WaitTime,
}

impl Question {
    /// Whether to agree to it is to agree to texts of the chat's number, not of the call's.
    pub fn is_about_chat(self) -> bool {
        self != Self::WaitTime
    }

    fn service(self) -> Option<CallService> {
        match self {
            Self::Deflection => Some(CallService::Deflection),
            Self::KeepWaiting => None,
            Self::WaitTime => Some(CallService::WaitTime),
        }
    }
}

impl From<CallService> for Question {
    fn from(service: CallService) -> Self {
        match service {
            CallService::Deflection => Self::Deflection,
            // The only other service that asks.
            _ => Self::WaitTime,
        }
    }
}

/// The question that a caller has before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it is.
    pub question: Question,
    /// The keys that answer it: 1, and whether 2 does too.
    pub two: bool,
    /// Until when; no key by then is an answer as well.
    #[serde(with = "stored::millis")]
    pub until: Instant,
}

impl CallTurn<'_> {
    /// Puts the next question, if there is one to put: whether they keep waiting, whether they would rather
    /// text, whether they want texts.
    pub(super) fn consider(&mut self) {
        let CallStage::Waiting { queue, wait, over_capacity, since } = &self.call.stage else {
            return;
        };
        // One thing at a time; and who is about to go on by text is asked nothing more.
        if self.call.asked.is_some() || self.call.deflection.under_way().is_some() {
            return;
        }
        let (queue, wait, over_capacity) = (queue.clone(), *wait, *over_capacity);
        let waited = self.at - *since;
        let rules = self.config.queues.get(&queue);
        let by_text = self.may_offer_deflection(&queue, wait);
        let over = |rule: OverCapacity| {
            waited > rule.waited && wait.is_some_and(|wait| wait > rule.estimate)
        };
        if !over_capacity && rules.and_then(|rules| rules.over_capacity).is_some_and(over) {
            self.emit(Fact::OverCapacity { queue, by_text });
        } else if by_text {
            self.emit(Fact::ServiceOffered { service: CallService::Deflection });
        } else if over_capacity && self.may_offer_wait_time(&queue, wait) {
            self.emit(Fact::ServiceOffered { service: CallService::WaitTime });
        }
    }

    /// A key answers the question that the caller heard, and no other that has come since.
    pub(super) fn answer(&mut self, question: Question, key: Key) -> Result<(), Refusal> {
        let asked = self.call.asked.filter(|asked| asked.question == question);
        let asked = asked.ok_or(Refusal::NothingAsked)?;
        match (question, key) {
            (Question::KeepWaiting, Key::ONE) => {
                self.emit(Fact::KeptWaiting { answered: true });
                self.consider();
            }
            (Question::KeepWaiting, Key::TWO) if asked.two => self.accept_deflection()?,
            (Question::Deflection, Key::ONE) => self.accept_deflection()?,
            (Question::WaitTime, Key::ONE) => self.accept_wait_time()?,
            (Question::Deflection | Question::WaitTime, Key::TWO) => self.decline(),
            _ => {
                let allowed = if asked.two { "1 and 2" } else { "1" };
                return Err(Refusal::NoSuchKey { key, allowed });
            }
        }
        Ok(())
    }

    /// No key was pressed, or there is no more reason to ask.
    pub(super) fn withdraw_question(&mut self) {
        match self.call.asked.map(|asked| asked.question.service()) {
            Some(None) => self.emit(Fact::KeptWaiting { answered: false }),
            Some(Some(service)) => self.emit(Fact::ServiceDeclined { service, answered: false }),
            None => {}
        }
    }

    fn decline(&mut self) {
        if let Some(service) = self.call.asked.and_then(|asked| asked.question.service()) {
            self.emit(Fact::ServiceDeclined { service, answered: true });
            self.consider();
        }
    }
}
