//! A call's deadlines. Each takes itself away by the event that it leads to.

use chrono::TimeDelta;
use frontdesk_types::{EndReason, Instant};

use super::{Call, CallConfig, CallStage, turn::CallTurn};

/// No call lasts longer: the telephony has lost it (design invariant 4).
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// In the order in which they fire at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    Expire,
    FailDeflection,
    WithdrawQuestion,
    OverCapacity,
}

impl Call {
    pub(super) fn next_timer(&self, config: &CallConfig) -> Option<(Instant, Timer)> {
        if matches!(self.stage, CallStage::Ended { .. }) {
            return None;
        }
        [
            Some((self.started + LONGEST, Timer::Expire)),
            self.deflection.deadline().map(|at| (at, Timer::FailDeflection)),
            self.asked.map(|asked| (asked.until, Timer::WithdrawQuestion)),
            self.over_capacity_at(config).map(|at| (at, Timer::OverCapacity)),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the caller will have waited too long, as things stand.
    fn over_capacity_at(&self, config: &CallConfig) -> Option<Instant> {
        let CallStage::Waiting { queue, since, wait, over_capacity: false } = &self.stage else {
            return None;
        };
        let rule = config.queues.get(queue)?.over_capacity?;
        let above = wait.is_some_and(|wait| wait > rule.estimate);
        let free = self.asked.is_none() && self.deflection.under_way().is_none();
        // Longer than.
        (above && free).then(|| *since + rule.waited + TimeDelta::milliseconds(1))
    }
}

impl CallTurn<'_> {
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
            }
        }
    }
}
