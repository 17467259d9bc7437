//! Room on the disk: the limit of the file with its write-ahead log, and whether anything can be written.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use frontdesk::store::StoreError;
use rusqlite::Connection;

use crate::database::{execute, failed};

/// The part of the limit that is kept for revocations, and its most in bytes: a STOP is taken where no other text is.
const RESERVE: u64 = 16;
const MOST_RESERVE: u64 = 16_000_000;
/// Bytes that [`probe`] writes: about the pages that a first text touches.
const PROBE: i64 = 48 * 1024;

/// Where there is room for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// For any.
    Free,
    /// In what is kept for revocations.
    Reserve,
}

/// The room of a database file.
#[derive(Debug)]
pub(crate) struct Room {
    file: PathBuf,
    log: PathBuf,
    /// Bytes of both files together; `u64::MAX` without a limit.
    limit: AtomicU64,
    well: AtomicBool,
}

impl Room {
    pub(crate) fn of(file: &Path) -> Self {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        Self {
            file: file.into(),
            log: log.into(),
            limit: AtomicU64::new(u64::MAX),
            well: AtomicBool::new(true),
        }
    }

    pub(crate) fn limit(&self, bytes: u64) {
        self.limit.store(bytes, Ordering::Relaxed);
    }

    /// Makes room below the limit, if there is one: the log is written into the file, which has free pages for it. A revocation may
    /// use what is kept for such.
    pub(crate) fn make(&self, connection: &Connection, revokes: bool) -> Result<Space, StoreError> {
        let limit = self.limit.load(Ordering::Relaxed);
        if limit == u64::MAX {
            return Ok(Space::Free);
        }
        let free = limit - (limit / RESERVE).min(MOST_RESERVE);
        if self.used() <= free {
            return Ok(Space::Free);
        }
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)?;
        match self.used() {
            used if used <= free => Ok(Space::Free),
            used if used <= limit && revokes => Ok(Space::Reserve),
            used => {
                let kept = if used <= limit { ", the rest for revocations" } else { "" };
                Err(StoreError::Full(format!(
                    "file and log have {used} bytes, {free} are allowed{kept}"
                )))
            }
        }
    }

    fn used(&self) -> u64 {
        let size = |path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        size(&self.file) + size(&self.log)
    }

    pub(crate) fn wrote(&self, well: bool) {
        self.well.store(well, Ordering::Relaxed);
    }

    pub(crate) fn writes_well(&self) -> bool {
        self.well.load(Ordering::Relaxed)
    }
}

/// Writes something large, and takes it away. No center has the key 0.
pub(crate) fn probe(connection: &Connection) -> Result<(), StoreError> {
    let put = "INSERT INTO items (center, kind, key, version, value) VALUES (0, 'probe', '', 0, zeroblob(?1))
               ON CONFLICT DO UPDATE SET value = excluded.value";
    execute(connection, put, [PROBE])?;
    execute(connection, "DELETE FROM items WHERE center = 0 AND kind = 'probe'", []).map(drop)
}

/// Whether anything can be read.
pub(crate) fn can_read(connection: &Connection) -> Result<(), StoreError> {
    connection
        .prepare_cached("SELECT count(*) FROM centers")
        .and_then(|mut statement| statement.query_row([], |row| row.get::<_, i64>(0)))
        .map(drop)
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use frontdesk::{
        store::{Commit, Consumer, ConsumerWrite, SessionStore as _, StoreError, Subject},
        tendlc::{Act, Entry},
        types::{Event, Fact, from_millis},
    };
    use futures::executor::block_on;

    use crate::SqliteStore;

    /// A commit of some 20 KiB; what it says changes nothing.
    fn text_of(n: u32) -> Commit {
        let fact = Fact::OptedOut { word: "x".repeat(20_000).into() };
        let event = Event { at: from_millis(i64::from(n)), fact };
        Commit { record: Some((Subject::default(), vec![event])), ..Commit::default() }
    }

    /// A commit of the same size, which revokes the consent of the `n`-th consumer.
    fn revocation(n: u32) -> Commit {
        let consumer = format!("+1202555{n:04}").parse().unwrap();
        let entry = Entry {
            at: from_millis(0),
            act: Act::OptedOut { word: "STOP".into(), confirmation: None },
            wording: "STOP".into(),
            evidence: "x".repeat(20_000).as_str().into(),
        };
        let mut value = Consumer::default();
        let entries =
            vec![value.ledger.enter(consumer, &"+12025550100".into(), entry, [7; 16].into())];
        let write = ConsumerWrite { entries, ..ConsumerWrite::new(consumer, 0, value) };
        Commit { consumers: vec![write], ..Commit::default() }
    }

    async fn commit(store: &SqliteStore, commit: Commit) -> Result<(), StoreError> {
        store.commit(&"acme".parse().unwrap(), commit).await.map(drop)
    }

    fn text(store: &SqliteStore, n: u32) -> Result<(), StoreError> {
        block_on(commit(store, text_of(n)))
    }

    fn revoke(store: &SqliteStore, n: u32) -> Result<(), StoreError> {
        block_on(commit(store, revocation(n)))
    }

    fn size(path: &Path) -> u64 {
        let log = path.with_extension("sqlite-wal");
        [path, &log].iter().map(|path| std::fs::metadata(path).map_or(0, |file| file.len())).sum()
    }

    #[test]
    fn the_limit_holds_for_the_file_with_its_log_and_the_probe_fails_with_the_texts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        let limit = 2_000_000;
        block_on(store.limit_size(limit)).unwrap();
        block_on(store.probe()).unwrap();
        let mut taken = 0;
        let refused = loop {
            match text(&store, taken) {
                Ok(()) => taken += 1,
                Err(error) => break error,
            }
            assert!(size(&path) < limit + 200_000, "{} after {taken}", size(&path));
        };
        assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
        // A revocation is taken all the same, also when others wait, and nothing else is by it.
        revoke(&store, 0).unwrap();
        let both =
            async { futures::join!(commit(&store, text_of(taken)), commit(&store, revocation(1))) };
        let (other, revoked) = block_on(both);
        assert!(matches!(other, Err(StoreError::Full(_))), "{other:?}");
        revoked.unwrap();
        // What is kept for them ends too.
        let revoked = (2..100).take_while(|n| revoke(&store, *n).is_ok()).count();
        assert!((1..90).contains(&revoked), "{revoked}");
        assert!(size(&path) < limit + 200_000, "{}", size(&path));
        assert!(taken > 40, "{taken}: the log is written into the file when it is in the way");
        assert!(!store.writes_well());
        assert!(matches!(block_on(store.probe()), Err(StoreError::Full(_))));
        block_on(store.limit_size(2 * limit)).unwrap();
        block_on(store.probe()).unwrap();
        text(&store, taken).unwrap();
        assert!(store.writes_well());
    }

    #[test]
    fn nothing_can_be_taken_after_the_writer_has_died() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("a.sqlite")).unwrap();
        block_on(store.probe()).unwrap();
        store.kill_writer();
        assert!(block_on(store.probe()).is_err());
        assert!(text(&store, 1).is_err());
    }
}
