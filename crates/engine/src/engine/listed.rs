//! Lists that are folded from the log, the newest first, of the last 92 days.

use chrono::TimeDelta;
use frontdesk_types::{Event, Instant, to_millis};
use serde::{Serialize, de::DeserializeOwned};

use super::{Engine, EngineError};
use crate::store::{Item, ItemWrite, Record, StoreError, Subject};

/// Days that something is kept.
const KEPT: TimeDelta = TimeDelta::days(92);
/// Maximum number of old items that go at a time.
const GO_AT_ONCE: usize = 1_000;

impl Engine {
    /// A page of a list: what follows the key of another item, if one is given, each with its key.
    pub(super) async fn listed<T: DeserializeOwned>(
        &self,
        kind: &'static str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, T)>, EngineError> {
        // The log's last records belong to the list.
        self.fold_log().await?;
        let items = self.parts.store.items(&self.id, kind, after, limit).await?;
        let read = |item: Item| Ok((item.key.clone(), item.read()?));
        Ok(items.into_iter().map(read).collect::<Result<_, StoreError>>()?)
    }

    /// The writes that list what records tell, and that take away what is old.
    pub(super) async fn list<T: Serialize>(
        &self,
        kind: &'static str,
        records: &[Record],
        of: impl Fn(Subject, &Event) -> Option<T> + Send + Sync,
    ) -> Result<Vec<ItemWrite>, EngineError> {
        let mut writes = Vec::new();
        for record in records {
            for (n, event) in record.events.iter().enumerate() {
                let Some(found) = of(record.subject, event) else { continue };
                let key = key(event.at, &format!("{:020} {n}", record.position));
                writes.push(ItemWrite::json(kind, key, 0, &found)?);
            }
        }
        if writes.is_empty() {
            return Ok(writes);
        }
        let oldest = key(self.now() - KEPT, "");
        let old = self.parts.store.items(&self.id, kind, Some(&oldest), GO_AT_ONCE).await?;
        let gone =
            |Item { key, version, .. }| ItemWrite { kind, key, expected: version, value: None };
        writes.extend(old.into_iter().map(gone));
        Ok(writes)
    }
}

/// A key of an item of a list: the newest is the first in their order.
pub(super) fn key(at: Instant, rest: &str) -> String {
    format!("{:020} {rest}", i64::MAX - to_millis(at))
}
