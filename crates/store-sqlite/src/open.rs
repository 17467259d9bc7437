use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{ledger, lock::Lock};

/// Marks a file as frontdesk's: "fdsk".
const APPLICATION_ID: i32 = 0x6664_736b;
/// The newest version of the schema that this program knows.
const VERSION: i32 = 6;
/// What makes each version of the one before it, from nothing on.
const MIGRATIONS: [&str; VERSION as usize] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
];
/// From this version on the ledger's entries are chained (DLC-3).
const CHAINED: i32 = 6;
/// Files above this size are not read through on opening.
const CHECKED_SIZE: u64 = 512 * 1024 * 1024;

/// Why a database file is not opened. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is damaged.
    #[error("{} is damaged ({reason}); restore it from a backup, or move it away to start anew, in either case without the files `-wal` and `-shm` beside it", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// Another process has it.
    #[error("{} is in use by another process; one process serves a file", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be read or written.
    #[error("{} cannot be opened: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A newer program wrote it.
    #[error("{} has version {found}, this program knows up to {VERSION}; run the newer program", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i32,
    },
    /// It is another program's database.
    #[error("{} is a SQLite database, but not one of frontdesk", .path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// What is in it cannot be brought up to date.
    #[error("{} has what cannot be read: {reason}; it was left as it is", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What, and why.
        reason: String,
    },
    /// SQLite failed otherwise.
    #[error("{} cannot be opened: {source}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

/// Makes sure that the file is ours alone, whole, and of a version that we know; creates it if there is
/// none. The lock is held as long as the answer lives.
pub(crate) fn prepare(path: &Path) -> Result<Lock, OpenError> {
    let lock = Lock::take(path)?;
    let size = match std::fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(source) => return Err(OpenError::Io { path: path.into(), source }),
    };
    if size > 0 {
        check(path, size)?;
    }
    create(path)?;
    Ok(lock)
}

/// Looks at an existing file without writing to it.
fn check(path: &Path, size: u64) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::Damaged { path: path.into(), reason: error.to_string() }
        }
        _ => OpenError::Sqlite { path: path.into(), source: error },
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    let pragma = |name: &str| -> Result<i32, OpenError> {
        connection.pragma_query_value(None, name, |row| row.get(0)).map_err(failed)
    };
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    let (application, found) = (pragma("application_id")?, pragma("user_version")?);
    if application != APPLICATION_ID && (tables > 0 || application != 0) {
        return Err(OpenError::NotOurs { path: path.into() });
    }
    if found > VERSION {
        return Err(OpenError::Newer { path: path.into(), found });
    }
    if size <= CHECKED_SIZE {
        let verdict: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
        if verdict != "ok" {
            return Err(OpenError::Damaged { path: path.into(), reason: verdict });
        }
    }
    Ok(())
}

/// Makes the tables, if they are not there.
fn create(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.into(), source };
    let mut connection = writer(path).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    let version: i32 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if version < VERSION {
        let known = usize::try_from(version).unwrap_or(0);
        for migration in MIGRATIONS.iter().skip(known) {
            transaction.execute_batch(migration).map_err(failed)?;
        }
        if version < CHAINED {
            ledger::bring_up_to_date(&transaction).map_err(|error| OpenError::Unreadable {
                path: path.into(),
                reason: error.to_string(),
            })?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        transaction.pragma_update(None, "user_version", VERSION).map_err(failed)?;
    }
    transaction.commit().map_err(failed)?;
    // Whoever held leases is gone, the lock proves it: nobody needs to wait for them. On a full disk they
    // end by themselves.
    let _ = connection.execute_batch(
        "BEGIN;
         UPDATE work SET leased_until = 0 WHERE leased_until > 0;
         UPDATE sessions SET claimed_until = 0 WHERE claimed_until > 0;
         -- Of before there were kinds of work (claims.rs).
         UPDATE work SET urgency = CASE WHEN lane LIKE 'media %' THEN 3 WHEN lane LIKE 'crm %' THEN 6
                                        WHEN lane LIKE 'virtual %' THEN 9 ELSE 12 END
         WHERE urgency = 0 AND state < 2 AND (lane LIKE 'media %' OR lane LIKE 'crm %' OR lane LIKE 'virtual %'
                                OR lane LIKE 'deflected %');
         COMMIT;",
    );
    Ok(())
}

/// A connection that writes durably.
pub(crate) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -32_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use frontdesk::{
        store::{LedgerStore as _, Line, SessionStore as _},
        tendlc::LedgerKey,
    };
    use futures::executor::block_on;

    use super::*;
    use crate::SqliteStore;

    fn bytes(path: &Path) -> Vec<u8> {
        std::fs::read(path).unwrap()
    }

    #[test]
    fn what_cannot_be_served_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        drop(SqliteStore::open(&path).unwrap());
        let good = bytes(&path);

        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 9).unwrap();
        drop(newer);
        let before = bytes(&path);
        assert!(matches!(SqliteStore::open(&path), Err(OpenError::Newer { found: 9, .. })));
        assert_eq!(bytes(&path), before);

        // A page in the middle overwritten; a file cut short; no database at all.
        let mut torn = good.clone();
        let middle = torn.len() / 2;
        torn[middle..middle + 4096].fill(0xAA);
        for broken in
            [torn, good[..good.len() / 2 - 100].to_vec(), b"hello, I am a text file".repeat(50)]
        {
            std::fs::write(&path, &broken).unwrap();
            let error = SqliteStore::open(&path).unwrap_err();
            assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
            assert_eq!(bytes(&path), broken);
        }

        std::fs::remove_file(&path).unwrap();
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        let before = bytes(&path);
        assert!(matches!(SqliteStore::open(&path), Err(OpenError::NotOurs { .. })));
        assert_eq!(bytes(&path), before);
    }

    #[test]
    fn a_file_of_an_older_version_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch("INSERT INTO centers (id, last_session) VALUES ('acme', 41)").unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        for _ in 0..2 {
            drop(SqliteStore::open(&path).unwrap());
            let now = Connection::open(&path).unwrap();
            let one = |sql: &str| now.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(one("PRAGMA user_version"), i64::from(VERSION));
            assert_eq!(one("SELECT count(needs) FROM sessions"), 0);
            assert_eq!(one("SELECT count(wrap_up) FROM statuses"), 0);
            assert_eq!(one("SELECT last_session FROM centers"), 41);
            assert_eq!(one("SELECT count(*) FROM items"), 0);
            assert_eq!(one("SELECT count(*) FROM slots"), 0);
        }
    }

    /// What consumers said before entries were chained holds on, and can be proven from now on; with an entry that cannot be read
    /// the file stays what it was.
    #[test]
    fn an_old_ledger_is_chained() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let old = Connection::open(&path).unwrap();
        MIGRATIONS.iter().take(5).for_each(|migration| old.execute_batch(migration).unwrap());
        old.execute_batch(
            r#"INSERT INTO centers (id) VALUES ('acme'), ('other');
               INSERT INTO memories (center, consumer, number, version, memory) VALUES
                 (1, 12025550123, 12025550100, 3, '{"consent":{"standing":"opted_out"},"starts":[5,2],"solicited":["2026-11-20T15:00:00Z"]}');
               INSERT INTO ledger (center, consumer, number, entry) VALUES
                 (1, 12025550123, 12025550100, '{"at":"2026-11-21T15:00:00Z","act":"wrote_first","wording":"Hi","evidence":"SM1"}'),
                 (2, 12025550123, 12025550100, '{"at":"2026-11-21T15:00:00Z","act":"wrote_first","wording":"Hi","evidence":"SM1"}'),
                 (1, 12025550199, 12025550100, '{"at":"2026-11-21T15:00:00Z","act":"wrote_first","wording":"Hi","evidence":"SM2"}'),
                 (1, 12025550123, -12345, '{"at":"2026-11-21T15:01:00Z","act":"agreed_in_call","wording":"","evidence":"C1"}'),
                 (1, 12025550123, 12025550100, '{"at":"2026-11-21T15:02:00Z","act":"opted_out","word":"stop","confirmation":"7-1","wording":"stop","evidence":"SM3"}');"#,
        )
        .unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", 5).unwrap();
        drop(old);
        let before = bytes(&path);
        Connection::open(&path)
            .unwrap()
            .execute("UPDATE ledger SET entry = '{' WHERE position = 3", [])
            .unwrap();
        let torn = bytes(&path);
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(refused, OpenError::Unreadable { .. }), "{refused}");
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'entries'";
        let count: i64 =
            Connection::open(&path).unwrap().query_row(tables, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{}", torn.len());
        for name in ["a.sqlite-wal", "a.sqlite-shm"] {
            let _ = std::fs::remove_file(folder.path().join(name));
        }
        std::fs::write(&path, before).unwrap();

        let store = SqliteStore::open(&path).unwrap();
        let center = "acme".parse().unwrap();
        let consumer = "+12025550123".parse().unwrap();
        let (_, known) = block_on(store.consumer(&center, consumer)).unwrap();
        assert_eq!(known.solicited.len(), 1);
        for (programme, entries) in [("+12025550100", 2), ("12345", 1)] {
            let key = LedgerKey { consumer, programme: programme.into() };
            let (head, history) = block_on(store.history(&center, &key)).unwrap().unwrap();
            assert_eq!((head.entries, history.links.len()), (entries, 2.min(history.links.len())));
            let consent = history.verify(Some(head)).unwrap();
            assert_eq!(consent.is_opted_out(), entries == 2, "{programme}");
        }
        let memory = block_on(
            store.find(&center, Line { consumer, number: "+12025550100".parse().unwrap() }),
        )
        .unwrap()
        .known
        .memory;
        // What bounded two answerers before 0.2 is not read any more.
        assert_eq!((memory.0, memory.1), (3, frontdesk::store::Memory::default()));
        let others = block_on(store.consumers(&"other".parse().unwrap(), None, 9)).unwrap();
        assert_eq!(others.len(), 1);
    }

    #[test]
    fn one_process_serves_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let first = SqliteStore::open(&path).unwrap();
        assert!(matches!(SqliteStore::open(&path), Err(OpenError::InUse { .. })));
        drop(first);
        assert!(SqliteStore::open(&path).is_ok());
    }
}
