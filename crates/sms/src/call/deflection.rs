//! Pre-session deflection (SMS-31): the caller is offered a chat instead of the wait. Accepting sends the greeting;
//! once that is delivered the call is over and the chat waits. Until then, and if it never is, the call keeps its
//! place.

use frontdesk_types::{
    Alternative, CallService, EndReason, Event, Fact, Instant, MessageId, Purpose, QueueId,
    SessionId, SupportNumber,
};
use serde::{Deserialize, Serialize};

use super::{CallConfig, CallStage, turn::CallTurn};
use crate::{
    MessageKind, Refusal,
    services::{self, Service, Yes, platform},
    stored,
};

/// Where the deflection of a call stands. The stored form counts the variants.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deflection {
    /// The caller has not been asked.
    #[default]
    Idle,
    /// The caller has been asked.
    Asked,
    /// The caller does not want it, and is not asked again.
    Declined,
    /// The caller wants it; the greeting is on its way.
    Accepted {
        /// Where the chat will wait.
        to: QueueId,
        /// The chat's number.
        number: SupportNumber,
        /// The greeting's number among the call's messages; 0 until it is written.
        greeting: u32,
        /// Until when it may be on its way.
        #[serde(with = "stored::millis")]
        deadline: Instant,
    },
    /// The chat waits.
    Done,
    /// The greeting did not arrive.
    Failed,
}

impl Deflection {
    /// Queue and number of the chat, while the greeting is on its way.
    pub(super) fn under_way(&self) -> Option<(&QueueId, SupportNumber)> {
        match self {
            Self::Accepted { to, number, .. } => Some((to, *number)),
            _ => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Accepted { deadline, .. } => Some(*deadline),
            _ => None,
        }
    }

    /// `queue` is where the caller waits, `call` the call's session.
    pub(super) fn evolve(
        &mut self,
        config: &CallConfig,
        queue: Option<&QueueId>,
        call: SessionId,
        event: &Event,
    ) {
        match &event.fact {
            Fact::ServiceOffered { service: CallService::Deflection } => *self = Self::Asked,
            Fact::OverCapacity { offers, .. } if offers.iter().any(Alternative::is_by_text) => {
                *self = Self::Asked;
            }
            Fact::ServiceDeclined { service: CallService::Deflection, .. } => {
                *self = Self::Declined;
            }
            Fact::KeptWaiting { .. } | Fact::AlternativeChosen { .. } if *self == Self::Asked => {
                *self = Self::Declined;
            }
            Fact::ServiceAccepted { service: CallService::Deflection } => {
                let rules = queue.and_then(|queue| config.queues.get(queue));
                if let Some(rule) = rules.and_then(|rules| rules.deflection.as_ref()) {
                    *self = Self::Accepted {
                        to: rule.to.clone(),
                        number: rule.number,
                        greeting: 0,
                        deadline: event.at + config.delivery,
                    };
                }
            }
            Fact::OutboundMessage { id, purpose: Purpose::Deflection, .. } => {
                if let Self::Accepted { greeting, .. } = self {
                    *greeting = id.number_in(call).unwrap_or(0);
                }
            }
            Fact::CallDeflected { .. } => *self = Self::Done,
            Fact::ServiceFailed { service: CallService::Deflection } => *self = Self::Failed,
            _ => {}
        }
    }
}

/// The caller becomes a consumer who texts: only in a service that switches.
fn becomes_chat<S: Service<SwitchesToSms = Yes>>(
    _: S,
    queue: QueueId,
    number: SupportNumber,
    chat: SessionId,
) -> Fact {
    Fact::CallDeflected { queue, number, chat }
}

impl CallTurn<'_> {
    pub(super) fn may_offer_deflection(&self, queue: &QueueId, wait: Option<u32>) -> bool {
        let rules = self.config.queues.get(queue);
        self.call.deflection == Deflection::Idle
            && self.call.takes_texts
            && rules.and_then(|rules| rules.deflection.as_ref()).is_some_and(|rule| {
                rule.threshold.is_reached(wait) && self.view.takes_chat(&rule.to, rule.number)
            })
    }

    /// The queue of the chat may have closed while the caller listened: then the call keeps its place.
    pub(super) fn accept_deflection(&mut self) -> Result<(), Refusal> {
        let rules = self.call.queue().and_then(|queue| self.config.queues.get(queue));
        let Some(rule) = rules.and_then(|rules| rules.deflection.clone()) else {
            self.withdraw_question();
            return Err(Refusal::OutOfHours);
        };
        let service = CallService::Deflection;
        self.emit(Fact::ServiceAccepted { service });
        let name = self.config.in_language(&rule.names, &rule.to, self.call.language);
        let body = self.render(MessageKind::DeflectionGreeting, Some(&name));
        let author = platform(services::PreSessionDeflection);
        let ready = self.view.takes_chat(&rule.to, rule.number);
        if !ready || !self.send(MessageKind::DeflectionGreeting.purpose(), author, body) {
            self.emit(Fact::ServiceFailed { service });
            self.consider();
        }
        Ok(())
    }

    /// A text of the call has arrived, or never will. Only the greeting's arrival changes anything, and only while
    /// the caller has nobody to talk to.
    pub(super) fn delivered(&mut self, id: &MessageId, arrived: bool, chat: SessionId) {
        let Deflection::Accepted { to, number, greeting, .. } = &self.call.deflection else {
            return;
        };
        if *greeting == 0 || id.number_in(self.call.id) != Some(*greeting) {
            return;
        }
        let (to, number) = (to.clone(), *number);
        let connected = matches!(self.call.stage, CallStage::Connected { .. });
        if arrived && !connected && self.view.may_go_on_at(number) {
            self.emit(becomes_chat(services::PreSessionDeflection, to, number, chat));
            self.end(EndReason::DeflectedToText);
        } else {
            self.fail_deflection();
        }
    }

    /// The consumer writes where the chat was promised, which proves that the text has arrived. A caller who talks to
    /// an agent, or chose to be called back after a failure, keeps the call beside the chat.
    pub(super) fn answered(&mut self, queue: QueueId, number: SupportNumber, chat: SessionId) {
        let promised =
            matches!(self.call.deflection, Deflection::Accepted { .. } | Deflection::Failed);
        let keeps_call = matches!(
            self.call.stage,
            CallStage::Connected { .. } | CallStage::Waiting { callback: true, .. }
        );
        if promised && !keeps_call {
            self.withdraw_question();
            self.emit(becomes_chat(services::PreSessionDeflection, queue, number, chat));
            self.end(EndReason::DeflectedToText);
        }
    }

    pub(super) fn fail_deflection(&mut self) {
        self.emit(Fact::ServiceFailed { service: CallService::Deflection });
        match &self.call.stage {
            CallStage::Left { .. } => self.end(EndReason::Abandoned),
            _ => self.consider(),
        }
    }
}
