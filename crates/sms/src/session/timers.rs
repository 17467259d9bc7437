//! Timers as data: what is due, in which order, and what it does.

use chrono::TimeDelta;
use frontdesk_types::{Author, DismissedBy, EndReason, Fact, Instant, Purpose, TransferFailure};

use super::{
    Session, Stage,
    turn::{Extra, Turn},
};
use crate::{Input, MessageKind, minutes, own_time::changed};

/// What a timer does. Of several that are due at one instant, the first of these fires first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    End(EndOf),
    FailTransfer,
    Dismiss,
    Warn,
    Respond,
}

/// Which end a timer brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EndOf {
    Menu,
    Waiting,
    Chat,
}

impl Session {
    /// The timer that fires next, and when.
    pub(super) fn next_timer(&self) -> Option<(Instant, Timer)> {
        match &self.stage {
            Stage::Invited { deadline } | Stage::Selecting { deadline, .. } => {
                Some((*deadline, Timer::End(EndOf::Menu)))
            }
            Stage::Queued { deadline, chat, .. } => {
                let end = if chat.is_some() { EndOf::Chat } else { EndOf::Waiting };
                deadline.map(|deadline| (deadline, Timer::End(end)))
            }
            Stage::Dismissed { deadline, .. } => {
                deadline.map(|deadline| (deadline, Timer::End(EndOf::Chat)))
            }
            Stage::Assigned(held) => {
                let closed = |at: Option<Instant>| at.filter(|_| !held.open);
                [
                    (held.timeout, Timer::End(EndOf::Chat)),
                    (closed(held.dismissal), Timer::Dismiss),
                    (closed(held.warning), Timer::Warn),
                    (held.response, Timer::Respond),
                ]
                .into_iter()
                .filter_map(|(at, timer)| Some((at?, timer)))
                .min()
            }
            Stage::Transferring { held, deadline, .. } => [
                (held.timeout, Timer::End(EndOf::Chat)),
                (Some(*deadline), Timer::FailTransfer),
                (held.response, Timer::Respond),
            ]
            .into_iter()
            .filter_map(|(at, timer)| Some((at?, timer)))
            .min(),
            Stage::Ended { .. } => None,
        }
    }
}

impl Turn<'_> {
    /// The host's clock was set back, or is right again.
    pub(super) fn follow_clock(&mut self, input: &Input, at: Instant) {
        let set_back = match input {
            Input::ClockSetBack { by } => *by,
            _ => TimeDelta::zero(),
        };
        let behind = self.session.behind_at(at, set_back);
        if let Some(fact) = changed(self.session.behind, behind) {
            self.emit(fact);
        }
    }

    /// Fires what is due by `now`, one after the other, each at the instant at which it was due: how
    /// promptly somebody looks makes no difference.
    pub(super) fn fire_due(&mut self, now: Instant) {
        while let Some((deadline, timer)) = self.session.next_timer() {
            if deadline > now {
                return;
            }
            self.at = deadline.max(self.session.seen);
            self.fire(timer);
        }
    }

    /// Every timer takes itself away, by its event.
    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::End(end) => self.end(self.timeout_reason(end)),
            Timer::FailTransfer => self.fail_transfer(TransferFailure::TimedOut),
            Timer::Dismiss => self.dismiss(DismissedBy::Inactivity),
            Timer::Warn => self.warn(),
            Timer::Respond => {
                if let Some(agent) = self.session.agent().cloned() {
                    self.emit(Fact::ResponseOverdue { agent });
                }
            }
        }
    }

    fn timeout_reason(&self, end: EndOf) -> EndReason {
        match (end, &self.session.stage) {
            (EndOf::Menu, _) => EndReason::ExpiredMenuSelection,
            (EndOf::Waiting, _) => EndReason::Expired,
            (
                EndOf::Chat,
                Stage::Queued { chat: Some(chat), .. } | Stage::Dismissed { chat, .. },
            ) => chat.timeout_reason(),
            (EndOf::Chat, stage) => {
                stage.held().map_or(EndReason::Expired, |held| held.chat.timeout_reason())
            }
        }
    }

    /// The chat is dismissed soon (SMS-22). The message itself takes the timer away, so it must not be
    /// empty, whatever the template.
    fn warn(&mut self) {
        let Some(held) = self.session.stage.held() else { return };
        let left = held.dismissal.map_or(0, |dismissal| (dismissal - self.at).num_minutes());
        let (queue, agent) = (held.queue.clone(), held.agent.clone());
        let left = u32::try_from(left).unwrap_or(0);
        let extra = Extra { agent: Some(&agent), minutes_left: Some(left), ..Extra::default() };
        let mut body = self.render(&queue, MessageKind::DismissalWarning, &extra);
        if body.trim().is_empty() {
            body = minutes(left, self.session.language).into();
        }
        self.send(Purpose::DismissalWarning, Author::System, body);
    }
}
