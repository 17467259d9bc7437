//! What events make of a call. Nothing else changes one.

use chrono::TimeDelta;
use frontdesk_types::{Alternative, Event, Fact, Instant};

use crate::{beside::is_beside, own_time::span};

use super::{
    App, Asked, Call, CallConfig, CallOpening, CallSlot, CallStage, Deflection, Question, WaitTime,
};

impl Call {
    pub(super) fn fresh(opening: CallOpening, at: Instant) -> Self {
        let CallOpening {
            id,
            call,
            consumer,
            number,
            language,
            takes_texts,
            has_voicemail,
            entry_point,
        } = opening;
        Self {
            id,
            telephony_id: call,
            consumer,
            number,
            language,
            takes_texts,
            has_voicemail,
            seen: at,
            started: at,
            sent: 0,
            stage: CallStage::Menu,
            asked: None,
            chosen: None,
            deflection: Deflection::default(),
            wait_time: WaitTime::default(),
            app: App::default(),
            entry_point,
            instead: Vec::new(),
            slot: None,
            behind: TimeDelta::zero(),
        }
    }

    pub(super) fn evolve(&mut self, config: &CallConfig, event: &Event) {
        if is_beside(self.id, &event.fact) {
            return;
        }
        self.seen = self.seen.max(event.at);
        self.deflection.evolve(config, self.stage.queue(), self.id, event);
        self.wait_time.evolve(&event.fact);
        self.app.evolve(&event.fact);
        let ask =
            |question, offers| Some(Asked { question, offers, until: event.at + config.answer });
        match &event.fact {
            Fact::ClockChanged { behind_ms } => self.behind = span(*behind_ms),
            Fact::OutboundMessage { id, .. } => {
                self.sent = id.number_in(self.id).map_or(self.sent, |number| self.sent.max(number));
            }
            Fact::CallQueued { queue } => {
                let (queue, since) = (queue.clone(), event.at);
                let scheduled = matches!(self.stage, CallStage::Scheduled { .. });
                let callback = scheduled || self.is_called_back();
                self.chosen = self.chosen.take().filter(|_| callback);
                let (wait, asked_in) = (None, None);
                self.stage = CallStage::Waiting { queue, since, wait, asked_in, callback };
            }
            Fact::WaitEstimated { minutes } => {
                if let CallStage::Waiting { wait, .. } = &mut self.stage {
                    *wait = *minutes;
                }
            }
            Fact::CallConnected { agent } => {
                let queue = self.stage.queue().cloned();
                self.chosen = None;
                self.stage = CallStage::Connected { queue, agent: agent.clone() };
            }
            Fact::CallerLeft => {
                if let Some(queue) = self.stage.queue().cloned() {
                    self.stage = CallStage::Left { queue };
                }
            }
            Fact::OverCapacity { band, offers, .. } => {
                if let CallStage::Waiting { asked_in, .. } = &mut self.stage {
                    *asked_in = Some(*band);
                }
                self.asked = ask(Question::KeepWaiting, offers.clone());
            }
            Fact::ServiceOffered { service } => self.asked = ask((*service).into(), Vec::new()),
            Fact::AlternativeChosen { alternative } => {
                self.asked = None;
                self.chosen = Some(alternative.clone());
                if let CallStage::Waiting { callback, .. } = &mut self.stage {
                    *callback = *alternative == Alternative::Callback;
                }
            }
            Fact::CallerReturned { call } => {
                self.telephony_id = call.clone();
                self.chosen = None;
                if let CallStage::Waiting { callback, .. } = &mut self.stage {
                    *callback = false;
                }
            }
            Fact::CallScheduled { queue, slot, announced, expires } => {
                let (from, announced, expires) = (*slot, *announced, *expires);
                self.slot = Some(CallSlot { from, announced, expires });
                self.chosen = Some(Alternative::ScheduledCall);
                self.stage = CallStage::Scheduled { queue: queue.clone(), near: false };
            }
            Fact::ScheduledCallNear => {
                if let CallStage::Scheduled { near, .. } = &mut self.stage {
                    *near = true;
                }
            }
            Fact::DeflectedAfterHours { offers, .. } => {
                self.instead.clone_from(offers);
                // One thing is not a choice: it is what happens.
                if let [only] = offers.as_slice() {
                    self.chosen = Some(only.clone());
                }
            }
            Fact::KeptWaiting { .. }
            | Fact::ServiceAccepted { .. }
            | Fact::ServiceDeclined { .. } => self.asked = None,
            Fact::Ended { reason } => {
                self.asked = None;
                let (queue, agent) = (self.queue().cloned(), self.agent().cloned());
                self.stage = CallStage::Ended { reason: *reason, queue, agent };
            }
            _ => {}
        }
    }
}

impl CallStage {
    pub(crate) fn queue(&self) -> Option<&frontdesk_types::QueueId> {
        match self {
            Self::Waiting { queue, .. } | Self::Left { queue } | Self::Scheduled { queue, .. } => {
                Some(queue)
            }
            Self::Connected { queue, .. } | Self::Ended { queue, .. } => queue.as_ref(),
            Self::Menu => None,
        }
    }
}
