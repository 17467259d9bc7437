//! A call's deadlines. Each takes itself away by the event that it leads to.

use chrono::TimeDelta;
use frontdesk_types::{EndReason, Fact, Instant};

use super::{Call, CallConfig, CallInput, CallStage, CapacityOffer, WaitingCaller, turn::CallTurn};
use crate::own_time::changed;

/// No call lasts longer: the telephony has lost it (design invariant 4).
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// In the order in which they fire at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    Expire,
    FailDeflection,
    WithdrawQuestion,
    OverCapacity,
    Announce,
    Begin,
    GiveUp,
}

impl Call {
    pub(super) fn next_timer(&self, config: &CallConfig) -> Option<(Instant, Timer)> {
        if matches!(self.stage, CallStage::Ended { .. }) {
            return None;
        }
        [
            Some((self.begins() + LONGEST, Timer::Expire)),
            self.deflection.deadline().map(|at| (at, Timer::FailDeflection)),
            self.asked.as_ref().map(|asked| (asked.until, Timer::WithdrawQuestion)),
            self.can_be_asked()
                .then(|| self.capacity_offer(config, self.seen))
                .flatten()
                .map(|offer| (offer.at, Timer::OverCapacity)),
            self.scheduled_timer(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// What the caller is to be asked when too many wait, as things stand.
    pub(super) fn capacity_offer(&self, config: &CallConfig, at: Instant) -> Option<CapacityOffer> {
        let CallStage::Waiting { queue, since, wait, asked_in, .. } = &self.stage else {
            return None;
        };
        let rules = config.queues.get(queue)?.over_capacity.as_ref()?;
        let (estimate, has_voicemail) = (*wait, self.has_voicemail);
        let caller = WaitingCaller { since: *since, estimate, asked_in: *asked_in, has_voicemail };
        rules.next(&caller, at)
    }

    /// The caller listens, and has nothing before them yet. One thing at a time; who is about to go on by text, or
    /// to be called back, is asked nothing more.
    pub(super) fn can_be_asked(&self) -> bool {
        let listens = matches!(self.stage, CallStage::Waiting { callback: false, .. });
        listens && self.asked.is_none() && self.deflection.under_way().is_none()
    }
}

impl CallTurn<'_> {
    /// The host's clock was set back, or is right again.
    pub(super) fn follow_clock(&mut self, input: &CallInput, at: Instant) {
        let set_back = match input {
            CallInput::ClockSetBack { by } => *by,
            _ => TimeDelta::zero(),
        };
        let behind = self.call.behind_at(at, set_back);
        if let Some(fact) = changed(self.call.behind, behind) {
            self.emit(fact);
        }
    }

    pub(super) fn fire_due(&mut self, now: Instant) {
        while let Some((deadline, timer)) = self.call.next_timer(self.config) {
            if deadline > now {
                return;
            }
            self.at = deadline.max(self.call.seen);
            match timer {
                Timer::Expire => self.end(EndReason::Expired),
                Timer::FailDeflection => self.fail_deflection(),
                Timer::WithdrawQuestion => {
                    self.withdraw_question();
                    self.consider();
                }
                Timer::OverCapacity => self.consider(),
                Timer::Announce => self.emit(Fact::ScheduledCallNear),
                Timer::Begin => self.begin_scheduled(),
                Timer::GiveUp => self.end(EndReason::Expired),
            }
        }
    }
}
