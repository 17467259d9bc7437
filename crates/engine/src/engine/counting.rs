//! The limits that a text counts against when it leaves: a solicitation (DLC-4), an automatic text (SMS-16), the answer
//! to a HELP of a consumer who has opted out (SMS-13). The count is remembered before the request to the provider begins, so that no
//! two texts go by the same limit, and forgotten where the text has not left after all.

use frontdesk_tendlc::ContentType;
use frontdesk_types::{Delivery, Instant, MessageId, Purpose};

use super::{Engine, EngineError, retried};
use crate::{
    OutgoingText,
    store::{AutomaticText, Commit, HelpAnswer, Helped, Known, Line, Memory, MemoryWrite, Version},
};

/// The end of a text of which at most one leaves, and which was under way when its process ended (SMS-11, SMS-13).
pub(super) const INTERRUPTED: &str = "it may have left before the process ended";

/// The limits that a text counts against that leaves now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// A solicitation (DLC-4).
    solicitation: bool,
    /// An automatic text (SMS-16): how it counted before, and when it counts now, in seconds since the epoch.
    automatic: Option<(AutomaticText, i64)>,
    /// The answer to a HELP of a consumer who has opted out (SMS-13).
    pub(super) help_answer: bool,
}

/// Whether a text may be counted.
pub(super) enum Counted {
    /// It is, and may leave.
    As(Counts),
    /// It stays behind: a limit is reached, or it may have left before.
    Withheld(Delivery),
}

impl Memory {
    /// The answer to a HELP of a consumer who has opted out begins to leave. Their next one is answered a day after that.
    /// `None` if the text is none; false if it may have left before.
    fn answer_leaves(&mut self, text: &OutgoingText, now: Instant) -> Option<bool> {
        let helped = self.helped.as_mut().filter(|_| text.purpose == Purpose::Help)?;
        if helped.answer.as_ref() != Some(&text.id.message) {
            return None;
        }
        let is_first = helped.state != HelpAnswer::Left;
        (helped.at, helped.state) = (now, HelpAnswer::Left);
        Some(is_first)
    }

    /// The answer to a HELP has not left, and will not.
    pub(super) fn help_answer_fails(&mut self, answer: &MessageId) {
        self.set_help_answer(answer, HelpAnswer::Failed);
    }

    fn set_help_answer(&mut self, answer: &MessageId, state: HelpAnswer) {
        if let Some(helped) = &mut self.helped
            && helped.answer.as_ref() == Some(answer)
        {
            helped.state = state;
        }
    }
}

impl Engine {
    /// Counts a text that the gate lets pass.
    pub(super) async fn count_text(
        &self,
        text: &OutgoingText,
        (kind, automatic): (ContentType, Option<AutomaticText>),
        known: Known,
    ) -> Result<Counted, EngineError> {
        let Known { consumer, memory: (expected, mut memory) } = known;
        let (line, now) = (text.line, self.now());
        if kind == ContentType::Promotional {
            self.remember_solicitation(line.consumer, &text.id.message, consumer).await?;
            return Ok(Counted::As(Counts { solicitation: true, ..Counts::default() }));
        }
        let mut counts = Counts::default();
        if let Some(is_first) = memory.answer_leaves(text, now) {
            if !is_first {
                return Ok(Counted::Withheld(Delivery::Failed { reason: INTERRUPTED.to_owned() }));
            }
            counts.help_answer = true;
        }
        if let Some(automatic) = automatic.filter(|text| text.is_late(now)) {
            let limits = self.center().automatic;
            if !automatic.recount(&mut memory, limits, now) {
                return Ok(Counted::Withheld(automatic.by.withheld(text.purpose, limits)));
            }
            counts.automatic = Some((automatic, now.timestamp()));
        }
        if counts.help_answer || counts.automatic.is_some() {
            self.write_memory(line, expected, memory).await?;
        }
        Ok(Counted::As(counts))
    }

    /// A text that counted has not left after all. `for_good`: it will not be tried again by itself.
    pub(super) async fn forget_text(
        &self,
        text: &OutgoingText,
        counts: Counts,
        for_good: bool,
    ) -> Result<(), EngineError> {
        let line = text.line;
        let state = if for_good { HelpAnswer::Failed } else { HelpAnswer::Waiting };
        if counts.solicitation {
            return self.forget_solicitation(line.consumer, &text.id.message).await;
        }
        if !counts.help_answer && counts.automatic.is_none() {
            return Ok(());
        }
        retried(|| async move {
            let found = self.parts.store.find(&self.id, line).await?;
            let (expected, mut memory) = found.known.memory;
            if let Some((automatic, counted)) = counts.automatic {
                automatic.count_as_before(&mut memory, counted);
            }
            memory.set_help_answer(&text.id.message, state);
            self.write_memory(line, expected, memory).await
        })
        .await
    }

    /// A text stays behind for good. The answer to a HELP makes room for the next one.
    pub(super) async fn stays_behind(&self, text: &OutgoingText) -> Result<(), EngineError> {
        if text.purpose != Purpose::Help {
            return Ok(());
        }
        let answer = &text.id.message;
        retried(|| async move {
            let found = self.parts.store.find(&self.id, text.line).await?;
            let (expected, mut memory) = found.known.memory;
            let waits = |helped: &Helped| {
                helped.answer.as_ref() == Some(answer) && helped.state == HelpAnswer::Waiting
            };
            if !memory.helped.as_ref().is_some_and(waits) {
                return Ok(());
            }
            memory.help_answer_fails(answer);
            self.write_memory(text.line, expected, memory).await
        })
        .await
    }

    async fn write_memory(
        &self,
        line: Line,
        expected: Version,
        memory: Memory,
    ) -> Result<(), EngineError> {
        let memory = Some(MemoryWrite { line, expected, memory });
        // Without an inbound message there is no duplicate.
        let _ = self.commit(Commit { memory, ..Commit::default() }).await?;
        Ok(())
    }
}
