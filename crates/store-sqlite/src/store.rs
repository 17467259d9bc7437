use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use frontdesk::{
    store::{
        AgentState, Commit, Committed, Consumer, ConsumerHistories, EventQuery, Fence, Found,
        HistoryQuery, Item, Lease, LedgerStore, Line, Record, Seal, SessionQuery, SessionRow,
        SessionStore, SlotStore, StoreError, StoredSession, Unsealed, Version, Work, WorkId,
        WorkKind, WorkRow, WorkState, WorkStore,
    },
    tendlc::{Head, History, LedgerKey},
    types::{AgentId, CenterId, Instant, PhoneNumber, QueueId, Region, SessionId},
};
use rusqlite::params;

use crate::{
    ContactBook, OpenError, claims, codec,
    commits::{self, Prepared},
    database::{Database, failed},
    histories, lanes, ledger,
    migrate::Progress,
    open, reads,
    recent::{Change, Recent},
    room, seals,
};

/// A center, as the file knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// What its rows begin with.
    pub(crate) center: i64,
    /// The last lease that an earlier process gave out. The lock proves that it is gone, and its leases with it.
    pub(crate) old_leases: i64,
}

/// A store in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    database: Arc<Database>,
    centers: Arc<Mutex<BTreeMap<CenterId, Key>>>,
    recent: Arc<Recent>,
}

impl SqliteStore {
    /// Opens the file, or creates it. A file of an older version is brought up to date, which takes minutes where it is
    /// large.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_telling(path, |_| {})
    }

    /// As [`SqliteStore::open`], telling how far it is while a file of an older version is brought up to date.
    pub fn open_telling(
        path: impl AsRef<Path>,
        mut tell: impl FnMut(Progress),
    ) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let lock = open::prepare(path, &mut tell)?;
        let database = Database::open(path, lock)
            .map_err(|source| OpenError::Sqlite { path: path.into(), source })?;
        Ok(Self {
            database: Arc::new(database),
            centers: Arc::default(),
            recent: Arc::new(Recent::new()),
        })
    }

    /// Opens a file to read it, also while another process serves it. Whatever would write fails.
    ///
    /// # Errors
    ///
    /// [`OpenError`] where there is no file, or it is not one of this program's version: the host brings it up to date when it starts.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        open::check_to_read(path)?;
        let database = Database::open_to_read(path)
            .map_err(|source| OpenError::Sqlite { path: path.into(), source })?;
        // Nothing is kept in memory: another process writes meanwhile, and does not tell.
        Ok(Self {
            database: Arc::new(database),
            centers: Arc::default(),
            recent: Arc::new(Recent::new()),
        })
    }

    /// The contact book of a center, in the same file; numbers without a country code are read in `region`.
    pub fn contact_book(&self, center: &CenterId, region: Region) -> ContactBook {
        ContactBook::new(self.clone(), center.clone(), region)
    }

    /// Lets the file and its write-ahead log together grow to so many bytes at most, give or take what is written in one
    /// transaction; beyond that the store is [`StoreError::Full`], as on a full disk.
    pub async fn limit_size(&self, bytes: u64) -> Result<(), StoreError> {
        self.database.room().limit(u64::MAX);
        self.database
            .write(move |connection| {
                let size: i64 = connection
                    .pragma_query_value(None, "page_size", |row| row.get(0))
                    .map_err(failed)?;
                let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / size.max(1);
                connection.pragma_update(None, "max_page_count", pages.max(1)).map_err(failed)
            })
            .await?;
        self.database.room().limit(bytes);
        Ok(())
    }

    /// Writes, durably, about as much as a text does, and takes it away again: fails whenever a text would.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.database.write(room::probe).await?;
        self.database.look_up(room::can_read).await
    }

    /// The writer's thread ends in the middle.
    #[cfg(test)]
    pub(crate) fn kill_writer(&self) {
        let ended = futures::executor::block_on(
            self.database.write(|_| -> Result<(), StoreError> { std::panic::panic_any(()) }),
        );
        assert!(ended.is_err());
    }

    /// Whether the last transaction was written.
    pub fn writes_well(&self) -> bool {
        self.database.room().writes_well()
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) async fn center(&self, center: &CenterId) -> Result<i64, StoreError> {
        Ok(self.key(center).await?.center)
    }

    pub(crate) async fn key(&self, center: &CenterId) -> Result<Key, StoreError> {
        let known =
            self.centers.lock().unwrap_or_else(PoisonError::into_inner).get(center).copied();
        if let Some(key) = known {
            return Ok(key);
        }
        let id = center.to_string();
        if self.database.only_reads() {
            // Another process may make the center at any time.
            return self
                .database
                .look_up(move |connection| commits::known_center(connection, &id))
                .await;
        }
        let key =
            self.database.write(move |connection| commits::center_key(connection, &id)).await?;
        // Whoever was first knows which leases are old: the others may have read one that was given out since.
        let mut centers = self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*centers.entry(center.clone()).or_insert(key))
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn find(&self, center: &CenterId, line: Line) -> Result<Found, StoreError> {
        let center = self.center(center).await?;
        let ticket = match self.recent.find(center, line) {
            Ok(found) => return Ok(found),
            Err(ticket) => ticket,
        };
        let read = move |connection: &rusqlite::Connection| reads::find(connection, center, line);
        let found = self.database.look_up(read).await?;
        self.recent.keep(center, line, found.clone(), ticket);
        Ok(found)
    }

    async fn load(
        &self,
        center: &CenterId,
        session: SessionId,
    ) -> Result<Option<(Line, Found, StoredSession)>, StoreError> {
        let center = self.center(center).await?;
        self.database.look_up(move |connection| reads::load(connection, center, session)).await
    }

    async fn commit(&self, center: &CenterId, commit: Commit) -> Result<Committed, StoreError> {
        let center = self.center(center).await?;
        let changes = Change::of(center, &commit);
        let revokes = commits::revokes(&commit);
        let prepared = Prepared::new(commit)?;
        let recent = Arc::clone(&self.recent);
        self.database
            .write_then(
                move |connection| commits::commit(connection, center, &prepared),
                move |done| {
                    for change in changes {
                        match done {
                            Ok(Committed::Done { .. }) => recent.apply(change),
                            Ok(Committed::Duplicate) => {}
                            Err(_) => recent.forget(&change),
                        }
                    }
                },
                revokes,
            )
            .await
    }

    async fn sessions(
        &self,
        center: &CenterId,
        query: SessionQuery,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| reads::sessions(connection, center, &query)).await
    }

    async fn events(
        &self,
        center: &CenterId,
        query: EventQuery,
    ) -> Result<Vec<Record>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| reads::events(connection, center, query)).await
    }

    async fn item(
        &self,
        center: &CenterId,
        kind: &'static str,
        key: &str,
    ) -> Result<Option<Item>, StoreError> {
        let center = self.center(center).await?;
        let key = key.to_owned();
        self.database.look_up(move |connection| reads::item(connection, center, kind, key)).await
    }

    async fn items(
        &self,
        center: &CenterId,
        kind: &'static str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let center = self.center(center).await?;
        let after = after.map(str::to_owned);
        self.database
            .list(move |connection| reads::items(connection, center, kind, after, limit))
            .await
    }

    async fn reserve_session_ids(
        &self,
        center: &CenterId,
        count: u64,
    ) -> Result<SessionId, StoreError> {
        let center = self.center(center).await?;
        self.database
            .write(move |connection| {
                let sql = "UPDATE centers SET last_session = last_session + ?2 WHERE key = ?1 RETURNING last_session";
                let last: i64 = connection
                    .query_row(sql, params![center, codec::integer(count)], |row| row.get(0))
                    .map_err(failed)?;
                Ok(SessionId(last.cast_unsigned() - count + 1))
            })
            .await
    }
}

#[async_trait]
impl LedgerStore for SqliteStore {
    async fn consumer(
        &self,
        center: &CenterId,
        consumer: PhoneNumber,
    ) -> Result<(Version, Consumer), StoreError> {
        let center = self.center(center).await?;
        self.database.look_up(move |connection| ledger::read(connection, center, consumer)).await
    }

    async fn history(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<Option<(Head, History)>, StoreError> {
        let (center, key) = (self.center(center).await?, key.clone());
        self.database.list(move |connection| histories::history(connection, center, key)).await
    }

    async fn histories(
        &self,
        center: &CenterId,
        query: HistoryQuery,
    ) -> Result<Vec<ConsumerHistories>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| histories::histories(connection, center, query)).await
    }

    async fn consumers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<(PhoneNumber, Consumer)>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| ledger::list(connection, center, after, limit)).await
    }

    async fn consumer_numbers(
        &self,
        center: &CenterId,
        after: Option<PhoneNumber>,
        limit: usize,
    ) -> Result<Vec<PhoneNumber>, StoreError> {
        let center = self.center(center).await?;
        self.database
            .list(move |connection| ledger::numbers(connection, center, after, limit))
            .await
    }

    async fn count_entries(&self, center: &CenterId) -> Result<u64, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| seals::count(connection, center)).await
    }

    async fn unsealed(&self, center: &CenterId, limit: usize) -> Result<Vec<Unsealed>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| seals::unsealed(connection, center, limit)).await
    }

    async fn count_unsealed(&self, center: &CenterId) -> Result<u64, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| seals::count_unsealed(connection, center)).await
    }

    async fn seals(
        &self,
        center: &CenterId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Seal>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| seals::list(connection, center, from, limit)).await
    }

    async fn sequences(
        &self,
        center: &CenterId,
        key: &LedgerKey,
    ) -> Result<BTreeMap<u64, u64>, StoreError> {
        let (center, key) = (self.center(center).await?, key.clone());
        self.database.list(move |connection| seals::sequences(connection, center, &key)).await
    }
}

#[async_trait]
impl SlotStore for SqliteStore {
    async fn slots_taken(
        &self,
        center: &CenterId,
        queue: &QueueId,
        from: Instant,
        to: Instant,
    ) -> Result<BTreeMap<Instant, u32>, StoreError> {
        let center = self.center(center).await?;
        let queue = queue.to_string();
        self.database
            .list(move |connection| reads::slots_taken(connection, center, &queue, from, to))
            .await
    }
}

#[async_trait]
impl WorkStore for SqliteStore {
    async fn claim_due(
        &self,
        center: &CenterId,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<SessionId>, StoreError> {
        let center = self.center(center).await?;
        self.database
            .write(move |connection| claims::claim_due(connection, center, now, until, limit))
            .await
    }

    async fn claim_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        until: Instant,
        limit: usize,
    ) -> Result<Vec<Work>, StoreError> {
        let claim = claims::Claim { key: self.key(center).await?, kind, now, until };
        self.database.write(move |connection| claims::claim_work(connection, claim, limit)).await
    }

    async fn renew_work(
        &self,
        center: &CenterId,
        claimed: &[(WorkId, Lease)],
        until: Instant,
    ) -> Result<Vec<WorkId>, StoreError> {
        let center = self.center(center).await?;
        let claimed = claimed.to_vec();
        self.database
            .write(move |connection| claims::renew_work(connection, center, &claimed, until))
            .await
    }

    async fn wake_work(
        &self,
        center: &CenterId,
        kind: WorkKind,
        now: Instant,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let center = self.center(center).await?;
        self.database
            .write(move |connection| claims::wake_work(connection, center, kind, now, limit))
            .await
    }

    async fn work(
        &self,
        center: &CenterId,
        state: WorkState,
        limit: usize,
    ) -> Result<Vec<WorkRow>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| claims::list(connection, center, state, limit)).await
    }

    async fn revive(
        &self,
        center: &CenterId,
        work: WorkId,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let center = self.center(center).await?;
        self.database.write(move |connection| lanes::revive(connection, center, work, now)).await
    }

    async fn take_duty(
        &self,
        center: &CenterId,
        duty: &str,
        host: &str,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Fence>, StoreError> {
        let center = self.center(center).await?;
        let names = (duty.to_owned(), host.to_owned());
        self.database
            .write(move |connection| {
                claims::take_duty(connection, center, (&names.0, &names.1), now, until)
            })
            .await
    }

    async fn statuses(&self, center: &CenterId) -> Result<Vec<(AgentId, AgentState)>, StoreError> {
        let center = self.center(center).await?;
        self.database.list(move |connection| reads::statuses(connection, center)).await
    }
}

#[cfg(test)]
mod tests;
