//! What callers are asked, one thing at a time, and what they press.

use frontdesk_types::{CallService, Fact, Key};
use serde::{Deserialize, Serialize};

use super::{CallStage, OverCapacity, turn::CallTurn};
use crate::Refusal;

/// What a caller is asked. The host's telephony says it, in the call's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Many wait: 1 keeps waiting, 2 goes on by text where that is offered.
    KeepWaiting {
        /// It is.
        by_text: bool,
    },
    /// Whether they want a service: 1 is yes, 2 is no.
    Service(CallService),
}

impl Question {
    /// Whether to agree to it is to agree to texts of the chat's number, not of the call's.
    pub fn is_about_chat(self) -> bool {
        matches!(self, Self::KeepWaiting { .. } | Self::Service(CallService::Deflection))
    }
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

    pub(super) fn answer(&mut self, key: Key) -> Result<(), Refusal> {
        let asked = self.call.asked.ok_or(Refusal::NothingAsked)?;
        match (asked.question, key) {
            (Question::KeepWaiting { .. }, Key::ONE) => {
                self.emit(Fact::KeptWaiting { answered: true });
                self.consider();
            }
            (Question::KeepWaiting { by_text: true }, Key::TWO)
            | (Question::Service(CallService::Deflection), Key::ONE) => self.accept_deflection()?,
            (Question::Service(CallService::WaitTime), Key::ONE) => self.accept_wait_time()?,
            (Question::Service(service), Key::TWO) => {
                self.emit(Fact::ServiceDeclined { service, answered: true });
                self.consider();
            }
            (Question::KeepWaiting { by_text: false }, _) => {
                return Err(Refusal::NoSuchKey { key, allowed: "1" });
            }
            _ => return Err(Refusal::NoSuchKey { key, allowed: "1 and 2" }),
        }
        Ok(())
    }

    /// No key was pressed, or there is no more reason to ask.
    pub(super) fn withdraw_question(&mut self) {
        match self.call.asked.map(|asked| asked.question) {
            Some(Question::KeepWaiting { .. }) => self.emit(Fact::KeptWaiting { answered: false }),
            Some(Question::Service(service)) => {
                self.emit(Fact::ServiceDeclined { service, answered: false });
            }
            None => {}
        }
    }
}
