//! The floor as a forecast begins with it.

use super::{Durations, durations::Scale};
use crate::{Kind, StaffRules};

/// How sessions of a queue go.
pub(crate) struct Work<'a> {
    pub(crate) durations: &'a Durations,
    pub(crate) scale: Scale,
    /// The parts of waiting consumers that go in a second, seen and silently.
    pub(crate) seen: f64,
    pub(crate) unseen: f64,
    /// The wrap-up after a session, in seconds, at most.
    pub(crate) wrap_up: f64,
    /// How long it takes, where agents may end it early.
    pub(crate) wrap_ups: Option<&'a Durations>,
}

impl Work<'_> {
    /// How long a wrap-up takes that began so many seconds ago; `part` of all such take less.
    pub(super) fn wrap_up(&self, ago: f64, part: f64) -> f64 {
        let Some(known) = self.wrap_ups else { return self.wrap_up };
        known.quantile(known.rank(ago), part).clamp(ago, self.wrap_up.max(ago))
    }
}

/// A wrap-up that an agent is in.
pub(crate) struct WrappingUp {
    /// The seconds until its end, at most.
    pub(crate) left: f64,
    /// Whose it is and how long ago it began, if it may end early.
    pub(crate) may_end: Option<(usize, f64)>,
}

/// Sessions that the same agents may take, in their order.
pub(crate) struct Line {
    pub(crate) kind: Kind,
    pub(crate) work: usize,
    /// Turns in seconds from now: arrivals, head starts taken off; and for how long they have waited.
    pub(crate) waiting: Vec<(f64, f64)>,
    /// Sessions that each of those stands for.
    pub(crate) each: f64,
    /// Consumers who will come.
    pub(crate) stream: Option<Stream>,
    /// The only session is a probe.
    pub(crate) probe: Option<usize>,
}

/// Consumers who will come.
pub(crate) struct Stream {
    pub(crate) rate: f64,
    pub(crate) head_start: f64,
}

/// An agent.
pub(crate) struct Person {
    pub(crate) limit: u32,
    pub(crate) chats: u32,
    pub(crate) calls: u32,
    pub(crate) wrap_up: Option<WrappingUp>,
    pub(crate) there: bool,
    pub(crate) changes: Vec<Change>,
    pub(crate) busy: Vec<Busy>,
    /// Priorities and lines, the first first.
    pub(crate) lines: Vec<(u8, u32)>,
}

/// The roster says that an agent comes or goes.
pub(crate) struct Change {
    pub(crate) at: f64,
    pub(crate) comes: bool,
    /// How likely the agent does.
    pub(crate) kept: f64,
    /// How late the agent is, on average.
    pub(crate) late: f64,
}

/// A session that an agent has.
pub(crate) struct Busy {
    pub(crate) kind: Kind,
    pub(crate) work: usize,
    /// How long it has taken so far.
    pub(crate) age: f64,
}

/// The floor at present.
pub(crate) struct Scene<'a> {
    pub(crate) rules: &'a StaffRules,
    pub(crate) works: Vec<Work<'a>>,
    pub(crate) lines: Vec<Line>,
    pub(crate) people: Vec<Person>,
    pub(crate) probes: usize,
}
