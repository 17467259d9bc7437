use std::cell::Cell;

use chrono::TimeDelta;
use compact_str::CompactString;
use frontdesk_hours::Status;
use frontdesk_sms::{Hours, View};
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
    fn hours(&self, queue: &QueueId, language: Language) -> Hours {
        let Some(week) = self.center.hours(queue) else { return Hours::Open };
        let Status::Closed { opens } = week.status(self.now) else { return Hours::Open };
        // A queue that never opens is told about once a day.
        self.closed_until.set(Some(opens.unwrap_or(self.now + TimeDelta::days(1))));
        let said = self.center.holiday_says(queue, self.now);
        let default = self.center.default_language();
        Hours::Closed {
            notice: said.and_then(|said| said.text.get(language, default)).cloned(),
            reopens: opens.map(|opens| week.words(opens, self.now, language).into()),
            told: self.told_until.is_some_and(|until| self.now < until),
        }
    }

    fn waiting(&self, queue: &QueueId) -> u32 {
        u32::try_from(self.engine.router().waiting(queue)).unwrap_or(u32::MAX)
    }

    fn wait_minutes(&self, queue: &QueueId) -> Option<u32> {
        let wait = roster::wait_time(&self.engine.router(), self.center, queue, self.now)?;
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
