use std::{
    io::{BufRead as _, BufReader},
    path::Path,
};

use frontdesk::{
    store::{Commit, LedgerStore as _, Line, SealWrite, SealedEntry, SessionStore as _},
    tendlc::LedgerKey,
};
use futures::executor::block_on;
use rusqlite::Connection;

use super::*;
use crate::{OpenError, SqliteStore};

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
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
    let memory =
        block_on(store.find(&center, Line { consumer, number: "+12025550100".parse().unwrap() }))
            .unwrap()
            .known
            .memory;
    // What bounded two answerers before 0.2 is not read any more.
    assert_eq!((memory.0, memory.1), (3, frontdesk::store::Memory::default()));
    let others = block_on(store.consumers(&"other".parse().unwrap(), None, 9)).unwrap();
    assert_eq!(others.len(), 1);
}

/// Tasks with the column `urgency` of version 6, and the columns kind, urgency and waits of version 7.
const WORK_OF_6: [(&str, &str, i64, &str); 9] = [
    ("w1", "send_text", 0, "0 0 0"),
    ("w2", "send_text", 1, "0 1 0"),
    ("w3", "send_text", 2 + 16, "0 2 1"),
    ("w4", "send_text", 1 + 3 * 16, "0 1 3"),
    ("w5", "fetch_media", 3 + 2 * 16, "1 0 2"),
    ("w6", "post_ended", 6, "2 0 0"),
    ("w7", "virtual_turn", 9 + 16, "3 0 1"),
    ("w8", "begin_deflected", 12, "4 0 0"),
    // Of before there were kinds.
    ("w9", "match_contact", 0, "2 0 0"),
];

/// A file as version 6 left it, with so many consumers.
fn version_6(path: &Path, consumers: u64) {
    let mut old = Connection::open(path).unwrap();
    old.pragma_update(None, "journal_mode", "WAL").unwrap();
    let old = old.transaction().unwrap();
    MIGRATIONS.iter().take(6).for_each(|migration| old.execute_batch(migration).unwrap());
    old.execute_batch("DROP TABLE ledger").unwrap();
    old.execute_batch(
        r"INSERT INTO centers (id, last_session, last_lease) VALUES ('acme', 41, 7), ('other-2', 1, 0);
           INSERT INTO inbox (center, provider, id, at) VALUES
             (1, 'twilio', 'SM1', 5), (1, 'notice', 'order 7', 6), (2, 'notice', 'order 7', 7), (1, 'delivery', '41-1 delivered', 8);
           INSERT INTO contacts (id, name, number, digits, created_by) VALUES
             (1, 'Kim', '+12025550123', '5550123', NULL), (2, 'Customer', '+12025550124', '5550124', 'acme-7'),
             (3, 'Customer', '+12025550124', '5550124', 'other-2-7');
           INSERT INTO posts (key, contact, post) VALUES
             ('other-2-7-crm-ended', 3, '{}'), ('acme-7-crm-connected', 2, '{}'), ('acme-7-crm-ended', 2, '{}');
           INSERT INTO work (center, key, lane, task, state, not_before, lease, leased_until) VALUES
             (1, 'a1', 'a', '{}', 2, 0, 0, 0), (1, 'a2', 'a', '{}', 0, 0, 7, 999), (1, 'a3', 'a', '{}', 0, 0, 0, 0),
             (2, 'a1', 'a', '{}', 1, 0, 0, 0), (1, 'b1', 'b', '{}', 0, 0, 0, 0);",
    )
    .unwrap();
    for (n, task, urgency, _) in WORK_OF_6 {
        let sql = "INSERT INTO work (center, key, lane, task, not_before, urgency) VALUES (2, ?1, ?1, ?2, 0, ?3)";
        old.execute(sql, rusqlite::params![n, format!(r#"{{"task":"{task}"}}"#), urgency]).unwrap();
    }
    let known = r#"{"ledger":{"+12025550100":{"consent":{"standing":"conversational","since":"2026-11-21T15:00:00Z","opt_in_text_shown":true},"head":{"entries":2,"digest":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}}"#;
    for n in 0..consumers {
        let consumer = 12_022_000_000 + n.cast_signed();
        old.execute(
            "INSERT INTO consumers VALUES (1, ?1, 3, ?2)",
            rusqlite::params![consumer, known],
        )
        .unwrap();
        for number in 1..3 {
            old.execute(
                "INSERT INTO entries VALUES (1, ?1, '+12025550100', ?2, '{}', ?3)",
                rusqlite::params![consumer, number, [7_u8; 32]],
            )
            .unwrap();
        }
        old.execute(
            "INSERT INTO sessions (center, id, version, consumer, number, status, agent, language, started, ended, claimed_until, state)
             VALUES (1, ?1, 1, ?2, 12025550100, 'queued', 'ana', 'en', 0, ?3, ?4, x'07')",
            rusqlite::params![n.cast_signed() + 1, consumer, (n % 2 == 0).then_some(1), i64::from(n == 1)],
        )
        .unwrap();
    }
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 6).unwrap();
    old.commit().unwrap();
}

fn one<T: rusqlite::types::FromSql>(path: &Path, sql: &str) -> T {
    Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn all(path: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

/// What must be there after an upgrade of [`version_6`].
fn is_up_to_date(path: &Path, consumers: u64) {
    assert_eq!(one::<i32>(path, "PRAGMA user_version"), VERSION);
    assert_eq!(one::<String>(path, "PRAGMA quick_check"), "ok");
    assert_eq!(
        one::<i64>(path, "SELECT count(*) FROM consumers WHERE version = 3"),
        consumers.cast_signed()
    );
    let entries = "SELECT count(*) FROM entries WHERE length(digest) = 32 AND sequence IS NULL";
    assert_eq!(one::<i64>(path, entries), 2 * consumers.cast_signed());
    assert_eq!(one::<i64>(path, "SELECT count(*) FROM sessions"), consumers.cast_signed());
    assert_eq!(one::<i64>(path, "SELECT sum(claimed_until) FROM sessions"), 0);
    assert_eq!(
        one::<i64>(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%\\_6' ESCAPE '\\'"),
        0
    );
    let work =
        "SELECT kind || ' ' || urgency || ' ' || waits FROM work WHERE key LIKE 'w%' ORDER BY id";
    assert_eq!(all(path, work), WORK_OF_6.map(|(.., columns)| columns));
    let heads = "SELECT center || key FROM work WHERE head = 1 AND key NOT LIKE 'w%' ORDER BY id";
    assert_eq!(all(path, heads), ["1a2", "2a1", "1b1"]);
    let keys = "SELECT center || key FROM items WHERE kind = 'request' ORDER BY center";
    assert_eq!(all(path, keys), ["1notice  order 7", "2notice  order 7"]);
    assert_eq!(all(path, "SELECT provider FROM inbox ORDER BY provider"), ["delivery", "twilio"]);
    assert_eq!(
        all(path, "SELECT center || name || id FROM contacts ORDER BY id"),
        ["0Kim1", "1Customer2", "2Customer3"]
    );
    assert_eq!(
        all(path, "SELECT center || key FROM posts ORDER BY rowid"),
        ["2other-2-7-crm-ended", "1acme-7-crm-connected", "1acme-7-crm-ended"]
    );
}

#[test]
fn a_file_of_version_6_is_rewritten_once_and_says_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let consumers = 2 * TOLD_EVERY + 10;
    version_6(&path, consumers);
    let mut told = Vec::new();
    let store =
        SqliteStore::open_telling(&path, |progress| told.push(progress.to_string())).unwrap();
    assert_eq!(told.first().unwrap(), "consumers: 0 of 40010 rows");
    assert!(told.contains(&"entries: 60000 of 80020 rows".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "indexes");
    drop(store);
    is_up_to_date(&path, consumers);
    let store = SqliteStore::open_telling(&path, |progress| panic!("{progress}")).unwrap();
    let line =
        Line { consumer: "+12022000001".parse().unwrap(), number: "+12025550100".parse().unwrap() };
    let found = block_on(store.find(&"acme".parse().unwrap(), line)).unwrap();
    assert_eq!(
        (found.known.consumer.0, found.session.map(|session| session.version)),
        (3, Some(1))
    );
}

/// Where the upgrade waits to be killed: the file, and after how many steps.
const KILLED_AT: &str = "FRONTDESK_TEST_KILLED_AT";

const REACHED: &str = "the upgrade is there";

/// Not a test by itself: the process that [`an_upgrade_that_is_killed_begins_anew`] kills.
#[test]
fn the_upgrade_that_is_killed() {
    let Ok(at) = std::env::var(KILLED_AT) else { return };
    let (path, at) = at.split_once('|').unwrap();
    let mut steps = 0;
    let _store = SqliteStore::open_telling(path, |_| {
        steps += 1;
        if steps.to_string() == at {
            println!("{REACHED}");
            loop {
                std::thread::park();
            }
        }
    });
}

/// Killed without warning at several points, then opened: everything is there.
#[test]
fn an_upgrade_that_is_killed_begins_anew() {
    for at in ["1", "3", "6", "8"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let consumers = 2 * TOLD_EVERY + 10;
        version_6(&path, consumers);
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "migrate::tests::the_upgrade_that_is_killed"])
            .env(KILLED_AT, format!("{}|{at}", path.display()))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let reached = said.lines().any(|line| line.unwrap().contains(REACHED));
        assert!(reached, "{at}: it has ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(one::<i32>(&path, "PRAGMA user_version"), 6, "{at}");
        drop(SqliteStore::open(&path).unwrap());
        is_up_to_date(&path, consumers);
    }
}

/// Version 8 had a row for each place: the places are the same afterwards, and the sequence goes on.
#[test]
fn places_of_version_8_are_gathered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let old = Connection::open(&path).unwrap();
    MIGRATIONS.iter().take(8).for_each(|migration| old.execute_batch(migration).unwrap());
    old.execute_batch(
        r#"INSERT INTO centers (id) VALUES ('acme'), ('other');
           WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 2599)
           INSERT INTO entries (center, consumer, programme, number, entry, digest, sequence)
             SELECT 1 + n % 2, 12022000000 + n, 'offers', 1, '{"at":"2026-11-21T15:00:00Z"}', randomblob(32),
                    CASE WHEN n < 2500 THEN n / 2 END FROM n;
           INSERT INTO seals SELECT center, sequence, consumer, programme, number, digest FROM entries WHERE sequence >= 0;
           INSERT INTO sealed_to SELECT center, max(rowid) FROM entries WHERE sequence >= 0 GROUP BY center;
           DELETE FROM entries WHERE rowid < 9;"#,
    )
    .unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 8).unwrap();
    drop(old);
    let store = SqliteStore::open(&path).unwrap();
    for (center, parity) in [("acme", 0), ("other", 1)] {
        let center = center.parse().unwrap();
        let seals = block_on(store.seals(&center, 0, 9_999)).unwrap();
        assert_eq!(seals.len(), 1_250);
        for (seal, n) in seals.iter().zip(0..) {
            assert_eq!((seal.sequence, seal.entry.number), (n, 1));
            assert_eq!(seal.entry.key.consumer.digits(), 12_022_000_000 + 2 * n + parity);
            let is_gone = 2 * n + parity < 8;
            assert_eq!(seal.stored == SealedEntry::Missing, is_gone, "{n}");
        }
        let of_last = block_on(store.sequences(&center, &seals[1_249].entry.key)).unwrap();
        assert_eq!(of_last.into_iter().collect::<Vec<_>>(), [(1, 1_249)]);
        let entries = block_on(store.unsealed(&center, 9_999)).unwrap();
        assert_eq!(entries.len(), 50);
        let seals = Some(SealWrite { first: 1_250, entries });
        let _ = block_on(store.commit(&center, Commit { seals, ..Commit::default() })).unwrap();
        assert_eq!(block_on(store.unsealed(&center, 9)).unwrap(), []);
        assert_eq!(block_on(store.seals(&center, 1_249, 9_999)).unwrap().len(), 51);
    }
    assert_eq!(one::<i64>(&path, "SELECT count(*) FROM seals"), 2 * 3);
}

/// A phone number never has as many digits as the first key of the parties.
#[test]
fn keys_of_parties_are_no_phone_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    drop(SqliteStore::open(&path).unwrap());
    let file = Connection::open(&path).unwrap();
    let first = crate::codec::PARTIES_FROM;
    for table in ["parties", "entry_points"] {
        let put = |key: i64| {
            file.execute(
                &format!("INSERT INTO {table} VALUES (?1, 1, 0, ?2)"),
                rusqlite::params![key, key.to_string()],
            )
        };
        assert!(put(first).is_ok() && put(first - 1).is_err());
    }
    let longest: frontdesk::types::PhoneNumber =
        "+999999999999999".parse().unwrap_or("+882999999999999".parse().unwrap());
    assert!(longest.digits().cast_signed() < first);
    assert!(crate::codec::consumer(first).is_err());
}
