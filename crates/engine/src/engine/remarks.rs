//! What the gate remarked of texts that left all the same, as a list for the people who read it (DLC-5).

use frontdesk_types::{Delivery, Event, Fact, Instant, MessageId, Remark, to_millis};
use serde::{Deserialize, Serialize};

use super::{Engine, EngineError};
use crate::store::{Item, ItemWrite, Line, Record, StoreError};

/// The kind of the items that list them: the newest first.
const REMARKED: &str = "remarked";
/// Days that one is kept.
const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(92);
/// Maximum number of old ones that go at a time.
const GO_AT_ONCE: usize = 1_000;

/// A text that left although the gate remarked something of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkedText {
    /// The message.
    pub id: MessageId,
    /// From the number, to the consumer.
    pub line: Line,
    /// When the provider took it.
    pub at: Instant,
    /// What was remarked.
    pub remarks: Vec<Remark>,
}

impl Engine {
    /// Texts of the last 92 days that left although the gate remarked something of them, the newest first, at most `limit`; those
    /// after the key of another, if one is given. Each comes with its key.
    pub async fn remarked_texts(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, RemarkedText)>, EngineError> {
        // What was logged since is listed first.
        self.fold_log().await?;
        let items = self.parts.store.items(&self.id, REMARKED, after, limit).await?;
        let read = |item: Item| Ok((item.key.clone(), item.read()?));
        Ok(items.into_iter().map(read).collect::<Result<_, StoreError>>()?)
    }

    /// The writes that list what records tell, and that take away what is old.
    pub(super) async fn list_remarks(
        &self,
        records: &[Record],
    ) -> Result<Vec<ItemWrite>, EngineError> {
        let mut remarked: Vec<(String, RemarkedText)> = Vec::new();
        for record in records {
            let Some(line) = record.subject.line else { continue };
            for (n, event) in record.events.iter().enumerate() {
                let Some(text) = text_of(line, event) else { continue };
                remarked.push((key(text.at, &format!("{:020} {n}", record.position)), text));
            }
        }
        if remarked.is_empty() {
            return Ok(Vec::new());
        }
        let write =
            |(key, text): &(String, RemarkedText)| ItemWrite::json(REMARKED, key.clone(), 0, text);
        let mut writes: Vec<ItemWrite> = remarked.iter().map(write).collect::<Result<_, _>>()?;
        let oldest = key(self.now() - KEPT, "");
        let old = self.parts.store.items(&self.id, REMARKED, Some(&oldest), GO_AT_ONCE).await?;
        let gone = |Item { key, version, .. }| ItemWrite {
            kind: REMARKED,
            key,
            expected: version,
            value: None,
        };
        writes.extend(old.into_iter().map(gone));
        Ok(writes)
    }
}

/// The newest is the first in the order of the keys.
fn key(at: Instant, rest: &str) -> String {
    format!("{:020} {rest}", i64::MAX - to_millis(at))
}

fn text_of(line: Line, event: &Event) -> Option<RemarkedText> {
    let Fact::Delivery { id, delivery: Delivery::Accepted { remarks, .. } } = &event.fact else {
        return None;
    };
    let text = || RemarkedText { id: id.clone(), line, at: event.at, remarks: remarks.clone() };
    (!remarks.is_empty()).then(text)
}
