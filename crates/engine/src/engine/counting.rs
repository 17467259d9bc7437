//! What a text counts as that leaves: a solicitation (DLC-4), an automatic text (SMS-16), the answer to a HELP of a consumer who has
//! opted out (SMS-13). It is remembered before the request to the provider begins, so that no two texts go by the same limit, and
//! forgotten where the text has not left after all.

use frontdesk_tendlc::ContentType;
use frontdesk_types::{Delivery, Instant, Purpose};

use super::{Engine, EngineError, retried};
use crate::{
    OutgoingText,
    store::{AutomaticText, Commit, Helped, Known, Line, Memory, MemoryWrite, Version},
};

/// The end of a text of which at most one leaves, and which was under way when its process ended (SMS-11, SMS-13).
pub(super) const INTERRUPTED: &str = "it may have left before the process ended";

/// What a text counts as that leaves now.
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
        let is_first = !helped.left;
        (helped.at, helped.left) = (now, true);
        Some(is_first)
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
            if automatic.recount(&mut memory, limits, now).is_none() {
                return Ok(Counted::Withheld(automatic.by.withheld(text.purpose, limits)));
            }
            counts.automatic = Some((automatic, now.timestamp()));
        }
        if counts.help_answer || counts.automatic.is_some() {
            self.write_memory(line, expected, memory).await?;
        }
        Ok(Counted::As(counts))
    }

    /// A text that counted has not left after all.
    pub(super) async fn forget_text(
        &self,
        text: &OutgoingText,
        counts: Counts,
    ) -> Result<(), EngineError> {
        let line = text.line;
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
            let is_this = |helped: &&mut Helped| helped.answer.as_ref() == Some(&text.id.message);
            if let Some(helped) = memory.helped.as_mut().filter(is_this) {
                helped.left = false;
            }
            self.write_memory(line, expected, memory).await
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
