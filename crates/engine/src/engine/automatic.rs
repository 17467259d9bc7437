//! Limits of automatic texts (SMS-16): a phone that answers by itself gets a bounded number of them, over sessions
//! and restarts. They are counted in the memory of the line, in the commit that decides on them, and anew when they leave much later.

use chrono::TimeDelta;
use frontdesk_sms::{Automatic, Input, Text, find_automatic};
use frontdesk_types::{Author, Delivery, Instant, Purpose};

use super::{Engine, calls::text_beside_call, draft::Draft, meaning::Meaning, replies::keep};
use crate::{
    Center,
    config::AutomaticLimits,
    store::{AutomaticSource as Source, AutomaticText, Memory},
};

/// The span in which texts are counted, wherever it begins.
const SPAN: TimeDelta = TimeDelta::hours(1);

/// A text that left so much later than now still counts as of then: the clock was set back after it. Without it a clock that swings
/// would give each text an hour of its own. One that left later still was counted by a clock that was wrong: it counts as of now.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// A text that leaves later than this after it was counted counts anew: then the consumer gets it.
const LATE: TimeDelta = TimeDelta::minutes(1);

impl Source {
    /// `None` for what is not automatic: a person's text, an API request, what a caller asked for by a key, and the one
    /// confirmation of a revocation, which always leaves.
    pub(super) fn of(purpose: Purpose, author: &Author, by_program: bool) -> Option<Self> {
        match (author, purpose) {
            (Author::Agent(_), _) => by_program.then_some(Self::VirtualAgent),
            (
                Author::System,
                Purpose::AppLink
                | Purpose::Deflection
                | Purpose::Notification
                | Purpose::OptOutConfirmation
                | Purpose::Outreach
                | Purpose::WaitTime,
            ) => None,
            (Author::System, _) => Some(Self::Platform),
        }
    }

    fn cap(self, limits: AutomaticLimits) -> usize {
        match self {
            Self::Platform => limits.texts_per_hour,
            Self::VirtualAgent => limits.virtual_texts_per_hour,
        }
    }

    fn times(self, memory: &Memory) -> &Vec<i64> {
        match self {
            Self::Platform => &memory.automatic,
            Self::VirtualAgent => &memory.by_programs,
        }
    }

    fn times_mut(self, memory: &mut Memory) -> &mut Vec<i64> {
        match self {
            Self::Platform => &mut memory.automatic,
            Self::VirtualAgent => &mut memory.by_programs,
        }
    }

    /// How many more may leave now.
    pub(super) fn room(self, memory: &Memory, limits: AutomaticLimits, now: Instant) -> usize {
        let used = self.times(memory).iter().filter(|then| counts(**then, now)).count();
        self.cap(limits).saturating_sub(used)
    }

    /// Counts one text that leaves.
    pub(super) fn count(self, memory: &mut Memory, now: Instant) {
        let times = self.times_mut(memory);
        times.retain(|then| counts(*then, now));
        times.push(now.timestamp());
    }

    /// Takes one text out of the count.
    fn uncount(self, memory: &mut Memory, counted: i64) {
        let times = self.times_mut(memory);
        if let Some(place) = times.iter().position(|then| *then == counted) {
            times.remove(place);
        }
    }

    /// What is told of a text that stays behind.
    pub(super) fn withheld(self, purpose: Purpose, limits: AutomaticLimits) -> Delivery {
        let purpose = serde_json::to_value(purpose).ok();
        let purpose = purpose.as_ref().and_then(|word| word.as_str()).unwrap_or("text");
        let (cap, what) = match self {
            Self::Platform => (limits.texts_per_hour, "automatic texts"),
            Self::VirtualAgent => (limits.virtual_texts_per_hour, "texts of virtual agents"),
        };
        let reason = format!("{purpose}: the limit of {cap} {what} an hour to one consumer");
        Delivery::Refused { reasons: vec![reason], rules: vec!["automatic_replies".to_owned()] }
    }
}

/// Whether a text that left then counts now, whichever way a clock has jumped.
fn counts(then: i64, now: Instant) -> bool {
    now.timestamp() - then <= SPAN.num_seconds()
}

/// Texts that were counted by a clock that was far ahead, and an answer to HELP, count as of now. False if there are none.
pub(super) fn set_right(memory: &mut Memory, now: Instant) -> bool {
    let mut any = false;
    if let Some(helped) = memory.helped.as_mut().filter(|helped| helped.at - now > AHEAD) {
        helped.at = now;
        any = true;
    }
    let now = now.timestamp();
    for then in memory.automatic.iter_mut().chain(&mut memory.by_programs) {
        if *then - now > AHEAD.num_seconds() {
            *then = now;
            any = true;
        }
    }
    any
}

/// Whether a text is automatic. A command and an option of the menu never are. A revocation stays one, unless a phone only
/// quotes it in a reaction.
pub(super) fn is_automatic(
    center: &Center,
    body: &str,
    meaning: &mut Meaning,
) -> Option<Automatic> {
    if matches!(meaning, Meaning::Command(..)) || center.sms.names_an_option(body) {
        return None;
    }
    let automatic = find_automatic(body)?;
    if automatic == Automatic::Reply && matches!(meaning, Meaning::Revocation(_)) {
        return None;
    }
    *meaning = Meaning::None;
    Some(automatic)
}

impl AutomaticText {
    /// Whether it leaves so long after it was counted, or was not counted at all, that it counts anew.
    pub(super) fn is_late(self, now: Instant) -> bool {
        self.counted.is_none_or(|then| (now.timestamp() - then).abs() > LATE.num_seconds())
    }

    /// Counts it anew, as of now. False if that is over the limit: then it is not counted.
    #[must_use]
    pub(super) fn recount(
        self,
        memory: &mut Memory,
        limits: AutomaticLimits,
        now: Instant,
    ) -> bool {
        if let Some(counted) = self.counted {
            self.by.uncount(memory, counted);
        }
        set_right(memory, now);
        if self.by.room(memory, limits, now) == 0 {
            return false;
        }
        self.by.count(memory, now);
        true
    }

    /// It has not left after all: it counts as before, and not as of a second since the epoch.
    pub(super) fn count_as_before(self, memory: &mut Memory, counted: i64) {
        self.by.uncount(memory, counted);
        self.by.times_mut(memory).extend(self.counted);
    }
}

impl Engine {
    /// What a phone writes by itself is kept and shown where it belongs, and answered nowhere (SMS-16).
    pub(super) fn keep_automatic(&self, center: &Center, draft: &mut Draft, text: Text) {
        match draft.automatic.filter(|_| draft.session.is_some()) {
            Some(automatic) => {
                self.continue_session(center, draft, Input::AutomaticText(text, automatic));
            }
            None if draft.beside.is_some() => text_beside_call(center, draft, text),
            None => keep(draft, text),
        }
    }
}
