use std::{
    collections::BTreeMap,
    fmt,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use frontdesk_tendlc::{Head, History, LedgerKey};
use frontdesk_types::{AgentId, CenterId, Instant, PhoneNumber, QueueId, SessionId};

use super::{
    AgentState, Commit, Committed, Consumer, ConsumerHistories, EventQuery, Fence, Found,
    HistoryQuery, Item, Lease, LedgerStore, Line, Record, Seal, SessionQuery, SessionRow,
    SessionStore, SlotStore, StoreError, StoredSession, Subject, Unsealed, Version, Work, WorkId,
    WorkKind, WorkRow, WorkState, WorkStore, lease_is_over,
};

mod histories;
mod outbox;
mod sealing;
mod tables;

use tables::{Held, Tables};

/// A store in memory, complete but for durability: for tests, replays and trying things out.
#[derive(Default)]
pub struct MemoryStore {
    centers: Mutex<BTreeMap<CenterId, Tables>>,
}

/// Nothing of what is in it: that is not for logs.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, center: &CenterId, act: impl FnOnce(&mut Tables) -> T) -> T {
        // Every commit checks first and writes after, so that the data is whole even if poisoned.
        let mut centers: MutexGuard<'_, _> =
            self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        if !centers.contains_key(center) {
            centers.insert(center.clone(), Tables::default());
        }
        act(centers.entry(center.clone()).or_default())
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn find(&self, center: &CenterId, line: Line) -> Result<Found, StoreError> {
        Ok(self.with(center, |tables| tables.found(line)))
    }

    async fn load(
        &self,
        center: &CenterId,
        session: SessionId,
    ) -> Result<Option<(Line, Found, StoredSession)>, StoreError> {
        Ok(self.with(center, |tables| {
            let stored = tables.sessions.get(&session)?;
            Some((stored.row.line, tables.found(stored.row.line), stored.session.clone()))
        }))
    }

    async fn commit(&self, center: &CenterId, commit: Commit) -> Result<Committed, StoreError> {
        self.with(center, |tables| {
            if let Some(mark) = &commit.inbox
                && tables.inbox.contains(&(mark.source.clone(), mark.id.clone()))
            {
                return Ok(Committed::Duplicate);
            }
            tables.check(&commit)?;
            if let Some(mark) = &commit.inbox {
                tables.inbox.insert((mark.source.clone(), mark.id.clone()));
            }
            Ok(tables.write(commit))
        })
    }

    async fn sessions(
        &self,
        center: &CenterId,
        query: SessionQuery,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let matches = |row: &&SessionRow| {
            query.open.is_none_or(|open| row.ended.is_none() == open)
                && query.agent.as_ref().is_none_or(|agent| row.agent.as_ref() == Some(agent))
                && query.line.is_none_or(|line| row.line == line)
                && query.before.is_none_or(|before| row.id < before)
        };
        let limit = if query.limit == 0 { usize::MAX } else { query.limit };
        Ok(self.with(center, |tables| {
            let rows = tables.sessions.values().rev().map(|stored| &stored.row);
            rows.filter(matches).take(limit).cloned().collect()
        }))
    }

    async fn events(
        &self,
        center: &CenterId,
        query: EventQuery,
    ) -> Result<Vec<Record>, StoreError> {
        let (limit, after) = match query {
            EventQuery::After { position, limit } => (limit, position),
            EventQuery::OfLine(_) | EventQuery::OfSession(_) => (usize::MAX, 0),
        };
        let matches = |record: &&Record| match query {
            EventQuery::After { .. } => true,
            EventQuery::OfLine(line) => {
                record.subject == Subject { session: None, line: Some(line) }
            }
            EventQuery::OfSession(session) => record.subject.session == Some(session),
        };
        Ok(self.with(center, |tables| {
            let after = usize::try_from(after).unwrap_or(usize::MAX);
            tables.log.iter().skip(after).filter(matches).take(limit).cloned().collect()
        }))
    }

    async fn item(
        &self,
        center: &CenterId,
        kind: &'static str,
        key: &str,
    ) -> Result<Option<Item>, StoreError> {
        Ok(self.with(center, |tables| {
            let (version, value) = tables.items.get(&(kind, key.to_owned()))?;
            Some(Item { key: key.to_owned(), version: *version, value: value.clone() })
        }))
    }

    async fn items(
        &self,
        center: &CenterId,
        kind: &'static str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        Ok(self.with(center, |tables| {
            let items = tables.items.iter().filter(|((of, key), _)| {
                *of == kind && after.is_none_or(|after| key.as_str() > after)
            });
            let item = |((_, key), (version, value)): (&(&str, String), &(u64, Vec<u8>))| Item {
                key: key.clone(),
                version: *version,
                value: value.clone(),
            };
            items.take(limit).map(item).collect()
        }))
    }

    async fn reserve_session_ids(
        &self,
        center: &CenterId,
        count: u64,
    ) -> Result<SessionId, StoreError> {
        Ok(self.with(center, |tables| {
            let first = tables.last_session + 1;
            tables.last_session += count;
            SessionId(first)
        }))
    }
}

#[async_trait]
impl LedgerStore for MemoryStore {
    async fn consumer(
        &self,
        center: &CenterId,
        consumer: PhoneNumber,
    ) -> Result<(Version, Consumer), StoreError> {
        Ok(self.with(center, |tables| tables.consumers.get(&consumer).cloned().unwrap_or_default()))
    }

    async fn history(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<Option<(Head, History)>, StoreError> {
        Ok(self.with(center, |tables| {
            let account = tables.consumers.get(&key.consumer)?.1.ledger.account(&key.programme)?;
            let links = tables.ledger.get(key).into_iter().flatten();
            let links = links.map(|(_, link)| link.clone()).collect();
            Some((account.head, account.history(key.clone(), links)))
        }))
    }

    async fn histories(
        &self,
        center: &CenterId,
        query: HistoryQuery,
    ) -> Result<Vec<ConsumerHistories>, StoreError> {
        Ok(self.with(center, |tables| tables.histories(query)))
    }

    async fn consumers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<(PhoneNumber, Consumer)>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(self.with(center, |tables| {
            let known = tables.consumers.range((from, Bound::Unbounded)).take(limit);
            known.map(|(consumer, (_, value))| (*consumer, value.clone())).collect()
        }))
    }

    async fn count_entries(&self, center: &CenterId) -> Result<u64, StoreError> {
        let count =
            |tables: &mut Tables| tables.ledger.values().map(|links| links.len() as u64).sum();
        Ok(self.with(center, count))
    }

    async fn unsealed(&self, center: &CenterId, limit: usize) -> Result<Vec<Unsealed>, StoreError> {
        Ok(self.with(center, |tables| tables.sealing.waiting(limit)))
    }

    async fn count_unsealed(&self, center: &CenterId) -> Result<u64, StoreError> {
        Ok(self.with(center, |tables| tables.sealing.count_waiting()))
    }

    async fn seals(
        &self,
        center: &CenterId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Seal>, StoreError> {
        Ok(self.with(center, |tables| tables.sealing.seals(&tables.ledger, from, limit)))
    }

    async fn sequences(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<BTreeMap<u64, u64>, StoreError> {
        Ok(self.with(center, |tables| tables.sealing.sequences(key, tables.ledger.get(key))))
    }
}

#[async_trait]
impl SlotStore for MemoryStore {
    async fn slots_taken(
        &self,
        center: &CenterId,
        queue: &QueueId,
        from: Instant,
        to: Instant,
    ) -> Result<BTreeMap<Instant, u32>, StoreError> {
        Ok(self.with(center, |tables| {
            let mut taken = BTreeMap::new();
            for (of, at, _) in &tables.slots {
                if of == queue && *at >= from && *at < to {
                    *taken.entry(*at).or_default() += 1;
                }
            }
            taken
        }))
    }
}

#[async_trait]
impl WorkStore for MemoryStore {
    async fn claim_due(
        &self,
        center: &CenterId,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<SessionId>, StoreError> {
        Ok(self.with(center, |tables| {
            let mut due: Vec<(Instant, SessionId)> = tables
                .sessions
                .values()
                .filter(|stored| {
                    stored.claimed_until.is_none_or(|claimed| lease_is_over(claimed, now, until))
                })
                .filter_map(|stored| Some((stored.row.deadline?, stored.row.id)))
                .filter(|(deadline, _)| *deadline <= now)
                .collect();
            due.sort();
            due.truncate(limit);
            for (_, id) in &due {
                if let Some(stored) = tables.sessions.get_mut(id) {
                    stored.claimed_until = Some(until);
                }
            }
            due.into_iter().map(|(_, id)| id).collect()
        }))
    }

    async fn claim_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<Work>, StoreError> {
        Ok(self.with(center, |tables| tables.outbox.claim(kind, now, until, limit)))
    }

    async fn renew_work(
        &self,
        center: &CenterId,
        claimed: &[(WorkId, Lease)],
        until: Instant,
    ) -> Result<Vec<WorkId>, StoreError> {
        Ok(self.with(center, |tables| {
            let outbox = &mut tables.outbox;
            let renewed = claimed.iter().filter(|(id, lease)| outbox.renew(*id, *lease, until));
            renewed.map(|(id, _)| *id).collect()
        }))
    }

    async fn wake_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        limit: usize,
    ) -> Result<usize, StoreError> {
        Ok(self.with(center, |tables| tables.outbox.wake(kind, now, limit)))
    }

    async fn work(
        &self,
        center: &CenterId,
        state: WorkState,
        limit: usize,
    ) -> Result<Vec<WorkRow>, StoreError> {
        Ok(self.with(center, |tables| tables.outbox.list(state, limit)))
    }

    async fn revive(
        &self,
        center: &CenterId,
        work: WorkId,
        now: Instant,
    ) -> Result<bool, StoreError> {
        Ok(self.with(center, |tables| tables.outbox.revive(work, now)))
    }

    async fn take_duty(
        &self,
        center: &CenterId,
        duty: &str,
        host: &str,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Fence>, StoreError> {
        Ok(self.with(center, |tables| {
            let held = tables.duties.get(duty);
            let fence = match held {
                Some(held) if held.host == host => held.fence,
                Some(held) if now < held.until => return None,
                Some(held) => held.fence + 1,
                None => 1,
            };
            tables.duties.insert(duty.to_owned(), Held { host: host.to_owned(), fence, until });
            Some(fence)
        }))
    }

    async fn statuses(&self, center: &CenterId) -> Result<Vec<(AgentId, AgentState)>, StoreError> {
        Ok(self.with(center, |tables| tables.statuses.clone().into_iter().collect()))
    }
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use super::*;

    crate::conformance_tests!(|check| {
        let store = MemoryStore::new();
        futures::executor::block_on(check(&store));
    });
}
