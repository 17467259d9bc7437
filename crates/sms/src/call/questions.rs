//! What callers are asked, one thing at a time, and what they press.

use frontdesk_types::{Alternative, CallService, EndReason, Fact, Instant, Key, QueueId};
use serde::{Deserialize, Serialize};

use super::{CallStage, CapacityOffer, turn::CallTurn};
use crate::{Refusal, stored};

/// What a caller is asked. The host's telephony says it, in the call's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Whether they would rather text than wait: 1 is yes, 2 is no (SMS-31).
    Deflection,
    /// Many wait: 1 keeps waiting, 2 and up choose what is offered beside it (SMS-29, RTE-13).
    KeepWaiting,
    /// Whether they want texts while they wait: 1 is yes, 2 is no (SMS-29).
    WaitTime,
}

impl Question {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it is.
    pub question: Question,
    /// What is offered beside waiting, from key 2 on (RTE-13); nothing where the answer is yes or no.
    pub offers: Vec<Alternative>,
    /// Until when; no key by then is an answer as well.
    #[serde(with = "stored::millis")]
    pub until: Instant,
}

/// What a key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// To keep waiting.
    KeepWaiting,
    /// Something else than to wait.
    Instead(&'a Alternative),
    /// Not the service that was asked about.
    No,
    /// The service that was asked about.
    Yes,
}

impl Asked {
    /// The keys that answer it.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        let most = match self.question {
            Question::KeepWaiting => 1 + self.offers.len(),
            Question::Deflection | Question::WaitTime => 2,
        };
        (1..=most).filter_map(Key::numbered)
    }

    /// What is offered beside waiting, each with its key.
    pub fn choices(&self) -> impl Iterator<Item = (Key, &Alternative)> {
        self.keys().skip(1).zip(&self.offers)
    }

    /// What a key says; `None` for one that does not answer.
    pub fn answer(&self, key: Key) -> Option<Answer<'_>> {
        match (self.question, key) {
            (Question::KeepWaiting, Key::ONE) => Some(Answer::KeepWaiting),
            (Question::KeepWaiting, key) => {
                let (_, chosen) = self.choices().find(|(offered, _)| *offered == key)?;
                Some(Answer::Instead(chosen))
            }
            (_, Key::ONE) => Some(Answer::Yes),
            (_, Key::TWO) => Some(Answer::No),
            _ => None,
        }
    }

    /// Whether a key agrees to texts of the chat's number: not to those of the call's.
    pub fn agrees_to_chat(&self, key: Key) -> bool {
        match self.answer(key) {
            Some(Answer::Yes) => self.question == Question::Deflection,
            Some(Answer::Instead(chosen)) => chosen.is_by_text(),
            _ => false,
        }
    }
}

impl CallTurn<'_> {
    /// Puts the next question, if there is one to put: whether they keep waiting, whether they would rather
    /// text, whether they want texts.
    pub(super) fn consider(&mut self) {
        let CallStage::Waiting { queue, wait, asked_in, .. } = &self.call.stage else {
            return;
        };
        if !self.call.can_be_asked() {
            return;
        }
        let (queue, wait, told) = (queue.clone(), *wait, asked_in.is_some());
        let due = self.call.capacity_offer(self.config, self.at).filter(|due| due.at <= self.at);
        let by_text = self.may_offer_deflection(&queue, wait);
        if let Some(CapacityOffer { band, alternatives, .. }) = due {
            let offers = self.with_text(&queue, alternatives, by_text);
            self.emit(Fact::OverCapacity { queue, band, offers, by_text: false });
        } else if by_text {
            self.emit(Fact::ServiceOffered { service: CallService::Deflection });
        } else if told && self.may_offer_wait_time(&queue, wait) {
            self.emit(Fact::ServiceOffered { service: CallService::WaitTime });
        }
    }

    /// To go on by text is offered where the rules have it, or else first; not while no chat can begin.
    fn with_text(
        &self,
        queue: &QueueId,
        mut offers: Vec<Alternative>,
        by_text: bool,
    ) -> Vec<Alternative> {
        let rule = self.config.queues.get(queue).and_then(|rules| rules.deflection.as_ref());
        if !by_text {
            offers.retain(|offer| !offer.is_by_text());
        } else if let Some(rule) = rule.filter(|_| !offers.iter().any(Alternative::is_by_text)) {
            offers.insert(0, Alternative::PreSessionSms(rule.to.clone()));
        }
        offers
    }

    /// A key answers the question that the caller heard, and no other that has come since.
    pub(super) fn answer(&mut self, question: Question, key: Key) -> Result<(), Refusal> {
        let asked = self.call.asked.clone().filter(|asked| asked.question == question);
        let asked = asked.ok_or(Refusal::NothingAsked)?;
        let Some(answer) = asked.answer(key) else {
            let allowed = asked.keys().map(|key| key.to_string()).collect::<Vec<_>>();
            return Err(Refusal::NoSuchKey { key, allowed: allowed.join(", ") });
        };
        match (answer, question.service()) {
            (Answer::Instead(Alternative::PreSessionSms(_)), _)
            | (Answer::Yes, Some(CallService::Deflection)) => self.accept_deflection()?,
            (Answer::Instead(chosen), _) => self.choose(chosen.clone()),
            (Answer::Yes, _) => self.accept_wait_time()?,
            (Answer::No | Answer::KeepWaiting, _) => {
                self.refuse(true);
                self.consider();
            }
        }
        Ok(())
    }

    /// The caller does not wait on the line. Only a callback keeps its place.
    fn choose(&mut self, chosen: Alternative) {
        self.emit(Fact::AlternativeChosen { alternative: chosen.clone() });
        match chosen {
            Alternative::Callback => {}
            Alternative::Queue(queue) => self.arrive(queue),
            _ => self.end(EndReason::OverCapacity),
        }
    }

    /// No key was pressed, or there is no more reason to ask.
    pub(super) fn withdraw_question(&mut self) {
        self.refuse(false);
    }

    /// What is asked is not wanted; `answered` is whether the caller said so.
    fn refuse(&mut self, answered: bool) {
        let Some(asked) = &self.call.asked else { return };
        match asked.question.service() {
            Some(service) => self.emit(Fact::ServiceDeclined { service, answered }),
            None => self.emit(Fact::KeptWaiting { answered }),
        }
    }
}
