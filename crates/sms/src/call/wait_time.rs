//! Wait-time SMS (SMS-29): consent is asked once a call, the preset text goes out, what the caller sends is kept for
//! the agent. Ends with the call.

use frontdesk_types::{CallService, Fact, QueueId};
use serde::{Deserialize, Serialize};

use super::turn::CallTurn;
use crate::{
    MessageKind, Refusal,
    services::{self, platform},
};

/// Where wait-time SMS stands in a call. The stored form counts the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitTime {
    /// The caller has not been asked.
    #[default]
    Idle,
    /// The caller has been asked.
    Asked,
    /// The caller wants it.
    Agreed,
    /// The caller does not want it, and is not asked again.
    Declined,
}

impl WaitTime {
    pub(super) fn evolve(&mut self, fact: &Fact) {
        *self = match fact {
            Fact::ServiceOffered { service: CallService::WaitTime } => Self::Asked,
            Fact::ServiceAccepted { service: CallService::WaitTime } => Self::Agreed,
            Fact::ServiceDeclined { service: CallService::WaitTime, .. } => Self::Declined,
            _ => return,
        };
    }
}

impl CallTurn<'_> {
    pub(super) fn may_offer_wait_time(&self, queue: &QueueId, wait: Option<u32>) -> bool {
        let rule = self.config.queues.get(queue).and_then(|queue| queue.wait_time);
        self.call.wait_time == WaitTime::Idle
            && self.call.takes_texts
            && rule.is_some_and(|rule| rule.is_reached(wait))
            && !self.view.consent().opted_out
    }

    pub(super) fn accept_wait_time(&mut self) -> Result<(), Refusal> {
        let Some(queue) = self.call.queue().cloned() else { return Err(Refusal::NotWaiting) };
        self.emit(Fact::ServiceAccepted { service: CallService::WaitTime });
        let name = self.config.name(&queue, self.call.language);
        let body = self.render(MessageKind::WaitTime, Some(&name));
        self.send(MessageKind::WaitTime.purpose(), platform(services::WaitTime), body);
        Ok(())
    }
}
