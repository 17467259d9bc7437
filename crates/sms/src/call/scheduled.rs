//! Calls at a time that the consumer chooses (HRS-10).

use frontdesk_types::{Alternative, EndReason, Fact, Instant, QueueId};
use serde::{Deserialize, Serialize};

use super::{Call, CallStage, timers::Timer, turn::CallTurn};
use crate::{Refusal, stored};

/// When a call is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallSlot {
    /// From then on it is before the agents of its queue.
    #[serde(with = "stored::millis")]
    pub from: Instant,
    /// Then they are told that it is near; not after `from`.
    #[serde(with = "stored::millis")]
    pub announced: Instant,
    /// Then it is given up, if nobody has made it; after `from`.
    #[serde(with = "stored::millis")]
    pub expires: Instant,
}

impl Call {
    /// Whether its time has yet to come.
    pub fn is_scheduled(&self) -> bool {
        matches!(self.stage, CallStage::Scheduled { .. })
    }

    /// Whether somebody has yet to make it.
    fn is_awaited(&self) -> bool {
        self.chosen == Some(Alternative::ScheduledCall) && self.end_reason().is_none()
    }

    /// When it is a call, and no more a plan.
    pub(super) fn begins(&self) -> Instant {
        self.slot.map_or(self.started, |slot| slot.from.max(self.started))
    }

    pub(super) fn scheduled_timer(&self) -> Option<(Instant, Timer)> {
        let slot = self.slot?;
        match &self.stage {
            CallStage::Scheduled { near: false, .. } => Some((slot.announced, Timer::Announce)),
            CallStage::Scheduled { near: true, .. } => Some((slot.from, Timer::Begin)),
            CallStage::Waiting { .. } if self.is_awaited() => Some((slot.expires, Timer::GiveUp)),
            _ => None,
        }
    }
}

impl CallTurn<'_> {
    pub(super) fn schedule(&mut self, queue: QueueId, slot: CallSlot) -> Result<(), Refusal> {
        let fresh = matches!(self.call.stage, CallStage::Menu) && self.call.chosen.is_none();
        if !fresh {
            return Err(Refusal::NotScheduled);
        }
        let announced = slot.announced.min(slot.from).max(self.at);
        let (slot, expires) = (slot.from, slot.expires.max(slot.from));
        self.emit(Fact::CallScheduled { queue, slot, announced, expires });
        Ok(())
    }

    /// Before its time, or while nobody has made it.
    pub(super) fn cancel(&mut self) -> Result<(), Refusal> {
        if !self.call.is_awaited() {
            return Err(Refusal::NotScheduled);
        }
        self.end(EndReason::Cancelled);
        Ok(())
    }

    /// Its time has come: it waits in its queue, and is made by whoever gets it.
    pub(super) fn begin_scheduled(&mut self) {
        if let CallStage::Scheduled { queue, .. } = &self.call.stage {
            let queue = queue.clone();
            self.emit(Fact::CallQueued { queue });
        }
    }
}
