use std::cell::Cell;

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_hours::{Answer, Visit};
use frontdesk_sms::{Arrival, Hours, View};
use frontdesk_types::{AgentId, Instant, Language, QueueId};

use super::{Engine, roster};
use crate::Center;

/// What a session sees of the rest of the center during one step.
pub(super) struct Surroundings<'a> {
    engine: &'a Engine,
    center: &'a Center,
    now: Instant,
    told_until: Option<Instant>,
    /// A queue was found closed, until this instant.
    pub(super) closed_until: Cell<Option<Instant>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        center: &'a Center,
        now: Instant,
        told_until: Option<Instant>,
    ) -> Self {
        Self { engine, center, now, told_until, closed_until: Cell::new(None) }
    }
}

impl View for Surroundings<'_> {
    fn hours(&self, node: &QueueId, language: Language) -> Hours {
        let (center, now, visit) = (self.center, self.now, Visit::by_text(language));
        if center.takes_consumers(node, visit, now) {
            return Hours::Open;
        }
        let reopening = center.reopening(node, visit, now);
        let opens = reopening.map(|(opens, _)| opens);
        // A queue that never opens is told about once a day.
        self.closed_until.set(Some(opens.unwrap_or(self.now + TimeDelta::days(1))));
        let said = center.holiday_says(node, visit, now);
        let default = center.default_language();
        Hours::Closed {
            notice: said.and_then(|said| said.text.get(language, default)).cloned(),
            reopens: reopening.map(|(opens, week)| week.words(opens, now, language).into()),
            // Of this closure: another queue may be closed for longer.
            told: self
                .told_until
                .is_some_and(|until| now < until && opens.is_none_or(|opens| opens == until)),
        }
    }

    fn arrival(&self, node: &QueueId, language: Language) -> Arrival {
        match self.center.answer(node, Visit::by_text(language), self.now) {
            Answer::Open { queue } if queue != *node => Arrival::Elsewhere(queue),
            Answer::Menu | Answer::Open { .. } => Arrival::Here,
            // By text nothing but words is offered (HRS-9).
            Answer::Closed | Answer::Deflected { .. } => Arrival::Closed,
        }
    }

    fn waiting(&self, queue: &QueueId) -> u32 {
        u32::try_from(self.engine.router().waiting(queue)).unwrap_or(u32::MAX)
    }

    fn wait_minutes(&self, queue: &QueueId) -> Option<u32> {
        // By language nobody is told apart here: a text's own language is the session's matter.
        let language = self.center.default_language();
        let wait =
            roster::wait_time(&self.engine.router(), self.center, queue, language, self.now)?;
        let minutes = (wait.likely.num_seconds() + 59).div_euclid(60).max(1);
        u32::try_from(minutes).ok()
    }

    fn agent_name(&self, agent: &AgentId) -> CompactString {
        self.center.agent_name(agent).unwrap_or(agent.as_str()).into()
    }

    fn consumer_name(&self) -> Option<CompactString> {
        None
    }
}
