//! What a database implements.

use std::collections::BTreeMap;

use async_trait::async_trait;
use frontdesk_tendlc::{Head, History, LedgerKey};
use frontdesk_types::{AgentId, CenterId, Instant, PhoneNumber, QueueId, SessionId};

use super::{
    AgentState, Commit, Committed, Consumer, ConsumerHistories, EventQuery, Fence, Found,
    HistoryQuery, Item, Lease, Line, Record, Seal, SessionQuery, SessionRow, StoredSession,
    Unsealed, Version, Work, WorkId, WorkKind, WorkRow, WorkState,
};

/// What goes wrong with a store, by what the caller does about it. Nothing of a commit that failed is
/// there, unless the error is [`StoreError::Unknown`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database failed; the text says how.
    #[error("the store failed: {0}")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Somebody else has written the session or the memory since it was read: read it and try again.
    #[error("somebody else has changed it meanwhile")]
    Conflict,
    /// There is no room left: nothing can be taken in until there is.
    #[error("the store is full: {0}")]
    Full(String),
    /// Another has claimed the work since, and what the caller did may be done again; or another has the
    /// duty.
    #[error("the lease has passed to another")]
    LeaseLost,
    /// Every place of a slot for scheduled calls is taken (HRS-10).
    #[error("every place at {from} is taken")]
    SlotFull {
        /// When the slot begins.
        from: Instant,
    },
    /// The store cannot say whether the commit happened: ask again with the same inbox mark.
    #[error("the store does not know whether the commit happened: {0}")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Wraps a database's own error.
    pub fn backend(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Backend(Box::new(error))
    }
}

/// Sessions, memories and events. Everything belongs to a center; nothing of another is ever seen.
/// [`super::conformance`] checks the promises made here.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Reads what a text on the line needs: what is known of the consumer, the memory of the line (version 0 and empty if
    /// there is none) and the session that is open, all as of one moment.
    async fn find(&self, center: &CenterId, line: Line) -> Result<Found, StoreError>;

    /// Reads a session, open or not, with its line and what is known of that, as of one moment.
    async fn load(
        &self,
        center: &CenterId,
        session: SessionId,
    ) -> Result<Option<(Line, Found, StoredSession)>, StoreError>;

    /// Writes everything or nothing, durably: what is acknowledged survives the loss of power. Checks
    /// first the inbox ([`Committed::Duplicate`]), then the versions ([`StoreError::Conflict`]), the lease
    /// and the duty ([`StoreError::LeaseLost`]), and the slots ([`StoreError::SlotFull`]).
    async fn commit(&self, center: &CenterId, commit: Commit) -> Result<Committed, StoreError>;

    /// The sessions that match, newest first.
    async fn sessions(
        &self,
        center: &CenterId,
        query: SessionQuery,
    ) -> Result<Vec<SessionRow>, StoreError>;

    /// The records that match, in the order of the log.
    async fn events(&self, center: &CenterId, query: EventQuery)
    -> Result<Vec<Record>, StoreError>;

    /// A small thing, if it is there.
    async fn item(
        &self,
        center: &CenterId,
        kind: &'static str,
        key: &str,
    ) -> Result<Option<Item>, StoreError>;

    /// The small things of a kind, in the order of their keys, those after a key if one is given, at most
    /// `limit`.
    async fn items(
        &self,
        center: &CenterId,
        kind: &'static str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError>;

    /// `count` ids that no other caller ever gets: the first of them. Rising; ids that are not used are
    /// lost.
    async fn reserve_session_ids(
        &self,
        center: &CenterId,
        count: u64,
    ) -> Result<SessionId, StoreError>;
}

/// The consent ledger (DLC-3). It is appended to by [`Commit::consumers`], in one transaction with what led to it.
#[async_trait]
pub trait LedgerStore: Send + Sync {
    /// What is known of a consumer; version 0 and empty if there is nothing.
    async fn consumer(
        &self,
        center: &CenterId,
        consumer: PhoneNumber,
    ) -> Result<(Version, Consumer), StoreError>;

    /// What is kept of a programme's history, and the head that is kept apart from it, as of one moment; `None` if nothing was
    /// ever entered. The store only reads: whether the chain is whole is its reader's to see ([`History::verify`]).
    async fn history(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<Option<(Head, History)>, StoreError>;

    /// Consumers with everything that is kept of their histories, each as of one moment: what [`LedgerStore::history`] gives of one
    /// programme, of many at once.
    async fn histories(
        &self,
        center: &CenterId,
        query: HistoryQuery,
    ) -> Result<Vec<ConsumerHistories>, StoreError>;

    /// Consumers that something is known of, in the order of their numbers, those after one if it is given, at most `limit`.
    async fn consumers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<(PhoneNumber, Consumer)>, StoreError>;

    /// The numbers of those consumers, without what is known of them: for a reader who goes on where that cannot be read. A row
    /// whose number is none is left out.
    async fn consumer_numbers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<PhoneNumber>, StoreError> {
        let page = self.consumers(center, after, limit).await?;
        Ok(page.into_iter().map(|(consumer, _)| consumer).collect())
    }

    /// The number of entries of all histories, counted one by one.
    async fn count_entries(&self, center: &CenterId) -> Result<u64, StoreError>;

    /// Entries without a place in the center's sequence, in the order of their commits, at most `limit`.
    async fn unsealed(&self, center: &CenterId, limit: usize) -> Result<Vec<Unsealed>, StoreError>;

    /// The number of entries without a place.
    async fn count_unsealed(&self, center: &CenterId) -> Result<u64, StoreError>;

    /// The places of the center's sequence in order, from one on, at most `limit`.
    async fn seals(
        &self,
        center: &CenterId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Seal>, StoreError>;

    /// The places of the entries of a history that are there, by their numbers. Those without one are left out.
    async fn sequences(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<BTreeMap<u64, u64>, StoreError>;
}

/// The places of scheduled calls (HRS-10). They are taken and given back by [`Commit::slots`], in one transaction with the
/// session that they are for: however many ask at once, no slot ever has more sessions than places.
#[async_trait]
pub trait SlotStore: Send + Sync {
    /// How many places are taken in the slots of a queue that begin between two instants, the second not included; slots
    /// in which none is are left out.
    async fn slots_taken(
        &self,
        center: &CenterId,
        queue: &QueueId,
        from: Instant,
        to: Instant,
    ) -> Result<BTreeMap<Instant, u32>, StoreError>;
}

/// Timers, the outbox, and agents' statuses.
#[async_trait]
pub trait WorkStore: Send + Sync {
    /// The sessions whose deadline is at or before `now`, oldest deadline first, at most `limit`; they
    /// are not given to anybody else before `until`, unless they are written in between or
    /// [`lease_is_over`](super::lease_is_over).
    async fn claim_due(
        &self,
        center: &CenterId,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Pending work of a kind whose time has come ([`Waits::is_over`](super::Waits::is_over)), at most one piece per lane (its
    /// oldest): the most urgent first, of those what has been due for longest, of those in the order of commits. It is not given
    /// to anybody else until [`lease_is_over`](super::lease_is_over).
    async fn claim_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<Work>, StoreError>;

    /// Gives claimed work more time: nobody else gets it before `until`. The answer is those that were still the caller's.
    async fn renew_work(
        &self,
        center: &CenterId,
        claimed: &[(WorkId, Lease)],
        until: Instant,
    ) -> Result<Vec<WorkId>, StoreError>;

    /// Makes work of a kind due that waits after a failure, the most urgent and oldest first, at most `limit`, and before what is
    /// due already. The answer is how many that were.
    async fn wake_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        limit: usize,
    ) -> Result<usize, StoreError>;

    /// The work in a state, oldest first, at most `limit`.
    async fn work(
        &self,
        center: &CenterId,
        state: WorkState,
        limit: usize,
    ) -> Result<Vec<WorkRow>, StoreError>;

    /// Makes held or dead work pending again, its attempts forgotten. False if there is no such work.
    async fn revive(
        &self,
        center: &CenterId,
        work: WorkId,
        now: Instant,
    ) -> Result<bool, StoreError>;

    /// Takes or renews a duty that one of many hosts has at a time (routing a group of queues, for
    /// example): `Some` if it is `host`'s until `until`, with the fence for [`Commit::duty`]; the same one
    /// when renewed, a higher one when taken over. `None` while it is another's at `now`.
    async fn take_duty(
        &self,
        center: &CenterId,
        duty: &str,
        host: &str,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Fence>, StoreError>;

    /// Every status that was ever set.
    async fn statuses(&self, center: &CenterId) -> Result<Vec<(AgentId, AgentState)>, StoreError>;
}

/// A store: the engine's memory. Object-safe, used as `Arc<dyn Store>`.
pub trait Store: SessionStore + LedgerStore + SlotStore + WorkStore + std::fmt::Debug {}

impl<T: SessionStore + LedgerStore + SlotStore + WorkStore + std::fmt::Debug> Store for T {}
