//! How long sessions take and how long consumers wait survives a restart (RTE-12): each queue's history is an
//! item of the store, written at most every five minutes, when the queue has shown more, and at an orderly end.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use frontdesk_routing::{Router, WaitHistory};
use frontdesk_types::{CenterId, Instant, QueueId};

use super::{Engine, EngineError, roster};
use crate::store::{Commit, ItemWrite, Store, StoreError, Version};

/// The kind of the items; the key is the queue.
const KIND: &str = "wait_history";
/// Items that are read at a time.
const PAGE: usize = 200;
/// A history is written at most so often.
const EVERY: TimeDelta = TimeDelta::minutes(5);
/// Histories that are written in one commit.
const BATCH: usize = 32;

/// What of the histories is stored, and when it is looked at again.
#[derive(Debug, Default)]
pub(super) struct Histories {
    next: Option<Instant>,
    next_roster: Option<Instant>,
    stored: BTreeMap<QueueId, Stored>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Stored {
    version: Version,
    shown: u64,
}

impl Histories {
    /// Reads what was stored into a new router.
    pub(super) async fn read(
        store: &dyn Store,
        center: &CenterId,
        router: &mut Router,
    ) -> Result<Self, EngineError> {
        let mut histories = Self::default();
        let mut after: Option<String> = None;
        loop {
            let items = store.items(center, KIND, after.as_deref(), PAGE).await?;
            let last = items.last().map(|item| item.key.clone());
            let full = items.len() == PAGE;
            for item in items {
                let Ok(queue) = item.key.parse::<QueueId>() else { continue };
                let stored = Stored { version: item.version, shown: 0 };
                histories.stored.insert(queue.clone(), stored);
                // A form that this version does not read begins anew: estimates are no records.
                if let Ok(history) = serde_json::from_slice::<WaitHistory>(&item.value) {
                    router.restore_wait_history(&queue, history);
                }
            }
            if !full || last.is_none() {
                return Ok(histories);
            }
            after = last;
        }
    }
}

impl Engine {
    fn histories(&self) -> MutexGuard<'_, Histories> {
        self.histories.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the histories of queues that have shown more, and tells the router of the next hours' shifts.
    pub(super) async fn keep_histories(&self) -> Result<(), EngineError> {
        let now = self.now();
        let (write, shifts) = {
            let mut histories = self.histories();
            let due = |at: Option<Instant>| at.is_none_or(|at| at <= now);
            let due = (due(histories.next), due(histories.next_roster));
            if due.0 {
                histories.next = Some(now + EVERY);
            }
            if due.1 {
                histories.next_roster = Some(now + roster::AGAIN);
            }
            due
        };
        if shifts {
            let center = self.center();
            roster::tell_shifts(&mut self.router(), &center, now);
        }
        if write { self.close().await } else { Ok(()) }
    }

    /// Writes what is otherwise written every few minutes: how long sessions take and consumers wait. To be called before an orderly
    /// end, when nothing comes in any more; waits are estimated after the next start as before then.
    pub async fn close(&self) -> Result<(), EngineError> {
        for batch in self.changed_histories()?.chunks(BATCH) {
            self.write_histories(batch).await?;
        }
        Ok(())
    }

    /// The queues that have shown more than is stored, with what they have shown.
    fn changed_histories(&self) -> Result<Vec<(QueueId, u64, Vec<u8>)>, EngineError> {
        let center = self.center();
        let mut changed = Vec::new();
        for queue in center.tree.ids() {
            let known = self.histories().stored.get(queue).map_or(0, |stored| stored.shown);
            // The router is free between two queues.
            let history = {
                let router = self.router();
                let shown = router.wait_history_shown(queue);
                (shown > known).then(|| router.wait_history(queue)).flatten().map(|it| (shown, it))
            };
            if let Some((shown, history)) = history {
                let value = serde_json::to_vec(&history).map_err(StoreError::backend)?;
                changed.push((queue.clone(), shown, value));
            }
        }
        Ok(changed)
    }

    async fn write_histories(&self, batch: &[(QueueId, u64, Vec<u8>)]) -> Result<(), EngineError> {
        let items = {
            let histories = self.histories();
            let write = |(queue, _, value): &(QueueId, u64, Vec<u8>)| ItemWrite {
                kind: KIND,
                key: queue.to_string(),
                expected: histories.stored.get(queue).map_or(0, |stored| stored.version),
                value: Some(value.clone()),
            };
            batch.iter().map(write).collect()
        };
        match self.commit(Commit { items, ..Commit::default() }).await {
            Ok(_) => {
                let mut histories = self.histories();
                for (queue, shown, _) in batch {
                    let stored = histories.stored.entry(queue.clone()).or_default();
                    (stored.version, stored.shown) = (stored.version + 1, *shown);
                }
                Ok(())
            }
            // Another host has written its own: each host's history is as good. Ours follows next time.
            Err(StoreError::Conflict) => self.read_versions(batch).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn read_versions(&self, batch: &[(QueueId, u64, Vec<u8>)]) -> Result<(), EngineError> {
        for (queue, ..) in batch {
            let item = self.parts.store.item(&self.id, KIND, queue.as_str()).await?;
            let version = item.map_or(0, |item| item.version);
            self.histories().stored.entry(queue.clone()).or_default().version = version;
        }
        Ok(())
    }
}
