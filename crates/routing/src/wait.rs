//! How long a consumer will wait (RTE-12): the method is described in docs/wait-times.md.

mod arrivals;
mod draws;
mod durations;
mod forecast;
mod patience;
mod stage;

use chrono::TimeDelta;
use frontdesk_types::SkillId;
use serde::{Deserialize, Serialize};

pub(crate) use arrivals::Arrivals;
pub(crate) use durations::Durations;
pub(crate) use forecast::forecast;
use patience::Patience;
pub(crate) use stage::{Busy, Change, Line, Person, Scene, Stream, Work, WrappingUp};

/// Fewer handled sessions say nothing: the wait is unknown.
const FEWEST: usize = 5;
/// A consumer who does not answer is left after so many seconds at most.
const NO_ANSWER: f64 = 5.0;
/// Durations and wrap-ups of a queue that are stored for a restart.
const STORED: usize = 1024;
const WRAP_UPS: usize = 128;

/// What a queue has shown so far of how long its sessions take and how long its consumers wait.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct WaitHistory {
    pub(crate) durations: Durations,
    pub(crate) patience: Patience,
    /// How long agents take for wrap-ups that they may end early.
    pub(crate) wrap_ups: Durations,
    /// How often consumers come; only filled while a history is stored.
    pub(crate) streams: Vec<StoredStream>,
    /// Rises with everything that is shown.
    pub(crate) shown: u64,
}

/// Consumers of a queue who ask for the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredStream {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) call: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) brought: bool,
    #[serde(default)]
    pub(crate) priority: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) skills: Vec<SkillId>,
    pub(crate) arrivals: Arrivals,
}

/// A history as it is stored: the newest durations, in tenths of a second, and the means.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    durations: Vec<u32>,
    #[serde(default)]
    patience: Patience,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wrap_ups: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    streams: Vec<StoredStream>,
}

impl From<Stored> for WaitHistory {
    fn from(stored: Stored) -> Self {
        let known = |tenths: Vec<u32>| {
            let mut known = Durations::default();
            for tenths in tenths {
                known.push(f64::from(tenths) / 10.0);
            }
            known
        };
        let Stored { durations, patience, wrap_ups, streams } = stored;
        Self { durations: known(durations), patience, wrap_ups: known(wrap_ups), streams, shown: 0 }
    }
}

impl From<WaitHistory> for Stored {
    fn from(history: WaitHistory) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a duration in tenths of a second, at least 0"
        )]
        let tenths = |seconds: f32| (seconds * 10.0).round() as u32;
        let newest = |of: &Durations, most| of.newest(most).into_iter().map(tenths).collect();
        Self {
            durations: newest(&history.durations, STORED),
            wrap_ups: newest(&history.wrap_ups, WRAP_UPS),
            patience: history.patience,
            streams: history.streams,
        }
    }
}

/// How long a consumer who comes now will wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTime {
    /// As likely more as less: what the consumer is told.
    pub likely: TimeDelta,
    /// Nine of ten wait at least so long.
    pub at_least: TimeDelta,
    /// Nine of ten wait at most so long.
    pub at_most: TimeDelta,
}

/// Why nobody can tell how long a consumer will wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownWait {
    /// The queue has handled too few sessions to tell how long one takes.
    #[error("the queue has handled {handled} sessions, an estimate takes at least {needed}")]
    FewSessions {
        /// Sessions handled so far.
        handled: usize,
        /// The fewest that say something.
        needed: usize,
    },
    /// Nobody who could take the session is there, and nobody is expected.
    #[error("no agent who could take the session is there or expected")]
    Nobody,
    /// The router knows no such queue.
    #[error("no such queue is configured")]
    NoQueue,
}

/// No estimate is longer (SMS-9).
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(300);

/// The parts of all outcomes below and above the range that is told.
const BELOW: f64 = 0.08;
const ABOVE: f64 = 0.92;

impl WaitHistory {
    /// A session has kept its agent for so long, the wrap-up not included; its consumer had waited for a time.
    pub fn handled(&mut self, took: TimeDelta, waited: TimeDelta) {
        let (took, waited) = (seconds(took).max(0.0), seconds(waited).max(0.0));
        let known = self.durations.len() >= FEWEST;
        let there = !known || took >= NO_ANSWER.min(self.durations.long_mean() / 20.0);
        self.shown += 1;
        self.patience.met(waited, there);
        if there {
            self.durations.push(took);
        }
    }

    /// A consumer has waited so long and got an agent.
    pub fn served(&mut self, waited: TimeDelta) {
        self.patience.served(seconds(waited));
    }

    /// A consumer has waited so long and gone.
    pub fn gave_up(&mut self, waited: TimeDelta) {
        self.shown += 1;
        self.patience.gave_up(seconds(waited));
    }

    /// An agent has taken so long for a wrap-up that could be ended early.
    pub(crate) fn wrapped_up(&mut self, took: f64) {
        self.wrap_ups.push(took.max(0.0));
    }

    /// How long such wrap-ups take, if enough is known.
    pub(crate) fn wrap_ups(&self) -> Option<&Durations> {
        (self.wrap_ups.len() >= FEWEST).then_some(&self.wrap_ups)
    }

    /// How many sessions are remembered.
    pub fn known(&self) -> usize {
        self.durations.len()
    }

    /// How long a session takes at present; `None` before there were enough.
    pub fn mean(&self) -> Option<TimeDelta> {
        (self.known() >= FEWEST).then(|| delta(self.durations.scale().mean))
    }

    /// Why the history does not say how long sessions take.
    pub(crate) fn lacks(&self) -> Option<UnknownWait> {
        let handled = self.known();
        (handled < FEWEST).then_some(UnknownWait::FewSessions { handled, needed: FEWEST })
    }
}

/// What the outcomes of a forecast come to. Outcomes are in seconds; infinite ones are never.
pub(crate) fn summary(mut outcomes: Vec<f64>) -> Result<WaitTime, UnknownWait> {
    outcomes.sort_by(f64::total_cmp);
    let last = outcomes.len().checked_sub(1).ok_or(UnknownWait::Nobody)?;
    let at = |part: f64| {
        let place = part * crate::numbers::count(last);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
        let (low, rest) = (place as usize, place.fract());
        let get =
            |i: usize| outcomes.get(i.min(last)).copied().unwrap_or(0.0).min(seconds(LONGEST_WAIT));
        get(low) + rest * (get(low + 1) - get(low))
    };
    if outcomes.get(last / 2).is_some_and(|middle| middle.is_infinite()) {
        return Err(UnknownWait::Nobody);
    }
    // The mean of the middle fifth is steadier than the middle alone.
    let middle = [0.42, 0.46, 0.5, 0.54, 0.58].map(at);
    let likely = middle.iter().sum::<f64>() / crate::numbers::count(middle.len());
    Ok(WaitTime {
        likely: delta(likely),
        at_least: delta(at(BELOW).min(likely)),
        at_most: delta(at(ABOVE).max(likely)),
    })
}

pub(crate) fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64()
}

fn delta(seconds: f64) -> TimeDelta {
    #[expect(clippy::cast_possible_truncation, reason = "at most 300 minutes")]
    let millis = (seconds * 1000.0).round() as i64;
    TimeDelta::milliseconds(millis).clamp(TimeDelta::zero(), LONGEST_WAIT)
}
