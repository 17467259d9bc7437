//! A store that fails and dawdles.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use async_trait::async_trait;
use frontdesk::{
    store::{
        AgentState, Commit, Committed, Consumer, ConsumerHistories, EventQuery, Fence, Found,
        HistoryQuery, Item, Lease, LedgerStore, Line, MemoryStore, Record, Seal, SessionQuery,
        SessionRow, SessionStore, SlotStore, StoreError, StoredSession, Unsealed, Version, Work,
        WorkId, WorkKind, WorkRow, WorkState, WorkStore,
    },
    tendlc::{Head, History, LedgerKey},
    types::{AgentId, CenterId, Instant, PhoneNumber, QueueId, SessionId},
};

/// A store whose commits fail when told to: before they happen, or after, as when a connection breaks.
#[derive(Debug, Default)]
pub(crate) struct Shaky {
    inner: MemoryStore,
    /// How many commits go well before one does not; 0 is never.
    pub(crate) until: AtomicU32,
    after: AtomicU32,
    /// Lets others go first, between a commit and its answer.
    pub(crate) slow: AtomicBool,
    turns: AtomicU32,
    /// How many commits wrote counters.
    pub(crate) counted: AtomicU32,
    /// While somebody has it, answers to commits are on their way.
    pub(crate) road: async_lock::Mutex<()>,
}

impl Shaky {
    /// The next commit but `until` fails, after it has happened or before.
    pub(crate) fn fail(&self, until: u32, after: bool) {
        self.after.store(u32::from(after), Ordering::SeqCst);
        self.until.store(until + 1, Ordering::SeqCst);
    }

    fn fails_now(&self) -> bool {
        let step = |left: u32| left.checked_sub(1);
        self.until.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
    }
}

#[async_trait]
impl SessionStore for Shaky {
    async fn find(&self, center: &CenterId, line: Line) -> Result<Found, StoreError> {
        self.inner.find(center, line).await
    }

    async fn load(
        &self,
        center: &CenterId,
        session: SessionId,
    ) -> Result<Option<(Line, Found, StoredSession)>, StoreError> {
        self.inner.load(center, session).await
    }

    async fn commit(&self, center: &CenterId, commit: Commit) -> Result<Committed, StoreError> {
        self.counted.fetch_add(u32::from(!commit.items.is_empty()), Ordering::SeqCst);
        if !self.fails_now() {
            let done = self.inner.commit(center, commit).await;
            let _arrived = self.road.lock().await;
            if self.slow.load(Ordering::SeqCst) {
                let turns = self.turns.fetch_add(7, Ordering::SeqCst) % 400;
                (0..turns).for_each(|_| std::thread::yield_now());
            }
            return done;
        }
        if self.after.load(Ordering::SeqCst) == 1 {
            let _ = self.inner.commit(center, commit).await?;
        }
        Err(StoreError::Unknown("the connection broke".into()))
    }

    async fn sessions(
        &self,
        center: &CenterId,
        query: SessionQuery,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.inner.sessions(center, query).await
    }

    async fn events(
        &self,
        center: &CenterId,
        query: EventQuery,
    ) -> Result<Vec<Record>, StoreError> {
        self.inner.events(center, query).await
    }

    async fn item(
        &self,
        center: &CenterId,
        kind: &'static str,
        key: &str,
    ) -> Result<Option<Item>, StoreError> {
        self.inner.item(center, kind, key).await
    }

    async fn items(
        &self,
        center: &CenterId,
        kind: &'static str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        self.inner.items(center, kind, after, limit).await
    }

    async fn reserve_session_ids(
        &self,
        center: &CenterId,
        count: u64,
    ) -> Result<SessionId, StoreError> {
        self.inner.reserve_session_ids(center, count).await
    }
}

#[async_trait]
impl LedgerStore for Shaky {
    async fn consumer(
        &self,
        center: &CenterId,
        consumer: PhoneNumber,
    ) -> Result<(Version, Consumer), StoreError> {
        self.inner.consumer(center, consumer).await
    }

    async fn history(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<Option<(Head, History)>, StoreError> {
        self.inner.history(center, key).await
    }

    async fn histories(
        &self,
        center: &CenterId,
        query: HistoryQuery,
    ) -> Result<Vec<ConsumerHistories>, StoreError> {
        self.inner.histories(center, query).await
    }

    async fn consumers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<(PhoneNumber, Consumer)>, StoreError> {
        self.inner.consumers(center, after, limit).await
    }

    async fn count_entries(&self, center: &CenterId) -> Result<u64, StoreError> {
        self.inner.count_entries(center).await
    }

    async fn unsealed(&self, center: &CenterId, limit: usize) -> Result<Vec<Unsealed>, StoreError> {
        self.inner.unsealed(center, limit).await
    }

    async fn count_unsealed(&self, center: &CenterId) -> Result<u64, StoreError> {
        self.inner.count_unsealed(center).await
    }

    async fn seals(
        &self,
        center: &CenterId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Seal>, StoreError> {
        self.inner.seals(center, from, limit).await
    }

    async fn sequences(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<BTreeMap<u64, u64>, StoreError> {
        self.inner.sequences(center, key).await
    }
}

#[async_trait]
impl SlotStore for Shaky {
    async fn slots_taken(
        &self,
        center: &CenterId,
        queue: &QueueId,
        from: Instant,
        to: Instant,
    ) -> Result<BTreeMap<Instant, u32>, StoreError> {
        self.inner.slots_taken(center, queue, from, to).await
    }
}

#[async_trait]
impl WorkStore for Shaky {
    async fn claim_due(
        &self,
        center: &CenterId,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<SessionId>, StoreError> {
        self.inner.claim_due(center, now, until, limit).await
    }

    async fn claim_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<Work>, StoreError> {
        self.inner.claim_work(center, kind, now, until, limit).await
    }

    async fn renew_work(
        &self,
        center: &CenterId,
        claimed: &[(WorkId, Lease)],
        until: Instant,
    ) -> Result<Vec<WorkId>, StoreError> {
        self.inner.renew_work(center, claimed, until).await
    }

    async fn wake_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        limit: usize,
    ) -> Result<usize, StoreError> {
        self.inner.wake_work(center, kind, now, limit).await
    }

    async fn work(
        &self,
        center: &CenterId,
        state: WorkState,
        limit: usize,
    ) -> Result<Vec<WorkRow>, StoreError> {
        self.inner.work(center, state, limit).await
    }

    async fn revive(
        &self,
        center: &CenterId,
        work: WorkId,
        now: Instant,
    ) -> Result<bool, StoreError> {
        self.inner.revive(center, work, now).await
    }

    async fn take_duty(
        &self,
        center: &CenterId,
        duty: &str,
        host: &str,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Fence>, StoreError> {
        self.inner.take_duty(center, duty, host, now, until).await
    }

    async fn statuses(&self, center: &CenterId) -> Result<Vec<(AgentId, AgentState)>, StoreError> {
        self.inner.statuses(center).await
    }
}
