use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use frontdesk::store::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use crate::{
    lock::Lock,
    migrate::{self, APPLICATION_ID, Progress, VERSION},
};

/// Files above this size are not read through on opening.
const CHECKED_SIZE: u64 = 512 * 1024 * 1024;
/// The pages of a new file, in bytes.
const PAGE_SIZE: u32 = 8192;
/// After so many pages in the write-ahead log they are taken over into the file.
const CHECKPOINT_PAGES: u32 = 2_000;
/// The write-ahead log is cut to so many bytes once it has been taken over: one long reader does not leave its size behind.
const WAL_LIMIT: u32 = 64 * 1024 * 1024;

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
    /// There is no room to bring it up to date.
    #[error("{} cannot be brought up to date, there is no room: {reason}; it was left as it is", .path.display())]
    Full {
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
    /// It is of an older version, and is only to be read.
    #[error("{} has version {found}, this program reads {VERSION}; the host brings it up to date when it starts", .path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i32,
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
pub(crate) fn prepare(path: &Path, tell: &mut dyn FnMut(Progress)) -> Result<Lock, OpenError> {
    let lock = Lock::take(path)?;
    let size = match std::fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(source) => return Err(OpenError::Io { path: path.into(), source }),
    };
    if size > 0 {
        check(path, size)?;
    }
    create(path, tell)?;
    Ok(lock)
}

/// Makes sure that a file is there, ours, and of our version. Nothing is changed about it.
pub(crate) fn check_to_read(path: &Path) -> Result<(), OpenError> {
    look_at_head(path)?;
    let failed = |source| OpenError::Sqlite { path: path.into(), source };
    let connection = reader(path).map_err(failed)?;
    let version = |row: &rusqlite::Row<'_>| row.get(0);
    let found: i32 =
        connection.pragma_query_value(None, "user_version", version).map_err(failed)?;
    match found.cmp(&VERSION) {
        std::cmp::Ordering::Less => Err(OpenError::Older { path: path.into(), found }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(OpenError::Newer { path: path.into(), found }),
    }
}

/// The beginning of a database file, and where in it the number of the program stands.
const MAGIC: &[u8] = b"SQLite format 3\0";
const APPLICATION: std::ops::Range<usize> = 68..72;
const HEAD: u64 = 100;

/// Looks at the head of a file, before anything is changed about it: another program's is refused.
pub(crate) fn look_at_head(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Io { path: path.into(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(failed)?;
    if head.is_empty() {
        return Ok(());
    }
    if !head.starts_with(MAGIC) {
        let reason = "it is no database".to_owned();
        return Err(OpenError::Damaged { path: path.into(), reason });
    }
    match head.get(APPLICATION) {
        Some(found) if *found == APPLICATION_ID.to_be_bytes() => Ok(()),
        // It has no mark: its tables tell.
        Some([0, 0, 0, 0]) => check(path, size),
        _ => Err(OpenError::NotOurs { path: path.into() }),
    }
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

/// Makes the tables, if they are not there, and brings them up to date.
fn create(path: &Path, tell: &mut dyn FnMut(Progress)) -> Result<(), OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.into(), source };
    let mut connection = writer(path).map_err(failed)?;
    let found: i32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found < VERSION {
        let transaction = connection.transaction().map_err(failed)?;
        migrate::bring_up_to_date(&transaction, found, tell).map_err(|error| match error {
            StoreError::Full(reason) => OpenError::Full { path: path.into(), reason },
            error => OpenError::Unreadable { path: path.into(), reason: error.to_string() },
        })?;
        transaction.commit().map_err(failed)?;
    }
    // Whoever had claimed timers is gone, the lock proves it: nobody needs to wait for them. On a full disk the claims end
    // by themselves. Leases of work count from what this process gives out.
    let _ = connection.execute(FREE_TIMERS, []);
    Ok(())
}

/// Only those that are claimed are looked at.
pub(crate) const FREE_TIMERS: &str =
    "UPDATE sessions INDEXED BY claimed_sessions SET claimed_until = 0 WHERE claimed_until > 0";

/// A connection that writes durably.
pub(crate) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    // Of a new file; one that is there keeps its own.
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -32_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    plan_once(&connection)?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    plan_once(&connection)?;
    Ok(connection)
}

/// Plans do not depend on the values that are bound. Otherwise SQLite plans a statement anew with each value that it compares with
/// the condition of a partial index: that took a third of the writer's time.
fn plan_once(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

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
        newer.pragma_update(None, "user_version", VERSION + 1).unwrap();
        drop(newer);
        let before = bytes(&path);
        let refused = SqliteStore::open(&path);
        assert!(matches!(refused, Err(OpenError::Newer { found, .. }) if found == VERSION + 1));
        assert_eq!(bytes(&path), before);

        // A page of a table overwritten; a file cut short; no database at all.
        let page: i64 = {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'sessions'";
            Connection::open(&path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let mut torn = good.clone();
        let begin = usize::try_from(page - 1).unwrap() * usize::try_from(PAGE_SIZE).unwrap();
        torn[begin..][..4096].fill(0xAA);
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

    /// Neither who may read it changes, nor does anything appear beside it.
    #[test]
    fn the_file_of_another_program_keeps_its_mode_and_has_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let marked = folder.path().join("marked.sqlite");
        let sql = "CREATE TABLE theirs (x); PRAGMA application_id = 7";
        Connection::open(&marked).unwrap().execute_batch(sql).unwrap();
        let unmarked = folder.path().join("unmarked.sqlite");
        let sql = "CREATE TABLE theirs (x)";
        Connection::open(&unmarked).unwrap().execute_batch(sql).unwrap();
        let text = folder.path().join("notes.txt");
        std::fs::write(&text, "hello").unwrap();
        for path in [&marked, &unmarked, &text] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666)).unwrap();
            SqliteStore::open(path).unwrap_err();
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o666, "{path:?}");
        }
        SqliteStore::open(folder.path()).unwrap_err();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
        assert!(!folder.path().with_extension("lock").exists());
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
