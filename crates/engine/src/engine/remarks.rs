//! Texts that a person looks at: those that left although the gate remarked something of them (DLC-5), and those of consumers that were
//! taken for possible revocations (SMS-16).

use compact_str::CompactString;
use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, Remark, SessionId};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError};
use crate::store::{ItemWrite, Line, Record, Subject};

/// The kinds of the items that list them.
const REMARKED: &str = "remarked";
const SUSPECTED: &str = "suspected";

/// A text that left although the gate remarked something of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkedText {
    /// The message.
    pub id: MessageId,
    /// From the number, to the consumer.
    pub line: Line,
    /// When the provider took it.
    pub at: Instant,
    /// The remarks.
    pub remarks: Vec<Remark>,
}

/// A text of a consumer that may have been meant as a revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspectedText {
    /// The session that it came in, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// To the number, from the consumer.
    pub line: Line,
    /// When it came.
    pub at: Instant,
    /// The rule that matched.
    pub rule: CompactString,
    /// The words that matched it.
    pub phrase: String,
}

impl Engine {
    /// Texts of the last 92 days that left although the gate remarked something of them, the newest first, at most `limit`; those
    /// after the key of another, if one is given. Each comes with its key.
    pub async fn remarked_texts(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, RemarkedText)>, EngineError> {
        self.listed(REMARKED, after, limit).await
    }

    /// Texts of the last 92 days that were taken for possible revocations, in sessions and outside, as [`Engine::remarked_texts`].
    pub async fn suspected_texts(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, SuspectedText)>, EngineError> {
        self.listed(SUSPECTED, after, limit).await
    }

    /// The writes that list what records tell.
    pub(super) async fn list_texts(
        &self,
        records: &[Record],
    ) -> Result<Vec<ItemWrite>, EngineError> {
        let mut writes = self.list(REMARKED, records, remarked).await?;
        writes.extend(self.list(SUSPECTED, records, suspected).await?);
        Ok(writes)
    }
}

fn remarked(subject: Subject, event: &Event) -> Option<RemarkedText> {
    let Fact::Delivery { id, delivery: Delivery::Accepted { remarks, .. } } = &event.fact else {
        return None;
    };
    let line = subject.line.filter(|_| !remarks.is_empty())?;
    Some(RemarkedText { id: id.clone(), line, at: event.at, remarks: remarks.clone() })
}

fn suspected(subject: Subject, event: &Event) -> Option<SuspectedText> {
    let Fact::RevocationSuspected { rule, phrase } = &event.fact else { return None };
    let (rule, phrase) = (rule.clone(), phrase.clone());
    Some(SuspectedText {
        session: subject.session,
        line: subject.line?,
        at: event.at,
        rule,
        phrase,
    })
}
